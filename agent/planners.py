"""Who answers, in the order in which they are asked: rules first, then a model where there is a key."""

from __future__ import annotations

from agent.rules import RulesPlanner
from agent.types import Planner
from storyreel.runtime.settings import Settings


def planners_of(settings: Settings) -> list[Planner]:
    """The planners that the settings allow."""
    del settings
    return [RulesPlanner()]
