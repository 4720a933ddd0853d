"""Versions over HTTP, and every reading route at a place in the past."""

from __future__ import annotations

import pytest

from tests.api.conftest import Caller, is_problem


async def test_versions_are_listed_and_renamed(caller: Caller):
    await caller.act({"type": "version.snapshot", "args": {"name": "first", "note": "a note"}})
    [one] = (await caller.get("@/snapshots"))["versions"]
    assert (one["number"], one["name"], one["note"]) == (1, "first", "a note")
    answer = await caller.http.patch(f"{caller.at}/snapshots/1", json={"name": "draft"})
    assert answer.json()["commit"]["summary"][0]["code"] == "version.renamed"
    assert [(v["name"], v["note"]) for v in (await caller.get("@/snapshots"))["versions"]] == [("draft", "a note")]
    assert (await caller.http.patch(f"{caller.at}/snapshots/9", json={"name": "draft"})).status_code in {404, 422}
    is_problem(await caller.http.patch(f"{caller.at}/snapshots/1", json={"name": ""}), 422, "bad-input")


async def test_two_places_are_compared(caller: Caller):
    await caller.act({"type": "version.snapshot", "args": {"name": "first"}})
    await caller.do({"type": "shot.update", "args": {"shots": "2-3", "picture": {"time": "night"}}})
    found = await caller.get("@/diff", since="#1")
    assert found["told"]["en"] == ["shots 2-3: time none → night"]
    assert (await caller.get("@/diff", since="first", shots="1"))["changes"] == []
    assert (await caller.get("@/diff", since="first", until="first"))["changes"] == []
    assert "first" in (await caller.get("@/diff", 404, since="nowhere"))["detail"]
    await caller.get("@/diff", 422, since="first", shots="1", scene="1")


READING = ("/graph", "/outline", "/shots", "/shots/2", "/characters")


@pytest.mark.parametrize("path", READING)
async def test_every_reading_route_reads_the_past(caller: Caller, path: str):
    await caller.act({"type": "character.create", "args": {"name": "Anna"}})
    await caller.act({"type": "version.snapshot", "args": {"name": "first"}})
    was = await caller.get(f"@{path}")
    await caller.do({"type": "shot.update", "args": {"shots": "2", "picture": {"subject": "changed"}}})
    await caller.do({"type": "character.update", "args": {"character": "Anna", "personality": "brave"}})
    assert await caller.get(f"@{path}") != was
    assert await caller.get(f"@{path}", at="first") == was
    assert await caller.get(f"@{path}", at="now") == await caller.get(f"@{path}")
    for place in ("nowhere", "999", "0"):
        is_problem(await caller.http.get(caller.at + path, params={"at": place}), 404, "not-found")


async def test_shots_of_the_past_come_in_pages(caller: Caller):
    await caller.act({"type": "version.snapshot", "args": {"name": "first"}})
    await caller.do({"type": "shot.delete", "args": {"shots": "1-3"}})
    first = await caller.get("@/shots", at="first", limit=3)
    rest = await caller.get("@/shots", at="first", limit=3, cursor=first["next"])
    assert [shot["number"] for shot in first["items"] + rest["items"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None


async def test_a_shots_choices_are_listed(caller: Caller):
    assert (await caller.get("@/shots/1/versions"))["versions"] == []
    await caller.get("@/shots/1/versions", 422, slot="nonsense")
