"""Several steps back or forth that are asked for at once: a commit for each, so that each can be taken back by itself."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.actions.base import Action, Asked, Envelope, Said
from storyreel.actions.version import Undo
from storyreel.commits.outcome import Outcome
from storyreel.model.errors import BadInput
from storyreel.model.ids import derive


def steps_of(envelope: Envelope, actions: Sequence[Action]) -> list[Envelope]:
    """The single steps of an envelope that asks for several; empty when it does not.

    Raises:
        BadInput: several steps are asked for beside other actions, of one certain commit, or as a proposal.
    """
    many = [action for action in actions if isinstance(action, Undo) and action.steps > 1]
    if not many:
        return []
    if len(actions) > 1 or envelope.mode == "propose":
        raise BadInput("several steps back or forth are asked for alone and are done at once; leave out the other actions")
    one = many[0]
    if one.revision is not None:
        raise BadInput("name one commit to undo, or how many of the last ones, not both")
    return [
        envelope.model_copy(
            update={
                "request_id": derive(envelope.request_id, "step", step),
                "actions": (Asked(type="version.redo" if one.forward else "version.undo"),),
            }
        )
        for step in range(one.steps)
    ]


def together(done: Sequence[Outcome], envelope: Envelope, asked: int) -> Outcome:
    """The commits of the steps as one answer: the newest, with what all of them say, and how many were not there to take."""
    last = done[-1]
    commits = [outcome.commit for outcome in done if outcome.commit is not None]
    if last.commit is None:
        return last
    short = (Said(code="version.no_more", facts={"done": len(commits), "asked": asked}),) if len(commits) < asked else ()
    summary = tuple(said for commit in commits for said in commit.summary)
    skipped = (*(said for commit in commits for said in commit.skipped), *short)
    facts = last.commit.model_copy(update={"summary": summary, "skipped": skipped})
    repeated = all(outcome.repeated for outcome in done)
    return last.model_copy(update={"request_id": envelope.request_id, "commit": facts, "repeated": repeated})
