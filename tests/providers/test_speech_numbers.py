"""Figures in a Chinese line are said as a Chinese person says them, and every stretch of the text keeps its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.builtin.speech.numbers import integer, pieces


def said(text: str) -> str:
    return "".join(piece.said for piece in pieces(text))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2026年11月21日", "二零二六年十一月二十一日"),
        ("2026-11-21", "二零二六年十一月二十一日"),
        ("1000年前", "一千年前"),
        ("上午8:05", "上午八点零五"),
        ("2:30", "两点三十"),
        ("涨了3.5%", "涨了百分之三点五"),
        ("-5℃", "零下五摄氏度"),
        ("比分3:2", "比分三比二"),
        ("快打110", "快打幺幺零"),
        ("13812345678", "幺三八幺二三四五六七八"),
        ("第2天来了2个人", "第二天来了两个人"),
        ("3/4的人", "四分之三的人"),
        ("1,234.5元", "一千二百三十四点五元"),
        ("¥3.5万", "三点五万元"),
        ("3-5天", "三到五天"),
        ("100kg", "一百公斤"),
        ("２０个", "二十个"),
    ],
)
def test_a_figure_is_said_as_a_person_says_it(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("value", "spoken"),
    [(0, "零"), (10, "十"), (110, "一百一十"), (2000, "两千"), (10500, "一万零五百"), (100001234, "一亿零一千二百三十四")],
)
def test_a_whole_number(value: int, spoken: str) -> None:
    assert integer(str(value)) == spoken


_VALUES = {name: value for value, name in enumerate("零一二三四五六七八九")} | {"两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def understood(spoken: str) -> int:
    """What a listener makes of a number: the inverse, written without looking at how it is said."""
    total = section = digit = 0
    for word in spoken:
        if word in _VALUES:
            digit = _VALUES[word]
        elif word in _POWERS:
            section += (digit or 1) * _POWERS[word]
            digit = 0
        else:
            power = {"万": 10**4, "亿": 10**8}[word]
            total = (total + section + digit) * power if power > 10**4 and total else total + (section + digit) * power
            section = digit = 0
    return total + section + digit


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_listener_understands_every_number(value: int) -> None:
    assert understood(integer(str(value))) == value


@given(st.text(alphabet="0123456789年月日点:/.-,%¥个第打 这a", max_size=30))
def test_no_character_of_the_text_is_lost_or_doubled(text: str) -> None:
    assert "".join(piece.written for piece in pieces(text)) == text
