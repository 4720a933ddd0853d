"""Saying yes or no to a proposal, whoever says it: chat, API, command line or another program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Envelope
from storyreel.commits.door import Door
from storyreel.commits.outcome import Actor, Outcome, ProposalFacts
from storyreel.commits.perform import announce, answered, in_transaction
from storyreel.commits.planning import parse_all
from storyreel.commits.proposals import COLUMNS, Talk, episode_of, facts_of
from storyreel.ledger.batches import NewBatch
from storyreel.model.errors import BadInput, NotFound
from storyreel.runtime.telemetry import link, span


class AlreadyDecided(BadInput):
    """This proposal was decided before; nothing was done now."""

    code = "already-decided"
    status = 409


async def approve(
    door: Door, workspace_id: UUID, proposal_id: UUID, actor: Actor, *, source: str = "api", batch: NewBatch | None = None
) -> Outcome:
    """Carry out a proposal. It is priced again, and asks again where it has become dearer than what was agreed.

    Approving twice does it once. `batch` is as `perform` has it.

    Raises:
        NotFound: there is no such proposal.
        AlreadyDecided: it was rejected, or it expired.
        EnvelopeRefused: it cannot be done any more; the proposal stays open.
    """
    with span("commits.approve", workspace=workspace_id, proposal=proposal_id):
        async with door.database.begin() as conn:
            outcome = await _approve(conn, door, workspace_id, proposal_id, actor, source, batch)
    announce(door, outcome, source)
    return outcome


async def _approve(
    conn: AsyncConnection,
    door: Door,
    workspace_id: UUID,
    proposal_id: UUID,
    actor: Actor,
    source: str,
    batch: NewBatch | None,
) -> Outcome:
    row = await _locked(conn, workspace_id, proposal_id)
    # The yes may come days later: it begins the trace of the work, and points back to the turn that proposed it.
    link(row["quote"].get("trace"))
    envelope = Envelope.model_validate(row["envelope"])
    if row["state"] == "approved":
        found = await answered(conn, workspace_id, envelope.request_id, commits_only=True)
        if found is not None:
            return found
    _still_open(row)
    talk = Talk(row["conversation_id"], row["turn_id"]) if row["conversation_id"] else None
    # What is approved is what was read: only what others changed since in the same fields stands against it.
    asked = envelope.model_copy(update={"mode": "execute", "base_revision": row["base_revision"]})
    outcome = await in_transaction(
        conn,
        door,
        workspace_id,
        asked,
        parse_all(asked.actions, actor),
        actor,
        source=source,
        episode_id=episode_of(row),
        approved_usd=float(row["quote"].get("cost_usd", 0)),
        talk=talk,
        batch=batch,
    )
    await conn.execute(
        text(
            "update proposal set state = cast(:state as proposal_state), decided_by = :actor, decided_at = now(), revision = :revision"
            " where workspace_id = :ws and id = :id and state = 'open'"
        ),
        {
            "ws": workspace_id,
            "id": proposal_id,
            "actor": actor.id,
            "state": "approved" if outcome.commit else "expired",
            "revision": outcome.commit.revision if outcome.commit else None,
        },
    )
    return outcome


async def reject(door: Door, workspace_id: UUID, proposal_id: UUID, actor: Actor) -> ProposalFacts:
    """Turn a proposal down; nothing else changes. Rejecting twice is rejecting once.

    Raises:
        NotFound: there is no such proposal.
        AlreadyDecided: it was approved.
    """
    async with door.database.begin() as conn:
        row = await _locked(conn, workspace_id, proposal_id)
        if row["state"] != "rejected":
            _still_open(row)
            await conn.execute(
                text(
                    "update proposal set state = 'rejected', decided_by = :actor, decided_at = now()"
                    " where workspace_id = :ws and id = :id"
                ),
                {"ws": workspace_id, "id": proposal_id, "actor": actor.id},
            )
    door.bell.ring(workspace_id)
    return facts_of({**row, "state": "rejected"})


async def open_proposals(
    conn: AsyncConnection, workspace_id: UUID, limit: int = 20, after: UUID | None = None
) -> list[ProposalFacts]:
    """The proposals that wait for a person, newest first; those `after` one in that order."""
    found = await conn.execute(
        text(
            f"select {COLUMNS} from proposal where workspace_id = :ws and state = 'open'"  # noqa: S608 - constant columns
            " and (cast(:after as uuid) is null or (created_at, id) <"
            " (select created_at, id from proposal where workspace_id = :ws and id = cast(:after as uuid)))"
            " order by created_at desc, id desc limit :limit"
        ),
        {"ws": workspace_id, "limit": limit, "after": after},
    )
    return [facts_of(dict(row)) for row in found.mappings()]


async def _locked(conn: AsyncConnection, workspace_id: UUID, proposal_id: UUID) -> Mapping[str, Any]:
    # The workspace first, as everywhere: two locks in two orders would meet.
    await conn.execute(text("select 1 from workspace where id = :ws for no key update"), {"ws": workspace_id})
    row = (
        (
            await conn.execute(
                text("select * from proposal where workspace_id = :ws and id = :id for update"),
                {"ws": workspace_id, "id": proposal_id},
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound(f"there is no proposal {proposal_id} in this project")
    return dict(row)


def _still_open(row: Mapping[str, Any]) -> None:
    if row["state"] != "open":
        raise AlreadyDecided(
            f"this proposal was {row['state']} by {row['decided_by'] or 'nobody'} already; ask again", state=row["state"]
        )
