"""What kind of file some bytes are, by their content and never by their name."""

from __future__ import annotations

import filetype

from storyreel.model.errors import BadInput

TEXT_NAMES = {".md": "text/markdown", ".fountain": "text/x-fountain"}
ACCEPTED = ("image/", "video/", "audio/")


def kind_of(data: bytes, name: str = "") -> str:
    """The media type of a picture, clip, sound or text.

    Raises:
        BadInput: it is none of these, or broken at its first bytes.
    """
    guess = filetype.guess_mime(data)
    if guess and guess.startswith(ACCEPTED):
        return str(guess)
    if guess is None and _is_text(data):
        ending = name[name.rfind(".") :].lower() if "." in name else ""
        return TEXT_NAMES.get(ending, "text/plain")
    raise BadInput(f"{name or 'this file'} is no picture, clip, sound or text{f' (it looks like {guess})' if guess else ''}")


def _is_text(data: bytes) -> bool:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    for encoding in ("utf-8", "utf-16", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
