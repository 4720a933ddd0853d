"""Our errors in Temporal's words: the code is the type, and the class says whether another try can help."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from storyreel.model.digest import canonical
from storyreel.model.errors import BadInput, LookupUnsupported, NoResource, NotPossible, StoryreelError, Unavailable, Waits

# Stopping and saying what to do is all that helps: the request, the configuration or a person's word has to change.
HOPELESS = (BadInput, NotPossible, LookupUnsupported)
# A provider without room is asked again later than one that stumbled.
NO_ROOM_S = 30.0
# How long a run waits at first for a provider that is held; it is woken when that is let go.
WAITS_S = 5.0


class HandedBack(Unavailable):
    """This worker does not go on with the stage; another takes it, and none of its tries is used."""

    code = "handed-back"


@contextmanager
def told() -> Generator[None]:
    """Raise what goes wrong inside as an `ApplicationError`; other exceptions pass, and Temporal tries them again."""
    try:
        yield
    except StoryreelError as failure:
        raise as_application_error(failure) from failure


def as_application_error(failure: StoryreelError) -> ApplicationError:
    """The same failure for Temporal: message, facts, code, whether to try again, and when the provider said to.

    Whatever is away has one type, because the run waits for it without end. What is handed back, or waits for its provider, goes to the
    run at once, which starts the stage anew: Temporal's own tries would count it.
    """
    wait_s = delay_s(failure)
    return ApplicationError(
        failure.detail,
        facts_of(failure),
        type=Unavailable.code if isinstance(failure, Unavailable) else failure.code,
        non_retryable=isinstance(failure, (*HOPELESS, HandedBack, Waits)),
        next_retry_delay=None if wait_s is None else timedelta(seconds=wait_s),
    )


def facts_of(failure: StoryreelError) -> dict[str, Any]:
    """The failure's facts as plain JSON."""
    return json.loads(canonical(failure.facts))


def delay_s(failure: StoryreelError) -> float | None:
    """How long to wait before the next try, where the failure itself says so."""
    said = getattr(failure, "retry_after_s", None) or failure.facts.get("retry_after_s")
    if isinstance(said, int | float) and said > 0:
        return float(said)
    return NO_ROOM_S if isinstance(failure, NoResource) else None


def next_try_s(failure: BaseException) -> float | None:
    """In how many seconds Temporal will try this activity again; None when it will not. Call it inside the activity."""
    about = activity.info()
    policy = about.retry_policy
    if isinstance(failure, Waits):
        return delay_s(failure) or WAITS_S
    if isinstance(failure, HOPELESS) or policy is None or (policy.maximum_attempts and about.attempt >= policy.maximum_attempts):
        return None
    said = delay_s(failure) if isinstance(failure, StoryreelError) else None
    if said is not None:
        return said
    grown = policy.initial_interval.total_seconds() * policy.backoff_coefficient ** (about.attempt - 1)
    longest = policy.maximum_interval.total_seconds() if policy.maximum_interval else grown
    return min(grown, longest)
