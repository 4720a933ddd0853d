"""Deleting what is not a shot: scenes, episodes, characters, looks, canvases and facts. An undo brings any of it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, cast
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import EVERY_MODE, Action, Consent, Draft, Plan, Policy, Role
from storyreel.actions.bible import tell_reach
from storyreel.actions.follow import let_go
from storyreel.actions.look import LookKind, look_named, no_such_look
from storyreel.actions.memory import about_row, holds_words, nearest, with_memory
from storyreel.actions.naming import Entity, by_name, entity_named, entity_reads, id_in
from storyreel.actions.places import character_named, scene_named, shots_of_scene
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.model.rows import Canvas, Episode, Memory
from storyreel.model.view import GraphView

Deleted = Literal["scene", "episode", "character", "look", "canvas", "memory"]
# What names the thing where the action is asked for by the name of its family.
CALLED: Mapping[str, tuple[str, ...]] = {
    "scene": ("scene",),
    "character": ("character",),
    "look": ("name",),
    "canvas": ("canvas",),
    "memory": ("words", "memory"),
}
LOOKS = ("place", "prop")


class DeleteDoc(Action):
    """Delete a scene with its shots, this episode with all in it, a character (out of every shot), a look, a canvas, or facts in memory.

    Shots that named a look keep their words and inherit nothing from it; what a canvas refers to stays. Facts are forgotten by id, by their
    words, or all that is known of something; one fact goes without asking. An episode is its owner's to delete.
    """

    type: Literal["doc.delete"] = "doc.delete"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.always, modes=EVERY_MODE)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "scene.delete": {"kind": "scene"},
        "episode.delete": {"kind": "episode"},
        "character.delete": {"kind": "character"},
        "look.delete": {"kind": "look"},
        "canvas.delete": {"kind": "canvas"},
        "memory.forget": {"kind": "memory"},
    }
    narrows: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {"draft": {"kind": ("canvas", "memory")}}
    belongs: ClassVar = "kind"
    says: ClassVar = ("删掉第三场", "Delete scene 3")

    kind: Deleted
    which: str = Field(
        default="",
        max_length=500,
        description="Which one: its number, name or id, or a fact's words; an episode is the one in hand.",
    )
    look: LookKind | None = Field(
        default=None, description="Whether the look is a place's or a prop's, where both go by the name."
    )
    about: Entity | None = Field(default=None, description="With memory: forget what is known of this kind of thing.")
    of: str = Field(default="", max_length=200, description="With about: of which one, by its number, name or id.")

    @model_validator(mode="before")
    @classmethod
    def _by_the_names_of_families(cls, given: Any) -> Any:
        """`scene.delete` may call its scene `scene`, `memory.forget` its facts `memory` or `words`, and so on."""
        if not isinstance(given, dict):
            return given
        said = dict(cast("dict[str, Any]", given))
        if said.get("kind") in LOOKS:
            said |= {"kind": "look", "look": said["kind"]}
        if said.get("kind") == "memory" and said.get("about") and "of" not in said:
            said["of"] = said.pop("which", "")
        for name in CALLED.get(said.get("kind", ""), ()):
            named = said.pop(name, None)
            if named:
                said["which"] = str(named) if isinstance(named, UUID) else named
        return said

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if not self.which and self.kind not in ("episode", "memory"):
            raise ValueError(f"say which {self.kind} to delete")
        if self.kind != "memory" and (self.about or self.of):
            raise ValueError("about and of go with memory")
        return self

    @property
    def needs(self) -> Role:
        """An episode is its owner's."""
        return Role.owner if self.kind == "episode" else self.policy.role

    @property
    def consent(self) -> Consent:
        """Facts are asked about where they are several."""
        return Consent.many if self.kind == "memory" else self.policy.consent

    def reads(self) -> Reads:
        """It, and the shots that it is about."""
        match self.kind:
            case "scene":
                return Reads(shots=(f"scene {self.which}",), follows=True)
            case "episode":
                return Reads(shots=("all",), follows=True)
            case "character":
                return Reads(shots=(f"with {self.which}",), touches=(("person", self.which),))
            case "look":
                return Reads(touches=(("look", self.which),))
            case "canvas":
                return Reads(tables=(Canvas.table,))
            case "memory":
                return with_memory(entity_reads(self.about, self.of) if self.about else Reads())

    def plan(self, view: GraphView) -> Plan:
        """It and what cannot stand without it, removed."""
        draft = Draft(view)
        match self.kind:
            case "scene":
                _scene(draft, self.which)
            case "episode":
                _episode(draft, self.which)
            case "character":
                _character(draft, self.which)
            case "look":
                _look(draft, self.which, self.look)
            case "canvas":
                canvas = by_name(view, Canvas, self.which)
                draft.remove(canvas)
                draft.say("canvas.deleted", name=canvas.name)
            case "memory":
                _forget(draft, self._facts(view))
        return draft.plan()

    def _facts(self, view: GraphView) -> list[Memory]:
        if (found := id_in(self.which)) is not None:
            return [view.get(Memory, found)]
        held = view.all(Memory)
        if self.about is not None:
            held = about_row(view, held, self.about, self.of)
        if not self.which:
            if self.about is None:
                raise BadInput("say which fact to forget: its words, its id, or what it is about")
            return held
        near = nearest(held, self.which)
        return [near] if near else [one for one in held if holds_words(one.fact, self.which)]


