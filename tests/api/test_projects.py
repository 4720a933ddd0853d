"""Projects over HTTP: starting, listing, reading them now and as they stood."""

from __future__ import annotations

from uuid import uuid4

from tests.api.conftest import Caller, is_problem


async def test_a_project_is_started_once_for_one_key(stranger: Caller):
    one = await stranger.post("/v1/workspaces", {"name": "Storm"}, 201, **{"Idempotency-Key": "k1"})
    again = await stranger.post("/v1/workspaces", {"name": "Storm"}, 201, **{"Idempotency-Key": "k1"})
    other = await stranger.post("/v1/workspaces", {"name": "Storm"}, 201)
    assert again["workspace_id"] == one["workspace_id"] != other["workspace_id"]
    assert again["repeated"] and not one["repeated"]
    listed = await stranger.get("/v1/workspaces")
    assert {row["id"] for row in listed["items"]} == {one["workspace_id"], other["workspace_id"]}


async def test_the_list_of_projects_turns_page_by_page(stranger: Caller):
    for number in range(5):
        await stranger.post("/v1/workspaces", {"name": f"Film {number}"}, 201)
    seen, cursor = [], None
    while True:
        page = await stranger.get("/v1/workspaces", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [row["name"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"Film {number}" for number in (4, 3, 2, 1, 0)]


async def test_what_is_wrong_with_a_new_project_is_named_field_by_field(stranger: Caller):
    body = is_problem(await stranger.http.post("/v1/workspaces", json={"name": "", "fps": 0}), 422, "bad-input")
    assert {error["field"] for error in body["errors"]} == {"body.name", "body.fps"}


async def test_the_outline_reads_as_a_person_does_and_shots_come_in_pages(caller: Caller):
    outline = await caller.outline()
    assert (outline["shots"], outline["frames"]) == (5, 5 * 72)
    assert [shot["subject"] for shot in outline["scenes"][0]["shots"]] == [f"shot {n}" for n in range(1, 6)]
    first = await caller.get("@/shots", limit=3)
    rest = await caller.get("@/shots", limit=3, cursor=first["next"])
    assert [shot["number"] for shot in first["items"] + rest["items"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None
    assert (await caller.get("@/shots", cursor=99))["items"] == []
    assert (await caller.get("@/shots/last"))["number"] == 5


async def test_the_past_is_read_by_revision_and_by_name(caller: Caller):
    await caller.act({"type": "version.snapshot", "args": {"name": "first draft"}})
    before = await caller.get("@/graph")
    await caller.do({"type": "shot.delete", "args": {"shots": "2"}})
    assert (await caller.outline())["shots"] == 4
    assert (await caller.outline(at="first draft"))["shots"] == 5
    assert (await caller.get("@/graph", at=str(before["revision"])))["rows"] == before["rows"]
    said = await caller.get("@/outline", 404, at="second draft")
    assert "first draft" in said["detail"]
    assert "the newest is" in (await caller.get("@/outline", 404, at="999"))["detail"]


async def test_a_project_that_is_not_there_is_a_404_everywhere(stranger: Caller):
    stranger.workspace = str(uuid4())
    paths = ("", "/graph", "/outline", "/shots", "/shots/1", "/tasks", "/batches", "/proposals", "/events", "/film")
    for path in (*paths, f"/conversations/{uuid4()}/messages", f"/turns/{uuid4()}/context"):
        is_problem(await stranger.http.get(stranger.at + path), 404, "not-found")
    is_problem(await stranger.http.post(f"{stranger.at}/chat", json={"text": "hello"}), 404, "not-found")
    is_problem(await stranger.http.post(f"{stranger.at}/assets", content=b"words"), 404, "not-found")
    act = {"actions": [{"type": "shot.list"}]}
    is_problem(await stranger.http.post(f"{stranger.at}/actions", json=act), 404, "not-found")


async def test_a_project_is_put_away_copied_deleted_and_brought_back(caller: Caller):
    async def names(**shown: str) -> list[tuple[str, str]]:
        return [(one["name"], one["state"]) for one in (await caller.get("/v1/workspaces", **shown))["items"]]

    ((name, _),) = await names()
    copied = await caller.do({"type": "project.duplicate", "args": {"name": "Again", "words": {"street": "pier"}}})
    (copy,) = copied["commit"]["copies"]
    assert (await caller.get(f"/v1/workspaces/{copy}"))["name"] == "Again"
    await caller.do({"type": "project.archive"})
    refused = await caller.act({"type": "gen.compose"}, status=403)
    assert "archived" in refused["detail"]
    assert ([one for one, _ in await names()], await names(shown="archived")) == (["Again"], [(name, "archived")])
    await caller.do({"type": "project.delete"})
    await caller.act({"type": "shot.list"}, status=404)
    assert await names(shown="deleted") == [(name, "deleted")]
    await caller.do({"type": "project.restore"})
    assert (await caller.act({"type": "shot.list"}))["data"]
