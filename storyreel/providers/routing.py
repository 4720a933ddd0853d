"""Giving way: what may be asked for instead of what a provider has no room for, and who may be asked instead of it (pure).

A request that was made smaller, or is made by another, is another request with another key. So what comes of it never stands under the
key of what was wanted: it is stale from the beginning, says by which fields, and is made in full when somebody asks for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storyreel.model.base import Frozen
from storyreel.model.errors import Down, NoResource, ProviderError, Transient
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Capability, ImageRequest, VideoRequest
from storyreel.pipeline.recovery import CAPABILITY, Less, recovery_of

# Smaller than this nobody wants it: the short side in pixels, and the length in seconds.
LEAST_PX = 180
LEAST_S = 1.0


class Adjusted(Frozen):
    """One thing that was given up, for the task, its node and its reader."""

    stage: str
    field: str
    asked: str
    given: str
    why: str

    def words(self) -> str:
        """For a person."""
        if self.field == "provider":
            return f"Made by {self.given} instead of {self.asked}: {self.why}"
        return f"Made smaller, {self.field} {self.given} instead of {self.asked}: {self.why}"


@dataclass(frozen=True)
class May:
    """What the person allows: for the project, or for this one task."""

    smaller: bool = False
    alternative: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """A request that may be made instead, and what was given up for it."""

    request: Frozen
    adjusted: tuple[Adjusted, ...] = ()


@dataclass
class Ways:
    """The ways that are left for one stage, tried one after another; `first` is who was asked first."""

    stage: StageName
    request: Frozen
    may: May
    first: str
    makers: Mapping[str, Sequence[Capability]] = field(default_factory=dict[str, Sequence[Capability]])

    def __post_init__(self) -> None:
        self._smaller = smaller(self.stage, self.request) if self.may.smaller else iter(())
        self._others = iter(self._alternatives())

    def after(self, failure: ProviderError, attempt: int, *, has_job: bool) -> Way | None:
        """What to ask for after a failure at a try (from 1); None where nothing is allowed, or waiting comes first.

        `has_job` says that a vendor may have a job of this stage: then nobody else is asked for it.
        """
        rules = recovery_of(self.stage)
        if attempt < rules.gives_way_from and not isinstance(failure, Down):
            return None
        if isinstance(failure, NoResource):
            way = next(self._smaller, None)
            if way is not None:
                return _because(way, failure)
        gone = isinstance(failure, Transient | NoResource) and (
            failure.facts.get("created") is False or failure.facts.get("over") is True
        )
        if rules.alternative and gone and not has_job:
            other = next(self._others, None)
            if other is not None:
                request = self.request.model_copy(update={"provider": other})
                given = Adjusted(stage=self.stage, field="provider", asked=self.first, given=other, why=failure.detail)
                return Way(request, (given,))
        return None

    def _alternatives(self) -> list[str]:
        capability = CAPABILITY.get(self.stage)
        able = [name for name in self.may.alternative if capability in self.makers.get(name, ())]
        return [name for name in able if name != self.first]


def smaller(stage: StageName, request: Frozen) -> Iterator[Way]:
    """Ever smaller requests, each with what all was given up: by the means of the stage's capability, one after another."""
    name = next(
        (name for name in ("image", "video") if isinstance(getattr(request, name, None), ImageRequest | VideoRequest)), ""
    )
    if not name:
        return
    call: ImageRequest | VideoRequest = getattr(request, name)
    given: list[Adjusted] = []
    for means in recovery_of(stage).less:
        less = _less(call, means)
        if less is None:
            continue
        given.append(
            Adjusted(stage=stage, field=means, asked=_size(getattr(request, name), means), given=_size(less, means), why="")
        )
        call = less
        yield Way(request.model_copy(update={name: call}), tuple(given))


def _less(call: ImageRequest | VideoRequest, means: Less) -> ImageRequest | VideoRequest | None:
    match means:
        case "resolution":
            wide, high = call.width_px // 4 * 2, call.height_px // 4 * 2
            return call.model_copy(update={"width_px": wide, "height_px": high}) if min(wide, high) >= LEAST_PX else None
        case "count":
            return _fewer(call) if isinstance(call, ImageRequest) else None
        case "duration":
            return _shorter(call) if isinstance(call, VideoRequest) else None


def _fewer(call: ImageRequest) -> ImageRequest | None:
    if call.rows * call.cols == 1:
        return None
    if call.rows >= call.cols:
        return call.model_copy(update={"rows": max(1, call.rows // 2)})
    return call.model_copy(update={"cols": max(1, call.cols // 2)})


def _shorter(call: VideoRequest) -> VideoRequest | None:
    frames = call.frames // 2
    return call.model_copy(update={"frames": frames}) if frames >= LEAST_S * call.fps else None


def _size(call: Any, means: Less) -> str:
    match means:
        case "resolution":
            return f"{call.width_px}x{call.height_px}"
        case "count":
            return f"{call.rows * call.cols} pictures"
        case "duration":
            return f"{call.frames / call.fps:g} s"


def _because(way: Way, failure: ProviderError) -> Way:
    return Way(way.request, tuple(one.model_copy(update={"why": failure.detail}) for one in way.adjusted))
