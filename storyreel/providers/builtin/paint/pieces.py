"""The table of furniture: a name in a room's list -> its painter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from storyreel.providers.builtin.paint import furniture as home
from storyreel.providers.builtin.paint import work_furniture as work
from storyreel.providers.builtin.paint.canvas import Brush

Piece: TypeAlias = Callable[[Brush, float, float], None]

PIECES: dict[str, Piece] = {
    "bookshelf": home.bookshelf,
    "goods_shelf": work.goods_shelf,
    "sofa": home.sofa,
    "picture": home.picture,
    "rug": home.rug,
    "plant": home.plant,
    "side_table": home.side_table,
    "counter": work.counter,
    "shelf_bar": work.shelf_bar,
    "table_set": home.table_set,
    "menu": work.menu,
    "screen": home.screen,
    "lattice": home.lattice,
    "scroll": home.scroll,
    "tea_table": home.tea_table,
    "vase": home.vase,
    "desk_computer": work.desk_computer,
    "shelf_files": work.shelf_files,
    "clock": work.clock,
    "bed": home.bed,
    "hospital_bed": work.hospital_bed,
    "bunk": work.bunk,
    "night_table": home.night_table,
    "wardrobe": home.wardrobe,
    "drip": work.drip,
    "monitor": work.monitor,
    "curtain_rail": work.curtain_rail,
    "cabinet": work.cabinet,
    "blackboard": work.blackboard,
    "teacher_desk": work.teacher_desk,
    "school_desks": work.school_desks,
    "map": work.map_,
    "kitchen_row": home.kitchen_row,
    "hood": home.hood,
    "fridge": home.fridge,
    "wall_shelf": home.wall_shelf,
    "reading_desk": home.reading_desk,
    "bars": work.bars,
    "lab_bench": work.lab_bench,
    "screens": work.screens,
    "console": work.console,
    "porthole": work.porthole,
}
