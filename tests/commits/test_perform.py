"""What a person gets for an envelope: a commit, a proposal, data, or a refusal that changes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from storyreel.actions.base import Asked, Envelope, Role
from storyreel.commits import LOCAL_OWNER, Actor, AlreadyDecided, EnvelopeRefused, approve, perform, reject
from storyreel.ledger.quote import Quote
from storyreel.model.errors import BadInput, Conflict, OutOfRange
from tests.commits.conftest import Studio


async def numbers(studio: Studio) -> list[str]:
    view = await studio.view()
    return [shot.spec.picture.subject for shot in view.shots()]


async def test_a_range_is_changed_after_a_yes_and_nothing_else(studio: Studio) -> None:
    before = await studio.view()
    outcome = await studio.ask(
        ("shot.update", {"shots": "2-3", "picture": {"time": "night", "style": "neon"}, "camera": {"pace": "faster"}}),
        ("gen.video", {"shots": "2-3"}),
    )
    assert outcome.commit is None
    assert outcome.proposal is not None
    assert outcome.proposal.shots == 2
    assert (await studio.view()).rows == before.rows
    done = await approve(studio.door, studio.workspace_id, outcome.proposal.id, LOCAL_OWNER)
    assert done.commit is not None
    after = await studio.view()
    changed = [n for n, (a, b) in enumerate(zip(before.shots(), after.shots(), strict=True), 1) if a != b]
    assert changed == [2, 3]
    assert {shot.spec.picture.time for shot in after.shots()[1:3]} == {"night"}
    assert len(done.commit.tasks) == 2


async def test_a_single_edit_is_done_at_once(studio: Studio) -> None:
    outcome = await studio.ask(("shot.update", {"shots": "last", "duration_s": 5}))
    assert outcome.commit is not None
    assert (await studio.view()).shots()[-1].frames == 120


async def test_asked_twice_it_is_done_once(studio: Studio) -> None:
    request = uuid4()
    first = await studio.ask(("shot.add", {"shot": {"duration_s": 1}}), request_id=request)
    again = await studio.ask(("shot.add", {"shot": {"duration_s": 1}}), request_id=request)
    assert again.repeated
    assert first.commit and again.commit
    assert again.commit.revision == first.commit.revision
    assert len((await studio.view()).shots()) == 6


async def test_asked_twice_at_the_same_time_it_is_done_once(studio: Studio) -> None:
    request = uuid4()
    outcomes = await asyncio.gather(*(studio.ask(("shot.add", {}), request_id=request) for _ in range(4)))
    assert len({outcome.commit.revision for outcome in outcomes if outcome.commit}) == 1
    assert len((await studio.view()).shots()) == 6


async def test_approved_twice_it_is_done_once(studio: Studio) -> None:
    outcome = await studio.ask(("shot.delete", {"shots": "2"}))
    assert outcome.proposal is not None
    first, again = await asyncio.gather(
        *(approve(studio.door, studio.workspace_id, outcome.proposal.id, LOCAL_OWNER) for _ in range(2))
    )
    assert first.commit and again.commit
    assert first.commit.revision == again.commit.revision
    assert await numbers(studio) == ["shot 1", "shot 3", "shot 4", "shot 5"]


async def test_a_rejected_proposal_changes_nothing_and_stays_rejected(studio: Studio) -> None:
    outcome = await studio.ask(("shot.delete", {"shots": "all"}))
    assert outcome.proposal is not None
    assert (await reject(studio.door, studio.workspace_id, outcome.proposal.id, LOCAL_OWNER)).state == "rejected"
    with pytest.raises(AlreadyDecided):
        await approve(studio.door, studio.workspace_id, outcome.proposal.id, LOCAL_OWNER)
    assert len((await studio.view()).shots()) == 5


async def test_one_bad_action_among_ten_refuses_all_with_a_verdict_each(studio: Studio) -> None:
    before = await studio.view()
    actions = [("shot.update", {"shots": "1", "notes": f"note {n}"}) for n in range(9)]
    with pytest.raises(EnvelopeRefused) as refused:
        await studio.ask(*actions, ("shot.update", {"shots": "1", "duration_s": 0}))
    verdicts = refused.value.facts["verdicts"]
    assert [verdict["ok"] for verdict in verdicts] == [True] * 9 + [False]
    assert "duration_s" in verdicts[9]["detail"]
    assert (await studio.view()).rows == before.rows


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (("shot.update", {"shots": "99", "notes": "x"}), "1 to 5"),
        (("shot.update", {"shots": "3-2", "notes": "x"}), "backwards"),
        (("shot.update", {"shots": "the blue one", "notes": "x"}), "names no shots"),
        (("shot.update", {"shots": "1", "duration_s": 10_800}), "600"),
        (("shot.split", {"shot": "1", "at_s": 3.0}), "inside"),
        (("shot.merge", {"shots": "1,3"}), "next to each other"),
        (("shot.update", {"shots": "1", "cast_add": [{"character": "Nobody"}]}), "Anna, Bo"),
        (("scene.update", {"scene": "7", "mood": "tense"}), "the film has 2"),
        (("no.such", {}), "GET /v1/actions"),
        (("version.rollback", {"to": "nowhere"}), "no snapshot"),
        (("version.redo", {}), "nothing to redo"),
        (("node.promote", {"node": str(uuid4())}), "no such node"),
        (("task.cancel", {}), "nothing to cancel"),
    ],
)
async def test_what_cannot_be_done_is_said_in_words_that_help(
    studio: Studio, action: tuple[str, dict[str, object]], words: str
) -> None:
    before = await studio.scalar("select revision from workspace where id = :ws")
    with pytest.raises(BadInput) as refused:
        await studio.ask(action)
    assert words in str(refused.value)
    assert await studio.scalar("select revision from workspace where id = :ws") == before


async def test_a_locked_shot_is_skipped_in_a_batch_and_refused_alone(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "2", "status": "locked"}))
    outcome = await studio.do(("shot.update", {"shots": "all", "picture": {"weather": "rain"}}))
    assert outcome.commit is not None
    assert [said.facts["shot"] for said in outcome.commit.skipped] == [2]
    rainy = [shot.spec.picture.weather == "rain" for shot in (await studio.view()).shots()]
    assert rainy == [True, False, True, True, True]
    with pytest.raises(EnvelopeRefused, match="locked"):
        await studio.ask(("shot.update", {"shots": "2", "picture": {"weather": "rain"}}))


async def test_a_stale_base_is_refused_only_where_the_same_field_was_changed(studio: Studio) -> None:
    base = await studio.scalar("select revision from workspace where id = :ws")
    other = Actor(id="someone else")
    await studio.ask(("shot.update", {"shots": "1", "picture": {"time": "night"}}), actor=other)
    merged = await studio.ask(("shot.update", {"shots": "1", "picture": {"weather": "fog"}}), base_revision=base)
    assert merged.commit is not None
    with pytest.raises(Conflict) as stale:
        await studio.ask(("shot.update", {"shots": "1", "picture": {"time": "dusk"}}), base_revision=base)
    assert stale.value.facts["commits"] == [{"revision": base + 1, "actor": "someone else"}]
    assert (await studio.view()).shots()[0].spec.picture.time == "night"


async def test_names_join_the_actions_of_one_envelope(studio: Studio) -> None:
    await studio.do(
        Asked(type="character.create", args={"name": "Cleo"}, name="cleo"),
        Asked(type="scene.add", args={"title": "Three"}, name="three"),
        Asked(type="shot.add", args={"shot": {"scene": "$three", "cast": [{"character": "$cleo"}]}}, name="new"),
        Asked(type="shot.update", args={"shots": "$new", "picture": {"subject": "Cleo alone"}}),
    )
    view = await studio.view()
    last = view.shots()[-1]
    assert last.spec.picture.subject == "Cleo alone"
    assert len(view.cast_of(last.id)) == 1


async def test_inserting_can_keep_the_length_of_the_film(studio: Studio) -> None:
    total = sum(shot.frames for shot in (await studio.view()).shots())
    await studio.do(("shot.add", {"after": "2", "shot": {"duration_s": 2}, "keep_total": True}))
    shots = (await studio.view()).shots()
    assert len(shots) == 6
    assert sum(shot.frames for shot in shots) == total
    assert shots[2].frames == 48


async def test_several_shots_stand_together_where_they_are_put(studio: Studio) -> None:
    before = [shot.id for shot in (await studio.view()).shots()]
    shots = [{"duration_s": 1, "picture": {"subject": f"new {n}"}} for n in range(3)]
    await studio.do(("shot.add", {"after": "2", "shots": shots}))
    after = (await studio.view()).shots()
    assert [shot.id for shot in after if shot.id in before] == before
    assert [shot.spec.picture.subject for shot in after[2:5]] == ["new 0", "new 1", "new 2"]
    for args, said in (({"shots": []}, "at least 1"), ({"shot": {}, "shots": shots}, "either one shot or several")):
        with pytest.raises(BadInput, match=said):
            await studio.ask(("shot.add", args))
    with pytest.raises(BadInput, match="shots"):
        await studio.ask(("shot.bulk_add", {}))


async def test_splitting_and_merging_keep_every_frame_and_line(studio: Studio) -> None:
    lines = ({"text": "One."}, {"text": "Two."}, {"text": "Three."})
    await studio.do(("shot.update", {"shots": "2", "lines": lines}))
    await studio.do(("shot.split", {"shot": "2", "at_s": 1}))
    shots = (await studio.view()).shots()
    assert [shot.frames for shot in shots[1:3]] == [24, 48]
    await studio.do(("shot.merge", {"shots": "2-3"}))
    merged = (await studio.view()).shots()[1]
    assert merged.frames == 72
    assert [line.text for _, line in sorted(merged.spec.lines.items())] == ["One.", "Two.", "Three."]


async def test_moving_takes_a_shot_into_its_new_scene(studio: Studio) -> None:
    await studio.do(("shot.reorder", {"shots": "5", "before": "1"}))
    assert await numbers(studio) == ["shot 5", "shot 1", "shot 2", "shot 3", "shot 4"]
    view = await studio.view()
    assert view.shots()[0].scene_id == view.scenes()[0].id


async def test_a_query_changes_nothing(studio: Studio) -> None:
    before = await studio.scalar("select revision from workspace where id = :ws")
    outcome = await studio.ask(("shot.list", {"shots": "2-3"}), ("shot.view", {"shot": "4"}), ("task.status", {}))
    assert [shot["number"] for shot in outcome.data[0]["shots"]] == [2, 3]
    assert outcome.data[1]["cast"] == [
        {"name": "Anna", "action": "", "emotion": "neutral"},
        {"name": "Bo", "action": "", "emotion": "neutral"},
    ]
    assert await studio.scalar("select revision from workspace where id = :ws") == before


async def test_a_viewer_may_look_and_not_touch(studio: Studio) -> None:
    viewer = Actor(id="guest", role=Role.viewer)
    assert (await studio.ask(("shot.list", {}), actor=viewer)).data
    with pytest.raises(EnvelopeRefused, match="viewer"):
        await studio.ask(("shot.add", {}), actor=viewer)


async def test_what_has_become_dearer_asks_again(studio: Studio) -> None:
    dear = replace(studio.door, price=lambda _view, renders: Quote(cost_usd=float(len(renders)), expected_s=1.0))
    envelope = Envelope(request_id=uuid4(), actions=(Asked(type="gen.video", args={"shots": "1-3"}),))
    asked = await perform(dear, studio.workspace_id, envelope, LOCAL_OWNER)
    assert asked.proposal is not None
    assert asked.proposal.quote.cost_usd == 3.0
    dearer = replace(dear, price=lambda _view, renders: Quote(cost_usd=10.0 * len(renders), expected_s=1.0))
    again = await approve(dearer, studio.workspace_id, asked.proposal.id, LOCAL_OWNER)
    assert again.commit is None
    assert again.proposal is not None
    assert again.proposal.quote.cost_usd == 30.0
    done = await approve(dearer, studio.workspace_id, again.proposal.id, LOCAL_OWNER)
    assert done.commit is not None


async def test_a_batch_leaves_a_snapshot_to_go_back_to(studio: Studio) -> None:
    before = await numbers(studio)
    await studio.do(("shot.update", {"shots": "all", "picture": {"subject": "the same"}}))
    assert await studio.scalar("select count(*) from snapshot where workspace_id = :ws and automatic") == 1
    await studio.do(("version.rollback", {}))
    assert await numbers(studio) == before


async def test_a_row_of_another_project_cannot_be_named(studio: Studio, door: object) -> None:
    other = Studio(studio.door, uuid4())
    await other.ask(("project.create", {"name": "Other"}))
    shot = (await studio.view()).shots()[0]
    with pytest.raises(OutOfRange):
        await other.ask(("shot.update", {"shots": str(shot.id), "notes": "mine now"}))


async def test_all_means_the_shots_of_the_same_envelope_too(empty: Studio) -> None:
    outcome = await empty.do(
        Asked(type="scene.add", args={"title": "One"}, name="one"),
        ("shot.bulk_add", {"shots": [{"scene": "$one"}, {"scene": "$one"}]}),
        ("gen.compose", {}),
    )
    assert outcome.commit is not None
    assert len(outcome.commit.tasks) == 3
