"""Text models: any LangChain chat model can plan; the one that is built in is Gemini. Nothing of LangChain is loaded until one is wanted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from storyreel.providers.prices import TextRate, text_rate
from storyreel.runtime.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Effort = Literal["minimal", "low", "medium", "high"]
Failure = Literal["quota", "configuration", "request", "away"]
TIMEOUT_S = 60.0
PROVIDER = "gemini"
# The most that a model may think and write in one answer: what a call can cost is known before it is made.
MOST_TOKENS_OUT = 32_768
_DELAY = re.compile(r"^(\d+(?:\.\d+)?)s$")


@dataclass(frozen=True)
class TextFailure:
    """Why a text model did not answer, and after how many seconds it may."""

    kind: Failure
    detail: str
    retry_after_s: float | None = None


def wanted(settings: Settings) -> bool:
    """Whether the settings ask for a text model and hold its key."""
    return settings.provider_text != "rules" and bool(settings.google_api_key.get_secret_value())


def chat_model(
    settings: Settings, *, effort: Effort = "low", timeout_s: float = TIMEOUT_S, tokens_out: int = MOST_TOKENS_OUT
) -> BaseChatModel:
    """A chat model as the settings say. It is not called until it is asked something, and never asks twice by itself.

    `tokens_out` is the most that it may think and write: what is held for a call has to cover it.
    """
    from langchain_google_genai import ChatGoogleGenerativeAI  # noqa: PLC0415 (heavy)

    return ChatGoogleGenerativeAI(
        model=settings.gemini_model,
        api_key=settings.google_api_key,
        base_url=settings.gemini_base_url or None,
        max_retries=1,
        timeout=timeout_s,
        thinking_level=effort,
        max_output_tokens=tokens_out,
    )


def failure_of(error: Exception) -> TextFailure | None:
    """What a vendor's or a network's error means; None where it is neither, but a bug."""
    from langchain_core import exceptions as known  # noqa: PLC0415 (heavy)

    kinds: tuple[tuple[type[Exception], Failure], ...] = (
        (known.ModelRateLimitError, "quota"), (known.ModelAuthenticationError, "configuration"), (known.ModelPermissionDeniedError, "configuration"),
        (known.ModelNotFoundError, "configuration"), (known.ModelInvalidRequestError, "request"), (known.ContextOverflowError, "request"),
        (known.ModelAPIError, "away"), (known.ModelConnectionError, "away"), (known.ModelTimeoutError, "away"), (TimeoutError, "away"), (OSError, "away"),
    )  # fmt: skip
    for kind, meaning in kinds:
        if isinstance(error, kind):
            return TextFailure(meaning, _detail(error), _retry_after_s(error))
    if type(error).__module__.split(".")[0] in {"httpx", "httpcore", "aiohttp", "anyio"}:
        return TextFailure("away", _detail(error) or type(error).__name__)
    # A status that has no class of its own.
    return TextFailure("request", _detail(error)) if type(error).__module__.startswith("langchain_google_genai") else None


def rate_in(settings: Settings) -> Callable[[str, str], TextRate | None]:
    """The price of a model by provider and name, as the settings say it or the table knows it."""
    return lambda provider, model: text_rate(provider, model, settings.text_prices)


def may_be_charged(error: BaseException) -> bool:
    """Whether a call that failed so may have been answered and charged for: it was sent, and no refusal of it came back."""
    chain = _chain(error)
    names = [type(one).__name__ for one in chain]
    if any("Connect" in name and "Connection" not in name for name in names) or any(
        isinstance(one, ConnectionRefusedError) for one in chain
    ):
        return False
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in chain):
        return True
    if any(hasattr(one, "code") or hasattr(one, "status_code") for one in chain):
        return False
    failure = next((found for one in chain if isinstance(one, Exception) and (found := failure_of(one))), None)
    return failure is None or failure.kind == "away"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def blocked(metadata: dict[str, Any]) -> str:
    """Why a reply that came with HTTP 200 is empty: the reason of the vendor's policy, or nothing."""
    feedback: dict[str, Any] = metadata.get("prompt_feedback") or {}
    reason: Any = feedback.get("block_reason")
    if reason:
        return str(getattr(reason, "value", reason))
    finish = str(metadata.get("finish_reason") or "")
    return finish if finish not in {"", "STOP", "MAX_TOKENS", "FINISH_REASON_UNSPECIFIED"} else ""


def _detail(error: Exception) -> str:
    found = _vendor(error)
    return str(getattr(found, "message", None) or error)[:300]


def _vendor(error: BaseException) -> BaseException:
    """The vendor's own error behind the one LangChain raises."""
    return error.__cause__ if error.__cause__ is not None and hasattr(error.__cause__, "details") else error


def _retry_after_s(error: Exception) -> float | None:
    body: Any = getattr(_vendor(error), "details", None)
    listed: Any = body.get("error", body).get("details", []) if isinstance(body, dict) else []
    for one in listed if isinstance(listed, list) else []:
        match = _DELAY.match(str(one.get("retryDelay", ""))) if isinstance(one, dict) else None
        if match:
            return float(math.ceil(float(match[1])))
    return None
