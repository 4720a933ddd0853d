"""The shape of a picture in a person's words: aspect and resolution."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Reading

ASPECTS: dict[str, re.Pattern[str]] = {
    "9:16": re.compile(
        r"竖屏|竖版|竖构图|9\s*[:：x×]\s*16|\bvertical\b|\bportrait (?:format|mode|video|aspect)\b|抖音|快手|tik ?tok|\breels\b",
        re.IGNORECASE,
    ),
    "1:1": re.compile(r"方形|正方形|1\s*[:：]\s*1\b|\bsquare\b", re.IGNORECASE),
    "2.39:1": re.compile(r"宽银幕|2\.39(?:\s*[:：]\s*1)?|\bscope\b|\banamorphic\b|\bcinemascope\b", re.IGNORECASE),
    "4:3": re.compile(r"4\s*[:：]\s*3\b", re.IGNORECASE),
    "16:9": re.compile(
        r"横屏|横版|16\s*[:：x×]\s*9|\blandscape (?:format|mode|video|aspect)\b|\bhorizontal\b|\bwidescreen\b", re.IGNORECASE
    ),
}
RESOLUTIONS: dict[str, re.Pattern[str]] = {
    "360p": re.compile(r"360p", re.IGNORECASE),
    "720p": re.compile(r"720p", re.IGNORECASE),
    "1080p": re.compile(r"1080p|全高清|\bfull hd\b", re.IGNORECASE),
    "2K": re.compile(r"(?<![\d.])2k\b|(?<![\d.])2k(?=[\u4e00-\u9fff])", re.IGNORECASE),
    "4K": re.compile(r"(?<![\d.])4k\b|(?<![\d.])4k(?=[\u4e00-\u9fff])|超高清", re.IGNORECASE),
}


def settings_of(text: str, reading: Reading | None = None) -> dict[str, Any]:
    """The aspect and resolution that a text asks for; their words are struck out of `reading`."""
    given: dict[str, Any] = {}
    for key, table in (("aspect", ASPECTS), ("resolution", RESOLUTIONS)):
        for value, pattern in table.items():
            if match := pattern.search(text):
                given[key] = value
                # A platform's own name says more than its format.
                if reading and not re.match(r"抖音|快手|tik|reels", match[0], re.IGNORECASE):
                    reading.take_all(pattern)
                break
    return given
