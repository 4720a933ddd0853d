"""What Langfuse is told of a planning model's calls, and what it is not."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.standins.otlp import receiving, values

PROGRAM = """
from types import SimpleNamespace
from storyreel.runtime import telemetry
from storyreel.runtime.exit import leave
from storyreel.runtime.model_calls import model_call
from storyreel.runtime.settings import load
telemetry.configure(load(log_format="json"), "test")
class Rate:
    def usd(self, read, written):
        return round((read * 0.3 + written * 2.5) / 1e6, 6)
raw = SimpleNamespace(usage_metadata={"input_tokens": 1200, "output_tokens": 80}, response_metadata={"model_name": "m-1", "finish_reason": "STOP"},
                      text="a secret answer")
with telemetry.span("agent.turn", secret="not for them"):
    with model_call("m", [("system", "the head"), ("human", "a secret wish")], rate=Rate()) as call:
        assert call.answered({"raw": raw, "parsed": 1})["parsed"] == 1
    try:
        with model_call("m", [("human", "again")]):
            raise TimeoutError("away")
    except TimeoutError:
        pass
print(telemetry.exposition().decode())
leave(0)
"""


class Langfuse:
    """The receiving end: what came, and how it was signed."""

    def __init__(self) -> None:
        self.headers: list[Mapping[str, str]] = []
        self.paths: set[str] = set()
        self.spans: list[dict[str, Any]] = []
        self.bodies = b""
        self.url = ""

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self.paths.add(path)
        self.headers.append(headers)
        self.bodies += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                self.spans += [{"name": one.name, "status": one.status.code, **values(one.attributes)} for one in scope.spans]


@pytest.fixture
def langfuse() -> Iterator[Langfuse]:
    held = Langfuse()
    with receiving(held.take) as held.url:
        yield held


def ran(langfuse: Langfuse, monkeypatch: pytest.MonkeyPatch, **env: str) -> str:
    told = {"LANGFUSE_HOST": langfuse.url + "/", "LANGFUSE_PUBLIC_KEY": "pk-1", "LANGFUSE_SECRET_KEY": "sk-2", **env}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_langfuse_is_told_of_each_call_its_tokens_and_its_cost_and_of_nothing_else(
    langfuse: Langfuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = ran(langfuse, monkeypatch)
    assert langfuse.paths == {"/api/public/otel/v1/traces"}
    for headers in langfuse.headers:
        assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"pk-1:sk-2"
        assert headers["x-langfuse-ingestion-version"] == "4"
    good, bad = langfuse.spans
    assert (good["name"], good["gen_ai.operation.name"], good["gen_ai.request.model"]) == ("chat m", "chat", "m")
    assert (good["gen_ai.response.model"], good["langfuse.observation.type"]) == ("m-1", "generation")
    assert (good["gen_ai.usage.input_tokens"], good["gen_ai.usage.output_tokens"], good["gen_ai.usage.cost"]) == (
        1200,
        80,
        0.00056,
    )
    assert (bad["status"], "gen_ai.usage.input_tokens" in bad) == (2, False)
    assert b"secret" not in langfuse.bodies, "what is said goes nowhere unless it is allowed"
    assert 'storyreel_model_tokens_total{direction="in",model="m"} 1200.0' in figures
    assert 'storyreel_model_seconds_count{model="m",outcome="failed"} 1.0' in figures


def test_what_is_said_goes_along_where_it_is_allowed(langfuse: Langfuse, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(langfuse, monkeypatch, STORYREEL_LANGFUSE_CONTENT="true")
    good = langfuse.spans[0]
    asked, answer = json.loads(good["gen_ai.input.messages"]), json.loads(good["gen_ai.output.messages"])
    assert [(one["role"], one["parts"][0]["content"]) for one in asked] == [("system", "the head"), ("human", "a secret wish")]
    assert answer[0]["parts"][0]["content"] == "a secret answer"


def test_without_its_keys_nothing_is_sent(langfuse: Langfuse, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(langfuse, monkeypatch, LANGFUSE_SECRET_KEY="")
    assert langfuse.spans == []
