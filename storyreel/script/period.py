"""Whether a Chinese story plays in old times, by its own words; its places say so and its people are dressed for it."""

from __future__ import annotations

import re
from typing import Literal

from storyreel.script.doc import ScriptCharacter, ScriptDoc

Period = Literal["", "古代", "旧时"]

_SURE = re.compile(
    r"客官|剑客|女侠|侠客|大侠|哨棒|朴刀|陛下|皇上|朝廷|古装|武侠|衙门|江湖|丞相|太监|宰相|秦始皇|唐朝|宋朝|明朝|古代"
)
_LIKELY = re.compile(
    r"酒旗|酒家|店小二|小二|掌柜|书生|将军|皇帝|公子|娘子|官人|银子|铜钱|好汉|道士|和尚|长安|山冈|县令|武松|宝剑|红绸|轿子"
)
_OLDER = re.compile(r"长衫|短衣帮|旗袍|黄包车|民国|清末|辫子")
_LATER = re.compile(r"秀才|读书人|举人|文大钱|文钱|大钱|鲁镇|掌柜|茴香豆|私塾|洋车|当铺|短衣")
_NOW = re.compile(r"手机|电脑|地铁|汽车|电话|外卖|飞船|机器人|火星|高铁|网络|微信|咖啡|公司|\d{4}年")
_ENOUGH = 2
_ROBES = ("#3c4a60", "#6b6862", "#6e5644", "#57634f", "#4a4450", "#7a6a55")
_GOWNS = ("#8a4a4f", "#4f6f72", "#6a5a86", "#a06a58", "#56705a")


def period_of(doc: ScriptDoc) -> Period:
    """The period that the words of a script tell: 古代 for dynasties, 旧时 for the years about 1900, nothing for today."""
    if doc.language != "zh":
        return ""
    text = " ".join(_words(doc))
    if _NOW.search(text):
        return ""
    later = {*_OLDER.findall(text), *_LATER.findall(text)}
    if _OLDER.search(text) or len(later) >= _ENOUGH:
        return "旧时"
    return "古代" if _SURE.search(text) or len(set(_LIKELY.findall(text))) >= _ENOUGH else ""


def _words(doc: ScriptDoc) -> list[str]:
    shots = [shot for scene in doc.scenes for shot in scene.shots]
    return [
        doc.title,
        *(f"{person.name} {person.description}" for person in doc.characters),
        *(f"{scene.heading} {scene.place}" for scene in doc.scenes),
        *(f"{shot.action} {' '.join(line.text for line in shot.lines)}" for shot in shots),
    ]


def placed(place: str, period: Period) -> str:
    """A place that says in which period it lies, for whoever draws it."""
    return f"{place}（{period}）" if place and period and period not in place else place


def dressed(person: ScriptCharacter, period: Period, index: int = 0) -> ScriptCharacter:
    """A character in the clothes and with the hair of a period, where the script does not say otherwise; `index` keeps two from dressing alike."""
    if not period:
        return person
    look = person.look
    woman = look.gender == "woman" or person.gender == "woman"
    cloth = (_GOWNS if woman else _ROBES)[index % len(_GOWNS if woman else _ROBES)]
    worn = {
        "hair": "髻" if woman or period == "古代" else "短",
        "garment": look.garment or "sweater",
        "top_colour": look.top_colour or cloth,
        "bottom_colour": look.bottom_colour or cloth,
        "shoe_colour": look.shoe_colour or "#2b2b33",
        "glasses": bool(look.glasses),
    }
    return person.model_copy(update={"look": look.model_copy(update=worn)})
