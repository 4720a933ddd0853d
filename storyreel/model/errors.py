"""Every error a person can meet. The docstring is the message; `code` is stable and is what programs test.

StoryreelError
  BadInput                the request itself is wrong: mend it and send it again
    NotFound              it names something that is not there
    OutOfRange            it names a place outside the film
    Conflict              it was true once; someone changed it since
    Refused               a rule or a lock forbids it
  Unavailable             a part of the stack is away: the same request may pass later
  ProviderError           a provider did not deliver
    Transient             retry the same job
      Down                it failed several times in a row: leave it alone for a while, or take another one
    Waits                 a person holds it, or its turn has not come: wait, and use up no try
    Vanished              the backend is gone: look the job up, replace the backend, retry
    NoResource            wait, then ask for less where the person allows it
    NotPossible           configuration or policy: stop, and say what to do
      Rejected            its content policy forbids it: say it in other words
    LookupUnsupported     the vendor cannot say whether a job exists
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, ClassVar


class StoryreelError(Exception):
    """Something went wrong inside Storyreel; `storyreel doctor` may tell what."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **facts: Any) -> None:
        self.detail = detail or cleandoc(type(self).__doc__ or "")
        self.facts = facts
        super().__init__(self.detail)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.detail, self.facts)


def _rebuild(kind: type[StoryreelError], detail: str, facts: dict[str, Any]) -> StoryreelError:
    return kind(detail, **facts)


class BadInput(StoryreelError):
    """The request is not understood as it stands; mend it and send it again."""

    code = "bad-input"
    status = 422


class NotFound(BadInput):
    """There is nothing here by that name or number."""

    code = "not-found"
    status = 404


class OutOfRange(BadInput):
    """The film has no such place."""

    code = "out-of-range"


class Conflict(BadInput):
    """Someone changed the same thing since you read it; look at it again and decide."""

    code = "conflict"
    status = 409


class Refused(BadInput):
    """A rule of this project forbids it."""

    code = "refused"
    status = 403


class Unavailable(StoryreelError):
    """A part of the stack is away; nothing was lost, and the same request may pass in a moment."""

    code = "unavailable"
    status = 503


class ProviderError(StoryreelError):
    """A provider did not deliver."""

    code = "provider"
    status = 502


class Transient(ProviderError):
    """The provider failed in passing; the job is tried again."""

    code = "provider-transient"

    def __init__(self, detail: str = "", *, retry_after_s: float | None = None, **facts: Any) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, **facts)
        self.retry_after_s = retry_after_s


class Down(Transient):
    """The provider failed several times in a row; it is left alone for a while."""

    code = "provider-down"


class Waits(ProviderError):
    """The provider is not to be called now; what wants it waits, and goes on by itself."""

    code = "provider-waits"

    def __init__(self, detail: str = "", *, retry_after_s: float | None = None, **facts: Any) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, **facts)
        self.retry_after_s = retry_after_s


class Paused(Waits):
    """A person holds this provider; nothing new is sent to it until it is let go."""

    code = "provider-paused"


class Vanished(ProviderError):
    """The provider's backend went away with the job; it is looked up and, if it is gone, made again."""

    code = "provider-vanished"


class NoResource(ProviderError):
    """The provider has no room for this now; ask for less, or later."""

    code = "provider-resource"


class NotPossible(ProviderError):
    """The provider will not do this as asked; change the request or choose another provider."""

    code = "provider-not-possible"


class Rejected(NotPossible):
    """The provider's content policy forbids this; say it in other words, choose another provider, or bring your own."""

    code = "provider-policy"


class LookupUnsupported(ProviderError):
    """The provider cannot tell whether it holds this job; a person has to decide."""

    code = "provider-lookup"
