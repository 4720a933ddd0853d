"""The table of places: who paints each, what its ground is like, and what may hang before the lens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from storyreel.providers.builtin.paint import city, country, faraway, rooms
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
    "street": Place(city.street, "hard"),
    "alley": Place(city.alley, "hard"),
    "rooftop": Place(city.rooftop, "hard", ground_y=0.16),
    "forest": Place(country.forest, "soft", "leaves"),
    "mountain": Place(country.mountain, "soft", "leaves"),
    "sea": Place(country.sea, "sand", ground_y=0.20),
    "lake": Place(country.lake, "soft", "leaves", ground_y=0.27),
    "desert": Place(country.desert, "sand"),
    "field": Place(country.field, "soft"),
    "village": Place(country.village, "soft", "leaves", ground_y=0.12),
    "temple": Place(faraway.temple, "hard", "leaves", ground_y=0.10),
    "platform": Place(city.platform, "hard"),
    "park": Place(city.park, "soft", "leaves"),
    "market": Place(city.market, "hard"),
    "space": Place(faraway.space, "sand", sky=False),
    "ship": Place(faraway.ship, "hard", ground_y=0.18),
    "plain": Place(country.plain, "soft"),
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
