"""Files for those who take files in, made here: good ones, broken ones, and ones that mean harm."""

from __future__ import annotations

import zlib
from io import BytesIO

import av
import numpy as np
from PIL import Image

from storyreel.media.sound import write_wav

HEAD = b"\x89PNG\r\n\x1a\n"
GPS = b"\x25\x88"


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png_of(width: int, height: int, body: bytes, *more: bytes) -> bytes:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return HEAD + chunk(b"IHDR", size) + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """A few hundred kilobytes that unfold to a hundred million pixels and more."""
    squeeze = zlib.compressobj(9)
    row = b"\x00" * (1 + 3 * 20_000)
    body = b"".join(squeeze.compress(row * 100) for _ in range(60)) + squeeze.flush()
    return png_of(20_000, 6000, body)


def text_bomb() -> bytes:
    """A small picture with a text that unfolds to a hundred megabytes."""
    said = b"Comment\x00\x00" + zlib.compress(bytes(100 << 20), 9)
    return png_of(4, 4, zlib.compress((b"\x00" + b"\x20\x40\x60" * 4) * 4), chunk(b"zTXt", said))


def huge_header() -> bytes:
    """A header of 60,000 x 60,000 with nothing behind it."""
    return png_of(60_000, 60_000, zlib.compress(b"\x00"))


def scene(width: int = 96, height: int = 64, seed: int = 0) -> np.ndarray:
    """A picture with a sky, a ground and something bright in its upper left."""
    rng = np.random.default_rng(seed)
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2] = rng.integers(90, 255, 3)
    image[height // 2 :] = rng.integers(0, 120, 3)
    image[: height // 4, : width // 4] = (250, 240, 30)
    x = int(rng.integers(width // 4, width * 3 // 4))
    image[height // 3 : height * 3 // 4, x : x + width // 8] = rng.integers(0, 255, 3)
    return image


def photo(*, orientation: int = 1, form: str = "JPEG", noise: int = 0) -> bytes:
    """A photograph as a telephone writes it: with its place, its maker, a comment, and turned; `noise` pixels wide, it is large."""
    shown = np.random.default_rng(1).integers(0, 255, (noise, noise, 3), np.uint8) if noise else scene()
    image = Image.fromarray(shown)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    out = BytesIO()
    image.save(out, form, exif=exif, **({"comment": b"SecretComment"} if form == "JPEG" else {}))
    return out.getvalue()


def picture(form: str = "PNG", **more: int) -> bytes:
    out = BytesIO()
    Image.fromarray(scene(**more)).save(out, form)
    return out.getvalue()


SVG = b"""<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"""
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"


def clip(frames: int = 24, width: int = 160, height: int = 90) -> bytes:
    """A second of a moving scene as MP4."""
    out = BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for n in range(frames):
            image = np.roll(scene(width, height), n, axis=1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    return out.getvalue()


def tone(seconds: float = 1.5) -> bytes:
    """A tone that swells and fades, as WAV."""
    at = np.linspace(0, seconds, int(48_000 * seconds), endpoint=False)
    wave = np.sin(at * 440 * 6.283) * np.sin(at / seconds * 3.1416)
    return write_wav(np.stack([wave, wave], axis=1).astype(np.float32))
