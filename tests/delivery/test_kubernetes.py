"""The Kubernetes manifests: valid by the real schemas, and in step with the product: its queues, its settings, its grace, its roles."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from storyreel.pipeline.contract import QUEUE_OF, QUEUES, task_queue
from storyreel.runtime.settings import Settings, variables

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
FILES = sorted(FOLDER.glob("*.yaml"))
TOOL = Path(sys.executable).parent / "kubernetes-validate"
Json = dict[str, Any]


def objects(kind: str = "") -> list[Json]:
    found = [one for file in FILES for one in yaml.safe_load_all(file.read_text())]
    return [one for one in found if kind in ("", one["kind"])]


def pods() -> list[tuple[str, Json]]:
    """The pods of deployments, jobs and what is done by the clock, by name."""
    made = [one for one in objects() if one["kind"] in ("Deployment", "Job", "CronJob")]
    return [(one["metadata"]["name"], one["spec"].get("jobTemplate", one)["spec"]["template"]) for one in made]


def workers() -> dict[str, Json]:
    return {name: pod["spec"] for name, pod in pods() if "worker" in name}


def env_of(container: Json) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"]}


def test_every_object_is_valid_to_the_last_word(tmp_path: Path) -> None:
    said = subprocess.run([TOOL, "--strict", *FILES], capture_output=True, text=True, check=False)
    told = said.stdout + said.stderr
    # KEDA's own kind has no schema in Kubernetes; its content is looked at below.
    unknown = [line for line in told.splitlines() if not line.startswith("INFO") and "ScaledObject" not in line]
    assert (said.returncode, unknown) == (0, [])
    assert told.count("passed for resource") == len(objects()) - len(objects("ScaledObject")) > 15
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((FOLDER / "30-api.yaml").read_text().replace("minReplicas", "leastReplicas"))
    assert subprocess.run([TOOL, "--strict", wrong], capture_output=True, check=False).returncode != 0


def test_there_are_three_to_twenty_of_the_api_at_seventy_per_cent() -> None:
    (scaler,) = objects("HorizontalPodAutoscaler")
    assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (3, 20)
    assert scaler["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"] == 70
    assert scaler["spec"]["scaleTargetRef"]["name"] in {one["metadata"]["name"] for one in objects("Deployment")}


def test_the_pools_serve_every_queue_once() -> None:
    served = [env_of(spec["containers"][0])["STORYREEL_WORKER_QUEUES"].split(",") for spec in workers().values()]
    assert sorted(queue for queues in served for queue in queues) == sorted(QUEUES)


def test_each_pool_grows_with_the_backlog_of_a_queue_that_it_serves() -> None:
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in objects("ScaledObject")}
    assert set(scaled) == set(workers())
    watched = set[str]()
    for name, spec in workers().items():
        queues = env_of(spec["containers"][0])["STORYREEL_WORKER_QUEUES"].split(",")
        for trigger in scaled[name]["triggers"]:
            told = trigger["metadata"]
            assert trigger["type"] == "temporal"
            assert set(told) <= TEMPORAL_SCALER
            assert told["taskQueue"] in {task_queue(queue) for queue in queues}
            assert int(told["targetQueueSize"]) > 0
            watched.add(told["taskQueue"])
        assert 0 < scaled[name]["minReplicaCount"] <= scaled[name]["maxReplicaCount"]
    assert {task_queue(queue) for queue in QUEUE_OF.values()} | {task_queue("desk")} == watched


# The names that KEDA's Temporal scaler reads.
TEMPORAL_SCALER = {
    *("endpoint", "namespace", "taskQueue", "targetQueueSize", "activationTargetQueueSize", "queueTypes", "buildId"),
    *("selectAllActive", "selectUnversioned", "apiKeyFromEnv", "minConnectTimeout", "unsafeSsl", "tlsServerName"),
}


def test_a_worker_is_given_longer_than_its_grace() -> None:
    (config,) = objects("ConfigMap")
    grace_s = float(config["data"]["STORYREEL_WORKER_GRACE_S"])
    assert {spec["terminationGracePeriodSeconds"] >= grace_s + 20 for spec in workers().values()} == {True}


def test_every_setting_is_one_and_passwords_are_only_referred_to() -> None:
    known = {name for field in Settings.model_fields for name in variables(field)} | {"STORYREEL_READY_FILE", "HOME"}
    (config,) = objects("ConfigMap")
    given = set(config["data"]) | {name for _, pod in pods() for name in env_of(pod["spec"]["containers"][0])}
    assert given <= known
    assert not objects("Secret")
    assert not [name for name in given if any(word in name for word in ("KEY", "SECRET", "PASSWORD", "DATABASE_URL"))]
    secrets = {name: pod["spec"]["containers"][0]["envFrom"][-1]["secretRef"]["name"] for name, pod in pods()}
    owners = {name for name, secret in secrets.items() if secret == "storyreel-owner"}
    assert owners == {"storyreel-migrate-0-1-0", "storyreel-backup"}
    assert set(secrets.values()) == {"storyreel", "storyreel-owner"}


@pytest.mark.parametrize(("name", "pod"), pods(), ids=[name for name, _ in pods()])
def test_a_pod_has_no_rights_it_does_not_need(name: str, pod: Json) -> None:
    spec = pod["spec"]
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True and spec["automountServiceAccountToken"] is False
    told = container["securityContext"]
    assert (told["allowPrivilegeEscalation"], told["readOnlyRootFilesystem"]) == (False, True)
    assert told["capabilities"] == {"drop": ["ALL"]}
    assert "memory" in container["resources"]["limits"] and "cpu" in container["resources"]["requests"]
    assert ":" in container["image"] and not container["image"].endswith(":latest")
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in spec["volumes"]}
    if name not in ("storyreel-migrate-0-1-0", "storyreel-backup"):
        assert container["livenessProbe"] and container["startupProbe"]


def test_the_probe_of_a_worker_says_dead_when_the_file_is_old(tmp_path: Path) -> None:
    """Run as the kubelet runs it, on a file that is fresh, old and not there."""
    (probe,) = {tuple(spec["containers"][0]["livenessProbe"]["exec"]["command"]) for spec in workers().values()}
    file = tmp_path / "worker.ready"
    command = [word.replace("/tmp/worker.ready", str(file)) for word in probe]

    def code() -> int:
        return subprocess.run(command, check=False, capture_output=True).returncode

    assert code() != 0
    file.touch()
    assert code() == 0
    subprocess.run(["touch", "-d", "61 seconds ago", file], check=True)
    assert code() != 0


def test_the_figures_of_every_worker_can_be_asked_for() -> None:
    (policy,) = [one for one in objects("NetworkPolicy") if one["metadata"]["name"] == "storyreel-figures-in"]
    open_ports = {port["port"] for port in policy["spec"]["ingress"][0]["ports"]}
    for spec in workers().values():
        port = int(env_of(spec["containers"][0])["STORYREEL_METRICS_PORT"])
        # Temporal's own figures are told on the port after it.
        assert {port, port + 1} == {one["containerPort"] for one in spec["containers"][0]["ports"]} == open_ports


def test_everything_that_runs_may_be_moved_and_only_one_at_a_time() -> None:
    budgets = {
        tuple(sorted(one["spec"]["selector"]["matchLabels"].items())): one["spec"] for one in objects("PodDisruptionBudget")
    }
    labels = {tuple(sorted(one["spec"]["selector"]["matchLabels"].items())) for one in objects("Deployment")}
    assert set(budgets) == labels
    nothing, into, _, out = objects("NetworkPolicy")
    assert nothing["spec"]["podSelector"] == {} and "ingress" not in nothing["spec"] and "egress" not in nothing["spec"]
    assert [rule["ports"][0]["port"] for rule in into["spec"]["ingress"]] == [8710]
    assert {port["port"] for rule in out["spec"]["egress"] for port in rule["ports"]} == {53, 7233, 5432, 443}
