"""Modes and roles: what a talk is bound to, what a role may use, and each track's own talk."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from agent.roles import ROLES, check_allowed, may_use
from agent.rules import RulesPlanner
from agent.schema import answer_model
from agent.types import Context, Looked, Mode, Thought
from storyreel.actions.base import Asked, Role
from storyreel.actions.catalogue import ACTIONS, family_of
from storyreel.ledger import talk
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.model.ids import derive
from storyreel.model.rows import Memory, Track, WorkItem
from storyreel.runtime.tables import metadata
from tests.agent.conftest import Talker
from tests.agent.films import film

MODES: tuple[Mode, ...] = ("agent", "pro", "draft")


class Says:
    """A planner that always thinks the same, and keeps the contexts it was given."""

    name = "says"

    def __init__(self, *actions: tuple[str, dict[str, Any]]) -> None:
        self.thought = Thought(actions=tuple(Asked(type=kind, args=args) for kind, args in actions))
        self.contexts: list[Context] = []

    async def plan(self, context: Context, looked: tuple[Looked, ...] = (), feedback: str = "") -> Thought:
        self.contexts.append(context)
        return self.thought


async def shot(talker: Talker, number: int) -> WorkItem:
    return (await talker.view()).shots()[number - 1]


async def track(talker: Talker, item: WorkItem, name: str) -> UUID:
    made = Track(id=uuid4(), workspace_id=talker.workspace_id, work_item_id=item.id, kind="picture", name=name)
    async with talker.door.database.begin() as conn:
        await conn.execute(metadata.tables["track"].insert().values(**made.model_dump()))
    return made.id


async def test_a_pro_talk_knows_its_shot_and_touches_nothing_else(talker: Talker) -> None:
    await film(talker, "zh")
    item = await shot(talker, 3)
    done = await talker.say("改成夜景", mode="pro", work_item_id=item.id)
    assert done.commit is not None
    assert (await shot(talker, 3)).spec.picture.time == "night"
    before = await talker.revision()
    for said in ("第5个镜头改成夜景", "把第2到第4个镜头改成雨天", "整个片子用水彩风格"):
        refused = await talker.say(said, mode="pro", work_item_id=item.id)
        assert refused.error is not None and refused.message.startswith("没有改动：这里只谈"), refused.message
    assert await talker.revision() == before


async def test_a_pro_talk_names_what_it_is_bound_to(talker: Talker) -> None:
    await film(talker)
    item, other = await shot(talker, 3), await shot(talker, 4)
    line = await track(talker, item, "B")
    with pytest.raises(BadInput, match="pro mode is bound to one shot"):
        await talker.say("darker", mode="pro")
    with pytest.raises(NotFound, match="no such shot"):
        await talker.say("darker", mode="pro", work_item_id=uuid4())
    with pytest.raises(NotFound, match="no track"):
        await talker.say("darker", mode="pro", work_item_id=item.id, track_id=uuid4())
    with pytest.raises(BadInput, match="of another shot"):
        await talker.say("darker", mode="pro", work_item_id=other.id, track_id=line)
    planner = Says(("shot.update", {"shots": "3", "picture": {"time": "night"}}))
    talker.use([planner])
    assert (await talker.say("darker", mode="pro", track_id=line)).commit is not None
    context = planner.contexts[0]
    assert context.bound is not None and context.bound.name == "track B of shot 3"
    assert context.focus.shots == "3" and context.named[0]["number"] == 3
    assert "bound to track B of shot 3" in context.parts[0].text


async def test_each_track_has_its_own_talk_and_the_project_has_another(talker: Talker) -> None:
    await film(talker)
    item = await shot(talker, 3)
    a, b = await track(talker, item, "A"), await track(talker, item, "B")
    planner = Says(("shot.view", {"shot": "3"}))
    talker.use([planner])
    for said, more in (
        ("in the project", {}),
        ("on A one", {"mode": "pro", "track_id": a}),
        ("on A two", {"mode": "pro", "track_id": a, "conversation_id": uuid4()}),
        ("on B", {"mode": "pro", "track_id": b}),
        ("on the shot", {"mode": "pro", "work_item_id": item.id}),
        ("again on A", {"mode": "pro", "track_id": a}),
        ("again in the project", {}),
    ):
        await talker.say(said, **more)
    heard = [[turn.text for turn in context.turns] for context in planner.contexts]
    assert heard == [[], [], ["on A one"], [], [], ["on A one", "on A two"], ["in the project"]]
    async with talker.door.database.connect() as conn:
        kept = await talk.messages(conn, talker.workspace_id, track_id=a)
        assert [one["text"] for one in kept if one["role"] == "person"] == ["again on A", "on A two", "on A one"]
        assert {(one["mode"], one["work_item_id"], one["track_id"]) for one in kept} == {("pro", item.id, a)}
        branch = await track(talker, item, "C")
        assert await talk.messages(conn, talker.workspace_id, track_id=branch) == []


async def draft_space(talker: Talker) -> None:
    async with talker.door.database.begin() as conn:
        table = metadata.tables["workspace"]
        await conn.execute(table.update().where(table.c.id == talker.workspace_id).values(kind="draft_space"))


async def test_a_draft_space_knows_no_story(talker: Talker) -> None:
    await draft_space(talker)
    planner = Says(("scene.add", {"title": "One"}))
    talker.use([planner])
    before = await talker.revision()
    refused = await talker.say("加一场")
    assert refused.error is not None and "草稿空间里没有故事" in refused.message
    assert await talker.revision() == before
    given = json.dumps([one.text for one in planner.contexts[0].parts]).lower()
    assert planner.contexts[0].mode == "draft" and "scene" not in given and "film:" not in given
    talker.use([Says(("doc.update", {"table": "prompt_template", "which": "Poster", "text": "{who} by night"}))])
    assert (await talker.say("keep this template")).commit is not None
    talker.use([Says(("world.set", {"which": "Sea", "text": "It glows"}))])
    assert "can only be prompt_template" in (await talker.say("remember the sea")).message


@pytest.mark.parametrize("mode", MODES)
def test_the_schema_of_a_mode_a_role_and_rights_holds_what_they_may_use(mode: Mode) -> None:
    for role in ("", *ROLES):
        schema = json.dumps(answer_model(mode, role).model_json_schema())
        for action in ACTIONS:
            named = f'"{action.type_name()}"' in schema
            assert named == (may_use(action, mode, role) and action.type_name() != "project.create"), (role, action)
    viewer = json.dumps(answer_model(mode, "", Role.viewer).model_json_schema())
    assert all(f'"{one.type_name()}"' not in viewer for one in ACTIONS if one.policy.role > Role.viewer)


def test_a_role_deletes_only_what_is_its_work() -> None:
    check_allowed(
        [Asked(type="scene.delete", args={"scene": "3"}), Asked(type="doc.delete", args={"kind": "memory"})], "agent", "writer"
    )
    check_allowed([Asked(type="look.delete", args={"name": "lamp", "kind": "prop"})], "agent", "director")
    for asked in (
        Asked(type="scene.delete", args={"scene": "3"}),
        Asked(type="doc.delete", args={"kind": "scene", "which": "3"}),
    ):
        with pytest.raises(Refused, match="not the reviewer's work"):
            check_allowed([asked], "agent", "reviewer")
        with pytest.raises(Refused, match="in draft mode the kind can only be canvas, memory"):
            check_allowed([asked], "draft")
    deletes = json.dumps(answer_model("agent", "reviewer").model_json_schema()["$defs"]["DeleteDocArgs"]["properties"]["kind"])
    assert '"canvas"' in deletes and '"memory"' in deletes and '"scene"' not in deletes


def test_a_draft_talk_cannot_even_ask_for_a_story() -> None:
    schema = json.dumps(answer_model("draft").model_json_schema())
    assert '"film"' in json.dumps(answer_model("agent").model_json_schema())
    assert '"film"' not in schema and "world_setting" not in schema and '"prompt_template"' in schema


def test_every_role_has_work_that_is_in_the_catalogue_and_leaves_some_to_others() -> None:
    families = {family_of(action) for action in ACTIONS}
    changes = [action for action in ACTIONS if action.policy.kind == "change" and "agent" in action.policy.modes]
    for name, entry in ROLES.items():
        assert entry.prompt.startswith("You are the ")
        assert entry.families & families
        mine = [action for action in changes if may_use(action, "agent", name)]
        assert mine and len(mine) < len(changes)
        for action in ACTIONS:
            if action.policy.kind != "change" and "agent" in action.policy.modes:
                assert may_use(action, "agent", name), "everybody may look"


async def test_a_role_keeps_to_its_work(talker: Talker) -> None:
    await film(talker, "zh")
    with pytest.raises(Refused, match="the sound's work"):
        check_allowed([Asked(type="scene.add")], "agent", "sound")
    talker.use([Says(("scene.update", {"scene": "1", "mood": "calm"}))])
    refused = await talker.say("第一场平静一点", role="sound")
    assert refused.error is not None and refused.message == "没有改动：这不归这个角色管，换一个角色，或者不指定角色再说。"
    assert (await talker.say("第一场平静一点", role="writer")).commit is not None


async def test_memory_is_kept_listed_corrected_and_forgotten_by_talk(talker: Talker) -> None:
    await film(talker, "zh")
    saved = await talker.say("记住：安娜怕水")
    assert saved.answered_by == "rules" and "记住了（关于安娜）：安娜怕水" in saved.message
    (kept,) = (await talker.view()).all(Memory)
    assert kept.source["request_id"] == str(saved.turn) and kept.source["quote"] == "记住：安娜怕水"
    assert "（安娜）安娜怕水" in (await talker.say("你记得什么？")).message
    assert "记忆改为：安娜不怕水" in (await talker.say("记住安娜不怕水")).message
    assert "Anna" not in (await talker.say("what do you remember about 安娜?")).message
    assert "忘掉：安娜不怕水" in (await talker.say("忘掉安娜不怕水")).message
    assert "还什么都没记" in (await talker.say("你记得什么")).message
    assert "没有记着这样的事" in (await talker.say("忘掉月亮")).message
    await talker.say("撤销")
    assert "安娜不怕水" in (await talker.say("你还记得哪些")).message


async def test_a_fact_said_on_a_track_is_about_its_shot(talker: Talker) -> None:
    await film(talker)
    item = await shot(talker, 3)
    answer = await talker.say("Remember that the lamp flickers twice", mode="pro", work_item_id=item.id)
    assert "remember about shot 3: the lamp flickers twice" in answer.message
    (kept,) = (await talker.view()).all(Memory)
    assert (kept.about, kept.about_id) == ("work_item", item.id)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打开第3个镜头", {"type": "ui.focus_entity", "what": "entity", "entity": "shot", "number": 3}),
        ("open shot 3", {"type": "ui.focus_entity", "what": "entity", "entity": "shot", "number": 3}),
        ("show me the timeline panel", {"type": "ui.open_panel", "what": "panel", "name": "timeline"}),
        ("切到分镜页面", {"type": "ui.navigate", "what": "page", "name": "storyboard"}),
    ],
)
async def test_a_screen_is_asked_by_talk_and_nothing_changes(talker: Talker, said: str, shown: dict[str, Any]) -> None:
    await film(talker)
    before = await talker.revision()
    answer = await talker.say(said)
    assert answer.answered_by == "rules" and len(answer.ui) == 1
    assert {key: answer.ui[0].get(key) for key in shown} == shown
    assert ("ui", answer.ui[0]) in talker.events
    assert ("屏幕上" if any(c >= "\u4e00" for c in said) else "On your screen") in answer.message
    assert await talker.revision() == before


async def test_a_message_keeps_where_it_was_said(talker: Talker) -> None:
    await film(talker)
    item = await shot(talker, 2)
    answer = await talker.say("show shot 2", work_item_id=item.id)
    kept = await talker.scalar(
        "select count(*) from message where workspace_id = :ws and turn_id = :turn and mode = 'agent' and work_item_id = :item",
        turn=answer.turn, item=item.id,
    )  # fmt: skip
    assert kept == 2
    assert RulesPlanner.name == "rules" and derive(answer.turn, "person") != derive(answer.turn, "assistant")
