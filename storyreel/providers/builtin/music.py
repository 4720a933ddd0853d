"""The composer that needs no key: a score by mood that knows where the cuts are, played from a soundfont on this machine."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Capability, Generated, Inputs, MusicRequest, Price, Progress
from storyreel.providers.builtin.local import LocalJobs

_LOADING_S = 0.6
_TIMES_REAL = 30.0
"""How many seconds of music one second of work makes, on one core."""
_MOST_S = 3600.0


class BuiltinMusic(LocalJobs):
    """Composes and plays one piece a request: free, offline, and the same bytes for the same request."""

    id = "builtin-music"
    model = "score-1"
    capability: Capability = "music"

    def price(self, request: MusicRequest) -> Price:
        """Nothing; the time is that of one core."""
        return Price(0.0, "made on this machine", round(_LOADING_S + request.duration_s / _TIMES_REAL, 1))

    async def wait(self, handle: str, request: MusicRequest, inputs: Inputs, progress: Progress) -> Generated:
        """The piece as a WAV file of 48 kHz, stereo, 16 bits, exactly as long as asked, at about -23 LUFS.

        Raises:
            NotPossible: It is longer than an hour, or it was cancelled.
        """
        if request.duration_s > _MOST_S:
            raise NotPossible(
                f"The built-in composer writes up to an hour; {request.duration_s:.0f} s were asked. Score each part by itself."
            )
        with self.working(handle, progress) as work:
            return await asyncio.to_thread(_generate, request, inputs.scratch, work.between)


def _generate(request: MusicRequest, scratch: Path, between: Callable[[float], None]) -> Generated:
    # numpy, scipy and the player load where they are used.
    from storyreel.providers.builtin.score import master, player  # noqa: PLC0415
    from storyreel.providers.builtin.score.compose import compose  # noqa: PLC0415

    between(0.0)
    score = compose(request.moods, request.duration_s, cuts_s=request.cuts_s, flavour=request.flavour, seed=request.seed)
    total = max(1, round(request.duration_s * master.RATE))
    sound = master.reverberated(player.blocks(score), score.wet, score.room_s)
    ring_s = score.duration_s - score.bars[-1].start_s
    done = master.finished(sound, total, scratch, functools.partial(_most, between), ring_s)
    between(1.0)
    return Generated(
        master.wav(done), "audio/wav", BuiltinMusic.id, BuiltinMusic.model,
        seed=request.seed, duration_s=total / master.RATE, notes=score.remarks,
    )  # fmt: skip


def _most(between: Callable[[float], None], fraction: float) -> None:
    """Sounding is nine tenths of the work; mastering the rest."""
    between(0.9 * fraction)
