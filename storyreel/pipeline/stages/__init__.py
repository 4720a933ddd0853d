"""The stages of a render, one file each; what they have in common is in `storyreel.pipeline.stage`."""

from __future__ import annotations

from typing import Any

from storyreel.pipeline.contract import StageName
from storyreel.pipeline.stage import Stage
from storyreel.pipeline.stages.check import Check
from storyreel.pipeline.stages.compose import Compose
from storyreel.pipeline.stages.film import Film
from storyreel.pipeline.stages.grid import Grid
from storyreel.pipeline.stages.music import Music
from storyreel.pipeline.stages.recut import Recut
from storyreel.pipeline.stages.select import Select
from storyreel.pipeline.stages.sfx import Sfx
from storyreel.pipeline.stages.sheet import SheetStage
from storyreel.pipeline.stages.spec import Spec
from storyreel.pipeline.stages.video import Video
from storyreel.pipeline.stages.voice import Voice

STAGES: dict[StageName, Stage[Any]] = {
    "spec": Spec(),
    "grid": Grid(),
    "select": Select(),
    "video": Video(),
    "voice": Voice(),
    "compose": Compose(),
    "music": Music(),
    "film": Film(),
    "sheet": SheetStage(),
    "recut": Recut(),
    "sfx": Sfx(),
    "check": Check(),
}

__all__ = [
    "STAGES",
    "Check",
    "Compose",
    "Film",
    "Grid",
    "Music",
    "Recut",
    "Select",
    "Sfx",
    "SheetStage",
    "Spec",
    "Video",
    "Voice",
]
