"""The alert rules and the dashboard: accepted by Prometheus' own tool, and about figures that there are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from storyreel.embedded.fetch import cache_folder
from storyreel.runtime.settings import Settings, load, variables

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
ALERTS = MONITORING / "alerts.yml"
CASES = Path(__file__).with_name("alerts.yml")
FIGURE = re.compile(r"\b(?:storyreel|temporal)_[a-z0-9_]+\b")
# Histograms are asked for by these.
SUFFIXES = ("_bucket", "_count", "_sum", "_total")
# What Temporal's SDK tells by itself.
SDK = {"temporal_worker_task_slots_used", "temporal_worker_task_slots_available"}
NEEDED = """
import api.app, worker, agent.gemini
from storyreel.ledger.gauges import FIGURES
from prometheus_client import REGISTRY
print("\\n".join({family.name for family in REGISTRY.collect()} | {one.name for one in FIGURES}))
"""


@pytest.fixture(scope="session")
def promtool() -> Path:
    """Prometheus' tool out of Debian's package, unpacked into the cache and not installed; fetched once."""
    cache = cache_folder(load())
    program = cache / "bin" / "promtool"
    if found := shutil.which("promtool"):
        return Path(found)
    if not program.exists():
        assert shutil.which("apt-get") and shutil.which("dpkg"), "promtool is not here, and there is no apt-get to fetch it with"
        program.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            said = _fetch(folder)
            packages = list(Path(folder).glob("prometheus_*.deb"))
            assert packages, f"promtool is not here, and apt-get cannot download Debian's package prometheus: {said}"
            subprocess.run(["dpkg", "-x", str(packages[0]), folder], check=True)
            (Path(folder) / "usr" / "bin" / "promtool").replace(program)
    return program


def _fetch(folder: str) -> str:
    fetch = ["apt-get", "download", "prometheus"]
    first = subprocess.run(fetch, cwd=folder, capture_output=True, text=True, check=False)
    if first.returncode:
        # The machine's lists may be old, or never read.
        subprocess.run(["apt-get", "-qq", "update"], capture_output=True, check=False)
        first = subprocess.run(fetch, cwd=folder, capture_output=True, text=True, check=False)
    return first.stderr.strip()[-500:]


def tool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def test_the_rules_are_rules(promtool: Path, tmp_path: Path) -> None:
    said = tool(promtool, "check", "rules", "--lint-fatal", ALERTS)
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{len(alerts())} rules found" in said.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(ALERTS.read_text().replace("for: 5m", "fro: 5m", 1))
    assert tool(promtool, "check", "rules", wrong).returncode != 0


def test_prometheus_accepts_its_configuration(promtool: Path) -> None:
    said = tool(promtool, "check", "config", MONITORING / "prometheus.yml")
    assert said.returncode == 0, said.stdout + said.stderr


def test_each_alert_fires_where_it_must_and_is_quiet_where_it_must_be(promtool: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.yml"
    cases.write_text(CASES.read_text().replace("RULES", str(ALERTS)))
    said = tool(promtool, "test", "rules", cases)
    assert said.returncode == 0, said.stdout + said.stderr
    tried = [
        (case["alertname"], bool(case["exp_alerts"]))
        for test in yaml.safe_load(CASES.read_text())["tests"]
        for case in test["alert_rule_test"]
    ]
    names = {rule["alert"] for rule in alerts()}
    assert {name for name, fires in tried if fires} == names == {name for name, fires in tried if not fires}


def test_the_alerts_hold_the_figures_that_were_agreed() -> None:
    by_name = {rule["alert"]: rule for rule in alerts()}
    agreed = {
        "StoryreelErrorsHigh": ("> 0.05", "high"), "StoryreelErrorsMedium": ("> 0.01", "medium"), "StoryreelSlow": ("> 5", "medium"),
        "StoryreelDiskFilling": ("> 0.8", "high"), "StoryreelMemoryFilling": ("> 0.9", "high"), "StoryreelBackupOld": ("> 26 * 3600", "high"),
    }  # fmt: skip
    assert {
        name: (rule["expr"].strip().endswith(limit), rule["labels"]["severity"])
        for name, (limit, _) in agreed.items()
        for rule in [by_name[name]]
    } == {name: (True, severity) for name, (_, severity) in agreed.items()}
    assert all(rule["annotations"]["summary"] and rule["annotations"]["description"] for rule in by_name.values())


@pytest.fixture(scope="module")
def figures() -> set[str]:
    """The names of all figures that the code can tell."""
    told = subprocess.run(
        [sys.executable, "-c", NEEDED], cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert told.returncode == 0, told.stderr
    return set(told.stdout.split()) | SDK


def unknown(text: str, figures: set[str]) -> set[str]:
    def is_known(name: str) -> bool:
        bare = next(
            (name.removesuffix(end) for end in SUFFIXES if name.endswith(end) and name.removesuffix(end) in figures), name
        )
        return bare in figures

    return {name for name in FIGURE.findall(text) if not is_known(name)}


def test_every_figure_that_is_asked_for_is_one_that_the_code_tells(figures: set[str]) -> None:
    asked = "\n".join(rule["expr"] for rule in alerts()) + "\n" + "\n".join(_queries())
    assert len(FIGURE.findall(asked)) > 40
    assert unknown(asked, figures) == set()
    assert unknown("storyreel_no_such_thing_total", figures) == {"storyreel_no_such_thing_total"}


def test_the_dashboard_shows_every_figure_of_ours_once_at_least(figures: set[str]) -> None:
    asked = "\n".join(rule["expr"] for rule in alerts()) + "\n" + "\n".join(_queries())
    shown = set(FIGURE.findall(asked))
    ours = {name for name in figures if name.startswith("storyreel_")}
    assert {name for name in ours if not any(name == one or one in {name + end for end in SUFFIXES} for one in shown)} == set()


def _panels() -> list[dict[str, Any]]:
    return json.loads((MONITORING / "dashboard.json").read_text())["panels"]


def _queries() -> list[str]:
    return [target["expr"] for panel in _panels() for target in panel.get("targets", [])]


def test_the_dashboard_is_whole() -> None:
    board = json.loads((MONITORING / "dashboard.json").read_text())
    panels = _panels()
    assert board["uid"] and board["schemaVersion"] >= 39 and board["id"] is None
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [
        (panel["gridPos"]["x"] + dx, panel["gridPos"]["y"] + dy)
        for panel in panels
        for dx in range(panel["gridPos"]["w"])
        for dy in range(panel["gridPos"]["h"])
    ]
    assert len(set(places)) == len(places), "no panel lies on another"
    assert max(x for x, _ in places) < 24
    assert all(panel["type"] == "row" or (panel["title"] and panel["targets"]) for panel in panels)


def test_the_queries_of_the_dashboard_can_be_asked(promtool: Path, tmp_path: Path) -> None:
    filled = [query.replace("$__rate_interval", "5m").replace("$__range", "1h") for query in _queries()]
    rules = {"groups": [{"name": "d", "rules": [{"record": f"d:q{n}", "expr": query} for n, query in enumerate(filled)]}]}
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump(rules))
    said = tool(promtool, "check", "rules", path)
    assert said.returncode == 0, said.stdout + said.stderr


def test_what_the_environment_of_watching_names_are_settings() -> None:
    known = {name for field in Settings.model_fields for name in variables(field)}
    lines = [line for line in (MONITORING / "observe.env").read_text().splitlines() if line and not line.startswith("#")]
    assert lines and {line.partition("=")[0] for line in lines} <= known
