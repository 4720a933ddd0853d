"""A line is read in the script it is written in, with marks as pauses, and nothing that can be said is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.model.spec import Language
from storyreel.providers.builtin.speech import mandarin, pinyin
from storyreel.providers.builtin.speech.folders import cache_folder
from storyreel.providers.builtin.speech.kokoro import MOST, vocabulary
from storyreel.providers.builtin.speech.reading import read
from storyreel.providers.builtin.speech.units import Breath, Unit, breaths, sentences

KNOWN = frozenset(vocabulary())


def heard(text: str, language: Language) -> list[Breath]:
    return read(text, language, KNOWN)


def words(text: str, language: Language) -> list[str]:
    return [unit.text for breath in heard(text, language) for unit in breath.units if unit.text]


def bare(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("“快走！”她说，“别回头……”", "zh"),
        ("今天是2026年11月21日，气温-5℃。", "zh"),
        ("我在Google工作，用的是iPhone 15 Pro。", "zh"),
        ("OK，Let's go！", "zh"),
        ('"Wait," she said, "it\'s 8:30 — the train costs $5.50!"', "en"),
        ("Dr. Lee—who knew?—left the well-known café.", "en"),
        ("The word 你好 means hello.", "en"),
    ],
)
def test_the_words_are_those_of_the_text_in_order(text: str, language: Language) -> None:
    assert bare("".join(words(text, language))) == bare(text)


def test_all_phonemes_are_known_to_the_model_and_fit_one_run() -> None:
    text = "他说：“我们必须在天亮之前离开这座城市，否则一切都来不及了！”" * 12
    made = heard(text, "zh")
    assert len(made) > 3
    assert all(len(breath.phonemes) <= MOST and set(breath.phonemes) <= KNOWN for breath in made)
    assert words(text, "zh") == [char for char in text if char.isalnum()]


def test_a_sentence_without_any_mark_is_cut_where_it_must_be() -> None:
    made = heard("天地玄黄" * 120, "zh")
    assert len(made) > 1
    assert all(len(breath.phonemes) <= MOST for breath in made)
    assert len(words("天地玄黄" * 120, "zh")) == 480


def test_a_figure_is_read_in_the_language_of_its_sentence() -> None:
    assert "ʂɨ↗" in heard("一共10个。", "zh")[0].phonemes
    assert "tˈɛn" in heard("There are 10 of them.", "en")[0].phonemes
    assert "tˈɛn" in heard("There are 10 of them.", "zh")[0].phonemes, "an English sentence in a Chinese character's mouth"


def test_very_short_sentences_share_a_breath() -> None:
    assert len(heard("好。走吧！", "zh")) == 1
    assert len(heard("No! Stop. Please.", "en")) == 1


def test_a_mark_asks_for_the_pause_it_stands_for() -> None:
    (breath,) = heard("啊……原来是你，小雨", "zh")
    pauses = [unit.pause_s for unit in breath.units if unit.pause_s]
    assert pauses == [0.45, 0.2, 0.4], "the dots, the comma, and the end that was not written"


@pytest.mark.parametrize(
    ("clause", "char", "said"),
    [
        ("他高兴地说", "地", "de5"),
        ("我得走了", "得", "dei3"),
        ("跑得很快", "得", "de5"),
        ("把钱还给他", "还", "huan2"),
        ("还有一个", "还", "hai2"),
        ("孩子长大了", "长", "zhang3"),
        ("银行的人", "行", "hang2"),
        ("重新开始", "重", "chong2"),
        ("三只猫", "只", "zhi1"),
        ("音乐会", "乐", "yue4"),
    ],
)
def test_a_character_of_many_readings_is_read_by_its_neighbours(clause: str, char: str, said: str) -> None:
    flat = [syllable for word in mandarin.readings(clause) for syllable in word]
    assert flat[clause.index(char)] == said


def test_every_syllable_of_mandarin_has_phonemes_the_model_knows() -> None:
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_tone3

    syllables = {to_tone3(said, neutral_tone_with_five=True) for kinds in PINYIN_DICT.values() for said in kinds.split(",")}
    assert len(syllables) > 1400
    for syllable in syllables - {"wong4"}:
        said = pinyin.phonemes(syllable)
        assert said, syllable
        assert set(said) <= KNOWN, syllable


def test_a_chinese_name_in_an_english_line_keeps_its_chinese_sound() -> None:
    (breath,) = heard("Lin Xiaoyu's friend Joshua ran.", "en")
    said = {unit.text: unit.phonemes for unit in breath.units}
    assert said["Xiaoyu's"].startswith("ɕjau↗y↗")
    assert said["Joshua"].startswith("ʤ")
    assert said["friend"] == "fɹˈɛnd"


@pytest.mark.parametrize(
    ("letters", "syllables"), [("xiaoming", ["xiao", "ming"]), ("tiananmen", ["tian", "an", "men"]), ("joshua", []), ("", [])]
)
def test_a_name_in_pinyin_is_split(letters: str, syllables: list[str]) -> None:
    assert pinyin.split(letters) == syllables


def test_the_prepared_dictionary_is_kept_where_the_setting_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STORYREEL_CACHE", str(tmp_path / "new"))
    assert cache_folder() == tmp_path / "new"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("STORYREEL_CACHE", str(tmp_path / "file"))
    assert cache_folder() is None, "a voice speaks without a cache too"


def test_abbreviations_and_figures_do_not_end_a_sentence() -> None:
    assert sentences("Dr. Lee paid $5.50. He left.") == ["Dr. Lee paid $5.50.", "He left."]
    assert sentences("“走吧！”他说。“好。”") == ["“走吧！”", "他说。", "“好。”"]


@given(st.lists(st.tuples(st.text("ab", min_size=1, max_size=9), st.sampled_from([", ", ". ", " "])), min_size=1, max_size=60))
@settings(max_examples=60)
def test_breaths_keep_every_word_in_order_and_none_is_too_long(line: list[tuple[str, str]]) -> None:
    units = tuple(unit for word, mark in line for unit in (Unit(word, word), Unit("", mark)))
    made = breaths([units], least=20, most=60)
    assert [unit.text for breath in made for unit in breath.units if unit.text] == [word for word, _ in line]
    assert all(len(breath.phonemes) <= 61 and breath.pause_s > 0 for breath in made)
