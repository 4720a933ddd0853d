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
