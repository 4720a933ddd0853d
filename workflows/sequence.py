"""Which stage may start when: pure, so that it is tested without Temporal and replays as it ran."""

from __future__ import annotations

from collections.abc import Collection

from storyreel.pipeline.contract import CUT_STAGES, SHEET_STAGES, SHOT_STAGES, SOUND_STAGES, StageName

STAGES: tuple[StageName, ...] = (*SHOT_STAGES, *CUT_STAGES, *SHEET_STAGES, *SOUND_STAGES)
# What a stage works on. The voice depends on the words alone, so it is spoken while the pictures are made.
NEEDS: dict[StageName, tuple[StageName, ...]] = {
    "spec": (),
    "grid": ("spec",),
    "select": ("grid",),
    "video": ("select",),
    "voice": ("spec",),
    "compose": ("video", "voice"),
    "music": (),
    "film": ("music",),
    "sheet": (),
    "recut": (),
    "sfx": (),
    "check": ("compose",),
}


def before(stage: StageName) -> frozenset[StageName]:
    """Every stage whose work `stage` builds on, near and far."""
    near = NEEDS[stage]
    return frozenset(near).union(*(before(each) for each in near))


def after(stage: StageName) -> frozenset[StageName]:
    """`stage` and every stage that builds on its work."""
    return frozenset(each for each in STAGES if each == stage or stage in before(each))


def ready(todo: Collection[StageName], busy: Collection[StageName]) -> list[StageName]:
    """The stages of `todo` that may start now, in their order: nothing they build on is still to be done or being done."""
    open_stages = {*todo, *busy}
    return [stage for stage in STAGES if stage in todo and stage not in busy and not before(stage) & open_stages]
