"""A `ScriptDoc` becomes Fountain again, with every shot's camera in a note, so that reading it gives the same scenes and shots."""

from __future__ import annotations

from storyreel.model.spec import Language, Line
from storyreel.script.doc import ScriptDoc, ScriptScene, ScriptShot
from storyreel.script.words import name_of


def write_fountain(doc: ScriptDoc) -> str:
    """The script as Fountain. Numbered notes hold shots and cameras; other programs pass over them."""
    return compose(doc)[0]


def respan(doc: ScriptDoc) -> tuple[ScriptDoc, str]:
    """The script as Fountain, and the same script with each shot's place in that text."""
    text, spans = compose(doc)
    places = iter(spans)
    scenes = tuple(
        ScriptScene(**scene.facts(), shots=tuple(shot.model_copy(update={"span": next(places)}) for shot in scene.shots))
        for scene in doc.scenes
    )
    return doc.model_copy(update={"scenes": scenes}), text


def compose(doc: ScriptDoc) -> tuple[str, list[tuple[int, int]]]:
    """The text and the place of every shot in it."""
    parts = [f"Title: {doc.title}\n" if doc.title else "", f"Language: {doc.language}\n"]
    spans: list[tuple[int, int]] = []
    at, number = sum(map(len, parts)), 0
    for scene in doc.scenes:
        heading = f"\n.{scene.heading.lstrip('.')}\n"
        parts.append(heading)
        at += len(heading)
        for shot in scene.shots:
            number += 1
            note, body = f"\n{_note(shot, number, doc.language)}\n", _body(shot, doc.language)
            parts += [note, body]
            at += len(note)
            spans.append((at + 1, at + max(len(body) - 1, 1)))
            at += len(body)
    return "".join(parts), spans


def _note(shot: ScriptShot, number: int, language: Language) -> str:
    camera, picture = shot.camera, shot.picture
    told = [camera.size, camera.angle, camera.move, camera.pace]
    if picture.composition != "auto":
        told.append(picture.composition)
    names = [name_of(value, language) for value in told]
    return f"[[镜头 {number}：{'、'.join(names)}]]" if language == "zh" else f"[[shot {number}: {', '.join(names)}]]"


def _body(shot: ScriptShot, language: Language) -> str:
    action = f"\n!{shot.action}\n" if shot.action else ""
    return action + "".join(_spoken(line, language) for line in shot.lines)


def _spoken(line: Line, language: Language) -> str:
    narrator = "旁白" if language == "zh" else "NARRATOR"
    told = line.emotion != "neutral" or line.text.startswith(("(", "（"))
    hint = f"({name_of(line.emotion, language)})\n" if told else ""
    return f"\n@{line.speaker or narrator}\n{hint}{line.text}\n"
