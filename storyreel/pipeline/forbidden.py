"""The project's rules over what a stage is about to send: the last look at a prompt, wherever its words came from (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storyreel.model.errors import NotPossible
from storyreel.model.rules import hits
from storyreel.pipeline.ports import ImageRequest, Request

# Fields of requests that hold words, and what they are to a person.
SAID = (("prompt", "prompt"), ("text", "line"), ("flavour", "music"))


def refuse_forbidden(rules: tuple[str, ...], calls: Iterable[Request]) -> None:
    """Stop a stage whose calls hold a word that the project forbids.

    Raises:
        NotPossible: naming the rule and where it stands.
    """
    found = hits(rules, {f"{name} {place}": words for place, call in enumerate(calls, 1) for name, words in _sent(call).items()})
    if found:
        where = f"“{found[0].rule}” ({found[0].field})"
        raise NotPossible(
            f"The project's rules forbid {where} in what would be sent. Change the shot's words, its looks or its style, or the rules of"
            " the project.",
            rule=found[0].rule,
            field=found[0].field,
        )


def _sent(call: Request) -> dict[str, str]:
    """What a call says in words, by what that is to a person."""
    said = {told: str(getattr(call, name)) for name, told in SAID if getattr(call, name, "")}
    if isinstance(call, ImageRequest) and call.frame.avoid:
        # What must not be seen is named in the prompt so that it is not drawn.
        said["prompt"] = call.prompt.replace(call.frame.avoid, "")
    return said


def calls_of(stage: Any, view: Any) -> tuple[Request, ...]:
    """What a stage would send for a view."""
    calls: tuple[Request, ...] = stage.calls(view)
    return calls
