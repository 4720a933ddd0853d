"""Which facts of a story's world a message is about (pure)."""

from __future__ import annotations

import re

from storyreel.model.rows import WorldSetting
from storyreel.model.view import GraphView

WORD = re.compile(r"[a-z][a-z'-]{3,}")
HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
# Words that stand in every other sentence say nothing of what it is about.
COMMON = frozenset(
    WORD.findall(
        "that this with from have will would should about into over shot shots scene make made more less very some what when where which"
        " there their them then than they like only just please film video picture every always never change"
    )
)
COMMON_HAN = frozenset(
    HAN.findall("镜头 画面 这个 那个 一个 一下 什么 怎么 可以 我们 他们 你们 没有 就是 所有 改成 视频 片子 场景 时候 自己 不要")
)
# A body's words have to meet a message this often; a name once.
ENOUGH = 2
MOST = 5


def relevant_world(view: GraphView, message: str) -> tuple[WorldSetting, ...]:
    """The world settings that a message is about, those that are named first, then by how much of what they say it speaks of.

    The view must hold `world_setting` (`Reads.tables`).
    """
    ranked = [(score(row, message), row) for row in view.all(WorldSetting)]
    told = sorted((pair for pair in ranked if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name))
    return tuple(row for _, row in told[:MOST])


def score(row: WorldSetting, message: str) -> int:
    """How much a message is about a setting; 0 is not at all."""
    said = message.casefold()
    named = row.name.casefold().strip() in said or bool(terms(row.name) & terms(message))
    shared = len(terms(row.body) & terms(message))
    return 100 + shared if named else shared if shared >= ENOUGH else 0


def terms(text: str) -> frozenset[str]:
    """What a text speaks of: English words without an ending, and pairs of Chinese characters."""
    words = {word.removesuffix("s") for word in WORD.findall(text.casefold())} - COMMON
    pairs = {run[at : at + 2] for run in HAN.findall(text) for at in range(len(run) - 1)} - COMMON_HAN
    return frozenset(words | pairs)
