"""A script becomes a board: every shot gets whole frames, the total and the number of shots are as asked, to the frame."""

from __future__ import annotations

import math
from collections.abc import Sequence

from storyreel.model.errors import BadInput
from storyreel.model.spec import CameraSpec, Language, Line, ShotSpec
from storyreel.script import grammar, period
from storyreel.script.doc import Board, BoardScene, BoardShot, SceneHead, ScriptDoc, ScriptShot
from storyreel.script.speech import speaking_s
from storyreel.script.stage import pace_of
from storyreel.script.tongue import clauses, sentences

FASTEST = 1.35
"""How much faster than usual a voice may speak before the board refuses a length."""
MAX_SHOTS, MAX_FPS, MAX_TOTAL_S = 2000, 240, 4 * 3600
_BARE_S = 0.5

Group = tuple[SceneHead, list[ScriptShot]]


def board(doc: ScriptDoc, *, total_s: float | None = None, fps: int = 25, shots: int | None = None) -> Board:
    """The script's scenes and shots with lengths in frames of `fps`.

    With `total_s` the lengths sum to exactly `round(total_s * fps)`; with `shots` there are exactly so many. Without them
    every shot takes the time that its words and its picture want.

    Raises:
        BadInput: The numbers are out of range, or the speech cannot be spoken in the length asked for.
    """
    _check(total_s, fps, shots)
    scenes: list[Group] = [(SceneHead(**scene.facts()), list(scene.shots)) for scene in doc.scenes]
    notes: list[str] = []
    if shots is not None:
        _resize(scenes, shots, doc.language, notes)
    elif total_s is not None:
        _fit(scenes, total_s, doc.language, notes)
    flat = [shot for _, group in scenes for shot in group]
    frames = _lengths(flat, total_s, fps, doc.language, notes)
    lengths = iter(frames)
    old = period.period_of(doc)
    return Board(
        language=doc.language,
        title=doc.title,
        fps=fps,
        characters=tuple(period.dressed(person, old, index) for index, person in enumerate(doc.characters)),
        scenes=tuple(
            BoardScene(
                **head.model_copy(update={"place": period.placed(head.place, old)}).facts(),
                shots=tuple(_timed(shot, next(lengths)) for shot in group),
            )
            for head, group in scenes
        ),
        notes=tuple(dict.fromkeys(notes)),
    )


def shot_spec(shot: ScriptShot) -> ShotSpec:
    """The spec that a work item stores for a shot of a script."""
    return ShotSpec(picture=shot.picture, camera=shot.camera, lines={f"l{n}": line for n, line in enumerate(shot.lines, 1)})


def _check(total_s: float | None, fps: int, shots: int | None) -> None:
    if not 1 <= fps <= MAX_FPS:
        raise BadInput(f"A frame rate of {fps} is not possible; give 1 to {MAX_FPS}, usually 24, 25 or 30.")
    if total_s is not None and not 0 < total_s <= MAX_TOTAL_S:
        raise BadInput(f"A length of {total_s:g} s is not possible; give more than 0 and at most {MAX_TOTAL_S} seconds.")
    if shots is not None and not 1 <= shots <= MAX_SHOTS:
        raise BadInput(f"{shots} shots are not possible; give 1 to {MAX_SHOTS}.")


def _timed(shot: ScriptShot, frames: int) -> BoardShot:
    return BoardShot(**{name: getattr(shot, name) for name in ScriptShot.model_fields}, frames=frames)


# How many shots


def _resize(scenes: list[Group], wanted: int, language: Language, notes: list[str]) -> None:
    while sum(len(group) for _, group in scenes) > wanted:
        _merge_once(scenes, notes, language)
    while sum(len(group) for _, group in scenes) < wanted:
        _split_once(scenes, language)


def _merge_once(scenes: list[Group], notes: list[str], language: Language) -> None:
    """Joins the two neighbours that lose least by it; scenes are joined only when every scene has a single shot."""
    pairs = [(_cost(group[i], group[i + 1]), s, i) for s, (_, group) in enumerate(scenes) for i in range(len(group) - 1)]
    if pairs:
        _, s, i = min(pairs)
        group = scenes[s][1]
        group[i : i + 2] = [_merged(group[i], group[i + 1], language)]
        return
    s = min(range(len(scenes) - 1), key=lambda n: _natural(scenes[n][1][0]) + _natural(scenes[n + 1][1][0]))
    head, group = scenes[s]
    scenes[s : s + 2] = [(head, [_merged(group[0], scenes[s + 1][1][0], language)])]
    notes.append(
        "有些场景合并成了一个，因为要求的镜头数比场景少。"
        if language == "zh"
        else "Some scenes were joined, because fewer shots than scenes were asked for."
    )


def _natural(shot: ScriptShot) -> float:
    return shot.min_s + shot.weight


