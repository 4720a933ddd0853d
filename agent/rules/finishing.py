"""Editing clips by steps: trimming, speed, fades, grades and the like, taken back or copied to another shot."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agent.rules.editing import rendered
from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.which import numbers_of, take_or_carried, take_which
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number

Fields = dict[str, Any]
Read = Callable[[re.Match[str], float], Fields | None]


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_N = r"\d+(?:\.\d+)?|[一二两三四五六七八九十半]+"
_E = r"\d+(?:\.\d+)?|an?|one|two|three|four|five|six|half a"
_S = r"\s*(?:seconds?|secs?|s)\b"
_NE = rf"(?:(?P<en>{_E})\s*)?"


def _count(word: str) -> float:
    return {"a": 1.0, "an": 1.0, "half a": 0.5, "半": 0.5, "": 1.0}.get(word.lower()) or float(parse_number(word) or 0)


def _group(match: re.Match[str], *names: str) -> str:
    held = match.groupdict()
    return next((held[name] for name in names if held.get(name)), "")


def _keep(match: re.Match[str], length_s: float) -> Fields | None:
    """The first or last seconds kept; of the last ones the shot's length must be known."""
    count = _count(_group(match, "zh", "en"))
    if not _group(match, "zl", "el"):
        return {"duration_s": count}
    return {"in_s": round(length_s - count, 3)} if length_s > count > 0 else None


def _drop(match: re.Match[str], length_s: float) -> Fields | None:
    """Seconds cut off the beginning or the end."""
    count = _count(_group(match, "zh", "en", "eo"))
    if not _group(match, "zl", "el", "eq"):
        return {"in_s": count}
    return {"duration_s": round(length_s - count, 3)} if length_s > count > 0 else None


def _between(match: re.Match[str], _length_s: float) -> Fields:
    return {"in_s": _count(_group(match, "za", "ea")), "out_s": _count(_group(match, "zb", "eb"))}


def _speed(match: re.Match[str], _length_s: float) -> Fields | None:
    if said := _group(match, "zn", "en"):
        count = _count(said)
        slow = re.search(r"慢|slow", match[0], re.IGNORECASE)
        factor = 1 / count if slow and count > 1 else count
        return {"factor": round(factor, 3)} if factor else None
    return {"factor": 2.0 if re.search(r"twice|double|加速", match[0], re.IGNORECASE) else 0.5}


def _hold(match: re.Match[str], _length_s: float) -> Fields:
    return {"by_s": _count(_group(match, "zh", "zb", "en") or "1")}


def _mirror(match: re.Match[str], _length_s: float) -> Fields:
    return {"axis": "vertical"} if re.search(r"上下|垂直|vertical|upside", match.string, re.IGNORECASE) else {}


def _fade(match: re.Match[str], _length_s: float) -> Fields:
    into, out = (
        re.search(r"入|\bin\b|from", match[0], re.IGNORECASE),
        re.search(r"出|\bout\b|to (?:black|white)|到", match[0], re.IGNORECASE),
    )
    white = {"colour": "white"} if re.search(r"白|white", match[0], re.IGNORECASE) else {}
    return {**({"in_s": 1.0} if into else {}), **({"out_s": 1.0} if out or not into else {}), **white}


_LOOKS = {
    "black_white": r"黑白|black[- ]and[- ]white|b&w",
    "sepia": r"怀旧|泛黄|sepia",
    "vintage": r"复古|胶片|vintage|film look",
    "warm": r"暖|warm",
    "cool": r"冷|cool|cold",
}
_SLIDERS = {"brightness": r"亮度|brightness", "contrast": r"对比度?|contrast", "saturation": r"饱和度?|saturation"}
STEP = 0.2


def _grade(match: re.Match[str], _length_s: float) -> Fields | None:
    for name, words in _SLIDERS.items():
        if re.search(words, match[0], re.IGNORECASE):
            less = re.search(r"降|减|低|少|lower|less|reduce|decrease|down", match[0], re.IGNORECASE)
            return {name: -STEP if less else STEP}
    look = next((name for name, words in _LOOKS.items() if re.search(words, match[0], re.IGNORECASE)), "")
    return {"look": look} if look else None


def _plain(_match: re.Match[str], _length_s: float) -> Fields:
    return {}


