"""Who answers, in the order in which they are asked: rules first, then a model where there is a key."""

from __future__ import annotations

from agent.gemini import GeminiPlanner
from agent.rules import RulesPlanner
from agent.types import Planner
from storyreel.providers import text
from storyreel.runtime.settings import Settings


def planners_of(settings: Settings) -> list[Planner]:
    """The planners that the settings allow. A model is opened when it is first asked."""
    rules: list[Planner] = [RulesPlanner()]
    return [*rules, GeminiPlanner(lambda effort: text.chat_model(settings, effort=effort))] if text.wanted(settings) else rules
