"""What becomes of a shot that is not good enough: made again by itself where that is allowed, else left for a person to look at."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from activities.asked import Wish
from storyreel.ledger.again import take_again
from storyreel.model.facts import TaskFacts
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageDone, StageName, StageOrder
from storyreel.pipeline.quality import REMAKES, Blamed, Finding
from storyreel.pipeline.quality_words import remade
from storyreel.pipeline.stage import Result
from storyreel.pipeline.stages.check import CheckRequest

# The stages of a retry that call a provider.
BUYING: frozenset[StageName] = frozenset({"grid", "video", "voice", "sfx"})


async def judged(
    conn: AsyncConnection, order: StageOrder, task: TaskFacts, wish: Wish, result: Result, done: StageDone
) -> StageDone:
    """The answer of a check: with the stage to go back to, where the shot may be made again by itself."""
    request, blamed = wish.request, _blamed(result)
    if not isinstance(request, CheckRequest) or blamed is None or not _may(task, wish, blamed):
        return done
    allowed = await take_again(
        conn,
        order.workspace_id,
        order.task_id,
        order.owner_id,
        blamed,
        buys=[stage for stage in REMAKES[blamed] if stage in BUYING],
        retries=request.quality.retries,
        run=order.run,
    )
    if not allowed:
        return done
    findings = [Finding.model_validate(one) for one in result.nodes[0].facts["findings"]]
    return done.model_copy(update={"again": blamed, "note": remade(findings, request.language)})


def owed(order: StageOrder, wish: Wish) -> StageName | None:
    """The stage that is to be made again by what an earlier try of this check said: its worker died before that was heard."""
    view = wish.view
    if order.stage != "check" or not isinstance(view, ShotView) or not view.takes.get("check"):
        return None
    for blamed in REMAKES:
        node = view.latest.get(blamed)
        if view.takes.get(blamed, 0) > (node.take if node is not None else 0):
            return blamed
    return None


def _blamed(result: Result) -> Blamed | None:
    return next((name for name in REMAKES if name == result.again), None)


def _may(task: TaskFacts, wish: Wish, blamed: Blamed) -> bool:
    """Whether the run goes through all that would have to be made, and the shot may still change."""
    free = isinstance(wish.view, ShotView) and wish.view.shot.status == "draft"
    return free and {*REMAKES[blamed], "check"} <= set(task.stages)
