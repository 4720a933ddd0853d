"""A stack and a vendor for a module of tests, or for one test that kills them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.stand import Stand, VendorProcess


@contextmanager
def standing(folder: Path, **env: str) -> Generator[Stand]:
    with (folder / "vendor.log").open("wb") as log:
        vendor = VendorProcess(log)
        stand = Stand(folder / "home", vendor, **env)
        try:
            stand.up()
            yield stand
            stand.down()
        finally:
            if stand.process is not None:
                stand.process.kill()
                stand.process.wait()
            vendor.stop()


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(tmp_path_factory.mktemp("stand")) as running:
        yield running


@pytest.fixture
def own_stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as running:
        yield running
