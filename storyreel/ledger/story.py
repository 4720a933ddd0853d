"""All that the ledger knows of one task, joined: who asked and in which words, what its runs told, what it called and paid, what it made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.base import Frozen
from storyreel.model.ran import AskedThen, RanFacts
from storyreel.model.redact import redact
from storyreel.pipeline.contract import RunKind, run_id

Json = dict[str, Any]
# A run that made this many lines has the newest shown.
MOST_EVENTS = 500
MOST_JOBS = 200


class Asked(Frozen):
    """Who wanted a task, in which commit, and in which words: `sentence` is the person's, `intent` the envelope's."""

    by: str
    revision: int
    at: datetime | None = None
    source: str = ""
    intent: str = ""
    sentence: str = ""
    said_by: str = ""
    turn_id: UUID | None = None
    summary: tuple[Json, ...] = ()
    approved_by: str = ""
    batch: Json | None = None


class Told(Frozen):
    """One line of a task's diary."""

    at: datetime
    kind: str
    stage: str = ""
    data: Json = {}


class Call(Frozen):
    """One call of a provider, without secrets and media. `settled_usd` None: it is still held, or was never charged."""

    id: UUID
    stage: str
    capability: str
    provider: str
    model: str
    state: str
    handle: str | None = None
    reserved_usd: float
    settled_usd: float | None = None
    month: str = ""
    submissions: int = 0
    request: Any = None
    answer: Any = None
    facts: Any = None
    error: Any = None
    asset_id: str | None = None
    trace_id: str = ""
    created_at: datetime
    updated_at: datetime


class MadeNode(Frozen):
    """One thing that a task made. `selected` says whether its shot (or episode) uses it now."""

    id: UUID
    seq: int
    kind: str
    stage: str
    take: int
    revision: int
    selected: bool
    asset_id: str | None = None
    media_type: str | None = None
    facts: Any = None


class TaskStory(Frozen):
    """A task as the ledger knows it, with its other runs and what to read on with.

    `cost_usd` is what its calls have settled, `held_usd` what open ones hold. `workflow_id` is empty until a run began.
    """

    id: UUID
    kind: RunKind
    state: str
    title: str
    shot: int | None = None
    work_item_id: UUID | None = None
    episode_id: UUID | None = None
    owner_id: UUID
    run: int
    workflow_id: str = ""
    stages: tuple[str, ...]
    takes: dict[str, int] = {}
    stage: str = ""
    attempt: int = 0
    progress: float = 0.0
    priority: int = 50
    note: str = ""
    error: Json | None = None
    adjusted: tuple[Json, ...] = ()
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    not_before: datetime | None = None
    quoted_usd: float = 0.0
    cost_usd: float = 0.0
    held_usd: float = 0.0
    trace_id: str = ""
    asked: Asked
    events: tuple[Told, ...] = ()
    calls: tuple[Call, ...] = ()
    made: tuple[MadeNode, ...] = ()
    others: tuple[Json, ...] = ()


async def task_story(conn: AsyncConnection, workspace_id: UUID, task_id: UUID) -> TaskStory | None:
    """All that is known of a task; None where there is no such task in the workspace."""
    found = await sql.row(conn, TASK, workspace=workspace_id, id=task_id)
    if found is None:
        return None
    known = {"workspace": workspace_id, "id": task_id}
    events = await sql.rows(conn, EVENTS, **known, limit=MOST_EVENTS)
    calls = [_call(one) for one in await sql.rows(conn, CALLS, **known, limit=MOST_JOBS)]
    nodes = [_node(one) for one in await sql.rows(conn, MADE, **known)]
    others = await sql.rows(conn, OTHERS, **known)
    money = await sql.row(conn, MONEY, **known)
    return TaskStory(
        **_plain(found),
        **(money or {}),
        asked=await _asked(conn, workspace_id, found),
        events=tuple(Told(**{**one, "data": redact(one["data"])}) for one in events),
        calls=tuple(calls),
        made=tuple(nodes),
        others=tuple(redact(one) for one in others),
    )


async def task_of(conn: AsyncConnection, workspace_id: UUID, owner_id: UUID, run: int | None = None) -> UUID | None:
    """The task of that id; else the newest one of that shot, draft, character, look or episode; with `run`, the one whose run it was."""
    found = await sql.row(
        conn,
        """
        select t.id from task t
        where t.workspace_id = :workspace
            and :owner in (t.id, t.work_item_id, t.character_id, t.scene_look_id, case when t.kind = 'cut' then t.episode_id end)
            and (cast(:run as integer) is null or t.run = cast(:run as integer) or exists (
                select from task_event v where v.workspace_id = t.workspace_id and v.task_id = t.id and v.kind = 'started'
                    and cast(v.data ->> 'run' as integer) = cast(:run as integer)))
        order by t.id = :owner desc, t.kind = 'sheet', t.created_at desc, t.id limit 1
        """,
        workspace=workspace_id,
        owner=owner_id,
        run=run,
    )
    return found["id"] if found else None


