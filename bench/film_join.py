"""What composing a film from shot segments costs against one raw ffmpeg command of the same settings.

Two comparisons, in wall seconds, best of `rounds`:
  join     segments and a mix become a film, by copy, against ffmpeg's own concat command
  compose  every shot captioned and joined, against one command that captions and encodes the whole film on as many threads
and what one changed shot costs then.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import cv2
import numpy as np

from bench.table import Row, show
from storyreel.media import captions, ffmpeg, film, fonts, move, segment, sound, subtitles
from storyreel.media.captions import SpokenLine
from storyreel.media.format import Format, timescale, x264_arguments
from storyreel.media.move import MOVES, Camera

LINE = "雨下得很大，她站在书店门口，看着街对面那盏没有熄灭的灯。"


class Reel:
    """The clips, captions and mix of one film in a folder."""

    def __init__(self, folder: Path, fmt: Format, shots: int, frames: int, jobs: int) -> None:
        self.folder, self.fmt, self.frames, self.jobs = folder, fmt, frames, jobs
        self.clips = [folder / f"clip{index}.mp4" for index in range(shots)]
        self.finals = [folder / f"final{index}.mp4" for index in range(shots)]
        self.captions = captions.captions(
            [SpokenLine(text=LINE, start_s=0.2, end_s=fmt.of(frames) - 0.2)], until_s=fmt.of(frames)
        )
        self.wav = folder / "mix.wav"
        self.film_s = fmt.of(frames * shots)

    def draw(self) -> None:
        rng = np.random.default_rng(3)
        for index, clip in enumerate(self.clips):
            small = rng.integers(20, 235, (36, 64, 3), dtype=np.uint8)
            still = cv2.resize(
                small, (self.fmt.width_px * 11 // 10, self.fmt.height_px * 11 // 10), interpolation=cv2.INTER_CUBIC
            )
            move.render(still, Camera(format=self.fmt, frames=self.frames, move=MOVES[index % len(MOVES)], seed=index), clip)
        tone = 0.1 * rng.standard_normal((round(self.film_s * sound.RATE_HZ), 2)).astype(np.float32)
        self.wav.write_bytes(sound.write_wav(tone))

    async def caption(self, index: int) -> None:
        await segment.finish(self.clips[index], self.finals[index], self.fmt, self.frames, self.captions)

    async def caption_all(self) -> None:
        room = asyncio.Semaphore(self.jobs)

        async def one(index: int) -> None:
            async with room:
                await self.caption(index)

        await asyncio.gather(*(one(index) for index in range(len(self.clips))))

    async def join(self) -> None:
        await film.join(self.finals, self.folder / "film.mp4", self.fmt, sound=self.wav)

    async def compose(self) -> None:
        await self.caption_all()
        await self.join()

    async def raw_join(self) -> None:
        video = ["-c:v", "copy", "-video_track_timescale", str(timescale(self.fmt))]
        await ffmpeg.run([*self._inputs(self.finals), *video, *self._sound(), self.folder / "raw_join.mp4"])

    async def raw_compose(self) -> None:
        step_s = self.fmt.of(self.frames)
        whole = [caption for index in range(len(self.clips)) for caption in captions.shifted(self.captions, index * step_s)]
        (self.folder / "all.ass").write_text(subtitles.ass(whole, self.fmt.width_px, self.fmt.height_px), encoding="utf-8")
        if not (self.folder / "fonts").exists():
            (self.folder / "fonts").symlink_to(fonts.folder())
        video = ["-vf", "subtitles=all.ass:fontsdir=fonts", *x264_arguments(self.fmt, self.jobs)]
        await ffmpeg.run([*self._inputs(self.clips), *video, *self._sound(), self.folder / "raw.mp4"], cwd=self.folder)

    def _inputs(self, parts: list[Path]) -> list[str | Path]:
        listing = self.folder / "list.txt"
        listing.write_text("".join(f"file '{path}'\n" for path in parts))
        return ["-f", "concat", "-safe", "0", "-i", listing, "-i", self.wav, "-map", "0:v:0", "-map", "1:a:0"]

    def _sound(self) -> list[str]:
        return ["-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2", "-movflags", "+faststart"]


async def best_s(work: Callable[[], Awaitable[None]], rounds: int) -> float:
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        await work()
        times.append(time.perf_counter() - start)
    return min(times)


async def measure(fmt: Format, *, shots: int = 24, frames: int = 75, rounds: int = 1, jobs: int = 2) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        reel = Reel(Path(folder), fmt, shots, frames, jobs)
        await asyncio.to_thread(reel.draw)
        composed, raw = await best_s(reel.compose, rounds), await best_s(reel.raw_compose, rounds)
        joined, raw_joined = await best_s(reel.join, rounds), await best_s(reel.raw_join, rounds)

        async def again() -> None:
            await reel.caption(shots // 2)
            await reel.join()

        changed = await best_s(again, rounds)
    size = f"{shots} shots, {fmt.of(frames * shots):.0f} s at {fmt.width_px} x {fmt.height_px}"
    whole = f"one ffmpeg command that captions and encodes it on {jobs} threads"
    return [
        Row("compose a film: caption and join", composed, "s", whole, raw, size),
        Row("join finished segments", joined, "s", "ffmpeg's own concat by copy", raw_joined, size),
        Row("one shot changed, film joined anew", changed, "s", whole, raw, size),
    ]


async def rows() -> list[Row]:
    return await measure(Format(width_px=1280, height_px=720, fps=25))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shots", type=int, default=24)
    parser.add_argument("--frames", type=int, default=75)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    fmt = Format(width_px=args.width, height_px=args.height, fps=25)
    show(asyncio.run(measure(fmt, shots=args.shots, frames=args.frames, rounds=args.rounds, jobs=args.jobs)))


if __name__ == "__main__":
    main()
