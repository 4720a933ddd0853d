"""Renders and exports at a time, or again and again: set, listed and cancelled."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from storyreel.actions.base import Action, Asked, Consent, Draft, Kind, Plan, Policy, Role, ScheduleChange
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.facts import ScheduleFacts
from storyreel.model.view import GraphView
from storyreel.model.when import check_cron, zone_of


class SetSchedule(Action):
    """Have actions done at a time, or again and again: renders and exports above all. One of the same title is replaced.

    Each time it is done once, as a batch with the reason "schedule". What would cost more than may be spent without asking waits for a person.
    """

    type: Literal["schedule.set"] = "schedule.set"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many, undo=False)
    says: ClassVar = ("每天凌晨两点重新渲染过期的镜头", "Render everything at 2am")

    title: str = Field(default="", max_length=200)
    cron: str = Field(
        default="",
        max_length=100,
        description="Again and again: minute, hour, day, month, weekday; '0 2 * * *' is every night at 2.",
    )
    at: str = Field(
        default="",
        max_length=40,
        description="Once: '2027-03-01 02:00', or '02:00' for the next time it is so, 'tomorrow 08:00'.",
    )
    time_zone: str = Field(
        default="", max_length=60, description="For example 'Asia/Shanghai'; without it, that of the installation."
    )
    actions: tuple[Asked, ...] = Field(min_length=1, max_length=20, description="What is done: actions with their arguments.")

    @model_validator(mode="after")
    def _once_or_again(self) -> Self:
        if bool(self.cron.strip()) == bool(self.at.strip()):
            raise ValueError("say either `cron` (again and again) or `at` (once)")
        return self

    @property
    def needs(self) -> Role:
        """Whoever sets it must be allowed to do what is done."""
        return max([self.policy.role, *(action.needs for action in self._done())])

    @property
    def consent(self) -> Consent:
        """Nobody is there to be asked when it is done, so it is asked about now."""
        asks = any(action.consent is not Consent.never for action in self._done())
        return Consent.always if asks else Consent.never

    def reads(self) -> Reads:
        """The schedules there are."""
        return Reads(schedules=True)

    def plan(self, view: GraphView) -> Plan:
        """The schedule, as a wish; when exactly it is due is found where there is a clock."""
        draft = Draft(view)
        cron = check_cron(self.cron) if self.cron.strip() else ""
        if self.time_zone:
            zone_of(self.time_zone)
        title = self.title.strip() or ", ".join(one.type for one in self.actions)
        held = next((one for one in view.schedules if one.title.casefold() == title.casefold() and one.state == "active"), None)
        draft.want(
            ScheduleChange(
                id=held.id if held else view.new_id("schedule"),
                title=title,
                cron=cron,
                at=self.at.strip(),
                time_zone=self.time_zone,
                actions=self.actions,
            )
        )
        draft.say("schedule.set", title=title, cron=cron, at=self.at.strip(), time_zone=self.time_zone or "")
        return draft.plan()

    def _done(self) -> list[Action]:
        from storyreel.actions.catalogue import parse  # noqa: PLC0415 (the catalogue holds this action)

        done = [parse(one) for one in self.actions]
        wrong = [one.type for one, action in zip(self.actions, done, strict=True) if action.policy.kind is not Kind.change]
        wrong += [one.type for one in self.actions if one.type.startswith("schedule.")]
        if wrong:
            raise BadInput(f"{wrong[0]} cannot be done at a time: name actions that change or make something", field="actions")
        return done


class CancelSchedule(Action):
    """Do it no more: one schedule by its title or id, or all."""

    type: Literal["schedule.cancel"] = "schedule.cancel"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("取消定时渲染", "Cancel the scheduled renders")

    which: str = Field(default="all", min_length=1, max_length=200, description="Its title or id, or 'all'.")

    def reads(self) -> Reads:
        """The schedules there are."""
        return Reads(schedules=True)

    def plan(self, view: GraphView) -> Plan:
        """One wish a schedule."""
        draft = Draft(view)
        active = [one for one in view.schedules if one.state in ("active", "paused")]
        found = [one for one in active if self.which.casefold() in ("all", str(one.id), one.title.casefold())]
        if not active:
            raise BadInput("nothing is scheduled", nothing=True)
        if not found:
            raise NotFound(
                f"there is no schedule {self.which!r}; there are: {', '.join(one.title for one in active)}", field="which"
            )
        for one in found:
            draft.want(ScheduleChange(id=one.id, title=one.title, state="cancelled"))
            draft.say("schedule.cancelled", title=one.title)
        return draft.plan()


class ListSchedules(Action):
    """What is done at a time: when, what, by whom, and what came of it last."""

    type: Literal["schedule.list"] = "schedule.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("有哪些定时任务？", "What is scheduled?")

    def reads(self) -> Reads:
        """The schedules there are."""
        return Reads(schedules=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """One entry a schedule, the newest first."""
        return {"schedules": [told(one) for one in view.schedules]}


def told(one: ScheduleFacts) -> dict[str, Any]:
    """A schedule as data."""
    return {
        "id": str(one.id),
        "title": one.title,
        "state": one.state,
        "cron": one.cron,
        "at": one.at.isoformat() if one.at else None,
        "time_zone": one.time_zone,
        "actions": [dict(action) for action in one.actions],
        "asked_by": one.asked_by,
        "last_at": one.last_at.isoformat() if one.last_at else None,
        "last_said": one.last_said,
    }
