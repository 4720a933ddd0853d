"""The order of things: inserting, splitting, merging, moving and deleting shots and scenes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from agent.rules.editing import shot_facts
from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import Which, numbers_of, take_or_carried, take_which
from agent.rules.wishes import OF_WHAT, take_wish
from storyreel.actions.base import Asked
from storyreel.script import numbers

_COUNT = r"(?:一|两|二|三|四|五|1|2|3|4|5)?"
_INSERT = re.compile(
    rf"(?:插入|插进|加上?|添加|增加|新增|补上?|补充)(?:进去)?(?P<n>{_COUNT})\s*(?:个|段|条|组)?\s*(?=(?:新的?|空)?[^，。]{{0,18}}?(?:镜头|特写|远景|近景|中景|全景|空镜|画面))|"
    r"\b(?:insert|add|put in)\s+(?P<m>an?|one|two|three|another|new)\s+(?:new\s+)?(?!scene|character|note|line)(?=(?:(?!\b(?:to|in|into) (?:the )?(?:shot|it|this|that)\b)[^.]){0,60}?\b(?:shots?|close-?ups?|clip|wide|insert|view)\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:的)?(?:后面|之后|后边|后)|\bafter\b|\bfollowing\b|\bbehind\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:的)?(?:前面|之前|前边|前)|\bbefore\b|\bin front of\b|\bahead of\b", re.IGNORECASE)
_AT_END = re.compile(
    r"(?:在)?(?:片尾|末尾|结尾|最后)(?:面)?(?!一?个|的?镜头|的?那|\d|[一二两三四五六])|\b(?:at|to) the (?:very )?end(?: of the film)?\b",
    re.IGNORECASE,
)
_AT_START = re.compile(
    r"(?:在)?(?:片头|开头|最前面?|开场)|\b(?:at|to) the (?:very )?(?:start|beginning|front)(?: of the film)?\b", re.IGNORECASE
)
_SPLIT = re.compile(
    r"切开|切成两(?:个|半|段)|拆成两(?:个|段)|分成两(?:个|段)|一分为二|拆开|切断|剪开|\bsplit\b(?:\s+\S+){0,4}?\s+(?:in|into) (?:two|half)\b|\bsplit\b|\bcut\b(?=.{0,20}\b(?:in two|in half|in the middle|at)\b)",
    re.IGNORECASE,
)
_MIDDLE = re.compile(
    r"从?(?:正)?中间|对半|一半|\b(?:in|at|down) the middle\b|\b(?:in|into) (?:two|half)\b|\bhalfway\b", re.IGNORECASE
)
_AT_S = re.compile(
    r"(?:在|从)?第?\s*(?P<n>\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)\s*秒(?:处|的地方|那里)?|\bat\s+(?P<m>\d+(?:\.\d+)?|one|two|three|four|five)\s*(?:seconds?|secs?|s)\b",
    re.IGNORECASE,
)
_MERGE = re.compile(
    r"合并(?:成一个|起来|在一起)?|并成一个|合成一个|连成一个|\b(?:merge|join|combine)\b(?:\s+(?=shots?))?|\binto one\b",
    re.IGNORECASE,
)
_MOVE = re.compile(r"移动?到|挪到|调到|放到|搬到|排到|移|\b(?:move|put|place)\b", re.IGNORECASE)
_SWAP = re.compile(r"(?:对调|互换|交换|调换|换个?位置)(?:一下)?(?:位置|顺序)?|\bswap\b", re.IGNORECASE)
_DELETE = re.compile(
    r"删除|删掉|删去|删了|去掉|不要了?|剪掉|移除|\b(?:delete|remove|drop|cut out|get rid of|take out)\b", re.IGNORECASE
)
_ADD_SCENE = re.compile(
    r"(?:加|添加|增加|新增|插入)(?:上)?一?(?:个|场)(?:新的?)?(?:场景|场戏|戏|场|幕)?[:：,，]?|\b(?:add|insert)\s+(?:a|another|one)\s+(?:new\s+)?scene\b(?:\s*[:：])?",
    re.IGNORECASE,
)
_NOT_SHOTS = re.compile(
    r"台词|对白|旁白|对话|角色|人物|字幕|备注|版本|规则|\b(?:dialogue|lines?|narration|character|captions?|subtitles|note|rule|version)\b",
    re.IGNORECASE,
)
_SHOT_OF = re.compile(
    r"(?:镜头|画面|空镜|特写|远景|近景|中景|全景)\s*[:：]\s*(?P<zh>[^，,。\x1f]+)|\x1f(?P<zn>[^，,。\x1f]{2,30}?)的(?:空?镜头?|画面|特写|远景|近景|中景|全景)|"
    r"\b(?:shot|close-?up|view|clip)s?\s+(?:of|showing|where|with)\s+(?P<en>[^,.\x1f]+?)(?=\s+(?:after|before|at the (?:end|start))\b|[,.\x1f]|$)",
    re.IGNORECASE,
)


def insert(heard: Heard) -> Found | None:
    """A new shot after or before another, at the end or at the start."""
    reading = Reading(heard.text)
    match = reading.take(_INSERT)
    if match is None or heard.context.shot_count == 0:
        return None
    place, anchor = _place(reading, heard)
    if not place:
        return found(
            reading,
            "add a shot",
            question=heard.say("加在哪里？比如“在第3个镜头后面”。", "Where should it go? For example 'after shot 3'."),
        )
    shows = _SHOT_OF.search(reading.free)
    wish = take_wish(reading, heard, subject=False)
    if shows and (said := OF_WHAT.sub("", next(group for group in shows.groups() if group).strip())):
        wish.picture["subject"] = said
        reading.strike(*shows.span())
    reading.take_all(re.compile(r"空镜|镜头|画面|[:：]|\b(?:shots?|clip|view|insert)\b", re.IGNORECASE))
    shot = _new_shot(heard, wish, anchor)
    count = int(numbers.parse_number((match["n"] or match["m"] or "1").lower()) or 1)
    one = Asked(
        type="shot.add", args={"shot": shot, **place, **({"keep_total": True} if wish.keep_total else {})}, **{"as": "new"}
    )
    more = (Asked(type="shot.add", args={"shot": shot, **place, **({"keep_total": True} if wish.keep_total else {})}),) * (
        count - 1
    )
    return found(reading, "add a shot", one, *more, *_after_adding(heard, wish.keep_total, count), about=_made_at(place))


def _place(reading: Reading, heard: Heard) -> tuple[dict[str, str], str]:
    """Where a new shot goes, and the shot it stands beside."""
    if reading.take(_AT_START):
        return {"before": "1"}, "1"
    which = take_which(reading, heard)
    before = reading.take(_BEFORE) is not None
    after = reading.take(_AFTER) is not None
    if which is None:
        if reading.take(_AT_END):
            return {"after": "last"}, "last"
        words = heard.carried or heard.context.focus.shots
        which = Which(words, said=False) if words and (before or after) else None
    if which is None:
        return {}, ""
    known = numbers_of(heard, which.words)
    one = which.words if not known else str(min(known) if before and not after else max(known))
    if which.words == "last" or (
        known and max(known) == heard.context.shot_count and not before and which.words.startswith("last")
    ):
        one = "last"
    return ({"before": one} if before and not after else {"after": one}), one


def _new_shot(heard: Heard, wish: Any, anchor: str) -> dict[str, Any]:
    known = numbers_of(heard, anchor)
    beside = next((shot for shot in heard.context.shots if known and shot.number == known[0]), None)
    picture = {"subject": beside.subject if beside else "", **wish.picture}
    facts = shot_facts(heard, anchor) or {}
    speech = wish.speech.lines(facts.get("lines", []) if wish.speech.adds else []) if wish.speech else None
    cast = list(wish.speech.cast_add) if wish.speech else []
    camera = {key: value for key, value in wish.camera.items() if value not in {"faster", "slower"}}
    return {
        **({"duration_s": wish.rest["duration_s"]} if "duration_s" in wish.rest else {}),
        "picture": {key: value for key, value in picture.items() if value},
        **({"camera": camera} if camera else {}),
        **({"lines": speech} if speech else {}),
        **({"cast": cast} if cast else {}),
        **({"notes": wish.rest["notes"]} if "notes" in wish.rest else {}),
    }


def _after_adding(heard: Heard, keep_total: bool, count: int) -> tuple[Asked, ...]:  # noqa: FBT001
    if not (heard.context.has_film or heard.context.rendered_count):
        return ()
    if keep_total or count > 1:
        return (Asked(type="gen.compose"),)
    return (Asked(type="gen.video", args={"shots": "$new"}, reason="the film is rendered"),)


def _made_at(place: dict[str, str]) -> str:
    after = place.get("after", "")
    return str(int(after) + 1) if after.isdigit() else place.get("before", "last")


def joined_anew(heard: Heard) -> tuple[Asked, ...]:
    """The film made anew, where there is one: what is fresh costs nothing."""
    return (Asked(type="gen.compose", reason="the film is joined anew"),) if heard.context.has_film else ()


def split(heard: Heard) -> Found | None:
    """One shot cut in two, in the middle or at a moment."""
    reading = Reading(heard.text)
    if not reading.take(_SPLIT) or heard.context.shot_count == 0:
        return None
    at = reading.take(_AT_S)
    which = take_or_carried(reading, heard)
    reading.take(_MIDDLE)
    known = numbers_of(heard, which.words) if which else None
    if which is None or (known is not None and len(known) != 1):
        return _one_please(heard, reading, "split a shot")
    args: dict[str, Any] = {"shot": which.words}
    if at:
        args["at_s"] = numbers.parse_number(at["n"] or at["m"])
    return found(reading, "split a shot", Asked(type="shot.split", args=args), *joined_anew(heard), about=which.words)


def merge(heard: Heard) -> Found | None:
    """Neighbouring shots joined into one."""
    reading = Reading(heard.text)
    if not reading.take_all(_MERGE) or heard.context.shot_count == 0:
        return None
    which = take_which(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if which is None or (known is not None and len(known) < 2):  # noqa: PLR2004
        return (
            None
            if which is None
            else found(
                reading,
                "merge shots",
                question=heard.say(
                    "要合并哪两个相邻的镜头？", "Which neighbouring shots should be merged? For example 'merge shots 3 and 4'."
                ),
            )
        )
    return found(
        reading,
        "merge shots",
        Asked(type="shot.merge", args={"shots": which.words}),
        *joined_anew(heard),
        about=str(min(known)) if known else "",
    )


def move(heard: Heard) -> Found | None:
    """Shots, or a scene, moved before or after another."""
    if heard.context.shot_count == 0:
        return None
    swapped = _swap(heard)
    if swapped is not None:
        return swapped
    reading = Reading(heard.text)
    verb = reading.take(_MOVE)
    if verb is None:
        return None
    head, tail = _halves(heard.text, verb)
    first, second = Reading(head), Reading(tail)
    what = take_or_carried(first, heard)
    side = _edge(second)
    anchor = None if side else take_which(second, heard)
    side = side or _side(second)
    if anchor is None and side in {"start", "end"}:
        edge = "1" if side == "start" else "last"
        anchor, side = Which(edge, scene=edge if what and what.scene else ""), "before" if side == "start" else "after"
    if what is None or anchor is None or side not in {"before", "after"}:
        return None
    reading.free = f"{first.free} {second.free}"
    if what.scene and anchor.scene:
        return found(
            reading,
            "move a scene",
            Asked(type="scene.reorder", args={"scene": what.scene, side: anchor.scene}),
            *joined_anew(heard),
        )
    known = numbers_of(heard, anchor.words)
    place = anchor.words if not known else str(min(known) if side == "before" else max(known))
    return found(
        reading, "move shots", Asked(type="shot.reorder", args={"shots": what.words, side: place}), *joined_anew(heard), about=""
    )


def _halves(text: str, verb: re.Match[str]) -> tuple[str, str]:
    """What is moved, and where to: in English the place begins at its preposition."""
    if re.match(r"[A-Za-z]", verb[0]):
        rest = text[verb.end() :]
        at = re.search(r"\b(?:before|after|in front of|behind|to the)\b", rest, re.IGNORECASE)
        return (rest[: at.start()], rest[at.start() :]) if at else (rest, "")
    return text[: verb.start()], text[verb.end() :]


def _edge(reading: Reading) -> str:
    return "end" if reading.take(_AT_END) else "start" if reading.take(_AT_START) else ""


def _side(reading: Reading) -> str:
    for name, pattern in (("before", _BEFORE), ("after", _AFTER)):
        if reading.take(pattern):
            return name
    return ""


def _swap(heard: Heard) -> Found | None:
    """Two neighbouring shots exchanged: the later one is moved before the earlier one."""
    reading = Reading(heard.text)
    if not reading.take(_SWAP):
        return None
    which = take_which(reading, heard)
    known = sorted(numbers_of(heard, which.words) or ()) if which else []
    if len(known) != 2:  # noqa: PLR2004
        return None
    first, second = known
    actions = [Asked(type="shot.reorder", args={"shots": str(second), "before": str(first)})]
    if second - first > 1:
        actions.append(Asked(type="shot.reorder", args={"shots": str(first), "after": str(second - 1)}))
    return found(reading, "swap shots", *actions[:1] if second - first == 1 else actions, *joined_anew(heard))


def delete(heard: Heard) -> Found | None:
    """Shots, or a scene, deleted."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or _NOT_SHOTS.search(heard.text) or not reading.take(_DELETE):
        return None
    which = take_or_carried(reading, heard)
    if which is None or which.apart:
        return (
            found(reading, "delete shots", question=heard.say("要删哪些镜头？", "Which shots should be deleted?"))
            if which is None
            else None
        )
    # Something in a shot that is to go ("the rain in shot 1") is no shot.
    if reading.left:
        return None
    # A scene's own words ("delete scene 3") mean the scene, not only its shots.
    if which.scene and not re.search(r"镜头|shots?", heard.text, re.IGNORECASE):
        return found(reading, "delete a scene", Asked(type="scene.delete", args={"scene": which.scene}), *joined_anew(heard))
    known = numbers_of(heard, which.words)
    left = known is None or len(known) < heard.context.shot_count
    return found(
        reading, "delete shots", Asked(type="shot.delete", args={"shots": which.words}), *(joined_anew(heard) if left else ())
    )


