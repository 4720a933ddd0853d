"""Bytes of a script file become text, or an error that says what to send instead."""

from __future__ import annotations

import re

from storyreel.model.errors import BadInput
from storyreel.script.doc import MAX_CHARS

_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word, EPUB or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"ID3": "a sound file",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MAX_BYTES = MAX_CHARS * 4
_MOSTLY = 0.02


def read(data: bytes, filename: str = "script") -> str:
    """The text of a script file, from UTF-8, UTF-16 or GB 18030, with line feeds as line ends.

    Raises:
        BadInput: The file is empty, too long, no text, or in an encoding that cannot be told.
    """
    if not data.strip(b"\x00\t\n\r "):
        raise BadInput(f"{filename} is empty. Send the script's text, or a .fountain, .md or .txt file.", file=filename)
    if len(data) > _MAX_BYTES:
        raise too_long(len(data) // 2, filename)
    _refuse_other_formats(data, filename)
    text = _decode(data, filename).replace("\r\n", "\n").replace("\r", "\n")
    return check(text, filename)


def check(text: str, filename: str = "The script") -> str:
    """The text itself, when it can be a script.

    Raises:
        BadInput: It is empty, too long, or holds bytes that are no text.
    """
    if len(text) > MAX_CHARS:
        raise too_long(len(text), filename)
    if not re.search(r"\w", text):
        raise BadInput(f"{filename} is empty. Send at least one sentence of the script.", file=filename)
    if len(_CONTROL.findall(text)) > _MOSTLY * len(text):
        raise _binary(filename)
    return text


def too_long(chars: int, filename: str) -> BadInput:
    """The error for a script beyond the limit."""
    return BadInput(
        f"{filename} is too long: about {chars:,} characters, and at most {MAX_CHARS:,} are read at once. "
        "Split it into episodes and import them one by one.",
        file=filename,
        chars=chars,
        limit=MAX_CHARS,
    )


def _refuse_other_formats(data: bytes, filename: str) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise BadInput(
                f"{filename} is {what}, not a text file. Export the script as Fountain, Markdown or plain text and send that.",
                file=filename,
            )


def _decode(data: bytes, filename: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data[len(bom) :], encoding) or _fail(filename)
    wide = _wide(data)
    if wide:
        return _try(data, wide) or _fail(filename)
    return _try(data, "utf-8") or _try(data, "gb18030") or _fail(filename)


def _wide(data: bytes) -> str:
    """The byte order of UTF-16 without a mark: every other byte of its ASCII part is zero."""
    head = data[:4000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 8 and even > 8 * odd else ""


def _try(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return "" if len(_CONTROL.findall(text)) > _MOSTLY * len(text) else text


def _fail(filename: str) -> str:
    raise _binary(filename)


def _binary(filename: str) -> BadInput:
    return BadInput(
        f"{filename} is not readable text. Save the script as UTF-8 text (Fountain, Markdown or plain) and send it again.",
        file=filename,
    )
