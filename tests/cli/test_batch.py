"""A batch is followed, and renders are held, put first and done at a time, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell

SCRIPT = "\n\n".join(f"EXT. STREET {number} - DAY\n\nA dog walks along the street." for number in range(1, 5))


async def test_a_batch_is_looked_at_and_steered_and_done_at_a_time(shell: Shell, tmp_path: Path) -> None:
    script = tmp_path / "street.fountain"
    script.write_text(SCRIPT)
    await shell.done("import", str(script), "--yes")
    await shell("pause")
    asked = await shell.done("rerender", "--shots", "1-3", "--yes")
    assert asked["commit"]["batch_id"]
    batch = await shell.done("batch")
    assert (batch["id"], batch["total"], batch["waiting"]) == (asked["commit"]["batch_id"], 3, 3)
    assert batch["selector"]["shots"] == "1-3"
    assert [(one["why"], one["shots"]) for one in batch["waits"]] == [("project paused", [1, 2, 3])]
    said = (await shell("batch")).out
    assert "0/3 (0 %): 3 waiting" in said
    assert "3 wait for the project, which is paused (shots 1, 2, 3)" in said
    first = await shell.done("prioritise", "90", "--shots", "2")
    assert first["commit"]["summary"][0]["facts"] == {"tasks": 1, "priority": 90}
    none = await shell("rerender", "--stale")
    assert none.code == 1
    assert "is stale" in none.out + none.err
    await shell.done("cancel")
    assert (await shell.done("batch", "--follow"))["cancelled"] == 3
    set_ = ("schedule", "gen.video", "--stale", "--cron", "0 2 * * *", "--zone", "Asia/Shanghai", "--title", "nightly", "--yes")
    await shell.done(*set_)
    [one] = (await shell.done("schedules"))["schedules"]
    assert (one["title"], one["cron"], one["time_zone"], one["actions"][0]["args"]) == (
        "nightly",
        "0 2 * * *",
        "Asia/Shanghai",
        {"stale": True},
    )
    assert "0 2 * * * (Asia/Shanghai)  nightly" in (await shell("schedules")).out
    await shell.done("unschedule", "nightly")
    assert "Nothing is scheduled." in (await shell("schedules")).out
