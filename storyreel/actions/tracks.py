"""Tracks: lines of exploration of a shot, and what a person does with one."""

from __future__ import annotations

from itertools import count
from string import ascii_uppercase
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.ids import derive
from storyreel.model.rows import Node, Track, TrackKind, WorkItem
from storyreel.model.view import GraphView

PICTURE_TRACK = "A"


class UpdateTrack(Action):
    """Rename a track, take it away with what is on it out of sight, or bring it back."""

    type: Literal["track.update"] = "track.update"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    says: ClassVar = ("把轨道B改名为雨夜版", "Call track B the rainy version")

    track: UUID
    name: str | None = Field(default=None, min_length=1, max_length=60)
    removed: bool | None = None

    def reads(self) -> Reads:
        """The track with its shot and its nodes."""
        return Reads(track_ids=(self.track,))

    def plan(self, view: GraphView) -> Plan:
        """New words for it, or out of sight."""
        draft = Draft(view)
        track = view.rows.get(Track.table, {}).get(self.track)
        if not isinstance(track, Track):
            raise BadInput("there is no such track in this project", field="track")
        fields = {name: value for name, value in (("name", self.name), ("removed", self.removed)) if value is not None}
        if self.removed and _holds_selection(view, track):
            raise BadInput(f"track {track.name} holds what the shot has selected; select something else first", field="removed")
        if self.name and self.name != track.name and self.name in {other.name for other in _tracks_of(view, track)}:
            raise BadInput(f"the shot has another track called {self.name}", field="name")
        if draft.change(track, **fields):
            draft.touch(track.work_item_id)
            draft.say("track.changed", shot=view.number(track.work_item_id), track=track.name, **fields)
        return changed(draft)


def new_track(draft: Draft, item: WorkItem, origin: Node | None) -> Track:
    """A new track of pictures, named after the last one, that begins at `origin`."""
    names = {track.name for track in _all_tracks(draft.view, item, "picture")} | {PICTURE_TRACK}
    name = next(one for one in (letters(number) for number in count(1)) if one not in names)
    track = Track(
        id=draft.view.new_id("track", item.id, name),
        workspace_id=item.workspace_id,
        work_item_id=item.id,
        kind="picture",
        name=name,
        origin_node_id=origin.id if origin and origin.work_item_id == item.id else None,
    )
    draft.insert(track)
    return track


def first_track(draft: Draft, item: WorkItem, kind: TrackKind) -> Track:
    """The track that holds what is selected, the first there is, or a new one."""
    held = [track for track in _all_tracks(draft.view, item, kind) if not track.removed]
    chosen = draft.view.find(Node, getattr(item, f"{kind}_node_id"))
    main = next((track for track in held if chosen is not None and track.id == chosen.track_id), None)
    if main is not None or held:
        return main or min(held, key=lambda track: track.name)
    name = PICTURE_TRACK if kind == "picture" else kind
    # Derived from the shot as the workers derive it, so that whoever comes first makes the one track there is.
    track = Track(id=derive(item.id, "track", kind), workspace_id=item.workspace_id, work_item_id=item.id, kind=kind, name=name)
    draft.insert(track)
    return track


def letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, len(ascii_uppercase))
        name = ascii_uppercase[rest] + name
    return name


def _all_tracks(view: GraphView, item: WorkItem, kind: TrackKind) -> list[Track]:
    rows = view.rows.get(Track.table, {}).values()
    return [row for row in rows if isinstance(row, Track) and row.work_item_id == item.id and row.kind == kind]


def _tracks_of(view: GraphView, track: Track) -> list[Track]:
    return [other for other in view.all(Track) if other.work_item_id == track.work_item_id and other.id != track.id]


def _holds_selection(view: GraphView, track: Track) -> bool:
    item = view.get(WorkItem, track.work_item_id)
    chosen = view.find(Node, getattr(item, f"{track.kind}_node_id"))
    return chosen is not None and chosen.track_id == track.id