TASK = """
    with numbered as (
        select w.id, row_number() over film as number, count(*) over (partition by s.episode_id) as shots
        from work_item w join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
        where w.workspace_id = :workspace and not w.removed and not s.removed
        window film as (partition by s.episode_id order by s.order_key, s.id, w.order_key, w.id)
    )
    select t.id, t.kind::text as kind, t.state::text as state, t.work_item_id, t.episode_id, t.run, t.stages, t.takes, t.stage, t.attempt,
        t.progress, t.priority, t.note, t.error, t.adjusted, t.created_at, t.started_at, t.finished_at, t.not_before, t.trace,
        t.quoted_usd::float8 as quoted_usd, t.asked_by, t.revision, t.batch_id, n.number as shot, n.shots,
        coalesce(t.work_item_id, t.character_id, t.scene_look_id, t.episode_id) as owner_id,
        case when t.kind = 'cut' then e.title
            else coalesce(nullif(w.spec #>> '{picture,subject}', ''), w.label, c.name, l.name) end as subject
    from task t
    left join numbered n on n.id = t.work_item_id
    left join work_item w on w.workspace_id = t.workspace_id and w.id = t.work_item_id
    left join character c on c.workspace_id = t.workspace_id and c.id = t.character_id
    left join scene_look l on l.workspace_id = t.workspace_id and l.id = t.scene_look_id
    left join episode e on e.workspace_id = t.workspace_id and e.id = t.episode_id
    where t.workspace_id = :workspace and t.id = :id
"""
# The newest lines, in the order in which they were told.
EVENTS = """
    select at, kind, stage, data from (
        select id, at, kind, stage, data from task_event where workspace_id = :workspace and task_id = :id order by id desc limit :limit
    ) newest order by id
"""
CALLS = """
    select id, stage, capability, provider, model, state::text as state, handle, reserved_usd::float8 as reserved_usd,
        settled_usd::float8 as settled_usd, month, submissions, request, answer, facts, error, asset_id, trace, created_at, updated_at
    from provider_job where workspace_id = :workspace and task_id = :id order by created_at, id limit :limit
"""
MONEY = """
    select coalesce(sum(settled_usd), 0)::float8 as cost_usd,
        coalesce(sum(reserved_usd) filter (where state in ('reserved', 'sending', 'submitted', 'unknown')), 0)::float8 as held_usd
    from provider_job where workspace_id = :workspace and task_id = :id
"""
# A stage tells the commit that keeps what it made; the commit's log names the nodes.
MADE = """
    with kept as (
        select distinct (data ->> 'revision')::bigint as revision from task_event
        where workspace_id = :workspace and task_id = :id and kind = 'stage_done' and data ->> 'revision' is not null
    )
    select n.id, n.seq, n.kind::text as kind, n.stage, n.take, k.revision, n.asset_id, a.media_type, n.facts,
        coalesce(n.id in (w.picture_node_id, w.video_node_id, w.voice_node_id, w.music_node_id, w.sfx_node_id, w.final_node_id), false)
            or coalesce(n.id = e.film_node_id, false) as selected
    from kept k
    join op o on o.workspace_id = :workspace and o.revision = k.revision and o.table_name = 'node' and o.kind = 'insert'
    join node n on n.workspace_id = o.workspace_id and n.id = o.row_id
    left join asset a on a.workspace_id = n.workspace_id and a.id = n.asset_id
    left join work_item w on w.workspace_id = n.workspace_id and w.id = n.work_item_id
    left join episode e on e.workspace_id = n.workspace_id and e.id = n.episode_id
    order by n.seq
"""
OTHERS = """
    select o.id, o.kind::text as kind, o.state::text as state, o.run, o.stages, o.asked_by, o.revision, o.error, o.created_at
    from task t join task o on o.workspace_id = t.workspace_id and o.id <> t.id and o.kind = t.kind
        and (o.work_item_id = t.work_item_id or (t.kind = 'cut' and o.episode_id = t.episode_id)
            or o.character_id = t.character_id or o.scene_look_id = t.scene_look_id)
    where t.workspace_id = :workspace and t.id = :id order by o.created_at desc limit 10
"""
# The words: of the turn whose request the commit is, else of the turn that proposed what was approved.
ASKED = """
    select c.created_at as at, c.actor, c.source, c.intent, c.summary, p.decided_by, p.envelope ->> 'intent' as proposed,
        coalesce(pm.text, m.text, '') as sentence, coalesce(pm.actor, m.actor, '') as said_by,
        coalesce(pm.turn_id, m.turn_id) as turn_id
    from commit c
    left join proposal p on p.workspace_id = c.workspace_id and p.revision = c.revision
    left join message m on m.workspace_id = c.workspace_id and m.turn_id = c.request_id and m.role = 'person'
    left join message pm on pm.workspace_id = c.workspace_id and pm.turn_id = p.turn_id and pm.role = 'person'
    where c.workspace_id = :workspace and c.revision = :revision
"""
BATCH = """
    select b.id, b.title, b.asked_by, b.reason, b.selector, b.schedule_id, b.created_at, count(t.id) as total,
        count(t.id) filter (where t.state = 'succeeded') as done,
        count(t.id) filter (where t.state in ('failed', 'manual_review', 'cancelled')) as failed
    from batch b left join task t on t.workspace_id = b.workspace_id and t.batch_id = b.id
    where b.workspace_id = :workspace and b.id = :id group by b.workspace_id, b.id
"""


