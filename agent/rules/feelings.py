"""A wish for more of a feeling, as the mood, colours and camera that make a picture feel so."""

from __future__ import annotations

import re
from typing import Any

_MORE_ZH = r"(?:再|更|更加|稍微|多一?点)"


def _more_zh(feeling: str) -> str:
    """More of a feeling in Chinese: 更平静, 平静一点, 更平静一些."""
    some = r"(?:一点|一些|些)"
    return rf"(?:{_MORE_ZH}(?:{feeling}){some}?|(?:{feeling}){some})"


_MORE_EN = r"(?:(?:a (?:little |bit )?|much |even |slightly |far )?(?:more )?)"

# What is said, what it makes of the picture, and what of the camera.
FEELINGS: tuple[tuple[re.Pattern[str], dict[str, Any], dict[str, Any]], ...] = (
    (
        re.compile(
            rf"{_more_zh('有?戏剧性|有?戏剧张力|有?张力|有?冲击力|戏剧化')}|\b(?:{_MORE_EN})?(?:dramatic|intense|gripping)\b|\bmore (?:drama|tension)\b",
            re.IGNORECASE,
        ),
        {"mood": "tense"},
        {"move": "push_in", "angle": "low"},
    ),
    (
        re.compile(
            rf"{_more_zh('温暖|温馨|暖心|有温度')}|\b(?:{_MORE_EN})?(?:warmer|cosier|cozier|heartwarming)\b(?!\s+(?:colou?rs?|tones?|light|palette))|\bmore warmth\b",
            re.IGNORECASE,
        ),
        {"mood": "hopeful", "palette": ["#ffb36b", "#7a3b2e"]},
        {},
    ),
    (
        re.compile(
            rf"{_more_zh('平静|宁静|安静|静谧|安宁')}|\b(?:{_MORE_EN})?(?:calmer|quieter|gentler|more (?:peaceful|calm|serene|quiet|gentle|relaxed))\b",
            re.IGNORECASE,
        ),
        {"mood": "calm"},
        {"pace": "slower"},
    ),
    (
        re.compile(
            rf"{_more_zh('恐怖|吓人|可怕')}|\b(?:{_MORE_EN})?(?:scarier|spookier|creepier|eerier)\b|\bmore (?:scary|frightening)\b",
            re.IGNORECASE,
        ),
        {"mood": "horror", "palette": ["#4a5a7a", "#0e1320"]},
        {},
    ),
    (
        re.compile(rf"{_more_zh('活泼|欢快|欢乐|有活力')}|\b(?:happier|livelier|funnier|merrier)\b", re.IGNORECASE),
        {"mood": "joyful"},
        {"pace": "faster"},
    ),
    (
        re.compile(rf"{_more_zh('悲伤|伤感|忧伤|悲一点')}|\b(?:sadder|gloomier)\b", re.IGNORECASE),
        {"mood": "melancholy"},
        {"pace": "slower"},
    ),
)
