"""What episodes share: who and what stays the same, and which shots of which episodes a change of it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar, Literal

from storyreel.actions.base import Action, Draft, Kind, Policy, Role
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.facts import Touched
from storyreel.model.view import GraphView

Asked = tuple[str, ...]


class Impact(Action):
    """Which shots of which episodes would be touched by a change of a character, a place or prop, a world setting or the style."""

    type: Literal["bible.impact"] = "bible.impact"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    aliases: ClassVar = ("character.where_used", "look.where_used")
    says: ClassVar = ("改小雨会影响哪些镜头？", "Which shots would a change of Anna touch?")

    character: str | None = None
    look: str | None = None
    world: str | None = None
    style: bool = False

    def reads(self) -> Reads:
        """What it reaches."""
        return Reads(touches=tuple(self._asked()))

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The shots by episode, those that have been made, and those that are locked or approved."""
        asked = self._asked()
        if len(asked) != 1:
            raise BadInput("say one of: a character, a look (place or prop), a world setting, or style")
        return {"of": " ".join(asked[0]), **reach_facts(view.touched.get(asked[0], ()))}

    def _asked(self) -> list[Asked]:
        named = (("person", self.character), ("look", self.look), ("world", self.world))
        return [(kind, name) for kind, name in named if name] + ([("style",)] if self.style else [])


def reach_facts(reached: Sequence[Touched]) -> dict[str, Any]:
    """Shots that a change reaches: by episode, how many, how many of them were made, and the free and the kept ones."""
    episodes = [
        {"number": number, "title": shots[0].title, "shots": [shot.number for shot in shots]}
        for number, group in groupby(reached, key=lambda shot: shot.episode)
        if (shots := list(group))
    ]
    kept = [{"episode": shot.episode, "shot": shot.number, "status": shot.status} for shot in reached if shot.status != "draft"]
    return {"episodes": episodes, "shots": len(reached), "made": sum(shot.made for shot in reached), "kept": kept}


def tell_reach(draft: Draft, what: str, *asked: Asked, code: str = "touches") -> None:
    """Say which shots of which episodes a change touches: part of the proposal before it is made, and of the commit after."""
    reached = {shot.shot_id: shot for one in asked for shot in draft.view.touched.get(one, ())}
    if reached:
        shots = sorted(reached.values(), key=lambda shot: (shot.episode, shot.number))
        draft.say(code, what=what, **reach_facts(shots))
