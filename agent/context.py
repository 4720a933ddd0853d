"""The context of a message: a fixed head, the last turns, and the part of the graph the message is about. Built, not remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from agent.describe import parts_of
from agent.gathered import Gathered, fact_line
from agent.parts import BUDGET_TOKENS, terms, within
from agent.types import INDEX_LINES, Context, Part, PastTurn, ShotLine, Turn, Why
from storyreel.actions.base import Asked
from storyreel.actions.places import shot_line
from storyreel.actions.reads import Reads
from storyreel.actions.shot_look import shot_details, shot_kind
from storyreel.actions.words import numbers
from storyreel.graph import recall
from storyreel.graph.load import view_for
from storyreel.graph.totals import Standing, standing
from storyreel.ledger import talk, tasks
from storyreel.model.rows import Character, Memory, SceneLook, WorkItem
from storyreel.model.timing import to_seconds
from storyreel.model.view import GraphView
from storyreel.script.numbers import parse_number

# As many turns as the planner needs to resolve "that one" and "a bit faster".
TURNS = 5
NAMED_LIMIT = 12
FACTS_LIMIT = 30
# Facts, settings and styles.
MOST_CALLED_UP = (FACTS_LIMIT, 6, 4)
TASKS_LIMIT = 10
# A longer message was a script and no wish: that it was there is said, and not what it held.
LONGEST_TURN = 2000
NUMBERS = re.compile(r"(?P<a>\d{1,4})(?:\s*(?:-|~|–|—|到|至|to)\s*第?\s*(?P<b>\d{1,4}))?")
COUNTED = re.compile(r"第\s*([零一二两三四五六七八九十百]+)")
LAST = re.compile(r"最后|\blast\b", re.IGNORECASE)
TASKS_ASKED = re.compile(
    r"进度|任务|渲染|失败|出错|报错|卡住|排队|队列|多久|好了|\b(?:tasks?|jobs?|render\w*|progress|status|fail\w*|error\w*|queue\w*|stuck|done|ready)\b",
    re.IGNORECASE,
)


async def build(conn: AsyncConnection, turn: Turn, rights: str = "owner", budget: int = BUDGET_TOKENS) -> Context:
    """The context for one message, no larger for a larger project. `budget` is in estimated tokens.

    Raises:
        NotFound: the workspace is not there.
    """
    held = await gather(conn, turn, rights)
    kept, left = within(parts_of(held), budget)
    return _context(held, kept).model_copy(update={"left_out": left, "budget": budget, "tokens": sum(one.tokens for one in kept)})


async def gather(conn: AsyncConnection, turn: Turn, rights: str) -> Gathered:
    """Everything that the message is about."""
    ws = turn.workspace_id
    stands = await standing(conn, ws, turn.episode_id)
    bound_to = (turn.bound.work_item_id, turn.bound.track_id) if turn.bound else None
    rows = await talk.turns(conn, ws, turn.conversation_id, TURNS + 1, bound_to=bound_to)
    past = tuple([_past(row) for row in rows if row["turn_id"] != turn.turn_id][-TURNS:])
    wanted = tuple(named_numbers(turn, stands.shots, past))
    view = await _view(conn, turn, stands, wanted)
    held = Gathered(turn, view, stands, wanted, past, rights=rights, **_indexed(view, wanted))
    more = await _recalled(conn, held)
    recent = await tasks.facts(conn, ws, limit=TASKS_LIMIT) if TASKS_ASKED.search(turn.text) else []
    return replace(held, **more, recent=tuple(recent))


def named_numbers(turn: Turn, shots: int, past: Sequence[PastTurn] = ()) -> list[int]:
    """The numbers of a message or a focus that can be shots, else those the last turn was about; few enough to be shown in full."""
    said = f"{turn.text[:2000]} {turn.focus.shots}"
    found: list[int] = []
    for match in NUMBERS.finditer(said):
        first = int(match["a"])
        found += range(first, min(int(match["b"] or first), first + NAMED_LIMIT) + 1)
    found += [int(number) for word in COUNTED.findall(said) if (number := parse_number(word))]
    found += [shots] if LAST.search(said) else []
    if not any(1 <= number <= shots for number in found):
        found += past[-1].shots if past else ()
    return sorted({n for n in found if 1 <= n <= shots})[:NAMED_LIMIT]


async def _view(conn: AsyncConnection, turn: Turn, stands: Standing, wanted: Sequence[int]) -> GraphView:
    shown = sorted({*range(1, min(stands.shots, INDEX_LINES) + 1), *wanted})
    # As few ranges as there can be: the server holds each shot of the film against every one of them.
    reads = [Reads(shots=(numbers(shown),), notes=True)] if shown else [Reads()]
    view = await view_for(conn, turn.workspace_id, reads, turn.episode_id)
    seen = await recall.seen(conn, turn.workspace_id, turn.focus.track_id, turn.focus.node_id)
    return replace(view, rows={**view.rows, **seen}) if seen else view


def _indexed(view: GraphView, wanted: Sequence[int]) -> dict[str, Any]:
    """The shots: those that are named in full, and a line for each that is shown."""
    shots, scenes = view.shots(), view.scenes()
    place = {scene.id: n for n, scene in enumerate(scenes, 1)}
    named = [shot for shot in shots if view.number(shot.id) in wanted]
    cast = {part.character_id for shot in named for part in view.cast_of(shot.id)}
    subjects: dict[UUID, str] = {shot.id: f"shot {view.number(shot.id)}" for shot in named}
    subjects |= {shot.scene_id: f"the scene of shot {view.number(shot.id)}" for shot in named if shot.scene_id}
    return {
        "index": tuple(_index(view, shot, place) for shot in shots),
        "named": tuple({**shot_line(view, s), **shot_details(view, s)} for s in named),
        "people": tuple(person for person in view.all(Character) if person.id in cast),
        "subjects": subjects,
    }


async def _recalled(conn: AsyncConnection, held: Gathered) -> dict[str, Any]:
    """People, looks, styles, settings, facts and drafts that the message calls up."""
    turn, view = held.turn, held.view
    said = " ".join(
        [turn.text[:2000], *(str(one["subject"]) for one in held.named), *(str(one["frame"]["place"]) for one in held.named)]
    )
    if view.workspace.kind == "draft_space" or turn.mode == "draft":
        facts = await recall.memories(conn, turn.workspace_id, _ids(turn), terms(turn.text[:2000]), FACTS_LIMIT)
        drafts = await recall.drafts(conn, turn.workspace_id, said, INDEX_LINES)
        return {
            "facts": tuple(facts), "drafts": tuple(drafts), "people": (), "subjects": {},
            "templates": tuple(await recall.templates(conn, turn.workspace_id, INDEX_LINES)),
        }  # fmt: skip
    named = {one.id: one for one in view.all(Character) if _named(one, turn.text)}
    people = tuple({**named, **{one.id: one for one in held.people}}.values())
    looks = tuple(one for one in view.all(SceneLook) if _named(one, said))
    subjects = {**held.subjects, **{one.id: one.name for one in (*people, *looks)}}
    subjects |= {view.episode_id: "the episode"} if view.episode_id else {}
    ids = list({*subjects, *_ids(turn)})
    words, wider = terms(turn.text[:2000]), terms(turn.text[:2000], said)
    called = await recall.called_up(conn, turn.workspace_id, said=said, ids=ids, words=words, wider=wider, most=MOST_CALLED_UP)
    return {
        "people": people,
        "looks": looks,
        "subjects": subjects,
        "styles": called.styles,
        "settings": called.settings,
        "facts": called.facts,
    }


def _ids(turn: Turn) -> list[UUID]:
    return [turn.work_item_id] if turn.work_item_id else []


def _named(row: Character | SceneLook, said: str) -> bool:
    low = said.lower()
    return any(name and name.lower() in low for name in (row.name, *row.aliases))


def _context(held: Gathered, parts: tuple[Part, ...]) -> Context:
    turn, view, stands = held.turn, held.view, held.stands
    scenes = view.scenes()[:INDEX_LINES]
    return Context(
        workspace_id=view.workspace_id,
        revision=view.revision,
        name=view.workspace.name,
        language=view.workspace.profile.language,
        profile=view.workspace.profile.model_dump(mode="json", exclude_defaults=True),
        fps=view.fps,
        duration_s=round(to_seconds(stands.frames, view.fps), 3),
        shot_count=stands.shots,
        rendered_count=stands.rendered,
        scenes=tuple(
            {"number": n, "title": s.title, **s.spec.model_dump(exclude_none=True, exclude_defaults=True)}
            for n, s in enumerate(scenes, 1)
        ),
        characters=tuple(person.name for person in view.all(Character))[:INDEX_LINES],
        looks=tuple(one.name for one in view.all(SceneLook))[:INDEX_LINES],
        shots=held.index,
        named=held.named,
        tasks=stands.queue,
        has_film=view.episode_id is not None and view.episode.film_node_id is not None,
        turns=held.past,
        open_proposal=stands.open_proposal,
        focus=turn.focus,
        mode=turn.mode,
        role=turn.role,
        rights=held.rights,
        bound=turn.bound,
        drafts=held.drafts,
        memory=tuple(fact_line(view, one.row) for one in held.facts if isinstance(one.row, Memory)),
        attachments=turn.attachments,
        text=turn.text,
        turn_id=turn.turn_id,
        actor=turn.actor,
        why=tuple(Why(part=name, reason=why) for name, why in dict.fromkeys((one.part, one.why) for one in parts)),
        parts=parts,
    )


def _index(view: GraphView, shot: WorkItem, place: Mapping[UUID, int]) -> ShotLine:
    return ShotLine(
        number=view.number(shot.id) or 0,
        scene=place.get(shot.scene_id, 0) if shot.scene_id else 0,
        duration_s=round(to_seconds(shot.frames, view.fps), 2),
        subject=shot.spec.picture.subject[:80],
        status=shot.status,
        rendered=shot.final_node_id is not None,
        has_lines=bool(shot.spec.lines),
        **shot_kind(view, shot),
    )


def _numbers(facts: Mapping[str, Any]) -> list[int]:
    """The shots that something was said of; a count of shots is none."""
    many = facts.get("shots")
    named = many if isinstance(many, list | tuple) else [facts.get("shot")]
    return [number for number in named if isinstance(number, int)]


def _past(row: Mapping[str, Any]) -> PastTurn:
    answer = row["answer"] or {}
    commit = answer.get("commit") or {}
    said = [*(commit.get("summary") or []), *((answer.get("proposal") or {}).get("summary") or [])]
    shots = [number for one in said for number in _numbers(one.get("facts", {}))]
    message = row["answer_text"] or ""
    return PastTurn(
        text=row["text"] if len(row["text"]) <= LONGEST_TURN else "",
        characters=len(row["text"]),
        actions=tuple(Asked.model_validate(a) for a in answer.get("actions", [])),
        shots=tuple(dict.fromkeys(shots)),
        message=message if len(message) <= LONGEST_TURN else "",
        understood=answer.get("understood", True),
        proposal_id=row["proposal_id"],
        proposal_state=row["proposal_state"] or "",
        revision=row["proposal_revision"] or commit.get("revision"),
        data=tuple(answer.get("data", []))[:2],
    )
