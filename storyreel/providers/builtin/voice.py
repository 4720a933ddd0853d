"""The voice that needs no key: Kokoro-82M on this machine, in Chinese and English."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyreel.model.errors import BadInput, NotPossible
from storyreel.pipeline.ports import Capability, Generated, Inputs, Price, Progress, VoiceRequest, Word
from storyreel.providers.builtin.local import LocalJobs
from storyreel.script.speech import speaking_s

if TYPE_CHECKING:
    from storyreel.providers.builtin.speech.kokoro import Kokoro
    from storyreel.providers.builtin.speech.render import Delivery, Take
    from storyreel.providers.builtin.speech.units import Breath
    from storyreel.providers.builtin.speech.voices import Timbre

_TIMES_REAL = 1.5
"""How many seconds of speech one second of work makes, on one core."""
_LOADING_S = 3.0
_SAMPLES_S = 0.001
"""What rounding to whole samples may add."""


@dataclass(frozen=True, slots=True)
class _Said:
    take: Take
    rate_hz: int
    pitch: float
    model: str
    notes: tuple[str, ...]


class BuiltinVoice(LocalJobs):
    """Speaks one line a request: free, offline, and the same bytes for the same request.

    A character keeps its voice through `VoiceChoice.seed` and `VoiceChoice.language`, its own; `speech.voices.cast(...).name`
    writes that voice out, to be put into `VoiceChoice.voice`.

    Args:
        threads: How many threads one line may use.
    """

    id = "builtin-voice"
    model = "kokoro-82m-int8"
    capability: Capability = "voice"

    def __init__(self, *, threads: int = 1) -> None:
        super().__init__()
        self._threads = threads

    def price(self, request: VoiceRequest) -> Price:
        """Nothing; the time is that of one core with the model loaded."""
        length_s = speaking_s(request.text, request.language, request.voice.speed)
        return Price(0.0, "made on this machine", _LOADING_S + length_s / _TIMES_REAL)

    async def wait(self, handle: str, request: VoiceRequest, inputs: Inputs, progress: Progress) -> Generated:  # noqa: ARG002
        """The line as a WAV file of 48 kHz, mono, 16 bits, at about -16 LUFS, with the time of each word.

        Raises:
            BadInput: There is nothing in the text that can be said.
            NotPossible: The voice is unknown, the line was cancelled, or neither the model nor espeak-ng is there.
        """
        with self.working(handle, progress) as work:
            return await asyncio.to_thread(_generate, request, self._threads, work.between)


_loading = threading.Lock()


@functools.cache
def _loaded(threads: int) -> Kokoro:
    from storyreel.providers.builtin.speech.kokoro import Kokoro  # noqa: PLC0415

    return Kokoro(threads=threads)


def _model(threads: int) -> Kokoro:
    """The one model of this process: two threads that ask at once load it once."""
    with _loading:
        return _loaded(threads)


def _generate(request: VoiceRequest, threads: int, between: Callable[[float], None]) -> Generated:
    from storyreel.providers.builtin.speech import polish  # noqa: PLC0415 - numpy and scipy load where they are used
    from storyreel.providers.builtin.speech.manner import manner  # noqa: PLC0415

    if not any(char.isalnum() for char in request.text):
        raise BadInput("There is nothing to say: the line has no words.")
    said = _said(request, threads, between)
    room = polish.room_of(request.place)
    spoken_s = len(said.take.wave) / said.rate_hz / said.pitch
    spare_s = 10.0 if request.max_s is None else request.max_s - spoken_s - polish.lead_s() - _SAMPLES_S
    sound = polish.polish(
        said.take.wave, said.rate_hz, pitch=said.pitch, room=room,
        gain_db=manner(request.emotion, request.voice.age).gain_db, tail_s=spare_s,
    )  # fmt: skip
    duration_s = len(sound) / polish.OUT_HZ
    words = tuple(_placed(word, said.pitch, polish.lead_s(), duration_s) for word in said.take.words)
    notes = said.notes + _too_long(duration_s, request.max_s)
    return Generated(
        polish.wav(sound), "audio/wav", BuiltinVoice.id, said.model,
        seed=request.voice.seed, words=words, duration_s=duration_s, notes=notes,
    )  # fmt: skip


def _placed(word: Word, pitch: float, lead_s: float, most_s: float) -> Word:
    """A word's times in the finished sound."""
    start_s, end_s = (min(at / pitch + lead_s, most_s) for at in (word.start_s, word.end_s))
    return Word(text=word.text, start_s=round(start_s, 4), end_s=round(end_s, 4))


