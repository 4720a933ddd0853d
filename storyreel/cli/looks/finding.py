"""What a look finds."""

from __future__ import annotations

from typing import Literal

from storyreel.model.base import Frozen

State = Literal["well", "off", "wrong"]


class Finding(Frozen):
    """One part: how it is, and what to do where it is not well. `off`: not there, or waiting for a person, and nothing is broken."""

    part: str
    state: State
    said: str
    mend: str = ""


def well(part: str, said: str) -> Finding:
    """A part that is as it should be."""
    return Finding(part=part, state="well", said=said)


def wrong(part: str, said: str, mend: str) -> Finding:
    """A part that is not, and what to do."""
    return Finding(part=part, state="wrong", said=said, mend=mend)
