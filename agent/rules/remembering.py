"""Memory: "记住…", "remember that ...", "忘掉…", "what do you remember?"."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number
from storyreel.script.tongue import CJK


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_REMEMBER = _rx(
    r"^(?:请|帮我|麻烦|你|要|一定|务必)*(?:记住|记得|记下来?|记一下|牢记|别忘了?|不要忘记?)(?:一下|了|这一?点|这件事)?\s*[：:，,]?\s*(?P<zh>.+?)[。.!！]*$|"
    r"^(?:please\s+|and\s+|also\s+)*(?:remember|keep in mind|make a note|note|don['’]t forget|do not forget)(?:\s+(?:that|this|the following))?\s*[:,]?\s+(?P<en>.+?)[.!]*$"
)
# A deed that is put off is no fact, and a question is no wish.
_NO_FACT = _rx(
    r"^(?:to\s|把|将|渲染|重新|删掉?|改成?|加上?|做|吗$|什么|哪些|啥|谁|when\b|what\b|how\b)|[?？]$|(?:吗|么)[?？]?$|[;；\n]|(?:然后|接着)|\b(?:and then|then)\b"
)
_FORGET = _rx(
    r"^(?:请|帮我)*(?:忘掉|忘了|忘记|不用(?:再)?记(?:得|住)?|别再记(?:得|住)?)(?:我?(?:说过|说的)?关于)?\s*(?P<zh>.+?)(?:这件事|这回事|这一?点|这条|的事情?)?[。.!！]*$|"
    r"^(?:please\s+)?(?:forget|stop remembering)\s+(?:that\s+|about\s+|what i said about\s+|the fact that\s+)?(?P<en>.+?)[.!]*$"
)
_NOT_A_FACT = _rx(r"^(?:吧|它|这个|那个|算了|it|that|this|them|about it)$")
_ALL_OF = _rx(
    rf"^(?:关于)?(?P<zh>[{CJK}A-Za-z0-9· ]+?)的(?:一切|所有(?:事情?|内容)?|全部)$|^(?:everything|all)(?: you know)?(?: about| of)\s+(?P<en>.+)$"
)
_RECALL = _rx(
    rf"^(?:关于(?P<za>[{CJK}A-Za-z0-9·第 ]+?)[，,]?)?(?:你)?(?:都|还|现在)*(?:记得|记住了?|记着)(?:关于)?(?P<zb>[{CJK}A-Za-z0-9·第 ]*?)的?(?:些)?(?:什么|啥|哪些(?:事情?|内容)?)[?？。]*$|"
    r"^(?:列出|看看|查看|显示|打开)?(?:你的|项目的|所有)?记忆(?:列表|里有(?:什么|哪些))?[?？。]*$|"
    r"\bwhat (?:do|have) you (?:still )?(?:remember|recall|remembered)(?: about (?P<en>.+?))?[?.]*$|^(?:list|show)(?: me)?(?: your| the)? memor(?:y|ies)[?.]*$"
)
_SHOT = _rx(r"第\s*(?P<zh>\d{1,4}|[零一二两三四五六七八九十百]+)\s*(?:个|号)?(?:镜头|分镜)|\bshot\s+#?(?P<en>\d{1,4})\b")
_SCENE = _rx(r"第\s*(?P<zh>\d{1,3}|[一二两三四五六七八九十]+)\s*(?:场|幕)|\bscene\s+#?(?P<en>\d{1,3})\b")
_DECISION = _rx(r"(?:我们)?(?:决定|定下来|定了|确定|就用|说好)|\b(?:we (?:have )?(?:decided|agreed)|decided|it is settled)\b")
_PREFERENCE = _rx(
    r"我(?:们)?(?:更|不|比较|很|最)?(?:喜欢|爱|偏好|想要|讨厌|希望)|总是|一律|永远|以后|每次|不要|别|\b(?:i|we)\s+(?:\w+\s+)?(?:like|love|prefer|want|hate|dislike)\b|\b(?:always|never|from now on|avoid)\b"
)


def remember(heard: Heard) -> Found | None:
    """A fact that is kept: the person's own words, and what they are about."""
    match = _REMEMBER.match(heard.text)
    fact = (match["zh"] or match["en"]).strip(" ，,：:") if match else ""
    if not fact or _NO_FACT.search(fact):
        return None
    kind = "decision" if _DECISION.search(fact) else "preference" if _PREFERENCE.search(fact) else "fact"
    args: dict[str, Any] = {
        "fact": fact,
        "quote": heard.text[:500],
        **({"kind": kind} if kind != "fact" else {}),
        **_about(heard, fact),
    }
    return Found(intent="remember", actions=(Asked(type="memory.save", args=args),))


def forget(heard: Heard) -> Found | None:
    """A fact that is forgotten, by its words, or all that is known of somebody."""
    match = _FORGET.match(heard.text)
    said = (match["zh"] or match["en"]).strip() if match else ""
    if not said or _NOT_A_FACT.match(said):
        return None
    every = _ALL_OF.match(said)
    about = _about(heard, every["zh"] or every["en"]) if every else {}
    args = about or {"words": said}
    return Found(intent="forget", actions=(Asked(type="memory.forget", args=args),))


def recall(heard: Heard) -> Found | None:
    """What is remembered, of everything or of one thing."""
    match = _RECALL.search(heard.text)
    if match is None:
        return None
    named = (match["za"] or match["zb"] or match["en"] or "").strip()
    about = _about(heard, named) if named else {}
    args = about or ({"words": named} if named else {})
    return Found(intent="recall", actions=(Asked(type="memory.list", args=args),))


def keep(heard: Heard) -> Found | None:
    """Whatever a whole message asks of the memory: a fact may hold anything, so it is heard before all else."""
    return recall(heard) or remember(heard) or forget(heard)


def _about(heard: Heard, said: str) -> dict[str, str]:
    """What a fact is about: the shot, scene or person that it names; else the shot that the talk is bound to."""
    for pattern, kind in ((_SHOT, "shot"), (_SCENE, "scene")):
        if found := pattern.search(said):
            return {"about": kind, "which": str(int(parse_number(found["zh"] or found["en"]) or 0))}
    low = said.lower()
    people = [name for name in heard.context.characters if name.lower() in low]
    if len(people) == 1:
        return {"about": "character", "which": people[0]}
    bound = heard.context.bound
    return {"about": "shot", "which": str(bound.work_item_id)} if bound is not None else {}
