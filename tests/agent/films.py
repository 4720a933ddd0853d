"""Films to talk about: empty, eight shots in two scenes, and the same rendered and joined."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Asked
from storyreel.model.ids import derive
from storyreel.model.sheet import Sheet
from storyreel.runtime.tables import metadata
from tests.agent.conftest import Talker

tables = metadata.tables
PEOPLE = {"zh": ("安娜", "老陈"), "en": ("Anna", "Bob")}
SUBJECTS = {
    "zh": ("灯塔在雨里", "老陈走上楼梯", "安娜点灯", "海浪打来", "小船靠岸", "两人见面", "灯还亮着", "天亮了"),
    "en": (
        "a lighthouse in the rain",
        "Bob climbs the stairs",
        "Anna lights the lamp",
        "waves break",
        "a boat lands",
        "the two meet",
        "the lamp still burns",
        "day breaks",
    ),
}
SPOKEN = {"zh": {2: "我会守住它。", 5: "你回来了。"}, "en": {2: "I will keep it.", 5: "You came back."}}
CAST = {0: (0,), 1: (1,), 2: (0,), 5: (0, 1)}
SHOTS, SECONDS, FPS = 8, 4, 24


async def film(talker: Talker, language: str = "en", *, rendered: bool = False) -> None:
    """Eight shots of four seconds in two scenes, with two people; shots 3 and 6 have a line."""
    people = PEOPLE[language]
    shots = [_shot(n, language, people) for n in range(SHOTS)]
    await talker.do(
        ("project.update_meta", {"name": "The Lamp", "language": language} if language == "zh" else {"name": "The Lamp"}),
        *(("character.create", {"name": name}) for name in people),
        Asked(type="scene.add", args={"title": "One", "place": "lighthouse"}, name="one"),
        Asked(type="scene.add", args={"title": "Two", "place": "sea"}, name="two"),
        ("shot.bulk_add", {"shots": shots}),
    )
    if rendered:
        await render(talker)


def _shot(index: int, language: str, people: tuple[str, ...]) -> dict[str, Any]:
    said = SPOKEN[language].get(index)
    return {
        "scene": "$one" if index < SHOTS // 2 else "$two", "duration_s": SECONDS, "picture": {"subject": SUBJECTS[language][index]},
        "cast": [{"character": people[n]} for n in CAST.get(index, ())], "lines": [{"speaker": people[0], "text": said}] if said else [],
    }  # fmt: skip


async def render(talker: Talker) -> None:
    """As if the workers had been: four pictures and a finished segment a shot, and a film."""
    view = await talker.view()
    async with talker.door.database.begin() as conn:
        asset = "a" * 64
        await conn.execute(
            sql("insert into asset (workspace_id, id, media_type, size_bytes) values (:ws, :a, 'image/png', 1)"),
            {"ws": talker.workspace_id, "a": asset},
        )
        for shot in view.shots():
            ids = [uuid4() for _ in range(5)]
            for cell, node in enumerate(ids[:4]):
                await conn.execute(
                    sql(NODE),
                    {
                        "ws": talker.workspace_id,
                        "id": node,
                        "kind": "image",
                        "shot": shot.id,
                        "stage": "grid",
                        "cell": cell,
                        "a": asset,
                    },
                )
            await conn.execute(
                sql(NODE),
                {
                    "ws": talker.workspace_id,
                    "id": ids[4],
                    "kind": "final",
                    "shot": shot.id,
                    "stage": "compose",
                    "cell": None,
                    "a": asset,
                },
            )
            await conn.execute(
                sql("update work_item set picture_node_id = :p, final_node_id = :f where workspace_id = :ws and id = :id"),
                {"ws": talker.workspace_id, "id": shot.id, "p": ids[0], "f": ids[4]},
            )
        film_node = uuid4()
        await conn.execute(
            sql(
                "insert into node (workspace_id, id, kind, episode_id, stage, asset_id) values (:ws, :id, 'film', :e, 'film', :a)"
            ),
            {"ws": talker.workspace_id, "id": film_node, "e": view.episode.id, "a": asset},
        )
        await conn.execute(
            sql("update episode set film_node_id = :f where workspace_id = :ws and id = :e"),
            {"ws": talker.workspace_id, "f": film_node, "e": view.episode.id},
        )


NODE = (
    "insert into node (workspace_id, id, kind, work_item_id, stage, cell, asset_id)"
    " values (:ws, :id, cast(:kind as node_kind), :shot, :stage, :cell, :a)"
)


async def draw(talker: Talker, *, fails: bool = False) -> None:
    """As if the workers had been: what the open sheets ask for is there, on its track, with what helped; or they have failed."""
    async with talker.door.database.begin() as conn:
        given = {"ws": talker.workspace_id}
        asked = await conn.execute(
            sql("select * from task where workspace_id = :ws and kind = 'sheet' and state = 'pending' order by created_at"), given
        )
        for task in asked.mappings().all():
            if not fails:
                await _sheet(conn, talker.workspace_id, dict(task))
            for state in ("running", "failed" if fails else "succeeded"):
                await conn.execute(
                    sql("update task set state = cast(:state as task_state) where workspace_id = :ws and id = :id"),
                    {**given, "id": task["id"], "state": state},
                )


async def _first_track(conn: AsyncConnection, workspace_id: UUID, shot: UUID) -> UUID:
    """The track of a shot's pictures, under the id that everybody derives."""
    track = derive(shot, "track", "picture")
    row = {"workspace_id": workspace_id, "id": track, "work_item_id": shot, "kind": "picture", "name": "A"}
    await conn.execute(insert(tables["track"]).values(**row).on_conflict_do_nothing())
    return track


async def _sheet(conn: AsyncConnection, workspace_id: UUID, task: dict[Any, Any]) -> None:
    sheet = Sheet.model_validate(task["sheet"])
    count = sheet.rows * sheet.cols
    owner = {name: task[name] for name in ("work_item_id", "character_id", "scene_look_id")}
    track = sheet.track_id or await _first_track(conn, workspace_id, task["work_item_id"])
    common = {**owner, "workspace_id": workspace_id, "stage": "sheet", "track_id": track}
    ids = [uuid4() for _ in range(count + (count > 1))]
    for place, node in enumerate(ids):
        asset = uuid4().hex * 2
        await conn.execute(
            tables["asset"].insert().values(workspace_id=workspace_id, id=asset, media_type="image/png", size_bytes=1)
        )
        first = place == 0
        made = {
            "id": node, "asset_id": asset, "kind": "grid" if first and count > 1 else "image",
            "parent_id": sheet.parent_id if first else ids[0], "cell": None if first else place - 1,
        }  # fmt: skip
        await conn.execute(tables["node"].insert().values(**common, **made))
    used = (
        await conn.execute(
            tables["work_item_asset"].select().where(
                tables["work_item_asset"].c.work_item_id == task["work_item_id"], ~tables["work_item_asset"].c.removed
            )
        )
    ).mappings()  # fmt: skip
    helped = [(one.node_id, one.asset_id, one.role, one.note) for one in sheet.references]
    for node, asset, role, note in [*helped, *((use["node_id"], use["asset_id"], use["role"], use["note"]) for use in used)]:
        source = {"source_node_id": node} if node else {"source_asset_id": asset}
        row = {"workspace_id": workspace_id, "id": uuid4(), "node_id": ids[0], "role": role, "note": note, **source}
        await conn.execute(tables["node_ref"].insert().values(**row))
