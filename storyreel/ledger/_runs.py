"""The life of one run of a task: claimed by the desk, told by its stages, ended once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger._following import STUCK, tell_held
from storyreel.ledger._move import DEFAULT_CONCURRENCY, FACTS, move, to_facts
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.contract import Finish, RunOrder, StageDone

CAME_LATE = "the cancel came late"


async def claim(conn: AsyncConnection, workspace_id: UUID) -> list[RunOrder]:
    """Take the next tasks for as many runs as are free, and say what to start.

    Higher priority first, then the order of asking. One run a shot; a cut only when no shot task of its episode is open.
    """
    # Two desks that claim at once would each see the same free places.
    await sql.run(conn, "select pg_advisory_xact_lock(hashtextextended(cast(:workspace as text), 0))", workspace=workspace_id)
    found = await sql.rows(conn, CLAIM, workspace=workspace_id, default=DEFAULT_CONCURRENCY)
    await tell_held(conn, workspace_id)
    return [
        RunOrder(
            workspace_id=workspace_id,
            task_id=one["id"],
            kind=one["kind"],
            owner_id=one["work_item_id"] or one["character_id"] or one["scene_look_id"] or one["episode_id"],
            run=one["run"],
            stages=tuple(one["stages"]),
            priority=one["priority"],
            title=_title(one),
            trace=one["trace"],
        )
        for one in found
    ]


async def begin_stage(
    conn: AsyncConnection, workspace_id: UUID, task_id: UUID, stage: str, attempt: int = 1, *, run: int = 0
) -> TaskFacts | None:
    """Say that a run is at a stage, for the `attempt`-th time; None when the task is no longer wanted, or not by this run."""
    found = await sql.row(
        conn,
        f"""
        with moved as (
            update task set state = 'running', stage = :stage, attempt = :attempt, error = null, note = '', not_before = null
            where workspace_id = :workspace and id = :id and state in ('running', 'retry_pending') and :run in (0, run)
            returning *
        ), logged as (
            insert into task_event (workspace_id, task_id, kind, stage, data)
            select workspace_id, id, 'stage', stage, jsonb_build_object('attempt', attempt) from moved
        )
        select {FACTS} from moved t
        """,  # noqa: S608 - the columns are a constant
        workspace=workspace_id,
        id=task_id,
        stage=stage,
        attempt=attempt,
        run=run,
    )
    return to_facts(found) if found else None


async def progress(
    conn: AsyncConnection, workspace_id: UUID, task_id: UUID, percent: float, note: str = "", *, run: int = 0
) -> None:
    """Say how far the whole task is, 0 to 100, and what it is doing."""
    await _note(
        conn,
        workspace_id,
        task_id,
        "progress",
        percent=percent,
        note=note,
        data={"percent": round(percent, 1), "note": note},
        run=run,
    )


async def end_stage(
    conn: AsyncConnection, workspace_id: UUID, task_id: UUID, done: StageDone, percent: float | None = None, *, run: int = 0
) -> None:
    """Say how a stage ended, and how far the task is by that."""
    data = done.model_dump(mode="json", exclude_defaults=True)
    await _note(conn, workspace_id, task_id, "stage_done", percent=percent, note=done.note, data=data, run=run, stage=done.stage)


async def retrying(
    conn: AsyncConnection, workspace_id: UUID, task_id: UUID, error: Mapping[str, Any], *, in_s: float | None = None, run: int = 0
) -> None:
    """Say that a stage failed in passing and will be tried again, in about `in_s`; its run keeps its place."""
    await sql.run(
        conn,
        """
        with moved as (
            update task set state = 'retry_pending', error = cast(:error as jsonb),
                not_before = now() + make_interval(secs => coalesce(cast(:in_s as float8), 0))
            where workspace_id = :workspace and id = :id and state in ('running', 'retry_pending') and :run in (0, run)
            returning id, stage, attempt
        )
        insert into task_event (workspace_id, task_id, kind, stage, data)
        select :workspace, id, 'retry', stage,
            jsonb_build_object('attempt', attempt, 'error', cast(:error as jsonb), 'in_s', cast(:in_s as float8))
        from moved
        """,
        workspace=workspace_id,
        id=task_id,
        error=sql.json(error),
        in_s=in_s,
        run=run,
    )


async def finish(conn: AsyncConnection, end: Finish) -> bool:
    """Write the last state of a run, once; False when the task had ended already.

    A success that comes after a cancel stays a success and says so; any other end after a cancel is the cancel.
    """
    found = await sql.row(
        conn,
        """
        with said as (
            select cast(:outcome as text) as outcome, cast(:code as text) as code, cast(:detail as text) as detail,
                cast(:stage as text) as stage
        ), was as (
            select id, state = 'cancelling' as called_off from task
            where workspace_id = :workspace and id = :id and state in ('running', 'retry_pending', 'cancelling')
                and :run in (0, run)
            for update
        ), moved as (
            update task t
            set state = case when called_off and outcome <> 'succeeded' then 'cancelled' else cast(outcome as task_state) end,
                progress = case when outcome = 'succeeded' then 100 else t.progress end,
                error = case when code <> '' or detail <> '' then
                    jsonb_build_object('code', code, 'detail', detail, 'stage', said.stage) end,
                note = case when called_off and outcome = 'succeeded' then :late else t.note end,
                finished_at = now()
            from was, said where t.workspace_id = :workspace and t.id = was.id
            returning t.id, t.state, t.stage, t.error, t.note
        )
        insert into task_event (workspace_id, task_id, kind, stage, data)
        select :workspace, id, state::text, stage, jsonb_strip_nulls(jsonb_build_object('error', error, 'note', nullif(note, '')))
        from moved
        returning task_id
        """,
        workspace=end.workspace_id,
        id=end.task_id,
        outcome=end.outcome,
        code=end.code,
        detail=end.detail,
        stage=end.stage,
        late=CAME_LATE,
        run=end.run,
    )
    return found is not None


async def wanted(conn: AsyncConnection, workspace_id: UUID, task_id: UUID, *, run: int = 0) -> bool:
    """Whether a run of the task should go on: it is neither cancelled nor being cancelled, nor ended, nor another run's by now."""
    found = await sql.row(
        conn,
        """
        select state in ('running', 'retry_pending') and :run in (0, run) as yes from task
        where workspace_id = :workspace and id = :id
        """,
        workspace=workspace_id,
        id=task_id,
        run=run,
    )
    return bool(found and found["yes"])


