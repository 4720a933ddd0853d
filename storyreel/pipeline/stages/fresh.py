"""What a stage would be asked for today, whether what is there is still that, and which input changed (pure).

A node is stale when the request that its inputs would give today has another key. Nothing follows from it by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from storyreel.model.base import Frozen
from storyreel.model.errors import StoryreelError
from storyreel.model.ops import flatten
from storyreel.model.rows import Node, Slot
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES, SOUND_STAGES, StageName
from storyreel.pipeline.stage import key_of
from storyreel.pipeline.stages import STAGES

View = ShotView | EpisodeView
SLOT_OF: Mapping[StageName, Slot] = {"select": "picture", "video": "video", "voice": "voice", "compose": "final", "sfx": "sfx"}
# Fields that follow from others: named only where nothing else changed.
DERIVED = frozenset({"prompt", "motion", "seed", "score", "heads", "confidence", "focus"})
ABSENT: Any = object()
BROUGHT = "import"


@dataclass(frozen=True)
class Change:
    """One input of a stage that is not what it was. `field` is its name in the spec; None stands for what was or is not there."""

    field: str
    before: Any
    after: Any

    def words(self) -> str:
        """For a person."""
        return f"{self.field}: {_shown(self.before)} → {_shown(self.after)}"


@dataclass(frozen=True)
class Stale:
    """A stage whose result no longer is what would be made, and why as far as that is known."""

    stage: StageName
    node_id: UUID
    changes: tuple[Change, ...]


def wanted_request(stage: StageName, view: View, take: int | None = None) -> Frozen | None:
    """What the stage would be asked for today; None where it asks for nothing, or cannot be asked for yet."""
    taken = _taken(view, stage, take_of(stage, view) if take is None else take)
    try:
        request: Frozen | None = STAGES[stage].request(taken)
    except StoryreelError:
        return None
    return request


def wanted_key(stage: StageName, view: View, take: int | None = None) -> str | None:
    """The key of what the stage would be asked for today, in a take (else the one that `take_of` says)."""
    number = take_of(stage, view) if take is None else take
    request = wanted_request(stage, view, number)
    return None if request is None else key_of(stage, STAGES[stage].version, request, number)


def take_of(stage: StageName, view: View) -> int:
    """The take that counts: the one a task asks for, else the one of what is there."""
    if stage in view.takes:
        return view.takes[stage]
    node = standing(stage, view)
    return node.take if node is not None and node.stage == stage else 0


def standing(stage: StageName, view: View) -> Node | None:
    """The node that stands for the stage today: what is selected, or the newest where a stage fills no slot."""
    slot = SLOT_OF.get(stage)
    if slot is not None and isinstance(view, ShotView):
        return view.selected.get(slot)
    return view.latest.get(stage)


def is_fresh(stage: StageName, view: View) -> bool:
    """Whether what is there is what would be made; a stage that asks for nothing has nothing to be fresh.

    A picture that a person brought or edited is fresh, and needs no grid, until a new take is asked for. A picture of an earlier grid is
    fresh as long as its grid is what would be drawn today.
    """
    if isinstance(view, ShotView) and stage in ("grid", "select"):
        return _fresh_picture(stage, view)
    node = standing(stage, view)
    if node is not None and node.stage == BROUGHT:
        # A clip or a recording that a person brought is what is wanted until something else is asked for.
        return stage not in view.takes
    return node is not None and node.stage == stage and node.key != "" and node.key == wanted_key(stage, view)


def stale(view: View) -> tuple[Stale, ...]:
    """The stages whose results are stale, in order; a stage without a result is not stale, it is missing."""
    # A note fills no place in the film: it is written again with what it is about.
    names: tuple[StageName, ...] = (
        (*(name for name in SHOT_STAGES if name != "check"), *SOUND_STAGES) if isinstance(view, ShotView) else CUT_STAGES
    )
    found: list[tuple[StageName, Node | None]] = [(name, standing(name, view)) for name in names if name != "select"]
    return tuple(
        Stale(name, node.id, changes(name, node, view))
        for name, node in found
        if node is not None and node.stage == name and wanted_key(name, view) is not None and not is_fresh(name, view)
    )


def changes(stage: StageName, node: Node, view: View) -> tuple[Change, ...]:
    """Which inputs differ between the request that made `node` and the one it would give today."""
    today = wanted_request(stage, view, node.take)
    return difference(node.request, today.model_dump(mode="json")) if today is not None and node.request else ()


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """The fields that differ between two dumps of requests, each once; what merely follows from others is left out."""
    was, now = flatten(before), flatten(after)
    found: dict[str, Change] = {}
    for path in sorted(was.keys() | now.keys()):
        old, new = was.get(path, ABSENT), now.get(path, ABSENT)
        if old != new:
            field = _field(path)
            found.setdefault(field, Change(field, None if old is ABSENT else old, None if new is ABSENT else new))
    plain = tuple(change for change in found.values() if change.field not in DERIVED)
    return plain or tuple(found.values())


def _fresh_picture(stage: StageName, view: ShotView) -> bool:
    picture, asked = view.selected.get("picture"), "grid" in view.takes or (stage == "select" and "select" in view.takes)
    if picture is not None and picture.stage != "grid":
        return not asked
    if picture is not None and picture.key and picture.key == wanted_key("grid", view, view.takes.get("grid", picture.take)):
        return stage == "grid" or "select" not in view.takes
    grid = view.latest.get("grid")
    return stage == "grid" and grid is not None and grid.key != "" and grid.key == wanted_key("grid", view)


def _taken(view: View, stage: StageName, take: int) -> View:
    return replace(view, takes={**view.takes, stage: take})


def _field(path: str) -> str:
    """`image.frame.place` is `place` to a person; a picture, a clip or a voice is what it is, not its id."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    names = {"first_frame": "picture", "clip": "clip", "segment": "shots", "music": "music", "voice": "voice"}
    return next((names[part] for part in parts[:-1] if part in names), parts[-1])


def _shown(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    text = value if isinstance(value, str) else str(value)
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"  # noqa: PLR2004 - a line on a screen
