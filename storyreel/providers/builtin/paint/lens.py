"""Where everyone stands: shot size, angle, composition and a variation become places in pixels."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from storyreel.model.spec import Angle, ShotSize
from storyreel.providers.builtin.paint.figures import Staged, head_box
from storyreel.providers.builtin.paint.plan import Plan, Role

FRAME_M: dict[ShotSize, float] = {"EWS": 9.5, "WS": 4.4, "FS": 2.35, "MS": 1.18, "MCU": 0.76, "CU": 0.47, "ECU": 0.25}
ZOOM: dict[ShotSize, float] = {"EWS": 0.74, "WS": 0.98, "FS": 1.15, "MS": 1.4, "MCU": 1.6, "CU": 1.85, "ECU": 2.3}
BLUR_PX: dict[ShotSize, float] = {"EWS": 0, "WS": 0, "FS": 1, "MS": 3, "MCU": 5.5, "CU": 8, "ECU": 12}
_INDOOR_M: dict[ShotSize, float] = {"EWS": 6.0, "WS": 3.8}  # a room is no wider
_FOOT: dict[ShotSize, float] = {"EWS": 0.80, "WS": 0.90, "FS": 0.955}
_HEAD_TOP: dict[ShotSize, float] = {"MS": 0.13, "MCU": 0.09, "CU": 0.04, "ECU": -0.12}
_HORIZON: dict[Angle, float] = {"eye": 0.55, "low": 0.76, "high": 0.24, "dutch": 0.55}
_SPACING_M: dict[ShotSize, float] = {"EWS": 1.1, "WS": 1.0, "FS": 0.86, "MS": 0.74, "MCU": 0.64, "CU": 0.56, "ECU": 0.5}
WIDE = frozenset({"EWS", "WS", "FS"})


@dataclass(frozen=True)
class Variation:
    """What makes one cell of a sheet differ from the next: side, pose, framing and a nuance of light."""

    index: int
    flip: bool
    pan: float
    lift: float
    zoom: float
    gain: float
    seed: int

    @property
    def key_from_right(self) -> bool:
        """The side the light comes from changes with the side of the composition."""
        return not self.flip


@dataclass(frozen=True)
class Staging:
    """Everyone in place. `hidden` are those whom the shot does not show; `full` says that feet are seen."""

    shown: tuple[Staged, ...]
    shoulder: Staged | None
    roles: tuple[Role, ...]
    hidden: tuple[Role, ...]
    full: bool = False


def variation_of(index: int, seed: int) -> Variation:
    """The nth variation; the first is the plainest, and neighbours take opposite sides."""
    rng = random.Random(seed * 31 + index)  # noqa: S311 - chance for pictures
    first = index == 0
    base = bool(seed & 1)
    return Variation(
        index=index,
        flip=base ^ bool(index & 1),
        pan=0.0 if first else rng.uniform(0.25, 1.0) * (1 if index % 2 else -1),
        lift=0.0 if first else rng.uniform(-1.0, 1.0),
        zoom=1.0 if first else (1.0, 0.93, 1.10, 1.05)[index % 4] * rng.uniform(0.985, 1.015),
        gain=1.0 if first else rng.uniform(0.965, 1.035),
        seed=rng.randrange(1 << 30),
    )


def horizon_of(plan: Plan) -> float:
    """The horizon's height in the frame, 0 top to 1."""
    return _HORIZON[plan.frame.angle]


def stage(plan: Plan, width: int, height: int, v: Variation) -> Staging:
    """Put the cast into a cell of `width` x `height` pixels."""
    roles, hidden, back = _who(plan)
    if not roles:
        return Staging((), None, (), ())
    size = plan.frame.size
    metres = (_INDOOR_M.get(size, FRAME_M[size]) if plan.indoor else FRAME_M[size]) / v.zoom
    spacing = _SPACING_M[size]
    if len(roles) > 1:
        metres = max(metres, len(roles) * spacing * 0.94 * height / width)
    pixels_per_m = height / metres
    xs = _columns(plan, len(roles), width, spacing * pixels_per_m, v, over_shoulder=back is not None)
    raw = [_staged(plan, r, i, len(roles), xs[i], pixels_per_m, v) for i, r in enumerate(roles)]
    full = size in WIDE or max(s.height_px for s in raw) < 0.8 * height
    shown = _grounded(plan, raw, height, full=full)
    shoulder = _shoulder(back, shown[0], width, height, v) if back else None
    return Staging(tuple(shown), shoulder, tuple(roles), tuple(hidden), full)


def _who(plan: Plan) -> tuple[list[Role], list[Role], Role | None]:
    """Who is shown, who is not, and whose shoulder is looked over."""
    roles = list(plan.roles)
    if len(roles) < 2:
        return roles, [], None
    lead = next((r for r in roles if r.speaking), roles[0])
    others = [r for r in roles if r is not lead]
    if plan.frame.composition == "over_shoulder" and plan.frame.size not in ("EWS", "WS"):
        return [lead], others[1:], others[0]
    if plan.frame.size == "ECU" and plan.frame.composition != "two_shot":
        return [lead], others, None
    return roles, [], None


