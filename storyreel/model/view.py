"""Views: the part of the graph that a plan, a stage or a reader was given, as values.

A `GraphView` holds rows by table and knows the numbers that people use; `ShotView` and `EpisodeView` are what a stage sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from storyreel.model.base import AssetRef
from storyreel.model.errors import Conflict, NotFound
from storyreel.model.ids import derive
from storyreel.model.looks import look_in_shot, look_of_place, looks_of_shot, pictures_of, place_of
from storyreel.model.ops import BrokenOp, Op, apply
from storyreel.model.rows import (
    Cast,
    Character,
    Episode,
    Node,
    ReferenceRole,
    Row,
    Scene,
    SceneLook,
    Script,
    Slot,
    Track,
    Use,
    WorkItem,
    Workspace,
)
from storyreel.model.spec import Figure, FrameSpec, Manner, PictureSpec

T = TypeVar("T", bound=Row)
Rows = Mapping[str, Mapping[UUID, Row]]


@dataclass(frozen=True)
class LoggedCommit:
    """A commit as the log keeps it."""

    revision: int
    intent: str
    actor: str
    actor_kind: str
    summary: tuple[Mapping[str, Any], ...]
    ops: tuple[Op, ...]
    undoes: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class SnapshotFacts:
    """A named place in the log. Those that a person named have a number, from 1; those kept before a batch are automatic."""

    id: UUID
    revision: int
    name: str
    number: int | None
    note: str
    automatic: bool
    created_at: datetime

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "number": self.number,
            "name": self.name,
            "note": self.note,
            "revision": self.revision,
            "automatic": self.automatic,
            "created_at": self.created_at.isoformat(),
            "id": str(self.id),
        }


@dataclass(frozen=True)
class TaskFacts:
    """A task as a plan or a reader sees it."""

    id: UUID
    kind: Literal["shot", "cut", "sheet"]
    work_item_id: UUID | None
    episode_id: UUID | None
    state: str
    stages: tuple[str, ...]
    stage: str
    progress: float
    batch_id: UUID | None = None
    error: Mapping[str, Any] | None = None
    note: str = ""
    expected_s: float = 0.0
    run: int = 0
    takes: Mapping[str, int] = field(default_factory=dict)
    priority: int = 50
    attempt: int = 0
    quoted_usd: float = 0.0
    revision: int = 0
    asked_by: str = ""
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    character_id: UUID | None = None
    scene_look_id: UUID | None = None
    sheet: Mapping[str, Any] = field(default_factory=dict)

    @property
    def owner_id(self) -> UUID:
        """What it renders: a shot, a draft, a character, a look or an episode."""
        owner = self.work_item_id or self.character_id or self.scene_look_id or self.episode_id
        assert owner is not None, "the database holds that a task is of something"
        return owner

    @property
    def named_by(self) -> UUID:
        """The id its runs are named by. Sheets of one owner may run beside each other, so each is named by itself."""
        return self.id if self.kind == "sheet" else self.owner_id


@dataclass(frozen=True)
class NodeFacts:
    """How a node came to be. `number` counts the nodes of its track in the order they came, from 1: a person's "track B, #7".

    `revision` is the commit that keeps it; `asked_by`, `asked_revision` and `intent` are of the commit that wanted it, where a worker
    made it. `cost_usd` is what its stage settled in the run that made it.
    """

    number: int
    seq: int
    made_at: datetime
    revision: int | None = None
    asked_by: str = ""
    asked_revision: int | None = None
    intent: str = ""
    cost_usd: float = 0.0


@dataclass(frozen=True)
class Elsewhere:
    """A made thing of another workspace, with all that it descends from as facts, nearest first; `draft` is its owner's label."""

    workspace_id: UUID
    workspace: str
    draft: str
    node: Node
    asset: AssetRef
    chain: tuple[Mapping[str, Any], ...] = ()
    # The request of the node itself, or of the sheet that it was cut from.
    request: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Touched:
    """A shot that a change of what several episodes share would reach; `made`: it has a picture or is finished."""

    shot_id: UUID
    episode: int
    title: str
    number: int
    status: str
    made: bool


