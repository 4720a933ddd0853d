"""Sentences for editing, for what goes out, for copies of a project, and for its life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from storyreel.actions.ranges import numbers

Facts = dict[str, Any]
STEPS_ZH = {
    "trim": "裁剪",
    "speed": "变速",
    "hold": "定格",
    "remove": "去掉剪辑步骤",
    "copy": "套用剪辑",
    "reverse": "倒放",
    "mirror": "镜像",
    "crop": "裁切画面",
    "bars": "加黑边",
    "grade": "调色",
    "fade": "淡入淡出",
    "blur": "模糊",
    "sharpen": "锐化",
    "vignette": "暗角",
}
STEPS_EN = {"remove": "take steps back", "copy": "edit like another shot", "bars": "add bars", "hold": "hold the last picture"}
FIELDS_ZH = {
    "in_s": "从（秒）",
    "out_s": "到（秒）",
    "duration_s": "时长（秒）",
    "factor": "倍数",
    "by_s": "延长（秒）",
    "look": "风格",
    "brightness": "亮度",
    "contrast": "对比度",
    "saturation": "饱和度",
    "warmth": "冷暖",
    "amount": "强度",
    "aspect": "画幅",
    "axis": "方向",
    "size": "大小",
    "which": "步骤",
    "source": "来源镜头",
    "voice_db": "人声（分贝）",
    "music_db": "音乐（分贝）",
    "effects_db": "环境声（分贝）",
    "duck_db": "压低音乐（分贝）",
    "loudness_lufs": "响度",
    "captions": "字幕",
    "place": "位置",
    "colour": "颜色",
    "outline": "描边",
    "bold": "粗体",
    "boxed": "底框",
    "resolution": "分辨率",
}
VALUES_ZH = {
    "black_white": "黑白",
    "sepia": "怀旧褐色",
    "warm": "暖色",
    "cool": "冷色",
    "vintage": "复古",
    "burnt": "压在画面上",
    "beside": "单独字幕文件",
    "none": "无",
    "small": "小",
    "normal": "正常",
    "large": "大",
    "bottom": "底部",
    "middle": "中间",
    "top": "顶部",
    "horizontal": "左右",
    "vertical": "上下",
    "all": "全部",
    "True": "是",
    "False": "否",
}
MOODS_ZH = {
    "neutral": "平静",
    "hopeful": "充满希望",
    "joyful": "欢快",
    "calm": "宁静",
    "romantic": "浪漫",
    "melancholy": "忧郁",
    "tense": "紧张",
    "mystery": "神秘",
    "horror": "恐怖",
    "epic": "史诗",
}


def _told(fields: Facts, *, zh: bool) -> str:
    if zh:
        return "，".join(f"{FIELDS_ZH.get(name, name)} {_value_zh(value)}" for name, value in fields.items())
    return ", ".join(f"{name.removesuffix('_s').replace('_', ' ')} {_value(value)}" for name, value in fields.items())


def _value_zh(value: Any) -> str:
    return VALUES_ZH.get(str(value), STEPS_ZH.get(str(value), _value(value)))


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _shots(shots: Sequence[int | None], *, zh: bool) -> str:
    known = [number for number in shots if number is not None]
    if zh:
        return f"第 {numbers(known)} 个镜头" if known else "整部影片"
    return f"shot{'s' if len(known) > 1 else ''} {numbers(known)}" if known else "the whole film"


def _applied(facts: Facts, *, zh: bool) -> str:
    told = _told(facts["fields"], zh=zh)
    if zh:
        return f"{_shots(facts['shots'], zh=True)}：{STEPS_ZH.get(facts['step'], facts['step'])}" + (
            f"（{told}）" if told else ""
        )
    return f"{_shots(facts['shots'], zh=False)}: {STEPS_EN.get(facts['step'], facts['step'])}" + (f" ({told})" if told else "")


def _paced(facts: Facts, *, zh: bool) -> str:
    percent = f"{facts['factor'] * 100:.0f} %"
    if zh:
        kept = "，总长不变" if facts["keep_total"] else f"，共 {facts['length_s']:g} 秒"
        return f"{_shots(facts['shots'], zh=True)}的节奏：时长调为 {percent}{kept}"
    kept = ", the film as long as before" if facts["keep_total"] else f", {facts['length_s']:g} s in all"
    return f"pace {_shots(facts['shots'], zh=False)}: {percent} of the length{kept}"


def _copied(facts: Facts, *, zh: bool) -> str:
    told = _substituted(facts["substitutions"], zh=zh)
    if zh:
        said = f"复制成新项目《{facts['name']}》" + (f"：{told}" if told else "")
        return said + (f"；{len(facts['stale'])} 个镜头要重新做" if facts["stale"] else "；没有需要重做的镜头")
    said = f"copy it as a new project {facts['name']!r}" + (f": {told}" if told else "")
    count = len(facts["stale"])
    return said + (f"; {count} shot{'s' if count != 1 else ''} to make again" if count else "; nothing has to be made again")


def _substituted(given: Sequence[Sequence[str]], *, zh: bool) -> str:
    return ("，" if zh else ", ").join(f"{old} → {new}" for old, new in given)


MAKING: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "edit.applied": (lambda f: _applied(f, zh=True), lambda f: _applied(f, zh=False)),
    "edit.unfit": (
        lambda f: f"跳过第 {f['shot']} 个镜头（{f['why']}）",
        lambda f: f"shot {f['shot']} was left out ({f['why']})",
    ),
    "edit.paced": (lambda f: _paced(f, zh=True), lambda f: _paced(f, zh=False)),
    "edit.captions": (lambda f: f"字幕：{_told(f['fields'], zh=True)}", lambda f: f"captions: {_told(f['fields'], zh=False)}"),
    "edit.music": (
        lambda f: f"配乐改为“{f['words']}”" if f["words"] else "配乐恢复默认",
        lambda f: f"music: {f['words']}" if f["words"] else "music as usual",
    ),
    "edit.music_mood": (
        lambda f: f"{_shots(f['shots'], zh=True)}的配乐情绪：{MOODS_ZH.get(f['mood'], f['mood'])}",
        lambda f: f"the music of {_shots(f['shots'], zh=False)}: {f['mood']}",
    ),
    "edit.music_own": (lambda _: "用自己的音乐作配乐", lambda _: "use your own music for the film"),
    "edit.mixed": (lambda f: f"混音：{_told(f['fields'], zh=True)}", lambda f: f"mix: {_told(f['fields'], zh=False)}"),
    "edit.ends": (
        lambda f: f"片头淡入 {f['in_s']:g} 秒，片尾淡出 {f['out_s']:g} 秒",
        lambda f: f"fade the film in over {f['in_s']:g} s and out over {f['out_s']:g} s",
    ),
    "export.platform": (
        lambda f: f"按{f['zh']}的规格：{_told(f['fields'], zh=True)}",
        lambda f: f"for {f['en']}: {_told(f['fields'], zh=False)}",
    ),
    "export.reframe": (
        lambda f: f"{_shots(f['shots'], zh=True)}要按 {f['aspect']} 重新构图",
        lambda f: f"{_shots(f['shots'], zh=False)} must be framed anew for {f['aspect']}",
    ),
    "export.again": (
        lambda f: f"{_shots(f['shots'], zh=True)}要按 {f['resolution']} 重新渲染",
        lambda f: f"{_shots(f['shots'], zh=False)} must be rendered again at {f['resolution']}",
    ),
    "export.too_long": (
        lambda f: f"影片长 {f['length_s']:g} 秒，超过{f['zh']}的上限 {f['most_s']:g} 秒",
        lambda f: f"the film lasts {f['length_s']:g} s; {f['en']} takes at most {f['most_s']:g} s",
    ),
    "export.rate": (
        lambda f: f"影片每秒 {f['fps']} 帧；{f['zh']}建议 {'、'.join(map(str, f['advised']))} 帧",
        lambda f: f"the film has {f['fps']} frames a second; {f['en']} advises {', '.join(map(str, f['advised']))}",
    ),
    "project.archived": (lambda f: f"归档项目《{f['name']}》", lambda f: f"archive the project {f['name']!r}"),
    "project.open": (lambda f: f"恢复项目《{f['name']}》", lambda f: f"restore the project {f['name']!r}"),
    "project.deleted": (
        lambda f: f"删除项目《{f['name']}》（期限之内可以恢复）",
        lambda f: f"delete the project {f['name']!r}; it can be restored until its time is over",
    ),
    "project.duplicated": (lambda f: _copied(f, zh=True), lambda f: _copied(f, zh=False)),
    "sfx.words": (
        lambda f: f"{_shots(f['shots'], zh=True)}的音效：{f['words']}",
        lambda f: f"the sounds of {_shots(f['shots'], zh=False)}: {f['words']}",
    ),
}
