"""Styles: manners of drawing and filming that are saved under a name and applied to a project, a scene or shots."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role, SceneRef, Shot, Shots
from storyreel.actions.bible import tell_reach
from storyreel.actions.places import changed, scene_named, writable
from storyreel.actions.reads import Reads
from storyreel.actions.style_presets import PRESETS, preset_named
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.frames import effective
from storyreel.model.rows import Character, Node, Scene, SceneLook, StylePreset, WorkItem
from storyreel.model.spec import Language, Manner, Mood, StyleSpec
from storyreel.model.view import GraphView

TABLE = StylePreset.table
# Locks of a shot that a style would break.
HELD = ("picture", "picture.style", "picture.palette", "picture.mood", "picture.manner")


class SaveStyle(Action):
    """Save a style under a name: from words, from how a shot is drawn, or with a made picture as its sample. A known name is changed."""

    type: Literal["style.save"] = "style.save"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    says: ClassVar = ("把第3个镜头的风格存成“雨夜”", "Save the style of shot 3 as 'rainy night'")

    name: str = Field(min_length=1, max_length=100)
    style: str | None = Field(default=None, max_length=500)
    palette: tuple[str, ...] | None = Field(default=None, max_length=12)
    texture: str | None = Field(default=None, max_length=500)
    camera: str | None = Field(default=None, max_length=500, description="How the camera behaves, in words.")
    mood: Mood | None = None
    prompt: str | None = Field(default=None, max_length=1000, description="Words that every prompt in this style holds.")
    avoid: str | None = Field(default=None, max_length=500, description="What must not be seen.")
    shot: Shot | None = Field(default=None, description="Take what is not said from this shot, and its picture as the sample.")
    node: UUID | None = Field(default=None, description="A made picture as the sample.")

    def reads(self) -> Reads:
        """The styles there are, and the shot or the node it is taken from."""
        nodes = (self.node,) if self.node else ()
        if self.shot is None:
            return Reads(tables=(TABLE,), node_ids=nodes)
        return Reads(tables=(TABLE,), shots=(self.shot,), nodes="selected", node_ids=nodes)

    def plan(self, view: GraphView) -> Plan:
        """A style, new or changed."""
        draft = Draft(view)
        held = _own(view, self.name)
        taken = self._from_shot(view) if self.shot else {}
        if self.node is not None:
            taken["sample_asset_id"] = _picture(view, self.node)
        said = self.model_dump(exclude_none=True, include=set(StyleSpec.model_fields))
        spec = StyleSpec.model_validate({**(held.spec.model_dump() if held else {}), **taken, **said})
        if spec == StyleSpec():
            raise BadInput("say what the style is: words for it, a shot to take it from, or a made picture as its sample")
        if held is None:
            held = StylePreset(id=view.new_id("style"), workspace_id=view.workspace_id, name=self.name, spec=spec)
            draft.insert(held)
        elif not draft.change(held, spec=spec.model_dump()):
            return changed(draft)
        draft.made = held.id
        draft.say("style.saved", name=held.name)
        return draft.plan()

    def _from_shot(self, view: GraphView) -> dict[str, Any]:
        shot = view.one(self.shot or "")
        scene = view.get(Scene, shot.scene_id)
        cast = tuple((part, view.get(Character, part.character_id)) for part in view.cast_of(shot.id))
        frame = effective(view.workspace, scene, shot, cast, view.all(SceneLook))
        picture = view.find(Node, shot.picture_node_id)
        return {
            "style": frame.style,
            "palette": frame.palette,
            "mood": frame.mood,
            "camera": frame.filming,
            "avoid": frame.avoid,
            "sample_asset_id": picture.asset_id if picture else None,
        }


class ApplyStyle(Action):
    """Apply a saved style, or one that comes with the house, to shots, to a scene, or without either to the whole project.

    It writes what the style holds (words, palette, mood, camera, sample); a shot's own words still come first.
    """

    type: Literal["style.apply"] = "style.apply"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    says: ClassVar = ("第2到第4个镜头套用水墨风格", "Apply the ink wash style to shots 2-4")

    name: str = Field(min_length=1, max_length=100)
    shots: Shots | None = None
    scene: SceneRef | None = None

    def reads(self) -> Reads:
        """The styles, and what it is applied to."""
        if self.shots is not None:
            return Reads(tables=(TABLE,), shots=() if self.shots.startswith("$") else (self.shots,))
        if self.scene is not None:
            return Reads(tables=(TABLE,))
        return Reads(tables=(TABLE,), touches=(("style",),))

    def plan(self, view: GraphView) -> Plan:
        """The fields that the style holds, where it is applied."""
        if self.shots is not None and self.scene is not None:
            raise BadInput("say either shots or a scene, or neither for the whole project")
        draft = Draft(view)
        fields = fields_of(style_named(view, self.name), view.workspace.profile.language)
        if self.shots is not None:
            self._to_shots(draft, fields)
        elif self.scene is not None:
            scene = scene_named(view, self.scene)
            spec = type(scene.spec).model_validate({**scene.spec.model_dump(), **fields})
            if draft.change(scene, spec=spec.model_dump()):
                draft.say("style.applied", name=self.name, to="scene", scene=self.scene)
        else:
            profile = type(view.workspace.profile).model_validate({**view.workspace.profile.model_dump(), **fields})
            if draft.change(view.workspace, profile=profile.model_dump()):
                draft.say("style.applied", name=self.name, to="project")
                tell_reach(draft, self.name, ("style",))
        return changed(draft)

    def _to_shots(self, draft: Draft, fields: dict[str, Any]) -> None:
        shots = draft.view.at(self.shots or "")
        many = len(shots) > 1
        for shot in writable(draft, shots, many=many):
            held = next((lock for lock in HELD if lock in shot.locks), None)
            if held is not None and many:
                draft.skip("shot.lock_held", shot=draft.view.number(shot.id), lock=held)
            elif draft.change(shot, spec=_drawn(shot, fields)):
                draft.touch(shot.id)
        if draft.touched:
            numbers = [draft.view.number(shot_id) for shot_id in draft.touched]
            draft.say("style.applied", name=self.name, to="shots", shots=numbers)


def style_named(view: GraphView, words: str) -> StyleSpec:
    """The style of this name: a saved one, else one that comes with the house.

    Raises:
        NotFound: there is none; the message lists what there is.
    """
    own, language = _own(view, words), view.workspace.profile.language
    if own is not None:
        return own.spec
    preset = preset_named(words)
    if preset is None:
        known = [row.name for row in view.all(StylePreset)]
        known += [one.names[0 if language == "zh" else 1] for one in PRESETS]
        raise NotFound(f"there is no style {words!r}; there are: {', '.join(known)}")
    return preset.spec(language)


def fields_of(style: StyleSpec, language: Language) -> dict[str, Any]:
    """What a style writes where it is applied: into a project's profile, a scene's spec or a shot's picture."""
    words = ("，" if language == "zh" else ", ").join(part for part in (style.style, style.texture, style.prompt) if part)
    manner = Manner(filming=style.camera, avoid=style.avoid, sample_asset_id=style.sample_asset_id)
    fields: dict[str, Any] = {"style": words, "manner": None if manner == Manner() else manner}
    if style.palette:
        fields["palette"] = style.palette
    return fields if style.mood is None else {**fields, "mood": style.mood}


def _drawn(shot: WorkItem, fields: dict[str, Any]) -> dict[str, Any]:
    picture = type(shot.spec.picture).model_validate({**shot.spec.picture.model_dump(), **fields})
    return shot.spec.model_copy(update={"picture": picture}).model_dump()


def _own(view: GraphView, words: str) -> StylePreset | None:
    if words.startswith("$"):
        return view.get(StylePreset, view.named.get(words[1:]))
    return next((row for row in view.all(StylePreset) if row.name.casefold() == words.strip().casefold()), None)


def _picture(view: GraphView, node_id: UUID) -> str:
    node = view.get(Node, node_id)
    if node.asset_id is None or node.kind not in ("image", "grid", "edit"):
        raise BadInput("only a picture can be the sample of a style", field="node")
    return node.asset_id
