"""The graph of a turn: context -> plan <-> look -> act -> tell. It ends when it has proposed: the proposal row is the truth of approval.

Its state holds ids and the envelope; LangGraph's checkpointer keeps a paid plan through a crash, and the thread is deleted once told.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from agent.answer import answer_of, problem, said_at, steps_only, together
from agent.binding import placed
from agent.checkpoint import Checkpoints
from agent.context import build
from agent.episodes import in_episode
from agent.roles import check_allowed
from agent.types import Context, Looked, Planner, PlannerFailed, Thought, Turn
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.catalogue import is_query
from storyreel.commits import Actor, Door, Outcome, Talk, approve, perform, reject
from storyreel.ledger import talk
from storyreel.ledger.budget import OverBudget
from storyreel.model.errors import BadInput
from storyreel.model.ids import derive
from storyreel.runtime.database import failures_named
from storyreel.runtime.telemetry import bound, histogram, log, span

# Look-ups before an answer, and repairs of an answer that could not be done.
LOOKS = 3
REPAIRS = 1
LONGEST_MESSAGE = 20_000
MOST_GRAPHS = 500
# Above this the rules' answer is taken without asking a model.
SURE = 0.8
TURN_S = histogram("storyreel_chat_turn_seconds", "Time of a chat turn, the planning model included.", ["planner"])


class State(TypedDict):
    """What a turn keeps between its steps; all of it JSON."""

    turn: dict[str, Any]
    context: dict[str, Any]
    thought: dict[str, Any]
    looked: NotRequired[list[dict[str, Any]]]
    planner: NotRequired[str]
    feedback: NotRequired[str]
    repairs: NotRequired[int]
    outcome: NotRequired[dict[str, Any]]
    error: NotRequired[dict[str, Any]]
    answer: NotRequired[dict[str, Any]]


@dataclass(frozen=True)
class Agent:
    """Who answers: the planners in the order in which they are asked, the door, and where turns are kept."""

    door: Door
    planners: Sequence[Planner]
    checkpointer: BaseCheckpointSaver[Any] | None = None
    # Compiling costs as much as a short turn: once for each who asks.
    graphs: dict[Actor, Any] = field(default_factory=dict[Actor, Any], init=False, repr=False, compare=False)

    async def turn(self, turn: Turn, actor: Actor) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
        """Answer one message: events (name, data) as they come, `answer` the last.

        A turn that was answered before is answered the same; one that a crash cut short goes on where it was.

        Raises:
            BadInput: the message is empty or too long.
            NotFound: there is no such project.
        """
        check_message(turn)
        with bound(workspace=turn.workspace_id, turn=turn.turn_id), span("agent.turn", workspace=turn.workspace_id):
            async with self.door.database.connect() as conn:
                known, answered = await talk.stands(conn, turn.workspace_id, turn.turn_id)
            if answered is not None:
                yield "answer", dict(answered)
                return
            async for event in self._run(turn, actor, known=known):
                yield event

    async def _run(self, turn: Turn, actor: Actor, *, known: bool) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
        graph = self._graph(actor)
        config: Any = {"configurable": {"thread_id": str(turn.turn_id)}}
        keeping = self.checkpointer if isinstance(self.checkpointer, Checkpoints) else None
        if keeping is not None and not known:
            keeping.begin(str(turn.turn_id))
        try:
            with failures_named():
                begun = await graph.aget_state(config) if self.checkpointer and known else None
                start: Any = None if begun is not None and begun.next else {"turn": turn.model_dump(mode="json")}
                async for event in graph.astream(
                    start, config, stream_mode="custom", durability="sync" if self.checkpointer else None
                ):
                    yield event["event"], event["data"]
                if self.checkpointer is not None:
                    await self.checkpointer.adelete_thread(str(turn.turn_id))
        finally:
            if keeping is not None:
                keeping.end(str(turn.turn_id))

    def _graph(self, actor: Actor) -> Any:
        if actor not in self.graphs:
            if len(self.graphs) >= MOST_GRAPHS:
                self.graphs.clear()
            self.graphs[actor] = compile_turn(self, actor)
        return self.graphs[actor]


def check_message(turn: Turn) -> None:
    """Refuse what cannot be answered.

    Raises:
        BadInput: the message is empty with nothing attached, or longer than a message can be.
    """
    if not turn.text.strip() and not turn.attachments:
        raise BadInput("the message is empty; say what you want, for example 'make a 30 second film about a lighthouse'")
    if len(turn.text) > LONGEST_MESSAGE:
        raise BadInput(
            f"a message can hold {LONGEST_MESSAGE} characters, this one has {len(turn.text)}; attach a long script as a file instead"
        )


def compile_turn(agent: Agent, actor: Actor) -> Any:
    """The graph of one turn, for this actor."""
    steps = Steps(agent, actor)
    graph = StateGraph(State)
    graph.add_node("context", steps.context)
    graph.add_node("plan", steps.plan)
    graph.add_node("look", steps.look)
    graph.add_node("act", steps.act)
    graph.add_node("tell", steps.tell)
    graph.add_edge(START, "context")
    graph.add_edge("context", "plan")
    graph.add_conditional_edges("plan", after_plan, ["look", "act", "tell"])
    graph.add_edge("look", "plan")
    graph.add_conditional_edges("act", after_act, ["plan", "tell"])
    graph.add_edge("tell", END)
    return graph.compile(checkpointer=agent.checkpointer)


def after_plan(state: State) -> str:
    """Look first, act, or tell at once."""
    thought = Thought.model_validate(state["thought"])
    if thought.looks and len(state.get("looked", [])) < LOOKS:
        return "look"
    return "act" if thought.understood and (thought.actions or thought.decision) else "tell"


def after_act(state: State) -> str:
    """A model may mend what could not be done, once; the person is told otherwise."""
    return "plan" if state.get("feedback") and state.get("repairs", 0) <= REPAIRS else "tell"


@dataclass(frozen=True)
class Steps:
    """The steps of a turn. Each takes the state and returns what it adds to it."""

    agent: Agent
    actor: Actor

    async def context(self, state: State) -> dict[str, Any]:
        """Keep the message, build its context."""
        turn = Turn.model_validate(state["turn"])
        async with self.agent.door.database.begin() as conn:
            turn = await placed(conn, turn)
            said = turn.text
            turn = await in_episode(conn, turn)
            context = await build(conn, turn, self.actor.role.name)
            await talk.say(
                conn,
                turn.workspace_id,
                conversation_id=turn.conversation_id,
                turn_id=turn.turn_id,
                role="person",
                actor=turn.actor,
                text=said,
                title=turn.text[:80],
                attachments=[a.model_dump(mode="json") for a in turn.attachments],
                focus=turn.focus.model_dump(mode="json"),
                **said_at(turn),
            )
        emit("context", {"revision": context.revision, "why": [why.model_dump() for why in context.why]})
        return {"turn": turn.model_dump(mode="json"), "context": context.model_dump(mode="json"), "looked": [], "repairs": 0}

    async def plan(self, state: State) -> dict[str, Any]:
        """Ask the planners in order; the first that is sure answers."""
        context = Context.model_validate(state["context"])
        looked = tuple(Looked.model_validate(one) for one in state.get("looked", []))
        feedback = state.get("feedback", "")
        name, thought = await self._think(context, looked, feedback, state.get("planner", ""))
        emit(
            "plan",
            {
                "by": name,
                "intent": thought.intent,
                "actions": [one.model_dump(mode="json", by_alias=True) for one in thought.actions],
            },
        )
        return {
            "thought": thought.model_dump(mode="json", by_alias=True),
            "planner": name,
            "feedback": "",
            "repairs": state.get("repairs", 0) + bool(feedback),
        }

    async def _think(self, context: Context, looked: tuple[Looked, ...], feedback: str, before: str) -> tuple[str, Thought]:
        """Rules answer what they are sure of; a model answers the rest; where it fails, the rules' best stands, with words."""
        best: tuple[str, Thought] | None = None
        planners = [p for p in self.agent.planners if not before or p.name == before] or list(self.agent.planners)
        for planner in planners:
            last = planner is planners[-1]
            try:
                with TURN_S.labels(planner.name).time(), span("agent.plan", planner=planner.name):
                    thought = await planner.plan(context, looked, feedback)
            except PlannerFailed as failed:
                log().warning("planner.failed", planner=planner.name, reason=failed.reason)
                spare = best or (planner.name, Thought(understood=False))
                return spare[0], spare[1].model_copy(update={"message": failed.said})
            if last or (thought.understood and thought.sure >= SURE):
                return planner.name, thought
            best = (planner.name, thought)
        return best or ("rules", Thought(understood=False))

    async def look(self, state: State) -> dict[str, Any]:
        """Make the look-ups that the planner asked for; each counts."""
        turn = Turn.model_validate(state["turn"])
        thought = Thought.model_validate(state["thought"])
        looked = list(state.get("looked", []))
        found = [await self._look(turn, one) for one in thought.looks[: LOOKS - len(looked)]]
        looked += [one.model_dump(mode="json", by_alias=True) for one in found]
        emit("look", {"at": [one.type for one in thought.looks]})
        return {"looked": looked}

    async def _look(self, turn: Turn, one: Asked) -> Looked:
        if not is_query(one):
            return Looked(asked=one, error=f"{one.type} is no query; only queries can be looked up")
        try:
            outcome = await self._perform(turn, Envelope(request_id=derive(turn.turn_id, "look", one), actions=(one,)))
        except BadInput as error:
            return Looked(asked=one, error=error.detail)
        return Looked(asked=one, data=outcome.data[0] if outcome.data else {})

    async def act(self, state: State) -> dict[str, Any]:
        """Do it, propose it, or decide on what was proposed."""
        turn = Turn.model_validate(state["turn"])
        thought = Thought.model_validate(state["thought"])
        context = Context.model_validate(state["context"])
        try:
            outcome = await self._decide(turn, context, thought) if thought.decision else await self._do(turn, thought)
        except BadInput as error:
            # Money is no mistake of the model's; asking it again would only cost more.
            mendable = not isinstance(error, OverBudget)
            if mendable and state.get("planner") != "rules" and state.get("repairs", 0) < REPAIRS:
                return {"feedback": error.detail, "error": problem(error)}
            return {"feedback": "", "error": problem(error)}
        return {"outcome": outcome.model_dump(mode="json"), "feedback": "", "error": {}}

    async def _do(self, turn: Turn, thought: Thought) -> Outcome:
        envelope = Envelope(
            request_id=turn.turn_id,
            mode="propose" if thought.propose else "execute",
            intent=thought.intent or turn.text[:200],
            actions=thought.actions,
            assistant_message=thought.message,
        )
        outcome = await (self._step_by_step(turn, envelope) if steps_only(envelope) else self._perform(turn, envelope))
        if outcome.proposal and not outcome.repeated:
            emit("proposal", outcome.proposal.model_dump(mode="json"))
        for shown in outcome.ui:
            emit("ui", shown)
        return outcome

    async def _step_by_step(self, turn: Turn, envelope: Envelope) -> Outcome:
        """Several undos or redos in a row: a commit takes back one commit, so each is a commit of its own, told as one.

        Where fewer steps are there than were asked for, those are taken and the rest is told.
        """
        done: list[Outcome] = []
        for index, one in enumerate(envelope.actions):
            request = envelope.request_id if not index else derive(envelope.request_id, "step", index)
            try:
                done.append(await self._perform(turn, envelope.model_copy(update={"request_id": request, "actions": (one,)})))
            except BadInput:
                if not done:
                    raise
                break
        return together(done, asked=len(envelope.actions))

    async def _decide(self, turn: Turn, context: Context, thought: Thought) -> Outcome:
        if context.open_proposal is None:
            raise BadInput("there is nothing to decide on: no proposal is open")
        if thought.decision == "approve":
            return await approve(self.agent.door, turn.workspace_id, context.open_proposal, self.actor, source=turn.source)
        facts = await reject(self.agent.door, turn.workspace_id, context.open_proposal, self.actor)
        return Outcome(workspace_id=turn.workspace_id, request_id=turn.turn_id, proposal=facts)

    async def _perform(self, turn: Turn, envelope: Envelope) -> Outcome:
        check_allowed(envelope.actions, turn.mode, turn.role)
        return await perform(
            self.agent.door,
            turn.workspace_id,
            envelope,
            self.actor,
            source=turn.source,
            episode_id=turn.episode_id,
            talk=Talk(turn.conversation_id, turn.turn_id),
            bound=turn.bound,
        )

    async def tell(self, state: State) -> dict[str, Any]:
        """Say what happened, and keep it."""
        turn = Turn.model_validate(state["turn"])
        context = Context.model_validate(state["context"])
        answer = answer_of(turn, context, state)
        said = answer.model_dump(mode="json", by_alias=True)
        async with self.agent.door.database.begin() as conn:
            await talk.say(
                conn,
                turn.workspace_id,
                conversation_id=turn.conversation_id,
                turn_id=turn.turn_id,
                role="assistant",
                actor="agent",
                text=answer.message,
                context={**state["context"], "looked": state.get("looked", [])},
                answered_by=answer.answered_by,
                answer=said,
                **said_at(turn),
            )
        if answer.commit:
            emit("commit", answer.commit.model_dump(mode="json"))
            for task in answer.commit.tasks:
                emit("task", {"id": str(task), "state": "pending"})
        emit("answer", said)
        return {"answer": said}


def emit(event: str, data: dict[str, Any]) -> None:
    """Tell whoever follows the turn."""
    get_stream_writer()({"event": event, "data": data})


def conversation_for(workspace_id: UUID, *place: UUID | None) -> UUID:
    """The conversation of a workspace where none was named; `place` is what a pro talk is bound to, which has its own."""
    return derive(workspace_id, "conversation", *(one for one in place if one is not None))
