"""Reads the files of the art pack."""

from __future__ import annotations

import gzip
import json
from importlib import resources
from typing import Any


def read_art(name: str) -> Any:
    """The JSON value of one file of the pack."""
    data = resources.files("storyreel.providers.builtin.art").joinpath(name).read_bytes()
    return json.loads(gzip.decompress(data))
