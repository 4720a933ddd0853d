"""Names for what the drawing library hands out: its wheel carries no types, so these are for the reader."""

from __future__ import annotations

from typing import Any, TypeAlias

Canvas: TypeAlias = Any
Path: TypeAlias = Any
Matrix: TypeAlias = Any
Surface: TypeAlias = Any
Typeface: TypeAlias = Any
Paint: TypeAlias = Any
FillType: TypeAlias = Any
Blend: TypeAlias = Any
