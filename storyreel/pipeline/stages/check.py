"""check: a finished shot looked at and listened to, with what was found kept as a note on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.edits import clip_frames
from storyreel.model.errors import BadInput, NotPossible
from storyreel.model.quality import Quality
from storyreel.model.rows import Node
from storyreel.model.spec import Language
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Box, Request
from storyreel.pipeline.prompt import picture_prompt
from storyreel.pipeline.quality import Blamed, Expected, Finding, Judged, judge
from storyreel.pipeline.quality_words import told
from storyreel.pipeline.stage import Kit, NewNode, Result
from storyreel.pipeline.stages.compose import shape_of, spoken
from storyreel.pipeline.stages.select import Select, best
from storyreel.pipeline.tools import Shown

# Whose body is seen well enough to be known by its colours.
WHOLE_BODIES = frozenset({"FS", "MS", "MCU", "CU"})
# How many frames a model is shown.
GLIMPSES = 3


class Worn(Frozen):
    """Where a head is in the picture, and the colour that its body should show, as `#rrggbb`."""

    head: Box
    colour: str


class CheckRequest(Frozen):
    """The finished shot with its parts, what it was to be, and the project's word on quality.

    `begins_with` is what the clip was made from; `kept` are the parts that a person brought or chose, which are never made again by
    themselves; `spans` are when lines should be heard, in seconds.
    """

    final: AssetRef
    clip: AssetRef | None = None
    clip_frames: int
    picture: AssetRef | None = None
    begins_with: AssetRef | None = None
    voice: AssetRef | None = None
    sound: AssetRef | None = None
    spans: tuple[tuple[float, float], ...] = ()
    palette: tuple[str, ...] = ()
    people: tuple[Worn, ...] = ()
    expected: Expected
    kept: tuple[Blamed, ...] = ()
    asked: str = ""
    language: Language = "en"
    quality: Quality = Quality()
    take: int = 0


class Check:
    """Measures a shot and judges it. It buys nothing, and changes nothing but by saying what it found."""

    name: ClassVar[StageName] = "check"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> CheckRequest | None:
        """What is looked at; None where the project has quality control off.

        Raises:
            NotPossible: the shot is not finished yet.
        """
        profile = view.workspace.profile
        quality = profile.quality or Quality()
        if not quality.on:
            return None
        final = view.asset(view.selected.get("final"))
        if final is None:
            raise NotPossible(f"Shot {view.number} is not finished yet; render it first.")
        picture, video = view.selected.get("picture"), view.selected.get("video")
        return CheckRequest(
            final=final,
            clip=view.asset(video),
            clip_frames=clip_frames(view.shot.spec.edits, view.shot.frames),
            picture=view.asset(picture) if _made(picture) else None,
            begins_with=_first_frame(video) if _made(video) else None,
            voice=view.asset(view.selected.get("voice")) if _lines(view) else None,
            sound=view.asset(view.selected.get("sfx")),
            spans=tuple((line.start_s, line.end_s) for line in spoken(view)),
            palette=view.frame.palette,
            people=_people(view, picture),
            expected=expected(view),
            kept=_kept(view),
            asked=picture_prompt(view.frame, profile.language),
            language=profile.language,
            quality=quality,
            take=view.takes.get("check", 0),
        )

    async def make(self, request: CheckRequest, kit: Kit) -> Result:
        """What was found, as a note on the finished shot; `again` is the stage that should be made again."""
        try:
            found = dict(await kit.media.measure(await _shown(request, kit)))
        except BadInput:
            # A shot whose clip cannot be read is the worst of all, and no reason to fail.
            found = {"unreadable": 1.0}
        if request.voice is None:
            found["voice_missing"] = 1.0
        kit.progress(0.6)
        opinion = await _opinion(request, kit) if "unreadable" not in found else None
        if opinion is not None:
            found["opinion"] = opinion["score"]
        judged = _held(judge(request.expected, found, request.quality), request.kept)
        facts: dict[str, Any] = {
            "verdict": judged.verdict,
            "look_at": judged.verdict != "pass",
            "findings": [one.model_dump(mode="json") for one in judged.findings],
            "measures": {name: value for name, value in found.items() if name not in ("voice_missing", "unreadable")},
            **({"opinion": opinion} if opinion is not None else {}),
        }
        note = told(judged.findings, request.language)
        return Result(nodes=(NewNode(kind="note", track="video", facts=facts),), note=note, again=judged.again)

    def calls(self, view: ShotView) -> tuple[Request, ...]:  # noqa: ARG002 - it buys nothing
        """Nothing is bought."""
        return ()


def expected(view: ShotView) -> Expected:
    """What of the shot decides how it is judged."""
    frame, shape = view.frame, shape_of(view)
    return Expected(
        time=frame.time,
        weather=frame.weather,
        mood=frame.mood,
        size=view.shot.spec.camera.size,
        move=view.shot.spec.camera.move,
        frames=view.shot.frames,
        fps=shape.fps,
        width_px=shape.width_px,
        height_px=shape.height_px,
        lines=_lines(view),
    )


def _held(judged: Judged, kept: Sequence[Blamed]) -> Judged:
    """What a person brought is for the person to mend."""
    findings = tuple(
        one.model_copy(update={"verdict": "ask"}) if one.blamed in kept and one.verdict == "retry" else one
        for one in judged.findings
    )
    return Judged(verdict=_gravest(findings), findings=findings)


def _gravest(findings: Sequence[Finding]) -> Any:
    return next((verdict for verdict in ("retry", "ask") if any(one.verdict == verdict for one in findings)), "pass")


async def _shown(request: CheckRequest, kit: Kit) -> Shown:
    return Shown(
        final=await kit.store.path(request.final),
        clip=await _path(request.clip, kit),
        frames=request.clip_frames,
        fps=request.expected.fps,
        picture=await _path(request.picture, kit),
        begins_with=await _path(request.begins_with, kit),
        voice=await _path(request.voice, kit),
        sound=await _path(request.sound, kit),
        spans=request.spans,
        palette=request.palette,
        people=tuple((one.head, one.colour) for one in request.people),
    )


async def _path(asset: AssetRef | None, kit: Kit) -> Path | None:
    return await kit.store.path(asset) if asset is not None else None


async def _opinion(request: CheckRequest, kit: Kit) -> dict[str, Any] | None:
    """What a model thinks of it, where one is configured and the project wants it."""
    if kit.reviewer is None or not request.quality.opinion:
        return None
    frames = await kit.media.glimpses(await kit.store.path(request.clip or request.final), GLIMPSES)
    said = await kit.reviewer.opinion(request.asked, frames, request.language)
    return said.model_dump(mode="json") if said is not None else None


def _lines(view: ShotView) -> int:
    return sum(bool(line.text.strip()) for line in view.shot.spec.lines.values())


def _made(node: Node | None) -> bool:
    """Whether the house made it, as against a person's own file."""
    return node is not None and node.stage in ("grid", "sheet", "recut", "video", "voice", "sfx")


