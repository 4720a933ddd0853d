"""The last resort: espeak-ng, where the machine has it as a command. It is no part of this product and never required."""

from __future__ import annotations

import re
import shutil
import subprocess

from storyreel.model.errors import NotPossible
from storyreel.model.spec import Gender, Language
from storyreel.pipeline.ports import Word
from storyreel.providers.builtin.speech.kokoro import Wave
from storyreel.providers.builtin.speech.polish import unwav
from storyreel.providers.builtin.speech.render import Take
from storyreel.providers.builtin.speech.units import HAN

_COMMANDS = ("espeak-ng", "espeak")
_VOICES: dict[Language, str] = {"zh": "cmn", "en": "en-us"}
_WORDS_PER_MINUTE = 160
_LONGEST_S = 120
_HEADER = 44
"""Bytes of a WAV file before its samples."""


def command() -> str | None:
    """The espeak-ng of this machine, if it has one."""
    return next((found for name in _COMMANDS if (found := shutil.which(name))), None)


def speak(text: str, language: Language, *, speed: float, gender: Gender | None) -> tuple[Take, int]:
    """The line in espeak's voice and its rate in Hz. Its words' times are shared out by their length.

    Raises:
        NotPossible: espeak-ng is not there, or refuses.
    """
    found = command()
    if not found:
        raise NotPossible("No voice can speak: the voice model is missing, and espeak-ng is not on this machine.")
    voice = _VOICES[language] + ("+f3" if gender == "woman" else "")
    rate = str(round(_WORDS_PER_MINUTE * speed))
    done = subprocess.run(  # noqa: S603 - a fixed program; the text goes by its standard input
        [found, "-v", voice, "-s", rate, "--stdin", "--stdout"],
        input=text.encode(), capture_output=True, timeout=_LONGEST_S, check=False,
    )  # fmt: skip
    if done.returncode or len(done.stdout) <= _HEADER:
        raise NotPossible(f"espeak-ng did not speak: {done.stderr.decode(errors='replace').strip()[:200] or done.returncode}")
    wave, rate_hz = unwav(_whole(done.stdout))
    return Take(wave, shared_out(text, wave, rate_hz)), rate_hz


def shared_out(text: str, wave: Wave, rate_hz: int) -> tuple[Word, ...]:
    """The words of a text, or its characters, over the length of its sound."""
    found = re.findall(rf"[{HAN}]|[^\W{HAN}]+(?:['’.-][^\W{HAN}]+)*", text)
    weights = [1.0 if re.match(f"[{HAN}]", word) else max(1.0, len(word) / 3) for word in found]
    whole_s, total, made, at = len(wave) / rate_hz, sum(weights), list[Word](), 0.0
    for word, weight in zip(found, weights, strict=True):
        made.append(Word(text=word, start_s=at / total * whole_s, end_s=(at + weight) / total * whole_s))
        at += weight
    return tuple(made)


def _whole(data: bytes) -> bytes:
    """The file as it should be: espeak writes its header before it knows the length."""
    whole, samples = (len(data) - 8).to_bytes(4, "little"), (len(data) - _HEADER).to_bytes(4, "little")
    return data[:4] + whole + data[8 : _HEADER - 4] + samples + data[_HEADER:]
