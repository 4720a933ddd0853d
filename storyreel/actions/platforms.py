"""What platforms ask of a film, as data: its shape, and advice on rate, loudness and length. Platforms change; a person may always differ."""

from __future__ import annotations

from typing import Literal

from storyreel.model.base import Frozen

Aspect = Literal["16:9", "9:16", "1:1", "4:3", "2.39:1"]


class Platform(Frozen):
    """One platform. `most_s` is the longest film that it takes from anybody, None where that is hours."""

    name: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    aspect: Aspect
    resolution: Literal["720p", "1080p", "2K", "4K"] = "1080p"
    fps: tuple[int, ...] = (30,)
    loudness_lufs: float = -14.0
    captions: Literal["burnt", "beside"] = "burnt"
    most_s: float | None = None


UPRIGHT: Aspect = "9:16"
PLATFORMS: tuple[Platform, ...] = (
    Platform(name="douyin", zh="抖音", en="Douyin", aspect=UPRIGHT, fps=(30, 60), most_s=1800),
    Platform(name="xiaohongshu", zh="小红书", en="Xiaohongshu", aliases=("red", "rednote"), aspect=UPRIGHT, most_s=900),
    Platform(name="bilibili", zh="哔哩哔哩", en="Bilibili", aliases=("b站", "B站"), aspect="16:9", fps=(24, 25, 30, 60), captions="beside"),
    Platform(name="youtube", zh="YouTube", en="YouTube", aspect="16:9", fps=(24, 25, 30, 60), captions="beside", most_s=43_200),
    Platform(name="youtube_shorts", zh="YouTube Shorts", en="YouTube Shorts", aliases=("shorts",), aspect=UPRIGHT, most_s=180),
    Platform(name="instagram_reels", zh="Instagram Reels", en="Instagram Reels", aliases=("reels", "instagram"), aspect=UPRIGHT, most_s=180),
    Platform(name="tiktok", zh="TikTok", en="TikTok", aspect=UPRIGHT, fps=(30, 60), most_s=3600),
    Platform(name="wechat_channels", zh="视频号", en="WeChat Channels", aliases=("微信视频号", "wechat"), aspect=UPRIGHT, fps=(25, 30), most_s=3600),
)  # fmt: skip


def platform_of(words: str) -> Platform | None:
    """A platform by one of its names, in whatever case and with blanks for underscores."""
    wanted = words.strip().casefold().replace(" ", "_").replace("-", "_")
    for one in PLATFORMS:
        names = (one.name, one.zh, one.en, *one.aliases)
        if wanted in {name.casefold().replace(" ", "_") for name in names}:
            return one
    return None
