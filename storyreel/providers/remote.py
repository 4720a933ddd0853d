"""A generator of one's own, behind a small HTTP protocol that a person can write in an afternoon.

    POST   /v1/jobs                        {key, capability, request}                -> 201 {id, state, ...}
    GET    /v1/jobs/{id}                                                             -> 200 {id, state, progress, needs, error, result}
    GET    /v1/jobs?key=K                                                            -> 200 {jobs: [{id, ...}]}, the newest first
    PUT    /v1/jobs/{id}/inputs/{asset}    the bytes of an asset that `needs` names  -> 204
    GET    /v1/jobs/{id}/result            the bytes, once the state is "done"       -> 200
    DELETE /v1/jobs/{id}                   call it off                               -> 204, or 409 when it is done
    GET    /v1/health                      optional: whether it can take work now    -> 200 {ready, message}, such as "no GPU is free"

    state     "waiting" (for `needs`) | "queued" | "running" | "done" | "failed" | "cancelled"
    key       Storyreel's name for this piece of work. The server keeps it with the job and finds the job by it, so that after a crash
              nothing is made twice. A server that cannot answers 501 to the look-up; then a person is asked.
    request   the JSON form of an ImageRequest, VideoRequest, VoiceRequest or MusicRequest (storyreel/pipeline/ports.py)
    result    {media_type, model, seed, duration_s, cells: [{heads, notes}], words: [{text, start_s, end_s}], notes}
    error     {code, message, retry_after_s}; code "resource" means no room for this, "refused" that it will never be made as asked,
              "policy" that its rules on content forbid it, anything else that another try may help

    answers   429 and 503 try later (Retry-After in seconds or as a date), 507 or an error of code "resource" no room, 409, 415 and 422
              never as asked, 451 or an error of code "policy" content, 404 for a job that it knows nothing of (any more), 401 and 403 a
              wrong key

With a key in the settings every request carries `Authorization: Bearer <key>`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Self

import httpx

from storyreel.model.base import AssetRef
from storyreel.model.errors import LookupUnsupported, NoResource, NotPossible, ProviderError, Rejected, Transient, Vanished
from storyreel.pipeline.ports import (
    Capability,
    CellFacts,
    Generated,
    ImageRequest,
    Inputs,
    Price,
    Progress,
    Request,
    VideoRequest,
    Word,
)
from storyreel.providers import answers
from storyreel.providers.prices import price
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings
from storyreel.runtime.telemetry import carry

# A submit must end before another process may take its job to be abandoned (see `PaidProviders`).
SUBMIT_S = 15.0
HEALTH_S = 3.0
ANSWER_S = 30.0
RESULT_S = 300.0
FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 2.0
EXPECTED_S: dict[Capability, float] = {"image": 20.0, "video": 60.0, "voice": 5.0, "music": 30.0, "sfx": 10.0}
CONFLICTS = (HTTPStatus.CONFLICT, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST)
# What is longer is no answer to read.
WORDS_BYTES = 100_000
CLOSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class RemoteProvider:
    """One capability of a server that speaks the protocol above.

    Args:
        capability: What it makes.
        client: Where the server is, with its key.
        usd: What one unit costs: a picture, a second of video, a thousand characters, a piece of music.
        longest_pause_s: The longest pause between two questions about a job.
    """

    id = "remote"

    def __init__(
        self, capability: Capability, client: httpx.AsyncClient, *, usd: float = 0.0, longest_pause_s: float = LONGEST_PAUSE_S
    ) -> None:
        self.capability: Capability = capability
        self.model = ""
        self._client = client
        self._usd = usd
        self._longest_pause_s = longest_pause_s

    @classmethod
    def open(cls, capability: Capability, settings: Settings) -> Self:
        """The server of the settings.

        Raises:
            NotPossible: no address is set.
        """
        if not settings.remote_provider_url:
            raise NotPossible("No address of a provider of your own is set: STORYREEL_REMOTE_PROVIDER_URL.")
        key = settings.remote_provider_key.get_secret_value()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        client = httpx.AsyncClient(base_url=settings.remote_provider_url, headers=headers, timeout=ANSWER_S)
        return cls(capability, client, usd=settings.remote_provider_prices.get(capability, 0.0))

    def price(self, request: Request) -> Price:
        """By the unit prices of the settings; what is not priced there is free."""
        return price(self._usd, self.capability, request, expected_s=EXPECTED_S[self.capability])

    async def submit(self, request: Request, key: str) -> str:
        """The id of the new job.

        Raises:
            ProviderError: `facts["created"]` False says that there is surely no job, `facts["answered"]` True that a look-up now tells.
        """
        body = {"key": key, "capability": self.capability, "request": request.model_dump(mode="json")}
        answer = await self._ask("POST", "/v1/jobs", json=body, timeout=SUBMIT_S)
        return _id(_json(answer))

    async def find(self, key: str) -> str | None:
        """The newest job with this key.

        Raises:
            LookupUnsupported: the server cannot look jobs up.
        """
        answer = await self._call("GET", "/v1/jobs", params={"key": key})
        if answer.status_code in (HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.METHOD_NOT_ALLOWED):
            raise LookupUnsupported
        jobs = _json(_check(answer)).get("jobs", [])
        return _id(jobs[0]) if jobs else None

    async def cancel(self, handle: str) -> None:
        """Call a job off.

        Raises:
            NotPossible: it is done already; its result can be had.
        """
        answer = await self._call("DELETE", f"/v1/jobs/{handle}")
        if answer.status_code == HTTPStatus.CONFLICT:
            raise NotPossible("The job is done already.", done=True)
        if answer.status_code not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            _check(answer)

    async def wait(self, handle: str, request: Request, inputs: Inputs, progress: Progress) -> Generated:
        """Give the job the bytes that it needs, and wait until it is done.

        Raises:
            Transient: an answer failed to come, and the job goes on; or it failed, then `facts["over"]` is True.
            Vanished: the server does not know the job any more.
            NoResource: it has no room for this.
            NotPossible: it will not make this as asked.
        """
        known = _assets(request)
        pause_s = FIRST_PAUSE_S
        while True:
            job = _json(await self._ask("GET", f"/v1/jobs/{handle}"))
            state = str(job.get("state", ""))
            if state == "done":
                return await self._result(handle, job)
            if state in ("failed", "cancelled"):
                raise _failed(job, state)
            progress(float(job.get("progress") or 0.0))
            needs = [str(need) for need in job.get("needs") or ()]
            for need in needs:
                await self._give(handle, need, known, inputs)
            if not needs:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 1.5, self._longest_pause_s)

    async def unwell(self) -> str:
        """Why the server can take nothing now, in its words; empty where it can, does not say, or cannot be reached: a call will tell."""
        try:
            answer = await self._call("GET", "/v1/health", timeout=HEALTH_S)
            told = _json(answer) if answer.is_success else {}
        except Transient:
            return ""
        return "" if told.get("ready", True) else str(told.get("message") or "it is not ready")[:200]

    async def close(self) -> None:
        """Give up the connections."""
        await self._client.aclose()

    async def _give(self, handle: str, need: str, known: dict[str, AssetRef], inputs: Inputs) -> None:
        if need not in known:
            raise NotPossible(f"The provider asks for {need[:80]}, which is no part of the request.", over=True)
        data = await inputs.read(known[need])
        await self._ask(
            "PUT",
            f"/v1/jobs/{handle}/inputs/{need}",
            content=data,
            headers={"Content-Type": known[need].media_type},
            timeout=RESULT_S,
        )

    async def _result(self, handle: str, job: dict[str, Any]) -> Generated:
        answer = await self._ask("GET", f"/v1/jobs/{handle}/result", timeout=RESULT_S)
        facts: dict[str, Any] = job.get("result") or {}
        return Generated(
            data=answer.content,
            media_type=str(facts.get("media_type") or answer.headers.get("content-type", "application/octet-stream")),
            provider=self.id,
            model=str(facts.get("model") or ""),
            seed=int(facts.get("seed") or 0),
            cells=tuple(CellFacts.model_validate(cell) for cell in facts.get("cells") or ()),
            words=tuple(Word.model_validate(word) for word in facts.get("words") or ()),
            duration_s=facts.get("duration_s"),
            notes=tuple(str(note) for note in facts.get("notes") or ()),
        )

    async def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        return _check(await self._call(method, path, **given))

    async def _call(self, method: str, path: str, **given: Any) -> httpx.Response:
        with _connection_named():
            # The vendor's own spans and logs can join our trace.
            headers = {**carry(), **given.pop("headers", {})}
            answer = await self._client.request(method, path, headers=headers, **given)
        answers.tell(answer.status_code, _body(answer), method=method, path=path)
        return answer


@contextmanager
def _connection_named() -> Generator[None]:
    """Failures of the line in our words: whether the request can have arrived is what matters."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
        raise Transient("The provider cannot be reached.", created=False) from failure
    except httpx.HTTPError as failure:
        raise Transient(f"The provider's answer did not come: {type(failure).__name__}.") from failure


