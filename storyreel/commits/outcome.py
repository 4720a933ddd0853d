"""What came of an envelope: a commit, a proposal, data, or a refusal with a verdict for each action."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Role, Said
from storyreel.ledger.quote import Basis, Quote
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput


class Actor(Frozen):
    """Who asks: every call has one."""

    id: str
    kind: Literal["person", "worker", "system"] = "person"
    role: Role = Role.owner


LOCAL_OWNER = Actor(id="owner")


class QuoteFacts(Frozen):
    """What a proposal says about price and time: `basis` is how the price came about, line by line, each with the day it was seen."""

    cost_usd: float = 0.0
    expected_s: float = 0.0
    renders: int = 0
    basis: tuple[Basis, ...] = ()

    verified_on: date | None = Field(
        default=None, description="The oldest day on which one of these prices was last seen to be true."
    )


def quote_facts(quote: Quote, renders: int) -> QuoteFacts:
    """The price and time of a plan, as it is told."""
    basis = quote.basis
    return QuoteFacts(
        cost_usd=round(quote.cost_usd, 6),
        expected_s=round(quote.expected_s, 1),
        renders=renders,
        basis=basis,
        verified_on=min((line.verified_on for line in basis if line.verified_on is not None), default=None),
    )


class Verdict(Frozen):
    """What became of one action of an envelope."""

    index: int
    type: str
    ok: bool
    detail: str = ""
    code: str = ""
    facts: dict[str, Any] = {}


class CommitFacts(Frozen):
    """A commit as it is told."""

    revision: int
    summary: tuple[Said, ...] = ()
    skipped: tuple[Said, ...] = ()
    tasks: tuple[UUID, ...] = ()
    batch_id: UUID | None = None
    quote: QuoteFacts = QuoteFacts()
    kind: str = "edit"
    copies: tuple[UUID, ...] = Field(default=(), description="The new projects that it made.")
    undoable: bool = Field(default=False, description="Whether it wrote something that `undo` takes back.")


class ProposalFacts(Frozen):
    """A proposal as it is told."""

    id: UUID
    state: str
    reasons: tuple[Said, ...] = ()
    summary: tuple[Said, ...] = ()
    skipped: tuple[Said, ...] = ()
    quote: QuoteFacts = QuoteFacts()
    base_revision: int = 0
    revision: int | None = None
    shots: int = 0


class Outcome(Frozen):
    """What came of an envelope. Exactly one of `commit` and `proposal` is set, or neither where it only asked."""

    workspace_id: UUID
    request_id: UUID
    commit: CommitFacts | None = None
    proposal: ProposalFacts | None = None
    data: tuple[dict[str, Any], ...] = ()
    ui: tuple[dict[str, Any], ...] = ()
    repeated: bool = False


class EnvelopeRefused(BadInput):
    """One or more actions cannot be done, so none was; `verdicts` says which and why."""

    code = "envelope-refused"


def refusal(verdicts: list[Verdict]) -> EnvelopeRefused:
    """The refusal of an envelope; a single bad action speaks for itself."""
    bad = [verdict for verdict in verdicts if not verdict.ok]
    detail = (
        bad[0].detail
        if len(bad) == 1
        else f"{len(bad)} of {len(verdicts)} actions cannot be done: "
        + "; ".join(f"{verdict.type} ({verdict.index + 1}): {verdict.detail}" for verdict in bad[:5])
    )
    return EnvelopeRefused(detail, cause=bad[0].code, verdicts=[verdict.model_dump(mode="json") for verdict in verdicts])


def conflict_of(commits: list[dict[str, Any]], fields: list[str]) -> str:
    """The words for a stale base revision."""
    who = ", ".join(f"revision {commit['revision']} by {commit['actor']}" for commit in commits[:3])
    return f"{', '.join(fields[:5])} changed since you looked ({who}); look again and decide"
