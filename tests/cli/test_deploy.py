"""Builds of the worker from the command line, and what is said of what went wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from storyreel.desk import connect, versions
from storyreel.ledger.advice import BY_CODE, advice
from storyreel.model import errors
from storyreel.pipeline import contract
from storyreel.runtime.settings import load
from tests.cli.conftest import Shell
from tests.workflows.fakes import PATIENCE_S, Fakes, worker_of
from workflows.cut import EpisodeCut
from workflows.moving import MovingDesk
from workflows.sheet import SheetRender
from workflows.shot import ShotRender

WORKFLOWS = (MovingDesk, ShotRender, EpisodeCut, SheetRender)


async def test_a_build_takes_over_from_the_command_line(
    alone: Shell, temporal_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract, "PREFIX", f"deploy-{uuid4().hex[:6]}-")
    name = f"film-{uuid4().hex[:6]}"
    env = {"TEMPORAL_ADDRESS": temporal_server, "STORYREEL_DEPLOYMENT": name}
    none = await alone("deploy", "status", **env)
    assert none.code == 1 and "STORYREEL_BUILD_ID" in none.err
    client = await connect(load(temporal_address=temporal_server, deployment=name, build_id="one"))
    async with worker_of(client, Fakes(), workflows=WORKFLOWS):
        async with asyncio.timeout(PATIENCE_S):
            while await lacking(client, name):
                await asyncio.sleep(0.1)
        # The command runs in a process of its own, whose queues have other names: it is not to take over for them.
        refused = await alone("deploy", "current", "one", **env)
        assert refused.code == 1 and "start them all first" in refused.err
        await versions.set_current(client, name, "one")
        told = await alone("deploy", "status", "--json", **env)
    assert told.json["builds"] == [{"build_id": "one", "standing": "current", "percent": 100.0}]


async def lacking(client, name: str) -> bool:
    try:
        return bool(await versions.missing(client, name, "one"))
    except errors.NotFound:
        return True


def test_every_code_that_stops_a_stage_says_what_to_do() -> None:
    known = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.StoryreelError)}
    stops = {
        errors.NotPossible.code,
        errors.Rejected.code,
        errors.LookupUnsupported.code,
        errors.NoResource.code,
        errors.BadInput.code,
    }
    assert stops <= BY_CODE.keys()
    assert {code for code in BY_CODE if code.startswith("provider")} <= known
    assert advice("succeeded", None) == []
    assert "choice" in advice("running", None, waits_for_choice=True)[0]
    assert advice("manual_review", {"code": "provider-policy"}) == ["It waits for a person.", BY_CODE["provider-policy"]]
    assert advice("failed", {"code": "never heard of"}) == ["Retry it once its cause is mended."]
