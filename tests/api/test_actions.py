"""Actions over HTTP: done once, all or none, asked back where it matters."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from tests.api.conftest import Caller, Json, is_problem
from tests.fixtures_services import Addresses

NIGHT = {"type": "shot.update", "args": {"shots": "2", "picture": {"time": "night"}}}
DUSK = {"type": "shot.update", "args": {"shots": "2", "picture": {"time": "dusk"}}}
DELETE = {"type": "shot.delete", "args": {"shots": "1"}}


async def revision(caller: Caller) -> int:
    return int((await caller.outline())["revision"])


async def test_the_catalogue_says_what_can_be_asked_and_how(stranger: Caller):
    listed = await stranger.get("/v1/actions")
    by_type = {one["type"]: one for one in listed}
    assert {"shot.update", "gen.compose", "version.undo", "shot.list", "task.steer"} <= by_type.keys()
    assert {"task.cancel", "task.resume"} <= {*by_type["task.steer"]["aliases"]}
    assert by_type["shot.update"]["schema"]["properties"]["shots"]
    assert all(one["description"] and one["kind"] in {"change", "query", "ui"} for one in listed)
    assert by_type["shot.delete"]["consent"] == "always"
    drafts = await stranger.get("/v1/actions", mode="draft")
    assert drafts and {one["type"] for one in drafts} == {one["type"] for one in listed if "draft" in one["modes"]}
    shots = await stranger.get("/v1/actions", mode="agent", family="shot")
    assert "shot.split" in {one["type"] for one in shots} and {one["type"].split(".")[0] for one in shots} == {"shot"}
    assert await stranger.get("/v1/actions", family="nothing") == []
    assert (await stranger.get("/v1/actions", 422, mode="opera"))["code"] == "bad-input"


async def test_the_same_key_is_the_same_commit(caller: Caller):
    body = {"actions": [NIGHT]}
    one = await caller.post("@/actions", body, **{"Idempotency-Key": "night"})
    again = await caller.post("@/actions", body, **{"Idempotency-Key": "night"})
    assert one["commit"]["revision"] == again["commit"]["revision"] == await revision(caller)
    assert again["repeated"] is True
    by_id = {"request_id": str(uuid4()), "actions": [DUSK]}
    assert len({(await caller.post("@/actions", by_id))["commit"]["revision"] for _ in range(3)}) == 1


async def test_one_key_names_a_different_request_in_another_project(caller: Caller):
    here = await caller.post("@/actions", {"actions": [NIGHT]}, **{"Idempotency-Key": "k"})
    other = await caller.post("/v1/workspaces", {"name": "Other"}, 201, **{"Idempotency-Key": "k"})
    assert here["workspace_id"] == caller.workspace != other["workspace_id"]


async def test_what_asks_first_changes_nothing_until_someone_says_yes(caller: Caller):
    asked = await caller.act(DELETE)
    proposal = asked["proposal"]["id"]
    assert asked["commit"] is None and (await caller.outline())["shots"] == 5
    told = (await caller.get("@/proposals"))["items"]
    assert [one["proposal"]["id"] for one in told] == [proposal]
    assert told[0]["changes"] == ["delete shot 1"] and told[0]["reasons"] == ["it deletes something"]
    assert (await caller.get(f"@/proposals/{proposal}", language="zh"))["changes"] == ["删除第 1 个镜头"]
    done = await caller.post(f"@/proposals/{proposal}/approve")
    twice = await caller.post(f"@/proposals/{proposal}/approve")
    assert done["commit"]["revision"] == twice["commit"]["revision"] == await revision(caller)
    assert (await caller.outline())["shots"] == 4
    assert (await caller.get("@/proposals"))["items"] == []


async def test_no_is_no(caller: Caller):
    proposal = (await caller.act(DELETE))["proposal"]["id"]
    assert (await caller.post(f"@/proposals/{proposal}/reject"))["state"] == "rejected"
    said = await caller.post(f"@/proposals/{proposal}/approve", status=409)
    assert said["code"] == "already-decided" and "rejected" in said["detail"]
    assert (await caller.outline())["shots"] == 5
    assert (await caller.post(f"@/proposals/{uuid4()}/approve", status=404))["code"] == "not-found"


async def test_nobody_stands_in_their_own_way(caller: Caller):
    base = await revision(caller)
    assert (await caller.act(NIGHT, base_revision=base))["commit"]["revision"] == base + 1
    assert (await caller.act(DUSK, base_revision=base))["commit"]["revision"] == base + 2


async def test_a_plan_that_someone_else_overtook_is_refused_with_the_fields(caller: Caller, database: Addresses):
    base = await revision(caller)
    await caller.act(NIGHT)
    with psycopg.connect(database.owner) as conn:
        conn.execute("update commit set actor = 'mara' where revision > %s", (base,))
    said = await caller.act(DUSK, base_revision=base, status=409)
    assert said["code"] == "conflict" and "mara" in said["detail"]
    assert said["fields"] == ["spec.picture.time"] and said["commits"] == [{"revision": base + 1, "actor": "mara"}]
    assert await revision(caller) == base + 1


async def test_one_bad_action_among_ten_stops_all_ten_and_is_named(caller: Caller):
    before = await revision(caller)
    ten = [{"type": "shot.update", "args": {"shots": "1", "duration_s": n}} for n in range(2, 11)]
    ten.append({"type": "shot.update", "args": {"shots": "9", "duration_s": 2}})
    said = await caller.act(*ten, status=422)
    assert said["code"] == "envelope-refused" and said["cause"] == "out-of-range"
    assert [verdict["ok"] for verdict in said["verdicts"]] == [True] * 9 + [False]
    assert "shots 1 to 5" in said["detail"]
    assert await revision(caller) == before


async def test_two_thousand_actions_are_taken_and_one_more_is_not(caller: Caller):
    rename = [{"type": "character.list"}] * 2001
    said = await caller.act(*rename, status=422)
    assert said["code"] == "bad-input" and "2000" in said["detail"]
    assert (await caller.act(*rename[:2000]))["data"]


@pytest.mark.parametrize(
    ("action", "code", "said"),
    [
        ({"type": "shot.explode"}, "envelope-refused", "GET /v1/actions"),
        ({"type": "shot.update", "args": {"shots": "1", "duration_s": 0}}, "envelope-refused", "duration_s"),
        ({"type": "shot.update", "args": {"shots": "1", "duration_s": 10800}}, "envelope-refused", "duration_s"),
        ({"type": "shot.update", "args": {"shots": "4-9", "duration_s": 2}}, "out-of-range", "shots 1 to 5"),
        ({"type": "shot.update", "args": {"shots": "4-2", "duration_s": 2}}, "bad-input", "2-4"),
        ({"type": "shot.update", "args": {"shots": "the red one", "duration_s": 2}}, "bad-input", "a number, a range"),
        ({"type": "shot.view", "args": {"shot": "0"}}, "out-of-range", "shots 1 to 5"),
        ({"type": "shot.update", "args": {"shots": "1", "picture": {"subject": "a\u0000b"}}}, "bad-input", "NUL"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(caller: Caller, action: Json, code: str, said: str):
    before = await revision(caller)
    answer = await caller.act(action, status=422)
    assert answer["code"] == code and said in answer["detail"]
    assert await revision(caller) == before


async def test_a_long_list_of_tasks_and_batches_turns_page_by_page(caller: Caller):
    started = (await caller.do({"type": "gen.compose"}))["commit"]
    assert len(started["tasks"]) == 6
    seen, cursor = [], {}
    while cursor is not None:
        page = await caller.get("@/tasks", limit=4, **cursor)
        seen += [task["id"] for task in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert sorted(seen) == sorted(started["tasks"]) and len(set(seen)) == 6
    by_ids = await caller.get("@/tasks", ids=[started["tasks"][2], started["tasks"][0]])
    assert [task["id"] for task in by_ids["items"]] == [started["tasks"][2], started["tasks"][0]]
    assert {task["state"] for task in by_ids["items"]} == {"pending"} and by_ids["items"][0]["progress"] == 0
    (batch,) = (await caller.get("@/batches"))["items"]
    assert (batch["id"], batch["total"], batch["waiting"], batch["done"]) == (started["batch_id"], 6, 6, 0)
    assert len((await caller.get("@/tasks", batch=batch["id"]))["items"]) == 6
    is_problem(await caller.http.get(f"{caller.at}/tasks/{uuid4()}"), 404, "not-found")
    assert (await caller.get(f"@/tasks/{seen[0]}"))["remaining_s"] >= 0


async def test_beside_others_what_is_so_already_is_no_obstacle(caller: Caller):
    name = (await caller.outline())["name"]
    rename = {"type": "project.update_meta", "args": {"name": name}}
    done = await caller.act(rename, NIGHT)
    assert done["commit"]["summary"] and (await caller.get("@/shots/2"))["frame"]["time"] == "night"
    for actions in ([rename], [rename, NIGHT]):
        said = await caller.act(*actions, status=422)
        assert "it is so already" in said["detail"]


async def test_ten_thousand_actions_at_once_are_refused_in_words_that_say_what_to_do(caller: Caller):
    before = await revision(caller)
    problem = await caller.post("@/actions", {"actions": [NIGHT] * 10_000}, 422)
    assert problem["code"] == "bad-input" and "at most 2000 entries" in problem["detail"] and "in parts" in problem["detail"]
    assert await revision(caller) == before
