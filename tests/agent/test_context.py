"""What a message is given: a short head, what it is about, why, and no more for a long film than for a short one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.context import build
from agent.parts import part, terms, tokens_of, within
from agent.prompt import head_of, prompt_of
from agent.types import Context, Part, Turn
from storyreel.ledger import talk
from storyreel.model.ids import derive
from tests.agent.conftest import Talker
from tests.agent.films import film

WORDS = st.text("灯塔守海 light house keeper", min_size=0, max_size=40)
PARTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9), WORDS), max_size=20)


@given(PARTS, st.integers(0, 120))
def test_parts_are_kept_whole_by_rank_within_the_budget(listed: list[tuple[str, int, str]], budget: int) -> None:
    parts = [part(name, rank, "why", text) for name, rank, text in listed]
    kept, left = within(parts, budget)
    assert len(kept) + len(left) == len(parts)
    assert [one for one in parts if one in kept] == [one for one in parts if one in kept]
    assert all(one in parts for one in kept), "never cut"
    always = sum(one.tokens for one in parts if one.rank == 0)
    assert sum(one.tokens for one in kept if one.rank) <= max(0, budget - always) or not any(one.rank for one in kept)
    room = budget - sum(one.tokens for one in kept)
    assert all(one.tokens > room for one in left), "what there is room for is given"


def test_a_chinese_character_weighs_what_four_letters_do() -> None:
    assert tokens_of("灯塔") == 2
    assert tokens_of("lighthouse") == 3
    assert terms("把灯塔的门打开", "the keeper's lamp").split(" or ")[-2:] == ["keeper", "lamp"]
    assert '"' not in terms('say "or" drop table; --')


async def given_for(talker: Talker, text: str, budget: int = 6000, **more: Any) -> Context:
    async with talker.door.database.connect() as conn:
        return await build(conn, talker.turn(text, **more), budget=budget)


def of(context: Context, name: str) -> list[Part]:
    return [one for one in context.parts if one.part == name]


async def test_the_head_is_short_and_says_where_the_person_is_and_what_they_may(talker: Talker) -> None:
    await film(talker)
    await talker.do(("project.set_rules", {"rules": ["cigarettes"]}), ("project.set_style", {"style": "ink"}))
    context = await given_for(talker, "make it darker", focus={"page": "storyboard", "shots": "2-3"})
    (head,) = of(context, "head")
    assert len(head.text.splitlines()) <= 20
    for said in (
        "The Lamp",
        "8 shots in 2 scenes",
        "cigarettes",
        "ink",
        "rights: owner",
        "storyboard",
        "shots 2-3",
        "mode: agent",
    ):
        assert said in head.text
    assert [one["number"] for one in context.named] == [2, 3]


async def test_named_shots_and_people_are_given_in_full_and_others_a_line_each(talker: Talker) -> None:
    await film(talker)
    await talker.do(("character.update", {"character": "Anna", "personality": "stubborn"}))
    context = await given_for(talker, "make shot 2 a night, and tell me about Anna")
    assert [one.why for one in of(context, "shot")] == ["shot 2 is named, in focus, or what the talk is about"]
    assert "Bob climbs the stairs" in of(context, "shot")[0].text
    people = {one.why.split()[0]: one.text for one in of(context, "character")}
    assert people.keys() == {"Anna", "Bob"}, "Anna is named, and Bob is in shot 2"
    assert "stubborn" in people["Anna"]
    index = "\n".join(one.text for one in of(context, "shots"))
    assert len(index.splitlines()) == 8 and "7. scene 2, 4 s: the lamp still burns" in index


@pytest.mark.parametrize(
    ("said", "numbers"), [("第三个镜头亮一点", [3]), ("shots 2-4", [2, 3, 4]), ("the last shot", [8]), ("第2到第3个", [2, 3])]
)
async def test_shots_are_named_in_many_ways(talker: Talker, said: str, numbers: list[int]) -> None:
    await film(talker)
    assert [one["number"] for one in (await given_for(talker, said)).named] == numbers


async def test_what_the_last_turn_was_about_is_what_it_means_now(talker: Talker) -> None:
    await film(talker)
    await talker.say("make shot 5 a night")
    context = await given_for(talker, "a bit faster")
    assert [one["number"] for one in context.named] == [5]
    assert "make shot 5 a night" in of(context, "turn")[0].text


async def test_only_five_turns_are_given_and_a_script_is_named_by_its_length(talker: Talker) -> None:
    await film(talker)
    for number in range(1, 7):
        await talker.say(f"show shot {number}")
    await talker.say("x" * 9000)
    context = await given_for(talker, "and now?")
    turns = of(context, "turn")
    assert len(turns) == 5
    assert "a text of 9000 characters" in turns[-1].text and "xxxx" not in turns[-1].text


async def test_world_looks_and_styles_come_when_the_message_calls_them_up(talker: Talker) -> None:
    await film(talker)
    await talker.do(
        ("world.set", {"which": "The sea", "text": "It glows when somebody lies"}),
        ("world.set", {"which": "Trams", "text": "They run without drivers"}),
        ("look.set", {"name": "Harbour", "kind": "place", "description": "old cranes"}),
    )
    plain = await given_for(talker, "make shot 3 a night")
    assert not of(plain, "look") and not any("Trams" in one.text for one in of(plain, "world"))
    context = await given_for(talker, "shot 3 is at the harbour, and the drivers wait")
    assert [one.why for one in of(context, "look")] == ["Harbour is named or where a named shot is"]
    assert [one.why for one in of(context, "world") if "Trams" in one.text] == ["Trams holds words of the message"]


async def test_tasks_are_given_only_when_they_are_asked_about(talker: Talker) -> None:
    await film(talker)
    await talker.do(("gen.video", {"shots": "2"}))
    assert not of(await given_for(talker, "make shot 2 a night"), "tasks")
    (tasks,) = of(await given_for(talker, "why does the render of shot 2 take so long?"), "tasks")
    assert "shot 2: pending" in tasks.text


async def test_facts_of_what_the_message_is_about_come_first(talker: Talker) -> None:
    await film(talker)
    await talker.do(
        ("memory.save", {"fact": "Nothing is ever red"}),
        ("memory.save", {"fact": "Bob limps", "about": "character", "which": "Bob"}),
        ("memory.save", {"fact": "Anna hums", "about": "character", "which": "Anna"}),
        ("memory.save", {"fact": "the rain stops here", "about": "shot", "which": "7"}),
    )
    context = await given_for(talker, "shot 3 closer")
    assert [one.text.partition("]: ")[2] for one in of(context, "memory")] == ["Anna hums", "Nothing is ever red"]
    assert [one.why for one in of(context, "memory")] == ["remembered about Anna", "remembered of the project"]
    assert [one["fact"] for one in context.memory] == ["Anna hums", "Nothing is ever red"]
    tight = await given_for(talker, "shot 3 closer", budget=sum(one.tokens for one in context.parts) - 1)
    assert tight.left_out and tight.tokens <= tight.budget


async def test_a_small_budget_drops_whole_parts_and_says_which(talker: Talker) -> None:
    await film(talker)
    full = await given_for(talker, "make shot 2 a night")
    head, shot = of(full, "head")[0], of(full, "shot")[0]
    small = await given_for(talker, "make shot 2 a night", budget=head.tokens + shot.tokens)
    assert {one.part for one in small.parts} == {"head", "shot"}
    assert {one.part for one in small.left_out} >= {"shots", "scenes", "character"}
    assert all(one.text in {other.text for other in full.parts} for one in small.parts)


async def test_the_context_of_a_long_film_is_no_larger_than_that_of_a_short_one(talker: Talker) -> None:
    await talker.do(("scene.add", {"title": "One", "place": "street"}))
    sizes: list[int] = []
    for count in (40, 400):
        shots = [{"duration_s": 3, "picture": {"subject": f"a lighthouse, view {n}"}} for n in range(count)]
        await talker.do(("shot.bulk_add", {"shots": shots}))
        context = await given_for(talker, "make shots 2-3 a night, a bit faster")
        sizes.append(context.tokens)
    assert sizes[1] <= 1.05 * sizes[0]


async def test_exactly_what_was_given_can_be_read_afterwards(talker: Talker) -> None:
    await film(talker)
    answer = await talker.say("make shot 2 a night")
    async with talker.door.database.connect() as conn:
        kept = await talk.context_of(conn, talker.workspace_id, answer.turn)
        by_message = await talk.context_of(conn, talker.workspace_id, derive(answer.turn, "person"))
    assert kept == by_message
    context = Context.model_validate({key: value for key, value in kept.items() if key != "looked"})
    prompt = prompt_of(context)
    for one in context.parts:
        assert one.text in prompt and one.why
    assert prompt.endswith("<message>\nmake shot 2 a night\n</message>")


def test_a_draft_talk_is_told_nothing_of_a_story() -> None:
    told = head_of("draft").lower()
    for word in ("story", "scene", "shot", "dialogue", "screenplay", "script", "character", "film"):
        assert word not in told.replace("storyreel", ""), word


async def test_a_turn_that_was_said_elsewhere_is_not_given(talker: Talker) -> None:
    await film(talker)
    await talker.say("make shot 5 a night", conversation_id=uuid4())
    assert not of(await given_for(talker, "a bit faster"), "turn")
    assert isinstance(talker.turn("x"), Turn)
