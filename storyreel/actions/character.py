"""Characters: who stays the same from shot to shot."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Kind, Plan, Policy, Reads, Role, Shots
from storyreel.actions.places import changed, character_named
from storyreel.model.digest import seed_of
from storyreel.model.errors import BadInput, Refused
from storyreel.model.rows import Character, Use
from storyreel.model.spec import Age, Gender, Look, VoiceChoice
from storyreel.model.view import GraphView

LockName = Literal["face", "hair", "wardrobe", "colour"]
# Which fields of a look each lock holds.
LOCKED: dict[str, frozenset[str]] = {
    "face": frozenset({"gender", "age", "skin_colour", "glasses", "beard", "seed"}),
    "hair": frozenset({"hair", "hair_colour", "hat"}),
    "wardrobe": frozenset({"garment"}),
    "colour": frozenset({"top_colour", "bottom_colour", "shoe_colour"}),
}


class CharacterFields(Action):
    """What creating and changing a character share."""

    also_called: tuple[str, ...] | None = Field(default=None, description="Other names the character goes by.")
    gender: Gender | None = None
    age: Age | None = None
    look: dict[str, Any] | None = Field(
        default=None, description="Fields of the look: hair, hair_colour, garment, top_colour, ..."
    )
    voice: str | None = Field(default=None, max_length=100, description="A provider's voice, or empty for one of its own.")
    speed: float | None = Field(default=None, ge=0.5, le=2.0)
    personality: str | None = Field(default=None, max_length=2000)
    speaking: str | None = Field(default=None, max_length=2000, description="The way the character speaks.")

    def row_fields(self, look: Look, voice: VoiceChoice) -> dict[str, Any]:
        """The columns to write, over what they were.

        Raises:
            BadInput: `look` has a field that no look has.
        """
        unknown = sorted(set(self.look or {}) - set(Look.model_fields))
        if unknown:
            raise BadInput(f"a look has no {', '.join(unknown)}; it has {', '.join(Look.model_fields)}")
        person = {k: v for k, v in (("gender", self.gender), ("age", self.age)) if v is not None}
        sound = {k: v for k, v in (("voice", self.voice), ("speed", self.speed)) if v is not None}
        fields: dict[str, Any] = {
            "look": Look.model_validate({**look.model_dump(), **person, **(self.look or {})}).model_dump(),
            "voice": VoiceChoice.model_validate({**voice.model_dump(), **person, **sound}).model_dump(),
        }
        if self.also_called is not None:
            fields["aliases"] = self.also_called
        return fields | self.model_dump(exclude_none=True, include={"personality", "speaking"})


class CreateCharacter(CharacterFields):
    """Add a character. What is not said of its look and voice is chosen once and stays."""

    type: Literal["character.create"] = "character.create"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("加一个角色：小雨，年轻女孩，短发", "Add a character: Anna, a young woman with short hair")

    name: str = Field(min_length=1, max_length=100)

    def plan(self, view: GraphView) -> Plan:
        """A character whose seed comes from its name alone: the same message makes the same film."""
        if any(person.name.lower() == self.name.lower() for person in view.all(Character)):
            raise BadInput(f"there is a character called {self.name!r} already; choose another name or change that one")
        seed = seed_of(self.name.casefold())
        draft = Draft(view)
        person = Character(
            id=view.new_id("character"),
            workspace_id=view.workspace_id,
            name=self.name,
            **self.row_fields(Look(seed=seed), VoiceChoice(seed=seed)),
        )
        draft.insert(person)
        draft.made = person.id
        draft.say("character.created", name=self.name)
        return draft.plan()


class UpdateCharacter(CharacterFields):
    """Change a character's look, voice or manner; it changes in every shot the character is in."""

    type: Literal["character.update"] = "character.update"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("给小雨换成红色外套", "Give Anna a red jacket")

    character: str = Field(min_length=1)
    rename: str | None = Field(default=None, min_length=1, max_length=100)

    def reads(self) -> Reads:
        """Where the character is."""
        return Reads(shots=(f"with {self.character}",)) if not self.character.startswith("$") else Reads()

    def plan(self, view: GraphView) -> Plan:
        """Fields of the character."""
        person = character_named(view, self.character)
        fields = self.row_fields(person.look, person.voice)
        _refuse_locked(person, fields["look"])
        if self.rename is not None:
            fields["name"] = self.rename
        draft = Draft(view)
        if draft.change(person, **fields):
            shots = [view.number(shot.id) for shot in view.at(f"with {self.character}")]
            draft.say("character.changed", name=person.name, shots=shots)
        return changed(draft)


