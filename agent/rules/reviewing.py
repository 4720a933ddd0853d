"""What waits for a person, and deciding it: retry what failed, go without a shot, another provider, less; and holding a provider."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.which import take_which
from storyreel.actions.base import Asked
from storyreel.providers.vendors import VENDORS


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NAMES = "|".join(sorted(VENDORS, key=len, reverse=True))
_WAITING = _rx(
    r"(?:现在)?(?:有)?(?:什么|哪些|啥|多少)(?:东西|事情?|任务|镜头)?(?:在|还)?(?:等(?:着)?我|需要我|要我)(?:处理|决定|看|做|确认)?(?:的)?(?:吗|呢)?|(?:待处理|待审核|需要人工处理|等我处理)的?(?:列表|任务|事项|清单|镜头|有哪些)*|"
    r"\bwhat(?:'s| is| are)?(?: there)?(?: that)? (?:is )?(?:waiting|waits?) for me(?: to (?:decide|do|look at))?\b|\b(?:what|which(?: ones?| shots?| tasks?)?) (?:needs?|need) (?:me|my (?:decision|attention|review))\b|\b(?:show(?: me)?|list|open)?\s*(?:the )?review (?:queue|list)\b|\bwhat do i (?:have|need) to (?:decide|review)\b"
)
_RETRY_FAILED = _rx(
    r"(?:把)?(?:所有|全部)?(?:失败|出错|没成功|没做出来)(?:了)?的?(?:都|全部|任务|镜头|那些)*(?:再)?(?:重试|重做|再试)(?:一[次遍下])?|重试(?:所有|全部)?(?:失败|出错)的?(?:任务|镜头)?|"
    r"\b(?:retry|try again|redo) (?:all |everything )?(?:(?:that|what|which|whatever) (?:has |have )?failed|the (?:failed|failures)(?: ones| shots| renders| tasks)?|failed (?:ones|shots|renders|tasks))(?: again)?"
)
_RETRY = _rx(r"重试|再试(?:一[次遍下])?|\b(?:retry|try again)\b(?: again)?")
_SKIP = _rx(
    r"跳过|(?:不要|别要|略过)(?=第|镜|这)|(?:就)?不要(?:了|它了)|(?:影片|片子)?里?(?:就)?(?:没有|去掉)它|"
    r"\b(?:skip|go without|leave out|do without|drop)\b|\b(?:the )?film (?:goes|can go) without (?:it|them)\b|\b(?:make|finish) the film without\b"
)
_OTHER_PROVIDER = _rx(
    rf"(?:改)?(?:用|换|换成|改用|让)(?:一个|个)?(?:别的|其他的?|另(?:外)?(?:一|的)?个?|另外的|(?P<zh>{_NAMES}))(?:这个)?(?:供应商|服务商|提供商|模型)?(?:来)?(?:重新|再)?(?:重做|做|生成|渲染|画|试)?(?:一[遍次下])?|"
    rf"\b(?:use|with|by|on|try|choose|pick|have|let)\s+(?:another|a different|some other|the other|(?:the )?(?:provider )?(?P<en>{_NAMES}))(?:\s+(?:provider|vendor|model|one))?(?:\s+(?:for|make|do|redo))?|\b(?:another|a different) (?:provider|vendor)\b"
)
_SAYS_PROVIDER = _rx(rf"供应商|服务商|提供商|\b(?:provider|vendor)\b|(?<![a-z])(?:{_NAMES})(?![a-z])")
_REDO = _rx(r"重做|重新做|再做|重新生成|重新渲染|\b(?:redo|retry|re-?make|re-?render|make|render|again|do)\b")
_SMALLER = _rx(
    r"(?:允许|可以|就)?(?:做|用)(?:得)?(?:小|低)(?:一?点|一些)?(?:的)?(?:分辨率|尺寸)?(?:也行|就行|重试)?|降低(?:一?点)?(?:分辨率|质量)(?:重试|再试)?|"
    r"\b(?:allow|accept|take|retry (?:it )?with|try)\s+(?:a )?(?:smaller|lower)(?: one| picture| version| request| resolution| size)?(?: (?:for|of|and retry))?"
)
_PAUSE = _rx(
    rf"(?:先)?(?P<hold>暂停|停用|停掉|别用|不要用)(?:使用)?(?:供应商|服务商|提供商)?\s*(?P<a>{_NAMES})(?:供应商|服务商)?|\b(?P<stop>pause|hold|stop using|suspend)\s+(?:the\s+)?(?:provider\s+|vendor\s+)?(?P<b>{_NAMES})\b(?:\s+provider)?"
)
_RESUME = _rx(
    rf"(?:恢复|继续用|重新启用|启用|放开)(?:使用)?(?:供应商|服务商|提供商)?\s*(?P<a>{_NAMES})(?:供应商|服务商)?|\b(?:resume|unpause|let go of|release|use)\s+(?:the\s+)?(?:provider\s+|vendor\s+)?(?P<b>{_NAMES})\b(?:\s+provider)?(?:\s+again)?"
)
_CHARGED = _rx(
    r"(?P<no>没有?|并没有?)扣费|(?:已经?|是)?扣了?费(?:了)?|\b(?:it |they |those |the (?:call|job)s? )?(?:was|were|has been|have been|is)\s+(?P<not>not |n't )?charged\b|\b(?:was|were)(?P<nt>n't) charged\b"
)
_OF = _rx(
    r"(?:失败|出错)的?|一下|任务|镜头|那个|了|它|\b(?:the|failed|render|renders|task|tasks|for|it|them|shot|shots|of|please)\b"
)


def waiting(heard: Heard) -> Found | None:
    """What there is to decide."""
    reading = Reading(heard.text)
    if not reading.take(_WAITING):
        return None
    reading.take_all(_rx(r"[?？]"))
    return found(reading, "what waits", Asked(type="task.waiting"))


def retry_failed(heard: Heard) -> Found | None:
    """Everything that failed, tried again; or the shots that are named."""
    reading = Reading(heard.text)
    if reading.take(_RETRY_FAILED):
        return found(reading, "retry what failed", Asked(type="task.review", args={"verb": "retry"}))
    which = take_which(reading, heard)
    if which is None or which.words == "all" or which.apart or not which.said or not reading.take(_RETRY):
        return None
    reading.take_all(_OF)
    return found(reading, "retry shots", Asked(type="task.retry", args={"shots": which.words}), about=which.words)


def skip(heard: Heard) -> Found | None:
    """Go without shots."""
    if not _SKIP.search(heard.text) or heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    which = take_which(reading, heard)
    if which is None or which.words == "all" or which.apart:
        return None
    reading.take_all(_SKIP)
    reading.take_all(_OF)
    return found(
        reading, "go without shots", Asked(type="task.review", args={"verb": "skip", "shots": which.words}), about=which.words
    )


def provider(heard: Heard) -> Found | None:
    """Shots made by another provider."""
    if not _SAYS_PROVIDER.search(heard.text) or not _OTHER_PROVIDER.search(heard.text) or heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    which = take_which(reading, heard)
    match = reading.take(_OTHER_PROVIDER)
    if which is None or match is None or which.apart:
        return None
    name = match["zh"] or match["en"] or ""
    reading.take_all(_REDO)
    reading.take_all(_SAYS_PROVIDER)
    reading.take_all(_OF)
    args = {"verb": "provider", "shots": which.words, **({"provider": name.lower()} if name else {})}
    return found(reading, "another provider", Asked(type="task.review", args=args), about=which.words)


def smaller(heard: Heard) -> Found | None:
    """Less will do, for what had no room."""
    if not re.search(r"重试|允许|也行|就行|retry|allow|accept|take", heard.text, re.IGNORECASE):
        return None
    reading = Reading(heard.text)
    which = take_which(reading, heard)
    if not reading.take(_SMALLER):
        return None
    reading.take_all(_REDO)
    reading.take_all(_OF)
    args = {"verb": "smaller", **({"shots": which.words} if which and which.words != "all" and which.said else {})}
    return found(reading, "a smaller one", Asked(type="task.review", args=args))


def hold_provider(heard: Heard) -> Found | None:
    """A provider held, or let go."""
    for pattern, held in ((_PAUSE, True), (_RESUME, False)):
        reading = Reading(heard.text)
        match = reading.take(pattern)
        if match is not None:
            reading.take_all(_rx(r"供应商|\bproviders?\b"))
            args = {"provider": (match["a"] or match["b"]).lower(), "held": held}
            return found(reading, "hold a provider" if held else "let a provider go", Asked(type="provider.pause", args=args))
    return None


def charged(heard: Heard) -> Found | None:
    """The word on calls of which nobody knows."""
    reading = Reading(heard.text)
    which = take_which(reading, heard)
    match = reading.take(_CHARGED)
    if match is None:
        return None
    verb = "not_charged" if match["no"] or match["not"] or match["nt"] else "charged"
    reading.take_all(_OF)
    shots = {"shots": which.words} if which and which.words != "all" and which.said else {}
    return found(reading, "was it charged", Asked(type="task.review", args={"verb": verb, **shots}))


INTENTS: tuple[Intent, ...] = (waiting, retry_failed, hold_provider, provider, skip, smaller, charged)
