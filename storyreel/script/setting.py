"""Where and when a story of the outline happens: places that belong together, the course of the day, the mood of each part."""

from __future__ import annotations

import re
from collections.abc import Mapping

from storyreel.model.spec import Mood, TimeOfDay, Weather
from storyreel.script import things
from storyreel.script.brief import Brief

Three = tuple[str, str, str]

_FAMILIES_ZH: dict[str, tuple[str, ...]] = {
    "city": ("街头", "小巷", "桥上", "天台"),
    "sea": ("海边", "码头", "灯塔", "沙滩"),
    "nature": ("森林", "山谷", "山顶", "河边"),
    "room": ("房间", "走廊", "天台", "阳台"),
    "water": ("河边", "瀑布", "湖边", "江边"),
    "space": ("飞船", "月球", "太空站", "火星"),
}
_FAMILIES_EN: dict[str, tuple[str, ...]] = {
    "city": ("street", "alley", "bridge", "rooftop"),
    "sea": ("beach", "pier", "lighthouse", "shore"),
    "nature": ("forest", "valley", "mountaintop", "riverbank"),
    "room": ("room", "corridor", "rooftop", "balcony"),
    "water": ("river", "waterfall", "lake", "canal"),
    "space": ("spaceship", "moon", "space station", "mars"),
}
_HINTS = {
    "water": r"河|溪|江边|湖|瀑布|纸船|鲤|锦鲤|金鱼|蝌蚪|青蛙|\b(?:river|stream|lake|pond|waterfall|paper boat|carp|salmon|goldfish|frog|tadpole|duckling)s?\b",
    "sea": r"海|灯塔|码头|港|岛|船|渔|水手|鲸|鱼|海豚|海鸥|沙滩|\b(?:sea|ocean|beach|lighthouse|harbou?r|pier|island|ship|boat|sailor|fisherman|whale|dolphin|gull|shore|captain|mermaid)\b",
    "space": r"太空|月球|火星|宇航|飞船|星球|银河|宇宙|外星|\b(?:space|spaceship|moon|mars|astronaut|planet|galaxy|alien|rocket|stars)\b",
    "nature": r"森林|山|谷|草原|田|树|村|狐|鹿|熊|狼|鸟|叶|种子|花|蜂|蝴蝶|竹|书生|侠|剑|和尚|沙漠|雪地|龙|\b(?:forest|woods|mountain|valley|meadow|field|tree|village|fox|deer|bear|wolf|bird|leaf|seed|flower|garden|bee|butterfly|desert|farm|hill|dragon|knight|shepherd)s?\b",
    "room": r"房间|家里|屋|室|店|馆|厨|办公|医院|教室|图书|钢琴|画家|作家|厨师|修表|裁缝|钟表|木匠|书店|老师|程序员|加班|\b(?:room|kitchen|shop|office|hospital|classroom|library|librarian|pianist|painter|writer|chef|watchmaker|baker|tailor|studio|workshop|teacher|house|apartment|nurse|programmer|developer|hacker|student)\b",
}
_PLACED_ZH = re.compile(r"[上下里中外边头旁前口内]$|街头|野$")
_ON_ZH = re.compile(
    r"(?:镇|街|街道|古镇|山路|广场|屋顶|天台|楼顶|站台|甲板|舞台|月球|火星|草原|阳台|操场|沙滩|海滩|桥|星球|山顶|码头|小岛|荒岛|田野)$"
)
_BARE_ZH = {
    "桥上": "桥",
    "街上": "街",
    "海上": "大海",
    "岛上": "小岛",
    "船上": "船",
    "庙里": "寺庙",
    "家里": "家",
    "屋里": "屋子",
    "店里": "小店",
    "火车上": "火车",
}
_ON_EN = re.compile(
    r"\b(?:street|rooftop|roof|bridge|platform|beach|island|mountain|mountaintop|hill|hillside|farm|ship|boat|train|stage|pier|dock|deck|moon|cliffs?|shore|riverbank|balcony|space station|bus|porch|lawn|subway)$"
)
_AT_EN = re.compile(r"\b(?:station|lighthouse|harbou?r|market|airport|crossroads|school|lakeside|seaside|well)$")
_BY_EN = re.compile(r"\b(?:sea|ocean|river|lake|canal|waterfall)$")
_PROPER_EN = {"mars": "Mars"}
_DAYS: dict[str, tuple[TimeOfDay, TimeOfDay, TimeOfDay]] = {
    "homecoming": ("dusk", "night", "night"), "journey": ("dawn", "day", "dusk"), "bond": ("day", "dusk", "night"), "mystery": ("night", "night", "night"),
    "discovery": ("day", "dusk", "night"), "dream": ("dawn", "day", "dusk"), "longing": ("day", "dusk", "dusk"), "together": ("day", "dusk", "dusk"), "courage": ("day", "dusk", "dawn"),
    "tale": ("day", "day", "dusk"), "making": ("day", "dusk", "night"), "dread": ("night", "night", "night"), "explainer": ("night", "night", "dawn"), "advert": ("dawn", "day", "dusk"),
}  # fmt: skip
_MOODS: dict[str, tuple[Mood, Mood, Mood]] = {
    "homecoming": ("melancholy", "tense", "hopeful"), "journey": ("hopeful", "tense", "epic"), "bond": ("calm", "melancholy", "romantic"), "mystery": ("mystery", "tense", "mystery"),
    "discovery": ("calm", "mystery", "joyful"), "dream": ("hopeful", "melancholy", "joyful"), "longing": ("melancholy", "melancholy", "hopeful"), "together": ("calm", "melancholy", "hopeful"), "courage": ("calm", "tense", "epic"),
    "tale": ("calm", "calm", "hopeful"), "making": ("hopeful", "joyful", "hopeful"), "dread": ("mystery", "horror", "horror"), "explainer": ("mystery", "calm", "hopeful"), "advert": ("calm", "melancholy", "joyful"),
}  # fmt: skip
_STAYS = {"courage", "making", "tale", "bond", "longing", "together", "dream"}
_ONE_PLACE = {"making", "tale", "dread"}
_TOPICS: dict[tuple[str, str], Three] = {
    ("zh", "explainer"): ("书房", "书房", "书房"), ("en", "explainer"): ("study", "study", "study"),
    ("zh", "advert"): ("厨房", "办公室", "公园"), ("en", "advert"): ("kitchen", "office", "park"),
}  # fmt: skip
_DEEDS = (
    (r"画|\b(?:paint|draw)", "画室", "studio"), (r"唱|弹|琴|跳舞|演出|舞|\b(?:sing|dance|play|perform)", "舞台", "stage"),
    (r"造|修|打造|雕|\b(?:build|mend|repair|carve|invent)", "工坊", "workshop"), (r"钓鱼|垂钓|^fish\b|\bgo fishing", "河边", "riverbank"), (r"飞(?!机|船|行员)|\b(?:fly|glide)", "山顶", "hill"),
    (r"做饭|做菜|烘|煮|蒸|炒|馒头|年夜饭|饺子|包子|汤|面条|月饼|粽子|蛋糕|面包|饼|\b(?:bake|cook|dumpling|mooncake)", "厨房", "kitchen"), (r"写|\b(?:write)", "书房", "study"), (r"跑|比赛|\b(?:race|run)", "操场", "playground"),
    (r"考|读书|认字|\b(?:read|study)", "教室", "classroom"), (r"种|\b(?:grow|plant)", "花园", "garden"), (r"鲤|龙门", "河边", "riverbank"),
)  # fmt: skip
_WHEN_ZH: Mapping[tuple[str, str], str] = {
    ("dawn", ""): "一个清晨", ("day", ""): "有一天", ("dusk", ""): "一个黄昏", ("night", ""): "一个安静的夜里",
    ("dawn", "rain"): "一个下雨的清晨", ("day", "rain"): "一个下雨的日子", ("dusk", "rain"): "一个下雨的黄昏", ("night", "rain"): "一个雨夜",
    ("dawn", "snow"): "一个下雪的清晨", ("day", "snow"): "一个下雪的日子", ("dusk", "snow"): "一个下雪的黄昏", ("night", "snow"): "一个雪夜",
    ("dawn", "storm"): "暴风雨到来的清晨", ("day", "storm"): "暴风雨到来的那天", ("dusk", "storm"): "暴风雨到来的黄昏", ("night", "storm"): "一个暴风雨的夜里",
    ("dawn", "fog"): "一个大雾的清晨", ("day", "fog"): "一个大雾天", ("dusk", "fog"): "一个起雾的黄昏", ("night", "fog"): "一个起雾的夜里",
    ("dawn", "cloudy"): "一个阴沉的清晨", ("day", "cloudy"): "一个阴天", ("dusk", "cloudy"): "一个阴沉的黄昏", ("night", "cloudy"): "一个没有月亮的夜里",
    ("dawn", "clear"): "一个晴朗的清晨", ("day", "clear"): "一个晴朗的日子", ("dusk", "clear"): "一个晴朗的黄昏", ("night", "clear"): "一个满天星星的夜里",
}  # fmt: skip
_TIME_EN = {"dawn": "morning", "day": "day", "dusk": "evening", "night": "night"}
_WEATHER_EN = {"rain": "rainy", "snow": "snowy", "storm": "stormy", "fog": "foggy", "cloudy": "cloudy", "clear": "clear"}


