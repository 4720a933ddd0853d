"""The rows of the graph as values: what a plan reads and what an op writes.

Each class is one table of `schema.sql`; `model_dump(mode="json")` is the row as the log keeps it. A person's fields are typed
models, so a row that cannot be is refused before it reaches the database.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.model.base import Frozen
from storyreel.model.edits import CaptionStyle, Mix, unset
from storyreel.model.quality import Quality
from storyreel.model.spec import (
    Consistency,
    Emotion,
    Language,
    Look,
    LookSpec,
    Manner,
    Mood,
    Pace,
    ShotSpec,
    StyleSpec,
    TimeOfDay,
    VoiceChoice,
    Weather,
)

WorkItemStatus = Literal["draft", "locked", "approved"]
NodeKind = Literal["prompt_plan", "grid", "image", "video", "voice", "music", "sfx", "final", "film", "edit", "note"]
TrackKind = Literal["picture", "video", "voice", "music", "sfx"]
ReferenceRole = Literal["image", "style", "character", "scene", "audio", "video"]
Slot = Literal["picture", "video", "voice", "music", "sfx", "final"]
SLOTS: tuple[Slot, ...] = ("picture", "video", "voice", "music", "sfx", "final")


class Fallback(Frozen):
    """What may be done where a provider does not deliver, without asking first. Nothing is, unless it is said here."""

    smaller: bool = Field(default=False, description="Ask for less (resolution, count, length) where a provider has no room.")
    alternative: tuple[str, ...] = Field(
        default=(),
        max_length=10,
        description="Providers that stand in, in this order, where the first one is down and has no job.",
    )
    rewrite: Literal["never", "ask"] = Field(
        default="never", description="Where a content policy forbids it: propose softer words, or only say so."
    )


class Profile(Frozen):
    """What holds for a whole project. Shots inherit from it through their scenes."""

    genre: str = ""
    audience: str = ""
    platform: str = ""
    aspect: Literal["16:9", "9:16", "1:1", "4:3", "2.39:1"] = "16:9"
    resolution: Literal["360p", "720p", "1080p", "2K", "4K"] = "720p"
    language: Language = "en"
    style: str = ""
    manner: Manner | None = None
    palette: tuple[str, ...] = ()
    mood: Mood = "neutral"
    music: str = Field(default="", description="The music's flavour in words, for example 'chinese'.")
    narrator: VoiceChoice = Field(default=VoiceChoice(), description="The voice of lines that no character speaks.")
    captions: Literal["burnt", "beside", "none"] = "burnt"
    rules: tuple[str, ...] = Field(default=(), description="Words that no spec and no prompt may hold.")
    selection: Literal["automatic", "by_hand"] = "automatic"
    grid_rows: int = Field(default=2, ge=1, le=5)
    grid_cols: int = Field(default=2, ge=1, le=5)
    providers: dict[str, str] = Field(default={}, description="A provider by capability, where one is pinned.")
    caption_style: CaptionStyle | None = Field(default=None, description="How burnt captions look.", exclude_if=unset)
    mix: Mix | None = Field(default=None, description="How loud voices, music and the rest are.", exclude_if=unset)
    quality: Quality | None = Field(default=None, description="What quality control may do here.", exclude_if=unset)
    fallback: Fallback | None = Field(default=None, description="What may be done where a provider fails.", exclude_if=unset)


class SceneSpec(Frozen):
    """What the shots of a scene inherit."""

    goal: str = ""
    place: str | None = None
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str | None = None
    palette: tuple[str, ...] | None = None
    manner: Manner | None = None
    pace: Pace | None = None
    curve: str = Field(default="", description="The emotional curve in words.")


class Row(Frozen):
    """What every row of the graph has. `table` is its name in the database."""

    table: ClassVar[str]
    label_field: ClassVar[str] = ""

    id: UUID
    removed: bool = False


class Workspace(Row):
    """A narrative project or a draft space."""

    table = "workspace"
    label_field = "name"

    kind: Literal["narrative_project", "draft_space"] = "narrative_project"
    name: str = Field(min_length=1)
    state: Literal["draft", "in_progress", "completed", "archived"] = "draft"
    profile: Profile = Profile()
    fps: int = Field(default=24, ge=1, le=120)


class Owned(Row):
    """A row inside a workspace."""

    workspace_id: UUID


class Episode(Owned):
    """One film of a project."""

    table = "episode"
    label_field = "title"

    title: str = ""
    language: Language = "en"
    brief: str = ""
    order_key: str
    film_node_id: UUID | None = None


class Scene(Owned):
    """Shots that share a place and a time."""

    table = "scene"
    label_field = "title"

    episode_id: UUID
    order_key: str
    title: str = ""
    spec: SceneSpec = SceneSpec()


class Board(Owned):
    """Where drafts lie."""

    table = "board"
    label_field = "title"

    title: str = ""
    order_key: str
    kind: Literal["free", "characters", "scenes", "styles"] = "free"


class Script(Owned):
    """One version of a text that an episode follows."""

    table = "script"

    episode_id: UUID
    version: int = Field(ge=1)
    language: Language
    format: Literal["fountain", "markdown", "prose", "outline"]
    source: str
    structure: dict[str, Any] = {}


class WorkItem(Owned):
    """A shot in a scene, or a draft on a board."""

    table = "work_item"
    label_field = "label"

    kind: Literal["shot", "draft"]
    scene_id: UUID | None = None
    board_id: UUID | None = None
    order_key: str
    label: str
    frames: int = Field(ge=1)
    spec: ShotSpec = ShotSpec()
    locks: dict[str, str] = {}
    status: WorkItemStatus = "draft"
    script_id: UUID | None = None
    span_start: int | None = Field(default=None, ge=0)
    span_end: int | None = None
    picture_node_id: UUID | None = None
    video_node_id: UUID | None = None
    voice_node_id: UUID | None = None
    music_node_id: UUID | None = None
    sfx_node_id: UUID | None = None
    final_node_id: UUID | None = None
    # The shot whose last frame this one begins with.
    follows_id: UUID | None = None

    def selected(self, slot: Slot) -> UUID | None:
        """The node that fills `slot`, if any."""
        node: UUID | None = getattr(self, f"{slot}_node_id")
        return node


class Character(Owned):
    """A person, animal or thing of the story that stays the same from shot to shot."""

    table = "character"
    label_field = "name"

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    look: Look = Look()
    voice: VoiceChoice = VoiceChoice()
    personality: str = ""
    speaking: str = ""
    locks: dict[str, str] = {}
    picture_node_id: UUID | None = None
    consistency: Consistency = Consistency()


class SceneLook(Owned):
    """A place or a prop that stays the same from shot to shot."""

    table = "scene_look"
    label_field = "name"

    kind: Literal["place", "prop"] = "place"
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    spec: LookSpec = LookSpec()
    locks: dict[str, str] = {}
    picture_node_id: UUID | None = None


class StylePreset(Owned):
    """A manner that can be applied to a project, a scene or a shot."""

    table = "style_preset"
    label_field = "name"

    name: str = Field(min_length=1)
    spec: StyleSpec = StyleSpec()


class PromptTemplate(Owned):
    """Words of a prompt with {variables} that are filled when it is used."""

    table = "prompt_template"
    label_field = "name"

    name: str = Field(min_length=1)
    body: str = Field(min_length=1)
    defaults: dict[str, str] = {}


class Memory(Owned):
    """One fact that is kept for later talk, what it is about, and where it came from."""

    table = "memory"
    label_field = "fact"

    about: Literal["project", "character", "scene_look", "scene", "episode", "work_item"] = "project"
    about_id: UUID | None = None
    kind: Literal["fact", "preference", "decision", "note"] = "fact"
    fact: str = Field(min_length=1)
    source: dict[str, Any] = {}


class Canvas(Owned):
    """A view of the project as a person laid it out; its nodes only refer."""

    table = "canvas"
    label_field = "name"

    kind: Literal["planning", "production", "composition", "reference", "grid_group", "pick"]
    name: str = Field(min_length=1)
    body: dict[str, Any] = {}


class WorldSetting(Owned):
    """A rule or fact of the story's world."""

    table = "world_setting"
    label_field = "name"

    version: int = Field(default=1, ge=1)
    name: str = Field(min_length=1)
    body: str = ""


