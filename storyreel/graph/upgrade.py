"""Bringing a database up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from storyreel.runtime.database import failures_named, sqlalchemy_url

MIGRATIONS = Path(__file__).parent / "migrations"
# One upgrade at a time, whoever starts it.
LOCK = 7_310_452


async def upgrade(owner_dsn: str) -> str:
    """Apply every migration that is missing, as the schema's owner; the revision it ends at.

    Raises:
        Unavailable: the database is away.
    """
    return await asyncio.to_thread(_upgrade, owner_dsn)


def head() -> str:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def current(dsn: str) -> str:
    """The revision a database is at; empty where nothing was applied."""
    return await asyncio.to_thread(_current, dsn)


def _upgrade(owner_dsn: str) -> str:
    engine = create_engine(sqlalchemy_url(owner_dsn))
    try:
        with failures_named(), engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()
    finally:
        engine.dispose()
    return head()


def _current(dsn: str) -> str:
    engine = create_engine(sqlalchemy_url(dsn))
    try:
        with failures_named(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
