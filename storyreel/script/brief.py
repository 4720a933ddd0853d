"""A brief of a sentence or two, understood: who it is about, what happens, where, how long and in which manner."""

from __future__ import annotations

import re
from typing import Literal

from storyreel.model.base import Frozen
from storyreel.model.spec import Gender, Language, Mood, TimeOfDay, Weather
from storyreel.script import numbers, things, words
from storyreel.script.lexicon import Lexicon

Genre = Literal[
    "homecoming",
    "journey",
    "bond",
    "mystery",
    "dread",
    "discovery",
    "dream",
    "longing",
    "together",
    "making",
    "courage",
    "tale",
    "explainer",
    "advert",
]
Kind = Literal["person", "animal", "thing", "topic"]

GENRES: Lexicon[Genre] = Lexicon(
    {
        "advert": (
            "广告", "宣传片", "宣传", "品牌", "推广", "带货", "产品", "新品", "ad", "advert", "advertisement", "commercial", "promo", "promotional", "brand", "product launch", "product",
        ),
        "explainer": (
            "讲解", "解释", "科普", "是怎么", "怎么形成", "怎样形成", "为什么", "如何", "原理", "教程", "是什么", "介绍",
            "why is", "why are", "how is", "how are", "how can", "why can", "explain", "explains", "explaining", "explainer", "tutorial", "how to", "what is", "how does", "how do", "why do", "why does", "educational", "introduction to", "guide to",
        ),
        "longing": (
            "等待", "等主人", "等他", "等她", "等着", "在等", "等爸爸", "等妈妈", "等儿子", "等女儿", "等孩子", "思念", "想念", "怀念", "告别", "离别", "再也不", "回忆", "去世", "故人",
            "waits for", "wait for", "waiting for", "misses", "missing her", "missing his", "mourns", "grief", "farewell", "goodbye", "remembers", "lost her husband", "lost his wife", "lost her son", "lost his son", "lost her daughter", "lost his daughter", "lost her mother", "lost his father", "lost a friend", "letters to",
        ),
        "homecoming": (
            "找到家", "回家", "迷路", "走失", "失散", "丢失的", "归来", "归乡", "回到", "团圆", "流浪",
            "way home", "return home", "returns home", "goes home", "get home", "gets home", "comes home", "come home", "finds home", "finds a home", "lost its", "homecoming",
        ),
        "mystery": (
            "侦探", "谜", "失踪", "凶手", "推理", "追查", "密室", "真相", "破案", "线索", "案件", "悬案", "神秘", "消失",
            "detective", "mystery", "murder", "disappears", "disappeared", "disappearance", "missing", "clue", "investigates", "solves", "solve",
        ),
        "dread": (
            "恐怖", "惊悚", "悬疑", "灵异", "闹鬼", "鬼屋", "老宅里", "废弃", "阴森", "诡异",
            "horror", "scary", "haunted", "ghost", "creepy", "abandoned", "spooky", "thriller", "suspense",
        ),
        "courage": (
            "救下", "救出", "拯救", "守护", "保护", "对抗", "战胜", "打败", "挑战", "跃过", "抗击", "决战", "灭火", "勇敢",
            "rescue", "rescues", "saves", "save", "protects", "protect", "fights", "fight", "defends", "defend", "faces", "battle", "survives", "survive", "stands up to", "courage", "brave",
        ),
        "bond": (
            "重逢", "朋友", "友谊", "友情", "爱上", "相爱", "爱情", "恋", "相遇", "遇见", "遇到", "陪伴", "结识", "做伴", "成为朋友",
            "reunite", "reunites", "friend", "friends", "friendship", "befriends", "befriend", "falls in love", "fall in love", "love story", "in love", "loves", "romance", "meets", "meet", "adopts", "companion", "falls for",
        ),
        "dream": (
            "梦想", "学会", "想成为", "努力", "长成", "长大", "想要", "开了一家", "练习", "比赛", "坚持", "第一次登台", "冠军", "考上", "学习", "想当", "学",
            "dream", "dreams", "learns to", "learn to", "learns", "learning to", "wants to", "want to", "opens a", "practise", "builds", "build", "practises", "practices", "competition", "race", "contest", "audition", "training",
        ),
        "discovery": (
            "发现", "探索", "发明", "实验", "寻宝", "揭开", "第一次看见", "种出",
            "discovers", "discover", "discovery", "explores", "explore", "invents", "invent", "uncovers", "finds a", "finds an", "treasure", "secret", "stumbles upon",
        ),
        "journey": (
            "旅行", "旅程", "出发", "远方", "穿越", "冒险", "踏上", "寻找", "想去", "去看", "环游", "翻越", "送信", "漂流",
            "journey", "travels", "travel", "trip", "voyage", "adventure", "crosses", "sets out", "sails", "climbs", "quest", "wants to see", "wants to go", "wants to reach", "wants to visit", "road trip", "searches", "search",
        ),
    },
    guards=("大学", "中学", "小学", "上学", "同学", "放学", "开学", "留学", "科学家", "介绍信", "守护人", "守护者", "旅行社", "怎么样", "路上", "学校", "学生", "文学", "科学", "science"),
)  # fmt: skip

_LEADING = frozenset({"advert", "explainer", "mystery", "dread"})


class Brief(Frozen):
    """A brief, understood. Fields that it does not say are empty or None; the outline fills them.

    `goal` is what the hero wants (a Chinese phrase or an English infinitive), `done` that it has come about (in English the
    finite verb), `other` the object of it, `companion` the second figure, `companion_role` what that one is. `when` is an hour or a
    year in the words of the brief.
    """

    text: str
    language: Language
    subject: str = ""
    short: str = ""
    full: str = ""
    kind: Kind = "person"
    name: str = ""
    plural: bool = False
    gender: Gender | None = None
    goal: str = ""
    done: str = ""
    other: str = ""
    companion: str = ""
    companion_role: str = ""
    companion_kind: Kind = "person"
    ask: str = ""
    place: str = ""
    target: str = ""
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str = ""
    title: str = ""
    when: str = ""
    genre: Genre = "journey"
    total_s: float | None = None
    shots: int | None = None


def facts(text: str) -> dict[str, object]:
    """What a brief says beside its story: length, shots, time, weather, mood, style and place."""
    count, each = numbers.find_count(text), numbers.find_each_s(text)
    total = numbers.find_duration_s(text)
    return {
        "time": words.find_time(text),
        "weather": words.find_weather(text),
        "mood": words.find_mood(text),
        "style": words.find_style(text) or "",
        "total_s": total if total is not None else each * count if each and count else None,
        "shots": count,
    }


def genre_of(text: str, kind: Kind) -> Genre:
    """The kind of story: what stands first in the table wins, so that "a detective in love" is a mystery."""
    found = {hit.value for hit in GENRES.hits(text) if not hit.denied}
    for genre in sorted(GENRES.entries, key=lambda name: name not in _LEADING):
        if genre in found and not (genre == "mystery" and kind == "thing"):
            return genre
    return "explainer" if kind == "topic" else "tale"


def place_of(text: str) -> str:
    """The first place of a story that is not what the story is about."""
    found = things.places(text)
    return found[0] if found else ""


def without_settings(text: str, patterns: tuple[str, ...]) -> str:
    """The brief without the clauses and words that only set length, count, style or format."""
    for pattern in patterns:
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return text
