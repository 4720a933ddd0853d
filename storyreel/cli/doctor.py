"""The doctor: looks at each part and says what it is, whether it is well, and how to mend it."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

import httpx

from storyreel.cli.looks import keeping, parts, work
from storyreel.cli.looks.finding import Finding
from storyreel.cli.looks.seen import Seen, see
from storyreel.embedded.home import Endpoints, read_endpoints
from storyreel.graph.upgrade import current, head
from storyreel.model.errors import StoryreelError
from storyreel.runtime.settings import Settings

__all__ = ["Finding", "examine", "told"]
REACH_S = 5.0


async def examine(settings: Settings) -> list[Finding]:
    """Every part, looked at side by side; then the work, as far as the database tells of it."""
    endpoints = read_endpoints(settings.home_dir)
    url = settings.app_dsn or (endpoints.app_database_url if endpoints else "")
    looks = (
        parts.python(),
        parts.database(settings, endpoints),
        parts.temporal(settings, endpoints),
        parts.api(settings, endpoints),
        parts.store(settings),
        parts.ffmpeg(),
        parts.disk(settings),
        parts.planner(settings),
        parts.providers(settings),
    )
    found, seen = await asyncio.gather(asyncio.gather(*looks), see(url))
    return [*found, *await keeping.clocks(settings, seen), *(await _work(settings, endpoints, seen, url) if seen else ())]


async def _work(settings: Settings, endpoints: Endpoints | None, seen: Seen, url: str) -> list[Finding]:
    api, revision = await asyncio.gather(_api_version(settings.api or (endpoints.api if endpoints else "")), _revision(url))
    return [
        *work.workers(seen),
        *await work.runs(settings, seen),
        *work.waiting(seen),
        *work.versions(seen, version("storyreel"), api, (revision, head())),
        *keeping.backups(settings, seen),
    ]


async def _api_version(base: str) -> str:
    """What the API says it is; empty where it is not there or does not say."""
    if not base:
        return ""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=REACH_S) as http:
            return str((await http.get(f"{base}/readyz")).json().get("version", ""))
    except (httpx.HTTPError, ValueError, AttributeError):
        return ""


async def _revision(url: str) -> str:
    try:
        return await current(url)
    except StoryreelError:
        return ""


def told(findings: list[Finding]) -> str:
    """The findings for a person."""
    marks = {"well": "✓", "off": "·", "wrong": "✗"}
    lines = [
        f"{marks[one.state]} {one.part:<10} {one.said}" + (f"\n{'':<13}→ {one.mend}" if one.mend else "") for one in findings
    ]
    return "\n".join(lines)
