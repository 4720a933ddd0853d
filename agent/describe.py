"""A context in words: the fixed head, and each thing the message is about as a part of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from agent.gathered import Gathered, about_of
from agent.parts import HEAD_LINES, compact, part
from agent.types import Part, PastTurn, ShotLine
from storyreel.model.facts import TaskFacts
from storyreel.model.rows import Character, Memory, Node, Track, WorldSetting
from storyreel.model.timing import to_seconds

# The order in which parts are let go when there is no room; 0 never is.
HEAD, SELECTION, NAMED, PEOPLE, FACTS, LAST_TURN, LOOKS, SETTINGS, STYLES, TASKS, TURNS, SCENES, SHOTS, OTHER_FACTS, CAST = (
    0, 5, 10, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90,
)  # fmt: skip
# Shots of the index stand together in blocks: a block is given whole or not at all.
BLOCK = 10
NAMED_FILES = 10
DRAFT_WORDS = frozenset({"fps", "captions", "narrator", "music", "mood", "genre", "audience", "selection"})


def parts_of(held: Gathered) -> Iterator[Part]:
    """The parts of a context in the order in which they are read."""
    yield part("head", HEAD, "always given: the project, its rules, rights, and where the person is", _head(held))
    yield from _selection(held)
    for one in held.named:
        yield part("shot", NAMED, f"shot {one['number']} is named, in focus, or what the talk is about", compact(one))
    for person in held.people:
        facts = person.model_dump(mode="json", exclude_defaults=True, exclude={"id", "workspace_id"})
        yield part("character", PEOPLE, f"{person.name} is named or in a shot that is", compact(facts))
    for look in held.looks:
        facts = look.model_dump(mode="json", exclude_defaults=True, exclude={"id", "workspace_id"})
        yield part("look", LOOKS, f"{look.name} is named or where a named shot is", compact(facts))
    for setting in held.settings:
        if isinstance(setting.row, WorldSetting):
            why = f"{setting.row.name} is named" if setting.subject else f"{setting.row.name} holds words of the message"
            yield part("world", SETTINGS, why, f"{setting.row.name} (version {setting.row.version}): {setting.row.body}")
    for style in held.styles:
        facts = {"name": style.name, **style.spec.model_dump(mode="json", exclude_defaults=True)}
        yield part("style", STYLES, f"the style {style.name} is named", compact(facts))
    yield from _facts(held)
    yield from _indexes(held)
    if held.recent:
        yield part("tasks", TASKS, "the message asks about them", [_task(held, task) for task in held.recent])
    last = len(held.past)
    for n, turn in enumerate(held.past, 1):
        rank = LAST_TURN if n == last else TURNS + last - n
        why = "the turn before this one" if n == last else f"{last - n + 1} turns ago"
        yield part("turn", rank, why, compact(_turn(turn)))


def _head(held: Gathered) -> list[str]:
    """At most twenty lines that every message is given."""
    view, turn, stands = held.view, held.turn, held.stands
    profile = view.workspace.profile
    draft = turn.mode == "draft"
    given = profile.model_dump(mode="json", exclude_defaults=True, exclude={"rules", *(DRAFT_WORDS if draft else ())})
    kind = "draft space" if view.workspace.kind == "draft_space" else "project"
    state = f"{view.workspace.state}, revision {view.revision}, language {profile.language}"
    lines = [
        f"{kind}: {view.workspace.name} ({state})",
        f"profile: {compact({'aspect': profile.aspect, 'resolution': profile.resolution, **given})}",
        f"rules, never to be shown or said: {', '.join(profile.rules)}" if profile.rules else "",
        f"mode: {turn.mode}; role: {turn.role or 'none'}; the person's rights: {held.rights}",
        f"this talk is bound to {turn.bound.name}: nothing else may be touched" if turn.bound else "",
        f"the person is at: {turn.focus.page}" if turn.focus.page else "",
        f"the person looks at shots {turn.focus.shots}" if turn.focus.shots and not draft else "",
        f"open_proposal: {'yes' if stands.open_proposal else 'no'}",
        f"tasks: {', '.join(f'{count} {state}' for state, count in stands.queue.items()) or 'none open'}",
    ]
    if not draft:
        film = "joined" if view.episode_id is not None and view.episode.film_node_id else "not joined yet"
        length = round(to_seconds(stands.frames, view.fps), 2)
        lines.insert(2, f"film: {stands.shots} shots in {len(view.scenes())} scenes, {length:g} s at {view.fps} fps, "
                        f"{stands.rendered} rendered, {film}")  # fmt: skip
    if turn.attachments:
        more = f" and {len(turn.attachments) - NAMED_FILES} more" if len(turn.attachments) > NAMED_FILES else ""
        lines.append(f"attached: {', '.join(_attached(one) for one in turn.attachments[:NAMED_FILES])}{more}")
    return [line for line in lines if line][:HEAD_LINES]


def _attached(one: Any) -> str:
    return f"{one.role} {one.name or one.asset_id or one.node_id or ''} ({len(one.text or '')} characters)".strip()


def _selection(held: Gathered) -> Iterator[Part]:
    """What the person looks at: a track, a made thing."""
    focus, view = held.turn.focus, held.view
    track, node = view.find(Track, focus.track_id), view.find(Node, focus.node_id)
    if track is not None:
        facts = {"id": str(track.id), "name": track.name, "kind": track.kind, "from_node": str(track.origin_node_id or "")}
        yield part("track", SELECTION, "the person is on this track", compact(facts))
    if node is not None:
        facts = {"id": str(node.id), "kind": node.kind, "stage": node.stage, "take": node.take, "cell": node.cell,
                 "asset": node.asset_id, "request": node.request, "favourite": node.favourite or None}  # fmt: skip
        yield part("node", SELECTION, "the person looks at it", compact(facts))


def _facts(held: Gathered) -> Iterator[Part]:
    """What is remembered: of what the message is about first."""
    for one in held.facts:
        row = one.row
        if not isinstance(row, Memory):
            continue
        about = about_of(held.view, row)
        text = f"{row.kind}{f' about {about}' if about else ''} [{row.id}]: {row.fact}"
        why = f"remembered about {about or 'this'}" if one.subject else "remembered of the project"
        yield part("memory", FACTS if one.subject else OTHER_FACTS, why, text)


def _indexes(held: Gathered) -> Iterator[Part]:
    """What there is, a line each: scenes, shots, people; in a draft space drafts and templates."""
    if held.drafts:
        yield part("drafts", SHOTS, f"an index of {len(held.drafts)} drafts", [compact(one) for one in held.drafts])
    if held.templates:
        yield part("templates", SHOTS, "the prompt templates by name", ", ".join(held.templates))
    if held.turn.mode == "draft":
        return
    scenes = held.view.scenes()[:40]
    if scenes:
        lines = [
            f"{n}. {s.title} {compact(s.spec.model_dump(exclude_none=True, exclude_defaults=True))}"
            for n, s in enumerate(scenes, 1)
        ]
        yield part("scenes", SCENES, f"an index of {len(scenes)} scenes", lines)
    lines = [(one.number, _line(one)) for one in held.index]
    near = held.wanted[0] if held.wanted else 1
    for start in range(0, len(lines), BLOCK):
        block = lines[start : start + BLOCK]
        away = 0 if any(abs(number - near) < BLOCK for number, _ in block) else 1
        why = f"an index of shots {block[0][0]} to {block[-1][0]} of {held.stands.shots}"
        yield part("shots", SHOTS + away, why, [line for _, line in block])
    names = [person.name for person in held.view.all(Character)][:40]
    if names:
        yield part("characters", CAST, "who there is", ", ".join(names))


def _line(one: ShotLine) -> str:
    seen = " · ".join(word for word in (one.place, one.time, one.weather, one.size, ", ".join(one.people)) if word)
    marks = "".join(
        (
            " rendered" if one.rendered else "",
            " lines" if one.has_lines else "",
            f" {one.status}" if one.status != "draft" else "",
        )
    )
    return f"{one.number}. scene {one.scene}, {one.duration_s:g} s: {one.subject} ({seen}){marks}"


def _turn(turn: PastTurn) -> dict[str, Any]:
    """A turn as a model reads it."""
    return {
        "person": turn.text or f"(a text of {turn.characters} characters)",
        "did": [
            {"type": one.type, "args": one.args} for one in turn.actions if len(json.dumps(one.args, default=str)) < LONGEST_ARGS
        ]
        or [one.type for one in turn.actions],
        "shots": list(turn.shots),
        "answer": turn.message,
        "proposal": turn.proposal_state,
        **({} if turn.understood else {"understood": False}),
    }


# A whole film's actions are no help in understanding the next message; that they were done is.
LONGEST_ARGS = 2000


def _task(held: Gathered, task: TaskFacts) -> str:
    number = held.view.number(task.work_item_id) if task.work_item_id else None
    what = f"shot {number}" if number else task.kind
    why = f": {(task.error or {}).get('detail', '')}" if task.error else ""
    return f"{what}: {task.state} {task.stage} {task.progress:.0f} %{why}"


def texts(parts: Sequence[Part]) -> list[str]:
    """The parts as a model reads them, those of one kind under one heading."""
    lines: list[str] = []
    before = ""
    for one in parts:
        if one.part != before:
            lines.append(f"## {one.part}")
            before = one.part
        lines.append(one.text)
    return lines
