"""Steps on the film as a whole: its pace, its captions, its music, how loud its parts are, and how it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storyreel.actions.base import Draft
from storyreel.actions.edit_shots import write
from storyreel.actions.edit_steps import CaptionsStep, EndsStep, MixStep, MusicStep, OfFilm, PacingStep
from storyreel.actions.pictures import IMPORTED, asset_of
from storyreel.actions.places import seconds, writable
from storyreel.model.edits import CaptionStyle, FadeEdit, Mix, SpeedEdit, Timing, standing
from storyreel.model.errors import BadInput
from storyreel.model.rows import Node, WorkItem
from storyreel.model.spec import Line
from storyreel.model.view import GraphView
from storyreel.pipeline.stages.music import SILENT
from storyreel.pipeline.stages.voice import language_of
from storyreel.script.speech import speaking_s

# Room around what is spoken in a shot.
BREATH_S = 0.5


def apply(draft: Draft, shots: Sequence[WorkItem], step: OfFilm, *, asked: bool) -> None:
    """Do the step. `asked`: the shots were named, and are not simply all."""
    match step:
        case PacingStep():
            _pace(draft, shots, step)
        case CaptionsStep():
            _captions(draft, step)
        case MusicStep():
            _music(draft, shots, step, asked=asked)
        case MixStep():
            _mix(draft, step.model_dump(exclude={"step"}, exclude_none=True))
        case EndsStep():
            _ends(draft, step)


def _pace(draft: Draft, shots: Sequence[WorkItem], step: PacingStep) -> None:
    view = draft.view
    chosen = {shot.id for shot in shots}
    others = [shot for shot in view.at("all") if shot.id not in chosen] if step.keep_total else []
    free = writable(draft, list(shots), many=True)
    lengths = {shot.id: _scaled(view, shot, step.factor) for shot in free}
    if step.keep_total:
        lengths |= _giving_way([shot for shot in others if shot.status == "draft"], _gained(free, lengths), view)
    before = sum(shot.frames for shot in (*shots, *others))
    for shot in (*free, *others):
        if shot.id in lengths:
            _to_length(draft, shot, lengths[shot.id], step)
    after = before + sum(_now(draft, shot) - shot.frames for shot in (*free, *others))
    if draft.ops:
        told = {"factor": step.factor, "keep_total": step.keep_total, "keep_clips": step.keep_clips}
        draft.say("edit.paced", shots=[view.number(s) for s in draft.touched], **told, length_s=seconds(view, after))


def _to_length(draft: Draft, shot: WorkItem, frames: int, step: PacingStep) -> None:
    chain = standing(shot.spec.edits, shot.frames)
    if not step.keep_clips or frames == shot.frames:
        # A clip of the new length is asked for, so what changed the length of the old one is over.
        chain = chain if frames == shot.frames else tuple(one for one in chain if not isinstance(one, Timing))
    else:
        chain = (*chain, SpeedEdit(of=shot.frames, frames=frames))
    write(draft, shot, chain, frames, many=True)


def _scaled(view: GraphView, shot: WorkItem, factor: float) -> int:
    """The new length; no shot gets shorter than what is spoken in it, nor than half a second."""
    least = max(view.fps // 2, round(_spoken_s(shot.spec.lines) * view.fps))
    return max(min(shot.frames, least), round(shot.frames * factor))


def _spoken_s(lines: dict[str, Line]) -> float:
    said = [line for line in lines.values() if line.text.strip()]
    return sum(speaking_s(line.text, language_of(line, "en")) for line in said) + BREATH_S if said else 0.0


def _gained(shots: Sequence[WorkItem], lengths: dict[Any, int]) -> int:
    return sum(lengths[shot.id] - shot.frames for shot in shots)


def _giving_way(others: Sequence[WorkItem], gained: int, view: GraphView) -> dict[Any, int]:
    """New lengths of the other shots, so that the whole stays as long as it is.

    Raises:
        BadInput: there is not enough room in them.
    """
    total = sum(shot.frames for shot in others)
    factor = (total - gained) / total if total else 0.0
    lengths = {shot.id: _scaled(view, shot, factor) for shot in others} if factor > 0 else {}
    rest = total - gained - sum(lengths.values())
    for shot in sorted(others, key=lambda shot: (-shot.frames, str(shot.id))) if lengths else ():
        room = rest if rest > 0 else max(rest, _scaled(view, shot, 0.01) - lengths[shot.id])
        lengths[shot.id] += room
        rest -= room
    if rest or not lengths:
        raise BadInput("the other shots have no room to give way; leave the film's length free, or name fewer shots")
    return lengths


def _now(draft: Draft, shot: WorkItem) -> int:
    return draft.view.get(WorkItem, shot.id).frames


def _captions(draft: Draft, step: CaptionsStep) -> None:
    profile = draft.view.workspace.profile
    look = step.model_dump(exclude={"step", "captions"}, exclude_none=True)
    fields: dict[str, Any] = {"captions": step.captions} if step.captions else {}
    if look:
        held = profile.caption_style or CaptionStyle()
        fields["caption_style"] = CaptionStyle.model_validate({**held.model_dump(), **look})
    if not fields:
        raise BadInput("say what the captions should be: where, how large, which colour", field="edit")
    if draft.change(draft.view.workspace, profile=profile.model_copy(update=fields).model_dump()):
        where = {"captions": step.captions} if step.captions else {}
        draft.say("edit.captions", fields={**where, **look})


def _music(draft: Draft, shots: Sequence[WorkItem], step: MusicStep, *, asked: bool) -> None:
    given = [name for name in ("words", "mood", "asset") if getattr(step, name) is not None]
    if not given or (step.asset and len(given) > 1):
        raise BadInput("say which music: words, a mood, or one sound of your own", field="edit")
    if step.asset:
        _own_music(draft, step.asset)
        return
    profile = draft.view.workspace.profile
    if step.words is not None and draft.change(
        draft.view.workspace, profile=profile.model_copy(update={"music": step.words}).model_dump()
    ):
        draft.say("edit.music", words=step.words)
    if step.mood is not None:
        for shot in writable(draft, list(shots), many=True):
            audio = shot.spec.audio.model_copy(update={"music": step.mood})
            if draft.change(shot, spec=shot.spec.model_copy(update={"audio": audio}).model_dump()):
                draft.touch(shot.id)
        if draft.touched:
            numbers = [draft.view.number(shot) for shot in draft.touched] if asked else []
            draft.say("edit.music_mood", mood=step.mood, shots=numbers)
    _put_away(draft)


def _own_music(draft: Draft, asset_id: str) -> None:
    """The sound as the newest music of the episode; what wanted none is lifted."""
    view = draft.view
    asset = asset_of(view, asset_id)
    if not asset.media_type.startswith("audio/"):
        raise BadInput(f"a file of type {asset.media_type} is no music", field="asset")
    if any(node.asset_id == asset_id for node in _brought(view)):
        return
    _put_away(draft)
    facts: dict[str, Any] = {"provider": "person", **({"duration_s": asset.duration_s} if asset.duration_s else {})}
    node_id = view.new_id("music", asset_id)
    draft.insert(
        Node(
            id=node_id,
            workspace_id=view.workspace_id,
            kind="music",
            episode_id=view.episode.id,
            stage=IMPORTED,
            asset_id=asset_id,
            facts=facts,
        )
    )
    draft.made = node_id
    profile = view.workspace.profile
    if profile.music.strip().casefold() in SILENT:
        draft.change(view.workspace, profile=profile.model_copy(update={"music": ""}).model_dump())
    draft.say("edit.music_own", duration_s=asset.duration_s)


def _brought(view: GraphView) -> list[Node]:
    own = [node for node in view.all(Node) if node.episode_id == view.episode.id and node.kind == "music"]
    return [node for node in own if node.stage == IMPORTED and not node.discarded]


def _put_away(draft: Draft) -> None:
    """A person's own music gives way to what is asked for now."""
    for node in _brought(draft.view):
        draft.change(node, discarded=True)


