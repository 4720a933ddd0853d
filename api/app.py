"""The application: what it holds while it runs, and its routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from agent.checkpoint import open_checkpointer
from agent.graph import Agent
from agent.planners import planners_of, warm
from api import errors, mcp
from api.fanout import Fanout
from api.limits import Limits
from api.listener import Listener
from api.routes import (
    actions,
    assets,
    canvases,
    chat,
    debug,
    drafts,
    files,
    health,
    join,
    lineage,
    money,
    projects,
    reading,
    review,
    uploads,
    versions,
    work,
)
from api.serve import Draining
from api.state import Held
from api.watch import Watch
from storyreel.assets import open_store, take_in
from storyreel.assets.incoming import Incoming
from storyreel.assets.thumbs import Thumbs
from storyreel.commits import Bell, Door
from storyreel.commits.intake import Intake
from storyreel.desk.connect import connect
from storyreel.ledger.gauges import Gauges
from storyreel.ledger.quote import pricer
from storyreel.model.errors import Unavailable
from storyreel.providers.embed import open_embedder
from storyreel.providers.registry import Registry
from storyreel.runtime.database import database_of
from storyreel.runtime.metrics import watch_machine, watch_pool
from storyreel.runtime.settings import Settings
from storyreel.runtime.telemetry import log

# Asked every few seconds, by machines.
UNTRACED = ("/healthz", "/readyz", "/metrics")


def create_app(settings: Settings) -> FastAPI:
    """The API for these settings. Parts that are away at start are tried again when they are needed."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            app.state.held = await _hold(settings, stack)
            await stack.enter_async_context(tools.running())
            yield

    app = FastAPI(
        title="Storyreel",
        version="0.1.0",
        lifespan=lifespan,
        responses=errors.DOCUMENTED,
        description="A conversation becomes a film: typed actions, a narrative graph, durable renders.",
        # A span a request; what happens inside is told by our own.
        telemetry={"operation_spans": False, "exclude": lambda scope: scope.get("path") in UNTRACED},
    )
    errors.install(app)
    app.add_middleware(Limits, piece_bytes=settings.upload_most_bytes)
    app.add_middleware(Watch)
    app.add_middleware(Draining, api=app)
    for module in (
        health,
        join,
        projects,
        reading,
        versions,
        actions,
        chat,
        debug,
        canvases,
        drafts,
        lineage,
        work,
        review,
        money,
        assets,
        uploads,
        files,
    ):
        app.include_router(module.router)
    tools = mcp.install(app)
    return app


async def _hold(settings: Settings, stack: AsyncExitStack) -> Held:
    database = database_of(settings)
    stack.push_async_callback(database.close)
    watch_machine(settings.home_dir)
    watch_pool(database.engine)
    registry = Registry(settings)
    stack.push_async_callback(registry.close)
    door = Door(
        database=database,
        bell=Bell(database),
        price=pricer(registry),
        threshold_usd=settings.spending_threshold_usd,
        queue_wait_s=settings.queue_wait_s,
    )
    stack.push_async_callback(door.close)
    checkpointer = await stack.enter_async_context(open_checkpointer(settings.app_dsn))
    listener = Listener(settings.app_dsn, database)
    await stack.enter_async_context(listener.running())
    try:
        temporal = await connect(settings, lazy=True)
    except Unavailable as away:
        # Only a choice among pictures needs it here: renders are asked for through the database.
        log("api").warning("temporal.away", detail=away.detail)
        temporal = None
    planners = planners_of(settings, database)
    await asyncio.to_thread(warm, planners)
    agent = Agent(door=door, planners=planners, checkpointer=checkpointer)
    embedder = open_embedder(settings)
    if embedder is not None:
        stack.push_async_callback(embedder.close)
    store = open_store(settings)
    return Held(
        settings=settings,
        database=database,
        door=door,
        agent=agent,
        store=store,
        intake=Intake(door, store, Incoming(settings.home_dir / "uploads"), take_in.Limits.of(settings), embedder),
        thumbs=Thumbs(settings.home_dir / "cache" / "thumbs"),
        temporal=temporal,
        listener=listener,
        streams=Fanout(database, listener),
        gauges=Gauges(database),
    )
