"""A package: made things of a selection under names of a rule, in one folder, to be taken away as a zip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Kind, Plan, Policy, Role, Shots
from storyreel.actions.drafting import EVERYWHERE, BoardRef, Drafts, drafts_at
from storyreel.actions.package_names import (
    DRAFT_FIELDS,
    DRAFT_RULE,
    STORY_FIELDS,
    STORY_RULE,
    checked_rule,
    ending_of,
    named,
    safe,
    unique,
)
from storyreel.actions.reads import Reads
from storyreel.model.base import AssetRef
from storyreel.model.errors import BadInput
from storyreel.model.rows import SLOTS, Board, Node, Track, WorkItem
from storyreel.model.view import GraphView

What = Literal["favourites", "pinned", "selected", "all"]
# As many as an answer lists; the package holds all.
LISTED = 50
MOST_FILES = 5000


@dataclass(frozen=True)
class Entry:
    """One file of a package: its name in the folder, and the made thing it is."""

    name: str
    node: Node
    asset: AssetRef
    shot: int | None
    draft: int | None
    board: str = ""

    def told(self) -> dict[str, Any]:
        """As data; a draft is told by its board and number, a shot by its number."""
        place = {"draft": self.draft, "board": self.board} if self.draft else {"shot": self.shot}
        marks = [mark for mark in ("favourite", "pinned") if getattr(self.node, mark)]
        kept = {"name": self.name, **place, "stage": self.node.stage, "kind": self.node.kind, "marks": marks}
        return {**kept, "node": str(self.node.id), "asset": self.asset.id, "from": self.node.facts.get("from")}


class ExportPackage(Action):
    """List what goes into a package and where to get it: the favourites (or pinned, selected, all) pictures, clips and sounds of a selection.

    The zip holds one folder; its files are named by a rule such as '{project}-{shot:03}-{stage}-{n}'.
    """

    type: Literal["export.package"] = "export.package"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=frozenset({"agent", "pro", "draft"}))
    says: ClassVar = ("把收藏的图打包下载", "Package the favourites as a zip")

    what: What = "favourites"
    shots: Shots | None = None
    drafts: Drafts | None = None
    board: BoardRef = ""
    nodes: tuple[UUID, ...] = Field(default=(), max_length=200, description="Only these, whatever their marks.")
    rule: str = Field(
        default="",
        description=f"How files are named. In a project {STORY_RULE}, with: {', '.join(STORY_FIELDS)}. "
        f"In a draft space {DRAFT_RULE}, with: {', '.join(DRAFT_FIELDS)}.",
    )

    def reads(self) -> Reads:
        """The selection with all that was made for it."""
        if self.nodes:
            return Reads(node_ids=self.nodes, sources=True)
        return Reads(
            shots=(self.shots or "all",), drafts=(self.drafts or EVERYWHERE,), board=self.board, nodes="all", sources=True
        )

    def plan(self, view: GraphView) -> Plan:
        """A query has none."""
        raise NotImplementedError

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The folder's name, the files and the address of the zip."""
        entries = self.entries(view)
        asked = self.model_dump(mode="json", exclude_defaults=True, exclude={"type"})
        return {
            "folder": self.folder(view),
            "count": len(entries),
            "files": [entry.told() for entry in entries[:LISTED]],
            "url": f"/v1/workspaces/{view.workspace_id}/package" + (f"?{urlencode(asked, doseq=True)}" if asked else ""),
        }

    def folder(self, view: GraphView) -> str:
        """The one folder that all files are in."""
        return safe(view.workspace.name)

    def entries(self, view: GraphView) -> list[Entry]:
        """The files, in order of their shots or drafts.

        Raises:
            BadInput: the rule is none, or nothing is marked so.
        """
        fields = DRAFT_FIELDS if view.is_draft_space else STORY_FIELDS
        rule = checked_rule(self.rule or (DRAFT_RULE if view.is_draft_space else STORY_RULE), fields)
        chosen = self._chosen(view)
        if not chosen:
            raise BadInput(_none(self.what), nothing=True)
        if len(chosen) > MOST_FILES:
            raise BadInput(f"a package holds at most {MOST_FILES} files, these are {len(chosen)}; take fewer at a time")
        counted: Counter[tuple[Any, str]] = Counter()
        stems: list[tuple[str, str]] = []
        for node in chosen:
            counted[node.owner_id, node.stage] += 1
            asset = view.assets[node.asset_id or ""]
            stems.append((named(rule, _values(view, node, counted[node.owner_id, node.stage])), ending_of(asset.media_type)))
        return [_entry(view, name, node) for name, node in zip(unique(stems), chosen, strict=True)]

    def _chosen(self, view: GraphView) -> list[Node]:
        items = {} if self.nodes else {item.id: place for place, item in enumerate(self._items(view))}
        wanted = set(self.nodes)
        selected = {node for item in view.all(WorkItem) for slot in SLOTS if (node := item.selected(slot))}
        found = [node for node in view.all(Node) if node.asset_id in view.assets and not node.discarded]
        if wanted:
            kept = [node for node in found if node.id in wanted]
        else:
            of_film = self.shots is None and not view.is_draft_space
            here = [
                node
                for node in found
                if node.work_item_id in items or (of_film and node.episode_id == view.episode_id and node.episode_id)
            ]
            kept = [node for node in here if self._is(node, node.id in selected)]
        return sorted(
            kept, key=lambda node: (items.get(node.owner_id, -1), node.stage, _came(view, node), node.cell or 0, str(node.id))
        )

    def _items(self, view: GraphView) -> Sequence[WorkItem]:
        if view.is_draft_space:
            return drafts_at(view, self.drafts or EVERYWHERE, self.board)
        if self.drafts or self.board:
            raise BadInput("a project has shots; drafts lie in a draft space", field="drafts")
        return view.at(self.shots or "all")

    def _is(self, node: Node, selected: bool) -> bool:  # noqa: FBT001 - a private rule
        return {"favourites": node.favourite, "pinned": node.pinned, "selected": selected, "all": True}[self.what]


