"""Shots that continue from other shots: the last frame of one is the first of the next."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role, Shot, Shots
from storyreel.actions.places import changed, writable
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.rows import WorkItem
from storyreel.model.view import GraphView


class FollowShots(Action):
    """Let a shot continue from another: it begins with that one's last frame, is rendered after it, and waits for it.

    Several shots follow one another in order, the first of them the shot that is named. Without `after` they stand by themselves again.
    """

    type: Literal["shot.follow"] = "shot.follow"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("第4镜接第3镜的最后一帧", "Shot 4 continues from shot 3")

    shots: Shots
    after: Shot | None = Field(default=None, description="The shot whose last frame the first of them begins with.")

    def reads(self) -> Reads:
        """The shots and the one ahead."""
        named = tuple(words for words in (self.shots, self.after) if words and not words.startswith("$"))
        return Reads(shots=named)

    def plan(self, view: GraphView) -> Plan:
        """One change a shot."""
        draft = Draft(view)
        ahead = view.one(self.after) if self.after else None
        shots = view.at(self.shots)
        if ahead is not None and ahead.id in {shot.id for shot in shots}:
            raise BadInput(f"shot {view.number(ahead.id)} cannot continue from itself; name another shot")
        pairs: list[tuple[int | None, int | None]] = []
        for shot in writable(draft, shots, many=len(shots) > 1):
            if draft.change(shot, follows_id=ahead.id if ahead else None):
                pairs.append((view.number(shot.id), view.number(ahead.id) if ahead else None))
            ahead = shot if ahead is not None else None
        if pairs and self.after:
            draft.say("shot.follows", pairs=pairs)
        elif pairs:
            draft.say("shot.alone", shots=[number for number, _ in pairs])
        return changed(draft)


def let_go(draft: Draft, gone: Collection[UUID], to: WorkItem | None = None) -> None:
    """Let the shots that continue from those that go stand by themselves, or continue from another; said aloud."""
    left = [shot for shot in draft.view.all(WorkItem) if shot.follows_id in gone and shot.id not in gone]
    for shot in left:
        draft.change(shot, follows_id=to.id if to is not None and to.id != shot.id else None)
    if left and to is None:
        draft.say("shot.freed", shots=[draft.view.number(shot.id) for shot in left])