def _cost(first: ScriptShot, second: ScriptShot) -> float:
    """What joining two shots loses: their length, and more where speakers change or the text directed a camera."""
    speakers = {line.speaker for shot in (first, second) for line in shot.lines}
    return _natural(first) + _natural(second) + 3.0 * max(len(speakers) - 1, 0) + 2.0 * (first.directed + second.directed)


def _merged(first: ScriptShot, second: ScriptShot, language: Language) -> ScriptShot:
    lines = first.lines + second.lines
    action = _joined(first.action, second.action, language)
    members = {member.name: member for member in (*first.cast, *second.cast)}
    lead = first if first.directed or not second.directed else second
    props = tuple(dict.fromkeys(first.picture.props + second.picture.props))[:4]
    picture = lead.picture.model_copy(
        update={"subject": _joined(first.picture.subject, second.picture.subject, language), "props": props}
    )
    min_s, weight = pace_of(action, lines, language)
    return first.model_copy(
        update={
            "span": (first.span[0], second.span[1]), "action": action, "lines": lines, "cast": tuple(members.values())[:4], "picture": picture,
            "camera": lead.camera, "directed": lead.directed, "min_s": min_s, "weight": weight,
        }
    )  # fmt: skip


def _joined(first: str, second: str, language: Language) -> str:
    return (("" if language == "zh" else " ").join(part for part in (first, second) if part)) if first != second else first


def _split_once(scenes: list[Group], language: Language) -> None:
    """Cuts the longest shot in two: between lines, between sentences, else by a second look at the same moment."""
    ranked = sorted(((-_splittable(shot), s, i) for s, (_, group) in enumerate(scenes) for i, shot in enumerate(group)))
    _, s, i = ranked[0]
    group = scenes[s][1]
    first, second = _halves(group[i], language)
    taken = {first.camera.size, group[i + 1].camera.size if i + 1 < len(group) else first.camera.size}
    group[i : i + 1] = [first, second.model_copy(update={"camera": grammar.unlike(second.camera, taken)})]


def _splittable(shot: ScriptShot) -> float:
    """How much a shot asks to be cut: its length; a glance that was cut before comes last."""
    return shot.min_s + shot.weight if shot.lines or shot.action else (shot.min_s + shot.weight) / 4


def _halves(shot: ScriptShot, language: Language) -> list[ScriptShot]:
    if shot.action and shot.lines:
        return _pair(shot, (shot.action, ()), ("", shot.lines), language)
    if len(shot.lines) > 1:
        middle = _middle([speaking_s(line.text, line.language or language) for line in shot.lines])
        return _pair(shot, ("", shot.lines[:middle]), ("", shot.lines[middle:]), language)
    text = shot.lines[0].text if shot.lines else shot.action
    head, tail = _halved_text(text, language)
    if not tail:
        return _second_look(shot, language)
    if shot.lines:
        line = shot.lines[0]
        return _pair(shot, ("", (_said(line, head),)), ("", (_said(line, tail),)), language)
    return _pair(shot, (head, ()), (tail, ()), language)


def _said(line: Line, text: str) -> Line:
    return line.model_copy(update={"text": text})


def _middle(lengths: Sequence[float]) -> int:
    """Where to cut a row of parts so that both sides are as even as can be."""
    total, run, best = sum(lengths), 0.0, (math.inf, 1)
    for index, length in enumerate(lengths[:-1], 1):
        run += length
        best = min(best, (abs(total / 2 - run), index))
    return best[1]


def _halved_text(text: str, language: Language) -> tuple[str, str]:
    for cutter in (sentences, clauses):
        parts = [piece.text for piece in cutter(text)]
        if len(parts) > 1:
            middle = _middle([speaking_s(part, language) for part in parts])
            joint = "" if language == "zh" else " "
            return joint.join(parts[:middle]), joint.join(parts[middle:])
    return text, ""


def _pair(
    shot: ScriptShot, first: tuple[str, tuple[Line, ...]], second: tuple[str, tuple[Line, ...]], language: Language
) -> list[ScriptShot]:
    start, end = shot.span
    share = _share(first) / max(_share(first) + _share(second), 1)
    middle = start + round((end - start) * share)
    head = _part(shot, first, (start, middle), shot.camera, language)
    return [head, _part(shot, second, (middle, end), grammar.contrast(shot.camera), language)]


def _share(part: tuple[str, tuple[Line, ...]]) -> int:
    return len(part[0]) + sum(len(line.text) for line in part[1])


