"""Reads a frame: which place, who stands in it how, which things, in which look, and what cannot be drawn as asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyreel.model.digest import seed_of
from storyreel.model.spec import Emotion, Figure, FrameSpec, Look
from storyreel.providers.builtin.paint import words
from storyreel.providers.builtin.paint.light import Light, light_of
from storyreel.providers.builtin.paint.person import Person, person_of
from storyreel.providers.builtin.paint.sizes import ALIVE, IN_THE_SKY, height_m

MOST_FIGURES = 4
MOST_THINGS = 4
_PLACE_LIKE = frozenset(
    [
        "house",
        "castle",
        "door",
        "window",
        "chair",
        "table",
        "bench",
        "clock",
        "cloud",
        "sun",
        "full-moon",
        "star",
        "tent",
        "lamp_post",
        "deciduous-tree",
        "evergreen-tree",
        "train",
        "fire",
        "mirror",
        "light-bulb",
        "books",
        "broom",
        "sunflower",
    ]
)
_OLD = re.compile(r"[（(]?(?:古代|旧时|民国|清末|古装)[）)]?")
_OUTSIDE = re.compile(r"(?:门前|门口|门外|屋外|店外|外面|檐下)$|^(?:outside|in front of)\b", re.IGNORECASE)
_OF_THE_PLACE = frozenset(("window", "door", "mirror", "lamp_post", "light-bulb"))
_FURNITURE = frozenset(("table", "chair", "bench"))
_IN_ARMS = re.compile(r"抱|怀里|捧|\b(?:cradl|carr(?:y|ies)|in (?:his|her|their) arms)")
_WILD = frozenset(("forest", "mountain", "field", "park", "village", "lake"))
_GROWS = frozenset(("deciduous-tree", "evergreen-tree", "house"))
_SMILING = frozenset(("笑", "微笑", "smile", "smiles", "smiling", "laugh", "laughs", "laughing", "happy", "开心", "高兴"))
_CRYING = frozenset(("哭", "泪", "抽泣", "cry", "cries", "crying", "weep", "weeps", "sob", "伤心", "难过"))


@dataclass(frozen=True)
class Role:
    """One figure of the frame. `held` names a drawing for what is in the hand, or is empty."""

    name: str
    person: Person
    pose: str
    explicit_pose: bool
    emotion: Emotion
    speaking: bool
    asleep: bool
    held: str


@dataclass(frozen=True)
class Plan:
    """A frame understood."""

    frame: FrameSpec
    place: str
    style: str
    light: Light
    roles: tuple[Role, ...]
    things: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def chinese(self) -> bool:
        """Whether the frame is told in Chinese, so that its signs are."""
        told = f"{self.frame.subject}{self.frame.place}{''.join(f.name + f.action for f in self.frame.figures)}"
        return words.is_chinese(told) or not told

    @property
    def indoor(self) -> bool:
        """Whether the place has a roof."""
        return self.light.indoor


def plan_of(frame: FrameSpec) -> Plan:
    """What will be drawn for a frame, and in plain words what will not be as asked."""
    notes: list[str] = []
    place = _place(frame, notes)
    style = words.style_of(frame.style).name
    light = light_of(frame, indoor=words.is_indoor(place), neon=style == "neon")
    roles = _roles(frame, notes)
    things = _things(frame, roles, notes)
    things = tuple(name for name in things if not (place in _WILD and name in _GROWS and (roles or len(things) > 1)))
    _limits(frame, roles, notes)
    return Plan(frame, place, style, light, roles, things, tuple(notes))


def _place(frame: FrameSpec, notes: list[str]) -> str:
    old = bool(_OLD.search(f"{frame.place} {frame.style}"))
    found = words.place_of(frame.place)
    if _OUTSIDE.search(_OLD.sub("", frame.place).strip("（）() ")) and (not found.known or words.is_indoor(found.name)):
        return "village" if old else "street"
    if found.known:
        return _aged(found.name) if old else found.name
    if frame.place.strip():
        nearest = words.place_of(" ".join((frame.place, *frame.details, frame.subject)))
        name = nearest.name if nearest.known else "street"
        name = _aged(name) if old else name
        notes.append(
            say(
                frame.place,
                f"没有“{frame.place}”的场景，画成了最接近的：{_zh('PLACES', name)}",
                f'no "{frame.place}" in the box of places; drawn as the nearest, a {words.plain_name("PLACES", name)}',
            )
        )
        return name
    implied = words.place_of(frame.subject) if not frame.figures else words.Match("plain")
    return implied.name if implied.known and len(implied.word) > 1 else "plain"


def _aged(name: str) -> str:
    """The place of old China that stands for one of today."""
    if words.is_indoor(name) and name not in ("hall", "cave", "prison"):
        return "teahouse"
    return {
        "street": "village",
        "alley": "village",
        "market": "village",
        "platform": "village",
        "rooftop": "village",
        "park": "temple",
    }.get(name, name)


def _limits(frame: FrameSpec, roles: tuple[Role, ...], notes: list[str]) -> None:
    """What the painter has no means for: other styles, a shoulder with nobody behind it."""
    if frame.style.strip() and not words.style_of(frame.style).known:
        notes.append(
            say(
                frame.style,
                f"内置画师不会“{frame.style}”，用了绘本风格",
                f'the built-in painter has no "{frame.style}"; drawn in its storybook style',
            )
        )
    if frame.composition == "over_shoulder" and (len(roles) < 2 or frame.size in ("EWS", "WS")):
        notes.append(
            say(
                frame.subject + frame.place,
                "过肩镜头需要两个人和中景以内的景别，画成了普通构图",
                "an over-the-shoulder shot needs two people and at most a full shot; framed plainly",
            )
        )


def _roles(frame: FrameSpec, notes: list[str]) -> tuple[Role, ...]:
    figures = list(frame.figures) or _people_in(frame)
    if len(figures) > MOST_FIGURES:
        left = "、".join(f.name for f in figures[MOST_FIGURES:])
        notes.append(
            say(frame.subject + left, f"一格最多画四个人，没有画：{left}", f"a frame holds four figures; left out: {left}")
        )
    return tuple(_role(f) for f in figures[:MOST_FIGURES])


def _people_in(frame: FrameSpec) -> list[Figure]:
    """Figures for people whom the subject only names by kind."""
    seen = words.persons_of(frame.subject)
    return [
        Figure(
            name=p.word,
            look=_nameless(frame, p, i),
            action=frame.subject,
            emotion=_emotion_in(frame.subject),
        )
        for i, p in enumerate(seen)
    ]


def _nameless(frame: FrameSpec, person: words.PersonWord, index: int) -> Look:
    """The look of one of a crowd, dressed for old China where the frame plays there."""
    look = Look(seed=seed_of("kind", person.age or "", person.gender or "", index), age=person.age, gender=person.gender)
    if not words.is_chinese(frame.subject):
        return look
    look = look.model_copy(update={"skin_colour": ("#f2c4a0", "#e9b48b", "#e2ab80")[index % 3]})
    if not _OLD.search(f"{frame.place} {frame.style}"):
        return look
    cloth = ("#4f5b6b", "#7a6a55", "#57634f", "#6b6862")[index % 4]
    worn = {
        "top_colour": cloth,
        "bottom_colour": cloth,
        "garment": "sweater",
        "glasses": False,
        "hair": "髻" if "古" in frame.place else "短",
        "hair_colour": "#1f1c1c",
    }
    return look.model_copy(update=worn)


def _emotion_in(text: str) -> Emotion:
    lowered = text.lower()
    if any(w in lowered for w in _CRYING):
        return "sad"
    return "happy" if any(w in lowered for w in _SMILING) else "neutral"


def _role(figure: Figure) -> Role:
    pose = words.pose_of(figure.action)
    held = [
        m.name
        for m in words.things_of(figure.action)
        if m.name not in _PLACE_LIKE
        and m.name not in IN_THE_SKY
        and (m.name not in ALIVE or _IN_ARMS.search(figure.action))
        and height_m(m.name) <= 0.62
    ]
    name = "gesture" if held and pose.name in ("stand", "gesture") else pose.name
    asleep = pose.name == "lie" or any(w in figure.action for w in ("睡", "闭眼", "闭着眼", "asleep", "sleep", "eyes closed"))
    return Role(
        figure.name, person_of(figure.look), name, pose.known, figure.emotion, figure.speaking, asleep, held[0] if held else ""
    )


def _things(frame: FrameSpec, roles: tuple[Role, ...], notes: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for text in frame.props:
        found = words.thing_of(text)
        if found is None:
            notes.append(say(text, f"没有“{text}”的图，略去了", f'no drawing for "{text}"; it is left out'))
            continue
        if found.name in _OF_THE_PLACE:
            continue
        names.append(found.name)
        if not _says_it(text, found.word):
            notes.append(
                say(
                    text,
                    f"没有“{text}”的图，画成了“{found.word}”",
                    f'no "{text}" in the box of drawings; drawn as "{found.word}"',
                )
            )
    meant = [m.name for m in words.things_of(frame.subject)]
    meant = [n for n in meant if n not in _OF_THE_PLACE]
    if frame.figures:
        meant = [n for n in meant if n not in _PLACE_LIKE]
    elif not meant and not roles and frame.subject.strip() and not words.place_of(frame.subject).known:
        meant = _nearest_subject(frame.subject, notes)
    meant += [m.name for f in frame.figures for m in words.things_of(f.action) if m.name not in _PLACE_LIKE]
    held = {r.held for r in roles}
    if frame.figures:
        names = [n for n in names if n not in _FURNITURE]
    unique = list(dict.fromkeys(n for n in [*names, *meant] if n not in held))
    if len(unique) > MOST_THINGS:
        left = ", ".join(n.replace("-", " ") for n in unique[MOST_THINGS:])
        notes.append(
            say(
                frame.subject + frame.place, f"一格最多画四样东西，没有画：{left}", f"a frame holds four things; left out: {left}"
            )
        )
    return tuple(unique[:MOST_THINGS])


def _nearest_subject(subject: str, notes: list[str]) -> list[str]:
    found = words.thing_of(subject)
    if found is None:
        notes.append(
            say(subject, f"画不出“{subject}”，只画了场景", f'"{subject}" cannot be drawn; the place is drawn without it')
        )
        return []
    if not _says_it(subject, found.word):
        notes.append(say(subject, f"“{subject}”画成了“{found.word}”", f'"{subject}" is drawn as "{found.word}"'))
    return [found.name]


def _says_it(text: str, word: str) -> bool:
    """Whether the word that was drawn is the head of what was asked: "red balloon" is a balloon, "火锅" is no fire."""
    asked = text.strip().lower()
    return asked == word or asked.removesuffix("s").endswith(word.removesuffix("s"))


def say(text: str, zh: str, en: str) -> str:
    """A note in the language of what it is about."""
    return zh if words.is_chinese(text) else en


def _zh(family: str, name: str) -> str:
    options = words.vocabulary()[family.lower()][name]
    return next((w for w in options if words.is_chinese(w)), name)
