"""One trace from the message to the film, as a collector of OpenTelemetry sees it; and none where no collector is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from storyreel.embedded.ports import free
from tests.acceptance.conftest import standing
from tests.acceptance.stand import Film, Json, Stand, until
from tests.standins.otlp import receiving, values

MESSAGE = "Make a 4 second film about a lighthouse keeper at dusk, 2 shots"
CHAT = "POST /v1/workspaces/{workspace}/chat"
# Those that make something of a shot in which nobody speaks.
STAGES = {"spec", "grid", "select", "video", "compose"}


@dataclass(frozen=True)
class Seen:
    """A span as the collector got it."""

    trace: str
    id: str
    parent: str
    name: str
    service: str
    attributes: dict[str, str]
    links: frozenset[str]


@dataclass
class Collector:
    """OTLP over HTTP, on a free port; what it was sent is kept."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list[Seen])
    paths: set[str] = field(default_factory=set[str])

    def traces(self) -> set[str]:
        return {span.trace for span in self.spans}

    def take(self, path: str, _headers: Mapping[str, str], body: bytes) -> None:
        self.paths.add(path)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = values(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [seen(span, service) for span in scope.spans]


def seen(span: Any, service: str) -> Seen:
    return Seen(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        name=span.name,
        service=service,
        attributes={name: str(value) for name, value in values(span.attributes).items()},
        links=frozenset(link.trace_id.hex() for link in span.links),
    )


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    held = Collector()
    with receiving(held.take) as held.url:
        yield held


@pytest.fixture(scope="module")
def traced(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A stack that is told of the collector and tells it often."""
    told = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "STORYREEL_METRICS_PORT": str(free()),
    }
    with standing(tmp_path_factory.mktemp("traced"), **told) as running:
        yield running


@pytest.fixture(scope="module")
def film(traced: Stand) -> Film:
    return Film(traced, [])


def say(film: Film, text: str) -> Json:
    told: Json = film.stand.api("POST", f"{film.path}/chat", {"text": text}, key=uuid4().hex)
    assert told["commit"] or told["proposal"], told["message"]
    return told


def of_turn(collector: Collector, after: set[str]) -> str:
    """The trace of the newest turn of the agent, besides those that are known."""
    found = until(
        lambda: {span.trace for span in collector.spans if span.name == "agent.turn"} - after, "the turn's spans to be sent", 15
    )
    (trace,) = found
    return str(trace)


def whole(collector: Collector, trace: str, runs: int) -> dict[str, Seen]:
    """The spans of a trace by id, once so many runs in it have ended and all that they stand under is there."""

    def ended() -> dict[str, Seen]:
        spans = {span.id: span for span in collector.spans if span.trace == trace}
        done = sum(span.name.startswith("CompleteWorkflow:") for span in spans.values()) == runs
        return spans if done and {span.parent for span in spans.values()} - {"", *spans} == set() else {}

    found: dict[str, Seen] = until(ended, f"{runs} whole runs in the trace", 15)
    return found


def way(spans: dict[str, Seen], span: Seen) -> list[str]:
    """The names from a span up to its root."""
    names = [span.name]
    while span.parent:
        span = spans[span.parent]
        names.append(span.name)
    return names


def logged(stand: Stand, name: str, event: str) -> list[Json]:
    """The lines of a part's log that tell of an event."""
    lines = (stand.home / "logs" / f"{name}.log").read_text().splitlines()
    return [told for line in lines if line.startswith("{") and (told := json.loads(line)).get("event") == event]


def under(stage: str, door: str) -> list[str]:
    """What the record of a shot's stage stands under, up to the person's message."""
    return [
        "commits.record",
        f"stage.{stage}",
        f"RunActivity:{stage}",
        f"StartActivity:{stage}",
        "StartWorkflow:ShotRender",
        "desk.start",
        door,
        "agent.turn",
        CHAT,
    ]


def test_from_the_yes_in_the_chat_to_the_last_record_it_is_one_trace(film: Film, collector: Collector) -> None:
    asked = say(film, MESSAGE)
    assert asked["proposal"] is not None and asked["commit"] is None
    proposed = of_turn(collector, set())
    assert "trace" not in json.dumps(asked["proposal"])
    started = say(film, "yes")["commit"]["tasks"]
    assert {task["id"] for task in film.finish()} == set(started)
    spans = whole(collector, of_turn(collector, {proposed}), runs=3)
    records = [span for span in spans.values() if span.name == "commits.record" and span.attributes["stage"] in STAGES]
    assert {(span.attributes["task"], span.attributes["stage"]) for span in records} == {
        (task["id"], stage) for task in film.tasks() if task["kind"] == "shot" for stage in STAGES
    }
    assert all(way(spans, span) == under(span.attributes["stage"], "commits.approve") for span in records)
    (film_kept,) = [span for span in spans.values() if span.name == "commits.record" and span.attributes["stage"] == "film"]
    assert way(spans, film_kept)[4:] == ["StartWorkflow:EpisodeCut", *under("film", "commits.approve")[5:]]
    # What was asked of the vendor, under the stage that asked; and each run of ffmpeg under what ran it.
    calls = [span for span in spans.values() if span.name.startswith("provider.") and span.attributes["provider"] == "remote"]
    asked_for = {"image": "grid", "video": "video", "music": "music"}
    assert {(span.name, span.attributes["capability"]) for span in calls} == {
        (f"provider.{step}", capability) for step in ("submit", "wait") for capability in asked_for
    }
    assert all(f"stage.{asked_for[span.attributes['capability']]}" in way(spans, span) for span in calls)
    assert all(span.attributes["handle"].startswith("job-") for span in calls)
    assert {way(spans, span)[-1] for span in spans.values() if span.name == "ffmpeg"} == {CHAT}
    heard = [job["trace"] for job in film.stand.vendor.jobs()]
    assert heard and all(trace in collector.traces() for trace in heard), "the vendor can join our trace"
    # The yes is another request, maybe of another day and another person: it points back to the turn that proposed.
    assert [span.links for span in spans.values() if span.name == "commits.approve"] == [{proposed}]
    assert {span.service for span in spans.values()} == {"storyreel-api", "storyreel-worker"}
    assert collector.paths == {"/v1/traces"}


def test_what_needs_no_yes_is_one_trace_from_the_message_on_and_the_logs_lead_to_it(film: Film, collector: Collector) -> None:
    known = {span.trace for span in collector.spans}
    tasks = say(film, "Render shot 1 again")["commit"]["tasks"]
    film.finish()
    trace = of_turn(collector, known)
    spans = whole(collector, trace, runs=len(tasks))
    kept = [span for span in spans.values() if span.name == "commits.record" and span.attributes["stage"] == "video"]
    assert [way(spans, span) for span in kept] == [under("video", "commits.perform")]
    told = {line["task"]: line for line in logged(film.stand, "worker", "run.ended") if line["task"] in tasks}
    assert set(told) == set(tasks)
    assert {(line["workspace"], line["trace_id"], line["outcome"]) for line in told.values()} == {(film.id, trace, "succeeded")}
    # Each request is told once, by its route; what machines ask every second is not.
    assert {span.name for span in collector.spans if span.name.split()[0] in ("GET", "POST")} == {CHAT, "POST /v1/workspaces"}
    assert sum(span.name == CHAT for span in collector.spans) == 3


def test_what_was_done_is_measured_where_it_was_done(film: Film) -> None:
    port = film.stand.env["STORYREEL_METRICS_PORT"]
    told = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    api = httpx.get(f"{film.stand.endpoints.api}/metrics", trust_env=False).text
    lines = [line.rpartition(" ") for line in (told + api).splitlines() if line and not line.startswith("#")]

    def figure(name: str, **labels: str) -> float:
        """The sum over both processes."""
        return sum(
            float(value)
            for key, _, value in lines
            if key.partition("{")[0] == name and all(f'{label}="{word}"' in key for label, word in labels.items())
        )

    assert figure("storyreel_stage_seconds_count", stage="video", outcome="made") >= 2
    assert figure("storyreel_provider_seconds_count", provider="remote", capability="video", step="submit", outcome="ok") >= 2
    assert figure("storyreel_ffmpeg_seconds_count", outcome="ok") >= 1
    assert figure("storyreel_claimed_total") >= 3 and figure("storyreel_desk_bells_total") >= 1
    assert figure("storyreel_calls", provider="remote", capability="video", state="settled") >= 2
    assert figure("storyreel_spent_usd", provider="remote") > 0
    assert figure("storyreel_workers", state="alive") == 1 and figure("storyreel_worker_slots_used") == 0


def test_where_no_collector_is_named_nothing_is_sent_and_the_logs_still_say_whose_work_it_was(
    film: Film, collector: Collector
) -> None:
    stand = film.stand
    stand.down()
    before = len(collector.spans)
    del stand.env["OTEL_EXPORTER_OTLP_ENDPOINT"]
    stand.up()
    tasks = say(film, "Render shot 2 again")["commit"]["tasks"]
    film.finish()
    told = {line["task"]: line for line in logged(stand, "worker", "run.ended") if line["task"] in tasks}
    assert set(told) == set(tasks)
    assert {(line["workspace"], "trace_id" in line) for line in told.values()} == {(film.id, False)}
    assert all(stand.rows("select trace from task where id = cast(%s as uuid)", task) == [{"trace": {}}] for task in tasks)
    stand.down()
    assert len(collector.spans) == before
