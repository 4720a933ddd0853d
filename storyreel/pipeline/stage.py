"""What a stage is: a pure request from a view, and an async make from a request and a kit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.digest import digest
from storyreel.model.rows import NodeKind, Slot, TrackKind
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import (
    ImageRequest,
    MusicRequest,
    Price,
    Progress,
    Request,
    Reviewer,
    SfxRequest,
    VideoRequest,
    VoiceRequest,
    Word,
)
from storyreel.pipeline.tools import MediaTools

Q = TypeVar("Q", bound=Frozen)


@dataclass(frozen=True)
class Made:
    """One thing a provider made for this stage, from the store or from the ledger: the same in every run."""

    asset: AssetRef
    facts: dict[str, Any] = field(default_factory=dict)
    words: tuple[Word, ...] = ()


class Providers(Protocol):
    """The paid door: every call is in the ledger, and one that was made before is not made again. `provider` is the pinned one."""

    async def image(self, request: ImageRequest, *, take: int = 0, provider: str = "") -> Made:
        """A picture, or a sheet of pictures."""
        ...

    async def video(self, request: VideoRequest, *, take: int = 0, provider: str = "") -> Made:
        """A clip over a first frame."""
        ...

    async def voice(self, request: VoiceRequest, *, take: int = 0, provider: str = "") -> Made:
        """One line, spoken."""
        ...

    async def music(self, request: MusicRequest, *, take: int = 0, provider: str = "") -> Made:
        """A score."""
        ...

    async def sfx(self, request: SfxRequest, *, take: int = 0, provider: str = "") -> Made:
        """The sound of a place."""
        ...


class Store(Protocol):
    """Bytes by content."""

    async def read(self, asset: AssetRef) -> bytes:
        """The bytes of an asset."""
        ...

    async def path(self, asset: AssetRef) -> Path:
        """A file with the bytes of an asset, to be read only."""
        ...

    async def keep(self, data: bytes | Path, media_type: str, **facts: Any) -> AssetRef:
        """Keep bytes; what they are and what is known of them."""
        ...


@dataclass(frozen=True)
class Kit:
    """What `make` works with. `media` is the media room's tool box."""

    providers: Providers
    store: Store
    media: MediaTools
    scratch: Path
    progress: Progress
    # A model that gives its opinion of finished shots, where one is configured.
    reviewer: Reviewer | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class NewNode:
    """A node a stage made. `parent` is the index of another new node of the result, or None for the stage's input node."""

    kind: NodeKind
    track: TrackKind
    asset: AssetRef | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    parent: int | None = None
    cell: int | None = None


@dataclass(frozen=True)
class Result:
    """What a stage made. `select` fills `slot` with one of the new nodes, by index; `choose` with a node that was there.

    `candidate` is for requests that offer things and know no nodes: the index of the one that fills `slot`. The activity, which
    knows the nodes, turns it into `choose`. `again` is a stage whose work is not good enough, and should be made again.
    """

    nodes: tuple[NewNode, ...] = ()
    slot: Slot | None = None
    select: int | None = None
    choose: UUID | None = None
    note: str = ""
    candidate: int | None = None
    again: StageName | None = None


class Stage(Protocol[Q]):
    """One step of a render.

    `request` is pure, takes a ShotView (of a cut: an EpisodeView) and returns None where it asks for nothing. `version` counts changes
    of how it is made: another version is another key.
    """

    name: ClassVar[StageName]
    version: ClassVar[int]

    def request(self, view: Any) -> Q | None:
        """What is to be made, with everything that decides it; None where nothing is asked for."""
        ...

    async def make(self, request: Q, kit: Kit) -> Result:
        """Make it."""
        ...


def key_of(stage: StageName, version: int, request: Frozen, take: int) -> str:
    """The key of a request: what is made under it can stand for every equal request of the same owner."""
    return digest([stage, version, request, take])


def call_key(capability: str, provider: str, request: Request, take: int) -> str:
    """The key of one call of a provider; `provider` is the one that is pinned, or empty where routing may choose."""
    return digest([capability, provider, request, take])


__all__ = [
    "EpisodeView",
    "Generic",
    "Kit",
    "Made",
    "NewNode",
    "Price",
    "Providers",
    "Result",
    "ShotView",
    "Stage",
    "Store",
    "call_key",
    "key_of",
]