def _scene(draft: Draft, which: str) -> None:
    """The scene and its shots."""
    scene = scene_named(draft.view, which)
    for shot in shots_of_scene(draft.view, scene.id):
        draft.remove(shot)
        draft.touch(shot.id)
    draft.remove(scene)
    draft.say("scene.deleted", scene=which, shots=len(draft.touched))
    let_go(draft, draft.touched)


def _episode(draft: Draft, which: str) -> None:
    """The episode that is talked about, and all below it."""
    view, episode = draft.view, draft.view.episode
    if which and entity_named(view, "episode", which).id != episode.id:
        raise BadInput("only the episode that is talked about can be deleted; go to that one first", field="which")
    if len(view.all(Episode)) == 1:
        raise Refused("this is the project's only episode; delete its scenes instead")
    for shot in view.at("all"):
        draft.remove(shot)
        draft.touch(shot.id)
    for scene in view.scenes():
        draft.remove(scene)
    draft.remove(episode)
    draft.say("episode.deleted", title=episode.title)
    let_go(draft, draft.touched)


def _character(draft: Draft, which: str) -> None:
    """The character and its places in shots, in every episode."""
    view = draft.view
    person = character_named(view, which)
    for shot in view.at(f"with {which}"):
        for part in view.cast_of(shot.id):
            if part.character_id == person.id:
                draft.remove(part)
        draft.touch(shot.id)
    draft.remove(person)
    draft.say("character.deleted", name=person.name, shots=len(draft.touched))
    tell_reach(draft, person.name, ("person", which))


def _look(draft: Draft, which: str, kind: LookKind | None) -> None:
    look = look_named(draft.view, which, kind)
    if look is None:
        raise no_such_look(draft.view, which)
    draft.remove(look)
    draft.say("look.deleted", name=look.name, kind=look.kind)
    tell_reach(draft, look.name, ("look", which))


def _forget(draft: Draft, facts: list[Memory]) -> None:
    """Facts; several at once are asked about first."""
    if not facts:
        known = "; ".join(one.fact for one in draft.view.all(Memory)[:5]) or "nothing yet"
        raise NotFound(f"nothing like that is remembered; what is: {known}")
    for one in facts:
        draft.remove(one)
        if len(facts) > 1:
            draft.touch(one.id)
    draft.say("memory.forgotten", facts=[one.fact for one in facts])
