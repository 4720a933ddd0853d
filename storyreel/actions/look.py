"""Places and props that stay the same from shot to shot."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role
from storyreel.actions.bible import tell_reach
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.looks import key_of_name, names_of
from storyreel.model.rows import SceneLook
from storyreel.model.spec import LookSpec, TimeOfDay, Weather
from storyreel.model.view import GraphView

LookKind = Literal["place", "prop"]
LookField = Literal["description", "time", "weather", "light", "palette", "style"]


class SetLook(Action):
    """Say how a place or a prop looks in every shot: description, time, weather, light, palette, style, other names, locks.

    A new name makes one. Shots that name the place, themselves or through their scene, inherit what neither says; a prop's look goes with the
    shots that hold it.
    """

    type: Literal["look.set"] = "look.set"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("灯塔永远是黄昏、暖光", "The lighthouse is always at dusk, in warm light")

    name: str = Field(min_length=1, max_length=200, description="Its name or one of its other names.")
    kind: LookKind | None = Field(default=None, description="Without it, what it is already, or a place.")
    rename: str | None = Field(default=None, min_length=1, max_length=200)
    also_called: tuple[str, ...] | None = Field(default=None, max_length=20)
    description: str | None = Field(default=None, max_length=4000)
    time: TimeOfDay | None = None
    weather: Weather | None = None
    light: str | None = Field(default=None, max_length=500)
    palette: tuple[str, ...] | None = Field(default=None, max_length=12)
    style: str | None = Field(default=None, max_length=500)
    clear: tuple[LookField, ...] = Field(default=(), description="Fields that are left to the scenes and shots again.")
    lock: tuple[LookField, ...] = Field(default=(), description="Fields that no shot, scene or later change may have otherwise.")
    unlock: tuple[LookField, ...] = ()

    def reads(self) -> Reads:
        """The shots that name it, in every episode."""
        return Reads(touches=(self._asked(),))

    def plan(self, view: GraphView) -> Plan:
        """A look, new or changed."""
        draft = Draft(view)
        held = look_named(view, self.name, self.kind)
        spec = held.spec if held else LookSpec()
        fields: dict[str, Any] = {"spec": self._spec(spec), "locks": self._locks(held)}
        if self.also_called is not None:
            fields["aliases"] = self.also_called
        if held is None:
            held = SceneLook(
                id=view.new_id("look"), workspace_id=view.workspace_id, kind=self.kind or "place", name=self.name, **fields
            )
            draft.insert(held)
        elif not draft.change(held, name=self.rename or held.name, **fields):
            return changed(draft)
        _check_names(draft.view, draft.view.get(SceneLook, held.id))
        draft.made = held.id
        draft.say("look.set", name=held.name, kind=held.kind, new=draft.ops[0].kind == "insert", fields=self._said())
        tell_reach(draft, held.name, self._asked())
        return draft.plan()

    def _asked(self) -> tuple[str, ...]:
        return ("look", self.name, *([self.rename] if self.rename else []), *(self.also_called or ()))

    def _spec(self, spec: LookSpec) -> LookSpec:
        said = self.model_dump(exclude_none=True, include=set(LookSpec.model_fields))
        cleared = {name: value for name, value in LookSpec().model_dump().items() if name in self.clear}
        return LookSpec.model_validate({**spec.model_dump(), **said, **cleared})

    def _locks(self, held: SceneLook | None) -> dict[str, str]:
        kept = {name: why for name, why in (held.locks if held else {}).items() if name not in self.unlock}
        return {**kept, **dict.fromkeys(self.lock, "asked for")}

    def _said(self) -> list[str]:
        said = [name for name in LookSpec.model_fields if getattr(self, name) is not None or name in self.clear]
        more = (("name", self.rename), ("aliases", self.also_called), ("locks", self.lock or self.unlock))
        return said + [name for name, value in more if value]


def look_named(view: GraphView, words: str, kind: LookKind | None = None) -> SceneLook | None:
    """The look that goes by these words ('$name', a name or another of its names), or None.

    Raises:
        BadInput: a place and a prop both do.
    """
    if words.startswith("$"):
        return view.get(SceneLook, view.named.get(words[1:]))
    wanted = key_of_name(words)
    found = [look for look in view.all(SceneLook) if wanted in names_of(look) and kind in (None, look.kind)]
    if len(found) > 1:
        raise BadInput(f"{words!r} is the name of a place and of a prop; say which kind", field="kind")
    return found[0] if found else None


def no_such_look(view: GraphView, words: str) -> NotFound:
    """The refusal that lists which looks there are."""
    known = ", ".join(sorted(look.name for look in view.all(SceneLook))) or "none yet"
    return NotFound(f"there is no look {words!r}; the project has: {known}")


def _check_names(view: GraphView, look: SceneLook) -> None:
    """Two looks of a kind never share a name, or a shot could not tell which is meant."""
    for other in view.all(SceneLook):
        shared = names_of(other) & names_of(look)
        if other.id != look.id and other.kind == look.kind and shared:
            raise BadInput(f"{other.name!r} goes by {min(shared)!r} already; choose another name, or change that one")
