"""The one way in for files from outside: judged by their content, measured before they are decoded, cleaned, then kept."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyreel.assets.store import Store
from storyreel.media.kinds import kind_of
from storyreel.model.base import AssetRef
from storyreel.model.errors import BadInput
from storyreel.runtime.settings import Settings

HEAD = 8192
# Pictures and texts are read whole; a clip is not.
MOST_HELD_BYTES = 200 << 20
MOST_TEXT_BYTES = 8 << 20
LONGEST_NAME = 300
MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:\w+:)?svg[\s>]", re.IGNORECASE | re.DOTALL)
# A picture of the largest size takes hundreds of megabytes while it is looked at.
_TURNS = threading.BoundedSemaphore(2)


class TooLarge(BadInput):
    """The file is larger than this installation takes."""

    code = "too-large"
    status = 413


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may be at most."""

    most_bytes: int = 2 << 30
    most_px: int = 100_000_000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Those of the settings."""
        return cls(settings.upload_most_bytes, settings.picture_most_px)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that is in the store and waits to be known to a workspace. `look` are the 96 numbers of what it looks like."""

    asset: AssetRef
    size_bytes: int
    name: str
    source: Mapping[str, Any] = field(default_factory=dict[str, Any])
    look: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is to be kept, and what is known of it."""

    data: bytes | Path
    media_type: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    changed: tuple[str, ...] = ()
    look: tuple[float, ...] | None = None


async def take_in(
    store: Store, file: Path, *, name: str = "", source: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> TakenIn:
    """Keep a file from outside. What is kept of a picture is the cleaned one; `source` then says what was changed.

    Args:
        store: Where it is kept.
        file: The file as it came; it is left where it is.
        name: What people call it; nothing is read from it but the flavour of a text.
        source: Where it came from, kept with it.
        limits: What it may be at most.

    Raises:
        TooLarge, TooManyPixels: it is larger than `limits`; nothing was decoded.
        UnreadablePicture, UnreadableMedia: it breaks off, or is not what it says it is.
        BadInput: it is empty, or no picture, clip, sound or text.
        Unavailable: the store is away.
    """
    called = plain_name(name)
    judged = await asyncio.to_thread(_in_turn, file, called, limits or Limits())
    asset_id = await store.put(judged.data, judged.media_type)
    size = len(judged.data) if isinstance(judged.data, bytes) else judged.data.stat().st_size
    told = {**(source or {}), **({"changed": list(judged.changed)} if judged.changed else {})}
    asset = AssetRef(id=asset_id, media_type=judged.media_type, **judged.facts)
    return TakenIn(asset, size, called, told, judged.look)


def plain_name(name: str) -> str:
    """A file's name for people: no folders, nothing that cannot be seen."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:LONGEST_NAME]


def _in_turn(file: Path, name: str, limits: Limits) -> _Judged:
    with _TURNS:
        return _judge(file, name, limits)


def _judge(file: Path, name: str, limits: Limits) -> _Judged:
    size = file.stat().st_size
    if size == 0:
        raise BadInput("the file is empty; send its bytes")
    _check_bytes(size, limits.most_bytes)
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    if size > HEAD and _may_be_text(head):
        _check_bytes(size, MOST_TEXT_BYTES, "a text")
        head = file.read_bytes()
    media_type = kind_of(head, name)
    if media_type.startswith("text/"):
        if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
            raise BadInput(f"{name or 'this file'} is an SVG drawing, which can hold scripts; send it as a PNG")
        return _Judged(head, media_type)
    if media_type.startswith("image/"):
        _check_bytes(size, MOST_HELD_BYTES, "a picture")
        return _picture(file.read_bytes(), limits)
    return _clip(file, media_type, limits)


def _picture(data: bytes, limits: Limits) -> _Judged:
    # What decodes pictures is large; only who sends one waits for it.
    from storyreel.media import clean, look, picture  # noqa: PLC0415

    found = clean.clean(data, most_px=limits.most_px)
    facts = {"width_px": found.width_px, "height_px": found.height_px}
    return _Judged(found.data, found.media_type, facts, found.changed, look.look_of(picture.read(found.data)))


def _clip(file: Path, media_type: str, limits: Limits) -> _Judged:
    from storyreel.media import clip, look  # noqa: PLC0415 - as above

    found = clip.clip_facts(file, media_type, most_px=limits.most_px)
    facts = {"width_px": found.width_px, "height_px": found.height_px, "duration_s": found.duration_s}
    seen = look.look_of(clip.poster(file, media_type, most_px=limits.most_px)) if found.width_px else None
    return _Judged(file, media_type, facts, look=seen)


def _may_be_text(head: bytes) -> bool:
    import filetype  # noqa: PLC0415 - as above

    return filetype.guess_mime(head) is None


def _check_bytes(size: int, most: int, what: str = "a file") -> None:
    if size > most:
        raise TooLarge(
            f"the file has {size / 2**20:.1f} MB; {what} may have {most / 2**20:g} MB", size_bytes=size, most_bytes=most
        )
