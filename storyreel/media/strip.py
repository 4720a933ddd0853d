"""A picture's file without what is not the picture: no place, camera, comment or hidden passenger, and no pixel changed.

Sources: PNG (W3C, third edition), JPEG (ITU-T T.81), WebP container (RFC 9649).
"""

from __future__ import annotations

from collections.abc import Iterator

from storyreel.media.picture import UnreadablePicture

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# What a decoder needs to show the same colours.
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"pHYs"})
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
WEBP_ABOUT = 0x0C  # VP8X: there is EXIF, there is XMP
# Frames that carry no length: they stand alone, or are the entropy-coded data's own.
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
SOS, EOI, JFIF, ICC, ADOBE = 0xDA, 0xD9, 0xE0, 0xE2, 0xEE


def stripped(data: bytes, media_type: str) -> bytes:
    """The same picture with nothing beside it; what is clean comes back as it was.

    Raises:
        UnreadablePicture: the file breaks off, or is of no type that can be stripped.
    """
    if media_type == "image/png":
        return PNG_HEAD + b"".join(_png(data))
    if media_type == "image/jpeg":
        return b"\xff\xd8" + b"".join(_jpeg(data))
    if media_type == "image/webp":
        return _webp(data)
    raise UnreadablePicture(f"a {media_type} cannot be cleaned; send a PNG, JPEG or WebP")


def _png(data: bytes) -> Iterator[bytes]:
    at = len(PNG_HEAD)
    while True:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if len(kind) < 4 or end > len(data):  # noqa: PLR2004
            raise UnreadablePicture("the picture breaks off; send it again")
        if kind in PNG_KEPT:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    at = 2
    while True:
        at, code = _marker(data, at)
        if code == EOI:
            yield b"\xff\xd9"
            return
        if code in JPEG_BARE:
            yield data[at - 2 : at]
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or end < at + 2:
            raise UnreadablePicture("the picture breaks off; send it again")
        if code == SOS:
            end = _scan_end(data, end)
        if (not 0xE0 <= code <= 0xEF and code != 0xFE) or _is_needed(code, data[at + 2 : end]):  # noqa: PLR2004
            yield data[at - 2 : end]
        at = end


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The place after the next marker, and its code; any number of 0xFF may stand before it."""
    if at >= len(data) or data[at] != 0xFF:  # noqa: PLR2004
        raise UnreadablePicture("the picture is broken between two of its parts; send it again")
    while at < len(data) and data[at] == 0xFF:  # noqa: PLR2004
        at += 1
    if at >= len(data):
        raise UnreadablePicture("the picture breaks off; send it again")
    return at + 1, data[at]


def _scan_end(data: bytes, at: int) -> int:
    """Where the entropy-coded data ends: before the next marker that is neither stuffed nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise UnreadablePicture("the picture breaks off; send it again")
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:  # noqa: PLR2004
            at += 2
        elif following == 0xFF:  # noqa: PLR2004
            at += 1
        else:
            return at


def _is_needed(code: int, body: bytes) -> bool:
    """Whether an application's part says how the colours are meant. JFIF is kept without its small picture only."""
    if code == JFIF:
        return body.startswith(b"JFIF\0") and len(body) == 14  # noqa: PLR2004
    return (code == ICC and body.startswith(b"ICC_PROFILE\0")) or (code == ADOBE and body.startswith(b"Adobe"))


def _webp(data: bytes) -> bytes:
    stop = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    at, kept = 12, b""
    while at + 8 <= stop:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if at + 8 + length > stop:
            raise UnreadablePicture("the picture breaks off; send it again")
        part = data[at:end]
        if kind == b"VP8X":
            part = part[:8] + bytes([part[8] & ~WEBP_ABOUT]) + part[9:]
        if kind in WEBP_KEPT:
            kept += part
        at = end
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + kept
