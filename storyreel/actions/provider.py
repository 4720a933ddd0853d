"""Providers: hold one in this project, and let it go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import EVERY_MODE, Action, Draft, Plan, Policy, ProviderChange, Role
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.view import GraphView
from storyreel.providers.vendors import VENDORS


class PauseProvider(Action):
    """Hold a provider in this project, or let it go (`held` false).

    While it is held nothing new is sent to it; renders that need it wait and lose none of their tries. What it is already at goes on, and
    can be cancelled.
    """

    type: Literal["provider.pause"] = "provider.pause"
    policy: ClassVar = Policy(role=Role.editor, undo=False, modes=EVERY_MODE)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"provider.resume": {"held": False}}
    says: ClassVar = ("暂停供应商remote", "Pause the provider remote")

    provider: str = Field(min_length=1, max_length=100, description="Its name, for example 'remote'.")
    held: bool = True
    why: str = Field(default="", max_length=500, description="Told to whoever waits for it.")

    def reads(self) -> Reads:
        """Who is held already."""
        return Reads(review=True)

    def plan(self, view: GraphView) -> Plan:
        """One wish."""
        name = next((known for known in VENDORS if known.lower() == self.provider.strip().lower()), "")
        if not name:
            raise NotFound(f"there is no provider {self.provider!r}; there are {', '.join(VENDORS)}", field="provider")
        if (name in view.review.held) == self.held:
            raise BadInput(f"{name} is {'held already' if self.held else 'not held'}", nothing=True, same=True)
        draft = Draft(view)
        draft.want(ProviderChange(provider=name, held=self.held, reason=self.why))
        draft.say("provider.held" if self.held else "provider.let_go", provider=name, reason=self.why)
        return draft.plan()
