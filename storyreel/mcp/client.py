"""The API as the tools use it: a tool asks nothing that a program over HTTP could not ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from storyreel.model.errors import BadInput, NotFound, StoryreelError, Unavailable
from storyreel.model.spec import Language

Json = dict[str, Any]
# More projects than anybody names in a sentence.
MOST_PROJECTS = 2000
SHOWN = 10


@dataclass(frozen=True)
class Api:
    """The API behind the tools, and the language that answers are told in."""

    http: httpx.AsyncClient
    language: Language = "en"

    async def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET.

        Raises:
            StoryreelError: the API answered with a problem.
        """
        return await self._ask("GET", path, params={name: value for name, value in params.items() if value is not None})

    async def post(self, path: str, body: Json | None = None) -> Any:
        """The JSON of a POST."""
        return await self._ask("POST", path, json=body)

    async def projects(self) -> list[Json]:
        """Every project, newest first."""
        found: list[Json] = []
        cursor: str | None = None
        while len(found) < MOST_PROJECTS:
            page = await self.get("/v1/workspaces", limit=200, cursor=cursor)
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        return found

    async def project(self, words: str) -> str:
        """The address of the project that `words` name: an id, a name, or nothing where there is only one.

        Raises:
            NotFound: there is none of that name, or none at all.
            BadInput: several could be meant.
        """
        if _is_id(words):
            return f"/v1/workspaces/{words}"
        known = await self.projects()
        found = [one for one in known if words in ("", one["name"])]
        if len(found) == 1:
            return f"/v1/workspaces/{found[0]['id']}"
        names = "; ".join(f"{one['name']} ({one['id']})" for one in (found or known)[:SHOWN])
        if found:
            raise BadInput(f"several projects could be meant; give the id in `project`: {names}", field="project")
        said = f"there is no project {words!r}" if words else "there is no project yet"
        raise NotFound(f"{said}; there are: {names}" if known else f"{said}; project_create starts one", field="project")

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        try:
            answer = await self.http.request(method, path, **options)
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise Unavailable(f"the API does not answer at {self.http.base_url}: {said}; is the stack up?") from error
        if answer.is_error:
            raise _problem(answer)
        return answer.json()


def _problem(answer: httpx.Response) -> StoryreelError:
    try:
        body: Json = answer.json()
    except ValueError:
        body = {"detail": answer.text[:300] or f"status {answer.status_code}"}
    return StoryreelError(str(body.pop("detail", "")), **{name: value for name, value in body.items() if value})


def _is_id(words: str) -> bool:
    try:
        return bool(UUID(words))
    except ValueError:
        return False