def family_of(brief: Brief) -> str:
    """Which places belong to a story: by its place, else by its hero, else the whole brief."""
    told = re.sub(r"鱼|\bfish\b", "", brief.text)  # a fish that is eaten makes no sea
    for words in (brief.place,) if brief.place else (brief.subject, brief.target, told):
        for family, pattern in _HINTS.items():
            if words and re.search(pattern, words, re.IGNORECASE):
                return family
    return "city"


def places(brief: Brief) -> Three:
    """Where the story begins, where it gets hard and where it is decided."""
    chinese = brief.language == "zh"
    if brief.kind == "topic":
        return _TOPICS[brief.language, brief.genre]
    name = family_of(brief)
    family = (_FAMILIES_ZH if chinese else _FAMILIES_EN)[
        "city" if name == "room" and brief.genre in {"journey", "homecoming"} else name
    ]
    first = brief.place or (brief.target if brief.genre in _ONE_PLACE else "") or _by_deed(brief) or family[0]
    if brief.genre in _ONE_PLACE:
        return first, _beside(brief, first), first
    others = [
        place
        for place in family
        if place not in first and first not in place and place not in brief.subject and place != brief.target
    ]
    last = brief.target or (first if brief.genre in _STAYS else others[1 % len(others)])
    return first, others[0], last


