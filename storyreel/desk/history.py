"""What Temporal kept of a run: fetched, read into steps that people understand, and gone through again with the code at hand."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowHistory
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from storyreel.desk.plugin import plugin
from storyreel.desk.runs import failures_named
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput

# Loaded by name when a history is gone through again: the house does not know its ways in.
WORKFLOWS = {
    "ShotRender": "workflows.shot",
    "EpisodeCut": "workflows.cut",
    "SheetRender": "workflows.sheet",
    "RenderDesk": "workflows.desk",
    "ScheduledAsk": "workflows.scheduled",
}
# A run of a few thousand events is more than anybody reads.
MOST_STEPS = 1000
StepState = Literal["made", "failed", "cancelled", "timed out", "running", "waiting", "heard", "answered", "turned down"]


class Step(Frozen):
    """One thing of a run: a stage or other activity, a wait, or what a person told it.

    `attempts` counts the tries so far; `worker` is the process that made the last one, `failure` why it or the try before failed.
    """

    kind: Literal["activity", "timer", "signal", "update", "cancel"]
    name: str
    summary: str = ""
    state: StepState
    at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    attempts: int = 0
    worker: str = ""
    failure: str = ""
    said: Any = None


class RunStory(Frozen):
    """A run as Temporal tells it. `build` is the worker's version that it is on; empty where workers say none.

    `order` is what it was given, `result` how it says that it ended.
    """

    workflow_id: str
    run_id: str
    workflow: str
    title: str = ""
    status: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    events: int = 0
    build: str = ""
    workers: tuple[str, ...] = ()
    failure: str = ""
    order: Any = None
    result: Any = None
    steps: tuple[Step, ...] = ()


class Replayed(Frozen):
    """Whether the code at hand goes the way that a run went; if not, where it parts from it, in words."""

    workflow_id: str
    workflow: str
    events: int
    same: bool
    said: str


async def fetch(client: Client, workflow_id: str, run_id: str | None = None) -> WorkflowHistory:
    """The history of a run.

    Raises:
        NotFound: Temporal does not know it (any more).
        Unavailable: Temporal is away.
    """
    with failures_named():
        return await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()


async def story(client: Client, workflow_id: str) -> RunStory:
    """What Temporal kept of a run, with what is under way now.

    Raises:
        NotFound: Temporal does not know it (any more).
        Unavailable: Temporal is away.
    """
    with failures_named():
        described = (await client.get_workflow_handle(workflow_id).describe()).raw_description
    history = await fetch(client, workflow_id, described.workflow_execution_info.execution.run_id)
    return _with_now(read(history), described)


def read(history: WorkflowHistory) -> RunStory:
    """The steps of a run in the order in which they were asked for."""
    first, last = history.events[0], history.events[-1]
    began = first.workflow_execution_started_event_attributes
    steps: dict[int, Step] = {}
    for event in history.events:
        _take(steps, event)
    return RunStory(
        workflow_id=history.workflow_id,
        run_id=history.run_id,
        workflow=began.workflow_type.name,
        title=_word(first.user_metadata.summary),
        began_at=_time(first.event_time),
        ended_at=_time(last.event_time) if last.event_type in ENDS else None,
        status=ENDS.get(last.event_type, "running"),
        events=len(history.events),
        build=_build(history.events),
        workers=tuple(sorted({name for event in history.events if (name := _worker(event))})),
        failure=_failure(last.workflow_execution_failed_event_attributes.failure),
        order=_words(began.input),
        result=_words(last.workflow_execution_completed_event_attributes.result),
        steps=tuple(steps.values())[:MOST_STEPS],
    )


async def replay(history: WorkflowHistory) -> Replayed:
    """Go through a history again with the workflows at hand.

    Raises:
        BadInput: it is not a run of ours.
    """
    name = history.events[0].workflow_execution_started_event_attributes.workflow_type.name
    if name not in WORKFLOWS:
        raise BadInput(f"{name!r} is no workflow of ours; there are {', '.join(WORKFLOWS)}")
    workflow = getattr(importlib.import_module(WORKFLOWS[name]), name)
    told: dict[str, Any] = {"workflow_id": history.workflow_id, "workflow": name, "events": len(history.events)}
    try:
        await Replayer(workflows=[workflow], plugins=[plugin()], runtime=_quiet()).replay_workflow(history)
    except NondeterminismError as parted:
        return Replayed(**told, same=False, said=_parted(str(parted), history.events))
    return Replayed(**told, same=True, said=f"All {len(history.events)} events go the same way.")


@cache
def _quiet() -> Runtime:
    """A runtime whose core says nothing on the standard output: what differs is told in the answer."""
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=TelemetryFilter(core_level="OFF", other_level="OFF"))))


def from_json(text: str, name: str = "file") -> WorkflowHistory:
    """A history as `temporal workflow show --output json` wrote it.

    Raises:
        BadInput: it is none.
    """
    try:
        told = json.loads(text)
        execution = told["events"][0]["workflowExecutionStartedEventAttributes"]
        return WorkflowHistory.from_json(str(execution.get("workflowId") or name), told)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as wrong:
        raise BadInput(
            f"{name} is no history; write one with `temporal workflow show --workflow-id ... --output json`"
        ) from wrong


# How the SDK's core words it: Failure { message: "[TMPRL1100] Nondeterminism error: ...", source: ... }
SENTENCE = re.compile(r"[Nn]ondeterminism error: (.*?)(?:\", source:|$)", re.DOTALL)
NUMBER = re.compile(r"HistoryEvent\(id: (\d+)")
ENDS: dict[int, str] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed out",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "cancelled",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continued as new",
}
ENDED: dict[int, StepState] = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: "made",
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: "failed",
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: "timed out",
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: "cancelled",
    EventType.EVENT_TYPE_TIMER_FIRED: "made",
    EventType.EVENT_TYPE_TIMER_CANCELED: "cancelled",
}


def _take(steps: dict[int, Step], event: HistoryEvent) -> None:
    """Note what one event tells of the steps; the key of a step is the number of the event that began it."""
    began = _begun(event)
    if began is not None:
        steps[event.event_id] = began
    elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
        told = event.activity_task_started_event_attributes
        facts = {"began_at": _time(event.event_time), "attempts": told.attempt, "worker": told.identity}
        _note(steps, told.scheduled_event_id, **facts, failure=_failure(told.last_failure))
    elif event.event_type in ENDED:
        told = _attributes(event)
        of = getattr(told, "scheduled_event_id", 0) or getattr(told, "started_event_id", 0)
        why = _failure(told.failure) if hasattr(told, "failure") else ""
        facts = {"state": ENDED[event.event_type], "ended_at": _time(event.event_time)}
        _note(steps, of, **facts, **({"failure": why} if why else {}))
    elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
        told = event.workflow_execution_update_completed_event_attributes
        state: StepState = "turned down" if told.outcome.HasField("failure") else "answered"
        _note(steps, told.accepted_event_id, state=state, ended_at=_time(event.event_time))


def _begun(event: HistoryEvent) -> Step | None:
    """The step that an event begins, if it begins one."""
    at = _time(event.event_time)
    assert at is not None, "every event has its time"
    summary = _word(event.user_metadata.summary)
    match event.event_type:
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            name = event.activity_task_scheduled_event_attributes.activity_type.name
            return Step(kind="activity", name=name, summary=summary, state="waiting", at=at)
        case EventType.EVENT_TYPE_TIMER_STARTED:
            wait_s = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta().total_seconds()
            return Step(kind="timer", name=f"waits {wait_s:g} s", summary=summary, state="waiting", at=at)
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            told = event.workflow_execution_signaled_event_attributes
            said, who = _words(told.input), told.identity
            return Step(kind="signal", name=told.signal_name, state="heard", at=at, worker=who, said=said)
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            asked = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
            return Step(kind="update", name=asked.name, state="heard", at=at, said=_words(asked.args))
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED:
            told = event.workflow_execution_cancel_requested_event_attributes
            return Step(kind="cancel", name="cancel", summary=told.cause, state="heard", at=at, worker=told.identity)
        case _:
            return None


def _note(steps: dict[int, Step], of: int, **facts: Any) -> None:
    if of in steps:
        steps[of] = steps[of].model_copy(update=facts)


def _with_now(told: RunStory, described: DescribeWorkflowExecutionResponse) -> RunStory:
    """With the tries that the history does not tell of yet: an activity's start is written down when it has ended."""
    pending: Mapping[str, PendingActivityInfo] = {one.activity_type.name: one for one in described.pending_activities}
    steps = tuple(_now(step, pending.get(step.name)) if step.state == "waiting" else step for step in told.steps)
    info = described.workflow_execution_info.versioning_info
    return told.model_copy(update={"steps": steps, "build": info.deployment_version.build_id or told.build})


