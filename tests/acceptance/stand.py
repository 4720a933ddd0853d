"""The product as a person runs it: `storyreel up` on a folder of its own, and the counting vendor as another process.

Everything is looked at from outside: the API, the database, the vendor's counters. Waiting is always for a state, with a deadline.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import httpx
import psycopg
from psycopg.rows import dict_row

from storyreel.embedded.home import Endpoints, read_endpoints

ROOT = Path(__file__).parents[2]
PATIENCE_S = 180.0
LOOK_S = 0.05
OVER = {"succeeded", "failed", "cancelled", "manual_review"}
# Small and quick: the smallest frame, one picture a shot.
PROFILE = {"resolution": "360p", "grid_rows": 1, "grid_cols": 1}
# A shot's end of a stage waits for a lock where a row asks for it, so that a process can be killed exactly there.
HOLDS = """
create table if not exists hold (stage text, subject text);
create or replace function held() returns trigger language plpgsql as $$ begin
    if new.kind = 'stage_done' and exists (
        select from hold h join task t on t.workspace_id = new.workspace_id and t.id = new.task_id
        left join work_item w on w.workspace_id = t.workspace_id and w.id = t.work_item_id
        where h.stage = new.stage and coalesce(w.spec #>> '{picture,subject}', '') = h.subject)
    then perform pg_advisory_xact_lock_shared(4711); end if;
    return new;
end $$;
create or replace trigger held before insert on task_event for each row execute function held();
"""
Json = dict[str, Any]


def until(look: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """The first thing that `look` finds to be true; what is away meanwhile is looked for again."""
    deadline = time.monotonic() + patience_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            if last := look():
                return last
        except (psycopg.OperationalError, httpx.HTTPError) as away:
            last = away
        time.sleep(LOOK_S)
    raise AssertionError(f"waited {patience_s:.0f} s for {what}; at the end: {last}")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class VendorProcess:
    """The counting vendor."""

    def __init__(self, log: IO[bytes], *argv: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *(argv or ("tests.standins.vendor",))], stdout=subprocess.PIPE, stderr=log, cwd=ROOT, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def behave(self, **manners: Any) -> None:
        self._http.post("/control", json=manners).raise_for_status()

    def counts(self) -> Json:
        told: Json = self._http.get("/counts").json()
        return told

    def jobs(self, capability: str = "", text: str = "") -> list[Json]:
        """The jobs it was given, of one capability, whose request holds a text."""
        return [
            job
            for job in self.counts()["jobs"]
            if capability in ("", job["capability"]) and text in json.dumps(job["request"], ensure_ascii=False)
        ]

    def stop(self) -> None:
        self._http.close()
        self._process.kill()
        self._process.wait()


class Reach:
    """A running stack as one gets at it from outside: its database and its API."""

    vendor: VendorProcess

    @property
    def endpoints(self) -> Endpoints:
        """Where it is found."""
        raise NotImplementedError

    @contextmanager
    def sql(self) -> Iterator[psycopg.Connection[Json]]:
        """The database as its owner."""
        with psycopg.connect(self.endpoints.database_url, autocommit=True, row_factory=dict_row) as conn:
            yield conn

    def rows(self, query: str, *values: Any) -> list[Json]:
        with self.sql() as conn:
            return conn.execute(query, values).fetchall()

    def api(self, method: str, path: str, body: Any = None, *, key: str = "", ok: bool = True) -> Any:
        """The JSON of an answer of the API."""
        headers = {"Idempotency-Key": key} if key else {}
        with httpx.Client(base_url=self.endpoints.api, trust_env=False, timeout=60) as http:
            answer = http.request(method, path, json=body, headers=headers)
        assert answer.is_success or not ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if ok else answer


class Stand(Reach):
    """One home and the stack in it."""

    def __init__(self, home: Path, vendor: VendorProcess, **env: str) -> None:
        self.home, self.vendor = home, vendor
        remote = {f"STORYREEL_PROVIDER_{name}": "remote" for name in ("IMAGE", "VIDEO", "VOICE", "MUSIC")}
        self.env = {
            **os.environ,
            **remote,
            "STORYREEL_HOME": str(home),
            "STORYREEL_PROVIDER_TEXT": "rules",
            "STORYREEL_REMOTE_PROVIDER_URL": vendor.url,
            "STORYREEL_REMOTE_PROVIDER_PRICES": json.dumps({"image": 0.01, "video": 0.02, "music": 0.05}),
            "STORYREEL_TEMPORAL_HEADLESS": "true",
            "STORYREEL_WORKER_SLOTS": "image=4,video=4,audio=4,post=4",
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.out = home.with_name(f"{home.name}.out")

    def up(self) -> None:
        """Start it, and wait until it serves."""
        with self.out.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "storyreel", "up"],
                env=self.env,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
            )

        def serves() -> bool:
            assert self.process is not None and self.process.poll() is None, self.told()
            found = read_endpoints(self.home)
            return found is not None and found.pid == self.process.pid

        until(serves, "the stack to be up")
        with self.sql() as conn:
            conn.execute(HOLDS)

    def down(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(60) == 0, self.told()
        finally:
            self.process.kill()
            self.process.wait()
            self.process = None

    def told(self) -> str:
        return self.out.read_text()[-4000:]

    @property
    def endpoints(self) -> Endpoints:
        found = read_endpoints(self.home)
        assert found is not None, self.told()
        return found

    def kill(self, name: str) -> None:
        """SIGKILL one part; it is up again when this returns."""
        before = self.endpoints.pids[name]
        os.kill(before, signal.SIGKILL)
        until(lambda: not alive(before), f"{name} to die")
        until(lambda: self.endpoints.pids.get(name) not in (None, before), f"{name} to be started again")

    def kill_all(self) -> None:
        """SIGKILL everything at once, the supervisor first."""
        assert self.process is not None
        pids = [self.process.pid, *self.endpoints.pids.values()]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: not any(alive(pid) for pid in pids), "everything to die")
        self.process = None

    @contextmanager
    def holding(self, *ends: tuple[str, str]) -> Iterator[Callable[[], bool]]:
        """Let no (stage, subject) of these end while the block runs; what is given says whether all of them wait."""
        with self.sql() as locked, self.sql() as conn:
            locked.execute("select pg_advisory_lock(4711)")
            conn.cursor().executemany("insert into hold values (%s, %s)", ends)
            waiting = "select count(*) as n from pg_locks where locktype = 'advisory' and objid = 4711 and not granted"
            yield lambda: conn.execute(waiting).fetchall()[0]["n"] == len(ends)
            conn.execute("delete from hold")


class Film:
    """One project on a stand."""

    def __init__(self, stand: Reach, shots: Sequence[Json], **profile: Any) -> None:
        self.stand = stand
        made = stand.api(
            "POST", "/v1/workspaces", {"name": "A film", "fps": 24, "profile": {**PROFILE, **profile}}, key=uuid4().hex
        )
        self.id = str(made["workspace_id"])
        self.path = f"/v1/workspaces/{self.id}"
        if shots:
            self.do(
                {"type": "scene.add", "args": {"title": "One", "place": "street"}, "as": "one"},
                {"type": "shot.bulk_add", "args": {"shots": [{"scene": "$one", **shot} for shot in shots]}},
            )

    def ask(self, *actions: Json) -> Json:
        told: Json = self.stand.api("POST", f"{self.path}/actions", {"actions": list(actions)}, key=uuid4().hex)
        return told

    def approve(self, proposal: Json) -> Json:
        told: Json = self.stand.api("POST", f"{self.path}/proposals/{proposal['id']}/approve")
        return told

    def do(self, *actions: Json) -> list[str]:
        """Ask, say yes where it asks back; the tasks that came of it."""
        outcome = self.ask(*actions)
        if outcome["proposal"]:
            outcome = self.approve(outcome["proposal"])
        return outcome["commit"]["tasks"]

    def tasks(self) -> list[Json]:
        found: list[Json] = self.stand.rows(
            "select t.id::text, t.kind::text, t.state::text, t.stage, t.stages, t.run, t.error, t.note,"
            " w.spec #>> '{picture,subject}' as subject from task t"
            " left join work_item w on w.workspace_id = t.workspace_id and w.id = t.work_item_id"
            " where t.workspace_id = %s order by t.created_at",
            self.id,
        )
        return found

    def finish(self, patience_s: float = PATIENCE_S) -> list[Json]:
        """The tasks once all have ended, which is well."""
        found = until(
            lambda: all(task["state"] in OVER for task in self.tasks()) and self.tasks(), "all tasks to end", patience_s
        )
        assert {task["state"] for task in found} == {"succeeded"}, found
        return found

    def film(self) -> Json:
        told: Json = self.stand.api("GET", f"{self.path}/film")
        return told

    def bought(self) -> Counter[tuple[str, str]]:
        """How often the vendor was handed a job, by shot and stage; the film's own are under ''."""
        submissions: Json = self.stand.vendor.counts()["submissions"]
        jobs = self.stand.rows(
            "select replace(j.id::text, '-', '') as key, j.stage, coalesce(w.spec #>> '{picture,subject}', '') as subject from provider_job j"
            " left join work_item w on w.workspace_id = j.workspace_id and w.id = j.owner_id where j.workspace_id = %s",
            self.id,
        )
        found: Counter[tuple[str, str]] = Counter()
        for job in jobs:
            found[job["subject"], job["stage"]] += submissions.get(job["key"], 0)
        return found

    def segments(self) -> Json:
        """The final segment of each shot, by subject: the asset that the film is joined of."""
        found = self.stand.rows(
            "select w.spec #>> '{picture,subject}' as subject, n.asset_id from work_item w"
            " join node n on n.workspace_id = w.workspace_id and n.id = w.final_node_id where w.workspace_id = %s",
            self.id,
        )
        return {one["subject"]: one["asset_id"] for one in found}


def shot(subject: str, *, line: str = "", duration_s: float = 0.5) -> Json:
    lines = [{"text": line}] if line else []
    return {"duration_s": duration_s, "picture": {"subject": subject}, "lines": lines}
