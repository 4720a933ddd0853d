"""voice: a shot's lines, each spoken by its own voice, placed one after another on one track."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

from storyreel.model.base import Frozen
from storyreel.model.digest import seed_of
from storyreel.model.spec import Language, Line, VoiceChoice
from storyreel.model.timing import to_seconds
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Request, VoiceRequest
from storyreel.pipeline.stage import Kit, Made, NewNode, Result
from storyreel.pipeline.tools import Laid, Spoken

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN = re.compile(r"[A-Za-z]")
LEAD_IN_S = 0.25
SAME_S = 0.35
TURN_S = 0.5
# Where lines are tight, pauses shrink before voices hurry.
LEAST_LEAD_IN_S = 0.08
LEAST_PAUSE_S = 0.15
# Voices differ from the estimate by about a third; a line that surely fits is asked for without a limit, so that a new length of the
# shot asks for no new voice.
DOUBT = 1.4


class SpeakerLine(Frozen):
    """One line and who says it; `voice` is the request without its room, which depends on the lines before."""

    speaker: str = ""
    voice: VoiceRequest


class VoiceStageRequest(Frozen):
    """The lines of a shot, in order, and how long the shot is."""

    lines: tuple[SpeakerLine, ...]
    frames: int
    fps: int
    provider: str = ""
    take: int = 0


class Voice:
    """Has each line spoken and lays them on a track of the shot's length."""

    name: ClassVar[StageName] = "voice"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> VoiceStageRequest | None:
        """The lines that the shot speaks, or None where nobody speaks."""
        lines = tuple(_line(view, line) for line in ordered(view.shot.spec.lines) if line.text.strip())
        if not lines:
            return None
        return VoiceStageRequest(
            lines=lines,
            frames=view.shot.frames,
            fps=view.workspace.fps,
            provider=view.provider("voice"),
            take=view.takes.get("voice", 0),
        )

    async def make(self, request: VoiceStageRequest, kit: Kit) -> Result:
        """One track as a voice node, with who says what and when in its facts.

        A line that does not fit at its fastest is never cut: the track then runs over the shot's end and says by how much.

        Raises:
            ProviderError: a line could not be spoken.
        """
        room_s = to_seconds(request.frames, request.fps)
        made, lengths = await _speak(request, room_s, kit)
        starts = place(lengths, _turns(request.lines), room_s)
        laid = [Laid(await kit.store.path(one.asset), at_s) for one, at_s in zip(made, starts, strict=True)]
        data, length_s = await kit.media.voice_track(laid, room_s)
        asset = await kit.store.keep(data, "audio/wav", duration_s=length_s)
        over_s = round(max(0.0, length_s - room_s), 3)
        note = f"The lines take {over_s:.1f} s longer than the shot; they ring into the next one." if over_s > 0 else ""
        facts = {**_facts(request, made, lengths, starts), "overrun_s": over_s, "notes": [note] if note else []}
        node = NewNode(kind="voice", track="voice", asset=asset, facts=facts)
        return Result(nodes=(node,), slot="voice", select=0, note=note)

    def calls(self, view: ShotView) -> tuple[Request, ...]:
        """A call a line."""
        request = self.request(view)
        return tuple(line.voice for line in request.lines) if request else ()


def ordered(lines: dict[str, Line]) -> list[Line]:
    """The lines in the order in which they are spoken: l2 before l10."""
    return [lines[name] for name in sorted(lines, key=lambda name: (int(re.sub(r"\D", "", name) or 0), name))]


def language_of(line: Line, default: Language) -> Language:
    """The line's own language, else that of its letters, else the episode's."""
    if line.language:
        return line.language
    if HAN.search(line.text):
        return "zh"
    return "en" if LATIN.search(line.text) else default


