"""One film on the running product: what is made, what is made again, and what is not."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.acceptance.stand import OVER, Film, Stand, shot, until

SUBJECTS = ["Ada", "Ben", "Cleo", "Dora", "Eve"]
CHANGE = "把第2到第3个镜头改成夜景霓虹，节奏快一点"


@pytest.fixture(scope="module")
def film(stand: Stand) -> Film:
    """A rendered film of five shots, three of them spoken."""
    made = Film(
        stand, [shot(subject, line=f"I am {subject}" if at % 2 == 0 else "", duration_s=1) for at, subject in enumerate(SUBJECTS)]
    )
    made.do({"type": "gen.compose"})
    made.finish()
    return made


def test_a_wish_becomes_a_film_and_each_part_is_bought_once(film: Film) -> None:
    spoken = {(subject, "voice"): 1 for subject in SUBJECTS[::2]}
    assert film.bought() == {(s, stage): 1 for s in SUBJECTS for stage in ("grid", "video")} | spoken | {("", "music"): 1}
    assert film.film()["frames"] == 5 * 24
    assert film.stand.vendor.counts()["paid_twice"] == []
    assert {segment is not None for segment in film.segments().values()} == {True}


def test_a_second_render_of_the_same_calls_nobody_and_again_does(film: Film) -> None:
    before, joined = film.bought(), film.film()["asset"]
    film.do({"type": "gen.video", "args": {"shots": "all"}}, {"type": "gen.compose"})
    film.finish()
    assert film.bought() == before
    assert film.film()["asset"] == joined
    film.do({"type": "gen.video", "args": {"shots": "4", "again": True}})
    film.finish()
    assert film.bought() - before == {("Dora", "video"): 1}


def test_a_sentence_proposes_its_shots_and_only_they_are_rendered_again(film: Film) -> None:
    before, segments, joined = film.bought(), film.segments(), film.film()["asset"]
    tasks = {task["id"] for task in film.tasks()}
    asked = film.stand.api("POST", f"{film.path}/chat", {"text": CHANGE}, key="neon")
    assert asked["commit"] is None
    assert film.bought() == before
    assert {number for said in asked["proposal"]["summary"] for number in said["facts"]["shots"]} == {2, 3}, asked
    outcome = film.approve(asked["proposal"])
    new = set(outcome["commit"]["tasks"])
    found = [task for task in film.finish() if task["id"] in new]
    assert new.isdisjoint(tasks)
    assert [task["subject"] for task in found if task["kind"] == "shot"] == ["Ben", "Cleo"]
    assert [task["kind"] for task in found].count("cut") == 1
    bought = film.bought() - before
    assert {subject for subject, _ in bought} - {""} == {"Ben", "Cleo"}
    assert all(bought[subject, "video"] == 1 for subject in ("Ben", "Cleo"))
    again = film.segments()
    assert {subject for subject in SUBJECTS if again[subject] != segments[subject]} == {"Ben", "Cleo"}
    assert film.film()["asset"] != joined
    # Ben's shot is faster; Cleo speaks in hers, so it keeps the time that her line takes.
    assert film.film()["frames"] == 4 * 24 + 20
    shots = film.stand.api("GET", f"{film.path}/graph")["rows"]["work_item"]
    changed = {row["spec"]["picture"]["subject"] for row in shots if row["spec"]["picture"].get("time") == "night"}
    assert changed == {"Ben", "Cleo"}


def test_a_cancel_reaches_the_vendor_and_the_ledger_says_so(stand: Stand) -> None:
    made = Film(stand, [shot("Fern")])
    cancelled = stand.vendor.counts().get("cancel", 0)
    stand.vendor.behave(hold=["video:"])
    try:
        (task,) = made.do({"type": "gen.video", "args": {"shots": "1"}})
        until(
            lambda: any(not job["needs"] for job in stand.vendor.jobs("video") if made_of(made, job)), "the vendor to be at work"
        )
        held = "select reserved_usd from budget where workspace_id = %s and person = '' and month = ''"
        made.do({"type": "task.cancel", "args": {"tasks": [task]}})
        until(lambda: stand.vendor.counts().get("cancel", 0) == cancelled + 1, "the cancel at the vendor", 15)
        (found,) = until(lambda: all(t["state"] in OVER for t in made.tasks()) and made.tasks(), "the task to end", 15)
        assert found["state"] == "cancelled"
        jobs = stand.rows("select state::text, stage from provider_job where workspace_id = %s", made.id)
        assert sorted((job["stage"], job["state"]) for job in jobs) == [("grid", "settled"), ("video", "cancelled")]
        assert [float(row["reserved_usd"]) for row in stand.rows(held, made.id)] in ([], [0.0])
        assert [job["cancelled"] for job in stand.vendor.jobs("video") if made_of(made, job)] == [True]
    finally:
        stand.vendor.behave(hold=[])


def made_of(film: Film, job: dict[str, Any]) -> bool:
    """Whether a job of the vendor is this film's."""
    return bool(
        film.stand.rows("select from provider_job where workspace_id = %s and id = cast(%s as uuid)", film.id, job["key"])
    )


def test_everything_is_still_there_after_a_restart_of_everything(film: Film) -> None:
    stand = film.stand

    def state() -> list[Any]:
        log = stand.rows("select revision, actor, kind, summary from commit where workspace_id = %s order by revision", film.id)
        return [stand.api("GET", f"{film.path}/graph"), log, film.tasks(), film.film(), film.bought()]

    before = state()
    assert all(two["revision"] == one["revision"] + 1 for one, two in pairwise(before[1]))
    stand.down()
    stand.up()
    assert state() == before
    film.do({"type": "gen.compose"})
    film.finish()
    assert film.bought() == before[-1]
