"""Backups: what was there comes back, the same to the byte; a moment in time too; and nothing is thrown away on the way."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from storyreel.assets import FolderStore
from storyreel.embedded import postgres
from storyreel.embedded.backup.keep import carry_log, one_round, prune
from storyreel.embedded.backup.make import LOCK, Source, back_up, source_of
from storyreel.embedded.backup.manifest import ASSETS, Base, Manifest, known, sums
from storyreel.embedded.backup.past import _log
from storyreel.embedded.backup.restore import bring_bytes, restore
from storyreel.embedded.backup.vault import Damaged, FolderVault, Vault, archive_folder, open_vault, sha256_of
from storyreel.embedded.child import Child, kept
from storyreel.embedded.home import open_home
from storyreel.embedded.ports import free
from storyreel.embedded.supervisor import product, stack
from storyreel.graph.upgrade import head
from storyreel.graph.upgrade import upgrade as migrate
from storyreel.model.errors import NotFound, Refused
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings, load
from tests.acceptance.conftest import standing
from tests.acceptance.stand import ROOT, Film, Stand, shot, until
from tests.assets.test_store import s3_endpoint, s3_settings
from tests.fixtures_services import SCHEMA, Addresses

__all__ = ["s3_endpoint", "s3_settings"]


@contextmanager
def sql(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


async def project(dsn: str, store: FolderStore, name: str, *pictures: bytes) -> UUID:
    """A project that names some bytes."""
    workspace = uuid4()
    kept_bytes = [(await store.put(one), len(one)) for one in pictures]
    with sql(dsn) as connection:
        connection.execute("insert into workspace (id, name) values (%s, %s)", (workspace, name))
        for asset_id, size in kept_bytes:
            connection.execute(
                "insert into asset (workspace_id, id, media_type, size_bytes) values (%s, %s, 'image/png', %s)",
                (workspace, asset_id, size),
            )
    return workspace


def names(dsn: str) -> list[str]:
    with sql(dsn) as connection:
        return [row[0] for row in connection.execute("select name from workspace order by name")]


async def told(dsn: str) -> dict[str, Any]:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        return await sums(connection)


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault")


@pytest.fixture
def source(database: Addresses, store: FolderStore, tmp_path: Path) -> Source:
    return Source(database.owner, "", store, tmp_path / "home")


@pytest.fixture
def elsewhere(pg: postgres.Cluster, tmp_path: Path) -> Iterator[Settings]:
    """Another database, with the schema and no project, and another, empty store."""
    from tests.fixtures_services import _numbers, run

    name = f"elsewhere_{next(_numbers)}"
    run(postgres.create_database(pg, name))
    yield load(
        home=tmp_path / "elsewhere", database_url=pg.dsn(postgres.OWNER, name), app_database_url=pg.dsn(postgres.APP, name)
    )
    run(postgres.drop_database(pg, name))


async def test_what_is_restored_is_the_same_graph_and_the_same_bytes(
    source: Source, vault: FolderVault, elsewhere: Settings
) -> None:
    await project(source.dsn, source.store, "one", b"first", b"second")
    await project(source.dsn, source.store, "two", b"second")
    made = await back_up(source, vault)
    assert (made.assets, made.copied, made.missing, made.tables["workspace"].count) == (2, 2, (), 2)
    assert made.tables == await told(source.dsn)
    await project(source.dsn, source.store, "later", b"third")

    back = await restore(elsewhere, vault)
    assert (back.backup, back.fetched, back.present, back.missing) == (made.id, 2, 0, ())
    assert await told(elsewhere.database_url) == made.tables
    there = FolderStore(elsewhere.home_dir / "assets")
    assert {await there.get(one.id) async for one in there.listed()} == {b"first", b"second"}
    # The application's role may still do its work, and no more.
    assert names(elsewhere.app_dsn) == ["one", "two"]
    with sql(elsewhere.app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("drop table workspace")


async def test_only_new_bytes_are_copied_and_the_backup_is_written_down(source: Source, vault: FolderVault) -> None:
    await project(source.dsn, source.store, "one", b"first")
    first = await back_up(source, vault)
    await project(source.dsn, source.store, "two", b"first", b"second")
    await asyncio.sleep(1.0 - clock.now().microsecond / 1e6)  # backups are named by the second
    second = await back_up(source, vault)
    assert (first.copied, second.copied, second.assets) == (1, 1, 2)
    assert [one.id for one in (await known(vault)).backups] == [first.id, second.id]
    with sql(source.dsn) as connection:
        rows = connection.execute("select id, place, (facts ->> 'copied')::int from backup order by id").fetchall()
    assert rows == [(first.id, vault.place, 1), (second.id, vault.place, 1)]


async def test_a_target_that_holds_something_is_left_alone_unless_forced(
    source: Source, vault: FolderVault, elsewhere: Settings
) -> None:
    await project(source.dsn, source.store, "one")
    await back_up(source, vault)
    await project(elsewhere.database_url, FolderStore(elsewhere.home_dir / "assets"), "precious")
    with pytest.raises(Refused, match="holds projects; with --force"):
        await restore(elsewhere, vault)
    with sql(elsewhere.app_dsn), pytest.raises(Refused, match="1 connections use the database; stop"):
        await restore(elsewhere, vault, force=True)
    assert names(elsewhere.app_dsn) == ["precious"]
    await restore(elsewhere, vault, force=True)
    assert names(elsewhere.app_dsn) == ["one"]


async def test_bytes_that_are_not_what_they_were_are_never_brought_back(
    source: Source, vault: FolderVault, elsewhere: Settings
) -> None:
    await project(source.dsn, source.store, "one", b"first")
    made = await back_up(source, vault)
    (asset,) = list(await vault.listed("assets/"))
    (vault.root / asset.name).write_bytes(b"fIrst")
    with pytest.raises(Damaged, match=asset.name.rpartition("/")[2]):
        await restore(elsewhere, vault)
    there = FolderStore(elsewhere.home_dir / "assets")
    assert [one async for one in there.listed()] == []
    dump = vault.root / made.id / "graph.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")
    with pytest.raises(Damaged, match=r"graph\.dump"):
        await restore(elsewhere, vault, force=True)


async def test_bytes_that_the_store_has_lost_are_named_by_the_backup_and_by_what_comes_of_it(
    source: Source, vault: FolderVault, elsewhere: Settings
) -> None:
    await project(source.dsn, source.store, "one", b"first", b"lost", b"rotten")
    lost, rotten = [one.id async for one in source.store.listed() if await source.store.get(one.id) in {b"lost", b"rotten"}]
    both = {lost, rotten}
    by_word = {await source.store.get(one): one for one in both}
    await source.store.delete(by_word[b"lost"])
    source.store.file(by_word[b"rotten"]).write_bytes(b"otherwise")
    made = await back_up(source, vault)
    assert set(made.missing) == both
    assert set((await restore(elsewhere, vault)).missing) == both


async def test_two_backups_at_once_are_one(source: Source, vault: FolderVault) -> None:
    with sql(source.dsn) as connection:
        connection.execute("select pg_advisory_lock(%s)", (LOCK,))
        with pytest.raises(Refused, match="another backup"):
            await back_up(source, vault)
        assert await one_round(load(home=source.work), source, vault) is None
        connection.execute("select pg_advisory_unlock(%s)", (LOCK,))
    assert await vault.listed() == []
    assert await one_round(load(home=source.work), source, vault) is not None
    assert await one_round(load(home=source.work), source, vault) is None, "the next one is due in a day"
    assert len((await known(vault)).backups) == 1


async def test_who_comes_second_makes_none(source: Source, vault: FolderVault) -> None:
    nothing_yet = await known(vault)
    await back_up(source, vault)
    with pytest.raises(Refused, match="just now"):
        await back_up(source, vault, after=nothing_yet)


async def test_pieces_of_the_log_are_carried_to_a_bucket_and_those_that_are_needed_come_back(
    s3_settings: Settings, tmp_path: Path
) -> None:
    settings = s3_settings.model_copy(update={"backup_to": f"s3://wal-{uuid4().hex[:8]}"})
    vault, spool = open_vault(settings), archive_folder(settings)
    assert spool is not None
    pieces = {f"{n:024X}.gz": f"piece {n}".encode() for n in (3, 4, 5)} | {"00000002.history.gz": b"branch"}
    for name, data in pieces.items():
        (spool / "7").mkdir(parents=True, exist_ok=True)
        (spool / "7" / name).write_bytes(data)
    (spool / "7" / ".half").write_bytes(b"not yet whole")
    assert await carry_log(settings, vault) == 4
    assert [path.name for path in (spool / "7").iterdir()] == [".half"]
    needed = await _log(vault, manifest(1, f"{4:024X}"), tmp_path / "work")
    assert {path.name: path.read_bytes() for path in (needed / "7").iterdir()} == {
        k: v for k, v in pieces.items() if "3.gz" not in k
    }


async def test_between_two_backups_new_bytes_are_carried_over(source: Source, vault: FolderVault) -> None:
    settings = load(home=source.work)
    await one_round(settings, source, vault)
    await project(source.dsn, source.store, "one", b"first")
    assert await one_round(settings, source, vault) is None
    assert len(await vault.listed("assets/")) == 1


async def test_the_bytes_alone_come_back_to_a_database_that_was_restored_by_other_means(
    source: Source, vault: FolderVault, tmp_path: Path
) -> None:
    await project(source.dsn, source.store, "one", b"first", b"second")
    await back_up(source, vault)
    lost = await source.store.put(b"first")
    await source.store.delete(lost)
    settings = load(home=tmp_path, database_url=source.dsn)
    back = await bring_bytes(settings, vault)
    assert (back.fetched, back.present, back.missing) == (1, 1, ())
    assert await source.store.get(lost) == b"first"


async def test_there_is_no_backup_in_an_empty_place(vault: FolderVault, elsewhere: Settings) -> None:
    with pytest.raises(NotFound, match="there are: none"):
        await restore(elsewhere, vault)


def manifest(days_ago: float, segment: str = "0" * 24) -> Manifest:
    at = clock.now() - timedelta(days=days_ago)
    base = Base(system="7", first_segment=segment, finished_at=at)
    return Manifest(
        id=f"{at:%Y%m%dT%H%M%SZ}", started_at=at, finished_at=at, storyreel="0", revision="", postgres="18", parts={}, tables={},
        assets=0, asset_bytes=0, copied=0, base=base,
    )  # fmt: skip


async def lay(vault: FolderVault, one: Manifest, *assets: str) -> None:
    folder = vault.root / one.id
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(one.model_dump_json())
    (folder / ASSETS).write_text("\n".join(assets))


def file(vault: FolderVault, name: str, days_ago: float) -> Path:
    path = vault.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    at = (clock.now() - timedelta(days=days_ago)).timestamp()
    os.utime(path, (at, at))
    return path


async def test_thirty_days_are_kept_with_what_they_need(vault: FolderVault) -> None:
    old, older, new = manifest(31, f"{1:024X}"), manifest(40, f"{0:024X}"), manifest(29, f"{5:024X}")
    await lay(vault, older, "a" * 64)
    await lay(vault, old, "a" * 64, "b" * 64)
    await lay(vault, new, "b" * 64)
    gone = file(vault, f"assets/aa/{'a' * 64}", 40)
    kept_file, late = file(vault, f"assets/bb/{'b' * 64}", 40), file(vault, f"assets/cc/{'c' * 64}", 2)
    before, after = file(vault, f"wal/7/{4:024X}.gz", 33), file(vault, f"wal/7/{5:024X}.gz", 29)
    branch, foreign = file(vault, "wal/7/00000002.history.gz", 33), file(vault, f"wal/8/{1:024X}.gz", 33)
    half, going_on = file(vault, "20200101T000000Z/graph.dump", 2), file(vault, "20991231T000000Z/graph.dump", 0)
    assert set(await prune(vault, 30)) == {old.id, older.id}
    assert [one.id for one in (await known(vault)).backups] == [new.id]
    assert [path.exists() for path in (gone, kept_file, late)] == [False, True, True]
    assert [path.exists() for path in (before, after, branch, foreign)] == [False, True, True, False]
    assert [path.exists() for path in (half, going_on)] == [False, True]


async def test_the_last_good_backup_stays_however_old_it_is(vault: FolderVault) -> None:
    only = manifest(400)
    await lay(vault, only, "a" * 64)
    asset = file(vault, f"assets/aa/{'a' * 64}", 400)
    assert await prune(vault, 30) == ()
    assert asset.exists() and (await known(vault)).newest == only


async def test_a_backup_on_s3_comes_back(source: Source, s3_settings: Settings, elsewhere: Settings) -> None:
    vault: Vault = open_vault(s3_settings, f"s3://backups-{uuid4().hex[:8]}/studio/a")
    await project(source.dsn, source.store, "one", b"first")
    made = await back_up(source, vault)
    assert {entry.name.partition("/")[0] for entry in await vault.listed()} == {made.id, "assets"}
    back = await restore(elsewhere, vault)
    assert (back.fetched, names(elsewhere.app_dsn)) == (1, ["one"])
    await vault.delete(entry.name for entry in await vault.listed())
    assert await vault.listed() == []


@asynccontextmanager
async def home_stack(settings: Settings) -> AsyncIterator[postgres.Cluster]:
    """The embedded database as `storyreel up` runs it, its log archived where the settings say."""
    home = settings.home_dir
    open_home(home)
    cluster = postgres.open_cluster(home, free())
    await postgres.create(cluster, home / "logs" / "initdb.log")
    async with kept(postgres.server(cluster, archive_folder(settings)), home / "logs"):
        await postgres.prepare(cluster)
        yield cluster


def moment(dsn: str) -> str:
    """Now, by the database's clock, with nothing else happening in the same instant."""
    with sql(dsn) as connection:
        connection.execute("select pg_sleep(0.02)")
        at = connection.execute("select clock_timestamp()").fetchone()
        connection.execute("select pg_sleep(0.02)")
    assert at is not None
    return at[0].isoformat()