def _mix(draft: Draft, fields: dict[str, Any]) -> bool:
    if not fields:
        raise BadInput("say what should be louder or softer", field="edit")
    profile = draft.view.workspace.profile
    made = Mix.model_validate({**(profile.mix or Mix()).model_dump(), **fields})
    written = draft.change(
        draft.view.workspace, profile=profile.model_copy(update={"mix": None if made == Mix() else made}).model_dump()
    )
    if written:
        draft.say("edit.mixed", fields=fields)
    return written


def _ends(draft: Draft, step: EndsStep) -> None:
    shots = draft.view.at("all")
    if not shots:
        raise BadInput("the film has no shots yet")
    for shot, side, length_s in ((shots[0], "in_s", step.in_s), (shots[-1], "out_s", step.out_s)):
        for free in writable(draft, [draft.view.get(WorkItem, shot.id)], many=True):
            chain = standing(free.spec.edits, free.frames)
            held = next((one for one in chain if isinstance(one, FadeEdit)), FadeEdit())
            fade = held.model_copy(update={side: length_s})
            rest = [one for one in chain if not isinstance(one, FadeEdit)]
            write(draft, free, [*rest, fade] if fade.in_s or fade.out_s else rest, free.frames, many=True)
    _mix_quietly(draft, {"fade_in_s": step.in_s, "fade_out_s": step.out_s})
    if draft.ops:
        draft.say("edit.ends", in_s=step.in_s, out_s=step.out_s)


def _mix_quietly(draft: Draft, fields: dict[str, Any]) -> None:
    said = len(draft.summary)
    _mix(draft, fields)
    del draft.summary[said:]
