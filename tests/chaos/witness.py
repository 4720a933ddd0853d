"""People who work on while everything dies: one edits and talks, one watches. What they were told must be true in the end."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from uuid import UUID, uuid4

import httpx

from storyreel.model.ids import NAMESPACE, derive
from tests.acceptance.stand import Film
from tests.chaos.parts import ChaosStand

PAUSE_S = 0.5
# One message in so many edits.
TALKS = 5


class Witness:
    """A thread that works until it is told to stop; what it failed of is in `trouble`."""

    def __init__(self, stand: ChaosStand, film: Film) -> None:
        self.stand, self.film = stand, film
        self.trouble: list[str] = []
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self._thread.join(200)
        if self._thread.is_alive():
            self.trouble.append(f"{type(self).__name__} hangs")

    def _work(self) -> None:
        try:
            while not self.stopping.is_set():
                self.turn()
                self.stopping.wait(PAUSE_S)
        except Exception as failure:  # noqa: BLE001 - told at the end, with all the rest
            self.trouble.append(f"{type(self).__name__} failed: {failure!r}")

    def turn(self) -> None:
        raise NotImplementedError


class Editor(Witness):
    """Writes notes on shots and asks questions. What is not answered is asked again under the same key."""

    def __init__(self, stand: ChaosStand, film: Film, shots: int) -> None:
        super().__init__(stand, film)
        self.shots = shots
        self.edits: dict[UUID, str] = {}
        self.turns: dict[UUID, str] = {}
        self.longest_s = 0.0

    def turn(self) -> None:
        number = len(self.edits) + len(self.turns)
        begun = time.monotonic()
        (self._talk if number % TALKS == TALKS - 1 else self._edit)(number)
        self.longest_s = max(self.longest_s, time.monotonic() - begun)

    def _edit(self, number: int) -> None:
        key, note = uuid4().hex, f"note {number}"
        path = f"{self.film.path}/actions"
        args = {"shots": str(1 + number % self.shots), "notes": note}
        self.stand.steadily("POST", path, {"actions": [{"type": "shot.update", "args": args}]}, key=key)
        self.edits[derive(NAMESPACE, "idempotency", path, key)] = note

    def _talk(self, number: int) -> None:
        key, path = uuid4().hex, f"{self.film.path}/chat"
        said = self.stand.steadily("POST", path, {"text": f"Show shot {1 + number % self.shots}"}, key=key)
        assert said["turn"], said
        self.turns[derive(NAMESPACE, "idempotency", path, key)] = key

    def missing(self) -> list[str]:
        """What was acknowledged and is not there, or is there twice."""
        found = self.stand.rows(
            "select request_id, count(*) as n from commit where workspace_id = %s group by request_id", self.film.id
        )
        made = {one["request_id"]: one["n"] for one in found}
        lost = [
            f"the edit “{note}” ({key}) was acknowledged and is not in the log"
            for key, note in self.edits.items()
            if not made.get(key)
        ]
        twice = [f"the edit {key} was done {n} times" for key, n in made.items() if n > 1]
        said = Counter(one["id"] for one in self.stand.rows("select turn_id as id from message where role = 'person'"))
        lost += [f"the message {turn} was answered and is not kept" for turn in self.turns if said[turn] != 1]
        return lost + twice


class Follower(Witness):
    """Follows the event stream through every break, from where it was."""

    def __init__(self, stand: ChaosStand, film: Film) -> None:
        super().__init__(stand, film)
        self.seen: Counter[tuple[str, str, str]] = Counter()
        self.place = "0.0"
        self.breaks = 0

    def turn(self) -> None:
        url = f"{self.stand.endpoints.api}{self.film.path}/events"
        try:
            with httpx.stream("GET", url, headers={"Last-Event-ID": self.place}, timeout=20, trust_env=False) as answer:
                if answer.is_success:
                    self._read(answer)
        except httpx.HTTPError:
            self.breaks += 1

    def _read(self, answer: httpx.Response) -> None:
        place, kind, data = "", "", ""
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                place = value
            elif name == "event":
                kind = value
            elif name == "data":
                data = value
            elif not line and data:
                if place:
                    self._note(kind, json.loads(data))
                    self.place = place
                place, kind, data = "", "", ""
            if self.stopping.is_set():
                return

    def _note(self, source: str, told: dict[str, str]) -> None:
        about = str(told["revision"]) if source == "commit" else told["task_id"]
        self.seen[source, about, told["kind"] + ("" if source == "commit" else told["at"])] += 1

    def missing(self) -> list[str]:
        """Events that it was not told, or was told twice."""
        commits = self.stand.rows("select revision, created_at from commit where workspace_id = %s", self.film.id)
        tasks = self.stand.rows("select task_id, kind, at from task_event where workspace_id = %s", self.film.id)
        there = Counter(("commit", str(one["revision"]), "commit") for one in commits)
        there += Counter(("task", str(one["task_id"]), one["kind"] + one["at"].isoformat()) for one in tasks)
        lost, twice = there - self.seen, self.seen - there
        return [f"the stream did not tell {event}" for event in lost] + [f"the stream told {event} too often" for event in twice]

    def caught_up(self) -> bool:
        return not self.missing()
