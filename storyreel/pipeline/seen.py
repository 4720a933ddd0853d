"""Shots and a film as their stages would see them, from a view of the graph (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from storyreel.model.rows import SLOTS, Cast, Character, Episode, Node, Owned, Scene, Script, Slot, Use, WorkItem
from storyreel.model.view import EpisodeView, GraphView, ShotView

T = TypeVar("T", bound=Owned)


def shots_seen(view: GraphView, shots: Sequence[WorkItem]) -> list[ShotView]:
    """The shots, drafts left out; what the view was not shown is taken not to be there."""
    cast, uses = _grouped(view.all(Cast)), _grouped(view.all(Use))
    people = {person.id: person for person in view.all(Character)}
    scenes = {scene.id: scene for scene in view.all(Scene)}
    found: list[ShotView] = []
    for shot in shots:
        scene = scenes.get(shot.scene_id) if shot.scene_id else None
        if scene is None:
            continue
        parts = sorted(cast.get(shot.id, ()), key=lambda part: (part.order_key, str(part.id)))
        found.append(
            ShotView(
                workspace=view.workspace,
                episode=view.get(Episode, scene.episode_id),
                scene=scene,
                shot=shot,
                number=view.number(shot.id) or 0,
                cast=tuple((part, people[part.character_id]) for part in parts if part.character_id in people),
                selected=_selected(view, shot),
                uses=tuple(uses.get(shot.id, ())),
                tracks=(),
                assets=view.assets,
            )
        )
    return found


def film_seen(view: GraphView, shots: Sequence[ShotView]) -> EpisodeView:
    """The episode of the view with these shots, and the newest of what it owns itself."""
    own = [node for node in view.all(Node) if node.episode_id == view.episode_id and not node.discarded]
    came = {node.id: view.facts[node.id].seq if node.id in view.facts else 0 for node in own}
    scripts = [script for script in view.all(Script) if script.episode_id == view.episode_id]
    return EpisodeView(
        workspace=view.workspace,
        episode=view.episode,
        script=max(scripts, key=lambda script: script.version, default=None),
        shots=tuple(shots),
        latest={counts_as(node): node for node in sorted(own, key=lambda node: came[node.id])},
        assets=view.assets,
    )


def counts_as(node: Node) -> str:
    """The stage that a made thing of an episode stands for: music that a person brought is the film's music."""
    return "music" if node.kind == "music" else node.stage


def _selected(view: GraphView, shot: WorkItem) -> dict[Slot, Node]:
    # What is selected stands, also where its node was put away since.
    nodes = view.rows.get(Node.table, {})
    return {slot: row for slot in SLOTS if (node := shot.selected(slot)) and isinstance(row := nodes.get(node), Node)}


def _grouped(rows: Iterable[T]) -> dict[UUID, list[T]]:
    groups: dict[UUID, list[T]] = defaultdict(list)
    for row in rows:
        groups[row.work_item_id].append(row)  # type: ignore[attr-defined]
    return groups