async def held(conn: AsyncConnection, workspace_id: UUID) -> list[TaskFacts]:
    """The tasks that a run holds, so that a sweep can ask Temporal whether it knows their runs."""
    found = await sql.rows(
        conn,
        f"""
        select {FACTS} from task t
        where t.workspace_id = :workspace and t.state in ('running', 'retry_pending', 'cancelling') order by t.started_at, t.id
        """,  # noqa: S608 - as above
        workspace=workspace_id,
    )
    return [to_facts(one) for one in found]


async def requeue_lost(conn: AsyncConnection, workspace_id: UUID, lost_ids: Sequence[UUID]) -> list[TaskFacts]:
    """Tasks whose run is gone wait again; those that were being cancelled are cancelled."""
    again = await move(
        conn, workspace_id, lost_ids, was=("running", "retry_pending"), to="pending", event="retry", note="its run was lost"
    )
    return [*again, *await move(conn, workspace_id, lost_ids, was=("cancelling",), to="cancelled", closes=True)]


CLAIM = """
with room as (
    select case when coalesce(d.paused, false) then 0 else greatest(0, coalesce(d.concurrency, :default) - (
        select count(*) from task where workspace_id = :workspace and state in ('running', 'retry_pending', 'cancelling') and run > 0
    )) end as free
    from (select 1) one left join desk d on d.workspace_id = :workspace
), picked as (
    select t.id from task t
    where t.workspace_id = :workspace and t.state = 'pending' and (t.not_before is null or t.not_before <= now())
        -- One run a shot or cut, and of two that wait for the same the older first. A sheet changes no selection and waits for nothing.
        and (t.kind = 'sheet' or not exists (
            select from task o
            where o.workspace_id = t.workspace_id and o.work_item_id = t.work_item_id and o.kind = 'shot' and o.id <> t.id
                and (o.state in ('running', 'retry_pending', 'cancelling')
                    or (o.state = 'pending' and (o.created_at, o.id) < (t.created_at, t.id)))
        ))
        -- A shot that continues from another waits while that one is open, and where it needs a person.
        and not (t.kind = 'shot' and 'video' = any(t.stages) and exists (
            select from work_item w
            join work_item ahead on ahead.workspace_id = w.workspace_id and ahead.id = w.follows_id and not ahead.removed
            where w.workspace_id = t.workspace_id and w.id = t.work_item_id and exists (
                select from task o
                where o.workspace_id = ahead.workspace_id and o.work_item_id = ahead.id and o.kind = 'shot' and 'video' = any(o.stages)
                    and (o.state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling') or STUCK))
        ))
        and (t.kind <> 'cut' or not exists (
            select from task o
            where o.workspace_id = t.workspace_id and o.episode_id = t.episode_id and o.id <> t.id
                -- A film is cut when its shots are done, one cut at a time.
                and ((o.kind = 'shot' and o.state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling'))
                    or (o.kind = 'cut' and (o.state in ('running', 'retry_pending', 'cancelling')
                        or (o.state = 'pending' and (o.created_at, o.id) < (t.created_at, t.id)))))
        ))
    order by t.priority desc, t.created_at, t.id
    limit (select free from room)
    for update of t skip locked
), started as (
    -- Runs are numbered by shot, not by task: the number is part of the workflow's id. Sheets are numbered by their task.
    update task t
    set state = 'running', stage = '', progress = 0, attempt = 0, error = null, note = '', started_at = now(), finished_at = null,
        not_before = null,
        run = case when t.kind = 'sheet' then t.run + 1 else 1 + greatest(
            (select coalesce(max(o.run), 0) from task o where o.workspace_id = t.workspace_id and o.work_item_id = t.work_item_id),
            (select coalesce(max(o.run), 0) from task o
                where t.kind = 'cut' and o.workspace_id = t.workspace_id and o.episode_id = t.episode_id and o.kind = 'cut')
        ) end
    from picked where t.workspace_id = :workspace and t.id = picked.id
    returning t.*
), logged as (
    insert into task_event (workspace_id, task_id, kind, data)
    select workspace_id, id, 'started', jsonb_build_object('run', run) from started
), numbered as (
    select w.id, row_number() over film as number, count(*) over (partition by s.episode_id) as shots
    from work_item w join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where w.workspace_id = :workspace and s.episode_id in (select episode_id from started) and not w.removed and not s.removed
    window film as (partition by s.episode_id order by s.order_key, s.id, w.order_key, w.id)
)
select t.id, t.kind::text as kind, t.work_item_id, t.episode_id, t.character_id, t.scene_look_id, t.run, t.stages, t.priority, t.trace,
    n.number, n.shots, e.title as episode, coalesce(nullif(w.spec #>> '{picture,subject}', ''), w.label, c.name, l.name) as subject,
    coalesce(t.sheet ->> 'rows', '1') || ' x ' || coalesce(t.sheet ->> 'cols', '1') as cells
from started t
left join character c on c.workspace_id = t.workspace_id and c.id = t.character_id
left join scene_look l on l.workspace_id = t.workspace_id and l.id = t.scene_look_id
left join episode e on e.workspace_id = t.workspace_id and e.id = t.episode_id
left join numbered n on n.id = t.work_item_id
left join work_item w on w.workspace_id = t.workspace_id and w.id = t.work_item_id
order by t.priority desc, t.created_at, t.id
""".replace("STUCK", STUCK)


