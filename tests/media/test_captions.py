from __future__ import annotations

from itertools import pairwise

import pysubs2
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media import captions, subtitles, wrapping
from storyreel.media.captions import LEAST_S, Caption, SpokenLine
from storyreel.media.wrapping import Limits, limits_for, width
from storyreel.pipeline.ports import Word

CHINESE = "雨下得很大，她站在书店门口，看着街对面那盏一直没有熄灭的灯。他答应过会来的，可是三年过去了，信一封也没有回。"
ENGLISH = "I never thought that the rain would stop before we got home, but here we are, under a sky so clear it hurts."

letters = st.sampled_from("雨下得很大她站在书店门口看着的了一二三年abc DEF, 123。，！？、；：“”（）《》…—~\U0001f600é.")
texts = st.text(letters, max_size=120)


def bare(text: str) -> str:
    return "".join(letter for letter in text if not letter.isspace() and letter not in "，。、；,;")


@given(texts, st.booleans())
@settings(max_examples=200, deadline=None)
def test_chunks_lose_nothing_and_fit(text, upright):
    limits = limits_for(720, 1280) if upright else Limits()
    found = wrapping.chunks(" ".join(text.split()), limits)
    assert bare("".join(shown for _, _, shown in found)) == bare(text)
    room = limits.line(text)
    for _, _, shown in found:
        lines = shown.split("\n")
        assert len(lines) <= limits.lines
        assert all(width(line) <= room for line in lines)
        assert all(line.strip() for line in lines)


def test_chinese_is_broken_between_phrases_and_never_against_kinsoku():
    found = captions.captions([SpokenLine(text=CHINESE, start_s=0, end_s=14)])
    lines = [line for caption in found for line in caption.text.split("\n")]
    assert len(found) >= 2
    assert all(width(line) <= 34 for line in lines)
    assert not any(line[0] in "，。！？、”）》的了" for line in lines)
    assert not any(line[-1] in "“（《三" for line in lines)
    assert any(line.endswith("门口，") for line in lines)


def test_english_is_broken_between_words_at_pauses_first():
    found = captions.captions([SpokenLine(text=ENGLISH, start_s=0, end_s=8)])
    assert " ".join(" ".join(caption.text.split("\n")) for caption in found) == ENGLISH
    assert found[0].text.endswith("home,")
    assert all(width(line) <= 42 for caption in found for line in caption.text.split("\n"))


def test_a_caption_comes_when_its_first_word_is_heard():
    words = tuple(Word(text=word, start_s=2 + 0.5 * n, end_s=2.4 + 0.5 * n) for n, word in enumerate(ENGLISH.split()))
    found = captions.captions([SpokenLine(text=ENGLISH, start_s=2, end_s=14, words=words)])
    second = found[1].text.split()[0]
    heard = next(word.start_s for word in words if word.text == second)
    assert abs(found[1].start_s - heard) < 0.15
    assert found[0].start_s == 2


def test_chinese_syllables_time_their_captions():
    syllables = [letter for letter in CHINESE if letter not in "，。"]
    words = tuple(Word(text=letter, start_s=1 + 0.25 * n, end_s=1.25 + 0.25 * n) for n, letter in enumerate(syllables))
    found = captions.captions([SpokenLine(text=CHINESE, start_s=1, end_s=words[-1].end_s, words=words)])
    position = syllables.index("他")
    assert abs(found[1].start_s - (1 + 0.25 * position)) < 0.26
    assert found[1].text.startswith("他")


spoken = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0, 6), st.text(letters, min_size=1, max_size=60)),
    min_size=1,
    max_size=8,
)


@given(spoken)
@settings(max_examples=100, deadline=None)
def test_captions_follow_each_other_and_stand_long_enough_to_be_read(rows):
    lines = [SpokenLine(text=text, start_s=start, end_s=start + length) for start, length, text in rows]
    found = captions.captions(lines)
    for before, after in pairwise(found):
        assert before.end_s <= after.start_s + 1e-9
    assert all(caption.end_s - caption.start_s >= LEAST_S - 1e-9 for caption in found)


@given(spoken, st.floats(1, 70))
@settings(max_examples=100, deadline=None)
def test_captions_end_with_the_clip_and_never_overlap_even_where_room_is_short(rows, until_s):
    lines = [SpokenLine(text=text, start_s=start, end_s=start + length) for start, length, text in rows]
    found = captions.captions(lines, until_s=until_s)
    assert len(found) == len(captions.captions(lines))
    least = min(LEAST_S, until_s / max(1, len(found)))
    assert all(caption.end_s <= until_s + 1e-9 and caption.start_s >= 0 for caption in found)
    assert all(caption.end_s - caption.start_s >= least - 1e-6 for caption in found)
    for before, after in pairwise(found):
        assert before.end_s <= after.start_s + 1e-9


def test_silent_lines_give_no_captions():
    assert captions.captions([SpokenLine(text="  ", start_s=0, end_s=2)]) == []
    assert captions.captions([]) == []


def test_captions_can_be_moved_to_their_place_in_the_film():
    moved = captions.shifted([Caption(text="a", start_s=1, end_s=2)], 10)
    assert (moved[0].start_s, moved[0].end_s) == (11, 12)


def test_srt_and_vtt_are_read_back_by_another_reader():
    made = [
        Caption(text="他说：“走吧”\n<b>& {x}", start_s=0.5, end_s=2.345, speaker="阿明"),
        Caption(text="Yes.", start_s=3600, end_s=3601.5),
    ]
    for written, kind in ((subtitles.srt(made), "srt"), (subtitles.vtt(made), "vtt")):
        read = pysubs2.SSAFile.from_string(written, format_=kind)
        assert [(event.start, event.end) for event in read] == [(500, 2345), (3_600_000, 3_601_500)]
    assert "他说：“走吧”\n<b>& {x}" in subtitles.srt(made)
    assert "<v 阿明>他说：“走吧”\n&lt;b&gt;&amp; {x}" in subtitles.vtt(made)


def test_ass_shows_braces_as_they_are_and_keeps_speakers():
    written = subtitles.ass([Caption(text="a {b}\nc", start_s=0, end_s=1, speaker="Lin")], 1280, 720)
    event = pysubs2.SSAFile.from_string(written)[0]
    assert event.text == "a \\{b\\}\\Nc"
    assert event.name == "Lin"
    assert "PlayResY: 720" in written