def _part(
    shot: ScriptShot, held: tuple[str, tuple[Line, ...]], span: tuple[int, int], camera: CameraSpec, language: Language
) -> ScriptShot:
    action, lines = held
    min_s, weight = pace_of(action, lines, language)
    subject = action or " ".join(line.text for line in lines if not line.speaker) or shot.picture.subject
    picture = shot.picture.model_copy(update={"subject": subject[:120]})
    return shot.model_copy(
        update={
            "span": span,
            "action": action,
            "lines": lines,
            "camera": camera,
            "picture": picture,
            "min_s": min_s,
            "weight": weight,
        }
    )


def _second_look(shot: ScriptShot, language: Language) -> list[ScriptShot]:
    """The same moment once more from another size, silent: who listens, if someone does."""
    end = shot.span[1]
    speaker = grammar.speaker_of(shot)
    listeners = tuple(member for member in shot.cast if member.name != speaker) or shot.cast
    min_s, weight = pace_of("", (), language)
    look = shot.model_copy(
        update={
            "span": (end, end),
            "action": "",
            "lines": (),
            "cast": listeners,
            "camera": grammar.contrast(shot.camera),
            "min_s": min_s,
            "weight": weight,
        }
    )
    return [shot, look]


# How long each shot is


def _fit(scenes: list[Group], total_s: float, language: Language, notes: list[str]) -> None:
    """Joins silent shots to their neighbours while the whole is too short for all of them."""
    while sum(shot.min_s for _, group in scenes for shot in group) > total_s:
        pairs = [
            (_natural(group[i]) + _natural(group[i + 1]), s, i)
            for s, (_, group) in enumerate(scenes)
            for i in range(len(group) - 1)
            if not group[i].lines or not group[i + 1].lines
        ]
        if not pairs:
            return
        _, s, i = min(pairs)
        group = scenes[s][1]
        group[i : i + 2] = [_merged(group[i], group[i + 1], language)]
        notes.append(
            "为了放进要求的时长，一些无声镜头合并了。"
            if language == "zh"
            else "Some silent shots were joined to fit the length asked for."
        )


def _lengths(shots: list[ScriptShot], total_s: float | None, fps: int, language: Language, notes: list[str]) -> list[int]:
    least = [_frames(shot.min_s, fps) for shot in shots]
    if total_s is None:
        return [_frames(_natural(shot), fps) for shot in shots]
    total = round(total_s * fps)
    if sum(least) > total:
        return _squeezed(shots, least, total, fps, language, notes)
    return share(total, least, [shot.weight for shot in shots])


def _frames(seconds: float, fps: int) -> int:
    return max(1, math.ceil(seconds * fps - 1e-6))


def share(total: int, least: Sequence[int], weights: Sequence[float]) -> list[int]:
    """Whole frames that sum to `total`: each its least, and the rest by weight, the largest remainders first."""
    rest = total - sum(least)
    weight = sum(weights)
    exact = [rest * w / weight for w in weights] if weight > 0 else [rest / len(least)] * len(least)
    floors = [math.floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[: rest - sum(floors)]:
        floors[i] += 1
    return [a + b for a, b in zip(least, floors, strict=True)]


def _squeezed(shots: list[ScriptShot], least: list[int], total: int, fps: int, language: Language, notes: list[str]) -> list[int]:
    """Lengths when speech at its usual speed does not fit: silence goes first, then voices speak faster, up to `FASTEST`."""
    bare = [_frames(_BARE_S if not shot.lines else shot.min_s / FASTEST, fps) for shot in shots]
    if sum(bare) > total:
        raise _too_short(shots, sum(bare), total, fps, language)
    need_s, have_s = sum(least) / fps, total / fps
    notes.append(
        f"按正常语速需要 {need_s:.1f} 秒，要求的是 {have_s:.1f} 秒：停顿缩短，配音会说得快一些。"
        if language == "zh"
        else f"At the usual speed this needs {need_s:.1f} s; {have_s:.1f} s were asked for, so pauses are shorter and voices speak faster."
    )
    return share(total, bare, [a - b for a, b in zip(least, bare, strict=True)])


def _too_short(shots: list[ScriptShot], bare: int, total: int, fps: int, language: Language) -> BadInput:
    need_s, have_s, easy_s = bare / fps, total / fps, sum(_frames(shot.min_s, fps) for shot in shots) / fps
    least = math.ceil(need_s * 10) / 10
    facts = {"asked_s": have_s, "minimum_s": least, "comfortable_s": round(easy_s, 1)}
    if language == "zh":
        said = f"{have_s:.1f} 秒放不下：{len(shots)} 个镜头和全部台词最少需要 {least:.1f} 秒（正常语速 {easy_s:.1f} 秒）。请加长时长，或删减台词、减少镜头。"
    else:
        said = (
            f"{have_s:.1f} s are too short: {len(shots)} shots with all their lines need at least {least:.1f} s "
            f"({easy_s:.1f} s at the usual speed). Ask for more time, or cut lines or shots."
        )
    return BadInput(said, **facts)
