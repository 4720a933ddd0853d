"""Generating: wishes for renders. They change nothing in the graph; what is made comes back through `commits.record`."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Reads, Render, Role, Shots
from storyreel.actions.places import writable
from storyreel.model.errors import BadInput
from storyreel.model.rows import Node, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES, SOUND_STAGES, StageName

PICTURE: tuple[StageName, ...] = ("spec", "grid", "select")


class Generate(Action):
    """What the actions that render shots share."""

    stages: ClassVar[tuple[StageName, ...]]
    # The stage that takes a new take when it is made again.
    again_stage: ClassVar[StageName]

    shots: Shots = "all"
    again: bool = Field(default=False, description="Make it again with a new take, even if nothing changed.")
    priority: int = Field(default=50, ge=0, le=100)
    cut: bool | None = Field(default=None, description="Join the film anew afterwards; without it, if there is a film.")

    def reads(self) -> Reads:
        """The shots with all that was made for them, to number the next take."""
        return Reads(shots=(self.shots,), nodes="all" if self.again else "none")

    def plan(self, view: GraphView) -> Plan:
        """One wish a shot, and one for the film."""
        draft = Draft(view)
        shots = view.at(self.shots)
        if not shots:
            raise BadInput("there is no shot to render yet; add shots or say what the film is about")
        for shot in writable(draft, shots, many=len(shots) > 1):
            draft.want(render(view, shot, self.stages, self.again_stage if self.again else None, self.priority))
            draft.touch(shot.id)
        if not draft.effects:
            raise BadInput("all of these shots are locked or approved; unlock them first", nothing=True)
        if self.cut or (self.cut is None and self._joins(view)):
            draft.want(cut(view, self.priority))
        numbers = [view.number(shot_id) for shot_id in draft.touched]
        draft.say("render.wanted", shots=numbers, stages=list(self.stages), again=self.again)
        return draft.plan()

    def _joins(self, view: GraphView) -> bool:
        return "compose" in self.stages and view.episode.film_node_id is not None


class GenImage(Generate):
    """Draw the storyboard, or the pictures of some shots: for each a grid of pictures, and the best one selected."""

    type: Literal["gen.image"] = "gen.image"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    aliases: ClassVar = ("gen.storyboard", "storyboard.generate")
    says: ClassVar = ("重新画第3个镜头", "Draw shot 3 again")
    stages: ClassVar = PICTURE
    again_stage: ClassVar = "grid"


class GenVideo(Generate):
    """Render shots all the way: picture, motion, voice and the finished segment; only what changed is made."""

    type: Literal["gen.video"] = "gen.video"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    aliases: ClassVar = ("video.generate",)
    says: ClassVar = ("重新渲染第8到12个镜头", "Render shots 8-12 again")
    stages: ClassVar = SHOT_STAGES
    again_stage: ClassVar = "video"


class GenVoice(Generate):
    """Speak the lines of shots and set them into their segments."""

    type: Literal["gen.voice"] = "gen.voice"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    says: ClassVar = ("重新配第4个镜头的音", "Record the voices of shot 4 again")
    stages: ClassVar = ("voice", "compose")
    again_stage: ClassVar = "voice"


class GenMusic(Action):
    """Score the film anew."""

    type: Literal["gen.music"] = "gen.music"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("换一段配乐", "Score the film again")

    priority: int = Field(default=50, ge=0, le=100)

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


class GenSfx(Generate):
    """Make the sounds of shots: ambience and effects by their words, else by their place. They stand for the sound of the place there."""

    type: Literal["gen.sfx"] = "gen.sfx"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    says: ClassVar = ("给第3个镜头加上海浪和海鸥的声音", "Add the sound of waves to shot 3")
    stages: ClassVar = SOUND_STAGES
    again_stage: ClassVar = "sfx"

    words: str | None = Field(
        default=None, min_length=1, max_length=500, description="What is to be heard, kept as the shots' effects."
    )

    def plan(self, view: GraphView) -> Plan:
        """The words where they are given, then a wish a shot."""
        draft = Draft(view)
        shots = view.at(self.shots)
        if self.words is not None:
            for shot in writable(draft, shots, many=len(shots) > 1):
                audio = shot.spec.audio.model_copy(update={"sfx": (self.words,)})
                if draft.change(shot, spec=shot.spec.model_copy(update={"audio": audio}).model_dump()):
                    draft.touch(shot.id)
            if draft.ops:
                draft.say("sfx.words", shots=[view.number(shot) for shot in draft.touched], words=self.words)
        wanted = super().plan(draft.view)
        return replace(wanted, ops=tuple(draft.ops), summary=(*draft.summary, *wanted.summary))

    def _joins(self, view: GraphView) -> bool:
        return view.episode.film_node_id is not None


class GenCompose(Action):
    """Finish the film: render every shot that is not finished or has changed, then join them with voices and music."""

    type: Literal["gen.compose"] = "gen.compose"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    aliases: ClassVar = ("task.start", "export.final")
    says: ClassVar = ("把片子做出来", "Make the film")

    priority: int = Field(default=50, ge=0, le=100)

    def reads(self) -> Reads:
        """Every shot."""
        return Reads(shots=("all",))

    def plan(self, view: GraphView) -> Plan:
        """A wish for every shot; those that are fresh cost nothing."""
        draft = Draft(view)
        shots = view.at("all")
        if not shots:
            raise BadInput("the film has no shots yet; say what it is about, or import a script")
        for shot in shots:
            # A locked or approved shot keeps what it has; one that has nothing cannot be joined.
            if shot.status == "draft" or shot.final_node_id is None:
                draft.want(render(view, shot, SHOT_STAGES, None, self.priority))
                draft.touch(shot.id)
            else:
                draft.skip("shot.skipped", shot=view.number(shot.id), status=shot.status)
        draft.want(cut(view, self.priority))
        draft.say("film.wanted", shots=len(shots))
        return draft.plan()


def render(view: GraphView, shot: WorkItem, stages: tuple[StageName, ...], again: StageName | None, priority: int) -> Render:
    """The wish for one shot; `again` names the stage that takes the take after the newest."""
    takes = {again: 1 + max((n.take for n in _made(view, shot.id, again)), default=0)} if again else {}
    return Render(
        kind="shot", episode_id=view.episode.id, work_item_id=shot.id, stages=stages, takes=dict(takes), priority=priority
    )


def cut(view: GraphView, priority: int, takes: dict[str, int] | None = None) -> Render:
    """The wish for the film of the episode."""
    return Render(kind="cut", episode_id=view.episode.id, stages=CUT_STAGES, takes=takes or {}, priority=priority)


def _made(view: GraphView, shot_id: UUID, stage: str) -> list[Node]:
    return [node for node in view.all(Node) if node.work_item_id == shot_id and node.stage == stage]
