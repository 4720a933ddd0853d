"""What goes out of a project: a film for a platform, a package of pictures, a copy with other people or words in it."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.which import take_which
from storyreel.actions.base import Asked
from storyreel.actions.platforms import PLATFORMS, platform_of
from storyreel.script.tongue import CJK


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NAMES = "|".join(
    sorted(
        {
            re.escape(name).replace(r"\ ", r"[ _]")
            for one in PLATFORMS
            for name in (one.name.replace("_", " "), one.zh, one.en, *one.aliases)
        },
        key=len,
        reverse=True,
    )
)
_PLATFORM = _rx(
    rf"(?:按照?|照着?|用|符合)(?P<za>{_NAMES})(?:平台)?的?(?:规格|要求|格式|标准|规范|尺寸)(?:来|做|出|导出|调整|改)?|(?:做|导出|输出|改|剪|出|调)(?:成|为|一个|个|一版)?(?P<zb>{_NAMES})(?:的)?(?:竖屏|横屏|竖版|横版)?(?:版本?|规格|格式)|(?:导出|出|做)一?[版个份]给(?P<zd>{_NAMES})的?|适配(?:一下)?(?P<zc>{_NAMES})|"
    rf"\b(?:prepare|format|reformat|shape|optimi[sz]e|adapt|fit|cut)\s+(?:it|this|the film|the project|everything)?\s*(?:for|to)\s+(?P<ea>{_NAMES})\b(?:\s+specs?)?|\b(?:make|export|cut|give me|do)\s+(?:an?|the|it as an?)\s+(?P<eb>{_NAMES})\s+(?:version|cut|export|edition)\b|\bexport (?:an?|the) (?:version|cut) for (?P<ed>{_NAMES})\b|\buse (?:the )?(?P<ec>{_NAMES}) (?:preset|specs?|format|settings)\b"
)
_REST = _rx(r"片子|影片|视频|项目|竖屏|横屏|竖版|横版|\b(?:film|project|video|vertical|version)\b")
_PACK = _rx(r"打包(?:下载|导出)?(?:成一个)?|下载|\b(?:package|download|zip(?: up)?)\b(?: of)?")
_WHAT = {
    "favourites": _rx(
        r"收藏(?:夹|过)?的?(?:图片?|素材|东西)?|喜欢的(?:图)?|\b(?:all )?(?:the |my )?favou?rites?\b(?:\s+(?:pictures?|images?))?"
    ),
    "pinned": _rx(r"(?:钉住|置顶)的?(?:图片?)?|\bpinned\b(?:\s+(?:pictures?|ones|images?))?"),
    "selected": _rx(r"(?:选定|选中|选好)的?(?:图片?|画面)?|\bselected\b(?:\s+(?:pictures?|ones|images?))?"),
    "all": _rx(r"(?:所有|全部)的?(?:图片?|画面|素材)|\b(?:all|every)(?: of)?(?: the)? (?:pictures?|images?|files?)\b"),
}
_ZIP = _rx(r"zip|压缩包|图片?|\b(?:as a )?zip\b|\bpictures?\b|\bimages?\b")
_COPY = _rx(
    r"(?:把|将)?(?:这个|整个|当前)?(?:项目|片子|影片)?(?:再)?(?:复制|拷贝|克隆)(?:一[份个版])?(?:这个|整个|当前)?(?:项目|片子|影片)?(?:一[份个版])?|\bmake an? (?:\w+ )?copy of (?:this|the|my) (?:project|film)\b|\b(?:duplicate|copy|clone)\s+(?:this|the|my)\s+(?:whole\s+)?(?:project|film|movie)\b"
)
_SWAP = _rx(
    rf"(?:[把将和并])?\s*(?P<za>(?![把将和并])[{CJK}A-Za-z·]{{1,16}}?)(?:都|全)?(?:换成|替换成|替换为|换为|改成|改为)(?P<zb>[{CJK}A-Za-z·]{{1,16}}?)(?=[，,。和并、]|$)|"
    r"\bwith\s+(?P<eb>[\w' -]{1,30}?)\s+(?:instead of|in place of|for)\s+(?P<ea>[\w' -]{1,30}?)(?=[,.]|\s+and\b|$)|\b(?:replac(?:e|ing)|swap(?:ping)?|chang(?:e|ing))\s+(?P<ec>[\w' -]{1,30}?)\s+(?:with|by|for|to|into)\s+(?P<ed>[\w' -]{1,30}?)(?=[,.]|\s+and\b|$)"
)
_CALLED = _rx(
    r"(?:副本)?(?:叫做?|名为|命名为|取名)[“\"《]?(?P<zh>[^”\"》，。]{1,60})[”\"》]?|\b(?:called|named|(?:and )?call it)\s+[\"“]?(?P<en>[^\"”,.]{1,60})[\"”]?"
)
_IN_LANGUAGE = _rx(
    r"(?:做|出|改|换|译|翻译)(?:成|为|一?个)?[中英]文(?:版)?|[中英]文版|\bin (?:english|chinese)\b|\b(?:english|chinese) (?:version|copy)\b"
)
_MAKE_NOW = _rx(r"(?:并|然后|直接|马上)?(?:渲染|做|生成)(?:出来|好)|\b(?:and )?(?:render|make) (?:it|them|what changes?)\b")


def platform(heard: Heard) -> Found | None:
    """The film shaped for a platform."""
    reading = Reading(heard.text)
    match = reading.take(_PLATFORM)
    name = next((group for group in match.groups() if group), "") if match else ""
    wanted = platform_of(name)
    if wanted is None:
        return None
    reading.take_all(_REST)
    return found(reading, "for a platform", Asked(type="export.platform_preset", args={"platform": wanted.name}))


def package(heard: Heard) -> Found | None:
    """What is marked, as one download."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or reading.take(_PACK) is None:
        return None
    what = next((name for name, pattern in _WHAT.items() if reading.take(pattern)), "")
    which = take_which(reading, heard)
    reading.take_all(_ZIP)
    if not what and (which is None or which.apart):
        return None
    args = {"what": what or "all", **({"shots": which.words} if which and not which.apart else {})}
    return found(reading, "package", Asked(type="export.package", args=args))


def duplicate(heard: Heard) -> Found | None:
    """A copy of the project, with other people, words or another language in it."""
    reading = Reading(heard.text)
    if reading.take(_COPY) is None:
        return None
    args: dict[str, Any] = {}
    if match := reading.take(_CALLED):
        args["name"] = (match["zh"] or match["en"]).strip()
    if said := _IN_LANGUAGE.search(heard.text):
        args["language"] = "en" if re.search(r"英|english", said[0], re.IGNORECASE) else "zh"
        reading.take_all(_IN_LANGUAGE)
    for match in reading.take_all(_SWAP):
        old, new = (match["za"] or match["ea"] or match["ec"]).strip(), (match["zb"] or match["eb"] or match["ed"]).strip()
        _swapped(heard, args, old, new)
    if reading.take(_MAKE_NOW):
        args["render"] = True
    return found(reading, "copy the project", Asked(type="project.duplicate", args=args))


def _swapped(heard: Heard, args: dict[str, Any], old: str, new: str) -> None:
    """A person becomes another of the project, or gets another name; anything else is other words."""
    people = {one.lower(): one for one in heard.context.characters}
    if who := people.get(old.lower()):
        by = people.get(new.lower())
        args.setdefault("characters", {})[who] = {"by": by} if by else {"name": new}
    else:
        args.setdefault("words", {})[old] = new


INTENTS: tuple[Intent, ...] = (duplicate, platform, package)
