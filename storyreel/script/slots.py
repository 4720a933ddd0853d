"""The words that fill the marks of a story bank for one brief."""

from __future__ import annotations

import re

from storyreel.model.spec import Gender
from storyreel.script import setting
from storyreel.script.brief import Brief

_MEETS = re.compile(r"(?:遇|碰|认识|结识|相|爱|重逢|成为(?:好|最好的)?朋友)|\b(?:meet|love|fall|encounter)\b")
_LOVES = re.compile(r"爱上|\b(?:love|fall)\b")
_SEEKS = re.compile(
    r"追查|寻找|找|调查|查|揭|解|破|抓|\b(?:find|solve|investigate|search|catch|uncover|learn|discover the|track|hunt|look)\b"
)
_GOES_ON = re.compile(
    r"(?:等待|等|想念|思念|怀念|寻找|追查|调查|守护|守|追|找(?!到|回)|散步|旅行|漂流|流浪|练习|学习|照顾|陪|追逐|探索|冒险|做|卖)|"
    r"\b(?:search|look|wait|investigate|write|walk|travel|wander|practise|practice|try|hunt|chase|miss|explore|watch|guard|remember|train|work|live|sail|drift|follow|mourn)\b"
)
_MADE = re.compile(
    r"月饼|蛋糕|饼干|面条|面包|汤圆|粽子|饺子|包子|馒头|年糕|灯笼|风筝|\b(?:mooncakes?|bread|cakes?|pies?|dumplings?|noodles|cookies|pizza|kites?|lanterns?)\b"
)
_PLAIN = {"tale", "making", "dread"}
_MINUTE_S = 60.0


def slots(brief: Brief, total_s: float, gender: Gender) -> dict[str, str]:
    """The fillings by mark; one that the brief does not know is empty, and rows that need it are left out."""
    return _slots_zh(brief, total_s, gender) if brief.language == "zh" else _slots_en(brief, total_s, gender)


def _slots_zh(brief: Brief, total_s: float, gender: Gender) -> dict[str, str]:
    first, second, third = setting.places(brief)
    woman = (brief.gender if brief.plural else gender) == "woman"
    one = {"person": "她" if woman else "他"}.get(brief.kind, "它")
    return {
        "S": brief.full, "s": brief.short, "p": f"{one}们" if brief.plural else one, "when": brief.when or setting.when_zh(setting.times(brief)[0], brief.weather),
        "at": setting.at_zh(first), "at2": setting.at_zh(second), "at3": setting.at_zh(third),
        "pl": setting.bare_zh(first), "pl2": setting.bare_zh(second), "pl3": setting.bare_zh(third),
        "there3": "终于" if third in brief.goal else f"就在{setting.at_zh(third)}", "o": brief.other, "co": brief.companion, "ask": brief.ask,
        "minutes": _minutes(total_s, "分钟", "秒").replace("1分钟", "一分钟"), **_deed(brief),
    }  # fmt: skip


def _slots_en(brief: Brief, total_s: float, gender: Gender) -> dict[str, str]:
    first, second, third = setting.places(brief)
    they, them, their = _pronouns(brief, gender)
    return {
        "A": brief.full, "the": brief.short, "The": _capital(brief.short), "they": they, "They": they.capitalize(), "them": them, "their": their,
        "When": _capital(brief.when) or setting.when_en(setting.times(brief)[0], brief.weather), "at": setting.at_en(first), "at2": setting.at_en(second), "at3": setting.at_en(third),
        "there": setting.the_en(first), "there2": setting.the_en(second), "there3": setting.the_en(third),
        "There3": "And then, at last" if re.search(rf"\b{re.escape(third)}\b", brief.goal) else f"And there, {setting.at_en(third)}",
        "o": brief.other, "co": brief.companion, "Co": _capital(brief.companion), "ask": brief.ask,
        "minutes": _minutes(total_s, " minutes", " seconds").replace("1 minutes", "one minute"), **_deed(brief),
    }  # fmt: skip


def _minutes(total_s: float, minutes: str, seconds: str) -> str:
    halves = total_s % (_MINUTE_S / 2) == 0 and total_s >= _MINUTE_S
    return f"{total_s / _MINUTE_S:g}{minutes}" if halves else f"{total_s:g}{seconds}"


def _deed(brief: Brief) -> dict[str, str]:
    """What the hero wants and does: as an end that is reached, or as something that goes on."""
    end = "done" if brief.language == "zh" else "does"
    known = brief.companion if brief.genre == "bond" else ""
    goal, done = (_without_place(_known(words, known), brief) for words in (brief.goal, brief.done))
    if brief.genre == "bond" and _MEETS.match(goal):
        return {"goal": "", end: done if _LOVES.match(goal) else "", "doing": ""}
    if brief.genre == "mystery" and not _SEEKS.match(goal):
        return {"goal": "", end: done, "doing": ""}
    if brief.genre in _PLAIN:
        made = _MADE.search(goal)
        return {"goal": goal, end: done, "act": done or goal, "doing": "", "made": made[0] if made else ""}
    if _GOES_ON.match(goal):
        return {"goal": goal, end: "", "doing": goal if brief.language == "zh" else done}
    return {"goal": goal, end: done, "doing": ""}


def _without_place(words: str, brief: Brief) -> str:
    """The deed without the place that the narrator says anyway."""
    if brief.language == "zh" or not brief.place:
        return words
    return re.sub(
        rf"\s+(?:in|on|at|by|inside)\s+(?:the |an? |his |her |their )?(?:[\w-]+ ){{0,2}}?{re.escape(brief.place)}(?: (?:without|full of) \w+)?$",
        "",
        words,
    )


def _known(words: str, other: str) -> str:
    """The words with a companion that was met before: "a storm" is "the storm"."""
    bare = other.removeprefix("the ")
    return re.sub(rf"\ban? {re.escape(bare)}\b", other, words) if other.startswith("the ") and bare else words


def _pronouns(brief: Brief, gender: Gender) -> tuple[str, str, str]:
    if brief.plural:
        return "they", "them", "their"
    if brief.kind != "person":
        return "it", "it", "its"
    return ("she", "her", "her") if gender == "woman" else ("he", "him", "his")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def titled(words: str) -> str:
    """Words as a title: "The Keeper of the Light"."""
    small = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}
    return " ".join(word if index and word in small else _capital(word) for index, word in enumerate(words.split()))


def lower_the(words: str) -> str:
    """A title's second part, whose article is small."""
    return re.sub(r"^The\b", "the", words)
