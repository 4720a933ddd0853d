"""Scenes of beats become scenes of shots: cut at the beats that speech and action give, then seen by the film's grammar."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from storyreel.model.spec import Language, Line, Mood, PictureSpec
from storyreel.script import cast, grammar, things, words
from storyreel.script.beats import Beat, Cue, RawScene, RawScript, cue_in_action
from storyreel.script.doc import CastMember, SceneHead, ScriptCharacter, ScriptDoc, ScriptScene, ScriptShot
from storyreel.script.headings import heading_of, parse_heading
from storyreel.script.speech import speaking_s
from storyreel.script.tongue import Piece, clauses, language_of, sentences

LONGEST_SPEECH_S = 7.5
NARRATION_S = 5.5
_LEAD_S, _GAP_S, _BREATH_S = 0.25, 0.3, 0.7
SHORTEST_S, _SILENT_MOST_S = 1.0, 5.0
_ACTION_S = 4.0
_READ_FACTOR = 0.7
_SUBJECT_CHARS = 120
_MOOD_CHARS = 300
_HEARD = 30
_CONTINUES = re.compile(r"continuous|same|moments? later|连续|同上|同时", re.IGNORECASE)
_LEADS = re.compile(r"^[他她它](?!们)|^(?:he|she|it)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"[他她它]|\b(?:he|she|it|him|her|his|they)\b", re.IGNORECASE)


@dataclass(slots=True)
class Unit:
    """What one shot will hold, before its camera is chosen."""

    start: int
    end: int
    action: str = ""
    beats: list[Beat] = field(default_factory=list[Beat])
    cue: Cue = field(default_factory=Cue)
    fixed: bool = False


def build(script: RawScript, text: str, language: Language) -> ScriptDoc:
    """The whole script with its characters, scenes and shots."""
    people = cast.characters(script, text, chinese=language == "zh")
    raw = [scene for scene in script.scenes if any(beat.kind != "mark" for beat in scene.beats)]
    scenes: list[ScriptScene] = []
    for index, scene in enumerate(raw):
        head = _head(scene, scenes[-1] if scenes else None, language, index + 1)
        scenes.append(_scene(scene, head, people, text, language, turn=index, last=index == len(raw) - 1))
    return ScriptDoc(language=language, title=script.title, characters=people, scenes=tuple(scenes))


def _head(scene: RawScene, before: ScriptScene | None, language: Language, number: int) -> SceneHead:
    """The heading's facts, and where it says nothing, the facts of the scene's own words."""
    told = parse_heading(scene.heading)
    shown = "\n".join(beat.text for beat in scene.beats if not beat.speaker)
    carries = before is not None and (_CONTINUES.search(scene.heading) or not scene.heading)
    places = things.places(shown) if not told.place else []
    place = told.place or (places[0] if places else before.place if before and carries else "")
    time = told.time or words.find_time(shown) or (before.time if before and carries else None)
    interior = told.interior if told.interior is not None else things.is_interior(place, shown)
    head = SceneHead(
        heading=scene.heading,
        place=place,
        interior=interior,
        time=time,
        weather=told.weather or words.find_weather(shown),
        mood=_mood(shown),
    )
    return head if head.heading else head.model_copy(update={"heading": heading_of(head, language, number)})


def _mood(shown: str) -> Mood | None:
    counts: Counter[Mood] = Counter(hit.value for hit in words.MOODS.hits(shown) if not hit.denied)
    return counts.most_common(1)[0][0] if sum(counts.values()) * _MOOD_CHARS >= len(shown) and counts else None


def _scene(
    scene: RawScene, head: SceneHead, people: tuple[ScriptCharacter, ...], text: str, language: Language, *, turn: int, last: bool
) -> ScriptScene:
    units = list(_units(scene.beats, text, language))
    shots: list[ScriptShot] = []
    for unit in units:
        shots.append(_shot(unit, head, people, language, shots))
    seen = grammar.shoot(shots, [unit.cue for unit in units], head, turn=turn, last=last)
    return ScriptScene(**head.facts(), shots=seen)


def _units(beats: Sequence[Beat], text: str, language: Language) -> Iterator[Unit]:
    """The beats as shots: numbered marks hold all up to the next; elsewhere speech, narration and action are cut to length."""
    open_unit: Unit | None = None
    cue = Cue()
    fixed = False
    for beat in beats:
        if beat.kind == "mark":
            if beat.shot or not fixed:
                if open_unit:
                    yield open_unit
                open_unit, fixed, cue = None, beat.shot, beat.cue
            continue
        for part in [beat] if fixed else _cut(beat, text, language):
            asked = cue or part.cue or (cue_in_action(part.text) if part.kind == "action" else Cue())
            if open_unit and (fixed or _belongs(open_unit, part, language, asked)):
                _put(open_unit, part)
                continue
            if open_unit:
                yield open_unit
            open_unit, cue = Unit(part.start, part.end, cue=asked, fixed=fixed), Cue()
            _put(open_unit, part)
    if open_unit:
        yield open_unit


def _put(unit: Unit, beat: Beat) -> None:
    unit.end = max(unit.end, beat.end)
    if beat.kind == "action":
        unit.action = f"{unit.action} {beat.text}".strip() if unit.action else beat.text
    else:
        unit.beats.append(beat)


def _belongs(unit: Unit, beat: Beat, language: Language, asked: Cue) -> bool:
    """Whether a beat goes on in the open shot: narration up to a length, and speech that a short lead-in announces."""
    if asked or beat.kind != "speech" or not unit.beats or unit.action:
        return False
    last = unit.beats[-1]
    if beat.joined and not last.speaker and len(unit.beats) == 1:
        return True
    if beat.speaker or last.speaker or any(line.speaker for line in unit.beats):
        return False
    return sum(speaking_s(line.text, language) for line in [*unit.beats, beat]) <= NARRATION_S


def _cut(beat: Beat, text: str, language: Language) -> list[Beat]:
    """A beat in parts short enough for one shot each, at the ends of sentences, or of clauses where a sentence is too long."""
    longest = _ACTION_S / _READ_FACTOR if beat.kind == "action" else LONGEST_SPEECH_S
    if speaking_s(beat.text, language) <= longest:
        return [beat]
    pieces = [part for piece in sentences(beat.text) for part in _halved(piece, beat.text, longest, language)]
    groups = _grouped([piece.text for piece in pieces], longest, language)
    return _placed(beat, groups, text)


def _halved(piece: Piece, source: str, longest: float, language: Language) -> list[Piece]:
    if speaking_s(piece.text, language) <= longest * 1.2:
        return [piece]
    return clauses(source, piece.start, piece.end)


def _grouped(pieces: list[str], longest: float, language: Language) -> list[str]:
    """Neighbouring sentences together, in groups of about even length, none much longer than `longest`."""
    joint = "" if language == "zh" else " "
    total = sum(speaking_s(piece, language) for piece in pieces)
    aim = total / max(1, math.ceil(total / longest))
    groups: list[str] = []
    for piece in pieces:
        here = speaking_s(groups[-1], language) if groups else aim
        if groups and here < aim and here + speaking_s(piece, language) / 2 <= max(aim, longest * 0.6):
            groups[-1] = groups[-1] + joint + piece
        else:
            groups.append(piece)
    return groups


def _placed(beat: Beat, parts: list[str], text: str) -> list[Beat]:
    """The parts of a beat with places in the source: where their words are found, else in proportion."""
    total = sum(map(len, parts)) or 1
    starts, at, told = [beat.start], beat.start, 0
    for before, part in itertools.pairwise(parts):
        told += len(before)
        guess = beat.start + (beat.end - beat.start) * told // total
        found = text.find(part[:6], at + max(1, len(before) // 2), beat.end)
        at = max(at, min(found if found >= 0 else guess, beat.end))
        starts.append(at)
    ends = [*starts[1:], beat.end]
    return [
        replace(beat, start=s, end=e, text=part, joined=beat.joined and i == 0)
        for i, (s, e, part) in enumerate(zip(starts, ends, parts, strict=True))
    ]


def _shot(
    unit: Unit,
    head: SceneHead,
    people: tuple[ScriptCharacter, ...],
    language: Language,
    done: list[ScriptShot],
) -> ScriptShot:
    lines = tuple(_line(beat, language) for beat in unit.beats)
    shown = " ".join([unit.action, *(line.text for line in lines if not line.speaker)]).strip()
    members = _members(unit, shown, people, done)
    min_s, weight = pace_of(unit.action, lines, language)
    return ScriptShot(
        span=(unit.start, unit.end),
        action=unit.action,
        picture=_picture(shown, head),
        lines=lines,
        cast=members,
        min_s=min_s,
        weight=weight,
    )


def _line(beat: Beat, language: Language) -> Line:
    other = language_of(beat.text, language)
    return Line(
        speaker=beat.speaker,
        text=beat.text,
        language=other if other != language else None,
        emotion=cast.feeling(beat.hint) if beat.hint else "neutral",
    )


def pace_of(action: str, lines: Sequence[Line], language: Language) -> tuple[float, float]:
    """How many seconds a shot needs at least, and how many more it would like."""
    if not lines:
        wish = speaking_s(action, language) * _READ_FACTOR
        return SHORTEST_S, round(min(max(wish, 1.5), _SILENT_MOST_S) - SHORTEST_S + 0.5, 3)
    said = sum(speaking_s(line.text, line.language or language) for line in lines)
    least = max(SHORTEST_S, said + _LEAD_S + _GAP_S * (len(lines) - 1))
    return round(least, 3), round(_BREATH_S + (0.8 if action else 0.0), 3)


def _picture(shown: str, head: SceneHead) -> PictureSpec:
    time, weather = words.find_time(shown), words.find_weather(shown)
    return PictureSpec(
        subject=shown if len(shown) <= _SUBJECT_CHARS else shown[:_SUBJECT_CHARS],
        time=time if time != head.time else None,
        weather=weather if weather != head.weather else None,
        props=things.props(shown),
    )


def _members(unit: Unit, shown: str, people: tuple[ScriptCharacter, ...], done: list[ScriptShot]) -> tuple[CastMember, ...]:
    """Who is seen: who is named, who speaks in the picture, and whom the speaker answers."""
    seen = {name: cast.acting(name, shown) for name in cast.present(shown, people)}
    for beat in unit.beats:
        if not beat.speaker or beat.off:
            continue
        feeling = cast.feeling(beat.hint) if beat.hint else "neutral"
        known = seen.get(beat.speaker, CastMember(name=beat.speaker))
        seen[beat.speaker] = known.model_copy(update={"emotion": feeling if feeling != "neutral" else known.emotion})
        listener = _listener(beat.speaker, done)
        if listener and list(seen) == [beat.speaker]:
            seen[listener] = CastMember(name=listener)
    return tuple(seen.values()) or _carried(shown, done)


def _listener(speaker: str, done: list[ScriptShot]) -> str:
    """Who spoke last before, other than the speaker."""
    return next(
        (line.speaker for shot in reversed(done[-_HEARD:]) for line in reversed(shot.lines) if line.speaker not in {"", speaker}),
        "",
    )


def _carried(shown: str, done: list[ScriptShot]) -> tuple[CastMember, ...]:
    """The one character of the shot before, when the text goes on about them with a pronoun."""
    if not done or len(done[-1].cast) != 1 or not _PRONOUN.search(shown):
        return ()
    name = done[-1].cast[0].name
    return (cast.acting("", shown).model_copy(update={"name": name}) if _LEADS.match(shown) else CastMember(name=name),)
