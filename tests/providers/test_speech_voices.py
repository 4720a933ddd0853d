"""A character has a voice of its own, the same in every shot."""

from __future__ import annotations

import numpy as np
import pytest

from storyreel.model.errors import NotPossible
from storyreel.model.spec import VoiceChoice
from storyreel.providers.builtin.speech import voices


def test_the_same_choice_is_the_same_voice_and_other_seeds_are_others() -> None:
    cast = [voices.cast(VoiceChoice(seed=seed, gender="woman"), "zh").name for seed in range(30)]
    assert cast == [voices.cast(VoiceChoice(seed=seed, gender="woman"), "zh").name for seed in range(30)]
    assert len(set(cast)) > 24


@pytest.mark.parametrize(("language", "gender", "letter"), [("zh", "woman", "f"), ("zh", "man", "m"), ("en", "man", "m")])
def test_the_voice_has_the_gender_and_the_language(language: str, gender: str, letter: str) -> None:
    for seed in range(20):
        timbre = voices.cast(VoiceChoice.model_validate({"seed": seed, "gender": gender}), language)  # pyright: ignore[reportArgumentType]
        assert timbre.language == language
        assert all(name[1] == letter for name, _ in timbre.parts)
        assert sum(weight for _, weight in timbre.parts) == pytest.approx(1)


def test_a_child_speaks_higher_and_an_elder_lower_than_an_adult() -> None:
    child, adult, elder = (
        [voices.cast(VoiceChoice(seed=seed, gender="woman", age=age), "zh").pitch for seed in range(20)]
        for age in ("child", "adult", "elder")
    )
    assert min(child) > max(adult)
    assert min(adult) > max(elder)


def test_a_voice_can_be_written_out_and_named_again() -> None:
    timbre = voices.cast(VoiceChoice(seed=7), "zh")
    assert voices.cast(VoiceChoice(voice=timbre.name), "en") == timbre, "a line in the other language keeps the speaker"
    assert voices.parse("zf_xiaobei").parts == (("zf_xiaobei", 1.0),)


def test_a_chinese_speaker_keeps_the_voice_in_an_english_line() -> None:
    speaker = VoiceChoice(seed=7, gender="man", language="zh")
    assert voices.cast(speaker, "en") == voices.cast(speaker, "zh") == voices.cast(VoiceChoice(seed=7, gender="man"), "zh")
    assert voices.cast(VoiceChoice(seed=7, language="en"), "zh").language == "zh", "English voices speak Chinese unclearly"


@pytest.mark.parametrize("name", ["nobody", "zf_xiaobei*", "zf_xiaobei@high", "zf_xiaobei+nobody", "@1.1"])
def test_an_unknown_voice_is_refused_with_the_list_of_voices(name: str) -> None:
    with pytest.raises(NotPossible, match="zf_xiaobei"):
        voices.parse(name)


def test_a_blend_lies_between_its_parts() -> None:
    a, b = voices.table(voices.parse("zf_xiaobei")), voices.table(voices.parse("zf_xiaoyi"))
    blend = voices.table(voices.parse("zf_xiaobei*0.75+zf_xiaoyi*0.25"))
    assert blend.shape == (510, 256)
    assert np.allclose(blend, 0.75 * a + 0.25 * b, atol=1e-5)
    assert not np.allclose(a, b, atol=0.05)


def test_a_timbre_of_another_language_brings_no_accent() -> None:
    own, mixed = voices.table(voices.parse("zf_xiaobei")), voices.table(voices.parse("zf_xiaobei*0.7+af_heart*0.3"))
    assert np.allclose(own[:, 128:], mixed[:, 128:], atol=1e-5), "the melody is Chinese"
    assert not np.allclose(own[:, :128], mixed[:, :128], atol=0.05)
