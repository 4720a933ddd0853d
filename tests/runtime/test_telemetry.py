"""Logs, spans and metrics of a process, and the way out of it."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from storyreel.runtime import telemetry

PROGRAM = """
from storyreel.runtime import telemetry
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import load
telemetry.configure(load(log_format="json"), "test")
log = telemetry.log("tried")
with telemetry.bound(workspace="w1", task=7, empty=None):
    with telemetry.span("outer", shot=3, nothing=None):
        log.info("made", seconds=1.5)
        carried = telemetry.carry()
    with telemetry.carried(carried), telemetry.span("inner"):
        log.info("elsewhere")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("broken")
import logging
logging.getLogger("library").warning("foreign %s", "line")
print("last words", end="")
leave(3)
"""


class Collector(BaseHTTPRequestHandler):
    received: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).received.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    kind = type("Here", (Collector,), {"received": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", kind.received
    server.shutdown()
    server.server_close()


def test_a_process_says_where_it_is_sends_its_spans_and_leaves_with_its_code(
    collector: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, received = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (3, "last words"), ended.stderr
    made, elsewhere, broken, foreign = (json.loads(line) for line in ended.stderr.splitlines())
    assert (made["event"], made["workspace"], made["task"], made["seconds"]) == ("made", "w1", "7", 1.5)
    assert "empty" not in made
    assert made["trace_id"] == elsewhere["trace_id"]
    assert made["span_id"] != elsewhere["span_id"]
    assert "ZeroDivisionError" in broken["exception"]
    assert (foreign["event"], foreign["logger"]) == ("foreign line", "library")
    [(path, body)] = received
    assert path == "/v1/traces"
    assert b"outer" in body
    assert b"inner" in body
    assert b"storyreel-test" in body


AWAY = """
import time
from storyreel.runtime import telemetry
from storyreel.runtime.settings import load
telemetry.configure(load(log_format="json"), "test")
with telemetry.span("one"):
    there = telemetry.carry()
with telemetry.span("two") as two:
    telemetry.link(there)
    with telemetry.carried(telemetry.carry()), telemetry.span("under") as under:
        assert under.parent == two.get_span_context(), "in the trace already, so it stays where it is"
    with telemetry.carried(there), telemetry.span("elsewhere") as elsewhere:
        assert elsewhere.get_span_context().trace_id != two.get_span_context().trace_id
[pointed] = two.links
assert there["traceparent"].split("-")[1] == f"{pointed.context.trace_id:032x}"
begun = time.monotonic()
telemetry.shutdown()
print(time.monotonic() - begun)
from storyreel.runtime.exit import leave
leave(0)
"""


def test_a_collector_that_is_away_holds_a_process_up_for_no_more_than_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Collector)
    server.server_close()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    ended = subprocess.run([sys.executable, "-c", AWAY], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert float(ended.stdout) < 3


def test_nothing_is_carried_when_nothing_is_traced() -> None:
    with telemetry.span("untraced"):
        assert telemetry.carry() == {}


def test_a_metric_is_made_once_and_shown() -> None:
    for _ in range(2):
        telemetry.counter("tried_total", "How often.", ["kind"]).labels("one").inc()
    assert b'tried_total{kind="one"} 2.0' in telemetry.exposition()
    with pytest.raises(TypeError, match="Counter"):
        telemetry.gauge("tried_total", "Not a counter.")
