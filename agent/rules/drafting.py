"""What is asked in a draft space: grids, variations, tags, templates, boards, sending and packing. It knows no story."""

from __future__ import annotations

import re
from typing import Any

from agent.rules import paying, rendering, versions
from agent.rules.draft_words import (
    AXES_OF,
    DRAFT_WORDS,
    SMALL,
    count_of,
    rx,
    size_of,
    take_board,
    take_drafts,
    take_fields,
    take_references,
)
from agent.rules.heard import TAKEN, Found, Heard, Intent, Reading, found
from storyreel.actions.base import Asked
from storyreel.script import words as vocabulary

_ADD = rx(
    rf"^(?:请)?(?:再)?(?:新建|新增|添加|加|来|建)\s*(?:{SMALL}\s*)?(?:个|张|条)?(?:新的?)?草稿[:：，,]?\s*(?P<zh>.*)$|"
    r"^(?:please\s+)?(?:add|make|create|start)\s+(?:(?:a|an|another|one|some)\s+)?(?:new\s+)?drafts?\b(?!\s+(?:\d|tagged|with the tag))(?:\s+(?:of|with|showing)\b)?[:,]?\s*(?P<en>.*)$"
)
_FROM_FILES = rx(
    r"(?:把|用)?(?:这|那)?(?:些|几张|张|三张|两张)?(?:附件|图片?|上传的图)|\b(?:from\s+)?(?:these|this|the attached|my)\s+(?:pictures?|images?|files?)\b"
)
_GRID = rx(
    r"(?:九|四|六|十六|二十五)?宫格|\d\s*[x×*]\s*\d|网格图?|\bgrids?\b|\bsheets?\b|\bcandidates?\b|\bvariants?\b|\bvariations?\b|几张备选|备选|变体"
)
_MAKING = rx(
    r"(?:给|帮|为)?(?:我)?(?:再)?(?:出|画|做|来|生成|要)(?:上)?(?:几|一)?(?:张|组|个|份|套)?|探索(?:一下)?|各(?=[出画]|\x1f)|\b(?:draw|make|give me|generate|create|do|explore|try|show me|show)\b"
)
_VARY = {
    "styles": rx(r"风格|画风|\bstyles?\b"),
    "compositions": rx(r"构图|\bcompositions?\b|\bframings?\b"),
    "lights": rx(r"光线|光照|光影|打光|\blights?\b|\blightings?\b"),
}
_VARIETY = rx(
    rf"(?:出|画|做|来|试|要|生成)?\s*(?P<zh>{SMALL})\s*种(?:不同的?)?|\b(?P<en>{SMALL})\s+(?:different\s+)?(?=styles?|compositions?|framings?|lights?|lightings?)|不同的?|各种|\bdifferent\b|\bseveral\b"
)
_SAME = rx(r"同一?(?:张|个)?(?:图|画面|草稿)?|的(?:同一张图)?|\bof (?:the same|one) (?:picture|image|draft)\b|\bof\b|\bin\b")
_TAGGING = rx(
    r"(?:自动)?(?:打(?:上)?|加(?:上)?|贴(?:上)?)(?:个|一下)?标签|自动(?:打标|标注|归类)|\b(?:auto-?\s?)?tag\b|\btag(?:ging)?\s+them\b|\blabel\b"
)
_AUTO = rx(r"自动|\bauto(?:matically)?-?")
_FILING = rx(
    r"(?:并|然后|再)?按(?:照)?(?P<zh>角色|人物|场景|风格|用途)(?:来)?(?:归类|分类|整理|分组|归档|分到看板)(?:到看板)?|(?:and\s+)?(?:file|sort|group|organi[sz]e)\s+(?:them\s+|it\s+|all\s+|the drafts\s+)?(?:on boards\s+)?by\s+(?P<en>characters?|people|scenes?|places?|styles?|uses?)\b"
)
_TAG_VALUE = rx(
    r"(?P<axis>角色|人物|场景|风格|用途|character|scene|style|use)\s*[:：]\s*(?P<value>[^，,。;；\s“”\"]+(?:\s+(?!as\b|to\b|on\b|tag\b)[A-Za-z]+)?)(?:的?标签)?"
)
_UNTAG = rx(r"去掉|删掉|移除|取消|拿掉|\b(?:remove|drop|take off|untag)\b")
_TAG_WORD = rx(r"标签|打上|加上|加|打|\btags?\b|\bwith\b|\badd\b|\bfrom\b|\bas\b|\bto\b")
_TEMPLATE = rx(
    r"(?:用|填|使用|套用|填充|按)?(?:提示词)?模板\s*[“\"「《]?(?P<zh>[^”\"」》，,:：\s]+?)(?:[”\"」》]|(?=[，,:：\s]|[出画来]|生成|填|$))|\b(?:fill(?: in)?|use|apply)\s+(?:the\s+)?(?:prompt\s+)?template\s+[\"“']?(?P<en>[\w -]+?)[\"”']?(?=\s*(?:$|[,:]|\bwith\b|\bfor\b|\bin\b|\bfrom\b))"
)
_VALUE = rx(
    r"(?:^|[，,;；:：]|\bwith\b|\band\b)\s*(?P<name>[\w\u4e00-\u9fff]{1,20}?)\s*(?:=|＝|是|为|[:：]|\bis\b|\bset to\b)\s*[“\"]?(?P<value>[^，,;；”\"]+?)[”\"]?(?=\s*(?:$|[，,;；]|\band\s+\w+\s*(?:=|is|:)))"
)
_SEND = rx(
    r"(?:发送?|送|放|用|搬|拿)(?:到|进|给|去|入)\s*(?:项目)?\s*[《“\"「]?(?P<zh>[^》”\"」，,的]+?)[》”\"」]?\s*(?:这个项目|项目)?(?:[，,的里中]|去)*\s*(?=$|[，,]|第|做|作|当|给)|"
    r"\b(?:send|move|put|take|use|bring)\b(?P<what>.*?)\b(?:in)?to\s+(?:the\s+)?(?:project\s+)?[\"“']?(?P<en>[A-Za-z\u4e00-\u9fff][^\"”',]*?)[\"”']?(?:\s+project)?(?=\s*(?:$|,|\bas\b|\bshot\b|\bfor\b))"
)
_TO_SHOT = rx(
    rf"(?:做|作|当|给)?(?:为|成)?\s*第\s*(?P<zh>\d+|{SMALL})\s*个?(?:镜头|分镜)(?:的)?|\b(?:of|for|as|in|,)?\s*(?:the\s+)?shot\s+(?P<en>\d+)(?:['’]s)?"
)
_AS_REFERENCE = rx(
    r"(?:做|作|当|作为|当作)?(?:成|为)?(?P<zh>风格|角色|人物|场景)?参考图?|\b(?:as\s+)?(?:an?\s+|its\s+|the\s+)?(?P<en>style|character|scene)?\s*reference(?:\s+(?:for|of))?\b"
)
_AS_PICTURE = rx(
    r"(?:做|作|当|作为|当作)?(?:成|为)?(?:它)?的?(?:画面|主图|图)|\b(?:as\s+)?(?:its|the|a)\s+picture(?:\s+(?:of|for))?\b"
)
_PACK = rx(r"打包(?:下载|导出)?|导出|下载|\b(?:export|package|download|zip(?: up)?)\b")
_WHAT = {
    "favourites": rx(r"收藏(?:的|夹)?(?:图片?|草稿)?|喜欢的|\bfavou?rites?\b(?:\s+(?:pictures?|images?|drafts?))?"),
    "pinned": rx(r"钉住的?|置顶的?|\bpinned\b(?:\s+(?:pictures?|ones|candidates?))?"),
    "selected": rx(r"选定的?|选中的?|\bselected\b(?:\s+(?:pictures?|ones))?"),
    "all": rx(r"(?:所有|全部)(?:的)?(?:图片?|结果|东西)?|\b(?:all|every)(?: the)? (?:pictures?|images?|nodes?)\b|\beverything\b"),
}
_RULE = rx(
    r"(?:按|命名(?:规则)?|文件名|规则)[^{]{0,8}(?P<zh>\S*\{[^，。]*\}\S*?)(?:的?(?:命名|规则))?(?=$|[，。])|\b(?:named|naming|as|by)\b(?:\s+(?:by|as|rule))?\s*[\"“']?(?P<en>\S*\{\S*)[\"”']?"
)
_ZIP = rx(r"zip|压缩包|成一个|的图片?|\ba\b|\bas a zip\b|\bzip\b")
_BOARD_NEW = rx(
    r"(?:新建|建|加|创建|开)(?:一?个)?(?:新的?)?(?P<kz>角色|人物|场景|风格)?看板[,，:：]?\s*(?:叫做?|名为)?\s*[“\"「]?(?P<zh>[^”\"」，。]*)[”\"」]?|(?:新建|建|加|创建|开)(?:一?个)?(?:叫做?|名为)[“\"「]?(?P<zn>[^”\"」，。]+?)[”\"」]?的(?P<kn>角色|人物|场景|风格)?看板|"
    r"\b(?:add|make|create|start)\s+(?:an?\s+)?(?:new\s+)?(?P<ke>characters?|people|scenes?|places?|styles?)?\s*board\b(?:\s+(?:called|named|for))?[:,]?\s*[\"“']?(?P<en>[^\"”'.]*)[\"”']?"
)
_BOARD_GONE = rx(
    r"(?:删掉|删除|去掉|移除)(?:这个)?看板\s*[“\"「]?(?P<zh>[^”\"」，。]+)[”\"」]?|(?:删掉|删除|去掉)[“\"「](?P<zb>[^”\"」]+)[”\"」](?:这个)?看板|\b(?:delete|remove|drop)\s+(?:the\s+)?board\s+[\"“']?(?P<en>[^\"”'.]+)[\"”']?|\b(?:delete|remove)\s+the\s+[\"“']?(?P<eb>[\w -]+?)[\"”']?\s+board\b"
)
_BOARD_NAME = rx(
    r"(?:把)?看板\s*[“\"「]?(?P<old>[^”\"」]+?)[”\"」]?\s*(?:改名|重命名|改叫)(?:为|成|叫)?\s*[“\"「]?(?P<new>[^”\"」。]+)[”\"」]?|\brename\s+(?:the\s+)?board\s+[\"“']?(?P<olde>[^\"”']+?)[\"”']?\s+(?:to|as)\s+[\"“']?(?P<newe>[^\"”'.]+)[\"”']?"
)
_MOVE = rx(r"(?:移|挪|搬|放|归)(?:动)?(?:到|去|进|入)|\b(?:move|put|file)\b")
_GONE = rx(r"删掉|删除|去掉|移除|不要(?:了)?|\b(?:delete|remove|drop|throw away)\b")
_STATUS = rx(
    r"(?:现在)?(?:是)?什么(?:情况|样子)|(?:有(?:什么|哪些|几个))(?:草稿|看板)?|列出(?:所有)?(?:草稿|看板)|概况|总结一下|\b(?:summary|summari[sz]e|what(?:'s| is) (?:here|there|this)|list (?:the |all )?(?:drafts|boards)|show (?:me )?(?:the |all )?(?:drafts|boards)|what (?:drafts|boards)(?: are there| do (?:i|we) have)?)\b"
)
_HOW_FAR = rx(
    r"(?:现在)?(?:的)?进度(?:怎么样|如何)?(?:了)?|好了(?:吗|没)|还要多久|\b(?:how far|progress|how long|is it done|done yet|status)\b"
)
_HELLO = rx(r"^\W*(?:你好|您好|嗨|哈喽|早上好|晚上好|谢谢你?|hi|hello|hey|thanks|thank you)\W*$")
_ROLE_OF = {"风格": "style", "角色": "character", "人物": "character", "场景": "scene"}
_KIND_OF = {
    "角色": "characters",
    "人物": "characters",
    "场景": "scenes",
    "风格": "styles",
    "character": "characters",
    "scene": "scenes",
    "style": "styles",
    "people": "characters",
    "place": "scenes",
}


