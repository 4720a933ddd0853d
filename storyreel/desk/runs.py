"""Runs and desks, from outside: start, find, ring, signal, choose, cancel. A workflow is named here by its words, never imported."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import get_args
from uuid import UUID

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from storyreel.desk.plugin import is_build
from storyreel.model.errors import BadInput, Conflict, NotFound, Unavailable
from storyreel.pipeline.contract import (
    Board,
    Choice,
    Counts,
    DeskSignal,
    DeskState,
    RunKind,
    RunOrder,
    Verb,
    desk_id,
    run_id,
    task_queue,
)
from storyreel.runtime.metrics import BELLS

WORKFLOW_OF: dict[RunKind, str] = {"shot": "ShotRender", "cut": "EpisodeCut", "sheet": "SheetRender"}
WORKSPACE, WORK_ITEM, TASK = (SearchAttributeKey.for_keyword(name) for name in ("WorkspaceId", "WorkItemId", "TaskId"))
TITLE = SearchAttributeKey.for_text("Title")
WORD = re.compile(r"\w+")
# PostgreSQL takes words of up to two thousand bytes.
LONGEST_WORD = 100
AWAY = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.CANCELLED)


async def ring(client: Client, workspace_id: UUID) -> None:
    """Say that there may be something to do; starts the desk where there is none.

    Raises:
        Unavailable: Temporal is away; the sweep rings again.
    """
    await _tell_desk(client, workspace_id, "ring", [])
    BELLS.inc()


async def signal_desk(client: Client, workspace_id: UUID, verb: Verb, signal: DeskSignal) -> None:
    """Give the desk a command, which it carries out as a commit.

    Raises:
        Unavailable: Temporal is away, and the command was not heard.
    """
    await _tell_desk(client, workspace_id, verb, [signal])


async def counts(client: Client, workspace_id: UUID) -> Counts:
    """What the desk last saw.

    Raises:
        NotFound: nothing was ever rendered in this workspace.
    """
    with failures_named():
        return await client.get_workflow_handle(desk_id(workspace_id)).query("counts", result_type=Counts)


async def start_run(client: Client, order: RunOrder) -> bool:
    """Start a run by its id; False when it was started before, by whomever."""
    with failures_named():
        try:
            await client.start_workflow(
                WORKFLOW_OF[order.kind],
                order,
                id=order.workflow_id,
                task_queue=task_queue("desk"),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=order.title or None,
                static_details=_details(order),
                search_attributes=_attributes(order),
                priority=Priority(priority_key=priority_key(order.priority), fairness_key=str(order.workspace_id)),
                # A worker is given its own client's run at once, whichever build is the current one.
                request_eager_start=not is_build(client),
            )
        except WorkflowAlreadyStartedError:
            return False
    return True


async def cancel_run(client: Client, kind: RunKind, named_by: UUID, run: int) -> bool:
    """Ask a run to stop and clean up; False when it is not there or has ended.

    Raises:
        Unavailable: Temporal is away; the sweep asks again.
    """
    with contextlib.suppress(NotFound), failures_named():
        await client.get_workflow_handle(run_id(kind, named_by, run)).cancel()
        return True
    return False


async def board(client: Client, kind: RunKind, named_by: UUID, run: int) -> Board:
    """Where a run stands.

    Raises:
        NotFound: there is no such run.
        Unavailable: Temporal is away, or no worker serves the desk's queue.
    """
    with failures_named():
        return await client.get_workflow_handle(run_id(kind, named_by, run)).query("board", result_type=Board)


async def choose(client: Client, owner_id: UUID, run: int, choice: Choice) -> Board:
    """Choose one of the pictures a shot's run waits for.

    Raises:
        BadInput: it is not one of them.
        Conflict: nothing waits for a choice, or it has been made.
        NotFound: the run is not there or has ended.
        Unavailable: Temporal is away.
    """
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(run_id("shot", owner_id, run))
    with failures_named():
        try:
            return await handle.execute_update("choose", choice, result_type=Board)
        except WorkflowUpdateFailedError as failure:
            cause = failure.cause
            if isinstance(cause, ApplicationError):
                raise (BadInput if cause.type == "bad-input" else Conflict)(cause.message) from failure
            raise Conflict("The run ended before the choice was heard.") from failure


async def look_again(client: Client, named_by: UUID, run: int, kind: RunKind = "shot") -> None:
    """Tell a run that a picture was chosen by another way, or a provider let go; it means nothing to one that does not wait, or has ended.

    Raises:
        Unavailable: Temporal is away.
    """
    with contextlib.suppress(NotFound), failures_named():
        await client.get_workflow_handle(run_id(kind, named_by, run)).signal("look_again")


def priority_key(priority: int) -> int:
    """Temporal's priority, 1 (first) to 5, from ours, 0 to 100 (first); 50 is the middle of both."""
    return 5 - min(4, priority // 20)


@contextmanager
def failures_named() -> Generator[None]:
    """Turn Temporal's answers into `NotFound` and `Unavailable`; every other failure passes as it is."""
    try:
        yield
    except RPCError as failure:
        if failure.status is RPCStatusCode.NOT_FOUND:
            raise NotFound("Temporal knows no such run; it has ended or never began.") from failure
        if failure.status in AWAY:
            raise Unavailable("Temporal is away for the moment; nothing was lost.") from failure
        raise
    except RuntimeError as failure:
        # A client that connects on first use says so in these words.
        if "client connect" not in str(failure):
            raise
        raise Unavailable("Temporal is away for the moment; nothing was lost.") from failure


async def _tell_desk(client: Client, workspace_id: UUID, signal: str, args: list[DeskSignal]) -> None:
    with failures_named():
        await client.start_workflow(
            "RenderDesk",
            DeskState(workspace_id=workspace_id),
            id=desk_id(workspace_id),
            task_queue=task_queue("desk"),
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=signal,
            start_signal_args=args,
            static_summary="The desk: claims what is to be rendered, and starts it",
            static_details=f"- workspace `{workspace_id}`\n- signals: {', '.join(get_args(Verb))}",
            search_attributes=TypedSearchAttributes([SearchAttributePair(WORKSPACE, str(workspace_id))]),
        )


def _attributes(order: RunOrder) -> TypedSearchAttributes:
    pairs = [SearchAttributePair(WORKSPACE, str(order.workspace_id)), SearchAttributePair(TASK, str(order.task_id))]
    pairs += [SearchAttributePair(WORK_ITEM, str(order.owner_id))] if order.kind != "cut" else []
    pairs += [SearchAttributePair(TITLE, words)] if (words := words_of(order.title)) else []
    return TypedSearchAttributes(pairs)


def words_of(title: str) -> str:
    """The words of a title, to be found by. Temporal on PostgreSQL loses a run from its list where there are signs between them."""
    return " ".join(word[:LONGEST_WORD] for word in WORD.findall(title))


def _details(order: RunOrder) -> str:
    owner = {"shot": "shot", "cut": "episode", "sheet": "of"}[order.kind]
    return "\n".join(
        [
            f"Stages: {', '.join(order.stages)}",
            "",
            f"- {owner} `{order.owner_id}`, run {order.run}",
            f"- task `{order.task_id}`",
            f"- workspace `{order.workspace_id}`",
        ]
    )
