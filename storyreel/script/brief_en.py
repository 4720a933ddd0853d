"""English briefs."""

from __future__ import annotations

import re
from typing import Any

from storyreel.model.spec import Gender
from storyreel.script import frame, names, things
from storyreel.script.brief import Brief, Genre, Kind, facts, genre_of, place_of, without_settings
from storyreel.script.numbers import MINUTES_EN, SECONDS_EN, parse_number
from storyreel.script.verbs_en import base_of, finite, infinitive_of, third
from storyreel.script.words import STYLES

_N = r"(?:\d+(?:\.\d+)?|(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|half an?)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
_STYLE = "|".join(sorted((re.escape(w) for ws in STYLES.entries.values() for w in ws if w.isascii()), key=len, reverse=True))
_FILM = r"(?:short )?(?:animated )?(?:films?|videos?|shorts?|movies?|animations?|story|stories|clips?|ads?|adverts?|advertisements?|commercials?|trailers?|explainers?|cartoons?|tale|spots?|promos?|reels?|piece)"
_SETTINGS = (
    rf"[, ]*\b(?:in|with|using|about|of|over|split into|made of)?\s*{_N}[- ](?:\w+ )?(?:shots|scenes|clips|panels)\b",
    rf"[, ]*\b(?:in|for|lasting|under|about|of|around)?\s*{_N}[- ]?(?:{SECONDS_EN}|{MINUTES_EN})\b(?: long| and {_N} seconds?)?",
    rf"[, ]*\b(?:in (?:a |an )?|as (?:a |an )?)?(?:{_STYLE})(?: style| look| painting| aesthetic)?\b(?!\s+(?:painter|artist))(?= |,|\.|$)",
    r"\b(?:vertical|horizontal|portrait|landscape|square|9:16|16:9|1:1|4:3)\b(?: format| video)?",
    r"[,.;]\s*(?:make it |keep it |it should be |the mood is |mood:? |tone:? |with a )?(?:very |a bit |slightly )?(?:sad|happy|funny|warm|dark|epic|tense|romantic|hopeful|calm|quiet|melancholic|melancholy|scary|slow|fast|gentle|upbeat|moody|dreamy)(?: mood| tone| pace| and \w+)?\s*(?=[,.;]|$)",
    r"\b(?:each|apiece|per shot)\b",
)
_ORDER = re.compile(
    rf"^\s*(?:please |can you |could you |i want (?:you to )?|i'd like (?:you to )?|i would like |let's |help me )*(?:(?:make|create|generate|produce|do|give|shoot|write|tell|want|need|turn|animate|draw)\s+)?(?:me |us )?(?:an?\s+|the\s+)?"
    rf"(?:[\w-]+\s+){{0,4}}?{_FILM}\b\s*(?:film|video|short|clip)?\s*(?:[:,-]|about|of|on|for|where|in which|that (?:tells|shows)(?: the story of)?|featuring|showing|explaining|telling(?: the story of)?)?\s*",
    re.IGNORECASE,
)
_STAND_INS = {
    "friendship": "an old man meets a long lost friend at a train station", "love": "a young woman falls in love with the watchmaker next door", "time": "an old watchmaker searches for a lost hour",
    "hope": "a child with a lantern looks for hope", "loneliness": "a night-shift worker looks for someone to talk to", "home": "a traveller finds the way home",
    "courage": "a child protects the last lamp", "dreams": "a girl learns to fly", "memory": "an old photographer remembers a summer", "family": "a grandmother waits for her grandson",
    "autumn": "a leaf travels on the wind", "spring": "a seed searches for the spring", "freedom": "a small bird dreams of flying", "loss": "a widow waits for a letter",
}  # fmt: skip
_PEOPLE = {
    *things.PEOPLE_EN, *(f"{word}s" for word in things.PEOPLE_EN), "women", "men", "children", "brothers", "sisters", "robots", "friends", "florist", "babysitter", "guard", "manager", "owner",
    "baby sister", "janitor", "firefighter", "firefighters", "kids", "mum", "granny", "granddad",
}  # fmt: skip
_ANIMALS = {
    *things.ANIMALS_EN, *(f"{word}s" for word in things.ANIMALS_EN), "mice", "wolves", "geese", "foxes", "puppies", "kittens",
}  # fmt: skip
_DET = r"(?:a|an|the|one|two|three|four|five|some|my|his|her|our|this|that)"
_STOP = r"who|that|which|whose|named|called|in|on|at|from|with|and|trying|to|is|are|was|has|must|can|will|into|under|by|during|living|lives|after|before|through|across"
_WHEN = r"\s*\b(?:on|in|at|during|through|one)\s+(?:a |an |the |one )?(?:[\w-]+ ){0,2}?(?:night|morning|evening|afternoon|rain|snow|storm|dawn|dusk|midnight|winter|summer|spring|autumn|fog|day)\b(?= |,|$)"
_MAKES = re.compile(
    r"^(?:teach (?:his|her|the|an?) [\w-]+ (?:how )?to |help (?:his|her|the|an?) [\w-]+ )?(?:(?:bake|cook|knit|carve|sew|weave|brew|fold|mould)\b|make (?:an? |the |some )?(?:\w+ )?(?:dumplings?|mooncakes?|bread|cakes?|pies?|soup|noodles|cookies|pizza|dinner|breakfast|lunch|kites?|lanterns?|quilts?|scarf|candles|toys?)\b)"
)
_STATE = re.compile(r"(?:is|are|lives?|works?|has|have)\s[^.;,]{3,60}$")
# A first word is a name where a verb, an "and" or a place stands behind it: "Tom finds", not "Wedding proposal".
_AFTER_NAME = r"(?:[a-z]+(?:s|ed|ing)\b|(?:and|who|in|on|at|from|with|of|must|can|will|wants?|tries|had|has|sits?|goes|went|saw|met|found|lost|made|gets?)\b)"
_LEADING = re.compile(
    r"^(?:in|on|at|from|under|near|inside|by)\s+(?:(?:the|an?|his|her|its|their)\s+)?(?:[\w-]+\s+){1,3}?(?=[a-z]+[^s\W]s\s)"
)


