"""fire: what a schedule holds, asked for through the same door as everything else; each time once."""

from __future__ import annotations

from datetime import UTC

from temporalio import activity

from activities.failures import told
from activities.work import Work
from storyreel import commits
from storyreel.actions.base import Asked, Envelope, Role
from storyreel.actions.catalogue import arguments_of
from storyreel.commits import Actor, Outcome
from storyreel.ledger import schedules
from storyreel.ledger.batches import NewBatch
from storyreel.model.errors import BadInput
from storyreel.model.facts import ScheduleFacts
from storyreel.model.ids import derive
from storyreel.pipeline.contract import Fired, Firing
from storyreel.runtime.telemetry import bound, log

SOURCE = "schedule"
# Setting the schedule was saying yes to these; what is dearer than may be spent unasked waits for a person.
AGREED = frozenset({"ask.many", "ask.deletes", "ask.queue", "offer.later", "offer.smaller"})
NO_MORE = "It was cancelled."
WAITS = "It costs more than may be spent without asking; a proposal waits for a person."


class FireActivity:
    """What is due, done."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @activity.defn(name="fire")
    async def fire(self, firing: Firing) -> Fired:
        """Perform it once for this time, and keep what came of it."""
        ws = firing.workspace_id
        with told(), bound(workspace=ws):
            async with self._work.door.database.connect() as conn:
                schedule = await schedules.find(conn, ws, firing.schedule_id)
            if schedule is None or schedule.state not in ("active", "done"):
                return Fired(said=NO_MORE)
            fired = await self._done(schedule, firing)
            async with self._work.door.database.begin() as conn:
                await schedules.fired(conn, ws, schedule.id, firing.at, fired.said)
            log().info("schedule.fired", schedule=str(schedule.id), at=firing.at.isoformat(), said=fired.said)
        return fired

    async def _done(self, schedule: ScheduleFacts, firing: Firing) -> Fired:
        actor = Actor(id=schedule.asked_by, role=Role(schedule.role))
        # One time is one request, whoever says it: Temporal's schedule or the relay.
        at = firing.at.astimezone(UTC).replace(microsecond=0).isoformat()
        asked = tuple(Asked.model_validate(dict(one)) for one in schedule.actions)
        batch = NewBatch(
            id=derive(schedule.id, "batch", at),
            reason=SOURCE,
            title=schedule.title,
            selector={"action": asked[0].type, **arguments_of(asked[0])},
            schedule_id=schedule.id,
        )
        envelope = Envelope(request_id=derive(schedule.id, "fire", at), intent=schedule.title, actions=asked)
        try:
            outcome = await commits.perform(self._work.door, firing.workspace_id, envelope, actor, source=SOURCE, batch=batch)
            outcome = await self._agreed(outcome, firing, actor, batch)
        except BadInput as refused:
            # Nothing to do at this time is no failure: there may be next time.
            return Fired(said=refused.detail)
        if outcome.commit is None:
            return Fired(said=WAITS, proposal_id=outcome.proposal.id if outcome.proposal else None)
        made = len(outcome.commit.tasks)
        said = f"{made} render{'s' if made != 1 else ''} asked for." if made else "Done."
        return Fired(said=said, revision=outcome.commit.revision, batch_id=outcome.commit.batch_id)

    async def _agreed(self, outcome: Outcome, firing: Firing, actor: Actor, batch: NewBatch) -> Outcome:
        proposal = outcome.proposal
        if proposal is None or not {said.code for said in proposal.reasons} <= AGREED:
            return outcome
        return await commits.approve(self._work.door, firing.workspace_id, proposal.id, actor, source=SOURCE, batch=batch)
