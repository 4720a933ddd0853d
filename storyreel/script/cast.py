"""The characters of a script: who speaks or is shown, and what the words tell of each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from storyreel.model.digest import seed_of
from storyreel.model.spec import Age, Emotion, Gender, Look
from storyreel.script import names, words
from storyreel.script.beats import RawScript, cased
from storyreel.script.doc import CastMember, ScriptCharacter
from storyreel.script.tongue import clauses, has_cjk, sentences

_APPOSITION = re.compile(r"^\s*(?:[(（][^)）]*[)）]|,\s+(?:an?|the|his|her)\s[^,]*,)\s*")
_MAX_CAST = 4
_SHORTEST = 3
_MAX_ACTION = 60
_INTRODUCED = re.compile(r"\b([A-Z][A-Z'-]+(?: [A-Z][A-Z'-]+){0,2})\s*[(,]\s*(?:\d{1,2}|early|mid|late|an?\b|the\b)")
_INTRODUCED_ZH = re.compile(r"([\u4e00-\u9fff·]{2,4})[（(]\s*\d{1,2}\s*岁?")
_GENERIC = {"众人", "客人", "先生", "小姐", "太太", "主人", "喝酒的人", "老师", "孩子", "酒客"}
_HAIR = {"白发": "#e8e6e1", "花白": "#b5b2ac", "斑白": "#b5b2ac", "银发": "#d9d9d9", "红发": "#a8442a", "金发": "#d8b25a", "黑发": "#1d1a1a", "grey hair": "#9a9a98", "gray hair": "#9a9a98", "white hair": "#e8e6e1",
         "red hair": "#a8442a", "blonde": "#d8b25a", "black hair": "#1d1a1a", "grey-haired": "#9a9a98", "white-haired": "#e8e6e1", "red-haired": "#a8442a", "brown hair": "#5a3a24"}  # fmt: skip
_SKINS, _DARK = ("#f2c4a0", "#e9b48b", "#e2ab80"), ("#1f1c1c", "#2a2322", "#33291f")
_BEARD = re.compile(r"胡子|胡须|\bbeard(?:ed)?\b|mous?tache", re.IGNORECASE)
_GLASSES = re.compile(r"眼镜|\b(?:glasses|spectacles|bespectacled)\b", re.IGNORECASE)
_ROLES_EN = re.compile(
    r"\b(?:an?|the)\s+((?:(?:old|young|little|elderly|tall|lonely|blind)\s+)?(?:woman|man|girl|boy|child|lady|gentleman|fisherman|shopkeeper|keeper|captain|sailor|soldier|doctor|nurse|"
    r"teacher|farmer|waiter|waitress|detective|king|queen|prince|princess|monk|painter|stranger|postman|driver|astronaut|baker|butler|grandmother|grandfather))\b"
)


def characters(script: RawScript, text: str, *, chinese: bool) -> tuple[ScriptCharacter, ...]:
    """Everyone who speaks, then who is introduced, then who is only called by a role; each once."""
    found = dict.fromkeys(beat.speaker for scene in script.scenes for beat in scene.beats if beat.speaker)
    shown = " \n".join(beat.text for scene in script.scenes for beat in scene.beats if not beat.speaker)
    found |= dict.fromkeys(_introduced(shown))
    told = " ".join([*found, *(_about(name, text) for name in found)]).lower()
    found |= dict.fromkeys(
        role
        for role in (_roles_zh(shown) if chinese else _roles_en(shown))
        if role.lower() not in told and not _known(role, found)
    )
    if not chinese:
        found |= dict.fromkeys(name for name in names.names_en(shown) if not _known(name, found) and _is_person(name, shown))
    return tuple(character(name, text) for name in found)


def character(name: str, text: str = "", description: str = "") -> ScriptCharacter:
    """A character by name, with what the text tells of gender, age and looks."""
    gender, age = names.gender_of(name, text), names.age_of(name, text)
    about = description or _about(name, text)
    look = Look(
        seed=seed_of("look", name),
        gender=gender,
        age=age,
        hair=_cut(name, gender, age),
        hair_colour=next((colour for word, colour in _HAIR.items() if word in about.lower()), "") or _usual_hair(name, age),
        skin_colour=_SKINS[seed_of("skin", name) % len(_SKINS)] if has_cjk(name) else "",
        glasses=True if _GLASSES.search(about) else None,
        beard=True if _BEARD.search(about) else None,
        notes=about,
    )
    aliases = (
        (name.rsplit(maxsplit=1)[-1],)
        if " " in name and not has_cjk(name) and name.rsplit(maxsplit=1)[-1].lower() not in {"of", "the"}
        else ()
    )
    return ScriptCharacter(name=name, aliases=aliases, gender=gender, age=age, description=about, look=look)


def _cut(name: str, gender: Gender | None, age: Age | None) -> str:
    """A plain cut for Chinese girls, boys and men who are not old."""
    if not has_cjk(name) or age == "elder" or (gender == "woman" and age != "child") or gender is None:
        return ""
    cuts = ("刘海", "齐耳") if gender == "woman" else ("短", "寸", "背头")
    return cuts[seed_of("cut", name) % len(cuts)]


def _usual_hair(name: str, age: Age | None) -> str:
    """Dark hair for Chinese characters who are not old; others are left to chance."""
    return _DARK[seed_of("hair", name) % len(_DARK)] if has_cjk(name) and age != "elder" else ""


def _about(name: str, text: str) -> str:
    """What stands right behind a name where it is introduced: "MARA (60s, grey hair)", "老周，六十岁的灯塔守护人"."""
    match = re.search(
        rf"{re.escape(name)}[ \t]*(?:[（(]([^()（）\n]*[\d岁,，的][^()（）\n]*)[)）](?![*\s]*[:：])|,\s+((?:an?|the|his|her)\s[^.,;\n]{{3,60}})(?=[,.]))",
        text,
        re.IGNORECASE,
    )
    about = ((match[1] or match[2]) if match else "").strip()
    return "" if re.match(r"^(?:V\.?\s?O|O\.?\s?S|CONT)", about, re.IGNORECASE) else about


def _introduced(shown: str) -> list[str]:
    return [cased(name, "") for name in _INTRODUCED.findall(shown) if len(name) >= _SHORTEST] + _INTRODUCED_ZH.findall(shown)


def _roles_zh(shown: str) -> list[str]:
    roles = sorted(names.ROLES_ZH, key=len, reverse=True)
    hits = re.findall("|".join(map(re.escape, roles)), shown)
    return [role for role in dict.fromkeys(hits) if role not in _GENERIC]


def _roles_en(shown: str) -> list[str]:
    return list(dict.fromkeys(" ".join(word.capitalize() for word in role.split()) for role in _ROLES_EN.findall(shown)))


def _known(name: str, found: Iterable[str]) -> bool:
    return any(name.lower() in other.lower() or other.lower() in name.lower() for other in found)


def _is_person(name: str, shown: str) -> bool:
    placed = re.search(rf"\b(?:in|at|to|from|of|near|into)\s+{re.escape(name)}\b", shown)
    told = len(name) >= _SHORTEST and names.gender_of(name, shown) is not None
    return told and not placed and shown.count(name) > 1


def present(text: str, people: tuple[ScriptCharacter, ...]) -> list[str]:
    """The characters that a stretch of text names, in order, at most four."""
    spots: list[tuple[int, str]] = []
    for person in people:
        at = max((names.place(word, text) for word in (person.name, *person.aliases) if word not in {"I", "我"}), default=-1)
        if at >= 0:
            spots.append((at, person.name))
    return [name for _, name in sorted(spots)][:_MAX_CAST]


def acting(name: str, text: str) -> CastMember:
    """What a character does in a stretch of action, in the text's own words, and how it feels."""
    about = next((piece.text for piece in sentences(text) if names.place(name, piece.text) >= 0), text)
    about = (
        about if len(about) <= _MAX_ACTION else next((c.text for c in clauses(about) if names.place(name, c.text) >= 0), about)
    )
    at = names.place(name, about) if name else -1
    action = _APPOSITION.sub("", about[at + len(name) :]) if at >= 0 else about
    return CastMember(name=name, action=_short(action), emotion=feeling(about))


def feeling(text: str) -> Emotion:
    """The feeling that words tell of, neutral where they tell none."""
    return words.find_emotion(text) or "neutral"


def _short(text: str) -> str:
    text = text.strip(" ，。,.;；:：!！?？…")
    return (
        text if len(text) <= _MAX_ACTION else (text[:_MAX_ACTION].rsplit(" ", 1)[0] if not has_cjk(text) else text[:_MAX_ACTION])
    )
