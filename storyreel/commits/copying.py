"""Writing a copy of a project: its rows, its log, and what the ledger knows to be made, so that nothing is bought twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Asked, Copy, Envelope
from storyreel.commits import writing
from storyreel.commits.batching import REASONS
from storyreel.commits.outcome import Actor
from storyreel.ledger import tasks
from storyreel.ledger.batches import NewBatch, open_batch
from storyreel.ledger.quote import Quote
from storyreel.model.digest import canonical
from storyreel.model.ids import derive
from storyreel.model.ops import insert
from storyreel.model.rows import Node, Workspace

ASSETS = """
    insert into asset (
        workspace_id, id, media_type, size_bytes, width_px, height_px, duration_s, name, source, perceptual, embedding, embedding_model
    )
    select :target, id, media_type, size_bytes, width_px, height_px, duration_s, name, source, perceptual, embedding, embedding_model
    from asset where workspace_id = :source and (id = any(:ids) or id in (
        select asset_id from made where workspace_id = :source and owner_id = any(cast(:owners as uuid[]))))
    on conflict do nothing
"""
# Nodes came one after the other, and "the newest" must stay so.
CAME = """
    update node n set created_at = s.created_at
    from node s join unnest(cast(:old as uuid[]), cast(:new as uuid[])) p(old, new) on p.old = s.id
    where s.workspace_id = :source and n.workspace_id = :target and n.id = p.new
"""
# What was made is known here too, as a call that cost nothing here.
MADE = """
    with pair as (select * from unnest(cast(:old as uuid[]), cast(:new as uuid[])) p(old, new)),
    known as (
        select m.*, p.new as owner, gen_random_uuid() as job, j.stage, j.capability, j.provider, j.model, j.request
        from made m join pair p on p.old = m.owner_id
        join provider_job j on j.workspace_id = m.workspace_id and j.id = m.job_id
        where m.workspace_id = :source
    ), jobs as (
        insert into provider_job (
            workspace_id, id, owner_id, key, stage, capability, provider, model, request, state, settled_usd, asset_id, facts
        )
        select :target, job, owner, key, stage, capability, provider, model, request, 'settled', 0, asset_id,
            facts || jsonb_build_object('from', jsonb_build_object('workspace', cast(:source as text), 'job', job_id))
        from known returning id
    )
    insert into made (workspace_id, owner_id, key, asset_id, job_id, facts, created_at)
    select :target, owner, key, asset_id, job, facts, created_at from known
"""
OWNERS = frozenset({"work_item", "episode", "character", "scene_look"})


async def write_copy(
    conn: AsyncConnection,
    copy: Copy,
    quote: Quote,
    envelope: Envelope,
    asked: Asked,
    actor: Actor,
    source: str,
    trace: Mapping[str, str],
) -> list[UUID]:
    """The new project with all that comes along, inside the transaction that holds its source; the tasks that it begins with."""
    ops = [insert(row) for row in copy.rows]
    owners = {copy.ids[old]: old for old in copy.ids if copy.ids[old] in _owners(copy)}
    places = {"source": copy.source, "target": copy.workspace_id, "old": list(owners.values()), "new": list(owners)}
    await writing.write_rows(conn, copy.view, [op for op in ops if op.table == Workspace.table])
    await conn.execute(text(ASSETS), {**places, "ids": list(copy.assets), "owners": list(owners.values())})
    await writing.write_rows(conn, copy.view, [op for op in ops if op.table != Workspace.table])
    nodes = copy.view.rows.get(Node.table, {})
    old = {new: was for was, new in copy.ids.items() if new in nodes}
    await conn.execute(text(CAME), {**places, "old": list(old.values()), "new": list(old)})
    await conn.execute(text(MADE), places)
    await writing.write_commit(
        conn,
        copy.workspace_id,
        1,
        request_id=derive(envelope.request_id, "copy", copy.workspace_id),
        actor=actor,
        source=source,
        intent=envelope.intent,
        actions=[_logged(asked, copy)],
        summary=[copy.said.model_dump(mode="json")],
        ops=ops,
    )
    if not copy.renders:
        return []
    batch = derive(copy.workspace_id, "batch", 1) if len(copy.renders) > 1 else None
    if batch is not None:
        opened = NewBatch(batch, REASONS.get(source, "by hand"), envelope.intent, {"action": asked.type})
        await open_batch(conn, copy.workspace_id, opened, asked_by=actor.id)
    wanted = await tasks.insert(
        conn,
        copy.workspace_id,
        revision=1,
        asked_by=actor.id,
        batch_id=batch,
        renders=copy.renders,
        quotes=quote.lines,
        trace=trace,
    )
    return [task.id for task in wanted]


def _owners(copy: Copy) -> set[UUID]:
    return {row_id for table in OWNERS for row_id in copy.view.rows.get(table, {})}


def _logged(asked: Asked, copy: Copy) -> dict[str, Any]:
    """The copy's own first action: what it is a copy of, and with which substitutions."""
    args = asked.args if len(canonical(asked.args)) < MOST_ARGS else {}
    return {"type": asked.type, "args": {**args, "source": str(copy.source)}, "reason": asked.reason, "targets": []}


MOST_ARGS = 20_000
