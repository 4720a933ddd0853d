"""Why something is stale and what differs between two made things, in a person's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from storyreel.actions.words import ZH, numbers, word
from storyreel.model.spec import Language
from storyreel.pipeline.stages.why import Cause, StalePart

NAMES: dict[str, tuple[str, str]] = {
    "picture": ("画面", "picture"),
    "video": ("视频", "video"),
    "voice": ("配音", "voice"),
    "final": ("成片段", "final"),
    "music": ("配乐", "music"),
    "film": ("影片", "film"),
    "time": ("时间", "time of day"),
    "size": ("景别", "shot size"),
    "angle": ("角度", "angle"),
    "move": ("运镜", "camera move"),
    "pace": ("节奏", "pace"),
    "length": ("时长", "length"),
    "resolution": ("尺寸", "size in pixels"),
    "fps": ("帧率", "frame rate"),
    "grid": ("宫格", "grid"),
    "provider": ("供应商", "provider"),
    "prompt": ("提示词", "prompt"),
    "motion": ("运动提示词", "motion prompt"),
    "music_style": ("音乐风格", "music style"),
    "language": ("语言", "language"),
    "title": ("片名", "title"),
    "captions_where": ("可关的字幕", "captions that can be switched off"),
    "action": ("动作", "action"),
    "emotion": ("表情", "emotion"),
    "hair": ("发型", "hair"),
    "hair_colour": ("发色", "hair colour"),
    "skin_colour": ("肤色", "skin colour"),
    "garment": ("上衣", "garment"),
    "top_colour": ("上衣颜色", "top colour"),
    "bottom_colour": ("下装颜色", "colour of the lower half"),
    "shoe_colour": ("鞋子颜色", "shoe colour"),
    "glasses": ("眼镜", "glasses"),
    "beard": ("胡子", "beard"),
    "hat": ("帽子", "hat"),
    "gender": ("性别", "gender"),
    "age": ("年龄", "age"),
    "seed": ("种子", "seed"),
    "notes": ("备注", "notes"),
    "composition": ("构图", "composition"),
    "subject": ("画面内容", "subject"),
    "place": ("地点", "place"),
    "weather": ("天气", "weather"),
    "mood": ("情绪", "mood"),
    "style": ("风格", "style"),
    "palette": ("色板", "palette"),
    "props": ("道具", "props"),
    "score": ("得分", "score"),
    "confidence": ("切割把握", "confidence of the cut"),
    "prompt_plan": ("分镜稿", "prompt plan"),
    "image": ("图", "picture"),
    "model": ("模型", "model"),
    "note": ("质检记录", "quality note"),
}
WHOSE = {"shot": ("镜头", "shot"), "scene": ("场景", "scene"), "project": ("项目", "project"), "film": ("影片", "film")}
# What is told as a whole, without what it was and is.
WHOLE: dict[str, tuple[str, str]] = {
    "reference": ("换了参考图", "other reference pictures"),
    "captions": ("字幕变了", "the captions changed"),
    "beds": ("环境声变了", "the sound of the places changed"),
    "moods": ("情绪变了", "the moods changed"),
    "method": ("现在的做法不同了", "it is made in another way now"),
}
ROLES = {
    "image": ("图", "picture"),
    "style": ("风格", "style"),
    "character": ("人物", "character"),
    "scene": ("场景", "scene"),
    "audio": ("声音", "sound"),
    "video": ("视频", "clip"),
}
MARKS = {
    "favourite": ("收藏", "favourites"),
    "pinned": ("置顶", "pinned"),
    "discarded": ("已弃", "discarded"),
    "to_compare": ("待比较", "to compare"),
}
LONGEST = 60


def name_of(field: str, language: Language) -> str:
    """A field or a part of a shot as a person calls it."""
    known = NAMES.get(field)
    if known is None:
        return ZH.get(field, field) if language == "zh" else field.replace("_", " ")
    return known[0] if language == "zh" else known[1]


def part_words(part: StalePart, language: Language, names: Mapping[str, str], fps: int) -> list[str]:
    """A line for each reason why a part is stale. `names` are made things as a person counts them, by id ("#3")."""
    colon = "：" if language == "zh" else ": "
    head = name_of(part.slot, language)
    said = [cause_words(cause, language, names, fps) for cause in part.causes]
    said += [_follows(slot, language) for slot in part.follows if not _told(slot, part)]
    return [f"{head}{colon}{one}" for one in said]


def cause_words(cause: Cause, language: Language, names: Mapping[str, str] | None = None, fps: int = 0) -> str:
    """One input that changed."""
    zh = language == "zh"
    if cause.what in WHOLE:
        return WHOLE[cause.what][0 if zh else 1]
    if cause.what in ("picture", "clip"):
        return _chosen(cause, language, names or {})
    if cause.what == "follows":
        return _ahead(cause, language)
    if cause.what in ("line", "cast"):
        return _line(cause, language) if cause.what == "line" else _cast(cause, language)
    if cause.what.startswith("shot"):
        return _shots(cause, language)
    return f"{_head(cause, language)} {_turned(cause, language, fps)}{_tail(cause, language)}"


def _ahead(cause: Cause, language: Language) -> str:
    """Another clip of the shot that it continues from, or another shot, or none."""
    if not cause.name:
        return "不再接别的镜头" if language == "zh" else "it continues from no other shot any more"
    if cause.before is None:
        return f"现在接第 {cause.name} 镜的最后一帧" if language == "zh" else f"it continues from shot {cause.name} now"
    return (
        f"它接着的第 {cause.name} 镜换了视频"
        if language == "zh"
        else f"shot {cause.name}, whose last frame it begins with, has another clip"
    )


def _head(cause: Cause, language: Language) -> str:
    """What changed, and whose it is where that is somebody in the picture."""
    label = name_of(cause.what, language)
    if not cause.name:
        return label
    look = cause.whose == "character"
    if language == "zh":
        return f"{cause.name}的{'造型' if look else '表演'}，{label}"
    return f"{'look' if look else 'acting'} of {cause.name}, {label}"


def _tail(cause: Cause, language: Language) -> str:
    whose = WHOSE.get(cause.whose) if not cause.name else None
    return "" if whose is None else f"（{whose[0]}）" if language == "zh" else f" ({whose[1]})"


def _cast(cause: Cause, language: Language) -> str:
    came = cause.before is None
    if language == "zh":
        return f"{cause.name}{'加入了画面' if came else '离开了画面'}"
    return f"{cause.name} {'came in' if came else 'is no longer in it'}"


def _turned(cause: Cause, language: Language, fps: int) -> str:
    return f"{_shown(cause.before, cause, language, fps)} → {_shown(cause.after, cause, language, fps)}"


def _shown(value: Any, cause: Cause, language: Language, fps: int) -> str:
    zh = language == "zh"
    if value is None or value == "":
        return "无" if zh else "none"
    if isinstance(value, bool):
        return ("有" if value else "无") if zh else ("yes" if value else "no")
    if cause.what == "length" and isinstance(value, int) and fps:
        value = value / fps
    if cause.what == "length":
        return f"{value:g} 秒" if zh else f"{value:g} s"
    said = value_words(value, language)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def value_words(value: Any, language: Language) -> str:
    """A value of a request: a word of the catalogue, a number, or several."""
    if isinstance(value, list | tuple):
        many: Sequence[Any] = value
        return ("、" if language == "zh" else ", ").join(value_words(one, language) for one in many)
    return f"{value:g}" if isinstance(value, float) else word(str(value), language)


def _chosen(cause: Cause, language: Language, names: Mapping[str, str]) -> str:
    before, after = names.get(str(cause.before)), names.get(str(cause.after))
    zh = language == "zh"
    thing = {"picture": ("画面", "picture"), "clip": ("视频", "clip")}[cause.what][0 if zh else 1]
    if not before or not after:
        return f"换了{thing}" if zh else f"made from another {thing}"
    if zh:
        return f"换了{thing}（现在选的是 {after}，原来是 {before}）"
    return f"made from another {thing} ({after} was chosen instead of {before})"


def _line(cause: Cause, language: Language) -> str:
    zh = language == "zh"
    head = f"第 {cause.name} 句台词" if zh else f"line {cause.name}"
    if cause.before is None and cause.after is None:
        return f"{head}的说话人或语气" if zh else f"{head}, who says it or how"
    if cause.before is None:
        return f"新加了{head}“{_cut(cause.after)}”" if zh else f"{head} is new: “{_cut(cause.after)}”"
    if cause.after is None:
        return f"删去了{head}“{_cut(cause.before)}”" if zh else f"{head} is gone: “{_cut(cause.before)}”"
    return f"{head} “{_cut(cause.before)}” → “{_cut(cause.after)}”"


def _shots(cause: Cause, language: Language) -> str:
    zh = language == "zh"
    if cause.what == "shot_count":
        return f"镜头数 {cause.before} → {cause.after}" if zh else f"{cause.before} → {cause.after} shots"
    which: Sequence[int] = cause.after or ()
    named = numbers(which)
    if zh:
        rest = {"shots_stale": "已过期", "shots_missing": "还没有渲染好", "shots_changed": "变了"}[cause.what]
        return f"第 {named} 个镜头{rest}"
    many = len(which) != 1
    verb = {"shots_stale": "are stale", "shots_missing": "are not rendered", "shots_changed": "changed"}[cause.what]
    return f"shot{'s' if many else ''} {named} {verb if many else verb.replace('are', 'is')}"


def _follows(slot: str, language: Language) -> str:
    return f"所用的{name_of(slot, 'zh')}已过期" if language == "zh" else f"made from a {name_of(slot, 'en')} that is stale"


def lineage_lines(told: Mapping[str, Any], language: Language) -> list[str]:
    """Why a made thing is as it is, from `node.lineage`: a line a step, the root first."""
    lines = [_step(one, language) for one in told["chain"]]
    lines += [told["quality"]["words"][language]] if told.get("quality") else []
    came, used = told["descendants"]["count"], told["used_by"]["count"]
    if language == "zh":
        return lines + [f"由它做出 {came} 个，参考它的有 {used} 个"] * bool(came or used)
    return lines + [f"made from it: {came}; made with its help: {used}"] * bool(came or used)


def _step(one: Mapping[str, Any], language: Language) -> str:
    zh = language == "zh"
    kind = word(one["kind"], language) if one["kind"] not in NAMES else name_of(one["kind"], language)
    cell = (f"（第 {one['cell']} 张）" if zh else f" (picture {one['cell']})") if one["cell"] else ""
    parts = [f"{one['name']} {kind}{cell}".strip()]
    parts += [change["words"][language] for change in one["changes"]]
    parts += [_reference(ref, language) for ref in one["references"]]
    made = " ".join(str(one[name]) for name in ("provider", "model") if one[name])
    parts += [f"{made}, seed {one['seed']}" if one["seed"] is not None and made else made] * bool(made)
    if one["intent"] and not one["cell"]:
        parts.append(f"因为“{_cut(one['intent'])}”" if zh else f"because “{_cut(one['intent'])}”")
    return " · ".join(part for part in parts if part)


def _reference(ref: Mapping[str, Any], language: Language) -> str:
    source = ref["source"]
    shot = (source.get("owner") or {}).get("shot")
    where = source.get("name") or str(source.get("asset") or "")[:8]
    role = ROLES.get(ref["role"], (ref["role"], ref["role"]))
    if language == "zh":
        return f"参考{f'第 {shot} 个镜头的 ' if shot else ' '}{where}（{role[0]}）"
    return f"with the help of {where}{f' of shot {shot}' if shot else ''} ({role[1]})"


def compared_lines(told: Mapping[str, Any], language: Language) -> list[str]:
    """What differs between two made things, from `node.compare`: a line each."""
    zh = language == "zh"
    lines = [change["words"][language] for change in told["parameters"]]
    prompt = told["prompt"]
    if prompt and not lines:
        lines += [f"提示词少了：{'；'.join(prompt['gone'])}" if zh else f"prompt without: {'; '.join(prompt['gone'])}"] * bool(
            prompt["gone"]
        )
        lines += [f"提示词多了：{'；'.join(prompt['new'])}" if zh else f"prompt with: {'; '.join(prompt['new'])}"] * bool(
            prompt["new"]
        )
    for side, first in (("only_first", True), ("only_second", False)):
        head = ("只有前者" if first else "只有后者") if zh else ("only the first" if first else "only the second")
        lines += [
            f"{head}：{_reference(ref, language)}" if zh else f"{head}: {_reference(ref, language)}"
            for ref in told["references"][side]
        ]
    for field, (one, two) in {**told["facts"], **told["quality"]}.items():
        lines.append(f"{name_of(field, language)} {_measure(one)} → {_measure(two)}")
    return lines or ["没有区别" if zh else "they do not differ in what they were asked to be"]


def track_lines(told: Mapping[str, Any], language: Language) -> list[str]:
    """The tracks of a shot, from `track.list`: a line each."""
    return [_track(one, language) for one in told["tracks"]] or [
        "还没有做过任何东西" if language == "zh" else "nothing was made yet"
    ]


def _track(one: Mapping[str, Any], language: Language) -> str:
    zh = language == "zh"
    began, newest, marks = one["began"], one["newest"], one["marks"]
    parts = [f"{one['name']}{('（主）' if zh else ' (main)') if one['main'] else ''}"]
    parts.append(f"{one['nodes']} 个" if zh else f"{one['nodes']} made")
    if began:
        parts.append(f"从 {began['name']} 开始" if zh else f"began at {began['name']}")
    if newest:
        parts.append(f"最新 {newest['name']}" if zh else f"newest {newest['name']}")
    parts += [f"{MARKS[mark][0 if zh else 1]} {count}" for mark, count in marks.items() if count]
    return " · ".join(parts)


def stale_lines(told: Mapping[str, Any], language: Language) -> list[str]:
    """What is stale and why, from `shot.stale`: a line a reason."""
    zh = language == "zh"
    lines = [
        f"第 {shot['shot']} 个镜头 {said}" if zh else f"shot {shot['shot']}, {said}"
        for shot in told["shots"]
        for part in shot["stale"]
        for said in part["words"][language]
    ]
    lines += [said for part in told["film"] for said in part["words"][language]]
    return lines or ["没有过期的内容" if zh else "nothing is stale"]


def _measure(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)


def _told(slot: str, part: StalePart) -> bool:
    return slot == "final" and any(cause.what == "shots_stale" for cause in part.causes)


def _cut(text: Any) -> str:
    said = str(text)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


LINEAGE: dict[str, Callable[[dict[str, Any], Language], list[str]]] = {
    "node.lineage": lineage_lines,
    "node.compare": compared_lines,
    "track.list": track_lines,
    "shot.stale": stale_lines,
    "gen.stale": stale_lines,
}
