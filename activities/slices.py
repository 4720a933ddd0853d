"""Renders that a signal asks for, as commits: few shots at once, thousands slice by slice, so that the workspace is never held for long.

Which shots are meant is found once and kept with the batch; how many of them are asked for stands in the desk's state. Each slice is an
envelope with a request id of its own: given twice, it counts once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from storyreel import commits
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.catalogue import arguments_of, parse
from storyreel.actions.chosen import chosen
from storyreel.actions.gen import MAKING, GenShots
from storyreel.commits import Actor, Door, Outcome
from storyreel.commits.batching import MANNER
from storyreel.graph.load import view_for
from storyreel.graph.places import writable_of
from storyreel.ledger import batches
from storyreel.ledger.batches import NewBatch
from storyreel.model.errors import BadInput
from storyreel.model.ids import derive
from storyreel.pipeline.contract import Commanded, DeskCommand

SOURCE = "signal"
# One commit over so many shots holds a workspace for about a second.
SLICE = 500
DEARER = "It costs more than was agreed by now; a proposal waits for a person."


def new_batch(command: DeskCommand, asked: Asked) -> NewBatch:
    """The batch of a command: the same command is the same batch."""
    selector = {"action": asked.type, **{k: v for k, v in arguments_of(asked).items() if k not in MANNER}}
    return NewBatch(id=derive(command.request_id, "batch"), reason=SOURCE, title=f"desk.{command.verb}", selector=selector)


async def perform_agreed(door: Door, command: DeskCommand, envelope: Envelope, actor: Actor, batch: NewBatch) -> Outcome:
    """Perform it; where a person would be asked first, sending the signal was saying yes."""
    workspace, signal = command.workspace_id, command.signal
    outcome = await commits.perform(door, workspace, envelope, actor, source=SOURCE, batch=batch, episode_id=signal.episode)
    if outcome.proposal is None:
        return outcome
    return await commits.approve(door, workspace, outcome.proposal.id, actor, source=SOURCE, batch=batch)


async def rerender(door: Door, command: DeskCommand, asked: Asked, actor: Actor) -> Commanded:
    """Ask for the renders of a signal, or for the next slice of them.

    Raises:
        EnvelopeRefused: they cannot be made.
        BadInput: its words name no shots.
    """
    batch = new_batch(command, asked)
    async with door.database.connect() as conn:
        kept = await batches.slice_of(conn, command.workspace_id, batch.id)
    if kept is None or not kept[0]:
        shots = await _meant(door, command, asked)
        if len(shots) <= SLICE:
            envelope = Envelope(request_id=command.request_id, intent=batch.title, actions=(asked,))
            outcome = await perform_agreed(door, command, envelope, actor, batch)
            return _said(command, batch, outcome)
    else:
        shots = kept[0]
    return await _slice(door, command, asked, actor, replace(batch, shots=tuple(shots)))


async def _slice(door: Door, command: DeskCommand, asked: Asked, actor: Actor, batch: NewBatch) -> Commanded:
    workspace, upto = command.workspace_id, min(command.asked + SLICE, len(batch.shots))
    part = batch.shots[command.asked : upto]
    async with door.database.begin() as conn:
        free = await writable_of(conn, workspace, part)
        skipped: dict[str, int] = {}
        for shot in part:
            if free.get(shot) != "draft":
                why = free.get(shot, "gone")
                skipped[why] = skipped.get(why, 0) + 1
        batch = replace(batch, asked=upto, skipped=skipped)
        meant = [shot for shot in part if free.get(shot) == "draft"]
        if not meant:
            await batches.open_batch(conn, workspace, batch, asked_by=actor.id)
    if not meant:
        return _said(command, batch, None)
    last = upto == len(batch.shots)
    args: dict[str, Any] = {
        **{name: value for name, value in asked.args.items() if name not in ("stale", "provider", "template")},
        "shots": ",".join(map(str, meant)),
        **({} if last else {"cut": False}),
    }
    envelope = Envelope(
        request_id=derive(command.request_id, "slice", command.asked),
        intent=batch.title,
        actions=(Asked(type=asked.type, args=args),),
    )
    return _said(command, batch, await perform_agreed(door, command, envelope, actor, batch))


async def _meant(door: Door, command: DeskCommand, asked: Asked) -> list[UUID]:
    """The shots that a signal means, in the film's order. Nothing is locked for it."""
    action = parse(asked)
    if not isinstance(action, GenShots):
        raise BadInput(f"{asked.type} renders no shots by themselves")
    async with door.database.connect() as conn:
        view = await view_for(conn, command.workspace_id, [action.reads()], command.signal.episode)
    shots = view.at(action.shots)
    found = chosen(
        view,
        shots,
        parts=MAKING[action.what].parts,
        stale=action.stale,
        provider=action.provider,
        template=action.template,
    )
    return [shot.id for shot in found]


def _said(command: DeskCommand, batch: NewBatch, outcome: Outcome | None) -> Commanded:
    commit = outcome.commit if outcome else None
    return Commanded(
        request_id=command.request_id,
        revision=commit.revision if commit else None,
        refused="" if commit or outcome is None else DEARER,
        batch_id=batch.id,
        asked=batch.asked,
        shots=len(batch.shots),
    )
