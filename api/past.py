"""Reading at a place in the history: one dependency for every route that reads the graph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from api.state import ActorDep, Held, HeldDep, RequestId
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.reads import Reads
from storyreel.commits import Actor, ask_then, perform
from storyreel.graph.load import view_for
from storyreel.graph.log import revision_of
from storyreel.graph.past import film_at, graph_at
from storyreel.model.errors import NotFound
from storyreel.model.rows import Workspace
from storyreel.model.view import GraphView

PLACE = "A place in the history: a revision, '#3' for the third version, a version's name, 'now', or a time. Without it, now."


@dataclass
class Moment:
    """Where in the history, and in which episode, a request reads."""

    held: Held
    workspace: UUID
    actor: Actor
    request: UUID
    at: str | None
    episode: UUID | None

    def now(self) -> Moment:
        """The same, now: for what is about the history itself."""
        return replace(self, at=None)

    async def film(self) -> GraphView:
        """The film's scenes, shots, characters and links there.

        Raises:
            NotFound: there is no such project, place or episode.
        """
        async with self.held.database.connect() as conn:
            revision = None if self.at is None else await revision_of(conn, self.workspace, self.at)
            return _there(await film_at(conn, self.workspace, revision, self.episode), self.workspace)

    async def graph(self) -> GraphView:
        """Every row of the graph there.

        Raises:
            NotFound: there is no such project, place or episode.
        """
        async with self.held.database.connect() as conn:
            revision = None if self.at is None else await revision_of(conn, self.workspace, self.at)
            return _there(await graph_at(conn, self.workspace, revision, self.episode), self.workspace)

    async def page(self, first: int, many: int) -> tuple[GraphView, int]:
        """The film there with at least the shots from number `first` on, and how many shots there are in all."""
        if self.at is not None:
            view = await self.film()
            return view, view.shot_count
        async with self.held.database.connect() as conn:
            whole = _there(await view_for(conn, self.workspace, [Reads(shots=("last",))], self.episode), self.workspace)
            last = min(first + many - 1, whole.shot_count)
            words = f"{first}-{last}"
            view = await view_for(conn, self.workspace, [Reads(shots=(words,))], self.episode) if first <= last else whole
        return view, whole.shot_count

    async def answer(self, kind: str, **args: Any) -> dict[str, Any]:
        """What a query action answers there.

        Raises:
            BadInput, NotFound: what it names was not there.
        """
        envelope = Envelope(request_id=self.request, actions=(Asked(type=kind, args=args),))
        if self.at is None:
            outcome = await perform(self.held.door, self.workspace, envelope, self.actor, episode_id=self.episode)
        else:
            async with self.held.database.connect() as conn:
                revision = await revision_of(conn, self.workspace, self.at)
            outcome = await ask_then(self.held.door, self.workspace, envelope, self.actor, revision, episode_id=self.episode)
        return outcome.data[0]


def moment(
    workspace: UUID,
    held: HeldDep,
    actor: ActorDep,
    request_id: RequestId,
    at: Annotated[str | None, Query(max_length=200, description=PLACE)] = None,
    episode: Annotated[UUID | None, Query(description="Without it, the first episode.")] = None,
) -> Moment:
    """The place that the address names."""
    return Moment(held, workspace, actor, request_id, at, episode)


MomentDep = Annotated[Moment, Depends(moment)]


def _there(view: GraphView, workspace: UUID) -> GraphView:
    if view.find(Workspace, workspace) is None:
        raise NotFound(f"there is no project {workspace}")
    return view
