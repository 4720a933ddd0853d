"""What dies, how, and at which moment: drawn from a seed, and carried out when the moment comes."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import httpx
import psycopg

from tests.acceptance.stand import Json
from tests.chaos.parts import ChaosStand

Kind = Literal["worker", "api", "postgres", "temporal", "store"]
How = Literal["kill", "kill with children", "stop"]
KINDS: tuple[Kind, ...] = ("worker", "api", "postgres", "temporal", "store")
# What is waited for before a blow, and what is counted for it.
MOMENTS: dict[str, str] = {
    "a submit has reached the vendor": "submit",
    "a job is being sent": "sending",
    "the vendor hands over a result": "result",
    "a job was settled and its result is not recorded yet": "settled",
    "a stage has ended": "stage_done",
    "a commit was made": "revision",
    "the last blow is not recovered from": "",
}
STILL = ("sending",)
SEEN = """
select (select count(*) from provider_job where state = 'sending') as sending,
    (select count(*) from provider_job where state = 'settled') as settled,
    (select count(*) from task_event where kind = 'stage_done') as stage_done,
    (select coalesce(sum(revision), 0)::bigint from workspace) as revision
"""
LOOK_S = 0.01
PATIENCE_S = 6.0
# Longer than a heartbeat may be late and than a sender is believed to be alive: when it wakes up, someone else is at its work.
LONG_STOP_S = 40.0


@dataclass(frozen=True)
class Blow:
    """One blow: to whom, how, at which moment and how long they stay away."""

    number: int
    targets: tuple[Kind, ...]
    how: How
    moment: str
    times: int
    delay_s: float
    away_s: float
    which: int


@dataclass
class Storm:
    """The blows that were struck, and which moments came in time."""

    struck: list[Blow] = field(default_factory=list[Blow])
    told: list[str] = field(default_factory=list[str])
    by_clock: int = 0
    kills: Counter[str] = field(default_factory=Counter[str])


def plan(seed: int, kills: int) -> list[Blow]:
    """So many kills, with stops among them that do not count: each part alone, then in pairs, in shuffled decks.

    A longer run has them all several times.
    """
    chance = random.Random(f"storm:{seed}")
    blows: list[Blow] = []
    for targets in _decks(chance):
        if sum(blow.how != "stop" for blow in blows) == kills:
            break
        blows.append(_blow(chance, len(blows) + 1, targets))
    return blows


def _decks(chance: random.Random) -> Iterator[tuple[Kind, ...]]:
    alone: list[tuple[Kind, ...]] = [(kind,) for kind in KINDS]
    pairs: list[tuple[Kind, ...]] = [*itertools.combinations(KINDS, 2), ("worker", "worker")]
    while True:
        for deck in (alone, pairs):
            yield from chance.sample(deck, len(deck))


def _blow(chance: random.Random, number: int, targets: tuple[Kind, ...]) -> Blow:
    how: How = chance.choices(("kill", "kill with children", "stop"), (6, 3, 2))[0]
    long = how == "stop" and targets == ("worker",)
    return Blow(
        number=number,
        targets=targets,
        how=how,
        moment=chance.choice([moment for moment in MOMENTS if MOMENTS[moment] or number > 1]),
        times=chance.randint(1, 3),
        delay_s=chance.choice((0.0, chance.uniform(0.0, 0.05), chance.uniform(0.0, 0.5))),
        away_s=LONG_STOP_S if long else chance.choice((0.0, 0.0, chance.uniform(0.5, 4.0), chance.uniform(4.0, 12.0))),
        which=chance.randint(0, 1),
    )


class Eyes:
    """Sees how far the work is, at the vendor and in the database; what is away counts as unmoved."""

    def __init__(self, stand: ChaosStand) -> None:
        self._stand = stand
        self._http = httpx.Client(base_url=stand.vendor.url, trust_env=False, timeout=10)
        self._conn: psycopg.Connection[Json] | None = None
        self.last: dict[str, int] = {}

    def look(self) -> dict[str, int]:
        """The counts now."""
        with suppress(httpx.HTTPError):
            self.last |= {name: int(count) for name, count in self._http.get("/counts?brief").json().items()}
        try:
            if self._conn is None:
                dsn = self._stand.endpoints.database_url
                self._conn = psycopg.connect(dsn, autocommit=True, connect_timeout=2, options="-c statement_timeout=2000")
            names = [*self._conn.execute(SEEN).fetchall()[0]]
            self.last |= dict(zip(("sending", "settled", "stage_done", "revision"), map(int, names), strict=True))
        except psycopg.Error:
            if self._conn is not None:
                self._conn.close()
            self._conn = None
        return self.last

    def wait(self, blow: Blow) -> bool:
        """Wait for the blow's moment; False when it did not come in time."""
        name = MOMENTS[blow.moment]
        if not name:
            return True
        begun = dict(self.look())
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            now = self.look().get(name, 0)
            if now > 0 if name in STILL else now >= begun.get(name, 0) + blow.times:
                return True
            time.sleep(LOOK_S)
        return False


def rage(stand: ChaosStand, blows: Sequence[Blow], expected_jobs: int) -> Storm:
    """Strike all the blows. The vendor lets go of its jobs bit by bit, so that there is work under way at each."""
    storm, eyes = Storm(), Eyes(stand)
    begun = time.monotonic()
    for blow in blows:
        stand.vendor.behave(allowed=1 + expected_jobs * blow.number // len(blows))
        if MOMENTS[blow.moment]:
            stand.whole()
        in_time = eyes.wait(blow)
        time.sleep(blow.delay_s)
        storm.by_clock += not in_time
        said = f"{time.monotonic() - begun:6.1f} s  {blow.number:2}  {blow.how}: {' and '.join(blow.targets)}, when {blow.moment}"
        storm.told.append(said + ("" if in_time else " (it did not come in time)"))
        print(storm.told[-1], flush=True)  # noqa: T201 - whoever watches a long run wants to see it
        strike(stand, blow)
        storm.struck.append(blow)
        storm.kills.update(f"{blow.how.partition(' ')[0]} {' and '.join(blow.targets)}" for _ in (0,))
    stand.vendor.behave(allowed=None)
    stand.whole()
    return storm


def strike(stand: ChaosStand, blow: Blow) -> None:
    """Strike now. A stop lasts as long as the blow says; who was killed comes back by itself."""
    parts = [stand.parts[name] for name in _names(stand, blow)]
    if blow.how != "stop":
        for part in parts:
            part.kill(family=blow.how == "kill with children", away_s=blow.away_s)
        return
    for part in parts:
        part.freeze()
    time.sleep(max(1.0, blow.away_s))
    for part in parts:
        part.thaw()


def _names(stand: ChaosStand, blow: Blow) -> list[str]:
    workers = [name for name in stand.parts if name.startswith("worker-")]
    if blow.targets == ("worker", "worker"):
        return workers
    return [workers[blow.which % len(workers)] if kind == "worker" else kind for kind in blow.targets]
