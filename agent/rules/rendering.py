"""Making pictures, voices, music and the film, and taking hold of the work: cancel, pause, resume, retry, how many at once."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.making import what_about
from agent.rules.which import take_or_carried, take_which
from storyreel.actions.base import Asked
from storyreel.script import numbers


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_AGAIN = _rx(
    r"重新|重(?=画|做|拍|渲|录|配|生成)|再(?=画|渲染|做|生成|录|配|来)(?:一[遍次])?|一[遍次]|换一[张个版]|\b(?:again|anew|redo|re-?(?=render|draw|do|make|generate|record|shoot))|\b(?:re-?(?:render|draw|make|generate|record|shoot)|redo|retake)\b"
)
_RENDER = _rx(
    r"渲染|生成视频|做视频|出视频|生成|重做|重拍|\b(?:re-?)?render(?:ing)?\b|\bgenerate\b|\bredo\b|\bretake\b|\bre-?make\b|\bre-?shoot\b|\bmake (?=.*\bagain\b)"
)
_DRAW = _rx(
    r"重?画(?!面|风)(?:一[遍次])?|出图|生图|生成(?:图片|画面|图)|\b(?:re-?)?draw\b|\bredraw\b|\b(?:new|another|different) (?:picture|image)s?\b|\bpictures?\b|\bimages?\b"
)
_BOARD = _rx(
    r"(?:画出?|生成|出|做)(?:所有|全部)?的?(?:分镜图?|故事板|九宫格)|\b(?:draw|make|generate|create)\s+(?:the\s+|a\s+)?storyboards?\b"
)
_VARIANTS = _rx(
    r"(?:再)?(?:来|出|画|要|给|生成|多)(?:我)?(?:几|一些|些|多|两|三|四)?(?:张|个|版)?(?:备选|候选|变体|不同的?版本|方案|选择)|换几张|多(?:来|画)几张|再(?:来|画)几张|\b(?:(?:two|three|four|five|a few|some|\d)\s+)?(?:more|some|other|a few|few|new)\s+(?:more\s+)?(?:variants?|variations?|options?|alternatives?|candidates?|takes)\b|\bvariants?\b|\bvariations?\b|\balternatives\b"
)
_VOICE = _rx(
    r"(?:重新|再)?(?:配(?:一[遍次])?音|录音|录制(?:声音|配音)|(?<![分匹])配(?=第|镜)|读台词|录(?:一[遍次])?)(?:的)?|的?(?:配音|声音|音)|\b(?:re-?)?record\b|\b(?:the\s+)?(?:voices?|voice ?overs?|narration|dialogue)\b|\bspeak\b"
)
_MUSIC = _rx(
    r"(?:换|重新|重)(?:一?[段首个])?(?:做|写|来|生成)?(?:一?[段首个])?(?:配乐|音乐|曲子|BGM)|(?:配乐|音乐)(?:换|重新|重)(?:一?[段首个])?(?:做|写|来)?|(?:做|加|来|写|配)一?[段首个]?(?:配乐|音乐)|\b(?:re-?)?score the film(?: again| anew)?\b|\b(?:new|another|different|change the|make the|re-?make the|redo the)\s+(?:music|score|soundtrack)\b(?: again)?"
)
_MUSIC_AS = _rx(
    r"(?:配乐|音乐)[，,]\s*(?:要|用|换成|来)(?:一?[个段首])?(?P<zk>[^，,。]{1,24})$|"
    r"(?:配乐|音乐|BGM)(?:的风格)?(?:改|换|变|调)?(?:成|为|用|要|是)?[:：]?\s*(?P<zh>[^，,。]{1,24})$|\b(?:make|change|set) the (?:music|score|soundtrack)\s+(?:to\s+|into\s+)?(?:an?\s+)?(?P<en>[^,.]{2,40})$|\b(?:use|with|want)\s+(?:an?\s+)?(?P<eu>[\w -]{2,30}?)\s+(?:music|score|soundtrack)\b"
)
_FILM = _rx(
    r"(?:把)?(?:整个|这个|整部)?(?:片子|影片|视频|电影|成片|全片|短片|整片)(?:给我)?(?:做出来|渲染出来|合成出来|合成(?:一下)?|渲染(?:一下|出来)?|做完|出来|生成出来|剪出来)|(?:开始|全部|现在)?(?:渲染|合成)(?:所有|全部|整个)?(?:片子|影片|视频|电影|成片|全片|镜头)?(?:吧|了)?$|^出片|合成(?:成片|影片|视频|片子)|开始(?:制作|生成|渲染|做)|全部(?:做|渲染)出来|"
    r"\b(?:make|render|finish|compose|assemble|build|produce|export|join|do)\s+(?:the\s+)?(?:whole\s+|entire\s+|full\s+|final\s+)?(?:film|movie|video|everything|it all|cut)\b|\brender (?:it|them )?all\b|\bstart (?:the )?render(?:ing)?\b|\brender (?:all|every)(?: the| of the)? ?(?:shots?|scenes?)?\b|^render(?: it)?[.!]?$"
)
_CANCEL = _rx(
    r"(?:停止|终止|取消|中止|停掉|停下)(?:所有|全部|当前)?的?(?:渲染|任务|生成|制作|合成)?|别渲染了|不要渲染了|\b(?:cancel|stop|abort|kill)\b(?:\s+(?:the|all|every|my|current|running))*(?:\s+(?:render(?:s|ing)?|tasks?|jobs?|work|everything|it))?"
)
_PAUSE = _rx(
    r"(?:先)?(?:暂停|停一下|停一停|先停|等一下再)(?:一下)?(?:渲染|任务|生成)?|\bpause\b(?:\s+(?:the|all|everything))*(?:\s+(?:render(?:s|ing)?|tasks?|work))?|\bhold (?:on|off|the render(?:s|ing)?)\b|\bput (?:it|the render) on hold\b"
)
_RESUME = _rx(
    r"(?:继续|恢复)(?:刚才的|所有)?(?:渲染|任务|生成|制作)|取消暂停|解除暂停|\b(?:resume|unpause|continue|carry on|go on)\b\s*(?:with\s+)?(?:the\s+)?(?:render(?:s|ing)?|tasks?|work)|\b(?:resume|unpause)\b"
)
_RETRY = _rx(
    r"(?:失败的?|出错的?|没成功的?|取消的?|停掉的?)?(?:任务|镜头|那些)?(?:都|再|重新)?(?:重试(?:一下)?|再试(?:一[次遍下])?)|\b(?:retry|try)\b(?:\s+(?:the|all|what|everything|whatever|that|was|has|have|is))*(?:\s+(?:failed|cancelled|canceled|stopped|failures?|fail(?:s|ed)?|it|again|tasks?|ones|shots?))*"
)
_AT_ONCE = _rx(
    r"(?:同时|并行|并发)(?:只)?(?:渲染|做|生成|跑|处理)?(?:数|量)?(?:改成|改为|设为|设成|调到|为)?\s*(?P<a>\d+|[一二两三四五六七八九十]+)\s*(?:个|路)?(?:镜头|任务)?|一次(?:渲染|做)?\s*(?P<b>\d+|[一二两三四五六七八九十]+)\s*个(?:镜头|任务)?|"
    r"\b(?:render|run|do|make)\s+(?P<c>\w+)\s+(?:shots?\s+|tasks?\s+|renders?\s+)?(?:at a time|at once|in parallel|at the same time|concurrently)\b|\bconcurrency\s+(?:to\s+|of\s+|is\s+)?(?P<d>\w+)\b"
)
_EVERYTHING_AGAIN = _rx(
    r"(?:把)?(?:所有|全部|全都|整个?片子?|整部片子?|一切)的?(?:镜头|画面|内容|东西)?(?:都|全部|全)?(?:再)?(?:重新|重)(?:渲染|生成|做|来|制作|出|跑)(?:一[遍次下])?|(?:重新|重)(?:渲染|生成|制作|做)(?:一[遍次下])?(?:所有|全部|整个?片子?)(?:的)?(?:镜头|画面|内容)?(?:一[遍次])?|"
    r"\b(?:re-?)?(?:render|generate|make|do|shoot)\s+(?:everything|it all|all of it|the whole (?:film|thing)|all (?:the |of the )?shots)\s+(?:all over\s+)?(?:again|anew|from scratch|once more)|\b(?:re-?render|re-?generate|re-?make|redo|re-?do)\s+(?:everything|it all|all of it|the whole (?:film|thing)|all (?:the |of the )?shots)(?:\s+(?:again|from scratch))?"
)
_THERE_ALREADY = _rx(r"之前那[张个版]|\b(?:previous|earlier|old) (?:picture|image|one|version)\b")
_URGENT = _rx(r"优先|加急|插队|先做|\b(?:first|urgent(?:ly)?|priority|with priority|asap)\b")


def render(heard: Heard) -> Found | None:
    """Shots rendered, drawn, spoken or shown in more variants."""
    reading = Reading(heard.text)
    kind, again = _kind(reading)
    # "The previous picture" is there already: nothing is to be made.
    if not kind or heard.context.shot_count == 0 or _THERE_ALREADY.search(heard.text):
        return None
    which = take_or_carried(reading, heard) if kind != "gen.storyboard" else take_which(reading, heard)
    if which is not None and which.apart:
        return None
    if kind == "gen.image_variant":
        return _variants(heard, reading, which.words if which else "")
    if which is None:
        if kind == "gen.video" and not again:
            return None
        which_words = "all"
    else:
        which_words = which.words
    args = {"shots": which_words, **({"again": True} if again else {}), **({"priority": 80} if reading.take(_URGENT) else {})}
    return found(reading, "render shots", Asked(type=kind, args=args), about=which_words if which_words != "all" else "")


def _kind(reading: Reading) -> tuple[str, bool]:
    """Which kind of making is meant, and whether it is to be made again."""
    if reading.take_all(_VARIANTS):
        reading.take_all(_DRAW)
        return "gen.image_variant", True
    if reading.take(_BOARD):
        return "gen.storyboard", reading.take(_AGAIN) is not None
    again = bool(reading.take_all(_AGAIN))
    for kind, pattern in (("gen.voice", _VOICE), ("gen.video", _RENDER), ("gen.image", _DRAW)):
        if not pattern.search(reading.free):
            continue
        if kind == "gen.voice" and not (again or re.search(r"配|录|record|speak", reading.text, re.IGNORECASE)):
            continue
        reading.take_all(pattern)
        # "render the pictures again" asks for pictures; other words of making are only the verb.
        drawn = kind == "gen.video" and (again or re.search(r"画|图|picture|image", reading.free)) and reading.take_all(_DRAW)
        reading.take_all(_RENDER)
        return "gen.image" if drawn else kind, again or bool(
            re.search(r"重做|重拍|重画|redo|redraw|re-?render|re-?make|re-?record|retake|reshoot", reading.text, re.IGNORECASE)
        )
    if again and re.search(r"\b(?:redo|re-?render|again)\b|重新做|重做", reading.text, re.IGNORECASE):
        return "gen.video", True
    return "", False


def _variants(heard: Heard, reading: Reading, words_: str) -> Found:
    if not words_.isdigit() and words_ != "last":
        return found(
            reading,
            "more variants",
            question=heard.say("要哪一个镜头的备选？", "Variants of which one shot? For example 'more variants of shot 3'."),
        )
    return found(reading, "more variants", Asked(type="gen.image_variant", args={"shot": words_}), about=words_)


def everything_again(heard: Heard) -> Found | None:
    """The next take of the pictures of all shots: "render everything again". The film is joined of them when that is asked for."""
    if heard.context.shot_count == 0 or not _EVERYTHING_AGAIN.search(heard.text):
        return None
    reading = Reading(heard.text)
    reading.take(_EVERYTHING_AGAIN)
    next_step = heard.say(
        "新图选好后，说“把片子做出来”就会用它们合成影片。",
        "Once the new pictures are there, 'make the film' renders and joins it with them.",
    )
    return found(
        reading, "make everything again", Asked(type="gen.image", args={"shots": "all", "again": True}), message=next_step
    )


def make_all(heard: Heard) -> Found | None:
    """The whole film rendered and joined."""
    reading = Reading(heard.text)
    again = re.search(r"全部重新|所有.*重新|重新.*(?:全部|所有)", heard.text) is not None
    if again or not reading.take(_FILM):
        return None
    reading.take(_AGAIN)
    if heard.context.shot_count == 0:
        return found(reading, "make the film", question=what_about(heard))
    urgent = reading.take(_URGENT) is not None
    return found(reading, "make the film", Asked(type="gen.compose", args={"priority": 80} if urgent else {}))


def music(heard: Heard) -> Found | None:
    """New music, or music of another kind."""
    reading = Reading(heard.text)
    plain = reading.take(_MUSIC)
    if plain and not reading.left:
        return found(reading, "new music", Asked(type="gen.music"))
    reading = Reading(heard.text)
    match = reading.take(_MUSIC_AS)
    if match is None:
        return found(Reading(heard.text), "new music", Asked(type="gen.music")) if plain else None
    flavour = re.sub(
        r"^(?:成|更|再|一点|more )|(?:的|一点|一些|点|风格|吧|more\s)+$",
        "",
        (match["zk"] or match["zh"] or match["en"] or match["eu"]).strip(),
    )
    if not flavour:
        return None
    actions = [Asked(type="project.set_style", args={"music": flavour})]
    if heard.context.has_film:
        actions.append(Asked(type="gen.music"))
    return found(reading, "change the music", *actions)


def tasks(heard: Heard) -> Found | None:
    """Cancel, pause, resume, retry, and how many at once."""
    at_once = _at_once(heard)
    if at_once is not None:
        return at_once
    for kind, pattern in (("task.resume", _RESUME), ("task.retry", _RETRY), ("task.pause", _PAUSE), ("task.cancel", _CANCEL)):
        reading = Reading(heard.text)
        if not reading.take(pattern):
            continue
        which = take_which(reading, heard)
        shots = {"shots": which.words} if which and which.words != "all" and which.said else {}
        reading.take(_rx(r"渲染|任务|生成|\b(?:render(?:s|ing)?|tasks?|work|failed|work)\b"))
        return found(reading, kind.replace("task.", "") + " renders", Asked(type=kind, args=shots))
    return None


def _at_once(heard: Heard) -> Found | None:
    reading = Reading(heard.text)
    match = reading.take(_AT_ONCE)
    if match is None:
        return None
    count = numbers.parse_number(next(group for group in match.groups() if group))
    return (
        found(reading, "renders at once", Asked(type="task.set_concurrency", args={"concurrency": int(count)})) if count else None
    )
