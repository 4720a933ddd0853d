"""Printing: words for people, one JSON document for programs, errors for both."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console

from storyreel.model.errors import StoryreelError
from storyreel.runtime.settings import WrongSetting

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def show(document: Any, *, as_json: bool, words: Callable[[Any], str] | str) -> None:
    """The answer of a command: the document itself, or what it says."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    out.print(words if isinstance(words, str) else words(document), markup=False)


def failed(error: StoryreelError, *, as_json: bool) -> int:
    """Tell of an error; the exit code for it: 2 for wrong settings, which are wrong usage, else 1."""
    if as_json:
        document = {"error": {**error.facts, "code": error.facts.get("code", error.code), "detail": error.detail}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        err.print(f"storyreel: {error.detail}", markup=False, style="red")
    return 2 if isinstance(error, WrongSetting) else 1


def note(text: str) -> None:
    """A line about what goes on, for people only; it does not mix with a document."""
    err.print(text, markup=False, style="dim")