def read_en(text: str) -> Brief:
    """An English brief, understood."""
    told = facts(text)
    story = _story(text)
    genre = genre_of(text, "person")
    if genre in {"explainer", "advert"} or re.match(r"^(?:why|how|what)\b", story, re.IGNORECASE):
        return _topic(text, story, told)
    framed = frame.framed_en(without_settings(text.strip(), _SETTINGS))
    told |= {"title": framed.title, "when": framed.when, **({"time": framed.time} if framed.time else {})}
    return _tale(text, _story(framed.story), told)


def _story(text: str) -> str:
    bare = without_settings(text.strip(), _SETTINGS)
    bare = re.sub(r"\s+", " ", re.sub(r"\s+([,.;])", r"\1", bare))
    bare = re.sub(r"^\W+", "", bare)
    stripped = _ORDER.sub("", bare, count=1)
    return re.sub(
        r"^(?:please\s+)?(?:make|create|generate|produce|do)(?:\s+(?:me|us))?\s*(?:an?|the)?\s*$",
        "",
        stripped.strip(" ,.;:!"),
        flags=re.IGNORECASE,
    )


def _topic(text: str, story: str, told: dict[str, Any]) -> Brief:
    found = genre_of(text, "topic")
    quoted = re.search(r"[\"“']([^\"”']{2,30})[\"”']", text)
    called = re.search(r"\b(?:called|named)\s+([A-Z][\w']*(?:\s+[A-Z][\w']*)*)", text)
    if quoted or called:
        told = facts(text.replace(next(match[1] for match in (quoted, called) if match), ""))
    genre: Genre = found if found in {"explainer", "advert"} else "explainer"
    story = re.sub(
        r"^(?:please )?(?:explain|explains|explaining|an? (?:introduction|guide) to|advertise|promote|about|for)\s+",
        "",
        story,
        flags=re.IGNORECASE,
    )
    if genre == "advert":
        subject = _product(story, quoted[1] if quoted else "")
        return Brief(
            text=text,
            language="en",
            subject=subject,
            short=subject,
            full=subject,
            kind="topic",
            name=quoted[1] if quoted else "",
            genre=genre,
            place=place_of(text.replace(subject, "")),
            **told,
        )
    asked = re.match(r"^(?:to me )?(how|why|what)\s+(?:to\s+)?(.*)$", story, re.IGNORECASE)
    subject, ask = (
        _asked(asked[1].lower(), asked[2])
        if asked
        else (story, f"what {_bare(story)} really {'are' if _is_plural(story) else 'is'}")
    )
    return Brief(
        text=text,
        language="en",
        subject=_bare(subject),
        short=_bare(subject),
        full=_bare(subject),
        kind="topic",
        genre=genre,
        ask=f"{ask}?",
        plural=_is_plural(subject),
        **told,
    )


