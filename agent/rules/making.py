"""Making a film: of a script that is attached or pasted, or of a brief of a sentence or two."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from agent.film import film_actions
from agent.rules.formats import settings_of
from agent.rules.heard import Found, Heard, meaningful, weight
from agent.types import INDEX_LINES, Attachment
from storyreel.model.errors import BadInput
from storyreel.model.rows import Profile
from storyreel.model.spec import Language
from storyreel.script import numbers, words
from storyreel.script.board import board
from storyreel.script.doc import Board
from storyreel.script.outline import outline
from storyreel.script.parse import detect, parse

# A film of a brief that says nothing of its length.
BRIEF_S = 30.0
SHORTEST_PASTED = 120
# Less than this is no story: two words, or four characters.
LEAST_STORY = 4
TOLD_BY_RULES = 0.75
FILM_ZH = r"短片|片子|影片|视频|电影|动画片?|广告片?|宣传片|短剧|微电影|预告片|故事片|科普片?|解说|MV|小片|故事"
FILM_EN = r"films?|movies?|videos?|shorts?|clips?|ads?|adverts?|advertisements?|commercials?|animations?|trailers?|explainers?|animatics?|stor(?:y|ies)|drama|promo"
_MAKE_ZH = re.compile(
    rf"(?:做|拍|制作|生成|创作|来|出|弄|剪|搞|写|讲|想要|要|产出)(?:一)?(?:个|部|条|支|段|则)?[^，。\n]{{0,24}}?(?:{FILM_ZH})",
    re.IGNORECASE,
)
_ABOUT_ZH = re.compile(
    rf"(?:{FILM_ZH})[^\n]{{0,16}}(?:讲述?|关于|说的是|内容是|主题是|[:：])|(?:讲述?|关于)[^\n]{{1,60}}(?:{FILM_ZH})",
    re.IGNORECASE,
)
_MAKE_EN = re.compile(
    rf"\b(?:make|create|produce|shoot|film|generate|do|build|write|give|want|need|like|direct|animate)\b[^.\n]{{0,60}}?\b(?:{FILM_EN})\b",
    re.IGNORECASE,
)
_ABOUT_EN = re.compile(
    rf"\b(?:{FILM_EN})\b[^.\n]{{0,30}}\b(?:about|of|on|where|in which|that tells|telling|for|following|called)\b|\bstory (?:of|about)\b",
    re.IGNORECASE,
)
_BOARD_ZH = re.compile(rf"(?:做成|拆成|分成|生成|拆解?为|变成)[^，。\n]{{0,12}}(?:镜头|分镜|{FILM_ZH})")
_NOUN = re.compile(rf"(?:{FILM_ZH})|\b(?:{FILM_EN})\b", re.IGNORECASE)
_THE_FILM = re.compile(
    r"\b(?:the (?:whole |entire |finished |final )?(?:film|movie|video)|it all)\b(?!.{0,20}\b(?:about|of|where)\b)|整[个部]?(?:片子|影片|视频|电影)|这[个部](?:片子|影片|视频|电影)|把片子|把影片|把视频|把电影|把整片",
    re.IGNORECASE,
)
# Clauses that set how a film is made and not what it is about.
_SETTING = re.compile(
    r"^\s*(?:风格|画风|节奏|时长|长度|总长|语言|配乐|音乐|画幅|主角|角色|人物)|风格\s*$|一致|同一张脸|保持|字幕|^\s*(?:in|with) (?:a |an )?[\w\s-]{0,30}style\s*$|^\s*(?:style|pace|music|tone)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"{FILM_ZH}|项目|剧本|分镜|镜头|\b(?:{FILM_EN}|project|film|about|short)\b|\d+\s*(?:秒钟?|分钟|s\b|sec\w*|min\w*|个|shots?)|[零一二两三四五六七八九十百半]+\s*(?:秒钟?|分钟|个镜头|个)|"
    r"帮我|做|拍|制作|生成|一个|一部|一条|一支|成|\b(?:make|create|produce|shoot|second|seconds|minute|minutes|long|style|of)\b",
    re.IGNORECASE,
)
_OF_SCRIPT = re.compile(
    r"剧本|脚本|文案|下面|以下|这段|这个故事|\b(?:script|screenplay|below|following|this text|this story)\b", re.IGNORECASE
)
_REPLACE = re.compile(
    r"(?:把|将)?(?:整个|这个|这部|现在的)?(?:片子|影片|视频|短片|电影|项目|它)?(?:全部|整个|都)?(?:替换成|替换为|换成|换为|改成|改拍成?|改做)(?=[^，。]{0,40}(?:短片|片子|影片|视频|电影|动画|故事|广告))|推倒重来|重新开始|从头来过?|"
    r"\breplace\s+(?:the|this|my)\s+(?:whole\s+|entire\s+|current\s+)?(?:film|movie|video|story|project)\s+(?:with|by)\s+|\bstart over(?: again)?(?:\s+with)?\b|\b(?:turn|change) (?:the|this) (?:film|movie|video) into\s+(?=an?\s+(?:[\w-]+\s+){0,4}(?:film|movie|video|short|story)\b)",
    re.IGNORECASE,
)
_EPISODE = re.compile(
    r"(?:再|新)?(?:加|做|拍|来|添|写)(?:上|个)?(?:新的?|下)?(?:一|第[二三四五六七八九十\d]+)集(?:[，,：:]?\s*(?:是)?(?=讲|关于|说))?|新(?:的)?一集|下一集(?=[，,：:]?\s*(?:讲|关于|说|是))|"
    r"\b(?:add|make|create|do|write|start)\s+(?:me\s+)?(?:an?(?:other)?|a new|the next|a second|a third)\s+(?:new\s+)?episode\b(?:\s+(?=about|where|in which|of))?",
    re.IGNORECASE,
)
_MUSIC: dict[str, re.Pattern[str]] = {
    "chinese": re.compile(r"(?:国风|中国风|民乐|古风|古筝|笛子)(?:的)?(?:音乐|配乐)|chinese (?:music|score)", re.IGNORECASE),
    "electronic": re.compile(r"电子(?:音乐|乐|配乐)|electronic (?:music|score)|synth", re.IGNORECASE),
    "piano": re.compile(r"钢琴(?:曲|音乐|配乐)?|piano (?:music|score)", re.IGNORECASE),
}


def make_film(heard: Heard) -> Found | None:
    """A film of a script or a brief, as the actions of one envelope."""
    script = next((a for a in heard.context.attachments if a.role == "script" and a.text), None)
    pasted = None if script else pasted_script(heard.context.text)
    if script is None and pasted is None and not is_brief(heard):
        return None
    if _film_there(heard) and not _instead(heard):
        return _ask_instead(heard)
    if not script and not pasted and weight(story_of(_about(heard))) < LEAST_STORY:
        return Found(intent="make a film", question=what_about(heard))
    try:
        return _of_script(heard, script, pasted) if script or pasted else _of_brief(heard)
    except BadInput as wrong:
        return Found(
            intent="make a film", question=heard.say(f"这样做不了：{wrong.detail}", f"That cannot be made: {wrong.detail}")
        )


def is_brief(heard: Heard) -> bool:
    """Whether a message asks for a film in its own words. Where there is no film yet, its length or its kind is enough."""
    text = heard.text
    if heard.context.shot_count and _instead(heard):
        return weight(story_of(_about(heard))) > 0
    if _THE_FILM.search(text):
        return False
    if _MAKE_ZH.search(text) or _ABOUT_ZH.search(text) or _ABOUT_EN.search(text) or _MAKE_EN.search(text):
        return weight(story_of(text)) > 0 or heard.context.shot_count == 0
    if heard.context.shot_count:
        return False
    asked = _NOUN.search(text) or numbers.find_duration_s(text) or numbers.find_count(text)
    return bool(asked) and (weight(story_of(text)) >= LEAST_STORY or bool(re.search("做成|拆成|分成|生成", text)))


def story_of(text: str) -> str:
    """What is left of a brief without its length, style, format and the wish for a film: what it is about."""
    clauses = [part for part in re.split(r"[，,。.;；!！\n]", text) if not _SETTING.search(part)]
    bare = " ".join(_BARE.sub(" ", part) for part in clauses)
    return meaningful(bare)


def pasted_script(text: str) -> tuple[str, str] | None:
    """A message that holds a script: what is asked of it, and the script."""
    body = text.strip()
    first, _, rest = body.partition("\n")
    ask = (
        first
        if rest.strip()
        and (_OF_SCRIPT.search(first) or _MAKE_ZH.search(first) or _MAKE_EN.search(first))
        and len(first) < SHORTEST_PASTED
        else ""
    )
    script = rest.strip() if ask else body
    if "\n" not in script.strip():
        return None
    if detect(script) != "prose" or len(script) >= SHORTEST_PASTED:
        return ask, script
    return None


def length_of(text: str) -> tuple[float | None, int | None]:
    """The length in seconds and the number of shots that a message asks for."""
    count, each = numbers.find_count(text), numbers.find_each_s(text)
    total = numbers.find_duration_s(text)
    return (total if total is not None else each * count if each and count else None), count


def _of_script(heard: Heard, attached: Attachment | None, pasted: tuple[str, str] | None) -> Found:
    ask, source = pasted or (heard.text, (attached.text if attached else "") or "")
    kind = detect(source)
    total_s, shots = length_of(ask)
    made = board(parse(source, kind), total_s=total_s, fps=heard.context.fps, shots=shots)
    if not made.title and attached:
        made = made.model_copy(update={"title": re.sub(r"\.\w{1,8}$", "", attached.name).strip()})
    return _film(heard, made, source=source, kind=kind, ask=ask)


def _of_brief(heard: Heard) -> Found:
    total_s, shots = length_of(heard.text)
    told = outline(
        _about(heard), total_s=total_s or (None if shots else BRIEF_S), shots=shots, language=words.find_language(heard.text)
    )
    made = _film(
        heard,
        told.board(heard.context.fps),
        source=told.text,
        kind="fountain",
        ask=heard.text,
        brief=heard.text,
        style=told.style,
    )
    # A model that can be asked tells the story better; the wish itself is certain.
    return replace(made, most=TOLD_BY_RULES)


def _film(heard: Heard, made: Board, *, source: str, kind: str, ask: str, brief: str = "", style: str = "") -> Found:
    actions = film_actions(
        made,
        source=source,
        script_format=kind,
        profile=Profile.model_validate(heard.context.profile),
        style=style or words.find_style(ask) or "",
        mood=words.find_mood(ask),
        music=next((name for name, pattern in _MUSIC.items() if pattern.search(ask)), ""),
        brief=brief,
        settings=settings_of(ask),
        replaces=len(heard.context.scenes) if _instead(heard) == "replace" else 0,
        episode=_instead(heard) == "episode",
        known=heard.context.characters,
    )
    return Found(intent=_intent(made.title, heard.language), actions=actions, propose=True, message=" ".join(made.notes))


def _intent(title: str, language: Language) -> str:
    if language == "zh":
        return f"做一个片子《{title}》" if title else "做一个片子"
    return f"make the film {title!r}" if title else "make a film"


def what_about(heard: Heard) -> str:
    """The question for a film that nothing is known of."""
    return heard.say(
        "片子要讲什么？说一下主角和发生的事，比如“一只流浪猫在雨夜找到家，30秒”，或者把剧本贴过来。",
        "What is it about? Say who it is about and what happens, for example 'a stray cat finds its way home on a rainy night, 30 seconds', "
        "or paste a script.",
    )


def _film_there(heard: Heard) -> bool:
    return heard.context.shot_count > 0


def _instead(heard: Heard) -> Literal["", "replace", "episode"]:
    """Whether a new film is said to stand in the place of the one there is, or beside it as an episode."""
    if not _film_there(heard):
        return ""
    if _EPISODE.search(heard.text):
        return "episode"
    # More scenes than the context lists cannot be told to go one by one.
    return "replace" if _REPLACE.search(heard.text) and len(heard.context.scenes) < INDEX_LINES else ""


def _about(heard: Heard) -> str:
    """A brief without the words that say where the film goes."""
    if not _instead(heard):
        return heard.text
    bare = _EPISODE.sub(" ", heard.text) if _instead(heard) == "episode" else _REPLACE.sub(" ", heard.text)
    return re.sub(r"^[\s，,:：。;]+", "", bare)


def _ask_instead(heard: Heard) -> Found:
    """Ask before a second film is put beside the first one."""
    count = heard.context.shot_count
    question = heard.say(
        f"这个项目里已经有一部片子（{count} 个镜头）。要用新片替换它，还是作为新的一集？可以说“换成一个关于…的短片”或“再加一集，讲…”。",
        f"This project already holds a film of {count} shots. Should the new one replace it, or be another episode? "
        "Say 'replace the film with ...' or 'add an episode about ...'.",
    )
    return Found(intent="make a film", question=question)
