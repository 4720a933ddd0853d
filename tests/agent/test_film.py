"""A film comes of one message, after one yes."""

from __future__ import annotations

import pytest

from tests.agent.conftest import Talker

SCRIPT = """INT. LIGHTHOUSE - NIGHT

Anna climbs the stairs. Rain beats the window.

ANNA
I will keep the light.

EXT. SEA - DAWN

The storm is over. A boat comes home.
"""


@pytest.mark.parametrize(
    ("said", "shots", "seconds", "style", "yes"),
    [
        ("做一个30秒的短片，讲灯塔看守人在暴风雨里守住灯，水彩风格，8个镜头", 8, 30, "水彩", "好的，开始吧"),
        ("Make a 45 second film about a stray cat that finds its way home on a rainy night", None, 45, "", "yes, go ahead"),
    ],
)
async def test_a_brief_becomes_a_film_of_the_length_and_the_shots_that_were_asked_for(
    talker: Talker, said: str, shots: int | None, seconds: int, style: str, yes: str
) -> None:
    asked = await talker.say(said)
    assert asked.proposal is not None
    assert asked.proposal.quote.renders > 1
    assert await talker.revision() == 1
    done = await talker.say(yes)
    assert done.commit is not None
    view = await talker.view()
    assert sum(shot.frames for shot in view.shots()) == seconds * view.fps
    assert shots is None or len(view.shots()) == shots
    assert view.workspace.profile.style == style
    assert len(done.commit.tasks) == len(view.shots()) + 1


async def test_an_attached_script_keeps_its_words_its_people_and_its_places(talker: Talker) -> None:
    asked = await talker.say(
        "Make a film of this script", attachments=[{"role": "script", "name": "light.fountain", "text": SCRIPT}]
    )
    assert asked.proposal is not None
    await talker.say("ok")
    view = await talker.view()
    lines = [line.text for shot in view.shots() for line in shot.spec.lines.values()]
    assert lines == ["I will keep the light."]
    assert [scene.spec.time for scene in view.scenes()] == ["night", "dawn"]
    assert view.cast_of(view.shots()[0].id)
    assert all(shot.script_id and shot.span_end for shot in view.shots())


async def test_a_pasted_script_is_made_as_long_as_was_asked(talker: Talker) -> None:
    asked = await talker.say(f"Make a 30 second film from this script:\n\n{SCRIPT}")
    assert asked.proposal is not None
    await talker.say("Yes.")
    view = await talker.view()
    assert sum(shot.frames for shot in view.shots()) == 30 * view.fps


async def test_no_drops_the_film_and_changes_nothing(talker: Talker) -> None:
    await talker.say("做一个30秒的短片，讲灯塔看守人")
    dropped = await talker.say("算了")
    assert dropped.proposal is not None
    assert dropped.proposal.state == "rejected"
    assert await talker.revision() == 1
