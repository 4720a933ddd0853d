"""What is written before it is played: keys, bars, motif, voices. Pure and fast."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.model.spec import Mood
from storyreel.providers.builtin.score import grid, harmony
from storyreel.providers.builtin.score.compose import compose
from storyreel.providers.builtin.score.instruments import INSTRUMENTS, KITS
from storyreel.providers.builtin.score.moods import flavour_named, style
from storyreel.providers.builtin.score.notes import Bar, Note, Score

MOODS: tuple[Mood, ...] = get_args(Mood)
FLAVOURS = ("", "chinese", "epic", "electronic", "jazz", "piano", "folk")
PITCHED = ("pad", "lead", "answer", "bass", "arp")


def bar_at(score: Score, second: float) -> tuple[int, Bar]:
    index = max(i for i, bar in enumerate(score.bars) if bar.start_s <= second + 1e-6)
    return index, score.bars[index]


def beat_of(bar: Bar, second: float) -> float:
    beat = max(i for i, start in enumerate(bar.beats_s[:-1]) if start <= second + 1e-6)
    return beat + (second - bar.beats_s[beat]) / (bar.beats_s[beat + 1] - bar.beats_s[beat])


def sounding(score: Score, second: float) -> list[Note]:
    return [n for n in score.notes if n.role in PITCHED and n.start_s <= second + 0.01 < n.end_s]


@pytest.mark.parametrize("mood", MOODS)
def test_a_piece_ends_at_home(mood: Mood):
    for seed in range(4):
        score = compose([(0, mood)], 30, seed=seed)
        final = score.bars[-1]
        assert final.chord.root == score.sections[-1].tonic
        assert score.bars[-2].chord.root != final.chord.root, "the last chord is arrived at"
        last = [n for n in score.notes if abs(n.start_s - final.start_s) < 0.02]
        assert {n.pitch % 12 for n in last if n.role == "bass"} == {score.sections[-1].tonic}
        assert {n.pitch % 12 for n in last if n.role == "lead"} == {score.sections[-1].tonic}
        assert {n.pitch % 12 for n in last if n.role == "pad"} <= set(final.chord.tones)
        assert 1.5 <= score.duration_s - final.start_s <= 8


@pytest.mark.parametrize("duration_s", [1.0, 1.7, 2.5, 4.0, 6.5])
def test_even_a_sting_goes_from_the_dominant_home(duration_s: float):
    score = compose([(0, "melancholy")], duration_s)
    assert score.bars[-2].chord.name == "V"
    assert score.bars[-1].chord.name == "i"
    assert score.duration_s - score.bars[-1].start_s >= 0.3


def test_bars_meet_the_cuts_where_a_tempo_can():
    beat_s = 60 / 92
    cuts = (8 * beat_s * 1.03, 8 * beat_s * 1.03 + 12 * beat_s * 0.96)
    score = compose([(0, "hopeful")], 30, cuts_s=cuts)
    assert score.cuts_hit == cuts
    for cut in cuts:
        assert min(abs(bar.start_s - cut) for bar in score.bars) < 1e-6
    assert "2 of 2 cuts" in score.remarks[0]


def test_cuts_that_no_tempo_reaches_are_counted_as_missed():
    score = compose([(0, "horror")], 20, cuts_s=(1.0, 1.4, 1.9, 8.3))
    assert len(score.cuts_hit) < 4
    assert score.remarks[0].startswith(f"{len(score.cuts_hit)} of 4 cuts")


def test_ordinary_cutting_is_met_at_nearly_every_cut():
    cuts = [3.6, 8.1, 12.4, 17.9, 22.2, 28.0, 31.7, 36.9, 41.0, 47.3]
    met = {mood: compose([(0, mood)], 55, cuts_s=cuts) for mood in MOODS}
    assert all(len(score.cuts_hit) >= 6 for score in met.values())
    assert sum(len(score.cuts_hit) for score in met.values()) >= 0.85 * len(cuts) * len(met)
    for score in met.values():
        for cut in score.cuts_hit:
            assert any(n.role in ("accent", "drums") and abs(n.start_s - cut) < 0.01 for n in score.notes)


@settings(max_examples=60, deadline=None)
@given(
    duration_s=st.floats(1, 240),
    places=st.lists(st.floats(0.01, 0.99), max_size=25),
    mood=st.sampled_from(MOODS),
    flavour=st.sampled_from(FLAVOURS),
    seed=st.integers(0, 2**31 - 1),
)
def test_any_length_and_any_cuts_give_a_sound_piece(duration_s, places, mood, flavour, seed):
    score = compose([(0, mood)], duration_s, cuts_s=[p * duration_s for p in places], flavour=flavour, seed=seed)
    assert score.bars[0].start_s == 0
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in pairwise(score.bars))
    assert score.bars[-1].end_s == pytest.approx(duration_s)
    assert all(b > a for bar in score.bars for a, b in pairwise(bar.beats_s))
    assert score.bars[-1].chord.root == score.sections[-1].tonic
    for note in score.notes:
        assert 0 <= note.start_s < note.end_s <= duration_s + 1e-6
        assert 1 <= note.velocity <= 127
        if note.player in KITS:
            assert note.pitch in KITS[note.player].keys
        else:
            assert INSTRUMENTS[note.player].low <= note.pitch <= INSTRUMENTS[note.player].high


@settings(max_examples=60, deadline=None)
@given(
    span_s=st.floats(3, 120),
    places=st.lists(st.floats(0.01, 0.99), max_size=20),
    bpm=st.floats(56, 130),
    metre=st.sampled_from([3, 4]),
)
def test_the_tempo_bends_by_eight_percent_at_most(span_s, places, bpm, metre):
    cuts = tuple(sorted({p * span_s for p in places}))
    found = grid.runs(0.0, span_s, cuts, bpm, metre)
    assert found[0].start_s == 0
    assert found[-1].end_s == span_s
    assert all(a.end_s == b.start_s for a, b in pairwise(found))
    for run in found[:-1]:
        assert abs(60 / run.beat_s / bpm - 1) <= grid.MAX_BEND + 1e-9
    assert all(sum(grid.bar_lengths(run.beats, metre)) == run.beats for run in found)


def test_the_motif_comes_back():
    for mood in MOODS:
        for seed in range(3):
            score = compose([(0, mood)], 60, seed=seed)
            told = [_figure_in(score, bar) for bar in score.motif_bars]
            assert len(told) >= 4, (mood, seed)
            assert all(beats == pytest.approx(_onsets(score.motif.beats), abs=0.12) for beats, _ in told)
            ups = [b > a for a, b in pairwise(score.motif.steps)]
            assert all([b > a for a, b in pairwise(pitches)] == ups for _, pitches in told)
            assert score.motif_bars[-1] > len(score.bars) * 0.6, "it is heard near the end too"
            assert len({pitches[0] for _, pitches in told}) > 1, "it is developed, not only repeated"


def _onsets(beats: tuple[float, ...]) -> list[float]:
    return [sum(beats[:i]) for i in range(len(beats))]


def _figure_in(score: Score, number: int) -> tuple[list[float], list[int]]:
    bar = score.bars[number]
    notes = [n for n in score.notes if n.role == "lead" and bar.start_s - 1e-6 <= n.start_s < bar.end_s - 1e-6]
    return [beat_of(bar, n.start_s) for n in notes], [n.pitch for n in notes]


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("mood", MOODS)
def test_no_semitone_rubs_on_the_strong_beats(mood: Mood, flavour: str):
    score = compose([(0, mood)], 60, flavour=flavour, seed=5)
    checked = 0
    for bar in score.bars:
        for beat in {0, bar.beats // 2}:
            at_s = bar.at(beat)
            heard = sorted({n.pitch for n in sounding(score, at_s) if n.role != "arp" or abs(n.start_s - at_s) < 0.05})
            rubs = [(a, b) for a in heard for b in heard if b - a in (1, 13, 25)]
            assert not rubs, (bar, beat)
            checked += len(heard) > 2
    assert checked > 10


def test_voices_move_little():
    score = compose([(0, "hopeful")], 60, seed=2)
    previous: tuple[int, ...] = ()
    for bar in score.bars:
        now = tuple(sorted(n.pitch for n in sounding(score, bar.start_s + 0.03) if n.role == "pad"))
        assert 3 <= len(now) <= 4
        if len(now) == len(previous):
            assert sum(abs(a - b) for a, b in zip(now, previous, strict=True)) <= 14
        previous = now


def test_the_energy_peaks_past_the_middle():
    for mood in MOODS:
        score = compose([(0, mood)], 80)
        peak = max(score.bars, key=lambda bar: bar.energy)
        assert 0.5 < peak.start_s / 80 < 0.75
        assert peak.energy > 1.4 * score.bars[0].energy


def test_moods_differ_in_tempo_mode_and_players():
    told = {mood: style(mood) for mood in MOODS}
    assert len({(s.bpm, s.mode) for s in told.values()}) == len(MOODS)
    assert len({(s.pad, s.arp, s.lead) for s in told.values()}) == len(MOODS)
    assert {told["hopeful"].mode, told["melancholy"].mode, told["horror"].mode} == {"ionian", "aeolian", "phrygian"}


def test_two_seeds_give_two_melodies_and_one_seed_one():
    def melody(seed: int) -> list[int]:
        return [n.pitch for n in compose([(0, "romantic")], 40, seed=seed).notes if n.role == "lead"]

    assert melody(1) == melody(1)
    assert len({tuple(melody(seed)) for seed in range(12)}) == 12


def test_a_change_of_mood_changes_key_and_players_at_its_moment():
    score = compose([(0, "calm"), (21.4, "tense"), (47.0, "hopeful")], 75, cuts_s=(21.4, 47.0))
    assert [s.mood for s in score.sections] == ["calm", "tense", "hopeful"]
    for before, after in pairwise(score.sections):
        assert before.tonic != after.tonic
        assert set(before.players) != set(after.players)
        first = next(bar for bar in score.bars if bar.start_s == pytest.approx(after.start_s))
        assert first.chord.root == after.tonic
        assert any(n.player == "reverse cymbal" and n.start_s < after.start_s < n.end_s for n in score.notes)
    for note in score.notes:
        if note.role in ("lead", "pad", "arp"):
            _, bar = bar_at(score, note.start_s)
            assert note.player in score.sections[bar.section].players


def test_a_mood_too_short_for_a_phrase_is_left_out_and_said():
    score = compose([(0, "calm"), (20, "horror"), (21, "hopeful")], 60)
    assert [s.mood for s in score.sections] == ["calm", "horror"]
    assert any("hopeful" in remark for remark in score.remarks)


def test_chinese_style_uses_five_tones_only():
    for mood in ("hopeful", "melancholy", "epic"):
        score = compose([(0, mood)], 40, flavour="中国风")
        tones = {(score.sections[0].tonic + step) % 12 for step in harmony.MODES[score.sections[0].mode]}
        assert len(tones) == 5
        assert {n.pitch % 12 for n in score.notes if n.role in PITCHED} <= tones
        assert {"koto", "shakuhachi"} <= {n.player for n in score.notes}


@pytest.mark.parametrize(
    ("words", "flavour"),
    [("chinese", "chinese"), ("古风，笛子", "chinese"), ("Neon cyberpunk", "electronic"), ("赛博朋克", "electronic"), ("a smoky JAZZ bar", "jazz"),
     ("史诗感", "epic"), ("solo piano", "piano"), ("民谣吉他", "folk"), ("polka", None), ("", None)],
)  # fmt: skip
def test_flavours_are_known_by_words_of_both_languages(words, flavour):
    assert flavour_named(words) == flavour


def test_an_unknown_flavour_is_said():
    assert any("polka" in remark for remark in compose([(0, "joyful")], 10, flavour="polka").remarks)


def test_a_chord_that_is_no_chord_is_refused():
    with pytest.raises(ValueError, match="X7"):
        harmony.chord("X7", 0)
