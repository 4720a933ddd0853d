"""Generating: wishes for renders. They change nothing in the graph; what is made comes back through `commits.record`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Render, Role, Shots
from storyreel.actions.chosen import chosen
from storyreel.actions.places import writable
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.rows import Node, PromptTemplate, StylePreset, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES, SOUND_STAGES, StageName
from storyreel.pipeline.stages.why import Place

What = Literal["storyboard", "picture", "video", "voice", "sfx"]


@dataclass(frozen=True)
class Making:
    """How shots are made: their stages, the one that takes a new take, and whether a film that is there is joined anew."""

    stages: tuple[StageName, ...]
    again: StageName
    joins: bool = True
    parts: tuple[Place, ...] = ("picture", "video", "voice", "final")


# What a person waits for goes before what is asked for many at once.
ALONE, MANY = 60, 50
PICTURE = Making(("spec", "grid", "select"), again="grid", joins=False, parts=("picture",))
MAKING: Mapping[What, Making] = {
    "storyboard": PICTURE,
    "picture": PICTURE,
    "video": Making(SHOT_STAGES, again="video"),
    "voice": Making(("voice", "compose", "check"), again="voice", parts=("voice",)),
    "sfx": Making(SOUND_STAGES, again="sfx", parts=("sfx",)),
}


class GenShots(Action):
    """Make what shots show, do or sound like.

    A storyboard or picture is a grid of pictures for each, with the best one selected; video goes all the way (picture, motion, voice and
    the finished segment; only what changed is made); voice speaks their lines and sets them in; sfx makes their ambience and effects, by
    their words or else by their place, and these stand for the sound of the place there.
    """

    type: Literal["gen.shots"] = "gen.shots"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "gen.storyboard": {"what": "storyboard"},
        "storyboard.generate": {"what": "storyboard"},
        "gen.image": {"what": "picture"},
        "gen.video": {"what": "video"},
        "video.generate": {"what": "video"},
        "gen.voice": {"what": "voice"},
        "gen.sfx": {"what": "sfx"},
    }
    says: ClassVar = ("重新渲染第8到12个镜头", "Render shots 8-12 again")

    what: What
    shots: Shots = "all"
    again: bool = Field(default=False, description="Make it again with a new take, even if nothing changed.")
    words: str | None = Field(
        default=None, min_length=1, max_length=500, description="With sfx: what is to be heard, kept as the shots' effects."
    )
    stale: bool = Field(default=False, description="Only those of the shots that are not what would be made today.")
    provider: str = Field(default="", max_length=100, description="Only those that this provider made.")
    template: str = Field(default="", max_length=200, description="Only those drawn by this style or prompt template.")
    priority: int | None = Field(
        default=None, ge=0, le=100, description="Higher goes first; without it, one shot goes before many."
    )
    cut: bool | None = Field(default=None, description="Join the film anew afterwards; without it, if there is a film.")

    @model_validator(mode="after")
    def _words_are_heard(self) -> Self:
        if self.words is not None and self.what != "sfx":
            raise ValueError("words say what is to be heard: they go with sfx; what a shot shows is changed with shot.update")
        return self

    def reads(self) -> Reads:
        """The shots with all that was made for them, to number the next take."""
        tables = (StylePreset.table, PromptTemplate.table) if self.template else ()
        picks = self.stale or bool(self.provider)
        return Reads(
            shots=(self.shots,), nodes="all" if self.again or self.template else "selected", sources=picks, tables=tables
        )

    def plan(self, view: GraphView) -> Plan:
        """The words where they are given, then one wish a shot, and one for the film."""
        draft = Draft(view)
        shots = view.at(self.shots)
        if self.words is not None:
            _hear(draft, shots, self.words)
        wanted = self._wanted(draft.view)
        return replace(wanted, ops=tuple(draft.ops), summary=(*draft.summary, *wanted.summary))

    def _wanted(self, view: GraphView) -> Plan:
        draft, making = Draft(view), MAKING[self.what]
        shots = view.at(self.shots)
        if not shots:
            raise BadInput("there is no shot to render yet; add shots or say what the film is about")
        shots = chosen(view, shots, parts=making.parts, stale=self.stale, provider=self.provider, template=self.template)
        meant = writable(draft, shots, many=len(shots) > 1)
        priority = priority_of(self.priority, len(meant))
        takes = newest_takes(view, making.again) if self.again else None
        for shot in meant:
            draft.want(render(view, shot, making.stages, making.again if self.again else None, priority, takes))
            draft.touch(shot.id)
        if "video" in making.stages:
            _ahead(draft, meant, making.stages, priority)
        if not draft.effects:
            raise BadInput("all of these shots are locked or approved; unlock them first", nothing=True)
        if self.cut or (self.cut is None and making.joins and view.episode.film_node_id is not None):
            draft.want(cut(view, priority))
        numbers = [view.number(shot.id) for shot in meant]
        draft.say("render.wanted", shots=numbers, stages=list(making.stages), again=self.again)
        return draft.plan()


class GenMusic(Action):
    """Score the film anew."""

    type: Literal["gen.music"] = "gen.music"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("换一段配乐", "Score the film again")

    priority: int = Field(default=ALONE, ge=0, le=100)

    def reads(self) -> Reads:
        """What the episode has, to number the next take."""
        return Reads(nodes="all")

    def plan(self, view: GraphView) -> Plan:
        """A cut whose music takes a new take."""
        draft = Draft(view)
        if view.shot_count == 0:
            raise BadInput("the film has no shots yet; there is nothing to score")
        takes = [node.take for node in view.all(Node) if node.episode_id == view.episode.id and node.stage == "music"]
        draft.want(cut(view, self.priority, {"music": max(takes, default=0) + 1}))
        draft.say("music.wanted")
        return draft.plan()


class GenCompose(Action):
    """Finish the film: render every shot that is not finished or has changed, then join them with voices and music."""

    type: Literal["gen.compose"] = "gen.compose"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    aliases: ClassVar = ("task.start", "export.final")
    says: ClassVar = ("把片子做出来", "Make the film")

    priority: int = Field(default=50, ge=0, le=100)

    def reads(self) -> Reads:
        """Every shot with what it has selected, so that what is fresh is not priced."""
        return Reads(shots=("all",), nodes="selected")

    def plan(self, view: GraphView) -> Plan:
        """A wish for every shot; those that are fresh cost nothing."""
        draft = Draft(view)
        shots = view.at("all")
        if not shots:
            raise BadInput("the film has no shots yet; say what it is about, or import a script")
        for shot in shots:
            if shot.spec.left_out:
                draft.skip("shot.left_out", shot=view.number(shot.id))
                continue
            # A locked or approved shot keeps what it has; one that has nothing cannot be joined.
            if shot.status == "draft" or shot.final_node_id is None:
                draft.want(render(view, shot, SHOT_STAGES, None, self.priority))
                draft.touch(shot.id)
            else:
                draft.skip("shot.skipped", shot=view.number(shot.id), status=shot.status)
        draft.want(cut(view, self.priority))
        draft.say("film.wanted", shots=len([shot for shot in shots if not shot.spec.left_out]))
        return draft.plan()


def _hear(draft: Draft, shots: list[WorkItem], words: str) -> None:
    """Keep the words as the effects of the shots that may be written to."""
    for shot in writable(draft, shots, many=len(shots) > 1):
        audio = shot.spec.audio.model_copy(update={"sfx": (words,)})
        if draft.change(shot, spec=shot.spec.model_copy(update={"audio": audio}).model_dump()):
            draft.touch(shot.id)
    if draft.ops:
        draft.say("sfx.words", shots=[draft.view.number(shot) for shot in draft.touched], words=words)


def priority_of(asked: int | None, count: int) -> int:
    """How early renders go that nobody gave a priority: a person waits for one shot, and comes back to many."""
    if asked is not None:
        return asked
    return ALONE if count == 1 else MANY


def newest_takes(view: GraphView, stage: str) -> dict[UUID, int]:
    """The newest take of a stage of each shot that has one."""
    newest: dict[UUID, int] = {}
    for node in view.all(Node):
        if node.stage == stage and node.work_item_id is not None:
            newest[node.work_item_id] = max(newest.get(node.work_item_id, 0), node.take)
    return newest


def _ahead(draft: Draft, meant: list[WorkItem], stages: tuple[StageName, ...], priority: int) -> None:
    """The shots whose last frames are needed and not there yet, rendered too; said aloud."""
    known, added = {shot.id for shot in meant}, list[int | None]()
    for shot in meant:
        ahead = draft.view.find(WorkItem, shot.follows_id)
        while ahead is not None and ahead.video_node_id is None and ahead.id not in known and ahead.status == "draft":
            known.add(ahead.id)
            added.append(draft.view.number(ahead.id))
            draft.want(render(draft.view, ahead, stages, None, priority))
            draft.touch(ahead.id)
            ahead = draft.view.find(WorkItem, ahead.follows_id)
    if added:
        draft.say("render.ahead", shots=added)


def render(
    view: GraphView,
    shot: WorkItem,
    stages: tuple[StageName, ...],
    again: StageName | None,
    priority: int,
    newest: Mapping[UUID, int] | None = None,
) -> Render:
    """The wish for one shot; `again` names the stage that takes the take after the newest (`newest_takes`, where they are known)."""
    takes = {again: 1 + (newest_takes(view, again) if newest is None else newest).get(shot.id, 0)} if again else {}
    return Render(
        kind="shot", episode_id=view.episode.id, work_item_id=shot.id, stages=stages, takes=dict(takes), priority=priority
    )


def cut(view: GraphView, priority: int, takes: dict[str, int] | None = None) -> Render:
    """The wish for the film of the episode."""
    return Render(kind="cut", episode_id=view.episode.id, stages=CUT_STAGES, takes=takes or {}, priority=priority)
