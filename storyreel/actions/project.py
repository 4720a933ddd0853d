"""Project, episode and scene: what holds for many shots at once."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import EVERY_MODE, Action, Draft, Kind, Plan, Policy, Role, SceneRef
from storyreel.actions.bible import tell_reach
from storyreel.actions.drafting import FIRST_BOARD, new_board, space_facts
from storyreel.actions.places import after_scene, changed, film_facts, scene_named
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.order import between
from storyreel.model.quality import Quality
from storyreel.model.rows import Episode, Fallback, Profile, Scene, SceneSpec, Script, Workspace
from storyreel.model.spec import Language, Mood, Pace, TimeOfDay, Weather
from storyreel.model.view import GraphView


class CreateProject(Action):
    """Start a new project with one empty film in it, or a draft space with one empty board."""

    type: Literal["project.create"] = "project.create"
    policy: ClassVar = Policy(role=Role.owner, undo=False)
    says: ClassVar = ("新建一个叫《灯塔》的项目", "Create a project called Lighthouse")

    name: str = Field(min_length=1, max_length=200)
    language: Language = "en"
    fps: int = Field(default=24, ge=1, le=60)
    profile: Profile = Profile()
    kind: Literal["narrative_project", "draft_space"] = "narrative_project"

    def plan(self, view: GraphView) -> Plan:
        """A workspace and its first episode, or its first board."""
        if view.find(Workspace, view.workspace_id):
            raise BadInput("this project exists already; create another one under a new id")
        draft = Draft(view)
        profile = self.profile.model_copy(update={"language": self.language})
        draft.insert(Workspace(id=view.workspace_id, name=self.name, fps=self.fps, profile=profile, kind=self.kind))
        if self.kind == "draft_space":
            board = new_board(draft.view, FIRST_BOARD[self.language])
            draft.insert(board)
            draft.made = board.id
            draft.say("space.created", name=self.name)
            return draft.plan()
        episode = Episode(
            id=view.new_id("episode"),
            workspace_id=view.workspace_id,
            title=self.name,
            language=self.language,
            order_key=between(None, None),
        )
        draft.insert(episode)
        draft.made = episode.id
        draft.say("project.created", name=self.name)
        return draft.plan()


class ContextSummary(Action):
    """What the project is and where it stands: profile, scenes, shots, characters and what is being rendered."""

    type: Literal["project.get_context_summary"] = "project.get_context_summary"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=EVERY_MODE)
    aliases: ClassVar = ("project.open",)
    says: ClassVar = ("项目现在是什么情况？", "Give me a summary of the project")

    def reads(self) -> Reads:
        """All shots, or all drafts, and the open tasks."""
        return Reads(shots=("all",), drafts=("everywhere",), tasks="open")

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The project's facts, or the draft space's."""
        return space_facts(view) if view.is_draft_space else film_facts(view)