def _none(what: What) -> str:
    if what == "all":
        return "there is nothing to package yet"
    marked = {"favourites": "marked as a favourite", "pinned": "pinned", "selected": "selected"}[what]
    return f"nothing is {marked} there; mark something first, or package all"


def _came(view: GraphView, node: Node) -> int:
    facts = view.facts.get(node.id)
    return facts.seq if facts else 0


def _entry(view: GraphView, name: str, node: Node) -> Entry:
    item = view.find(WorkItem, node.work_item_id)
    number = view.number(item.id) if item else None
    is_draft = item is not None and item.kind == "draft"
    board = view.find(Board, item.board_id) if item else None
    shot, draft = (None, number) if is_draft else (number, None)
    return Entry(name, node, view.assets[node.asset_id or ""], shot, draft, board.title if board else "")


def _values(view: GraphView, node: Node, count: int) -> dict[str, Any]:
    item = view.find(WorkItem, node.work_item_id)
    number = view.number(item.id) if item else 0
    scenes = {scene.id: place for place, scene in enumerate(view.scenes(), 1)} if item and item.scene_id else {}
    board = view.find(Board, item.board_id) if item else None
    track = view.find(Track, node.track_id)
    return {
        "project": view.workspace.name,
        "episode": view.episode.title if view.episode_id else "",
        "scene": scenes.get(item.scene_id, 0) if item and item.scene_id else 0,
        "shot": number,
        "draft": number,
        "board": board.title if board else "",
        "label": item.label if item else "",
        "stage": node.stage or node.kind,
        "kind": node.kind,
        "track": track.name if track else "",
        "take": node.take,
        "cell": 0 if node.cell is None else node.cell + 1,
        "n": count,
    }
