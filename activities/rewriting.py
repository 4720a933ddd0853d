"""A content policy said no: softer words are proposed once, with the difference, where the person wants that; else only what to do is said."""

from __future__ import annotations

from typing import Any

from activities.asked import Wish
from storyreel import commits
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.softer import Softened, in_words, softer, words_of
from storyreel.commits import Actor, Door, EnvelopeRefused
from storyreel.ledger.budget import OverBudget
from storyreel.ledger.till import Call, Said, Till, tokens_at_most
from storyreel.model.digest import digest
from storyreel.model.errors import Rejected
from storyreel.model.facts import TaskFacts
from storyreel.model.ids import derive
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageOrder
from storyreel.providers.rewriter import HEAD, ModelRewriter, asked
from storyreel.providers.text import failure_of
from storyreel.runtime.telemetry import log

WORKER = Actor(id="worker", kind="worker")
PROVIDER = "gemini"
# What the model may think and say, and the schema of its answer.
TOKENS_OUT = 4096
TOKENS_SCHEMA = 400
DO = "Change the words and retry, choose another provider, bring your own, or go without it."


async def proposed(
    door: Door,
    order: StageOrder,
    task: TaskFacts,
    wish: Wish,
    failure: Rejected,
    rewriter: ModelRewriter | None = None,
    till: Till | None = None,
) -> Rejected:
    """The failure, as the person is to read it; with a proposal of other words where those were wanted and there are any.

    The table of softer words comes first, since it is free and sure; where it has none, a configured model is asked, paid by `till`.

    Words are changed only when somebody says yes to the proposal, and only once: what is refused again waits for a person.
    """
    fallback = wish.view.workspace.profile.fallback
    found = None
    if fallback is not None and fallback.rewrite == "ask" and isinstance(wish.view, ShotView):
        found = softer(wish.view.shot.spec) or await _by_model(order, wish.view, failure.detail, rewriter, till)
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


async def _by_model(
    order: StageOrder, view: ShotView, why: str, rewriter: ModelRewriter | None, till: Till | None
) -> Softened | None:
    """What a model makes of the shot's words; None where there is none, it is away, or no budget covers it."""
    words = words_of(view.shot.spec)
    if rewriter is None or till is None or not words:
        return None

    async def send() -> Said:
        answered = await rewriter.soften(words, why)
        return Said(answered.reply, answered.tokens_in, answered.tokens_out)

    call = Call(
        workspace_id=order.workspace_id,
        owner_id=order.owner_id,
        key=digest(["soften", rewriter.model, words, why]),
        provider=PROVIDER,
        model=rewriter.model,
        tokens_in=tokens_at_most(HEAD + asked(words, why)) + TOKENS_SCHEMA,
        tokens_out=TOKENS_OUT,
        stage=order.stage,
        task_id=order.task_id,
    )
    try:
        return in_words(view.shot.spec, await till.paid(call, send))
    except OverBudget as over:
        log().info("rewrite.unpaid", reason=over.detail)
    except Exception as error:
        away = failure_of(error)
        if away is None:
            raise
        log().warning("rewrite.failed", kind=away.kind, reason=away.detail)
    return None
