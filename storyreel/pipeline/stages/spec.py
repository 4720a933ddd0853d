"""spec: a shot's wishes with everything inherited, put into words and held against the project's rules."""

from __future__ import annotations

from typing import ClassVar

from storyreel.model.base import Frozen
from storyreel.model.errors import NotPossible
from storyreel.model.rules import hits
from storyreel.model.spec import FrameSpec, Language, Look
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Request
from storyreel.pipeline.prompt import motion_prompt, picture_prompt
from storyreel.pipeline.stage import Kit, NewNode, Result


class SpecRequest(Frozen):
    """The frame as it will be drawn and filmed, and the words that the project's rules forbid in it."""

    frame: FrameSpec
    language: Language
    prompt: str
    motion: str
    continuity: str = ""
    forbidden: tuple[str, ...] = ()
    take: int = 0


class Spec:
    """Fills in what the scene and the project say, and writes the prompt plan."""

    name: ClassVar[StageName] = "spec"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> SpecRequest:
        """The effective frame, its prompts, and what in it breaks a rule."""
        frame, language, camera = view.frame, view.workspace.profile.language, view.shot.spec.camera
        return SpecRequest(
            frame=frame,
            language=language,
            prompt=picture_prompt(frame, language),
            motion=motion_prompt(frame, camera.move, camera.pace, language),
            continuity=view.shot.spec.continuity,
            forbidden=broken_rules(view),
            take=view.takes.get("spec", 0),
        )

    async def make(self, request: SpecRequest, kit: Kit) -> Result:  # noqa: ARG002 - every stage is made with a kit
        """A prompt plan: a node without bytes.

        Raises:
            NotPossible: a rule of the project forbids a word of the shot.
        """
        if request.forbidden:
            words = ", ".join(f"“{word}”" for word in request.forbidden)
            raise NotPossible(f"The project's rules forbid {words} here. Change the shot's words, or the rules of the project.")
        facts = {
            "frame": request.frame.model_dump(mode="json"),
            "prompt": request.prompt,
            "motion": request.motion,
            "continuity": request.continuity,
            "notes": _gaps(request.frame),
        }
        return Result(nodes=(NewNode(kind="prompt_plan", track="picture", facts=facts),))

    def calls(self, view: ShotView) -> tuple[Request, ...]:  # noqa: ARG002 - it buys nothing
        """Nothing is bought."""
        return ()


def broken_rules(view: ShotView) -> tuple[str, ...]:
    """Which of the project's forbidden words stand in what the shot shows or says, whatever their case."""
    frame, spec = view.frame, view.shot.spec
    said = [frame.subject, frame.place, frame.style, *frame.props, spec.audio.ambience, *spec.audio.sfx]
    said += [frame.light, *frame.details, frame.anchor, frame.filming]
    said += [part for figure in frame.figures for part in (figure.action, *_worn(figure.look))]
    said += [line.text for line in spec.lines.values()]
    found = hits(view.workspace.profile.rules, {str(place): words for place, words in enumerate(said)})
    return tuple(dict.fromkeys(hit.rule for hit in found))


def _worn(look: Look) -> tuple[str, ...]:
    return (look.notes, look.hat, look.hair, look.wardrobe)


def _gaps(frame: FrameSpec) -> list[str]:
    notes: list[str] = []
    if not frame.subject and not frame.figures:
        notes.append("The shot says neither what it shows nor who is in it.")
    if not frame.place:
        notes.append("No place is given, by the shot or by its scene.")
    return notes