class UpdateMeta(Action):
    """Change what holds for the whole project.

    What it is (name, genre, audience, platform, aspect, resolution, language), its style (style, palette, mood, music), its rules (words
    that no shot may hold: brand rules and taboos, for owners alone), and how it is made (captions, choosing by hand, size of grids, pinned
    providers, what may be done without asking where a provider fails, and quality control: on, off, or with limits of its own).
    """

    type: Literal["project.update_meta"] = "project.update_meta"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERY_MODE)
    aliases: ClassVar = ("project.set_style", "project.set_rules", "project.set_config")
    says: ClassVar = ("把项目改成竖屏，发抖音", "Make it vertical, for TikTok")

    name: str | None = Field(default=None, min_length=1, max_length=200)
    genre: str | None = None
    audience: str | None = None
    platform: str | None = None
    aspect: Literal["16:9", "9:16", "1:1", "4:3", "2.39:1"] | None = None
    resolution: Literal["360p", "720p", "1080p", "2K", "4K"] | None = None
    language: Language | None = None
    style: str | None = Field(default=None, max_length=500)
    palette: tuple[str, ...] | None = None
    mood: Mood | None = None
    music: str | None = Field(default=None, max_length=200)
    rules: tuple[str, ...] | None = Field(default=None, description="Words that no shot may hold, replacing those there are.")
    captions: Literal["burnt", "beside", "none"] | None = None
    selection: Literal["automatic", "by_hand"] | None = None
    grid_rows: int | None = Field(default=None, ge=1, le=5)
    grid_cols: int | None = Field(default=None, ge=1, le=5)
    providers: dict[str, str] | None = None
    fallback: Fallback | None = Field(default=None, description="What may be done without asking where a provider fails.")
    quality: Quality | Literal["on", "off"] | None = Field(
        default=None, description="Quality control: on, off, or how often it may try again by itself and limits by their names."
    )

    @property
    def needs(self) -> Role:
        """Rules are the owner's."""
        return self.policy.role if self.rules is None else Role.owner

    def reads(self) -> Reads:
        """Where the words of new rules stand already, and what a new style reaches."""
        words = tuple(("rule", rule) for rule in self.rules or () if rule.strip())
        return Reads(touches=(*words, *((("style",),) if self.style is not None else ())))

    def plan(self, view: GraphView) -> Plan:
        """Fields of the workspace."""
        draft = Draft(view)
        fields = self.model_dump(exclude_none=True, exclude={"type", "name"})
        workspace, style = view.workspace, fields.get("style")
        if self.quality is not None:
            fields["quality"] = self._quality(workspace.profile.quality or Quality()).model_dump()
        if style is not None and style != workspace.profile.style:
            # What belonged to the style before goes with it.
            fields["manner"] = None
        profile = Profile(**{**workspace.profile.model_dump(), **fields})
        if draft.change(workspace, profile=profile.model_dump(), name=self.name or workspace.name):
            told = {name: value for name, value in fields.items() if name not in ("manner", "quality")}
            told |= {"quality": "on" if profile.quality.on else "off"} if self.quality is not None and profile.quality else {}
            draft.say("project.changed", fields={**told, **({"name": self.name} if self.name else {})})
            for rule in self.rules or ():
                tell_reach(draft, rule, ("rule", rule), code="rule.stands")
            if self.style is not None:
                tell_reach(draft, self.style, ("style",))
        return changed(draft)

    def _quality(self, held: Quality) -> Quality:
        """What holds from now on: switched on or off with the limits that there are, or as given."""
        return self.quality if isinstance(self.quality, Quality) else held.model_copy(update={"on": self.quality == "on"})


class CreateEpisode(Action):
    """Add an episode: another film of the same people and places. Later actions of the same envelope are in it."""

    type: Literal["episode.create"] = "episode.create"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("加第二集", "Add a second episode")

    title: str = Field(default="", max_length=200)
    language: Language | None = None
    brief: str = Field(default="", max_length=10_000)

    def plan(self, view: GraphView) -> Plan:
        """An episode after the last."""
        draft = Draft(view)
        last = view.all(Episode)
        episode = Episode(
            id=view.new_id("episode"),
            workspace_id=view.workspace_id,
            title=self.title,
            brief=self.brief,
            language=self.language or view.workspace.profile.language,
            order_key=between(last[-1].order_key if last else None, None),
        )
        draft.insert(episode)
        draft.made = episode.id
        draft.say("episode.created", title=self.title)
        return draft.plan()


class UpdateEpisode(Action):
    """Change an episode's title, language or brief, or give it a new version of its script."""

    type: Literal["episode.update"] = "episode.update"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("这一集叫《归途》", "Call this episode The Way Home")

    title: str | None = Field(default=None, max_length=200)
    language: Language | None = None
    brief: str | None = Field(default=None, max_length=10_000)
    script: str | None = Field(default=None, max_length=400_000)
    script_format: Literal["fountain", "markdown", "prose", "outline"] = "prose"

    def reads(self) -> Reads:
        """The scripts there are, to number the next."""
        return Reads(scripts=True)

    def plan(self, view: GraphView) -> Plan:
        """Fields of the episode, and its script's next version."""
        draft = Draft(view)
        episode = view.episode
        fields = self.model_dump(exclude_none=True, include={"title", "language", "brief"})
        if fields and draft.change(episode, **fields):
            draft.say("episode.changed", fields=sorted(fields))
        if self.script is not None:
            draft.made = self._script(draft, episode.id, self.language or episode.language)
        return changed(draft)

    def _script(self, draft: Draft, episode_id: UUID, language: Language) -> UUID:
        version = 1 + max((s.version for s in draft.view.all(Script) if s.episode_id == episode_id), default=0)
        script = Script(
            id=draft.view.new_id("script"),
            workspace_id=draft.view.workspace_id,
            episode_id=episode_id,
            version=version,
            language=language,
            format=self.script_format,
            source=self.script or "",
        )
        draft.insert(script)
        draft.say("script.kept", version=version, characters=len(script.source))
        return script.id


