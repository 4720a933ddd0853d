"""Where the built-ins keep what they can make again."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path | None:
    """The folder `STORYREEL_CACHE` names, else the user's cache; None when neither can be written to."""
    folder = Path(os.environ.get("STORYREEL_CACHE") or platformdirs.user_cache_dir("storyreel", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
