"""Event streams, any number of them: what happens in a project is read once a process, put in words once, and sent to all who follow.

A stream first reads for itself what it has missed, then takes what the project's reader hands it. Until both stand at the same place it
keeps its own account of what it has told, so that it misses nothing at the seam and tells nothing twice.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from api.listener import Listener, News
from api.stream import PING, PING_S
from storyreel.ledger.events import Event, Tail, recent
from storyreel.model.digest import canonical
from storyreel.model.errors import Unavailable
from storyreel.runtime.database import Database

AWAY_S = 1.0
# Fewer than were asked for are all that there are: what comes after them rings.
MOST_AT_ONCE = 200
# Streams that begin at the same moment read one after the other, and leave connections to others.
READERS = 3
# Who reads so slowly is sent what it missed from the database, when it reads again.
MOST_WAITING = 500
# Where a process goes away, its streams come back to others at different moments.
COME_BACK_MS = (100, 1500)


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words, and the place of whoever was told all that the project's reader told."""

    event: Event
    place: str
    body: bytes
    # With its place: what a stream that stands there sends.
    whole: bytes

    def after(self, tail: Tail) -> bytes:
        """What another stream sends; nothing where it has told that by itself."""
        return b"" if tail.knows(self.event) else at(tail.told(self.event), self.body)


def told_of(event: Event, place: str) -> Told:
    """An event in words, after which one stands at a place."""
    body = in_words(event)
    return Told(event, place, body, at(place, body))


def in_words(event: Event) -> bytes:
    """The event without its place."""
    data = canonical({"kind": event.kind, "at": event.at.isoformat(), **event.data})
    return f"event: {event.source}\r\ndata: {data}\r\n\r\n".encode()


def at(place: str, body: bytes) -> bytes:
    """Words with the place after them."""
    return b"id: " + place.encode() + b"\r\n" + body


@dataclass(eq=False)
class Follower:
    """One stream: what it is yet to send, and how its screen is asked to show something."""

    news: News
    waiting: deque[Told] = field(default_factory=deque[Told])
    overrun: bool = False

    def push(self, told: Told) -> None:
        """Hand it an event."""
        if len(self.waiting) >= MOST_WAITING:
            self.waiting.clear()
            self.overrun = True
        self.waiting.append(told)
        self.news.set()

    def shown(self) -> bytes:
        """What its screen is asked to show."""
        asked: list[str] = []
        while self.news.shown:
            asked.append(f"event: ui\r\ndata: {canonical(self.news.shown.popleft())}\r\n\r\n")
        return "".join(asked).encode()


class Reader:
    """Follows one project for all its streams."""

    def __init__(self, database: Database, workspace_id: UUID) -> None:
        self.followers: set[Follower] = set()
        # Set once it hands on all that happens: what happened before, each stream reads for itself.
        self.begun = asyncio.Event()
        self._database = database
        self._tail = Tail(workspace_id)

    async def run(self, news: News) -> None:
        """Read whenever there may be news, until cancelled."""
        while True:
            news.clear()
            try:
                found = await self._read()
            except Unavailable:
                await asyncio.sleep(AWAY_S)
                news.set()
                continue
            for event in found:
                told = told_of(event, self._tail.told(event))
                for follower in self.followers:
                    follower.push(told)
            if len(found) < MOST_AT_ONCE:
                await news.wait()

    async def _read(self) -> list[Event]:
        async with self._database.connect() as conn:
            if not self.begun.is_set():
                self._tail = await recent(conn, self._tail.workspace_id)
                self.begun.set()
            return await self._tail.read(conn, MOST_AT_ONCE)


class Fanout:
    """All event streams of a process. `close` ends them, and asks their readers to come back a moment later."""

    def __init__(self, database: Database, listener: Listener) -> None:
        self._database = database
        self._listener = listener
        self._readers: dict[UUID, tuple[Reader, asyncio.Task[None]]] = {}
        self._open: set[Follower] = set()
        self._gate = asyncio.Semaphore(READERS)
        self._closing = False

    def close(self) -> None:
        """End every stream, and those that are asked for from now on."""
        self._closing = True
        for reader, _ in self._readers.values():
            reader.begun.set()
        for follower in self._open:
            follower.news.set()

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._open)

    async def follow(self, tail: Tail, actor: str) -> AsyncGenerator[bytes]:
        """A stream from a place on, in pieces ready to be sent; it ends when the process does."""
        async with self._following(tail.workspace_id, actor) as me:
            while not self._closing:
                me.overrun = False
                async with aclosing(self._missed(tail)) as missed:
                    async for piece in missed:
                        yield piece
                async with aclosing(self._on(tail, me)) as on:
                    async for piece in on:
                        yield piece
        yield f"retry: {random.randint(*COME_BACK_MS)}\r\n: come back\r\n\r\n".encode()  # noqa: S311 (it spreads a crowd)

    async def _missed(self, tail: Tail) -> AsyncGenerator[bytes]:
        """What happened before the stream began to follow."""
        while not self._closing:
            try:
                async with self._gate, self._database.connect() as conn:
                    found = await tail.read(conn)
            except Unavailable:
                await asyncio.sleep(AWAY_S)
                continue
            if not found:
                return
            for event in found:
                yield at(tail.told(event), in_words(event))

    async def _on(self, tail: Tail, me: Follower) -> AsyncGenerator[bytes]:
        """What is handed on, until the process ends or more was handed on than was read; then the tail stands where it broke off."""
        own, place = True, tail.place
        while not (self._closing or me.overrun):
            me.news.clear()
            pieces: list[bytes] = []
            while me.waiting and not me.overrun:
                told = me.waiting.popleft()
                pieces.append(told.after(tail) if own else told.whole)
                own = own and tail.place != told.place
                place = tail.place if own else told.place
            if piece := b"".join(pieces) + me.shown():
                yield piece
            elif not await _heard(me.news):
                yield PING
        if not own:
            tail.go_on(place)

    @asynccontextmanager
    async def _following(self, workspace_id: UUID, actor: str) -> AsyncGenerator[Follower]:
        async with self._listener.news_of(workspace_id, actor, bells=False) as news:
            me = Follower(news)
            reader = self._reader(workspace_id)
            reader.followers.add(me)
            self._open.add(me)
            try:
                await reader.begun.wait()
                yield me
            finally:
                self._open.discard(me)
                reader.followers.discard(me)
                await self._leave(workspace_id, reader)

    def _reader(self, workspace_id: UUID) -> Reader:
        if workspace_id not in self._readers:
            reader = Reader(self._database, workspace_id)
            self._readers[workspace_id] = reader, asyncio.create_task(self._run(workspace_id, reader))
        return self._readers[workspace_id][0]

    async def _run(self, workspace_id: UUID, reader: Reader) -> None:
        async with self._listener.news_of(workspace_id) as news:
            await reader.run(news)

    async def _leave(self, workspace_id: UUID, reader: Reader) -> None:
        held = self._readers.get(workspace_id)
        if held is None or held[0] is not reader or reader.followers:
            return
        del self._readers[workspace_id]
        held[1].cancel()
        with suppress(asyncio.CancelledError):
            await held[1]


async def _heard(news: News) -> bool:
    try:
        async with asyncio.timeout(PING_S):
            await news.wait()
    except TimeoutError:
        return False
    return True
