"""Proposals: what needs a person's yes, with its reasons, its changes and its price. The row is the only truth of approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Envelope, Said
from storyreel.commits.outcome import Actor, ProposalFacts, QuoteFacts, quote_facts
from storyreel.commits.planning import Planned
from storyreel.ledger.quote import Quote
from storyreel.model.ids import derive
from storyreel.runtime import tables
from storyreel.runtime.telemetry import carry

SAID = TypeAdapter(tuple[Said, ...])
COLUMNS = "id, state, reasons, summary, quote, base_revision, revision"


@dataclass(frozen=True)
class Talk:
    """Which talk a proposal belongs to."""

    conversation_id: UUID
    turn_id: UUID


async def write(
    conn: AsyncConnection,
    workspace_id: UUID,
    envelope: Envelope,
    planned: Planned,
    quote: Quote,
    reasons: Sequence[Said],
    *,
    actor: Actor,
    source: str,
    talk: Talk | None,
    renewed: bool,
) -> ProposalFacts:
    """Keep a proposal. `renewed`: the one that was approved had become dearer, so it asks again under an id of its own."""
    request_id = derive(envelope.request_id, "renewed", planned.before.revision) if renewed else envelope.request_id
    proposal_id = derive(workspace_id, "proposal", request_id)
    facts = ProposalFacts(
        id=proposal_id,
        state="open",
        reasons=tuple(reasons),
        summary=planned.summary,
        skipped=planned.skipped,
        quote=quote_facts(quote, planned.render_count),
        base_revision=planned.before.revision,
        shots=len(planned.touched),
    )
    said = facts.model_dump(mode="json")
    await conn.execute(
        insert(tables.proposal),
        {
            "workspace_id": workspace_id,
            "id": proposal_id,
            "request_id": request_id,
            "actor": actor.id,
            "source": source,
            "envelope": envelope.model_dump(mode="json", by_alias=True),
            "reasons": said["reasons"],
            "summary": said["summary"],
            "quote": {**said["quote"], "shots": facts.shots, "trace": carry(), "episode": _text(planned.before.episode_id)},
            "base_revision": facts.base_revision,
            "conversation_id": talk.conversation_id if talk else None,
            "turn_id": talk.turn_id if talk else None,
        },
    )
    return facts


async def find(conn: AsyncConnection, workspace_id: UUID, proposal_id: UUID) -> ProposalFacts | None:
    """A proposal by its id."""
    row = (
        (
            await conn.execute(
                text(
                    f"select {COLUMNS} from proposal where workspace_id = :ws and id = :id"  # noqa: S608 - a constant list of columns
                ),
                {"ws": workspace_id, "id": proposal_id},
            )
        )
        .mappings()
        .first()
    )
    return None if row is None else facts_of(dict(row))


def facts_of(row: Mapping[str, Any]) -> ProposalFacts:
    """A row of `proposal` as it is told."""
    quote = dict(row["quote"])
    shots = int(quote.pop("shots", 0))
    quote.pop("trace", None)
    quote.pop("episode", None)
    return ProposalFacts(
        id=row["id"],
        state=row["state"],
        reasons=SAID.validate_python(row["reasons"]),
        summary=SAID.validate_python(row["summary"]),
        quote=QuoteFacts.model_validate(quote),
        base_revision=row["base_revision"],
        revision=row["revision"],
        shots=shots,
    )


def episode_of(row: Mapping[str, Any]) -> UUID | None:
    """The episode that a proposal's words are about."""
    kept = row["quote"].get("episode")
    return UUID(kept) if kept else None


def _text(row_id: UUID | None) -> str | None:
    return None if row_id is None else str(row_id)
