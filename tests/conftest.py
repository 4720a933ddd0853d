"""What every room's tests may use.

`database`: a fresh copy of the migrated database, as two addresses. `db`: the same, opened as the application. `temporal_server`:
the address of a real development server. `store`: an empty folder store. No test reaches beyond this machine.
"""

from __future__ import annotations

import os

import pytest

from storyreel.runtime.settings import Settings, variables

pytest_plugins = ["tests.fixtures_network", "tests.fixtures_services"]

# Where programs are kept stays as it is; all else that could reach a service or a key of the person who runs the tests goes.
KEPT = ("cache", "temporal_bin")


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> None:
    for field in Settings.model_fields:
        for name in variables(field) if field not in KEPT else ():
            os.environ.pop(name, None)