async def test_the_database_comes_back_as_it_was_between_two_commits(tmp_path: Path) -> None:
    settings = load(home=tmp_path / "home", backup_to=str(tmp_path / "vault"))
    vault, store = open_vault(settings), FolderStore(settings.home_dir / "assets")
    async with home_stack(settings) as cluster:
        owner = cluster.dsn(postgres.OWNER)
        with sql(owner) as connection:
            connection.execute(SCHEMA.read_bytes())
        await project(owner, store, "1 in the backup", b"first")
        early = moment(owner)
        made = await back_up(source_of(settings.model_copy(update={"database_url": owner})), vault)
        assert made.base is not None
        await project(owner, store, "2 after it", b"second")
        between = moment(owner)
        await project(owner, store, "3 the mistake")
        late = "2999-01-01T00:00:00Z"
        await one_round(settings, source_of(settings.model_copy(update={"database_url": owner})), vault)
        with sql(cluster.dsn(postgres.ADMIN)) as connection:
            connection.execute("select pg_switch_wal()")
        async with asyncio.timeout(30):
            # The piece with the last commit is kept once its successor is the current one.
            while len([entry for entry in await vault.listed("wal/") if entry.name.endswith(".gz")]) < 3:
                await asyncio.sleep(0.05)
    with pytest.raises(Refused, match="is not empty; with --force"):
        await restore(settings, vault, at=between)
    shutil.rmtree(settings.home_dir)
    with pytest.raises(Refused, match="no backup holds the server's files from before"):
        await restore(settings, vault, at=early)
    with pytest.raises(Refused, match=r"does not reach 2999.*its last transaction is of .*--at latest"):
        await restore(settings, vault, at=late)

    back = await restore(settings, vault, at=between)
    assert (back.fetched, back.missing, back.aside) == (2, (), "")
    async with home_stack(settings) as cluster:
        assert names(cluster.dsn(postgres.APP)) == ["1 in the backup", "2 after it"]
        # Life goes on, on a branch of its own; and from here the mistake can still be looked at.
        await project(cluster.dsn(postgres.OWNER), store, "4 instead")
    back = await restore(settings, vault, at="latest", force=True)
    async with home_stack(settings) as cluster:
        assert names(cluster.dsn(postgres.APP)) == ["1 in the backup", "2 after it", "4 instead"], "not archived, but still there"
    assert (Path(back.aside) / "postgres" / "PG_VERSION").exists()