def _asked(word: str, rest: str) -> tuple[str, str]:
    """The topic of "how rainbows form" and the question itself."""
    rest = rest.strip(" ?.")
    inverted = re.match(r"^(?:do|does|is|are)\s+(.*)$", rest)
    if inverted and re.match(r"^(?:is|are)", rest):
        noun = re.match(r"^(?:(?:the|an?)\s+)?[\w'-]+", inverted[1])
        subject = noun[0] if noun else inverted[1]
        tail = inverted[1].removeprefix(subject).strip()
        return subject, " ".join(part for part in (word, subject, rest.split()[0], tail) if part)
    noun = re.match(
        r"^((?:the |an? )?[\w' -]+?)(?=\s+(?:is|are|was|were|work|works|form|forms|move|moves|grow|grows|make|makes|happen|happens|come|comes|get|gets|fly|flies|become|becomes|die|dies|learn|learns|sleep|sleeps|see|sees|matter|matters|fall|falls|change|changes|born|affect|affects)\b|$)",
        inverted[1] if inverted else rest,
    )
    subject = noun[1] if noun else rest
    return subject, f"{word} {inverted[1] if inverted else rest}"


def _product(story: str, name: str) -> str:
    if name:
        return name
    bare = re.sub(r"^(?:an?|the|our|my|your)\s+(?:new\s+)?", "", story, flags=re.IGNORECASE)
    named = re.search(r"\b(?:called|named)\s+([A-Z][\w']*(?:\s+[A-Z][\w']*)*)", bare)
    if named:
        kind = re.match(r"^((?:[\w-]+ ){0,2}?[\w-]+)\s+(?:brand|company|product|shop|store)\b", bare)
        return f"{named[1]} {kind[1]}" if kind else named[1]
    return re.split(r"[,.;]|\s+(?:that|which|who|set|in which|shown)\b", bare)[0].strip()


def _bare(noun: str) -> str:
    return noun.strip(" ,.")


def _is_plural(noun: str) -> bool:
    return bool(re.search(r"(?:[^s]s|people|children|men)$", noun.strip().lower())) and not re.match(r"^(?:an?|this)\s", noun)


