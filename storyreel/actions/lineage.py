"""Where made things come from: lineage, tracks, two of them side by side; and what is stale and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Kind, Policy, Role, Shot, Shots
from storyreel.actions.made import Teller, chain_of, descendants_of, picture_of, request_in
from storyreel.actions.reads import Reads
from storyreel.actions.words_lineage import cause_words, part_words
from storyreel.model.errors import BadInput
from storyreel.model.ops import flatten
from storyreel.model.rows import Node, NodeRef, Track, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.quality_words import quality_of
from storyreel.pipeline.seen import film_seen, shots_seen
from storyreel.pipeline.stages.why import Cause, StalePart, differences, stale_film, stale_parts

# How many of a node's descendants, or of what uses it, are told one by one.
MOST = 200
MARKS = ("favourite", "pinned", "discarded", "to_compare")
# What is measured of a made thing, as far as its facts hold it.
MEASURED = (
    "score",
    "confidence",
    "sharpness",
    "exposure",
    "colour",
    "noise",
    "overrun_s",
    "loudness_lufs",
    "duration_s",
    "frames",
)
LOOKS = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=frozenset({"agent", "pro", "draft"}))

PICTURE_KINDS = frozenset({"grid", "image", "edit"})


class NodeLineage(Action):
    """Why a picture, clip or sound looks as it does: what it was made from, step by step, with prompts, references and who asked."""

    type: Literal["node.lineage"] = "node.lineage"
    policy: ClassVar = LOOKS
    says: ClassVar = ("这张图为什么是这样？", "Why does this picture look like this?")

    node: UUID = Field(description="The node's id.")

    def reads(self) -> Reads:
        """The node with all its kin, and what they came from."""
        return Reads(node_ids=(self.node,), lineage_of=(self.node,), refs=True, sources=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The chain from the root to the node, what came of it, and what uses it."""
        node = view.get(Node, self.node)
        tell = Teller(view)
        chain = [tell.told(one) for one in chain_of(view, node)]
        came = descendants_of(view, node)
        uses = [ref for ref in view.all(NodeRef) if ref.source_node_id == node.id]
        return {
            "node": str(node.id),
            "chain": chain,
            "descendants": {"count": len(came), "nodes": [tell.line(one) for one in came[:MOST]]},
            "quality": _quality(node, came),
            "used_by": {
                "count": len(uses),
                "nodes": [
                    {**tell.line(user), "role": ref.role, "note": ref.note}
                    for ref in uses[:MOST]
                    if (user := view.find(Node, ref.node_id)) is not None
                ],
            },
        }


