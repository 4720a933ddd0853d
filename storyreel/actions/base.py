"""What an action is: a frozen model with a policy and a pure plan.

Three kinds: a change goes through `commits.perform`, a query returns data, a ui action travels in the event stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AliasChoices, Field

from storyreel.actions.reads import Reads
from storyreel.model.base import Frozen
from storyreel.model.facts import Period
from storyreel.model.ops import Op, change, insert
from storyreel.model.rows import Row
from storyreel.model.sheet import Sheet
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import RunKind

Shots = Annotated[
    str,
    Field(
        min_length=1,
        description="Which shots, by the numbers the person sees: '3', '2-5', '1,4,7-9', 'last', 'all', 'scene 2', a label, "
        "a character's name as 'with Anna', or '$name' for a shot that an earlier action of this envelope made.",
    ),
]
Shot = Annotated[
    str, Field(min_length=1, description="One shot: its number as the person sees it, 'last', its label, or '$name'.")
]
SceneRef = Annotated[str, Field(min_length=1, description="One scene: its number from 1, 'last', its title, or '$name'.")]


class Role(IntEnum):
    """What an actor may do; each role may all that the ones before it may."""

    viewer = 0
    editor = 10
    owner = 20


class Consent(StrEnum):
    """When a person is asked before an action is carried out."""

    never = "never"
    # Asked when it writes over, or renders, more than one shot.
    many = "many"
    always = "always"


# Drafts are talked of in a mode of their own; what is not about a story is for all of them.
EVERY_MODE = frozenset({"agent", "pro", "draft"})


class Kind(StrEnum):
    """What becomes of an action."""

    change = "change"
    query = "query"
    ui = "ui"


@dataclass(frozen=True)
class Policy:
    """The rules of an action. `modes` are the modes of talk that may use it."""

    role: Role = Role.editor
    consent: Consent = Consent.never
    undo: bool = True
    kind: Kind = Kind.change
    modes: frozenset[str] = frozenset({"agent", "pro"})


class Render(Frozen):
    """A wish for a render: stages of one shot, the cut of an episode, or a sheet of a shot, draft, character or look.

    `takes` names the stages that take a new take.
    """

    kind: RunKind
    episode_id: UUID | None = None
    work_item_id: UUID | None = None
    character_id: UUID | None = None
    scene_look_id: UUID | None = None
    stages: tuple[str, ...]
    takes: dict[str, int] = {}
    priority: int = Field(default=50, ge=0, le=100)
    sheet: Sheet | None = None

    @property
    def owner_id(self) -> UUID:
        """What it is a render of."""
        owner = self.work_item_id or self.character_id or self.scene_look_id or self.episode_id
        assert owner is not None, "a render is of something"
        return owner


class TaskChange(Frozen):
    """A wish to move tasks to another state, or, with `priority`, to render them sooner or later."""

    verb: Literal["cancel", "retry", "pause", "resume", "prioritise"]
    tasks: tuple[UUID, ...]
    priority: int | None = Field(default=None, ge=0, le=100)


class DeskChange(Frozen):
    """A wish to pause or resume the whole workspace, or to change how many renders run at once."""

    paused: bool | None = None
    concurrency: int | None = Field(default=None, ge=1, le=1000)


class BudgetChange(Frozen):
    """A wish to set what may be spent, by the workspace or by one person; with neither sum there is no such budget any more."""

    person: str = ""
    period: Period = "always"
    limit_usd: float | None = None
    ask_usd: float | None = None


class ReviewChange(Frozen):
    """A person's decision on what waits: go without tasks, allow them to be made smaller, or say whether unknown calls were charged."""

    verb: Literal["skip", "smaller", "charged", "not_charged"]
    tasks: tuple[UUID, ...] = ()
    jobs: tuple[UUID, ...] = ()


class ProviderChange(Frozen):
    """A wish to hold a provider in this workspace, or to let it go."""

    provider: str
    held: bool
    reason: str = ""


class SnapshotWish(Frozen):
    """A wish to name the place that this commit leads to, or, with `number`, to rename the version that has it."""

    name: str
    note: str = ""
    number: int | None = None


class Adopt(Frozen):
    """A wish to make assets of another workspace known here, before the rows that name them."""

    source: UUID
    assets: tuple[str, ...]


class Asked(Frozen):
    """One action inside an envelope. `as` names what it makes, for later actions of the same envelope."""

    type: str
    args: dict[str, Any] = {}
    reason: str = ""
    name: str | None = Field(default=None, validation_alias=AliasChoices("as", "name"), serialization_alias="as")


class ScheduleChange(Frozen):
    """A wish to have actions done at a time (`at`, in words) or again and again (`cron`), or to cancel that.

    `time_zone` empty is that of the installation.
    """

    id: UUID
    title: str
    cron: str = ""
    at: str = ""
    time_zone: str = ""
    actions: tuple[Asked, ...] = ()
    state: Literal["active", "cancelled"] = "active"


class Said(Frozen):
    """One thing told to a person, by code and facts, so that it can be said in any language (see `actions.words`)."""

    code: str
    facts: dict[str, Any] = {}


@dataclass(frozen=True)
class Copy:
    """A wish for a new project made of this one: its rows in the order in which they are written, and its first renders.

    `before` is the copy without its substitutions, `ids` leads from the rows here to those there, `assets` may hold more than assets.
    """

    source: UUID
    workspace_id: UUID
    before: GraphView
    view: GraphView
    rows: tuple[Row, ...]
    ids: Mapping[UUID, UUID]
    assets: tuple[str, ...]
    renders: tuple[Render, ...]
    said: Said


