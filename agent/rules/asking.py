"""Questions: the shots, one shot, the people, the project, the progress; what can be said; and a greeting."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import numbers_of, take_or_carried
from storyreel.actions.base import Asked


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SHOW = _rx(
    r"有没有(?:台词|对白|音乐)?|有(?:台词|对白|音乐)吗|看看|看一下|看下|查看|显示|展示|给我看|打开|(?:描述|介绍)一下|(?:是|长)(?:什么|啥)(?:样子?|内容|样的)?|怎么样(?:的)?|(?:里)?(?:有|拍的是|画的是|演的是|讲的是)(?:什么|啥|谁)|什么内容|"
    r"\b(?:show(?: me)?|view|see|look at|open|describe|display|tell me about)\b|\bwhat(?:'s|’s| is| are| does| happens)?\b(?: (?:in|on|about|show|shows))?|\bwho(?:'s| is)? in\b|\bhow does\b.*\blook\b"
)
_WRONG = _rx(
    r"(?:的)?质(?:量|检)(?:检查)?(?:怎么样|如何|结果|有问题吗)?|(?:里)?有(?:没有)?(?:什么|啥|哪些)?(?:质量)?(?:问题|毛病|缺陷)(?:吗|没有)?|(?:哪里|什么地方)(?:不对|不好|有问题|出问题)|(?:出|是)了?什么问题|"
    r"\bwhat(?:'s|’s| is| was)? (?:wrong|the (?:problem|matter|fault))(?: with| in| about| of)?\b|\bis (?:there )?(?:anything|something) wrong (?:with|in)\b|\b(?:quality|fault|problem)s?(?: (?:check|control|report|notes?))?(?: of| in| with| on)?\b"
)
_WRONG_WHERE = _rx(
    r"(?:哪些|哪个|哪几个|有没有)(?:镜头|分镜)(?:有|出)(?:了)?(?:质量)?(?:问题|毛病)(?:吗)?|(?:哪些|哪几个)(?:镜头|分镜)(?:要|需要|该)(?:我)?(?:看|检查)(?:一下)?|(?:有)?(?:问题|要看)的?镜头有?(?:哪些|哪几个)?|"
    r"\bwhich shots (?:have (?:a )?(?:problems?|faults?)|are (?:broken|bad|faulty|not good)|(?:do i |should i |need me to )?(?:need to |have to )?look(?: at)?|went wrong|need (?:a look|looking at))\b|\bwhat(?:'s|’s| is) wrong with (?:the|my) (?:film|shots)\b"
)
_LIST = _rx(
    r"(?:列出|列一下|罗列|看看|显示|看一下|查看|给我看)(?:所有|全部|一下)?的?(?:镜头|分镜)(?:列表|表|清单)?|(?:镜头|分镜)(?:列表|清单|表)|有(?:哪些|什么)镜头|所有镜头(?:列表)?$|(?:片子|影片|视频|电影)(?:里面?|中)(?:都|现在|目前)?有(?:些)?(?:什么|啥|哪些)(?:内容)?|\b(?:list|show(?: me)?|view|see)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:the\s+)?(?:shots|shot list|storyboard)\b|\bshot list\b|\bwhat (?:are the )?shots\b(?:.*\bthere\b)?|\bwhich shots\b.*\bthere\b|\bwhat(?:'s|’s| is) in (?:the|this|my|our) (?:film|movie|video)\b"
)
_PEOPLE = _rx(
    r"(?:有)?(?:哪些|什么|几个|多少个?)(?:角色|人物)|(?:角色|人物)(?:列表|有谁|有哪些|都有谁|清单)|列出(?:所有)?(?:角色|人物)|(?:都)?有谁|\b(?:who are|list|show(?: me)?|what are)\s+(?:all\s+)?(?:the\s+)?characters\b|\bwhich characters\b|\bwho(?:'s| is) in (?:it|the film|this film|the story)\b|^(?:the )?characters\??$"
)
_SUMMARY = _rx(
    r"(?:这个|当前)?(?:项目|片子|影片|视频)?(?:现在|目前)?(?:是|的)?(?:什么|啥|怎么)?(?:情况|概况|概览|总览|总结|状况)(?:怎么样|如何)?|整体上下文|(?:总结|概括|介绍|描述)一?下(?:这个|这部|整部)?(?:项目|片子|影片|电影)?|(?:有|一共|总共)(?:有)?(?:多少|几)个?镜头|(?:片子|影片|视频|总)(?:现在|一共|有)*(?:多长|时长(?:多少)?|有多长)|多长时间的片子|"
    r"\b(?:summary|summari[sz]e|overview|recap)\b(?:\s+of\s+(?:the|this)\s+(?:project|film))?|\bwhere do(?: we|es it) stand\b|\bwhat(?:'s| is) (?:the )?(?:state|status) of the (?:project|film)\b|\bhow many shots\b(?: (?:are there|does it have|do (?:we|i) have))?|\bhow long is (?:the|this|my) (?:film|movie|video)\b|\b(?:tell me about|describe) (?:the|this|my) (?:project|film|movie)\b|\bwhat (?:do|have) (?:we|i) (?:have|got) so far\b"
)
_PROGRESS = _rx(
    r"(?:渲染|任务|片子|视频|影片)?(?:的)?进度(?:怎么样|如何|到哪|多少)?(?:了)?|(?:渲染|做|片子|视频|影片|弄)?(?:好|完|完成)了(?:吗|没有?|么)|(?:渲染|做|进行)?到(?:哪|什么程度)(?:里|一步)?了|还(?:要|需要)?(?:多久|多长时间)|什么时候(?:能)?(?:好|完成)|怎么样了|"
    r"\bhow (?:far|much longer|long (?:will|does|until|till|left|to go))\b.*|\bprogress\b|\bis it (?:done|ready|finished)(?: yet)?\b|\b(?:render(?:ing)?|task) status\b|\bstatus\b|\bwhat(?:'s| is) (?:being )?render(?:ing|ed)\b|\bare we (?:there|done) yet\b|\bhow(?:'s| is) (?:it|the render(?:ing)?) (?:going|coming along)\b|\bwhen will it be (?:done|ready|finished)\b"
)
_TASKS = _rx(
    r"(?:列出|看看|显示|查看)?(?:最近|所有|全部)的?任务(?:列表|记录)?|任务(?:列表|记录)|\b(?:list|show(?: me)?)\s+(?:the\s+|all\s+|my\s+)*(?:recent\s+|last\s+)?(?:tasks|jobs|renders)\b|\brecent (?:tasks|jobs|renders)\b"
)
_HELP = _rx(
    r"^(?:你|这个)?(?:能|会|可以)(?:帮我)?(?:做|干)(?:些)?(?:什么|啥)|^(?:帮助|怎么用|使用说明|有什么功能|help)[?？!！。.]*$|\bwhat can (?:you|i) (?:do|say|ask)\b|\bhow (?:does this|do i use)\b|^help\b"
)
_HELLO = _rx(
    r"^(?:你好|您好|嗨|哈喽|早上好|晚上好|在吗|hi|hello|hey|good (?:morning|evening|afternoon))(?:[\s,，!！。.~]|there|storyreel|啊|呀)*$"
)
_THANKS = _rx(
    r"^(?:谢谢你?|多谢|感谢|辛苦了|太好了|真棒|很好看|不错|thanks?(?: you)?(?: so much| a lot)?|thx|great (?:job|work)|well done|nice(?: one| work| job)?|i (?:like|love) it|looks? great)[\s!！。.~]*$"
)


def ask(heard: Heard) -> Found | None:
    """A question about what there is."""
    about_shot = _wrong(heard) or _of_shot(heard)
    if about_shot is not None and not about_shot.left:
        return about_shot
    for pattern, kind in (
        (_PEOPLE, "character.list"),
        (_LIST, "shot.list"),
        (_TASKS, "task.list"),
        (_SUMMARY, "project.get_context_summary"),
        (_PROGRESS, "task.status"),
    ):
        reading = Reading(heard.text)
        if reading.take(pattern):
            reading.take_all(
                _rx(r"[?？]|什么|哪些|一下|这部|这个|项目|片子|影片|视频|电影|\b(?:film|movie|project|render(?:s|ing)?|there)\b")
            )
            return found(reading, "ask", Asked(type=kind))
    return about_shot


def _wrong(heard: Heard) -> Found | None:
    """What quality control found: on one shot in full, on several or on all in a line each."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0:
        return None
    if reading.take(_WRONG_WHERE):
        return found(reading, "what is wrong", Asked(type="shot.list"))
    if not reading.take(_WRONG):
        return None
    which = take_or_carried(reading, heard)
    if which is None or which.apart:
        return None
    reading.take_all(_rx(r"[?？]|什么|哪里|请问|\b(?:with|in|of|the)\b"))
    known = numbers_of(heard, which.words)
    one = known is not None and len(known) == 1
    asked = Asked(type="shot.view", args={"shot": which.words}) if one else Asked(type="shot.list", args={"shots": which.words})
    return found(reading, "what is wrong", asked, about=which.words)


