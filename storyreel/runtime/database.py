"""The way to PostgreSQL: one engine a process, one place where its failures are named, and LISTEN.

async with database.begin() as connection:      # one transaction
async with database.connect() as connection:    # reads, each statement by itself
async for heard in listen(dsn, "bell"):         # for ever, through restarts of the server
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic_core import from_json
from sqlalchemy import TextClause, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storyreel.model.errors import Unavailable
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings

# The server is there but takes no work now: starting, stopping, failed over, out of connections.
AWAY = (
    pg.AdminShutdown,
    pg.CrashShutdown,
    pg.CannotConnectNow,
    pg.TooManyConnections,
    pg.ReadOnlySqlTransaction,
    pg.ConnectionException,
    psycopg.InterfaceError,
)
KEEPALIVE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
LONGEST_PAUSE_S = 5.0
# A connection that was used this lately and whose socket is silent is there; a longer one may have been dropped on the way.
TRUSTED_S = 10.0
LEFT_S = "left_s"


@contextmanager
def failures_named() -> Generator[None]:
    """Turn "the database is away" and "the disk is full" into `Unavailable`; every other failure passes as it is."""
    try:
        yield
    except PoolTimeout as busy:
        raise Unavailable("All connections to the database are in use; try again in a moment.") from busy
    except DBAPIError as failure:
        said = _named(failure.orig, lost=failure.connection_invalidated)
        if said is None:
            raise
        raise said from failure
    except psycopg.Error as failure:
        said = _named(failure, lost=False)
        if said is None:
            raise
        raise said from failure


@dataclass(frozen=True)
class Database:
    """An engine with its failures named. Make one a process with `open_database`; `close` it at the end."""

    engine: AsyncEngine

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AsyncConnection]:
        """A connection to read with: each statement is a transaction of its own.

        Nothing is rolled back at its end: with a rollback the driver forgets every statement that it has prepared.

        Raises:
            Unavailable: the database is away, full or out of connections.
        """
        with failures_named():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises:
            Unavailable: the database is away, full or out of connections.
        """
        with failures_named():
            async with self.engine.begin() as connection:
                yield connection

    async def version(self) -> str:
        """The server's version: it answers.

        Raises:
            Unavailable: it does not.
        """
        async with self.connect() as connection:
            return str(await connection.scalar(text("show server_version")))

    async def close(self) -> None:
        """Give the connections back to the server."""
        await self.engine.dispose()


def open_database(dsn: str, *, pool_size: int = 10, timeout_s: float = 5.0) -> Database:
    """A database that connects on first use. `dsn` is an ordinary postgresql:// address."""
    engine = create_async_engine(
        sqlalchemy_url(dsn),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout_s,
        json_deserializer=from_json,
        connect_args={"connect_timeout": max(2, round(timeout_s)), "options": "-c timezone=UTC", **KEEPALIVE},
    )
    _look_before_use(engine)
    _close_where_outdated(engine)
    return Database(engine)


def database_of(settings: Settings) -> Database:
    """The database of the settings, as the role of the application."""
    return open_database(settings.app_dsn, pool_size=settings.database_pool_size, timeout_s=settings.database_timeout_s)


def sqlalchemy_url(dsn: str) -> str:
    """The same address with the driver that SQLAlchemy is to use."""
    return make_url(dsn).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_dsn(dsn: str) -> str:
    """The same address as psycopg and psql read it."""
    return make_url(dsn).set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """One notification. `gap` is True, with nothing else, when listening (re)starts: what was said before was not heard."""

    channel: str = ""
    payload: str = ""
    gap: bool = False


async def listen(dsn: str, *channels: str) -> AsyncGenerator[Heard]:
    """What is said on `channels`, for ever, over a connection of its own that is opened again whenever it is lost.

    It yields `Heard(gap=True)` each time listening begins, so that the caller reads the state it may have missed.
    """
    pause_s = 0.1
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(_patient(dsn), autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                pause_s = 0.1
                yield Heard(gap=True)
                async for said in connection.notifies():
                    yield Heard(said.channel, said.payload)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


@cache
def statement(sql: str) -> TextClause:
    """A statement by its constant text, read once."""
    return text(sql)


async def notify(connection: AsyncConnection, channel: str, payload: str = "") -> None:
    """Say something on a channel; it is heard when the transaction commits. Ids only: every role hears it."""
    await connection.execute(statement("select pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload})


def _look_before_use(engine: AsyncEngine) -> None:
    """Have a connection that died in the pool replaced before it is given out.

    A server that ends a connection says so on its socket, so that one that is silent and was used a moment ago needs no question:
    asking each time costs every transaction a round trip.
    """
    pool, dialect = engine.sync_engine.pool, engine.sync_engine.dialect

    @event.listens_for(pool, "checkin")
    def _left(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[LEFT_S] = clock.steady_s()

    @event.listens_for(pool, "checkout")
    def _taken(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        left_s = record.info.pop(LEFT_S, None)
        if left_s is None or (clock.steady_s() - left_s < TRUSTED_S and _silent(connection.driver_connection)):
            return
        try:
            dialect.do_ping(connection)
        except psycopg.Error as lost:
            raise InvalidatePoolError from lost


def _close_where_outdated(engine: AsyncEngine) -> None:
    """Have connections closed whose prepared statements are of tables that were changed since: the driver would send them for ever."""

    @event.listens_for(engine.sync_engine, "handle_error")
    def _failed(context: ExceptionContext) -> None:
        if _outdated(context.original_exception):
            context.is_disconnect = True


def _outdated(failure: BaseException | None) -> bool:
    return isinstance(failure, pg.FeatureNotSupported) and "cached plan" in str(failure)


def _silent(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Whether the server has said nothing since the last answer."""
    if connection.closed:
        return False
    ear = select.poll()
    ear.register(connection.pgconn.socket, select.POLLIN)
    return not ear.poll(0)


def _patient(dsn: str) -> str:
    return make_conninfo(plain_dsn(dsn), connect_timeout=5, **KEEPALIVE)


def _named(failure: BaseException | None, *, lost: bool) -> Unavailable | None:
    if _outdated(failure):
        return Unavailable("The database's tables have just been changed; try again.", cause="tables-changed")
    if isinstance(failure, pg.DiskFull):
        return Unavailable("The database's disk is full: nothing was saved. Free some space and try again.", cause="disk-full")
    unreachable = isinstance(failure, psycopg.OperationalError) and failure.sqlstate is None
    if lost or unreachable or isinstance(failure, AWAY):
        return Unavailable("The database is away for the moment; nothing was lost.", cause="database-away")
    return None
