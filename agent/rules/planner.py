"""The planner that needs no model: it tries its intents on the message, and takes the one that has a use for most of its words."""

from __future__ import annotations

import asyncio

from agent.rules.deciding import decide
from agent.rules.heard import Found, Heard, Intent, plain
from agent.rules.making import make_film
from agent.types import Context, Looked, Thought

INTENTS: tuple[Intent, ...] = (decide, make_film)
# Below this more of the message was missed than understood.
UNDERSTOOD = 0.4


class RulesPlanner:
    """Understands what the table of intents knows, in Chinese and English, and says plainly what it did not understand."""

    name = "rules"

    async def plan(self, context: Context, looked: tuple[Looked, ...] = (), feedback: str = "") -> Thought:
        """What the message asks for. It costs milliseconds, and more only for a long script."""
        del feedback
        return await asyncio.to_thread(think, context, looked)


def think(context: Context, looked: tuple[Looked, ...] = ()) -> Thought:
    """A thought on the message, from nothing but its context."""
    heard = Heard(context=context, text=plain(context.text), looked=looked)
    return thought_of(heard, best(heard))


def best(heard: Heard) -> Found | None:
    """The intent that has a use for most of the words; of equals the one that stands first."""
    found = [one for intent in INTENTS if (one := intent(heard)) is not None]
    return max(found, key=lambda one: one.sure, default=None)


def thought_of(heard: Heard, one: Found | None) -> Thought:
    """What was found, as the agent takes it."""
    if one is None or one.sure < UNDERSTOOD:
        return Thought(understood=False, nearest=nearest(heard), sure=0.0)
    return Thought(
        intent=one.intent,
        actions=one.actions,
        propose=one.propose,
        looks=one.looks,
        question=one.question,
        decision=one.decision,
        message=one.message,
        sure=one.sure,
    )


def nearest(heard: Heard) -> str:
    """A sentence that would be understood, close to what can be meant now."""
    if heard.context.shot_count == 0:
        return heard.say("做一个30秒的短片，讲灯塔看守人", "make a 30 second film about a lighthouse keeper")
    return heard.say("把第2到第3个镜头改成夜景，节奏快一点", "make shots 2-3 a night, a bit faster")
