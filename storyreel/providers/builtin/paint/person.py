"""Who a figure is: a look with every gap filled from its seed, so that a character stays the same from shot to shot."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from storyreel.model.spec import Age, Emotion, Gender, Look
from storyreel.providers.builtin.paint.light import Rgb, hue_of, mix, rgb, scaled

SKINS = ("f2c4a0", "e9b48b", "dc9f74", "c98a5e", "9c6440", "6f4630")
HAIRS = ("23201f", "35261f", "4f3425", "6f4a30", "8d5f38", "a8703a", "1d2430")
GREYS = ("d9d6cf", "b9b6b2", "eceae4")
TOPS = ("c8473f", "2f6f9a", "d99a3e", "4c8a68", "7b5aa6", "e3d6bd", "38475f", "b0567f", "5aa0a0", "8a9a4c")
BOTTOMS = ("33415f", "4a4650", "5d4a3c", "2c2f3a", "6f7480", "7a6a52")
SHOES = ("e8e2d6", "6b4432", "2b2b33", "b0503f", "4f6a8a")

_HAIR_FOR: dict[tuple[str, str], tuple[str, ...]] = {
    ("woman", "child"): ("bangs2", "buns", "medium2", "mediumBangs", "mediumBangs3"),
    ("woman", "young"): ("long", "medium1", "mediumBangs", "longBangs", "bangs", "mediumStraight", "medium3", "bun2"),
    ("woman", "adult"): ("medium1", "long", "mediumBangs2", "longCurly", "medium2", "bangs2", "bun", "mediumStraight", "medium3"),
    ("woman", "elder"): ("grayBun", "grayMedium"),
    ("man", "child"): ("short5", "shaved2", "short2", "short4"),
    ("man", "young"): ("short5", "pomp", "short4", "shaved1", "shaved2", "dreads2", "twists2", "flatTop"),
    ("man", "adult"): ("short1", "short2", "short4", "pomp", "shaved2", "flatTop", "short5", "twists2"),
    ("man", "elder"): ("grayShort", "noHair3", "noHair2"),
}
_HAIR_WORDS: tuple[tuple[str, str, str], ...] = (  # words, for a woman, for a man
    ("bald|光头|秃|shaved head", "noHair1", "noHair1"),
    ("afro|爆炸头", "afro", "afro"),
    ("dread|脏辫", "dreads1", "dreads2"),
    ("mohawk|莫西干", "mohawk", "mohawk"),
    ("buns|double bun|双丸子|双马尾|twin tail|pigtail", "buns", "buns"),
    ("bun|updo|topknot|髻|盘发|丸子|盘头", "bun2", "bun2"),
    ("ponytail|马尾|braid|辫", "cornrows2", "bun2"),
    ("bob|波波|齐耳|学生头", "bangs2", "medium1"),
    ("long curly|wavy|大波浪|长卷", "longCurly", "longCurly"),
    ("curly|卷", "mediumBangs2", "twists2"),
    ("bangs|fringe|刘海", "bangs", "short5"),
    ("long|长", "long", "mediumStraight"),
    ("medium|中长|shoulder|披肩", "medium3", "medium1"),
    ("buzz|crew cut|寸|平头|flat", "short2", "short2"),
    ("short|短", "medium1", "short1"),
    ("pomp|背头|slick", "pomp", "pomp"),
)
_HAT_WORDS: tuple[tuple[str, str], ...] = (
    ("beanie|knit|毛线|冷帽|woolly", "hatBeanie"),
    ("turban|头巾帽|包头", "turban"),
    ("hijab|头纱|头巾", "hijab"),
    ("", "hatHip"),
)
_TONED_HEADS = frozenset(
    {"bangs", "cornrows", "grayBun", "grayMedium", "grayShort", "mediumBangs2", "mohawk", "mohawk2", "noHair3", "short4"}
)
HATS = frozenset({"hatBeanie", "hatHip", "hijab", "turban"})

EXPRESSIONS: dict[Emotion, tuple[tuple[str, str, str], ...]] = {  # eyes, mouth at rest, mouth while speaking
    "neutral": (
        ("explaining", "tired", "explaining"),
        ("explaining", "suspicious", "explaining"),
        ("contempt", "tired", "explaining"),
    ),
    "happy": (("smile", "smile", "smileLOL"), ("calm", "calm", "lovingGrin1"), ("smileBig", "smileTeethGap", "smileLOL")),
    "sad": (
        ("solemn", "solemn", "concernedFear"),
        ("concernedFear", "solemn", "concernedFear"),
        ("tired", "solemn", "concernedFear"),
    ),
    "angry": (("veryAngry", "veryAngry", "rage"), ("driven", "veryAngry", "rage"), ("angryWithFang", "veryAngry", "rage")),
    "afraid": (
        ("fear", "concerned", "concernedFear"),
        ("hectic", "hectic", "concernedFear"),
        ("concerned", "concerned", "concernedFear"),
    ),
    "surprised": (
        ("hectic", "concernedFear", "explaining"),
        ("awe", "concernedFear", "explaining"),
        ("smile", "concernedFear", "explaining"),
    ),
    "tender": (("calm", "smile", "explaining"), ("cute", "cute", "explaining"), ("contempt", "smile", "explaining")),
    "tired": (("tired", "tired", "explaining"), ("contempt", "tired", "explaining"), ("blank", "tired", "explaining")),
}


@dataclass(frozen=True)
class Person:
    """A character with nothing left open. Colours are fractions; `height_m` is standing height."""

    gender: Gender
    age: Age
    head: str
    hair: Rgb
    skin: Rgb
    garment: str
    top: Rgb
    tee: Rgb
    bottom: Rgb
    shoe: Rgb
    cloth: Rgb
    glasses: str | None
    beard: str | None
    height_m: float
    girth: float


_GARMENTS = (
    (re.compile(r"\b(?:jacket|coat|raincoat|blazer|suit|uniform|cloak|robe)|外套|大衣|夹克|雨衣|西装|制服|袍|斗篷"), "jacket"),
    (re.compile(r"\b(?:sweater|jumper|pullover|shirt|t-shirt|hoodie|blouse|dress)|毛衣|衬衫|卫衣|上衣|裙"), "sweater"),
)
_WORN_COLOURS = (
    (r"\bred\b|crimson|红", "#c8473f"),
    (r"\bblue\b|\bnavy\b|蓝", "#2f6f9a"),
    (r"\byellow\b|mustard|黄", "#d9a93e"),
    (r"\bgreen\b|绿", "#4c8a68"),
    (r"\bpurple\b|violet|紫", "#7b5aa6"),
    (r"\borange\b|橙|橘", "#d9773e"),
    (r"\bpink\b|粉", "#d98aa6"),
    (r"\bbrown\b|棕|褐", "#7a5a3c"),
    (r"\bblack\b|黑", "#2b2b33"),
    (r"\bwhite\b|cream|白", "#efe9dd"),
    (r"\bgr[ae]y\b|灰", "#8a8a90"),
)


def worn_garment(look: Look) -> str:
    """The garment that the words for the wardrobe name, of those that can be drawn, or nothing."""
    said = look.wardrobe.casefold()
    return next((name for pattern, name in _GARMENTS if pattern.search(said)), "")


def worn_colour(look: Look) -> str:
    """The colour of the wardrobe: the first that its words name, else the first of the character's own colours, or nothing."""
    said = look.wardrobe.casefold()
    named = [(found.start(), colour) for pattern, colour in _WORN_COLOURS if (found := re.search(pattern, said))]
    return min(named)[1] if named else next(iter(look.palette), "")


