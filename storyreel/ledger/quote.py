"""What renders would cost and how long they would take, from nothing but views and prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, cast
from uuid import UUID

from storyreel.actions.base import Render
from storyreel.ledger.needs import needs_of
from storyreel.model.base import Frozen
from storyreel.model.errors import StoryreelError
from storyreel.model.sheet import SheetView, sheet_view_of
from storyreel.model.view import EpisodeView, GraphView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import (
    Capability,
    ImageRequest,
    MusicRequest,
    Price,
    Request,
    SfxRequest,
    VideoRequest,
    VoiceRequest,
)
from storyreel.pipeline.seen import film_seen, shots_seen
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import is_fresh

View = ShotView | EpisodeView | SheetView
# What a stage is made from: where that is made anew, the stage is too.
FOLLOWS: Mapping[StageName, frozenset[StageName]] = {
    "select": frozenset({"grid"}),
    "video": frozenset({"select"}),
    "compose": frozenset({"video", "voice"}),
    "check": frozenset({"compose"}),
    "film": frozenset({"music"}),
}
# Seconds of work of this machine's own, beside what providers do: on two busy cores at 720p.
CELL_S = 0.25
FRAMES_S = 70.0
SHOT_JOIN_S = 0.15
STAGE_S = 0.1


class Basis(Frozen):
    """One line of a price: what a stage buys where, how many units at how much, and when that price was last seen to be true.

    `problem` says why it could not be priced, and then nothing is counted.
    """

    stage: str
    provider: str = ""
    model: str = ""
    calls: int = 1
    units: float = 0.0
    unit: str = ""
    unit_usd: float = 0.0
    cost_usd: float = 0.0
    source: str = ""
    verified_on: date | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RenderQuote:
    """The price and time of one render, with a line a stage that makes something; `basis` has those that cost something."""

    owner_id: UUID
    cost_usd: float = 0.0
    expected_s: float = 0.0
    lines: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = ()
    # What it needs where it runs: {memory_mb, disk_mb}.
    needs: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Quote:
    """The price and time of several renders together. `beside` is what is bought for other projects with them."""

    cost_usd: float = 0.0
    expected_s: float = 0.0
    lines: tuple[RenderQuote, ...] = ()
    beside: tuple[Basis, ...] = ()

    @property
    def basis(self) -> tuple[Basis, ...]:
        """How the price came about: equal lines of all renders together."""
        return together([*(line for one in self.lines for line in one.basis), *self.beside])


class Book(Protocol):
    """Where prices are found: `storyreel.providers.registry.Registry` is one."""

    def price(self, capability: Capability, pinned: str, request: Request) -> Price:
        """What a request would cost at the pinned provider, or at the one routing chooses."""
        ...


def quote(renders: Sequence[Render], views: Sequence[View | None], book: Book) -> Quote:
    """The price and time of renders. `views` has one entry a render; a render without a view is counted as free.

    What is fresh is neither paid for nor waited for.
    """
    lines = tuple(quote_one(render, view, book) for render, view in zip(renders, views, strict=True))
    return Quote(round(sum(line.cost_usd for line in lines), 6), sum(line.expected_s for line in lines), lines)


def quote_one(render: Render, view: View | None, book: Book) -> RenderQuote:
    """The price and time of one render."""
    owner_id = render.owner_id
    if view is None:
        return RenderQuote(owner_id)
    view = replace(view, takes={**view.takes, **render.takes})
    cost_usd, expected_s = 0.0, 0.0
    lines: list[str] = []
    basis: list[Basis] = []
    anew: set[StageName] = set()
    for name in cast("tuple[StageName, ...]", render.stages):
        if not isinstance(view, SheetView) and not FOLLOWS.get(name, frozenset()) & anew and is_fresh(name, view):
            continue
        anew.add(name)
        price, paid = _stage(name, view, book)
        cost_usd += price.cost_usd
        expected_s += price.expected_s
        lines.append(price.basis)
        basis += paid
    return RenderQuote(owner_id, round(cost_usd, 6), round(expected_s, 2), tuple(lines), together(basis), needs_of(anew, view))


def together(lines: Sequence[Basis]) -> tuple[Basis, ...]:
    """Lines that differ in nothing but how much as one, in the order they came."""
    found: dict[Basis, list[Basis]] = {}
    for line in lines:
        found.setdefault(line.model_copy(update={"calls": 0, "units": 0.0, "cost_usd": 0.0}), []).append(line)
    return tuple(
        kind.model_copy(
            update={
                "calls": sum(one.calls for one in same),
                "units": round(sum(one.units for one in same), 6),
                "cost_usd": round(sum(one.cost_usd for one in same), 6),
            }
        )
        for kind, same in found.items()
    )


def pricer(book: Book) -> Callable[[GraphView, Sequence[Render]], Quote]:
    """Prices renders from the view their actions were planned on, as `storyreel.commits.Door` wants it."""

    def price(view: GraphView, renders: Sequence[Render]) -> Quote:
        return quote(renders, views_of(view, renders), book)

    return price


def views_of(view: GraphView, renders: Sequence[Render]) -> list[View | None]:
    """What the stages of renders would see, as far as the view of a plan holds it."""
    wanted = {render.work_item_id for render in renders if render.kind == "shot"}
    whole = any(render.kind == "cut" for render in renders)
    seen = shots_seen(view, [shot for shot in view.shots() if whole or shot.id in wanted])
    shots: Mapping[UUID, ShotView] = {one.shot.id: one for one in seen}
    return [_view_of(view, shots, render) for render in renders]


def _view_of(view: GraphView, shots: Mapping[UUID, ShotView], render: Render) -> View | None:
    if render.kind == "cut":
        return film_seen(view, [one for one in shots.values() if one.episode.id == render.episode_id])
    if render.sheet is not None:
        return sheet_view_of(view, render.owner_id, render.sheet, render.takes)
    return shots.get(render.owner_id)


def _stage(name: StageName, view: View, book: Book) -> tuple[Price, list[Basis]]:
    calls = _calls(name, view)
    profile = view.workspace.profile
    cost_usd, expected_s, said = 0.0, _own_s(name, view), name
    basis: list[Basis] = []
    for request in calls:
        capability = capability_of(request)
        try:
            pinned = view.provider(capability) if isinstance(view, ShotView) else profile.providers.get(capability, "")
            price = book.price(capability, pinned, request)
        except StoryreelError as unpriced:
            problem = f"{name}: cannot be priced. {unpriced.detail}"
            return Price(cost_usd, problem, expected_s), [*basis, Basis(stage=name, problem=unpriced.detail)]
        cost_usd, expected_s = cost_usd + price.cost_usd, expected_s + price.expected_s
        basis += [_basis(name, price)] if price.cost_usd else []
        said = f"{name}: {price.basis}" if len(calls) == 1 else f"{name}: {len(calls)} calls"
    return Price(cost_usd, said, expected_s), basis


def _basis(name: StageName, price: Price) -> Basis:
    return Basis(
        stage=name,
        provider=price.provider,
        model=price.model,
        units=price.units,
        unit=price.unit,
        unit_usd=price.unit_usd,
        cost_usd=price.cost_usd,
        source=price.source,
        verified_on=price.verified_on,
    )


def _calls(name: StageName, view: View) -> tuple[Request, ...]:
    stage: Any = STAGES[name]
    try:
        calls: tuple[Request, ...] = stage.calls(view)
    except StoryreelError:
        return ()
    return calls


def capability_of(request: Request) -> Capability:
    """Who makes it."""
    match request:
        case ImageRequest():
            return "image"
        case VideoRequest():
            return "video"
        case VoiceRequest():
            return "voice"
        case MusicRequest():
            return "music"
        case SfxRequest():
            return "sfx"


def _own_s(name: StageName, view: View) -> float:
    if isinstance(view, SheetView):
        return STAGE_S + CELL_S * view.sheet.rows * view.sheet.cols
    if isinstance(view, EpisodeView):
        return STAGE_S + SHOT_JOIN_S * len(view.shots) if name == "film" else STAGE_S
    profile = view.workspace.profile
    if name == "grid":
        return STAGE_S + CELL_S * profile.grid_rows * profile.grid_cols
    burnt = name == "compose" and profile.captions == "burnt" and bool(view.shot.spec.lines)
    return STAGE_S + (view.shot.frames / FRAMES_S if burnt else 0.0)
