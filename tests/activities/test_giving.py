"""A provider without room, one that is away, one whose rules say no: what is given up, only with leave, and how it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.kit import KitMaker
from activities.work import Work
from storyreel.actions.softer import words_of
from storyreel.commits import LOCAL_OWNER, approve
from storyreel.graph.shots import shot_view
from storyreel.ledger.till import Till
from storyreel.pipeline.stages.fresh import is_fresh, stale
from storyreel.providers.registry import Registry
from storyreel.providers.rewriter import rewriter_in
from storyreel.providers.text import rate_in
from storyreel.runtime.settings import Settings
from tests.activities.conftest import Bench
from tests.activities.instant import Tools
from tests.standins.gemini import Gemini
from tests.standins.vendor import Vendor


class House:
    """A bench whose pictures and clips are bought at a vendor."""

    def __init__(self, bench: Bench, vendor: Vendor):
        self.bench, self.vendor, self.studio = bench, vendor, bench.studio
        self.order: Any = None

    async def begin(self, **fallback):
        """One shot on its way, with what the project allows; its pictures are small, so that they are quick."""
        profile = {"resolution": "360p", "grid_rows": 2, "grid_cols": 1, **({"fallback": fallback} if fallback else {})}
        await self.studio.do(("project.set_config", profile), ("gen.video", {"shots": "2", "cut": False}))
        [self.order] = await self.bench.claim()
        await self.bench.stage(self.order, "spec")
        return self

    async def view(self):
        async with self.studio.door.database.connect() as conn:
            return await shot_view(conn, self.studio.workspace_id, self.order.owner_id)

    async def stages(self, *names, attempt=1):
        return [await self.bench.stage(self.order, name, attempt=attempt) for name in names]

    async def adjusted(self):
        return await self.studio.scalar("select adjusted from task where id = :t", t=self.order.task_id)


@pytest.fixture
async def house(bench, store, tmp_path):
    async with Vendor().serving() as vendor:
        registry = Registry(
            Settings(
                home=tmp_path,
                provider_image="remote",
                provider_video="remote",
                remote_provider_url=vendor.url,
                remote_provider_prices={"image": 0.01, "video": 0.01},
            )
        )
        for capability in ("image", "video"):
            registry.get(capability)._longest_pause_s = 0.02
        kits = KitMaker(bench.studio.door.database, store, registry, cast("Any", Tools()), tmp_path / "scratch")
        bench.work = Work(door=bench.studio.door, client=cast("Client", None), kits=kits)
        yield House(bench, vendor)
        await registry.close()


async def test_without_leave_no_room_is_no_room(house):
    await house.begin()
    house.vendor.manners.errors.extend(["resource"] * 2)
    for attempt in (1, 2):
        with pytest.raises(ApplicationError) as failure:
            await house.stages("grid", attempt=attempt)
        assert failure.value.type == "provider-resource"
    assert house.vendor.counts["submit"] == 2
    assert await house.adjusted() == []


async def test_it_waits_first_and_then_asks_for_less_and_says_so_everywhere(house):
    await house.begin(smaller=True)
    await house.stages("grid", "select")
    house.vendor.manners.errors.extend(["resource"] * 2)
    with pytest.raises(ApplicationError) as failure:
        await house.stages("video")
    assert failure.value.next_retry_delay.total_seconds() == 30
    [done] = await house.stages("video", attempt=2)
    assert done.note == "Made smaller, resolution 320x180 instead of 640x360: It ended with resource."
    view = await house.view()
    node = view.selected["video"]
    assert (node.id, node.request["video"]["width_px"]) == (done.node_id, 320)
    assert [one["field"] for one in node.facts["adjusted"]] == ["resolution"]
    assert (await house.adjusted())[0]["given"] == "320x180"
    task = await house.bench.task(house.order.task_id)
    assert (task.note, [one["field"] for one in task.adjusted]) == (done.note, ["resolution"])


async def test_what_was_made_smaller_is_selected_and_stale_and_the_full_one_is_still_to_be_had(house):
    await house.begin(smaller=True)
    await house.stages("grid", "select")
    house.vendor.manners.errors.append("resource")
    await house.stages("video", attempt=2)
    await house.stages("compose")
    view = await house.view()
    assert is_fresh("compose", view)
    [reason] = [one for one in stale(view) if one.stage == "video"]
    assert {change.field for change in reason.changes} == {"height_px", "width_px"}
    assert not is_fresh("video", view)
    await house.stages("video")
    now = await house.view()
    assert now.selected["video"].request["video"]["width_px"] == 640
    assert is_fresh("video", now)


async def test_a_smaller_sheet_is_chosen_from_like_any_other(house):
    await house.begin(smaller=True)
    house.vendor.manners.errors.extend(["resource"] * 2)
    _, chosen = await house.stages("grid", "select", attempt=2)
    view = await house.view()
    assert view.selected["picture"].id == chosen.node_id
    assert [one["field"] for one in view.latest["grid"].facts["adjusted"]] == ["resolution", "count"]
    assert len(view.cells) == 1


async def test_leave_for_one_task_is_enough_for_it(house):
    await house.begin()
    await house.studio.scalar("select 1")
    async with house.studio.door.database.begin() as conn:
        await conn.execute(
            text('update task set adjusted = \'[{"allowed": "smaller", "by": "anna"}]\' where id = :t'),
            {"t": house.order.task_id},
        )
    house.vendor.manners.errors.append("resource")
    await house.stages("grid", attempt=2)
    assert [one.get("field") for one in await house.adjusted()] == [None, "resolution"]


async def test_another_provider_stands_in_where_the_first_is_away_and_has_no_job(house):
    await house.begin(alternative=["builtin"])
    house.vendor.manners.answers.extend([503] * 2)
    house.vendor.manners.retry_after_s = 3
    with pytest.raises(ApplicationError) as failure:
        await house.stages("grid")
    assert failure.value.next_retry_delay.total_seconds() == 3
    [done] = await house.stages("grid", attempt=2)
    view = await house.view()
    assert view.latest["grid"].facts["provider"] == "builtin-painter"
    assert view.latest["grid"].request["provider"] == "builtin"
    assert done.note.startswith("Made by builtin instead of remote")
    assert not is_fresh("grid", view)
    assert house.vendor.counts["submit"] == 0


async def test_nobody_stands_in_where_the_first_may_have_the_job(house):
    await house.begin(alternative=["builtin"])
    house.vendor.manners.lost = 2
    for attempt in (1, 2):
        house.vendor.manners.lookup = attempt == 1
        with pytest.raises(ApplicationError):
            await house.stages("grid", attempt=attempt)
    made = await house.studio.scalar("select count(*) from provider_job where workspace_id = :ws and provider = 'builtin'")
    assert made == 0


async def test_what_content_rules_forbid_is_proposed_in_other_words_and_a_yes_makes_it(house):
    await house.studio.ask(("shot.update", {"shots": "2", "picture": {"subject": "A bloody corpse on the pier"}}))
    await house.begin(rewrite="ask")
    house.vendor.manners.errors.append("policy")
    with pytest.raises(ApplicationError) as failure:
        await house.stages("grid")
    assert (failure.value.type, failure.value.non_retryable) == ("provider-policy", True)
    assert "“corpse” → “still figure”" in failure.value.message
    proposal = await house.studio.scalar(
        "select id from proposal where workspace_id = :ws and state = 'open' and source = 'rewrite'"
    )
    envelope = await house.studio.scalar("select envelope from proposal where id = :p", p=proposal)
    assert [one["type"] for one in envelope["actions"]] == ["shot.update", "task.review"]
    async with house.studio.door.database.begin() as conn:
        await conn.execute(
            text(
                'update task set state = \'manual_review\', error = \'{"code": "provider-policy", "stage": "grid"}\' where id = :t'
            ),
            {"t": house.order.task_id},
        )
    await approve(house.studio.door, house.studio.workspace_id, proposal, LOCAL_OWNER)
    assert (await house.view()).shot.spec.picture.subject == "A stained still figure on the pier"
    assert (await house.bench.task(house.order.task_id)).state == "pending"


@pytest.mark.parametrize(("fallback", "subject"), [({}, "A corpse"), ({"rewrite": "ask"}, "A quiet pier")])
async def test_without_leave_or_without_such_words_it_only_says_what_to_do(house, fallback, subject):
    await house.studio.ask(("shot.update", {"shots": "2", "picture": {"subject": subject}}))
    await house.begin(**fallback)
    house.vendor.manners.errors.append("policy")
    with pytest.raises(ApplicationError, match="Change the words and retry, choose another provider"):
        await house.stages("grid")
    assert await house.studio.scalar("select count(*) from proposal where workspace_id = :ws and source = 'rewrite'") == 0


async def test_where_the_table_has_no_word_a_configured_model_is_asked_and_paid_and_its_words_are_proposed(house):
    await house.studio.ask(("shot.update", {"shots": "2", "picture": {"subject": "The duel ends badly for the count"}}))
    await house.begin(rewrite="ask")
    house.vendor.manners.errors.append("policy")
    async with Gemini().serving() as gemini:
        settings = Settings(provider_text="gemini", google_api_key=SecretStr("k"), gemini_base_url=gemini.url)
        gemini.record(
            json.dumps(words_of((await house.view()).shot.spec), ensure_ascii=False),
            {"subject": "The count lowers his sword", "props": ["one too many"]},
        )
        house.bench.work = replace(
            house.bench.work,
            kits=replace(
                house.bench.work.kits, rewriter=rewriter_in(settings), till=Till(house.studio.door.database, rate_in(settings))
            ),
        )
        with pytest.raises(ApplicationError, match="“The duel ends badly for the count” → “The count lowers his sword”"):
            await house.stages("grid")
    envelope = await house.studio.scalar("select envelope from proposal where workspace_id = :ws and source = 'rewrite'")
    assert envelope["actions"][0]["args"]["picture"] == {"subject": "The count lowers his sword"}
    paid = await house.studio.scalar("select state::text from provider_job where workspace_id = :ws and capability = 'text'")
    assert paid == "settled"