def person_of(look: Look) -> Person:
    """Fill a look's gaps from its seed; the same look always gives the same person."""
    rng = random.Random(look.seed * 7919 + 17)  # noqa: S311 - chance for pictures, not for secrets
    draws = [rng.random() for _ in range(16)]
    gender: Gender = look.gender or ("woman" if draws[0] < 0.5 else "man")
    age: Age = look.age or "adult"
    head = _head(look, gender, age, draws[1])
    top = _colour(look.top_colour or worn_colour(look), TOPS, draws[2])
    garment = look.garment or worn_garment(look) or ("jacket" if draws[3] < 0.45 else "sweater")
    beard = (
        look.beard
        if look.beard is not None
        else gender == "man" and age in ("adult", "elder") and draws[4] < (0.3 if age == "adult" else 0.65)
    )
    glasses = look.glasses if look.glasses is not None else draws[5] < 0.16
    return Person(
        gender=gender,
        age=age,
        head=head,
        hair=_hair_colour(look, age, draws[6]),
        skin=_colour(look.skin_colour, SKINS[:4] if draws[7] < 0.75 else SKINS, draws[8]),
        garment=garment,
        top=top,
        tee=_tee(top, draws[9]),
        bottom=_colour(look.bottom_colour, BOTTOMS, draws[10]),
        shoe=_colour(look.shoe_colour, SHOES, draws[11]),
        cloth=_colour("", TOPS, draws[12]),
        glasses=("glasses", "glasses2", "glasses5")[int(draws[13] * 3)] if glasses else None,
        beard=_beard(age, draws[14]) if beard else None,
        height_m=_height(gender, age, draws[15]),
        girth={"child": 0.9, "young": 0.96, "adult": 1.0, "elder": 1.02}[age] * (0.95 if gender == "woman" else 1.03),
    )