class CompareNodes(Action):
    """Two made things side by side: what differs in prompt, parameters, references and measured quality."""

    type: Literal["node.compare"] = "node.compare"
    policy: ClassVar = LOOKS
    says: ClassVar = ("比较这两张图", "Compare these two pictures")

    node: UUID = Field(description="One node's id.")
    other: UUID = Field(description="The other's.")

    def reads(self) -> Reads:
        """Both with what they came from."""
        return Reads(node_ids=(self.node, self.other), lineage_of=(self.node, self.other), refs=True, sources=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Both, the nearest they both come from, and what differs from the first to the second."""
        if self.node == self.other:
            raise BadInput("a node cannot be compared with itself; name two")
        one, two = view.get(Node, self.node), view.get(Node, self.other)
        tell = Teller(view)
        return {
            "nodes": [tell.told(one), tell.told(two)],
            "common": _common(view, one, two),
            **_differing(view, one, two),
        }


class ListTracks(Action):
    """The tracks of a shot or draft: where each began, its newest, how many it holds, its marks, which is the main one; its pictures."""

    type: Literal["track.list"] = "track.list"
    policy: ClassVar = LOOKS
    says: ClassVar = ("这个镜头有哪些方案？", "Which plans are there for this shot?")

    shot: Shot = Field(description="One shot: its number, 'last', its label; or the id of a shot or draft.")

    def reads(self) -> Reads:
        """The shot or draft with all that was made for it."""
        item = _id(self.shot)
        return Reads(owner_ids=(item,), sources=True) if item else Reads(shots=(self.shot,), nodes="all", sources=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """A line each, in the order in which they began; and the newest pictures on them, in the order they came."""
        item_id = _id(self.shot)
        item = view.get(WorkItem, item_id) if item_id else view.one(self.shot)
        return {
            "shot": view.number(item.id),
            "id": str(item.id),
            "label": item.label,
            "tracks": tracks_of(view, item),
            "pictures": _pictures(view, item),
        }


class StaleShots(Action):
    """What is no longer what would be made today, and which input changed; nothing is made by asking."""

    type: Literal["shot.stale"] = "shot.stale"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    aliases: ClassVar = ("gen.stale",)
    says: ClassVar = ("什么过期了？", "What is stale, and why?")

    shots: Shots = "all"

    def reads(self) -> Reads:
        """The shots with what they have selected, and what that was made from."""
        return Reads(shots=(self.shots,), nodes="selected", sources=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Shots with their stale parts, and of the whole film its music and itself."""
        if view.episode_id is None:
            return {"checked": 0, "shots": [], "film": []}
        sources = {key: row for key, row in view.rows.get(Node.table, {}).items() if isinstance(row, Node)}
        seen = shots_seen(view, view.at(self.shots))
        found = [(shot.number, part) for shot in seen for part in stale_parts(shot, sources)]
        film = stale_film(film_seen(view, seen), found) if self.shots == "all" else ()
        names = _names(view)
        shots: dict[int, list[dict[str, Any]]] = {}
        for number, part in found:
            shots.setdefault(number, []).append(_part(view, part, names))
        ids = {shot.number: str(shot.shot.id) for shot in seen}
        return {
            "checked": len(seen),
            "shots": [{"shot": number, "id": ids[number], "stale": parts} for number, parts in shots.items()],
            "film": [_part(view, part, names) for part in film],
        }


def _quality(node: Node, came: Sequence[Node]) -> dict[str, Any] | None:
    """What quality control found on a made thing, or on the newest that was made of it."""
    notes = [one for one in (node, *came) if one.kind == "note"]
    return quality_of(notes[-1]) if notes else None


def tracks_of(view: GraphView, item: WorkItem) -> list[dict[str, Any]]:
    """The tracks of a shot or draft, a line each."""
    tell = Teller(view)
    own: dict[UUID, list[Node]] = {}
    for node in sorted(view.all(Node), key=tell.came):
        if node.track_id is not None and node.work_item_id == item.id and node.kind != "note":
            own.setdefault(node.track_id, []).append(node)
    tracks = [track for track in view.all(Track) if track.work_item_id == item.id]
    picture = view.find(Node, item.picture_node_id)
    main = picture.track_id if picture is not None else None
    order = {track.id: tell.came(own[track.id][0]) if track.id in own else 0 for track in tracks}
    return [
        _track(view, tell, track, own.get(track.id, ()), main=track.id == main)
        for track in sorted(tracks, key=lambda track: (track.kind != "picture", track.kind, order[track.id], track.name))
    ]


def _pictures(view: GraphView, item: WorkItem) -> list[dict[str, Any]]:
    """The pictures and sheets that are not put aside, the newest `MOST`."""
    tell = Teller(view)
    made = [node for node in view.all(Node) if node.work_item_id == item.id and node.kind in PICTURE_KINDS and not node.discarded]
    return [tell.line(node) for node in sorted(made, key=lambda node: (tell.came(node), node.cell or 0))[-MOST:]]


def _track(view: GraphView, tell: Teller, track: Track, nodes: Sequence[Node], *, main: bool) -> dict[str, Any]:
    origin = view.find(Node, track.origin_node_id)
    return {
        "id": str(track.id),
        "name": track.name,
        "kind": track.kind,
        "main": main,
        "began": None if origin is None else tell.line(origin),
        "newest": tell.line(nodes[-1]) if nodes else None,
        "nodes": len(nodes),
        "marks": {mark: sum(bool(getattr(node, mark)) for node in nodes) for mark in MARKS},
    }


def _part(view: GraphView, part: StalePart, names: dict[str, str]) -> dict[str, Any]:
    return {
        "slot": part.slot,
        "stage": part.stage,
        "node": str(part.node_id),
        "changes": [_told(cause) for cause in part.causes],
        "follows": list(part.follows),
        "words": {language: part_words(part, language, names, view.fps) for language in ("zh", "en")},
    }


def _told(cause: Cause) -> dict[str, Any]:
    return {"what": cause.what, "whose": cause.whose, "name": cause.name, "before": cause.before, "after": cause.after}


def _names(view: GraphView) -> dict[str, str]:
    """Made things as a person counts them."""
    return {str(node): f"#{facts.number}" for node, facts in view.facts.items()}


def _common(view: GraphView, one: Node, two: Node) -> dict[str, Any] | None:
    """The nearest node that both come from."""
    known = {node.id for node in chain_of(view, one)}
    shared = [node for node in chain_of(view, two) if node.id in known]
    return Teller(view).line(shared[-1]) if shared else None


def _differing(view: GraphView, one: Node, two: Node) -> dict[str, Any]:
    was, now = request_in(view, one), request_in(view, two)
    causes = [cause for cause in differences(was, now) if cause.what not in ("prompt", "motion", "reference")]
    tell = Teller(view)
    references = [tell.references(node) for node in (one, two)]
    here, there = ([_name(ref) for ref in refs] for refs in references)
    measured = {
        field: [one.facts.get(field), two.facts.get(field)]
        for field in MEASURED
        if one.facts.get(field) != two.facts.get(field) and (field in one.facts or field in two.facts)
    }
    return {
        "prompt": prompt_difference(tell.prompt(one), tell.prompt(two)),
        "parameters": [
            {**_told(cause), "words": {language: cause_words(cause, language, fps=view.fps) for language in ("zh", "en")}}
            for cause in causes
        ],
        "facts": {
            name: [one.facts.get(name), two.facts.get(name)]
            for name in ("provider", "model", "seed")
            if one.facts.get(name) != two.facts.get(name)
        },
        "references": {
            "only_first": [ref for ref, name in zip(references[0], here, strict=True) if name not in there],
            "only_second": [ref for ref, name in zip(references[1], there, strict=True) if name not in here],
        },
        "quality": measured,
        "pictures": [picture_of(one), picture_of(two)],
    }


def prompt_difference(before: str, after: str) -> dict[str, Any] | None:
    """Two prompts by their phrases: what only the first says, and what only the second does; None where they are the same."""
    if before == after:
        return None
    was, now = _phrases(before), _phrases(after)
    return {
        "before": before,
        "after": after,
        "gone": [phrase for phrase in was if phrase not in now],
        "new": [phrase for phrase in now if phrase not in was],
    }


def _phrases(prompt: str) -> list[str]:
    for mark in "，。；、,;.\n":
        prompt = prompt.replace(mark, "\n")
    return list(dict.fromkeys(part.strip() for part in prompt.split("\n") if part.strip()))


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def _name(reference: dict[str, Any]) -> tuple[Any, ...]:
    return (reference["role"], *flatten(reference["source"]).values())