@dataclass(frozen=True)
class GraphView:
    """What one plan may look at.

    `places` resolves the words an action used for shots ("2-3", "all", a label) to ids, as they stood before the envelope; `named`
    holds rows that earlier actions of the envelope made under a name. `root` makes the ids of new rows.
    """

    workspace_id: UUID
    rows: Rows
    revision: int = 0
    numbers: Mapping[UUID, int] = field(default_factory=dict)
    shot_count: int = 0
    places: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    named: Mapping[str, UUID] = field(default_factory=dict)
    root: UUID | None = None
    # The request that is planned; in a talk it is the turn.
    request_id: UUID | None = None
    episode_id: UUID | None = None
    log: tuple[LoggedCommit, ...] = ()
    # The named places in the log, newest first, where that was asked for.
    snapshots: tuple[SnapshotFacts, ...] = ()
    tasks: tuple[TaskFacts, ...] = ()
    assets: Mapping[str, AssetRef] = field(default_factory=dict)
    # What each search found, by what was looked for.
    found: Mapping[Any, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    # How the loaded nodes came to be, where that was asked for.
    facts: Mapping[UUID, NodeFacts] = field(default_factory=dict)
    # Nodes of other workspaces, by id, where that was asked for.
    elsewhere: Mapping[UUID, Elsewhere] = field(default_factory=dict)
    # The shots of every episode that what was asked for reaches (`Reads.touches`).
    touched: Mapping[tuple[str, ...], tuple[Touched, ...]] = field(default_factory=dict)

    def all(self, kind: type[T]) -> list[T]:
        """The rows of a table that are not removed, in order where they have one."""
        found = [row for row in self.rows.get(kind.table, {}).values() if isinstance(row, kind) and not row.removed]
        return sorted(found, key=lambda row: (getattr(row, "order_key", ""), str(row.id)))

    def get(self, kind: type[T], row_id: UUID | None) -> T:
        """One row.

        Raises:
            NotFound: it is not there, or was removed.
        """
        row = self.rows.get(kind.table, {}).get(row_id) if row_id else None
        if not isinstance(row, kind) or row.removed:
            raise NotFound(f"there is no such {kind.table.replace('_', ' ')}: {row_id}")
        return row

    def find(self, kind: type[T], row_id: UUID | None) -> T | None:
        """One row, or None."""
        row = self.rows.get(kind.table, {}).get(row_id) if row_id else None
        return row if isinstance(row, kind) and not row.removed else None

    @property
    def workspace(self) -> Workspace:
        """The workspace itself."""
        return self.get(Workspace, self.workspace_id)

    @property
    def is_draft_space(self) -> bool:
        """Whether it is a place for drafts on boards, where nothing is told."""
        held = self.find(Workspace, self.workspace_id)
        return held is not None and held.kind == "draft_space"

    @property
    def episode(self) -> Episode:
        """The episode the words of the envelope are about.

        Raises:
            NotFound: the project has none yet.
        """
        if self.episode_id is None and self.is_draft_space:
            raise NotFound("this is a draft space: it has boards with drafts, and no film")
        if self.episode_id is None:
            raise NotFound("this project has no film yet; say what it should be about")
        return self.get(Episode, self.episode_id)

    @property
    def fps(self) -> int:
        """Frames a second of the workspace."""
        return self.workspace.fps

    def scenes(self) -> list[Scene]:
        """The scenes of the episode in order."""
        return [scene for scene in self.all(Scene) if scene.episode_id == self.episode_id]

    def shots(self) -> list[WorkItem]:
        """The loaded shots in the film's order."""
        order = {scene.id: (scene.order_key, str(scene.id)) for scene in self.all(Scene)}
        found = [shot for shot in self.all(WorkItem) if shot.scene_id in order]
        return sorted(found, key=lambda s: (order[s.scene_id], s.order_key, str(s.id)) if s.scene_id else ((), "", ""))

    def at(self, words: str) -> list[WorkItem]:
        """The shots that `words` name, in the film's order, without those an earlier action removed; "all" has those it added."""
        if words.startswith("$"):
            return [self.get(WorkItem, self.named.get(words[1:]))]
        if words == "all":
            known, here = set(self.places.get(words, ())), {scene.id for scene in self.scenes()}
            return [shot for shot in self.shots() if shot.scene_id in here and (shot.id in known or shot.id not in self.numbers)]
        found = [self.find(WorkItem, shot_id) for shot_id in self.places.get(words, ())]
        return [shot for shot in found if shot is not None]

    def one(self, words: str) -> WorkItem:
        """The one shot that `words` name.

        Raises:
            NotFound: they name none, or several.
        """
        found = self.at(words)
        if len(found) != 1:
            raise NotFound(f"{words!r} names {len(found)} shots; name one")
        return found[0]

    def number(self, shot_id: UUID) -> int | None:
        """The number a person knows the shot by, from 1."""
        return self.numbers.get(shot_id)

    def cast_of(self, shot_id: UUID) -> list[Cast]:
        """Who is in a shot, in order."""
        return [cast for cast in self.all(Cast) if cast.work_item_id == shot_id]

    def new_id(self, *parts: object) -> UUID:
        """The id of a new row of this action."""
        return derive(self.root or self.workspace_id, *parts)

    def after(self, ops: Iterable[Op]) -> GraphView:
        """The view with `ops` applied.

        Raises:
            Conflict: a row is not as an op says it was.
        """
        rows: dict[str, Mapping[UUID, Row]] = dict(self.rows)
        copied: dict[str, dict[UUID, Row]] = {}
        for op in ops:
            if op.table not in copied:
                rows[op.table] = copied[op.table] = dict(rows.get(op.table, {}))
            held = copied[op.table]
            try:
                held[op.row] = apply(held.get(op.row), op)
            except BrokenOp as broken:
                raise Conflict(str(broken)) from broken
        return replace(self, rows=rows)


@dataclass(frozen=True)
class ShotView:
    """All that a stage may know of one shot: its inputs, never its neighbours' secrets."""

    workspace: Workspace
    episode: Episode
    scene: Scene
    shot: WorkItem
    number: int
    cast: tuple[tuple[Cast, Character], ...]
    selected: Mapping[Slot, Node]
    uses: tuple[Use, ...]
    tracks: tuple[Track, ...]
    assets: Mapping[str, AssetRef]
    # The newest node of each stage, for what a stage reads from the one before it in the same run.
    latest: Mapping[str, Node] = field(default_factory=dict)
    # The cells of the newest grid, in reading order.
    cells: tuple[Node, ...] = ()
    takes: Mapping[str, int] = field(default_factory=dict)
    # The project's places and props that stay the same.
    looks: tuple[SceneLook, ...] = ()
    # The pictures that its characters and looks have selected or pinned, by character or look.
    pictures: Mapping[UUID, tuple[Node, ...]] = field(default_factory=dict)

    @property
    def frame(self) -> FrameSpec:
        """The picture with everything inherited filled in."""
        return effective(self.workspace, self.scene, self.shot, self.cast, self.looks)

    @property
    def holding(self) -> tuple[tuple[Node, ReferenceRole], ...]:
        """The pictures that keep its people, its place and its props the same, and as what."""
        looks = looks_of_shot(self.scene, self.shot, self.looks)
        owners: list[tuple[Character | SceneLook, ReferenceRole]] = [(person, "character") for _, person in self.cast]
        owners.extend((look, "scene" if look.kind == "place" else "image") for look in looks)
        return tuple((node, role) for owner, role in owners for node in pictures_of(owner, self.pictures.get(owner.id, ())))

    @property
    def sample_id(self) -> str | None:
        """The asset that shows the style it is drawn in, if the style has one."""
        manner = manner_of(self.workspace, self.scene, self.shot, self.looks)
        return manner.sample_asset_id if manner is not None else None

    def asset(self, node: Node | None) -> AssetRef | None:
        """The bytes of a node, if it has any."""
        return self.assets.get(node.asset_id) if node is not None and node.asset_id else None


@dataclass(frozen=True)
class EpisodeView:
    """An episode as its cut sees it: every shot in order with what it has selected."""

    workspace: Workspace
    episode: Episode
    script: Script | None
    shots: tuple[ShotView, ...]
    # The newest node of each stage that the episode owns itself (music, film).
    latest: Mapping[str, Node] = field(default_factory=dict)
    assets: Mapping[str, AssetRef] = field(default_factory=dict)
    takes: Mapping[str, int] = field(default_factory=dict)

    def asset(self, node: Node | None) -> AssetRef | None:
        """The bytes of a node, if it has any."""
        return self.assets.get(node.asset_id) if node is not None and node.asset_id else None


def effective(
    workspace: Workspace,
    scene: Scene,
    shot: WorkItem,
    cast: Iterable[tuple[Cast, Character]],
    looks: Sequence[SceneLook] = (),
) -> FrameSpec:
    """The frame a shot asks for: the shot's own words first, then the scene's, then its place's look, then the project's."""
    picture, profile = shot.spec.picture, workspace.profile
    speakers = {line.speaker for line in shot.spec.lines.values()}
    place = look_of_place(place_of(scene, shot), looks)
    manner = manner_of(workspace, scene, shot, looks) or Manner()
    return FrameSpec(
        subject=picture.subject,
        place=place_of(scene, shot) or "",
        time=_first(picture, scene, place, "time") or "day",
        weather=_first(picture, scene, place, "weather") or "clear",
        mood=_first(picture, scene, None, "mood") or profile.mood,
        style=_first(picture, scene, place, "style") or profile.style,
        palette=_first(picture, scene, place, "palette") or profile.palette,
        props=picture.props,
        size=shot.spec.camera.size,
        angle=shot.spec.camera.angle,
        composition=picture.composition,
        figures=tuple(
            Figure(
                name=person.name,
                look=look_in_shot(person, shot),
                action=part.action,
                emotion=part.emotion,
                speaking=person.name in speakers,
            )
            for part, person in cast
        ),
        light=place.spec.light if place else "",
        details=tuple(_detail(look) for look in looks_of_shot(scene, shot, looks) if look.spec.description),
        anchor=shot.spec.continuity,
        filming=manner.filming,
        avoid=manner.avoid,
    )


def manner_of(workspace: Workspace, scene: Scene, shot: WorkItem, looks: Sequence[SceneLook]) -> Manner | None:
    """What belongs to the style a shot is drawn in: it comes from whoever says the style."""
    place = look_of_place(place_of(scene, shot), looks)
    if shot.spec.picture.style:
        return shot.spec.picture.manner
    if scene.spec.style and shot.spec.picture.style is None:
        return scene.spec.manner
    said = _first(shot.spec.picture, scene, place, "style")
    return None if said else workspace.profile.manner


def _first(picture: PictureSpec, scene: Scene, look: SceneLook | None, name: str) -> Any:
    said = (getattr(picture, name), getattr(scene.spec, name), getattr(look.spec, name) if look is not None else None)
    return next((value for value in said if value is not None), None)


def _detail(look: SceneLook) -> str:
    return f"{look.name}: {look.spec.description}"
