"""One run: a batch is asked for, everything dies by plan, and the books are drawn up."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance.stand import Film, Json, shot, until
from tests.chaos import storm
from tests.chaos.accounts import Account, draw_up, settled
from tests.chaos.parts import ChaosStand, chaos_stand
from tests.chaos.storm import Storm
from tests.chaos.witness import Editor, Follower

AT_ONCE = 6
# A picture, a clip and a line a shot, and the music.
JOBS_A_SHOT = 3
LONGEST_S = 1200.0


@dataclass
class Result:
    """What a run came to."""

    seed: int
    shots: int
    storm: Storm
    account: Account
    took_s: float
    edits: int = 0
    turns: int = 0
    events: int = 0
    breaks: int = 0
    longest_answer_s: float = 0.0
    away_s: dict[str, float] = field(default_factory=dict[str, float])
    starts: dict[str, int] = field(default_factory=dict[str, int])


def chaos(folder: Path, seed: int, kills: int, shots: int, *, much: float = 1.0, **given: Any) -> Result:
    """Make a film of so many shots while so many blows fall."""
    begun = time.monotonic()
    with chaos_stand(folder, seed, much=much, **given) as stand:
        film = film_of(stand, shots)
        editor, follower = Editor(stand, film, shots), Follower(stand, film)
        film.do({"type": "gen.compose"})
        editor.start()
        follower.start()
        raged = storm.rage(stand, storm.plan(seed, kills), JOBS_A_SHOT * shots + 1)
        editor.stop()
        trouble = waited(lambda: settled(stand, film), "everything to come to an end")
        trouble += waited(follower.caught_up, "the stream to tell everything", 60)
        follower.stop()
        account = draw_up(stand, film, shots)
        account.wrong += [*trouble, *editor.trouble, *follower.trouble, *editor.missing(), *follower.missing()]
        return Result(
            seed=seed,
            shots=shots,
            storm=raged,
            account=account,
            took_s=time.monotonic() - begun,
            edits=len(editor.edits),
            turns=len(editor.turns),
            events=sum(follower.seen.values()),
            breaks=follower.breaks,
            longest_answer_s=editor.longest_s,
            away_s={name: part.longest_away_s for name, part in stand.parts.items()},
            starts={name: part.starts for name, part in stand.parts.items()},
        )


def film_of(stand: ChaosStand, shots: int) -> Film:
    """A project with so many shots, a line each, rendered a few at once."""
    film = Film(stand, [shot(f"subject {n}", line=f"This is line {n}") for n in range(1, shots + 1)])
    film.do({"type": "task.set_concurrency", "args": {"concurrency": AT_ONCE}})
    return film


def waited(look: Any, what: str, patience_s: float = LONGEST_S) -> list[str]:
    """Nothing once `look` is true; else what did not come."""
    try:
        until(look, what, patience_s)
    except AssertionError as never:
        return [str(never)]
    return []


def told(found: Json) -> str:
    return ", ".join(f"{name}: {count}" for name, count in found.items())
