"""What waits for a person: tasks that ended in review or failed, calls of which nobody knows, pictures to choose from; and the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import ReviewChange
from storyreel.ledger import _sql as sql
from storyreel.ledger import jobs, providers
from storyreel.ledger._move import move
from storyreel.ledger.jobs import Job
from storyreel.model.facts import ReviewFacts, Waiting
from storyreel.pipeline.contract import WAITS

MOST = 2000
WITHOUT = "A person goes without it."
# A task waits no longer once a later one of the same shot, film or sheet is under way or done.
TASKS = """
with ended as (
    select t.* from task t
    where t.workspace_id = :workspace and (t.state in ('manual_review', 'failed') or (t.state = 'running' and t.note = :choice))
        and not exists (
            select from task o where o.workspace_id = t.workspace_id and o.id <> t.id and o.created_at > t.created_at
                and t.kind <> 'sheet' and o.kind = t.kind and o.episode_id is not distinct from t.episode_id
                and o.work_item_id is not distinct from t.work_item_id and o.stages @> array[coalesce(nullif(t.stage, ''), t.stages[1])]
                and o.state not in ('manual_review', 'failed', 'cancelled'))
        and not exists (
            select from work_item w where w.workspace_id = t.workspace_id and w.id = t.work_item_id and w.removed)
    order by t.created_at limit :most
), numbered as (
    select w.id, row_number() over film as number
    from work_item w join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where w.workspace_id = :workspace and not w.removed and not s.removed
        and s.episode_id in (select episode_id from task where workspace_id = :workspace and id in (select id from ended)
            union select t.episode_id from task t join provider_job j on j.workspace_id = t.workspace_id and j.task_id = t.id
                where j.workspace_id = :workspace and j.state = 'unknown')
    window film as (partition by s.episode_id order by s.order_key, s.id, w.order_key, w.id)
)
"""
WAITING = f"""{TASKS}
select case when t.state = 'running' then 'choice' else 'task' end as kind, coalesce(t.finished_at, t.created_at) as since,
    coalesce(t.error ->> 'code', '') as code, coalesce(nullif(t.error ->> 'detail', ''), t.note) as said, t.id as task_id,
    t.kind::text as task_kind, t.state::text as state, t.work_item_id, t.episode_id, n.number,
    coalesce(nullif(w.spec #>> '{{picture,subject}}', ''), w.label, c.name, l.name, e.title, '') as title,
    coalesce(nullif(t.error ->> 'stage', ''), t.stage) as stage, coalesce(j.provider, v.provider, '') as provider,
    coalesce(j.capability, '') as capability, coalesce(m.cost, 0)::float8 as cost_usd, coalesce(m.held, 0)::float8 as held_usd,
    coalesce(p.id::text, '') as proposal
from ended t
left join work_item w on w.workspace_id = t.workspace_id and w.id = t.work_item_id
left join character c on c.workspace_id = t.workspace_id and c.id = t.character_id
left join scene_look l on l.workspace_id = t.workspace_id and l.id = t.scene_look_id
left join episode e on e.workspace_id = t.workspace_id and e.id = t.episode_id
left join numbered n on n.id = t.work_item_id
left join lateral (
    select provider, capability from provider_job j where j.workspace_id = t.workspace_id and j.task_id = t.id
        and j.stage = coalesce(nullif(t.error ->> 'stage', ''), t.stage) order by j.created_at desc limit 1
) j on true
-- A provider that was left alone has no call, but its name was told.
left join lateral (
    select v.data #>> '{{error,provider}}' as provider from task_event v
    where v.workspace_id = t.workspace_id and v.task_id = t.id and v.kind = 'retry' order by v.id desc limit 1
) v on true
left join lateral (
    select sum(coalesce(settled_usd, 0)) as cost,
        sum(reserved_usd) filter (where j.state in ('reserved', 'sending', 'submitted', 'unknown')) as held
    from provider_job j where j.workspace_id = t.workspace_id and j.task_id = t.id
) m on true
left join lateral (
    select id from proposal p where p.workspace_id = t.workspace_id and p.state = 'open' and p.source = 'rewrite'
        and p.envelope @> jsonb_build_object('actions', jsonb_build_array(
            jsonb_build_object('args', jsonb_build_object('tasks', jsonb_build_array(t.id::text)))))
    order by p.created_at desc limit 1
) p on true
order by since, t.id
"""  # noqa: S608 - made of constants
UNKNOWN = f"""{TASKS}
select 'job' as kind, j.updated_at as since, 'provider-job-unknown' as code, coalesce(j.error ->> 'detail', '') as said, j.task_id,
    coalesce(t.kind::text, '') as task_kind, coalesce(t.state::text, '') as state, t.work_item_id, t.episode_id, n.number,
    coalesce(nullif(w.spec #>> '{{picture,subject}}', ''), w.label, '') as title, j.stage, j.id as job_id, j.provider, j.capability,
    0::float8 as cost_usd, j.reserved_usd::float8 as held_usd
from provider_job j
left join task t on t.workspace_id = j.workspace_id and t.id = j.task_id
left join work_item w on w.workspace_id = j.workspace_id and w.id = t.work_item_id
left join numbered n on n.id = t.work_item_id
where j.workspace_id = :workspace and j.state = 'unknown'
order by since, j.id limit :most
"""  # noqa: S608 - as above


async def waiting(conn: AsyncConnection, workspace_id: UUID) -> ReviewFacts:
    """All that waits for a person in a workspace, the oldest first; a task whose call is unknown is told by the call."""
    asked = {"workspace": workspace_id, "choice": WAITS, "most": MOST}
    unknown = [Waiting(**one) for one in await sql.rows(conn, UNKNOWN, **asked)]
    told = {one.task_id for one in unknown if one.state in ("manual_review", "failed")}
    found = [Waiting(**one) for one in await sql.rows(conn, WAITING, **asked)]
    rest = [one for one in found if one.task_id not in told or one.code != "provider-job-unknown"]
    counted = await sql.row(
        conn, "select count(*) as open from proposal where workspace_id = :workspace and state = 'open'", workspace=workspace_id
    )
    held = {pause.provider: pause.paused_by for pause in await providers.held(conn, workspace_id)}
    items = sorted([*unknown, *rest], key=lambda one: one.since)
    return ReviewFacts(tuple(items), int(counted["open"]) if counted else 0, held)


async def decide(conn: AsyncConnection, workspace_id: UUID, change: ReviewChange, *, by: str) -> None:
    """Carry out a person's decision; what was decided by somebody else meanwhile stays as it is."""
    match change.verb:
        case "skip":
            await skip(conn, workspace_id, change.tasks, by=by)
        case "smaller":
            for task_id in change.tasks:
                await providers.adjust(conn, workspace_id, task_id, [{"allowed": "smaller", "by": by}])
                await providers.say(conn, workspace_id, task_id, f"{by} allows a smaller one.", by=by)
        case "charged" | "not_charged":
            for job_id in change.jobs:
                await resolve(conn, workspace_id, job_id, charged=change.verb == "charged", by=by)


async def skip(conn: AsyncConnection, workspace_id: UUID, ids: tuple[UUID, ...], *, by: str) -> int:
    """Go without tasks that wait for a person: they are cancelled, with a note; how many there were."""
    return await sql.run(
        conn,
        """
        with moved as (
            update task set state = 'cancelled', note = :note
            where workspace_id = :workspace and id = any(cast(:ids as uuid[])) and state in ('failed', 'manual_review')
            returning id, stage
        )
        insert into task_event (workspace_id, task_id, kind, stage, data)
        select :workspace, id, 'cancelled', stage, cast(:data as jsonb) from moved
        """,
        workspace=workspace_id,
        ids=list(ids),
        note=WITHOUT,
        data=sql.json({"note": WITHOUT, "by": by}),
    )


async def resolve(conn: AsyncConnection, workspace_id: UUID, job_id: UUID, *, charged: bool, by: str) -> bool:
    """Somebody's word on an unknown call: charged, or not; its task is told. False when it is not unknown (any more)."""
    job = await jobs.get(conn, workspace_id, job_id)
    if job is None or not await jobs.resolve(conn, workspace_id, job_id, charged=charged):
        return False
    sum_usd = f"${float(job.reserved_usd):.2f}"
    note = (
        f"{by} found the call of {job.provider} charged: {sum_usd} are spent."
        if charged
        else (f"{by} found the call of {job.provider} not charged: {sum_usd} are given back.")
    )
    if job.task_id is not None:
        facts: Mapping[str, Any] = {"by": by, "job": str(job_id), "charged": charged}
        await providers.say(conn, workspace_id, job.task_id, note, **facts)
    return True


async def with_unknown(conn: AsyncConnection, *, older_than_s: float) -> list[UUID]:
    """The workspaces that have calls of which nobody knows, and has not for a while."""
    found = await sql.rows(
        conn,
        """
        select distinct workspace_id from provider_job
        where state = 'unknown' and capability <> 'text' and updated_at <= clock_timestamp() - make_interval(secs => :age)
        """,
        age=older_than_s,
    )
    return [one["workspace_id"] for one in found]


async def goes_on(conn: AsyncConnection, job: Job, *, found: bool) -> bool:
    """A task that waited for the word on an unknown call goes on, since the vendor could tell by now; whether there was one."""
    if job.task_id is None:
        return False
    said = "has the job: it is waited for" if found else "has no such job: nothing was charged, and it is bought now"
    moved = await move(
        conn,
        job.workspace_id,
        [job.task_id],
        was=("manual_review",),
        to="pending",
        event="retry",
        note=f"{job.provider} could tell by now: it {said}.",
        opens=True,
    )
    return bool(moved)