def send(heard: Heard) -> Found | None:
    """A draft's picture into a project."""
    reading = Reading(heard.text)
    match = _SEND.search(heard.text)
    if match is None or not re.search(r"草稿|镜头|项目|参考|\bdrafts?\b|\bproject\b|\bshot\b|《", heard.text):
        return None
    target = (match["zh"] or match["en"] or "").strip(" 《》“”\"'")
    reading.strike(match.start("zh" if match["zh"] else "en"), match.end("zh" if match["zh"] else "en"))
    reading.take(
        rx(
            r"(?:发送?|送|放|用|搬|拿)(?:到|进|给|去|入)\s*(?:项目)?|\b(?:send|move|put|take|use|bring)\b|\b(?:in)?to\s+(?:the\s+)?(?:project)?|\bproject\b"
        )
    )
    if not target or "看板" in target or re.search(r"\bboard$", target, re.IGNORECASE):
        return None
    args: dict[str, Any] = {"to": target}
    if shot := reading.take(_TO_SHOT):
        args["shot"] = str(count_of(shot["zh"] or shot["en"]))
    if as_ := reading.take(_AS_REFERENCE):
        said = as_["zh"] or as_["en"] or ""
        args |= {"use": "reference", **({"role": _ROLE_OF.get(said, said)} if said else {})}
    else:
        reading.take(_AS_PICTURE)
    reading.take_all(rx(r"项目|里|\binto\b|\bproject\b|\bto\b"))
    which = take_drafts(reading, heard)
    node = heard.context.focus.node_id
    if not which and node is None:
        return found(reading, "send a draft", question=heard.say("要发哪个草稿？", "Which draft should be sent?"))
    if not args.get("shot"):
        return found(
            reading, "send a draft", question=heard.say("发给哪个镜头？", "Which shot of that project should receive it?")
        )
    args |= {"drafts": which} if which else {"nodes": [str(node)]}
    return found(reading, "send a draft", Asked(type="draft.send", args={**args, **take_board(reading, heard)}))


