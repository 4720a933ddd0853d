"""The database: transactions, what its failures are called, and LISTEN."""

import asyncio
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors as pg_errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storyreel.actions.base import Asked, Envelope
from storyreel.commits import LOCAL_OWNER, Bell, Door, perform
from storyreel.embedded import postgres
from storyreel.embedded.ports import free
from storyreel.ledger.quote import Quote
from storyreel.model.errors import BadInput, Unavailable
from storyreel.runtime.database import Database, Heard, failures_named, listen, notify, open_database, plain_dsn, sqlalchemy_url
from tests.fixtures_services import Addresses


async def test_begin_commits_and_rolls_back(database: Addresses) -> None:
    owner = open_database(database.owner)
    async with owner.begin() as connection:
        await connection.execute(text("create table tried (n int primary key)"))
        await connection.execute(text("insert into tried values (1)"))
    with pytest.raises(IntegrityError):
        async with owner.begin() as connection:
            await connection.execute(text("insert into tried values (2)"))
            await connection.execute(text("insert into tried values (1)"))
    async with owner.connect() as connection:
        assert (await connection.execute(text("select n from tried"))).scalars().all() == [1]
    await owner.close()


async def test_what_a_connection_has_prepared_outlives_its_readings_and_a_refusal(database: Addresses) -> None:
    one = open_database(database.app, pool_size=1)
    door = Door(database=one, bell=Bell(one), price=lambda _view, _renders: Quote(lines=()))
    made = Asked(type="project.create", args={"name": "Kept"})
    workspace = uuid4()
    await perform(door, workspace, Envelope(request_id=uuid4(), actions=(made,)), LOCAL_OWNER)
    gone = Envelope(request_id=uuid4(), actions=(Asked(type="shot.delete", args={"shots": "9"}),))
    for _ in range(8):
        async with one.connect() as connection:
            await connection.execute(text("select name from workspace"))
        with pytest.raises(BadInput):
            await perform(door, workspace, gone, LOCAL_OWNER)
    async with one.connect() as connection:
        prepared = (await connection.execute(text("select statement from pg_prepared_statements"))).scalars().all()
    await door.close()
    await one.close()
    assert any("select name from workspace" in statement for statement in prepared)
    assert any("for no key update" in statement for statement in prepared), "the refused transactions' own"


async def test_a_table_that_is_changed_under_what_was_prepared_is_a_moment_and_no_fault(database: Addresses) -> None:
    one, other = open_database(database.owner, pool_size=1), open_database(database.owner)

    async def columns() -> int:
        async with one.connect() as connection:
            return len((await connection.execute(text("select * from changing"))).keys())

    async with other.begin() as connection:
        await connection.execute(text("create table changing (n int)"))
    assert [await columns() for _ in range(8)] == [1] * 8
    async with other.begin() as connection:
        await connection.execute(text("alter table changing add m int"))
    with pytest.raises(Unavailable, match="changed"):
        await columns()
    assert await columns() == 2
    await one.close()
    await other.close()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    nowhere = open_database(f"postgresql://me:x@127.0.0.1:{free()}/none")
    with pytest.raises(Unavailable, match="away"):
        async with nowhere.connect():
            pass


async def test_a_connection_that_is_cut_is_unavailable_and_the_next_one_works(
    db: Database, database: Addresses, pg: postgres.Cluster
) -> None:
    with pytest.raises(Unavailable, match="away"):
        async with db.begin() as connection:
            pid = (await connection.execute(text("select pg_backend_pid()"))).scalar_one()
            with psycopg.connect(pg.dsn(postgres.ADMIN, "postgres"), autocommit=True) as admin:
                admin.execute("select pg_terminate_backend(%s)", (pid,))
            await connection.execute(text("select 1"))
    async with db.connect() as connection:
        assert (await connection.execute(text("select 1"))).scalar_one() == 1


async def test_connections_that_died_while_nobody_used_them_are_replaced_unseen(
    db: Database, database: Addresses, pg: postgres.Cluster
) -> None:
    async with db.begin() as one, db.begin() as two:
        pids = [(await each.execute(text("select pg_backend_pid()"))).scalar_one() for each in (one, two)]
    with psycopg.connect(pg.dsn(postgres.ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid, 5000) from unnest(%s) pid", (pids,))
    for _ in range(2):
        async with db.begin() as connection:
            assert (await connection.execute(text("select pg_backend_pid()"))).scalar_one() not in pids


async def test_more_work_than_connections_is_unavailable_not_a_hang(database: Addresses) -> None:
    small = open_database(database.app, pool_size=1, timeout_s=0.1)
    async with small.connect():
        with pytest.raises(Unavailable, match="in use"):
            async with small.connect():
                pass
    await small.close()


def test_a_full_disk_is_said_in_words() -> None:
    with pytest.raises(Unavailable, match="disk is full"), failures_named():
        raise DBAPIError("insert", {}, pg_errors.DiskFull("No space left on device"))


def test_other_failures_pass_as_they_are() -> None:
    with pytest.raises(pg_errors.UniqueViolation), failures_named():
        raise pg_errors.UniqueViolation("twice")


async def test_what_is_said_is_heard_after_the_commit_only(db: Database, database: Addresses) -> None:
    ear = listen(database.app, "bell")
    assert await anext(ear) == Heard(gap=True)
    with pytest.raises(ZeroDivisionError):
        async with db.begin() as connection:
            await notify(connection, "bell", "never")
            raise ZeroDivisionError
    async with db.begin() as connection:
        await notify(connection, "bell", "one")
    assert await asyncio.wait_for(anext(ear), 5) == Heard("bell", "one")
    await ear.aclose()


async def test_listening_goes_on_after_the_connection_is_lost(db: Database, database: Addresses, pg: postgres.Cluster) -> None:
    ear = listen(database.app, "bell", "other")
    await anext(ear)
    with psycopg.connect(pg.dsn(postgres.ADMIN, "postgres"), autocommit=True) as admin:
        name = plain_dsn(database.app).rsplit("/", 1)[1]
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and query like 'listen%%'", (name,)
        )
    assert await asyncio.wait_for(anext(ear), 5) == Heard(gap=True)
    async with db.begin() as connection:
        await notify(connection, "other", "two")
    assert await asyncio.wait_for(anext(ear), 5) == Heard("other", "two")
    await ear.aclose()


def test_addresses_are_rewritten_for_each_driver() -> None:
    assert sqlalchemy_url("postgres://me:p%40ss@h:1/d") == "postgresql+psycopg://me:p%40ss@h:1/d"
    assert plain_dsn("postgresql+psycopg://me:p%40ss@h:1/d") == "postgresql://me:p%40ss@h:1/d"
