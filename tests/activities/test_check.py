"""A finished shot that is not good enough: made again once where that costs nothing more, else kept, marked and told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from storyreel.model.rows import Node, WorkItem
from storyreel.pipeline.contract import RunOrder, StageName
from tests.activities.conftest import Bench, commits_counted
from tests.activities.instant import Tools

FROZEN = {"frozen_s": 2.0}
MOVING: dict[str, Any] = {"camera": {"move": "push_in"}}
CALL = """
    insert into provider_job (workspace_id, id, task_id, owner_id, key, stage, capability, provider, request, state, settled_usd)
    values (:ws, :id, :task, :owner, :key, :stage, :capability, 'remote', '{}', 'settled', :usd)
"""


@pytest.fixture
async def order(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> RunOrder:
    """A shot that has gone through every stage but the last, with a clip that stands still."""
    monkeypatch.setattr(Tools, "measures", FROZEN)
    await bench.studio.do(("shot.update", {"shots": "1", **MOVING}), ("gen.video", {"shots": "1"}))
    (found,) = await bench.claim()
    for stage in found.stages[:-1]:
        await bench.stage(found, stage)
    return found


async def called(bench: Bench, order: RunOrder, usd: float, *, agreed_usd: float = 0.0) -> None:
    """The ledger says that the clip was bought for so much, and that the task was agreed at so much."""
    values = {"ws": order.workspace_id, "id": uuid4(), "task": order.task_id, "owner": order.owner_id, "key": "k", "stage": "video",
              "capability": "video", "usd": usd}  # fmt: skip
    async with bench.studio.door.database.begin() as conn:
        await conn.execute(text(CALL), values)
        await conn.execute(text("update task set quoted_usd = :usd where id = :id"), {"usd": agreed_usd, "id": order.task_id})


async def again(bench: Bench, order: RunOrder, *stages: StageName) -> Any:
    done = [await bench.stage(order, stage) for stage in stages]
    return done[-1]


async def asked(bench: Bench, name: str, **args: Any) -> dict[str, Any]:
    return dict((await bench.studio.ask((name, args))).data[0])


async def notes(bench: Bench, order: RunOrder) -> list[Node]:
    return [node for node in (await bench.studio.view()).all(Node) if node.kind == "note" and node.work_item_id == order.owner_id]


async def test_a_shot_is_made_again_once_where_it_costs_nothing_and_then_left_to_a_person(bench: Bench, order: RunOrder) -> None:
    await called(bench, order, 0.0)
    first = await bench.stage(order, "check")
    assert first.again == "video"
    assert first.note == "Made again by itself: it stands still for 2 s."
    assert (await bench.task(order.task_id)).takes == {"video": 1, "check": 1}
    second = await again(bench, order, "video", "compose", "check")
    assert (second.outcome, second.again) == ("made", None)
    assert second.note.startswith("To look at: it stands still for 2 s")
    assert bench.instant.stages.count("video") == 2
    assert len(await notes(bench, order)) == 2
    assert (await bench.task(order.task_id)).note == second.note


async def test_a_second_try_that_is_good_leaves_nothing_to_look_at(
    bench: Bench, order: RunOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await called(bench, order, 0.0)
    assert (await bench.stage(order, "check")).again == "video"
    monkeypatch.setattr(Tools, "measures", {"frozen_s": 0.0})
    assert (await again(bench, order, "video", "compose", "check")).note == ""
    shot = await asked(bench, "shot.view", shot="1")
    assert shot["quality"]["verdict"] == "pass"
    assert (await bench.task(order.task_id)).note == ""


@pytest.mark.parametrize(
    ("usd", "agreed_usd", "remade"), [(0.5, 0.5, False), (0.5, 1.0, True), (0.0, 0.0, True), (0.01, 0.0, False)]
)
async def test_nothing_is_spent_beyond_what_was_agreed(
    bench: Bench, order: RunOrder, usd: float, agreed_usd: float, *, remade: bool
) -> None:
    await called(bench, order, usd, agreed_usd=agreed_usd)
    done = await bench.stage(order, "check")
    assert (done.again == "video") is remade
    assert ("video" in (await bench.task(order.task_id)).takes) is remade


async def test_what_nobody_knows_the_price_of_is_not_made_again_by_itself(bench: Bench, order: RunOrder) -> None:
    assert (await bench.stage(order, "check")).again is None


async def test_a_project_may_forbid_it_and_a_locked_shot_is_left_alone(bench: Bench, order: RunOrder) -> None:
    await called(bench, order, 0.0)
    await bench.studio.do(("project.set_config", {"quality": {"retries": 0}}))
    assert (await bench.stage(order, "check")).again is None
    await bench.studio.do(
        ("project.set_config", {"quality": {"retries": 2}}), ("shot.update", {"shots": "1", "status": "locked"})
    )
    assert (await bench.stage(order, "check")).again is None


async def test_a_worker_that_dies_after_it_wished_for_another_try_does_not_lose_the_wish(bench: Bench, order: RunOrder) -> None:
    await called(bench, order, 0.0)
    await bench.stage(order, "check")
    told_again = await bench.stage(order, "check", attempt=2)
    assert told_again.again == "video"
    assert (await bench.task(order.task_id)).takes == {"video": 1, "check": 1}
    assert len(await notes(bench, order)) == 1


async def test_it_is_looked_at_once_for_a_commit_and_then_no_more(bench: Bench, order: RunOrder) -> None:
    await bench.studio.door.close()
    async with commits_counted(bench.studio.door.database) as counted:
        await bench.stage(order, "check")
        await bench.studio.door.close()
    assert len(counted) == 4  # begun, kept, the bell, ended
    assert (await bench.stage(order, "check")).outcome == "fresh"
    (note,) = await notes(bench, order)
    shot = (await bench.studio.view()).get(WorkItem, order.owner_id)
    assert note.parent_id == shot.final_node_id, "it is about the finished shot"
    await bench.studio.do(("project.set_config", {"quality": {"limits": {"clip_frozen": 5.0}}}))
    assert (await bench.stage(order, "check")).note == ""
    assert (await asked(bench, "shot.view", shot="1"))["quality"]["verdict"] == "pass", "by the limits of today"


async def test_a_project_without_quality_control_writes_nothing(bench: Bench, order: RunOrder) -> None:
    await bench.studio.do(("project.set_config", {"quality": "off"}))
    assert (await bench.stage(order, "check")).outcome == "nothing"
    assert await notes(bench, order) == []


async def test_what_is_wrong_shows_wherever_the_shot_is_looked_at(bench: Bench, order: RunOrder) -> None:
    await bench.stage(order, "check")
    shot = await asked(bench, "shot.view", shot="1")
    assert shot["quality"]["look_at"]
    assert shot["quality"]["findings"][0]["words"] == {"zh": "有 2 秒画面不动", "en": "it stands still for 2 s"}
    listed = (await asked(bench, "shot.list"))["shots"]
    assert [one["number"] for one in listed if "look_at" in one] == [1]
    tasks = (await asked(bench, "task.list"))["tasks"]
    assert "stands still" in tasks[0]["note"]
    line = await asked(bench, "node.lineage", node=shot["selected"]["final"]["node"])
    assert line["quality"]["verdict"] == "retry"
    tracks = (await asked(bench, "track.list", shot="1"))["tracks"]
    assert {track["newest"]["kind"] for track in tracks if track["newest"]} >= {"final"}
    await bench.studio.do(("shot.update", {"shots": "1", "duration_s": 2}), ("gen.video", {"shots": "1"}))
    assert [one["number"] for one in (await asked(bench, "shot.list"))["shots"] if "look_at" in one] == [1]
