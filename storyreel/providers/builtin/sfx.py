"""The sound maker that needs no key: ambience and effects from words, weather and place, synthesised on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Capability, Generated, Inputs, Price, Progress, SfxRequest
from storyreel.providers.builtin.local import LocalJobs

_TIMES_REAL = 20.0
"""How many seconds of sound one second of work makes, on one core."""
_MOST_S = 600.0
_FULL = 32767


class BuiltinSfx(LocalJobs):
    """Makes one sound a request: free, offline, and the same bytes for the same request."""

    id = "builtin-sfx"
    model = "ambience-1"
    capability: Capability = "sfx"

    def price(self, request: SfxRequest) -> Price:
        """Nothing; the time is that of one core."""
        return Price(0.0, "made on this machine", round(0.3 + request.duration_s / _TIMES_REAL, 1))

    async def wait(self, handle: str, request: SfxRequest, inputs: Inputs, progress: Progress) -> Generated:  # noqa: ARG002
        """The sound as a WAV file of 48 kHz, stereo, exactly as long as asked.

        Raises:
            NotPossible: It is longer than ten minutes, or it was cancelled.
        """
        if request.duration_s > _MOST_S:
            raise NotPossible(f"The built-in sounds last up to ten minutes; {request.duration_s:.0f} s were asked.")
        with self.working(handle, progress) as work:
            return await asyncio.to_thread(_generate, request, work.between)


def _generate(request: SfxRequest, between: Callable[[float], None]) -> Generated:
    # numpy and scipy load where they are used.
    import numpy as np  # noqa: PLC0415

    from storyreel.providers.builtin.score import master  # noqa: PLC0415
    from storyreel.providers.builtin.score.ambience import ambience, heard  # noqa: PLC0415

    between(0.0)
    words = request.words or (f"{request.place} {request.time}" if request.time == "night" else "")
    names = heard(words, request.weather, request.place)
    made = ambience(words, request.weather, request.place, request.duration_s, request.seed)
    between(1.0)
    return Generated(
        master.wav(np.rint(np.clip(made, -1, 1) * _FULL).astype(np.int16)),
        "audio/wav",
        BuiltinSfx.id,
        BuiltinSfx.model,
        seed=request.seed,
        duration_s=request.duration_s,
        notes=_notes(request, names),
    )


def _notes(request: SfxRequest, names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ("Silence, as the words ask.",)
    plain = names == ("room",) and bool(request.words) and request.weather == "clear"
    return ("None of the words names a sound that is known here; it is the tone of a room.",) if plain else ()