Effect = (
    Render | TaskChange | DeskChange | BudgetChange | SnapshotWish | Adopt | Copy | ScheduleChange | ReviewChange | ProviderChange
)


@dataclass(frozen=True)
class Plan:
    """What an action would do: ops on the graph and effects beside it, with words for a person.

    `touched` are the shots it writes over or renders; `deletes` how many things it takes away; `made` is the row that later actions
    may refer to by the action's `as`; `undoes` is the commit that it takes back.
    """

    ops: tuple[Op, ...] = ()
    effects: tuple[Effect, ...] = ()
    summary: tuple[Said, ...] = ()
    skipped: tuple[Said, ...] = ()
    touched: tuple[UUID, ...] = ()
    deletes: int = 0
    made: UUID | None = None
    undoes: int | None = None


@dataclass
class Draft:
    """Collects the ops of one plan over a view; later steps see the earlier ones. A plan's own scratch pad."""

    view: GraphView
    ops: list[Op] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    summary: list[Said] = field(default_factory=list)
    skipped: list[Said] = field(default_factory=list)
    touched: list[UUID] = field(default_factory=list)
    deletes: int = 0
    made: UUID | None = None
    undoes: int | None = None
    _known: set[UUID] = field(default_factory=set[UUID])

    def insert(self, row: Row) -> None:
        """Bring a row into the graph."""
        self._add(insert(row))

    def change(self, row: Row, **fields: Any) -> bool:
        """Write fields of a row; False when nothing differs."""
        new = type(row).model_validate({**row.model_dump(), **fields})
        op = change(row, new)
        if op is not None:
            self._add(op)
        return op is not None

    def remove(self, row: Row) -> None:
        """Take a row out of the graph; it can be brought back."""
        self.change(row, removed=True)
        self.deletes += 1

    def want(self, effect: Effect) -> None:
        """Wish for work beside the graph."""
        self.effects.append(effect)

    def say(self, code: str, **facts: Any) -> None:
        """Tell the person what changes."""
        self.summary.append(Said(code=code, facts={**facts, **self._space()}))

    def skip(self, code: str, **facts: Any) -> None:
        """Tell the person what was left out, and why."""
        self.skipped.append(Said(code=code, facts={**facts, **self._space()}))

    def _space(self) -> dict[str, str]:
        """In a draft space a work item is called a draft, whatever the action."""
        return {"space": "draft"} if self.view.is_draft_space else {}

    def touch(self, shot_id: UUID) -> None:
        """Count a shot as written over or rendered."""
        if shot_id not in self._known:
            self._known.add(shot_id)
            self.touched.append(shot_id)

    def plan(self) -> Plan:
        """The plan as a value."""
        return Plan(
            ops=tuple(self.ops),
            effects=tuple(self.effects),
            summary=tuple(self.summary),
            touched=tuple(self.touched),
            deletes=self.deletes,
            made=self.made,
            skipped=tuple(self.skipped),
            undoes=self.undoes,
        )

    def _add(self, op: Op) -> None:
        self.ops.append(op)
        self.view = self.view.after([op])


class Action(Frozen):
    """One thing that can be asked. Its docstring is what the agent and the documentation read."""

    policy: ClassVar[Policy]
    aliases: ClassVar[tuple[str, ...]] = ()
    # Other names that stand for the action with some arguments given.
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # In some modes an argument may only be some of what it is elsewhere: {mode: {argument: values}}.
    narrows: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}
    # The argument that says which family an action belongs to, where it is of several.
    belongs: ClassVar[str] = ""
    # One sentence in Chinese and one in English that mean it.
    says: ClassVar[tuple[str, str]]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Refuse an action (a class with a `type`) without policy, docstring or example at import."""
        missing = [name for name in ("policy", "says") if name not in cls.__dict__]
        if "type" in cls.model_fields and (missing or not cls.__doc__):
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing) or 'a docstring'}")

    @classmethod
    def type_name(cls) -> str:
        """The action's type as it is asked for, for example `shot.split`."""
        return str(cls.model_fields["type"].default)

    @property
    def family(self) -> str:
        """The family that it belongs to as it is asked for: of scenes, of shots, of characters, ..."""
        return str(getattr(self, self.belongs)) if self.belongs else self.type_name().partition(".")[0]

    @property
    def needs(self) -> Role:
        """The role that it needs as it is asked for."""
        return self.policy.role

    @property
    def consent(self) -> Consent:
        """When a person is asked first, as it is asked for."""
        return self.policy.consent

    def reads(self) -> Reads:
        """What the plan must be shown."""
        return Reads()

    def plan(self, view: GraphView) -> Plan:
        """Ops and effects, from nothing but the view.

        Raises:
            BadInput: it cannot be done as asked; the message says what to do.
        """
        raise NotImplementedError

    def answer(self, view: GraphView) -> dict[str, Any]:
        """A query's data."""
        raise NotImplementedError


class Envelope(Frozen):
    """What is asked in one go: all of it is done, or none.

    `request_id` makes it safe to send twice. `mode` "propose" asks for a proposal whatever the policy says. `base_revision` is the
    revision the asker had read: where a field was changed since by someone else, it is refused and the answer says who.
    """

    request_id: UUID
    mode: Literal["execute", "propose"] = "execute"
    intent: str = ""
    actions: tuple[Asked, ...] = Field(min_length=1, max_length=2000)
    assistant_message: str = ""
    base_revision: int | None = Field(default=None, ge=0)
