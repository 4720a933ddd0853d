"""Something more in the picture of one shot: "put a cat on the windowsill in shot 4"."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.rules.editing import GUESSED, again, shot_facts
from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import numbers_of, take_or_carried
from storyreel.actions.base import Asked

_THING = re.compile(
    r"(?:加上?|放上?|添上?|加入|摆上?|画上)(?P<zh>(?:一|两|三|几)?(?:只|个|盏|把|张|条|辆|棵|朵|本|束|杯|艘|座|扇|群|些|位|名|块|顶|架|匹|头)(?!镜头|特写|远景|场|角色|句)[^，。\x1f]{1,30})|"
    r"\b(?:add|put|place|include|draw)\s+(?P<en>(?:an?|some|two|three|several|the)\s+(?!(?:new\s+)?(?:shot|scene|character|line|note|close-?up|wide|clip|caption|subtitle)\b)[^,.\x1f]{2,80}?)(?=\s*(?:\bto\b|\bin\b|\binto\b)?\s*(?:\x1f|[,.?!]|$))",
    re.IGNORECASE,
)


def add_thing(heard: Heard) -> Found | None:
    """One shot's picture with something more in it; what it shows stays."""
    if heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    which = take_or_carried(reading, heard)
    match = reading.take(_THING)
    known = numbers_of(heard, which.words) if which else None
    if match is None or which is None or not known:
        return None
    if len(known) != 1:
        return found(reading, "add to a picture", question=heard.say("加到哪一个镜头里？", "Into which one shot should it go?"))
    facts = shot_facts(heard, which.words)
    if facts is None and not heard.looked:
        return found(
            reading, "add to a picture", looks=(Asked(type="shot.view", args={"shot": str(known[0])}),), about=which.words
        )
    shown = str((facts or {}).get("subject", "")).rstrip("。. ")
    thing = (match["zh"] or match["en"]).strip()
    subject = (f"{shown}，还有{thing}" if match["zh"] else f"{shown}, with {thing}") if shown else thing
    change = Asked(type="shot.update", args={"shots": which.words, "picture": {"subject": subject}})
    return replace(found(reading, "add to a picture", change, *again(heard, which.words), about=which.words), most=GUESSED)
