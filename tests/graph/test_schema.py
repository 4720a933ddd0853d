"""The database's own promises: one shape however it was made, transitions that it holds, and walls between workspaces."""

from __future__ import annotations

import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from storyreel.embedded import postgres
from storyreel.graph import upgrade as upgrades
from storyreel.runtime import tables
from tests.fixtures_services import Addresses, run
from tools.generate_tables import generate

ROOT = Path(__file__).parents[2]
SPINE = ROOT / "storyreel" / "graph" / "migrations" / "versions" / "0001_spine.sql"


@pytest.fixture
def migrated(pg: postgres.Cluster):
    """A database with nothing in it, brought up by the migrations alone."""
    name = f"migrated_{uuid4().hex[:8]}"
    with psycopg.connect(pg.dsn(postgres.ADMIN, "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name} template template0 owner {postgres.OWNER}")
    # What only an administrator may make, as `prepare` does it for the stack's own database.
    with psycopg.connect(pg.dsn(postgres.ADMIN, name), autocommit=True) as conn:
        conn.execute("create extension if not exists vector")
    yield Addresses(pg.dsn(postgres.OWNER, name), pg.dsn(postgres.APP, name))
    run(postgres.drop_database(pg, name))


def dumped(pg: postgres.Cluster, dsn: str) -> str:
    program = postgres.programs(pg.folder) / "pg_dump"
    asked = (program, "--schema-only", "--no-owner", "--no-privileges", "--exclude-table=alembic_version", dsn)
    text = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict", "-- Dumped")))


def test_the_migrations_end_where_the_schema_does(pg: postgres.Cluster, database: Addresses, migrated: Addresses):
    assert run(upgrades.upgrade(migrated.owner)) == upgrades.head()
    assert run(upgrades.current(migrated.owner)) == upgrades.head()
    wanted = dumped(pg, database.owner)
    assert "CREATE TABLE public.work_item" in wanted
    assert dumped(pg, migrated.owner) == wanted
    assert rules_of(migrated.owner) == rules_of(database.owner) != set()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(pg: postgres.Cluster, migrated: Addresses):
    run(upgrades.upgrade(migrated.owner))
    before = dumped(pg, migrated.owner)
    run(upgrades.upgrade(migrated.owner))
    assert dumped(pg, migrated.owner) == before


def test_the_first_migration_is_the_schema_as_long_as_it_is_the_only_one():
    versions = list(SPINE.parent.glob("*.sql"))
    if versions == [SPINE]:
        assert SPINE.read_text() == (ROOT / "schema.sql").read_text()


def test_the_tables_in_python_are_those_of_the_schema(database: Addresses):
    url = database.owner.replace("postgresql://", "postgresql+psycopg://")
    assert Path(tables.__file__).read_text() == generate(url), "run tools/generate_tables.py"


def test_every_foreign_key_of_a_workspaces_table_carries_the_workspace(database: Addresses):
    with psycopg.connect(database.owner) as conn:
        held = conn.execute(
            """
            select c.conname, array_agg(a.attname::text) from pg_constraint c
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
            where c.contype = 'f' and c.connamespace = 'public'::regnamespace group by c.conname, c.oid
            """
        ).fetchall()
    assert len(held) > 40
    assert [name for name, columns in held if "workspace_id" not in columns] == []


def test_a_row_of_another_workspace_cannot_be_referenced(database: Addresses):
    with psycopg.connect(database.app) as conn:
        mine, theirs = a_film(conn), a_film(conn)
        conn.commit()
        with pytest.raises(errors.ForeignKeyViolation):
            conn.execute("update work_item set scene_id = %s where workspace_id = %s", (theirs["scene"], mine["workspace"]))
        conn.rollback()
        with pytest.raises(errors.ForeignKeyViolation):
            a_task(conn, {**mine, "shot": theirs["shot"]})
        conn.rollback()
        node = uuid4()
        conn.execute(
            "insert into node (workspace_id, id, kind, work_item_id) values (%s, %s, 'image', %s)",
            (theirs["workspace"], node, theirs["shot"]),
        )
        with pytest.raises(errors.ForeignKeyViolation):
            conn.execute("update work_item set picture_node_id = %s where workspace_id = %s", (node, mine["workspace"]))


def test_a_shot_cannot_select_its_neighbours_picture(database: Addresses):
    with psycopg.connect(database.app) as conn:
        film = a_film(conn)
        neighbour, node = a_shot(conn, film), uuid4()
        conn.execute(
            "insert into node (workspace_id, id, kind, work_item_id) values (%s, %s, 'image', %s)",
            (film["workspace"], node, neighbour),
        )
        conn.execute("update work_item set picture_node_id = %s where id = %s", (node, neighbour))
        with pytest.raises(errors.ForeignKeyViolation):
            conn.execute("update work_item set picture_node_id = %s where id = %s", (node, film["shot"]))


STATES = {
    "task": ("task_state", "state"),
    "provider_job": ("job_state", "state"),
    "proposal": ("proposal_state", "state"),
    "work_item": ("work_item_status", "status"),
}


@pytest.mark.parametrize("entity", STATES)
def test_only_the_listed_transitions_pass(database: Addresses, entity: str):
    kind, column = STATES[entity]
    allowed = {(was, then) for name, was, then in rules_of(database.owner) if name == entity}
    with psycopg.connect(database.app) as conn:
        states = [row[0] for row in conn.execute(f"select unnest(enum_range(null::{kind}))::text")]
        film = a_film(conn)
        made = {"task": a_task, "provider_job": a_job, "proposal": a_proposal, "work_item": a_shot}[entity]
        for was in states:
            row = made(conn, film, was)
            for then in states:
                with conn.transaction(force_rollback=True):
                    extra = a_way(entity, then)
                    update = f"update {entity} set {column} = %s {extra} where workspace_id = %s and id = %s"
                    if was == then or (was, then) in allowed:
                        conn.execute(update, (then, film["workspace"], row))
                    else:
                        with pytest.raises(errors.CheckViolation, match="may not go from"), conn.transaction():
                            conn.execute(update, (then, film["workspace"], row))
            conn.execute(f"delete from {entity} where id = %s", (row,))
    assert allowed


def rules_of(dsn: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(dsn) as conn:
        return set(conn.execute("select entity, from_state, to_state from transition").fetchall())


def a_way(entity: str, then: str) -> str:
    """What a state needs beside it, so that nothing but the transition can be refused."""
    if entity == "provider_job":
        return ", handle = 'job-1', settled_usd = 0"
    if entity == "proposal":
        return ", revision = " + ("1" if then == "approved" else "null")
    return ""


def a_film(conn: psycopg.Connection) -> dict[str, object]:
    film = {"workspace": uuid4(), "episode": uuid4(), "scene": uuid4()}
    conn.execute("insert into workspace (id, name) values (%(workspace)s, 'Test')", film)
    conn.execute("insert into episode (workspace_id, id, order_key) values (%(workspace)s, %(episode)s, 'V')", film)
    conn.execute(
        "insert into scene (workspace_id, id, episode_id, order_key) values (%(workspace)s, %(scene)s, %(episode)s, 'V')", film
    )
    conn.execute(
        "insert into commit (workspace_id, revision, request_id, actor, actor_kind, source)"
        " values (%s, 1, %s, 'owner', 'person', 'api')",
        (film["workspace"], uuid4()),
    )
    return {**film, "shot": a_shot(conn, film)}


def a_shot(conn: psycopg.Connection, film: dict[str, object], status: str = "draft") -> object:
    shot = uuid4()
    conn.execute(
        "insert into work_item (workspace_id, id, kind, scene_id, order_key, label, frames, status)"
        " values (%s, %s, 'shot', %s, 'V', %s, 24, %s)",
        (film["workspace"], shot, film["scene"], f"s{shot.hex[:8]}", status),
    )
    return shot


def a_task(conn: psycopg.Connection, film: dict[str, object], state: str = "pending") -> object:
    task = uuid4()
    conn.execute(
        "insert into task (workspace_id, id, kind, work_item_id, episode_id, stages, revision, asked_by, state)"
        " values (%s, %s, 'shot', %s, %s, '{spec}', 1, 'owner', %s)",
        (film["workspace"], task, film["shot"], film["episode"], state),
    )
    return task


def a_job(conn: psycopg.Connection, film: dict[str, object], state: str = "reserved") -> object:
    job = uuid4()
    conn.execute(
        "insert into provider_job (workspace_id, id, owner_id, key, stage, capability, provider, request, state, handle, settled_usd)"
        " values (%s, %s, %s, %s, 'video', 'video', 'test', '{}', %s, 'job-1', 0)",
        (film["workspace"], job, film["shot"], job.hex, state),
    )
    return job


def a_proposal(conn: psycopg.Connection, film: dict[str, object], state: str = "open") -> object:
    proposal = uuid4()
    conn.execute(
        "insert into proposal (workspace_id, id, request_id, state, actor, source, envelope, base_revision, revision)"
        " values (%s, %s, %s, %s, 'owner', 'api', '{}', 1, %s)",
        (film["workspace"], proposal, uuid4(), state, 1 if state == "approved" else None),
    )
    return proposal
