"""Who says what in a shot: lines in quotes or behind a colon, who speaks them, who comes in and who leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.rules.heard import Heard, Reading
from storyreel.script import words

_QUOTED = re.compile(
    r"“(?P<a>[^”]+)”|\"(?P<b>[^\"]+)\"|「(?P<c>[^」]+)」|『(?P<d>[^』]+)』|(?<![A-Za-z])'(?P<e>[^']{2,}?)'(?![A-Za-z])|‘(?P<f>[^’]{2,})’(?![A-Za-z])"
)
_SAYS_ZH = r"(?:说道?|讲|喊道?|问道?|念道?|回答|低语|唱)"
_SAYS_EN = r"(?:says?|said|saying|shouts?|whispers?|asks?|answers?|replies|reply|yells?|sings?)"
_NARRATOR = r"(?:旁白|画外音|解说|the narrator|narrator|narration|a voice ?over|voice ?over)"
_ADDS = re.compile(
    r"(?:再|另外)?(?:加上?|增加|添加|补)(?:一|个|两)?(?:句|段|行)?(?:台词|对白|对话|旁白)?|再说(?:一句)?|\b(?:add|append|also (?:have|let|say))\b",
    re.IGNORECASE,
)
_DROPS = re.compile(
    r"(?:删掉|删除|去掉|清空|不要|拿掉)(?:了)?[^，。]{0,14}?(?:所有|全部)?的?(?:台词|对白|旁白|对话|说话)|(?:台词|对白|旁白|对话)(?:都|全)?(?:删掉|删除|去掉|清空|不要)(?:了)?|没有(?:台词|对白)|"
    r"\b(?:remove|delete|drop|cut|clear|no|without)\s+(?:(?:all|any|the|its|of)\s+)*(?:dialogue|dialog|lines?|narration|speech|voice ?over)\b|\bmake (?:it|them|shot \d+) silent\b",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"(?:的)?(?:台词|对白|对话|那句话)(?:改成|改为|换成|是|为)?|(?:一句)?话|\b(?:the |a |this )?(?:dialogue|dialog|lines?)\b(?:\s+(?:of|to|is|in))?",
    re.IGNORECASE,
)
_COLON = re.compile(
    rf"(?P<who>{_NARRATOR}|台词(?:改成|为|是)?|dialogue|line)?\s*(?P<says>{_SAYS_ZH}|{_SAYS_EN})?\s*[:：]\s*(?P<t>[^“\"「]+)$",
    re.IGNORECASE,
)


@dataclass
class Speech:
    """Lines and people of a shot. `adds` keeps the lines there are; `speaker` None means: as it was."""

    texts: tuple[str, ...] = ()
    speaker: str | None = None
    emotion: str = ""
    adds: bool = False
    drops: bool = False
    cast_add: tuple[dict[str, Any], ...] = ()
    cast_remove: tuple[str, ...] = ()

    def lines(self, held: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """All the lines of a shot that has `held`; None where lines stay as they are."""
        if self.drops:
            return []
        if not self.texts:
            return None
        speaker = self.speaker
        if speaker is None:
            speakers = {str(line.get("speaker", "")) for line in held}
            speaker = speakers.pop() if len(speakers) == 1 and not self.adds else ""
        new = [{"speaker": speaker, "text": text, **({"emotion": self.emotion} if self.emotion else {})} for text in self.texts]
        return [*held, *new] if self.adds else new

    @property
    def needs_held(self) -> bool:
        """Whether the lines there are must be known to say the new ones."""
        return bool(self.texts) and (self.adds or self.speaker is None)


def take_speech(reading: Reading, heard: Heard) -> Speech | None:
    """What a reading wishes of lines and people; None where it wishes nothing of them."""
    speech = Speech()
    _take_lines(reading, heard, speech)
    _take_people(reading, heard, speech)
    if not speech.texts and reading.take(_DROPS):
        speech.drops = True
    if not (speech.texts or speech.drops or speech.cast_add or speech.cast_remove):
        return None
    if (speech.texts or speech.cast_add) and (emotion := reading.word(words.EMOTIONS)):
        speech.emotion = emotion
        if speech.cast_add and not speech.texts:
            speech.cast_add = tuple({**part, "emotion": emotion} for part in speech.cast_add)
    return speech


def _take_lines(reading: Reading, heard: Heard, speech: Speech) -> None:
    quotes = [m for m in _QUOTED.finditer(reading.free) if not _is_name(reading.free, m)]
    if quotes:
        speech.texts = tuple(_inside(match) for match in quotes)
        for match in quotes:
            reading.strike(*match.span())
    elif match := _COLON.search(reading.free):
        if not (match["who"] or match["says"]):
            return
        speech.texts = (match["t"].strip(),)
        if match["who"] and re.fullmatch(_NARRATOR, match["who"], re.IGNORECASE):
            speech.speaker = ""
        reading.strike(match.start("t"), match.end("t"))
    if speech.texts:
        _take_speaker(reading, heard, speech)
        speech.adds = reading.take(_ADDS) is not None
        reading.take(_LABELS)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """A quoted name, such as a version's or a project's, is no line."""
    return bool(re.search(r"(?:叫做?|名为|命名为|called|named|name|版本|存为|回到|到)\s*$", text[: match.start()], re.IGNORECASE))


def _inside(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).strip()


def _take_speaker(reading: Reading, heard: Heard, speech: Speech) -> None:
    for name in sorted(heard.context.characters, key=len, reverse=True):
        one = re.escape(name)
        pattern = re.compile(
            rf"(?:让|叫|由|给)?{one}(?:的台词(?:改成|改为|换成|是)?|[^，。]{{0,16}}?{_SAYS_ZH})[:：]?|(?:\b(?:have|let|make)\s+)?\b{one}\b\s+(?:\w+ly\s+)?{_SAYS_EN}\b[:,]?|\b(?:by|for|from|spoken by)\s+{one}\b|"
            rf"\b{one}['’]s\s+(?:line|dialogue)\b(?:\s+(?:to|is))?|{one}\s*[:：]",
            re.IGNORECASE,
        )
        if match := reading.take(pattern):
            speech.speaker = name
            speech.emotion = words.find_emotion(match[0]) or ""
            return
    if reading.take(re.compile(rf"(?:让|由)?{_NARRATOR}(?:[^，。]{{0,16}}?{_SAYS_ZH}|\s*{_SAYS_EN})?[:：]?", re.IGNORECASE)):
        speech.speaker = ""
        return
    other = reading.take(
        re.compile(
            rf"(?:让|叫|由)(?P<zh>[\u4e00-\u9fff]{{1,4}}?){_SAYS_ZH}[:：]?|\b(?:have|let|make)\s+(?P<en>[A-Z][a-z]+)\s+{_SAYS_EN}\b[:,]?"
        )
    )
    if other:
        speech.speaker = other["zh"] or other["en"]
    else:
        reading.take(re.compile(rf"{_SAYS_ZH}[:：]?|\b{_SAYS_EN}\b[:,]?|\bsaying\b", re.IGNORECASE))


def _take_people(reading: Reading, heard: Heard, speech: Speech) -> None:
    names = sorted(heard.context.characters, key=len, reverse=True)
    if not names:
        return
    one = "|".join(map(re.escape, names))
    some = rf"(?:{one})(?:\s*(?:和|、|跟|与|,|\band\b)\s*(?:{one}))*"
    if match := reading.take(_leaves(some)):
        speech.cast_remove = tuple(name for name in names if _names(name, match[0]))
    if match := reading.take(_enters(some)):
        speech.cast_add = tuple({"character": name} for name in names if _names(name, match[0]))
    for name in names:
        if match := reading.take(_acts(re.escape(name))):
            said = next(group for group in match.groups() if group)
            action = re.sub(r"\s+(?:in|at|on|for|during)$", "", said.strip(" 。."))
            speech.cast_add = (*speech.cast_add, {"character": name, **_does(action)})


def _names(name: str, text: str) -> bool:
    return name.lower() in text.lower()


def _does(action: str) -> dict[str, Any]:
    emotion = words.find_emotion(action)
    feels = re.fullmatch(r"(?:很|更|非常|看起来|looks?|feels?|is|be|very|more|\s)*\S{1,12}", action) and emotion
    return {"emotion": emotion} if feels else {"action": action, **({"emotion": emotion} if emotion else {})}


def _leaves(one: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:去掉|移除|删掉|拿掉|不要|移走|去除)(?:了)?(?:角色)?{one}|把?{one}[^，。]{{0,12}}?(?:去掉|移除|删掉|拿走|移走|拿掉|移出|去除)|{one}不(?:在|出现|出场)|\b(?:remove|take|drop|cut)\s+{one}\b(?:\s+(?:from|out(?: of)?))?|\bwithout\s+{one}\b",
        re.IGNORECASE,
    )


def _enters(one: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:把|让|给)?{one}(?:也|都)?(?:加(?:进|到|入)|放(?:进|到|在)|出现在?|进入|入镜|登场)|(?:加入?|加上|添加|放入|放进)(?:角色)?{one}|\b(?:put|add|place|include|bring)\s+{one}\b(?:\s+(?:in(?:to)?|to))?|\b{one}\s+(?:should\s+)?(?:be|appear)s?\s+in\b",
        re.IGNORECASE,
    )


def _acts(one: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:让|叫)?{one}(?:在)?(?:里|中)?(?:要)?((?:很|更|非常|看起来)?[^，。,\x1f]{{1,30}})$|\b(?:have|let|make)\s+{one}\s+([\w][^,.\x1f]{{1,80}})|\b{one}\s+(?:is|looks?|feels?|should be)\s+([^,.\x1f]{{2,60}})",
        re.IGNORECASE,
    )
