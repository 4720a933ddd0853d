"""The embedded PostgreSQL: who may do what, and what survives."""

import psycopg
import pytest

from storyreel.embedded import postgres
from tests.fixtures_services import Addresses


def test_the_application_is_no_superuser_and_owns_nothing(database: Addresses) -> None:
    with psycopg.connect(database.app) as connection:
        rights = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
        ).fetchone()
        owned = connection.execute("select count(*) from pg_class where relowner = current_user::regrole").fetchone()
    assert rights == (False, False, False, False)
    assert owned == (0,)


def test_the_application_writes_rows_but_not_the_schema(database: Addresses) -> None:
    with psycopg.connect(database.owner) as connection:
        connection.execute("create table tried (id bigint generated always as identity primary key, word text)")
    with psycopg.connect(database.app) as connection:
        connection.execute("insert into tried (word) values ('kept')")
        assert connection.execute("select word from tried").fetchall() == [("kept",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("drop table tried")


def test_row_security_holds_for_the_application(database: Addresses) -> None:
    with psycopg.connect(database.owner) as connection:
        connection.execute("create table secret (who text)")
        connection.execute("insert into secret values ('me'), ('you')")
        connection.execute("alter table secret enable row level security")
        connection.execute("create policy own on secret using (who = current_setting('app.who', true))")
    with psycopg.connect(database.app) as connection:
        assert connection.execute("select who from secret").fetchall() == []
        connection.execute("select set_config('app.who', 'me', true)")
        assert connection.execute("select who from secret").fetchall() == [("me",)]


def test_each_test_has_a_database_of_its_own_with_the_schema(database: Addresses, pg: postgres.Cluster) -> None:
    with psycopg.connect(database.app) as connection:
        name, tables = connection.execute(
            "select current_database(), count(*) from information_schema.tables where table_schema = 'public'"
        ).fetchone() or ("", 0)
    assert name != postgres.DATABASE
    assert tables > 10


def test_the_wrong_password_is_refused(pg: postgres.Cluster) -> None:
    wrong = pg.dsn(postgres.APP).replace(pg.secrets[postgres.APP], "guess")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)
