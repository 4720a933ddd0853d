"""The art pack: bodies, heads and props as paths, read once a process. `art/NOTICE.md` says whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import skia

from storyreel.providers.builtin.paint.archive import read_art
from storyreel.providers.builtin.paint.handles import FillType, Path

_VERBS = {
    "M": (skia.Path.Verb.kMove_Verb, 1),
    "L": (skia.Path.Verb.kLine_Verb, 1),
    "Q": (skia.Path.Verb.kQuad_Verb, 2),
    "C": (skia.Path.Verb.kCubic_Verb, 3),
    "Z": (skia.Path.Verb.kClose_Verb, 0),
}


@dataclass(frozen=True)
class Layer:
    """One filled path of a drawing. `slot` names a colour to be chosen (skin, hair, ink, ...) or is `#rrggbb`."""

    slot: str
    path: Path
    opacity: float = 1.0


@cache
def _peeps() -> dict[str, Any]:
    return read_art("peeps.json.gz")


@cache
def _props() -> dict[str, list[list[Any]]]:
    return read_art("props.json.gz")


@cache
def body(name: str) -> dict[str, Path]:
    """A body's paths by slot: skin, bottom, shoe, top, tee, sleeve, strip, seam, ink."""
    return {slot: decode(text) for slot, text in _peeps()["bodies"][name].items()}


@cache
def head(name: str) -> tuple[Layer, ...]:
    """A head with its hair, in its own box of 733 x 921."""
    return _layers(_peeps()["heads"][name])


@cache
def beard(name: str) -> tuple[Layer, ...]:
    """A beard or moustache."""
    return _layers(_peeps()["beards"][name])


@cache
def glasses(name: str) -> tuple[Layer, ...]:
    """A pair of glasses."""
    return _layers(_peeps()["glasses"][name])


@cache
def face(name: str, part: str) -> tuple[Layer, ...]:
    """Half an expression: `eyes` (with brows and nose) or `mouth`."""
    return _layers(_peeps()["faces"][name][part])


@cache
def prop(name: str) -> tuple[Layer, ...]:
    """A thing or an animal, in a box of 32 x 32."""
    return tuple(Layer(colour, decode(text, winding=rule == "w"), opacity) for colour, opacity, rule, text in _props()[name])


def _layers(rows: list[list[str]]) -> tuple[Layer, ...]:
    return tuple(Layer(slot, decode(text)) for slot, text in rows)


def decode(text: str, *, winding: bool = False) -> Path:
    """A path from its packed form: `scale|verbs|steps between points`, several joined by `;`."""
    fill = skia.PathFillType.kWinding if winding else skia.PathFillType.kEvenOdd
    if ";" not in text:
        return _decode_one(text, fill)
    joined = skia.Path()
    for piece in text.split(";"):
        joined.addPath(_decode_one(piece, fill))
    joined.setFillType(fill)
    return joined


def _decode_one(text: str, fill: FillType) -> Path:
    scale, verbs, steps = text.split("|")
    points = np.cumsum(np.array(steps.split(), dtype=np.float64).reshape(-1, 2), axis=0) / float(scale)
    return skia.Path.Make([skia.Point(x, y) for x, y in points.tolist()], [_VERBS[v][0] for v in verbs], [], fill)