async def _asked(conn: AsyncConnection, workspace_id: UUID, task: Json) -> Asked:
    found = await sql.row(conn, ASKED, workspace=workspace_id, revision=task["revision"]) or {}
    batch = await sql.row(conn, BATCH, workspace=workspace_id, id=task["batch_id"]) if task["batch_id"] else None
    return Asked(
        by=task["asked_by"],
        revision=task["revision"],
        at=found.get("at"),
        source=found.get("source", ""),
        intent=found.get("intent") or found.get("proposed") or "",
        sentence=found.get("sentence", ""),
        said_by=found.get("said_by", ""),
        turn_id=found.get("turn_id"),
        summary=tuple(found.get("summary", ())),
        approved_by=found.get("decided_by") or "",
        batch=redact(batch),
    )


def _plain(found: Json) -> Json:
    named_by = found["id"] if found["kind"] == "sheet" else found["owner_id"]
    apart = ("trace", "asked_by", "revision", "batch_id", "shots", "subject")
    return {
        **{name: value for name, value in found.items() if name not in apart},
        "error": redact(found["error"]),
        "adjusted": tuple(redact(found["adjusted"])),
        "title": _title(found),
        "workflow_id": run_id(found["kind"], named_by, found["run"]) if found["run"] else "",
        "trace_id": trace_id(found["trace"]),
    }


def _title(found: Json) -> str:
    subject = f": {found['subject']}" if found["subject"] else ""
    if found["kind"] == "cut":
        return f"The film{subject}"
    if found["kind"] == "sheet":
        return f"A sheet{subject}"
    number = f"Shot {found['shot']} of {found['shots']}" if found["shot"] else "A shot that is no longer in the film"
    return f"{number}{subject}"


def _call(found: Json) -> Call:
    told = {name: redact(found[name]) for name in ("request", "answer", "facts", "error")}
    kept = {name: value for name, value in found.items() if name != "trace"}
    return Call(**{**kept, **told}, trace_id=trace_id(found["trace"]))


def _node(found: Json) -> MadeNode:
    return MadeNode(**{**found, "facts": redact(found["facts"])})


def trace_id(carrier: Json | None) -> str:
    """The id of a trace, from what W3C trace context carries; empty where nothing was traced."""
    parts = str((carrier or {}).get("traceparent", "")).split("-")
    return parts[1] if len(parts) == 4 else ""  # noqa: PLR2004 - version, trace, span, flags


async def ran_facts(conn: AsyncConnection, workspace_id: UUID, task_id: UUID) -> RanFacts | None:
    """What the stages of a task were asked for in its last run, as far as they began."""
    found = await sql.row(
        conn,
        """
        select id as task_id, kind::text as kind, run, state::text as state, stages,
            coalesce(work_item_id, character_id, scene_look_id, episode_id) as owner_id
        from task where workspace_id = :workspace and id = :id
        """,
        workspace=workspace_id,
        id=task_id,
    )
    if found is None:
        return None
    begun = await sql.rows(conn, THEN, workspace=workspace_id, id=task_id)
    found["stages"] = tuple(found["stages"])
    return RanFacts(**found, asked={one["stage"]: _then(one) for one in begun})


def _then(found: Json) -> AskedThen:
    return AskedThen(
        request=found["request"], calls=tuple(found["calls"] or ()), take=found["take"] or 0, revision=found["revision"] or 0
    )


# The last time that each stage began: what it made, or else what its providers were asked.
THEN = """
    with begun as (
        select distinct on (stage) stage, at from task_event
        where workspace_id = :workspace and task_id = :id and kind = 'stage' order by stage, id desc
    ), ended as (
        select distinct on (v.stage) v.stage, n.take, coalesce(nullif(n.request, '{}'), p.request) as request
        from task_event v
        join node n on n.workspace_id = v.workspace_id and n.id = cast(v.data ->> 'node_id' as uuid) and n.stage = v.stage
        left join node p on p.workspace_id = n.workspace_id and p.id = n.parent_id and p.stage = n.stage
        where v.workspace_id = :workspace and v.task_id = :id and v.kind = 'stage_done' order by v.stage, v.id desc
    )
    select b.stage, coalesce(e.take, cast(t.takes ->> b.stage as integer)) as take, nullif(e.request, '{}') as request,
        (select max(c.revision) from commit c where c.workspace_id = :workspace and c.created_at <= b.at) as revision,
        (select jsonb_agg(j.request order by j.created_at, j.id) from provider_job j
            where j.workspace_id = :workspace and j.task_id = :id and j.stage = b.stage and e.stage is null) as calls
    from begun b join task t on t.workspace_id = :workspace and t.id = :id left join ended e on e.stage = b.stage
"""
