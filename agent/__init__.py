"""LangGraph: a message and its context become proposed actions."""
