"""Made things as they are told: a line each, or all that is known of one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from storyreel.actions.words_lineage import cause_words
from storyreel.model.rows import SLOTS, Character, Episode, Node, NodeRef, SceneLook, Track, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.stages.why import differences, request_of

# Longer lists of parameters are told by their number.
LONGEST = 30
PROMPTS = ("prompt", "motion", "references", "first_frame")


class Teller:
    """Tells of the nodes of one view; what it gathers of the view it gathers once."""

    def __init__(self, view: GraphView) -> None:
        self.view = view
        self._refs: dict[UUID, list[NodeRef]] = defaultdict(list)
        for ref in view.all(NodeRef):
            self._refs[ref.node_id].append(ref)

    def came(self, node: Node) -> int:
        """Its place among all nodes, in the order they came."""
        facts = self.view.facts.get(node.id)
        return facts.seq if facts else 0

    def line(self, node: Node) -> dict[str, Any]:
        """A node in a line: what it is, where it is counted, whose it is, its marks."""
        facts, track = self.view.facts.get(node.id), self.view.rows.get(Track.table, {}).get(node.track_id or node.id)
        return {
            "node": str(node.id),
            "kind": node.kind,
            "stage": node.stage,
            "track": track.name if isinstance(track, Track) else "",
            "track_id": str(node.track_id) if node.track_id else None,
            "number": facts.number if facts else None,
            "name": self.name(node),
            "owner": self.owner(node),
            "cell": None if node.cell is None else node.cell + 1,
            "sheet": None if node.cell is None or node.parent_id is None else str(node.parent_id),
            "asset": node.asset_id,
            "take": node.take,
            "made_at": facts.made_at.isoformat() if facts else None,
            "marks": [mark for mark in ("favourite", "pinned", "discarded", "to_compare", "removed") if getattr(node, mark)],
            "selected": self._selected(node),
        }

    def told(self, node: Node) -> dict[str, Any]:
        """All that is known of a node: its line, how it was asked for, who made it, from what, and what it changed."""
        facts, request = self.view.facts.get(node.id), request_in(self.view, node)
        return {
            **self.line(node),
            "prompt": self.prompt(node),
            "parameters": _parameters(request),
            "provider": node.facts.get("provider", ""),
            "model": node.facts.get("model", ""),
            "seed": node.facts.get("seed"),
            "score": node.facts.get("score"),
            "notes": list(node.facts.get("notes") or ()),
            "cost_usd": facts.cost_usd if facts else 0.0,
            "asked_by": facts.asked_by if facts else "",
            "intent": facts.intent if facts else "",
            "revision": facts.revision if facts else None,
            "asked_revision": facts.asked_revision if facts else None,
            "references": self.references(node),
            "changes": self.changes(node),
        }

    def name(self, node: Node) -> str:
        """As a person names it: its track and number, "B #7"; without a track, "#2"."""
        facts, track = self.view.facts.get(node.id), self.view.rows.get(Track.table, {}).get(node.track_id or node.id)
        number = f"#{facts.number}" if facts else ""
        return f"{track.name} {number}".strip() if isinstance(track, Track) else number

    def owner(self, node: Node) -> dict[str, Any]:
        """What it was made for, with the number or the name that a person knows."""
        rows = self.view.rows
        if node.work_item_id:
            item = rows.get(WorkItem.table, {}).get(node.work_item_id)
            kind = item.kind if isinstance(item, WorkItem) else "shot"
            label = item.label if isinstance(item, WorkItem) else ""
            return {"kind": kind, "id": str(node.work_item_id), "shot": self.view.number(node.work_item_id), "name": label}
        for kind, owner_id in ((Character, node.character_id), (SceneLook, node.scene_look_id), (Episode, node.episode_id)):
            row = rows.get(kind.table, {}).get(owner_id) if owner_id else None
            if owner_id:
                name = str(getattr(row, kind.label_field, ""))
                return {"kind": kind.table, "id": str(owner_id), "shot": None, "name": name}
        return {"kind": "", "id": "", "shot": None, "name": ""}

    def prompt(self, node: Node) -> str:
        """The words that it was made by; of a voice, its lines."""
        request = request_in(self.view, node)
        for asked in (request.get("image"), request.get("video"), request):
            if isinstance(asked, dict) and asked.get("prompt"):
                return str(asked["prompt"])
        lines = [line.get("voice", {}).get("text", "") for line in request.get("lines") or () if isinstance(line, dict)]
        return "\n".join(line for line in lines if line)

    def references(self, node: Node) -> list[dict[str, Any]]:
        """What it was made with the help of, by role, each with where it comes from."""
        parent = _parent(self.view, node)
        own = self._refs.get(node.id) or (self._refs.get(parent.id, []) if parent and _is_cell(node, parent) else [])
        found: list[dict[str, Any]] = []
        for ref in sorted(own, key=lambda ref: (ref.role, str(ref.id)))[:LONGEST]:
            source = self.view.rows.get(Node.table, {}).get(ref.source_node_id or ref.id)
            told = self.line(source) if isinstance(source, Node) else {"asset": ref.source_asset_id}
            kept = {key: told[key] for key in ("node", "asset", "track", "number", "name", "owner") if key in told}
            found.append({"role": ref.role, "note": ref.note, "source": kept})
        return found

    def changes(self, node: Node) -> list[dict[str, Any]]:
        """What it was asked to be other than its parent was, where both were asked for in one way."""
        parent = _parent(self.view, node)
        was, now = request_in(self.view, parent) if parent else {}, request_in(self.view, node)
        if not was or not now or ("image" in was) != ("image" in now) or ("video" in was) != ("video" in now):
            return []
        return [
            {
                "what": cause.what,
                "name": cause.name,
                "before": cause.before,
                "after": cause.after,
                "words": {language: cause_words(cause, language, fps=self.view.fps) for language in ("zh", "en")},
            }
            for cause in differences(was, now)
        ]

    def _selected(self, node: Node) -> bool:
        item = self.view.rows.get(WorkItem.table, {}).get(node.work_item_id or node.id)
        if isinstance(item, WorkItem):
            return any(item.selected(slot) == node.id for slot in SLOTS)
        episode = self.view.rows.get(Episode.table, {}).get(node.episode_id or node.id)
        return isinstance(episode, Episode) and episode.film_node_id == node.id


def chain_of(view: GraphView, node: Node) -> list[Node]:
    """The nodes that it descends from, the root first, and itself last."""
    chain = [node]
    while (parent := _parent(view, chain[-1])) is not None:
        chain.append(parent)
    return chain[::-1]


def descendants_of(view: GraphView, node: Node) -> list[Node]:
    """What was made from it and is not taken away, in the order it came."""
    children: dict[UUID, list[Node]] = defaultdict(list)
    for row in view.rows.get(Node.table, {}).values():
        if isinstance(row, Node) and row.parent_id is not None:
            children[row.parent_id].append(row)
    found: list[Node] = []
    ready = [node]
    while ready:
        ready = [child for parent in ready for child in children[parent.id]]
        found += ready
    tell = Teller(view)
    return sorted((row for row in found if not row.removed), key=tell.came)


def request_in(view: GraphView, node: Node) -> dict[str, Any]:
    """The request that a node was made by: its own, or that of the sheet it was cut from."""
    return request_of(node, _parent(view, node))


def picture_of(node: Node) -> str | None:
    """The asset that can be looked at, if there is one."""
    return node.asset_id if node.kind in ("image", "edit", "grid", "video", "final", "film") else None


def _parent(view: GraphView, node: Node) -> Node | None:
    row = view.rows.get(Node.table, {}).get(node.parent_id) if node.parent_id else None
    return row if isinstance(row, Node) else None


def _is_cell(node: Node, parent: Node) -> bool:
    return node.cell is not None and parent.kind == "grid"


def _parameters(value: Any, name: str = "") -> Any:
    """A request as parameters: without its words and pictures, long lists by their number."""
    if isinstance(value, dict):
        return {key: _parameters(item, key) for key, item in value.items() if key not in PROMPTS}
    if isinstance(value, list):
        return {"count": len(value)} if len(value) > LONGEST else [_parameters(item, name) for item in value]
    return value
