"""Who speaks: the voice tables that are shipped, their blends, and the choice of one for a character."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import sub

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
_PITCHES: dict[str, tuple[int, int]] = {"young": (0, 5), "adult": (-6, 4), "elder": (-11, -7)}
_CHILDS_PITCHES: dict[Language, tuple[int, int]] = {"zh": (5, 12), "en": (17, 24)}
"""How far the pitch is from the table's own, in hundredths, the throat's size included. The Chinese women speak high already."""
_TIMBRE = 128
"""The first half of a style is the timbre, the second the melody and rhythm of the speech."""
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
        """The language of the first person of the blend."""
        return _language(self.parts[0][0])

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
    pools = _CHILDREN if choice.age == "child" else POOLS
    first, second = chance.sample(pools[tongue, gender], 2)
    weights = [chance.randrange(50, 75, 5), 100]
    parts = [first, second]
    if tongue == "zh":  # there are few Chinese tables, and the timbre of another language does no harm to what is said
        weights.insert(1, weights[0] + chance.randrange(10, 35, 5))
        parts.insert(1, chance.choice(pools["en", gender]))
    low, high = _CHILDS_PITCHES[tongue] if choice.age == "child" else _PITCHES[choice.age or "adult"]
    shares = (share for share in zip(parts, map(sub, weights, [0, *weights]), strict=True) if share[1] > 0)
    return Timbre(tuple((name, share / 100) for name, share in shares), 1 + chance.randint(low, high) / 100)


def parse(voice: str) -> Timbre:
    """The voice that `Timbre.name` wrote, or a person.

    Raises:
        NotPossible: It names no voice of these.
    """
    blend, _, pitch = voice.replace(" ", "").partition("@")
    matches = [_PART.fullmatch(part) for part in blend.split("+")]
    if not all(match and match["name"] in names() for match in matches) or not re.fullmatch(r"(?:[01]\.\d+|1)?", pitch):
        raise NotPossible(
            f"The built-in voice has no voice {voice!r}. It has: {', '.join(names())}; they can be blended as a*0.6+b*0.4."
        )
    parts = [(match["name"], float(match["weight"] or 1)) for match in matches if match]
    total = sum(weight for _, weight in parts)
    return Timbre(tuple((name, round(weight / total, 4)) for name, weight in parts), min(max(float(pitch or 1), 0.8), 1.25))


def table(timbre: Timbre) -> Wave:
    """The styles of a voice: one of 256 numbers for each length of a text, 510 in all.

    The timbre is that of all its parts; the melody only of those that speak its language, so that no accent comes with them.
    """
    native = tuple((name, weight) for name, weight in timbre.parts if _language(name) == timbre.language)
    return np.concatenate([_blend(timbre.parts)[:, :_TIMBRE], _blend(native)[:, _TIMBRE:]], axis=1)


def _blend(parts: tuple[tuple[str, float], ...]) -> Wave:
    total = sum(weight for _, weight in parts)
    return np.asarray(sum(_table(name) * (weight / total) for name, weight in parts), np.float32)


def _language(name: str) -> Language:
    return "zh" if name.startswith("z") else "en"


@cache
def _table(name: str) -> Wave:
    a, b = _factors()[name, "a"], _factors()[name, "b"]
    return a @ b


@cache
def _factors() -> dict[tuple[str, str], Wave]:
    """Each table as two factors, as `tools/build_voice_pack.py` wrote them."""
    with (resources.files("storyreel.providers.builtin") / "voices" / "tables.npz").open("rb") as file, np.load(file) as kept:
        return {(key.partition(".")[0], key.partition(".")[2]): kept[key] for key in kept.files}