# What is done to a clip, in the order in which it is tried.
STEPS: tuple[tuple[str, re.Pattern[str], Read], ...] = (
    ("trim", _rx(rf"只(?:留|保留|要|用)(?:下)?(?:从)?第?(?P<za>{_N})(?:秒)?(?:到|至|-|~)第?(?P<zb>{_N})秒|\bkeep only (?:from )?(?P<ea>{_E})\s*(?:s|seconds?)?\s*(?:to|-|until)\s*(?P<eb>{_E}){_S}"), _between),
    ("trim", _rx(rf"只(?:留|保留|要|用)(?:下)?(?:最?前面?|开头|(?P<zl>最?后面?|结尾|末尾))的?(?P<zh>{_N})秒钟?|\b(?:keep|leave|use) only (?:the )?(?:first|(?P<el>last)) {_NE}{_S}(?:\s+of)?"), _keep),
    ("trim", _rx(rf"(?:剪|截|裁|砍|去|掐)(?:掉|去)(?:最?前面?|开头|(?P<zl>最?后面?|结尾|末尾))的?(?P<zh>{_N})秒钟?|(?:最?前面?|开头)的?{_N}秒(?:剪|截|去)掉|\b(?:trim|cut|chop|take) (?P<eo>{_E}){_S} (?:off|from) the (?:start|beginning|front|(?P<eq>end|back))(?:\s+of)?|\b(?:trim|cut|chop|take)(?: off)? (?:the )?(?:first|(?P<el>last)) {_NE}{_S}(?:\s+(?:off|of|from))*"), _drop),
    ("hold", _rx(rf"(?:在)?(?:结尾|最后|末尾)?(?:的?一帧)?(?:定格|冻结|停住)(?:在)?(?:最后)?(?:一帧|画面|那?一?帧)?(?:停?(?P<zh>{_N})秒)?|(?:最后一帧|最后的画面)(?:停留?|定格|延长)(?P<zb>{_N})秒|\b(?:hold|freeze)(?: on)? (?:the )?(?:last|final) (?:frame|picture|image)\b(?: of)?(?:.*?\bfor (?P<en>{_E}){_S})?"), _hold),
    ("speed", _rx(rf"(?:以|用)?(?P<zn>{_N})倍速?(?:速度)?(?:的?慢放|播放|快放)?|(?:加速|快放|放慢|慢放)(?:到|成)?(?:一半|两倍)?(?:速度)?(?:播放)|(?:放慢|慢放)(?:到|成)?(?:原来的)?一半(?:的?速度)?|慢动作|慢镜头|升格|\bslow(?:ed)?\b[^,.]{0,16}\bdown (?:by|to) half\b|\b(?:play (?:it |them )?)?(?:at\s+)?(?:twice|double|half)(?: the| its)?(?: normal)? speed\b|\b(?:in\s+)?slow[- ]mo(?:tion)?\b|\b(?P<en>\d+(?:\.\d+)?)\s*(?:x|times)(?: (?:speed|faster|as fast|slower))?\b|\btwice as fast\b|\bhalf as fast\b"), _speed),
    ("reverse", _rx(r"倒放|反向播放|倒着(?:播|放)|\b(?:play(?:ed)?(?: it)? )?(?:backwards?|in reverse)\b|\breverse (?=the (?:clip|shot)|shot|it|this)"), _plain),
    ("mirror", _rx(r"(?:左右|水平|上下|垂直)(?:翻转|镜像|颠倒|翻)(?:一下)?|镜像(?:翻转|翻)?|\bupside down\b|\b(?:mirror|flip)\b(?:(?: it| them)? (?:vertically|horizontally|upside down))?"), _mirror),
    ("crop", _rx(r"裁(?:掉|切|剪)(?:四边|边缘|画面)|画面(?:裁切|裁剪)(?:一点|一些)?|\bcrop\b(?: in)?(?: a (?:bit|little))?(?: the edges(?: of)?)?"), _plain),
    ("bars", _rx(r"(?:上下)?(?:加上?|上)?(?:电影)?(?:黑边|遮幅|宽银幕)|\b(?:add\s+)?(?:letterbox(?:ing)?|black bars|cinema bars|widescreen bars)\b"), _plain),
    ("vignette", _rx(r"(?:加上?)?暗角|四角(?:压暗|变暗)|\b(?:add\s+an?\s+)?vignett(?:e|ing)\b|\bdarken the corners\b"), _plain),
    ("sharpen", _rx(r"(?:画面)?(?:锐化|更?清晰一?[点些])|\bsharpen\b|\bsharper\b|\bcrisper\b"), _plain),
    ("blur", _rx(r"(?:画面)?(?:加上?)?(?:模糊(?:效果|一点|一些)|虚一点|柔焦)|\bblur\b(?:red)?|\bout of focus\b|\bblurrier\b"), _plain),
    ("fade", _rx(r"(?:加上?)?(?:淡入淡出|淡入|淡出)(?:到?(?:黑|白)(?:场|色)?)?|(?:渐黑|黑场)|\bfades?\s+(?:shots? #?\d+ |it |this |them )?(?:in and out|in from (?:black|white)|out to (?:black|white)|to (?:black|white)|from (?:black|white)|in|out)\b"), _fade),
    ("grade", _rx(r"(?:加上?|用|换成|调成|套)(?:一个)?(?:黑白|怀旧|泛黄|复古|胶片|暖色?|冷色?)(?:调)?的?(?:滤镜|调色)|调色(?:成|为|调)(?:黑白|怀旧|复古|暖色?|冷色?)调?|(?:提高|增加|降低|减少|加大|调高|调低)(?:一点|一些)?(?:亮度|对比度?|饱和度?)(?:一点|一些)?|(?:亮度|对比度?|饱和度?)(?:再)?(?:提高|增加|降低|减少|调高|调低|高|低)(?:一点|一些)?|\b(?:black[- ]and[- ]white|b&w|sepia|vintage|warm|cool)\s+(?:grade|filter|lut)\b|\bgrade (?:it |them )?(?:black[- ]and[- ]white|sepia|vintage|warm(?:er)?|cool(?:er)?)\b|\b(?:more|less|raise|lower|increase|reduce|decrease)(?: the)? (?:contrast|saturation|brightness)\b"), _grade),
)  # fmt: skip
_VERBS = _rx(
    r"(?:加上?|效果|播放|画面|速度|片段|剪辑)|\b(?:add|play|horizontally|vertically|upside down|clip|apply|effect|speed|of|filter|grade)\b"
)
_REMOVE = _rx(
    r"去掉|取消|撤掉|移除|拿掉|不要|恢复(?:成)?(?:原来|正常)|\b(?:remove|take off|drop|no|undo|without|get rid of)\b(?: the)?|\bback to normal\b"
)
_STEP_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("speed", _rx(r"变速|慢动作|倍速|慢放|快放|slow[- ]mo(?:tion)?|\bspeed(?: change)?\b")),
    ("trim", _rx(r"修剪|裁短|\btrim(?:ming)?\b")),
    ("hold", _rx(r"定格|\b(?:freeze|hold)\b(?: frame)?")),
    *(
        (name, _rx(words))
        for name, words in (
            ("reverse", r"倒放|\breverse\b"), ("mirror", r"镜像|翻转|\b(?:mirror(?:ing)?|flip)\b"), ("crop", r"裁切|裁剪|\bcrop\b"),
            ("bars", r"黑边|遮幅|\b(?:letterbox|black bars|bars)\b"), ("vignette", r"暗角|\bvignette\b"), ("sharpen", r"锐化|\bsharpening\b"),
            ("blur", r"模糊|\bblur\b"), ("fade", r"淡入淡出|淡入|淡出|\bfades?\b"), ("grade", r"调色|滤镜|\b(?:grade|filter)\b"),
        )
    ),
    ("all", _rx(r"(?:所有|全部)的?(?:剪辑)?(?:效果|剪辑|处理)|\b(?:all (?:the )?(?:edits|effects)|every effect)\b")),
)  # fmt: skip
_COPY = _rx(
    r"(?:把)?(?P<za>.+?)的(?:剪辑|效果|调色|处理)(?:都)?(?:复制|拷贝|照搬|套用?|用)(?:到|给|在)(?P<zb>.+)$|\bcopy (?:the )?(?:edits?|effects?|grade|look) (?:of|from) (?P<ea>.+?) (?:to|onto|over to) (?P<eb>.+)$|\bedit (?P<ec>.+?) (?:like|the same as) (?P<ed>.+)$"
)


