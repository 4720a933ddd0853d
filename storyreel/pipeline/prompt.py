"""A frame in words, Chinese or English, for providers that read words (pure).

The person's own words come first and stay as they are; what the frame says in enums is put around them in the project's language.
"""

from __future__ import annotations

from collections.abc import Mapping

from storyreel.model.spec import (
    Angle,
    Composition,
    Emotion,
    Figure,
    FrameSpec,
    Language,
    Mood,
    Move,
    Pace,
    ShotSize,
    TimeOfDay,
    Weather,
)

Words = tuple[str, str]  # Chinese, English

SIZES: Mapping[ShotSize, Words] = {
    "EWS": ("大远景", "extreme wide shot"),
    "WS": ("远景", "wide shot"),
    "FS": ("全景", "full shot"),
    "MS": ("中景", "medium shot"),
    "MCU": ("中近景", "medium close-up"),
    "CU": ("特写", "close-up"),
    "ECU": ("大特写", "extreme close-up"),
}
ANGLES: Mapping[Angle, Words] = {
    "eye": ("平视", "eye-level angle"),
    "low": ("仰拍", "low angle"),
    "high": ("俯拍", "high angle"),
    "dutch": ("倾斜构图", "dutch angle"),
}
COMPOSITIONS: Mapping[Composition, Words] = {
    "auto": ("", ""),
    "centre": ("居中构图", "centred composition"),
    "thirds_left": ("主体在左侧三分线", "subject on the left third"),
    "thirds_right": ("主体在右侧三分线", "subject on the right third"),
    "two_shot": ("双人镜头", "two-shot"),
    "over_shoulder": ("过肩镜头", "over-the-shoulder shot"),
}
TIMES: Mapping[TimeOfDay, Words] = {
    "dawn": ("黎明", "at dawn"),
    "day": ("白天", "in daylight"),
    "dusk": ("黄昏", "at dusk"),
    "night": ("夜晚", "at night"),
}
WEATHERS: Mapping[Weather, Words] = {
    "clear": ("", ""),
    "cloudy": ("多云", "overcast sky"),
    "rain": ("下雨", "in the rain"),
    "storm": ("暴风雨", "in a storm"),
    "snow": ("下雪", "in falling snow"),
    "fog": ("有雾", "in fog"),
}
MOODS: Mapping[Mood, Words] = {
    "neutral": ("", ""),
    "hopeful": ("充满希望的气氛", "hopeful mood"),
    "joyful": ("欢快的气氛", "joyful mood"),
    "calm": ("宁静的气氛", "calm mood"),
    "romantic": ("浪漫的气氛", "romantic mood"),
    "melancholy": ("忧伤的气氛", "melancholy mood"),
    "tense": ("紧张的气氛", "tense mood"),
    "mystery": ("神秘的气氛", "mysterious mood"),
    "horror": ("恐怖的气氛", "frightening mood"),
    "epic": ("史诗般的气势", "epic mood"),
}
EMOTIONS: Mapping[Emotion, Words] = {
    "neutral": ("", ""),
    "happy": ("神情开心", "looking happy"),
    "sad": ("神情悲伤", "looking sad"),
    "angry": ("神情愤怒", "looking angry"),
    "afraid": ("神情害怕", "looking afraid"),
    "surprised": ("神情惊讶", "looking surprised"),
    "tender": ("神情温柔", "looking tender"),
    "tired": ("神情疲惫", "looking tired"),
}
MOVES: Mapping[Move, Words] = {
    "static": ("固定镜头", "the camera stands still"),
    "push_in": ("镜头推近", "the camera pushes in"),
    "pull_out": ("镜头拉远", "the camera pulls out"),
    "pan_left": ("镜头左摇", "the camera pans left"),
    "pan_right": ("镜头右摇", "the camera pans right"),
    "tilt_up": ("镜头上摇", "the camera tilts up"),
    "tilt_down": ("镜头下摇", "the camera tilts down"),
    "track_left": ("镜头左移", "the camera tracks left"),
    "track_right": ("镜头右移", "the camera tracks right"),
    "handheld": ("手持镜头", "handheld camera"),
}
PACES: Mapping[Pace, Words] = {"slow": ("缓慢", "slowly"), "normal": ("", ""), "fast": ("快速", "fast")}
AGES = {
    "child": ("孩子", "child"),
    "young": ("年轻人", "young adult"),
    "adult": ("成年人", "adult"),
    "elder": ("老人", "elderly person"),
}
GENDERS = {"woman": ("女", "female"), "man": ("男", "male")}


