"""The shapes of the API's own requests and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from agent.types import Attachment, Focus, Mode, RoleName
from storyreel.model.rows import Profile
from storyreel.model.spec import Language

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A page of a list. `next` is given back as `cursor` for the page after; None on the last."""

    items: list[T]
    next: str | None = None


class NewWorkspace(BaseModel):
    """A project to start."""

    name: str = Field(min_length=1, max_length=200)
    language: Language = "en"
    fps: int = Field(default=24, ge=1, le=60)
    profile: Profile = Profile()
    kind: Literal["narrative_project", "draft_space"] = "narrative_project"


class WorkspaceFacts(BaseModel):
    """A project in a list."""

    id: UUID
    name: str
    kind: str
    state: str
    revision: int
    fps: int
    created_at: datetime
    shots: int = 0
    finished: int = 0
    in_work: int = 0
    percent: float = 0.0


class ChatMessage(BaseModel):
    """A message. Without a conversation it goes to the project's own, and in pro mode to that of the track or shot it is bound to."""

    text: str = Field(default="", max_length=2_000_000)
    conversation: UUID | None = None
    attachments: list[Attachment] = Field(default=[], max_length=50)
    focus: Focus = Focus()
    mode: Mode = "agent"
    role: RoleName = Field(default="", description="Who the agent speaks as; empty is the whole crew.")
    work_item: UUID | None = Field(
        default=None, description="The shot or draft that it is about; in pro mode nothing else is touched."
    )
    track: UUID | None = None
    node: UUID | None = None
    episode: UUID | None = None


class TaskOut(BaseModel):
    """A task as the API tells it. Progress 0 to 100, remaining time in seconds."""

    id: UUID
    kind: str
    work_item_id: UUID | None
    episode_id: UUID | None
    shot: int | None
    state: str
    stage: str
    stages: list[str]
    progress: float
    remaining_s: float
    batch_id: UUID | None
    note: str
    error: dict[str, Any] | None
    adjusted: list[dict[str, Any]] = Field(
        default=[], description="What was given up for it with a person's leave: {stage, field, asked, given, why}."
    )
    workflow_id: str | None = Field(description="The run's id in Temporal, once it was started.")


class BatchOut(BaseModel):
    """A batch with its counts: `total` is done, failed, review, cancelled, running, waiting and paused together.

    `skipped` shots were left out (locked, approved) and `to_ask` are not asked for yet; neither has a task. `absorbed` of the tasks
    waited already and took the wish in.
    """

    id: UUID
    title: str
    asked_by: str
    reason: str
    selector: dict[str, Any] = Field(default={}, description="What was asked for: the action and its arguments.")
    schedule_id: UUID | None = None
    total: int
    done: int
    failed: int
    review: int
    cancelled: int
    running: int
    waiting: int
    paused: int
    absorbed: int
    skipped: dict[str, int]
    to_ask: int
    percent: float
    created_at: datetime


class WaitsOut(BaseModel):
    """Tasks of a batch that wait for the same thing, with the numbers of the first shots among them."""

    why: str
    said: str
    tasks: int
    shots: list[int]


class BatchProgress(BatchOut):
    """How a batch stands: stages of what runs, tasks a minute lately, the remaining time in seconds, what waits and for what."""

    stages: dict[str, int]
    rate_per_min: float | None = Field(description="None while too few have ended lately to tell.")
    remaining_s: float | None = Field(description="None once nothing is open.")
    waits: list[WaitsOut]
    held_providers: list[str]


class AssetOut(BaseModel):
    """An asset's facts."""

    id: str
    media_type: str
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None


class ChoiceIn(BaseModel):
    """A choice among the pictures a run waits with."""

    node: UUID
