"""The built-in voice speaks both languages with a time for each word, the same way each time, and says what it cannot do."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest

from storyreel.model.errors import BadInput, NotPossible
from storyreel.model.spec import Language, VoiceChoice
from storyreel.pipeline.ports import AssetRef, Generated, VoiceRequest
from storyreel.providers.builtin import voice as voice_module
from storyreel.providers.builtin.local import Cancelled
from storyreel.providers.builtin.speech import espeak, kokoro
from storyreel.providers.builtin.speech.polish import loudness_lufs, unwav, wav
from storyreel.providers.builtin.voice import BuiltinVoice
from storyreel.script.speech import speaking_s


class NoInputs:
    scratch = Path()

    async def read(self, asset: AssetRef) -> bytes:
        raise AssertionError(f"a voice reads no asset, not {asset.id}")


def request(text: str, language: Language = "zh", **more: object) -> VoiceRequest:
    return VoiceRequest.model_validate({"text": text, "language": language, **more})


async def speak(asked: VoiceRequest) -> Generated:
    provider = BuiltinVoice()
    return await provider.wait(await provider.submit(asked, "key"), asked, NoInputs(), unheard)


def unheard(fraction: float) -> None:
    assert 0 <= fraction <= 1


def length_s(result: Generated) -> float:
    assert result.duration_s is not None
    return result.duration_s


def sounds_like(result: Generated, words: list[str]) -> None:
    """What holds for every good take."""
    sound, rate_hz = unwav(result.data)
    assert rate_hz == 48_000
    assert length_s(result) == pytest.approx(len(sound) / rate_hz)
    assert loudness_lufs(sound) == pytest.approx(-16, abs=1.5)
    assert 0.1 < np.abs(sound).max() < 0.9
    assert [word.text for word in result.words] == words
    edges = [edge for word in result.words for edge in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < 0.3
    assert length_s(result) - 0.6 < edges[-1] <= length_s(result)
    for word in result.words:
        said = sound[round(word.start_s * rate_hz) : round(word.end_s * rate_hz)]
        assert word.end_s - word.start_s >= 0.02
        assert np.sqrt(np.mean(said**2)) > 0.01, f"{word.text} is heard where it is said to be"


async def test_a_chinese_line() -> None:
    line = "快走，他们来了！"
    result = await speak(request(line, voice={"seed": 3, "gender": "woman"}))
    sounds_like(result, list("快走他们来了"))
    assert result.notes == ()
    assert result.duration_s == pytest.approx(speaking_s(line, "zh"), rel=0.3)


async def test_an_english_line() -> None:
    line = "Run, they are coming at 8:30!"
    result = await speak(request(line, "en", voice={"seed": 3, "gender": "man"}))
    sounds_like(result, ["Run", "they", "are", "coming", "at", "8:30"])
    assert result.duration_s == pytest.approx(speaking_s(line, "en"), rel=0.3)


async def test_a_line_of_both_languages_in_one_voice() -> None:
    result = await speak(request("我在Google等你。", voice={"voice": "zm_yunxi"}))
    sounds_like(result, ["我", "在", "Google", "等", "你"])


async def test_the_same_request_gives_the_same_bytes_and_another_seed_another_voice() -> None:
    first, again, other = [await speak(request("你好吗？", voice={"seed": seed, "gender": "man"})) for seed in (1, 1, 2)]
    assert first == again
    assert other.data != first.data


async def test_a_line_is_said_faster_to_fit_its_room_and_never_cut() -> None:
    free = await speak(request("我走了，再见。"))
    tight = await speak(request("我走了，再见。", max_s=length_s(free) * 0.9))
    assert length_s(tight) <= length_s(free) * 0.9
    assert [word.text for word in tight.words] == list("我走了再见")
    assert tight.notes == ()


async def test_a_line_that_cannot_fit_is_said_whole_and_says_so() -> None:
    result = await speak(request("天黑了。", max_s=0.3))
    sounds_like(result, list("天黑了"))
    assert length_s(result) > 0.3
    assert "room for 0.3 s" in result.notes[0]


async def test_feelings_change_how_it_is_said_and_a_hall_is_heard() -> None:
    calm, sad = [await speak(request("我走了。", emotion=emotion)) for emotion in ("neutral", "sad")]
    assert (sad.words[-1].end_s - sad.words[0].start_s) > (calm.words[-1].end_s - calm.words[0].start_s)
    hall = await speak(request("我走了。", place="教堂"))
    assert length_s(hall) > length_s(calm) + 0.2


@pytest.mark.parametrize("text", ["", "  ", "……！", "😀"])
async def test_a_line_without_words_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        await speak(request(text))


async def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(NotPossible, match="no voice 'robot'"):
        await speak(request("你好。", voice={"voice": "robot"}))


async def test_a_cancelled_line_stops_and_can_be_said_again() -> None:
    asked = request("。".join(["天亮之前我们必须离开这里"] * 5), voice=VoiceChoice(seed=1))
    provider = BuiltinVoice()
    handle = await provider.submit(asked, "long")
    told: list[float] = []
    begun = asyncio.Event()

    def progress(fraction: float) -> None:
        told.append(fraction)
        begun.set()

    line = asyncio.create_task(provider.wait(handle, asked, NoInputs(), progress))
    await begun.wait()
    await provider.cancel(handle)
    with pytest.raises(Cancelled):
        await line
    assert 0 < told[-1] < 1
    short = request("你好。")
    assert (await provider.wait(handle, short, NoInputs(), unheard)).words, "a cancel is for the work it met"


async def test_nothing_is_paid_and_a_job_is_found_by_its_key() -> None:
    provider = BuiltinVoice()
    asked = request("今天天气真好，我们出去走走吧。")
    price = provider.price(asked)
    assert price.cost_usd == 0
    assert price.expected_s > 1
    assert await provider.find("k") == await provider.submit(asked, "k") == "builtin:k"


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "_PACKAGES", ("no_such_voice_model",))

    def load(threads: int) -> kokoro.Kokoro:
        return kokoro.Kokoro(threads=threads)

    monkeypatch.setattr(voice_module, "_loaded", load)


@pytest.mark.usefixtures("no_model")
async def test_without_a_model_and_espeak_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotPossible, match=r"pip install .*espeak-ng"):
        await speak(request("你好。"))


@pytest.mark.usefixtures("no_model")
async def test_without_a_model_espeak_speaks_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    buzz = np.sign(np.sin(np.arange(22050 * 2) / 25)).astype(np.float32) * 0.3
    (tmp_path / "sound.wav").write_bytes(wav(buzz, 22050))
    fake = tmp_path / "espeak-ng"
    fake.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\nassert sys.stdin.read() == 'Go home, now.'\nassert 'en-us' in sys.argv\n"
        f"sound = pathlib.Path({str(tmp_path / 'sound.wav')!r}).read_bytes()\n"
        "sys.stdout.buffer.write(sound[:4] + b'\\xff\\xff\\xff\\x7f' + sound[8:40] + b'\\xff\\xff\\xff\\x7f' + sound[44:])\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = await speak(request("Go home, now.", "en"))
    assert result.model == "espeak-ng"
    assert "espeak-ng" in result.notes[0]
    assert [word.text for word in result.words] == ["Go", "home", "now"]
    assert result.duration_s == pytest.approx(2.17, abs=0.05)


def test_a_damaged_model_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "_SHA256", "0" * 64)
    with pytest.raises(NotPossible, match="damaged"):
        kokoro.Kokoro()


def test_words_are_shared_out_over_a_sound_without_timings() -> None:
    words = espeak.shared_out("我在Google等你。", np.zeros(1000, np.float32), 1000)
    assert [word.text for word in words] == ["我", "在", "Google", "等", "你"]
    assert words[-1].end_s == pytest.approx(1.0)
