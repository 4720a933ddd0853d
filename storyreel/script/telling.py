"""Rows of a story bank become told moments: the marks filled, the verbs agreed, what is not known left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from storyreel.model.spec import Emotion, ShotSize
from storyreel.script import arcs_en, arcs_zh
from storyreel.script.brief import Brief

Stage = Literal["setup", "desire", "obstacle", "turn", "climax", "resolution"]
STAGES: tuple[Stage, ...] = get_args(Stage)
_SAYS_WHERE = re.compile(r"\{at\}(?:, \{A\} \{does\}|，\{S\}\{act\})")
PLAIN = frozenset({"tale", "making", "dread"})
_SIZES: tuple[ShotSize, ...] = get_args(ShotSize)
_EMOTIONS: tuple[Emotion, ...] = get_args(Emotion)
_MARK = re.compile(r"\{(\w+)\}")
_WAYS = {
    "swim": r"鱼|鲸|海豚|鲨|龟|章鱼|水母|海豹|\b(?:fish|goldfish|whale|dolphin|shark|salmon|octopus|turtle|seal|carp|jellyfish)$",
    "fly": r"鸟|雀|燕|鸽|鹰|鹤|鸥|鸦|鹊|凤凰|蝴蝶|蜜蜂|萤火虫|蜻蜓|蝙蝠|天鹅|猫头鹰|\b(?:bird|sparrow|swallow|pigeon|dove|eagle|hawk|owl|crane|gull|seagull|crow|raven|swan|butterfly|bee|bumblebee|firefly|dragonfly|bat|moth|phoenix)$",
}
_MOTION: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("zh", way): (
        ("奔跑", f"{verb}动"), ("跑着", f"{verb}着"), ("跑", verb), ("冲了?上去", f"{verb}上前去"), ("走(?!散|失)", verb), ("站了?起来", "振作起来"), ("站直了", "抬起头"), ("站", "停"), ("坐", "停"),
        ("一步一步", "一点一点"), ("向前迈出一步", f"向前{verb}去"), ("每一步", "每一下"), ("摔倒", "被打翻"), ("爬起", "翻过身来"), ("蹲下来", "停下来"), ("的脚步", "的影子"), ("竖起耳朵", "停下来"), ("走路", verb),
    )
    for way, verb in (("swim", "游"), ("fly", "飞"), ("drift", "飘"))
} | {
    ("en", way): (
        (r"\bwalks\b", f"{verb}s"), (r"\bwalk\b", verb), (r"\bwalking\b", ing), (r"\bruns\b", f"{verb}s"), (r"\brun\b", verb), (r"\brunning\b", ing), (r"\bstanding\b", "resting"), (r"\bsitting\b", "resting"),
        (r"step by step", "little by little"), (r"\bEvery step\b", "Every bit of the way"), (r"footsteps of", "trail of"), (r"in the feet of|among the feet of", "among"), (r"getting up from the ground", "starting again"),
        (r"taking one step forward", "moving ahead"), (r"crouching down", "bending"),
    )
    for way, verb, ing in (("swim", "swim", "swimming"), ("fly", "fly", "flying"), ("drift", "drift", "drifting"))
}  # fmt: skip
_AGREE = re.compile(r"\[([^\]|]*)\|([^\]|]*)\]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a bank, still with its marks."""

    line: str
    picture: str
    size: ShotSize | None = None
    feeling: Emotion = "neutral"
    who: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is said and seen at one moment. `rank` tells how much the story needs the line; `hero` whether the hero is seen."""

    stage: Stage
    line: str
    picture: str
    size: ShotSize | None
    feeling: Emotion
    rank: int
    hero: bool


@cache
def bank(language: str, genre: str) -> Mapping[Stage, tuple[Row, ...]]:
    """The rows of a genre by stage."""
    text = (arcs_zh if language == "zh" else arcs_en).ARCS[genre]
    found: dict[Stage, list[Row]] = {stage: [] for stage in STAGES}
    stage: Stage = "setup"
    for row in filter(None, map(str.strip, text.splitlines())):
        head: Stage | None = next((name for name in STAGES if row == f"[{name}]"), None)
        if head:
            stage = head
        else:
            found[stage].append(_row(row))
    return {name: tuple(rows) for name, rows in found.items()}


def _row(text: str) -> Row:
    line, picture, tail = (part.strip() for part in text.split(" | "))
    tags = tail.split(" ")
    feelings: list[Emotion] = [feeling for feeling in _EMOTIONS if feeling in tags]
    return Row(
        line=line,
        picture=picture,
        size=next((size for size in _SIZES if size in tags), None),
        feeling=feelings[0] if feelings else "neutral",
        who=next((tag[1:] for tag in tags if tag.startswith("@")), ""),
        need=tail.split("?", 1)[1] if "?" in tail else "",
    )


def tell(row: Row, stage: Stage, brief: Brief, slots: Mapping[str, str], rank: int) -> Moment | None:
    """The row with its marks filled, or None where it does not fit the brief."""
    if row.who and row.who != brief.kind:
        return None
    if row.need and not re.search(row.need, brief.text, re.IGNORECASE):
        return None
    if (
        _SAYS_WHERE.search(row.line)
        and _where(brief)
        and _where(brief) in slots.get("does", slots.get("done", "")) + slots.get("act", "")
    ):
        return None
    line, picture = (fill(words, slots, plural=brief.plural) for words in (row.line, row.picture))
    if line is None or picture is None:
        return None
    way = _way(brief)
    line, picture = _moved(line, way, brief.language), _moved(picture, way, brief.language)
    hero = bool({"s", "S", "the", "The", "A", "their", "them"} & set(_MARK.findall(row.picture)))
    weight = (
        3
        if "{goal}" in row.line
        or "{done}" in row.line
        or "{does}" in row.line
        or "{act}" in row.line
        or "{made}" in row.line
        or (brief.genre in PLAIN and "{co}" in row.line.lower())
        else rank
    )
    return Moment(stage, line, picture, row.size, row.feeling, weight, hero)


def _where(brief: Brief) -> str:
    return brief.place or brief.target


def _way(brief: Brief) -> str:
    """How the hero moves, when not on feet."""
    for way, pattern in _WAYS.items():
        if brief.kind in {"animal", "thing"} and re.search(pattern, brief.subject.lower()):
            return way
    return "drift" if brief.kind == "thing" else ""


def _moved(text: str, way: str, language: str) -> str:
    """The text with the verbs of one who swims, flies or drifts."""
    for walked, moved in _MOTION.get((language, way), ()):
        text = re.sub(walked, moved, text)
    return text


def fill(words: str, slots: Mapping[str, str], *, plural: bool) -> str | None:
    """A template with its marks filled; None when one of them is not known."""
    if any(not slots.get(mark) for mark in _MARK.findall(words)):
        return None
    text = _MARK.sub(lambda match: slots[match[1]], words)
    text = _AGREE.sub(lambda match: match[2 if plural else 1], text)
    return _polished(text)


def _polished(text: str) -> str:
    """Small repairs where a filled mark meets the words around it."""
    text = re.sub(r",\s*([,.;:?!])", r"\1", re.sub(r"\s+", " ", text))
    text = re.sub(r"(^|[.!?]\s+)([a-z])", lambda match: match[1] + match[2].upper(), text) if re.search(r"[.!?]$", text) else text
    return re.sub(r"([里上中下边头旁前])(?:里|上)(?=[，。])", r"\1", text).replace("，，", "，")
