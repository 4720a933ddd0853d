"""Shots by what they show: "all the night shots", "所有下雨的镜头"; a time of day, a weather, a place, a size, a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.rules.heard import TAKEN, Found, Heard, Reading, meaningful
from storyreel.actions.base import Asked
from storyreel.script import things, words
from storyreel.script.lexicon import Lexicon
from storyreel.script.tongue import CJK

_SHOTS_ZH = r"(?:镜头|分镜|场景|画面|片段|戏)"
_EVERY_ZH = r"(?:所有|全部|每一?个|凡是|那些|这些)的?"
_SHOTS_EN = r"(?:shots?|scenes|clips?|ones)"
_BEHIND_EN = r"(?:(?:that|which)\s+(?:are|is|take place|happen|show|have)\s+|(?:set|taking place|happening|shot)\s+|(?=(?:at|in|on|during|by|with)\s))"
_KINDS = (
    re.compile(rf"{_EVERY_ZH}(?P<a>[^，。,{TAKEN}]{{1,12}}?)(?:的)?{_SHOTS_ZH}(?:都|全部?|里|中)*"),
    # "所有夜景改成白天" leaves the word for shots out.
    re.compile(rf"{_EVERY_ZH}(?P<a>[^，。,{TAKEN}]{{1,8}}?)(?=(?:都|全)?(?:改|换|变|调|设|重|删|亮|暗))"),
    re.compile(rf"(?:^|(?<=[把将给让，]))(?P<a>[^，。,{TAKEN}第]{{1,10}}?)的?(?:镜头|分镜|画面)(?:都|全部?)*"),
    re.compile(
        rf"\b(?:all|every|each|any)(?:\s+of)?(?:\s+the)?\s+(?P<a>(?!of\b|other\b|remaining\b|single\b)(?:[\w'-]+\s+){{0,3}}?){_SHOTS_EN}\b(?:\s+{_BEHIND_EN}(?P<b>[\w' -]{{2,40}}))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bthe\s+(?P<a>(?!other\b|remaining\b|same\b|last\b|first\b|current\b|selected\b)(?:[\w'-]+\s+){{0,3}}?)(?:shots|clips)\b(?:\s+{_BEHIND_EN}(?P<b>[\w' -]{{2,40}}))?",
        re.IGNORECASE,
    ),
)
_TABLES: tuple[tuple[str, Lexicon[Any]], ...] = (("time", words.TIMES), ("weather", words.WEATHERS), ("size", words.SIZES))
_PLAIN = re.compile(
    r"有|里面?|中|内|上|时候?|时段|时间|天气|戏|出现|发生|拍摄?|场|景|是|\b(?:with|in|at|on|during|set|takes?|place|near|by|that|which|time|weather|where|it)\b",
    re.IGNORECASE,
)
# "All but the third" is not yet a way to name shots, and must not be taken for the third.
BUT = re.compile(r"除了|除去|以外|之外|\b(?:except|but not|apart from|other than|excluding)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """What shots are picked by; `said` is the phrase that named them, `text` its place in the reading."""

    wanted: Mapping[str, str]
    people: tuple[str, ...]
    said: str
    span: tuple[int, int]


def kind_in(reading: Reading, heard: Heard) -> Kind | None:
    """The kind of shots that a reading speaks of; None where its phrase is about something else or is not understood."""
    for pattern in _KINDS:
        for match in pattern.finditer(reading.free):
            kind = _kind_of(match, reading, heard)
            if kind is not None:
                return kind
    return None


def numbers_of_kind(kind: Kind, heard: Heard) -> list[int] | None:
    """The numbers of the shots of a kind; None where the film is longer than what is known of it."""
    lines = _lines(heard)
    return None if lines is None else [int(line["number"]) for line in lines if _is(kind, line)]


def of_kind(heard: Heard) -> Found | None:
    """A look at all shots where their kind must be known first; a plain word where there is none of the kind."""
    kind = kind_in(Reading(heard.text), heard) if heard.context.shot_count else None
    if kind is None:
        return None
    numbers = numbers_of_kind(kind, heard)
    if numbers is None:
        return Found(
            intent="shots of a kind", looks=(Asked(type="shot.list", args={"shots": "all"}, reason="which shots are meant"),)
        )
    if numbers:
        return None
    none = heard.say(f"没有“{kind.said}”这样的镜头，什么都没改。", f"There are no such shots ({kind.said}); nothing was changed.")
    return Found(intent="shots of a kind", message=none)


def _kind_of(match: re.Match[str], reading: Reading, heard: Heard) -> Kind | None:
    for behind, end in _behind(match):
        said = " ".join(part for part in (match["a"].strip(), behind) if part)
        understood = _conditions(said, heard) if said else None
        # A phrase with nothing beside it is the wish itself: "make all shots at night".
        alone = not meaningful(reading.text[: match.start()] + TAKEN + reading.text[end:])
        if understood is not None and understood[0] and not alone:
            return Kind(*understood, said, (match.start(), end))
    return None


def _behind(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """The words behind "shots" that may belong to the kind, the most first, and where each run ends."""
    behind = match.groupdict().get("b") or ""
    for word in reversed(list(re.finditer(r"[\w'-]+", behind))):
        yield behind[: word.end()], match.start("b") + word.end()
    yield (
        "",
        match.end("a") + len(match[0][match.end("a") - match.start() :].split(" ", maxsplit=1)[0]) if behind else match.end(),
    )


def _conditions(said: str, heard: Heard) -> tuple[dict[str, str], tuple[str, ...]] | None:
    """What a phrase asks of a shot; None where a word of it is not understood."""
    free, wanted = said, dict[str, str]()
    people = tuple(name for name in heard.context.characters if name and re.search(_whole(name), free, re.IGNORECASE))
    for name in sorted(people, key=len, reverse=True):
        free = re.sub(_whole(name), " ", free, flags=re.IGNORECASE)
    spans: list[tuple[int, int]] = []
    for field, table in _TABLES:
        hits = table.hits(free)
        if any(hit.denied for hit in hits) or len({hit.value for hit in hits}) > 1:
            return None
        if hits:
            wanted[field] = str(hits[0].value)
        spans += [(hit.start, hit.end) for hit in hits]
    for start, end in spans:
        free = free[:start] + " " * (end - start) + free[end:]
    rest = meaningful(_PLAIN.sub(" ", free))
    if rest:
        place = _place(rest, heard)
        if not place:
            return None
        wanted["place"] = place
    return (wanted, people) if wanted or people else None


def _whole(name: str) -> str:
    return re.escape(name) if re.search(f"[{CJK}]", name) else rf"\b{re.escape(name)}(?:['’]s)?\b"


def _place(rest: str, heard: Heard) -> str:
    """A place, where the words are one that the film or the vocabulary knows."""
    known = {str(line["place"]).lower() for line in _lines(heard) or () if line["place"]}
    low = rest.lower()
    named = [place for place in things.places(rest) if place.lower() == low]
    return low if named or any(low in place or place in low for place in known) else ""


def _lines(heard: Heard) -> Sequence[Mapping[str, Any]] | None:
    """What is known of every shot, from the index or from a look at all of them."""
    if len(heard.context.shots) >= heard.context.shot_count:
        return [shot.model_dump() for shot in heard.context.shots]
    return next((one.data.get("shots", []) for one in heard.looked if one.asked.type == "shot.list"), None)


def _is(kind: Kind, line: Mapping[str, Any]) -> bool:
    same = all(line[field] == value for field, value in kind.wanted.items() if field != "place")
    place, here = kind.wanted.get("place", ""), str(line["place"]).lower()
    there = not place or (bool(here) and (place in here or here in place))
    return same and there and set(kind.people) <= set(line["people"])