def package(heard: Heard) -> Found | None:
    """A zip of what is marked."""
    reading = Reading(heard.text)
    if not reading.take(_PACK):
        return None
    args: dict[str, Any] = {}
    if rule := reading.take(_RULE):
        args["rule"] = (rule["zh"] or rule["en"]).strip("“”\"'")
    for what, pattern in _WHAT.items():
        if reading.take(pattern):
            args["what"] = what
            break
    if which := take_drafts(reading, heard, carried=False):
        args["drafts"] = which
        args.setdefault("what", "all")
    args |= take_board(reading, heard) if args.get("drafts") else {}
    reading.take_all(_ZIP)
    return found(reading, "package", Asked(type="export.package", args=args))


def fill(heard: Heard) -> Found | None:
    """A template filled."""
    reading = Reading(heard.text)
    match = reading.take(_TEMPLATE)
    if match is None:
        return None
    args: dict[str, Any] = {"template": (match["zh"] or match["en"]).strip()}
    values = {one["name"]: one["value"].strip() for one in reading.take_all(_VALUE)}
    args |= {"values": values} if values else {}
    if references := take_references(reading, heard):
        args["references"] = references
    grid = reading.take(_GRID)
    which = take_drafts(reading, heard, carried=False)
    args |= {"drafts": which} if which else {}
    args |= take_board(reading, heard)
    reading.take_all(rx(r"填(?:充|写|到|进)?|写(?:到|进)|里|\bfor\b|\binto\b|\bin\b|\bwith\b"))
    if grid is None:
        return found(reading, "fill a template", Asked(type="draft.fill", args=args))
    reading.take_all(_MAKING)
    return found(reading, "draw from a template", Asked(type="draft.explore", args={**args, **size_of(heard.text)}))


