"""The batch that an envelope's renders belong to: why they were asked for, in what words, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from storyreel.actions.base import Asked, Envelope, Kind, Render, Said
from storyreel.actions.catalogue import BY_NAME, arguments_of
from storyreel.commits.planning import Planned
from storyreel.ledger.batches import NewBatch
from storyreel.model.ids import derive

# Why, by the way in. Everything else is a person at work.
REASONS = {"api": "API", "mcp": "API", "signal": "signal", "schedule": "schedule"}
LEFT_OUT = {"shot.skipped", "shot.left_out"}
# Beside what was asked, these only say how.
MANNER = frozenset({"priority", "cut"})


def batch_of(
    workspace_id: UUID, revision: int, envelope: Envelope, planned: Planned, source: str, given: NewBatch | None
) -> NewBatch | None:
    """The batch of a plan: the one that was given, or one of its own where it has several renders."""
    if not planned.renders or (given is None and len(planned.renders) == 1):
        return None
    batch = given or NewBatch(
        id=derive(workspace_id, "batch", revision),
        reason=REASONS.get(source, "by hand"),
        title=envelope.intent,
        selector=selector_of(envelope, planned),
    )
    return replace(batch, skipped=dict(Counter(batch.skipped) + Counter(skipped_of(planned.skipped))))


def selector_of(envelope: Envelope, planned: Planned) -> dict[str, Any]:
    """What the renders were asked for with: the action and its arguments, or several under `also`."""
    # Questions and wishes for the screen among the actions have no plan.
    changes = [one for one in envelope.actions if BY_NAME[one.type].policy.kind is Kind.change]
    asked = [
        one
        for one, (_, plan) in zip(changes, planned.plans, strict=False)
        if any(isinstance(effect, Render) for effect in plan.effects)
    ]
    told = [_told(one) for one in asked]
    return {**told[0], **({"also": told[1:]} if told[1:] else {})} if told else {}


def skipped_of(skipped: Iterable[Said]) -> dict[str, int]:
    """How many shots were left out, by why: locked, approved, or taken out of the film."""
    return dict(Counter(str(said.facts.get("status", "left out")) for said in skipped if said.code in LEFT_OUT))


def _told(asked: Asked) -> dict[str, Any]:
    return {"action": asked.type, **{name: value for name, value in arguments_of(asked).items() if name not in MANNER}}
