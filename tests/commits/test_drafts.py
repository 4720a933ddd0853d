"""Draft spaces through the door: boards and drafts by the words people use, sheets without a story, templates, tags, and sending."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from storyreel.actions.base import Asked, Role
from storyreel.actions.words import all_said
from storyreel.commits import Actor, Door, EnvelopeRefused
from storyreel.graph.shots import shot_view
from storyreel.model.errors import BadInput, NotFound, OutOfRange, Refused
from storyreel.model.rows import Board, Character, Episode, Node, Use, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.stages.fresh import is_fresh
from tests.commits.conftest import Studio

A, B, C = "a" * 64, "b" * 64, "c" * 64
NOBODY: Any = -1


@pytest.fixture
async def space(door: Door) -> Studio:
    """A draft space with three pictures in it and nothing on its board."""
    made = Studio(door, uuid4())
    await made.ask(("project.create", {"name": "Ideas", "kind": "draft_space"}))
    async with door.database.begin() as conn:
        for asset in (A, B, C):
            await conn.execute(
                text(
                    "insert into asset (workspace_id, id, media_type, size_bytes, width_px, height_px) values (:ws, :a, 'image/png', 9, 8, 8)"
                ),
                {"ws": made.workspace_id, "a": asset},
            )
    return made


@pytest.fixture
async def drafts(space: Studio) -> Studio:
    """The same with three drafts: a pier, a girl, a fox."""
    words = ("a pier on a rainy night", "a girl with a red umbrella, watercolor", "a fox")
    await space.ask(("draft.add", {"drafts": [{"words": one} for one in words]}))
    return space


def on_board(view: GraphView, board: str = "Drafts") -> list[str]:
    (found,) = [one for one in view.all(Board) if one.title == board]
    return [item.spec.picture.subject for item in view.all(WorkItem) if item.board_id == found.id]


def item(view: GraphView, number: int) -> WorkItem:
    (found,) = [one for one in view.all(WorkItem) if view.number(one.id) == number]
    return found


async def sheets(space: Studio) -> list[dict[str, Any]]:
    async with space.door.database.connect() as conn:
        found = await conn.execute(
            text(
                "select sheet, takes, work_item_id from task where workspace_id = :ws and kind = 'sheet' order by revision, (takes->>'sheet')::int"
            ),
            {"ws": space.workspace_id},
        )
        return [{**row["sheet"], "take": row["takes"]["sheet"], "owner": row["work_item_id"]} for row in found.mappings()]


async def picture(space: Studio, number: int, asset: str = A, parent: UUID | None = None) -> UUID:
    """As if a worker had made a picture of a draft."""
    node = uuid4()
    view = await space.view()
    async with space.door.database.begin() as conn:
        await conn.execute(
            text(
                "insert into node (workspace_id, id, kind, work_item_id, stage, asset_id, parent_id, request, facts)"
                " values (:ws, :id, 'image', :item, 'sheet', :a, :parent, cast(:request as jsonb), '{\"provider\": \"builtin\", \"seed\": 7}')"
            ),
            {
                "ws": space.workspace_id, "id": node, "item": item(view, number).id, "a": asset, "parent": parent,
                "request": '{"image": {"prompt": "a pier", "frame": {"subject": "a pier", "time": "night", "style": "noir"}}}',
            },
        )  # fmt: skip
    return node


async def test_a_draft_space_has_a_board_and_no_episode_and_tells_of_drafts(space: Studio) -> None:
    view = await space.view()
    assert view.all(Episode) == []
    assert [board.title for board in view.all(Board)] == ["Drafts"]
    facts = (await space.ask(("project.get_context_summary", {}))).data[0]
    assert (facts["drafts"], facts["boards"][0]["title"], facts["kind"]) == (0, "Drafts", "draft_space")
    assert not {"shots", "scenes", "film", "episode"} & set(facts)


async def test_drafts_are_named_by_the_words_people_use(drafts: Studio) -> None:
    await drafts.do(("draft.update", {"drafts": "1,3", "tags_add": ["scene:night", "用途:poster"]}))
    view = await drafts.view()
    assert item(view, 1).spec.tags == item(view, 3).spec.tags == ("scene:night", "use:poster")
    label, node = item(view, 2).label, item(view, 2).id
    for words, subject in (
        ("draft 2", 2), ("last", 3), (label, 2), (str(node), 2), ("草稿3", 3),
    ):  # fmt: skip
        await drafts.ask(("draft.update", {"drafts": words, "notes": words}))
        assert item(await drafts.view(), subject).spec.notes == words
    outcome = await drafts.do(("draft.update", {"drafts": "tag:night", "size": "CU"}))
    assert outcome.commit is not None
    assert all_said(outcome.commit.summary, "en") == ["drafts 1, 3: size CU"]
    assert all_said(outcome.commit.summary, "zh") == ["草稿 1, 3：景别：CU"]
    for words, error in (("4", OutOfRange), ("tag:dawn", NotFound), ("d00000000", OutOfRange), ("the blue one", BadInput)):
        with pytest.raises(error):
            await drafts.ask(("draft.update", {"drafts": words, "size": "WS"}))


async def test_a_board_is_made_changed_moved_to_and_removed_with_its_drafts(drafts: Studio) -> None:
    await drafts.ask(
        Asked(type="board.update", args={"title": "Night", "kind": "scenes"}, name="night"),
        ("draft.update", {"drafts": "1", "to_board": "$night"}),
        ("draft.add", {"board": "$night", "words": "an owl"}),
    )
    view = await drafts.view()
    assert on_board(view, "Night") == ["a pier on a rainy night", "an owl"]
    assert on_board(view) == ["a girl with a red umbrella, watercolor", "a fox"]
    await drafts.ask(("draft.update", {"drafts": "1", "board": "Night", "words": "a pier at dawn"}))
    await drafts.ask(("board.update", {"board": "2", "title": "Dawn"}))
    assert on_board(await drafts.view(), "Dawn")[0] == "a pier at dawn"
    asked = await drafts.ask(("board.update", {"board": "Dawn", "removed": True}))
    assert asked.proposal is not None, "two drafts would go with it"
    await drafts.do(("board.update", {"board": "Dawn", "removed": True}))
    assert [board.title for board in (await drafts.view()).all(Board)] == ["Drafts"]
    await drafts.ask(("version.undo", {}))
    assert len(on_board(await drafts.view(), "Dawn")) == 2


async def test_a_picture_becomes_a_draft_with_its_title_tags_and_picture(space: Studio) -> None:
    await space.ask(("asset.tag", {"assets": [A], "title": "Old pier", "add": ["scene:pier", "kept"]}))
    await space.ask(("draft.add", {"asset": A}))
    view = await space.view()
    one = item(view, 1)
    assert (one.spec.picture.subject, one.spec.tags) == ("Old pier", ("scene:pier",))
    assert view.get(Node, one.picture_node_id).asset_id == A


async def test_several_grids_at_once_from_the_same_references(space: Studio) -> None:
    references = [{"asset": one, "role": "style"} for one in (A, B, C)]
    outcome = await space.ask(("draft.explore", {"references": references, "count": 5, "rows": 3, "cols": 3}))
    assert outcome.commit is not None
    assert len(outcome.commit.tasks) == 5
    found = await sheets(space)
    assert {(one["rows"], one["cols"], len(one["references"])) for one in found} == {(3, 3, 3)}
    assert [one["take"] for one in found] == [1, 2, 3, 4, 5]
    assert len({one["owner"] for one in found}) == 1, "one new draft holds them"
    await space.ask(("draft.explore", {"drafts": "1"}))
    assert (await sheets(space))[-1]["take"] == 6, "sheets that are under way are counted"
    assert all_said(outcome.commit.summary, "zh") == ["新草稿：5 组 3x3 宫格，用 3 张参考图"]
    with pytest.raises(EnvelopeRefused):
        await space.ask(("draft.explore", {"count": 6}))
    with pytest.raises(BadInput, match="say what to draw"):
        await space.ask(("draft.explore", {}))


@pytest.mark.parametrize(
    ("vary", "field", "values"),
    [
        ("styles", "style", ["watercolor", "ink wash", "photorealistic"]),
        ("compositions", "composition", ["centre", "thirds_left", "thirds_right"]),
        ("lights", "time", ["dawn", "day", "dusk"]),
    ],
)
async def test_three_of_one_picture(drafts: Studio, vary: str, field: str, values: list[str]) -> None:
    node = await picture(drafts, 2)
    await drafts.ask(("node.promote", {"node": str(node)}))
    await drafts.ask(("draft.explore", {"drafts": "2", "vary": vary}))
    found = await sheets(drafts)
    assert [one["frame"][field] for one in found] == values
    assert {(one["rows"], one["cols"], one["parent_id"]) for one in found} == {(1, 1, str(node))}


async def test_a_template_is_filled_and_asks_for_what_is_open(drafts: Studio) -> None:
    async with drafts.door.database.begin() as conn:
        await conn.execute(
            text(
                "insert into prompt_template (workspace_id, id, name, body, defaults) values"
                " (:ws, :id, 'Poster', 'A poster of {subject} in {style}, {lens} lens, by {character}', '{\"lens\": \"wide\"}')"
            ),
            {"ws": drafts.workspace_id, "id": uuid4()},
        )
    await drafts.ask(("asset.tag", {"assets": [A], "add": ["style:noir", "character:Mei"]}))
    with pytest.raises(BadInput, match=r"leaves \{subject\} open; what should it be\?"):
        await drafts.ask(("draft.fill", {"template": "poster", "references": [{"asset": A}]}))
    await drafts.ask(("draft.fill", {"template": "poster", "values": {"subject": "a fox"}, "references": [{"asset": A}]}))
    assert item(await drafts.view(), 4).spec.picture.subject == "A poster of a fox in noir, wide lens, by Mei"
    with pytest.raises(BadInput, match="has no colour"):
        await drafts.ask(("draft.fill", {"template": "Poster", "values": {"colour": "red"}}))
    given = {"subject": "x", "style": "y", "character": "z"}
    await drafts.ask(("draft.explore", {"template": "Poster", "values": given}))
    assert item(await drafts.view(), 5).spec.picture.subject == "A poster of x in y, wide lens, by z"


async def test_drafts_are_tagged_by_what_they_show_and_filed(drafts: Studio) -> None:
    outcome = await drafts.ask(("draft.tag", {"drafts": "all", "file_by": "style"}))
    view = await drafts.view()
    tags = {one.spec.picture.subject: set(one.spec.tags) for one in view.all(WorkItem)}
    assert tags["a pier on a rainy night"] == {"scene:pier", "scene:night", "scene:rain"}
    assert tags["a girl with a red umbrella, watercolor"] == {"character:girl", "style:watercolor"}
    assert tags["a fox"] == {"character:fox"}
    assert on_board(view, "watercolor") == ["a girl with a red umbrella, watercolor"]
    assert outcome.commit is not None
    assert outcome.proposal is None
    with pytest.raises(BadInput, match="nothing new"):
        await drafts.ask(("draft.tag", {"drafts": "everywhere"}))


async def test_a_story_is_refused_in_a_draft_space_and_a_draft_in_a_project(drafts: Studio, studio: Studio) -> None:
    for asked in (("scene.add", {"title": "x"}), ("episode.create", {}), ("gen.video", {}), ("gen.video", {"shots": "3"})):
        with pytest.raises(BadInput, match="draft space"):
            await drafts.ask(asked)
    assert (await drafts.view()).all(Episode) == []
    for asked in (("board.update", {"title": "x"}), ("draft.add", {"words": "x"})):
        with pytest.raises(BadInput, match="is for draft spaces"):
            await studio.ask(asked)


async def test_what_is_said_of_nodes_speaks_of_drafts(drafts: Studio) -> None:
    node = await picture(drafts, 2)
    outcome = await drafts.ask(("node.promote", {"node": str(node)}))
    assert outcome.commit is not None
    assert all_said(outcome.commit.summary, "en") == ["draft 2: select this picture"]
    assert "镜头" not in "".join(all_said(outcome.commit.summary, "zh"))
    await drafts.ask(("draft.update", {"drafts": "2", "status": "locked"}))
    with pytest.raises(BadInput, match="draft 2 is locked"):
        await drafts.ask(("node.promote", {"node": str(await picture(drafts, 2, B))}))


async def test_a_draft_is_sent_into_a_project_with_where_it_came_from(drafts: Studio, studio: Studio) -> None:
    below = await picture(drafts, 1, B)
    node = await picture(drafts, 1, A, parent=below)
    await drafts.ask(("node.promote", {"node": str(node)}))
    outcome = await drafts.ask(("draft.send", {"to": "test", "drafts": "1", "shot": "3"}))
    assert outcome.workspace_id == studio.workspace_id
    assert outcome.commit is not None
    assert all_said(outcome.commit.summary, "en") == ["take 1 picture from the draft space 'Ideas' as the picture of shot 3"]
    view = await studio.view()
    shot = view.shots()[2]
    made = view.get(Node, shot.picture_node_id)
    origin = made.facts["from"]
    assert (made.stage, made.asset_id, made.parent_id) == ("import", A, None)
    assert (origin["workspace"], origin["node"], origin["name"]) == (str(drafts.workspace_id), str(node), "Ideas")
    assert [(link["node"], link["asset"], link["prompt"]) for link in origin["chain"]] == [
        (str(node), A, "a pier"),
        (str(below), B, "a pier"),
    ]
    assert made.request["image"]["frame"]["style"] == "noir", "what is made from it inherits its look"
    assert await studio.scalar("select count(*) from asset where workspace_id = :ws and id = :a", a=A) == 1
    async with studio.door.database.connect() as conn:
        seen = await shot_view(conn, studio.workspace_id, shot.id)
    assert is_fresh("select", seen), "a render keeps the picture that was sent"
    await studio.ask(("version.undo", {}))
    assert (await studio.view()).shots()[2].picture_node_id is None


async def test_a_draft_is_sent_as_a_reference_of_a_shot_or_a_character(drafts: Studio, studio: Studio) -> None:
    node = await picture(drafts, 2)
    send = {"to": str(studio.workspace_id), "nodes": [str(node)], "use": "reference"}
    await drafts.ask(("draft.send", {**send, "shot": "1", "role": "style"}))
    await drafts.ask(("draft.send", {**send, "character": "anna"}))
    view = await studio.view()
    assert [(use.asset_id, use.role) for use in view.all(Use)] == [(A, "style")]
    assert view.shots()[0].picture_node_id is None
    (anna,) = [one for one in view.all(Character) if one.name == "Anna"]
    (pinned,) = [one for one in view.all(Node) if one.character_id == anna.id]
    assert pinned.pinned
    assert pinned.facts["from"]["node"] == str(node)


async def test_sending_is_refused_where_the_source_is_gone_or_the_rights_are_not_there(drafts: Studio, studio: Studio) -> None:
    node = await picture(drafts, 2)
    send: dict[str, Any] = {"to": "Test", "shot": "1"}
    with pytest.raises(BadInput, match="draft 2 has no selected picture yet"):
        await drafts.ask(("draft.send", {**send, "drafts": "2"}))
    with pytest.raises(NotFound, match="no project 'Elsewhere'"):
        await drafts.ask(("draft.send", {**send, "to": "Elsewhere", "nodes": [str(node)]}))
    viewer = Actor(id="eve", role=Role.viewer)
    with pytest.raises(EnvelopeRefused, match="needs the role editor"):
        await drafts.ask(("draft.send", {**send, "nodes": [str(node)]}), actor=viewer)
    for mine, said in ((studio, "may not see the draft space"), (drafts, "may not change the project")):
        with pytest.raises(Refused, match=said):
            await only_in(mine, drafts).ask(("draft.send", {**send, "nodes": [str(node)]}))
    with pytest.raises(Refused, match="may not see the draft space"):
        there = {**send, "to": "", "source": str(drafts.workspace_id), "nodes": [str(node)]}
        await only_in(studio, studio).ask(("draft.send", there))
    await drafts.do(("draft.update", {"drafts": "2", "removed": True}))
    before = (await studio.view()).revision
    with pytest.raises(BadInput, match="not there any more"):
        await drafts.ask(("draft.send", {**send, "nodes": [str(node)]}))
    assert (await studio.view()).revision == before


def only_in(mine: Studio, asked_in: Studio) -> Studio:
    """Somebody with rights in one workspace alone, asking in one."""

    async def rights(_actor: Actor, workspace: UUID) -> Role:
        return Role.owner if workspace == mine.workspace_id else NOBODY

    door = asked_in.door
    return Studio(Door(door.database, door.bell, door.price, role_in=rights), asked_in.workspace_id)
