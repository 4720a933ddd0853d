"""Making a stage, and giving way where a person allows it: less of it, or by another; what was given up is told with what was made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storyreel.ledger import providers
from storyreel.model.base import Frozen
from storyreel.model.errors import ProviderError
from storyreel.model.rows import Profile
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.recovery import CAPABILITY
from storyreel.pipeline.stage import Kit, NewNode, Result
from storyreel.pipeline.stages import STAGES
from storyreel.providers.registry import VENDORS, Registry
from storyreel.providers.routing import Adjusted, May, Way, Ways
from storyreel.runtime.database import Database
from storyreel.runtime.telemetry import log


@dataclass(frozen=True)
class Given:
    """What was made, the request that it answers, and what was given up against the one that was wanted."""

    result: Result
    request: Frozen
    adjusted: tuple[Adjusted, ...] = ()


@dataclass(frozen=True)
class Giving:
    """Makes one stage of one task. `attempt` counts from 1."""

    database: Database
    registry: Registry | None
    profile: Profile
    order: StageOrder
    attempt: int

    async def make(self, request: Frozen, kit: Kit) -> Given:
        """What the request asks for, else the next that is allowed.

        Raises:
            ProviderError: neither came; it is the failure of the first way that has to be waited for.
        """
        stage = STAGES[self.order.stage]
        try:
            return Given(await stage.make(request, kit), request)
        except ProviderError as failure:
            ways, last = await self._ways(request), failure
        while (way := await self._next(ways, last)) is not None:
            try:
                return _told(await stage.make(way.request, kit), way)
            except ProviderError as failure:
                last = failure
        raise last

    async def _ways(self, request: Frozen) -> Ways | None:
        capability = CAPABILITY.get(self.order.stage)
        if capability is None or self.registry is None:
            return None
        async with self.database.connect() as conn:
            allowed = await providers.allowed(conn, self.order.workspace_id, self.order.task_id)
        said = self.profile.fallback
        may = May(
            smaller="smaller" in allowed or (said is not None and said.smaller), alternative=said.alternative if said else ()
        )
        first = self.registry.route(capability, getattr(request, "provider", ""))
        return Ways(self.order.stage, request, may, first, {name: tuple(makes) for name, makes in VENDORS.items()})

    async def _next(self, ways: Ways | None, failure: ProviderError) -> Way | None:
        if ways is None:
            return None
        async with self.database.connect() as conn:
            has_job = await providers.has_job(conn, self.order.workspace_id, self.order.task_id, self.order.stage)
        way = ways.after(failure, self.attempt, has_job=has_job)
        if way is not None:
            log().info("stage.gives_way", code=failure.code, given=[one.words() for one in way.adjusted])
        return way


def registry_of(kits: object) -> Registry | None:
    """The providers behind the kits of a worker; kits that stand in for them have none."""
    held = getattr(kits, "registry", None)
    return held if isinstance(held, Registry) else None


def _told(result: Result, way: Way) -> Given:
    """The result, its first node and its note saying what was given up."""
    facts = [one.model_dump() for one in way.adjusted]

    def told(node: NewNode) -> NewNode:
        return replace(node, facts={**node.facts, "adjusted": facts}) if node.parent is None else node

    note = " ".join([*(one.words() for one in way.adjusted), *([result.note] if result.note else [])])
    return Given(replace(result, nodes=tuple(told(node) for node in result.nodes), note=note), way.request, way.adjusted)
