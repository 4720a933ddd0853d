from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from activities import slices
from activities.command import CommandActivity, envelope_of
from storyreel.actions.catalogue import parse
from storyreel.ledger import batches, providers
from storyreel.ledger.batches import Standing
from storyreel.model.errors import BadInput
from storyreel.pipeline.contract import Commanded, DeskCommand, DeskSignal, Verb
from tests.activities.conftest import Bench


def command(verb: Verb, **signal: Any) -> DeskCommand:
    return DeskCommand(workspace_id=uuid4(), verb=verb, request_id=uuid4(), signal=DeskSignal(**signal))


@pytest.mark.parametrize(
    ("verb", "signal", "action", "args"),
    [
        ("rerender", {"shots": "8-12"}, "gen.video", {"shots": "8-12", "again": False}),
        ("rerender", {"shots": "3", "stages": ("voice",), "again": True}, "gen.voice", {"shots": "3", "again": True}),
        ("rerender", {"shots": "3", "stages": ("grid", "select")}, "gen.image", {"shots": "3", "again": False}),
        ("rerender", {"stages": ("film",)}, "gen.compose", {}),
        ("rerender", {"stages": ("music",), "priority": 70}, "gen.music", {"priority": 70}),
        ("cancel", {"shots": "2"}, "task.cancel", {"shots": "2"}),
        ("pause", {}, "task.pause", {}),
        ("resume", {}, "task.resume", {}),
        ("set_concurrency", {"concurrency": 4}, "task.set_concurrency", {"concurrency": 4}),
        ("reprioritise", {"shots": "3", "priority": 90}, "task.prioritise", {"shots": "3", "priority": 90}),
        ("rerender", {"stale": True}, "gen.video", {"shots": "all", "again": False, "stale": True}),
        ("rerender", {"shots": "scene 2", "provider": "a"}, "gen.video", {"shots": "scene 2", "again": False, "provider": "a"}),
        ("rerender", {"template": "ink"}, "gen.video", {"shots": "all", "again": False, "template": "ink"}),
    ],
)
def test_a_signal_is_an_action_that_exists(verb: Verb, signal: dict[str, Any], action: str, args: dict[str, Any]) -> None:
    asked = command(verb, **signal)
    envelope = envelope_of(asked)
    assert [(each.type, each.args) for each in envelope.actions] == [(action, args)]
    assert envelope.request_id == asked.request_id
    assert parse(envelope.actions[0])


def test_a_signal_without_its_number_says_what_it_should_look_like() -> None:
    with pytest.raises(BadInput, match='"concurrency": 4'):
        envelope_of(command("set_concurrency"))
    with pytest.raises(BadInput, match='"priority": 90'):
        envelope_of(command("reprioritise"))


async def test_sending_the_signal_is_saying_yes(bench: Bench) -> None:
    asked = command("rerender", shots="1-3", again=True, actor="anna").model_copy(
        update={"workspace_id": bench.studio.workspace_id}
    )
    done = await CommandActivity(bench.work).command(asked)
    again = await CommandActivity(bench.work).command(asked)
    assert done.revision is not None
    assert again.revision == done.revision, "sent twice, it counts once"
    assert len(await bench.claim()) == 3
    assert await bench.studio.scalar("select count(*) from proposal where workspace_id = :ws and state = 'open'") == 0
    assert await bench.studio.scalar("select decided_by from proposal where workspace_id = :ws") == "anna"


async def test_a_signal_that_cannot_be_done_says_why(bench: Bench) -> None:
    asked = command("cancel").model_copy(update={"workspace_id": bench.studio.workspace_id})
    done = await CommandActivity(bench.work).command(asked)
    assert (done.revision, done.refused) == (None, "there is nothing to cancel")


