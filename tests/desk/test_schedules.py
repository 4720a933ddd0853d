"""What is done at a time: kept in the table, fired by Temporal, done once each time, and brought back where Temporal lost it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.service import RPCError

from activities.fire import FireActivity
from storyreel.desk import schedules as temporal
from storyreel.ledger import batches
from storyreel.ledger.batches import Standing
from storyreel.model.errors import BadInput
from storyreel.pipeline.contract import Fired, Firing, schedule_id
from storyreel.runtime import clock
from tests.desk.conftest import PATIENCE_S, Set

RENDER = {"actions": [{"type": "gen.video", "args": {"shots": "1-2", "cut": False}}]}


async def listed(stage_set: Set) -> list[dict[str, Any]]:
    [found] = (await stage_set.studio.ask(("schedule.list", {}))).data
    return list(found["schedules"])


async def fire(stage_set: Set, which: str, at: datetime) -> Fired:
    firing = Firing(workspace_id=stage_set.studio.workspace_id, schedule_id=UUID(which), at=at)
    return await FireActivity(stage_set.work).fire(firing)


async def batch_of(stage_set: Set, fired: Fired) -> Standing:
    assert fired.batch_id
    async with stage_set.studio.door.database.connect() as conn:
        found = await batches.find(conn, stage_set.studio.workspace_id, fired.batch_id)
    assert found
    return found


async def test_a_moment_that_comes_is_rendered_by_itself(stage_set: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyreel.desk.relay.RECONCILE_S", 0.2)
    at = (clock.now() + timedelta(seconds=2)).isoformat()
    asked = await stage_set.studio.ask(("schedule.set", {**RENDER, "at": at, "title": "tonight"}))
    assert asked.proposal, "nobody is there to be asked when it is done, so it is asked about now"
    await stage_set.studio.do(("schedule.set", {**RENDER, "at": at, "title": "tonight"}))
    async with stage_set.working():
        await stage_set.until(lambda tasks: len(tasks) == 2 and all(task.state == "succeeded" for task in tasks))
        async with asyncio.timeout(PATIENCE_S):
            while (await listed(stage_set))[0]["state"] != "done":
                await asyncio.sleep(0.1)
    [one] = await listed(stage_set)
    assert one["last_said"] == "2 renders asked for."
    assert await stage_set.studio.scalar("select reason from batch where workspace_id = :ws") == "schedule"


async def test_each_time_is_done_once_and_nothing_to_do_is_no_failure(stage_set: Set) -> None:
    await stage_set.studio.do(("schedule.set", {**RENDER, "cron": "0 2 * * *", "time_zone": "Asia/Shanghai"}))
    [one] = await listed(stage_set)
    assert (one["title"], one["cron"], one["state"]) == ("gen.video", "0 2 * * *", "active")
    night = datetime(2030, 1, 1, 18, tzinfo=UTC)
    first, again = await fire(stage_set, one["id"], night), await fire(stage_set, one["id"], night)
    elsewhere = night.astimezone(timezone(timedelta(hours=8))) + timedelta(milliseconds=20)
    assert first.revision == again.revision == (await fire(stage_set, one["id"], elsewhere)).revision
    found = await batch_of(stage_set, first)
    assert (found.reason, found.title, found.total, str(found.schedule_id)) == ("schedule", "gen.video", 2, one["id"])
    next_night = await fire(stage_set, one["id"], night + timedelta(days=1))
    assert next_night.revision != first.revision
    assert (await batch_of(stage_set, next_night)).absorbed == 2
    stale = {"actions": [{"type": "gen.video", "args": {"stale": True}}]}
    await stage_set.studio.do(("schedule.set", {**stale, "cron": "0 3 * * *", "title": "stale"}))
    said = (await fire(stage_set, (await listed(stage_set))[0]["id"], night)).said
    assert said == "none of the 5 shots is stale"
    assert (await listed(stage_set))[0]["last_said"] == said


async def test_what_was_cancelled_is_done_no_more(stage_set: Set) -> None:
    await stage_set.studio.do(("schedule.set", {**RENDER, "cron": "0 2 * * *", "title": "nightly"}))
    [one] = await listed(stage_set)
    await stage_set.studio.do(("schedule.cancel", {"which": "nightly"}))
    assert await listed(stage_set) == []
    fired = await fire(stage_set, one["id"], clock.now())
    assert (fired.said, fired.revision) == ("It was cancelled.", None)
    with pytest.raises(BadInput, match="nothing is scheduled"):
        await stage_set.studio.do(("schedule.cancel", {}))


async def test_temporal_gets_back_what_it_lost_and_loses_what_was_cancelled(stage_set: Set) -> None:
    client, database = stage_set.client, stage_set.studio.door.database
    await stage_set.studio.do(("schedule.set", {**RENDER, "cron": "0 2 * * *", "title": "nightly"}))
    [one] = await listed(stage_set)
    handle = client.get_schedule_handle(schedule_id(UUID(one["id"])))
    await reconciled(stage_set)
    await handle.delete()
    await reconciled(stage_set)
    before = (await handle.describe()).schedule.state.note
    await stage_set.studio.do(("schedule.set", {**RENDER, "cron": "30 4 * * *", "title": "nightly"}))
    await reconciled(stage_set, lambda known: known.get(handle.id) not in (None, before))
    assert (await handle.describe()).schedule.state.note != before
    assert len(await listed(stage_set)) == 1, "the same title is the same schedule"
    await stage_set.studio.do(("schedule.cancel", {}))
    await temporal.reconcile(client, database)
    with pytest.raises(RPCError, match="not found"):
        await handle.describe()


async def reconciled(stage_set: Set, done: Any = None) -> None:
    """Reconcile until Temporal's list, which lags a little, has it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await temporal.reconcile(stage_set.client, stage_set.studio.door.database)
            known = {one.id: one.schedule.state.note async for one in await stage_set.client.list_schedules() if one.schedule}
            mine = {schedule_id(UUID(one["id"])) for one in await listed(stage_set)}
            if mine <= known.keys() and (done is None or done(known)):
                return
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"cron": "61 * * * *"}, "is no minute"),
        ({"cron": "0 2 * *"}, "is no cron line"),
        ({"at": "2001-01-01 02:00"}, "is over"),
        ({"at": "soon"}, "is no moment"),
        ({"at": "02:00", "time_zone": "Mars/Base"}, "no time zone"),
        ({"at": "02:00", "cron": "0 2 * * *"}, "either"),
        ({"at": "02:00", "actions": [{"type": "task.list"}]}, "cannot be done at a time"),
        ({"at": "02:00", "actions": [{"type": "schedule.cancel"}]}, "cannot be done at a time"),
    ],
)
async def test_what_cannot_be_is_said_at_once(stage_set: Set, args: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        await stage_set.studio.do(("schedule.set", {**RENDER, **args, "title": str(uuid4())}))
