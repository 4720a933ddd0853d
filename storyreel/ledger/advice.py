"""What to do about a task that stands still or failed, by its state and by the code of its error (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What a person does about an error, by the codes of `storyreel.model.errors`. What is not here is tried again as it is.
BY_CODE: Mapping[str, str] = {
    "bad-input": "The request itself is wrong: change the shot as the message says, then retry.",
    "not-found": "Something that the shot refers to is gone: attach it again or take the reference out, then retry.",
    "refused": "A rule or a lock of the project forbids it: unlock the shot or change the rule, then retry.",
    "wrong-setting": "A setting of the worker is wrong: mend it as the message says, start the worker again, then retry.",
    "provider-not-possible": "The provider will not do this as asked: choose another provider or change the shot, then retry.",
    "provider-policy": "The provider's rules forbid these words: say it in other words, then retry.",
    "provider-lookup": "Nobody knows whether the provider has the job: look at its own pages, then say whether it was charged.",
    "provider-resource": "The provider has no room: wait, or allow a smaller request, then retry.",
    "provider-transient": "The provider failed in passing, several times: retry when it is well again.",
    "provider-down": "The provider failed several times in a row: retry later, or choose another one.",
    "provider-vanished": "The provider's backend went away: retry; the job is looked up first, so that nothing is paid twice.",
    "over-budget": "The budget does not cover it: raise the limit, then retry.",
    "timeout": "The stage was not heard of any more: see that a worker serves its queue (`storyreel doctor`), then retry.",
    "run-ended": "The run was ended in Temporal: retry when you are ready.",
    "superseded": "The shot was changed while this was made; what was made is kept beside it. Render it again if you want it anew.",
    "internal": "That should not have happened: the worker's log has the whole story; retry once it is mended.",
}
BY_STATE: Mapping[str, str] = {
    "pending": "It waits for its turn: `storyreel status` shows what goes before it.",
    "paused": "It is held: let it go on with `task.resume`.",
    "retry_pending": "It failed in passing and is tried again by itself.",
    "cancelling": "It is being cancelled: its provider is told, then it ends.",
    "manual_review": "It waits for a person.",
    "cancelled": "It was cancelled: `storyreel retry` takes it up again; what was made is found and not paid again.",
}
STUCK = ("failed", "manual_review", "retry_pending")


def advice(state: str, error: Mapping[str, Any] | None, *, waits_for_choice: bool = False) -> list[str]:
    """What to do now, in sentences; nothing for what goes well."""
    if waits_for_choice:
        return ["It waits for a choice among its pictures: choose one in the studio, or promote it by chat."]
    told = [BY_STATE[state]] if state in BY_STATE else []
    code = str((error or {}).get("code", ""))
    if state in STUCK or (state == "cancelled" and code == "superseded"):
        told = [
            *([] if state == "cancelled" else told),
            BY_CODE.get(code, BY_CODE["internal"] if not code else "Retry it once its cause is mended."),
        ]
    return told
