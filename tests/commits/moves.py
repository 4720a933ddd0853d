"""One way to ask for each action of the catalogue that changes something, drawn from how the project stands.

A move gives the action's arguments, or None where there is nothing to do it with. What it asks for may still be refused: the rules are
the product's, not the table's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storyreel.model.rows import (
    Board,
    Canvas,
    Character,
    Memory,
    Node,
    PromptTemplate,
    SceneLook,
    StylePreset,
    Track,
    WorkItem,
)
from storyreel.model.view import GraphView

Args = dict[str, Any]
TIMES = ("dawn", "day", "dusk", "night")
MOODS = ("tense", "calm", "epic")
PEOPLE = ("Anna", "Bo", "Person 1", "Person 2")


@dataclass
class Ground:
    """What a move may draw from: chance, the whole graph as it stands, the assets that are there, and a draft of another space."""

    chance: random.Random
    view: GraphView
    assets: Sequence[str]
    elsewhere: tuple[UUID, UUID] | None = None

    def one(self, of: Sequence[Any]) -> Any:
        return self.chance.choice(of) if of else None

    @property
    def shots(self) -> int:
        return max(1, len(self.view.shots()))

    def number(self) -> str:
        # One more than there are, so that what is not there is asked for too.
        return str(self.chance.randint(1, self.shots + 1))

    def range(self) -> str:
        low, high = sorted((self.chance.randint(1, self.shots), self.chance.randint(1, self.shots)))
        return f"{low}-{high}"

    def scene(self) -> str:
        return self.one(["1", "2", "last"])

    def who(self) -> str:
        return self.one([person.name for person in self.view.all(Character)] or ["Nobody"])

    def node(self, *kinds: str) -> str | None:
        owners = {row.id for kind in (WorkItem, Character, SceneLook) for row in self.view.all(kind)}
        found = [str(node.id) for node in self.view.all(Node) if node.owner_id in owners and (not kinds or node.kind in kinds)]
        return self.one(found)

    def named(self, kind: type[Any]) -> str | None:
        return self.one([row.name for row in self.view.all(kind)])

    def asset(self) -> str | None:
        return self.one(self.assets)

    def board(self) -> str:
        return self.one([board.title for board in self.view.all(Board)] or [""])

    def text(self) -> str:
        return f"words {self.chance.randint(1, 9)}"

    def drafts(self) -> Args:
        """A draft by its number on its board."""
        board = self.one(self.view.all(Board) or [None])
        lying = [item for item in self.view.all(WorkItem) if board is not None and item.board_id == board.id]
        return {"board": board.title if board else "", "drafts": str(self.chance.randint(1, max(1, len(lying))))}


Move = Callable[[Ground], Args | None]


def _with(**given: Any) -> Args | None:
    """The arguments, or None where one that is needed is not there."""
    return None if any(value is None for value in given.values()) else given


def _shot_update(g: Ground) -> Args:
    return g.one(
        [
            {"shots": g.range(), "picture": {"time": g.one(TIMES), "mood": g.one(MOODS)}},
            {"shots": "all", "camera": {"pace": g.one(["faster", "slower"])}, "scale_length": 0.9},
            {"shots": g.number(), "lines": [{"text": f"Line {g.chance.random()}"}] * g.chance.randint(0, 3)},
            {"shots": g.number(), "cast_add": [{"character": g.who(), "emotion": "happy"}]},
            {"shots": g.number(), "cast_remove": [g.who()]},
            {"shots": g.number(), "status": g.one(["draft", "locked", "approved"])},
            {"shots": g.number(), "notes": g.text()},
        ]
    )


def _shot_add(g: Ground) -> Args:
    shot = {"duration_s": g.one([0.5, 2]), "picture": {"subject": g.text()}}
    several = {"shots": [shot] * g.chance.randint(1, 3)} if g.chance.random() < 0.3 else {"shot": shot}
    return {**several, "after": g.number(), "keep_total": g.chance.random() < 0.3}


def _grid(g: Ground) -> Args | None:
    start = _with(node=g.node("image"), rows=3, cols=3)
    of_draft = g.view.workspace.kind == "draft_space"
    return start if of_draft or (start and g.chance.random() < 0.5) else {"shots": g.number()}


def _merge(g: Ground) -> Args:
    first = g.chance.randint(1, max(1, g.shots - 1))
    return {"shots": f"{first}-{first + 1}"}


def _doc(g: Ground) -> Args:
    table, which = g.one(
        [
            ("world_setting", "Sea"),
            ("prompt_template", "Poster"),
            ("episode", ""),
            ("scene", g.scene()),
            ("shot", g.number()),
            ("character", g.who()),
            ("script", ""),
        ]
    )
    return {"table": table, "which": which, "text": g.one(["A {subject} at sea.", g.text()])}


def _delete(g: Ground) -> Args | None:
    fact = g.one([str(row.id) for row in g.view.all(Memory)])
    kinds: Args = {"canvas": g.named(Canvas), "memory": fact}
    if g.view.workspace.kind == "narrative_project":
        # The film that the moves are about is kept, mostly.
        scene, episode = g.shots > 4 and g.chance.random() < 0.3, g.chance.random() < 0.05
        kinds |= {
            "character": g.who(),
            "look": g.named(SceneLook),
            "scene": "last" if scene else None,
            "episode": "" if episode else None,
        }
    kind = g.one(list(kinds))
    return _with(kind=kind, which=kinds[kind])


def _canvas(g: Ground) -> Args:
    name = g.named(Canvas) if g.chance.random() < 0.6 else None
    nodes = {f"n{g.chance.randint(1, 3)}": {"type": "note", "x": g.chance.randint(0, 99), "y": 1, "text": g.text()}}
    kind = g.one(["planning", "production"] if g.view.workspace.kind == "narrative_project" else ["reference", "pick"])
    return (
        {"canvas": name, "nodes": nodes} if name else {"name": f"Canvas {g.chance.randint(1, 3)}", "kind": kind, "nodes": nodes}
    )


def _rollback(g: Ground) -> Args:
    to = str(max(1, g.view.revision - g.chance.randint(1, 4)))
    part = g.one([{}, {"shots": g.range()}, {"scene": g.scene()}, {"character": g.who()}, {"episode": True}])
    return {"to": to, **(part if g.view.workspace.kind == "narrative_project" else {})}


def _send(g: Ground) -> Args | None:
    if g.elsewhere is None:
        return None
    source, node = g.elsewhere
    to = g.one([{"shot": g.number()}, {"shot": g.number(), "use": "reference"}, {"character": g.who(), "use": "reference"}])
    return {"source": str(source), "nodes": [str(node)], **to}


def _snapshot(g: Ground) -> Args:
    return {"name": f"version {g.chance.randint(1, 99)}", "note": g.text()}


def _memory(g: Ground) -> Args:
    about = g.one([{}, {"about": "character", "which": g.who()}]) if g.view.all(Character) else {}
    return {"fact": f"fact {g.chance.randint(1, 6)}", **about}


def _look(g: Ground) -> Args:
    name, kind = g.one([("pier", "place"), ("street", "place"), ("lamp", "prop")])
    lock = g.one([{}, {"lock": ["description"]}, {"unlock": ["description"]}])
    return {"name": name, "kind": kind, "description": g.text(), **lock}


def _mark(g: Ground) -> Args | None:
    mark = g.one(["favourite", "pinned", "discarded", "to_compare"])
    node = g.node()
    return {"nodes": [node], mark: g.chance.random() < 0.6} if node else None


def _steer(g: Ground) -> Args:
    return g.one([{"verb": verb} for verb in ("cancel", "retry", "pause", "resume")] + [{"verb": "limit", "concurrency": 3}])


# One entry for each action that changes something, whatever the space.
def _edit(g: Ground) -> Args:
    steps: list[Args] = [
        {"step": "trim", "in_s": 0.2, "duration_s": 1},
        {"step": "speed", "factor": g.one([0.5, 2])},
        {"step": "hold", "by_s": 0.5},
        {"step": "grade", "look": g.one(["warm", "cool"])},
        {"step": "remove"},
        {"step": "copy", "source": g.number()},
        {"step": "pacing", "factor": g.one([0.8, 1.5]), "keep_total": g.one([True, False])},
        {"step": "captions", "size": g.one(["small", "large"])},
        {"step": "music", "words": g.text()},
        {"step": "mix", "music_db": g.one([-6, 3])},
        {"step": "ends"},
    ]
    return {"shots": g.one([g.number(), g.range()]), "edit": g.one(steps)}


def _state(g: Ground) -> Args:
    return {"state": "archived" if g.view.workspace.state != "archived" and g.chance.random() < 0.2 else "open"}


MOVES: Mapping[str, Move] = {
    "edit.apply": _edit,
    "export.platform_preset": lambda g: {"platform": g.one(["douyin", "youtube", "reels"])},
    "project.set_state": _state,
    "project.duplicate": lambda g: g.one([{}, {"words": {"street": "harbour"}}, {"characters": {g.who(): {"name": "Somebody"}}}]),
    "project.create": lambda _: {"name": "Again"},
    "project.update_meta": lambda g: g.one(
        [
            {"name": f"Film {g.chance.randint(1, 9)}"},
            {"aspect": g.one(["16:9", "9:16"])},
            {"style": g.one(["neon", "ink"])},
            {"grid_rows": g.chance.randint(1, 3)},
            {"rules": [g.one(["no swords", "no smoking"])]},
        ]
    ),
    "episode.create": lambda g: {"title": f"Part {g.chance.randint(1, 9)}"},
    "episode.update": lambda g: {"title": f"Title {g.chance.randint(1, 9)}", "script": g.one(["A script.", "Another one."])},
    "scene.add": lambda g: {"title": f"Scene {g.chance.random()}", "mood": g.one(MOODS), "after": "1"},
    "scene.update": lambda g: g.one(
        [
            {"scene": g.scene(), "time": g.one(TIMES), "place": g.one(["hill", "pier"])},
            {"scene": "last", "before": "1"},
            {"scene": "1", "mood": g.one(MOODS), "after": "last"},
        ]
    ),
    "character.create": lambda g: {"name": g.one(PEOPLE), "age": "elder"},
    "character.update": lambda g: g.one(
        [
            {"character": g.who(), "look": {"hair": g.one(["long", "bun"])}, "personality": g.text()},
            {"character": g.who(), "locked": g.chance.random() < 0.7},
            {"character": g.who(), "personality": g.text(), "level": g.one(["loose", "strict"])},
        ]
    ),
    "character.attach_reference": lambda g: _with(character=g.who(), asset=g.asset()),
    "look.set": _look,
    "style.save": lambda g: {"name": f"Manner {g.chance.randint(1, 3)}", "style": g.one(["ink", "neon"]), "prompt": g.text()},
    "style.apply": lambda g: _with(name=g.named(StylePreset), **g.one([{}, {"shots": g.range()}, {"scene": g.scene()}])),
    "shot.add": _shot_add,
    "shot.update": _shot_update,
    "shot.split": lambda g: {"shot": g.number()},
    "shot.merge": _merge,
    "shot.reorder": lambda g: {"shots": g.number(), g.one(["before", "after"]): g.number()},
    "shot.delete": lambda g: {"shots": g.number()},
    "shot.follow": lambda g: g.one([{"shots": g.number(), "after": g.number()}, {"shots": g.number()}]),
    "gen.shots": lambda g: g.one(
        [
            {"what": "picture", "shots": g.number(), "again": True},
            {"what": "video", "shots": g.range()},
            {"what": "voice", "shots": g.number()},
            {"what": "sfx", "shots": g.number(), **g.one([{}, {"words": g.text()}])},
        ]
    ),
    "gen.grid": _grid,
    "gen.character": lambda g: {"name": g.who()},
    "gen.music": lambda _: {},
    "gen.compose": lambda _: {},
    "task.steer": _steer,
    "task.review": lambda g: {"verb": g.one(["retry", "skip"]), "shots": g.range()},
    "task.rerun": lambda g: {"run": g.number(), "stage": g.one(["grid", "video", "compose"]), "again": g.chance.random() < 0.5},
    "provider.pause": lambda g: {"provider": "builtin", "held": g.chance.random() < 0.5, "why": g.text()},
    "schedule.set": lambda g: {
        "cron": g.one(["0 2 * * *", "30 6 * * 1"]),
        "actions": [{"type": "gen.shots", "args": {"what": "video", "shots": g.range()}}],
    },
    "schedule.cancel": lambda _: {"which": "all"},
    "budget.set": lambda g: {
        "limit_usd": g.one([None, 5, 20]),
        "ask_usd": g.one([None, 1, 4]),
        "period": g.one(["always", "month"]),
    },
    "node.promote": lambda g: _with(node=g.node("image")),
    "node.derive": lambda g: _with(node=g.node("image"), how=g.one(["continue", "branch", "again"])),
    "grid.recut": lambda g: _with(node=g.node("grid"), rows=2, cols=2),
    "node.reference": lambda g: _with(shots=g.number(), node=g.node("image"), role=g.one(["image", "style"])),
    "node.mark": _mark,
    "node.import": lambda g: _with(shot=g.number(), asset=g.asset(), select=g.chance.random() < 0.7),
    "track.update": lambda g: _with(track=g.one([str(track.id) for track in g.view.all(Track)]), name=g.text()),
    "doc.update": _doc,
    "doc.delete": _delete,
    "memory.save": _memory,
    "canvas.edit": _canvas,
    "asset.import": lambda g: {"assets": [{"asset": g.asset(), "title": g.text(), "tags": ["kept"]}]} if g.assets else None,
    "asset.tag": lambda g: {"assets": [g.asset()], "add": [g.text()], "note": g.text()} if g.assets else None,
    "asset.attach_to_shot": lambda g: _with(asset=g.asset(), shots=g.range(), attached=g.chance.random() < 0.7),
    "board.update": lambda g: g.one([{"title": f"Board {g.chance.randint(1, 9)}"}, {"board": g.board(), "kind": "styles"}]),
    "draft.add": lambda g: {"words": g.text(), "board": g.board(), "tags": ["style:ink"]},
    "draft.update": lambda g: {**g.drafts(), **g.one([{"words": g.text()}, {"words": g.text()}, {"removed": True}])},
    "draft.explore": lambda g: {"words": g.text(), "vary": g.one(["styles", "lights"])},
    "draft.fill": lambda g: _with(template=g.named(PromptTemplate), values={"subject": g.text()}),
    "draft.tag": lambda g: g.drafts(),
    "draft.send": _send,
    "version.snapshot": _snapshot,
    "version.undo": lambda _: {},
    "version.rollback": _rollback,
}
# What is asked in turn by the tests themselves, and so not drawn.
IN_TURN = frozenset({"version.undo"})


def drawn(ground: Ground, names: Sequence[str]) -> tuple[str, Args] | None:
    """One move of those named, or None where it can not be made now."""
    name = ground.one(names)
    args = MOVES[name](ground)
    return None if args is None else (name, args)