def step(heard: Heard) -> Found | None:
    """One step done to the clips of shots."""
    if heard.context.shot_count == 0:
        return None
    for name, pattern, read in STEPS:
        reading = Reading(heard.text)
        match = reading.take(pattern)
        if match is None or _REMOVE.search(heard.text):
            continue
        which = take_or_carried(reading, heard)
        if which is None or which.apart or (which.whole_film and name == "fade"):
            continue
        fields = read(match, _length(heard, which.words))
        reading.take_all(_VERBS)
        if fields is not None:
            return found(reading, "edit clips", _apply(heard, which.words, {"step": name, **fields}), about=which.words)
    return None


def take_back(heard: Heard) -> Found | None:
    """Steps of one kind taken off clips, or all."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or reading.take(_REMOVE) is None:
        return None
    name = next((name for name, pattern in _STEP_WORDS if reading.take(pattern)), "")
    which = take_or_carried(reading, heard)
    if not name or which is None or which.apart:
        return None
    reading.take_all(_VERBS)
    asked = _apply(heard, which.words, {"step": "remove", "which": name})
    return found(reading, "take edits back", asked, about=which.words)


def copy(heard: Heard) -> Found | None:
    """What was done to one shot done to others."""
    match = _COPY.search(heard.text)
    if heard.context.shot_count == 0 or match is None:
        return None
    source, target = _group(match, "za", "ea", "ed"), _group(match, "zb", "eb", "ec")
    first, second = Reading(source), Reading(target)
    one, many = take_which(first, heard), take_which(second, heard)
    known = numbers_of(heard, one.words) if one else None
    if many is None or not known or len(known) != 1:
        return None
    reading = Reading(heard.text, f"{first.free} {second.free}")
    return found(reading, "copy edits", _apply(heard, many.words, {"step": "copy", "source": str(known[0])}), about=many.words)


def _apply(heard: Heard, words: str, edit: Fields) -> Asked:
    """The step; where the shots were rendered, what it changes is made at once."""
    now = {"render": True} if rendered(heard, words) else {}
    return Asked(type="edit.apply", args={"shots": words, "edit": edit, **now})


def _length(heard: Heard, words: str) -> float:
    """How long the one shot is; 0 where that is not known."""
    known = numbers_of(heard, words) or ()
    held = [shot.duration_s for shot in heard.context.shots if shot.number in known]
    return held[0] if len(known) == len(held) == 1 else 0.0


INTENTS: tuple[Intent, ...] = (copy, take_back, step)
