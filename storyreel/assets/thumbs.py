"""Small pictures of assets: a picture smaller, a clip's poster, a sound's outline. Made on first use and cached by content."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from pathlib import Path
from typing import Literal

from storyreel.assets.folder import failures_named, prune
from storyreel.assets.store import Store, checked
from storyreel.model.base import AssetRef
from storyreel.model.errors import BadInput

Form = Literal["webp", "jpeg"]
WIDTHS_PX = (96, 160, 320, 640, 1280)
VERSION = 1
CACHE_BYTES = 2 << 30
# A cache is looked through only now and then.
LOOK_EVERY = 200
_TURNS = threading.BoundedSemaphore(2)


class NothingToSee(BadInput):
    """This asset has no picture: it is a text."""

    code = "nothing-to-see"


class Thumbs:
    """A folder of small pictures, the oldest of which go when it grows too large. What an id's bytes are never changes."""

    def __init__(self, folder: Path, cache_bytes: int = CACHE_BYTES) -> None:
        self.folder = folder
        self._cache_bytes = cache_bytes
        self._made = 0

    async def of(self, store: Store, asset: AssetRef, width_px: int = 320, form: Form = "webp") -> Path:
        """The small picture of an asset, in the next width of `WIDTHS_PX`; pictures are never made larger.

        Raises:
            NothingToSee: it is a text.
            UnreadablePicture, UnreadableMedia: its bytes are broken.
            NotFound: its bytes are gone.
        """
        if asset.media_type.startswith("text/"):
            raise NothingToSee
        width = next((each for each in WIDTHS_PX if each >= width_px), WIDTHS_PX[-1])
        target = self.folder / checked(asset.id)[:2] / f"{asset.id}-{width}-v{VERSION}.{form}"
        if not target.exists():
            await asyncio.to_thread(_make, await store.path(asset.id), asset.media_type, width, form, target)
            self._made += 1
            if self._made % LOOK_EVERY == 0:
                await asyncio.to_thread(prune, self.folder, self._cache_bytes)
        return target


def _make(file: Path, media_type: str, width_px: int, form: Form, target: Path) -> None:
    # What draws is large; only who makes one waits for it.
    from storyreel.media import clip, picture  # noqa: PLC0415

    with _TURNS:
        if media_type.startswith("image/"):
            image = clip.thumbnail(picture.read(file.read_bytes()), width_px)
        elif media_type.startswith("video/"):
            image = clip.thumbnail(clip.poster(file, media_type), width_px)
        else:
            image = clip.waveform(clip.loudest(file, media_type, width_px))
        data = clip.webp(image) if form == "webp" else clip.jpeg(image)
    with failures_named(""):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(name).replace(target)
