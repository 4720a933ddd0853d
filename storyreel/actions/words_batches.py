"""Sentences for shots that follow shots, for what is rendered in batches, and for what is done at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storyreel.actions.ranges import numbers

Facts = dict[str, Any]


def _follows(facts: Facts, *, zh: bool) -> str:
    pairs = facts["pairs"]
    if zh:
        return "，".join(f"第 {shot} 镜接第 {ahead} 镜的最后一帧" for shot, ahead in pairs)
    return ", ".join(f"shot {shot} continues from shot {ahead}" for shot, ahead in pairs)


def _shots(facts: Facts) -> str:
    return numbers(facts["shots"])


def _many(facts: Facts) -> bool:
    return len(facts["shots"]) > 1


def _when(facts: Facts, *, zh: bool) -> str:
    zone_zh, zone = (f"（{facts['time_zone']}）", f" ({facts['time_zone']})") if facts["time_zone"] else ("", "")
    if facts.get("cron"):
        return f"定期（{facts['cron']}）{zone_zh}" if zh else f"on the schedule {facts['cron']}{zone}"
    return f"在 {facts['at']}{zone_zh}" if zh else f"at {facts['at']}{zone}"


def _duration(seconds: float, *, zh: bool) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes < 90:  # noqa: PLR2004 - beyond that it is told in hours
        return f"约 {minutes} 分钟" if zh else f"about {minutes} min"
    return f"约 {minutes / 60:.1f} 小时" if zh else f"about {minutes / 60:.1f} h"


BATCHES: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "shot.follows": (lambda f: _follows(f, zh=True), lambda f: _follows(f, zh=False)),
    "shot.alone": (
        lambda f: f"第 {_shots(f)} 镜不再接别的镜头",
        lambda f: f"shot{'s' if _many(f) else ''} {_shots(f)} stand{'' if _many(f) else 's'} alone again",
    ),
    "shot.freed": (
        lambda f: f"第 {_shots(f)} 镜原来接着被拿掉的镜头，现在独立了",
        lambda f: (
            f"shot{'s' if _many(f) else ''} {_shots(f)} continued from what was taken away and now stand{'' if _many(f) else 's'} alone"
        ),
    ),
    "render.ahead": (
        lambda f: f"还要渲染第 {_shots(f)} 镜，因为后面的镜头从它的最后一帧开始",
        lambda f: f"render shot{'s' if _many(f) else ''} {_shots(f)} too, because a later shot begins with the last frame",
    ),
    "task.prioritise": (
        lambda f: f"把 {f['tasks']} 个任务的优先级设为 {f['priority']}",
        lambda f: f"give {f['tasks']} render{'s' if f['tasks'] != 1 else ''} the priority {f['priority']}",
    ),
    "schedule.set": (
        lambda f: f"{_when(f, zh=True)}：{f['title']}",
        lambda f: f"{_when(f, zh=False)}: {f['title']}",
    ),
    "schedule.cancelled": (lambda f: f"取消定时任务“{f['title']}”", lambda f: f"cancel the schedule {f['title']!r}"),
    "ask.queue": (
        lambda f: f"前面还有{_duration(f['wait_s'], zh=True)}的渲染在排队",
        lambda f: f"{_duration(f['wait_s'], zh=False)} of renders wait before it",
    ),
    "offer.later": (
        lambda f: f"也可以定在 {f['at']} 再渲染：说“{f['say_zh']}”",
        lambda f: f"it could be rendered later instead, at {f['at']}: say {f['say_en']!r}",
    ),
    "offer.smaller": (
        lambda f: f"也可以先用 {f['resolution']} 渲染，大约快 {f['times']:g} 倍：说“分辨率改成{f['resolution']}”",
        lambda f: (
            f"or in {f['resolution']}, which goes about {f['times']:g} times as fast: say 'set the resolution to {f['resolution']}'"
        ),
    ),
}


def schedule_lines(one: Facts, language: str) -> list[str]:
    """What is done at a time, a line each."""
    zh = language == "zh"
    if not one["schedules"]:
        return ["没有定时任务。" if zh else "Nothing is scheduled."]
    return [_scheduled(each, zh=zh) for each in one["schedules"]]


def _scheduled(one: Facts, *, zh: bool) -> str:
    said = f"{_when(one, zh=zh)}{'：' if zh else ': '}{one['title']}"
    if one["last_at"] is None:
        return said
    return f"{said}{'；上次' if zh else '; last '}{one['last_at'][:16]}{'：' if zh else ': '}{one['last_said']}"