def picture_prompt(frame: FrameSpec, language: Language) -> str:
    """What a picture shows, in one paragraph of comma-separated phrases."""
    side = _side(language)
    parts = [
        frame.subject,
        *(_figure(figure, side) for figure in frame.figures),
        frame.place,
        *frame.details,
        frame.light,
        TIMES[frame.time][side],
        WEATHERS[frame.weather][side],
        *frame.props,
        SIZES[frame.size][side],
        ANGLES[frame.angle][side],
        COMPOSITIONS[frame.composition][side],
        MOODS[frame.mood][side],
        frame.style,
        _palette(frame, side),
        f"{('延续上一镜头：', 'as in the shot before: ')[side]}{frame.anchor}" if frame.anchor else "",
        f"{('不要出现：', 'without ')[side]}{frame.avoid}" if frame.avoid else "",
    ]
    return _joined(parts, side)


def motion_prompt(frame: FrameSpec, move: Move, pace: Pace, language: Language) -> str:
    """What happens in a clip: who does what, and how the camera moves."""
    side = _side(language)
    actions = [
        _gap(side).join(part for part in (figure.name, figure.action) if part) for figure in frame.figures if figure.action
    ]
    camera = (
        PACES[pace][side] + MOVES[move][side] if side == 0 else " ".join(w for w in (MOVES[move][side], PACES[pace][side]) if w)
    )
    return _joined([frame.subject, *actions, WEATHERS[frame.weather][side], camera, frame.filming], side)


def _figure(figure: Figure, side: int) -> str:
    look = figure.look
    traits = [
        GENDERS[look.gender][side] if look.gender else "",
        AGES[look.age][side] if look.age else "",
        _hair(figure, side),
        _clothes(figure, side),
        ("戴眼镜", "wearing glasses")[side] if look.glasses else "",
        ("留胡子", "bearded")[side] if look.beard else "",
        look.hat,
        look.wardrobe,
        _own_colours(figure, side),
        look.notes,
        figure.action,
        EMOTIONS[figure.emotion][side],
    ]
    said = ("、", ", ")[side].join(trait for trait in traits if trait)
    return f"{figure.name}{('（', ' (')[side]}{said}{('）', ')')[side]}" if said else figure.name


def _hair(figure: Figure, side: int) -> str:
    words = _gap(side).join(part for part in (figure.look.hair_colour, figure.look.hair) if part)
    return f"{words}{('头发', ' hair')[side]}" if words else ""


def _clothes(figure: Figure, side: int) -> str:
    garment = {"": "", "sweater": ("毛衣", "sweater")[side], "jacket": ("夹克", "jacket")[side]}[figure.look.garment]
    return _gap(side).join(part for part in (figure.look.top_colour if garment else "", garment) if part)


def _own_colours(figure: Figure, side: int) -> str:
    return f"{('配色', 'colours ')[side]}{' '.join(figure.look.palette)}" if figure.look.palette else ""


def _palette(frame: FrameSpec, side: int) -> str:
    return f"{('色调：', 'palette ')[side]}{' '.join(frame.palette)}" if frame.palette else ""


def _joined(parts: list[str], side: int) -> str:
    return ("，", ", ")[side].join(part.strip() for part in parts if part.strip())


def _side(language: Language) -> int:
    return 0 if language == "zh" else 1


def _gap(side: int) -> str:
    return ("", " ")[side]
