"""The styles that come with the house, in Chinese and in English, as data."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.model.spec import Language, StyleSpec


@dataclass(frozen=True)
class Preset:
    """A style under its names, in both languages."""

    names: tuple[str, ...]
    zh: StyleSpec
    en: StyleSpec

    def spec(self, language: Language) -> StyleSpec:
        """The style in the language of the prompts."""
        return self.zh if language == "zh" else self.en


def _preset(
    names: tuple[str, str], palette: tuple[str, ...], zh: tuple[str, str, str, str], en: tuple[str, str, str, str], **more: str
) -> Preset:
    """Style, texture, camera and what to avoid, in Chinese and in English."""
    chinese = dict(zip(("style", "texture", "camera", "avoid"), zh, strict=True))
    english = dict(zip(("style", "texture", "camera", "avoid"), en, strict=True))
    shared = {"palette": palette, **more}
    return Preset(names, StyleSpec.model_validate({**shared, **chinese}), StyleSpec.model_validate({**shared, **english}))


PRESETS: tuple[Preset, ...] = (
    _preset(
        ("水墨", "ink wash"),
        ("#e8e2d4", "#8a8f8c", "#2b2d2f"),
        ("水墨画", "宣纸纹理，留白，墨色浓淡", "缓慢横移，如展卷", "照片质感，高饱和颜色"),
        (
            "ink wash painting",
            "rice paper, empty space, wet and dry strokes",
            "slow sideways moves, like a scroll unrolled",
            "photographs, loud colours",
        ),
        mood="calm",
    ),
    _preset(
        ("霓虹夜", "neon noir"),
        ("#ff4fb8", "#3b2a7a", "#0d0a26"),
        ("霓虹", "湿漉漉的街面反光，薄雾", "低机位，缓慢推近", "阳光，粉彩"),
        ("neon", "wet streets with reflections, thin haze", "low and slowly closing in", "sunlight, pastels"),
        mood="mystery",
    ),
    _preset(
        ("绘本", "storybook"),
        ("#ffd9a0", "#f2a65a", "#6b8f71"),
        ("绘本插画", "柔软的边缘，手绘笔触", "平稳，镜头少动", "写实，血腥"),
        ("storybook illustration", "soft edges, strokes made by hand", "steady, with few moves", "realism, gore"),
        mood="hopeful",
    ),
    _preset(
        ("黑色电影", "film noir"),
        ("#f0f0f0", "#7a7a7a", "#0a0a0a"),
        ("黑白黑色电影", "硬光，百叶窗的影子，胶片颗粒", "斜角与低角度", "彩色"),
        ("black and white film noir", "hard light, shadows of blinds, film grain", "dutch and low angles", "colours"),
        mood="tense",
    ),
    _preset(
        ("水彩", "watercolour"),
        ("#f6efe2", "#8fc1d4", "#d98c8c"),
        ("水彩", "颜料晕开，纸的白边", "轻轻漂移", "硬轮廓，塑料感"),
        ("watercolour", "paint that bleeds, the white of the paper", "drifting gently", "hard outlines, plastic"),
        mood="calm",
    ),
    _preset(
        ("温暖纪实", "warm documentary"),
        ("#f3d7ae", "#b5835a", "#4a3b2f"),
        ("温暖的手绘纪实", "自然光，真实的细节", "手持，与人同高", "摆拍，滤镜感"),
        ("warm hand-drawn documentary", "natural light, honest details", "handheld, at the height of people", "posing, filters"),
        mood="hopeful",
    ),
    _preset(
        ("赛博朋克", "cyberpunk"),
        ("#22d3ff", "#ff2fa0", "#10122b"),
        ("赛博朋克霓虹", "密集的招牌，雨，线缆", "快速横移，俯冲", "田园，木头"),
        ("cyberpunk neon", "crowded signs, rain, cables", "fast sideways moves and dives", "meadows, wood"),
        mood="tense",
    ),
    _preset(
        ("动画日常", "anime day"),
        ("#bfe4ff", "#fff3b0", "#f7a1a1"),
        ("动画", "平涂上色，干净的线条，大片天空", "固定镜头与慢推", "写实皮肤，脏旧"),
        ("anime animation", "flat colours, clean lines, wide skies", "still shots and slow pushes", "realistic skin, grime"),
        mood="joyful",
    ),
    _preset(
        ("铅笔分镜", "pencil storyboard"),
        ("#fbfaf6", "#9a9a94", "#3a3a38"),
        ("铅笔素描", "纸面颗粒，未完成的线", "以构图为先，不动", "颜色，精修"),
        ("pencil sketch", "paper grain, lines left open", "composition first, no moves", "colours, polish"),
        mood="neutral",
    ),
    _preset(
        ("史诗黄昏", "epic dusk"),
        ("#ffb45a", "#8c3b4a", "#1d1a33"),
        ("史诗插画", "逆光的轮廓，尘土与光束", "大远景，缓慢升起", "日常琐碎，平光"),
        ("epic illustration", "figures against the light, dust and beams", "very wide, rising slowly", "small talk, flat light"),
        mood="epic",
    ),
)


def preset_named(words: str) -> Preset | None:
    """The style that comes under this name, in either language, or None."""
    wanted = " ".join(words.casefold().split())
    return next((preset for preset in PRESETS if wanted in preset.names), None)