class Cast(Owned):
    """A character in a shot, and its state there."""

    table = "work_item_character"

    work_item_id: UUID
    character_id: UUID
    order_key: str
    action: str = ""
    emotion: Emotion = "neutral"


class AssetCard(Owned):
    """What a person says of an asset."""

    table = "asset_card"
    label_field = "title"

    asset_id: str
    title: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""


class Use(Owned):
    """An asset that a shot uses."""

    table = "work_item_asset"

    work_item_id: UUID
    asset_id: str
    role: ReferenceRole
    node_id: UUID | None = None
    note: str = ""


class Track(Owned):
    """One line of exploration of a work item."""

    table = "track"
    label_field = "name"

    work_item_id: UUID
    kind: TrackKind
    name: str
    origin_node_id: UUID | None = None


class Node(Owned):
    """One made thing. Its content never changes; its marks may."""

    table = "node"

    kind: NodeKind
    work_item_id: UUID | None = None
    character_id: UUID | None = None
    episode_id: UUID | None = None
    track_id: UUID | None = None
    parent_id: UUID | None = None
    stage: str = ""
    key: str = ""
    take: int = Field(default=0, ge=0)
    cell: int | None = Field(default=None, ge=0)
    asset_id: str | None = None
    request: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    favourite: bool = False
    pinned: bool = False
    discarded: bool = False
    to_compare: bool = False
    scene_look_id: UUID | None = None

    @property
    def owner_id(self) -> UUID:
        """The shot, draft, character, scene look or episode that it was made for."""
        owner = self.work_item_id or self.character_id or self.scene_look_id or self.episode_id
        assert owner is not None, "the database holds that a node has an owner"
        return owner


class NodeRef(Owned):
    """A node made with the help of another node or of an asset."""

    table = "node_ref"

    node_id: UUID
    source_node_id: UUID | None = None
    source_asset_id: str | None = None
    role: ReferenceRole
    note: str = ""


ROWS: dict[str, type[Row]] = {
    kind.table: kind
    for kind in (
        Workspace,
        Episode,
        Scene,
        Board,
        Script,
        WorkItem,
        Character,
        SceneLook,
        StylePreset,
        PromptTemplate,
        Memory,
        Canvas,
        WorldSetting,
        Cast,
        AssetCard,
        Use,
        Track,
        Node,
        NodeRef,
    )
}