def _check(answer: httpx.Response) -> httpx.Response:
    status = answer.status_code
    if status < HTTPStatus.BAD_REQUEST:
        return answer
    error = _error(answer)
    said = str(error.get("message") or f"The provider answered {status}.")
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise Vanished(said, created=False)
    if status == HTTPStatus.INSUFFICIENT_STORAGE or error.get("code") == "resource":
        raise NoResource(said, created=False, retry_after_s=_retry_after_s(answer))
    if status == HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS or error.get("code") == "policy":
        raise Rejected(said, created=False)
    if status in CONFLICTS:
        raise NotPossible(said, created=False)
    if status in CLOSED:
        raise NotPossible(f"The provider does not accept the key that is set for it: {said}", created=False)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        busy = status == HTTPStatus.TOO_MANY_REQUESTS
        raise Transient(said, retry_after_s=_retry_after_s(answer), created=False, busy=busy)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        # It may have made the job before it stumbled. Only the server itself says 500: behind any other a request may still be on its way.
        raise Transient(said, answered=status == HTTPStatus.INTERNAL_SERVER_ERROR)
    raise NotPossible(said, created=False)


def _failed(job: dict[str, Any], state: str) -> ProviderError:
    """What a job that ended badly says, as an error; the job itself is over."""
    error: dict[str, Any] = job.get("error") or {}
    said = str(error.get("message") or f"The provider's job {state}.")
    match error.get("code"):
        case "resource":
            return NoResource(said, over=True, retry_after_s=error.get("retry_after_s"))
        case "policy":
            return Rejected(said, over=True)
        case "refused":
            return NotPossible(said, over=True)
        case _:
            return Transient(said, retry_after_s=error.get("retry_after_s"), over=True)


