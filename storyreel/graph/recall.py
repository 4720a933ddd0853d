"""What a message recalls: the facts, settings, styles and drafts that its words or its subjects call up, the nearest first.

Each look is bounded, so that a long project is recalled at the cost of a short one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.rows import among, in_workspace, read
from storyreel.graph.shots import row_of
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import Memory, Node, Row, StylePreset, Track, WorkItem, WorldSetting
from storyreel.runtime.database import statement

# Where facts and settings match nothing, the words that are searched for are none.
RANKED = "case when :{1} = '' then 0 else ts_rank(search_vector({0}), search_query(:{1})) end"
FOUND = "(:{1} <> '' and search_vector({0}) @@ search_query(:{1}))"
MEMORY = f"""
    select to_jsonb(m) as row, coalesce(m.about_id = any(cast(:ids as uuid[])), false) as subject, {RANKED.format("m.fact", "words")} as rank
    from memory m where m.workspace_id = :ws and not m.removed
        and (m.about_id is null or m.about_id = any(cast(:ids as uuid[])) or {FOUND.format("m.fact", "words")})
    order by subject desc, rank desc, m.kind not in ('preference', 'decision'), m.id limit :facts
"""  # noqa: S608 - made of constants
SETTINGS = f"""
    select to_jsonb(s) as row, position(lower(s.name) in lower(:said)) > 0 as subject, {RANKED.format("s.name || ' ' || s.body", "wider")} as rank
    from world_setting s where s.workspace_id = :ws and not s.removed
        and (position(lower(s.name) in lower(:said)) > 0 or {FOUND.format("s.name || ' ' || s.body", "wider")})
    order by subject desc, rank desc, s.id limit :settings
"""  # noqa: S608 - made of constants
STYLES = """
    select to_jsonb(s) as row from style_preset s
    where s.workspace_id = :ws and not s.removed and position(lower(s.name) in lower(:said)) > 0 order by s.name limit :styles
"""
CALLED_UP = f"""
    select (select coalesce(json_agg(x), '[]') from ({MEMORY}) x) as facts,
        (select coalesce(json_agg(x), '[]') from ({SETTINGS}) x) as settings,
        (select coalesce(json_agg(x), '[]') from ({STYLES}) x) as styles
"""  # noqa: S608 - made of constants
DRAFTS = """
    select row_number() over (partition by b.id order by w.order_key, w.id) as number, w.label, w.id, b.title as board,
        w.spec -> 'tags' as tags, w.spec #>> '{picture,subject}' as prompt, w.picture_node_id is not null as made
    from work_item w join board b on b.workspace_id = w.workspace_id and b.id = w.board_id and not b.removed
    where w.workspace_id = :ws and w.kind = 'draft' and not w.removed
    order by (position(lower(w.label) in lower(:said)) > 0) desc, b.order_key, b.id, w.order_key, w.id limit :limit
"""
TEMPLATES = "select name from prompt_template where workspace_id = :ws and not removed order by name limit :limit"
PLACE = """
    select to_jsonb(w) as item, (select to_jsonb(t) from track t where t.workspace_id = :ws and t.id = cast(:track as uuid)) as track,
        (select to_jsonb(n) from node n where n.workspace_id = :ws and n.id = cast(:node as uuid)) as node, e.id as episode,
        (select count(*) from work_item o join scene x on x.workspace_id = o.workspace_id and x.id = o.scene_id and not x.removed
            where o.workspace_id = :ws and x.episode_id = e.id and not o.removed
                and (x.order_key, x.id, o.order_key, o.id) <= (s.order_key, s.id, w.order_key, w.id)) as number
    from work_item w
    left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    left join episode e on e.workspace_id = s.workspace_id and e.id = s.episode_id
    where w.workspace_id = :ws and not w.removed and w.id = coalesce(cast(:item as uuid),
        (select work_item_id from track where workspace_id = :ws and id = cast(:track as uuid)),
        (select work_item_id from node where workspace_id = :ws and id = cast(:node as uuid)))
