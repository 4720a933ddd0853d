"""Which shots a message is about: numbers, ranges, scenes, people, "all", "the last two", "it", in Chinese and English."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from agent.rules.heard import Heard, Reading, meaningful
from agent.rules.kinds import BUT, kind_in, numbers_of_kind
from storyreel.script.numbers import UP_TO_TWELVE_EN, parse_number

_N = r"(?:\d{1,4}|[零〇一二两三四五六七八九十百]+)"
_E = rf"(?:\d{{1,4}}|{UP_TO_TWELVE_EN})"
_SHOT = r"(?:镜头|分镜|镜)"
_ORDINALS = {
    word: n
    for n, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"), 1
    )
}
_NTH = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,4}}(?:st|nd|rd|th))"
_TIMES = r"(?!\.?\d)(?!\s*(?:seconds?|secs?|s\b|minutes?|秒))"


@dataclass(frozen=True)
class Which:
    """Shots by the words of the actions. `apart` tells that wishes stand between several of them; `said` that they were named."""

    words: str
    apart: bool = False
    said: bool = True
    whole_film: bool = False
    scene: str = ""


Reader = Callable[[re.Match[str], Heard], str]


def _number(word: str) -> int:
    low = word.lower()
    if low in _ORDINALS:
        return _ORDINALS[low]
    bare = re.sub(r"(?:st|nd|rd|th)$", "", low)
    return int(parse_number(bare) or 0)


def _one(match: re.Match[str], _heard: Heard) -> str:
    return str(_number(match["n"]))


def _range(match: re.Match[str], _heard: Heard) -> str:
    first = _number(match["a"])
    last = "last" if re.search(r"last|end|最后|结尾|末", match["b"], re.IGNORECASE) else str(_number(match["b"]))
    return f"{first}-{last}"


def _clean(part: str) -> str:
    return re.sub(r"第|个|shots?|镜头?|#|\s", "", part)


def _many(match: re.Match[str], _heard: Heard) -> str:
    parts = re.split(r"\s*(?:,\s*and\b|[,，、和及跟与&]|\band\b)\s*", match["list"])
    found = []
    for part in parts:
        ends = [_number(_clean(end)) for end in re.split(r"[-–—~～到至]|\bto\b", part)]
        found.append("-".join(str(n) for n in ends))
    return ",".join(found)


def _first(match: re.Match[str], _heard: Heard) -> str:
    count = _number(match["n"])
    return f"1-{count}" if count > 1 else "1"


def _last(match: re.Match[str], _heard: Heard) -> str:
    count = _number(match["n"])
    return f"last {count}" if count > 1 else "last"


def _from_end(match: re.Match[str], heard: Heard) -> str:
    back = _number(match["n"]) if match["n"] else 2
    return str(max(1, heard.context.shot_count - back + 1))


def _onward(match: re.Match[str], _heard: Heard) -> str:
    return f"{_number(match['n'])}-last"


def _scene(match: re.Match[str], _heard: Heard) -> str:
    return f"scene {_number(match['n'])}"


def _others(_match: re.Match[str], heard: Heard) -> str:
    held = set(numbers_of(heard, heard.carried) or ())
    rest = [n for n in range(1, heard.context.shot_count + 1) if n not in held]
    return spelled(rest) if held and rest else "all"


def _const(words: str) -> Reader:
    return lambda _match, _heard: words


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# In the order in which they are tried: what says more comes first, and strikes out its words.
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_rx(rf"从?第?\s*(?P<n>{_N})\s*个?{_SHOT}?\s*(?:开始|往后|以后|起)(?:的?(?:所有|全部)?{_SHOT})?"), _onward),
    (_rx(rf"\b(?:from )?shots?\s*#?(?P<n>{_E})\s+(?:on\b|onwards?\b|and after\b)"), _onward),
    (
        _rx(
            rf"第\s*(?P<a>{_N})\s*(?:个|号)?\s*{_SHOT}?\s*(?:到|至|~|～|-|–|—)\s*第?\s*(?P<b>{_N}|最后一?)\s*(?:个|号)?\s*{_SHOT}?"
        ),
        _range,
    ),
    (_rx(rf"(?<![\d.])(?P<a>{_N})\s*号?{_SHOT}?\s*(?:到|至|~|～|-|–|—)\s*(?P<b>{_N}|最后一?)\s*(?:个|号)?\s*{_SHOT}"), _range),
    (_rx(rf"{_SHOT}\s*(?P<a>{_N})\s*(?:到|至|~|～|-|–|—)\s*{_SHOT}?\s*(?P<b>{_N})"), _range),
    (
        _rx(
            rf"\bshots?\s*#?(?P<list>\d{{1,4}}(?:\s*(?:-|–|to)\s*\d{{1,4}})?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)(?:shot\s*)?#?\d{{1,4}}(?:\s*(?:-|–|to)\s*\d{{1,4}})?{_TIMES})+)"
        ),
        _many,
    ),
    (
        _rx(
            rf"\bshots?\s*#?(?P<a>{_E})\s*(?:-|–|—|~|to|through|thru|until|till)\s*(?:shot\s*)?#?(?P<b>{_E}|the (?:last|end)|last)\b{_TIMES}"
        ),
        _range,
    ),
    (
        _rx(
            rf"第?\s*(?P<list>{_N}(?:\s*(?:个|镜|镜头)?\s*[、,，和及跟与]\s*第?\s*{_N}(?:\s*[-~～到至]\s*{_N})?)+)\s*(?:个|号)?\s*(?:{_SHOT}|个)"
        ),
        _many,
    ),
    (_rx(rf"{_SHOT}\s*(?P<list>\d{{1,4}}(?:\s*[、,，和及跟与]\s*{_SHOT}?\s*\d{{1,4}}{_TIMES})+)"), _many),
    (_rx(rf"倒数第\s*(?P<n>{_N})\s*个?{_SHOT}?"), _from_end),
    (_rx(r"\b(?:the )?(?:(?P<n>second|third|fourth)[- ](?:to[- ])?last|penultimate)(?: (?:shot|one|clip))?\b"), _from_end),
    (_rx(rf"前(?:面)?\s*(?P<n>{_N})\s*个?{_SHOT}"), _first),
    (_rx(rf"(?:最后|最末|末尾|结尾|后面?)\s*(?P<n>{_N})\s*个?(?:{_SHOT}|个)"), _last),
    (_rx(rf"(?:最后|末尾|结尾|收尾)的?那?一?个?{_SHOT}?(?=的|$|[\s,，。改换变加前后])|最后{_SHOT}|尾镜"), _const("last")),
    (_rx(rf"(?:开头|开场|开篇|首)的?那?个?{_SHOT}"), _const("1")),
    (_rx(rf"\b(?:the )?first\s+(?P<n>{_E})\s+(?:shots?|clips?|ones?)\b"), _first),
    (_rx(rf"\b(?:the )?(?:last|final)\s+(?P<n>{_E})\s+(?:shots?|clips?|ones?)\b"), _last),
    (_rx(r"\b(?:the )?(?:last|final|closing|ending)\s+(?:shot|clip|one)\b"), _const("last")),
    (_rx(r"\b(?:the )?opening\s+(?:shot|clip|one)\b"), _const("1")),
    (_rx(rf"第\s*(?P<n>{_N})\s*(?:场|幕)(?:戏|景)?(?:的|里的?|中的?|里面的?)?(?:所有|全部|每个)?的?{_SHOT}?"), _scene),
    (_rx(rf"\b(?:(?:all|every)\s+)?(?:the\s+)?(?:shots?\s+(?:of|in|from)\s+)?(?:the\s+)?scene\s+(?P<n>{_E})\b"), _scene),
    (_rx(rf"\b(?:(?:all|every)\s+)?(?:the\s+)?(?:shots?\s+(?:of|in|from)\s+)?(?:the\s+)?(?P<n>{_NTH})\s+scene\b"), _scene),
    (
        _rx(
            rf"(?:其他|其它|其余|剩下)的?(?:所有)?{_SHOT}|\b(?:the |all )?(?:other|remaining) (?:shots|ones|clips)\b|\bthe rest\b"
        ),
        _others,
    ),
    (_rx(rf"第\s*(?P<n>{_N})\s*(?:个|号|条)?\s*{_SHOT}?(?!\s*(?:场|幕|集|张|版|格|秒|步|次|帧|句|种))"), _one),
    (
        _rx(rf"{_SHOT}\s*#?(?P<n>\d{{1,4}}|[一二三四五六七八九十]+)|(?<![\d.])(?P<m>\d{{1,4}})\s*号{_SHOT}?"),
        lambda m, _h: str(_number(m["n"] or m["m"])),
    ),
    (
        _rx(rf"\b(?:shots?|clips?)\s*(?:number\s*|no\.?\s*)?#?(?P<n>{_E})\b(?:['’]s\b)?{_TIMES}|#(?P<m>\d{{1,4}})\b"),
        lambda m, _h: str(_number(m["n"] or m["m"])),
    ),
    (_rx(rf"\b(?:the\s+)?(?P<n>{_NTH})\s+(?:shot|clip|one)\b"), _one),
)
_FILM = _rx(
    r"整个?(?:片子|影片|视频|电影|部片|部影片|个项目|片)|全片|整部(?:片子|影片|电影)?|\b(?:the |my )?(?:whole|entire|complete) (?:film|movie|video|thing|story|project)\b|\beverything\b|\bthroughout\b|\bthe (?:film|movie)\b"
)
_ALL = _rx(
    rf"(?:所有|全部|每一?个)的?(?:{_SHOT}|画面)(?:都|全部?)?|{_SHOT}(?:全部|全都)|\b(?:all|every|each)(?: of)?(?: the| single| my| these)? ?(?:shots?|clips?)\b|\ball of (?:it|them)\b"
)
_HERE = _rx(
    rf"(?:这|当前|现在的?)(?:一|几|两|三|些)?(?:个|些)?{_SHOT}|\b(?:this|these|the (?:current|selected)) (?:shots?|clips?|ones?)\b"
)
_THERE = _rx(
    rf"(?:刚才|刚刚|之前|上面)?的?(?:那|同)(?:一|几|两|三|些)?(?:个|些|样)?的?{_SHOT}|(?:刚才|刚刚)(?:那个|那几个|的那个|的)|这个|那个|这几个|那几个|它们?|"
    r"\b(?:that|those|the same|said) (?:shots?|clips?|ones?)\b|\b(?:it|them|those|these|that|this)\b(?!['’]s)"
)


_SOME_KIND = _rx(
    rf"(?:所有|全部|每个)的?(?!{_SHOT}|画面)[^，。有出现改换变]{{1,8}}?的?{_SHOT}|\b(?:all|every|each)(?: of)?(?: the)?\s+(?!shots?|clips?|single|my|these|of|other|remaining|the)[\w-]+\s+(?:shots?|clips?|ones)\b"
)


def take_which(reading: Reading, heard: Heard) -> Which | None:
    """The shots a reading names or points at, struck out of it; None where it names none."""
    picked = _of_kind(reading, heard)
    if picked is not None:
        return picked
    found = sorted(_named(reading, heard))
    if not found and _SOME_KIND.search(reading.free):
        # "All the boring shots": which those are cannot be known.
        return Which("", apart=True)
    if found:
        words = ",".join(dict.fromkeys(word for _, _, word in found))
        scene = found[0][2].removeprefix("scene ") if len(found) == 1 and found[0][2].startswith("scene ") else ""
        return Which(words, apart=_apart(reading.text, found), scene=scene)
    if reading.take(_FILM):
        return Which("all", whole_film=True)
    if reading.take(_ALL):
        return Which("all")
    return _pointed_at(reading, heard)


def _of_kind(reading: Reading, heard: Heard) -> Which | None:
    """The shots of a kind, such as all the night shots; that there are none is told by `kinds.of_kind`."""
    if BUT.search(reading.text):
        return Which("", apart=True)
    kind = kind_in(reading, heard)
    if kind is None:
        return None
    numbers = numbers_of_kind(kind, heard)
    reading.strike(*kind.span)
    return Which(spelled(numbers)) if numbers else Which("", apart=True)


def _pointed_at(reading: Reading, heard: Heard) -> Which | None:
    """The shots that "this" or "it" mean: what is looked at, what the talk is about."""
    focus, carried = heard.context.focus.shots, heard.carried
    if reading.take(_HERE) and (focus or carried):
        return Which(focus or carried, said=False)
    if reading.take(_THERE) and (carried or focus):
        return Which(carried or focus, said=False)
    return None


def take_or_carried(reading: Reading, heard: Heard) -> Which | None:
    """The shots of a reading, otherwise those the talk is about, otherwise those the person is looking at."""
    found = take_which(reading, heard)
    if found is not None:
        return found
    words = heard.carried or heard.context.focus.shots
    return Which(words, said=False) if words else None


def _named(reading: Reading, heard: Heard) -> Iterator[tuple[int, int, str]]:
    for pattern, words in _people(heard):
        for match in reading.take_all(pattern):
            yield match.start(), match.end(), words
    for pattern, reader in READERS:
        for match in reading.take_all(pattern):
            yield match.start(), match.end(), reader(match, heard)


def _people(heard: Heard) -> Iterator[tuple[re.Pattern[str], str]]:
    for name in sorted(heard.context.characters, key=len, reverse=True):
        one = re.escape(name)
        yield (
            _rx(
                rf"(?:所有|全部|每个)?(?:有|出现|包含){one}(?:出现|出场)?的?(?:所有|全部|每个)?(?:{_SHOT}|画面|戏)|{one}(?:出现|出场|在|露脸)的(?:所有|全部|每个)?(?:{_SHOT}|画面|戏)|"
                rf"{one}的(?:所有|全部|每个)?(?:{_SHOT}|戏)|"
                rf"\b(?:(?:all|every|each)\s+)?(?:of\s+)?(?:the\s+)?shots?\s+(?:with|featuring|showing|that (?:have|has|show)|where|in which)\s+{one}(?:\s+(?:is|appears)(?:\s+in)?)?\b|"
                rf"\b(?:all (?:of )?)?{one}['’]s shots\b|\b(?:(?:all|every)\s+)?(?:the\s+)?shots?\s+{one}\s+(?:is|appears)\s+in\b"
            ),
            f"with {name}",
        )


def _apart(text: str, found: list[tuple[int, int, str]]) -> bool:
    """Whether wishes stand between the places that name shots."""
    between = [text[a_end:b_start] for (_, a_end, _), (b_start, _, _) in itertools.pairwise(found)]
    return any(meaningful(part) for part in between)


def numbers_of(heard: Heard, words: str) -> tuple[int, ...] | None:
    """The numbers that words for shots stand for, from the context's index; None where it cannot be told from it."""
    total = heard.context.shot_count
    known: list[int] = []
    for part in (piece.strip() for piece in words.split(",") if piece.strip()):
        if part == "all":
            known += range(1, total + 1)
        elif match := re.fullmatch(r"last(?: (\d+))?", part):
            known += range(max(1, total - int(match[1] or 1) + 1), total + 1)
        elif match := re.fullmatch(r"(\d+)(?:-(\d+|last))?", part):
            first = int(match[1])
            known += range(first, (total if match[2] == "last" else int(match[2] or first)) + 1)
        elif match := re.fullmatch(r"scene (\d+)", part):
            known += [shot.number for shot in heard.context.shots if shot.scene == int(match[1])]
        else:
            return None
    return tuple(dict.fromkeys(known))