def _error(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    error = body.get("error", body) if isinstance(body, dict) else {}
    return error if isinstance(error, dict) else {"message": str(error)}


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as failure:
        raise Transient("The provider's answer cannot be read.") from failure
    if not isinstance(body, dict):
        raise Transient("The provider's answer cannot be read.")
    return body


def _id(job: dict[str, Any]) -> str:
    handle = job.get("id")
    if not handle:
        raise Transient("The provider's answer names no job.")
    return str(handle)


def _retry_after_s(answer: httpx.Response) -> float | None:
    """When to come again: a number of seconds, or a date, which may have passed."""
    said = answer.headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(said) - clock.now()).total_seconds())
    except (TypeError, ValueError):
        return None


def _body(answer: httpx.Response) -> Any:
    """What an answer says, where it is words; of media, how much."""
    kind = answer.headers.get("content-type", "")
    if len(answer.content) > WORDS_BYTES or not kind.startswith(("application/json", "text/")):
        return f"({len(answer.content)} bytes of {kind or 'something'})" if answer.content else ""
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _assets(request: Request) -> dict[str, AssetRef]:
    match request:
        case ImageRequest():
            return {asset.id: asset for asset in request.references}
        case VideoRequest():
            return {request.first_frame.id: request.first_frame}
        case _:
            return {}