def add_scene(heard: Heard) -> Found | None:
    """A new scene after another, or at the end."""
    reading = Reading(heard.text)
    if not reading.take(_ADD_SCENE) or not re.search(r"场|幕|\bscene\b", heard.text, re.IGNORECASE):
        return None
    which = take_which(reading, replace(heard, carried=""))
    if which is None and (
        first := reading.take(
            re.compile(r"\b(?:after|following) (?:the )?(?P<n>first|second|third|last)(?: one)?\b", re.IGNORECASE)
        )
    ):
        scene = {"first": "1", "second": "2", "third": "3", "last": "last"}[first["n"].lower()]
        which = Which(f"scene {scene}", scene=scene)
    reading.take(_AFTER)
    place = re.search(r"[:：，,]\s*([^，,:：。]+)", heard.text) or re.search(
        r"\b(?:at|in|on)\s+(?:the\s+|a\s+)?([a-z ]+?)(?=\s+(?:at|in|on|by)\b|[,.]|$)", heard.text, re.IGNORECASE
    )
    wish = take_wish(reading, heard)
    fields = {key: value for key, value in wish.picture.items() if key in {"place", "time", "weather", "mood", "style"}}
    if place and "place" not in fields and Reading(place[1]).left:
        fields["place"] = re.sub(
            r"^(?:the|a|an)\s+|\s+(?:at|in) (?:the )?(?:dusk|dawn|night|morning|evening|day|noon)$", "", place[1].strip()
        )
    for word in (place[1] if place else "", str(fields.get("place", ""))):
        reading.take(re.compile(re.escape(word) or "(?!)"))
    args = {**fields, **({"after": which.scene} if which and which.scene else {})}
    return found(reading, "add a scene", Asked(type="scene.add", args=args))


def _one_please(heard: Heard, reading: Reading, intent: str) -> Found:
    return found(
        reading, intent, question=heard.say("请说是哪一个镜头，比如“第4个镜头”。", "Say which one shot, for example 'shot 4'.")
    )
