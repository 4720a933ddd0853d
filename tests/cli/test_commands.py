"""The commands as a script uses them: documents, exit codes, words."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import uuid4

from agent.types import ChatAnswer
from api.models import Page, TaskOut
from storyreel.assets import FolderStore
from storyreel.commits import Outcome, ProposalFacts
from storyreel.runtime.settings import Settings
from tests.cli.conftest import Shell

FILM = "Make a 20 second film about a fox who finds a lantern in the snow, 4 shots"
SCRIPT = "INT. KITCHEN - NIGHT\n\nAnna stirs the soup.\n\nANNA\nIt needs salt.\n\nEXT. GARDEN - DAY\n\nBo waters the roses.\n"


async def test_a_script_can_drive_all_of_it_by_documents(shell: Shell, tmp_path: Path):
    said = ChatAnswer.model_validate(await shell.done("chat", FILM))
    assert said.proposal and said.proposal.state == "open" and said.answered_by == "rules"
    rejected = ProposalFacts.model_validate(await shell.done("reject", str(said.proposal.id)))
    assert rejected.state == "rejected"
    again = ChatAnswer.model_validate(await shell.done("chat", FILM))
    assert again.proposal and again.workspace == said.workspace
    approved = Outcome.model_validate(await shell.done("approve", str(again.proposal.id)))
    assert approved.commit and len(approved.commit.tasks) == 5
    assert (await shell.done("show"))["shots"] == 4
    status = Page[TaskOut].model_validate(await shell.done("status"))
    assert {task.state for task in status.items} == {"pending"} and len(status.items) == 5
    cancelled = Outcome.model_validate(await shell.done("cancel", "--shots", "2"))
    assert cancelled.commit
    retried = Outcome.model_validate(await shell.done("retry", "--shots", "2"))
    assert retried.commit
    edited = ChatAnswer.model_validate(await shell.done("chat", "make shots 2-3 a night", "--yes"))
    assert (edited.commit and edited.proposal is None) or edited.proposal.state == "approved"
    undone = Outcome.model_validate(await shell.done("undo"))
    assert undone.commit and undone.commit.kind == "undo"
    rendered = Outcome.model_validate(await shell.done("render", "--shots", "1", "--again", "--yes"))
    assert rendered.commit or rendered.proposal
    missing = await shell("export", str(tmp_path / "film.mp4"), "--json")
    assert (missing.code, missing.json["error"]["code"]) == (1, "not-found")
    assert not (tmp_path / "film.mp4").exists()


async def test_the_past_is_shown_by_its_revision_and_projects_by_name(shell: Shell, tmp_path: Path):
    script = tmp_path / "soup.fountain"
    script.write_text(SCRIPT)
    made = ChatAnswer.model_validate(await shell.done("import", str(script), "--yes"))
    assert made.commit and made.proposal and made.proposal.state == "approved"
    shown = await shell.done("show", "-w", "soup")
    assert shown["shots"] >= 2 and [s["title"] or s["spec"]["place"] for s in shown["scenes"]]
    assert (await shell.done("show", "--at", "1"))["shots"] == 0
    words = await shell("show")
    assert words.code == 0 and "It needs salt." in words.out and "Scene 1" in words.out
    lost = await shell("show", "-w", "no such film")
    assert lost.code == 1 and "storyreel chat" in lost.err and lost.out == ""
    early = await shell("show", "--at", "99", "--json")
    assert (early.code, early.json["error"]["code"]) == (1, "not-found")


async def test_what_is_refused_or_not_understood_ends_with_one_and_says_why(shell: Shell):
    await shell.done("chat", FILM, "--yes")
    outside = await shell("chat", "make shot 9 a night", "--json")
    assert outside.code == 1
    assert ChatAnswer.model_validate(outside.json).error and "1 to 4" in outside.json["message"]
    odd = await shell("chat", "colourless green ideas sleep furiously")
    assert odd.code == 1 and "changed nothing" in odd.out
    empty = await shell("chat", "   ")
    assert empty.code == 1 and "empty" in empty.err
    nowhere = await shell("render", "--shots", "7-9", "--json")
    assert nowhere.code == 1 and "1 to 4" in nowhere.json["error"]["detail"]
    unknown = await shell("approve", str(uuid4()))
    assert unknown.code == 1 and "no proposal" in unknown.err
    nothing = await shell("retry")
    assert nothing.code == 1 and nothing.err.startswith("storyreel: ") and len(nothing.err.splitlines()) == 1


async def test_words_for_a_person_say_what_changed_and_what_to_do_next(shell: Shell):
    asked = await shell("chat", FILM)
    assert asked.code == 0 and "storyreel approve" in asked.out
    yes = await shell("approve", asked.out.split("storyreel approve ")[1].split()[0])
    assert "5 renders started" in yes.out and "storyreel status" in yes.out
    chinese = await shell("chat", "把第2到第3个镜头改成夜景霓虹，节奏快一点")
    assert chinese.code == 0 and "第 2-3 个镜头" in chinese.out
    status = await shell("status")
    assert "shot 1" in status.out and "pending" in status.out and "film" in status.out


async def test_without_a_stack_every_command_says_how_to_start_one(alone: Shell):
    commands = ["chat hello", f"approve {uuid4()}", "show", "render", "status", "cancel", "retry", "undo", "export", "down"]
    for ran in await asyncio.gather(*(alone(*words.split()) for words in commands)):
        assert ran.code == 1 and "no stack runs" in ran.err and ran.out == ""
    told = await alone("status", "--json")
    assert (told.code, told.json["error"]["code"]) == (1, "unavailable")
    away = await alone("status", STORYREEL_API="http://127.0.0.1:9")
    assert away.code == 1 and "does not answer" in away.err


async def test_wrong_usage_ends_with_two(alone: Shell, tmp_path: Path):
    wrong = [
        ("bogus",),
        ("show", "--bogus"),
        ("chat",),
        ("approve", "not-an-id"),
        ("import", "/nowhere.txt"),
        ("chat", "hello", "--attach", "/nowhere.png"),
    ]
    for ran in await asyncio.gather(*(alone(*words) for words in wrong)):
        assert ran.code == 2 and ran.err and ran.out == ""
    setting = await alone("status", STORYREEL_API_PORT="many")
    assert setting.code == 2 and "API_PORT" in setting.err


async def test_every_command_has_help_with_an_example(alone: Shell):
    names = [
        "up",
        "down",
        "demo",
        "chat",
        "approve",
        "reject",
        "show",
        "import",
        "render",
        "status",
        "cancel",
        "retry",
        "undo",
        "export",
        "doctor",
        "api",
        "worker",
        "migrate",
    ]
    for name, ran in zip(names, await asyncio.gather(*(alone(name, "--help") for name in names)), strict=True):
        assert ran.code == 0, name
        assert "storyreel" in ran.out and ("Example" in ran.out or name == "migrate"), name
        assert "--json" in ran.out or name in {"api", "worker"}, name
    assert "upgrade" in (await alone("db", "--help")).out


async def test_the_doctor_names_each_part_and_how_to_mend_it(shell: Shell, alone: Shell):
    ran = await alone("doctor", "--json")
    parts = {one["part"]: one for one in ran.json["findings"]}
    assert {"python", "database", "temporal", "api", "store", "ffmpeg", "disk", "planner", "providers"} == parts.keys()
    assert parts["database"]["state"] == "off" and "storyreel up" in parts["database"]["mend"]
    away = await alone("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:9/x", TEMPORAL_ADDRESS="127.0.0.1:9")
    assert away.code == 1 and "✗ database" in away.out and "✗ temporal" in away.out
    well = await shell("doctor")
    assert "✗ api" in well.out and "without temporal" in well.out


async def test_a_script_that_is_no_script_is_refused_before_anything_is_made(shell: Shell, tmp_path: Path):
    broken = tmp_path / "broken.fountain"
    broken.write_bytes(bytes(range(256)) * 40)
    ran = await shell("import", str(broken))
    assert ran.code == 1 and "broken.fountain" in ran.err
    huge = tmp_path / "huge.txt"
    huge.write_text("x" * 5_000_000)
    assert "MB" in (await shell("import", str(huge))).err
    into_folder = await shell("demo", "a fox", "--out", str(tmp_path))
    assert into_folder.code == 1 and "is a folder" in into_folder.err
    no_projects = await shell("show")
    assert no_projects.code == 1 and "no project yet" in no_projects.err


async def test_the_database_is_brought_up_to_date_under_both_names(alone: Shell, database):
    for words in (("db", "upgrade"), ("migrate",)):
        ran = await alone(*words, "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:9/x")
        assert (ran.code, ran.json["error"]["code"]) == (1, "unavailable")


async def test_an_unforeseen_failure_is_one_line(alone: Shell, tmp_path: Path):
    alone.home.write_text("a file where the data folder should be")
    ran = await alone("status", STORYREEL_API="ftp://nowhere")
    assert ran.code == 1 and len(ran.err.splitlines()) == 1


async def test_bytes_that_nothing_names_are_collected_by_hand(shell: Shell, settings: Settings) -> None:
    store = FolderStore(shell.home / "assets")
    spare, young = await store.put(b"of a stage that failed"), await store.put(b"just now")
    then = store.file(spare).stat().st_mtime - 3 * 86_400
    os.utime(store.file(spare), (then, then))
    env = {"DATABASE_URL": settings.app_dsn}
    would = await shell("db", "gc", "--dry-run", **env)
    assert would.code == 0 and "1 files" in would.out and "would go" in would.out and await store.exists(spare)
    went = await shell("db", "gc", "--json", **env)
    assert went.json["assets"] == [spare] and went.json["kept"] == 1
    assert not await store.exists(spare) and await store.exists(young)
