"""A deploy in the middle of the day: every process of API and worker is replaced, and nobody notices."""

from __future__ import annotations

import asyncio

import pytest

from bench.fleet import fleet
from bench.load import Crowd, rolled

STREAMS, PROJECTS, SHOTS, TURNS = 20, 4, 8, 5.0


@pytest.mark.timeout(600)
async def test_a_rolling_restart_fails_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.load.COMPLEX", 10**9)
    async with asyncio.timeout(580), fleet(2, 1) as running:
        before = {process.pid for processes in running.running.values() for process in processes}
        crowd = Crowd(running)
        await crowd.gather(PROJECTS, STREAMS, SHOTS)
        told, renders = await rolled(crowd, TURNS)
        after = {process.pid for processes in running.running.values() for process in processes}
        ends = sum(watcher.ends for watcher in crowd.watchers)
        await crowd.leave()
        for watcher in crowd.watchers:
            assert watcher.seen == list(range(watcher.seen[0], watcher.seen[0] + len(watcher.seen)))
    assert told.failed == [] and crowd.told.failed == []
    assert len(after) == 3 and not before & after
    # Each stream was ended by a process that stopped, and told to come back.
    assert ends >= STREAMS
    assert renders == 6
    assert len(told.taken_s["simple"]) > 10
