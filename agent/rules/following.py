"""Going on from what was said: "also shot 5", "the third one", "not that one", "continue"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.rules.editing import again
from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import take_which
from agent.types import PastTurn
from storyreel.actions.base import Asked
from storyreel.actions.catalogue import means

_ALSO = re.compile(
    r"还有|以及|也(?:一样|这样|这么|同样)?(?:改|做|处理|要|是)?(?:一下)?|同样(?:处理|改|的|地)?|一样(?:处理|改)?|照(?:着)?(?:这样|样)|\b(?:also|too|as well|likewise|same(?: thing)?(?: again)?(?: for| with| to| goes for| in)?|do (?:the same|that|it)(?: again)?(?: for| with| to| in)?|and)\b",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(
    r"^(?:不是|不对|错了?|搞错了?|弄错了?)[，,]?\s*(?:这个|那个|它|这几个|那几个|这一个|那一个|这些|那些)?(?:镜头)?[。!！]?$|^(?:no,?\s*)?(?:not (?:that|this|those)(?: (?:one|ones|shot|shots))?|wrong (?:one|ones|shot|shots)|that(?:'s| is) (?:the )?wrong(?: (?:one|shot))?|i (?:did not|didn't) mean (?:that|this)(?: one| shot)?)[.!]?$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"^(?:不是|不对|错了)[^，,]*[，,]\s*(?:是|我说的是|应该是|要改的是)?(?P<zh>.+)$|^(?:no,?\s*)?(?:not (?:that|this|shot \d+)(?: one)?|wrong one)[,;]?\s*(?:but |i meant? |i mean )?(?P<en>.+)$|^(?:no,?\s*)?i meant?\s+(?P<em>.+?)(?:\s+instead)?$",
    re.IGNORECASE,
)
_ONWARD = re.compile(
    r"^(?:请)?(?:继续(?:吧|做|下去|往下|执行)?|接着(?:来|做)?|下一步(?:呢|做什么|是什么)?|往下|然后呢|接下来(?:呢|做什么)?|continue|go on|carry on|next(?: step)?|keep going|what(?:'s| is)? next|what now)[\s。.!！?？~]*$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:no,?\s*)?(?:the\s+|number\s+|第)?((?:\d{1,4}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth))(?:个|号)?[.!。]?$",
    re.IGNORECASE,
)
# What taking back or asking is not repeated by "also" or by another shot's name.
_NOT_REPEATED = ("version.", "task.", "shot.delete", "shot.merge", "shot.bulk_add", "shot.reorder", "project.", "episode.")

Best = Callable[[Heard], Found | None]


def also(heard: Heard) -> Found | None:
    """The same again for other shots."""
    reading = Reading(heard.text)
    if not heard.context.turns or not reading.take(_ALSO):
        return None
    which = take_which(reading, replace(heard, carried=""))
    last = _last_with_shots(heard)
    if which is None or last is None or reading.left or which.apart:
        return None
    return _repeated(heard, reading, last, which.words)


def only_shots(heard: Heard, best: Best) -> Found | None:
    """A message that only names shots: the answer to "which ones?", or the ones that were meant instead."""
    bare = _BARE.match(heard.text)
    reading = Reading(f"the {bare[1]} shot" if bare and bare[1][-1].isalpha() else f"shot {bare[1]}" if bare else heard.text)
    which = take_which(reading, replace(heard, carried=""))
    if which is None or reading.left or which.apart or not heard.context.turns:
        return None
    last = heard.context.turns[-1]
    if _asked_which(last):
        inner = replace(
            heard,
            context=heard.context.model_copy(update={"turns": heard.context.turns[:-1]}),
            text=last.text,
            carried=which.words,
        )
        one = best(inner)
        return replace(one, about=which.words) if one is not None and not one.question else None
    if _took_back(last) and (earlier := _last_with_shots(heard)) is not None:
        return _repeated(heard, reading, earlier, which.words)
    return None


def not_that(heard: Heard) -> Found | None:
    """What was just proposed or done was the wrong one: drop it or take it back, and ask which."""
    instead = _INSTEAD.match(heard.text)
    words = next((group for group in instead.groups() if group), "") if instead else ""
    which = take_which(Reading(words), replace(heard, carried="")) if words else None
    last = _last_with_shots(heard)
    if which is not None and last is not None and _done_last(heard) and not Reading(words).left.strip("0123456789 "):
        repeated = _repeated(heard, Reading(heard.text), last, which.words)
        if repeated is not None and heard.context.open_proposal is None:
            return replace(repeated, actions=(Asked(type="version.undo"), *repeated.actions), left="")
    if not _NOT_THAT.match(heard.text):
        return None
    question = heard.say("那是哪一个？说镜头的号码就行。", "Which one then? Just say its number.")
    if heard.context.open_proposal is not None:
        return Found(intent="not that one", decision="reject", question=question)
    if _done_last(heard):
        return Found(intent="not that one", actions=(Asked(type="version.undo"),), question=question)
    return Found(intent="not that one", question=question)


def onward(heard: Heard) -> Found | None:
    """The next step that is not finished."""
    if not _ONWARD.match(heard.text):
        return None
    context = heard.context
    if context.open_proposal is not None or context.shot_count == 0:
        return Found(intent="continue", question=_first_things(heard))
    kind = _next_action(heard)
    if kind:
        return Found(intent="continue", actions=(Asked(type=kind),))
    done = heard.say(
        "都做好了，没有没完成的步骤。可以继续改镜头，或者存一个版本。",
        "Everything is made; no step is left. Change a shot, or save a version.",
    )
    return Found(intent="continue", message=done)


def _first_things(heard: Heard) -> str:
    if heard.context.open_proposal is not None:
        return heard.say("还有一个提议等你决定：同意，还是不要？", "A proposal still waits for your answer: yes or no?")
    return heard.say(
        "片子要讲什么？比如“做一个30秒的短片，讲灯塔看守人”。",
        "What is the film about? For example 'make a 30 second film about a lighthouse keeper'.",
    )


def _next_action(heard: Heard) -> str:
    """What is held goes on, what failed is tried again, what runs is told, what is not made is made; empty when all is done."""
    held = heard.context.tasks
    for states, kind in (
        (("paused",), "task.resume"),
        (("failed", "manual_review"), "task.retry"),
        (("pending", "running", "retry_pending"), "task.status"),
    ):
        if any(held.get(state) for state in states):
            return kind
    return "gen.compose" if heard.context.rendered_count < heard.context.shot_count or not heard.context.has_film else ""


def _last_with_shots(heard: Heard) -> PastTurn | None:
    for turn in reversed(heard.context.turns):
        if any(_repeatable(action) for action in turn.actions):
            return turn
    return None


def _repeatable(action: Asked) -> bool:
    return bool(action.args.get("shots") or action.args.get("shot")) and not action.type.startswith(_NOT_REPEATED)


def _repeated(heard: Heard, reading: Reading, turn: PastTurn, words: str) -> Found | None:
    """The actions of a turn with other shots; renders are asked for anew, since the others may not have been rendered."""
    actions: list[Asked] = []
    changes = any(action.type == "shot.update" for action in turn.actions)
    for action in turn.actions:
        if not _repeatable(action) or (changes and means(action, "gen.video")):
            continue
        key = "shots" if "shots" in action.args else "shot"
        if key == "shot" and not isinstance(action.args[key], str):
            continue
        actions.append(action.model_copy(update={"args": {**action.args, key: words}}))
    if not actions:
        return None
    return found(reading, "the same again", *actions, *(again(heard, words) if changes else ()), about=words)


def _asked_which(turn: PastTurn) -> bool:
    return not turn.actions and turn.understood and turn.proposal_id is None and bool(re.search(r"哪|[Ww]hich", turn.message))


def _took_back(turn: PastTurn) -> bool:
    return any(action.type == "version.undo" for action in turn.actions) or bool(re.search(r"哪一个|Which one", turn.message))


def _done_last(heard: Heard) -> bool:
    last = heard.context.turns[-1] if heard.context.turns else None
    return last is not None and last.revision is not None and not _took_back(last)