def vary(heard: Heard) -> Found | None:
    """Three styles, compositions or lights of one picture."""
    reading = Reading(heard.text)
    kind = next((name for name, pattern in _VARY.items() if pattern.search(reading.free)), "")
    many = reading.take(_VARIETY) if kind else None
    if not kind or many is None:
        return None
    reading.take_all(_VARY[kind])
    args: dict[str, Any] = {"vary": kind}
    if number := count_of(many.groupdict().get("zh") or many.groupdict().get("en")):
        args["count"] = number
    if kind == "styles":
        among = tuple(dict.fromkeys(hit.value for hit in vocabulary.STYLES.hits(reading.free)))
        for hit in vocabulary.STYLES.hits(reading.free):
            reading.strike(hit.start, hit.end)
        args |= {"among": list(among)} if among else {}
    reading.take_all(_MAKING)
    which = take_drafts(reading, heard)
    reading.take_all(_SAME)
    args |= take_board(reading, heard)
    if heard.context.focus.node_id and not which:
        args["node"] = str(heard.context.focus.node_id)
    elif not which:
        return found(
            reading, "variations", question=heard.say("要哪个草稿的？", "Of which draft? For example 'three styles of draft 2'.")
        )
    return found(
        reading, "variations", Asked(type="draft.explore", args={**({"drafts": which} if which else {}), **args}), about=which
    )


