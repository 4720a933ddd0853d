"""The answer to a message, told from what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent import tell
from agent.types import ChatAnswer, Context, Thought, Turn
from storyreel.actions.base import Envelope, Said
from storyreel.commits import Outcome
from storyreel.model.errors import StoryreelError
from storyreel.model.spec import Language


def steps_only(envelope: Envelope) -> bool:
    """Whether an envelope only goes back and forth in the log, several steps at once."""
    kinds = {one.type for one in envelope.actions}
    return len(envelope.actions) > 1 and kinds in ({"version.undo"}, {"version.redo"}) and envelope.mode == "execute"


def together(done: Sequence[Outcome], asked: int) -> Outcome:
    """Commits that one message made, as one: the newest, with what all of them say."""
    last = done[-1]
    commits = [outcome.commit for outcome in done if outcome.commit is not None]
    if last.commit is None:
        return last
    short = (Said(code="version.no_more", facts={"done": len(commits), "asked": asked}),) if len(commits) < asked else ()
    facts = last.commit.model_copy(
        update={
            "summary": tuple(said for commit in commits for said in commit.summary),
            "skipped": (*(said for commit in commits for said in commit.skipped), *short),
        }
    )
    return last.model_copy(update={"commit": facts})


def answer_of(turn: Turn, context: Context, state: Mapping[str, Any]) -> ChatAnswer:
    """The answer to a message, told from what came of it."""
    thought = Thought.model_validate(state["thought"])
    came = state.get("outcome")
    outcome = Outcome.model_validate(came) if came else None
    error = state.get("error") or None
    language = tell.language_of(turn.text, context.language)
    proposal = outcome.proposal if outcome else None
    commit = outcome.commit if outcome else None
    return ChatAnswer(
        workspace=turn.workspace_id,
        conversation=turn.conversation_id,
        turn=turn.turn_id,
        answered_by=state.get("planner", "rules"),
        understood=thought.understood,
        language=language,
        actions=thought.actions,
        proposal=proposal,
        commit=commit,
        data=outcome.data if outcome else (),
        ui=outcome.ui if outcome else (),
        message=_message(thought, outcome, error, language),
        error=error,
        looked=tuple(one["asked"]["type"] for one in state.get("looked", [])),
        next_steps=tell.next_steps(
            context,
            language,
            proposed=proposal is not None and proposal.state == "open",
            started=len(commit.tasks) if commit else 0,
        ),
    )


def _message(thought: Thought, outcome: Outcome | None, error: dict[str, Any] | None, language: Language) -> str:
    """What came of it, then what was not understood of the message, then what is asked."""
    if error:
        return tell.tell_refusal(error, language)
    if not thought.understood:
        return "\n".join(part for part in (thought.message, tell.tell_not_understood(thought.nearest, language)) if part)
    told = _outcome_told(outcome, language) if outcome else ""
    left = tell.tell_left(thought.left, language) if thought.left and outcome else ""
    parts = [part for part in (told, left, thought.message, thought.question) if part]
    return "\n".join(parts) or tell.tell_not_understood(thought.nearest, language)


def _outcome_told(outcome: Outcome, language: Language) -> str:
    if outcome.commit:
        return tell.tell_commit(outcome.commit, language)
    if outcome.proposal and outcome.proposal.state == "open":
        return tell.tell_proposal(outcome.proposal, language)
    if outcome.proposal:
        return "好的，不做。" if language == "zh" else "All right, it is dropped."
    return tell.tell_data((*outcome.data, *outcome.ui), language)


def said_at(turn: Turn) -> dict[str, Any]:
    """Where a message was said, as its row keeps it."""
    return {"mode": turn.mode, "work_item_id": turn.work_item_id, "track_id": turn.track_id, "node_id": turn.node_id}


def problem(error: StoryreelError) -> dict[str, Any]:
    """An error as the answer keeps it."""
    facts = {key: value for key, value in error.facts.items() if isinstance(value, str | int | float | bool | list | dict)}
    return {"code": error.code, "detail": error.detail, **({"facts": facts} if facts else {})}