def _first_frame(video: Node | None) -> AssetRef | None:
    """The picture that the clip was made from, by the request that made it."""
    given = (video.request.get("video") or {}).get("first_frame") if video is not None else None
    return AssetRef.model_validate(given) if given else None


def _people(view: ShotView, picture: Node | None) -> tuple[Worn, ...]:
    """Who is to be known by the colour of their clothes: where the painter says where heads are, and the character says a colour."""
    if picture is None or view.shot.spec.camera.size not in WHOLE_BODIES:
        return ()
    heads = [Box.model_validate(head) for head in picture.facts.get("heads", ())]
    figures = view.frame.figures
    if len(heads) != len(figures):
        return ()
    return tuple(
        Worn(head=head, colour=figure.look.top_colour)
        for head, figure in zip(heads, figures, strict=True)
        if figure.look.top_colour
    )


def _kept(view: ShotView) -> tuple[Blamed, ...]:
    """The parts that a person brought or chose."""
    parts: tuple[tuple[Blamed, Node | None, str], ...] = (
        ("video", view.selected.get("video"), "video"),
        ("voice", view.selected.get("voice"), "voice"),
        ("sfx", view.selected.get("sfx"), "sfx"),
    )
    kept: list[Blamed] = [name for name, node, stage in parts if node is not None and node.stage != stage]
    return ("grid", *kept) if _chosen(view) else tuple(kept)


def _chosen(view: ShotView) -> bool:
    """Whether the picture is another than the house would choose by itself."""
    if view.workspace.profile.selection == "by_hand":
        return True
    picture = view.selected.get("picture")
    cells = [cell for cell in view.cells if view.asset(cell)]
    return picture is None or not cells or cells[best(Select().request(view))].id != picture.id