def _beside(brief: Brief, first: str) -> str:
    """Where it goes on without leaving: a corridor of a house that is feared, else the same place."""
    if brief.genre != "dread" or not things.is_interior(first):
        return first
    return "走廊" if brief.language == "zh" else "corridor"


def _by_deed(brief: Brief) -> str:
    """The place that what the hero does belongs to: a studio for painting."""
    if brief.genre in {"bond", "longing"}:
        return ""
    words = f"{brief.goal} {brief.subject}"
    return next((zh if brief.language == "zh" else en for pattern, zh, en in _DEEDS if re.search(pattern, words)), "")


def times(brief: Brief) -> tuple[TimeOfDay, TimeOfDay, TimeOfDay]:
    """The time of day of the three parts; what the brief says holds for all."""
    return (brief.time, brief.time, brief.time) if brief.time else _DAYS[brief.genre]


def moods(brief: Brief) -> tuple[Mood, Mood, Mood]:
    """The mood of the three parts; what the brief says holds for all."""
    return (brief.mood, brief.mood, brief.mood) if brief.mood else _MOODS[brief.genre]


def when_zh(time: TimeOfDay, weather: Weather | None) -> str:
    """When a Chinese story begins."""
    return _WHEN_ZH[time, weather or ""]


def when_en(time: TimeOfDay, weather: Weather | None) -> str:
    """When an English story begins."""
    if weather:
        return f"On a {_WEATHER_EN[weather]} {_TIME_EN[time]}"
    return "One quiet night" if time == "night" else f"One {_TIME_EN[time]}"


def at_zh(place: str) -> str:
    """A Chinese place as it stands behind "在": 森林 is 森林里, 街头 stays."""
    if _PLACED_ZH.search(place):
        return place
    if re.search(r"[海河江湖]$", place):
        return f"{place}边"
    return place + ("上" if _ON_ZH.search(place) else "里")


def bare_zh(place: str) -> str:
    """A Chinese place as it stands behind "穿过"."""
    return _BARE_ZH.get(place, place)


def the_en(place: str) -> str:
    """An English place with its article."""
    return _PROPER_EN.get(place.lower(), place if place[:1].isupper() or place == "space" else f"the {place}")


def at_en(place: str) -> str:
    """An English place with the preposition that it takes."""
    low = place.lower()
    if low in {"space", "home"}:
        return "in space" if low == "space" else "at home"
    preposition = (
        "on" if _ON_EN.search(low) or low == "mars" else "at" if _AT_EN.search(low) else "by" if _BY_EN.search(low) else "in"
    )
    return f"{preposition} {the_en(place)}"
