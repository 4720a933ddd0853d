"""Who speaks: the voice tables that are shipped, their blends, and the choice of one for a character."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from storyreel.model.digest import seed_of
from storyreel.model.errors import NotPossible
from storyreel.model.spec import Gender, Language, VoiceChoice
from storyreel.providers.builtin.speech.kokoro import Wave

POOLS: dict[tuple[Language, Gender], tuple[str, ...]] = {
    ("zh", "woman"): ("zf_xiaobei", "zf_xiaoyi", "zf_xiaoxiao"),
    ("zh", "man"): ("zm_yunjian", "zm_yunxi", "zm_yunyang"),
    ("en", "woman"): ("af_heart", "af_bella", "af_kore", "bf_emma"),
    ("en", "man"): ("am_michael", "am_fenrir", "am_puck", "bm_george"),
}
"""Whom a character's voice is blended from."""
_CHILDREN: dict[tuple[Language, Gender], tuple[str, ...]] = {
    ("zh", "woman"): ("zf_xiaoyi", "zf_xiaobei"),
    ("zh", "man"): ("zm_yunxia", "zf_xiaoyi"),
    ("en", "woman"): ("af_heart", "af_bella", "af_kore"),
    ("en", "man"): ("af_kore", "af_bella"),
}
_PITCHES: dict[str, tuple[int, int]] = {"child": (10, 15), "young": (0, 4), "adult": (-4, 3), "elder": (-8, -5)}
"""How far the pitch may be from the table's own, in hundredths, the throat's size included."""
_PART = re.compile(r"(?P<name>[a-z]{2}_[a-z]+)(?:\*(?P<weight>0?\.\d+|1(?:\.0+)?))?")


@dataclass(frozen=True, slots=True)
class Timbre:
    """A blend of tables, and a pitch against theirs. `name` says it in full and can be put into `VoiceChoice.voice`."""

    parts: tuple[tuple[str, float], ...]
    pitch: float = 1.0

    @property
    def name(self) -> str:
        """For example "zf_xiaobei", or "zf_xiaobei*0.65+zf_xiaoyi*0.35@1.03"."""
        blend = self.parts[0][0] if len(self.parts) == 1 else "+".join(f"{name}*{weight:.2f}" for name, weight in self.parts)
        return blend + (f"@{self.pitch:.2f}" if self.pitch != 1.0 else "")

    @property
    def language(self) -> Language:
        """The language of the person it is mostly."""
        return "zh" if self.parts[0][0].startswith("z") else "en"

    @property
    def british(self) -> bool:
        """Whether that person speaks British English."""
        return self.parts[0][0].startswith("b")


def names() -> tuple[str, ...]:
    """The tables that are shipped."""
    return tuple(sorted({name for name, _ in _factors()}))


def cast(choice: VoiceChoice, language: Language) -> Timbre:
    """The voice of a speaker: the named one, or one that depends on the seed, the gender, the age and the language alone.

    A Chinese speaker keeps the voice in an English line, since those voices speak English well; the other way round is unclear.

    Raises:
        NotPossible: The named voice is not one of these.
    """
    if choice.voice:
        return parse(choice.voice)
    tongue: Language = "zh" if choice.language == "zh" else language
    chance = random.Random(seed_of("voice", choice.seed, choice.gender, choice.age, tongue))  # noqa: S311 - a choice, no secret
    gender: Gender = choice.gender or chance.choice(("woman", "man"))
    pool = (_CHILDREN if choice.age == "child" else POOLS)[tongue, gender]
    first, second = chance.sample(pool, 2)
    weight = chance.randrange(55, 90, 5) / 100
    low, high = _PITCHES[choice.age or "adult"]
    return Timbre(((first, weight), (second, round(1 - weight, 2))), 1 + chance.randint(low, high) / 100)


def parse(voice: str) -> Timbre:
    """The voice that `Timbre.name` wrote, or a person.

    Raises:
        NotPossible: It names no voice of these.
    """
    blend, _, pitch = voice.replace(" ", "").partition("@")
    matches = [_PART.fullmatch(part) for part in blend.split("+")]
    if not all(match and match["name"] in names() for match in matches) or not re.fullmatch(r"(?:[01]\.\d+|1)?", pitch):
        raise NotPossible(
            f"The built-in voice has no voice {voice!r}. It has: {', '.join(names())}; two can be blended as a*0.6+b*0.4."
        )
    parts = [(match["name"], float(match["weight"] or 1)) for match in matches if match]
    total = sum(weight for _, weight in parts)
    return Timbre(tuple((name, round(weight / total, 4)) for name, weight in parts), min(max(float(pitch or 1), 0.8), 1.25))


def table(timbre: Timbre) -> Wave:
    """The styles of a timbre: one of 256 numbers for each length of a text, 510 in all."""
    return np.asarray(sum(weight * _table(name) for name, weight in timbre.parts), np.float32)


@cache
def _table(name: str) -> Wave:
    a, b = _factors()[name, "a"], _factors()[name, "b"]
    return a @ b


@cache
def _factors() -> dict[tuple[str, str], Wave]:
    """Each table as two factors, as `tools/build_voice_pack.py` wrote them."""
    with (resources.files("storyreel.providers.builtin") / "voices" / "tables.npz").open("rb") as file, np.load(file) as kept:
        return {(key.partition(".")[0], key.partition(".")[2]): kept[key] for key in kept.files}
