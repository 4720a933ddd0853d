"""A model's opinion, paid in the ledger like every other call of a model; where it cannot be had, the shot does without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyreel.ledger.budget import OverBudget
from storyreel.ledger.till import Call, Said, Till, tokens_at_most
from storyreel.model.digest import digest, digest_bytes
from storyreel.model.spec import Language
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.ports import Opinion
from storyreel.providers.reviewer import HEAD, PROVIDER, ModelReviewer, opinion_of
from storyreel.providers.text import failure_of
from storyreel.runtime.telemetry import log

# A frame as a model reads it, at the most; and what it may think and say.
TOKENS_A_PICTURE = 1500
TOKENS_OUT = 4096
# The schema of the answer.
TOKENS_SCHEMA = 600


@dataclass(frozen=True)
class PaidReviewer:
    """Asks for opinions on behalf of one stage of one task. The same question is paid once."""

    reviewer: ModelReviewer
    till: Till
    order: StageOrder

    async def opinion(self, asked: str, pictures: Sequence[bytes], language: Language) -> Opinion | None:
        """What the model thinks; None where it is away, refuses, answers something else, or a budget does not cover it."""

        async def send() -> Said:
            looked = await self.reviewer.look(asked, pictures, language)
            return Said(looked.reply, looked.tokens_in, looked.tokens_out)

        try:
            reply = await self.till.paid(self._call(asked, pictures, language), send)
        except OverBudget as over:
            log().info("review.unpaid", reason=over.detail)
            return None
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            log().warning("review.failed", kind=failure.kind, reason=failure.detail)
            return None
        return opinion_of(reply, self.reviewer.model)

    def _call(self, asked: str, pictures: Sequence[bytes], language: Language) -> Call:
        frames = [digest_bytes(one) for one in pictures]
        return Call(
            workspace_id=self.order.workspace_id,
            owner_id=self.order.owner_id,
            key=digest(["review", self.reviewer.model, asked, frames, language]),
            provider=PROVIDER,
            model=self.reviewer.model,
            tokens_in=tokens_at_most(HEAD + asked) + TOKENS_SCHEMA + TOKENS_A_PICTURE * len(pictures),
            tokens_out=TOKENS_OUT,
            stage=self.order.stage,
            task_id=self.order.task_id,
            about={"frames": frames},
        )
