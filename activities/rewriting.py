"""A content policy said no: softer words are proposed once, with the difference, where the person wants that; else only what to do is said."""

from __future__ import annotations

from typing import Any

from activities.asked import Wish
from storyreel import commits
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.softer import Softened, softer
from storyreel.commits import Actor, Door, EnvelopeRefused
from storyreel.model.errors import Rejected
from storyreel.model.facts import TaskFacts
from storyreel.model.ids import derive
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageOrder
from storyreel.runtime.telemetry import log

WORKER = Actor(id="worker", kind="worker")
DO = "Change the words and retry, choose another provider, bring your own, or go without it."


async def proposed(door: Door, order: StageOrder, task: TaskFacts, wish: Wish, failure: Rejected) -> Rejected:
    """The failure, as the person is to read it; with a proposal of other words where those were wanted and there are any.

    Words are changed only when somebody says yes to the proposal, and only once: what is refused again waits for a person.
    """
    fallback = wish.view.workspace.profile.fallback
    found = _found(wish) if fallback is not None and fallback.rewrite == "ask" else None
    if found is None or not isinstance(wish.view, ShotView):
        return Rejected(f"{failure.detail} {DO}", **failure.facts)
    request_id = derive(order.task_id, "softer", wish.key)
    envelope = Envelope(
        request_id=request_id,
        mode="propose",
        intent=f"Softer words for shot {wish.view.number}: {found.words()}",
        actions=(
            Asked(type="shot.update", args={"shots": wish.view.shot.label, **found.patch}, reason=failure.detail[:500]),
            Asked(type="task.review", args={"verb": "retry", "tasks": [str(task.id)]}),
        ),
    )
    try:
        outcome = await commits.perform(door, order.workspace_id, envelope, WORKER, source="rewrite")
    except EnvelopeRefused as refused:
        log().info("rewrite.refused", reason=refused.detail)
        return Rejected(f"{failure.detail} {DO}", **failure.facts)
    facts: dict[str, Any] = {"proposal": str(outcome.proposal.id)} if outcome.proposal else {}
    said = f"{failure.detail} Softer words are proposed and wait for a yes: {found.words()}."
    return Rejected(said, **failure.facts, **facts)


def _found(wish: Wish) -> Softened | None:
    return softer(wish.view.shot.spec) if isinstance(wish.view, ShotView) else None
