"""The counting vendor on its worst days: every job is misbehaved with by a seeded draw, and everything is written down.

    python -m tests.standins.wild --seed 1 --journal FILE --prices '{"image": 0.01}'

What happens to a job depends on the seed, on what is asked and on how often it was asked before, never on the clock, so that the same
seed misbehaves in the same way. The vendor keeps no order by key: a second submit of one key is a second job, and costs again. A job
costs its price once it is done, whether or not anybody fetches it; one that failed or was called off costs nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storyreel.model.digest import digest
from tests.standins.vendor import Job, Vendor, made

# How likely each is, in thousandths, and which part of the talk it spoils. What is left is good manners.
SUBMITTING = {"429": 90, "500": 50, "503": 30, "hangs": 25, "500 after it was made": 50, "answers garbage": 40, "breaks off": 50}
WORKING = {"slow": 150, "fails once": 40, "has no room": 20, "refuses": 12, "never ends": 20}
TELLING = {"stumbles": 60, "garbage": 50, "forgets for a moment": 40, "done twice": 60}
HANDING = {"wrong bytes once": 60, "cut short once": 60, "breaks off": 50, "wrong bytes always": 12, "wrong length": 20}
# These end with a person, or with another bought job: not more than a few of them in a run of forty shots.
MICRO = Decimal("0.000001")
RETRY_AFTER_S = 1
HANGS_S = 60.0
# A job that is to end is never held back for longer.
HELD_MOST_S = 40.0


@dataclass
class Fate:
    """What is wrong with one job."""

    submit: str = ""
    work: str = ""
    tell: str = ""
    hand: str = ""
    slow_s: float = 0.0
    told: Counter[str] = field(default_factory=Counter[str])


def draw(chance: random.Random, wrong: Mapping[str, int], much: float) -> str:
    """One of the wrongs, or nothing."""
    at = chance.random() * 1000
    for name, weight in wrong.items():
        at -= weight * much
        if at < 0:
            return name
    return ""


def fate_of(seed: int, capability: str, request: Mapping[str, Any], time_asked: int, much: float) -> Fate:
    """The fate of a request that is made for the n-th time; what was misbehaved with often enough is spared."""
    chance = random.Random(f"{seed}:{capability}:{digest(dict(request))}:{time_asked}")
    if time_asked > 2:
        return Fate(slow_s=chance.uniform(0.1, 0.5))
    fate = Fate(*(draw(chance, wrong, much) for wrong in (SUBMITTING, WORKING, TELLING, HANDING)))
    fate.slow_s = chance.uniform(2.0, 6.0) if fate.work == "slow" else chance.uniform(0.1, 1.0)
    if fate.hand == "wrong length" and capability != "video":
        fate.hand = "cut short once"
    return fate


def units(capability: str, request: Mapping[str, Any]) -> Decimal:
    """What a vendor counts: pictures, seconds, thousands of characters, pieces."""
    match capability:
        case "image":
            return Decimal(request["rows"] * request["cols"])
        case "video":
            return Decimal(request["frames"]) / Decimal(request["fps"])
        case "voice":
            return Decimal(len(request["text"])) / 1000
        case _:
            return Decimal(1)


class WildVendor(Vendor):
    """A vendor with a seed, a price list and a journal.

    Args:
        seed: what the misbehaviour is drawn from.
        prices: what a unit costs, by capability, in US dollars.
        journal: a file that gets a line of JSON for everything that happens.
        much: how much it misbehaves; 0 is good manners.
    """

    def __init__(self, seed: int, prices: Mapping[str, float], journal: Path, much: float = 1.0) -> None:
        super().__init__()
        self._seed, self._much = seed, much
        self._prices = {name: Decimal(str(price)) for name, price in prices.items()}
        self._journal = journal.open("a", buffering=1)
        self._begun = time.monotonic()
        self._asked: Counter[str] = Counter()
        self._fates: dict[str, Fate] = {}
        self.misbehaved: Counter[str] = Counter()
        self.charged: dict[str, Decimal] = {}
        # How many jobs may be done by now; None is as many as there are. So a run lasts as long as its kills do.
        self.allowed: int | None = None

    def note(self, what: str, **told: Any) -> None:
        """Write a line in the journal."""
        self._journal.write(json.dumps({"at_s": round(time.monotonic() - self._begun, 3), "what": what, **told}) + "\n")

    async def _submit(self, request: Request) -> Response:
        body = await request.json()
        what = f"{body['capability']}:{digest(body['request'])}"
        self._asked[what] += 1
        fate = fate_of(self._seed, body["capability"], body["request"], self._asked[what], self._much)
        self.note("asked", key=body["key"], capability=body["capability"], fate=fate.submit or "well")
        if fate.submit in {"429", "500", "503", "hangs"}:
            self._wrong(f"submit: {fate.submit}")
            if fate.submit == "hangs":
                await asyncio.sleep(HANGS_S)
            return self._no(500 if fate.submit == "hangs" else int(fate.submit))
        job = self._take(body, fate)
        if fate.submit:
            self._wrong(f"submit: {fate.submit}")
        match fate.submit:
            case "500 after it was made":
                return self._no(500)
            case "answers garbage":
                return Response("<html>Bad gateway", 201, media_type="application/json")
            case "breaks off":
                return Response("{}", 201, {"content-length": "4000"})
            case _:
                return JSONResponse(self._state(job), 201)

    def _take(self, body: dict[str, Any], fate: Fate) -> Job:
        job = Job(
            id=f"job-{next(self._numbers)}",
            key=body["key"],
            capability=body["capability"],
            request=body["request"],
            since=time.monotonic(),
            needs=[],
        )
        job.needs = [asset["id"] for asset in _inputs(job.request)]
        job.error = {"fails once": "internal", "has no room": "resource", "refuses": "refused"}.get(fate.work, "")
        self.jobs[job.id], self._fates[job.id] = job, fate
        self.counts["submit"] += 1
        self.submissions[job.key] += 1
        if fate.work:
            self._wrong(f"work: {fate.work}")
        self.note("made", key=job.key, job=job.id)
        return job

    async def _job(self, request: Request) -> Response:
        self.counts["ask"] += 1
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return self._no(404)
        fate = self._fates[job.id]
        fate.told["asked"] += 1
        if fate.tell and fate.told["asked"] == 2:
            self._wrong(f"question: {fate.tell}")
            match fate.tell:
                case "stumbles":
                    return self._no(500)
                case "garbage":
                    return Response("}{", 200, media_type="application/json")
                case "forgets for a moment":
                    return self._no(404)
        return JSONResponse(self._state(job))

    async def _find(self, request: Request) -> Response:
        answer = await super()._find(request)
        self.note("looked up", key=request.query_params.get("key"), jobs=len(json.loads(bytes(answer.body))["jobs"]))
        return answer

    async def _result(self, request: Request) -> Response:
        self.counts["result"] += 1
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return self._no(404)
        fate = self._fates[job.id]
        fate.told["fetched"] += 1
        self.note("fetched", job=job.id, key=job.key)
        again = fate.told["fetched"] > 1
        wanted = dict(job.request)
        if fate.hand == "wrong length" and not again:
            wanted["frames"] = max(1, wanted["frames"] // 2)
        data, media_type = await asyncio.to_thread(made, job.capability, wanted)
        if not fate.hand or (again and fate.hand != "wrong bytes always"):
            return Response(data, media_type=media_type)
        self._wrong(f"result: {fate.hand}")
        match fate.hand:
            case "wrong bytes once" | "wrong bytes always":
                return Response(random.Random(job.id).randbytes(len(data)), media_type=media_type)
            case "cut short once":
                return Response(data[: len(data) // 3], media_type=media_type)
            case "breaks off":
                return Response(data[: len(data) // 2], 200, {"content-length": str(len(data))}, media_type=media_type)
            case _:
                return Response(data, media_type=media_type)

    async def _cancel(self, request: Request) -> Response:
        answer = await super()._cancel(request)
        self.note("called off", job=request.path_params["id"], answer=answer.status_code)
        return answer

    async def _control(self, request: Request) -> Response:
        told = await request.json()
        self.allowed = told.pop("allowed", self.allowed)
        self._much = told.pop("much", self._much)
        return Response(status_code=204)

    async def _tell(self, request: Request) -> Response:
        if "brief" in request.query_params:
            return JSONResponse(dict(self.counts))
        states = {job.id: self._state(job)["state"] for job in self.jobs.values()}
        jobs = [
            {
                "id": job.id,
                "key": job.key,
                "capability": job.capability,
                "request": job.request,
                "state": states[job.id],
                "charged_usd": str(self.charged.get(job.id, Decimal(0))),
            }
            for job in self.jobs.values()
        ]
        return JSONResponse(
            {
                **self.counts,
                "submissions": dict(self.submissions),
                "paid_twice": self.paid_twice,
                "misbehaved": dict(self.misbehaved),
                "jobs": jobs,
            }
        )

    def _state(self, job: Job) -> dict[str, Any]:
        fate = self._fates[job.id]
        told = super()._state(job)
        if told["state"] in {"done", "failed"} and not fate.told["ended"]:
            early = time.monotonic() - job.since < fate.slow_s
            if fate.work == "never ends" or early or self._held_back(job):
                return {"id": job.id, "key": job.key, "needs": job.needs, "state": "running", "progress": 0.5}
            self._end(job, fate, told["state"])
        if told["state"] == "done" and fate.tell == "done twice" and fate.told["asked"] == 2:
            self._wrong("question: done, running, done")
            return {"id": job.id, "key": job.key, "needs": [], "state": "running", "progress": 0.9}
        return told

    def _end(self, job: Job, fate: Fate, state: str) -> None:
        fate.told["ended"] = 1
        self.note("ended", job=job.id, key=job.key, state=state)
        if state == "done":
            price = (units(job.capability, job.request) * self._prices.get(job.capability, Decimal(0))).quantize(MICRO)
            self.charged[job.id] = price
            self.note("charged", job=job.id, key=job.key, usd=str(price))

    def _held_back(self, job: Job) -> bool:
        return self.allowed is not None and self._ended() >= self.allowed and time.monotonic() - job.since < HELD_MOST_S

    def _ended(self) -> int:
        return sum(1 for fate in self._fates.values() if fate.told["ended"])

    def _wrong(self, what: str) -> None:
        self.misbehaved[what] += 1

    def _no(self, status: int) -> Response:
        headers = {"Retry-After": str(RETRY_AFTER_S)} if status in {429, 503} else {}
        return JSONResponse({"error": {"code": "wild", "message": f"The vendor answers {status}."}}, status, headers)


def _inputs(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [request["first_frame"]] if "first_frame" in request else list(request.get("references", []))


def main() -> None:
    """Serve until the process is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--much", type=float, default=1.0)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--prices", type=json.loads, default={})
    given = parser.parse_args()

    async def serve() -> None:
        async with WildVendor(given.seed, given.prices, given.journal, given.much).serving(given.port) as vendor:
            print(vendor.url, flush=True)  # noqa: T201 (whoever started it reads the address)
            await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