def _tale(text: str, story: str, told: dict[str, Any]) -> Brief:
    story = re.sub(r"^(?:how|where|in which|when|about)\s+", "", story, flags=re.IGNORECASE)
    story = re.sub(r"^the (?:day|night|year|time) (?:that |when )?(?=(?:the|an?|my) )", "", story, flags=re.IGNORECASE)
    story = _STAND_INS.get(story.lower(), story)
    name, det, noun, rest = _hero(story)
    count = parse_number(det) if det else None
    plural = bool(
        (count and count > 1 and det.lower() not in {"a", "an"})
        or (det.lower() in {"some", ""} and not name and _is_plural(noun))
        or noun.split()[-1:] in (["twins"], ["couple"], ["lovers"], ["friends"])
        or " and " in noun
    )
    goal, does = _goal(rest, plural=plural)
    pair = _other_hero(rest) if name and not noun else None
    if pair:
        rest = pair[1]
        goal, _ = _goal(rest, plural=True)
        does = finite(goal) if goal else ""
    first, _, second = noun.partition(" and ")
    second = pair[0] if pair else re.sub(r"^an?\s", "the ", second)
    does = finite(goal) if second and goal and not pair else does
    does = does or (_STATE.match(rest) or [""])[0]
    kind = _kind(first) if noun else "person"
    head = noun.split()[-1] if noun else ""
    if second and noun:
        plural, noun, head = False, first, first.split()[-1]
    two = " ".join(noun.split()[-2:])
    core = two if two in things.PEOPLE_EN and two in {"old man", "old woman"} else head
    own = det.lower() if det.lower() in {"my", "his", "her", "our"} else "the"
    short = name or (f"{own} {core}" if det or noun else core)
    full = _full(name, det, noun)
    gender = _gender(noun, name, text)
    return Brief(
        text=text, language="en", subject=noun or name, short=short, full=full, kind=kind, name=name, plural=plural, gender=gender, goal=goal, done=does,
        other=_object(goal), companion=second or _companion(rest), place=_place(rest, noun), target=_target(goal), genre=_genre(text, kind, second, goal), companion_role=second, companion_kind="person" if pair and pair[0][0].isupper() else _kind(second or _companion(rest).removeprefix("the ")), **told,
    )  # fmt: skip


def _other_hero(rest: str) -> tuple[str, str] | None:
    """The second of two heroes behind the first one's name, and what both do: "and his grandfather go fishing"."""
    match = re.match(r"^and\s+(?:([A-Z][\w'-]+)|((?:his|her|the|an?|their)?\s*(?:[\w-]+\s+){0,2}?([\w-]+)))\s+(.*)$", rest)
    if not match or (match[3] and match[3].lower() not in _PEOPLE | _ANIMALS):
        return None
    return match[1] or re.sub(r"^an?\s", "the ", match[2]), match[4]


def _place(rest: str, noun: str) -> str:
    placed = re.findall(
        r"\b(?:in|on|at|through|across|into|inside|from|by|near|under|down|along|over|up)\s+(?=((?:the|an?|his|her|its|their)?\s*(?:[\w-]+\s+){0,2}[\w-]+))",
        re.sub(r"\b(?:up|down|over)\s+(?=(?:in|on|at|into|inside|from|an? )\b)", "", rest),
    )
    found = [word for words in placed for word in things.places(words) if word != "home"]
    found = found or [word for word in things.places(noun) if word != noun.rsplit(maxsplit=1)[-1]]
    return found[0] if found else ""


def _gender(noun: str, name: str, text: str) -> Gender | None:
    """By the brief's own pronouns where they agree, else by the noun."""
    she, he = (bool(re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)) for words in ("she|her|hers", "he|his|him"))
    if she != he and " and " not in noun:
        return "woman" if she else "man"
    return names.gender_of(noun or name, text) or (names.gender_of(name, text) if name else None)


def _target(goal: str) -> str:
    """Where it leads: a place that the hero wants to see or to reach."""
    match = re.search(
        r"\b(?:explore|enter|see|reach|to|into|visit|find|cross|towards)\s+(?:the|an?)\s+((?:[\w-]+\s+)?[\w-]+)", goal
    )
    found = things.places(match[1]) if match else []
    return found[0] if found else ""


