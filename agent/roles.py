"""Who the agent speaks as, and what a mode, a role and a person's rights let it use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from agent.types import Mode, RoleName
from storyreel.actions.base import Action, Asked, Kind
from storyreel.actions.catalogue import BY_NAME, arguments_of, family_of
from storyreel.model.errors import Refused

# Looking, remembering, taking back and showing belong to every role.
COMMON = frozenset({"memory", "version", "ui", "doc"})


@dataclass(frozen=True)
class RoleEntry:
    """One role: what it is told of itself, and the families of actions that it may use beside the common ones."""

    prompt: str
    families: frozenset[str]


ROLES: dict[Literal["writer", "director", "editor", "sound", "reviewer", "producer"], RoleEntry] = {
    "writer": RoleEntry(
        "You are the writer: the story, its people and world, scenes, lines and the script. Leave pictures and sound to others.",
        frozenset({"project", "episode", "scene", "character", "shot", "world"}),
    ),
    "director": RoleEntry(
        "You are the director: how the film is seen. Think in frames, light, camera and the looks of people and places.",
        frozenset({"scene", "shot", "character", "look", "style", "gen", "node", "grid", "track", "canvas", "asset", "project"}),
    ),
    "editor": RoleEntry(
        "You are the editor: order, length, rhythm and the cut. Change what shots show only where the cut needs it.",
        frozenset({"shot", "scene", "edit", "gen", "node", "track", "export", "task", "canvas"}),
    ),
    "sound": RoleEntry(
        "You are the sound designer: voices, lines as they are heard, music, effects and the mix. Leave pictures as they are.",
        frozenset({"gen", "edit", "shot", "node", "character", "asset", "task"}),
    ),
    "reviewer": RoleEntry(
        "You are the reviewer: look, compare and say what does not fit, naming shots. You mark and note; you make and change nothing.",
        frozenset({"node", "canvas"}),
    ),
    "producer": RoleEntry(
        "You are the producer: plan, price, order of work, versions and delivery. Say what things cost before they are made.",
        frozenset({"project", "episode", "task", "gen", "export", "asset", "canvas", "board", "budget"}),
    ),
}


def may_use(action: type[Action], mode: Mode, role: RoleName = "") -> bool:
    """Whether a mode and a role let the agent use an action; looking and showing change nothing, so every role may."""
    if mode not in action.policy.modes:
        return False
    if not role or action.policy.kind is not Kind.change:
        return True
    return family_of(action) in COMMON | ROLES[role].families


def check_allowed(asked: Sequence[Asked], mode: Mode, role: RoleName = "") -> None:
    """Refuse what a mode or a role does not let the agent use.

    Raises:
        Refused: naming the action and where to ask for it.
    """
    for one in asked:
        action = BY_NAME.get(one.type)
        if action is not None and not may_use(action, mode, role):
            raise Refused(_why(action, one.type, mode, role), action=one.type, mode=mode)
        if action is not None:
            _check_narrow(action, one, mode, role)


def _why(action: type[Action], name: str, mode: Mode, role: RoleName) -> str:
    if mode not in action.policy.modes:
        if mode == "draft":
            return f"{name} needs a story, and a draft space has none; ask for it in a project"
        return f"{name} is not for {mode} mode; it is for {', '.join(sorted(action.policy.modes))}"
    return f"{name} is not the {role}'s work; speak to another role, or to none"


def narrowed(action: type[Action], mode: Mode, role: RoleName = "") -> dict[str, tuple[str, ...]]:
    """What arguments can only be in a mode and for a role: of what belongs to several families, a role has its own."""
    held = dict(action.narrows.get(mode, {}))
    if role and action.belongs:
        of_all = held.get(action.belongs) or get_args(action.model_fields[action.belongs].annotation)
        held[action.belongs] = tuple(one for one in of_all if one in COMMON | ROLES[role].families)
    return held


def _check_narrow(action: type[Action], one: Asked, mode: Mode, role: RoleName) -> None:
    """Hold the arguments that a mode or a role narrows."""
    said, of_mode = arguments_of(one), action.narrows.get(mode, {})
    for field, values in narrowed(action, mode, role).items():
        if field in said and said[field] not in values:
            if field == action.belongs and said[field] in of_mode.get(field, (said[field],)):
                raise Refused(
                    f"{one.type} is not the {role}'s work; speak to another role, or to none", action=one.type, mode=mode
                )
            raise Refused(f"{one.type}: in {mode} mode the {field} can only be {', '.join(values)}", action=one.type, mode=mode)
