"""Places in the history by name and number: one part taken back to one, two of them compared, one given another name."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.versions import place_of
from agent.rules.which import take_which
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_BACK = _rx(
    r"(?:回到|退回到?|恢复(?:到|成)|还原(?:到|成)|回滚到?|切回)\s*(?P<zh>[^，。]+)$|\b(?:go|roll|come|switch|take|bring|put)\b(?P<mid>.*?)\bback to\s+(?P<en>.+)$|\b(?:restore|revert|reset)\b(?P<md>.*?)\bto\s+(?P<er>.+)$"
)
_VERB = _rx(r"\b(?:go|roll|come|switch|take|bring|put|back|only|just)\b|只|单独")
_VERSION = _rx(r"版本|快照|^#?\d+$|\b(?:version|snapshot|draft|revision)\b|初稿|定稿|那版|稿")
_PLACE_ZH = r"(?:版本\s*\d+|第\s*[\d一二三四五六七八九十]+\s*(?:版|个版本)|#\d+|[^，。？?和与跟到的]{1,16}?)"
_BETWEEN = _rx(
    rf"^(?:比较|对比)?(?:一下)?(?P<za>{_PLACE_ZH})(?:和|与|跟)(?P<zb>{_PLACE_ZH})(?:之间|相比)?(?:都)?(?:有|的)?(?:什么|哪些)?(?:区别|不同|变化|差别|差异|改动)(?:是什么)?[?？]?$|^从(?P<zc>{_PLACE_ZH})到(?P<zd>{_PLACE_ZH})(?:都)?(?:改了|有)(?:什么|哪些)(?:变化|改动)?[?？]?$|"
    r"^(?:what(?:'s| is| are) the (?:differences?|changes)|differences?|diff|compare|what changed)\s*(?:between)?\s+(?P<ea>(?:version|snapshot)?\s*#?[\w' -]+?)\s+(?:and|to|with)\s+(?P<eb>[\w #'-]+?)[?.]?$"
)
_RENAME = _rx(
    r"(?:把)?(?:版本\s*(?P<za>\d+)|第\s*(?P<zb>[\d一二三四五六七八九十]+)\s*(?:版|个版本))(?:改名|重命名|命名|改叫)(?:为|成|叫)?[“\"《]?(?P<zh>[^”\"》，。]{1,60})[”\"》]?$|\b(?:rename|call|name)\s+version\s*#?(?P<ea>\d+)\s+(?:to\s+|as\s+)?[\"“']?(?P<en>[^\"”'.]{1,60})[\"”']?[.]?$"
)
_SINCE = _rx(
    r"(?:和|跟|与|比|从|自)(?P<zh>[^，。？?\x1f]{1,16}?)(?:相比|比起来|比|以来|之后|以后)(?:都|，)?(?:有什么|有哪些)?(?:变化|不同|区别|改动|不一样|改了(?:什么|哪些|啥))|\bwhat(?:'s| has| have)?\s+changed\b(?P<mid>.*?)\bsince\s+(?P<en>[^?.]+)"
)
_ONLY = _rx(r"\b(?:in|of|about|with)\b|了|吗")


def back_in_part(heard: Heard) -> Found | None:
    """Shots, a scene or a character as they were at a place, with everything else as it is."""
    match = _BACK.search(heard.text)
    if match is None:
        return None
    said = (match["zh"] or match["en"] or match["er"]).strip(" 。.!！")
    reading = Reading(heard.text[: match.start()] + " " + (match["mid"] or match["md"] or ""))
    part = _part(reading, heard)
    if not part or not _VERSION.search(said):
        return None
    reading.take_all(_VERB)
    return found(reading, "go back in part", Asked(type="version.rollback", args={"to": place_of(said), **part}))


def between(heard: Heard) -> Found | None:
    """What differs between two places."""
    match = _BETWEEN.match(heard.text)
    if match is None:
        return None
    first, second = ((match["za"] or match["zc"] or match["ea"]), (match["zb"] or match["zd"] or match["eb"]))
    if not (_VERSION.search(first) and (_VERSION.search(second) or second.strip() in {"现在", "now"})):
        return None
    until = "now" if second.strip() in {"现在", "now"} else place_of(second)
    return Found(
        intent="between two versions", actions=(Asked(type="version.diff", args={"since": place_of(first), "until": until}),)
    )


def in_part(heard: Heard) -> Found | None:
    """What changed in shots, a scene or a character since a place."""
    reading = Reading(heard.text)
    match = _SINCE.search(heard.text)
    if match is None:
        return None
    reading.free = heard.text[: match.start()] + " " + (match["mid"] or "") + " " + heard.text[match.end() :]
    part = _part(reading, heard)
    if not part:
        return None
    reading.take_all(_ONLY)
    asked = Asked(type="version.diff", args={"since": place_of((match["zh"] or match["en"]).strip()), **part})
    return found(reading, "what changed in part", asked)


def rename(heard: Heard) -> Found | None:
    """Another name for a version that there is."""
    match = _RENAME.search(heard.text)
    if match is None:
        return None
    number = int(parse_number(match["za"] or match["zb"] or match["ea"]) or 0)
    name = (match["zh"] or match["en"]).strip()
    return Found(intent="rename a version", actions=(Asked(type="version.snapshot", args={"name": name, "number": number}),))


def _part(reading: Reading, heard: Heard) -> dict[str, Any]:
    which = take_which(reading, heard)
    if which is not None and which.said and not which.apart and not which.whole_film:
        return {"scene": which.scene} if which.scene else {"shots": which.words}
    name = next((one for one in heard.context.characters if reading.take(_rx(re.escape(one)))), "")
    return {"character": name} if name else {}


INTENTS: tuple[Intent, ...] = (rename, back_in_part, between, in_part)
