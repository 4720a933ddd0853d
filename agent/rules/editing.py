"""Changing shots, scenes and the look of the whole film; where something was rendered, what changed is rendered again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.which import Which, numbers_of, spelled, take_or_carried
from agent.rules.wishes import VAGUE, Wish, take_wish
from storyreel.actions.base import Asked
from storyreel.script.speech import speaking_s

# What shots inherit from their scene, and from the project.
OF_SCENE = frozenset({"place", "time", "weather", "mood", "style"})
OF_PROJECT = frozenset({"style", "mood", "palette"})
GUESSED = 0.7
SHORTEST_S = 0.5


def edit(heard: Heard) -> Found | None:
    """One change of one shot, several or all; of a scene's own fields; or of the look of the whole film."""
    reading = Reading(heard.text)
    which = take_or_carried(reading, heard) if heard.context.shot_count else take_or_carried(reading, replace(heard, carried=""))
    if which is not None and which.apart:
        return None
    wish = take_wish(reading, heard)
    if wish.empty:
        return _vague(heard, which, reading)
    if which is None:
        return (
            None
            if wish.guessed or set(wish.picture) == {"subject"}
            else _of_project(heard, reading, wish) or _ask_which(heard, reading)
        )
    whole = _of_project(heard, reading, wish) if which.whole_film else None
    if whole is not None or heard.context.shot_count == 0:
        return whole
    return _of_shots(heard, reading, which, wish)


def rendered(heard: Heard, words: str) -> bool:
    """Whether a change of these shots makes something stale that was rendered."""
    numbers = numbers_of(heard, words)
    if heard.context.has_film or numbers is None:
        return heard.context.has_film or heard.context.rendered_count > 0
    return any(shot.rendered for shot in heard.context.shots if shot.number in numbers) or (
        heard.context.rendered_count > 0 and len(heard.context.shots) < heard.context.shot_count
    )


def again(heard: Heard, words: str) -> tuple[Asked, ...]:
    """The render of exactly the shots that changed, where they were rendered before."""
    return (Asked(type="gen.video", args={"shots": words}, reason="they were rendered before"),) if rendered(heard, words) else ()


def _of_shots(heard: Heard, reading: Reading, which: Which, wish: Wish) -> Found:
    looks = _must_look(heard, which, wish)
    if looks:
        return found(reading, "change shots", looks=looks, about=which.words)
    actions = scene_action(which, wish)
    if not actions or wish.camera or wish.speech or wish.rest or set(wish.picture) - OF_SCENE or wish.scale or wish.plus_s:
        actions += shot_actions(heard, which.words, wish, without=OF_SCENE if actions else frozenset())
    actions += again(heard, which.words) if wish.seen else ()
    one = found(reading, "change shots", *actions, about=which.words)
    return replace(one, most=GUESSED) if wish.guessed else one


def scene_action(which: Which, wish: Wish) -> tuple[Asked, ...]:
    """The change of a scene's own fields, which its shots inherit."""
    fields = {key: value for key, value in wish.picture.items() if key in OF_SCENE}
    return (Asked(type="scene.update", args={"scene": which.scene, **fields}),) if which.scene and fields else ()


def shot_actions(heard: Heard, words: str, wish: Wish, without: frozenset[str] = frozenset()) -> tuple[Asked, ...]:
    """The changes of shots; those that lines keep from being cut keep their length."""
    picture = {key: value for key, value in wish.picture.items() if key not in without}
    fields: dict[str, Any] = {
        **({"picture": picture} if picture else {}),
        **({"camera": wish.camera} if wish.camera else {}),
        **wish.rest,
    }
    if wish.speech:
        fields |= _speech_fields(heard, words, wish)
    actions: tuple[Asked, ...] = ()
    if wish.plus_s is not None:
        actions += _by_seconds(heard, words, wish.plus_s)
    if wish.scale is not None:
        free = _with_room(heard, words, wish.scale)
        if free == words:
            fields["scale_length"] = wish.scale
        elif free:
            actions += (
                Asked(
                    type="shot.update",
                    args={"shots": free, "scale_length": wish.scale},
                    reason="the others have lines that need their time",
                ),
            )
        elif not fields:
            fields["camera"] = {"pace": "faster" if wish.scale < 1 else "slower"}
    return ((Asked(type="shot.update", args={"shots": words, **fields}),) if fields else ()) + actions


