"""Canvases: views of a project as people lay them out. Their nodes only refer; nothing in them is truth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role
from storyreel.actions.naming import by_name, find_named, id_in
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import Canvas, WorkItem
from storyreel.model.view import GraphView

CanvasKind = Literal["planning", "production", "composition", "reference", "grid_group", "pick"]
NodeType = Literal["shot", "asset", "task", "note", "tool", "group"]
EdgeKind = Literal["depends_on", "feeds", "version_of"]
# A key is a step of a path in the log, so it holds no dot.
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
REFERS: frozenset[NodeType] = frozenset({"shot", "asset", "task"})
MOST_NODES = 2000
ASSET = re.compile(r"^(?:asset://)?([0-9a-f]{64})$")
# Never empty, so that the first nodes of two people are two paths and not one value.
EMPTY: dict[str, Any] = {"format": 1}


class CanvasNode(Frozen):
    """A node as it is placed or changed; what is left out stays."""

    type: NodeType | None = None
    ref: str | None = Field(
        default=None, max_length=200, description="For a shot its number, label or id; for an asset or a task its id."
    )
    x: float | None = None
    y: float | None = None
    width: float | None = Field(default=None, gt=0)
    height: float | None = Field(default=None, gt=0)
    text: str | None = Field(default=None, max_length=4000, description="The words of a note, the name of a tool or group.")
    group: str | None = Field(default=None, description="The group node that it lies in; empty for none.")


class CanvasEdge(Frozen):
    """An edge as it is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: Key = Field(alias="from")
    end: Key = Field(alias="to")
    kind: EdgeKind = "feeds"


class EditCanvas(Action):
    """Create a canvas, or change one: its name, kind, nodes and edges by key. A node or edge given as null is taken off."""

    type: Literal["canvas.edit"] = "canvas.edit"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    says: ClassVar = ("新建一个画布，叫选图", "Make a canvas called Picks")

    canvas: str = Field(default="", max_length=200, description="Its id or name; empty, or a new name, makes a new one.")
    name: str | None = Field(default=None, min_length=1, max_length=200)
    kind: CanvasKind | None = None
    nodes: dict[Key, CanvasNode | None] = Field(default={}, max_length=MOST_NODES)
    edges: dict[Key, CanvasEdge | None] = Field(default={}, max_length=MOST_NODES)

    def reads(self) -> Reads:
        """The canvases, and what the new nodes refer to."""
        placed = [node for node in self.nodes.values() if node is not None and node.ref]
        items = [node.ref for node in placed if node.ref and node.type in {None, "shot"}]
        return Reads(
            tables=(Canvas.table,),
            shots=tuple(dict.fromkeys(words for words in items if _shot_words(words))),
            row_ids=tuple(dict.fromkeys(found for node in placed if (found := id_in(node.ref or "")))),
            task_ids=tuple(dict.fromkeys(found for node in placed if (found := id_in(node.ref or "")))),
            assets=tuple(dict.fromkeys(match[1] for node in placed if (match := ASSET.match(node.ref or "")))),
        )

    def plan(self, view: GraphView) -> Plan:
        """One row, made or changed by path."""
        draft = Draft(view)
        canvas = self._canvas(view) or self._made(draft)
        nodes, edges = dict(canvas.body.get("nodes", {})), dict(canvas.body.get("edges", {}))
        for key, node in self.nodes.items():
            _place(view, nodes, key, node)
        _let_go(nodes, edges)
        for key, edge in self.edges.items():
            _draw(nodes, edges, key, edge)
        body = {**EMPTY, **({"nodes": nodes} if nodes else {}), **({"edges": edges} if edges else {})}
        _check(nodes, edges)
        named = {k: v for k, v in (("name", self.name), ("kind", self.kind)) if v is not None}
        made = bool(draft.ops)
        if draft.change(canvas, body=body, **named) and not made:
            draft.say("canvas.changed", name=named.get("name", canvas.name), nodes=len(self.nodes), edges=len(self.edges))
        draft.made = canvas.id
        return changed(draft)

    def _canvas(self, view: GraphView) -> Canvas | None:
        if not self.canvas:
            return None
        if self.canvas.startswith("$") or id_in(self.canvas):
            return by_name(view, Canvas, self.canvas)
        return find_named(view, Canvas, self.canvas)

    def _made(self, draft: Draft) -> Canvas:
        name = self.name or self.canvas
        if not name:
            raise BadInput("a new canvas needs a name")
        drafts = draft.view.workspace.kind == "draft_space"
        kind: CanvasKind = self.kind or ("reference" if drafts else "planning")
        made = Canvas(
            id=draft.view.new_id("canvas"), workspace_id=draft.view.workspace_id, kind=kind, name=name, body=dict(EMPTY)
        )
        draft.insert(made)
        draft.say("canvas.made", name=name, kind=kind)
        return made


