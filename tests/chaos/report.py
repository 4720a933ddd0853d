"""A run in words and tables."""

from __future__ import annotations

from tests.chaos.run import Result
from tests.chaos.storm import Storm

HEAD = """# What happens when everything dies

`make chaos` (`python -m tests.chaos --seed {seed} --kills {kills} --shots {shots}`) runs the whole stack as processes of their own
(PostgreSQL, Temporal on a file, an S3 server, the API, two workers) and kills them at moments drawn from the seed, while a batch of
{shots} shots is rendered by a vendor that counts what it is asked and what it charges, and that misbehaves by the same seed. A person
edits and talks, another follows the event stream, through all of it. Then the books are drawn up. The same seed strikes the same parts
in the same order; a moment is an event ("a job is being sent"), not a time.
"""


def written(result: Result) -> str:
    """The report as Markdown."""
    account, storm = result.account, result.storm
    killed = sum(blow.how != "stop" for blow in storm.struck)
    parts = [
        HEAD.format(seed=result.seed, kills=killed, shots=result.shots),
        _verdict(result),
        "## Blows\n\n" + _table(("blow", "times"), sorted(storm.kills.items())),
        _moments(killed, storm),
        "## Outages\n\n"
        + _table(("part", "starts", "longest away, s"), [(n, result.starts[n], f"{s:.1f}") for n, s in result.away_s.items()]),
        _waits(result),
        "## What the vendor did wrong\n\n" + _table(("what", "times"), list(account.misbehaved.items())),
        "## Money\n\n" + _table(("book", "US dollars"), _books(result)),
        "## Shots\n\n" + _table(("ended as", "shots"), sorted(account.states.items())),
        "".join(f"- {line}\n" for line in account.reviews),
    ]
    return "\n".join(part for part in parts if part)


def _moments(killed: int, storm: Storm) -> str:
    struck = len(storm.struck)
    in_time = struck - storm.by_clock
    return (
        f"{killed} times something was killed, {struck - killed} times stopped for a while. "
        f"Of {struck} moments {in_time} came in time; for the others the blow fell after 6 s.\n"
    )


def _verdict(result: Result) -> str:
    account = result.account
    wrong = [f"- {line}" for line in account.wrong]
    if wrong:
        return "\n".join(["**Not everything holds:**\n", *wrong, ""])
    return (
        f"{sum(account.states.values())} of {result.shots} shots ended finished or in review, 0 were lost, 0 were paid for twice: the vendor"
        f" charged {account.charged_jobs} jobs under {account.keys} keys. {result.edits} edits and {result.turns} turns of talk that were"
        f" acknowledged are all there, once; {result.events} events were told, each once. The run took {result.took_s / 60:.0f} min.\n"
    )


def _waits(result: Result) -> str:
    return (
        f"The longest that a person waited for an answer, sent again until it came: {result.longest_answer_s:.1f} s."
        f" The event stream broke {result.breaks} times.\n"
    )


def _books(result: Result) -> list[tuple[str, object]]:
    account = result.account
    rows: list[tuple[str, object]] = [
        ("what the vendor charged", account.vendor_usd),
        ("the jobs of the ledger", account.settled_usd),
        ("spent, in the budget", account.spent_usd),
        ("still held, in the budget", account.reserved_usd),
    ]
    return [*rows, ("the sum of all entries", account.entries_usd)] if account.entries_usd is not None else rows


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]] | list[tuple[str, object]] | list[tuple[str, int]]) -> str:
    lines = [" | ".join(map(str, row)) for row in (head, ("---",) * len(head), *rows)]
    return "".join(f"| {line} |\n" for line in lines)
