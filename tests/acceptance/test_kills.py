"""Everything dies once while one film is made; the film is finished, and nothing is bought twice."""

from __future__ import annotations

import pytest

from tests.acceptance.stand import Film, Stand, shot, until

# The shots are named after where the first SIGKILL finds them.
LOCAL = ("spec", "select", "compose")
AT_VENDOR = {"grid": "image", "video": "video", "voice": "voice"}
ANSWERLESS = "sending"
SUBJECTS = [f"held in {stage}" for stage in (*LOCAL, *AT_VENDOR, ANSWERLESS)]
MUSIC = "music:"


@pytest.fixture
def film(own_stand: Stand) -> Film:
    made = Film(own_stand, [shot(subject, line=f"This is {subject}") for subject in SUBJECTS])
    made.do({"type": "task.set_concurrency", "args": {"concurrency": 10}})
    return made


def succeeded(film: Film, *stages: str) -> bool:
    wanted = {f"held in {stage}" for stage in stages}
    return wanted <= {task["subject"] for task in film.tasks() if task["state"] == "succeeded"}


def at_vendor(stand: Stand, capability: str, text: str) -> bool:
    """Whether the vendor is at work on a job, with all that it needs."""
    return any(not job["needs"] for job in stand.vendor.jobs(capability, text))


@pytest.mark.timeout(420)
def test_a_film_outlives_the_death_of_each_part_in_each_stage(own_stand: Stand, film: Film) -> None:
    stand, vendor = own_stand, own_stand.vendor
    held = [f"{capability}:held in {stage}" for stage, capability in AT_VENDOR.items()]
    vendor.behave(hold=[*held, MUSIC], hold_answers=[f"image:held in {ANSWERLESS}"])

    with stand.holding(*((stage, f"held in {stage}") for stage in LOCAL)) as waiting:
        film.do({"type": "gen.compose"})
        until(waiting, "a shot at the end of each stage that asks nobody")
        for stage, capability in AT_VENDOR.items():
            until(lambda c=capability, s=stage: at_vendor(stand, c, f"held in {s}"), f"the vendor to be at work on a {stage}")
        until(lambda: at_vendor(stand, "image", f"held in {ANSWERLESS}"), "the vendor to have a job whose answer nobody hears")
        stand.kill("worker")
    vendor.behave(hold_answers=[])

    stand.kill("api")
    stand.kill("postgres")
    until(lambda: succeeded(film, *LOCAL, ANSWERLESS), "the shots that nobody holds")

    stand.kill("temporal")
    vendor.behave(hold=[*held[1:], MUSIC])
    until(lambda: succeeded(film, "grid"), "a shot that was with the vendor while Temporal died")

    runs = {task["subject"]: task["run"] for task in film.tasks()}
    for file in stand.home.glob("temporal.db*"):
        file.unlink()
    stand.kill("temporal")
    vendor.behave(hold=[MUSIC])
    until(lambda: succeeded(film, "video", "voice"), "the work that only the ledger still knew")
    again = {task["subject"]: task["run"] for task in film.tasks()}
    assert {subject for subject in SUBJECTS if again[subject] > runs[subject]} == {"held in video", "held in voice"}

    until(lambda: at_vendor(stand, "music", ""), "the vendor to be at work on the music")
    stand.kill_all()
    stand.up()
    with stand.holding(("film", "")) as waiting:
        vendor.behave(hold=[])
        until(waiting, "the film to be joined")
        stand.kill("worker")
    found = film.finish()

    assert len(found) == len(SUBJECTS) + 1
    assert film.film()["frames"] == 12 * len(SUBJECTS)
    assert film.bought() == {(s, stage): 1 for s in SUBJECTS for stage in AT_VENDOR} | {("", "music"): 1}
    assert vendor.counts()["paid_twice"] == []
    jobs = stand.rows("select state::text, submissions from provider_job where workspace_id = %s", film.id)
    assert {(job["state"], job["submissions"]) for job in jobs} == {("settled", 1)}
    money = stand.rows(
        "select reserved_usd, spent_usd from budget where workspace_id = %s and person = '' and month = ''", film.id
    )
    assert all(float(row["reserved_usd"]) == 0 for row in money)
