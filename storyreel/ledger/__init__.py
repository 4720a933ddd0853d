"""The tables that only move forward: tasks, provider jobs, made things, budgets, quotes, events."""
