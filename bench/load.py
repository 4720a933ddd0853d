"""A studio's busy hour on one machine: event streams that are held, chat beside them, a film, and a deploy in the middle of it.

    python -m bench load                    1,000 streams, 50 turns a second, two processes of the API
    STREAMS=100 TURNS=10 SECONDS=10 python -m bench load

A turn's time is what its caller waited, from the moment it was to be said. What the planning model takes is its own: a stand-in that
thinks for one second, which is taken off.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.callers import Line, Told, Watcher, say
from bench.chat import SAID
from bench.fleet import Fleet, fleet
from bench.model import THINKS_S
from bench.table import Row, percentile, show

STREAMS = int(os.environ.get("STREAMS", "1000"))
TURNS = float(os.environ.get("TURNS", "50"))
SECONDS = float(os.environ.get("SECONDS", "30"))
# Half the rate for so long first: what is measured is a house at work and not one that has just been opened.
WARM_S = 10.0
PROJECTS = max(1, min(50, STREAMS // 20))
SHOTS = 30
# One turn in so many is for the model.
COMPLEX = 10
WISH = "Let the whole of it feel like the hour before a long goodbye, but keep some warmth around whoever speaks first."
SIMPLE_S, COMPLEX_S = 1.0, 3.0
FILM_S, FILM_SHOTS, FILM_MOST_S = 30, 10, 120.0
OVER = {"succeeded", "failed", "cancelled", "manual_review"}


@dataclass
class Crowd:
    """Projects, and those who follow them."""

    fleet: Fleet
    projects: list[str] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    idle: list[Line] = field(default_factory=list)
    said: Iterator[int] = field(default_factory=count)

    async def gather(self, projects: int, streams: int, shots: int) -> None:
        """Make the projects, and have so many follow them."""
        line = Line(self.fleet.url)
        for number in range(projects):
            self.projects.append(await film(line, f"Project {number}", shots))
        for number in range(streams):
            path = f"/v1/workspaces/{self.projects[number % projects]}/events"
            watcher = Watcher(Line(self.fleet.url), path, self.told)
            self.watchers.append(watcher)
            self.tasks.append(asyncio.create_task(watcher.run()))
        await until(lambda: all(watcher.open.is_set() for watcher in self.watchers), "all streams to be open")
        await talk(self, 2, 2.0)

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def film(line: Line, name: str, shots: int, **profile: Any) -> str:
    """A project with so many shots."""
    _, made = await line.ask("POST", "/v1/workspaces", {"name": name, "fps": 24, "profile": profile})
    board = [{"scene": "$one", **shot(number)} for number in range(shots)]
    actions = [
        {"type": "scene.add", "args": {"title": "One", "place": "street"}, "as": "one"},
        {"type": "shot.bulk_add", "args": {"shots": board}},
    ]
    status, told = await line.ask("POST", f"/v1/workspaces/{made['workspace_id']}/actions", {"actions": actions})
    assert status == 200, told
    return str(made["workspace_id"])


def shot(number: int) -> dict[str, Any]:
    return {
        "duration_s": 3,
        "picture": {"subject": f"a lighthouse, view {number}"},
        "lines": [{"text": f"This is line {number}."}],
    }


async def talk(crowd: Crowd, turns_a_s: float, seconds: float) -> tuple[Told, float]:
    """So many turns a second, whether or not the last ones were answered; what came of them, and how many were answered a second."""
    told, saying, begun = Told(), set[asyncio.Task[None]](), time.perf_counter()
    for number in count():
        due = begun + number / turns_a_s
        if due > begun + seconds:
            break
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        saying.add(asyncio.create_task(_turn(crowd, told, due)))
    await asyncio.gather(*saying)
    answered = sum(len(taken) for taken in told.taken_s.values())
    return told, answered / (time.perf_counter() - begun)


async def _turn(crowd: Crowd, told: Told, due: float) -> None:
    """The next one: the projects in turn, each told the same things in the same order, now and then something for the model."""
    line = crowd.idle.pop() if crowd.idle else Line(crowd.fleet.url)
    turn, project = divmod(next(crowd.said), len(crowd.projects))
    hard = (turn + project) % COMPLEX == COMPLEX - 1
    kind, text = ("complex", WISH) if hard else ("simple", SAID[turn % len(SAID)])
    told.late_s = max(told.late_s, time.perf_counter() - due)
    await say(line, crowd.projects[project], kind, text, told)
    crowd.idle.append(line)


async def until(look: Any, what: str, patience_s: float = 120.0) -> None:
    try:
        async with asyncio.timeout(patience_s):
            while not look():  # noqa: ASYNC110 (it is others who move)
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"waited {patience_s:.0f} s for {what}") from None


async def rolled(crowd: Crowd, turns_a_s: float) -> tuple[Told, int]:
    """Every process of API and worker is replaced while people talk and renders run; what failed, and how many renders ended well."""
    line, begun = Line(crowd.fleet.url), asyncio.Event()
    workspace = crowd.projects[0]
    tasks = await render(line, workspace, {"type": "gen.image", "args": {"shots": "1-6"}})

    async def roll() -> None:
        await begun.wait()
        await crowd.fleet.roll("api")
        await crowd.fleet.roll("worker")

    rolling = asyncio.create_task(roll())
    told, before = Told(), len(crowd.told.failed)
    begun.set()
    while not rolling.done():
        more, _ = await talk(crowd, turns_a_s, 2.0)
        told.failed += more.failed
        for kind, taken in more.taken_s.items():
            told.taken_s.setdefault(kind, []).extend(taken)
    await rolling
    told.failed += crowd.told.failed[before:]
    states = await ended(line, workspace, tasks)
    told.failed += [f"render: {state}" for state in states if state != "succeeded"]
    return told, states.count("succeeded")


async def render(line: Line, workspace: str, *actions: dict[str, Any]) -> list[str]:
    """Ask for renders, and say yes; the tasks."""
    _, outcome = await line.ask("POST", f"/v1/workspaces/{workspace}/actions", {"actions": list(actions)})
    if outcome["proposal"]:
        _, outcome = await line.ask("POST", f"/v1/workspaces/{workspace}/proposals/{outcome['proposal']['id']}/approve")
    return [str(task) for task in outcome["commit"]["tasks"]]


async def ended(line: Line, workspace: str, tasks: Sequence[str], patience_s: float = 900.0) -> list[str]:
    """The states of tasks once all have ended."""
    query = "&".join(f"ids={task}" for task in tasks)
    async with asyncio.timeout(patience_s):
        while True:
            _, found = await line.ask("GET", f"/v1/workspaces/{workspace}/tasks?{query}")
            states = [str(task["state"]) for task in found["items"]]
            if len(states) == len(tasks) and set(states) <= OVER:
                return states
            await asyncio.sleep(0.2)


async def film_s(fleet_: Fleet) -> float:
    """How long a film at 1080p takes, from asking to the last frame."""
    line = Line(fleet_.url)
    workspace = await film(line, "A film", FILM_SHOTS, resolution="1080p")
    begun = time.perf_counter()
    tasks = await render(line, workspace, {"type": "gen.compose", "args": {}})
    states = await ended(line, workspace, tasks)
    assert set(states) == {"succeeded"}, states
    return time.perf_counter() - begun


@asynccontextmanager
async def thinker() -> AsyncGenerator[str]:
    """The stand-in of the model, as a process of its own."""
    process: Process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.model", stdout=PIPE)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


async def rows() -> list[Row]:
    async with (
        thinker() as model,
        fleet(
            2, 1, provider_text="auto", google_api_key="stand-in", gemini_base_url=model, spending_threshold_usd=1000.0
        ) as fleet_,
    ):
        crowd = Crowd(fleet_)
        await crowd.gather(PROJECTS, STREAMS, SHOTS)
        await talk(crowd, TURNS / 2, WARM_S)
        told, reached = await talk(crowd, TURNS, SECONDS)
        simple, hard = (percentile(told.taken_s[kind], 95) for kind in ("simple", "complex"))
        failed = [*told.failed, *crowd.told.failed]
        roll, renders = await rolled(crowd, max(2.0, TURNS / 10))
        told_events = sum(watcher.events for watcher in crowd.watchers)
        ends = sum(watcher.ends for watcher in crowd.watchers)
        held = sum(watcher.open.is_set() for watcher in crowd.watchers)
        await crowd.leave()
        taken_s = await film_s(fleet_)
    print(f"answered by {dict(told.by)}; failed: {[*failed, *roll.failed][:5]}")
    middle = percentile(told.taken_s["simple"], 50)
    rolls = sum(len(taken) for taken in roll.taken_s.values())
    return [
        Row(
            "turns answered a second",
            reached,
            "/s",
            "turns said a second",
            TURNS,
            f"{held} of {STREAMS} streams held beside them",
        ),
        Row("a simple turn, p95", simple, "s", "the most it may take", SIMPLE_S, f"median {middle * 1000:.0f} ms"),
        Row("a complex turn, p95, beside the model's time", hard - THINKS_S, "s", "the most it may take", COMPLEX_S),
        Row(
            "requests that failed under load",
            len(failed),
            "",
            "of",
            len(told.failed) + sum(map(len, told.taken_s.values())),
            digits=0,
        ),
        Row(
            "requests that failed in a rolling restart",
            len(roll.failed),
            "",
            "of turns, streams that came back, and renders",
            rolls + ends + renders,
            f"{rolls} turns, {ends} streams, {renders} renders; {sum(line.again for line in crowd.idle)} asked again on a new connection",
            digits=0,
        ),
        Row("events told to streams", told_events, "", "streams", STREAMS, digits=0),
        Row(
            f"a film of {FILM_S} s at 1080p, built-ins",
            taken_s,
            "s",
            "its length",
            FILM_S,
            f"at most {FILM_MOST_S:.0f} s",
            digits=1,
        ),
    ]


if __name__ == "__main__":
    show(asyncio.run(rows()))
