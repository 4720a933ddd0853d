"""What must hold in the end, whatever died: nothing lost, nothing paid for twice, and the ledger says what the vendor says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from storyreel.assets import open_store
from storyreel.model.digest import digest_bytes
from storyreel.model.errors import StoryreelError
from tests.acceptance.stand import OVER, Film, Json
from tests.chaos.parts import ChaosStand
from tests.fixtures_services import run

ENDED_WELL = {"succeeded", "manual_review"}
OPEN_JOBS = ("reserved", "sending", "submitted")


@dataclass
class Account:
    """What was found. Each line of `wrong` names what was lost, with ids."""

    wrong: list[str] = field(default_factory=list[str])
    states: Counter[str] = field(default_factory=Counter[str])
    reviews: list[str] = field(default_factory=list[str])
    jobs: Counter[str] = field(default_factory=Counter[str])
    vendor_jobs: int = 0
    charged_jobs: int = 0
    keys: int = 0
    vendor_usd: Decimal = Decimal(0)
    settled_usd: Decimal = Decimal(0)
    spent_usd: Decimal = Decimal(0)
    reserved_usd: Decimal = Decimal(0)
    entries_usd: Decimal | None = None
    misbehaved: Json = field(default_factory=dict)


def settled(stand: ChaosStand, film: Film) -> bool:
    """Whether all work has ended, and nothing is open at the vendor that the ledger still waits for."""
    tasks = film.tasks()
    if not tasks or any(task["state"] not in OVER for task in tasks):
        return False
    return not stand.rows("select from provider_job where state = any(%s::job_state[])", list(OPEN_JOBS))


def draw_up(stand: ChaosStand, film: Film, shots: int) -> Account:
    """Hold the ledger against the vendor's own books, and the film against what was asked for."""
    account = Account()
    _shots(account, film, shots)
    _bytes(account, stand, film)
    _money(account, stand, film)
    return account


def _shots(account: Account, film: Film, shots: int) -> None:
    newest: dict[str, Json] = {}
    for task in film.tasks():
        if task["kind"] == "shot":
            newest[task["subject"]] = task
        elif task["state"] not in ENDED_WELL | {"cancelled"}:
            account.wrong.append(f"the film's task {task['id']} ended as {task['state']}: {task['error']}")
    account.states.update(task["state"] for task in newest.values())
    finals = film.segments()
    for subject, task in newest.items():
        if task["state"] not in ENDED_WELL:
            account.wrong.append(f"{subject} (task {task['id']}, run {task['run']}) ended as {task['state']}: {task['error']}")
        elif task["state"] == "succeeded" and not finals.get(subject):
            account.wrong.append(f"{subject} (task {task['id']}) has succeeded and has no final segment")
        elif task["state"] == "manual_review":
            account.reviews.append(f"{subject}: {(task['error'] or {}).get('code')}")
    account.wrong += [f"only {len(newest)} of {shots} shots have a task"] if len(newest) != shots else []


def _bytes(account: Account, stand: ChaosStand, film: Film) -> None:
    store = open_store(stand.settings)
    named = stand.rows(
        "select distinct n.asset_id as id from node n where n.workspace_id = %s and n.asset_id is not null"
        " union select asset_id from made where workspace_id = %s",
        film.id,
        film.id,
    )
    for one in named:
        try:
            whole = digest_bytes(run(store.get(one["id"]))) == one["id"]
        except StoryreelError as lost:
            account.wrong.append(f"the asset {one['id']} is lost: {lost.detail}")
        else:
            account.wrong += [] if whole else [f"the asset {one['id']} has other bytes than its name says"]


def _money(account: Account, stand: ChaosStand, film: Film) -> None:
    told = stand.vendor.counts()
    account.misbehaved = dict(sorted(told["misbehaved"].items()))
    jobs = stand.rows(
        "select replace(id::text, '-', '') as vendor_key, owner_id::text, key, state::text, reserved_usd, settled_usd, error, stage"
        " from provider_job where workspace_id = %s",
        film.id,
    )
    account.jobs.update(job["state"] for job in jobs)
    known = {job["vendor_key"]: job for job in jobs}
    charged: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    by_job: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in told["jobs"]:
        usd = Decimal(one["charged_usd"])
        account.vendor_jobs += 1
        account.vendor_usd += usd
        by_job[one["key"]] += usd
        if one["key"] not in known:
            account.wrong.append(f"the vendor has {one['id']} under {one['key']}, of which the ledger knows nothing")
        elif usd:
            account.charged_jobs += 1
            charged[known[one["key"]]["owner_id"], known[one["key"]]["key"]].append(one["id"])
    account.keys = len(charged)
    account.wrong += [
        f"{key} of {owner} was paid {len(ids)} times: {', '.join(ids)}" for (owner, key), ids in charged.items() if len(ids) > 1
    ]
    account.wrong += [
        f"the job {job['vendor_key']} ({job['stage']}, {job['state']}) says ${job['settled_usd'] or 0}, the vendor"
        f" ${by_job[job['vendor_key']]}: {job['error']}"
        for job in jobs
        if (job["settled_usd"] or Decimal(0)) != by_job[job["vendor_key"]]
    ]
    _budget(account, stand, film, jobs)


def _budget(account: Account, stand: ChaosStand, film: Film, jobs: Sequence[Json]) -> None:
    account.settled_usd = sum((job["settled_usd"] or Decimal(0) for job in jobs), Decimal(0))
    found = stand.rows(
        "select reserved_usd, spent_usd from budget where workspace_id = %s and person = '' and month = ''", film.id
    )
    account.reserved_usd = found[0]["reserved_usd"] if found else Decimal(0)
    account.spent_usd = found[0]["spent_usd"] if found else Decimal(0)
    waiting = sum((job["reserved_usd"] for job in jobs if job["state"] == "unknown"), Decimal(0))
    if account.reserved_usd != waiting:
        account.wrong.append(f"${account.reserved_usd} is held where ${waiting} is")
    if account.spent_usd != account.settled_usd:
        account.wrong.append(f"the budget says ${account.spent_usd} was spent, the jobs ${account.settled_usd}")
    if account.settled_usd != account.vendor_usd:
        account.wrong.append(f"the ledger says ${account.settled_usd}, the vendor ${account.vendor_usd}")
    if stand.rows("select from information_schema.tables where table_name = 'money'"):
        entries = stand.rows("select coalesce(sum(usd), 0) as usd from money where workspace_id = %s", film.id)
        account.entries_usd = entries[0]["usd"]
        if account.entries_usd != account.spent_usd + account.reserved_usd:
            account.wrong.append(f"the entries sum to ${account.entries_usd}, not to ${account.spent_usd + account.reserved_usd}")
