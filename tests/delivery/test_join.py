"""Joining: who knows the secret is told all that a worker needs, and nobody else is told anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from storyreel.model.errors import BadInput, Refused, Unavailable
from storyreel.runtime.join import admit, apart, become, handed_out, join
from storyreel.runtime.settings import Settings, load, variables
from tests.api.conftest import served
from tests.fixtures_services import Addresses

SECRET = "a-secret-of-this-installation"
S3 = {"s3_endpoint": "http://s3.example:7070", "s3_access_key": "key", "s3_secret_key": "word"}


def settings(database: str = "postgresql://storyreel_app:pw@db.example/storyreel", **more: Any) -> Settings:
    given = {"database_url": database, "join_secret": SECRET, "temporal_address": "temporal.example:7233", **S3, **more}
    return load(**given)


@asynccontextmanager
async def api(database: Addresses, home: Path, **more: Any) -> AsyncIterator[str]:
    async with served(settings(database.app, home=home, **more)) as base:
        yield base


async def told(base: str, secret: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.post(f"{base}/v1/join", headers={"Authorization": f"Bearer {secret}"} if secret else {})


async def test_the_api_tells_a_worker_all_it_needs_and_a_stranger_nothing(database: Addresses, tmp_path: Path) -> None:
    rules = {"provider_limits": "remote=60/min", "on_unknown": "remote=0.5"}
    async with api(database, tmp_path, provider_video="remote", remote_provider_url="http://gpu.example", **rules) as base:
        for wrong in ("", "x", SECRET + "x"):
            answer = await told(base, wrong)
            assert (answer.status_code, answer.json()["code"]) == (403, "refused")
            assert database.app not in answer.text and "word" not in answer.text
        answer = await told(base, SECRET)
    assert answer.status_code == 200
    environment = answer.json()["environment"]
    worker = Settings(**_from(environment))
    assert (worker.app_dsn, worker.temporal_address) == (database.app, "temporal.example:7233")
    assert (worker.s3_endpoint, worker.s3_secret_key.get_secret_value()) == ("http://s3.example:7070", "word")
    assert (worker.provider_video, worker.remote_provider_url) == ("remote", "http://gpu.example")
    assert (worker.provider_limits, worker.on_unknown) == (load(**rules).provider_limits, load(**rules).on_unknown)
    assert not [name for name in environment if "JOIN" in name or "HOME" in name or "API_PORT" in name or "QUEUES" in name]


async def test_joining_is_off_until_a_secret_is_set(database: Addresses, tmp_path: Path) -> None:
    async with api(database, tmp_path, join_secret="") as base:
        answer = await told(base, "")
        assert (answer.status_code, "STORYREEL_JOIN_SECRET" in answer.json()["detail"]) == (403, True)


def test_a_short_secret_is_none() -> None:
    with pytest.raises(Refused, match="fewer than 16"):
        admit(settings(join_secret="short"), "short")


def test_a_folder_cannot_be_shared_and_an_address_of_this_machine_is_none_for_another() -> None:
    with pytest.raises(Refused, match="S3_ENDPOINT"):
        handed_out(settings(s3_endpoint=""), "temporal.example:7233", elsewhere=False)
    near = settings("postgresql://a:b@127.0.0.1/x", s3_endpoint="http://localhost:7070")
    with pytest.raises(Refused, match="DATABASE_URL, TEMPORAL_ADDRESS, S3_ENDPOINT"):
        handed_out(near, "[::1]:7233", elsewhere=True)
    assert handed_out(near, "[::1]:7233", elsewhere=False)["TEMPORAL_ADDRESS"] == "[::1]:7233"


@pytest.mark.parametrize(
    ("address", "where", "secret"),
    [
        ("http://10.0.0.5:8710", "http://10.0.0.5:8710", ""),
        ("https://:word@films.example/", "https://films.example", "word"),
        ("http://any:word@[fd00::5]:8710/here", "http://[fd00::5]:8710/here", "word"),
    ],
)
def test_an_address_may_carry_the_secret(address: str, where: str, secret: str) -> None:
    assert apart(address) == (where, secret)


@pytest.mark.parametrize("address", ["10.0.0.5:8710", "postgresql://x", "http://"])
def test_what_is_no_address_is_said_to_be_none(address: str) -> None:
    with pytest.raises(BadInput, match="--join needs the address"):
        apart(address)


def test_an_api_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(Unavailable, match="No API answers"):
        join("http://127.0.0.1:1")


def test_what_the_machine_itself_says_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_BUCKET", "mine")
    monkeypatch.setenv("S3_ENDPOINT", "")
    become({"S3_BUCKET": "theirs", "S3_ENDPOINT": "http://s3.example"})
    assert (load().s3_bucket, load().s3_endpoint) == ("mine", "http://s3.example")


def _from(environment: dict[str, str]) -> dict[str, str]:
    names = {name: field for field in Settings.model_fields for name in variables(field)}
    return {names[name]: value for name, value in environment.items() if name in names}
