"""Before a film goes out: what an export would hold, and the shape that a platform wants."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Draft, Kind, Plan, Policy, Role
from storyreel.actions.places import changed, seconds
from storyreel.actions.platforms import PLATFORMS, Platform, platform_of
from storyreel.actions.progress import standing_of, told
from storyreel.actions.reads import Reads
from storyreel.actions.words_lineage import part_words
from storyreel.model.edits import Mix
from storyreel.model.errors import BadInput
from storyreel.model.rows import Profile
from storyreel.model.view import GraphView
from storyreel.pipeline.geometry import frame_size
from storyreel.pipeline.stages.music import SILENT

# Bits a pixel of finished segments, measured on drawn film; and of a stereo sound track a second.
BITS_A_PIXEL = 0.07
SOUND_BITS = 192_000


class ExportPreview(Action):
    """What an export of the film would hold now: each shot finished, stale or missing, its length and size, and what to render first."""

    type: Literal["export.preview"] = "export.preview"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("现在导出的话会是什么样？", "What would an export hold now?")

    def reads(self) -> Reads:
        """Every shot with what it has selected, what that was made from, and the open tasks."""
        return Reads(shots=("all",), nodes="selected", sources=True, tasks="open")

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The film, and a line a shot."""
        whole, states, film, parts = standing_of(view)
        names = {str(node): f"#{facts.number}" for node, facts in view.facts.items()}
        profile, shots = view.workspace.profile, view.at("all")
        shape, frames = frame_size(profile), sum(shot.frames for shot in shots)
        lines = [
            {
                "shot": view.number(shot.id),
                "id": str(shot.id),
                "label": shot.label,
                "state": states[shot.id],
                "length_s": seconds(view, shot.frames),
                "why": {lang: [part_words(part, lang, names, view.fps) for part in parts[shot.id]] for lang in ("zh", "en")},
            }
            for shot in shots
        ]
        first = [line["shot"] for line in lines if line["state"] in ("missing", "stale", "in_work")]
        has_film = view.episode.film_node_id is not None
        return {
            "title": view.episode.title or view.workspace.name,
            **told(whole),
            "state": whole.state,
            "length_s": seconds(view, frames),
            "width_px": shape.width_px,
            "height_px": shape.height_px,
            "fps": view.fps,
            "aspect": profile.aspect,
            "platform": profile.platform,
            "captions": profile.captions,
            "music": profile.music.strip().casefold() not in SILENT,
            "size_estimate_bytes": size_bytes(profile, frames, view.fps),
            "film": "missing" if not has_film else "stale" if film or first else "finished",
            "render_first": first,
            "ready": bool(shots) and not first and has_film and not film,
            "warnings": warnings_of(view, platform_of(profile.platform), frames),
            "shots": lines,
        }


class PlatformPreset(Action):
    """Shape the film for a platform: aspect, resolution, captions and loudness; says which shots must be framed anew."""

    type: Literal["export.platform_preset"] = "export.platform_preset"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("按抖音的规格来", "Prepare it for YouTube Shorts")

    platform: str = Field(min_length=1, max_length=100, description=", ".join(one.name for one in PLATFORMS))
    captions: Literal["burnt", "beside", "none"] | None = Field(default=None, description="Other than the platform's usual.")

    def reads(self) -> Reads:
        """Every shot: what has a picture must be framed anew."""
        return Reads(shots=("all",))

    def plan(self, view: GraphView) -> Plan:
        """Fields of the project."""
        wanted = platform_of(self.platform)
        if wanted is None:
            known = ", ".join(f"{one.en} ({one.name})" for one in PLATFORMS)
            raise BadInput(f"there is no platform {self.platform!r}; there are: {known}", field="platform")
        draft, was = Draft(view), view.workspace.profile
        mix = (was.mix or Mix()).model_copy(update={"loudness_lufs": wanted.loudness_lufs})
        fields: dict[str, Any] = {
            "platform": wanted.name,
            "aspect": wanted.aspect,
            "resolution": wanted.resolution,
            "captions": self.captions or wanted.captions,
            "mix": mix,
        }
        if draft.change(view.workspace, profile=was.model_copy(update=fields).model_dump()):
            told = {name: value for name, value in fields.items() if name not in ("mix", "platform")}
            draft.say("export.platform", zh=wanted.zh, en=wanted.en, fields=told)
            self._framing(draft, view, was, wanted)
            frames = sum(shot.frames for shot in view.at("all"))
            for warning in warnings_of(view, wanted, frames):
                draft.say(f"export.{warning['code']}", **warning["facts"])
        return changed(draft)

    def _framing(self, draft: Draft, view: GraphView, was: Profile, wanted: Platform) -> None:
        """Pictures of another shape are drawn anew; those of another size are only rendered again."""
        made = [view.number(shot.id) for shot in view.at("all") if shot.picture_node_id is not None]
        if made and was.aspect != wanted.aspect:
            draft.say("export.reframe", shots=made, aspect=wanted.aspect)
        elif made and was.resolution != wanted.resolution:
            draft.say("export.again", shots=made, resolution=wanted.resolution)


def size_bytes(profile: Profile, frames: int, fps: int) -> int:
    """About how large the film's file becomes."""
    shape = frame_size(profile)
    return round((shape.width_px * shape.height_px * frames * BITS_A_PIXEL + SOUND_BITS * frames / fps) / 8)


def warnings_of(view: GraphView, platform: Platform | None, frames: int) -> list[dict[str, Any]]:
    """What a platform would not like about the film, by code and facts."""
    if platform is None:
        return []
    found: list[dict[str, Any]] = []
    names = {"zh": platform.zh, "en": platform.en}
    if platform.most_s is not None and frames / view.fps > platform.most_s:
        found.append({"code": "too_long", "facts": {**names, "length_s": seconds(view, frames), "most_s": platform.most_s}})
    if view.fps not in platform.fps:
        found.append({"code": "rate", "facts": {**names, "fps": view.fps, "advised": list(platform.fps)}})
    return found
