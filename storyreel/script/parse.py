"""A script's text becomes a `ScriptDoc`, whatever way it was typed."""

from __future__ import annotations

import re
from typing import Literal

from storyreel.model.errors import BadInput
from storyreel.model.spec import Language
from storyreel.script.beats import NOT_NAMES, RawScript
from storyreel.script.doc import ScriptDoc
from storyreel.script.fountain import HEADING, INLINE, STRONG_HEADING, read_fountain
from storyreel.script.markdown import read_markdown
from storyreel.script.prose import read_prose
from storyreel.script.read import check
from storyreel.script.stage import build
from storyreel.script.tongue import language_of

Format = Literal["fountain", "markdown", "prose"]
_SURE = 2


def detect(text: str) -> Format:
    """How a script is typed: scene headings and cues are Fountain's, hashes and bold names Markdown's, all else is prose."""
    fountain, markdown = _fountain_marks(text), _markdown_marks(text)
    if fountain >= _SURE and fountain >= markdown:
        return "fountain"
    if markdown >= 1:
        return "markdown"
    return "fountain" if fountain >= _SURE else "prose"


def _fountain_marks(text: str) -> int:
    lines = text.splitlines()
    strong = sum(bool(STRONG_HEADING.match(line)) for line in lines) * 2
    headings = sum(bool(HEADING.match(line)) for line in lines)
    forced = len(re.findall(r"(?m)^(?:@\S.*\n\S|\.(?=[\u4e00-\u9fffA-Za-z])\S)", text))
    cues = len(re.findall(r"(?m)^[ \t]*\n[ \t]*[A-Z][A-Z .'’-]{1,30}(?:\s*\([^)\n]*\))?\n[ \t]*\S", text))
    labels = [match for line in lines if (match := INLINE.match(line)) and match["name"].lower() not in NOT_NAMES]
    written = sum(bool(line.strip()) for line in lines)
    labelled = len(labels) if len(labels) * 4 >= written else 0
    page = bool(re.match(r"\s*(?:title|标题|片名|剧名)\s*[:：]", text, re.IGNORECASE))
    return strong + headings + forced + cues + labelled + page


def _markdown_marks(text: str) -> int:
    hashes = len(re.findall(r"(?m)^\s{0,3}#{1,6} \S", text)) * 2
    spoken = len(re.findall(r"(?m)^\s*(?:[-*>]\s*)?\*\*[^*\n]{1,40}\*\*", text))
    rows = len(re.findall(r"(?m)^\s*\|.+\|\s*$", text))
    lists = len(re.findall(r"(?m)^\s*[-*+] \S", text))
    return hashes + spoken + rows + (lists if hashes or spoken else 0)


def parse(text: str, format: Format | None = None, language: Language | None = None) -> ScriptDoc:  # noqa: A002
    """The scenes and shots of a script; the format and the language are told from the text where they are not given.

    Raises:
        BadInput: The text is empty, too long, no text at all, or has nothing that can be shown or said.
    """
    check(text)
    script = _raw(text, format or detect(text), language)
    doc = build(script, text, language or script.language or language_of(text))
    if not doc.scenes:
        raise BadInput(
            "The script has headings or notes, but nothing to show or say. Add some action or dialogue under a heading."
        )
    return doc


def _raw(text: str, format: Format, language: Language | None) -> RawScript:  # noqa: A002
    if format == "fountain":
        return read_fountain(text)
    return read_markdown(text, language) if format == "markdown" else read_prose(text, language)
