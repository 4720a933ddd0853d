"""The Temporal server: found in a fixed order, said plainly when there is none, and fit for our workflows."""

import os
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from storyreel.embedded import fetch, temporal
from storyreel.model.errors import Unavailable
from storyreel.runtime.settings import WrongSetting, load


def fake(path: Path, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def nothing_to_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_download(target: Path) -> str:
        return "no network"

    async def no_build(package: str, target: Path) -> str:
        return "Go is not installed"

    monkeypatch.setattr(fetch, "download_temporal", no_download)
    monkeypatch.setattr(fetch, "go_install", no_build)
    monkeypatch.setenv("PATH", "/bin:/usr/bin")


async def test_a_named_binary_comes_first_and_must_work(tmp_path: Path) -> None:
    good, bad = fake(tmp_path / "good"), fake(tmp_path / "bad", code=1)
    assert (await temporal.find(load(temporal_bin=good), [].append)).path == good
    with pytest.raises(WrongSetting, match="STORYREEL_TEMPORAL_BIN"):
        await temporal.find(load(temporal_bin=bad), [].append)


async def test_then_the_path_then_the_cache(tmp_path: Path, nothing_to_fetch: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = fake(tmp_path / "cache" / "bin" / f"temporal-{temporal.VERSION}")
    settings = load(cache=tmp_path / "cache")
    assert (await temporal.find(settings, [].append)).path == cached
    on_path = fake(tmp_path / "path" / "temporal")
    monkeypatch.setenv("PATH", f"{on_path.parent}:/bin:/usr/bin")
    assert (await temporal.find(settings, [].append)).path == on_path


async def test_it_is_built_when_it_cannot_be_downloaded(
    tmp_path: Path, nothing_to_fetch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def build(package: str, target: Path) -> str:
        assert package == "github.com/temporalio/cli/cmd/temporal@v1.5.1"
        fake(target)
        return ""

    monkeypatch.setattr(fetch, "go_install", build)
    said: list[str] = []
    found = await temporal.find(load(cache=tmp_path / "cache"), said.append)
    assert found.path.exists()
    assert found.how.startswith("built in")
    assert "no network" in said[-1]
    assert (await temporal.find(load(cache=tmp_path / "cache"), said.append)).how == "from the cache"


async def test_no_server_at_all_says_what_to_do(tmp_path: Path, nothing_to_fetch: None) -> None:
    with pytest.raises(Unavailable, match=r"no network.*Go is not installed.*TEMPORAL_ADDRESS"):
        await temporal.find(load(cache=tmp_path / "cache"), [].append)


async def test_a_build_that_fails_says_why_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text("#!/bin/sh\necho 'module not found' >&2\nexit 1\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{go.parent}:{os.environ['PATH']}")
    target = tmp_path / "cache" / "thing"
    assert await fetch.go_install("example.org/thing@v1", target) == "module not found"
    assert list(target.parent.iterdir()) == []


async def test_the_server_knows_our_search_attributes(temporal_server: str) -> None:
    client = await Client.connect(temporal_server)
    given = TypedSearchAttributes(
        [SearchAttributePair(SearchAttributeKey.for_keyword(name), "x") for name in temporal.SEARCH_ATTRIBUTES]
    )
    run = await client.start_workflow("Nobody", id="searchable", task_queue="nobody", search_attributes=given)
    described = await run.describe()
    assert set(temporal.SEARCH_ATTRIBUTES) <= {pair.key.name for pair in described.typed_search_attributes}
    await run.terminate()