def _too_long(duration_s: float, max_s: float | None) -> tuple[str, ...]:
    if max_s is None or duration_s <= max_s + 0.01:
        return ()
    return (f"The line takes {duration_s:.1f} s at the fastest that is clear, and has room for {max_s:.1f} s.",)


def _said(request: VoiceRequest, threads: int, between: Callable[[float], None]) -> _Said:
    """The line by the model, or by espeak-ng where the model is not installed."""
    from storyreel.providers.builtin.speech.voices import cast  # noqa: PLC0415

    timbre = cast(request.voice, request.language)
    try:
        model = _model(threads)
    except NotPossible as missing:
        return _by_espeak(request, missing)
    return _by_model(model, request, timbre, between)


def _by_model(model: Kokoro, request: VoiceRequest, timbre: Timbre, between: Callable[[float], None]) -> _Said:
    from storyreel.providers.builtin.speech import reading, render, voices  # noqa: PLC0415
    from storyreel.providers.builtin.speech.manner import manner  # noqa: PLC0415

    breaths = reading.read(request.text, request.language, frozenset(model.vocabulary), british=timbre.british)
    if not breaths:
        raise BadInput("There is nothing to say: no word of the line can be read out in Chinese or English.")
    how = manner(request.emotion, None if request.voice.voice else request.voice.age)
    pitch = timbre.pitch * how.pitch
    delivery = render.Delivery(voices.table(timbre), request.voice.speed * how.speed, how.pauses, pitch)
    take = _fitted(model, breaths, delivery, request.max_s, between)
    strange = timbre.language == "en" and request.language == "zh"
    notes = ("An English voice speaks Chinese less clearly than a Chinese one.",) if strange else ()
    return _Said(take, 24_000, pitch, BuiltinVoice.model, notes)


def _fitted(
    model: Kokoro, breaths: list[Breath], delivery: Delivery, max_s: float | None, between: Callable[[float], None]
) -> Take:
    """The line as asked; again and faster where it does not fit its room.

    The model counts each phoneme in whole frames, so that a little more speed changes little: the factor asked of it runs
    ahead of the one that is heard, and the latter is what is held to `FASTEST`.
    """
    from storyreel.providers.builtin.speech import polish, render  # noqa: PLC0415

    take = asked = render.render(model, breaths, delivery, between=between)
    if max_s is None:
        return take
    room = max(0.1, max_s - polish.least_s() - _SAMPLES_S) * render.RATE_HZ * delivery.pitch
    factor, most = 1.0, len(asked.wave) / render.FASTEST
    while len(take.wave) > room and len(take.wave) > most and factor < render.HARDEST:
        factor = min(render.HARDEST, factor * (1 + 1.5 * (len(take.wave) / max(room, most) - 1)) + 0.02)
        take = render.render(model, breaths, delivery.faster(factor), between=between)
    return take


def _by_espeak(request: VoiceRequest, missing: NotPossible) -> _Said:
    from storyreel.providers.builtin.speech import espeak  # noqa: PLC0415

    if not espeak.command():
        raise NotPossible(f"{missing.detail} Or install espeak-ng, a plainer voice that needs no model.") from missing
    take, rate_hz = espeak.speak(request.text, request.language, speed=request.voice.speed, gender=request.voice.gender)
    unclear = " Its Chinese is hard to understand." if request.language == "zh" else ""
    notes = (f"Spoken by espeak-ng, a plain voice; its words' times are estimates.{unclear} {missing.detail}",)
    return _Said(take, rate_hz, 1.0, "espeak-ng", notes)