def grids(heard: Heard) -> Found | None:
    """Grids from references, of a draft, or of words."""
    reading = Reading(heard.text)
    args = size_of(heard.text)
    grid = _GRID.search(heard.text)
    if grid is None:
        return None
    references = take_references(reading, heard)
    if many := reading.take(
        rx(
            rf"(?P<zh>{SMALL})\s*(?:组|张|套|个|份)(?=[^，。]{{0,6}}(?:宫格|网格))|\b(?P<en>{SMALL})\s+(?=(?:\d\s*[x×]\s*\d\s+)?(?:grids|sheets))"
        )
    ):
        args["count"] = count_of(many["zh"] or many["en"])
    reading.take_all(_GRID)
    reading.take_all(_MAKING)
    which = take_drafts(reading, heard, carried=not references)
    words = re.search(
        r"[:：]\s*(?P<a>.+)$|\bof\s+(?P<b>(?!draft)[a-z].+)$|(?:画|关于)\s*(?P<c>[^，。]{2,})$", reading.free, re.IGNORECASE
    )
    args |= {"references": references} if references else {}
    args |= {"drafts": which} if which else {}
    if words and not which:
        named = next(name for name in "abc" if words[name])
        args["words"] = words[named].strip(" 。.")
        reading.strike(*words.span())
    args |= take_board(reading, heard)
    if not (which or references or args.get("words") or heard.context.focus.node_id):
        return found(
            reading, "grids", question=heard.say("要用哪些参考图，还是哪个草稿？", "From which references, or of which draft?")
        )
    if not which and not references and not args.get("words"):
        args["node"] = str(heard.context.focus.node_id)
    return found(reading, "grids", Asked(type="draft.explore", args=args), about=which)


def tags(heard: Heard) -> Found | None:
    """Tags by hand, or by what the drafts show; and filing on boards."""
    reading = Reading(heard.text)
    filing = reading.take(_FILING)
    values = reading.take_all(_TAG_VALUE)
    if values:
        return _by_hand(
            heard, reading, [f"{AXES_OF.get(one['axis'].lower(), one['axis'].lower())}:{one['value'].strip()}" for one in values]
        )
    if not reading.take(_TAGGING) and filing is None:
        return None
    reading.take_all(_AUTO)
    which = take_drafts(reading, heard, carried=False) or "all"
    args: dict[str, Any] = {"drafts": which, **take_board(reading, heard)}
    if filing is not None:
        args["file_by"] = AXES_OF[(filing["zh"] or filing["en"]).lower().removesuffix("s")]
    reading.take_all(_TAG_WORD)
    return found(reading, "tag drafts", Asked(type="draft.tag", args=args))


def _by_hand(heard: Heard, reading: Reading, said: list[str]) -> Found:
    away = reading.take(_UNTAG) is not None
    reading.take_all(_TAGGING)
    which = take_drafts(reading, heard)
    board = take_board(reading, heard)
    reading.take_all(_TAG_WORD)
    if not which:
        return found(reading, "tag drafts", question=heard.say("给哪个草稿？", "Which draft should have it?"))
    args = {"drafts": which, "tags_remove" if away else "tags_add": said, **board}
    return found(reading, "tag drafts", Asked(type="draft.update", args=args), about=which)


