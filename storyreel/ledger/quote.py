"""What renders would cost and how long they would take, from nothing but views and prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast
from uuid import UUID

from storyreel.actions.base import Render
from storyreel.model.errors import StoryreelError
from storyreel.model.rows import SLOTS, Character, Episode, Node, Scene, Script, Slot, Track, Use, WorkItem
from storyreel.model.view import EpisodeView, GraphView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Capability, ImageRequest, MusicRequest, Price, Request, VideoRequest, VoiceRequest
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import is_fresh

View = ShotView | EpisodeView
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


def quote(renders: Sequence[Render], views: Mapping[UUID, View], book: Book) -> Quote:
    """The price and time of renders. `views` has one entry an owner; an owner without a view is counted as free.

    What is fresh is neither paid for nor waited for.
    """
    lines = tuple(quote_one(render, views.get(render.work_item_id or render.episode_id), book) for render in renders)
    return Quote(round(sum(line.cost_usd for line in lines), 6), sum(line.expected_s for line in lines), lines)


def quote_one(render: Render, view: View | None, book: Book) -> RenderQuote:
    """The price and time of one render."""
    owner_id = render.work_item_id or render.episode_id
    if view is None:
        return RenderQuote(owner_id)
    view = replace(view, takes={**view.takes, **render.takes})
    cost_usd, expected_s = 0.0, 0.0
    lines: list[str] = []
    anew: set[StageName] = set()
    for name in cast("tuple[StageName, ...]", render.stages):
        if not FOLLOWS.get(name, frozenset()) & anew and is_fresh(name, view):
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


def views_of(view: GraphView, renders: Sequence[Render]) -> dict[UUID, View]:
    """What the stages of renders would see, as far as the view of a plan holds it."""
    found: dict[UUID, View] = {}
    for render in renders:
        if render.kind == "shot" and render.work_item_id is not None:
            shot = view.find(WorkItem, render.work_item_id)
            if shot is not None:
                found[shot.id] = shot_view_of(view, shot)
        elif render.kind == "cut":
            found[render.episode_id] = _episode_view_of(view, render.episode_id)
    return found


def shot_view_of(view: GraphView, shot: WorkItem) -> ShotView:
    """One shot as a stage would see it; what the view was not shown is taken not to be there."""
    scene = view.get(Scene, shot.scene_id)
    nodes = {node.id: node for node in view.all(Node)}
    own = [node for node in nodes.values() if node.work_item_id == shot.id]
    selected: dict[Slot, Node] = {slot: nodes[node] for slot in SLOTS if (node := shot.selected(slot)) in nodes and node}
    people = {person.id: person for person in view.all(Character)}
    return ShotView(
        workspace=view.workspace,
        episode=view.get(Episode, scene.episode_id),
        scene=scene,
        shot=shot,
        number=view.number(shot.id) or 0,
        cast=tuple((part, people[part.character_id]) for part in view.cast_of(shot.id) if part.character_id in people),
        selected=selected,
        uses=tuple(use for use in view.all(Use) if use.work_item_id == shot.id),
        tracks=tuple(track for track in view.all(Track) if track.work_item_id == shot.id),
        assets=view.assets,
        latest={node.stage: node for node in own if node.cell is None},
    )


def _episode_view_of(view: GraphView, episode_id: UUID) -> EpisodeView:
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
        shots=tuple(shot_view_of(view, shot) for shot in shots),
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


def _own_s(name: StageName, view: View) -> float:
    if isinstance(view, EpisodeView):
        return STAGE_S + SHOT_JOIN_S * len(view.shots) if name == "film" else STAGE_S
    profile = view.workspace.profile
    if name == "grid":
        return STAGE_S + CELL_S * profile.grid_rows * profile.grid_cols
    burnt = name == "compose" and profile.captions == "burnt" and bool(view.shot.spec.lines)
    return STAGE_S + (view.shot.frames / FRAMES_S if burnt else 0.0)
