"""The desk of a workspace: it hears the bell, claims what is to be rendered, and carries out an operator's commands."""

from __future__ import annotations

from collections import deque

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from storyreel.pipeline.contract import (
    Claim,
    Claimed,
    Commanded,
    Counts,
    DeskCommand,
    DeskSignal,
    DeskState,
    Verb,
)
from workflows import policy
from workflows.words import desk_details

# A history of a few hundred bells reads well and replays in a moment.
BELLS_A_RUN = 250


@workflow.defn(name="RenderDesk")
class RenderDesk:
    """A pump: each bell becomes one claim of the task table, each command one commit. It holds nothing that is not in the database."""

    @workflow.init
    def __init__(self, state: DeskState) -> None:
        self._workspace_id = state.workspace_id
        self._rings = state.rings
        self._rung = state.rung
        self._pending: deque[DeskCommand] = deque(state.pending)
        self._claimed = Claimed()
        self._refused = ""
        self._said = Commanded(request_id=state.workspace_id)
        self._bells = 0

    @workflow.signal(description="There may be something to do; carries nothing, and may come twice or be lost.")
    def ring(self) -> None:
        """Hear the bell."""
        self._rings += 1
        self._rung = True

    @workflow.signal(
        description='Render shots again: {"shots": "8-12", "stages": ["video"], "again": true, "actor": "anna"}; also "stale": true, '
        '"provider": "remote", "template": "ink"'
    )
    def rerender(self, signal: DeskSignal) -> None:
        """Ask for renders."""
        self._command("rerender", signal)

    @workflow.signal(description='Cancel the open renders of shots: {"shots": "8-12"}')
    def cancel(self, signal: DeskSignal) -> None:
        """Cancel renders."""
        self._command("cancel", signal)

    @workflow.signal(description='Hold renders that have not started: {"shots": "all"}; or a provider: {"provider": "remote"}')
    def pause(self, signal: DeskSignal) -> None:
        """Hold renders."""
        self._command("pause", signal)

    @workflow.signal(description='Let held renders go on: {"shots": "all"}; or a provider: {"provider": "remote"}')
    def resume(self, signal: DeskSignal) -> None:
        """Let renders go on."""
        self._command("resume", signal)

    @workflow.signal(description='Render shots sooner or later: {"shots": "3", "priority": 90}')
    def reprioritise(self, signal: DeskSignal) -> None:
        """Change what comes first."""
        self._command("reprioritise", signal)

    @workflow.signal(description='How many renders may run at once: {"concurrency": 4}')
    def set_concurrency(self, signal: DeskSignal) -> None:
        """Change how many run at once."""
        self._command("set_concurrency", signal)

    @workflow.query(description="What the last claim saw, and what waits to be done.")
    def counts(self) -> Counts:
        """What the last claim saw, and what waits to be done."""
        return Counts(
            rings=self._rings,
            pending=len(self._pending),
            refused=self._refused,
            batch_id=self._said.batch_id,
            asked=self._said.asked,
            shots=self._said.shots,
            **self._claimed.model_dump(),
        )

    @workflow.run
    async def run(self, state: DeskState) -> None:
        """Serve until there is a long history, then go on in a new one with what is not done yet."""
        self._tell()
        between = False
        while not self._full():
            await workflow.wait_condition(lambda: self._rung or bool(self._pending))
            if self._pending and not between:
                rest = await self._carry_out(self._pending[0])
                self._pending.popleft()
                if rest is not None:
                    self._pending.appendleft(rest)
                # Between the slices of a large command what is asked for already may begin.
                between = rest is not None
            else:
                await self._claim()
                between = False
            self._tell()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            state.model_copy(update={"rings": self._rings, "rung": self._rung, "pending": tuple(self._pending)})
        )

    def _full(self) -> bool:
        return self._bells >= BELLS_A_RUN or workflow.info().is_continue_as_new_suggested()

    async def _claim(self) -> None:
        # Cleared before the claim: a bell that is heard while it runs asks for another.
        self._rung = False
        self._bells += 1
        self._claimed = await workflow.execute_activity(
            "claim",
            Claim(workspace_id=self._workspace_id),
            result_type=Claimed,
            **policy.desk_options("Claim what may run now, and start it"),
        )

    async def _carry_out(self, command: DeskCommand) -> DeskCommand | None:
        """Do it; what is left of it, where it is done slice by slice."""
        options = policy.desk_options(
            f"{command.verb.replace('_', ' ')}: shots {command.signal.shots}, by {command.signal.actor}"
        )
        options["retry_policy"] = policy.COMMAND_TRIES
        try:
            said = await workflow.execute_activity("command", command, result_type=Commanded, **options)
        except ActivityError as failure:
            cause = failure.cause
            self._refused = cause.message if isinstance(cause, ApplicationError) else str(cause)
            workflow.logger.warning("a command was not carried out: %s", self._refused)
            return None
        self._refused, self._said = said.refused, said if said.batch_id else self._said
        # The commit rings by itself; this one is heard even if that bell is lost.
        self._rung = True
        if said.asked >= said.shots:
            return None
        self._bells += 1
        return command.model_copy(update={"asked": said.asked})

    def _command(self, verb: Verb, signal: DeskSignal) -> None:
        request_id = signal.request_id or workflow.uuid4()
        self._bells += 1
        self._pending.append(DeskCommand(workspace_id=self._workspace_id, verb=verb, request_id=request_id, signal=signal))

    def _tell(self) -> None:
        workflow.set_current_details(desk_details(self.counts()))
