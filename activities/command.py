"""command: an operator's signal to the desk becomes an envelope through the same door as everything else."""

from __future__ import annotations

from typing import Any

from temporalio import activity

from activities.failures import told
from activities.work import Work
from storyreel import commits
from storyreel.actions.base import Asked, Envelope, Reads
from storyreel.commits import Actor, EnvelopeRefused, Outcome
from storyreel.graph.load import view_for
from storyreel.ledger import tasks
from storyreel.model.errors import BadInput
from storyreel.pipeline.contract import CUT_STAGES, Commanded, DeskCommand, DeskSignal, StageName
from storyreel.runtime.telemetry import bound

SOURCE = "signal"
EVERYTHING = "all"
MANY = 10_000
# The action that goes through just these stages, the narrowest first.
RENDERS: tuple[tuple[frozenset[StageName], str], ...] = (
    (frozenset({"voice"}), "gen.voice"),
    (frozenset({"voice", "compose"}), "gen.voice"),
    (frozenset({"spec", "grid", "select"}), "gen.image"),
    (frozenset({"music"}), "gen.music"),
)


class CommandActivity:
    """What operators ask, carried out."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @activity.defn(name="command")
    async def command(self, command: DeskCommand) -> Commanded:
        """Perform it; where a person would be asked first, sending the signal was saying yes."""
        actor = Actor(id=command.signal.actor)
        with told(), bound(workspace=command.workspace_id, request=command.request_id):
            if command.verb == "reprioritise":
                await self._reprioritise(command)
                return Commanded(request_id=command.request_id)
            try:
                outcome = await self._perform(command, actor)
            except EnvelopeRefused as refused:
                return Commanded(request_id=command.request_id, refused=refused.detail)
        commit = outcome.commit
        refused = "" if commit else "It costs more than was agreed by now; a proposal waits for a person."
        return Commanded(request_id=command.request_id, revision=commit.revision if commit else None, refused=refused)

    async def _perform(self, command: DeskCommand, actor: Actor) -> Outcome:
        door, workspace = self._work.door, command.workspace_id
        outcome = await commits.perform(door, workspace, envelope_of(command), actor, source=SOURCE)
        if outcome.proposal is None:
            return outcome
        return await commits.approve(door, workspace, outcome.proposal.id, actor, source=SOURCE)

    async def _reprioritise(self, command: DeskCommand) -> None:
        """Priorities belong to the queue alone: no commit, nothing to undo."""
        workspace, signal = command.workspace_id, command.signal
        if signal.priority is None:
            raise BadInput('reprioritise needs a priority from 0 to 100: {"shots": "3", "priority": 90}')
        async with self._work.door.database.begin() as conn:
            view = await view_for(conn, workspace, [Reads(shots=(signal.shots,))])
            ids = None if signal.shots == EVERYTHING else [shot.id for shot in view.at(signal.shots)]
            found = await tasks.facts(conn, workspace, open_only=True, work_item_ids=ids, limit=MANY)
            await tasks.prioritise(conn, workspace, [task.id for task in found], signal.priority)
        self._work.door.bell.ring(workspace)


def envelope_of(command: DeskCommand) -> Envelope:
    """What a command asks of the door. The same command is the same envelope, so that it counts once.

    Raises:
        BadInput: it lacks the number it is about, or is no matter of the graph.
    """
    return Envelope(request_id=command.request_id, intent=f"desk.{command.verb}", actions=(_asked(command),))


def _asked(command: DeskCommand) -> Asked:
    signal = command.signal
    match command.verb:
        case "rerender":
            return _render(signal)
        case "cancel" | "pause" | "resume":
            return Asked(type=f"task.{command.verb}", args=_shots(signal))
        case "set_concurrency":
            if signal.concurrency is None:
                raise BadInput('set_concurrency needs a number from 1 to 1000: {"concurrency": 4}')
            return Asked(type="task.set_concurrency", args={"concurrency": signal.concurrency})
        case "reprioritise":
            raise BadInput("reprioritise changes the queue, not the film: it has no envelope")


def _render(signal: DeskSignal) -> Asked:
    """The action whose stages the signal names; a single stage of the middle goes through the whole shot, where the rest is fresh."""
    wanted = frozenset(signal.stages)
    kind = next((name for stages, name in RENDERS if wanted and wanted <= stages), "gen.video")
    kind = "gen.compose" if wanted and wanted <= set(CUT_STAGES) and kind != "gen.music" else kind
    args: dict[str, Any] = {} if signal.priority is None else {"priority": signal.priority}
    if kind not in ("gen.music", "gen.compose"):
        args |= {"shots": signal.shots, "again": signal.again}
    return Asked(type=kind, args=args)


def _shots(signal: DeskSignal) -> dict[str, Any]:
    return {} if signal.shots == EVERYTHING else {"shots": signal.shots}
