"""A stand-in for Gemini that takes a second to think and always has an idea: `python -m bench.model`."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

from tests.standins.gemini import Gemini

THINKS_S = 1.0


def idea(number: int) -> dict[str, Any]:
    """Another one each time: what is so already is no answer."""
    args = {"shots": "3", "notes": f"the hour before a goodbye, thought {number}"}
    act = {"type": "shot.update", "args": args, "reason": "it was asked for"}
    return {"understood": True, "intent": "another feeling", "actions": [act], "message": "It feels like a goodbye now."}


class Thinker(Gemini):
    """Answers every message alike."""

    def __init__(self) -> None:
        super().__init__()
        self.delay_s = THINKS_S
        self._ideas = count()

    def _reply(self, body: dict[str, Any]) -> dict[str, Any] | None:
        self.asked.clear()
        return idea(next(self._ideas))


async def main() -> None:
    async with Thinker().serving() as gemini:
        print(gemini.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
