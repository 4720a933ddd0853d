"""A stand-in for Gemini that takes a second to think and always has an idea: `python -m bench.model`."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.standins.gemini import Gemini

THINKS_S = 1.0
IDEA: dict[str, Any] = {
    "understood": True,
    "intent": "make it colder",
    "actions": [{"type": "shot.update", "args": {"shots": "3", "picture": {"time": "night"}}, "reason": "it was asked for"}],
    "message": "It is colder now.",
}


class Thinker(Gemini):
    """Answers every message alike."""

    def __init__(self) -> None:
        super().__init__()
        self.delay_s = THINKS_S

    def _reply(self, body: dict[str, Any]) -> dict[str, Any] | None:
        self.asked.clear()
        return IDEA


async def main() -> None:
    async with Thinker().serving() as gemini:
        print(gemini.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
