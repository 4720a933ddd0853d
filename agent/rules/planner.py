"""The planner that needs no model: it tries its intents on the message, and takes the one that has a use for most of its words."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from agent.rules import (
    adding,
    asking,
    bible,
    bringing,
    choosing,
    cutting,
    delivering,
    drafting,
    editing,
    exploring,
    finishing,
    following,
    holding,
    kinds,
    materials,
    mixing,
    paying,
    people,
    places,
    project,
    remembering,
    rendering,
    reports,
    rerunning,
    reviewing,
    scheduling,
    showing,
    standing,
    tracks,
    versions,
)
from agent.rules.deciding import decide
from agent.rules.heard import Found, Heard, Intent, meaningful, plain, weight
from agent.rules.making import make_film
from agent.rules.which import carried_by
from agent.types import Context, Looked, Thought
from storyreel.actions.base import Asked
from storyreel.actions.catalogue import means

# What a message or a part of it may ask for. Of two that account for as many of its words, the first one stands.
INTENTS: tuple[Intent, ...] = (
    asking.chat,
    remembering.keep,
    showing.show,
    *paying.INTENTS,
    *reports.INTENTS,
    *scheduling.INTENTS,
    *reviewing.INTENTS,
    *bible.INTENTS,
    *mixing.INTENTS,
    *materials.INTENTS,
    bringing.bring,
    *tracks.INTENTS,
    *exploring.INTENTS,
    *standing.INTENTS,
    *delivering.INTENTS,
    *finishing.INTENTS,
    following.onward,
    following.not_that,
    kinds.of_kind,
    rerunning.rerun,
    rendering.tasks,
    *places.INTENTS,
    versions.go_back,
    versions.undo,
    versions.save,
    choosing.choose,
    people.create,
    people.remove,
    people.lock,
    holding.hold,
    cutting.add_scene,
    cutting.insert,
    cutting.split,
    cutting.merge,
    cutting.move,
    cutting.delete,
    rendering.music,
    rendering.everything_again,
    rendering.make_all,
    project.configure,
    rendering.render,
    people.change,
    adding.add_thing,
    editing.edit,
    following.also,
    asking.ask,
    versions.diff,
)
# Below this more of the message was missed than understood.
UNDERSTOOD = 0.4
# From here nothing better is looked for.
SETTLED = 0.9
LONGEST = 600
# What is understood in a millisecond or two, for which a thread would cost as much.
BRIEF = 60
MOST_PARTS = 8
# A commit is known by the words that asked for it.
INTENT = 80
_STRONG = re.compile(
    r"\s*(?:[，,。；;]?\s*(?:然后|接着|之后再|随后|并且|最后再|再(?=把|将|给|让|渲染|重新|删|存|插|加|合|移|切))|[；;]|[。.!！]\s+|[。！]|\n+|[,.]?\s*\b(?:and )?(?:then|after that|afterwards|finally)\b,?)\s*",
    re.IGNORECASE,
)
# "Do not make it a night" asks for nothing to be done, and must never be taken for its contrary.
_FORBIDS = re.compile(
    r"^(?:请|先)?(?:不要|别|不用|先别|不能|不许)(?:再)?(?:把|将|给|改|动|删|碰)|^(?:please\s+)?(?:don['’]t|do not|never)\s+(?:make|change|set|delete|move|touch|remove|edit|redo|put|turn)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[，,]\s*(?:and\s+|并且?|同时)?", re.IGNORECASE)
_WEAK = re.compile(r"\s*(?:[，,]\s*(?:and\s+|并|同时)?|\band\b|同时|并(?=把|将))\s*", re.IGNORECASE)


class RulesPlanner:
    """Understands what the table of intents knows, in Chinese and English, and says plainly what it did not understand."""

    name = "rules"

    async def plan(self, context: Context, looked: tuple[Looked, ...] = (), feedback: str = "") -> Thought:
        """What the message asks for. It costs milliseconds, and more only for a long script."""
        del feedback
        if len(context.text) <= BRIEF:
            return think(context, looked)
        return await asyncio.to_thread(think, context, looked)


def think(context: Context, looked: tuple[Looked, ...] = ()) -> Thought:
    """A thought on the message, from nothing but its context."""
    heard = Heard(context=context, text=plain(context.text), looked=looked)
    heard = replace(heard, carried=carried_by(heard))
    return thought_of(heard, understand(heard))


def understand(heard: Heard) -> Found | None:
    """An answer to what was asked, a film, one wish, or several wishes in order."""
    decided = decide(heard) or remembering.keep(heard) or showing.show(heard)
    if decided is not None:
        return decided
    one = best(heard) if 0 < len(heard.text) <= LONGEST else None
    settled = one is not None and one.sure >= SETTLED
    # Where there is a film already, a wish about it comes before a wish for another.
    told = heard.context.mode != "draft"
    film = make_film(heard) if told and not (settled and heard.context.shot_count) else None
    if film is not None or settled or len(heard.text) > LONGEST:
        return film or one
    several = max(
        (tried for between in (_STRONG, _COMMA, _WEAK) if (tried := in_parts(heard, between))), key=sureness, default=None
    )
    named = following.only_shots(heard, best)
    return max((found for found in (one, named, several) if found is not None), key=sureness, default=None)


def best(heard: Heard) -> Found | None:
    """The intent that has a use for most of the words; of equals the one that stands first."""
    if _FORBIDS.match(heard.text):
        return None
    intents = drafting.INTENTS if heard.context.mode == "draft" else INTENTS
    found = [one for intent in intents if (one := intent(heard)) is not None]
    return max(found, key=sureness, default=None)


def sureness(one: Found) -> float:
    """How sure a find is; of equals the first is kept."""
    return one.sure


def in_parts(heard: Heard, between: re.Pattern[str]) -> Found | None:
    """Several wishes joined by "then" or a comma, each understood alone; a later one may mean the shots of the one before."""
    parts = [part for part in between.split(heard.text) if part and part.strip()]
    if not 1 < len(parts) <= MOST_PARTS:
        return None
    found: list[Found] = []
    carried = heard.carried
    for part in parts:
        inner = heard.part(part.strip(), carried)
        one = deeper(inner) if between is _STRONG else best(inner)
        if one is None or one.decision or one.question or one.sure < UNDERSTOOD:
            return None
        carried = one.about or carried
        found.append(one)
    return joined(found, sum(weight(meaningful(part)) for part in parts))


def deeper(heard: Heard) -> Found | None:
    """One wish, or, where words of it are left, several between commas."""
    one = best(heard)
    if one is not None and one.sure >= SETTLED:
        return one
    return max(
        (found for found in (one, in_parts(heard, _COMMA), in_parts(heard, _WEAK)) if found is not None),
        key=sureness,
        default=None,
    )


def _renders(action: Asked) -> bool:
    return means(action, "gen.compose") or means(action, "gen.video")


def joined(found: list[Found], total: float) -> Found:
    """Several finds as one, in order; one render of all that changed stands at the end."""
    actions = [action for one in found for action in one.actions]
    renders = [action for action in actions if action.type == "gen.compose"]
    if renders:
        actions = [action for action in actions if not _renders(action) or action.args.get("again")] + renders[:1]
    return Found(
        intent="; ".join(dict.fromkeys(one.intent for one in found)),
        actions=tuple(actions),
        looks=next((one.looks for one in found if one.looks), ()),
        message="\n".join(one.message for one in found if one.message),
        left=" ".join(one.left for one in found if one.left),
        total=total,
        about=found[-1].about,
        most=min(one.most for one in found),
        propose=any(one.propose for one in found),
    )


def thought_of(heard: Heard, one: Found | None) -> Thought:
    """What was found, as the agent takes it."""
    if one is None or one.sure < UNDERSTOOD:
        return Thought(understood=False, nearest=nearest(heard), sure=0.0)
    return Thought(
        intent=one.intent if one.propose else heard.context.text.strip()[:INTENT],
        actions=one.actions if not one.looks else (),
        propose=one.propose,
        looks=one.looks,
        question=one.question,
        decision=one.decision,
        message=one.message,
        left=one.left,
        sure=one.sure,
    )


def nearest(heard: Heard) -> str:
    """A sentence that would be understood, close to what can be meant now."""
    if heard.context.mode == "draft":
        return heard.say("加一个草稿：雨夜的码头", "add a draft: a pier on a rainy night")
    if heard.context.shot_count == 0:
        return heard.say("做一个30秒的短片，讲灯塔看守人", "make a 30 second film about a lighthouse keeper")
    return heard.say("把第2到第3个镜头改成夜景，节奏快一点", "make shots 2-3 a night, a bit faster")
