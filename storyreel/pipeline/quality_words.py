"""What quality control found, in a person's words, and what can be done about it (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storyreel.model.rows import Node
from storyreel.model.spec import Language
from storyreel.pipeline.quality import Blamed, Code, Finding

# What is wrong, in Chinese and in English; {value} and {limit} are the measure's.
WRONG: Mapping[Code, tuple[str, str]] = {
    "picture_sharpness": ("选中的画面模糊", "the chosen picture is blurred"),
    "picture_grain": ("选中的画面噪点很多", "the chosen picture is full of noise"),
    "picture_light": ("选中的画面太暗，几乎看不清", "the chosen picture is so dark that hardly anything can be seen"),
    "picture_burnt_out": ("选中的画面过曝", "the chosen picture is overexposed"),
    "picture_palette": ("画面颜色偏离了色板", "the picture's colours are far from the palette"),
    "picture_people": ("人物的衣服颜色和设定不符，可能不是同一个人", "somebody does not wear the colours they should; it may be another person"),
    "clip_begins": ("视频不是从选中的画面开始的", "the clip does not begin with the chosen picture"),
    "clip_sharpness": ("视频比画面模糊得多", "the clip is much softer than its picture"),
    "clip_grain": ("视频噪点很多", "the clip is full of noise"),
    "clip_light": ("视频比画面暗得多", "the clip is much darker than its picture"),
    "clip_burnt_out": ("视频过曝", "the clip is overexposed"),
    "clip_colours": ("视频的颜色和画面不一样", "the clip's colours are not those of its picture"),
    "clip_flicker": ("视频在闪烁", "the clip flickers"),
    "clip_black": ("有 {value:g} 秒是黑的", "it is black for {value:g} s"),
    "clip_frozen": ("有 {value:g} 秒画面不动", "it stands still for {value:g} s"),
    "voice_heard": ("该说话的时候没有声音（只听到 {percent} %）", "a line is not heard when it should be (only {percent} % of it)"),
    "voice_late": ("台词晚了 {value:g} 秒", "a line is {value:g} s late"),
    "voice_faint": ("配音太轻（{value:g} LUFS）", "the voice is too soft ({value:g} LUFS)"),
    "voice_loud": ("配音太响（{value:g} LUFS）", "the voice is too loud ({value:g} LUFS)"),
    "voice_clipped": ("配音破音", "the voice is distorted"),
    "voice_missing": ("有台词，但是没有配音", "there are lines, but no voice"),
    "sound_faint": ("音效听不见", "the sound effects cannot be heard"),
    "length": ("长度是 {value:g} 帧，应该是 {limit:g} 帧", "it is {value:g} frames long instead of {limit:g}"),
    "size": ("宽度是 {value:g} 像素，应该是 {limit:g}", "it is {value:g} pixels wide instead of {limit:g}"),
    "unreadable": ("视频文件读不出来", "the clip cannot be read"),
    "opinion": ("审片的模型给分很低（{percent} %）", "the reviewing model gives it {percent} %"),
}  # fmt: skip
# What to do where a person is asked: made again from the part that is to blame.
MEND: Mapping[Blamed, tuple[str, str]] = {
    "grid": ("重新出图，或者换一张图", "draw it again, or choose another picture"),
    "video": ("重新生成视频", "make its clip again"),
    "voice": ("重新配音", "speak its lines again"),
    "sfx": ("重新做音效", "make its sounds again"),
    "compose": ("重新渲染", "render it again"),
}
VERDICTS: Mapping[str, tuple[str, str]] = {
    "pass": ("质量检查：没有问题", "quality check: nothing wrong"),
    "ask": ("请看一下", "to look at"),
    "retry": ("不合格", "not good enough"),
}


def wrong(found: Finding, language: Language) -> str:
    """What is wrong, without what to do."""
    words = WRONG[found.code][0 if language == "zh" else 1]
    return words.format(value=found.value, limit=found.limit, percent=round(100 * found.value))


def told(findings: Sequence[Finding], language: Language, verdict: str = "ask") -> str:
    """All that is wrong in a sentence, and what to do first; empty where nothing is."""
    if not findings:
        return ""
    zh = language == "zh"
    all_wrong = ("；" if zh else "; ").join(dict.fromkeys(wrong(one, language) for one in findings))
    head, mend = VERDICTS[verdict][0 if zh else 1], MEND[findings[0].blamed][0 if zh else 1]
    return f"{head}：{all_wrong}。可以{mend}。" if zh else f"{head.capitalize()}: {all_wrong}. You can {mend}."


def remade(findings: Sequence[Finding], language: Language) -> str:
    """That the shot is made again by itself, and why."""
    zh = language == "zh"
    reasons = ("；" if zh else "; ").join(wrong(one, language) for one in findings if one.verdict == "retry")
    return f"自动重做一次：{reasons}。" if zh else f"Made again by itself: {reasons}."


def findings_of(note: Node) -> tuple[Finding, ...]:
    """What a note says is wrong."""
    return tuple(Finding.model_validate(one) for one in note.facts.get("findings", ()))


def quality_of(note: Node | None, final: Any = None) -> dict[str, Any] | None:
    """A note as plain data with its words in both languages; None where there is none, or it is about another segment than `final`."""
    if note is None or note.kind != "note" or (final is not None and note.parent_id != final):
        return None
    findings = findings_of(note)
    opinion = note.facts.get("opinion") or {}
    return {
        "node": str(note.id),
        "verdict": note.facts.get("verdict", "pass"),
        "look_at": bool(note.facts.get("look_at")),
        "findings": [
            {**one.model_dump(mode="json"), "words": {name: wrong(one, name) for name in ("zh", "en")}} for one in findings
        ],
        "words": {name: told(findings, name) or VERDICTS["pass"][0 if name == "zh" else 1] for name in ("zh", "en")},
        "reasons": list(opinion.get("reasons", ())),
        "measures": note.facts.get("measures", {}),
    }
