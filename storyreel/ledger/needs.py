"""What a render is expected to need where it runs, by stage and size: memory and room on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storyreel.model.sheet import SheetView
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.geometry import frame_size

PIXELS = 1_000_000


@dataclass(frozen=True, slots=True)
class Use:
    """In MB: at rest, for a million pixels of the frame, and on the disk for a second of a million pixels."""

    memory: float
    memory_mpx: float = 0.0
    disk: float = 50.0
    disk_mpx_s: float = 0.0


# With the built-in makers, each about a half above what was measured; at 1080p a frame has two million pixels.
USES: Mapping[StageName, Use] = {
    "spec": Use(50, disk=0),
    "grid": Use(300, 145, disk=200),
    "select": Use(100, 50),
    "video": Use(250, 170, disk=100, disk_mpx_s=10),
    "voice": Use(700),
    "compose": Use(250, 120, disk=100, disk_mpx_s=20),
    "music": Use(400, disk=100),
    "film": Use(300, 100, disk=200, disk_mpx_s=8),
    "sheet": Use(300, 145, disk=200),
    "recut": Use(150, 75, disk=100),
    "sfx": Use(300),
    "check": Use(200, 100),
}


def needs_of(stages: Iterable[StageName], view: ShotView | EpisodeView | SheetView) -> dict[str, int]:
    """The most that any of these stages needs: {memory_mb, disk_mb}; empty for no stage."""
    uses = [USES[stage] for stage in stages if stage in USES]
    if not uses:
        return {}
    size = frame_size(view.workspace.profile)
    mpx, length_s = size.width_px * size.height_px / PIXELS, _length_s(view)
    return {
        "memory_mb": round(max(use.memory + use.memory_mpx * mpx for use in uses)),
        "disk_mb": round(max(use.disk + use.disk_mpx_s * mpx * length_s for use in uses)),
    }


def _length_s(view: ShotView | EpisodeView | SheetView) -> float:
    if isinstance(view, SheetView):
        return 0.0
    shots = view.shots if isinstance(view, EpisodeView) else (view,)
    return sum(one.shot.frames for one in shots) / view.workspace.fps
