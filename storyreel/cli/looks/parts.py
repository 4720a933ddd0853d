"""The parts of the stack: whether each is there, answers, and has room."""

from __future__ import annotations

import asyncio
import shutil
import sys

import httpx

from storyreel.assets import open_store
from storyreel.cli.looks.finding import Finding
from storyreel.embedded import temporal as embedded
from storyreel.embedded.home import Endpoints
from storyreel.graph.upgrade import current, head
from storyreel.media.ffmpeg import binary
from storyreel.model.errors import StoryreelError
from storyreel.runtime.database import open_database
from storyreel.runtime.settings import Settings

LITTLE_DISK_GB = 2.0
REACH_S = 3.0


async def python() -> Finding:
    """The interpreter."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(part="python", state="well", said=version)


async def database(settings: Settings, endpoints: Endpoints | None) -> Finding:
    """Whether the database answers, and is up to date."""
    kind = "configured by DATABASE_URL" if settings.database_url else "embedded"
    url = settings.app_dsn or (endpoints.app_database_url if endpoints else "")
    if not url:
        return Finding(part="database", state="off", said="embedded; no stack runs", mend="`storyreel up` starts it")
    database = open_database(url, pool_size=1)
    try:
        version = await database.version()
        revision = await current(url)
    except StoryreelError as error:
        return Finding(
            part="database",
            state="wrong",
            said=f"{kind}: {error.detail}",
            mend="see that the server runs and the address is right",
        )
    finally:
        await database.close()
    if revision != head():
        return Finding(
            part="database",
            state="wrong",
            said=f"{kind}, at revision {revision or 'none'} of {head()}",
            mend="`storyreel db upgrade`",
        )
    return Finding(part="database", state="well", said=f"{kind}, PostgreSQL {version}, revision {revision}")


async def temporal(settings: Settings, endpoints: Endpoints | None) -> Finding:
    """Whether Temporal is there."""
    if settings.temporal_address:
        return await _reached(f"configured: {settings.temporal_address}", settings.temporal_address)
    if endpoints:
        said = f"embedded, runs at {endpoints.temporal_address}, UI {endpoints.temporal_ui or 'off'}"
        return await _reached(said, endpoints.temporal_address)
    found = await embedded.look(settings)
    if found is None:
        return Finding(
            part="temporal",
            state="off",
            said="embedded; its program is not here yet",
            mend="`storyreel up` fetches or builds it; or set STORYREEL_TEMPORAL_BIN",
        )
    return Finding(part="temporal", state="off", said=f"embedded ({found.path}); no stack runs", mend="`storyreel up` starts it")


async def _reached(said: str, address: str) -> Finding:
    """Whether something takes connections at Temporal's address."""
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host or "127.0.0.1", int(port)), REACH_S)
    except (OSError, ValueError, TimeoutError) as error:
        mend = "see that the server runs, and TEMPORAL_ADDRESS (host:port)"
        return Finding(part="temporal", state="wrong", said=f"{said}: it does not answer ({type(error).__name__})", mend=mend)
    writer.close()
    return Finding(part="temporal", state="well", said=said)


async def api(settings: Settings, endpoints: Endpoints | None) -> Finding:
    """Whether the API is ready, and what it is without."""
    base = settings.api or (endpoints.api if endpoints else "")
    if not base:
        return Finding(part="api", state="off", said="no stack runs", mend="`storyreel up` starts it")
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            answer = await http.get(f"{base}/readyz")
    except httpx.HTTPError as error:
        return Finding(
            part="api",
            state="wrong",
            said=f"{base} does not answer ({type(error).__name__})",
            mend="look into logs/api.log in the data folder",
        )
    told = answer.json()
    if not answer.is_success:
        said = f"{base}: {told.get('detail', answer.status_code)}"
        return Finding(part="api", state="wrong", said=said, mend="mend the part that it names; it is ready again by itself")
    away = ", ".join(f"{part} {said}" for part, said in told.get("parts", {}).items() if said != "well")
    if away:
        return Finding(
            part="api", state="wrong", said=f"{base}, without {away}", mend="renders begin when it is back; see that it runs"
        )
    return Finding(part="api", state="well", said=f"{base}, version {told.get('version', 'unknown')}")


async def store(settings: Settings) -> Finding:
    """Whether the store answers."""
    kind = f"S3 at {settings.s3_endpoint}" if settings.s3_endpoint else f"a folder, {settings.home_dir / 'assets'}"
    try:
        await open_store(settings).exists("0" * 64)
    except StoryreelError as error:
        return Finding(
            part="store", state="wrong", said=f"{kind}: {error.detail}", mend="see S3_ENDPOINT, S3_BUCKET and the keys"
        )
    return Finding(part="store", state="well", said=kind)


async def ffmpeg() -> Finding:
    """Whether there is an ffmpeg."""
    try:
        return Finding(part="ffmpeg", state="well", said=str(binary()))
    except StoryreelError as error:
        return Finding(part="ffmpeg", state="wrong", said=error.detail, mend="set STORYREEL_FFMPEG, or install the package again")


async def disk(settings: Settings) -> Finding:
    """Whether the data folder has room."""
    folder = next(path for path in (settings.home_dir, *settings.home_dir.parents) if path.exists())
    free_gb = shutil.disk_usage(folder).free / 1e9
    if free_gb < LITTLE_DISK_GB:
        return Finding(
            part="disk",
            state="wrong",
            said=f"{free_gb:.1f} GB free",
            mend="make room: a minute of film takes some 200 MB on the way",
        )
    return Finding(part="disk", state="well", said=f"{free_gb:.0f} GB free")


async def planner(settings: Settings) -> Finding:
    """Who plans."""
    if settings.google_api_key.get_secret_value() and settings.provider_text != "rules":
        return Finding(part="planner", state="well", said=f"rules first, then Gemini ({settings.gemini_model})")
    return Finding(
        part="planner",
        state="off",
        said="rules alone",
        mend="set GOOGLE_API_KEY to let a model answer what the rules do not understand",
    )


async def providers(settings: Settings) -> Finding:
    """Who makes what."""
    said = ", ".join(f"{name} {getattr(settings, f'provider_{name}')}" for name in ("image", "video", "voice", "music", "sfx"))
    return Finding(part="providers", state="well", said=said)
