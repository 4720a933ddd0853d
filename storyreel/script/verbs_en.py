"""English verbs between their forms, as far as briefs need them."""

from __future__ import annotations

import re

ING = {
    "finding": "find", "looking": "look", "learning": "learn", "making": "make", "trying": "try", "searching": "search", "going": "go", "waiting": "wait", "building": "build", "running": "run",
    "getting": "get", "falling": "fall", "meeting": "meet", "saving": "save", "becoming": "become", "chasing": "chase", "discovering": "discover", "travelling": "travel", "traveling": "travel",
    "sailing": "sail", "writing": "write", "riding": "ride", "losing": "lose", "leaving": "leave", "dancing": "dance", "solving": "solve", "crossing": "cross", "climbing": "climb", "flying": "fly",
    "painting": "paint", "returning": "return", "growing": "grow", "dreaming": "dream", "delivering": "deliver", "exploring": "explore", "taking": "take", "giving": "give", "planting": "plant",
    "swimming": "swim", "winning": "win", "living": "live", "walking": "walk", "following": "follow", "facing": "face", "fighting": "fight", "hiding": "hide", "escaping": "escape", "catching": "catch",
}  # fmt: skip


def finite(infinitive: str) -> str:
    """A whole predicate with its verb in the present: find a way, finds a way."""
    first, *more = infinitive.split()
    return " ".join([third(first), *more])


def third(base: str) -> str:
    """The verb of one hero: find, finds; try, tries; go, goes."""
    known = {"be": "is", "have": "has"}
    if base in known:
        return known[base]
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ies"
    return base + ("es" if re.search(r"(?:s|sh|ch|x|z|o)$", base) else "s")


def infinitive_of(third: str) -> str:
    """The base of a verb in -s: befriends, befriend; tries, try; catches, catch."""
    known = {"is": "be", "has": "have", "does": "do", "goes": "go", "dies": "die", "lies": "lie", "ties": "tie"}
    if third in known:
        return known[third]
    if third.endswith("ies"):
        return third[:-3] + "y"
    return third[:-2] if re.search(r"(?:ss|sh|ch|x|zz)es$", third) else third[:-1]


# Words in -ing that name a thing.
_NOUNS_ING = frozenset(
    """
    morning evening king ring wedding building painting ceiling spring string thing nothing something everything anything wing being feeling meaning clothing
    lightning sibling duckling darling earring pudding dumpling beginning ending crossing opening drawing swing sling sting boxing dressing
    """.split()  # noqa: SIM905
)
# A short stem of one vowel between consonants, or one that ends as no word does, lost its -e: baking, dancing, arriving.
_BAKES = re.compile(r"^(?:[^aeiou]*[aiou](?:[kbdmnt]|[cgvsz])|.*(?:[cvzu]|[^s]s|dg|rg|[^aeioul]l|[^aeiou][aiou]r|[^aeiou]at))$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")


def base_of(ing: str) -> str:
    """The base of a verb in -ing: fixing, fix; baking, bake; running, run. Empty for any other word."""
    if ing in ING:
        return ING[ing]
    stem = ing.removesuffix("ing")
    if stem == ing or ing in _NOUNS_ING or not re.search(r"[aeiouy]", stem):
        return ""
    if _DOUBLED.search(stem):
        return stem[:-1]
    return f"{stem}e" if _BAKES.search(stem) else stem
