"""Shots of the labelled set measured and judged as the check stage does it, and how that compares with their labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from activities.mediabox import _measured
from storyreel.pipeline.quality import Expected, Finding, judge
from storyreel.pipeline.tools import Shown
from tests.standins.labelled import FPS, FRAMES, HEIGHT, WIDTH, Labelled, written


@dataclass(frozen=True)
class Outcome:
    """A shot, and what was found."""

    shot: Labelled
    findings: tuple[Finding, ...]
    measures: dict[str, float]

    @property
    def right(self) -> bool:
        """A good shot passes, a broken one does not."""
        return bool(self.findings) == bool(self.shot.fault)


def expected_of(shot: Labelled) -> Expected:
    """What the shot asked for."""
    frame = shot.base.frame
    return Expected.model_validate(
        {"time": frame.time, "weather": frame.weather, "mood": frame.mood, "size": frame.size, "move": shot.base.move,
         "frames": FRAMES, "fps": FPS, "width_px": WIDTH, "height_px": HEIGHT, "lines": len(shot.lines)}
    )  # fmt: skip


def judged(shot: Labelled, folder: Path) -> Outcome:
    """The shot measured by the media room and judged by the table."""
    paths, figures = written(shot, folder), shot.base.frame.figures
    clip = paths["clip"]
    assert clip is not None
    seen = len(shot.heads) == len(figures) and shot.base.frame.size in ("FS", "MS", "MCU", "CU")
    shown = Shown(
        final=clip,
        clip=clip,
        frames=FRAMES,
        fps=FPS,
        picture=paths["picture"],
        begins_with=paths["picture"],
        voice=paths["voice"],
        spans=tuple((line.start_s, line.end_s) for line in shot.lines),
        palette=shot.base.frame.palette,
        people=tuple((head, one.look.top_colour) for head, one in zip(shot.heads, figures, strict=True)) if seen else (),
    )
    found = _measured(shown)
    return Outcome(shot, judge(expected_of(shot), found).findings, found)


def right(outcomes: Sequence[Outcome]) -> float:
    """The share that is judged right."""
    return sum(one.right for one in outcomes) / len(outcomes)


def confusion(outcomes: Sequence[Outcome]) -> str:
    """A line a class of shots: how many there are, how many were called good or broken, and what was said first."""
    kinds: dict[tuple[bool, str], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        kinds[bool(one.shot.fault), one.shot.kind].append(one)
    lines = [f"{'class':24}{'shots':>6}{'good':>6}{'broken':>7}  said first"]
    for (_, kind), held in sorted(kinds.items()):
        said = Counter(one.findings[0].code for one in held if one.findings)
        told = ", ".join(f"{code} {count}" for code, count in said.most_common())
        broken = sum(bool(one.findings) for one in held)
        lines.append(f"{kind:24}{len(held):6}{len(held) - broken:6}{broken:7}  {told}")
    good = [one for one in outcomes if not one.shot.fault]
    bad = [one for one in outcomes if one.shot.fault]
    lines.append(f"good shots called broken: {sum(not one.right for one in good)} of {len(good)}")
    lines.append(f"broken shots called good: {sum(not one.right for one in bad)} of {len(bad)}")
    lines.append(f"right: {100 * right(outcomes):.1f} % of {len(outcomes)}")
    return "\n".join(lines)
