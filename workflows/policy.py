"""How long a stage may take, when it is tried again, and what it is called in the Temporal UI."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.workflow import ActivityCancellationType, ActivityConfig

from storyreel.pipeline.contract import QUEUE_OF, StageName, task_queue
from storyreel.pipeline.recovery import recovery_of

# A stage that has not been heard of for this long is given to another worker.
HEARTBEAT = timedelta(seconds=15)
# How often a stage that lost all its tries to workers that died is given as many again.
LIVES = 5
# A remote job may take hours; a dead worker is noticed by its heartbeat, not by this.
LONGEST = timedelta(hours=6)
# While a part of the stack is away, a stage waits and asks again for ever: an outage fails no shot.
AWAY_PAUSE = timedelta(seconds=30)
AWAY = "unavailable"
# A provider that a person holds, or whose turn is far off: the stage waits and asks again for ever, ever more seldom, and uses up no try.
WAITS = frozenset({"provider-paused", "provider-waits"})
WAIT_FIRST = timedelta(seconds=5)
WAIT_LONGEST = timedelta(seconds=300)
# The codes of `storyreel.model.errors` that another try cannot mend.
HOPELESS = [
    "bad-input",
    "not-found",
    "out-of-range",
    "conflict",
    "refused",
    "wrong-setting",
    "provider-not-possible",
    "provider-lookup",
]
# What only moves rows in our own database is tried until it is done.
UNTIL_DONE = RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=60))
# A command that is refused stays refused; one that met an outage is carried out after it.
COMMAND_TRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=60),
    non_retryable_error_types=HOPELESS,
)
SAYS: dict[StageName, str] = {
    "spec": "Write down what the shot asks for",
    "grid": "Draw a grid of pictures",
    "select": "Choose the picture",
    "video": "Move the camera over it",
    "voice": "Speak the lines",
    "compose": "Put picture, voice and captions together",
    "music": "Score the mood",
    "film": "Cut the film",
    "sheet": "Draw a sheet of candidates",
    "recut": "Cut the sheet again",
    "sfx": "Make the sounds of the place",
    "check": "Look whether it is good",
}
STAGE_ATTRIBUTE = SearchAttributeKey.for_keyword("Stage")


def tries(stage: StageName) -> RetryPolicy:
    """How often a stage is tried, by what it asks of a provider (`storyreel.pipeline.recovery`)."""
    rules = recovery_of(stage)
    return RetryPolicy(
        initial_interval=timedelta(seconds=rules.base_s),
        backoff_coefficient=rules.factor,
        maximum_interval=timedelta(seconds=rules.longest_s),
        maximum_attempts=rules.tries,
        non_retryable_error_types=HOPELESS,
    )


def wait_before(again: int, said: timedelta | None) -> timedelta:
    """How long to wait before asking a provider again that is not to be called now, for the `again`-th time (from 0)."""
    return max(said or WAIT_FIRST, min(WAIT_LONGEST, WAIT_FIRST * 2 ** min(again, 10)))


def stage_options(stage: StageName) -> ActivityConfig:
    """How the activity of a stage is run: where, how long, how often, and that its clean-up is waited for."""
    return ActivityConfig(
        task_queue=task_queue(QUEUE_OF[stage]),
        start_to_close_timeout=LONGEST,
        heartbeat_timeout=HEARTBEAT,
        retry_policy=tries(stage),
        cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        summary=SAYS[stage],
    )


def desk_options(summary: str, *, longest: timedelta = timedelta(seconds=60)) -> ActivityConfig:
    """How an activity of the desk is run: on the workflow's own queue, so that it may start without another round trip."""
    return ActivityConfig(task_queue=task_queue("desk"), start_to_close_timeout=longest, retry_policy=UNTIL_DONE, summary=summary)