class SceneFields(Action):
    """Common to adding and changing a scene."""

    title: str | None = Field(default=None, max_length=300)
    goal: str | None = Field(default=None, max_length=2000)
    place: str | None = Field(default=None, max_length=500)
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str | None = Field(default=None, max_length=500)
    pace: Pace | None = None
    curve: str | None = Field(default=None, max_length=1000)

    def spec_fields(self) -> dict[str, Any]:
        """The fields of `SceneSpec` that were given."""
        return self.model_dump(exclude_none=True, include=set(SceneSpec.model_fields))


class AddScene(SceneFields):
    """Add a scene: shots that share a place and a time."""

    type: Literal["scene.add"] = "scene.add"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("scene.create",)
    says: ClassVar = ("在第一场后面加一场：海边，黄昏", "Add a scene after the first: the beach at dusk")

    after: SceneRef | None = Field(default=None, description="The scene it follows; without it, it comes last.")

    def plan(self, view: GraphView) -> Plan:
        """A scene after another, or at the end."""
        draft = Draft(view)
        scene = Scene(
            id=view.new_id("scene"),
            workspace_id=view.workspace_id,
            episode_id=view.episode.id,
            title=self.title or "",
            order_key=after_scene(view, self.after),
            spec=SceneSpec(**self.spec_fields()),
        )
        draft.insert(scene)
        draft.made = scene.id
        draft.say("scene.added", title=scene.title, place=scene.spec.place)
        return draft.plan()


class UpdateScene(SceneFields):
    """Change what the shots of a scene inherit (place, time, weather, mood, style, pace), or move it before or after another."""

    type: Literal["scene.update"] = "scene.update"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("scene.reorder",)
    says: ClassVar = ("第二场改成雨夜", "Make scene 2 a rainy night")

    scene: SceneRef
    before: SceneRef | None = Field(default=None, description="Move it before this scene.")
    after: SceneRef | None = Field(default=None, description="Move it after this scene.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.before is not None and self.after is not None:
            raise ValueError("say either before or after which scene")
        return self

    def reads(self) -> Reads:
        """The shots that inherit from it."""
        return Reads(shots=(f"scene {self.scene}",)) if not self.scene.startswith("$") else Reads()

    def plan(self, view: GraphView) -> Plan:
        """Fields of the scene, and its place."""
        draft = Draft(view)
        scene = scene_named(view, self.scene)
        kept = scene.spec.model_dump()
        if self.style is not None and self.style != scene.spec.style:
            # What belonged to the style before goes with it.
            kept["manner"] = None
        spec = SceneSpec(**{**kept, **self.spec_fields()})
        fields: dict[str, Any] = {"spec": spec.model_dump()}
        if self.title is not None:
            fields["title"] = self.title
        if draft.change(scene, **fields):
            draft.say("scene.changed", scene=self.scene, fields=self.spec_fields())
        if self.before or self.after:
            self._move(draft, scene.id)
        return changed(draft)

    def _move(self, draft: Draft, scene_id: UUID) -> None:
        """One new order key."""
        view = draft.view
        rest = [other for other in view.scenes() if other.id != scene_id]
        anchor = scene_named(view, self.before or self.after or "")
        if anchor.id == scene_id:
            raise BadInput("a scene cannot be moved next to itself")
        at = rest.index(anchor) + (0 if self.before else 1)
        key = between(rest[at - 1].order_key if at else None, rest[at].order_key if at < len(rest) else None)
        if draft.change(view.get(Scene, scene_id), order_key=key):
            draft.say("scene.moved", scene=self.scene, before=self.before, after=self.after)
