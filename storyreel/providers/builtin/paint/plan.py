"""Reads a frame: which place, who stands in it how, which things, in which look, and what cannot be drawn as asked."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.model.digest import seed_of
from storyreel.model.spec import Emotion, Figure, FrameSpec, Look
from storyreel.providers.builtin.paint import words
from storyreel.providers.builtin.paint.light import Light, light_of
from storyreel.providers.builtin.paint.person import Person, person_of
from storyreel.providers.builtin.paint.sizes import IN_THE_SKY, height_m

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
        "books",
        "broom",
        "sunflower",
    ]
)
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
    _limits(frame, roles, notes)
    return Plan(frame, place, style, light, roles, things, tuple(notes))


def _place(frame: FrameSpec, notes: list[str]) -> str:
    found = words.place_of(frame.place)
    if found.known:
        return found.name
    if frame.place.strip():
        nearest = words.place_of(f"{frame.place} {frame.subject}")
        name = nearest.name if nearest.known else "street"
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
            look=Look(seed=seed_of("kind", p.age or "", p.gender or "", i), age=p.age, gender=p.gender),
            action=frame.subject,
            emotion=_emotion_in(frame.subject),
        )
        for i, p in enumerate(seen)
    ]


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
        if m.name not in _PLACE_LIKE and m.name not in IN_THE_SKY and height_m(m.name) <= 0.62
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
    if frame.figures:
        meant = [n for n in meant if n not in _PLACE_LIKE]
    elif not meant and not roles and frame.subject.strip() and not words.place_of(frame.subject).known:
        meant = _nearest_subject(frame.subject, notes)
    meant += [m.name for f in frame.figures for m in words.things_of(f.action) if m.name not in _PLACE_LIKE]
    held = {r.held for r in roles}
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
