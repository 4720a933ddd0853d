from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from activities.command import CommandActivity, envelope_of
from storyreel.actions.catalogue import parse
from storyreel.model.errors import BadInput
from storyreel.pipeline.contract import DeskCommand, DeskSignal, Verb
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
