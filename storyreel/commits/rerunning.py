"""What an action is shown of a run that it names: which task's it was, what its stages were asked for, and the log since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.reads import Reads
from storyreel.actions.rerun import shot_words
from storyreel.graph.load import view_for
from storyreel.ledger.story import ran_facts, task_of
from storyreel.model.errors import BadInput
from storyreel.model.ran import RanFacts

RUN = re.compile(r"(?:shot|cut|sheet)/([0-9a-f-]{36})(?:/r(\d{1,9}))?")


async def runs_named(
    conn: AsyncConnection, workspace_id: UUID, reads: Sequence[Reads], episode_id: UUID | None
) -> tuple[list[Reads], dict[str, RanFacts]]:
    """The reads with the shots of the runs that they name, and the runs by the words that name them.

    Raises:
        BadInput: the words name no shot, or several.
    """
    known: dict[str, RanFacts] = {}
    told: list[Reads] = []
    for read in reads:
        ran = await _ran(conn, workspace_id, read.ran, episode_id) if read.ran else None
        if ran is not None:
            known[read.ran] = ran
        told.append(_with(read, ran) if ran is not None else replace(read, log="none") if read.ran else read)
    return told, known


def _with(read: Reads, ran: RanFacts) -> Reads:
    then = ran.asked.get(read.ran_from)
    shots = ("all",) if ran.kind == "cut" else (str(ran.owner_id),) if ran.kind == "shot" else ()
    back = read.log == "rollback" and then is not None
    return replace(
        read,
        shots=shots,
        nodes="all",
        order=True,
        scripts=ran.kind == "cut",
        log="rollback" if back else "none",
        place=str(then.revision) if then else "",
    )


async def _ran(conn: AsyncConnection, workspace_id: UUID, words: str, episode_id: UUID | None) -> RanFacts | None:
    task_id = await task_named(conn, workspace_id, words, episode_id)
    return await ran_facts(conn, workspace_id, task_id) if task_id else None


async def task_named(conn: AsyncConnection, workspace_id: UUID, words: str, episode_id: UUID | None = None) -> UUID | None:
    """The task that words mean: its id, a run's name, a shot's or the film's newest one.

    Raises:
        BadInput: the words name no shot, or several.
    """
    if run := RUN.fullmatch(words.strip()):
        return await task_of(conn, workspace_id, UUID(run[1]), int(run[2]) if run[2] else None)
    if (known := _uuid(words)) is not None:
        return await task_of(conn, workspace_id, known)
    number = shot_words(words)
    view = await view_for(conn, workspace_id, [Reads(shots=(number,)) if number else Reads()], episode_id)
    if not number:
        return await task_of(conn, workspace_id, view.episode.id) if view.episode_id else None
    shots = view.at(number)
    if len(shots) != 1:
        raise BadInput(f"{words!r} means {len(shots)} shots; name one, or a task, or a run")
    return await task_of(conn, workspace_id, shots[0].id)


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words.strip())
    except ValueError:
        return None
