"""The lock files hold what pyproject.toml asks for, by hash, and name no registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PIN.findall((ROOT / lock).read_text())}


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
        ("requirements-bench.lock", PROJECT["dependency-groups"]["bench"]),
    ],
)
def test_every_dependency_is_locked_at_a_version_that_fits(lock: str, asked: list[str]) -> None:
    locked = pins(lock)
    assert len(asked) > 2
    for each in map(Requirement, asked):
        version = locked.get(canonicalize_name(each.name))
        assert version is not None, f"{each.name} is not in {lock}: run `make lock`"
        assert each.specifier.contains(version, prereleases=True), f"{each} is locked at {version}: run `make lock`"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"])
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    for block in re.split(r"\n(?=[A-Za-z0-9])", text[text.index("\n", text.index("make lock")) + 1 :]):
        assert "--hash=sha256:" in block, block[:80]
    assert "://" not in text


def test_what_is_developed_with_is_the_same_as_what_is_shipped() -> None:
    shipped, developed = pins("requirements.lock"), pins("requirements-dev.lock")
    assert shipped.items() <= developed.items()
