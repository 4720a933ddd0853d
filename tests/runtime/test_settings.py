"""Settings: read from the environment by a function, and a wrong value is named by its variable."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.runtime.settings import Settings, WrongSetting, environment, load, variables


def test_the_well_known_names_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://one")
    monkeypatch.setenv("GEMINI_API_KEY", "hunter2")
    monkeypatch.setenv("S3_ENDPOINT", "http://s3")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    settings = load()
    assert (settings.database_url, settings.s3_endpoint, settings.otlp_endpoint) == (
        "postgresql://one",
        "http://s3",
        "http://collector:4318",
    )
    assert settings.google_api_key.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)
    assert "postgresql" not in repr(settings)


def test_our_own_name_comes_before_the_well_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://other")
    monkeypatch.setenv("STORYREEL_DATABASE_URL", "postgresql://own")
    assert load().database_url == "postgresql://own"


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_API_PORT", "")
    assert load().api_port is None


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("STORYREEL_API_PORT", "99999", "less than or equal to 65535"),
        ("S3_BUCKET", "a", "at least 3"),
        ("STORYREEL_LOG_LEVEL", "loud", "'debug'"),
        ("STORYREEL_WORKER_SLOTS", "imgae=4", "'image'"),
        ("STORYREEL_WORKER_SLOTS", "image=many", "integer"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, reason: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSetting, match=rf"^{variable}\b.*{reason}"):
        load()


def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_SPENDING_THRESHOLD_USD", "hunter2")
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert "hunter2" not in str(wrong.value)


def test_queues_and_slots_are_lists_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_WORKER_QUEUES", "image, post")
    monkeypatch.setenv("STORYREEL_WORKER_SLOTS", "image=4,post=1")
    assert load().worker_queues == ("image", "post")
    assert load().worker_slots == {"image": 4, "post": 1}


def test_the_app_address_is_the_owners_unless_given() -> None:
    assert load(database_url="postgresql://owner").app_dsn == "postgresql://owner"
    assert load(database_url="postgresql://owner", app_database_url="postgresql://app").app_dsn == "postgresql://app"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "gemini_model": st.from_regex(r"[a-z0-9.-]{1,20}", fullmatch=True),
            "worker_queues": st.lists(st.sampled_from(("spec", "image", "io")), min_size=1, unique=True).map(tuple),
            "worker_slots": st.dictionaries(st.sampled_from(("spec", "image", "io")), st.integers(1, 9), min_size=1),
            "temporal_headless": st.booleans(),
            "remote_provider_prices": st.dictionaries(st.sampled_from(("image", "voice")), st.floats(0, 9), min_size=1),
            "s3_secret_key": st.from_regex(r"[!-~]{1,20}", fullmatch=True),
            "api_port": st.integers(1, 65535),
        },
    )
)
def test_another_process_reads_the_same_settings(fields: dict) -> None:
    settings = load(**fields)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(settings).items():
            patch.setenv(name, value)
        assert load() == settings


def test_every_field_has_a_variable_of_its_own() -> None:
    names = [name for field in Settings.model_fields for name in variables(field)]
    assert len(names) == len(set(names))


def test_importing_reads_nothing() -> None:
    code = "import storyreel.runtime.settings, storyreel.runtime.database, storyreel.runtime.telemetry"
    broken = {**os.environ, "STORYREEL_API_PORT": "not a port"}
    assert subprocess.run([sys.executable, "-c", code], env=broken, check=False).returncode == 0
