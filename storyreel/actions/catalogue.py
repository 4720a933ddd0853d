"""The catalogue: the one list of what can be asked, from which schemas, documents and the agent's tools are made."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from storyreel.actions import (
    asset,
    bible,
    bible_list,
    board,
    budget,
    canvas,
    character,
    continuity,
    deleting,
    doc,
    draft,
    draft_explore,
    draft_fill,
    draft_send,
    draft_tag,
    duplicate,
    edit,
    explore,
    export,
    follow,
    gen,
    lineage,
    look,
    memory,
    node,
    package,
    project,
    provider,
    rerun,
    review,
    schedule,
    shot,
    shot_add,
    shot_look,
    state,
    style,
    task,
    tracks,
    ui,
    version,
    version_look,
)
from storyreel.actions.base import Action, Asked, Kind
from storyreel.actions.shot_fields import MAX_SHOT_S
from storyreel.model.errors import BadInput

ACTIONS: tuple[type[Action], ...] = (
    project.CreateProject,
    project.ContextSummary,
    project.UpdateMeta,
    state.SetState,
    duplicate.DuplicateProject,
    project.CreateEpisode,
    project.UpdateEpisode,
    project.AddScene,
    project.UpdateScene,
    character.CreateCharacter,
    character.UpdateCharacter,
    character.AttachReference,
    look.SetLook,
    style.SaveStyle,
    style.ApplyStyle,
    bible_list.ListBible,
    bible.Impact,
    shot_add.AddShot,
    shot.UpdateShot,
    shot.SplitShot,
    shot.MergeShots,
    shot.MoveShots,
    follow.FollowShots,
    shot.DeleteShots,
    shot_look.ListShots,
    shot_look.ViewShot,
    continuity.Continuity,
    gen.GenShots,
    explore.GenGrid,
    explore.GenCharacter,
    gen.GenMusic,
    gen.GenCompose,
    edit.EditApply,
    export.ExportPreview,
    export.PlatformPreset,
    task.ListTasks,
    task.SteerTasks,
    review.ReviewTasks,
    provider.PauseProvider,
    schedule.SetSchedule,
    schedule.CancelSchedule,
    schedule.ListSchedules,
    rerun.RerunTask,
    budget.SetBudget,
    budget.ViewBudget,
    node.PromoteNode,
    explore.DeriveNode,
    explore.RecutGrid,
    node.ReferenceNode,
    node.MarkNodes,
    node.ImportNode,
    tracks.UpdateTrack,
    lineage.NodeLineage,
    lineage.CompareNodes,
    lineage.ListTracks,
    lineage.StaleShots,
    doc.GetDoc,
    doc.UpdateDoc,
    deleting.DeleteDoc,
    memory.SaveMemory,
    canvas.EditCanvas,
    ui.Show,
    board.UpdateBoard,
    draft.AddDrafts,
    draft.UpdateDrafts,
    draft_explore.ExploreDrafts,
    draft_fill.FillTemplate,
    draft_tag.TagDrafts,
    draft_send.SendDraft,
    package.ExportPackage,
    asset.ImportAssets,
    asset.TagAssets,
    asset.SearchAssets,
    asset.AttachAsset,
    version.Snapshot,
    version_look.ListVersions,
    version_look.Diff,
    version.Undo,
    version.Rollback,
)


def names_of(action: type[Action]) -> tuple[str, ...]:
    """Every name that an action goes by, its own first."""
    return (action.type_name(), *action.aliases, *action.presets)


BY_NAME: dict[str, type[Action]] = {name: action for action in ACTIONS for name in names_of(action)}


def parse(asked: Asked) -> Action:
    """The action that was asked for.

    Raises:
        BadInput: there is none of that name, or its arguments are wrong; `errors` lists each field.
    """
    kind = BY_NAME.get(asked.type)
    if kind is None:
        raise BadInput(f"there is no action {asked.type!r}; GET /v1/actions lists what there is", field="type")
    try:
        return kind.model_validate({**kind.presets.get(asked.type, {}), **asked.args, "type": kind.type_name()})
    except ValidationError as error:
        fields = [
            {"field": ".".join(str(p) for p in e["loc"]) or "args", "message": _said(e["loc"], e["msg"])} for e in error.errors()
        ]
        said = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:5])
        raise BadInput(f"{asked.type}: {said}", errors=fields) from error


def arguments_of(asked: Asked) -> dict[str, Any]:
    """What is asked by the action's own names of arguments, with what its name gives; as it was said where it is wrong."""
    kind = BY_NAME[asked.type]
    said = {**kind.presets.get(asked.type, {}), **asked.args}
    try:
        return kind.model_validate(said).model_dump(mode="json", exclude_unset=True, exclude={"type"})
    except ValidationError:
        return said


def means(asked: Asked, name: str) -> bool:
    """Whether what is asked is what a name stands for, by whatever name it was asked."""
    wanted = BY_NAME[name]
    if BY_NAME.get(asked.type) is not wanted:
        return False
    said = arguments_of(asked)
    return all(said.get(field) == value for field, value in wanted.presets.get(name, {}).items())


# Limits in a person's words, by the field that broke them.
LIMITS = {"duration_s": f"a shot lasts more than 0 and at most {MAX_SHOT_S:g} seconds"}


def _said(where: tuple[str | int, ...], message: str) -> str:
    limit = LIMITS.get(str(where[-1])) if where else None
    said = message.removeprefix("Value error, ")
    return limit if limit and message.startswith("Input should be ") and "than" in message else said


def family_of(action: type[Action]) -> str:
    """The family of an action: the word before its dot."""
    return action.type_name().partition(".")[0]


def chosen(mode: str = "", family: str = "") -> tuple[type[Action], ...]:
    """The actions of a mode of talk and of a family; of all where none is said."""
    return tuple(action for action in ACTIONS if mode in {"", *action.policy.modes} and family in {"", family_of(action)})


def describe(mode: str = "", family: str = "") -> list[dict[str, Any]]:
    """Actions as data: name, aliases, what it does, rights, consent, undo, examples and the schema of its arguments."""
    return [
        {
            "type": action.type_name(),
            "aliases": [*action.aliases, *action.presets],
            "description": " ".join((action.__doc__ or "").split()),
            "kind": action.policy.kind.value,
            "role": action.policy.role.name,
            "consent": action.policy.consent.value,
            "undo": action.policy.undo,
            "modes": sorted(action.policy.modes),
            "examples": list(action.says),
            "schema": arguments_schema(action),
        }
        for action in chosen(mode, family)
    ]


def arguments_schema(action: type[Action]) -> dict[str, Any]:
    """The JSON schema of an action's arguments, without its type."""
    schema = action.model_json_schema()
    schema.get("properties", {}).pop("type", None)
    schema.pop("description", None)
    return schema


def is_query(asked: Asked) -> bool:
    """Whether an asked action only reads."""
    kind = BY_NAME.get(asked.type)
    return kind is not None and kind.policy.kind is Kind.query
