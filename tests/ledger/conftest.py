from __future__ import annotations

import pytest

from storyreel.runtime.database import Database
from tests.standins.project import Project, a_project


@pytest.fixture
async def project(db: Database) -> Project:
    return await a_project(db)
