"""What a run says of itself in the Temporal UI, in markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from storyreel.pipeline.contract import Counts, Finish, RunOrder, StageDone, StageName


def details_of(
    order: RunOrder,
    done: Mapping[StageName, StageDone],
    busy: Sequence[StageName],
    choices: Sequence[UUID],
    *,
    paused: bool,
    end: Finish | None,
    waiting: Mapping[StageName, str] | None = None,
) -> str:
    """A heading, a line on where the run stands, and a table of its stages."""
    lines = [f"**{order.title or order.kind}**", "", _standing(busy, choices, paused=paused, end=end), ""]
    lines += [line for stage, why in (waiting or {}).items() for line in (f"{stage} waits: {why}", "")]
    lines += ["| stage | outcome | node | note |", "|---|---|---|---|"]
    lines += [_row(stage, done.get(stage), busy, end) for stage in order.stages]
    return "\n".join(lines)


def tried_out(said: str, times: int) -> str:
    """What failed once too often, and what a person may do about it."""
    often = f" It was tried {times} times." if times else ""
    return f"{said}{often} Retry it when that has changed, ask for less or another provider, bring your own, or go without it."


def desk_details(counts: Counts) -> str:
    """Where a desk stands."""
    held = ", paused" if counts.paused else ""
    lines = [
        f"{counts.running} running, {counts.waiting} waiting{held}; {counts.rings} bell{'s' if counts.rings != 1 else ''} heard."
    ]
    lines += [f"{counts.asked} of {counts.shots} shots are asked for."] if counts.asked < counts.shots else []
    lines += [f"{counts.pending} commands to carry out."] if counts.pending else []
    lines += [f"The last command was refused: {counts.refused}"] if counts.refused else []
    return "\n\n".join(lines)


def _standing(busy: Sequence[StageName], choices: Sequence[UUID], *, paused: bool, end: Finish | None) -> str:
    if end is not None:
        return f"{end.outcome}: {end.detail}" if end.detail else end.outcome
    held = "Paused. " if paused else ""
    if busy:
        return f"{held}Making: {', '.join(busy)}."
    if choices:
        return f"{held}Waits for a person to choose: {', '.join(f'`{each}`' for each in choices)}"
    return held or "Starting."


def _row(stage: StageName, done: StageDone | None, busy: Sequence[StageName], end: Finish | None) -> str:
    if end is not None and end.stage == stage and end.outcome != "succeeded":
        return f"| {stage} | {end.outcome} | | {end.code} |"
    if stage in busy or done is None:
        return f"| {stage} | {'making' if stage in busy else ''} | | |"
    node = f"`{done.node_id}`" if done.node_id else ""
    return f"| {stage} | {done.outcome} | {node} | {done.note.replace('|', '/')} |"
