"""The Temporal client: ring the bell, start, cancel, query, sweep."""

from storyreel.desk.connect import SEARCH_ATTRIBUTES, connect, ensure_search_attributes
from storyreel.desk.plugin import plugin
from storyreel.desk.relay import Relay
from storyreel.desk.runs import board, cancel_run, choose, counts, ring, signal_desk, start_run

__all__ = [
    "SEARCH_ATTRIBUTES",
    "Relay",
    "board",
    "cancel_run",
    "choose",
    "connect",
    "counts",
    "ensure_search_attributes",
    "plugin",
    "ring",
    "signal_desk",
    "start_run",
]