async def test_a_stack_that_is_told_where_makes_a_backup_by_itself_and_archives_its_log(
    tmp_path: Path, temporal_server: str
) -> None:
    settings = load(home=tmp_path / "home", backup_to=str(tmp_path / "vault"), temporal_address=temporal_server)
    vault = open_vault(settings)

    def keeper(*given: Any) -> list[Child]:
        return [child for child in product(*given) if child.name == "backup"]

    async with stack(settings, children=keeper, upgrade=migrate) as up, asyncio.timeout(90):
        assert "backup" in up.pids()
        while (newest := (await known(vault)).newest) is None:
            await asyncio.sleep(0.1)
        assert newest.base is not None and newest.revision == head()
        while not await vault.listed(f"wal/{newest.base.system}/"):
            await asyncio.sleep(0.1)
        with sql(up.endpoints.app_database_url) as connection:
            assert connection.execute("select id from backup").fetchall() == [(newest.id,)]
    assert "Traceback" not in (settings.home_dir / "logs" / "backup.log").read_text()


def command(stand: Stand, *words: str | Path) -> Any:
    """The document of a command on this stand's data folder."""
    ran = subprocess.run(
        [sys.executable, "-m", "storyreel", *map(str, words), "--json"],
        env=stand.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def test_a_film_comes_back_after_all_was_destroyed_its_open_work_goes_on_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    place = tmp_path / "vault"
    with standing(tmp_path) as stand:
        film = Film(stand, [shot("a lighthouse"), shot("a boat")])
        film.do({"type": "gen.compose"})
        film.finish()
        stand.vendor.behave(hold=["image:a storm"])
        film.do({"type": "shot.bulk_add", "args": {"shots": [{"scene": "One", **shot("a storm")}]}})
        film.do({"type": "gen.compose"})
        at_work = "select id::text from provider_job where state = 'submitted' and handle is not null"
        (open_job,) = until(lambda: stand.rows(at_work), "the vendor to be at work")
        outline, segments = stand.api("GET", f"{film.path}/outline"), film.segments()
        made = command(stand, "backup", "--to", place)
        assert made["assets"] == made["copied"] > 5 and not made["missing"]

        film.do({"type": "shot.bulk_add", "args": {"shots": [{"scene": "One", **shot("too late")}]}})
        stand.kill_all()
        shutil.rmtree(stand.home)
        back = command(stand, "restore", place)
        assert (back["backup"], back["fetched"], back["missing"]) == (made["id"], made["assets"], [])
        store = FolderStore(stand.home / "assets")
        assert all(sha256_of(store.file(asset)) == asset for asset in segments.values()) and len(segments) >= 2
        assert not list(stand.home.glob("temporal.db*")), "what Temporal knew is lost"

        stand.up()
        assert stand.api("GET", f"{film.path}/outline") == outline
        assert film.segments() == segments
        until(lambda: stand.rows("select id from task where state = 'running' and run > 0"), "the open work to be taken up again")
        stand.vendor.behave(hold=[])
        film.finish()
        assert film.segments().items() > segments.items() and "a storm" in film.segments()
        submissions = stand.vendor.counts()["submissions"]
        assert len(submissions) >= 8 and set(submissions.values()) == {1}, submissions
        assert stand.rows("select state::text from provider_job where id = cast(%s as uuid)", open_job["id"]) == [
            {"state": "settled"}
        ]
