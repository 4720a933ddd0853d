"""A run once more from one of its stages, with the inputs that it had."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Render, Role
from storyreel.actions.history import MADE, net, roll_back
from storyreel.actions.places import writable
from storyreel.actions.reads import Reads
from storyreel.actions.scope import Scope
from storyreel.actions.words_lineage import cause_words
from storyreel.model.errors import BadInput, Conflict
from storyreel.model.ops import Op
from storyreel.model.ran import AskedThen, RanFacts
from storyreel.model.rows import Node, WorkItem
from storyreel.model.spec import Language
from storyreel.model.view import EpisodeView, GraphView, ShotView
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES, SOUND_STAGES, StageName
from storyreel.pipeline.ports import Request
from storyreel.pipeline.seen import film_seen, shots_seen
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import SLOT_OF, wanted_request
from storyreel.pipeline.stages.why import Cause, differences

Inputs = Literal["same", "today", "as_it_was"]
# What is made anew where a stage is: everything that builds on it. The voice depends on the words alone.
BUILDS_ON: dict[StageName, tuple[StageName, ...]] = {
    "spec": ("grid", "video", "voice", "compose"),
    "grid": ("video", "compose"),
    "select": ("video", "compose"),
    "video": ("compose",),
    "voice": ("compose",),
    "music": ("film",),
}
# A stage that makes nothing of its own has no takes.
TAKELESS = frozenset({"spec", "select"})
AROUND = re.compile(r"^(?:shot|镜头|第)\s*#?|\s*(?:个|号)?(?:镜头?|shot)$", re.IGNORECASE)
FILM = frozenset({"film", "cut", "the film", "影片", "片子", "成片"})
ASKS = "--today uses them as they are now; --as-it-was takes the shot back to what it was then (undo brings today's back)"


class RerunTask(Action):
    """Start a run again from one of its stages, with the same inputs; only what is not fresh is made, or with `again` a new take.

    Where an input of the stage changed since that run, it is refused and named, and the person chooses: `inputs` today, or as_it_was,
    which takes the shot back to what it was when that stage began.
    """

    type: Literal["task.rerun"] = "task.rerun"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("第3镜从视频重新跑", "Rerun shot 3 from video")

    run: str = Field(
        min_length=1, max_length=200, description="A shot ('3') or 'film' for its last run, a task's id, or a run's name."
    )
    stage: StageName = Field(description="The first stage: grid, select, video, voice or compose; of the film music or film.")
    again: bool = Field(default=False, description="A new take of that stage and of what builds on it, even if nothing changed.")
    inputs: Inputs = Field(
        default="same", description="What to do where inputs changed since: refuse, use today's, or go back to them."
    )
    priority: int = Field(default=60, ge=0, le=100)

    @property
    def consent(self) -> Consent:
        """Going back writes over the shot, so that a person is asked."""
        return Consent.always if self.inputs == "as_it_was" else Consent.never

    def reads(self) -> Reads:
        """The run, with what it was of and all that was made for that; the log since, where the shot goes back."""
        return Reads(ran=self.run, ran_from=self.stage, log="rollback" if self.inputs == "as_it_was" else "none")

    def plan(self, view: GraphView) -> Plan:
        """One wish, once the inputs are what they were, or the person said which to take."""
        ran = view.ran.get(self.run)
        if ran is None:
            raise BadInput(f"nothing was rendered yet for {self.run!r}; render it first")
        if ran.kind == "sheet":
            raise BadInput("a sheet has no inputs that change; ask for another one")
        if self.stage not in ran.stages and self.stage not in (CUT_STAGES if ran.kind == "cut" else SHOT_STAGES):
            raise BadInput(f"that run has no stage {self.stage}; it went through {', '.join(ran.stages)}")
        draft = Draft(view)
        if self.inputs == "as_it_was":
            self._go_back(draft, ran)
        if self.inputs != "today":
            self._check(draft.view, ran)
        self._want(draft, ran)
        return draft.plan()

    def _want(self, draft: Draft, ran: RanFacts) -> None:
        stages = stages_from(ran, self.stage)
        takes = _takes(draft.view, ran, self.stage) if self.again else {}
        if ran.kind == "shot":
            shot = draft.view.get(WorkItem, ran.owner_id)
            writable(draft, [shot], many=False)
            draft.touch(shot.id)
            owner: dict[str, Any] = {"work_item_id": shot.id}
        else:
            owner = {}
        draft.want(
            Render(kind=ran.kind, episode_id=draft.view.episode.id, stages=stages, takes=takes, priority=self.priority, **owner)
        )
        draft.say("task.rerun", shot=draft.view.number(ran.owner_id), stage=self.stage, again=self.again, run=ran.run)

    def _go_back(self, draft: Draft, ran: RanFacts) -> None:
        """Take the shot back to what it was when the stage began; what was made since stays beside it."""
        then = ran.asked.get(self.stage)
        if ran.kind != "shot" or then is None:
            raise BadInput(f"that run has no inputs of {self.stage} to go back to; use today's")
        ops = [
            op
            for op in net([op for commit in draft.view.log for op in commit.ops])
            if not (op.table in MADE and op.kind == "insert")
        ]
        inside = Scope("shots", shots=frozenset({ran.owner_id})).part(draft.view, ops)
        filled = {f"{slot}_node_id" for one in stages_from(ran, self.stage) if (slot := SLOT_OF.get(one))}
        roll_back(draft, [left for op in inside if (left := _without(op, filled)) is not None], part=True)
        if draft.ops:
            draft.say("task.went_back", shot=draft.view.number(ran.owner_id), revision=then.revision)

    def _check(self, view: GraphView, ran: RanFacts) -> None:
        """Refuse where the stage would be asked for something else than that run was.

        Raises:
            BadInput: the run never came to the stage, or it cannot be asked for today.
            Conflict: an input changed since; the message names it, and both ways on.
        """
        then = ran.asked.get(self.stage)
        if then is None:
            raise BadInput(
                f"that run did not get to {self.stage}, so that it had no inputs for it; say `inputs` today (--today)", today=True
            )
        causes = changed_since(view, ran, self.stage, then)
        if causes:
            spoken: Language = view.workspace.profile.language
            said = "; ".join(cause_words(cause, spoken, fps=view.fps) for cause in causes)
            raise Conflict(
                f"since that run these inputs of {self.stage} changed: {said}. {ASKS}.", changed=[one.what for one in causes]
            )


def _without(op: Op, fields: set[str]) -> Op | None:
    """The op without fields; what the run fills anew is not taken away first, since it may be fresh."""
    if op.kind == "insert" or not fields & {*op.before, *op.after}:
        return op
    before, after = ({name: value for name, value in held.items() if name not in fields} for held in (op.before, op.after))
    return op.model_copy(update={"before": before, "after": after}) if before or after else None


def shot_words(run: str) -> str:
    """The words for a shot in "shot 3" or "第3镜"; "" for the film."""
    return "" if run.strip().lower() in FILM else AROUND.sub("", run.strip()).strip()


def stages_from(ran: RanFacts, first: StageName) -> tuple[StageName, ...]:
    """The stages from one on, in their order: those that the run went through, and `first` itself."""
    every: Sequence[StageName] = CUT_STAGES if ran.kind == "cut" else (*SHOT_STAGES, *SOUND_STAGES)
    return tuple(one for one in every[every.index(first) :] if one == first or one in ran.stages)


def changed_since(view: GraphView, ran: RanFacts, stage: StageName, then: AskedThen) -> tuple[Cause, ...]:
    """The inputs of a stage that are not what they were in that run.

    Raises:
        BadInput: the stage cannot be asked for today; the message says what is missing.
    """
    seen = _seen(view, ran)
    today = wanted_request(stage, seen, then.take)
    if today is None and (then.request or then.calls):
        # Asked once more so that it says what is missing.
        STAGES[stage].request(seen)
        return (Cause("stage", "shot", "", stage, None),)
    shot = seen if isinstance(seen, ShotView) else None
    if then.request is not None:
        return differences(then.request, today.model_dump(mode="json") if today else {}, shot)
    if isinstance(seen, EpisodeView):
        return ()
    known: Any = STAGES[stage]
    calls: tuple[Request, ...] = known.calls(replace(seen, takes={**seen.takes, stage: then.take}))
    now = [call.model_dump(mode="json") for call in calls]
    # A run that stopped in the middle made only some of its calls.
    kept = [call for call in then.calls if call not in now]
    return differences({"call": kept[0]}, {"call": now[min(len(then.calls), len(now)) - 1]}, shot) if kept and now else ()


def _seen(view: GraphView, ran: RanFacts) -> ShotView | EpisodeView:
    if ran.kind == "cut":
        return film_seen(view, shots_seen(view, view.shots()))
    (seen,) = shots_seen(view, [view.get(WorkItem, ran.owner_id)])
    return seen


def _takes(view: GraphView, ran: RanFacts, stage: StageName) -> dict[str, int]:
    """The next takes of a stage and of what builds on it; what it takes its picture from stays."""
    wanted: list[StageName] = [one for one in (stage, *BUILDS_ON.get(stage, ())) if one not in TAKELESS]
    return {
        one: 1 + max((node.take for node in view.all(Node) if node.stage == one and _of(node, ran)), default=0) for one in wanted
    }


def _of(node: Node, ran: RanFacts) -> bool:
    owner: UUID | None = node.episode_id if ran.kind == "cut" else node.work_item_id
    return owner == ran.owner_id
