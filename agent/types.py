"""What passes through a turn: the message, the context that was built for it, the thought of a planner, the answer."""

from __future__ import annotations

from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Asked
from storyreel.commits import Bound, CommitFacts, ProposalFacts
from storyreel.model.base import Frozen
from storyreel.model.spec import Language

Mode = Literal["agent", "pro", "draft"]
RoleName = Literal["", "writer", "director", "editor", "sound", "reviewer", "producer"]
# An index longer than this is no index; the model looks up the rest.
INDEX_LINES = 40
AttachmentRole = Literal["reference", "first_frame", "sketch", "voice", "script"]


class Attachment(Frozen):
    """A file or a node that came with a message. A script's text is in `text`."""

    role: AttachmentRole = "reference"
    name: str = ""
    asset_id: str | None = None
    node_id: UUID | None = None
    text: str | None = None


class Focus(Frozen):
    """What the person is looking at. `shots` in the words of the actions ("3", "2-5")."""

    page: str = ""
    shots: str = ""
    node_id: UUID | None = None
    track_id: UUID | None = None
    # In a draft space: the board, and the drafts on it, in the words of the actions.
    board: str = ""
    drafts: str = ""


class Turn(Frozen):
    """One message of a person, and where it was said. `bound` is what it may touch, in a pro talk."""

    workspace_id: UUID
    conversation_id: UUID
    turn_id: UUID
    text: str
    attachments: tuple[Attachment, ...] = ()
    focus: Focus = Focus()
    mode: Mode = "agent"
    role: RoleName = ""
    work_item_id: UUID | None = None
    track_id: UUID | None = None
    node_id: UUID | None = None
    bound: Bound | None = None
    actor: str = "owner"
    episode_id: UUID | None = None
    source: str = "chat"


class PastTurn(Frozen):
    """An earlier turn of the same talk: what was said, what was done with which shots, and whether it was approved.

    `text` and `message` are empty where they were too long to be of use; `characters` is the length of what was said.
    """

    text: str
    characters: int = 0
    actions: tuple[Asked, ...] = ()
    shots: tuple[int, ...] = ()
    message: str = ""
    understood: bool = True
    proposal_id: UUID | None = None
    proposal_state: str = ""
    revision: int | None = None
    data: tuple[dict[str, Any], ...] = ()


class ShotLine(Frozen):
    """One shot in the index."""

    number: int
    scene: int
    duration_s: float
    subject: str
    status: str = "draft"
    rendered: bool = False
    size: str = "MS"
    has_lines: bool = False
    # As it is shown: its own words, else what it inherits.
    time: str = ""
    weather: str = ""
    place: str = ""
    people: tuple[str, ...] = ()


class Why(Frozen):
    """Why a part of the context is there."""

    part: str
    reason: str


class Part(Frozen):
    """One part of a context as a model is given it. `rank` says how long it is kept: the smaller, the longer; 0 always."""

    part: str
    rank: int
    why: str
    tokens: int
    text: str


class LeftOut(Frozen):
    """A part that there was no room for."""

    part: str
    why: str
    tokens: int


class Context(Frozen):
    """What a planner is given: built for each message, never remembered, and no larger for a larger project.

    A model reads `parts` and the message, and nothing else; the rules read the other fields.
    """

    workspace_id: UUID
    revision: int
    name: str
    language: Language = "en"
    profile: dict[str, Any] = {}
    fps: int = 24
    duration_s: float = 0.0
    shot_count: int = 0
    rendered_count: int = 0
    scenes: tuple[dict[str, Any], ...] = ()
    characters: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    # Shots the message is about in full, others a line each.
    shots: tuple[ShotLine, ...] = ()
    named: tuple[dict[str, Any], ...] = ()
    tasks: dict[str, int] = {}
    has_film: bool = False
    turns: tuple[PastTurn, ...] = ()
    open_proposal: UUID | None = None
    focus: Focus = Focus()
    mode: Mode = "agent"
    role: RoleName = ""
    rights: str = "owner"
    bound: Bound | None = None
    drafts: tuple[dict[str, Any], ...] = ()
    memory: tuple[dict[str, Any], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    text: str = ""
    # Whose turn it is, for the ledger.
    turn_id: UUID | None = None
    actor: str = ""
    why: tuple[Why, ...] = ()
    parts: tuple[Part, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    tokens: int = 0
    budget: int = 0


class Looked(Frozen):
    """What a look-up answered, or why it could not."""

    asked: Asked
    data: dict[str, Any] = {}
    error: str = ""


class Thought(Frozen):
    """What a planner makes of a message.

    One of: `actions` to do; `looks` to make first; a `question` to the person; a `decision` on the open proposal; or nothing, and then
    `understood` is False and `nearest` says the nearest thing that can be asked.
    """

    understood: bool = True
    intent: str = ""
    actions: tuple[Asked, ...] = ()
    propose: bool = False
    looks: tuple[Asked, ...] = ()
    question: str = ""
    decision: Literal["", "approve", "reject"] = ""
    nearest: str = ""
    message: str = Field(default="", description="The planner's own words before anything was done.")
    left: str = Field(default="", description="The words of the message that nothing was made of.")
    sure: float = Field(default=1.0, ge=0, le=1)


class PlannerFailed(Exception):
    """A planner could not answer: blocked, out of quota, or not to be reached. The message says so to a person."""

    def __init__(self, said: str, *, reason: str) -> None:
        super().__init__(said)
        self.said = said
        self.reason = reason


class Planner(Protocol):
    """Who turns a message in its context into a thought. `feedback` says what was wrong with the thought before."""

    name: str

    async def plan(self, context: Context, looked: tuple[Looked, ...] = (), feedback: str = "") -> Thought:
        """What the planner makes of the message.

        Raises:
            PlannerFailed: it could not answer.
        """
        ...


class ChatAnswer(Frozen):
    """The answer to a message: the documented shape of `storyreel chat --json` and of the `answer` event."""

    workspace: UUID
    conversation: UUID
    turn: UUID
    answered_by: str
    understood: bool
    language: Language = "en"
    actions: tuple[Asked, ...] = ()
    proposal: ProposalFacts | None = None
    commit: CommitFacts | None = None
    data: tuple[dict[str, Any], ...] = ()
    ui: tuple[dict[str, Any], ...] = ()
    message: str = ""
    next_steps: tuple[str, ...] = ()
    error: dict[str, Any] | None = None
    looked: tuple[str, ...] = ()
