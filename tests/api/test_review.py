"""What waits for a person over HTTP, the decision, and how providers do."""

from __future__ import annotations

from sqlalchemy import text

from storyreel.runtime.database import Database
from tests.api.conftest import Caller


async def failing(db: Database, caller: Caller, code: str = "provider-resource") -> str:
    """A shot's render that ended in review."""
    outcome = await caller.do({"type": "gen.video", "args": {"shots": "2", "cut": False}})
    [task] = outcome["commit"]["tasks"]
    async with db.begin() as conn:
        await conn.execute(text("update task set state = 'running', run = 1, stage = 'video' where id = :t"), {"t": task})
        await conn.execute(
            text(
                "update task set state = 'manual_review', finished_at = now(), error = jsonb_build_object("
                "'code', cast(:code as text), 'detail', 'no room for this', 'stage', 'video') where id = :t"
            ),
            {"t": task, "code": code},
        )
    return task


async def test_nothing_waits_in_a_project_that_is_well(caller: Caller):
    assert await caller.get("@/review") == {"waiting": [], "proposals": 0, "held": []}
    assert await caller.get("@/providers") == []


async def test_what_waits_says_what_happened_and_what_each_choice_does(caller: Caller, db: Database):
    task = await failing(db, caller)
    [one] = (await caller.get("@/review"))["waiting"]
    assert (one["task_id"], one["shot"], one["stage"], one["code"], one["said"]) == (
        task,
        2,
        "video",
        "provider-resource",
        "no room for this",
    )
    assert {choice["verb"]: choice["says"] for choice in one["choices"]} == {
        "retry": "retry it",
        "smaller": "allow a smaller one",
        "edit": "change it and retry",
        "provider": "have another provider make it",
        "upload": "bring your own",
        "skip": "go without it",
    }


async def test_a_decision_by_action_takes_it_off_the_list(caller: Caller, db: Database):
    task = await failing(db, caller)
    outcome = await caller.act({"type": "task.skip", "args": {"tasks": [task]}})
    assert outcome["commit"]["summary"][0]["code"] == "review.skip"
    assert (await caller.get("@/review"))["waiting"] == []
    assert (await caller.get(f"@/tasks/{task}"))["note"] == "A person goes without it."


async def test_open_proposals_and_held_providers_are_told_with_it(caller: Caller):
    await caller.act({"type": "gen.compose"}, mode="propose")
    await caller.act({"type": "provider.pause", "args": {"provider": "remote", "why": "too dear"}})
    found = await caller.get("@/review")
    assert found["proposals"] == 1
    assert [(one["provider"], one["reason"]) for one in found["held"]] == [("remote", "too dear")]
    await caller.act({"type": "provider.resume", "args": {"provider": "remote"}})
    assert (await caller.get("@/review"))["held"] == []


async def test_in_a_talk_it_is_listed_decided_and_told_in_both_languages(caller: Caller, db: Database):
    await failing(db, caller)
    listed = await caller.say("What is waiting for me?")
    assert "shot 2 (video): no room for this" in listed["message"]
    zh = await caller.say("有什么等我处理的？")
    assert "1 项等你处理" in zh["message"]
    assert "不要它了" in zh["message"]
    skipped = await caller.say("Skip shot 2")
    assert "go without shot 2" in skipped["message"]
    assert "没有什么等你处理" in (await caller.say("现在有什么等我处理？"))["message"]