def _genre(text: str, kind: Kind, second: str, goal: str) -> Genre:
    found = genre_of(text, kind)
    if found in {"tale", "dream", "journey", "bond"} and _MAKES.match(goal):
        return "making"
    if found == "discovery" and re.match(r"(?:find|discover|notice|stumble)\b", goal):
        return "tale"
    if second and found in {"tale", "dream", "journey"}:
        return (
            "tale" if goal and not re.match(r"(?:walk|sit|live|stroll|play|rest|stay|wait|watch|dance)\b", goal) else "together"
        )
    return found


def _hero(story: str) -> tuple[str, str, str, str]:
    """Name, determiner, noun phrase and predicate."""
    apposed = re.match(rf"^([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?),\s+({_DET})\s+([^,]+),\s*(.*)$", story)
    if apposed:
        return apposed[1], apposed[2], apposed[3], _relative(apposed[4])
    named = re.match(rf"^({_DET})\s+([\w' -]+?),?\s+(?:named|called)\s+([A-Z][\w'-]+),?\s*(.*)$", story, re.IGNORECASE)
    if named:
        return named[3], named[1], named[2], _relative(named[4])
    if re.match(rf"^(?!(?i:{_DET})\b)[A-Z][\w'-]+\s+{_AFTER_NAME}", story) and not re.match(
        r"^[A-Z][\w'-]+(?:s)\s+(?:who|in|on|and|of)\b", story
    ):
        word, rest = story.split(" ", 1)
        role = re.match(r"^(?:is|was)\s+(an?)\s+([\w' -]+?)\s+(?:who|that)\s+(.*)$", rest)
        return (word, role[1], role[2], role[3]) if role else (word, "", "", _relative(rest))
    match = re.match(rf"^({_DET})\s+(.*)$", story, re.IGNORECASE)
    det, body = (match[1], match[2]) if match else ("", story)
    end = _noun_end(body, det)
    return "", det, body[:end].strip(" ,"), _relative(body[end:].strip(" ,"))


def _noun_end(body: str, det: str) -> int:
    """Where the noun phrase ends: behind a known head, before a word that cannot belong to it, or before a verb in -s."""
    single = det.lower() in {"a", "an", "the", "one", "my"}
    known, before = 0, ""
    for index, match in enumerate(re.finditer(r"[\w'-]+", body)):
        word = match[0].lower()
        if index and (re.fullmatch(_STOP, word) or base_of(word) or "," in body[: match.start()]):
            pair = _pair_end(body, match.end()) if word == "and" else 0
            return pair or known or match.start()
        if {word, f"{before} {word}"} & (_PEOPLE | _ANIMALS):
            known = match.end()
        elif known or (index and single and re.search(r"[^s]s$", word) and word not in {"glass", "always"}):
            return known or match.start()
        before = word
    ended = re.search(r"\s+\w+ed$", body)
    return ended.start() if ended else len(body)


def _pair_end(body: str, at: int) -> int:
    """The end of "a girl and her dog", when another figure follows the `and`."""
    match = re.match(rf"\s+(?:{_DET}|its|their)\s+(?:[\w-]+\s+){{0,2}}([\w-]+)", body[at:])
    if not match:
        return 0
    for other in re.finditer(r"[\w-]+", body[at : at + match.end()]):
        if other[0].lower() in _PEOPLE or other[0].lower() in _ANIMALS:
            return at + other.end()
    return 0


def _relative(rest: str) -> str:
    return re.sub(r"^(?:who|that|which)\s+", "", rest.strip(" ,"))


def _kind(noun: str) -> Kind:
    head = noun.lower().split()[-1] if noun.split() else ""
    if head in _ANIMALS:
        return "animal"
    if head in _PEOPLE or noun.lower() in _PEOPLE or re.search(r"(?:er|or|ist|ian|man|woman|ess|eur|smith|wright|herd)$", head):
        return "person"
    return "thing"


def _full(name: str, det: str, noun: str) -> str:
    if name and noun:
        return f"{name}, {det.lower()} {noun},"
    if name:
        return name
    return f"{det.lower()} {noun}".strip() if det else noun


