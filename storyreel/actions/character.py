"""Characters: who stays the same from shot to shot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role, Said, Shots
from storyreel.actions.bible import tell_reach
from storyreel.actions.pictures import asset_of
from storyreel.actions.places import changed, character_named
from storyreel.actions.reads import Reads
from storyreel.model.base import AssetRef
from storyreel.model.digest import seed_of
from storyreel.model.errors import BadInput
from storyreel.model.rows import Character, Node, ReferenceRole, Use
from storyreel.model.spec import Age, Consistency, Gender, Look, VoiceChoice
from storyreel.model.view import GraphView

LockName = Literal["face", "hair", "wardrobe", "colour"]
Level = Literal["loose", "normal", "strict"]
Method = Literal["look", "reference", "lora"]
# What a recording, or anything else that is no picture, is to a character.
ROLES: dict[str, ReferenceRole] = {"image": "character", "audio": "audio", "video": "video"}


class CharacterFields(Action):
    """What creating and changing a character share."""

    also_called: tuple[str, ...] | None = Field(default=None, description="Other names the character goes by.")
    gender: Gender | None = None
    age: Age | None = None
    look: dict[str, Any] | None = Field(
        default=None, description="Fields of the look: hair, hair_colour, garment, top_colour, ..."
    )
    wardrobe: str | None = Field(default=None, max_length=1000, description="What the character wears, in words.")
    palette: tuple[str, ...] | None = Field(default=None, max_length=12, description="The character's own colours, as #rrggbb.")
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
        person = self.model_dump(exclude_none=True, include={"gender", "age"})
        worn = self.model_dump(exclude_none=True, include={"wardrobe", "palette"})
        sound = {k: v for k, v in (("voice", self.voice), ("speed", self.speed)) if v is not None}
        fields: dict[str, Any] = {
            "look": Look.model_validate({**look.model_dump(), **person, **worn, **(self.look or {})}).model_dump(),
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
    """Change a character's look, voice or manner, in every shot it is in; lock or free what must not change about it.

    A lock holds from then on. `level` says how alike the character must stay, `method` by what means.
    """

    type: Literal["character.update"] = "character.update"
    policy: ClassVar = Policy(role=Role.editor)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"character.lock_consistency": {"locked": True}}
    says: ClassVar = ("给小雨换成红色外套", "Give Anna a red jacket")

    character: str = Field(min_length=1)
    rename: str | None = Field(default=None, min_length=1, max_length=100)
    locks: tuple[LockName, ...] | None = Field(
        default=None,
        description="Which to lock or free; without it, all four where `locked` is said, unless a level or method is.",
    )
    locked: bool | None = Field(default=None, description="False frees what is locked.")
    level: Level | None = Field(
        default=None, description="loose: words alone; normal: its selected picture; strict: all its references."
    )
    method: Method | None = None

    def reads(self) -> Reads:
        """Where the character is, in every episode."""
        if self.character.startswith("$"):
            return Reads()
        return Reads(shots=(f"with {self.character}",), touches=(("person", self.character),))

    def plan(self, view: GraphView) -> Plan:
        """Fields of the character."""
        person = character_named(view, self.character)
        fields = self.row_fields(person.look, person.voice)
        if self.rename is not None:
            fields["name"] = self.rename
        draft = Draft(view)
        if draft.change(person, **fields):
            shots = [view.number(shot.id) for shot in view.at(f"with {self.character}")]
            draft.say("character.changed", name=person.name, shots=shots)
            tell_reach(draft, person.name, ("person", self.character))
        self._lock(draft, person.id)
        return changed(draft)

    def _lock(self, draft: Draft, person_id: UUID) -> None:
        """The character's locks, and its consistency."""
        person = draft.view.get(Character, person_id)
        only_level = self.locks is None and (self.locked is None or self.level or self.method)
        locks: tuple[LockName, ...] = () if only_level else self.locks or ("face", "hair", "wardrobe", "colour")
        held = {name: why for name, why in person.locks.items() if name not in locks}
        if self.locked is not False:
            held |= dict.fromkeys(locks, "asked for")
        if locks and draft.change(person, locks=held):
            draft.say("character.unlocked" if self.locked is False else "character.locked", name=person.name, locks=list(locks))
        asked = self.model_dump(exclude_none=True, include={"level", "method"})
        consistency = Consistency.model_validate({**person.consistency.model_dump(), **asked})
        if asked and draft.change(draft.view.get(Character, person_id), consistency=consistency.model_dump()):
            draft.say("character.consistency", name=person.name, **consistency.model_dump())


