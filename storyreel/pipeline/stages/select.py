"""select: which picture of the newest grid the shot goes on with."""

from __future__ import annotations

from typing import ClassVar, Literal

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.errors import NotPossible
from storyreel.model.rows import Node
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Box, Request
from storyreel.pipeline.stage import Kit, Result


class Candidate(Frozen):
    """One picture that may be chosen, and what is known of it."""

    asset: AssetRef
    score: float = 0.0
    heads: tuple[Box, ...] = ()
    confidence: float = 1.0


class SelectRequest(Frozen):
    """The pictures to choose from, how many people should be seen, and who chooses."""

    candidates: tuple[Candidate, ...]
    people: int = 0
    mode: Literal["automatic", "by_hand"] = "automatic"
    take: int = 0


class Select:
    """Chooses by score. Where a person chooses, the activity asks and answers with that node itself."""

    name: ClassVar[StageName] = "select"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> SelectRequest:
        """The cells of the newest grid.

        Raises:
            NotPossible: there is no grid yet.
        """
        candidates = tuple(_candidate(view, cell) for cell in view.cells if view.asset(cell))
        if not candidates:
            raise NotPossible(f"Shot {view.number} has no pictures to choose from; render its grid first.")
        return SelectRequest(
            candidates=candidates,
            people=0 if view.shot.spec.camera.size == "ECU" else len(view.cast),
            mode=view.workspace.profile.selection,
            take=view.takes.get("select", 0),
        )

    async def make(self, request: SelectRequest, kit: Kit) -> Result:  # noqa: ARG002 - every stage is made with a kit
        """Which candidate fills the picture slot; nothing new is made.

        Raises:
            NotPossible: it is a person who chooses here.
        """
        if request.mode == "by_hand":
            raise NotPossible("This project chooses pictures by hand; choose one of them.")
        return Result(slot="picture", candidate=best(request))

    def calls(self, view: ShotView) -> tuple[Request, ...]:  # noqa: ARG002 - it buys nothing
        """Nothing is bought."""
        return ()


def best(request: SelectRequest) -> int:
    """The candidate with the highest worth; of equals the first."""
    return max(range(len(request.candidates)), key=lambda index: (worth(request.candidates[index], request.people), -index))


def worth(candidate: Candidate, people: int) -> float:
    """How well the picture is made, how safely it was cut, and whether the heads of those who should be seen are in it."""
    made = candidate.score * (0.5 + 0.5 * candidate.confidence)
    if not people or not candidate.heads:
        return made
    seen = sum(sorted((inside(head) for head in candidate.heads), reverse=True)[:people]) / people
    return 0.6 * made + 0.4 * seen


def inside(head: Box) -> float:
    """The share of a head that lies in the picture."""
    wide = max(0.0, min(1.0, head.x + head.width) - max(0.0, head.x))
    high = max(0.0, min(1.0, head.y + head.height) - max(0.0, head.y))
    area = head.width * head.height
    return wide * high / area if area > 0 else 0.0


def _candidate(view: ShotView, cell: Node) -> Candidate:
    asset = view.asset(cell)
    assert asset is not None
    return Candidate(
        asset=asset,
        score=cell.facts.get("score", 0.0),
        heads=tuple(Box.model_validate(head) for head in cell.facts.get("heads", ())),
        confidence=cell.facts.get("confidence", 1.0),
    )
