"""A run once more from one of its stages: "rerun shot 3 from video", "第3镜从视频重新跑"."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import take_which
from storyreel.actions.base import Asked

_STAGES_ZH = {
    "宫格": "grid",
    "九宫格": "grid",
    "画面": "grid",
    "图": "grid",
    "选图": "select",
    "视频": "video",
    "动画": "video",
    "配音": "voice",
    "声音": "voice",
    "合成": "compose",
    "配乐": "music",
    "音乐": "music",
    "成片": "film",
    "剪辑": "film",
}
_STAGES_EN = {
    "grid": "grid",
    "picture": "grid",
    "pictures": "grid",
    "image": "grid",
    "select": "select",
    "selection": "select",
    "video": "video",
    "clip": "video",
    "motion": "video",
    "voice": "voice",
    "voices": "voice",
    "compose": "compose",
    "music": "music",
    "score": "music",
    "film": "film",
}
_ZH = re.compile(
    rf"从(?P<stage>{'|'.join(sorted(_STAGES_ZH, key=len, reverse=True))})(?:这一?步|阶段|那一?步)?(?:开始)?(?:再|重新|重)(?:跑|来|运行|执行|做|渲染)(?:一[遍次下])?"
    r"|重(?:新)?(?:跑|运行)(?:一[遍次下])?"
)
_EN = re.compile(
    rf"\bre-?run\b|\bfrom\s+(?:the\s+)?(?P<stage>{'|'.join(_STAGES_EN)})(?:\s+(?:stage|step|on|onwards?))*\b|\b(?:run|start)\b(?=.*\bagain\b)|\bagain\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\bre-?run\b|\b(?:run|start)\b.*\bagain\b.*\bfrom\b|\b(?:run|start)\b.*\bfrom\b.*\bagain\b|从.{1,6}?(?:重新|重|再)(?:跑|运行|执行)|重(?:新)?跑",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"(?:用|按)(?:现在|今天)的(?:设置|内容|样子)?|\b(?:as (?:it is|they are) (?:now|today)|with today'?s inputs?)\b",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?:用|按)(?:原来|当时|那时)的?(?:设置|内容|样子)?|\bas it was(?: then)?\b", re.IGNORECASE)
_NEW = re.compile(r"(?:用|出)?新的?一版|\b(?:with )?a new take\b", re.IGNORECASE)


def rerun(heard: Heard) -> Found | None:
    """One shot's last run, or the film's, from a stage on."""
    if heard.context.shot_count == 0 or not _ASKS.search(heard.text):
        return None
    stage = next((match["stage"] for match in (*_ZH.finditer(heard.text), *_EN.finditer(heard.text)) if match["stage"]), None)
    if stage is None:
        return None
    first = _STAGES_ZH.get(stage) or _STAGES_EN[stage.lower()]
    reading = Reading(heard.text)
    inputs = "today" if reading.take(_TODAY) else "as_it_was" if reading.take(_THEN) else "same"
    again = reading.take(_NEW) is not None
    reading.take_all(_ZH)
    reading.take_all(_EN)
    which = take_which(reading, heard)
    if which is not None and which.apart:
        return None
    run = "film" if first in ("music", "film") else which.words if which else ""
    if not run or (run != "film" and not (run.isdigit() or run == "last")):
        asks = heard.say("要重新跑哪一个镜头？", "Which one shot is to be run again? For example 'rerun shot 3 from video'.")
        return found(reading, "rerun", question=asks)
    more = {**({"again": True} if again else {}), **({"inputs": inputs} if inputs != "same" else {})}
    return found(
        reading, "rerun", Asked(type="task.rerun", args={"run": run, "stage": first, **more}), about=run if run != "film" else ""
    )