def _shot_words(ref: str) -> bool:
    return id_in(ref) is None and not ASSET.match(ref) and not ref.startswith("$")


def _place(view: GraphView, nodes: dict[str, Any], key: str, node: CanvasNode | None) -> None:
    """Put a node on the canvas, change it, or take it off."""
    if node is None:
        if nodes.pop(key, None) is None:
            raise NotFound(f"there is no node {key!r} on this canvas")
        return
    held: dict[str, Any] = {"x": 0.0, "y": 0.0, **nodes.get(key, {}), **node.model_dump(exclude_none=True, exclude={"ref"})}
    if "type" not in held:
        raise BadInput(f"node {key!r} is new: say its type, one of shot, asset, task, note, tool or group")
    if held.get("group") == "":
        held.pop("group")
    if node.ref is not None:
        held["ref"] = _resolved(view, held["type"], key, node.ref)
    elif node.type is not None and nodes.get(key, {}).get("type", node.type) != node.type:
        held.pop("ref", None)
    if (held["type"] in REFERS) != ("ref" in held):
        says = "needs a ref to what it shows" if held["type"] in REFERS else "refers to nothing; give it text"
        raise BadInput(f"node {key!r}: a {held['type']} {says}")
    nodes[key] = held


def _resolved(view: GraphView, kind: NodeType, key: str, ref: str) -> str:
    """The id of what a node refers to.

    Raises:
        NotFound: it is not in this project.
    """
    found = id_in(ref)
    if kind == "shot":
        if ref.startswith("$"):
            return str(view.get(WorkItem, view.named.get(ref[1:])).id)
        row = view.find(WorkItem, found) if found else view.one(ref)
        if row is not None:
            return str(row.id)
    elif kind == "asset":
        match = ASSET.match(ref)
        if match and match[1] in view.assets:
            return match[1]
    elif kind == "task" and found in {task.id for task in view.tasks}:
        return str(found)
    raise NotFound(f"node {key!r}: there is no {kind} {ref} in this project")


def _let_go(nodes: Mapping[str, dict[str, Any]], edges: dict[str, Any]) -> None:
    """Edges of nodes that were taken off go with them, and members of a group that was stay where they are."""
    for key, edge in list(edges.items()):
        if edge["from"] not in nodes or edge["to"] not in nodes:
            del edges[key]
    for key, node in list(nodes.items()):
        if "group" in node and node["group"] not in nodes:
            nodes_of: Any = nodes
            nodes_of[key] = {name: value for name, value in node.items() if name != "group"}


def _draw(nodes: Mapping[str, Any], edges: dict[str, Any], key: str, edge: CanvasEdge | None) -> None:
    if edge is None:
        if edges.pop(key, None) is None:
            raise NotFound(f"there is no edge {key!r} on this canvas")
        return
    for end in (edge.start, edge.end):
        if end not in nodes:
            raise NotFound(f"edge {key!r}: there is no node {end!r} on this canvas")
    if edge.start == edge.end:
        raise BadInput(f"edge {key!r} leads from a node to itself")
    edges[key] = {"from": edge.start, "to": edge.end, "kind": edge.kind}


def _check(nodes: Mapping[str, Any], edges: Iterable[str]) -> None:
    if len(nodes) > MOST_NODES or len(list(edges)) > 2 * MOST_NODES:
        raise BadInput(f"a canvas holds up to {MOST_NODES} nodes; begin another one")
    for key, node in nodes.items():
        group = node.get("group")
        if group is not None and nodes[group]["type"] != "group":
            raise BadInput(f"node {key!r} lies in {group!r}, which is no group")


def refers_to(view: GraphView, node: Mapping[str, Any], assets: Mapping[str, Any], tasks: Mapping[UUID, Any]) -> dict[str, Any]:
    """What a node refers to as it is now, or that it is gone."""
    ref = str(node.get("ref", ""))
    if node["type"] == "shot":
        shot = view.find(WorkItem, id_in(ref))
        return {"gone": True, "said": "this shot was deleted"} if shot is None else _shot_facts(view, shot)
    if node["type"] == "asset":
        asset = assets.get(ref)
        return {"gone": True, "said": "this file is no longer kept"} if asset is None else asset
    task = tasks.get(id_in(ref) or UUID(int=0))
    return {"gone": True, "said": "this task is no longer kept"} if task is None else task


def _shot_facts(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    return {
        "id": str(shot.id),
        "kind": shot.kind,
        "number": view.number(shot.id),
        "label": shot.label,
        "subject": shot.spec.picture.subject,
        "status": shot.status,
        "picture_node_id": str(shot.picture_node_id) if shot.picture_node_id else None,
        "rendered": shot.final_node_id is not None,
    }
