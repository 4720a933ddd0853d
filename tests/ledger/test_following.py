"""A shot that continues from another is claimed after it, and waits, saying so, where that one needs a person."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storyreel.actions.base import DeskChange
from storyreel.ledger import tasks
from storyreel.pipeline.contract import Finish


async def follow(project, *pairs):
    async with project.db.begin() as conn:
        for shot, ahead in pairs:
            await conn.execute(
                text("update work_item set follows_id = :ahead where id = :id"),
                {"id": project.shots[shot - 1], "ahead": project.shots[ahead - 1] if ahead else None},
            )


async def queue(project, *numbers, revision=1):
    async with project.db.begin() as conn:
        await tasks.insert(
            conn, project.workspace, revision=revision, asked_by="anna", renders=[project.render(n) for n in numbers]
        )
        await tasks.set_desk(conn, project.workspace, DeskChange(concurrency=10))


async def claim(project):
    async with project.db.begin() as conn:
        orders = await tasks.claim(conn, project.workspace)
    return {project.shots.index(order.owner_id) + 1: order for order in orders}


async def end(project, order, outcome="succeeded"):
    async with project.db.begin() as conn:
        await tasks.finish(conn, Finish(workspace_id=project.workspace, task_id=order.task_id, outcome=outcome))


async def note(project, number):
    async with project.db.connect() as conn:
        return (await tasks.facts(conn, project.workspace, work_item_ids=[project.shots[number - 1]]))[0].note


async def test_a_chain_is_claimed_in_order_whatever_the_order_of_asking(project):
    await follow(project, (1, 4), (4, 2))
    await queue(project, 1, 4, 2, 3)
    first = await claim(project)
    assert set(first) == {2, 3}
    assert (await note(project, 4), await note(project, 1)) == ("waits for shot 2", "waits for shot 4")
    await end(project, first[2])
    second = await claim(project)
    assert set(second) == {4}
    await end(project, second[4])
    assert set(await claim(project)) == {1}
    assert await note(project, 1) == ""


@pytest.mark.parametrize("outcome", ["failed", "manual_review"])
async def test_what_failed_ahead_holds_what_continues_from_it_until_it_is_mended(project, outcome):
    await follow(project, (2, 1))
    await queue(project, 1, 2)
    await end(project, (await claim(project))[1], outcome)
    assert await claim(project) == {}
    assert await note(project, 2) == "waits for shot 1, which needs a person"
    ahead = (await facts(project, 1)).id
    async with project.db.begin() as conn:
        await tasks.change(conn, project.workspace, "retry", [ahead])
    again = await claim(project)
    assert set(again) == {1}
    assert await note(project, 2) == "waits for shot 1"
    await end(project, again[1])
    assert set(await claim(project)) == {2}


async def test_letting_go_frees_what_was_held(project):
    await follow(project, (2, 1))
    await queue(project, 1, 2)
    await end(project, (await claim(project))[1], "failed")
    await claim(project)
    await follow(project, (2, None))
    assert set(await claim(project)) == {2}


async def test_sound_alone_waits_for_no_picture(project):
    await follow(project, (2, 1))
    async with project.db.begin() as conn:
        renders = [project.render(1), project.render(2, "voice", "compose")]
        await tasks.insert(conn, project.workspace, revision=1, asked_by="anna", renders=renders)
    assert set(await claim(project)) == {1, 2}


async def facts(project, number):
    async with project.db.connect() as conn:
        return (await tasks.facts(conn, project.workspace, work_item_ids=[project.shots[number - 1]]))[0]
