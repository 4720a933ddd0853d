"""Prompt templates: words with {variables}, filled from what was given, from the references, and from the template's own defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storyreel.actions.drafting import AXES_ZH, values_of
from storyreel.actions.naming import by_name
from storyreel.model.errors import BadInput
from storyreel.model.rows import AssetCard, Node, PromptTemplate, WorkItem
from storyreel.model.sheet import Reference
from storyreel.model.view import GraphView

VARIABLE = re.compile(r"\{\s*([^{}\n]{1,60}?)\s*\}")
# A variable with this name is what the references are called.
NAMES = frozenset({"name", "names", "title", "名称", "名字", "主体"})


@dataclass(frozen=True)
class Filling:
    """Where values come from, in this order: what was said, what the references are tagged with, what they are called."""

    said: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """A template with its variables filled; `open` are those that nothing is known for, `values` and `sources` what the others became."""

    text: str
    values: Mapping[str, str]
    sources: Mapping[str, str]
    open: tuple[str, ...]

    def closed(self, template: PromptTemplate) -> str:
        """The text, where nothing is left open.

        Raises:
            BadInput: variables are left open; it names them and asks.
        """
        if self.open:
            names = ", ".join(f"{{{name}}}" for name in self.open)
            raise BadInput(
                f"the template {template.name!r} leaves {names} open; what should it be?",
                open=list(self.open),
                values=dict(self.values),
            )
        return self.text


def template_named(view: GraphView, words: str) -> PromptTemplate:
    """A template by its name or id.

    Raises:
        NotFound: there is none; the message lists what there is.
    """
    return by_name(view, PromptTemplate, words)


def variables(body: str) -> tuple[str, ...]:
    """The variables of a text, each once, in order."""
    return tuple(dict.fromkeys(match[1] for match in VARIABLE.finditer(body)))


def fill(template: PromptTemplate, filling: Filling) -> Filled:
    """The template's words with every variable filled that something is known for. What is left open stays in braces."""
    values: dict[str, str] = {}
    sources: dict[str, str] = {}
    said = {name.strip().casefold(): value for name, value in filling.said.items()}
    defaults = {name.casefold(): value for name, value in template.defaults.items()}
    names = variables(template.body)
    for name in names:
        low = name.casefold()
        for source, known in (("said", said), ("reference", filling.found), ("default", defaults)):
            if known.get(low if source != "reference" else _axis(low)):
                values[name], sources[name] = known[low if source != "reference" else _axis(low)], source
                break
    unknown = sorted(set(said) - {name.casefold() for name in names})
    if unknown:
        raise BadInput(
            f"the template {template.name!r} has no {', '.join(unknown)}; it has: {', '.join(names) or 'no variables'}",
            field="values",
        )
    text = VARIABLE.sub(lambda match: values.get(match[1], match[0]), template.body)
    return Filled(text, values, sources, tuple(name for name in names if name not in values))


def _axis(name: str) -> str:
    """The name that references know a variable by: one of the axes, or "name"."""
    return "name" if name in NAMES else AXES_ZH.get(name, name.removesuffix("s"))


def gathered(view: GraphView, references: Iterable[Reference]) -> dict[str, str]:
    """What references say: the values of their tags by axis, and what they are called. A node speaks for its draft."""
    cards = {card.asset_id: card for card in view.all(AssetCard)}
    found: dict[str, list[str]] = {}
    for one in references:
        node = view.find(Node, one.node_id)
        item = view.find(WorkItem, node.work_item_id) if node else None
        card = cards.get(one.asset_id)
        tags = [*(card.tags if card else ()), *(item.spec.tags if item else ())]
        for axis in ("character", "scene", "style", "use"):
            found.setdefault(axis, []).extend(values_of(tags, axis))
        if card is not None and card.title:
            found.setdefault("name", []).append(card.title)
    return {name: ", ".join(dict.fromkeys(values)) for name, values in found.items() if values}
