"""A picture from outside, made safe to keep: measured before it is decoded, upright, and without what it says of its maker."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from storyreel.media.picture import UnreadablePicture
from storyreel.media.strip import stripped
from storyreel.model.errors import BadInput

# The size is judged from the header, by our own limit, before a pixel is made.
Image.MAX_IMAGE_PIXELS = None
MOST_PX = 100_000_000
# A JPEG that holds several pictures ("MPO") is opened as a JPEG.
READ = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
# Kept in their own form, unless they stand on their side; the others become PNG.
KEPT = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
ORIENTATION = 0x0112
UPRIGHT = 1
PLAIN = {"1", "L", "LA", "RGB", "RGBA", "P", "I;16"}


class TooManyPixels(BadInput):
    """The picture is larger than this installation takes; make it smaller and send it again."""

    code = "too-many-pixels"
    status = 413


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture that may be kept. `changed` says what was done to it, empty where its bytes are the sender's."""

    data: bytes
    media_type: str
    width_px: int
    height_px: int
    changed: tuple[str, ...] = ()


def clean(data: bytes, *, most_px: int = MOST_PX) -> Clean:
    """The picture upright and with nothing but itself.

    Raises:
        TooManyPixels: its header says that it is larger than `most_px`; nothing was decoded.
        UnreadablePicture: it is no picture that can be read, or it breaks off.
    """
    with _readable(), Image.open(BytesIO(data), formats=READ) as image:
        check_size(*image.size, most_px=most_px)
        frames = int(getattr(image, "n_frames", 1))
        turned = image.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT
        media_type = KEPT.get(image.format or "")
        if media_type and not turned and (frames == 1 or image.format == "MPO"):
            image.load()
            kept = stripped(data, media_type)
            return Clean(kept, media_type, *image.size, changed=() if kept == data else ("stripped",))
        said = ["stripped", *(["turned"] if turned else []), *(["first of several pictures"] if frames > 1 else [])]
        upright = ImageOps.exif_transpose(image)
        return _written(upright, "JPEG" if media_type == "image/jpeg" else "PNG", said)


def check_size(width_px: int, height_px: int, *, most_px: int = MOST_PX) -> None:
    """Refuse what would take more memory than one picture may.

    Raises:
        TooManyPixels: it would.
    """
    if width_px * height_px > most_px:
        most = f"{most_px / 1e6:g} million pixels"
        raise TooManyPixels(
            f"the picture is {width_px} x {height_px}, and this installation takes up to {most}; make it smaller",
            width_px=width_px,
            height_px=height_px,
        )


def _written(image: Image.Image, form: str, said: list[str]) -> Clean:
    if form == "JPEG":
        image = image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")
    elif image.mode not in PLAIN:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    out = BytesIO()
    profile = image.info.get("icc_profile")
    image.info = {}
    if form == "JPEG":
        image.save(out, "JPEG", quality=95, subsampling=0, icc_profile=profile)
    else:
        said.append("as PNG")
        image.save(out, "PNG", icc_profile=profile)
    media_type = "image/jpeg" if form == "JPEG" else "image/png"
    return Clean(out.getvalue(), media_type, *image.size, changed=tuple(said))


@contextmanager
def _readable() -> Generator[None]:
    """Name what a reader of broken pictures can raise."""
    try:
        yield
    except BadInput:
        raise
    except Image.DecompressionBombError as bomb:
        raise TooManyPixels from bomb
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError, IndexError, KeyError, TypeError) as broken:
        raise UnreadablePicture(f"the picture cannot be read: {str(broken)[:200] or type(broken).__name__}") from broken
