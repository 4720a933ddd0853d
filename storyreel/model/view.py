"""Views: the part of the graph that a plan, a stage or a reader was given, as values.

A `GraphView` holds rows by table and knows the numbers that people use; `ShotView` and `EpisodeView` are what a stage sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from storyreel.model.base import AssetRef
from storyreel.model.errors import Conflict, NotFound
from storyreel.model.facts import (
    Elsewhere,
    LoggedCommit,
    MoneyFacts,
    NodeFacts,
    ReviewFacts,
    ScheduleFacts,
    SnapshotFacts,
    TaskFacts,
    Touched,
)
from storyreel.model.frames import effective, manner_of
from storyreel.model.ids import derive
from storyreel.model.looks import looks_of_shot, pictures_of
from storyreel.model.ops import BrokenOp, Op, apply
from storyreel.model.ran import RanFacts
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
from storyreel.model.spec import FrameSpec

T = TypeVar("T", bound=Row)
Rows = Mapping[str, Mapping[UUID, Row]]


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
    schedules: tuple[ScheduleFacts, ...] = ()
    assets: Mapping[str, AssetRef] = field(default_factory=dict)
    # What waits for a person, where that was asked for.
    review: ReviewFacts = field(default_factory=ReviewFacts)
    # What each search found, by what was looked for.
    found: Mapping[Any, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    # How the loaded nodes came to be, where that was asked for.
    facts: Mapping[UUID, NodeFacts] = field(default_factory=dict)
    # Nodes of other workspaces, by id, where that was asked for.
    elsewhere: Mapping[UUID, Elsewhere] = field(default_factory=dict)
    # The shots of every episode that what was asked for reaches (`Reads.touches`).
    touched: Mapping[tuple[str, ...], tuple[Touched, ...]] = field(default_factory=dict)
    # Runs by the words that name them, where that was asked for.
    ran: Mapping[str, RanFacts] = field(default_factory=dict)
    # What was spent and how the budgets stand, where that was asked for.
    money: MoneyFacts | None = None

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
class Followed:
    """The shot whose last frame another one begins with: its number, and the clip that it has selected."""

    shot_id: UUID
    number: int
    clip: Node | None = None


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
    # The shot that it continues from.
    follows: Followed | None = None

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

    def provider(self, capability: str) -> str:
        """Who is pinned for it: by a person for this shot, else for the project; empty where routing may choose."""
        return self.shot.spec.providers.get(capability, "") or self.workspace.profile.providers.get(capability, "")

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
