"""Chat over HTTP: an answer as JSON, or the turn as it goes."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from httpx_sse import aconnect_sse

from tests.api.conftest import Caller, is_problem

FILM = "Make a 20 second film about a fox in the snow, 4 shots"


async def told(caller: Caller, text: str, **headers: str) -> list[tuple[str, dict[str, Any]]]:
    asked = {"Accept": "text/event-stream", **headers}
    async with aconnect_sse(caller.http, "POST", f"{caller.at}/chat", json={"text": text}, headers=asked) as source:
        return [(event.event, json.loads(event.data)) async for event in source.aiter_sse() if event.data]


@pytest.fixture
async def newcomer(stranger: Caller) -> Caller:
    """A caller with an empty project."""
    stranger.workspace = (await stranger.post("/v1/workspaces", {"name": "Fox"}, 201))["workspace_id"]
    return stranger


async def test_a_message_becomes_a_proposal_and_yes_starts_the_renders(newcomer: Caller):
    answer = await newcomer.say(FILM)
    assert answer["answered_by"] == "rules" and answer["understood"]
    assert answer["proposal"]["state"] == "open" and answer["commit"] is None
    assert "20" in answer["message"] and (await newcomer.outline())["shots"] == 0
    done = await newcomer.say("yes")
    assert len(done["commit"]["tasks"]) == 5
    outline = await newcomer.outline()
    assert (outline["shots"], outline["frames"]) == (4, 20 * outline["fps"])


async def test_a_turn_is_told_as_it_goes_and_its_answer_is_the_one_that_json_gives(newcomer: Caller):
    events = await told(newcomer, FILM, **{"Idempotency-Key": "t1"})
    assert [name for name, _ in events] == ["context", "plan", "proposal", "answer"]
    by_name = dict(events)
    assert by_name["plan"]["by"] == "rules" and by_name["context"]["why"]
    again = await newcomer.post("@/chat", {"text": FILM}, **{"Idempotency-Key": "t1"})
    assert again == by_name["answer"]
    assert again["proposal"] == by_name["proposal"]
    approved = await told(newcomer, "yes")
    names = [name for name, _ in approved]
    assert names == ["context", "plan", "commit", *["task"] * 5, "answer"]


async def test_a_question_changes_nothing(caller: Caller):
    before = (await caller.outline())["revision"]
    answer = await caller.say("list the shots")
    assert answer["data"] and answer["commit"] is None and answer["proposal"] is None
    assert "shot 3" in answer["message"]
    assert (await caller.outline())["revision"] == before


async def test_what_is_not_understood_is_said_and_changes_nothing(caller: Caller):
    before = (await caller.outline())["revision"]
    answer = await caller.say("colourless green ideas sleep furiously")
    assert answer["understood"] is False and "changed nothing" in answer["message"]
    assert (await caller.outline())["revision"] == before


async def test_chinese_is_answered_in_chinese_and_names_exactly_the_shots(caller: Caller):
    answer = await caller.say("把第2到第3个镜头改成夜景霓虹，节奏快一点")
    assert answer["language"] == "zh" and answer["proposal"]["shots"] == 2
    assert "2" in answer["message"] and "3" in answer["message"]
    await caller.post(f"@/proposals/{answer['proposal']['id']}/approve")
    nights = [n for n in range(1, 6) if (await caller.get(f"@/shots/{n}"))["frame"]["time"] == "night"]
    assert nights == [2, 3]


async def test_an_impossible_wish_is_refused_in_the_answer(caller: Caller):
    before = (await caller.outline())["revision"]
    answer = await caller.say("make shot 9 a night")
    assert answer["error"]["code"] in {"out-of-range", "envelope-refused"}
    assert "shots 1 to 5" in answer["message"] and answer["commit"] is None
    assert (await caller.outline())["revision"] == before


async def test_an_empty_message_and_a_far_too_long_one_are_refused(caller: Caller):
    for text in ("", "   \n"):
        said = is_problem(await caller.http.post(f"{caller.at}/chat", json={"text": text}), 422, "bad-input")
        assert "empty" in said["detail"]
    said = is_problem(await caller.http.post(f"{caller.at}/chat", json={"text": "x" * 30_000}), 422, "bad-input")
    assert "attach" in said["detail"]
    headers = {"Accept": "text/event-stream"}
    is_problem(await caller.http.post(f"{caller.at}/chat", json={"text": ""}, headers=headers), 422, "bad-input")


async def test_a_script_of_two_megabytes_is_taken_or_refused_in_words(newcomer: Caller):
    line = "ANNA walks on along the endless road to the sea.\n\n"
    script = {"role": "script", "name": "long.txt", "text": line * (2_000_000 // len(line))}
    answer = await newcomer.http.post(f"{newcomer.at}/chat", json={"text": "Make a film of this script", "attachments": [script]})
    assert answer.status_code == 200, answer.text[:500]
    body = answer.json()
    assert body["proposal"] or body["message"]
    assert (await newcomer.get("/healthz"))["status"] == "ok"
    larger = {**script, "text": "x" * (9 * 1024 * 1024)}
    is_problem(await newcomer.http.post(f"{newcomer.at}/chat", json={"text": "film", "attachments": [larger]}), 413, "too-large")


async def test_a_broken_file_as_a_script_is_said_to_be_broken(newcomer: Caller):
    script = {"role": "script", "name": "broken.fountain", "text": "\u0001\u0002\u0003" * 50}
    answer = await newcomer.say("Make a film of this script", attachments=[script])
    assert answer["commit"] is None and answer["proposal"] is None and answer["message"]


async def test_what_was_said_is_kept_with_why_each_part_was_given(caller: Caller):
    first = await caller.say("list the shots")
    await caller.say("show shot 2")
    page = await caller.get(f"@/conversations/{first['conversation']}/messages", limit=3)
    assert [one["role"] for one in page["items"]] == ["assistant", "person", "assistant"]
    rest = await caller.get(f"@/conversations/{first['conversation']}/messages", limit=3, cursor=page["next"])
    assert [one["text"] for one in rest["items"]] == ["list the shots"] and rest["next"] is None
    context = await caller.get(f"@/turns/{first['turn']}/context")
    assert context["why"] and context["shot_count"] == 5
    is_problem(await caller.http.get(f"{caller.at}/turns/{uuid4()}/context"), 404, "not-found")


async def test_turns_and_requests_are_counted_in_the_figures(caller: Caller):
    await caller.say("list the shots")
    figures = (await caller.http.get("/metrics")).text
    assert 'storyreel_chat_turn_seconds_count{planner="rules"}' in figures
    assert 'storyreel_http_request_seconds_count{method="POST",route="/v1/workspaces/{workspace}/chat",status="200"}' in figures


async def test_a_message_tells_exactly_what_was_given_for_it_and_why(caller: Caller):
    await caller.act({"type": "memory.save", "args": {"fact": "No red at all", "kind": "preference"}})
    answer = await caller.say("make shot 2 a night")
    page = await caller.get(f"@/conversations/{answer['conversation']}/messages", limit=2)
    given = [await caller.get(f"@/messages/{one['id']}/context") for one in page["items"]]
    assert given[0] == given[1] == await caller.get(f"@/turns/{answer['turn']}/context")
    parts = {one["part"]: one for one in given[0]["parts"]}
    assert parts["shot"]["why"].startswith("shot 2 is named") and parts["memory"]["text"].endswith("No red at all")
    assert all(one["text"] in given[0]["prompt"] and one["tokens"] > 0 for one in given[0]["parts"])
    assert given[0]["tokens"] == sum(one["tokens"] for one in given[0]["parts"]) <= given[0]["budget"]
    assert "You are the planner" in given[0]["system"]
    is_problem(await caller.http.get(f"{caller.at}/messages/{uuid4()}/context"), 404, "not-found")


async def test_a_pro_talk_is_bound_to_its_shot_and_keeps_where_it_was_said(caller: Caller):
    shot = (await caller.get("@/shots/2"))["id"]
    said = is_problem(await caller.http.post(f"{caller.at}/chat", json={"text": "darker", "mode": "pro"}), 422, "bad-input")
    assert "work_item" in said["detail"]
    is_problem(await caller.http.post(f"{caller.at}/chat", json={"text": "darker", "work_item": str(uuid4())}), 404, "not-found")
    done = await caller.say("make it a night", mode="pro", work_item=shot)
    assert done["commit"] and (await caller.get("@/shots/2"))["frame"]["time"] == "night"
    refused = await caller.say("make shot 4 a night", mode="pro", work_item=shot)
    assert refused["commit"] is None and "shot 4 lies outside it" in refused["message"]
    other = await caller.say("list the shots")
    assert done["conversation"] == refused["conversation"] != other["conversation"]
    page = await caller.get(f"@/conversations/{done['conversation']}/messages")
    assert {(one["mode"], one["work_item_id"]) for one in page["items"]} == {("pro", shot)} and len(page["items"]) == 4
    assert (await caller.get(f"@/tracks/{uuid4()}/messages"))["items"] == []


async def test_a_screen_is_asked_in_the_turn_and_a_role_keeps_to_its_work(caller: Caller):
    events = await told(caller, "open shot 3")
    assert [name for name, _ in events] == ["context", "plan", "ui", "answer"]
    assert dict(events)["ui"]["number"] == 3 and dict(events)["answer"]["ui"] == [dict(events)["ui"]]
    refused = await caller.say("make the whole film watercolour", role="sound")
    assert refused["commit"] is None and "not the sound's work" in refused["message"]
