"""Stages whose results are kept through the workers' door as they would be, without anything being drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from activities.asked import lineage, wish_of
from storyreel.assets import Store
from storyreel.commits import Door
from storyreel.commits.record import Recorded, RecordStage, record
from storyreel.graph.places import rank
from storyreel.graph.shots import episode_view, shot_view
from storyreel.ledger.assets import Kept
from storyreel.model.base import AssetRef
from storyreel.model.digest import digest_bytes
from storyreel.pipeline.stage import NewNode, Result

KINDS: dict[str, tuple[Any, Any, Any, str]] = {
    "spec": ("prompt_plan", "picture", None, ""),
    "video": ("video", "video", "video", "video/mp4"),
    "voice": ("voice", "voice", "voice", "audio/wav"),
    "compose": ("final", "video", "final", "video/mp4"),
    "music": ("music", "music", None, "audio/wav"),
    "film": ("film", "video", None, "video/mp4"),
    "check": ("note", "video", None, ""),
}


@dataclass
class Maker:
    """Makes what stages would make, one number's bytes after another; pictures are bytes of a caller's choice."""

    door: Door
    workspace: UUID
    episode: UUID
    store: Store | None = None
    task: UUID = field(default_factory=uuid4)
    made: int = 0

    @classmethod
    async def of(cls, door: Door, workspace: UUID, store: Store | None = None) -> Maker:
        async with door.database.connect() as conn:
            episode = await conn.scalar(text("select id from episode where workspace_id = :ws"), {"ws": workspace})
        return cls(door, workspace, episode, store)

    async def shot(self, number: int) -> UUID:
        async with self.door.database.connect() as conn:
            return (await rank(conn, self.workspace, self.episode))[number - 1].id

    async def make(
        self, shot: int | None, stage: str, *, take: int = 0, pictures: list[bytes] | None = None, **facts: Any
    ) -> Recorded:
        """Keep what a stage of a shot (None: of the film) would make today."""
        owner = self.episode if shot is None else await self.shot(shot)
        async with self.door.database.connect() as conn:
            view: Any = (
                await episode_view(conn, self.workspace, owner, {stage: take})
                if shot is None
                else await shot_view(conn, self.workspace, owner, {stage: take})
            )
        wish = wish_of(stage, view)  # type: ignore[arg-type]
        parent, inputs = lineage(stage, view)[:2]  # type: ignore[arg-type]
        result, kept = await self._result(stage, pictures, facts)
        done = RecordStage(
            workspace_id=self.workspace,
            request_id=uuid4(),
            task_id=self.task,
            kind="episode" if shot is None else "work_item",
            owner_id=owner,
            stage=stage,  # type: ignore[arg-type]
            key=wish.key,
            take=wish.take,
            request=wish.request.model_dump(mode="json") if wish.request else {},
            result=result,
            input_node_id=parent,
            slot_before=None if shot is None or result.slot is None else view.shot.selected(result.slot),
            inputs=inputs,
            takes={stage: take},
            kept=kept,
        )
        return await record(self.door, done)

    async def through(self, shot: int, **facts: Any) -> list[UUID]:
        """A shot through its stages, a sheet of four, the first picture chosen; the four pictures' ids."""
        await self.make(shot, "spec")
        cells = (await self.make(shot, "grid", **facts)).node_ids[1:]
        await self.choose(shot, cells[0])
        for stage in ("video", "voice", "compose"):
            if stage != "voice" or await self._speaks(shot):
                await self.make(shot, stage)
        return list(cells)

    async def choose(self, shot: int, node: UUID) -> None:
        """Select a picture, as a person does."""
        from storyreel.actions.base import Asked, Envelope
        from storyreel.commits import LOCAL_OWNER, perform

        asked = Asked(type="node.promote", args={"node": str(node)})
        await perform(self.door, self.workspace, Envelope(request_id=uuid4(), actions=(asked,)), LOCAL_OWNER)

    async def _speaks(self, shot: int) -> bool:
        async with self.door.database.connect() as conn:
            return bool((await shot_view(conn, self.workspace, await self.shot(shot))).shot.spec.lines)

    async def _result(self, stage: str, pictures: list[bytes] | None, facts: dict[str, Any]) -> tuple[Result, list[Kept]]:
        if stage == "grid":
            cells = pictures or [self._bytes() for _ in range(4)]
            kept = [await self._kept(data, "image/png") for data in [self._bytes(), *cells]]
            sheet = NewNode("grid", "picture", kept[0].asset, {"provider": "builtin", "model": "painter-1", "seed": 7, **facts})
            nodes = [
                NewNode("image", "picture", one.asset, {"score": 0.5 + place / 10}, parent=0, cell=place)
                for place, one in enumerate(kept[1:])
            ]
            return Result(nodes=(sheet, *nodes)), kept
        kind, track, slot, media_type = KINDS[stage]
        if not media_type:
            return Result(nodes=(NewNode(kind, track, facts=facts),)), []
        one = await self._kept(self._bytes(), media_type)
        film = stage == "film"
        made = NewNode(kind, track, one.asset, {"lines": [], **facts} if stage == "voice" else facts)
        return Result(nodes=(made,), slot=slot, select=0 if slot or film else None), [one]

    def _bytes(self) -> bytes:
        self.made += 1
        return f"bytes {self.made}".encode()

    async def _kept(self, data: bytes, media_type: str) -> Kept:
        if self.store is not None:
            await self.store.put(data, media_type)
        return Kept(AssetRef(id=digest_bytes(data), media_type=media_type), len(data))