async def _note(
    conn: AsyncConnection,
    workspace_id: UUID,
    task_id: UUID,
    kind: str,
    *,
    percent: float | None,
    note: str,
    data: Mapping[str, Any],
    run: int,
    stage: str = "",
) -> None:
    await sql.run(
        conn,
        """
        with moved as (
            update task set progress = greatest(progress, coalesce(cast(:percent as real), progress)), note = coalesce(nullif(cast(:note as text), ''), note)
            where workspace_id = :workspace and id = :id and state in ('running', 'retry_pending', 'cancelling')
                and :run in (0, run)
            returning id, stage
        )
        insert into task_event (workspace_id, task_id, kind, stage, data)
        select :workspace, id, cast(:kind as text), coalesce(nullif(cast(:stage as text), ''), stage), cast(:data as jsonb) from moved
        """,
        workspace=workspace_id,
        id=task_id,
        kind=kind,
        percent=percent,
        note=note,
        data=sql.json(data),
        run=run,
        stage=stage,
    )


def _title(found: Mapping[str, Any]) -> str:
    if found["kind"] == "cut":
        return f"The film{': ' + found['episode'] if found['episode'] else ''}"
    if found["kind"] == "sheet":
        return f"A sheet of {found['cells']}: {found['subject']}"
    if found["number"] is None:
        return "A shot that is no longer in the film"
    return f"Shot {found['number']} of {found['shots']}: {found['subject']}"
