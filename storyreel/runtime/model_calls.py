"""Calls of planning models: a span each in OpenTelemetry's words for generative models, figures, and a way of their own to Langfuse.

Langfuse takes OTLP at `/api/public/otel/v1/traces` with its two keys as Basic auth; only spans of model calls are sent there. What is said
to the model and what it answers goes along only where `STORYREEL_LANGFUSE_CONTENT` allows it.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as AnySpan

from storyreel.runtime import telemetry
from storyreel.runtime.metrics import MODEL_S, MODEL_TOKENS
from storyreel.runtime.settings import Settings

PATH = "/api/public/otel/v1/traces"
OPERATION = "gen_ai.operation.name"
# As much of a prompt as is worth reading.
LONGEST = 100_000


class Rate(Protocol):
    """What tokens cost."""

    def usd(self, tokens_in: int, tokens_out: int) -> float:
        """The price of so many tokens, in US dollars."""
        ...


@dataclass
class ModelCall:
    """One call while it is made."""

    model: str
    rate: Rate | None
    span: AnySpan

    def answered(self, got: Mapping[str, Any]) -> Mapping[str, Any]:
        """Note what came back (LangChain's `raw` message beside the parsed answer), and hand it on."""
        raw = got.get("raw")
        usage: Mapping[str, Any] = getattr(raw, "usage_metadata", None) or {}
        read, written = int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0)
        MODEL_TOKENS.labels(self.model, "in").inc(read)
        MODEL_TOKENS.labels(self.model, "out").inc(written)
        said: Mapping[str, Any] = getattr(raw, "response_metadata", None) or {}
        facts: dict[str, Any] = {
            "gen_ai.response.model": said.get("model_name") or self.model,
            "gen_ai.usage.input_tokens": read,
            "gen_ai.usage.output_tokens": written,
            "gen_ai.response.finish_reasons": [str(said.get("finish_reason") or "unknown")],
        }
        if self.rate is not None:
            facts["gen_ai.usage.cost"] = self.rate.usd(read, written)
        if _content.allowed:
            facts["gen_ai.output.messages"] = _messages([("assistant", str(getattr(raw, "text", "")))])
        self.span.set_attributes(facts)
        return got


@contextmanager
def model_call(
    model: str, messages: Sequence[tuple[str, str]], *, provider: str = "gcp.gemini", rate: Rate | None = None
) -> Generator[ModelCall]:
    """A call of a planning model: `messages` are pairs of role and text."""
    begun, outcome = time.perf_counter(), "failed"
    facts = {
        OPERATION: "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        "langfuse.observation.type": "generation",
        "gen_ai.input.messages": _messages(messages) if _content.allowed else None,
    }
    try:
        with telemetry.span(f"chat {model}", **facts) as current:
            yield ModelCall(model, rate, current)
        outcome = "ok"
    finally:
        MODEL_S.labels(model, outcome).observe(time.perf_counter() - begun)


def to_langfuse(settings: Settings) -> SpanProcessor | None:
    """What sends the spans of model calls to Langfuse; None where its host or keys are not set."""
    secret = settings.langfuse_secret_key.get_secret_value()
    _content.allowed = settings.langfuse_content
    if not (settings.langfuse_host and settings.langfuse_public_key and secret):
        return None
    # Imported here: a process that exports nothing pays nothing for it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    word = base64.b64encode(f"{settings.langfuse_public_key}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {word}", "x-langfuse-ingestion-version": "4"}
    return OnlyModelCalls(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.langfuse_host.rstrip("/") + PATH, headers=headers))
    )


class OnlyModelCalls(SpanProcessor):
    """Hands on the spans of model calls, and no others."""

    def __init__(self, to: SpanProcessor) -> None:
        self._to = to

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Nothing is known yet."""

    def on_end(self, span: ReadableSpan) -> None:
        """Hand it on if it is one."""
        if OPERATION in (span.attributes or {}):
            self._to.on_end(span)

    def shutdown(self) -> None:
        """End."""
        self._to.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what is left."""
        return self._to.force_flush(timeout_millis)


class _Content:
    allowed = False


_content = _Content()


def _messages(said: Sequence[tuple[str, str]]) -> str:
    parts = [{"role": role, "parts": [{"type": "text", "content": text[:LONGEST]}]} for role, text in said]
    return json.dumps(parts, ensure_ascii=False)
