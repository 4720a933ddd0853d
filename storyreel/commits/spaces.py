"""What belongs to which kind of workspace: a story's actions to a project, boards and drafts to a draft space."""

from __future__ import annotations

from storyreel.actions.base import Action
from storyreel.actions.drafting import as_draft
from storyreel.model.errors import BadInput, Refused
from storyreel.model.rows import Workspace
from storyreel.model.view import GraphView

STORY = frozenset({"episode", "scene", "shot"})
DRAFTS = frozenset({"board", "draft"})


def check_space(view: GraphView, action: Action) -> None:
    """Refuse what the workspace is not for.

    Raises:
        Refused: saying what there is instead.
    """
    if view.find(Workspace, view.workspace_id) is None:
        return
    name, family, modes = action.type_name(), action.family, action.policy.modes
    if view.is_draft_space and (family in STORY or (family == "gen" and "draft" not in modes)):
        raise Refused(
            f"{name} is for projects; this is a draft space, with boards and drafts: draft.add, draft.explore, board.update"
        )
    if not view.is_draft_space and family in DRAFTS and "agent" not in modes:
        raise Refused(
            f"{name} is for draft spaces; this is a project. Create a draft space with project.create, kind draft_space"
        )


def as_told(view: GraphView, error: BadInput) -> BadInput:
    """The refusal in the words of the workspace: what is a shot elsewhere is a draft in a draft space."""
    if view.find(Workspace, view.workspace_id) is None or not view.is_draft_space:
        return error
    return type(error)(as_draft(error.detail), **error.facts)
