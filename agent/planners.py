"""Who answers, in the order in which they are asked: rules first, then a model where there is a key."""

from __future__ import annotations

from collections.abc import Iterable

from agent.gemini import GeminiPlanner
from agent.rules import RulesPlanner
from agent.types import Planner
from storyreel.ledger.till import Till
from storyreel.providers import text
from storyreel.runtime.database import Database
from storyreel.runtime.settings import Settings
from storyreel.runtime.telemetry import log


def warm(planners: Iterable[Planner]) -> None:
    """Make the planners ready to answer at once. It may take seconds, and holds up whoever calls it."""
    for one in planners:
        if isinstance(one, GeminiPlanner):
            one.warm()


def planners_of(settings: Settings, database: Database | None = None) -> list[Planner]:
    """The planners that the settings allow. A model is opened when it is first asked, and its calls are paid in the database's ledger."""
    rules: list[Planner] = [RulesPlanner()]
    if not text.wanted(settings):
        return rules
    rate_of = text.rate_in(settings)
    if rate_of(text.PROVIDER, settings.gemini_model) is None:
        log().warning("text.price_unknown", model=settings.gemini_model, do="say it in STORYREEL_TEXT_PRICES")
    till = Till(database, rate_of) if database else None
    return [
        *rules,
        GeminiPlanner(lambda effort: text.chat_model(settings, effort=effort), till=till, model=settings.gemini_model),
    ]
