"""The project as a whole: opened, put away and brought back, and its episodes."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from storyreel.actions.base import Asked


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_THIS_ZH = r"(?:把)?(?:这个|整个|当前)?(?:项目|片子|影片)"
_THIS_EN = r"(?:this|the|my)(?:\s+whole|\s+entire)?\s+(?:project|film)"
_STATES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("project.restore", _rx(rf"取消归档|解除归档|{_THIS_ZH}(?:恢复|还原)(?:一下|过来|回来)?[。]?$|^(?:恢复|还原)(?:这个|归档的|整个)?项目[。]?$|\b(?:un-?archive|restore|reopen)\s+{_THIS_EN}\b")),
    ("project.archive", _rx(rf"{_THIS_ZH}(?:先)?(?:归档|封存)(?:起来|了|吧)?|(?:归档|封存)(?:这个|整个)?(?:项目|片子)|(?:这个|整个)(?:项目|片子)(?:不做|做完|不用)了[，,]\s*归档(?:吧|了|起来)?|(?:done with this project,?\s*)?\barchive it\b|\b(?:archive|put away|shelve)\s+{_THIS_EN}\b")),
    ("project.delete", _rx(rf"{_THIS_ZH}(?:整个)?(?:删掉|删除|删了)|(?:删掉|删除)(?:这个|整个)项目|\b(?:delete|remove)\s+{_THIS_EN}\b")),
)  # fmt: skip
_ORDINAL_ZH = r"(?:第(?:\d+|[二三四五六七八九十]+)|一|新的?一|下一)"
_ADD_EPISODE = _rx(
    rf"^(?:请|再|帮我)*(?:加|新建|建|添|新增|开)(?:上)?(?P<zh>{_ORDINAL_ZH}集)(?:[，,]?(?:叫|名为)[《“]?(?P<zt>[^》”，。]+)[》”]?)?[。！!]?$|^(?:please\s+)?(?:add|create|start)\s+(?:an?other|a|the)?\s*(?:new|next|second|third|fourth|\d+(?:nd|rd|th))?\s*episode(?:\s+(?:called|named|titled)\s+[\"“']?(?P<et>[^\"”'.]+)[\"”']?)?[.!]?$"
)
_NAME_EPISODE = _rx(
    r"^(?:把)?(?:这一?集|本集)(?:的)?(?:名字|标题)?(?:叫做?|改名(?:为|叫)|名为|是|改成|定为)[《“]?(?P<zh>[^》”，。]{1,60})[》”]?$|^(?:please\s+)?(?:call|title|name|rename)\s+(?:this|the)\s+episode\s+(?:to\s+)?[\"“']?(?P<en>[^\"”'.]{1,80})[\"”']?[.]?$"
)
_DROP_EPISODE = _rx(
    r"^(?:请|把)?(?:删掉|删除)(?:这一?集|本集)[。]?$|^(?:把)?(?:这一?集|本集)删(?:掉|除)[。]?$|^(?:please\s+)?(?:delete|remove)\s+(?:this|the)\s+episode[.]?$"
)
_OPEN = _rx(r"^(?:请)?打开(?:这个|当前)?项目[。]?$|^(?:please\s+)?open (?:the|this) project[.]?$")


def state(heard: Heard) -> Found | None:
    """The project put away, brought back or deleted."""
    for kind, pattern in _STATES:
        reading = Reading(heard.text)
        if reading.take(pattern):
            return found(reading, "the project's state", Asked(type=kind))
    return None


def episode(heard: Heard) -> Found | None:
    """An episode added with nothing in it yet, named, or deleted."""
    if match := _ADD_EPISODE.match(heard.text):
        title = (match["zt"] or match["et"] or "").strip() or (match["zh"] if re.match(r"第", match["zh"] or "") else "")
        args: dict[str, Any] = {"title": title} if title else {}
        return Found(intent="an episode", actions=(Asked(type="episode.create", args=args),))
    if match := _NAME_EPISODE.match(heard.text):
        return Found(
            intent="name the episode",
            actions=(Asked(type="episode.update", args={"title": (match["zh"] or match["en"]).strip()}),),
        )
    if _DROP_EPISODE.match(heard.text):
        return Found(intent="delete the episode", actions=(Asked(type="episode.delete"),))
    return None


def open_project(heard: Heard) -> Found | None:
    """The project as it stands."""
    return Found(intent="open", actions=(Asked(type="project.open"),)) if _OPEN.match(heard.text) else None


INTENTS: tuple[Intent, ...] = (open_project, state, episode)
