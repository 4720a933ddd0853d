"""Which episode a message is about: "第二集第3个镜头", "shot 3 of episode 2". What follows is then said of that episode."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncConnection

from agent.types import Turn
from storyreel.graph.places import episodes_of

DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
WORDS = {
    word: number
    for number, names in enumerate(("one first", "two second", "three third", "four fourth", "five fifth", "six sixth", "seven seventh"), 1)
    for word in names.split()
}  # fmt: skip
ZH = re.compile(r"(?P<lead>(?:在|把|给)?)第(?P<n>[一二三四五六七八九十两]|\d{1,3})集(?P<of>的|里面?|中)?[，,：:]?\s*")
EN = re.compile(
    r"(?P<lead>[,:]?\s*\b(?:in|of|from|for)\s+)?(?:\bthe\s+)?(?:\bepisode\s+(?P<n>\d{1,3}|[a-z]+)\b|\b(?P<nth>[a-z]+)\s+episode\b)[,:]?\s*",
    re.IGNORECASE,
)
# What speaks of parts of an episode: then the words for the episode are left out, else they become "this episode".
PARTS = re.compile(r"镜头|分镜|第\s*[\d一二三四五六七八九十]+\s*(?:个|场|幕)|\b(?:shots?|scenes?|clips?)\b", re.IGNORECASE)
# Making a new episode names one that is not there yet.
NEW = re.compile(
    r"(?:加|新建|再来|写|做|拍|添加|创建)(?:一个|个|上)?\s*$|\b(?:add|create|write|make|start)\s+(?:(?:an?|the|me)\s+)?$",
    re.IGNORECASE,
)


async def in_episode(conn: AsyncConnection, turn: Turn) -> Turn:
    """The turn in the episode that its words name, without those words; the same turn where they name none that is there."""
    found = named(turn.text)
    if found is None or turn.mode != "agent":
        return turn
    number, rest = found
    ids = await episodes_of(conn, turn.workspace_id)
    if not 1 <= number <= len(ids):
        return turn
    return turn.model_copy(update={"episode_id": ids[number - 1], "text": rest})


def named(said: str) -> tuple[int, str] | None:
    """The number of the episode that a message names, and the message as it is said inside that episode; None where it names none or two."""
    for pattern, this in ((ZH, "这一集"), (EN, "this episode")):
        found = [(match, number) for match in pattern.finditer(said) if (number := _number(match)) is not None]
        if len({number for _, number in found}) != 1 or NEW.search(said[: found[0][0].start()]):
            continue
        match, number = found[0]
        lead = match["lead"] or ""
        kept = lead if pattern is ZH else ""
        parts = PARTS.search(said[: match.start()] + " " + said[match.end() :])
        middle = kept if parts else f"{lead if pattern is EN else kept}{this}" + (" " if pattern is EN else match["of"] or "")
        joint = " " if pattern is EN and parts and match.start() and said[match.end() :] else ""
        return number, f"{said[: match.start()]}{joint}{middle}{said[match.end() :]}".strip()
    return None


def _number(match: re.Match[str]) -> int | None:
    word = match["n"] or match.groupdict().get("nth") or ""
    if word.isdigit():
        return int(word)
    return DIGITS.get(word) or WORDS.get(word.lower())
