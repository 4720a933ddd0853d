"""The last frame of one shot is the first of the next, from asking for it to the clip, and kept right when shots come and go."""

from __future__ import annotations

import pytest

from activities.keeping import LedgerStore
from storyreel.assets import FolderStore
from storyreel.ledger import tasks
from storyreel.model.base import AssetRef
from storyreel.model.digest import digest_bytes
from storyreel.model.errors import BadInput
from storyreel.model.rows import Node, WorkItem
from storyreel.pipeline.contract import Finish
from storyreel.pipeline.ports import VideoRequest
from tests.activities.conftest import Bench


async def shots(bench: Bench) -> list[WorkItem]:
    return (await bench.studio.view()).shots()


async def ahead(bench: Bench) -> list[int | None]:
    """Which shot each shot continues from, by number."""
    held = await shots(bench)
    numbers = {shot.id: number for number, shot in enumerate(held, 1)}
    return [numbers.get(shot.follows_id) if shot.follows_id else None for shot in held]


async def render(bench: Bench, words: str, **args: object) -> dict[str, list[str]]:
    """What is made of each task, in the order of claiming."""
    await bench.studio.do(("gen.shots", {"what": "video", "shots": words, **args}))
    made: dict[str, list[str]] = {}
    while orders := await bench.claim():
        for order in orders:
            done = await bench.through(order)
            made[order.title.split(":")[0]] = [f"{one.stage} {one.outcome}" for one in done]
            async with bench.studio.door.database.begin() as conn:
                await tasks.finish(
                    conn, Finish(workspace_id=order.workspace_id, task_id=order.task_id, outcome="succeeded", run=order.run)
                )
    return made


async def test_a_clip_begins_with_the_last_frame_of_the_one_before(bench: Bench) -> None:
    await bench.studio.do(("shot.follow", {"shots": "2", "after": "1"}))
    await render(bench, "1-2", cut=False)
    view = await bench.studio.view()
    one, two = view.shots()[:2]
    clip = view.get(Node, one.video_node_id)
    assert clip.asset_id
    bytes_ = await LedgerStore(FolderStore(bench.instant.folder)).read(AssetRef(id=clip.asset_id, media_type="video/mp4"))
    wanted = digest_bytes(b"the end of " + bytes_)
    asked = [request for order, request in bench.instant.bought if order.owner_id == two.id and isinstance(request, VideoRequest)]
    assert [request.first_frame.id for request in asked] == [wanted]
    made = view.get(Node, two.video_node_id)
    assert (made.parent_id, made.facts["first_frame"]) == (clip.id, wanted)
    # Another clip ahead makes this one stale, and says which shot it was.
    await render(bench, "1", again=True, cut=False)
    [told] = (await bench.studio.ask(("shot.stale", {"shots": "2"}))).data
    [part] = [part for part in told["shots"][0]["stale"] if part["slot"] == "video"]
    assert "shot 1" in str(part)
    bench.instant.bought.clear()
    await render(bench, "2", cut=False)
    assert [order.stage for order, _ in bench.instant.bought] == ["video"]


async def test_what_a_shot_begins_with_is_rendered_too_where_it_is_not_there(bench: Bench) -> None:
    await bench.studio.do(("shot.follow", {"shots": "2-3", "after": "1"}))
    assert (await ahead(bench))[:3] == [None, 1, 2]
    outcome = await bench.studio.do(("gen.video", {"shots": "3", "cut": False}))
    assert outcome.commit
    assert [said.facts["shots"] for said in outcome.commit.summary if said.code == "render.ahead"] == [[2, 1]]
    assert [order.title.split(" of")[0] for order in await bench.claim()] == ["Shot 1"]


async def test_a_circle_is_refused_with_its_name_and_also_by_way_of_undo(bench: Bench) -> None:
    await bench.studio.do(("shot.follow", {"shots": "2-3", "after": "1"}))
    with pytest.raises(BadInput, match="1 continues from 3 continues from 2 continues from 1") as refused:
        await bench.studio.do(("shot.follow", {"shots": "1", "after": "3"}))
    assert refused.value.code
    with pytest.raises(BadInput, match="cannot continue from itself"):
        await bench.studio.do(("shot.follow", {"shots": "1", "after": "1"}))
    alone = await bench.studio.do(("shot.follow", {"shots": "2"}))
    await bench.studio.do(("shot.follow", {"shots": "1", "after": "3"}))
    assert alone.commit
    with pytest.raises(BadInput, match="continues from"):
        await bench.studio.do(("version.undo", {"revision": alone.commit.revision}))


async def test_shots_that_come_and_go_leave_no_shot_waiting_for_what_is_not_there(bench: Bench) -> None:
    await bench.studio.do(("shot.follow", {"shots": "2", "after": "1"}), ("shot.follow", {"shots": "3", "after": "2"}))
    # The second half of a shot that was cut in two is what the next one goes on from.
    await bench.studio.do(("shot.split", {"shot": "2"}))
    assert (await ahead(bench))[:4] == [None, 1, None, 3]
    await bench.studio.do(("shot.merge", {"shots": "2-3"}))
    assert (await ahead(bench))[:3] == [None, 1, 2]
    await bench.studio.do(("shot.reorder", {"shots": "3", "before": "1"}))
    assert (await ahead(bench))[:3] == [3, None, 2]
    await bench.studio.do(("shot.reorder", {"shots": "1", "after": "3"}))
    gone = await bench.studio.do(("shot.delete", {"shots": "2"}))
    assert gone.commit
    assert [said.facts["shots"] for said in gone.commit.summary if said.code == "shot.freed"] == [[3]]
    assert set(await ahead(bench)) == {None}
    await bench.studio.do(("version.undo", {}))
    assert (await ahead(bench))[:3] == [None, 1, 2]


async def test_a_copy_of_a_project_keeps_who_follows_whom_among_its_own(bench: Bench) -> None:
    await bench.studio.do(("shot.follow", {"shots": "2-3", "after": "1"}))
    outcome = await bench.studio.do(("project.duplicate", {}))
    assert outcome.commit
    bench.studio.workspace_id = outcome.commit.copies[0]
    assert (await ahead(bench))[:3] == [None, 1, 2]
