"""Pinyin as the phonemes of the model: a closed table of initials and finals, with an arrow for the tone.

The alphabet is that of the corpus the model learned Chinese from (IPA, with the tones 1 to 4 as →↗↓↘ after the vowel).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x", "j": "ʨ",
    "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
_FINALS = {
    "a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0", "en": "ə0n", "eng": "ə0ŋ", "er": "ɚ0",
    "i": "i0", "ia": "ja0", "ian": "jɛ0n", "iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "ing": "i0ŋ", "io": "jɔ0",
    "iong": "jʊ0ŋ", "iu": "jou0", "o": "wo0", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "ua": "wa0", "uai": "wai0", "uan": "wa0n",
    "uang": "wa0ŋ", "ueng": "wə0ŋ", "ui": "wei0", "un": "wə0n", "uo": "wo0", "v": "y0", "van": "ɥɛ0n", "ve": "ɥe0", "vn": "y0n",
}  # fmt: skip
_ALONE = {
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in", "ying": "ing", "yo": "io",
    "yong": "iong", "you": "iu", "yu": "v", "yuan": "van", "yue": "ve", "yun": "vn", "wu": "u", "wa": "ua", "wai": "uai",
    "wan": "uan", "wang": "uang", "wei": "ui", "wen": "un", "weng": "ueng", "wo": "uo",
}  # fmt: skip
_CALLS = {"hm": "hm0", "hng": "hŋ0", "m": "m0", "n": "n0", "ng": "ŋ0", "o": "ɔ0", "ê": "ɛ0"}
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_SYLLABLE = re.compile(r"(?P<initial>zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(?P<final>[a-zêü]+)")


def phonemes(syllable: str) -> str:
    """The phonemes of one syllable with its tone's number, for example "hao3"; empty when it is no syllable of Mandarin."""
    body, tone = (syllable[:-1], syllable[-1]) if syllable[-1:] in _TONES else (syllable, "5")
    sound = _sound(body.replace("ü", "v"))
    return sound.replace("0", _TONES[tone])


def _sound(body: str) -> str:
    if body in _CALLS:
        return _CALLS[body]
    match = _SYLLABLE.fullmatch(_ALONE.get(body, body))
    if not match:
        return ""
    initial, final = match.group("initial") or "", match.group("final")
    if initial in ("j", "q", "x"):
        final = re.sub("^u", "v", final)
    if final == "i" and initial in ("z", "c", "s", "zh", "ch", "sh", "r"):
        return _INITIALS[initial] + "ɨ0"
    if final == "ue":
        final = "ve"
    return _INITIALS.get(initial, "") + _FINALS[final] if final in _FINALS else ""


def split(letters: str) -> list[str]:
    """A name in pinyin as its syllables, the longest first wherever two readings are possible; empty when it is no pinyin."""
    if not letters:
        return []
    for length in range(min(6, len(letters)), 0, -1):
        first, rest = letters[:length], letters[length:]
        if first in _spelled() and (not rest or split(rest)):
            return [first, *split(rest)]
    return []


@cache
def _spelled() -> frozenset[str]:
    """Every syllable of Mandarin as it is spelled without tone, the calls without a vowel left out."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - its dictionaries load for a quarter of a second

    plain = {_toneless(said) for kinds in PINYIN_DICT.values() for said in kinds.split(",")}
    return frozenset(plain - _CALLS.keys())


def _toneless(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
