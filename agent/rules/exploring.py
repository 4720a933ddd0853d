"""Exploring by talk: sheets, branches, going on, borrowing, choosing, marks, and why a picture looks as it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.pictures import Line, Named, Shown, look, resolve, shown, take_named, take_track
from agent.rules.which import numbers_of, take_or_carried, take_which
from agent.rules.wishes import take_wish
from storyreel.actions.base import Asked
from storyreel.model.sheet import MOST


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SIZE = _rx(
    r"(?P<rows>[1-9])\s*[x×*乘]\s*(?P<cols>[1-9])(?:\s*的?(?:宫格|网格|格子|候选图?|图))?|(?P<word>二十五|十六|[四六九])宫格|\b(?P<rows_en>[1-9])\s*by\s*(?P<cols_en>[1-9])\b"
)
_WORDS = {"四": (2, 2), "六": (2, 3), "九": (3, 3), "十六": (4, 4), "二十五": (5, 5)}
_DRAW = _rx(
    r"(?:再)?(?:画|出|生成|做|来|给我?)(?:一[张套组份])?|候选图?|备选图?|网格|\b(?:draw|make|generate|give me|do|render|sheets?|grids?|candidates?|variations?|variants?|another|more)\b"
)
_BRANCH = _rx(
    r"(?:另?开|新开|拉|建)(?:一[条个支])?(?:新的?)?(?:轨道|分支|支线|方案)(?:\s*[A-Z](?![A-Za-z]))?|分(?:支|叉)(?:出去?|一[条个])?|\b(?:branch(?:\s+off)?(?:\s+(?:a|into|as)\s+)?|fork|(?:open|start|begin)\s+(?:a\s+)?(?:new\s+)?(?:track|branch|plan)|(?:on|as)\s+(?:a\s+)?new\s+track)(?:\s*(?:plan|track)?\s*[A-Z]\b)?"
)
_ONWARD = _rx(
    r"(?:回到|回去|接着|继续|沿着|从)|(?:接着|继续)(?:画|做|走)?|\b(?:(?:go\s+)?back\s+to|continue(?:\s+(?:from|with|on))?|carry\s+on\s+(?:from|with)|go\s+on\s+(?:from|with))\b"
)
_REFERENCE = _rx(
    r"(?:借用?|拿|用|以|把)|(?:用作|当作|作为|作|做|当|为)?(?:人物|角色|风格|画风|场景|背景)?(?:的)?参考(?:图)?|\b(?:borrow|use|take)\b|\bas\s+(?:a|the|an)?\s*(?:(?:character|face|style|scene|background|image)\s+)?reference\b"
)
_IS_REFERENCE = _rx(r"参考|\breference\b|\bborrow\b|借")
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (_rx(r"的?(?:脸|面孔|长相|五官|人物|角色)|(?:['’]s\s+|the\s+)?(?:face|character)\b"), "character"),
    (_rx(r"的?(?:画?风格|画风|笔触|色调)|(?:['’]s\s+|the\s+)?(?:style|look)\b"), "style"),
    (_rx(r"的?(?:场景|背景|环境)|(?:['’]s\s+|the\s+)?(?:scene|background|setting)\b"), "scene"),
)
_PROMOTE = _rx(
    r"(?:就|还是)?(?:选用?|采用|选定|定为?|用|要)|设为?(?:选中|主图|正式)|(?:升为|提升为?)(?:主图|正式)?|\b(?:promote|select|use|go with|take|keep|choose|pick)\b"
)
_WHY = _rx(
    r"(?:被)?用在(?:了)?哪(?:里|儿|些地方)?|\bwhere\b|\bused\b|为什么|为何|怎么(?:来的|做(?:出来)?的|会|变成)|(?:是)?(?:图片?|画面)?(?:是|会)?(?:这样|这个样子|长这样|成这样)(?:的|子)?|\b(?:why\s+(?:does|is|do)|how\s+(?:was|were|did)|where\s+(?:does|did)\b.*\bcome\s+from)|\b(?:look(?:s)?\s+like\s+(?:this|that|it does)|look\s+the\s+way|made|come from)\b"
)
_THE_PICTURE = _rx(r"的?(?:图片?|画面)|\b(?:the )?(?:picture|image)\b")
_ASKS_WHY = _rx(r"用在(?:了)?哪|\bwhere\b.*\bused\b|为什么|为何|怎么(?:来|做|会|变)|\bwhy\b|\bhow was\b|\bcome from\b")
_AGAIN = _rx(
    r"(?:照|按)?(?:同样|一样|这样)的?(?:再)?(?:来|画|出)一?[张幅遍次]|再来一[张幅](?:同样|一样)的?|\b(?:another|one more)\s+like\b|\bmake\s+(?:it|this|that)?\s*once\s+more\b|\bsame\s+again\b"
)
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_rx(r"取消收藏|\bun-?favou?rite\b"), "node.mark:favourite=false"),
    (_rx(r"收藏|\bfavou?rites?\b|\blike this one\b"), "node.favourite"),
    (_rx(r"置顶|钉住|\bpin\b"), "node.pin"),
    (_rx(r"弃用|丢弃|扔掉|不要(?=第|这张|[A-Z])|\bdiscard\b|\bthrow away\b"), "node.discard"),
    (_rx(r"(?:恢复|找回|捡回)(?=.*(?:张|格|#))|\b(?:restore|bring back)\b(?=.*(?:picture|image|cell|#))"), "node.restore"),
)
_MARKING = _rx(r"\b(?:mark|add|my)\b|标记|加入")
_TRACKS = _rx(
    r"(?:都)?有(?:哪些|几[条个]|多少)?(?:轨道|方案|支线|分支)|(?:轨道|方案)(?:列表|有哪些)|\b(?:list|show|which|what)\b.{0,20}\b(?:tracks|branches|plans)\b(?:\s+are\s+there)?"
)
_STALE = _rx(
    r"(?:哪些|什么|有没有).{0,8}(?:过期|过时|不是最新)|(?:过期|过时)的?(?:有)?(?:哪些|什么)|\b(?:what|which|anything|is).{0,24}\b(?:stale|out of date|outdated)\b(?:,?\s*and why)?"
)
_COMPARE = _rx(r"(?:比较|对比)(?:一下)?|\bcompare\b")
_SHEET_OF = _rx(r"定妆[图照]?|设定图|角色图|三视图|形象图|\b(?:character|model|look|turnaround)\s+sheet\b|\bsheet\s+(?:of|for)\b")


def sheet(heard: Heard) -> Found | None:
    """A sheet of candidates: for shots, from a picture, or on a new track of each."""
    reading = Reading(heard.text)
    match = reading.take(_SIZE)
    if match is None or heard.context.shot_count == 0:
        return None
    rows, cols = _size(match)
    reading.take_all(_SIZE)
    branch = reading.take(_BRANCH) is not None
    named = take_named(reading)
    chosen = bool(named.place or named.number) and reading.take(_PROMOTE) is not None
    which = take_or_carried(reading, heard)
    reading.take_all(_DRAW)
    if max(rows, cols) > MOST:
        return found(reading, "a sheet", question=heard.say("一张最多 5×5 格，要几乘几？", "A sheet has at most 5x5. How many?"))
    args: dict[str, Any] = {"rows": rows, "cols": cols, **({"branch": True} if branch else {})}
    known = numbers_of(heard, which.words) if which else None
    if which is None or not known:
        return _ask_shot(heard, reading)
    if named.number or named.place or named.this:
        return _on_picture(
            heard,
            reading,
            named,
            known,
            lambda one: (
                *((Asked(type="node.promote", args={"node": one["node"]}),) if chosen and not one["selected"] else ()),
                Asked(type="gen.grid", args={"node": one["node"], **args}),
            ),
        )
    return found(reading, "a sheet", Asked(type="gen.grid", args={"shots": which.words, **args}), about=which.words)


def branch(heard: Heard) -> Found | None:
    """A new track from a picture, or on each shot of a range, with changes where some are said."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or reading.take(_BRANCH) is None:
        return None
    named, which = take_named(reading), take_or_carried(reading, heard)
    reading.take(_ONWARD)
    change = _change(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if which is None or not known:
        return _ask_shot(heard, reading)
    if len(known) > 1:
        args = {"shots": which.words, "branch": True, **({"change": change} if change else {})}
        return found(reading, "branch", Asked(type="gen.grid", args=args), about=which.words)
    return _on_picture(heard, reading, named, known, lambda one: _derive("node.branch", one, change))


def go_on(heard: Heard) -> Found | None:
    """Go on from a picture that is named by its track, number or place."""
    reading = Reading(heard.text)
    named = take_named(reading)
    if heard.context.shot_count == 0 or not (named.track or named.number or named.place) or reading.take(_ONWARD) is None:
        return None
    reading.take_all(_ONWARD)
    which = take_or_carried(reading, heard)
    reading.take_all(_DRAW)
    change = _change(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if not known:
        return _ask_shot(heard, reading)
    return _on_picture(heard, reading, named, known, lambda one: _derive("node.continue", one, change))


def again(heard: Heard) -> Found | None:
    """The same picture once more, with another seed."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or reading.take(_AGAIN) is None:
        return None
    named, which = take_named(reading), take_or_carried(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    return _on_picture(heard, reading, named, known, lambda one: _derive("node.regenerate", one, {})) if known else None


def borrow(heard: Heard) -> Found | None:
    """A picture as a reference: of the shot it belongs to, or of another that is named after it."""
    if heard.context.shot_count == 0 or not _IS_REFERENCE.search(heard.text) or heard.context.attachments:
        return None
    reading = Reading(heard.text)
    role = next((role for pattern, role in _ROLES if reading.take(pattern)), "image")
    source, target = _split_at_as(heard.text)
    named = take_named(reading)
    left, right = Reading(source), Reading(target)
    # A picture's number is none of a shot's.
    take_named(left)
    before, after = take_which(left, heard), take_which(right, heard)
    which = take_or_carried(reading, heard)
    reading.take_all(_REFERENCE)
    known = numbers_of(heard, (before or which).words) if which else None
    if which is None or not known or not named.said:
        return None
    shots = (after or before or which).words

    def action(one: Line) -> Asked:
        return Asked(type="node.reference", args={"shots": shots, "node": one["node"], "role": role})

    return _on_picture(heard, reading, named, known, action)


def promote(heard: Heard) -> Found | None:
    """Select the picture that is meant by "this", its number or its track."""
    reading = Reading(heard.text)
    named = take_named(reading)
    if heard.context.shot_count == 0 or not (named.this or named.number or named.track) or reading.take(_PROMOTE) is None:
        return None
    reading.take_all(_PROMOTE)
    which = take_or_carried(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if not known:
        return None
    return _on_picture(heard, reading, named, known, lambda one: Asked(type="node.promote", args={"node": one["node"]}))


def mark(heard: Heard) -> Found | None:
    """A favourite, a pin, something put aside or brought back."""
    reading = Reading(heard.text)
    kind = next((kind for pattern, kind in _MARKS if reading.take(pattern)), "")
    if not kind or heard.context.shot_count == 0:
        return None
    named, which = take_named(reading), take_or_carried(reading, heard)
    more = _more(reading) if named.said else ()
    reading.take_all(_MARKING)
    known = numbers_of(heard, which.words) if which else None
    if not named.said:
        return None
    if not known:
        return _ask_shot(heard, reading)
    name, _, off = kind.partition(":")
    args = {off.partition("=")[0]: False} if off else {}
    seen = shown(heard, known[0])
    others = [resolve(heard, seen, one) for one in more] if seen else []
    if seen and None in others:
        return _ask_picture(heard, reading, seen)
    nodes = [one["node"] for one in others if one]
    return _on_picture(heard, reading, named, known, lambda one: Asked(type=name, args={"nodes": [one["node"], *nodes], **args}))


def _more(reading: Reading) -> tuple[Named, ...]:
    """The further pictures that are named beside the first one: "the second and the third picture"."""
    found_: list[Named] = []
    while (named := take_named(reading)).number or named.place:
        found_.append(named)
    return tuple(found_)


def why(heard: Heard) -> Found | None:
    """Why a picture looks as it does: answered from its lineage."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or not _ASKS_WHY.search(heard.text):
        return None
    named, which = take_named(reading), take_or_carried(reading, heard)
    reading.take_all(_WHY)
    known = numbers_of(heard, which.words) if which else None
    if not (named.said or (which is not None and which.said)):
        return None
    if not known:
        return _ask_shot(heard, reading)
    reading.take_all(_THE_PICTURE)
    seen = shown(heard, known[0])
    chosen = next((one for one in seen.pictures if one["selected"]), None) if seen and not named.said else None
    if chosen is not None:
        # A shot's own picture is the one that it shows.
        return found(reading, "why", Asked(type="node.lineage", args={"node": chosen["node"]}), about=str(known[0]))
    return _on_picture(heard, reading, named, known, lambda one: Asked(type="node.lineage", args={"node": one["node"]}))


def compare(heard: Heard) -> Found | None:
    """Two pictures side by side."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or reading.take(_COMPARE) is None:
        return None
    first, second, which = take_named(reading), take_named(reading), take_or_carried(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if not known or not first.said or not second.said:
        return None
    if (seen := shown(heard, known[0])) is None:
        return found(reading, "compare", looks=(look(known[0]),), about=str(known[0]))
    one, two = resolve(heard, seen, first), resolve(heard, seen, second)
    if one is None or two is None:
        return _ask_picture(heard, reading, seen)
    return found(
        reading, "compare", Asked(type="node.compare", args={"node": one["node"], "other": two["node"]}), about=str(known[0])
    )


def tracks(heard: Heard) -> Found | None:
    """Which tracks a shot has, and what is stale."""
    reading = Reading(heard.text)
    if heard.context.shot_count and reading.take(_STALE):
        which = take_which(reading, heard)
        return found(reading, "what is stale", Asked(type="shot.stale", args={"shots": which.words if which else "all"}))
    if heard.context.shot_count == 0 or reading.take(_TRACKS) is None:
        return None
    which = take_or_carried(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if not known or len(known) != 1:
        return _ask_shot(heard, reading)
    return found(reading, "tracks", Asked(type="track.list", args={"shot": str(known[0])}), about=str(known[0]))


def sheet_of(heard: Heard) -> Found | None:
    """A sheet of a character, place or prop that the project knows."""
    reading = Reading(heard.text)
    if reading.take(_SHEET_OF) is None:
        return None
    names = sorted((*heard.context.characters, *heard.context.looks), key=len, reverse=True)
    name = next((name for name in names if reading.take(_rx(re.escape(name)))), None)
    if name is None:
        return None
    size = reading.take(_SIZE)
    rows, cols = _size(size) if size else (2, 2)
    reading.take_all(_DRAW)
    return found(reading, "a sheet", Asked(type="gen.character", args={"name": name, "rows": rows, "cols": cols}))


INTENTS: tuple[Intent, ...] = (sheet_of, sheet, branch, borrow, again, compare, why, mark, go_on, tracks, promote)


def _size(match: re.Match[str]) -> tuple[int, int]:
    if match["word"]:
        return _WORDS[match["word"]]
    return int(match["rows"] or match["rows_en"]), int(match["cols"] or match["cols_en"])


def _derive(kind: str, one: Line, change: dict[str, Any]) -> Asked:
    return Asked(type=kind, args={"node": one["node"], **({"change": change} if change else {})})


def _change(reading: Reading, heard: Heard) -> dict[str, Any]:
    """What should be other than it was, as the fields of a frame."""
    wish = take_wish(reading, heard, subject=False)
    fields = {**wish.picture, **{name: value for name, value in wish.camera.items() if name in ("size", "angle")}}
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _split_at_as(text: str) -> tuple[str, str]:
    """What stands before and after "as": the source, and what it is for."""
    match = re.search(r"作为?|当作?|给|\bas\b|\bfor\b", text, re.IGNORECASE)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _on_picture(
    heard: Heard, reading: Reading, named: Named, known: tuple[int, ...], action: Callable[[Line], Asked | tuple[Asked, ...]]
) -> Found:
    """The action on the picture that is named, once its shot was looked at."""
    shot = known[0]
    seen = shown(heard, shot)
    if seen is None:
        return found(reading, "a picture", looks=(look(shot),), about=str(shot))
    one = resolve(heard, seen, named)
    if one is None:
        return _ask_picture(heard, reading, seen)
    asked = action(one)
    return found(reading, "a picture", *(asked if isinstance(asked, tuple) else (asked,)), about=str(shot))


def _ask_picture(heard: Heard, reading: Reading, seen: Shown) -> Found:
    count = len([one for one in seen.pictures if one["kind"] != "grid"])
    question = heard.say(
        f"第 {seen.shot} 个镜头有 {count} 张图，是哪一张？比如“第2张”“B轨道 #3”。",
        f"Shot {seen.shot} has {count} pictures: which one? For example 'picture 2' or 'track B #3'.",
    )
    return found(reading, "a picture", question=question, about=str(seen.shot))


def _ask_shot(heard: Heard, reading: Reading) -> Found:
    question = heard.say("哪个镜头？比如“第3个镜头”。", "Which shot? For example 'shot 3'.")
    return found(reading, "a picture", question=question)


__all__ = ["INTENTS", "take_track"]