def _now(step: Step, pending: PendingActivityInfo | None) -> Step:
    if pending is None or step.kind != "activity":
        return step
    return step.model_copy(
        update={
            "state": "running"
            if pending.HasField("last_started_time") and not pending.HasField("next_attempt_schedule_time")
            else "waiting",
            "attempts": pending.attempt,
            "began_at": _time(pending.last_started_time) if pending.HasField("last_started_time") else None,
            "worker": pending.last_worker_identity,
            "failure": _failure(pending.last_failure),
        }
    )


def _parted(said: str, events: Sequence[HistoryEvent]) -> str:
    """Where the code goes another way: the SDK's sentence without its wrapping, and the step of the run that it is about."""
    match = SENTENCE.search(said)
    sentence = match[1] if match else said
    number = NUMBER.search(sentence)
    at = next((event for event in events if number and event.event_id == int(number[1])), None)
    begun = _begun(at) if at is not None else None
    where = f" at event {at.event_id}{f', {begun.kind} {begun.name}' if begun else ''}" if at is not None else ""
    return f"It goes another way{where}: {sentence}"


def _build(events: Sequence[HistoryEvent]) -> str:
    builds = [
        told.deployment_version.build_id or told.worker_version.build_id
        for event in events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        and (told := event.workflow_task_completed_event_attributes).deployment_version.build_id
    ]
    return builds[-1] if builds else ""


def _worker(event: HistoryEvent) -> str:
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            return event.workflow_task_completed_event_attributes.identity
        case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
            return event.activity_task_started_event_attributes.identity
        case _:
            return ""


def _attributes(event: HistoryEvent) -> Any:
    return getattr(event, str(event.WhichOneof("attributes")))


def _failure(failure: Failure) -> str:
    """Why it failed: the innermost reason, with its code."""
    inner = failure
    while inner.HasField("cause"):
        inner = inner.cause
    code = inner.application_failure_info.type
    return f"{code}: {inner.message}" if code and inner.message else inner.message


def _time(stamp: Timestamp) -> datetime | None:
    return stamp.ToDatetime(UTC) if stamp.ByteSize() else None


def _words(payloads: Payloads) -> Any:
    said = [_plain(one) for one in payloads.payloads]
    return said[0] if len(said) == 1 else said or None


def _plain(payload: Payload) -> Any:
    try:
        return json.loads(payload.data) if payload.data else None
    except ValueError:
        return None


def _word(payload: Payload) -> str:
    said = _plain(payload)
    return said if isinstance(said, str) else ""
