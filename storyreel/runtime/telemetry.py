"""Logs, spans and metrics: one line of set-up for a process, small helpers everywhere else.

Every log line carries what is bound (`workspace`, `task`, ...) and the ids of the span it was written in.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Generator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from opentelemetry import context, propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode
from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase

from storyreel.runtime.settings import Settings

M = TypeVar("M", bound=MetricWrapperBase)
Event = MutableMapping[str, Any]
DURATIONS_S = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600)
FLUSH_S = 2.0

_metrics: dict[str, MetricWrapperBase] = {}


def configure(settings: Settings, service: str) -> None:
    """Set up logs for this process, and spans where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, or Langfuse. Call it once, first."""
    _configure_logs(settings)
    if settings.otlp_endpoint or settings.langfuse_host:
        _configure_spans(settings, service)


def log(name: str = "storyreel") -> structlog.stdlib.BoundLogger:
    """A logger; fields are given by keyword."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def bound(**fields: Any) -> Generator[None]:
    """Put fields on every log line written inside, in this task and those it starts."""
    with structlog.contextvars.bound_contextvars(**{key: str(value) for key, value in fields.items() if value is not None}):
        yield


@contextmanager
def span(name: str, **attributes: Any) -> Generator[Span]:
    """A span around the block; an exception is recorded on it and passes on. Attributes that are None are left out."""
    given = {key: _plain(value) for key, value in attributes.items() if value is not None}
    tracer = trace.get_tracer("storyreel")
    with tracer.start_as_current_span(name, attributes=given, set_status_on_exception=False) as current:
        try:
            yield current
        except Exception as failure:
            current.set_status(Status(StatusCode.ERROR, str(failure)[:200]))
            raise


def carry() -> dict[str, str]:
    """The current trace as a small dict, to be kept in a row or sent along; empty when nothing is traced."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


@contextmanager
def carried(carrier: Mapping[str, str] | None) -> Generator[None]:
    """Continue the trace that `carry` gave elsewhere, perhaps in another process; already in that trace, stay where we are in it."""
    given = propagate.extract(dict(carrier or {}))
    there = trace.get_current_span(given).get_span_context()
    here = trace.get_current_span().get_span_context()
    if there.is_valid and there.trace_id == here.trace_id:
        yield
        return
    token = context.attach(given)
    try:
        yield
    finally:
        context.detach(token)


def link(carrier: Mapping[str, str] | None) -> None:
    """Point from the current span to the one that `carry` was called in: that led to this, though it is another trace."""
    there = trace.get_current_span(propagate.extract(dict(carrier or {}))).get_span_context()
    if there.is_valid:
        trace.get_current_span().add_link(there)


def counter(name: str, text: str, labels: Sequence[str] = ()) -> Counter:
    """The counter of that name, made on first use."""
    return _metric(Counter, name, text, labels)


def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
    """The gauge of that name, made on first use."""
    return _metric(Gauge, name, text, labels)


def histogram(name: str, text: str, labels: Sequence[str] = (), buckets: Sequence[float] = DURATIONS_S) -> Histogram:
    """The histogram of that name, made on first use; buckets in seconds unless given."""
    return _metric(Histogram, name, text, labels, buckets=tuple(buckets))


def exposition() -> bytes:
    """All metrics of this process in Prometheus' text format."""
    return generate_latest(REGISTRY)


def shutdown() -> None:
    """Send what spans are left, for at most two seconds."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        # The exporter's own retries take no notice of a time limit, so that a collector that is away would hold the process up.
        flushing = threading.Thread(target=provider.force_flush, args=(int(FLUSH_S * 1000),), daemon=True)
        flushing.start()
        flushing.join(FLUSH_S)


def _metric(kind: type[M], name: str, text: str, labels: Sequence[str], **more: Any) -> M:
    made = _metrics.get(name)
    if made is None:
        made = _metrics[name] = kind(name, text, tuple(labels), **more)
    if not isinstance(made, kind):
        raise TypeError(f"The metric {name} is already a {type(made).__name__}.")
    return made


def _configure_spans(settings: Settings, service: str) -> None:
    # Imported here: a process that exports nothing pays nothing for it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    from storyreel.runtime.model_calls import to_langfuse  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": f"storyreel-{service}"}))
    if settings.otlp_endpoint:
        endpoint = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    if (langfuse := to_langfuse(settings)) is not None:
        provider.add_span_processor(langfuse)
    trace.set_tracer_provider(provider)
    # While the collector is away, one line a batch says so, and not one a try.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)


def _configure_logs(settings: Settings) -> None:
    console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
    ]
    handler = logging.StreamHandler(sys.stderr)
    finish = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    finish += [] if console else [structlog.processors.format_exc_info]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*finish, renderer]))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _add_trace(_logger: Any, _method: str, event: Event) -> Event:
    here = trace.get_current_span().get_span_context()
    if here.is_valid:
        event["trace_id"] = trace.format_trace_id(here.trace_id)
        event["span_id"] = trace.format_span_id(here.span_id)
    return event


def _plain(value: Any) -> str | bool | int | float:
    return value if isinstance(value, str | bool | int | float) else str(value)
