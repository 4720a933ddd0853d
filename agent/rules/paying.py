"""Money: "set the budget to 20 dollars", "每月预算 50 美元", "how much have we spent", "花了多少钱"."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number
from storyreel.script.tongue import CJK


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NUMBER = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_COUNT = r"[零一二两三四五六七八九十百千万]+"
_SUM = _rx(
    rf"(?:US)?\$\s*(?P<sign>{_NUMBER})(?:\s*(?:dollars?|usd|bucks))?|(?P<plain>{_NUMBER}|{_COUNT})\s*(?P<unit>美元|美金|美刀|刀|USD|dollars?|bucks|人民币|块钱?|元|yuan|rmb|euros?|€)|"
    rf"(?<=[为到是：: of])(?P<bare>{_NUMBER})(?!\.?\d)(?=\s*(?:[，,。.!！;；\x1f]|$|a month|per month|每月|一个月))"
)
_OTHER_MONEY = _rx(r"人民币|块钱?|^元$|yuan|rmb|euro|€")
_BUDGET = _rx(
    r"(?:花费|花销|开支|费用|消费)?(?:的)?预算(?:的?上限)?|(?:花费|花销|开支|费用|消费)的?上限|"
    r"\b(?:spending |cost )?(?:budget|cap)(?: limit)?\b|\bspending limit\b|\blimit (?:the |my |our )?(?:spending|costs?)\b"
)
_AT_MOST = _rx(
    r"(?:最多|至多|顶多)(?:只能?|可以|能)?(?:花|用)(?:掉)?|(?:花费|开支|费用)?(?:不要|不能|别|不得|不许|不)(?:再)?(?:花)?超过|(?:花费|开支|费用)控制在|"
    r"\bspend (?:at most|no more than|up to|not more than)\b|\b(?:don['’]t|do not|never) spend (?:any )?more than\b|\b(?:spending|costs?) (?:to|at|under|below)\b|\bcap\b[^.]{0,20}\b(?:at|to)\b"
)
_ASK = _rx(
    r"(?:先|都|再|就|要|得|必须|请)*(?:问我?|问一下我?|征求我?(?:的)?同意|告诉我)(?:一声|一下)?|\bask(?: me| us| first)*(?: before)?\b(?: (?:spending|you spend|anything costs?))?|\bcheck with me\b"
)
_ABOVE = _rx(
    r"(?:花费|开支|费用)?(?:花)?(?:超过|高于|大于|多于|超出|到了?)|(?:以上|之上)(?:的)?|\b(?:above|over|more than|beyond|exceeds?|exceeding|past)\b|\banything\b"
)
_MONTHLY = _rx(r"每个?月(?:的)?|一个月|按月|月度|\b(?:a|per|each|every) month\b|\bmonthly\b|/\s*mo(?:nth)?\b")
_AWAY = _rx(
    r"(?:取消|去掉|删掉?|清除|不设|不要|解除|拿掉|关掉)(?:了)?|\b(?:remove|clear|drop|delete|lift|no|cancel|without|get rid of|take away)\b"
)
_SETS = _rx(
    r"(?:把|将)|(?:设置?|定|改|调整?|提高?|增加?|加|降低?|减少?|限制|控制)(?:成|为|到|在|定|至)*|"
    r"\b(?:set|make|change|raise|increase|lower|reduce|limit|cap|put|fix|bring)\b|\b(?:up|down)\b"
)
_WHO = _rx(
    rf"(?:把|将|给)?(?P<zh>[A-Za-z][\w.@-]*|[{CJK}]{{2,4}}?)(?:的)(?=(?:每个?月)?(?:的)?预算)|\b(?P<en>[A-Za-z][\w.@-]*)['’]s (?=(?:monthly )?(?:budget|spending))|"
    r"\b(?:budget|limit|cap) (?:for|of) (?P<to>(?!\$|us\b|me\b|the\b|this\b|each\b|a\b)[A-Za-z][\w.@-]*)\b"
)
_NOBODY = frozenset("项目 我们 整个 现在 这个 每月 每个月 全部 总 it project film today month monthly".split())  # noqa: SIM905
_SPENT = _rx(
    r"(?:一共|总共|到现在|目前|至今|现在|已经|这个?月|本月|上个?月)*(?:都|我们|项目|这个项目)?(?:已经|一共|总共)?(?:花|用|烧|消费|支出|花费)(?:掉|出去)?(?:了|的)?(?:多少|几|哪些)(?:钱|美元|刀)?(?:了)?|(?:花费|花销|开支|费用|支出|账单|成本)(?:的)?(?:明细|情况|统计|报表|清单|是多少|有多少|一共多少|怎么样|如何)|(?:看看?|查看?|列出|显示)(?:一下)?(?:所有)?(?:的)?(?:花费|花销|开支|费用|支出|账单)|钱(?:都)?花(?:到|在)?(?:哪|什么)(?:里|地方)?(?:了|去了)?|"
    r"\bhow much (?:money )?(?:have|has|did|do) (?:we|i|you|it|this(?: film| project)?|the (?:film|project)) (?:spent|spend|cost|costed|paid|pay|used?)\b(?: so far)?|\bwhat (?:have|did|has) (?:we|i|you|it|this(?: film| project)?|the (?:film|project)) (?:spent?|spend|cost|paid|pay)\b(?: so far)?|\bhow much (?:money )?was spent\b|\bwhat (?:was|were|is) (?:our |the |my )?(?:spent|spending|spendings|costs?|expenses)(?: so far)?\b|\b(?:show|list|see)(?: me)?(?: the| our| my)? (?:spending|costs|expenses|statement|bill|spend)\b|\bwhere did (?:the|our|my) money go\b|\b(?:statement|spending|costs|breakdown)\b(?= by\b| of\b)"
)
_STANDS = _rx(
    r"(?:看看?|查看?|显示|打开)(?:一下)?(?:现在的|我们的|每个?月的?|本月的?)?预算|预算(?:现在)?(?:还)?(?:剩(?:下|余)?|有)(?:了)?(?:多少|几)(?:钱|美元)?|预算(?:是多少|怎么样|情况|如何|够吗|够不够|多少)|还(?:剩|有)多少(?:预算|钱)|"
    r"\b(?:show|see|view|check|tell)(?: me)?(?: the| our| my| this month['’]s)?(?: monthly)? budgets?\b|\bhow much (?:is|of the budget is|budget is|money is|do we have|have we got|of it is)(?: there)? ?(?:left|remaining)?(?: (?:in|of) (?:the|our|my) budget)?\b|\bwhat(?:['’]s| is| are)(?: the| our| my)?(?: monthly)? (?:budgets?|spending limit|limit)\b(?: left)?|\bhow (?:is|does) the budget\b|\bwithin (?:the )?budget\b"
)
_BY: tuple[tuple[re.Pattern[str], str], ...] = (
    (_rx(r"(?:按|每个?|各个?|分)(?:镜头|分镜)|哪个?镜头|\b(?:by|per|each|every|for each) shot\b|\bshot by shot\b"), "shot"),
    (_rx(r"(?:按|每个?|各个?|分)(?:环节|阶段|步骤|工序)|\b(?:by|per|each|for each) (?:stage|step)\b"), "stage"),
    (_rx(r"(?:按|每[个家]?|各[个家]?|分)(?:供应商|服务商|提供商|厂商|平台|provider)|\b(?:by|per|each|for each) (?:provider|vendor)\b"), "provider"),
    (_rx(r"(?:按|每个?|各个?|分)模型|\b(?:by|per|each|for each) model\b"), "model"),
    (_rx(r"按天|每天|按日|每日|\b(?:by|per|each|every|a|for each) day\b|\bdaily\b|\bday by day\b"), "day"),
    (_rx(r"按月|每个?月|\b(?:by|per|each|every|for each) month\b|\bmonthly\b"), "month"),
    (_rx(r"按人|每个人|各人|谁花|\b(?:by|per|each|every|for each) person\b|\bwho spent\b"), "person"),
)  # fmt: skip
_END = _rx(
    r"[?？]|一下|现在|项目里?|目前|总|钱|请|只|是|(?:这个?|本)月|\b(?:now|project|film|there|so far|this month|money|left|remaining|to|at|of|for|budgets?|limit|until)\b"
)


def tells(heard: Heard) -> Found | None:
    """What was spent, on what, and what is left."""
    reading = Reading(heard.text)
    grouped = next((by for pattern, by in _BY if reading.take(pattern)), None)
    asked = reading.take(_SPENT) or reading.take(_STANDS)
    if asked is None or _SUM.search(heard.text):
        return None
    reading.take_all(_SPENT)
    reading.take_all(_STANDS)
    reading.take_all(_END)
    return found(reading, "what was spent", Asked(type="budget.view", args={"by": grouped} if grouped else {}))


def sets(heard: Heard) -> Found | None:
    """How much may be spent, or above what to ask; in all or in each month, by everybody or by one person."""
    reading = Reading(heard.text)
    args: dict[str, Any] = {}
    match = _WHO.search(heard.text)
    if match and match.lastgroup and match[match.lastgroup].lower() not in _NOBODY:
        args["person"] = match[match.lastgroup]
        # "a budget for Anna" is a budget still.
        reading.strike(*match.span(match.lastgroup if match.lastgroup == "to" else 0))
    asks = reading.take(_ASK)
    budget = reading.take(_BUDGET)
    most = reading.take(_AT_MOST)
    if reading.take(_MONTHLY):
        args["period"] = "month"
    money = reading.take(_SUM)
    if money is None:
        return _taken_away(reading, args) if budget else None
    if not (budget or most or (asks and reading.take(_ABOVE))):
        return None
    if money["unit"] and _OTHER_MONEY.search(money["unit"]):
        question = heard.say("预算是按美元算的，是多少美元？", "Budgets are in US dollars; how many dollars is it?")
        return found(reading, "set the budget", question=question)
    reading.take_all(_ABOVE)
    reading.take_all(_SETS)
    reading.take_all(_END)
    args["ask_usd" if asks else "limit_usd"] = _usd(money)
    return found(reading, "set the budget", Asked(type="budget.set", args=args))


def _taken_away(reading: Reading, args: dict[str, Any]) -> Found | None:
    if reading.take(_AWAY) is None:
        return None
    reading.take_all(_END)
    return found(reading, "take the budget away", Asked(type="budget.set", args={**args, "limit_usd": None, "ask_usd": None}))


def _usd(money: re.Match[str]) -> float:
    said = (money["sign"] or money["plain"] or money["bare"]).replace(",", "").replace("，", "")
    return float(said) if said[0].isdigit() else float(parse_number(said) or 0)


INTENTS: tuple[Intent, ...] = (tells, sets)
