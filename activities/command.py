"""command: an operator's signal to the desk becomes an envelope through the same door as everything else."""

from __future__ import annotations

from typing import Any

from temporalio import activity

from activities.failures import told
from activities.slices import DEARER, new_batch, perform_agreed, rerender
from activities.work import Work
from storyreel.actions.base import Asked, Envelope
from storyreel.commits import Actor, EnvelopeRefused
from storyreel.model.errors import BadInput
from storyreel.pipeline.contract import CUT_STAGES, Commanded, DeskCommand, DeskSignal, StageName
from storyreel.runtime.telemetry import bound

EVERYTHING = "all"
# The action that goes through just these stages, the narrowest first.
RENDERS: tuple[tuple[frozenset[StageName], str], ...] = (
    (frozenset({"voice"}), "gen.voice"),
    (frozenset({"voice", "compose", "check"}), "gen.voice"),
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
            try:
                asked = asked_of(command)
                if command.verb == "rerender" and "shots" in asked.args:
                    return await rerender(self._work.door, command, asked, actor)
                outcome = await perform_agreed(self._work.door, command, envelope_of(command), actor, new_batch(command, asked))
            except EnvelopeRefused as refused:
                return Commanded(request_id=command.request_id, refused=refused.detail)
        commit = outcome.commit
        return Commanded(
            request_id=command.request_id,
            revision=commit.revision if commit else None,
            batch_id=commit.batch_id if commit else None,
            refused="" if commit else DEARER,
        )


def envelope_of(command: DeskCommand) -> Envelope:
    """What a command asks of the door. The same command is the same envelope, so that it counts once.

    Raises:
        BadInput: it lacks the number it is about.
    """
    return Envelope(request_id=command.request_id, intent=f"desk.{command.verb}", actions=(asked_of(command),))


def asked_of(command: DeskCommand) -> Asked:
    """The action that a command stands for.

    Raises:
        BadInput: it lacks the number it is about.
    """
    signal = command.signal
    match command.verb:
        case "rerender":
            return _render(signal)
        case "pause" | "resume" if signal.provider:
            return Asked(type="provider.pause", args={"provider": signal.provider, "held": command.verb == "pause"})
        case "cancel" | "pause" | "resume":
            return Asked(type=f"task.{command.verb}", args=_shots(signal))
        case "set_concurrency":
            if signal.concurrency is None:
                raise BadInput('set_concurrency needs a number from 1 to 1000: {"concurrency": 4}')
            return Asked(type="task.set_concurrency", args={"concurrency": signal.concurrency})
        case "reprioritise":
            if signal.priority is None:
                raise BadInput('reprioritise needs a priority from 0 to 100: {"shots": "3", "priority": 90}')
            return Asked(type="task.prioritise", args={**_shots(signal), "priority": signal.priority})


def _render(signal: DeskSignal) -> Asked:
    """The action whose stages the signal names; a single stage of the middle goes through the whole shot, where the rest is fresh."""
    wanted = frozenset(signal.stages)
    kind = next((name for stages, name in RENDERS if wanted and wanted <= stages), "gen.video")
    kind = "gen.compose" if wanted and wanted <= set(CUT_STAGES) and kind != "gen.music" else kind
    args: dict[str, Any] = {} if signal.priority is None else {"priority": signal.priority}
    if kind not in ("gen.music", "gen.compose"):
        narrowed = {"stale": signal.stale, "provider": signal.provider, "template": signal.template}
        args |= {"shots": signal.shots, "again": signal.again, **{name: value for name, value in narrowed.items() if value}}
    return Asked(type=kind, args=args)


def _shots(signal: DeskSignal) -> dict[str, Any]:
    batch = {"batch": str(signal.batch)} if signal.batch else {}
    return batch if signal.shots == EVERYTHING else {"shots": signal.shots, **batch}
