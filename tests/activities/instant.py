"""A kit whose providers answer at once, with bytes that depend on nothing but the request; everything else is real."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from activities.keeping import LedgerStore
from activities.work import StageKit
from storyreel.assets import FolderStore
from storyreel.model.digest import digest
from storyreel.model.sheet import Nudge
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.ports import ImageRequest, MusicRequest, Progress, Request, SfxRequest, VideoRequest, VoiceRequest
from storyreel.pipeline.stage import Made
from storyreel.pipeline.tools import Cell, Cut, Cutting, FilmFacts, FilmParts, Laid, Score, SegmentFacts, Shape, Shown, Spoken

Before = Callable[[StageOrder, Request], Awaitable[None]]


@dataclass
class Instant:
    """Opens kits, and remembers what was bought. `before` may wait, fail, or change the world first."""

    folder: Path
    bought: list[tuple[StageOrder, Request]] = field(default_factory=list)
    before: dict[str, Before] = field(default_factory=dict)
    called_off: list[bool] = field(default_factory=list)

    def __call__(self, order: StageOrder, *, progress: Progress, called_off: Callable[[], bool]) -> StageKit:
        store = LedgerStore(FolderStore(self.folder))
        scratch = self.folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        return StageKit(Bought(self, order, store, called_off), store, Tools(), scratch, progress, store.kept)

    @property
    def stages(self) -> list[str]:
        return [order.stage for order, _ in self.bought]


@dataclass
class Bought:
    instant: Instant
    order: StageOrder
    store: LedgerStore
    called_off: Callable[[], bool]

    async def image(self, request: ImageRequest, *, take: int = 0, provider: str = "") -> Made:
        return await self._make(request, take, "image/png")

    async def video(self, request: VideoRequest, *, take: int = 0, provider: str = "") -> Made:
        return await self._make(request, take, "video/mp4")

    async def voice(self, request: VoiceRequest, *, take: int = 0, provider: str = "") -> Made:
        return await self._make(request, take, "audio/wav")

    async def music(self, request: MusicRequest, *, take: int = 0, provider: str = "") -> Made:
        return await self._make(request, take, "audio/wav")

    async def sfx(self, request: SfxRequest, *, take: int = 0, provider: str = "") -> Made:
        return await self._make(request, take, "audio/wav")

    async def _make(self, request: Request, take: int, media_type: str) -> Made:
        self.instant.bought.append((self.order, request))
        if before := self.instant.before.get(self.order.stage):
            try:
                await before(self.order, request)
            except asyncio.CancelledError:
                self.instant.called_off.append(self.called_off())
                raise
        return Made(await self.store.keep(digest([request, take]).encode(), media_type))


class Tools:
    # What is found in every shot beside its length.
    measures: Mapping[str, float] = MappingProxyType({})

    def speaking_s(self, text: str, language: str, speed: float = 1.0) -> float:
        return 1.0

    async def split(self, sheet: Path, rows: int, cols: int, nudges: Sequence[Nudge] = ()) -> Cutting:
        data = sheet.read_bytes() + digest(list(nudges)).encode()
        return Cutting(tuple(Cell(data + bytes([index]), 8, 8, 1.0) for index in range(rows * cols)))

    async def score(self, picture: Path) -> Score:
        return Score(0.5)

    async def last_frame(self, clip: Path) -> bytes:
        return b"the end of " + clip.read_bytes()

    async def measure(self, shown: Shown) -> dict[str, float]:
        return dict(self.measures)

    async def glimpses(self, clip: Path, count: int) -> tuple[bytes, ...]:
        return (clip.read_bytes(),) * count

    async def duration_s(self, sound: Path) -> float:
        return 1.0

    async def voice_track(self, lines: Sequence[Laid], least_s: float) -> tuple[bytes, float]:
        return b"".join(line.path.read_bytes() for line in lines), least_s

    async def segment(
        self,
        clip: Path,
        out: Path,
        shape: Shape,
        frames: int,
        *,
        captions: Sequence[Spoken],
        cut: Cut | None = None,
        progress: Progress,
        held: bool = False,
    ) -> SegmentFacts:
        out.write_bytes(clip.read_bytes() + digest([list(captions), *(cut.edits if cut else ())]).encode())
        return SegmentFacts(frames, "same", copied=False)

    async def film(self, parts: FilmParts, out: Path, scratch: Path, progress: Progress) -> FilmFacts:
        out.write_bytes(b"".join(segment.read_bytes() for segment in parts.segments))
        return FilmFacts(parts.frames, parts.frames / parts.shape.fps, None, None, "")