def place(lengths: Sequence[float], turns: Sequence[bool], room_s: float) -> list[float]:
    """When each line begins. `turns` says of each line but the first whether another speaker takes over.

    Pauses keep their natural length where there is room, and shrink evenly to the least where there is none.
    """
    pauses = [LEAD_IN_S, *(TURN_S if turn else SAME_S for turn in turns)]
    least = [LEAST_LEAD_IN_S, *(LEAST_PAUSE_S for _ in turns)]
    free = room_s - sum(lengths) - sum(least)
    wanted = sum(pauses) - sum(least)
    share = min(1.0, max(0.0, free / wanted)) if wanted > 0 else 0.0
    starts: list[float] = []
    now_s = 0.0
    for length, pause, low in zip(lengths, pauses, least, strict=True):
        now_s += low + (pause - low) * share
        starts.append(round(now_s, 4))
        now_s += length
    return starts


def limit_of(index: int, expected: Sequence[float], used_s: float, room_s: float) -> float | None:
    """How long line `index` may take, or None where it fits for sure.

    What is left is shared among the lines that are left, by how long each should take. `used_s` counts lines and pauses so far.
    """
    left = list(expected[index:])
    free = room_s - used_s - LEAST_PAUSE_S * len(left)
    if sum(left) * DOUBT <= free:
        return None
    return round(max(0.2, free * left[0] / sum(left)), 2) if sum(left) else None


async def _speak(request: VoiceStageRequest, room_s: float, kit: Kit) -> tuple[list[Made], list[float]]:
    voices = [line.voice for line in request.lines]
    expected = [kit.media.speaking_s(voice.text, voice.language, voice.voice.speed) for voice in voices]
    made: list[Made] = []
    lengths: list[float] = []
    used_s = LEAST_LEAD_IN_S
    for index, voice in enumerate(voices):
        asked = voice.model_copy(update={"max_s": limit_of(index, expected, used_s, room_s)})
        one = await kit.providers.voice(asked, take=request.take, provider=request.provider)
        made.append(one)
        lengths.append(one.asset.duration_s or await kit.media.duration_s(await kit.store.path(one.asset)))
        used_s += lengths[-1] + LEAST_PAUSE_S
        kit.progress(0.9 * (index + 1) / len(voices))
    return made, lengths


def _facts(request: VoiceStageRequest, made: list[Made], lengths: list[float], starts: list[float]) -> dict[str, Any]:
    lines = [
        Spoken(
            speaker=line.speaker,
            text=line.voice.text,
            start_s=start_s,
            end_s=round(start_s + length_s, 4),
            words=tuple(
                word.model_copy(update={"start_s": round(word.start_s + start_s, 4), "end_s": round(word.end_s + start_s, 4)})
                for word in one.words
            ),
        ).model_dump(mode="json")
        for line, one, length_s, start_s in zip(request.lines, made, lengths, starts, strict=True)
    ]
    return {"lines": lines, "calls": [one.facts for one in made]}


def _turns(lines: Sequence[SpeakerLine]) -> list[bool]:
    return [after.speaker != before.speaker for before, after in pairwise(lines)]


def _line(view: ShotView, line: Line) -> SpeakerLine:
    voice = VoiceRequest(
        text=line.text.strip(),
        language=language_of(line, view.episode.language),
        voice=_voice(view, line.speaker),
        emotion=line.emotion,
        place=view.frame.place,
    )
    return SpeakerLine(speaker=line.speaker, voice=voice)


def _voice(view: ShotView, speaker: str) -> VoiceChoice:
    """The speaker's voice. It is one voice in every language: a person of a Chinese film does not change voices for an English word."""
    choice = _choice(view, speaker)
    return choice.model_copy(update={"language": choice.language or view.episode.language})


def _choice(view: ShotView, speaker: str) -> VoiceChoice:
    if not speaker:
        return view.workspace.profile.narrator
    for _, person in view.cast:
        if speaker.casefold() in {person.name.casefold(), *(alias.casefold() for alias in person.aliases)}:
            choice, look = person.voice, person.look
            return choice.model_copy(update={"gender": choice.gender or look.gender, "age": choice.age or look.age})
    # Somebody who speaks and is not seen keeps a voice by name.
    return VoiceChoice(seed=seed_of("speaker", speaker.casefold()))
