"""The command line as a client of the API: finding it, asking it, following it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from httpx_sse import aconnect_sse

from storyreel.embedded.home import read_endpoints
from storyreel.model.errors import BadInput, NotFound, Refused, StoryreelError, Unavailable
from storyreel.runtime.settings import Settings

# A turn may wait for a planning model.
PATIENCE_S = 180.0
# An event stream says something, if only a ping, every 15 seconds.
SILENCE_S = httpx.Timeout(10, read=60)
# A supervisor brings a dead API back within seconds; the database may need a minute.
BACK_S = 120.0
Json = dict[str, Any]


@dataclass
class Api:
    """One connection to the API, and the folder that remembers which project was spoken of last."""

    http: httpx.AsyncClient
    home: Path
    base: str

    async def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET.

        Raises:
            StoryreelError: the API answered with a problem.
        """
        return self._read(await self._send("GET", path, params={k: v for k, v in params.items() if v is not None}))

    async def text(self, path: str, **params: Any) -> str:
        """The text of a GET, where it is no JSON.

        Raises:
            StoryreelError: the API answered with a problem.
        """
        sent = await self._send("GET", path, params={k: v for k, v in params.items() if v is not None})
        if sent.is_error:
            raise problem_of(sent)
        return sent.text

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """The JSON of a POST; `key` makes it safe to send twice."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._read(await self._send("POST", path, json=body, headers=headers))

    async def keep(self, workspace: str, data: bytes, name: str) -> Json:
        """Keep a file as an asset."""
        sent = await self._send("POST", f"/v1/workspaces/{workspace}/assets", params={"name": name}, content=data)
        kept: Json = self._read(sent)
        return kept

    async def save(self, path: str, target: Path) -> None:
        """Write the bytes of a GET to a file, all or nothing."""
        part = target.with_name(f".{target.name}.part")
        try:
            async with self.http.stream("GET", path) as answer:
                if answer.is_error:
                    await answer.aread()
                    self._read(answer)
                with part.open("wb") as file:
                    async for chunk in answer.aiter_bytes():
                        file.write(chunk)
            part.replace(target)
        except OSError as error:
            raise BadInput(f"{target} cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)

    async def events(self, workspace: str, since: str) -> AsyncGenerator[Json]:
        """The project's events after `since`, for ever; where the API goes away they go on once it is back.

        Raises:
            Unavailable: it stays away.
            StoryreelError: there is no such stream.
        """
        path, away_since = f"/v1/workspaces/{workspace}/events", None
        while True:
            try:
                async with aconnect_sse(self.http, "GET", path, params={"since": since}, timeout=SILENCE_S) as source:
                    if source.response.is_error:
                        await source.response.aread()
                        raise problem_of(source.response)
                    async for event in source.aiter_sse():
                        away_since = None
                        # A ping carries nothing.
                        if event.data:
                            yield json.loads(event.data)
                            since = event.id
            except (httpx.HTTPError, Unavailable) as error:
                away_since = away_since or time.monotonic()
                if time.monotonic() - away_since > BACK_S:
                    raise Unavailable(
                        f"the API at {self.base} went away and did not come back; the renders go on without it"
                    ) from error
            await asyncio.sleep(0.5)

    async def workspace(self, words: str | None) -> str:
        """The id of the project that `words` name: an id, a name, or nothing for the one spoken of last.

        Raises:
            NotFound: there is none; the message says how to make one.
        """
        if words is not None and _is_id(words):
            self.remember(words)
            return words
        known = (await self.get("/v1/workspaces", limit=200))["items"]
        found = [one["id"] for one in known if words is None or words == one["name"]]
        last = self._last() if words is None else None
        if last in found:
            return str(last)
        if not found:
            said = f"there is no project {words!r}" if words else "there is no project yet"
            raise NotFound(f"{said}; `storyreel chat 'Make a 30 second film about ...'` starts one")
        self.remember(found[0])
        return str(found[0])

    def remember(self, workspace: str) -> None:
        """Keep which project was spoken of last."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "workspace").write_text(workspace)

    def _last(self) -> str | None:
        try:
            return str(UUID((self.home / "workspace").read_text().strip()))
        except (OSError, ValueError):
            return None

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return await self.http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"the API does not answer at {self.base}: {error or type(error).__name__}; is the stack up?"
            ) from error

    def _read(self, answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json()
        raise problem_of(answer)


class Problem(StoryreelError):
    """The API answered with a problem; its code and detail are the API's own."""


def problem_of(answer: httpx.Response) -> StoryreelError:
    """The problem in an answer, as an error."""
    try:
        body = answer.json()
    except ValueError:
        body = {"detail": answer.text[:300] or f"status {answer.status_code}"}
    kind = Refused if answer.status_code < 500 else Unavailable if answer.status_code == 503 else Problem  # noqa: PLR2004
    facts = {key: value for key, value in body.items() if key not in {"type", "title", "status", "detail"} and value}
    return kind(str(body.get("detail")), **facts)


@asynccontextmanager
async def open_api(settings: Settings) -> AsyncGenerator[Api]:
    """The API of the stack in this data folder, or the one that STORYREEL_API names.

    Raises:
        Unavailable: no stack runs here.
    """
    base = settings.api or _running(settings)
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE_S, trust_env=False) as http:
        yield Api(http, settings.home_dir, base)


def _is_id(words: str) -> bool:
    try:
        return bool(UUID(words))
    except ValueError:
        return False


def new_key() -> str:
    """A key that makes one request of ours safe to send twice."""
    return uuid4().hex


def _running(settings: Settings) -> str:
    endpoints = read_endpoints(settings.home_dir)
    if endpoints is None:
        raise Unavailable(f"no stack runs in {settings.home_dir}; start one with `storyreel up`, or set STORYREEL_API")
    return endpoints.api
