"""What waits for a person, and the decision: retry, other words, another provider, less, without it, one's own; or whether it was charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from storyreel.actions.base import EVERY_MODE, Action, Consent, Draft, Plan, Policy, ReviewChange, Role, Shots, TaskChange
from storyreel.actions.gen import render
from storyreel.actions.pictures import bring_in
from storyreel.actions.places import writable
from storyreel.actions.reads import Reads
from storyreel.actions.shot import UpdateShot
from storyreel.model.errors import BadInput
from storyreel.model.facts import Waiting
from storyreel.model.rows import Node, TrackKind, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import SHOT_STAGES
from storyreel.pipeline.ports import Capability
from storyreel.pipeline.recovery import CAPABILITY, RECOVERY
from storyreel.providers.vendors import makers

Decision = Literal["retry", "edit", "provider", "smaller", "skip", "upload", "charged", "not_charged"]
# Other words, one's own and going without are for shots; a film or a sheet is tried again, or not.
OF_SHOTS: frozenset[str] = frozenset({"edit", "provider", "upload"})
CHOICES: Mapping[str, tuple[Decision, ...]] = {
    "provider-job-unknown": ("charged", "not_charged", "skip"),
    "provider-policy": ("edit", "provider", "upload", "skip", "retry"),
    "provider-resource": ("retry", "smaller", "edit", "provider", "upload", "skip"),
    "provider-not-possible": ("edit", "provider", "retry", "upload", "skip"),
    "over-budget": ("retry", "skip"),
}
USUAL: tuple[Decision, ...] = ("retry", "provider", "edit", "upload", "skip")


def choices_of(one: Waiting) -> tuple[str, ...]:
    """What a person may decide of something that waits, the likeliest first."""
    if one.kind == "choice":
        return ("choose",)
    known = CHOICES.get(one.code, USUAL)
    asked = one.capability or CAPABILITY.get(one.stage, "")  # type: ignore[call-overload]
    able = [verb for verb in known if one.task_kind == "shot" or verb not in OF_SHOTS]
    less = RECOVERY[asked].less if asked in RECOVERY else ()
    return tuple(verb for verb in able if (verb != "provider" or asked) and (verb != "smaller" or less))


def waiting_facts(view: GraphView) -> dict[str, Any]:
    """All that waits, with what may be decided of each."""
    return {
        "waiting": [told(one) for one in view.review.waiting],
        "proposals": view.review.proposals,
        "held": dict(view.review.held),
    }


def told(one: Waiting) -> dict[str, Any]:
    """One thing that waits, as plain data."""
    return {
        "kind": one.kind,
        "since": one.since.isoformat(),
        "code": one.code,
        "said": one.said,
        "task": str(one.task_id) if one.task_id else None,
        "job": str(one.job_id) if one.job_id else None,
        "of": one.task_kind,
        "state": one.state,
        "shot": one.number,
        "title": one.title,
        "stage": one.stage,
        "provider": one.provider,
        "cost_usd": round(one.cost_usd, 6),
        "held_usd": round(one.held_usd, 6),
        "proposal": one.proposal or None,
        "choices": list(choices_of(one)),
    }


class ReviewTasks(Action):
    """Decide what waits for a person: what failed, was refused, or was paid for or not, nobody knows. `task.waiting` lists it.

    retry tries it again; edit changes the shot (`changes` as for shot.update) and retries; provider has it made by another one, from now
    on for these shots; smaller allows less than was asked for; skip goes without it, and the film is made of the others; upload takes an
    asset as the shot's picture, clip or sound and goes on from there. charged and not_charged are for a call of which nobody knows whether
    the provider made it: charged spends the sum that is held, not_charged gives it back, and either way it is bought anew.
    """

    type: Literal["task.review"] = "task.review"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERY_MODE)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"task.skip": {"verb": "skip"}}
    says: ClassVar = ("跳过第4个镜头，不要它了", "Skip shot 4, the film goes without it")

    verb: Decision
    shots: Shots | None = Field(default=None, description="Only what waits of these shots; without it, all that waits.")
    tasks: tuple[str, ...] = Field(default=(), max_length=1000, description="Only these tasks, by id.")
    jobs: tuple[UUID, ...] = Field(default=(), max_length=1000, description="Only these calls, by id.")
    changes: dict[str, Any] = Field(default={}, description="With edit: what to change, as the arguments of shot.update.")
    provider: str = Field(default="", max_length=100, description="With provider: who makes it; empty where only one other can.")
    capability: Capability | None = Field(default=None, description="With provider: for what; without it, for what failed.")
    asset: str | None = Field(default=None, description="With upload: the asset's id.")
    slot: TrackKind | None = Field(default=None, description="With upload: what it is for; needed for a sound.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if (self.verb == "edit") != bool(self.changes):
            raise ValueError("changes go with the verb edit, and edit needs them")
        if (self.verb == "upload") != (self.asset is not None):
            raise ValueError("asset goes with the verb upload, and upload needs it")
        if self.verb == "upload" and not self.shots:
            raise ValueError("say which shot it is for")
        return self

    @property
    def consent(self) -> Consent:
        """Other words for many shots are a batch."""
        return Consent.many if self.verb == "edit" else Consent.never

    def reads(self) -> Reads:
        """What waits, and the shots whose spec is changed."""
        graph = self.verb in ("edit", "provider", "skip", "upload") or self.shots is not None
        shots = (self.shots or "all",) if graph and not (self.verb == "skip" and self.jobs) else ()
        return Reads(
            shots=shots,
            order=True,
            review=True,
            task_ids=self._named(),
            nodes="all" if self.verb == "upload" else "selected" if self.verb == "provider" else "none",
            assets=(self.asset,) if self.asset else (),
        )

    def plan(self, view: GraphView) -> Plan:
        """The change of the shots, the decision, and the tasks that go on."""
        draft = Draft(view)
        found = self._meant(view)
        match self.verb:
            case "charged" | "not_charged":
                self._resolve(draft, found)
            case "skip":
                self._skip(draft, found)
            case "edit":
                return self._edit(view, found)
            case "provider":
                self._provider(draft, found)
            case "upload":
                self._upload(draft, found)
            case _:
                self._again(draft, found)
        if not draft.effects:
            raise BadInput(_nothing(self.verb), nothing=True)
        return draft.plan()

    def _named(self) -> tuple[UUID, ...]:
        """The tasks that are named: one whose run is just ending is retried when this is carried out."""
        if self.verb != "retry":
            return ()
        try:
            return tuple(UUID(task) for task in self.tasks)
        except ValueError as wrong:
            raise BadInput("a task is named by its id", field="tasks") from wrong

    def _meant(self, view: GraphView) -> list[Waiting]:
        wanted = {shot.id for shot in view.at(self.shots)} if self.shots else None
        found = [one for one in view.review.waiting if one.kind != "choice"]
        if wanted is not None:
            found = [one for one in found if one.work_item_id in wanted]
        if self.tasks:
            found = [one for one in found if str(one.task_id) in self.tasks]
        if self.jobs:
            found = [one for one in found if one.job_id in self.jobs]
        return found

    def _again(self, draft: Draft, found: Sequence[Waiting]) -> None:
        """Retry, and with `smaller` say that less will do."""
        able = [one for one in found if one.kind == "task" and (self.verb == "retry" or self.verb in choices_of(one))]
        if self.verb == "smaller" and able:
            draft.want(ReviewChange(verb="smaller", tasks=_tasks(able)))
        numbers = _bring_back(draft, draft.view.at(self.shots)) if self.shots and self.verb == "retry" else []
        ending = tuple(
            task.id for task in draft.view.tasks if str(task.id) in self.tasks and task.state in ("running", "retry_pending")
        )
        if ending:
            draft.want(TaskChange(verb="retry", tasks=ending))
        if able:
            _retry(draft, able)
        if able or ending:
            draft.say(f"review.{self.verb}", **{**_of(draft, able), "tasks": len(able) + len(ending)})
        elif numbers:
            _render(draft, [shot for shot in draft.view.at(self.shots or "") if draft.view.number(shot.id) in numbers])
            draft.say("review.back", shots=numbers)

    def _resolve(self, draft: Draft, found: Sequence[Waiting]) -> None:
        able = [one for one in found if one.kind == "job" and one.job_id]
        if not able:
            return
        change: Literal["charged", "not_charged"] = "charged" if self.verb == "charged" else "not_charged"
        draft.want(ReviewChange(verb=change, jobs=tuple(one.job_id for one in able if one.job_id)))
        _retry(draft, [one for one in able if one.state in ("manual_review", "failed")])
        usd = round(sum(one.held_usd for one in able), 2)
        draft.say(f"review.{self.verb}", **_of(draft, able), calls=len(able), usd=usd)

    def _skip(self, draft: Draft, found: Sequence[Waiting]) -> None:
        left = [one for one in found if one.state in ("manual_review", "failed")]
        shots = [shot for one in left if (shot := draft.view.find(WorkItem, one.work_item_id))]
        shots += [shot for shot in (draft.view.at(self.shots) if self.shots else []) if shot not in shots]
        for shot in dict.fromkeys(shot.id for shot in shots if shot.kind == "shot"):
            row = draft.view.get(WorkItem, shot)
            if draft.change(row, spec=row.spec.model_copy(update={"left_out": True}).model_dump()):
                draft.touch(shot)
        if left or draft.ops:
            draft.want(ReviewChange(verb="skip", tasks=_tasks(left)))
            _cut_again(draft, {one.task_id for one in left})
            draft.say("review.skip", **_of(draft, left, [shot.id for shot in shots]))

    def _edit(self, view: GraphView, found: Sequence[Waiting]) -> Plan:
        able = [one for one in found if one.kind == "task" and one.work_item_id]
        numbers = sorted({n for one in able if (n := view.number(one.work_item_id or one.task_id or UUID(int=0)))})
        words = self.shots or ",".join(str(number) for number in numbers)
        if not words:
            raise BadInput(_nothing("edit"), nothing=True)
        try:
            edit = UpdateShot.model_validate({**self.changes, "shots": words})
        except ValidationError as wrong:
            first = wrong.errors()[0]
            raise BadInput(f"changes.{'.'.join(str(part) for part in first['loc'])}: {first['msg']}", field="changes") from wrong
        known = view if words in view.places else replace(view, places={**view.places, words: tuple(_ids(able))})
        changed = edit.plan(known)
        draft = Draft(known.after(changed.ops))
        _retry(draft, able)
        if able:
            draft.say("review.retry", **_of(draft, able))
        rest = draft.plan()
        return replace(
            changed,
            ops=(*changed.ops, *rest.ops),
            effects=(*changed.effects, *rest.effects),
            summary=(*changed.summary, *rest.summary),
        )

    def _provider(self, draft: Draft, found: Sequence[Waiting]) -> None:
        able = [one for one in found if one.kind == "task" and one.work_item_id and "provider" in choices_of(one)]
        held = {one.work_item_id: one for one in able}
        shots = draft.view.at(self.shots) if self.shots else [draft.view.get(WorkItem, shot) for shot in held if shot]
        anew: list[WorkItem] = []
        names: set[str] = set()
        for shot in writable(draft, shots, many=len(shots) > 1):
            name = self._other(draft.view, shot, held.get(shot.id))
            kind = self._kind(held.get(shot.id))
            providers = {**shot.spec.providers, kind: name}
            if draft.change(shot, spec=shot.spec.model_copy(update={"providers": providers, "left_out": False}).model_dump()):
                draft.touch(shot.id)
                names.add(name)
            if shot.id not in held:
                anew.append(draft.view.get(WorkItem, shot.id))
        _retry(draft, [one for one in able if one.work_item_id in draft.touched])
        _render(draft, [shot for shot in anew if shot.id in draft.touched])
        if draft.effects:
            draft.say("review.provider", **_of(draft, able, draft.touched), provider=", ".join(sorted(names)))

    def _kind(self, one: Waiting | None) -> Capability:
        failed = CAPABILITY.get(one.stage) if one else None  # type: ignore[call-overload]
        return self.capability or failed or "video"

    def _other(self, view: GraphView, shot: WorkItem, one: Waiting | None) -> str:
        """Who makes it instead.

        Raises:
            BadInput: nobody of that name can, or several could.
        """
        kind = self._kind(one)
        known = makers(kind)
        if self.provider:
            name = next((name for name in known if name.lower() == self.provider.strip().lower()), "")
            if not name:
                raise BadInput(f"{self.provider!r} makes no {kind}; {', '.join(known)} can", field="provider")
            return name
        made = view.find(Node, shot.selected("picture" if kind == "image" else kind))
        was = (one.provider if one else "") or (str(made.facts.get("provider", "")) if made else "")
        was = was or shot.spec.providers.get(kind, "") or view.workspace.profile.providers.get(kind, "")
        # A maker of its own behind a provider is told as "builtin-painter".
        others = [name for name in known if was != name and not was.startswith(f"{name}-")]
        if len(others) != 1:
            raise BadInput(f"say which provider: {', '.join(others)} can make this {kind}", field="provider")
        return others[0]

    def _upload(self, draft: Draft, found: Sequence[Waiting]) -> None:
        shot = draft.view.one(self.shots or "")
        writable(draft, [shot], many=False)
        _bring_back(draft, [shot])
        node = bring_in(draft, draft.view.get(WorkItem, shot.id), self.asset or "", self.slot)
        slot: TrackKind = "picture" if node.kind == "image" else self.slot or "video"
        draft.change(draft.view.get(WorkItem, shot.id), **{f"{slot}_node_id": node.id})
        draft.touch(shot.id)
        draft.made = node.id
        able = [one for one in found if one.kind == "task"]
        if able:
            _retry(draft, able)
        else:
            _render(draft, [draft.view.get(WorkItem, shot.id)])
        draft.say("review.upload", **_of(draft, able, [shot.id]), slot=slot)


def _retry(draft: Draft, waiting: Sequence[Waiting]) -> None:
    if waiting:
        ids = _tasks(waiting)
        draft.want(TaskChange(verb="retry", tasks=ids))
        _cut_again(draft, set(ids))


def _cut_again(draft: Draft, decided: set[UUID | None] | set[UUID]) -> None:
    """A film that waits for these shots goes on with them, once nothing else of it waits."""
    waiting = draft.view.review.waiting
    episodes = {one.episode_id for one in waiting if one.task_id in decided and one.task_kind == "shot"}
    still = {one.episode_id for one in waiting if one.task_kind == "shot" and one.kind != "choice" and one.task_id not in decided}
    cuts = [
        one for one in waiting if one.task_kind == "cut" and one.episode_id in episodes - still and one.task_id not in decided
    ]
    if cuts:
        draft.want(TaskChange(verb="retry", tasks=_tasks(cuts)))


def _bring_back(draft: Draft, shots: Sequence[WorkItem]) -> list[int]:
    """Shots that were left out are in the film again; their numbers."""
    numbers: list[int] = []
    for shot in shots:
        if shot.spec.left_out and draft.change(shot, spec=shot.spec.model_copy(update={"left_out": False}).model_dump()):
            draft.touch(shot.id)
            numbers.append(draft.view.number(shot.id) or 0)
    return numbers


def _render(draft: Draft, shots: Sequence[WorkItem]) -> None:
    for shot in shots:
        draft.want(render(draft.view, shot, SHOT_STAGES, None, 50))


def _tasks(waiting: Sequence[Waiting]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.task_id for one in waiting if one.task_id))


def _ids(waiting: Sequence[Waiting]) -> list[UUID]:
    return list(dict.fromkeys(one.work_item_id for one in waiting if one.work_item_id))


def _of(draft: Draft, waiting: Sequence[Waiting], shots: Sequence[UUID] = ()) -> dict[str, Any]:
    """How many tasks, and of which shots."""
    ids = dict.fromkeys([*_ids(waiting), *shots])
    return {"tasks": len(_tasks(waiting)), "shots": sorted({n for one in ids if (n := draft.view.number(one))})}


def _nothing(verb: str) -> str:
    if verb in ("charged", "not_charged"):
        return "no call waits for that decision"
    return f"nothing waits for you that could be decided by {verb!r}; task.waiting lists what does"