def board(heard: Heard) -> Found | None:
    """Boards made, renamed, removed."""
    reading = Reading(heard.text)
    if match := reading.take(_BOARD_NAME):
        args = {"board": (match["old"] or match["olde"]).strip(), "title": (match["new"] or match["newe"]).strip()}
        return found(reading, "rename a board", Asked(type="board.update", args=args))
    if match := reading.take(_BOARD_GONE):
        name = next(value for value in match.groups() if value).strip()
        return found(reading, "remove a board", Asked(type="board.update", args={"board": name, "removed": True}))
    match = reading.take(_BOARD_NEW)
    if match is None:
        return None
    title = (match["zh"] or match["zn"] or match["en"] or "").strip(" ”\"'")
    kind = _KIND_OF.get((match["kz"] or match["kn"] or match["ke"] or "").lower().removesuffix("s"))
    if not title:
        return found(reading, "make a board", question=heard.say("看板叫什么？", "What should the board be called?"))
    return found(reading, "make a board", Asked(type="board.update", args={"title": title, **({"kind": kind} if kind else {})}))


def add(heard: Heard) -> Found | None:
    """A draft from words, or drafts from the pictures that came with the message."""
    reading = Reading(heard.text)
    files = [one.asset_id for one in heard.context.attachments if one.asset_id]
    match = _ADD.search(heard.text)
    if match is None:
        return None
    inner = Reading(match["zh"] or match["en"] or "")
    reading.strike(*match.span())
    board_ = take_board(inner, heard)
    said = inner.free.replace(TAKEN, "").strip(" 。.，,:：")
    if files and (not said or _FROM_FILES.search(said)):
        return found(reading, "add drafts", Asked(type="draft.add", args={"drafts": [{"asset": one} for one in files], **board_}))
    if not said:
        return found(reading, "add a draft", question=heard.say("草稿画什么？", "What should the draft show?"))
    return found(reading, "add a draft", Asked(type="draft.add", args={"words": said, **board_}), about="last")


def change(heard: Heard) -> Found | None:
    """Drafts moved, removed, or changed in words, size, angle, style and light."""
    reading = Reading(heard.text)
    which = take_drafts(reading, heard)
    if not which:
        return None
    if reading.take(_GONE):
        args = {"drafts": which, "removed": True, **take_board(reading, heard)}
        return found(reading, "remove drafts", Asked(type="draft.update", args=args))
    if reading.take(_MOVE):
        to = take_board(reading, heard, focus=False)
        if to:
            focus = {"board": heard.context.focus.board} if heard.context.focus.board else {}
            return found(
                reading,
                "move drafts",
                Asked(type="draft.update", args={"drafts": which, "to_board": to["board"], **focus}),
                about=which,
            )
    fields = take_fields(reading)
    if not fields:
        return None
    return found(
        reading,
        "change drafts",
        Asked(type="draft.update", args={"drafts": which, **fields, **take_board(reading, heard)}),
        about=which,
    )


def look(heard: Heard) -> Found | None:
    """What there is, and how far the work is."""
    reading = Reading(heard.text)
    if reading.take(_HOW_FAR):
        return found(reading, "progress", Asked(type="task.status"))
    if reading.take(_STATUS):
        reading.take_all(DRAFT_WORDS)
        return found(reading, "what there is", Asked(type="project.get_context_summary"))
    return None


def hello(heard: Heard) -> Found | None:
    """A greeting."""
    if not _HELLO.match(heard.text):
        return None
    words = heard.say(
        "你好。可以加草稿、出宫格、打标签、套模板、打包。",
        "Hello. I can add drafts, draw grids, tag, fill templates and package.",
    )
    return Found(intent="greet", message=words)


INTENTS: tuple[Intent, ...] = (
    hello, send, package, fill, vary, grids, board, add, tags, change, versions.undo, versions.save, rendering.tasks, *paying.INTENTS, look,
)  # fmt: skip