def _height(gender: Gender, age: Age, draw: float) -> float:
    base = {"child": 1.16, "young": 1.64, "adult": 1.70, "elder": 1.60}[age]
    tall = {"child": 0.0, "young": 0.08, "adult": 0.10, "elder": 0.06}[age] if gender == "man" else 0.0
    return base + tall + (draw - 0.5) * 0.12


def _head(look: Look, gender: Gender, age: Age, draw: float) -> str:
    hat = look.hat.lower()
    if hat:
        return next(head for words, head in _HAT_WORDS if any(w in hat for w in words.split("|")))
    hair = look.hair.lower()
    if hair:
        for words, woman, man in _HAIR_WORDS:
            if any(w in hair for w in words.split("|")):
                return _aged(woman if gender == "woman" else man, gender, age)
    choices = _HAIR_FOR[(gender, age)]
    return choices[int(draw * len(choices))]


def _aged(head: str, gender: Gender, age: Age) -> str:
    """Heads drawn for grey hair stand for the same cut in old age."""
    if age != "elder":
        return head
    return {"bun2": "grayBun", "medium1": "grayMedium" if gender == "woman" else "grayShort", "short1": "grayShort"}.get(
        head, head
    )


def _hair_colour(look: Look, age: Age, draw: float) -> Rgb:
    if _is_hex(look.hair_colour):
        return rgb(look.hair_colour)
    pool = GREYS if age == "elder" else HAIRS
    return rgb(pool[int(draw * len(pool))])


def _colour(asked: str, pool: tuple[str, ...], draw: float) -> Rgb:
    return rgb(asked) if _is_hex(asked) else rgb(pool[int(draw * len(pool))])


def _is_hex(text: str) -> bool:
    body = text.removeprefix("#")
    return len(body) == 6 and all(c in "0123456789abcdefABCDEF" for c in body)


def _tee(top: Rgb, draw: float) -> Rgb:
    """An inner shirt that shows against the jacket: light under dark, dark or bright under light."""
    lightness = 0.3 * top[0] + 0.59 * top[1] + 0.11 * top[2]
    if lightness < 0.5:
        return rgb(("efe6d4", "e9d9b8", "dfe6ea")[int(draw * 3)])
    opposite = rgb("b8433c") if 0.25 < hue_of(top) < 0.8 else rgb("35506f")
    return mix(opposite, scaled(top, 0.4), 0.15)


def _beard(age: Age, draw: float) -> str:
    pool = (
        ("full", "full2", "chin", "goatee1", "moustache5", "full4")
        if age != "elder"
        else ("full4", "full2", "full3", "moustache9")
    )
    return pool[int(draw * len(pool))]
