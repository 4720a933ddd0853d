"""Captions as files: ASS for burning in, SRT and WebVTT to be switched on and off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle

from storyreel.media import fonts
from storyreel.media.captions import Caption
from storyreel.model.edits import CaptionStyle

_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Label:
    """Words that must be seen, such as the notice that a film was generated: shown at a corner from `start_s` to `end_s`."""

    text: str
    start_s: float = 0.0
    end_s: float = 3.0


def ass(
    captions: Sequence[Caption], width_px: int, height_px: int, label: Label | None = None, style: CaptionStyle | None = None
) -> str:
    """An ASS file for a frame of this size: white on a dark outline, low in the frame and out of the way of faces, or as `style` says."""
    file = SSAFile()
    file.info.update({"PlayResX": str(width_px), "PlayResY": str(height_px), "WrapStyle": "2", "ScaledBorderAndShadow": "yes"})
    file.info["YCbCr Matrix"] = "TV.709"
    file.styles.clear()
    file.styles["Caption"], file.styles["Label"] = _styles(width_px, height_px)
    if style is not None:
        _restyle(file.styles["Caption"], style, height_px)
    for caption in captions:
        text = _escaped(caption.text)
        file.append(SSAEvent(_ms(caption.start_s), _ms(caption.end_s), text, style="Caption", name=caption.speaker))
    if label is not None:
        file.append(SSAEvent(_ms(label.start_s), _ms(label.end_s), _escaped(label.text), style="Label", layer=1))
    return file.to_string("ass")


def srt(captions: Sequence[Caption]) -> str:
    """The captions as SubRip."""
    blocks = (
        f"{number}\n{_clock(caption.start_s, ',')} --> {_clock(caption.end_s, ',')}\n{caption.text}\n"
        for number, caption in enumerate(captions, start=1)
    )
    return "\n".join(blocks)


def vtt(captions: Sequence[Caption]) -> str:
    """The captions as WebVTT, with who speaks where that is known."""
    blocks = (f"{_clock(caption.start_s, '.')} --> {_clock(caption.end_s, '.')}\n{_voiced(caption)}\n" for caption in captions)
    return "\n".join(["WEBVTT\n", *blocks])


def _styles(width_px: int, height_px: int) -> tuple[SSAStyle, SSAStyle]:
    short = min(width_px, height_px)
    upright = height_px > width_px
    size = short * (0.086 if upright else 0.074)
    caption = SSAStyle(
        fontname=fonts.FAMILY,
        fontsize=size,
        primarycolor=Color(255, 255, 255),
        outlinecolor=Color(16, 16, 20, 40),
        backcolor=Color(0, 0, 0, 130),
        outline=short * 0.0042,
        shadow=short * 0.0022,
        alignment=Alignment.BOTTOM_CENTER,
        marginl=round(width_px * 0.05),
        marginr=round(width_px * 0.05),
        # Upright films are shown under the buttons and texts of the platforms.
        marginv=round(height_px * (0.24 if upright else 0.055)),
    )
    label = caption.copy()
    # GB 45438 asks for a height of at least 5 % of the shorter side; a font's size counts its leading as well.
    label.fontsize = short * 0.075
    label.primarycolor = Color(255, 255, 255, 40)
    label.alignment = Alignment.TOP_LEFT
    label.marginv = round(short * 0.04)
    return caption, label


def _restyle(caption: SSAStyle, style: CaptionStyle, height_px: int) -> None:
    """A person's wishes on the style of captions."""
    caption.fontsize *= {"small": 0.78, "normal": 1.0, "large": 1.3}[style.size]
    caption.primarycolor, caption.outlinecolor = _colour(style.colour), _colour(style.outline)
    caption.bold = style.bold
    if style.place != "bottom":
        caption.alignment = Alignment.TOP_CENTER if style.place == "top" else Alignment.MIDDLE_CENTER
        caption.marginv = round(height_px * 0.055) if style.place == "top" else 0
    if style.boxed:
        # An opaque box is drawn in the outline's colour.
        caption.borderstyle, caption.outlinecolor = 3, Color(16, 16, 20, 70)
        caption.outline, caption.shadow = max(caption.outline, caption.fontsize * 0.16), 0


def _colour(code: str) -> Color:
    return Color(*(int(code[at : at + 2], 16) for at in (1, 3, 5)))


def _escaped(text: str) -> str:
    """Text that libass shows as it is: braces and backslashes would be commands."""
    plain = text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")
    return plain.replace("\n", "\\N")


def _voiced(caption: Caption) -> str:
    text = caption.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    name = " ".join(caption.speaker.split()).replace(">", "").replace("&", "&amp;")
    return f"<v {name}>{text}" if name else text


def _ms(moment_s: float) -> int:
    return round(moment_s * 1000)


def _clock(moment_s: float, mark: str) -> str:
    hours, rest = divmod(_ms(moment_s), _HOUR_MS)
    minutes, rest = divmod(rest, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{thousandths:03d}"
