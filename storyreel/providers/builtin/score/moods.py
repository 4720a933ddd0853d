"""How each mood sounds, and what a flavour (a style in words) changes about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from storyreel.model.spec import Mood

ArpFigure = Literal["rise", "wave", "broken", "chime", "pulse", "none"]
BassFigure = Literal["long", "half", "pulse", "walk", "drone", "octaves"]
DrumFigure = Literal["none", "heart", "war", "light", "machine", "brush", "ticks"]
AccentFigure = Literal["bell", "cymbal", "boom"]
Progression = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Style:
    """A mood written down for players. `bpm` is what the tempo bends around.

    `steps` is how many notes a beat the arpeggio has at full energy; `sparse` 0 to 1 how often the melody rests; `strength` 0 to 1
    how far the energy rises. `cadence` are the two chords before the last, `home` the last. `bright` lifts the melody's register
    in semitones. `swing` is the share of a beat by which its second half comes late.
    """

    bpm: float
    mode: str
    progressions: tuple[Progression, ...]
    cadence: tuple[str, str]
    home: str
    pad: str
    arp: str
    lead: str
    answer: str
    bass: str
    arp_figure: ArpFigure = "wave"
    bass_figure: BassFigure = "long"
    drums: DrumFigure = "none"
    kit: str = "kit"
    accent: AccentFigure = "bell"
    steps: int = 2
    metre: int = 4
    sparse: float = 0.3
    strength: float = 0.8
    bright: int = 0
    swing: float = 0.0
    wet: float = 0.16
    room_s: float = 1.6


_MAJOR: tuple[Progression, ...] = (("I", "V", "vi", "IV"), ("I", "iii", "IV", "V"))
_MINOR: tuple[Progression, ...] = (("i", "bVI", "bIII", "bVII"), ("i", "iv", "bVI", "v"))

STYLES: dict[Mood, Style] = {
    "neutral": Style(
        84, "mixolydian", (("I", "bVII", "IV", "I"), ("I", "v", "bVII", "IV")), ("IV", "bVII"), "I",
        "warm pad", "rhodes", "clarinet", "vibraphone", "double bass", bass_figure="half", drums="light", strength=0.6,
    ),
    "hopeful": Style(
        92, "ionian", _MAJOR, ("IV", "V"), "Iadd9",
        "strings", "harp", "flute", "horns", "cello", bass_figure="half", drums="light", accent="cymbal", strength=0.9, bright=3,
    ),
    "joyful": Style(
        118, "ionian", (("I", "vi", "IV", "V"), ("I", "IV", "ii", "V")), ("IV", "V"), "I",
        "strings", "guitar", "clarinet", "celesta", "pizzicato", "broken", "half", "light", steps=2, sparse=0.2, bright=5, wet=0.12,
        room_s=1.1,
    ),
    "calm": Style(
        68, "lydian", (("Iadd9", "II", "vi", "I"), ("Iadd9", "iii", "II", "I")), ("vi", "II"), "Iadd9",
        "slow strings", "harp", "flute", "celesta", "cello", "rise", sparse=0.5, strength=0.5, wet=0.24, room_s=2.4,
    ),
    "romantic": Style(
        76, "ionian", (("Iadd9", "vi", "ii", "V"), ("Iadd9", "iii", "IV", "iv")), ("ii", "V"), "Iadd9",
        "slow strings", "guitar", "violin", "cello", "cello", "broken", metre=3, sparse=0.25, strength=0.75, wet=0.2, room_s=2.0,
    ),
    "melancholy": Style(
        66, "aeolian", _MINOR, ("iv", "V"), "i",
        "slow strings", "piano", "violin", "oboe", "cello", "broken", sparse=0.3, strength=0.7, bright=-2, wet=0.22, room_s=2.2,
    ),
    "tense": Style(
        104, "phrygian", (("i", "i", "bII", "i"), ("i", "bvii", "bII", "bvii")), ("bvii", "bII"), "i",
        "tremolo", "pizzicato", "cello", "horns", "cello", "pulse", "pulse", "ticks", accent="boom", sparse=0.5, strength=0.95,
        bright=-4, room_s=1.3,
    ),
    "mystery": Style(
        72, "dorian", (("i", "IV", "i", "bVII"), ("i", "ii", "IV", "i")), ("IV", "v"), "i5",
        "bowed glass", "celesta", "clarinet", "vibraphone", "double bass", "chime", "drone", "heart", steps=1, sparse=0.45,
        strength=0.65, wet=0.26, room_s=2.6,
    ),
    "horror": Style(
        58, "phrygian", (("i", "bII", "i", "bvii"), ("i", "bVI", "bII", "i")), ("bVI", "bII"), "i5",
        "choir", "music box", "tremolo", "violin", "cello", "chime", "drone", "heart", accent="boom", steps=1, sparse=0.6,
        strength=0.85, bright=-3, wet=0.3, room_s=3.0,
    ),
    "epic": Style(
        96, "aeolian", (("i", "bVI", "bIII", "bVII"), ("i", "bVII", "bVI", "bVII")), ("bVI", "bVII"), "i",
        "strings", "pizzicato", "horns", "choir", "cello", "pulse", "pulse", "war", accent="boom", steps=4, sparse=0.15, strength=1.0,
        wet=0.2, room_s=2.2,
    ),
}  # fmt: skip
"""One style a mood."""

_BRIGHT: frozenset[Mood] = frozenset({"neutral", "hopeful", "joyful", "calm", "romantic"})
_FLAVOUR_WORDS: dict[str, tuple[str, ...]] = {
    "chinese": ("chinese", "china", "oriental", "wuxia", "guofeng", "中国", "国风", "古风", "武侠", "仙侠", "古筝", "民乐"),
    "epic": ("epic", "trailer", "orchestral", "heroic", "史诗", "恢弘", "大气", "管弦", "战争"),
    "electronic": ("electronic", "electro", "synth", "neon", "cyber", "techno", "edm", "电子", "赛博", "霓虹", "合成器", "科技"),
    "jazz": ("jazz", "swing", "noir", "lounge", "blues", "爵士", "蓝调"),
    "piano": ("piano", "钢琴"),
    "folk": ("folk", "acoustic", "guitar", "country", "民谣", "吉他", "乡村"),
}


def flavour_named(words: str) -> str | None:
    """The flavour that a few words, Chinese or English, ask for; None when they name none that is known."""
    text = words.casefold()
    found = [(text.find(word), name) for name, known in _FLAVOUR_WORDS.items() for word in known if word in text]
    return min(found)[1] if found else None


def style(mood: Mood, flavour: str | None = None) -> Style:
    """The style of a mood, dressed in a flavour (one of those that `flavour_named` returns)."""
    base = STYLES[mood]
    return base if flavour is None else _dressed(base, flavour, bright=mood in _BRIGHT)


def _dressed(base: Style, flavour: str, *, bright: bool) -> Style:
    if flavour == "chinese":
        return _chinese(base, bright=bright)
    if flavour == "electronic":
        return _electronic(base)
    if flavour == "jazz":
        return _jazz(base, bright=bright)
    if flavour == "epic":
        return replace(
            base, pad="strings", arp="pizzicato", lead="horns", answer="choir", bass="cello", arp_figure="pulse", bass_figure="pulse",
            drums="war", accent="boom", steps=4, metre=4, strength=1.0, bpm=max(base.bpm, 84), wet=0.2, room_s=2.2,
        )  # fmt: skip
    if flavour == "piano":
        return replace(base, arp="piano", lead="piano", answer="cello", drums="none", arp_figure="broken", accent="bell")
    return replace(
        base, pad="warm pad", arp="guitar", lead="flute", answer="guitar", bass="double bass", arp_figure="broken", accent="bell"
    )


def _chinese(base: Style, *, bright: bool) -> Style:
    """Five tones only: chords of fifths and seconds that have no semitone in them."""
    chords: tuple[Progression, ...] = (("I6", "vi5", "Vsus2", "I6"), ("I6", "IIsus4", "Vsus2", "vi5"))
    dark: tuple[Progression, ...] = (("i", "bVII5", "ivsus2", "i"), ("i", "bIII", "bVII5", "ivsus4"))
    return replace(
        base, bpm=min(max(base.bpm, 64), 88), mode="gong" if bright else "yu", progressions=chords if bright else dark,
        cadence=("IIsus4", "Vsus2") if bright else ("ivsus2", "bVII5"), home="I5" if bright else "i5",
        pad="slow strings", arp="koto", lead="shakuhachi", answer="violin", bass="cello", arp_figure="wave", bass_figure="long",
        drums="war" if base.strength >= 0.9 else "none", metre=4, wet=0.24, room_s=2.4, swing=0.0,
    )  # fmt: skip


def _electronic(base: Style) -> Style:
    return replace(
        base, bpm=base.bpm if base.bpm >= 84 else base.bpm * 1.3, pad="sweep pad", arp="polysynth", lead="saw lead",
        answer="synth strings", bass="synth bass", arp_figure="wave", bass_figure="octaves" if base.strength > 0.6 else "pulse",
        drums="machine", kit="machine", accent="cymbal", steps=4, metre=4, wet=0.18, room_s=1.8,
    )  # fmt: skip


def _jazz(base: Style, *, bright: bool) -> Style:
    major: tuple[Progression, ...] = (("Imaj7", "vi7", "ii7", "V7"), ("Imaj7", "IVmaj7", "ii7", "V7"))
    minor: tuple[Progression, ...] = (("i7", "iv7", "bVI7", "V7"), ("i7", "bIII", "iv7", "V7"))
    return replace(
        base, mode="ionian" if bright else "dorian", progressions=major if bright else minor, cadence=("ii7", "V7") if bright else ("iv7", "V7"),
        home="I6" if bright else "i7", pad="rhodes", arp="vibraphone", lead="muted trumpet", answer="clarinet", bass="double bass",
        arp_figure="broken", bass_figure="walk", drums="brush", kit="brushes", accent="cymbal", steps=2, metre=4, swing=0.15, wet=0.12, room_s=1.0,
    )  # fmt: skip


assert set(STYLES) == set(get_args(Mood))
