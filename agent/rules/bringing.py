"""Files that came with a message: a picture or a recording of one's own, a reference, a sketch to draw from."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import take_or_carried
from agent.types import Attachment
from storyreel.actions.base import Asked


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PICTURE = _rx(
    r"(?:用|拿|以|把)?(?:我)?(?:上传|自己|发)?的?这?(?:几|一)?(?:张|个|份|段)(?:照片|图片?|画|草图|录音|音频|文件|素材)|(?:当|作|做)(?:为)?(?:它)?的?(?:首帧|第一帧|画面|图)?|"
    r"\b(?:use|take|put)\b|\b(?:this|that|my|the attached|the uploaded|the)\s+(?:photo|picture|image|sketch|drawing|recording|audio|voice|file)(?:\s+(?:i\s+uploaded|attached))?\b|\bas\s+(?:the|a|an)?\s*(?:first\s+frame|picture|image|start)?(?:\s+(?:of|for))?\b"
)
_REFERENCE = _rx(
    r"(?:作为?|做|当)?(?:人物|角色|风格|画风|场景|图像)?的?参考(?:图)?|\b(?:as\s+)?(?:a\s+|the\s+)?(?:(?:character|style|scene)\s+)?reference\b"
)
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (_rx(r"角色|人物|脸|\b(?:character|face)\b"), "character"),
    (_rx(r"风格|画风|\bstyle\b"), "style"),
    (_rx(r"场景|背景|\b(?:scene|background)\b"), "scene"),
)
_VOICE = _rx(r"配音|声音|录音|旁白|\b(?:voice|voice-?over|recording|narration)\b")


def bring(heard: Heard) -> Found | None:
    """What the attached files and nodes are wanted for, by their roles and the words beside them."""
    mine = [one for one in heard.context.attachments if one.role != "script" and (one.asset_id or one.node_id)]
    if not mine or heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    role = next((role for pattern, role in _ROLES if pattern.search(heard.text)), "image")
    helps = reading.take(_REFERENCE) is not None
    which = take_or_carried(reading, heard)
    reading.take_all(_PICTURE)
    reading.take_all(_VOICE)
    for pattern, _ in _ROLES:
        reading.take(pattern)
    if which is None or which.apart:
        question = heard.say("这些文件给哪个镜头用？", "Which shot are these files for? For example 'for shot 2'.")
        return found(reading, "bring in files", question=question)
    actions = tuple(_action(one, which.words, role, helps=helps, text=heard.text) for one in mine)
    return found(reading, "bring in files", *actions, about=which.words)


def _action(one: Attachment, shots: str, role: str, *, helps: bool, text: str) -> Asked:
    source: dict[str, Any] = {"node": str(one.node_id)} if one.node_id else {"asset": one.asset_id}
    if one.role == "voice" or (one.role == "reference" and not helps and _VOICE.search(text)):
        return Asked(type="node.import", args={"shot": shots, **source, "slot": "voice"})
    if one.role == "sketch":
        return Asked(type="gen.grid", args={"node": source["node"]} if one.node_id else {"shots": shots, **source})
    if one.role == "first_frame" and not helps:
        if one.node_id:
            return Asked(type="node.promote", args=source)
        return Asked(type="node.import", args={"shot": shots, **source})
    return Asked(type="node.reference", args={"shots": shots, **source, "role": role})