class AttachReference(Action):
    """Keep a picture, palette or recording as a reference of a character, in the shots it is in."""

    type: Literal["character.attach_reference"] = "character.attach_reference"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("character.attach_refs",)
    says: ClassVar = ("用这张图做小雨的参考", "Use this picture as a reference for Anna")

    character: str = Field(min_length=1)
    asset: str = Field(pattern="^[0-9a-f]{64}$", description="The asset's id.")
    shots: Shots = "all"

    def reads(self) -> Reads:
        """The shots the character is in."""
        return Reads(shots=(f"with {self.character}", self.shots))

    def plan(self, view: GraphView) -> Plan:
        """A use of the asset in each shot of the character."""
        person = character_named(view, self.character)
        draft = Draft(view)
        wanted = {shot.id for shot in view.at(self.shots)}
        for shot in view.at(f"with {self.character}"):
            if shot.id in wanted:
                use_id = view.new_id("use", shot.id)
                draft.insert(
                    Use(id=use_id, workspace_id=view.workspace_id, work_item_id=shot.id, asset_id=self.asset, role="character")
                )
                draft.touch(shot.id)
        if not draft.ops:
            raise BadInput(f"{person.name} is in none of these shots yet; put the character into a shot first")
        draft.say("character.reference", name=person.name, shots=len(draft.touched))
        return draft.plan()


class LockConsistency(Action):
    """Lock or free what must not change about a character: face, hair, wardrobe, colour."""

    type: Literal["character.lock_consistency"] = "character.lock_consistency"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("锁定小雨的脸和发型", "Lock Anna's face and hair")

    character: str = Field(min_length=1)
    locks: tuple[LockName, ...] = ("face", "hair", "wardrobe", "colour")
    locked: bool = True

    def plan(self, view: GraphView) -> Plan:
        """The character's locks."""
        person = character_named(view, self.character)
        held = {name: why for name, why in person.locks.items() if name not in self.locks}
        if self.locked:
            held |= dict.fromkeys(self.locks, "asked for")
        draft = Draft(view)
        if draft.change(person, locks=held):
            draft.say("character.locked" if self.locked else "character.unlocked", name=person.name, locks=list(self.locks))
        return changed(draft)


class DeleteCharacter(Action):
    """Delete a character and take it out of every shot."""

    type: Literal["character.delete"] = "character.delete"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.always)
    says: ClassVar = ("删掉角色老王", "Delete the character Bob")

    character: str = Field(min_length=1)

    def reads(self) -> Reads:
        """The shots the character is in."""
        return Reads(shots=(f"with {self.character}",))

    def plan(self, view: GraphView) -> Plan:
        """The character and its places in shots, removed."""
        person = character_named(view, self.character)
        draft = Draft(view)
        for shot in view.at(f"with {self.character}"):
            for cast in view.cast_of(shot.id):
                if cast.character_id == person.id:
                    draft.remove(cast)
            draft.touch(shot.id)
        draft.remove(person)
        draft.say("character.deleted", name=person.name, shots=len(draft.touched))
        return draft.plan()


class ListCharacters(Action):
    """List the characters with their looks, voices and locks."""

    type: Literal["character.list"] = "character.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("有哪些角色？", "Who are the characters?")

    def answer(self, view: GraphView) -> dict[str, Any]:
        """One entry a character."""
        people = [person.model_dump(mode="json", exclude={"workspace_id", "removed"}) for person in view.all(Character)]
        return {"characters": people}


def _refuse_locked(person: Character, look: dict[str, Any]) -> None:
    was = person.look.model_dump()
    for lock in person.locks:
        broken = sorted(name for name in LOCKED.get(lock, frozenset()) if look.get(name) != was.get(name))
        if broken:
            raise Refused(f"{person.name}'s {lock} is locked ({', '.join(broken)}); free the lock first", lock=lock)