async def give(bench: Bench, verb: Verb, **signal: Any) -> Commanded:
    """Give a command as the desk does, until all of it is asked for."""
    asked = command(verb, **signal).model_copy(update={"workspace_id": bench.studio.workspace_id})
    done = await CommandActivity(bench.work).command(asked)
    while done.asked < done.shots:
        asked = asked.model_copy(update={"asked": done.asked})
        # Each is given twice, as an activity that was lost on its way back is.
        await CommandActivity(bench.work).command(asked)
        done = await CommandActivity(bench.work).command(asked)
    return done


async def batch(bench: Bench, batch_id: UUID | None) -> Standing:
    assert batch_id
    async with bench.studio.door.database.connect() as conn:
        found = await batches.find(conn, bench.studio.workspace_id, batch_id)
    assert found
    return found


async def test_what_is_too_much_for_one_commit_is_asked_for_slice_by_slice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", 2)
    await bench.studio.do(("shot.update", {"shots": "2", "status": "locked"}))
    done = await give(bench, "rerender", again=True, actor="anna")
    found = await batch(bench, done.batch_id)
    assert (found.total, found.waiting, found.to_ask, found.skipped) == (4, 4, 0, {"locked": 1})
    assert (found.asked_by, found.reason) == ("anna", "signal")
    assert (found.selector["shots"], found.selector["again"]) == ("all", True)
    assert await bench.studio.scalar("select count(*) from task where workspace_id = :ws") == 4
    assert await bench.studio.scalar("select count(distinct revision) from task where workspace_id = :ws") == 3


async def test_a_shot_that_goes_while_it_is_asked_for_takes_nothing_with_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 2)
    asked = command("rerender").model_copy(update={"workspace_id": bench.studio.workspace_id})
    done = await CommandActivity(bench.work).command(asked)
    assert (done.asked, done.shots) == (2, 5)
    await bench.studio.do(("shot.delete", {"shots": "4"}))
    for upto in (2, 4):
        done = await CommandActivity(bench.work).command(asked.model_copy(update={"asked": upto}))
    found = await batch(bench, done.batch_id)
    assert (found.total, found.to_ask, found.skipped) == (4, 0, {"gone": 1})


async def test_everything_by_a_provider_or_in_a_style_or_stale_is_rendered_again(bench: Bench) -> None:
    await bench.studio.do(("style.save", {"name": "Ink", "style": "ink"}), ("style.apply", {"name": "Ink", "shots": "2"}))
    done = await give(bench, "rerender", template="Ink")
    assert [said["shots"] for said in await wanted(bench, done)] == [[2]]
    with pytest.raises(Exception, match="no style or template 'Oil'"):
        await give(bench, "rerender", template="Oil")
    with pytest.raises(Exception, match="none of the 5 shots is made by nobody"):
        await give(bench, "rerender", provider="nobody")


async def wanted(bench: Bench, done: Commanded) -> list[dict[str, Any]]:
    summary = await bench.studio.scalar("select summary from commit where workspace_id = :ws and revision = :r", r=done.revision)
    return [said["facts"] for said in summary if said["code"] == "render.wanted"]


async def test_a_provider_is_held_and_let_go_by_its_name(bench: Bench) -> None:
    await give(bench, "pause", provider="remote", actor="ops")
    async with bench.studio.door.database.connect() as conn:
        assert [(one.provider, one.paused_by) for one in await providers.held(conn, bench.studio.workspace_id)] == [
            ("remote", "ops")
        ]
    await give(bench, "resume", provider="remote")
    async with bench.studio.door.database.connect() as conn:
        assert await providers.held(conn, bench.studio.workspace_id) == []


async def test_what_is_asked_for_can_be_put_first(bench: Bench) -> None:
    done = await give(bench, "rerender")
    await give(bench, "reprioritise", shots="4", priority=90)
    await give(bench, "set_concurrency", concurrency=1)
    assert [order.title for order in await bench.claim()] == ["Shot 4 of 5: shot 4"]
    await give(bench, "cancel", batch=done.batch_id)
    found = await batch(bench, done.batch_id)
    assert (found.cancelled, found.running) == (4, 1)
