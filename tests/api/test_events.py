"""The event stream: every event once, in order, however often it is cut."""

from __future__ import annotations

import asyncio
import json

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from storyreel.ledger.events import Event, Tail
from storyreel.model.ids import NAMESPACE
from storyreel.runtime import clock
from tests.api.conftest import Caller, is_problem, take
from tests.fixtures_services import Addresses


async def test_commits_and_tasks_are_told_in_order_as_they_happen(caller: Caller):
    async with caller.events() as stream:
        first = asyncio.create_task(take(stream, 1))
        await asyncio.sleep(0)
        await caller.act({"type": "character.create", "args": {"name": "Anna"}})
        (commit,) = await first
        assert commit.event == "commit" and json.loads(commit.data)["revision"] == 3
        done = (await caller.do({"type": "gen.compose"}))["commit"]
        told = await take(stream, 1 + len(done["tasks"]))
    assert [event.event for event in told].count("commit") == 1
    tasks = [json.loads(event.data) for event in told if event.event == "task"]
    assert {task["task_id"] for task in tasks} == set(done["tasks"])
    assert all(task["state"] == "pending" for task in tasks)


async def test_a_stream_that_is_cut_anywhere_goes_on_without_loss_or_doubling(caller: Caller):
    await caller.do({"type": "gen.compose"})
    for name in ("Anna", "Bo", "Cleo"):
        await caller.act({"type": "character.create", "args": {"name": name}})
    async with caller.events(since="0.0") as stream:
        whole = await take(stream, 2 + 1 + 6 + 3)
    assert len({event.id for event in whole}) == len(whole)
    for cut in range(len(whole)):
        async with caller.events(last=whole[cut].id) as stream:
            rest = await take(stream, len(whole) - cut - 1)
            assert [event.data for event in rest] == [event.data for event in whole[cut + 1 :]]
            await_more = asyncio.create_task(take(stream, 1))
            if cut == len(whole) - 1:
                await caller.act({"type": "character.create", "args": {"name": "Dora"}})
                (new,) = await await_more
                assert "Dora" in new.data
            await_more.cancel()


async def test_a_stream_hears_on_when_the_listeners_connection_is_cut(caller: Caller, database: Addresses):
    async with caller.events() as stream:
        cut = 0
        with psycopg.connect(database.app, autocommit=True) as conn:
            while not cut:
                found = conn.execute(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    " where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()"
                ).fetchone()
                cut = found[0] if found else 0
                await asyncio.sleep(0.02)
        await caller.act({"type": "character.create", "args": {"name": "Anna"}})
        (told,) = await take(stream, 1)
    assert "Anna" in told.data


async def test_what_is_no_place_in_the_stream_is_refused(caller: Caller):
    for place in ("yesterday", "1.2.3", "-1", "1.2~x", "9" * 40):
        is_problem(await caller.http.get(f"{caller.at}/events", params={"since": place}), 422, "bad-input")


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sets(st.integers(1, 400), max_size=60))
def test_a_place_says_exactly_what_was_told(revision: int, floor: int, ahead: set[int]):
    tail = Tail(NAMESPACE, revision, floor)
    for number in ahead:
        tail.told(Event("task", floor + number, "progress", clock.now()))
    again = Tail.at(NAMESPACE, tail.place)
    assert (again.revision, again.event_id, again._recent.keys()) == (revision, floor, {floor + n for n in ahead})
    assert again.place == tail.place
