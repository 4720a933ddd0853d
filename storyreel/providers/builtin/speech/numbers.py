"""Figures, dates, amounts and signs in a Chinese text, as they are said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_DIGITS = "零一二三四五六七八九"
_PAIRED = "个只条张位次天年本辆件杯瓶支头匹间座把块双对群种名口句遍趟人份点米秒分斤倍碗朵颗顶封首部家棵片层场声岁"
_UNITS = {
    "km": "公里", "kg": "公斤", "cm": "厘米", "mm": "毫米", "ml": "毫升", "m": "米", "g": "克", "t": "吨", "l": "升",
    "km/h": "公里每小时", "m²": "平方米", "min": "分钟", "s": "秒", "h": "小时",
}  # fmt: skip
_MONEY = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_SIGNS = {
    "+": "加",
    "=": "等于",
    "&": "和",
    "@": "艾特",
    "×": "乘",
    "÷": "除以",
    "%": "百分号",
    "#": "井号",
    "°": "度",
    "／": "或",
    "/": "或",
}
_MYRIADS = ("", "万", "亿", "万亿")
_LONGEST = 16
"""Longer numbers are no amounts, and are read digit by digit."""
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text and the Chinese that is said for it; they are equal where nothing had to be read out."""

    written: str
    said: str


def integer(digits: str) -> str:
    """A whole number in words, for example "10500" as 一万零五百; over sixteen digits, one digit at a time."""
    value = digits.lstrip("0")
    if not value:
        return "零"
    if len(value) > _LONGEST:
        return each(digits)
    groups = [value[max(0, end - 4) : end] for end in range(len(value), 0, -4)][::-1]
    said, skipped = "", False
    for place, group in zip(range(len(groups) - 1, -1, -1), groups, strict=True):
        if int(group):
            said += ("零" if said and (skipped or group.startswith("0")) else "") + _thousands(int(group)) + _MYRIADS[place]
        skipped = not int(group)
    said = re.sub(r"^一十", "十", said)
    return re.sub(r"^二(?=[千万亿])", "两", said)


def _thousands(value: int) -> str:
    said, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            said += ("零" if zero and said else "") + _DIGITS[digit] + name
        zero = not digit
    return said


def each(digits: str, *, telephone: bool = False) -> str:
    """Digit by digit; on the telephone one is said yao, so that it is not heard as seven."""
    said = "".join(_DIGITS[int(digit)] for digit in digits if digit.isdigit())
    return said.replace("一", "幺") if telephone else said


def number(written: str) -> str:
    """A number with its point and its thousands' commas, in words."""
    whole, _, part = written.replace(",", "").partition(".")
    said = each(whole) if len(whole) > 1 and whole.startswith("0") and not part else integer(whole)
    return said + ("点" + each(part) if part else "")


def _counted(written: str) -> str:
    return "两" if written == "2" else number(written)


def _date(match: re.Match[str]) -> str:
    year, month, day = match.group("y", "mo", "d")
    return f"{each(year)}年{integer(month)}月{integer(day)}日"


def _time(match: re.Match[str]) -> str:
    hour, minute = match.group("h", "mi")
    said = ("两" if hour in ("2", "02") else integer(hour)) + "点"
    if int(minute):
        said += ("零" if minute.startswith("0") else "") + integer(minute) + ("分" if match.group("sec") else "")
    return said + (integer(match.group("sec")) + "秒" if match.group("sec") else "")


def _temperature(match: re.Match[str]) -> str:
    below = "零下" if match.group("tm") else ""
    kind = {"C": "摄氏度", "F": "华氏度"}.get(match.group("tk").upper().replace("℃", "C").replace("℉", "F")[-1:], "度")
    return below + number(match.group("tn")) + kind


_RULES: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    ("date", r"(?P<y>\d{4})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", _date),
    ("time", r"(?<!\d)(?P<h>[01]?\d|2[0-4])[:：](?P<mi>[0-5]\d)(?:[:：](?P<sec>[0-5]\d))?(?!\d)", _time),
    ("degrees", rf"(?P<tm>-)?(?P<tn>{_NUMBER})\s?(?P<tk>℃|℉|°[CFcf]?)", _temperature),
    ("percent", rf"(?P<pm>-)?(?P<pn>{_NUMBER})\s?[%％]", lambda m: f"{'负' if m['pm'] else ''}百分之{number(m['pn'])}"),
    ("money", rf"(?P<mc>[¥￥$€£])\s?(?P<mn>{_NUMBER})(?P<mb>[万亿千百]?)", lambda m: number(m["mn"]) + m["mb"] + _MONEY[m["mc"]]),
    ("year", r"(?<!\d)(?:1[5-9]|2[01])(?!00年[前后])\d\d(?=年)", lambda m: each(m.group())),
    ("mobile", r"(?<!\d)1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)", lambda m: each(m.group(), telephone=True)),
    ("telephone", r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|(?<=[打拨报呼])1\d{2,4}(?!\d)", lambda m: each(m.group(), telephone=True)),
    ("fraction", r"(?<![\d/])(?P<fa>\d{1,3})/(?P<fb>\d{1,3})(?![\d/])", lambda m: f"{number(m['fb'])}分之{number(m['fa'])}"),
    ("score", r"(?<!\d)(?P<sa>\d{1,3})[:：](?P<sb>\d{1,3})(?!\d)", lambda m: f"{number(m['sa'])}比{number(m['sb'])}"),
    ("range", rf"(?P<ra>{_NUMBER})\s?[-~～–—至]\s?(?P<rb>{_NUMBER})", lambda m: f"{number(m['ra'])}到{number(m['rb'])}"),
    (
        "measure",
        rf"(?P<un>{_NUMBER})\s?(?P<uu>km/h|km|kg|cm|mm|ml|m²|min|m|g|h|s|t|l)(?![A-Za-z])",
        lambda m: _counted(m["un"]) + _UNITS[m["uu"]],
    ),
    ("ordinal", r"(?<=第)\d+", lambda m: number(m.group())),
    ("room", r"(?<!\d)\d{3,4}(?=[室房](?!间))", lambda m: each(m.group(), telephone=True)),
    ("counted", rf"(?<![\d.月])2(?=[{_PAIRED}])", lambda m: _counted(m.group())),
    ("minus", rf"(?<![\w)])-(?P<nn>{_NUMBER})", lambda m: "负" + number(m["nn"])),
    ("number", _NUMBER, lambda m: number(m.group())),
    ("sign", "[" + re.escape("".join(_SIGNS)) + "]", lambda m: _SIGNS[m.group()]),
)
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern, _ in _RULES))
_SAY = {name: say for name, _, say in _RULES}
_NARROW = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F)) if wide.isalnum()}


def pieces(text: str) -> list[Piece]:
    """`text` in stretches, in order and without gaps, with the Chinese reading of each."""
    plain = text.translate(_NARROW)
    made: list[Piece] = []
    end = 0
    for match in _ANY.finditer(plain):
        if match.start() > end:
            made.append(Piece(text[end : match.start()], plain[end : match.start()]))
        made.append(Piece(text[match.start() : match.end()], _SAY[_rule(match)](match)))
        end = match.end()
    return [*made, Piece(text[end:], plain[end:])] if end < len(text) else made


def _rule(match: re.Match[str]) -> str:
    return next(name for name in _SAY if match.group(name) is not None)
