"""Renders that would wait long are asked about, with a later time and a smaller frame as offers; nothing is taken silently."""

from __future__ import annotations

from dataclasses import replace

from storyreel.actions.words import all_said
from tests.commits.conftest import Studio


async def test_what_would_wait_too_long_is_asked_about_and_offered_later_or_smaller(studio: Studio) -> None:
    await studio.do(("gen.video", {"shots": "1-4"}))
    studio.door = replace(studio.door, queue_wait_s=1.0)
    before = (await studio.view()).workspace.profile.resolution
    asked = (await studio.ask(("gen.video", {"shots": "5", "priority": 50}))).proposal
    assert asked
    assert [said.code for said in asked.reasons] == ["ask.queue", "offer.later", "offer.smaller"]
    for language in ("zh", "en"):
        assert len(all_said(asked.reasons, language)) == 3  # type: ignore[arg-type]
    assert (await studio.view()).workspace.profile.resolution == before, "nothing was taken silently"
    # One that goes before those that wait does not wait for them.
    await studio.do(("task.pause", {}))
    assert (await studio.ask(("gen.video", {"shots": "5", "priority": 90}))).commit
    studio.door = replace(studio.door, queue_wait_s=3600.0)
    assert (await studio.ask(("gen.video", {"shots": "4"}))).commit
