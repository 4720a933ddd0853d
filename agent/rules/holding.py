"""Fields of shots that must not change: "lock the lines of shot 3", and free again."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import take_or_carried
from storyreel.actions.base import Asked


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FREE = _rx(r"解锁|解除锁定|取消锁定|放开|\bunlock\b|\bfree\b")
_HOLD = _rx(
    r"锁定|锁住|锁上|固定住?|别再(?:动|改|变)|不要再(?:动|改|变)|不许再?(?:动|改|变)|保持不变|不能再?变|\block\b|\bkeep\b(?=.*\b(?:as it is|as they are|the same|unchanged)\b)|\bmust not change\b"
)
FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("lines", _rx(r"台词|对白|旁白|\b(?:lines|dialogue|narration)\b")),
    ("cast", _rx(r"角色|人物|演员|\b(?:cast|people|characters)\b")),
    ("duration", _rx(r"时长|长度|\b(?:duration|length)\b")),
    ("camera", _rx(r"机位|运镜|镜头运动|景别|角度|\b(?:camera|framing|angle)\b")),
    ("composition", _rx(r"构图|\bcomposition\b")),
    ("time", _rx(r"时间|时段|\btime(?: of day)?\b")),
    ("weather", _rx(r"天气|\bweather\b")),
    ("mood", _rx(r"情绪|氛围|气氛|\b(?:mood|atmosphere)\b")),
    ("style", _rx(r"风格|画风|\bstyle\b")),
    ("palette", _rx(r"配色|色调|颜色|\b(?:palette|colou?rs?)\b")),
    ("place", _rx(r"地点|场景|背景|\b(?:place|location|setting|background)\b")),
    ("subject", _rx(r"主体|内容|\b(?:subject|content)\b")),
    ("audio", _rx(r"音效|声音|\b(?:sounds?|audio)\b")),
)  # fmt: skip
_REST = _rx(r"保持|\b(?:as it is|as they are|the same|unchanged)\b")


def hold(heard: Heard) -> Found | None:
    """Fields of shots held or freed; a shot as a whole is locked by its status."""
    if heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    verb = "unlock" if reading.take(_FREE) else "lock" if reading.take(_HOLD) else ""
    which = take_or_carried(reading, heard) if verb else None
    fields = [name for name, pattern in FIELDS if reading.take(pattern)]
    if which is None or which.apart or not fields:
        return None
    reading.take_all(_REST)
    return found(reading, "lock fields", Asked(type="shot.update", args={"shots": which.words, verb: fields}), about=which.words)
