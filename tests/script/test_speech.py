"""The length of a line is told from its text well enough to plan a shot by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.model.spec import Language
from storyreel.script.speech import speaking_s, syllables

TAKES: list[tuple[Language, str, float]] = [
    ("zh", "你好。", 0.77),
    ("zh", "我知道了。", 1.16),
    ("zh", "快走，别回头！", 1.53),
    ("zh", "我等了你整整三年，你却连一封信也没有写给我。", 4.25),
    ("zh", "“你相信命运吗？”她望着窗外，轻声问道。", 3.45),
    ("zh", "今天是2026年11月21日，星期六。", 3.38),
    ("zh", "火车上午9:15出发，下午2:40到达，全程486公里。", 5.89),
    ("zh", "各位乘客，欢迎乘坐本次列车，请您保管好随身物品，祝您旅途愉快。", 5.78),
    ("zh", "啊……原来是你。", 1.63),
    ("zh", "科学家在这颗行星上发现了水的痕迹，这意味着，那里可能存在过生命。", 6.06),
    ("zh", "她没有哭，只是静静地站在雨里，看着那辆车越开越远，直到消失在街的尽头。", 6.42),
    ("zh", "好的，老板，两碗牛肉面，不要香菜，再加一个荷包蛋。", 4.41),
    ("zh", "机器人睁开眼睛，看见的第一样东西，是一朵花。", 4.38),
    ("en", "Hello.", 0.85),
    ("en", "I know what you did.", 1.31),
    ("en", "Run, and don't look back!", 1.65),
    ("en", "I waited three whole years for you, and you never wrote me a single letter.", 4.23),
    ("en", '"Do you believe in fate?" she asked softly, looking out of the window.', 3.92),
    ("en", "Today is Saturday, November 21st, 2026.", 3.9),
    ("en", "The train leaves at 9:15 am and arrives at 2:40 pm, after 486 miles.", 7.3),
    ("en", "Ladies and gentlemen, welcome aboard. Please keep your belongings with you, and have a pleasant journey.", 6.05),
    ("en", "Oh... it was you.", 1.5),
    ("en", "Scientists have found traces of water on this planet, which means that life may once have existed there.", 6.25),
    (
        "en",
        "She did not cry. She just stood quietly in the rain, watching the car drive away, until it vanished at the end of the street.",
        7.27,
    ),
    ("en", "Okay, two bowls of beef noodles, no coriander, and one fried egg, please.", 5.23),
    ("en", "The robot opened its eyes, and the first thing it saw was a flower.", 3.78),
]


def test_lines_that_were_measured_are_told_within_a_tenth_on_average() -> None:
    errors = [speaking_s(text, language) / taken_s - 1 for language, text, taken_s in TAKES]
    assert sum(map(abs, errors)) / len(errors) < 0.1
    assert min(errors) > -0.17, "a shot that is too short for its line is worse than one that is too long"


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("你好，世界。", "zh", 4),
        ("2026年", "zh", 5),
        ("用OpenAI", "zh", 4),
        ("Make some noise", "en", 3),
        ("The NASA table played", "en", 8),
        ("on November 21st, 2026", "en", 12),
    ],
)
def test_syllables_are_counted(text: str, language: Language, count: int) -> None:
    assert syllables(text, language) == count


def test_speed_shortens_what_is_said() -> None:
    assert speaking_s("今天天气真好，我们出去走走吧。", "zh", 1.25) < speaking_s("今天天气真好，我们出去走走吧。", "zh")


def test_nothing_to_say_takes_no_time() -> None:
    assert speaking_s("……！", "zh") == 0.0


@given(st.text(alphabet="你好世界，。 abe1", max_size=40), st.sampled_from(["zh", "en"]))
def test_more_text_never_takes_less_time(text: str, language: Language) -> None:
    assert speaking_s(text + "好", language) >= speaking_s(text, language) >= 0
