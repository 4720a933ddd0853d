"""What was done or would be done, in a person's language: one table of sentences by code, Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from storyreel.actions.base import Said
from storyreel.actions.drafting import as_draft
from storyreel.actions.ranges import numbers
from storyreel.actions.words_assets import ASSETS
from storyreel.actions.words_batches import BATCHES
from storyreel.actions.words_bible import BIBLE
from storyreel.actions.words_drafts import DRAFTS
from storyreel.actions.words_explore import EXPLORE
from storyreel.actions.words_kept import KEPT
from storyreel.actions.words_making import MAKING, MOODS_ZH
from storyreel.actions.words_money import MONEY, money
from storyreel.actions.words_review import REVIEW
from storyreel.actions.words_versions import VERSIONS
from storyreel.actions.words_versions import change as _version_change
from storyreel.model.spec import Language
from storyreel.model.timing import clock

Facts = dict[str, Any]
Say = Callable[[Facts], str]
# Words for values, where Chinese differs from the catalogue's own.
ZH: dict[str, str] = {
    "dawn": "清晨",
    "day": "白天",
    "dusk": "黄昏",
    "night": "夜晚",
    "clear": "晴",
    "cloudy": "多云",
    "rain": "雨",
    "storm": "暴雨",
    "snow": "雪",
    "fog": "雾",
    **MOODS_ZH,
    "faster": "快一点",
    "slower": "慢一点",
    "fast": "快",
    "slow": "慢",
    "normal": "正常",
    "place": "地点",
    "time": "时间",
    "weather": "天气",
    "mood": "情绪",
    "style": "风格",
    "palette": "色板",
    "subject": "画面",
    "props": "道具",
    "composition": "构图",
    "size": "景别",
    "angle": "角度",
    "move": "运镜",
    "pace": "节奏",
    "duration_s": "时长（秒）",
    "scale_length": "时长",
    "lines": "台词",
    "cast_add": "加入角色",
    "cast_remove": "移出角色",
    "status": "状态",
    "locked": "已锁定",
    "approved": "已通过",
    "draft": "草稿",
    "picture": "画面",
    "video": "视频",
    "voice": "配音",
    "music": "配乐",
    "final": "成片段",
    "spec": "分镜",
    "grid": "九宫格",
    "select": "选图",
    "compose": "合成",
    "notes": "备注",
    "captions": "字幕",
    "quality": "质量检查",
    "on": "开",
    "off": "关",
    "check": "质检",
    "note": "备注",
    "language": "语言",
    "name": "名称",
    "aspect": "画幅",
    "resolution": "分辨率",
    "genre": "类型",
    "goal": "目的",
    "burnt": "压在画面上",
    "beside": "单独字幕文件",
    "none": "无",
    "clear_fields": "恢复继承",
    "clear_": "恢复继承",
    "rules": "规则",
    "EWS": "大远景",
    "WS": "远景",
    "FS": "全景",
    "MS": "中景",
    "MCU": "中近景",
    "CU": "特写",
    "ECU": "大特写",
    "low": "仰拍",
    "high": "俯拍",
    "eye": "平视",
    "dutch": "斜角",
    "static": "固定",
    "push_in": "推近",
    "pull_out": "拉远",
    "pan_left": "左摇",
    "pan_right": "右摇",
    "tilt_up": "上摇",
    "tilt_down": "下摇",
    "track_left": "左移",
    "track_right": "右移",
    "handheld": "手持",
    "face": "脸",
    "hair": "发型",
    "wardrobe": "服装",
    "colour": "配色",
    "title": "标题",
    "zh": "中文",
    "en": "英文",
    "duration": "时长",
    "pending": "等待中",
    "running": "渲染中",
    "paused": "已暂停",
    "retry_pending": "等待重试",
    "cancelling": "正在停止",
    "succeeded": "已完成",
    "failed": "失败",
    "cancelled": "已停止",
    "manual_review": "需要人工处理",
    "brief": "简介",
}
LONG_S = 120
# A step that did many things is known by the first of them.
STEP_LINES = 3
# Groups of a patch that are told by their parts.
GROUPS = frozenset({"picture", "camera", "audio"})


def said(one: Said, language: Language) -> str:
    """One line for a person."""
    zh, en = SENTENCES[one.code]
    told = (zh if language == "zh" else en)(one.facts)
    return as_draft(told) if one.facts.get("space") == "draft" else told


def all_said(many: Sequence[Said], language: Language) -> list[str]:
    """A line each."""
    return [said(one, language) for one in many]


def span(duration_s: float, language: Language) -> str:
    """A length of time for a person, in seconds up to two minutes."""
    if duration_s < LONG_S:
        return f"{max(1, round(duration_s))} 秒" if language == "zh" else f"{max(1, round(duration_s))} s"
    return f"{clock(duration_s)} 分钟" if language == "zh" else f"{clock(duration_s)} min"


def _which(facts: Facts, language: Language) -> str:
    shots = facts.get("shots") or []
    # A shot that the same commit adds has no number yet.
    known = [n for n in shots if n is not None]
    if language == "zh":
        return f"第 {numbers(known)} 个镜头" if known else "新镜头" if shots else "镜头"
    return f"shot{'s' if len(known) > 1 else ''} {numbers(known)}" if known else "the new shot" if shots else "the shots"


def _value(value: Any, language: Language) -> str:
    if isinstance(value, list | tuple):
        if not value:
            return "无" if language == "zh" else "none"
        return ("、" if language == "zh" else ", ").join(_value(item, language) for item in value)
    if isinstance(value, dict):
        return str(value.get("text") or value.get("character") or _fields(value, language))
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return ZH.get(text, text) if language == "zh" else text.replace("_", " ")


def _fields(fields: Facts | Sequence[str], language: Language) -> str:
    """Changed fields and their values in one line."""
    if not isinstance(fields, dict):
        return _value(list(fields), language)
    fields = _told_length(fields)
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        flat.update(value if name in GROUPS and isinstance(value, dict) else {name: value})
    told = {name: f"×{value:g}" if name == "scale_length" else _value(value, language) for name, value in flat.items()}
    if language == "zh":
        return "，".join(f"{_label(name, language)}：{value}" for name, value in told.items())
    return ", ".join(f"{_label(name, language)} {value}" for name, value in told.items())


def _told_length(fields: Facts) -> Facts:
    """A factor on the length as people say it."""
    if "scale_length" not in fields:
        return fields
    others = {name: value for name, value in fields.items() if name != "scale_length"}
    return {**others, "duration": f"{fields['scale_length'] * 100:.0f} %"}


def word(value: str, language: Language) -> str:
    """A value of the catalogue, such as a time of day or a task's state, in a person's language."""
    return _value(value, language)


def _label(name: str, language: Language) -> str:
    if language == "zh":
        return ZH.get(name, name)
    return "length" if name == "scale_length" else name.removesuffix("_s").replace("_", " ")


def _added(facts: Facts, language: Language) -> str:
    length, count = facts["duration_s"], facts["count"]
    if language == "zh":
        where = "末尾" if facts["place"] in {"end", "last"} else f"第 {facts['place']} 个镜头{'前' if facts['before'] else '后'}"
        return f"在{where}加 {count} 个镜头，共 {length:g} 秒"
    where = (
        "at the end" if facts["place"] in {"end", "last"} else f"{'before' if facts['before'] else 'after'} shot {facts['place']}"
    )
    return f"add {count} shot{'s' if count != 1 else ''} {where}, {length:g} s in all"


def _moved(facts: Facts, language: Language) -> str:
    if language == "zh":
        return f"把{_which(facts, language)}移到第 {facts['place']} 个{'前' if facts['before'] else '后'}"
    return f"move {_which(facts, language)} {'before' if facts['before'] else 'after'} shot {facts['place']}"


def _step(facts: Facts, language: Language) -> str:
    """What a step of the log was, in brackets: from what it said of itself, else in the words that asked for it."""
    told = [said(Said.model_validate(one), language) for one in facts.get("summary", [])]
    more = len(told) - STEP_LINES
    rest = [f"等 {len(told)} 项" if language == "zh" else f"and {more} more"] if more > 0 else []
    lines = "；".join([*told[:STEP_LINES], *rest]) if language == "zh" else "; ".join([*told[:STEP_LINES], *rest])
    what = lines or facts.get("intent", "")
    return (f"（{what}）" if language == "zh" else f" ({what})") if what else ""


def _taskline(zh: str, en: str) -> tuple[Say, Say]:
    return (
        lambda f: f"{zh} {f['tasks']} 个任务" + (f"（第 {numbers(f['shots'])} 个镜头）" if f.get("shots") else ""),
        lambda f: (
            f"{en} {f['tasks']} task{'s' if f['tasks'] != 1 else ''}"
            + (f" (shots {numbers(f['shots'])})" if f.get("shots") else "")
        ),
    )


def _of_run(facts: Facts, language: Language) -> str:
    if not facts["shot"]:
        return "成片" if language == "zh" else "the film"
    return f"第 {facts['shot']} 个镜头" if language == "zh" else f"shot {facts['shot']}"


def _rendered(facts: Facts, language: Language) -> str:
    again = facts.get("again")
    if language == "zh":
        return f"{'重新' if again else ''}渲染{_which(facts, language)}"
    return f"render {_which(facts, language)}{' again' if again else ''}"


SENTENCES: dict[str, tuple[Say, Say]] = {
    "project.created": (lambda f: f"新建项目《{f['name']}》", lambda f: f"create the project {f['name']!r}"),
    "project.changed": (lambda f: f"项目设置：{_fields(f['fields'], 'zh')}", lambda f: f"project: {_fields(f['fields'], 'en')}"),
    "episode.created": (
        lambda f: f"新建一集{'《' + f['title'] + '》' if f['title'] else ''}",
        lambda f: f"add an episode {f['title']}".rstrip(),
    ),
    "episode.changed": (
        lambda f: f"修改本集：{_fields(f['fields'], 'zh')}",
        lambda f: f"change the episode: {_fields(f['fields'], 'en')}",
    ),
    "episode.deleted": (lambda f: f"删除《{f['title']}》", lambda f: f"delete the episode {f['title']!r}"),
    "script.kept": (
        lambda f: f"保存剧本第 {f['version']} 版（{f['characters']} 字）",
        lambda f: f"keep version {f['version']} of the script ({f['characters']} characters)",
    ),
    "scene.added": (
        lambda f: f"加一场{'：' + (f['title'] or f['place'] or '') if f['title'] or f['place'] else ''}",
        lambda f: f"add a scene{': ' + (f['title'] or f['place'] or '') if f['title'] or f['place'] else ''}",
    ),
    "scene.changed": (
        lambda f: f"第 {f['scene']} 场：{_fields(f['fields'], 'zh')}",
        lambda f: f"scene {f['scene']}: {_fields(f['fields'], 'en')}",
    ),
    "scene.deleted": (
        lambda f: f"删除第 {f['scene']} 场和它的 {f['shots']} 个镜头",
        lambda f: f"delete scene {f['scene']} with its {f['shots']} shots",
    ),
    "scene.moved": (
        lambda f: f"把第 {f['scene']} 场移到第 {f['before'] or f['after']} 场{'前' if f['before'] else '后'}",
        lambda f: f"move scene {f['scene']} {'before' if f['before'] else 'after'} scene {f['before'] or f['after']}",
    ),
    "character.created": (lambda f: f"加入角色{f['name']}", lambda f: f"add the character {f['name']}"),
    "character.changed": (
        lambda f: f"修改角色{f['name']}" + (f"（出现在第 {numbers(f['shots'])} 个镜头）" if f["shots"] else ""),
        lambda f: f"change {f['name']}" + (f" (in shots {numbers(f['shots'])})" if f["shots"] else ""),
    ),
    "character.reference": (
        lambda f: f"为{f['name']}保存参考图" + (f"（{f['shots']} 个镜头）" if f["shots"] else ""),
        lambda f: f"keep a reference for {f['name']}" + (f" in {f['shots']} shots" if f["shots"] else ""),
    ),
    "character.locked": (
        lambda f: f"锁定{f['name']}：{_value(f['locks'], 'zh')}",
        lambda f: f"lock {f['name']}: {_value(f['locks'], 'en')}",
    ),
    "character.unlocked": (
        lambda f: f"解锁{f['name']}：{_value(f['locks'], 'zh')}",
        lambda f: f"free {f['name']}: {_value(f['locks'], 'en')}",
    ),
    "character.deleted": (
        lambda f: f"删除角色{f['name']}（{f['shots']} 个镜头）",
        lambda f: f"delete {f['name']}, taken out of {f['shots']} shots",
    ),
    "shot.added": (lambda f: _added(f, "zh"), lambda f: _added(f, "en")),
    "shot.changed": (
        lambda f: f"{_which(f, 'zh')}：{_fields(f['fields'], 'zh')}",
        lambda f: f"{_which(f, 'en')}: {_fields(f['fields'], 'en')}",
    ),
    "shot.split": (
        lambda f: f"把第 {f['shot']} 个镜头切成 {f['first_s']:g} 秒和 {f['second_s']:g} 秒",
        lambda f: f"split shot {f['shot']} into {f['first_s']:g} s and {f['second_s']:g} s",
    ),
    "shot.merged": (lambda f: f"合并{_which(f, 'zh')}", lambda f: f"merge {_which(f, 'en')}"),
    "shot.moved": (lambda f: _moved(f, "zh"), lambda f: _moved(f, "en")),
    "shot.deleted": (lambda f: f"删除{_which(f, 'zh')}", lambda f: f"delete {_which(f, 'en')}"),
    "shot.left_out": (
        lambda f: f"镜头 {f['shot']} 已决定不要，影片里没有它",
        lambda f: f"shot {f['shot']} is left out of the film, as decided",
    ),
    "shot.skipped": (
        lambda f: f"跳过第 {f['shot']} 个镜头（{ZH.get(f['status'], f['status'])}）",
        lambda f: f"shot {f['shot']} is {f['status']} and was left out",
    ),
    "render.wanted": (lambda f: _rendered(f, "zh"), lambda f: _rendered(f, "en")),
    "music.wanted": (lambda _: "重新配乐", lambda _: "score the film anew"),
    "film.wanted": (
        lambda f: f"渲染全部 {f['shots']} 个镜头并合成影片",
        lambda f: f"render the {f['shots']} shots and join the film",
    ),
    "task.cancel": _taskline("停止", "cancel"),
    "task.retry": _taskline("重试", "retry"),
    "task.pause": _taskline("暂停", "pause"),
    "task.resume": _taskline("继续", "resume"),
    "task.rerun": (
        lambda f: f"{_of_run(f, 'zh')}从{_label(f['stage'], 'zh')}重新跑{'，用新的一版' if f['again'] else ''}",
        lambda f: f"rerun {_of_run(f, 'en')} from {f['stage']}{' with a new take' if f['again'] else ''}",
    ),
    "task.went_back": (
        lambda f: f"先把第 {f['shot']} 个镜头恢复到第 {f['revision']} 步时的样子",
        lambda f: f"take shot {f['shot']} back to what it was at revision {f['revision']}",
    ),
    "desk.paused": (lambda _: "暂停渲染", lambda _: "pause rendering"),
    "desk.resumed": (lambda _: "继续渲染", lambda _: "resume rendering"),
    "desk.concurrency": (lambda f: f"同时渲染 {f['concurrency']} 个", lambda f: f"render {f['concurrency']} at a time"),
    "node.promoted": (
        lambda f: f"第 {f['shot']} 个镜头选用{'第 ' + str(f['cell']) + ' 张' if f['cell'] else '这个' + _label(f['slot'], 'zh')}",
        lambda f: f"shot {f['shot']}: select {'picture ' + str(f['cell']) if f['cell'] else 'this ' + f['slot']}",
    ),
    "version.snapshot": (lambda f: f"保存版本“{f['name']}”", lambda f: f"save the version {f['name']!r}"),
    "version.undone": (
        lambda f: f"撤销第 {f['revision']} 步{_step(f, 'zh')}",
        lambda f: f"undo step {f['revision']}{_step(f, 'en')}",
    ),
    "version.redone": (lambda f: f"重做刚才撤销的一步{_step(f, 'zh')}", lambda f: f"do again what was undone{_step(f, 'en')}"),
    "version.no_more": (
        lambda f: f"只能走 {f['done']} 步，没有第 {f['asked']} 步了",
        lambda f: f"only {f['done']} of the {f['asked']} steps were there to take",
    ),
    "version.change": (
        lambda f: _version_change(f, "zh", lambda value, _: _value(value, "zh"), numbers),
        lambda f: _version_change(f, "en", lambda value, _: _value(value, "en"), numbers),
    ),
    "stage.made": (lambda f: f"完成{ZH.get(f['stage'], f['stage'])}", lambda f: f"{f['stage']} made"),
    "ask.many": (lambda f: f"会改动 {f['shots']} 个镜头", lambda f: f"it changes {f['shots']} shots"),
    "ask.deletes": (lambda _: "会删除内容", lambda _: "it deletes something"),
    "ask.spending": (
        lambda f: f"要花 {money(f['cost_usd'], 'zh')}，超过 {money(f['threshold_usd'], 'zh')}",
        lambda f: f"it costs {money(f['cost_usd'], 'en')}, above {money(f['threshold_usd'], 'en')}",
    ),
    **BIBLE,
    **BATCHES,
    **KEPT,
    **REVIEW,
    **MONEY,
    **DRAFTS,
    **VERSIONS,
    **ASSETS,
    **EXPLORE,
    **MAKING,
}
