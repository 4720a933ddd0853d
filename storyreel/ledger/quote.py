"""What renders would cost and how long they would take, from nothing but views and prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast
from uuid import UUID

from storyreel.actions.base import Render
from storyreel.model.errors import StoryreelError
from storyreel.model.rows import SLOTS, Cast, Character, Episode, Node, Scene, SceneLook, Script, Slot, Track, Use, WorkItem
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
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import is_fresh

View = ShotView | EpisodeView | SheetView
# What a stage is made from: where that is made anew, the stage is too.
FOLLOWS: Mapping[StageName, frozenset[StageName]] = {
    "select": frozenset({"grid"}),
    "video": frozenset({"select"}),
    "compose": frozenset({"video", "voice"}),
    "film": frozenset({"music"}),
}
# Seconds of work of this machine's own, beside what providers do: on two busy cores at 720p.
CELL_S = 0.25
FRAMES_S = 70.0
SHOT_JOIN_S = 0.15
STAGE_S = 0.1


@dataclass(frozen=True, slots=True)
class RenderQuote:
    """The price and time of one render, with a line a stage that makes something."""

    owner_id: UUID
    cost_usd: float = 0.0
    expected_s: float = 0.0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The price and time of several renders together."""

    cost_usd: float = 0.0
    expected_s: float = 0.0
    lines: tuple[RenderQuote, ...] = ()


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
    anew: set[StageName] = set()
    for name in cast("tuple[StageName, ...]", render.stages):
        if not isinstance(view, SheetView) and not FOLLOWS.get(name, frozenset()) & anew and is_fresh(name, view):
            continue
        anew.add(name)
        price = _stage(name, view, book)
        cost_usd += price.cost_usd
        expected_s += price.expected_s
        lines.append(price.basis)
    return RenderQuote(owner_id, round(cost_usd, 6), round(expected_s, 2), tuple(lines))


def pricer(book: Book) -> Callable[[GraphView, Sequence[Render]], Quote]:
    """Prices renders from the view their actions were planned on, as `storyreel.commits.Door` wants it."""

    def price(view: GraphView, renders: Sequence[Render]) -> Quote:
        return quote(renders, views_of(view, renders), book)

    return price


def views_of(view: GraphView, renders: Sequence[Render]) -> list[View | None]:
    """What the stages of renders would see, as far as the view of a plan holds it."""
    parts = _Parts.of(view)
    return [_view_of(view, parts, render) for render in renders]


def _view_of(view: GraphView, parts: _Parts, render: Render) -> View | None:
    if render.kind == "cut":
        return _episode_view_of(view, parts, render.owner_id)
    if render.sheet is not None:
        return sheet_view_of(view, render.owner_id, render.sheet, render.takes)
    shot = view.find(WorkItem, render.work_item_id)
    return None if shot is None else _shot_view_of(view, parts, shot)


@dataclass(frozen=True)
class _Parts:
    """The rows of a view by the shot they belong to, gathered once for all renders of a plan."""

    people: Mapping[UUID, Character]
    nodes: Mapping[UUID, list[Node]]
    cast: Mapping[UUID, list[Cast]]
    uses: Mapping[UUID, list[Use]]
    tracks: Mapping[UUID, list[Track]]

    @classmethod
    def of(cls, view: GraphView) -> _Parts:
        people = {person.id: person for person in view.all(Character)}
        return cls(people, *(_by_item(view.all(kind)) for kind in (Node, Cast, Use, Track)))  # type: ignore[arg-type]


def _by_item(rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.work_item_id, []).append(row)
    return found


def _shot_view_of(view: GraphView, parts: _Parts, shot: WorkItem) -> ShotView:
    """One shot as a stage would see it; what the view was not shown is taken not to be there."""
    scene = view.get(Scene, shot.scene_id)
    own = parts.nodes.get(shot.id, [])
    nodes = {node.id: node for node in own}
    selected: dict[Slot, Node] = {slot: nodes[node] for slot in SLOTS if (node := shot.selected(slot)) in nodes and node}
    return ShotView(
        workspace=view.workspace,
        episode=view.get(Episode, scene.episode_id),
        scene=scene,
        shot=shot,
        number=view.number(shot.id) or 0,
        cast=tuple((part, who) for part in parts.cast.get(shot.id, ()) if (who := parts.people.get(part.character_id))),
        selected=selected,
        uses=tuple(parts.uses.get(shot.id, ())),
        tracks=tuple(parts.tracks.get(shot.id, ())),
        assets=view.assets,
        latest={node.stage: node for node in own if node.cell is None},
        looks=tuple(view.all(SceneLook)),
    )


def _episode_view_of(view: GraphView, parts: _Parts, episode_id: UUID) -> EpisodeView:
    scenes = {scene.id: scene for scene in view.all(Scene) if scene.episode_id == episode_id}
    places = {scene_id: place for place, scene_id in enumerate(scenes)}
    shots = sorted(
        (shot for shot in view.all(WorkItem) if shot.scene_id in places),
        key=lambda shot: (places[cast("UUID", shot.scene_id)], shot.order_key, str(shot.id)),
    )
    return EpisodeView(
        workspace=view.workspace,
        episode=view.get(Episode, episode_id),
        script=next((script for script in view.all(Script) if script.episode_id == episode_id), None),
        shots=tuple(_shot_view_of(view, parts, shot) for shot in shots),
        assets=view.assets,
    )


def _stage(name: StageName, view: View, book: Book) -> Price:
    calls = _calls(name, view)
    profile = view.workspace.profile
    cost_usd, expected_s, said = 0.0, _own_s(name, view), name
    for request in calls:
        capability = capability_of(request)
        try:
            price = book.price(capability, profile.providers.get(capability, ""), request)
        except StoryreelError as unpriced:
            return Price(cost_usd, f"{name}: cannot be priced. {unpriced.detail}", expected_s)
        cost_usd, expected_s = cost_usd + price.cost_usd, expected_s + price.expected_s
        said = f"{name}: {price.basis}" if len(calls) == 1 else f"{name}: {len(calls)} calls"
    return Price(cost_usd, said, expected_s)


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
