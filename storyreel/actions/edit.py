"""Editing: one action with a typed step. What is done to a shot is kept as a chain on it, so that only its segment is made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from storyreel.actions import edit_film, edit_shots
from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role, Shots
from storyreel.actions.edit_steps import CopyStep, EditStep, EndsStep, MusicStep, OfShots, PacingStep
from storyreel.actions.gen import cut, render
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import SHOT_STAGES


class EditApply(Action):
    """Edit shots or the film by one step: `edit` says which and how; its fields may also stand beside `shots`.

    On shots: trim, speed, hold, reverse, mirror, crop, bars, grade, fade, blur, sharpen, vignette; remove takes steps back, copy does to
    these shots what was done to another. On the film: pacing, captions, music, mix, ends (fade in and out).
    """

    type: Literal["edit.apply"] = "edit.apply"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    presets: ClassVar = {
        "edit.trim": {"step": "trim"},
        "edit.pacing": {"step": "pacing"},
        "edit.caption_style": {"step": "captions"},
        "edit.replace_music": {"step": "music"},
    }
    says: ClassVar = ("第3个镜头只留前两秒", "Keep only the first two seconds of shot 3")

    shots: Shots | None = Field(default=None, description="Which shots; for a step on the film, all of them where left out.")
    edit: EditStep = Field(description="The step.")
    render: bool = Field(default=False, description="Make at once what this changes.")

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, given: Any) -> Any:
        """The step's own fields may stand beside `shots`; one shot may be called `shot`."""
        if not isinstance(given, Mapping):
            return given
        asked = {("shots" if name == "shot" else name): value for name, value in given.items()}
        own = {name: value for name, value in asked.items() if name in cls.model_fields}
        beside = {name: value for name, value in asked.items() if name not in cls.model_fields}
        if not beside:
            return own
        step = own.get("edit", {})
        return {**own, "edit": {**beside, **(step if isinstance(step, Mapping) else {})}}

    def reads(self) -> Reads:
        """The shots; for a step on the film what the episode has."""
        words = (self._words, *((self.edit.source,) if isinstance(self.edit, CopyStep) else ()))
        whole = isinstance(self.edit, PacingStep) and self.edit.keep_total
        assets = (self.edit.asset,) if isinstance(self.edit, MusicStep) and self.edit.asset else ()
        return Reads(
            shots=(*words, "all") if whole or isinstance(self.edit, EndsStep) else words,
            nodes="all" if isinstance(self.edit, MusicStep) else "selected" if self.render else "none",
            sources=self.render,
            assets=assets,
        )

    def plan(self, view: GraphView) -> Plan:
        """Fields of the shots, or of the project."""
        if isinstance(self.edit, OfShots) and self.shots is None:
            raise BadInput("say which shots", field="shots")
        draft = Draft(view)
        if isinstance(self.edit, OfShots):
            edit_shots.apply(draft, view.at(self._words), self.edit)
        else:
            edit_film.apply(draft, view.at(self._words), self.edit, asked=self.shots is not None)
        if self.render and draft.ops:
            self._render(draft)
        return changed(draft)

    @property
    def _words(self) -> str:
        return self.shots or "all"

    def _render(self, draft: Draft) -> None:
        """What this changes is made at once; what is fresh costs nothing. A change of all of the film reaches all shots."""
        view = draft.view
        shots = [shot for shot in view.shots() if shot.id in draft.touched] or (
            view.at(self._words) if not isinstance(self.edit, MusicStep) else []
        )
        for shot in shots:
            draft.want(render(view, shot, SHOT_STAGES, None, 50))
        if view.episode.film_node_id is not None:
            draft.want(cut(view, 50))
