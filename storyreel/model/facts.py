"""What is known beside the rows: commits, named places in the log, tasks, how a node came to be, what a change reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from storyreel.model.base import AssetRef
from storyreel.model.ops import Op
from storyreel.model.rows import Node

Period = Literal["always", "month"]


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
class ScheduleFacts:
    """What is done at a time: a cron line or a moment, the actions, whose right it is done with, and what came of it last."""

    workspace_id: UUID
    id: UUID
    title: str
    cron: str
    at: datetime | None
    time_zone: str
    state: str
    asked_by: str
    actions: tuple[Mapping[str, Any], ...]
    role: int = 0
    last_at: datetime | None = None
    last_said: str = ""


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
    # Every batch that it stands for a wish of.
    batches: tuple[UUID, ...] = ()
    # What was given up for it with a person's leave: [{stage, field, asked, given, why}], and the leave itself: {allowed, by}.
    adjusted: tuple[Mapping[str, Any], ...] = ()

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


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """A budget that was set, and how it stands, in US dollars.

    `person` is empty for the whole workspace. Above `ask_usd` a person is asked first, above `limit_usd` nothing is bought; either may
    be unset. `promised_usd` is what open tasks were quoted and have not reserved yet.
    """

    person: str
    period: Period
    limit_usd: Decimal | None = None
    ask_usd: Decimal | None = None
    reserved_usd: Decimal = Decimal(0)
    spent_usd: Decimal = Decimal(0)
    promised_usd: Decimal = Decimal(0)

    @property
    def used_usd(self) -> Decimal:
        """What was spent, is held or is promised."""
        return self.spent_usd + self.reserved_usd + self.promised_usd

    @property
    def left_usd(self) -> Decimal | None:
        """What may still be asked for, at least 0; None without a limit."""
        return None if self.limit_usd is None else max(self.limit_usd - self.used_usd, Decimal(0))

    def data(self) -> dict[str, Any]:
        """As plain data."""
        sums = {"limit_usd": self.limit_usd, "ask_usd": self.ask_usd, "spent_usd": self.spent_usd, "held_usd": self.reserved_usd}
        more = {"promised_usd": self.promised_usd, "left_usd": self.left_usd}
        told = {name: None if usd is None else float(usd) for name, usd in {**sums, **more}.items()}
        return {"person": self.person, "period": self.period, **told}


@dataclass(frozen=True)
class MoneyFacts:
    """What was spent, in US dollars: in all and this month, what is held, and how each budget stands.

    `over_usd` is what vendors took beyond every limit; `unpriced` calls of a model cost something that is not known. `lines` are the
    groups that were asked for, the dearest first.
    """

    month: str
    spent_usd: Decimal = Decimal(0)
    held_usd: Decimal = Decimal(0)
    over_usd: Decimal = Decimal(0)
    month_usd: Decimal = Decimal(0)
    unpriced: int = 0
    budgets: tuple[BudgetFacts, ...] = ()
    by: str = "all"
    lines: tuple[Mapping[str, Any], ...] = ()

    def data(self) -> dict[str, Any]:
        """As plain data."""
        sums = {name: float(getattr(self, name)) for name in ("spent_usd", "held_usd", "over_usd", "month_usd")}
        budgets = [one.data() for one in self.budgets]
        return {
            "month": self.month,
            **sums,
            "unpriced": self.unpriced,
            "budgets": budgets,
            "by": self.by,
            "lines": list(self.lines),
        }


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person: a task that needs a decision, a call of which nobody knows, or pictures to choose from.

    `said` is what happened and why, in words; `cost_usd` what its calls cost so far, `held_usd` what is still held for them; `capability`
    and `provider` whose call it was. `proposal` is the one that was made to mend it. `job_id` is that of the unknown call.
    """

    kind: Literal["task", "job", "choice"]
    since: datetime
    code: str = ""
    said: str = ""
    task_id: UUID | None = None
    task_kind: str = ""
    state: str = ""
    work_item_id: UUID | None = None
    episode_id: UUID | None = None
    number: int | None = None
    title: str = ""
    stage: str = ""
    job_id: UUID | None = None
    provider: str = ""
    capability: str = ""
    cost_usd: float = 0.0
    held_usd: float = 0.0
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """All that waits for a person, the oldest first, how many proposals are open, and which providers are held: {provider: by whom}."""

    waiting: tuple[Waiting, ...] = ()
    proposals: int = 0
    held: Mapping[str, str] = field(default_factory=dict[str, str])
