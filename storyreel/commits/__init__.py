"""The one door into the graph: perform, propose, approve, undo, roll back, record."""

from storyreel.commits.approval import AlreadyDecided, approve, open_proposals, reject
from storyreel.commits.bell import CHANNEL, SCREEN, Bell
from storyreel.commits.bound import Bound
from storyreel.commits.door import Door
from storyreel.commits.outcome import (
    LOCAL_OWNER,
    Actor,
    CommitFacts,
    EnvelopeRefused,
    Outcome,
    ProposalFacts,
    QuoteFacts,
    Verdict,
)
from storyreel.commits.perform import perform
from storyreel.commits.proposals import Talk
from storyreel.commits.reading import ask_then
from storyreel.commits.record import OwnerKind, Recorded, RecordStage, record

__all__ = [
    "CHANNEL",
    "LOCAL_OWNER",
    "SCREEN",
    "Actor",
    "AlreadyDecided",
    "Bell",
    "Bound",
    "CommitFacts",
    "Door",
    "EnvelopeRefused",
    "Outcome",
    "OwnerKind",
    "ProposalFacts",
    "QuoteFacts",
    "RecordStage",
    "Recorded",
    "Talk",
    "Verdict",
    "approve",
    "ask_then",
    "open_proposals",
    "perform",
    "record",
    "reject",
]
