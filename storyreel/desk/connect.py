"""Finding Temporal: the environment's profile, the settings' address, or the embedded server's."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentVersion

from storyreel.desk.plugin import plugin
from storyreel.model.errors import Unavailable
from storyreel.runtime.settings import Settings

# What runs can be found by: as a whole, or the title by its words ("Shot 3 of 8: A lighthouse").
SEARCH_ATTRIBUTES: Mapping[str, IndexedValueType.ValueType] = {
    **dict.fromkeys(("WorkspaceId", "WorkItemId", "Stage", "TaskId"), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD),
    "Title": IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
}


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """The client of this process: make one and keep it.

    It reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, TEMPORAL_API_KEY and the TLS variables as every Temporal tool
    does; with none of them it looks for the stack of this data folder. `lazy` connects on first use.

    Raises:
        Unavailable: no server answers there; the message says where it looked.
    """
    options = connection(settings)
    ours = plugin(traced=bool(settings.otlp_endpoint), build=build_of(settings))
    try:
        return await Client.connect(**options, plugins=[ours], lazy=lazy)
    except RuntimeError as failure:
        raise Unavailable(
            f"Temporal does not answer at {options.get('target_host')}. Start the stack with `storyreel up`, or set TEMPORAL_ADDRESS."
        ) from failure


async def why_away(client: Client, timeout_s: float = 2.0) -> str:
    """Why Temporal does not answer; empty where it does."""
    try:
        async with asyncio.timeout(timeout_s):
            return "" if await client.service_client.check_health() else "it is not serving"
    except (RPCError, RuntimeError, TimeoutError) as failure:
        return str(failure)[:200] or f"no answer within {timeout_s:g} s"


def build_of(settings: Settings) -> WorkerDeploymentVersion | None:
    """Which build the workers of this process are; None where nobody said."""
    return WorkerDeploymentVersion(settings.deployment, settings.build_id) if settings.build_id else None


def connection(settings: Settings) -> dict[str, Any]:
    """The arguments of `Client.connect`: address, namespace, key and TLS."""
    told = dict(ClientConfig.load_client_connect_config(override_env_vars=_environment(settings)))
    if settings.temporal_address or not told.get("target_host"):
        told["target_host"] = settings.temporal_address or _embedded(settings.home_dir)
    return told


async def ensure_search_attributes(client: Client) -> tuple[str, ...]:
    """Register what runs are found by; the names that were missing. Safe to call at every start and by many at once."""
    operator = client.service_client.operator_service
    known = await operator.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    missing = tuple(name for name in SEARCH_ATTRIBUTES if name not in known.custom_attributes)
    if missing:
        wanted = {name: SEARCH_ATTRIBUTES[name] for name in missing}
        try:
            await operator.add_search_attributes(AddSearchAttributesRequest(namespace=client.namespace, search_attributes=wanted))
        except RPCError as failure:
            if failure.status is not RPCStatusCode.ALREADY_EXISTS:
                raise
    return missing


def _environment(settings: Settings) -> dict[str, str]:
    """This process's variables, with an empty one counted as not set and our own names for address and namespace."""
    known = {name: value for name, value in os.environ.items() if value}
    return {"TEMPORAL_NAMESPACE": settings.temporal_namespace, **known} if not known.get("TEMPORAL_PROFILE") else known


def _embedded(home: Path) -> str:
    try:
        told = json.loads((home / "endpoints.json").read_text())
    except (OSError, ValueError):
        raise Unavailable(
            f"No Temporal server is configured, and no stack runs in {home}. Start one with `storyreel up`, or set TEMPORAL_ADDRESS."
        ) from None
    return str(told["temporal_address"])
