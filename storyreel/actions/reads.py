"""What an action must be shown before it can plan: a wish in words that the graph room fulfils with a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

FindKind = Literal["script", "shot", "prompt", "memory", "message", "asset"]
FIND_KINDS: tuple[FindKind, ...] = ("script", "shot", "prompt", "memory", "message", "asset")


@dataclass(frozen=True)
class Find:
    """What is looked for: words, or what looks like (or means the same as) an asset. Neither is the newest assets."""

    words: str = ""
    kinds: tuple[FindKind, ...] = ("asset",)
    like: str = ""
    by: Literal["look", "meaning"] = "look"
    limit: int = 20


# What the ledger is asked for: sums alone, or grouped too.
MoneyBy = Literal["all", "shot", "stage", "provider", "model", "day", "month", "person", "task"]
LogNeed = Literal["none", "undo", "redo", "rollback", "diff", "choices"]


@dataclass(frozen=True)
class Reads:
    """What an action must be shown, beside the workspace, its episode, scenes and characters, which it always is.

    `shots` are the words to resolve and load with their cast; `around` adds the neighbours of each shot; `order` the
    order of every shot of the episode; `notes` what quality control found on those shots; `nodes` the made things of those shots with their tracks; `node_ids` those nodes with whom
    they were made for, and `lines` all that was made for the same owners; `refs` what the loaded nodes were made with the help of;
    `owner_ids` all that was made for these shots, drafts, characters, looks and episodes; `lineage_of` all that these nodes descend from,
    that descends from them or uses them; `sources` what the loaded nodes and tracks came from, with how each came to be.
    `made_of` names of characters, places and props with all that was made for them; `track_ids` tracks with their shots.
    `drafts` the words for drafts to resolve and load on `board` (empty: the first); `elsewhere` nodes of other workspaces, by workspace
    and node. `row_ids` rows of any table; `tables` small tables in full; `assets` (with their cards) and `task_ids` those that there
    are of them; `find` what a search finds; `follows` the shots that continue from those that are loaded; `touches` which shots of
    all episodes something shared reaches (see `graph.touches`); `whole` everything.
    """

    shots: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    board: str = ""
    elsewhere: tuple[tuple[UUID, UUID], ...] = ()
    around: bool = False
    order: bool = False
    nodes: Literal["none", "selected", "all"] = "none"
    notes: bool = False
    node_ids: tuple[UUID, ...] = ()
    lines: bool = False
    refs: bool = False
    owner_ids: tuple[UUID, ...] = ()
    lineage_of: tuple[UUID, ...] = ()
    sources: bool = False
    made_of: tuple[str, ...] = ()
    track_ids: tuple[UUID, ...] = ()
    row_ids: tuple[UUID, ...] = ()
    tables: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    find: Find | None = None
    task_ids: tuple[UUID, ...] = ()
    touches: tuple[tuple[str, ...], ...] = ()
    scripts: bool = False
    tasks: Literal["none", "open", "recent"] = "none"
    # What waits for a person.
    review: bool = False
    log: LogNeed = "none"
    # For "rollback" and "diff": a place in the log in words (see `graph.log.revision_of`), "" for the newest snapshot.
    place: str = ""
    other_place: str = ""
    snapshots: bool = False
    whole: bool = False
    # A run in words, and the stage that it is to begin from again (see `commits.rerunning`).
    ran: str = ""
    ran_from: str = ""
    # What was spent, with the budgets.
    money: MoneyBy | None = None
    follows: bool = False
    # What is done at a time.
    schedules: bool = False
