"""Going back and forth: undo, redo, saving a version, comparing with one, going back to one or to before a change."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Reading, found, meaningful, weight
from agent.types import PastTurn
from storyreel.actions.base import Asked
from storyreel.script import numbers


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_UNDO = _rx(
    r"撤销|撤回|收回|还原(?:刚才|上一步)?|回退(?:一步)?|退回(?:上)?一步|取消(?:刚才|上一步|刚刚)(?:的)?(?:修改|改动|操作)?|改回(?:去|来|原来(?:的样子)?)|刚才(?:那步|那个)?不算|^(?:把它|都|请)?(?:恢复|找回来)(?:回来|一下|它|过来|原样)?[。！!]?$|"
    r"\bundo\b|\btake (?:it|that|this) back\b|\brevert(?: (?:it|that|this|the last (?:change|edit)))?$|\bput it back(?: (?:how|the way) it was)?\b|\bchange it back\b|\bgo back one step\b|\bstep back\b"
)
_UNDO_TAIL = _rx(
    r"刚才|刚刚|上一步|这一?步|的?(?:修改|改动|操作|更改)|一步|\b(?:the )?(?:last|previous|latest) (?:change|edit|step|action|one|thing)\b|\bmy\b"
)
# "撤销，再撤销一次", "undo and undo again".
_UNDO_AGAIN = _rx(
    r"(?:然后|接着)?[，,、]?\s*再?(?:撤销|撤回|回退)(?:一[次步下])?|(?:[,;]|\band\b|\bthen\b|\s)*\bundo\b(?:\s+(?:it|that))?(?:\s+(?:again|once more|one more time))?"
)
_STEPS = _rx(
    r"(?:最近|最后|刚才|刚刚|前面?|上面?)?的?(?:这|那)?\s*(\d{1,2}|[两二三四五六七八九十])\s*(?:步|次|个(?:修改|改动|操作|更改|步骤)|处(?:修改|改动))(?:操作|修改|改动)?|"
    r"\b(?:(?:the|my)\s+)?(?:(?:last|previous|latest)\s+)?(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:changes?|edits?|steps?|actions?|things?|times)\b|\b(?:the\s+)?last\s+(two|three|four|five)\b|\b(twice|both)\b(?:\s+(?:changes|edits))?"
)
MOST_STEPS = 10
_REDO = _rx(
    r"^(?:再)?重做(?:一下|一步|刚才(?:那步|撤销的)?|(?=\s*(?:\d{1,2}|[两二三四五六七八九十])\s*步))?[。.!！]?(?:$|(?=.{1,4}步))|恢复(?:刚才|刚刚)?(?:撤销|撤回)(?:的)?(?:修改|改动|那步)?|取消撤销|\bredo\b(?!\s+(?:shot|the shot|scene|\d|it with))(?:\s+(?:it|that|the last undo|what (?:was|i) undone?))?"
)
_SAVE = _rx(
    r"(?:存(?:一|个|一个|下)?(?:个)?(?:版本|档|快照)|保存(?:一?个?|当前|这个|为|成)*(?:版本|快照|进度)?|打个快照|建个快照|存档)[，,：:]?\s*(?:叫做?|名为|命名为|名字叫|名字是|取名)?[:：]?\s*[“\"「《]?(?P<zh>[^”\"」》，。]*)[”\"」》]?|"
    r"\b(?:save|take|make|create|keep)\s+(?:a\s+|this\s+|the\s+)?(?:current\s+)?(?:version|snapshot|checkpoint|state)\b(?:\s+(?:called|named|as))?\s*[:：]?\s*[\"“']?(?P<en>[^\"”'.]*)[\"”']?|\bsnapshot\b(?:\s+(?:called|named|as))?\s*[\"“']?(?P<es>[^\"”'.]*)[\"”']?|\bsave (?:this|it) as\s+[\"“']?(?P<ea>[^\"”'.]+)[\"”']?"
)
_DIFF = _rx(
    r"(?:和|跟|与|比|从|自)?(?P<zh>[^，。？?]{0,16}?)(?:比|相比|以来|之后|以后)?(?:都|，)?(?:有什么|有哪些|有啥|哪些|什么地方|都)?(?:变化|不同|区别|差别|差异|改动|不一样)(?:了)?(?:吗|呢)?|(?:都)?改了(?:什么|哪些|啥)|"
    r"\bwhat(?:'s| has| have| is|)?\s+(?:\w+\s+)?chang(?:ed|es)\b(?:\s+since\s+(?P<en>[^?.]+))?|\b(?:diff|compare|difference)s?\b(?:\s+(?:with|to|from|since|against|between))?\s*(?P<ed>[^?.]*)|\bhow (?:is|does) it differ(?:ent)?(?: from\s+(?P<ef>[^?.]+))?"
)
_BACK = _rx(
    r"(?:回到|退回到?|恢复(?:到|成)|还原(?:到|成)|回滚到?|切回)\s*(?P<zh>[^，。]*)|\b(?:go|roll|come|switch) ?back to\s+(?P<en>.+)$|\brestore\s+(?P<er>.+)$|\brevert to\s+(?P<ev>.+)$|\broll ?back(?: to)?\s*(?P<el>.*)$|回滚$"
)
_BEFORE_ZH = _rx(r"^(?:刚刚|刚才|我)?(?P<what>.*?)(?:之前|以前|前)(?:的)?(?:版本|状态|样子|那版)?$")
_BEFORE_EN = _rx(r"^(?:(?:how|the way) it was |the (?:version|state) )?before\s*(?P<what>.*)$")
_REVISION = _rx(
    r"^(?:(?:第\s*(?P<a>\d+|[一二三四五六七八九十]+)\s*(?:版|个版本)|版本\s*#?(?P<b>\d+)|(?:version\s*|snapshot\s*)?#?(?P<d>\d+))(?:那版)?|第\s*(?P<e>\d+|[一二三四五六七八九十]+)\s*步|(?:revision|step)\s*#?(?P<c>\d+))$"
)
_TIDY = _rx(
    r"^[\s“\"「《'the]*?(?:the\s+)?[“\"「《']?(?P<t>.*?)[”\"」》']?(?:那个|这个)?(?:的)?(?:版本|那版|那个版本|快照|version|snapshot)?[\s。.!！?？]*$"
)
NEWEST = frozenset(
    {
        "",
        "上一个",
        "上个",
        "上一",
        "最近",
        "最近保存",
        "之前保存",
        "last",
        "last saved",
        "previous",
        "latest",
        "newest",
        "saved",
        "上次保存",
        "last save",
    }
)


def undo(heard: Heard) -> Found | None:
    """The last things a person did taken back, or undos taken back: one step, or as many as are said."""
    reading = Reading(heard.text)
    if reading.take(_REDO):
        return found(reading, "redo", *[Asked(type="version.redo")] * _steps(reading))
    if not reading.take(_UNDO):
        return None
    steps = _steps(reading)
    more = len(reading.take_all(_UNDO_AGAIN))
    reading.take_all(_UNDO_TAIL)
    return found(reading, "undo", *[Asked(type="version.undo")] * min(steps + more, MOST_STEPS))


def _steps(reading: Reading) -> int:
    """How many steps are said: "the last two changes", "两步", "twice"."""
    match = reading.take(_STEPS)
    said = next((group for group in match.groups() if group), "") if match else ""
    count = {"twice": 2, "both": 2}.get(said.lower()) or numbers.parse_number(said) if said else 1
    return max(1, min(int(count or 1), MOST_STEPS))


def save(heard: Heard) -> Found | None:
    """This place in the history gets a name."""
    reading = Reading(heard.text)
    match = reading.take(_SAVE)
    if match is None:
        return None
    name = next((group.strip() for group in match.groups() if group and group.strip()), "")
    name = name or heard.say(f"版本 {heard.context.revision}", f"version {heard.context.revision}")
    return found(reading, "save a version", Asked(type="version.snapshot", args={"name": name}))


def diff(heard: Heard) -> Found | None:
    """What changed since a version; without a name, since the newest one, or since the beginning where there is none."""
    reading = Reading(heard.text)
    match = reading.take(_DIFF)
    if match is None:
        return None
    since = place_of(next((group for group in match.groups() if group and group.strip()), ""))
    return found(reading, "what changed", Asked(type="version.diff", args={"since": since or "1"}))


def go_back(heard: Heard) -> Found | None:
    """Back to a named version, to a revision, or to before a change that was made in this talk."""
    reading = Reading(heard.text)
    match = reading.take(_BACK)
    if match is None:
        return None
    said = next((group.strip() for group in match.groups() if group and group.strip()), "").rstrip("。.!！ ")
    before = _BEFORE_ZH.match(said) or _BEFORE_EN.match(said)
    if before:
        turn = _turn_of(heard, before["what"])
        if turn is None or not turn.revision:
            return found(reading, "go back", question=_which_place(heard))
        return found(reading, "go back", Asked(type="version.rollback", args={"to": str(turn.revision - 1)}))
    return found(reading, "go back", Asked(type="version.rollback", args={"to": place_of(said)}))


def _turn_of(heard: Heard, what: str) -> PastTurn | None:
    """The newest turn that changed something and was about `what`; with nothing said, the newest one that changed something."""
    done = [turn for turn in reversed(heard.context.turns) if turn.revision]
    if not weight(meaningful(what)):
        return done[0] if done else None
    scored = [(_shared(what, turn.text), turn) for turn in done]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


def _shared(one: str, other: str) -> float:
    """How much two texts say in common, in words of English and pairs of characters of Chinese."""
    return len(_grams(one) & _grams(other))


def _grams(text: str) -> set[str]:
    said = meaningful(text).lower()
    latin = {word.rstrip("sd") for word in re.findall(r"[a-z]{3,}", said)}
    han = re.sub(r"[^\u4e00-\u9fff]", " ", said)
    return latin | {pair for run in han.split() for pair in (run[i : i + 2] for i in range(max(1, len(run) - 1)))}


def place_of(said: str) -> str:
    """A version's number (#3) or name, or a revision (3) as it is called in the log; empty for the newest."""
    said = said.strip()
    if number := _REVISION.match(said):
        at = str(int(numbers.parse_number(next(g for g in number.groups() if g)) or 0))
        return f"#{at}" if number["a"] or number["b"] or number["d"] else at
    tidy = _TIDY.match(said)
    name = tidy["t"].strip() if tidy else said
    return "" if name.lower() in NEWEST else name


def _which_place(heard: Heard) -> str:
    return heard.say(
        "不确定要回到哪里。可以说“撤销”，或者说版本的名字。",
        "I cannot tell where to go back to. Say 'undo', or the name of a version.",
    )