def _of_shot(heard: Heard) -> Found | None:
    """One shot shown in full; several as lines."""
    reading = Reading(heard.text)
    if not reading.take(_SHOW) or heard.context.shot_count == 0:
        return None
    which = take_or_carried(reading, heard)
    if which is None or which.words == "all" or which.apart:
        return None
    reading.take_all(_rx(r"[?？]|什么|内容|详情|细节|\b(?:details?|full|happens?)\b"))
    known = numbers_of(heard, which.words)
    one = known is not None and len(known) == 1
    asked = Asked(type="shot.view", args={"shot": which.words}) if one else Asked(type="shot.list", args={"shots": which.words})
    return found(reading, "look at shots", asked, about=which.words)


def chat(heard: Heard) -> Found | None:
    """A greeting, thanks, or a question for what can be said."""
    if _HELLO.match(heard.text) or _HELP.search(heard.text):
        return Found(intent="help", message=_help(heard))
    if _THANKS.match(heard.text) and heard.context.open_proposal is None:
        return Found(
            intent="thanks",
            message=heard.say("不客气。还想改什么，直接说就行。", "You are welcome. Say what you would like to change next."),
        )
    return None


def _help(heard: Heard) -> str:
    if heard.context.shot_count == 0:
        return heard.say(
            "说一句话，我来做成片子。比如：“做一个30秒的短片，讲一只流浪猫在雨夜找到家，水彩风格，8个镜头”，也可以把剧本贴过来。做之前我会先给你看镜头、价格和时间。",
            "Say what the film is about, for example 'make a 30 second film about a stray cat that finds its way home on a rainy night, watercolour, "
            "8 shots', or paste a script. You see the shots, the price and the time before anything is made.",
        )
    return heard.say(
        "可以改镜头（“第2到第3个镜头改成夜景，快一点”）、插入、拆分、合并、移动、删除，改角色、风格、配乐，渲染、暂停、重试，问进度，撤销或回到某个版本。",
        "You can change shots ('make shots 2-3 a night, a bit faster'), insert, split, merge, move or delete them, change characters, style and music, "
        "render, pause and retry, ask how far it is, undo, or go back to a version.",
    )