def _columns(plan: Plan, count: int, width: int, gap: float, v: Variation, *, over_shoulder: bool) -> list[float]:
    """The x of each figure in pixels."""
    side = 1 if v.flip else -1
    tall = plan.frame.size in ("CU", "ECU")
    if count == 1:
        where = plan.frame.composition
        offset = {"thirds_left": -0.16, "thirds_right": 0.16, "centre": 0.0}.get(where)
        if offset is None:
            offset = (0.07 if tall else 0.15) * side if v.index % 4 != 2 else 0.03 * side
            offset = 0.13 * side if over_shoulder else offset
        elif v.index:
            offset += 0.025 * v.pan
        if plan.frame.size == "ECU":
            offset *= 0.4
        return [width * (0.5 + offset)]
    gap = min(gap * (1.0 + 0.08 * v.lift), width * 0.9 / count)
    shift = 0.03 * width * v.pan * (1 if plan.frame.size in ("EWS", "WS") else 0.35)
    order = range(count) if not v.flip else range(count - 1, -1, -1)
    return [width / 2 + shift + (k - (count - 1) / 2) * gap for k in order]


def _staged(plan: Plan, role: Role, i: int, count: int, x: float, pixels_per_m: float, v: Variation) -> Staged:
    facing = _facing(plan, i, count, v)
    return Staged(
        person=role.person,
        pose=_pose(plan, role, i, v),
        emotion=role.emotion,
        speaking=role.speaking,
        x=x,
        foot_y=0.0,
        height_px=role.person.height_m * pixels_per_m,
        facing_right=facing,
        variant=v.index if role.explicit_pose or v.index else 0,
        asleep=role.asleep,
        pivot=1450.0 if plan.frame.size in WIDE else 330.0,
    )


def _facing(plan: Plan, i: int, count: int, v: Variation) -> bool:
    """Single figures look into the open side of the frame, pairs at each other, groups to the middle."""
    if count == 1:
        where = plan.frame.composition
        if where in ("thirds_left", "thirds_right"):
            return where == "thirds_left"
        return not v.flip
    if all(r.pose in ("walk", "run") and not r.speaking for r in plan.roles):
        return not v.flip
    slot = i if not v.flip else count - 1 - i
    return slot < count / 2


def _pose(plan: Plan, role: Role, i: int, v: Variation) -> str:
    """An action keeps its pose in every variation; someone who merely stands may stand otherwise."""
    if role.held.startswith("umbrella") and role.pose in ("stand", "walk", "gesture", "run"):
        return "point"
    if role.held or (role.explicit_pose and role.pose != "stand"):
        return role.pose
    options = _ways_to_stand(plan, role)
    return options[(v.index + (i if len(plan.roles) != 2 else 3 * i)) % len(options)]


def _ways_to_stand(plan: Plan, role: Role) -> tuple[str, str, str, str]:
    """Poses for someone who was told no pose, the plainest first."""
    if role.speaking and plan.frame.size not in ("CU", "ECU"):
        return ("gesture", "stand", "point", "gesture")
    if role.emotion == "angry":
        return ("cross", "hip", "stand", "cross")
    easy = "cross" if role.emotion in ("neutral", "happy", "tired") else "stand"
    return ("stand", "stand", easy, "gesture") if len(plan.roles) <= 2 else ("stand", easy, "stand", "stand")


def _grounded(plan: Plan, raw: list[Staged], height: int, *, full: bool) -> list[Staged]:
    """Give everyone ground: a common foot line in wide shots, the tallest head's line in close ones."""
    size = plan.frame.size
    horizon = horizon_of(plan)
    if full:
        base = 0.875 if plan.indoor and size == "EWS" else _FOOT.get(size, 0.93)
        foot = max(base + {"high": -0.05, "low": 0.015}.get(plan.frame.angle, 0.0), horizon + 0.12)
        return [
            _at(s, min(0.985, foot) * height + (0.012 * height if i % 2 and size != "FS" else 0.0)) for i, s in enumerate(raw)
        ]
    top = _HEAD_TOP[size]
    if size == "ECU":
        return [_at(s, height * 0.54 - sum(head_box(s)[1::2]) / 2) for s in raw]
    upright = [s for s in raw if s.pose != "lie"]
    line = max((top * height - head_box(s)[1] for s in upright), default=0.0)
    drop = {"MS": 0.24, "MCU": 0.14, "CU": 0.09}[size]
    out: list[Staged] = []
    for s in raw:
        if s.pose == "lie":
            out.append(_at(s, 0.66 * height - sum(head_box(s)[1::2]) / 2))
            continue
        head = line + head_box(s)[1]
        out.append(_at(s, line if head <= (top + drop) * height else line - (head - (top + drop) * height)))
    return out


def _at(s: Staged, foot_y: float) -> Staged:
    return replace(s, foot_y=foot_y)


def _shoulder(role: Role, seen: Staged, width: int, height: int, v: Variation) -> Staged:
    """The one whose shoulder is in the way: larger, lower, at the other side, turned to who is looked at."""
    right = seen.x < width / 2
    tall = seen.height_px * 1.32 * role.person.height_m / seen.person.height_m
    base = Staged(
        role.person, "stand", "neutral", False, width * (0.90 if right else 0.10), 0.0, tall, not right, v.index, blank=True
    )
    return _at(base, max(0.20 * height, head_box(seen)[1] + 0.10 * height) - head_box(base)[1])
