"""Which of some shots are meant: those that are stale, that a provider made, or that are drawn by a style or a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from uuid import UUID

from storyreel.actions.templates import VARIABLE, template_named
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import Node, PromptTemplate, StylePreset, WorkItem
from storyreel.model.view import GraphView, ShotView
from storyreel.pipeline.seen import shots_seen
from storyreel.pipeline.stages.why import Place, stale_parts

Means = Callable[[ShotView], bool]


def chosen(
    view: GraphView,
    shots: Sequence[WorkItem],
    *,
    parts: Sequence[Place],
    stale: bool = False,
    provider: str = "",
    template: str = "",
) -> list[WorkItem]:
    """Those of the shots that all of it is true of. `parts` are those that may be stale, or made by a provider.

    Raises:
        BadInput: it is true of none.
        NotFound: there is no such style or template.
    """
    sources = {key: row for key, row in view.rows.get(Node.table, {}).items() if isinstance(row, Node)}
    means: list[tuple[str, Means]] = []
    if stale:
        means.append(("stale", lambda seen: any(part.slot in parts for part in stale_parts(seen, sources))))
    if provider:
        means.append((f"made by {provider}", lambda seen: provider in makers_of(seen, sources, parts)))
    if template:
        means.append((f"made with {template}", _by_template(view, template)))
    if not means:
        return list(shots)
    seen = shots_seen(view, shots)
    found = {one.shot.id for one in seen if all(holds(one) for _, holds in means)}
    if not found:
        raise BadInput(f"none of the {len(shots)} shots is {' and '.join(name for name, _ in means)}", nothing=True)
    return [shot for shot in shots if shot.id in found]


def makers_of(seen: ShotView, sources: dict[UUID, Node], parts: Sequence[Place]) -> set[str]:
    """The providers of what a shot has selected; a picture was made by whoever drew its sheet."""
    nodes = [node for slot, node in seen.selected.items() if slot in parts]
    sheets = [sheet for node in nodes if node.parent_id and node.cell is not None and (sheet := sources.get(node.parent_id))]
    return {str(node.facts["provider"]) for node in (*nodes, *sheets) if node.facts.get("provider")}


def _by_template(view: GraphView, name: str) -> Means:
    """A style by what it says, a prompt template by its words with anything in place of its variables."""
    wanted = name.strip().casefold()
    preset = next((one for one in view.all(StylePreset) if one.name.casefold() == wanted), None)
    if preset is not None:
        style = preset.spec.style or preset.name
        return lambda seen: (seen.frame.style or "").casefold() == style.casefold()
    known = [one.name for kind in (StylePreset, PromptTemplate) for one in view.all(kind)]
    try:
        body = template_named(view, name).body
    except (NotFound, BadInput):
        raise NotFound(
            f"there is no style or template {name!r}; there are: {', '.join(known) or 'none'}", field="template"
        ) from None
    fixed = VARIABLE.sub("\x00", body)
    pattern = re.compile(".+?".join(re.escape(part.strip()) for part in fixed.split("\x00")), re.IGNORECASE | re.DOTALL)
    return lambda seen: bool(pattern.search(seen.shot.spec.picture.subject) or pattern.search(_prompt(seen)))


def _prompt(seen: ShotView) -> str:
    """The words that its picture was drawn by."""
    grid = seen.latest.get("grid")
    image = grid.request.get("image") if grid is not None else None
    return str(image.get("prompt", "")) if isinstance(image, dict) else ""
