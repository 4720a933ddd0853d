"""The whole stack as processes of their own, each of which can be killed or stopped, and is started again by its keeper.

There is no supervisor of the product here: `storyreel up` gives up on a part that keeps dying, and rightly so.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from storyreel.embedded import fetch, postgres, temporal
from storyreel.embedded.child import LAUNCH, Child, tail
from storyreel.embedded.home import Endpoints, open_home, write_endpoints
from storyreel.embedded.ports import free
from storyreel.embedded.supervisor import child_environment, product, responds
from storyreel.graph.upgrade import upgrade
from storyreel.runtime.settings import Settings, load
from tests.acceptance.stand import Json, Reach, VendorProcess, alive, until
from tests.fixtures_services import run

GATEWAY = "versitygw-1.7.0"
GATEWAY_PACKAGE = "github.com/versity/versitygw/cmd/versitygw@v1.7.0"
USER, SECRET = "tester", "tester-secret"
LOOK_S = 0.05
# Longer than the vendor holds back a job that is to end, so that only those are called off that never do.
PATIENCE_S = 120.0
# A person who asks again until there is an answer: killed one after the other, the parts may be away for long on a slow machine.
LONGEST_AWAY_S = 900.0
PRICES = {"image": 0.01, "video": 0.02, "voice": 0.3, "music": 0.05}


class Part:
    """One process. It is started again when it ends, after `away_s`."""

    def __init__(self, child: Child, logs: Path) -> None:
        self.child, self.log = child, logs / f"{child.name}.log"
        self.starts = 0
        self.away_s = 0.0
        self.ready = threading.Event()
        # When it was last seen well, by the steady clock, and the longest it was not.
        self.longest_away_s = 0.0
        self._gone_at: float | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name=f"keep {child.name}", daemon=True)

    @property
    def name(self) -> str:
        return self.child.name

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, patience_s: float = 150.0) -> None:
        """Start it for good, and wait until it is ready."""
        self._keeper.start()
        assert self.ready.wait(patience_s), f"{self.name} did not start:\n{tail(self.log)}"

    def kill(self, *, family: bool = False, away_s: float = 0.0) -> None:
        """SIGKILL it, with all that it has started where `family` says so; it comes back after `away_s`."""
        self.away_s = away_s
        self._gone()
        pids = [self.pid, *(_children(self.pid) if family else ())]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP it and all that it has started."""
        self._gone()
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)
        self._watch()

    def end(self) -> None:
        """Stop it for good, as an operator does."""
        self._ending.set()
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._signal(signal.SIGCONT)
                self._process.send_signal(self.child.stop_signal)
        self._keeper.join(self.child.stop_s + 5)
        if self._process is not None and self._process.poll() is None:
            self.kill(family=True)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        for pid in [self.pid, *_children(self.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _gone(self) -> None:
        self.ready.clear()
        self._gone_at = self._gone_at or time.monotonic()

    def _keep(self) -> None:
        while not self._ending.is_set():
            self.child.before()
            self._process = self._spawn()
            self.starts += 1
            self._watch()
            self._process.wait()
            self._gone()
            self._ending.wait(self.away_s or LOOK_S)
            self.away_s = 0.0

    def _watch(self) -> None:
        """Wait in another thread until it answers."""
        threading.Thread(target=self._until_ready, args=(self.pid,), daemon=True).start()

    def _until_ready(self, pid: int) -> None:
        while self._process is not None and self._process.pid == pid and self._process.poll() is None:
            if run(self.child.ready()):
                if self._gone_at is not None:
                    self.longest_away_s = max(self.longest_away_s, time.monotonic() - self._gone_at)
                    self._gone_at = None
                self.ready.set()
                return
            time.sleep(LOOK_S)

    def _spawn(self) -> subprocess.Popen[bytes]:
        orders = (str(os.getpid()), str(int(self.child.death_signal)), str(self.child.uid), str(self.child.gid), "--")
        with self.log.open("ab") as out:
            return subprocess.Popen(
                (sys.executable, "-I", "-S", str(LAUNCH), *orders, *self.child.argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **self.child.env},
                process_group=0,
            )


class ChaosStand(Reach):
    """A home, the counting vendor, and the stack's parts by name: postgres, temporal, store, worker-1, worker-2, api."""

    def __init__(self, folder: Path, vendor: VendorProcess, *, store: bool = True, workers: int = 2, **given: Any) -> None:
        self.folder, self.vendor = folder, vendor
        self.parts: dict[str, Part] = {}
        self._given, self._with_store, self._workers = given, store, workers
        self._endpoints: Endpoints | None = None
        self.settings = self._settings()

    @property
    def endpoints(self) -> Endpoints:
        assert self._endpoints is not None
        return self._endpoints

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @contextmanager
    def up(self) -> Generator[ChaosStand]:
        """Everything runs while the block does."""
        self.logs.mkdir(parents=True, exist_ok=True)
        open_home(self.settings.home_dir)
        with ExitStack() as stack:
            stack.callback(self.down)
            cluster = postgres.open_cluster(self.settings.home_dir, free())
            run(postgres.create(cluster, self.logs / "initdb.log"))
            self._start(postgres.server(cluster))
            run(postgres.prepare(cluster))
            run(upgrade(cluster.dsn(postgres.OWNER)))
            if self._with_store:
                self._start(self._gateway())
            self._start(self._temporal())
            self._endpoints = self._found(cluster)
            write_endpoints(self.settings.home_dir, self.endpoints)
            for child in self.own():
                self._start(child)
            yield self

    def down(self) -> None:
        """Stop everything, the stores last."""
        for part in reversed(self.parts.values()):
            part.end()

    def whole(self, patience_s: float = 180.0) -> None:
        """Wait until every part is ready."""
        for part in self.parts.values():
            assert part.ready.wait(patience_s), f"{part.name} did not come back:\n{tail(part.log)}"

    def own(self) -> Sequence[Child]:
        """Storyreel's own processes."""
        worker, api = product(self.settings, self.endpoints)
        return (*(self._worker(worker, n) for n in range(1, self._workers + 1)), api)

    def steadily(self, method: str, path: str, body: Any = None, *, key: str = "") -> Json:
        """An answer of the API, asked for again for as long as it is away; a request with a key is safe to send twice."""

        def answered() -> Any:
            answer = self.api(method, path, body, key=key, ok=False)
            if answer.status_code in {500, 502, 503, 504}:
                raise OSError(f"{answer.status_code} {answer.text[:300]}")
            return answer

        found = until(lambda: _or_none(answered), f"{method} {path}", LONGEST_AWAY_S)
        assert found.is_success, f"{method} {path}: {found.status_code} {found.text}"
        told: Json = found.json()
        return told

    def _start(self, child: Child) -> None:
        part = Part(child, self.logs)
        self.parts[child.name] = part
        part.start()

    def _settings(self) -> Settings:
        remote = {f"provider_{name}": "remote" for name in ("image", "video", "voice", "music")}
        given: dict[str, Any] = {
            "home": self.folder / "home",
            "provider_text": "rules",
            "temporal_headless": True,
            "remote_provider_url": self.vendor.url,
            "remote_provider_prices": PRICES,
            "worker_slots": "image=4,video=4,audio=4,post=2",
            "provider_patience_s": PATIENCE_S,
            **remote,
            **self._given,
        }
        if self._with_store:
            given |= {
                "s3_endpoint": f"http://127.0.0.1:{free()}",
                "s3_access_key": USER,
                "s3_secret_key": SECRET,
                "s3_bucket": "chaos",
            }
        return load(**given)

    def _gateway(self) -> Child:
        cache = fetch.cache_folder(load())
        program = cache / "bin" / GATEWAY
        if not program.exists() and (problem := run(fetch.go_install(GATEWAY_PACKAGE, program))):
            raise RuntimeError(f"No S3 server to use: {problem}")
        data = self.folder / "s3"
        data.mkdir(exist_ok=True)
        address = self.settings.s3_endpoint.removeprefix("http://")
        return Child(
            name="store",
            argv=(str(program), "--port", address, "--health", "/health", "posix", str(data)),
            env={"ROOT_ACCESS_KEY": USER, "ROOT_SECRET_KEY": SECRET},
            ready=lambda: responds(f"{self.settings.s3_endpoint}/health"),
        )

    def _temporal(self) -> Child:
        found = run(temporal.find(load()))
        self.address = temporal.Address(free(), free(), free())
        file = self.settings.home_dir / "temporal.db"
        return temporal.server(found.path, self.address, file=file, ui=False)

    def _found(self, cluster: postgres.Cluster) -> Endpoints:
        return Endpoints(
            pid=os.getpid(),
            started_at="",
            database_url=cluster.dsn(postgres.OWNER),
            app_database_url=cluster.dsn(postgres.APP),
            temporal_address=self.address.frontend,
            temporal_namespace="default",
            temporal_ui="",
            api=f"http://127.0.0.1:{free()}",
            store=self.settings.s3_endpoint or str(self.settings.home_dir / "assets"),
        )

    def _worker(self, worker: Child, number: int) -> Child:
        ready = self.folder / f"worker-{number}.ready"
        env = {**child_environment(self.settings, self.endpoints), "STORYREEL_READY_FILE": str(ready)}

        async def there() -> bool:
            return ready.exists()

        return dataclasses.replace(
            worker, name=f"worker-{number}", env=env, ready=there, before=lambda: ready.unlink(missing_ok=True)
        )


@contextmanager
def chaos_stand(folder: Path, seed: int, *, much: float = 1.0, **given: Any) -> Generator[ChaosStand]:
    """The stack and its wild vendor in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    argv = ["tests.standins.wild", "--seed", str(seed), "--much", str(much), "--journal", str(folder / "vendor.jsonl")]
    with (folder / "vendor.log").open("wb") as log:
        vendor = VendorProcess(log, *argv, "--prices", json.dumps(PRICES))
        try:
            with ChaosStand(folder, vendor, **given).up() as stand:
                yield stand
        finally:
            vendor.stop()


def _or_none(ask: Any) -> Any:
    try:
        return ask()
    except OSError:
        return None


def _children(pid: int) -> list[int]:
    """All processes that stem from one."""
    found, more = list[int](), [pid]
    while more:
        of = more.pop()
        for task in Path(f"/proc/{of}/task").glob("*/children") if alive(of) else ():
            with contextlib.suppress(OSError):
                new = [int(word) for word in task.read_text().split()]
                found += new
                more += new
    return found