"""


@dataclass(frozen=True)
class Recalled:
    """A row that a message called up; `subject` is whether it is about what the message names."""

    row: Memory | WorldSetting
    subject: bool


@dataclass(frozen=True)
class Place:
    """A work item with a track and a node of it. `number` is the shot's, `episode_id` its film's; a draft has neither."""

    item: WorkItem
    track: Track | None = None
    node: Node | None = None
    number: int | None = None
    episode_id: UUID | None = None


@dataclass(frozen=True)
class CalledUp:
    """What a message calls up of what is kept: facts, world settings and style presets, the nearest first."""

    facts: tuple[Recalled, ...] = ()
    settings: tuple[Recalled, ...] = ()
    styles: tuple[StylePreset, ...] = ()


async def called_up(
    conn: AsyncConnection,
    workspace_id: UUID,
    *,
    said: str,
    ids: Sequence[UUID],
    words: str,
    wider: str,
    most: tuple[int, int, int],
) -> CalledUp:
    """Facts, settings and styles for what was said of the rows `ids`, at most so many of each.

    Facts are found by `words` ("a or b") and settings by the `wider` words; the project's own facts come last. Settings and styles
    that are named in what was said come first.
    """
    facts, settings, styles = most
    limits = {"facts": facts, "settings": settings, "styles": styles}
    (found,) = await _rows(conn, CALLED_UP, ws=workspace_id, said=said, ids=list(ids), words=words, wider=wider, **limits)
    return CalledUp(
        facts=tuple(_recalled(Memory, found["facts"])),
        settings=tuple(_recalled(WorldSetting, found["settings"])),
        styles=tuple(row_of(StylePreset, one["row"]) for one in found["styles"]),
    )


async def memories(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID], words: str, limit: int) -> list[Recalled]:
    """Facts about the rows `ids` first, then those that hold any of the words ("a or b"), then the project's own."""
    return _recalled(Memory, await _rows(conn, MEMORY, ws=workspace_id, ids=list(ids), words=words, facts=limit))


async def drafts(conn: AsyncConnection, workspace_id: UUID, said: str, limit: int) -> list[dict[str, Any]]:
    """Drafts by board, those that are named first: number on the board, label, tags, id, board, prompt, whether there is a picture."""
    found = await _rows(conn, DRAFTS, ws=workspace_id, said=said, limit=limit)
    return [{**one, "id": str(one["id"])} for one in found]


async def templates(conn: AsyncConnection, workspace_id: UUID, limit: int) -> list[str]:
    """The names of prompt templates."""
    return [one["name"] for one in await _rows(conn, TEMPLATES, ws=workspace_id, limit=limit)]


async def seen(
    conn: AsyncConnection, workspace_id: UUID, track_id: UUID | None, node_id: UUID | None
) -> dict[str, dict[UUID, Row]]:
    """The track and the node that a person looks at, by table; what is not there is left out."""
    found: dict[str, dict[UUID, Row]] = {}
    for kind, row_id in ((Track, track_id), (Node, node_id)):
        if row_id is not None:
            found[kind.table] = dict(await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "id", [row_id])))
    return found


async def place(
    conn: AsyncConnection, workspace_id: UUID, work_item_id: UUID | None, track_id: UUID | None, node_id: UUID | None
) -> Place:
    """The work item that is meant, by its own id or through a track or a node of it.

    Raises:
        NotFound: one of them is not in this project, or was removed.
        BadInput: the track or the node is of another work item, or the node of another track.
    """
    found = await _rows(conn, PLACE, ws=workspace_id, item=work_item_id, track=track_id, node=node_id)
    if not found:
        raise NotFound("there is no such shot or draft in this project", work_item=str(work_item_id or ""))
    one = found[0]
    item = row_of(WorkItem, one["item"])
    track = row_of(Track, one["track"]) if one["track"] else None
    node = row_of(Node, one["node"]) if one["node"] else None
    for wanted, row, name in ((track_id, track, "track"), (node_id, node, "node")):
        if wanted is not None and (row is None or row.removed):
            raise NotFound(f"there is no {name} {wanted} in this project")
        if row is not None and row.work_item_id != item.id:
            raise BadInput(f"this {name} is of another shot; leave the shot out, or name a {name} of it")
    if track is not None and node is not None and node.track_id not in {None, track.id}:
        raise BadInput("this node lies on another track; leave the track out, or name a node of it")
    return Place(item, track, node, one["number"] if one["episode"] else None, one["episode"])


def _recalled(kind: type[Memory | WorldSetting], found: Sequence[Mapping[str, Any]]) -> list[Recalled]:
    return [Recalled(row_of(kind, one["row"]), bool(one["subject"])) for one in found]


async def _rows(conn: AsyncConnection, query: str, **values: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in (await conn.execute(statement(query), values)).mappings()]