class AttachReference(Action):
    """Keep a picture as a reference of a character, in every shot it is in.

    The first becomes the picture its shots are drawn with; the others go along where it must stay strictly alike. With `shots`, a picture
    or recording is a reference in those shots alone.
    """

    type: Literal["character.attach_reference"] = "character.attach_reference"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("character.attach_refs",)
    says: ClassVar = ("用这张图做小雨的参考", "Use this picture as a reference for Anna")

    character: str = Field(min_length=1)
    asset: str = Field(pattern="^[0-9a-f]{64}$", description="The asset's id.")
    shots: Shots | None = None
    select: bool | None = Field(
        default=None, description="Draw the character with this picture from now on; else if it has none."
    )

    def reads(self) -> Reads:
        """The asset, what was made of the character, and the shots it is in."""
        named = () if self.character.startswith("$") else (self.character,)
        shots = (*(f"with {name}" for name in named), self.shots) if self.shots else ()
        touches = tuple(("person", name) for name in named)
        return Reads(assets=(self.asset,), made_of=named, shots=shots, touches=touches)

    def plan(self, view: GraphView) -> Plan:
        """A picture of the character, or a use of the asset in some of its shots."""
        person, asset = character_named(view, self.character), asset_of(view, self.asset)
        draft = Draft(view)
        if self.shots:
            self._use(draft, person, asset)
        else:
            self._keep(draft, person, asset)
        return changed(draft)

    def _keep(self, draft: Draft, person: Character, asset: AssetRef) -> None:
        if not asset.media_type.startswith("image/"):
            raise BadInput(
                f"a file of type {asset.media_type} is no picture of {person.name}; name the shots it is for", field="asset"
            )
        held = [node for node in draft.view.all(Node) if node.character_id == person.id and node.asset_id == asset.id]
        node = held[0] if held else self._node(draft, person, asset)
        draft.change(node, pinned=True)
        if self.select or (self.select is None and person.picture_node_id is None):
            draft.change(person, picture_node_id=node.id)
            tell_reach(draft, person.name, ("person", self.character))
        draft.made = node.id
        if draft.ops:
            draft.summary.insert(0, said_reference(person.name))

    def _node(self, draft: Draft, person: Character, asset: AssetRef) -> Node:
        node = Node(
            id=draft.view.new_id("reference", person.id, asset.id),
            workspace_id=person.workspace_id,
            kind="image",
            character_id=person.id,
            stage="import",
            asset_id=asset.id,
            pinned=True,
        )
        draft.insert(node)
        return node

    def _use(self, draft: Draft, person: Character, asset: AssetRef) -> None:
        view = draft.view
        wanted = {shot.id for shot in view.at(self.shots or "all")}
        role = ROLES.get(asset.media_type.partition("/")[0], "image")
        for shot in view.at(f"with {self.character}"):
            given = any(use.work_item_id == shot.id and use.asset_id == asset.id and use.role == role for use in view.all(Use))
            if shot.id in wanted and not given:
                use_id = view.new_id("use", shot.id)
                draft.insert(Use(id=use_id, workspace_id=view.workspace_id, work_item_id=shot.id, asset_id=asset.id, role=role))
                draft.touch(shot.id)
        if not view.at(f"with {self.character}"):
            raise BadInput(f"{person.name} is in none of these shots yet; put the character into a shot first")
        if draft.ops:
            draft.summary.append(said_reference(person.name, len(draft.touched)))


def said_reference(name: str, shots: int | None = None) -> Said:
    """That a reference of a character was kept; for some shots alone, or for all it is in."""
    return Said(code="character.reference", facts={"name": name, "shots": shots})
