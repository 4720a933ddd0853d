"""What the readers of the three formats find: scenes of beats, each with its place in the source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from storyreel.model.spec import Angle, CameraSpec, Composition, Language, Move, Pace, ShotSize
from storyreel.script import words
from storyreel.script.tongue import CJK, tidy

NARRATORS = {
    "旁白",
    "解说",
    "画外音",
    "独白旁白",
    "narrator",
    "narration",
    "voice over",
    "voiceover",
    "voice-over",
    "v.o.",
    "vo",
    "解说员",
    "叙述者",
}
NOT_NAMES = {
    "场景", "时间", "地点", "人物", "镜头", "特写", "画面", "音效", "字幕", "音乐", "景别", "备注", "注", "场次", "道具", "天气", "标题", "片名", "剧名", "作者",
    "编剧", "导演", "出场人物", "远景", "中景", "近景", "全景", "角色", "简介", "主题", "风格", "时长", "说明", "动作", "环境", "转场", "配乐", "提示", "语言",
    "scene", "time", "place", "location", "characters", "cast", "shot", "camera", "sfx", "sound", "music", "note", "notes", "title", "author", "super", "title card",
    "setting", "action", "visual", "fx", "style", "duration", "language", "cut to", "fade in", "fade out", "insert", "close on", "angle on", "montage", "the end", "end",
    "act", "chapter", "http", "https", "example", "warning", "ps",
}  # fmt: skip
VISUAL = {
    "画面",
    "镜头",
    "动作",
    "环境",
    "visual",
    "action",
    "shot",
    "camera",
    "特写",
    "远景",
    "中景",
    "近景",
    "全景",
    "insert",
    "close on",
    "angle on",
}
_MENTION = re.compile(r"镜头|画面|机位|\b(?:camera|shot|angle|lens|frame|close on|we see)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """The camera as far as a text asks for it."""

    size: ShotSize | None = None
    angle: Angle | None = None
    move: Move | None = None
    pace: Pace | None = None
    composition: Composition | None = None

    def __bool__(self) -> bool:
        return bool(self.size or self.angle or self.move or self.composition)

    def camera(self, otherwise: CameraSpec) -> CameraSpec:
        """The asked camera; what it leaves open is taken from `otherwise`."""
        return CameraSpec(
            size=self.size or otherwise.size,
            angle=self.angle or otherwise.angle,
            move=self.move or otherwise.move,
            pace=self.pace or otherwise.pace,
        )


def cue_of(text: str) -> Cue:
    """The camera that a note of camera words asks for."""
    return Cue(
        words.find_size(text), words.find_angle(text), words.find_move(text), words.find_pace(text), words.find_composition(text)
    )


def is_camera(label: str) -> bool:
    """Whether a label before a colon directs the camera ("镜头推近：", "CLOSE ON:") and names nobody."""
    return bool(re.match(r"^\s*(?:镜头|画面|camera\b|shot\b)", label, re.IGNORECASE) or (len(label) <= 16 and cue_of(label).size))  # noqa: PLR2004


def cue_in_action(text: str) -> Cue:
    """The camera that a sentence of action asks for; only sizes are sure of themselves, the rest needs a word such as "镜头"."""
    if _MENTION.search(text):
        return cue_of(text)
    return Cue(size=words.find_size(text) if re.search(rf"[{CJK}]", text) else None)


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing the script says or shows.

    `speaker` is a name, empty for the narrator. `hint` is how it is said. `off` marks a voice that is heard and not seen.
    `shot` begins a numbered shot, that lasts to the next such beat; `joined` keeps the beat in one shot with the one before.
    """

    kind: Literal["action", "speech", "mark"]
    start: int
    end: int
    text: str = ""
    speaker: str = ""
    hint: str = ""
    off: bool = False
    cue: Cue = Cue()
    shot: bool = False
    joined: bool = False


@dataclass(slots=True)
class RawScene:
    """A heading and its beats."""

    heading: str = ""
    beats: list[Beat] = field(default_factory=list[Beat])


@dataclass(slots=True)
class RawScript:
    """A script as it was read, before the film's grammar is applied."""

    title: str = ""
    language: Language | None = None
    scenes: list[RawScene] = field(default_factory=list[RawScene])

    def scene(self, heading: str = "") -> RawScene:
        """A new scene at the end; an empty one without a heading is reused."""
        if self.scenes and not self.scenes[-1].beats and not self.scenes[-1].heading:
            self.scenes[-1].heading = heading
        else:
            self.scenes.append(RawScene(heading))
        return self.scenes[-1]

    def last(self) -> RawScene:
        """The scene that is being read."""
        return self.scenes[-1] if self.scenes else self.scene()


def clean(text: str) -> str:
    """One tidy line without emphasis marks and without what would be read as a mark of Fountain."""
    text = re.sub(r"\[\[|\]\]|/\*|\*/|[\x00-\x08\x0b-\x1f\x7f\ufeff]", " ", text)
    previous = ""
    while previous != text:
        previous = text
        text = re.sub(r"(\*{1,3}|(?<!\w)_{1,2})(?=\S)([^*\n]+?)(?<=\S)\1(?!\w)", r"\2", text)
    return re.sub(r"^[~\s]+", "", tidy(text))


def name_and_off(cue: str) -> tuple[str, bool]:
    """A character's name from its cue, and whether the voice is heard without the face ("ALICE (V.O.)", "爱丽丝（画外）")."""
    extensions = " ".join(re.findall(r"[(（]([^)）]*)[)）]", cue))
    name = re.sub(r"[(（][^)）]*[)）]?|\^\s*$|^@", "", cue).strip(" :：\t*_")
    off = bool(re.search(r"V\.?\s?O\.?|O\.?\s?[SC]\.?|画外|旁白|内心|voice|电话", extensions, re.IGNORECASE))
    return ("", True) if name.lower() in NARRATORS else (tidy(name), off)


def cased(name: str, text: str) -> str:
    """A name in capitals as people write it: as the text has it elsewhere, otherwise with capitals at the words' starts."""
    if not re.search(r"[A-Z]", name) or re.search(r"[a-z]", name):
        return name
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
        if not match[0].isupper() and not match[0].islower():
            return match[0]
    return re.sub(r"[A-ZÀ-Þ]+", lambda m: m[0].capitalize() if len(m[0]) > 1 or m.start() == 0 else m[0], name)
