"""Which providers there are, by name, and which one makes a thing. Adding a vendor is one file and one entry.

A vendor's module is loaded when it is first asked for, so that nobody pays for clients and models they do not use.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Capability, Price, Provider, Request
from storyreel.providers import limits
from storyreel.providers.breaker import Breakers
from storyreel.providers.vendors import BUILTIN, VENDORS
from storyreel.providers.watched import watched
from storyreel.runtime.settings import Settings

__all__ = ["VENDORS", "Registry", "is_local", "open_provider"]


def open_provider(capability: Capability, name: str, settings: Settings) -> Provider[Any]:
    """A provider by its name.

    Raises:
        NotPossible: there is no provider of that name, it does not make this kind of thing, or its settings are missing.
    """
    known = VENDORS.get(name)
    if known is None:
        raise NotPossible(f"There is no provider “{name}”; there are {', '.join(VENDORS)}.")
    if capability not in known:
        raise NotPossible(f"The provider “{name}” makes no {capability}; it makes {', '.join(known)}.")
    module, _, kind = known[capability].partition(":")
    made = getattr(import_module(module), kind)
    opened: Provider[Any] = made.open(capability, settings) if hasattr(made, "open") else made()
    return opened


def is_local(provider: Provider[Any]) -> bool:
    """Whether it works in this process and costs nothing, so that a lost job is simply made again."""
    return type(provider).__module__.startswith(BUILTIN) or bool(getattr(provider, "local", False))


class Registry:
    """A process's providers, each opened once, with the breaker and the limit of each. `close` gives up their connections.

    Raises:
        WrongLimit: the limits of the settings are not understood.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: dict[tuple[Capability, str], Provider[Any]] = {}
        self._limits = limits.parse(settings.provider_limits)
        self.breakers = Breakers()

    def route(self, capability: Capability, pinned: str = "") -> str:
        """The name of the provider that makes this: the pinned one, else the one of the settings."""
        return pinned or str(getattr(self._settings, f"provider_{capability}"))

    def get(self, capability: Capability, pinned: str = "") -> Provider[Any]:
        """The provider that makes this.

        Raises:
            NotPossible: it is unknown, cannot make this, or its settings are missing.
        """
        name = self.route(capability, pinned)
        if (capability, name) not in self._opened:
            self._opened[capability, name] = watched(open_provider(capability, name, self._settings), name)
        return self._opened[capability, name]

    def limit(self, name: str) -> limits.Limit:
        """How fast and how many at once a provider may be asked."""
        return self._limits.get(name, limits.Limit())

    @property
    def on_unknown(self) -> dict[str, float]:
        """By provider, up to which price a call that may have been made is taken as charged and sent again; 0 asks a person."""
        return {name: 0.0 if said == "ask" else said for name, said in self._settings.on_unknown.items()}

    def price(self, capability: Capability, pinned: str, request: Request) -> Price:
        """What a request would cost there, and about how long it would take."""
        provider = self.get(capability, pinned)
        found = provider.price(request)
        return replace(found, provider=found.provider or self.route(capability, pinned), model=found.model or provider.model)

    async def close(self) -> None:
        """Close what is open; a provider asked for later is opened anew."""
        opened, self._opened = self._opened, {}
        for provider in opened.values():
            close = getattr(provider, "close", None)
            if close is not None:
                await close()