def _goal(rest: str, *, plural: bool) -> tuple[str, str]:
    """The predicate as an infinitive and as a finite verb in the present tense; empty where it is neither."""
    rest = re.split(r"[.;]|,(?= (?:and|but|while|until|as|then)\b)|\s+(?:until|while|because|but)\s", rest)[0].strip(" ,")
    rest = re.sub(_WHEN, "", _LEADING.sub("", _past(rest))).strip(" ,")
    rest = re.sub(r"^(?:always |secretly |finally |slowly |suddenly |just |one day )", "", rest)
    wants = re.match(
        r"^(?:(?:wants?|hopes?|tries|try|needs?|learns?|decides?|dreams?|has|have|must|is trying|are trying|trying|longs?|sets? out|struggles?|learning)\s+)(?:to\s+|of\s+)?(.*)$",
        rest,
    )
    if (
        wants
        and re.match(r"^[a-z]+(?:\s|$)", wants[1])
        and not re.match(r"^(?:lost|a|an|the|no|been|his|her|its|how|about)\b", wants[1])
    ):
        first, *more = wants[1].split()
        infinitive = " ".join([base_of(first) or first, *more])
        learned = re.match(r"^(learn)", rest)
        return infinitive, ("learns to " if learned and not plural else "learn to " if learned else "") + (
            infinitive if learned or plural else finite(infinitive)
        )
    words = rest.split()
    if not words or re.fullmatch(
        r"lost|was|were|had|has|is|are|in|on|at|from|with|and|no|never|not|to|of|lives?|works?|the|an?|by|under", words[0].lower()
    ):
        return "", ""
    first, *more = words
    if base := base_of(first.lower()):
        return " ".join([base, *more]), " ".join([base if plural else third(base), *more])
    if plural:
        return rest, rest
    if re.search(r"s$", first) and not first.endswith("ss"):
        return " ".join([infinitive_of(first), *more]), rest
    return "", ""


def _past(rest: str) -> str:
    """The finite clause behind a past one: "lost her husband writes letters" is about writing letters."""
    if not re.match(r"(?:once\s+)?(?:lost|was|were|had|left|lived|died|\w+ed)\b", rest):
        return rest
    for match in re.finditer(r"(?<!\bher )(?<!\bhis )(?<!\bits )(?<!\bthe )(?<!\ba )\b([a-z]+[^s\W]s)\s+(?=\w)", rest):
        if match[1] not in {"is", "was", "has", "his", "its", "this", "years", "days", "months", "ago"}:
            return rest[match.start() :]
    return rest


def _object(goal: str) -> str:
    match = re.match(
        r"^[a-z]+\s+(?:(an?|the|his|her|its|their)\s+)?([\w' -]+?)(?=\s+(?:in|on|at|from|with|by|to|of|for|that|who|through|across|and)\b|$)",
        goal,
    )
    if not match or not match[1]:
        return ""
    return f"{'the' if match[1] in {'a', 'an'} else match[1]} {match[2]}"


def _companion(rest: str) -> str:
    """The second figure of a bond: what the hero befriends, loves, meets or adopts."""
    match = re.search(
        r"\b(?:befriends?|loves?|meets?|adopts?|teach(?:es)?|picks? up|visits?|carries|joins?|in love with|for|with|saves?|helps?|rescues?|marr(?:y|ies))\s+((an?|the|his|her|its|their)\s+((?:[\w'-]+\s+){0,3}?[\w'-]+))(?=\s+(?:in|on|at|from|by|to|of|for|that|who|through|across|and|during|after)\b|[,.]|$)",
        rest,
    )
    if not match or re.search(r"\b(?:way|time|life|dream|name)$", match[1]):
        return ""
    return f"{'the' if match[2] in {'a', 'an'} else match[2]} {match[3]}"
