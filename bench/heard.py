"""Whole films of a scene in Chinese and in English, made by the product from a script and heard by Whisper.

Everything is real: the stack, the built-in providers, the mix with its music and ambience. What is counted as said are the lines of
the film's graph, in their order.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.scene import home
from bench.table import Row, show
from bench.voices import MOST_PERCENT, error_rate, hear
from storyreel.cli.client import open_api
from storyreel.cli.film import make_film
from storyreel.embedded.supervisor import migrate, product, stack
from storyreel.media import ffmpeg
from storyreel.model.spec import Language
from storyreel.runtime.settings import load

SCRIPTS = Path(__file__).parents[1] / "tests" / "data" / "scripts"
SCENES: tuple[tuple[Language, str, str, str], ...] = (
    ("zh", "wusong.fountain", "Chinese", "syllables"),
    ("en", "earnest.fountain", "English", "words"),
)


def lines(outline: dict[str, Any]) -> list[dict[str, Any]]:
    """What is said in the film, in order."""
    return [line for scene in outline["scenes"] for shot in scene["shots"] for line in shot["lines"]]


async def film_of(script: Path, folder: Path) -> tuple[str, Path, dict[str, Any], float]:
    """The words of a film, its sound, its facts and how long it took to make."""
    out = folder / f"{script.stem}.mp4"
    settings = load(home=folder / "home", temporal_headless=True, provider_text="rules")
    async with (
        stack(settings, children=product, upgrade=migrate) as up,
        open_api(settings.model_copy(update={"api": up.endpoints.api})) as api,
    ):
        start = time.perf_counter()
        made = await make_film(api, "Make a film of this script", script, out, quiet=True)
        taken_s = time.perf_counter() - start
        outline = await api.get(f"/v1/workspaces/{made['workspace']}/outline")
    sound = out.with_suffix(".wav")
    await ffmpeg.run(["-i", out, "-vn", "-ac", "1", "-ar", "16000", sound])
    return " ".join(line["text"] for line in lines(outline)), sound, made, taken_s


async def rows() -> list[Row]:
    found: list[Row] = []
    with home() as folder:
        for language, script, name, unit in SCENES:
            said, sound, made, taken_s = await film_of(SCRIPTS / script, folder)
            heard = await asyncio.to_thread(hear, sound, language)
            wrong = 100 * error_rate(said, heard, language)
            print(f"{script}\nsaid   {said}\nheard  {heard}")
            note = f"{made['shots']} shots, {made['duration_s']:.0f} s, made in {taken_s:.0f} s"
            found.append(
                Row(f"a film of {script}, {name}: {unit} heard wrong", wrong, "%", "the most that is allowed", MOST_PERCENT, note)
            )
    return found


if __name__ == "__main__":
    show(asyncio.run(rows()))
