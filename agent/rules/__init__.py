"""Understanding a message by rules: a table of intents over what was heard, in Chinese and English, with no model."""

from agent.rules.planner import RulesPlanner

__all__ = ["RulesPlanner"]
