"""A provider that a person holds, from the sentence to the run and back."""

from __future__ import annotations

import time

from activities.gate import Gate
from storyreel.ledger.tasks import facts
from storyreel.model.facts import TaskFacts
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings
from tests.desk.conftest import Set


def held(task: TaskFacts) -> bool:
    return task.state == "retry_pending" and (task.error or {}).get("code") == "provider-paused"


async def waiting(stage_set: Set) -> TaskFacts:
    """A shot whose run waits because the provider of its pictures is held."""
    gate = Gate(stage_set.studio.door.database, Registry(Settings()))

    async def look(*_: object) -> None:
        async with gate.database.connect() as conn:
            await gate.check_held(conn, stage_set.studio.workspace_id, "remote")

    stage_set.instant.before["grid"] = look
    await stage_set.studio.do(("provider.pause", {"provider": "remote", "why": "too dear"}))
    await stage_set.studio.do(("gen.video", {"shots": "2"}))
    (task,) = await stage_set.until(lambda found: held(found[0]))
    return task


async def test_a_run_waits_for_a_held_provider_and_goes_on_as_soon_as_it_is_let_go(stage_set: Set) -> None:
    async with stage_set.working():
        task = await waiting(stage_set)
        assert "held by owner (too dear)" in (task.error or {})["detail"]
        await stage_set.studio.do(("provider.resume", {"provider": "remote"}))
        began = time.monotonic()
        (done,) = await stage_set.all_over()
    assert done.state == "succeeded"
    assert time.monotonic() - began < 30


async def test_a_run_that_waits_for_a_held_provider_can_be_cancelled(stage_set: Set) -> None:
    async with stage_set.working():
        task = await waiting(stage_set)
        await stage_set.studio.do(("task.cancel", {}))
        (done,) = await stage_set.all_over()
    assert (done.id, done.state) == (task.id, "cancelled")
    async with stage_set.studio.door.database.connect() as conn:
        assert [one.state for one in await facts(conn, stage_set.studio.workspace_id)] == ["cancelled"]
