"""Which wishes for a render wait on their own, and which are taken in by a task that waits already (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from storyreel.actions.base import Render
from storyreel.ledger.quote import RenderQuote
from storyreel.pipeline.contract import CUT_STAGES, SHEET_STAGES, SHOT_STAGES, SOUND_STAGES

PLACE = {stage: place for place, stage in enumerate((*SHOT_STAGES, *SOUND_STAGES, *CUT_STAGES, *SHEET_STAGES))}


@dataclass(frozen=True)
class Waiting:
    """What a task that waits is for."""

    id: UUID
    kind: str
    work_item_id: UUID | None
    episode_id: UUID | None
    stages: tuple[str, ...]
    takes: dict[str, int] = field(default_factory=dict)
    priority: int = 50
    quoted_usd: float = 0.0
    expected_s: float = 0.0
    character_id: UUID | None = None
    scene_look_id: UUID | None = None
    sheet: dict[str, Any] = field(default_factory=dict)
    needs: dict[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> tuple[str, UUID | None]:
        """The shot or film that it renders. Each sheet is a wish of its own, and takes no other in."""
        return self.kind, self.id if self.kind == "sheet" else self.work_item_id or self.episode_id

    def row(self) -> dict[str, Any]:
        """Its columns."""
        return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()}


def absorb(
    waiting: Sequence[Waiting], renders: Sequence[Render], quotes: Sequence[RenderQuote], ids: Iterable[UUID]
) -> tuple[list[Waiting], list[Waiting]]:
    """What to queue and what to widen, each in order. `ids` names the new tasks; `quotes` has one entry a render, or none."""
    if quotes and len(quotes) != len(renders):
        raise ValueError(f"{len(quotes)} quotes for {len(renders)} renders")
    there = {task.about: task for task in reversed(waiting)}
    queued: dict[tuple[str, UUID | None], Waiting] = {}
    widened: dict[tuple[str, UUID | None], Waiting] = {}
    for index, (render, new_id) in enumerate(zip(renders, ids, strict=False)):
        wish = _wish(render, quotes[index] if quotes else None, new_id)
        home = queued if wish.about in queued or wish.about not in there else widened
        first = home.get(wish.about) or there.get(wish.about)
        home[wish.about] = wish if first is None else unite(first, wish)
    return list(queued.values()), list(widened.values())


def unite(first: Waiting, wish: Waiting) -> Waiting:
    """One task that does what both were for."""
    stages = tuple(sorted({*first.stages, *wish.stages}, key=lambda stage: PLACE.get(stage, len(PLACE))))
    nested = set(first.stages) <= set(wish.stages) or set(wish.stages) <= set(first.stages)
    takes = {stage: max(first.takes.get(stage, 0), wish.takes.get(stage, 0)) for stage in {**first.takes, **wish.takes}}
    return replace(
        first,
        stages=stages,
        takes=takes,
        priority=max(first.priority, wish.priority),
        quoted_usd=_join(first.quoted_usd, wish.quoted_usd, nested=nested),
        expected_s=_join(first.expected_s, wish.expected_s, nested=nested),
        needs={name: max(first.needs.get(name, 0), wish.needs.get(name, 0)) for name in {**first.needs, **wish.needs}},
    )


def _join(first: float, second: float, *, nested: bool) -> float:
    # The same stages are priced once.
    return max(first, second) if nested else first + second


def _wish(render: Render, quote: RenderQuote | None, new_id: UUID) -> Waiting:
    return Waiting(
        id=new_id,
        kind=render.kind,
        work_item_id=render.work_item_id if render.kind != "cut" else None,
        episode_id=render.episode_id,
        stages=render.stages,
        takes=dict(render.takes),
        priority=render.priority,
        quoted_usd=quote.cost_usd if quote else 0.0,
        expected_s=quote.expected_s if quote else 0.0,
        character_id=render.character_id,
        scene_look_id=render.scene_look_id,
        sheet=render.sheet.model_dump(mode="json", exclude_defaults=True) if render.sheet else {},
        needs=dict(quote.needs) if quote else {},
    )
