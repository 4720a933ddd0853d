"""compose: a shot's final picture, a segment that joins with all others by copying."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.digest import digest
from storyreel.model.edits import CaptionStyle, Edit, clip_frames, keyed, standing, unset
from storyreel.model.errors import NotPossible
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.geometry import frame_size
from storyreel.pipeline.ports import Request
from storyreel.pipeline.stage import Kit, NewNode, Result
from storyreel.pipeline.tools import Cut, Shape, Spoken


class ComposeRequest(Frozen):
    """The clip, the film's shape, the shot's exact length, and the lines to burn in, if any."""

    clip: AssetRef
    shape: Shape
    frames: int
    captions: tuple[Spoken, ...] = ()
    take: int = 0
    edits: tuple[Edit, ...] = Field(default=(), exclude_if=unset)
    caption_style: CaptionStyle | None = Field(default=None, exclude_if=unset)
    # The clip was made shorter than the shot with the person's leave: its last picture is held.
    held: bool = Field(default=False, exclude_if=unset)


class Compose:
    """Makes the shot's segment: the clip as it is, or with its captions burnt in."""

    name: ClassVar[StageName] = "compose"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> ComposeRequest:
        """The segment that the shot asks for.

        Raises:
            NotPossible: the shot has no clip yet.
        """
        clip = view.asset(view.selected.get("video"))
        if clip is None:
            raise NotPossible(f"Shot {view.number} has no clip yet; render its video.")
        profile = view.workspace.profile
        shown = spoken(view) if profile.captions == "burnt" else ()
        return ComposeRequest(
            clip=clip,
            shape=shape_of(view),
            frames=view.shot.frames,
            captions=shown,
            take=view.takes.get("compose", 0),
            edits=standing(view.shot.spec.edits, view.shot.frames),
            caption_style=profile.caption_style if shown else None,
            held=made_shorter(view),
        )

    async def make(self, request: ComposeRequest, kit: Kit) -> Result:
        """The segment as a final node.

        Raises:
            BadInput: the clip is no film that can be read.
        """
        out = kit.scratch / f"segment-{digest(request)[:16]}.mp4"
        made = await kit.media.segment(
            await kit.store.path(request.clip),
            out,
            request.shape,
            request.frames,
            captions=request.captions,
            cut=_cut(request),
            progress=kit.progress,
            **({"held": True} if request.held else {}),
        )
        size = {"width_px": request.shape.width_px, "height_px": request.shape.height_px}
        asset = (
            request.clip
            if made.copied
            else await kit.store.keep(out, "video/mp4", **size, duration_s=request.frames / request.shape.fps)
        )
        facts = {"frames": made.frames, "fps": request.shape.fps, **size, "extradata": made.extradata, "copied": made.copied}
        return Result(nodes=(NewNode(kind="final", track="video", asset=asset, facts=facts),), slot="final", select=0)

    def calls(self, view: ShotView) -> tuple[Request, ...]:  # noqa: ARG002 - it buys nothing
        """Nothing is bought."""
        return ()


def _cut(request: ComposeRequest) -> Cut | None:
    """What is done to the clip, where anything is."""
    if not request.edits and request.caption_style is None:
        return None
    return Cut(clip_frames(keyed(request.edits), request.frames), request.edits, request.caption_style)


def made_shorter(view: ShotView) -> bool:
    """Whether the shot's clip was made shorter than it was asked for, because there was no room for more."""
    node = view.selected.get("video")
    return node is not None and any(one.get("field") == "duration" for one in node.facts.get("adjusted", ()))


def shape_of(view: ShotView) -> Shape:
    """The shape of every segment of the project."""
    size = frame_size(view.workspace.profile)
    return Shape(width_px=size.width_px, height_px=size.height_px, fps=view.workspace.fps)


def spoken(view: ShotView) -> tuple[Spoken, ...]:
    """What is heard in the shot; nothing where the shot has no lines any more, whatever voice is still selected."""
    node = view.selected.get("voice")
    if node is None or not any(line.text.strip() for line in view.shot.spec.lines.values()):
        return ()
    return tuple(Spoken.model_validate(line) for line in node.facts.get("lines", ()))
