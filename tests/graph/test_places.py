"""Shots by the words people use."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.actions.reads import Reads
from storyreel.graph.load import view_for
from storyreel.graph.places import Ranked, Window, pick, rank, rank_some, tokens
from storyreel.model.errors import BadInput, NotFound, OutOfRange, StoryreelError
from tests.graph.conftest import Studio

NUMBERS = st.integers(min_value=1, max_value=40)


@given(NUMBERS, NUMBERS, st.sampled_from(["-", " - ", "~", "–", "到", "至", " to "]))
def test_a_range_is_its_two_numbers(first: int, last: int, dash: str):
    assert [(t.kind, t.first, t.last) for t in tokens(f"{first}{dash}{last}")] == [("range", first, last)]


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.sampled_from([",", "，", "、", ";", " , "]))
def test_a_list_is_its_parts(numbers: list[int], comma: str):
    assert [t.first for t in tokens(comma.join(map(str, numbers)))] == numbers


@given(st.text(max_size=40))
def test_any_words_are_read_or_refused(words: str):
    try:
        assert all(token.kind for token in tokens(words))
    except BadInput as refused:
        assert "names no shots" in refused.detail  # noqa: PT017 - either end is right


@given(total=st.integers(0, 12), first=st.integers(0, 15), last=st.integers(0, 15))
async def test_a_range_gives_just_its_shots_or_says_what_there_is(total: int, first: int, last: int):
    film = [Ranked(UUID(int=n), f"s{n:08x}", UUID(int=99), n) for n in range(1, total + 1)]
    asked = pick(None, None, film, tokens(f"{first}-{last}"), total)  # type: ignore[arg-type]
    end = last or total
    if total == 0 or not 1 <= first <= total or end > total:
        with pytest.raises(OutOfRange) as outside:
            await asked
        assert outside.value.facts["shots"] == total
    elif end < first:
        with pytest.raises(BadInput, match=f"{end}-{first}"):
            await asked
    else:
        assert [shot.int for shot in await asked] == list(range(first, end + 1))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("3", [3]),
        ("2-4", [2, 3, 4]),
        ("2 to last", [2, 3, 4, 5]),
        ("4, 1", [1, 4]),
        ("last", [5]),
        ("last 2", [4, 5]),
        ("all", [1, 2, 3, 4, 5]),
        ("*", [1, 2, 3, 4, 5]),
        ("scene 2", [4, 5]),
        ("scene One", [1, 2, 3]),
        ("with Anna", [1, 4]),
        ("with bo, 5", [3, 4, 5]),
        ("2-3, last", [2, 3, 5]),
    ],
)
async def test_words_give_shots_in_the_films_order(studio: Studio, words: str, numbers: list[int]):
    assert await numbers_of(studio, words) == numbers


async def test_a_shot_is_found_by_its_label_and_its_id_when_its_number_has_changed(studio: Studio):
    third = (await studio.view()).shots()[2]
    await studio.do(("shot.delete", {"shots": "1"}))
    assert await numbers_of(studio, third.label) == await numbers_of(studio, str(third.id)) == [2]


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ("9", OutOfRange, "shots 1 to 5"),
        ("0", OutOfRange, "shots 1 to 5"),
        ("4-9", OutOfRange, "shots 1 to 5"),
        ("4-2", BadInput, "2-4"),
        ("scene 7", NotFound, "7"),
        ("with Zed", NotFound, "Zed"),
        ("s00000000", OutOfRange, "s00000000"),
        ("the blue one", BadInput, "a number, a range"),
    ],
)
async def test_what_is_not_there_is_said_with_what_there_is(studio: Studio, words: str, error: type[StoryreelError], said: str):
    with pytest.raises(error) as refused:
        await numbers_of(studio, words)
    assert said in refused.value.detail


async def test_a_film_without_shots_says_so(empty: Studio):
    with pytest.raises(OutOfRange, match="no shots yet"):
        await numbers_of(empty, "1")


@pytest.mark.parametrize(("ranges", "tail", "numbers"), [([(2, 3)], 1, [2, 3, 5]), ([(9, 9)], 2, [4, 5]), ([], 1, [5])])
async def test_the_server_sends_no_more_shots_than_asked(
    studio: Studio, ranges: list[tuple[int, int]], tail: int, numbers: list[int]
):
    view = await studio.view()
    async with studio.door.database.connect() as conn:
        assert view.episode_id
        some, total = await rank_some(conn, studio.workspace_id, view.episode_id, Window(tuple(ranges), tail))
        every = await rank(conn, studio.workspace_id, view.episode_id)
    assert total == 5
    assert some == [row for row in every if row.number in numbers]


async def numbers_of(studio: Studio, words: str) -> list[int]:
    async with studio.door.database.connect() as conn:
        view = await view_for(conn, studio.workspace_id, [Reads(shots=(words,))])
    return [view.numbers[shot] for shot in view.places[words]]
