"""The container files: accepted by the real tools, and in step with the settings and with what runs on a laptop."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml

from storyreel.embedded import postgres, servers, temporal
from storyreel.embedded.ports import free
from storyreel.pipeline.contract import QUEUES
from storyreel.runtime.settings import Settings, variables
from tests.fixtures_services import run, running

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COMPOSE = ROOT / "docker-compose.temporal.yml"
POOLS = ("worker-desk", "worker-picture", "worker-film")
OURS = ("api", "migrate", "backup", *POOLS)


def tool(*words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, env={**given, **env})


@pytest.fixture(scope="module")
def services() -> dict:
    said = tool(BIN / "docker-compose", "-f", COMPOSE, "config")
    assert said.returncode == 0, said.stderr
    return yaml.safe_load(said.stdout)["services"]


def test_compose_knows_every_word(tmp_path: Path) -> None:
    good = tool(BIN / "docker-compose", "-f", COMPOSE, "config", "-q")
    assert (good.returncode, good.stderr) == (0, "")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(COMPOSE.read_text().replace("restart:", "restrat:", 1))
    assert tool(BIN / "docker-compose", "-f", wrong, "config", "-q").returncode != 0


def test_the_dockerfile_passes_its_linter() -> None:
    said = tool(BIN / "hadolint", ROOT / "deploy" / "Dockerfile")
    assert (said.returncode, said.stdout) == (0, "")


def test_what_the_dockerfile_copies_is_not_ignored() -> None:
    kept = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copies = [
        line.split()[1:-1]
        for line in (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
    ]
    copied = {name for names in copies for name in names}
    assert copied == kept
    assert "storyreel" in copied


def test_every_image_is_pinned_and_every_port_is_this_machines_only(services: dict) -> None:
    images = [service["image"] for service in services.values()]
    assert len(images) == len(services)
    assert not [image for image in images if ":" not in image or image.endswith(":latest")]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_every_setting_given_to_our_processes_is_one(services: dict) -> None:
    known = {name for field in Settings.model_fields for name in variables(field)} | {"STORYREEL_READY_FILE"}
    for name in OURS:
        given = set(services[name]["environment"])
        assert len(given) > 5
        assert given <= known


def test_the_pools_serve_every_queue_once_and_are_given_time_to_stop(services: dict) -> None:
    served = [services[name]["environment"]["STORYREEL_WORKER_QUEUES"].split(",") for name in POOLS]
    assert sorted(queue for queues in served for queue in queues) == sorted(QUEUES)
    for name in POOLS:
        grace_s = float(services[name]["environment"]["STORYREEL_WORKER_GRACE_S"])
        assert services[name]["stop_grace_period"] == "2m0s"
        assert grace_s + 20 < 120


def test_temporals_server_is_the_version_that_the_tests_start(services: dict) -> None:
    assert services["temporal"]["image"].partition(":")[2] == servers.TEMPORAL.version
    assert services["temporal-schema"]["image"].partition(":")[2] == servers.TEMPORAL_SQL.version
    assert services["s3"]["image"].partition(":")[2] == f"v{servers.S3.version}"


def test_the_application_does_not_get_the_owners_address(services: dict) -> None:
    assert {services[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0] for name in ("api", *POOLS)} == {
        postgres.APP
    }
    for name in ("migrate", "backup"):
        assert services[name]["environment"]["DATABASE_URL"].split("//")[1].startswith(f"{postgres.OWNER}:")


def test_prometheus_asks_every_pool_at_its_port(services: dict) -> None:
    told = yaml.safe_load((ROOT / "deploy" / "monitoring" / "prometheus.yml").read_text())["scrape_configs"]
    asked = {one["job_name"]: one["dns_sd_configs"][0] for one in told if "dns_sd_configs" in one}
    for name in POOLS:
        port = int(services[name]["environment"]["STORYREEL_METRICS_PORT"])
        assert name in asked["storyreel-worker"]["names"] and asked["storyreel-worker"]["port"] == port
        assert name in asked["storyreel-worker-temporal"]["names"] and asked["storyreel-worker-temporal"]["port"] == port + 1


def test_every_file_that_is_mounted_is_there_and_every_script_is_sound(services: dict) -> None:
    sources = [
        Path(volume["source"])
        for service in services.values()
        for volume in service.get("volumes", [])
        if volume["type"] == "bind"
    ]
    assert len(sources) == 4
    for source in sources:
        assert source.is_file(), source
        if source.suffix == ".sh":
            assert tool("/bin/sh", "-n", source).stderr == ""


def test_the_namespace_script_makes_the_search_attributes_that_the_laptop_has() -> None:
    script = (ROOT / "deploy" / "temporal-namespace.sh").read_text()
    assert [name for name in temporal.SEARCH_ATTRIBUTES if f"--name {name}" not in script] == []


def test_the_database_script_gives_the_same_rights_as_the_laptop(tmp_path: Path) -> None:
    """Run against an empty server, as the image does."""
    cluster = postgres.open_cluster(tmp_path, free(), durable=False)
    run(postgres.create(cluster, tmp_path / "initdb.log"))
    with running(postgres.server(cluster), tmp_path):
        script = tool(
            *("/bin/sh", ROOT / "deploy" / "init-database.sh"),
            PATH=f"{postgres.programs(cluster.folder)}:{os.environ['PATH']}",
            PGHOST="127.0.0.1",
            PGPORT=str(cluster.port),
            PGPASSWORD=cluster.secrets[postgres.ADMIN],
            POSTGRES_USER=postgres.ADMIN,
            STORYREEL_OWNER_PASSWORD='it\'s "quoted"',
            STORYREEL_APP_PASSWORD=cluster.secrets[postgres.APP],
        )
        assert script.returncode == 0, script.stderr
        rights = _rights(cluster)
        with psycopg.connect(cluster.dsn(postgres.ADMIN, "postgres"), autocommit=True) as admin:
            admin.execute("drop database storyreel")
            admin.execute("drop role storyreel, storyreel_app")
        run(postgres.prepare(cluster))
        assert rights == _rights(cluster)
        assert any("storyreel_app=arwd" in str(row) for row in rights)


def _rights(cluster: postgres.Cluster) -> list[tuple]:
    with psycopg.connect(cluster.dsn(postgres.ADMIN)) as connection:
        asked = (
            "select defaclobjtype::text, defaclacl::text from pg_default_acl order by 1",
            "select datname, datacl::text, datdba::regrole::text from pg_database where datname = 'storyreel'",
            "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname like 'storyreel%' order by 1",
            "select extname from pg_extension order by 1",
        )
        return [row for query in asked for row in connection.execute(query).fetchall()]
