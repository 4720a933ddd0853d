"""The real worker process with the real built-in providers: what `storyreel up` runs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from temporalio.client import Client

from storyreel.assets import FolderStore
from storyreel.commits import Door
from storyreel.model.rows import Node
from tests.activities.instant import Instant
from tests.commits.conftest import Studio
from tests.desk.conftest import Set
from tests.fixtures_services import Addresses

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def worker(stage_set: Set, address: str, home: Path, *args: str) -> AsyncIterator[asyncio.subprocess.Process]:
    ready, said = home / "ready", home / "worker.log"
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "STORYREEL_HOME": str(home),
        "STORYREEL_APP_DATABASE_URL": stage_set.dsn,
        "TEMPORAL_ADDRESS": address,
        "STORYREEL_READY_FILE": str(ready),
        "STORYREEL_LOG_FORMAT": "json",
    }
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "worker", *args, cwd=ROOT, env=env, stderr=log)
    try:
        async with asyncio.timeout(40):
            while not ready.exists():
                assert process.returncode is None, said.read_text()
                await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 30)
            except TimeoutError:
                process.kill()
                raise


async def small(door: Door) -> Studio:
    studio = Studio(door, uuid4())
    await studio.do(("project.create", {"name": "One lamp"}))
    await studio.do(
        ("project.update_meta", {"resolution": "360p"}),
        ("project.set_config", {"grid_rows": 1, "grid_cols": 1}),
        ("scene.add", {"title": "One", "place": "street"}),
        ("shot.bulk_add", {"shots": [{"duration_s": 1, "picture": {"subject": "a lamp"}, "lines": [{"text": "Hello."}]}]}),
    )
    return studio


async def test_a_worker_makes_a_film_of_one_shot_and_stops_when_it_is_told(
    client: Client, temporal_server: str, door: Door, database: Addresses, tmp_path: Path
) -> None:
    studio = await small(door)
    alone = Set(studio, client, Instant(tmp_path), database.app)
    home = tmp_path / "home"
    async with worker(alone, temporal_server, home) as process:
        await studio.do(("gen.compose", {}))
        found = await alone.all_over()
    assert process.returncode == 0, (home / "worker.log").read_text()
    assert [(task.state, task.error) for task in found] == [("succeeded", None)] * 2
    view = await studio.view()
    film = view.get(Node, view.episode.film_node_id)
    assert film.asset_id is not None
    assert await FolderStore(home / "assets").size(film.asset_id) > 10_000