def spelled(numbers: list[int] | tuple[int, ...]) -> str:
    """Numbers as words of the actions: 1-3,7."""
    runs: list[list[int]] = []
    for n in sorted(set(numbers)):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in runs)


def carried_by(heard: Heard) -> str:
    """The shots the last turns were about, newest first."""
    for turn in reversed(heard.context.turns):
        for action in reversed(turn.actions):
            words = _about(action.type, action.args)
            if words:
                return words
        if turn.shots:
            return spelled(turn.shots)
        if told := _told_of(turn.data):
            return str(told)
    return ""


def _told_of(data: tuple[dict[str, Any], ...]) -> int | None:
    """The shot whose pictures were told of: their lineage, or two of them side by side."""
    made = [node for one in data for node in one.get("chain") or one.get("nodes") or () if isinstance(node, dict)]
    owners: list[dict[str, Any]] = [node.get("owner") or {} for node in made]
    return next((owner["shot"] for owner in reversed(owners) if owner.get("kind") == "shot" and owner.get("shot")), None)


def _about(kind: str, args: dict[str, object]) -> str:
    if kind == "shot.add":
        after, before = args.get("after"), args.get("before")
        if isinstance(after, str) and after.isdigit():
            return str(int(after) + 1)
        return before if isinstance(before, str) else "last"
    if kind in {"shot.delete", "version.undo", "version.rollback", "gen.compose", "shot.bulk_add", "shot.list"}:
        return ""
    words = args.get("shots") or args.get("shot")
    if isinstance(words, str) and not words.startswith("$") and words != "all":
        return words
    scene = args.get("scene")
    return f"scene {scene}" if kind == "scene.update" and isinstance(scene, str) else ""
