"""The context of a message: a fixed head, the last turns, and the part of the graph the message is about. Built, not remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from agent.types import Context, PastTurn, ShotLine, Turn, Why
from storyreel.actions.base import Asked, Reads
from storyreel.actions.places import shot_line
from storyreel.actions.shot_look import shot_details, shot_kind
from storyreel.commits import open_proposals
from storyreel.graph.load import view_for
from storyreel.graph.totals import FilmTotals, film_totals
from storyreel.ledger import talk, tasks
from storyreel.model.rows import Character, WorkItem
from storyreel.model.timing import to_seconds
from storyreel.model.view import GraphView

# As many turns as the planner needs to resolve "that one" and "a bit faster".
TURNS = 5
# An index longer than this is no index; the model looks up the rest.
INDEX_LINES = 40
NAMED_LIMIT = 12
NUMBERS = re.compile(r"\d{1,4}")


async def build(conn: AsyncConnection, turn: Turn) -> Context:
    """The context for one message.

    Raises:
        NotFound: the workspace is not there.
    """
    totals = await film_totals(conn, turn.workspace_id, turn.episode_id)
    queue = await tasks.by_state(conn, turn.workspace_id)
    wanted = named_numbers(turn, totals.shots)
    shown = sorted({*range(1, min(totals.shots, INDEX_LINES) + 1), *wanted})
    words = ",".join(str(n) for n in shown)
    reads = [Reads(shots=(words,))] if words else [Reads()]
    view = await view_for(conn, turn.workspace_id, reads, turn.episode_id)
    past = [
        _past(row)
        for row in await talk.turns(conn, turn.workspace_id, turn.conversation_id, TURNS + 1)
        if row["turn_id"] != turn.turn_id
    ]
    waiting = await open_proposals(conn, turn.workspace_id, limit=1)
    return _context(turn, view, totals, queue, wanted, past[-TURNS:], waiting[0].id if waiting else None)


def named_numbers(turn: Turn, shots: int) -> list[int]:
    """The numbers of a message or a focus that can be shots, few enough to be shown in full."""
    found = [int(n) for n in NUMBERS.findall(f"{turn.text[:2000]} {turn.focus.shots}")]
    return sorted({n for n in found if 1 <= n <= shots})[:NAMED_LIMIT]


def _context(
    turn: Turn,
    view: GraphView,
    totals: FilmTotals,
    queue: dict[str, int],
    wanted: Sequence[int],
    past: Sequence[PastTurn],
    waiting: UUID | None,
) -> Context:
    shots = view.shots()
    scenes = view.scenes()
    place = {scene.id: n for n, scene in enumerate(scenes, 1)}
    named = [shot for shot in shots if view.number(shot.id) in wanted]
    return Context(
        workspace_id=view.workspace_id,
        revision=view.revision,
        name=view.workspace.name,
        language=view.workspace.profile.language,
        profile=view.workspace.profile.model_dump(mode="json", exclude_defaults=True),
        fps=view.fps,
        duration_s=round(to_seconds(totals.frames, view.fps), 3),
        shot_count=totals.shots,
        rendered_count=totals.rendered,
        scenes=tuple(
            {"number": n, "title": s.title, **s.spec.model_dump(exclude_none=True, exclude_defaults=True)}
            for n, s in enumerate(scenes[:INDEX_LINES], 1)
        ),
        characters=tuple(person.name for person in view.all(Character))[:INDEX_LINES],
        shots=tuple(_index(view, shot, place) for shot in shots),
        named=tuple({**shot_line(view, s), **shot_details(view, s)} for s in named),
        tasks=queue,
        has_film=view.episode_id is not None and view.episode.film_node_id is not None,
        turns=tuple(past),
        open_proposal=waiting,
        focus=turn.focus,
        mode=turn.mode,
        attachments=turn.attachments,
        text=turn.text,
        why=_why(turn, len(shots), totals.shots, wanted, past),
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


def _why(turn: Turn, shown: int, shots: int, wanted: Sequence[int], past: Sequence[PastTurn]) -> tuple[Why, ...]:
    parts = [Why(part="head", reason="profile, scenes and characters are always given")]
    if past:
        parts.append(Why(part="turns", reason=f"the last {len(past)} turns of this conversation"))
    if shots:
        parts.append(Why(part="shots", reason=f"an index of {shown} of {shots} shots"))
    if wanted:
        parts.append(Why(part="named", reason=f"shots {', '.join(map(str, wanted))} are named by the message or in focus"))
    if turn.attachments:
        parts.append(Why(part="attachments", reason="they came with the message"))
    return tuple(parts)


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
    return PastTurn(
        text=row["text"][:500],
        actions=tuple(Asked.model_validate(a) for a in answer.get("actions", [])),
        shots=tuple(dict.fromkeys(shots)),
        message=(row["answer_text"] or "")[:500],
        understood=answer.get("understood", True),
        proposal_id=row["proposal_id"],
        proposal_state=row["proposal_state"] or "",
        revision=row["proposal_revision"] or commit.get("revision"),
        data=tuple(answer.get("data", []))[:2],
    )
