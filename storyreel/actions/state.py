"""A project's life beyond its films: put away, brought back, deleted for as long as it may still be brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role, TaskChange
from storyreel.actions.places import changed
from storyreel.actions.progress import OPEN
from storyreel.actions.reads import Reads
from storyreel.actions.version import Undo
from storyreel.model.errors import NotFound, Refused
from storyreel.model.rows import Workspace
from storyreel.model.view import GraphView


class SetState(Action):
    """Archive a project (nothing in it can be changed until it is restored), restore it, or delete it.

    A deleted project can be restored until its time is over. What is still being rendered is cancelled.
    """

    type: Literal["project.set_state"] = "project.set_state"
    policy: ClassVar = Policy(role=Role.owner, modes=frozenset({"agent", "draft"}))
    presets: ClassVar = {
        "project.archive": {"state": "archived"},
        "project.restore": {"state": "open"},
        "project.delete": {"state": "deleted"},
    }
    says: ClassVar = ("把这个项目归档", "Archive this project")

    state: Literal["archived", "open", "deleted"] = Field(description="`open` restores what was archived or deleted.")

    @property
    def consent(self) -> Consent:
        """Deleting is asked about."""
        return Consent.always if self.state == "deleted" else Consent.never

    def reads(self) -> Reads:
        """What is still open."""
        return Reads(tasks="open")

    def plan(self, view: GraphView) -> Plan:
        """The project's own row, and an end to its open renders."""
        held = view.rows[Workspace.table][view.workspace_id]
        assert isinstance(held, Workspace)
        draft = Draft(view)
        archived = "archived" if self.state == "archived" else "draft" if held.state == "archived" else held.state
        if self.state == "deleted":
            draft.deletes = 1
            archived = held.state
        if draft.change(held, removed=self.state == "deleted", state=archived):
            draft.say(f"project.{self.state}", name=held.name)
        busy = [task.id for task in view.tasks if task.state in OPEN] if draft.ops and self.state != "open" else []
        if busy:
            draft.want(TaskChange(verb="cancel", tasks=tuple(busy)))
            draft.say("task.cancel", tasks=len(busy))
        return changed(draft)


def is_closed(view: GraphView) -> bool:
    """Whether a project was archived or deleted."""
    held = view.rows.get(Workspace.table, {}).get(view.workspace_id)
    return isinstance(held, Workspace) and (held.removed or held.state == "archived")


def check_there(view: GraphView) -> None:
    """Refuse what is asked of a deleted project.

    Raises:
        NotFound: it was deleted.
    """
    held = view.rows.get(Workspace.table, {}).get(view.workspace_id)
    if held is not None and held.removed:
        raise NotFound("this project was deleted; restore it first (project.restore)", restore="project.restore")


def check_open(before: GraphView, actions: Sequence[Action], after: GraphView | None = None) -> None:
    """Refuse to change a project that is archived or deleted by anything but bringing it back.

    Args:
        before: The project as it is.
        actions: What is asked.
        after: The project as it would be, where that is known: taking an archiving back opens it.

    Raises:
        Refused: it is archived.
        NotFound: it was deleted.
    """
    if not is_closed(before) or any(isinstance(action, SetState) for action in actions):
        return
    steps_back = all(isinstance(action, Undo) for action in actions)
    if steps_back and (after is None or not is_closed(after)):
        return
    check_there(before)
    raise Refused(
        "this project is archived, so nothing in it can be changed; restore it first (project.restore)", restore="project.restore"
    )
