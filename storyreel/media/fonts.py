"""The font that captions and labels are set in; it comes with a package, so nothing has to be installed."""

from __future__ import annotations

from pathlib import Path

FAMILY = "Noto Sans SC"


def folder() -> Path:
    """The folder that holds the font file, as libass takes it."""
    return sans().parent


def sans() -> Path:
    """The font file: Noto Sans SC, which has Chinese and Latin letters."""
    from pylopdf_fonts_zh_cn import sans_path  # noqa: PLC0415  (only those who draw text pay for it)

    return sans_path()
