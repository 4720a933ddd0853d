"""Telling what there is beside the shots: looks, styles, versions, files; what a change reaches, what does not carry on, what an export holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from storyreel.actions.base import Said
from storyreel.actions.platforms import platform_of
from storyreel.actions.words import ZH, all_said
from storyreel.model.spec import Language

Lines = Callable[[dict[str, Any], Language], list[str]]
MOST = 20
SHORT_ID = 8
MEGABYTE = 1_000_000
KINDS_ZH = {"place": "地点", "prop": "道具"}
SLOTS_ZH = {"picture": "画面", "video": "视频", "voice": "配音", "music": "配乐", "sfx": "音效", "final": "成片段"}
STATES = {
    "finished": ("已完成", "finished"), "missing": ("还没做", "missing"), "stale": ("已过期", "stale"), "in_work": ("正在做", "being made"),
}  # fmt: skip


def _words(values: Mapping[str, Any], fields: tuple[str, ...], *, zh: bool) -> str:
    said = [str(ZH.get(str(values[name]), values[name]) if zh else values[name]) for name in fields if values.get(name)]
    return ("，" if zh else ", ").join(said)


def look_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a place or prop: how it looks, and what is locked."""
    zh = language == "zh"
    lines: list[str] = []
    for look in one["looks"][:MOST]:
        kind = KINDS_ZH[look["kind"]] if zh else look["kind"]
        how = _words(look["spec"], ("description", "time", "weather", "light", "style"), zh=zh)
        locks = "、".join(look["locks"]) if zh else ", ".join(look["locks"])
        held = (f"（锁定 {locks}）" if zh else f" (locked: {locks})") if locks else ""
        lines.append(f"{look['name']}（{kind}）：{how}{held}" if zh else f"{look['name']} ({kind}): {how}{held}")
    return lines or ["还没有场景设定和道具。" if zh else "No places or props have looks yet."]


def style_lines(one: dict[str, Any], language: Language) -> list[str]:
    """The saved styles, then those of the house."""
    zh = language == "zh"
    house = [style["names"][0 if zh else 1] for style in one["built_in"]]
    own = [f"{style['name']}{'：' if zh else ': '}{style['style']}".rstrip("： :") for style in one["styles"][:MOST]]
    listed = "、".join(house) if zh else ", ".join(house)
    return [*own, f"自带的：{listed}" if zh else f"With the house: {listed}"]


def version_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a version, the newest first; or what a shot had selected."""
    if "shot" in one:
        return choice_lines(one, language)
    zh = language == "zh"
    lines = [
        f"#{version['number']} {version['name']}{('：' if zh else ': ') + version['note'] if version['note'] else ''}"
        for version in one["versions"][:MOST]
    ]
    return lines or ["还没有存过版本。" if zh else "No version was saved yet."]


def choice_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line for each choice that a shot ever had."""
    zh = language == "zh"
    lines: list[str] = []
    for choice in one["versions"][-MOST:]:
        slot = SLOTS_ZH[choice["slot"]] if zh else choice["slot"]
        track = f"{choice['track']} " if choice["track"] else ""
        cell = (f"第 {choice['cell']} 格" if zh else f"cell {choice['cell']}") if choice["cell"] else ""
        now = (" · 现在用的" if zh else " · now") if choice["selected"] else ""
        nothing = "" if choice["node"] else "空" if zh else "nothing"
        what = f"{track}{cell}{nothing}".strip()
        lines.append(f"{slot} {choice['number']}{'：' if zh else ': '}{what}{now}".rstrip("： :"))
    return lines or ["这个镜头还没有选过什么。" if zh else "Nothing was chosen for this shot yet."]


def continuity_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line for each thing that does not carry on."""
    lines = [str(finding[language]) for finding in one["findings"][:MOST]]
    good = (
        f"看了 {one['shots']} 个镜头，都接得上。" if language == "zh" else f"{one['shots']} shots were looked at; all carries on."
    )
    return lines or [good]


def reach_lines(one: dict[str, Any], language: Language) -> list[str]:
    """Which shots of which episodes a change touches."""
    what = str(one["of"]).partition(" ")[2] or ("风格" if language == "zh" else "the style")
    if not one["shots"]:
        return [f"没有镜头用到{what}。" if language == "zh" else f"No shot uses {what}."]
    # Nothing is stale by asking: what is made is told as what would be.
    facts = {name: one[name] for name in ("episodes", "shots", "kept")}
    lines = all_said([Said(code="touches", facts={"what": what, "made": 0, **facts})], language)
    if not one["made"]:
        return lines
    would = (
        f"其中 {one['made']} 个已经做好，改了就会过期。"
        if language == "zh"
        else f"{one['made']} of them are made; a change would make them stale."
    )
    return [*lines, would]


def export_lines(one: dict[str, Any], language: Language) -> list[str]:
    """The film as it would go out, and what to render first."""
    zh = language == "zh"
    place = platform_of(one["platform"])
    where = (place.zh if zh else place.en) if place else ""
    size = max(1, round(one["size_estimate_bytes"] / MEGABYTE))
    parts = [where, one["aspect"], f"{one['width_px']}x{one['height_px']}", f"{one['length_s']:g} {'秒' if zh else 's'}"]
    head = [part for part in parts if part] + [f"约 {size} MB" if zh else f"about {size} MB"]
    film = STATES[one["film"]][0 if zh else 1]
    lines = [
        f"《{one['title']}》：{'，'.join(head)}，影片{film}。"
        if zh
        else f"{one['title']}: {', '.join(head)}; the film is {film}."
    ]
    first = one["render_first"]
    if first:
        numbers = ("、" if zh else ", ").join(str(number) for number in first[:MOST])
        lines.append(f"先要渲染第 {numbers} 个镜头。" if zh else f"Shots to render first: {numbers}.")
    warned = [Said(code=f"export.{warning['code']}", facts=warning["facts"]) for warning in one["warnings"]]
    return [*lines, *all_said(warned, language)]


def file_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a file, numbered, so that the next message can mean "the second"."""
    zh = language == "zh"
    lines: list[str] = []
    for number, asset in enumerate(one["assets"][:MOST], 1):
        tags = "、".join(asset["tags"]) if zh else ", ".join(asset["tags"])
        name = asset["title"] or f"{asset['media_type']} {asset['id'][:SHORT_ID]}"
        lines.append(f"{number}. {name}{f'（{tags}）' if tags and zh else f' ({tags})' if tags else ''}")
    return lines or ["没有找到。" if zh else "Nothing was found."]


KNOWN_LINES: dict[str, Lines] = {
    "version.list": version_lines,
    "shot.versions": version_lines,
    "shot.continuity": continuity_lines,
    **dict.fromkeys(("bible.impact", "character.where_used", "look.where_used"), reach_lines),
    "export.preview": export_lines,
    **dict.fromkeys(("asset.search", "asset.list_by_project"), file_lines),
}
