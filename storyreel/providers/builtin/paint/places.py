"""The table of places: who paints each, what its ground is like, and what may hang before the lens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from storyreel.providers.builtin.paint import outdoors, rooms
from storyreel.providers.builtin.paint.canvas import Brush

Ground = Literal["hard", "soft", "sand", "floor"]
Front = Literal["none", "leaves", "plant"]


@dataclass(frozen=True)
class Place:
    """A place that can be painted. `ground_y` is how far below the horizon walking ground begins, in place units."""

    draw: Callable[[Brush], None]
    ground: Ground
    front: Front = "none"
    ground_y: float = 0.06
    sky: bool = True


PLACES: dict[str, Place] = {
    "street": Place(outdoors.street, "hard"),
    "alley": Place(outdoors.alley, "hard"),
    "rooftop": Place(outdoors.rooftop, "hard", ground_y=0.16),
    "forest": Place(outdoors.forest, "soft", "leaves"),
    "mountain": Place(outdoors.mountain, "soft", "leaves"),
    "sea": Place(outdoors.sea, "sand", ground_y=0.20),
    "lake": Place(outdoors.lake, "soft", "leaves", ground_y=0.27),
    "desert": Place(outdoors.desert, "sand"),
    "field": Place(outdoors.field, "soft"),
    "village": Place(outdoors.village, "soft", "leaves", ground_y=0.12),
    "temple": Place(outdoors.temple, "hard", "leaves", ground_y=0.10),
    "platform": Place(outdoors.platform, "hard"),
    "park": Place(outdoors.park, "soft", "leaves"),
    "market": Place(outdoors.market, "hard"),
    "space": Place(outdoors.space, "sand", sky=False),
    "ship": Place(outdoors.ship, "hard", ground_y=0.18),
    "plain": Place(outdoors.plain, "soft"),
    "hall": Place(rooms.hall, "floor", sky=False),
    "cave": Place(rooms.cave, "floor", ground_y=0.12, sky=False),
    "corridor": Place(rooms.corridor, "floor", sky=False),
    **{
        name: Place(
            partial(rooms.draw_room, name=name),
            "floor",
            "plant" if name in ("living", "cafe", "office") else "none",
            0.3,
            sky=False,
        )
        for name in rooms.ROOMS
    },
}
