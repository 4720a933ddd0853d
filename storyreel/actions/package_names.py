"""The names of files in a package: a rule with fields, checked, filled, made safe for every system, and told apart where two are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from storyreel.model.errors import BadInput

NUMBERS = frozenset({"shot", "draft", "scene", "take", "cell", "n"})
STORY_FIELDS = ("project", "episode", "scene", "shot", "label", "stage", "kind", "track", "take", "cell", "n")
DRAFT_FIELDS = ("project", "board", "draft", "label", "stage", "kind", "track", "take", "cell", "n")
STORY_RULE = "{project}-{shot:03}-{stage}-{n}"
DRAFT_RULE = "{project}-{board}-{draft:03}-{n}"
LONGEST_RULE = 200
# A file's name holds at most 255 bytes on every system in use; the ending and a number need some.
LONGEST_BYTES = 180
_WIDTH = re.compile(r"^0?[1-9]?$")
_BAD = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?=$|\.)", re.IGNORECASE)
ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif", "video/mp4": "mp4", "video/quicktime": "mov",
    "video/webm": "webm", "audio/wav": "wav", "audio/x-wav": "wav", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/flac": "flac", "audio/ogg": "ogg",
    "application/x-subrip": "srt", "text/vtt": "vtt", "text/plain": "txt", "application/json": "json",
}  # fmt: skip


def checked_rule(rule: str, fields: Iterable[str]) -> str:
    """The rule, if it is one.

    Raises:
        BadInput: it names a field that there is not, or asks for more of one than its width; the message lists the fields.
    """
    known = tuple(fields)
    if len(rule) > LONGEST_RULE:
        raise BadInput(f"a naming rule holds at most {LONGEST_RULE} characters", field="rule")
    try:
        parts = list(Formatter().parse(rule))
    except ValueError as error:
        raise BadInput(f"the naming rule is not understood: {error}", field="rule") from error
    named = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    for name, spec, conversion in named:
        width = spec or ""
        if name not in known:
            raise BadInput(f"a naming rule has no field {{{name}}}; it has: {', '.join(known)}", field="rule")
        if conversion or not _WIDTH.match(width) or (width and name not in NUMBERS):
            raise BadInput(f"{{{name}:{width}}} is not understood; a number may have a width, as in {{n:03}}", field="rule")
    if not named:
        raise BadInput(f"a naming rule needs a field, for example {STORY_RULE}", field="rule")
    return rule


def named(rule: str, values: Mapping[str, Any]) -> str:
    """A name by the rule, safe as one part of a path on every system, in its shortest composed form."""
    filled = {name: int(value or 0) if name in NUMBERS else str(value or "") for name, value in values.items()}
    return safe(rule.format_map(filled))


def safe(name: str) -> str:
    """A name without what a path, a shell or a system cannot take; never empty, never hidden, never a step upwards."""
    plain = _BAD.sub("_", unicodedata.normalize("NFC", name))
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    plain = _cut(plain, LONGEST_BYTES).strip(" .")
    if not plain:
        return "file"
    return f"_{plain}" if _RESERVED.match(plain) else plain


def unique(names: Iterable[tuple[str, str]]) -> list[str]:
    """Names with their endings; the second of a kind, whatever its case, is "name (2)"."""
    taken: set[str] = set()
    done: list[str] = []
    for stem, ending in names:
        number, name = 1, _ended(stem, ending)
        while name.casefold() in taken:
            number += 1
            name = _ended(f"{stem} ({number})", ending)
        taken.add(name.casefold())
        done.append(name)
    return done


def ending_of(media_type: str) -> str:
    """The ending of a file of a type, without its dot."""
    return ENDINGS.get(media_type.partition(";")[0].strip(), "bin")


def _ended(stem: str, ending: str) -> str:
    return f"{stem}.{ending}" if ending else stem


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")
