"""Every provider, watched: each step with it is a span and is measured, whoever asks and whatever the vendor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from storyreel.runtime.metrics import timed_step
from storyreel.runtime.telemetry import span

P = TypeVar("P")
STEPS = ("submit", "wait", "cancel", "find")
Step = Callable[..., Awaitable[Any]]


def watched(provider: P, name: str) -> P:
    """The same provider, each of whose steps is told from now on under its name."""
    for step in STEPS:
        if hasattr(provider, step):
            setattr(provider, step, _told(provider, name, step, getattr(provider, step)))
    return provider


def _told(provider: Any, name: str, step: str, work: Step) -> Step:
    @wraps(work)
    async def told(*args: Any, **kwargs: Any) -> Any:
        facts = {"provider": name, "capability": provider.capability, "model": provider.model or None}
        with timed_step(name, provider.capability, step), span(f"provider.{step}", **facts) as current:
            done = await work(*args, **kwargs)
            handle = done if step == "submit" else args[0] if args and step in {"wait", "cancel"} else ""
            if handle and isinstance(handle, str):
                current.set_attribute("handle", handle)
            return done

    return told
