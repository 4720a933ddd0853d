"""Shots and a film as their stages would see them, from a view of the graph (pure). What the view was not shown is taken not to be there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from storyreel.model.rows import (
    SLOTS,
    Cast,
    Character,
    Episode,
    Node,
    Owned,
    Scene,
    SceneLook,
    Script,
    Slot,
    Track,
    Use,
    WorkItem,
)
from storyreel.model.view import EpisodeView, Followed, GraphView, ShotView

T = TypeVar("T", bound=Owned)


def shots_seen(view: GraphView, shots: Sequence[WorkItem]) -> list[ShotView]:
    """The shots, drafts left out."""
    cast, uses, tracks = _grouped(view.all(Cast)), _grouped(view.all(Use)), _grouped(view.all(Track))
    made = _grouped(node for node in view.all(Node) if node.work_item_id and node.cell is None and not node.discarded)
    people = {person.id: person for person in view.all(Character)}
    scenes = {scene.id: scene for scene in view.all(Scene)}
    looks, pictures = tuple(view.all(SceneLook)), pictures_by_owner(view.all(Node))
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
                tracks=tuple(tracks.get(shot.id, ())),
                assets=view.assets,
                latest={node.stage: node for node in made.get(shot.id, ())},
                looks=looks,
                pictures=pictures,
                follows=_followed(view, shot),
            )
        )
    return found


def film_seen(view: GraphView, shots: Sequence[ShotView]) -> EpisodeView:
    """The episode of the view with these shots but those that a person goes without, and the newest of what it owns itself."""
    own = [node for node in view.all(Node) if node.episode_id == view.episode_id and not node.discarded]
    came = {node.id: view.facts[node.id].seq if node.id in view.facts else 0 for node in own}
    scripts = [script for script in view.all(Script) if script.episode_id == view.episode_id]
    return EpisodeView(
        workspace=view.workspace,
        episode=view.episode,
        script=max(scripts, key=lambda script: script.version, default=None),
        shots=tuple(shot for shot in shots if not shot.shot.spec.left_out),
        latest={counts_as(node): node for node in sorted(own, key=lambda node: came[node.id])},
        assets=view.assets,
    )


def counts_as(node: Node) -> str:
    """The stage that a made thing of an episode stands for: music that a person brought is the film's music."""
    return "music" if node.kind == "music" else node.stage


def pictures_by_owner(nodes: Iterable[Node]) -> Mapping[UUID, tuple[Node, ...]]:
    """The pictures of characters and looks, by whom they show, in a steady order."""
    groups: dict[UUID, list[Node]] = defaultdict(list)
    for node in nodes:
        if (node.character_id or node.scene_look_id) and node.asset_id and not node.removed and not node.discarded:
            groups[node.owner_id].append(node)
    return {owner: tuple(sorted(held, key=lambda node: str(node.id))) for owner, held in groups.items()}


def _selected(view: GraphView, shot: WorkItem) -> dict[Slot, Node]:
    # What is selected stands, also where its node was put away since.
    nodes = view.rows.get(Node.table, {})
    return {slot: row for slot in SLOTS if (node := shot.selected(slot)) and isinstance(row := nodes.get(node), Node)}


def _followed(view: GraphView, shot: WorkItem) -> Followed | None:
    """The shot that it continues from; one that was taken out of the film is followed no more."""
    ahead = view.find(WorkItem, shot.follows_id)
    if ahead is None:
        return None
    clip = view.rows.get(Node.table, {}).get(ahead.video_node_id) if ahead.video_node_id else None
    return Followed(ahead.id, view.number(ahead.id) or 0, clip if isinstance(clip, Node) else None)


def _grouped(rows: Iterable[T]) -> dict[UUID, list[T]]:
    groups: dict[UUID, list[T]] = defaultdict(list)
    for row in rows:
        groups[row.work_item_id].append(row)  # type: ignore[attr-defined]
    return groups