def _speech_fields(heard: Heard, words: str, wish: Wish) -> dict[str, Any]:
    speech = wish.speech
    if speech is None:
        return {}
    lines = speech.lines(_held_lines(heard, words) or [])
    return {
        **({"lines": lines} if lines is not None else {}),
        **({"cast_add": list(speech.cast_add)} if speech.cast_add else {}),
        **({"cast_remove": list(speech.cast_remove)} if speech.cast_remove else {}),
    }


def _must_look(heard: Heard, which: Which, wish: Wish) -> tuple[Asked, ...]:
    """A look at the one shot whose lines a change must know."""
    if wish.speech is None or not wish.speech.needs_held or _held_lines(heard, which.words) is not None:
        return ()
    numbers = numbers_of(heard, which.words)
    if numbers is None or len(numbers) != 1 or any(one.asked.type == "shot.view" for one in heard.looked):
        return ()
    return (Asked(type="shot.view", args={"shot": str(numbers[0])}, reason="its lines are kept"),)


def _held_lines(heard: Heard, words: str) -> list[dict[str, Any]] | None:
    facts = shot_facts(heard, words)
    return None if facts is None else [{k: v for k, v in line.items() if v} for line in facts.get("lines", [])]


def shot_facts(heard: Heard, words: str) -> dict[str, Any] | None:
    """All that is known of the one shot that words name, from the context or from a look at it."""
    numbers = numbers_of(heard, words)
    if numbers is None or len(numbers) != 1:
        return None
    seen = [*heard.context.named, *(one.data for one in heard.looked if one.asked.type == "shot.view")]
    return next((one for one in seen if one.get("number") == numbers[0]), None)


def _by_seconds(heard: Heard, words: str, plus_s: float) -> tuple[Asked, ...]:
    """A length each, for lengths that are given relative to what they are."""
    wanted = set(numbers_of(heard, words) or ())
    known = [shot for shot in heard.context.shots if shot.number in wanted]
    return tuple(
        Asked(
            type="shot.update",
            args={"shots": str(shot.number), "duration_s": round(max(SHORTEST_S, shot.duration_s + plus_s), 3)},
        )
        for shot in known
    )


def _with_room(heard: Heard, words: str, scale: float) -> str:
    """Those of the shots whose lines still fit when their length is scaled."""
    if scale >= 1:
        return words
    numbers = numbers_of(heard, words)
    if numbers is None:
        return ""
    by_number = {shot.number: shot for shot in heard.context.shots}
    free = [
        n for n in numbers if n in by_number and (not by_number[n].has_lines or _fits(heard, n, by_number[n].duration_s * scale))
    ]
    return words if len(free) == len(numbers) else spelled(free)


def _fits(heard: Heard, number: int, length_s: float) -> bool:
    held = _held_lines(heard, str(number))
    return (
        held is not None
        and sum(speaking_s(line["text"], line.get("language") or heard.context.language) for line in held) <= length_s
    )


def _of_project(heard: Heard, reading: Reading, wish: Wish) -> Found | None:
    """A style, mood or palette of the whole film; other wishes for all of it are changes of all its shots."""
    if not wish.picture or set(wish.picture) - OF_PROJECT or wish.camera or wish.speech or wish.rest or wish.scale or wish.plus_s:
        return None
    actions = (Asked(type="project.set_style", args=dict(wish.picture)),)
    return found(reading, "change the look of the film", *actions, *(again(heard, "all") if heard.context.shot_count else ()))


def _ask_which(heard: Heard, reading: Reading) -> Found | None:
    if heard.context.shot_count == 0:
        return None
    return found(
        reading,
        "change shots",
        question=heard.say(
            "要改哪些镜头？可以说“第2个”“第2到第4个”或“所有镜头”。", "Which shots? Say 'shot 2', 'shots 2-4' or 'all shots'."
        ),
    )


def _vague(heard: Heard, which: Which | None, reading: Reading) -> Found | None:
    """A wish for something better without a word of how."""
    if which is None or heard.context.shot_count == 0 or not VAGUE.fullmatch(reading.left or "-"):
        return None
    question = heard.say(
        "想怎么改？可以说时间、天气、景别、情绪、风格、节奏或台词，比如“改成黄昏、特写、慢一点”。",
        "Better in which way? Say a time of day, weather, shot size, mood, style, pace or a line, for example 'dusk, close-up, a bit slower'.",
    )
    return Found(intent="change shots", question=question, about=which.words)
