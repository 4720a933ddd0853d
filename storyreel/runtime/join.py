"""Joining as a worker: one address, of the API, instead of all the settings of a second machine.

The API hands them out only where `STORYREEL_JOIN_SECRET` is set, and only to who knows it: among them are the database's and the store's
passwords, and the keys of the providers.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from storyreel.model.errors import BadInput, Refused, Unavailable
from storyreel.runtime.settings import Settings, environment, variables

PATH = "/v1/join"
ANSWER_S = 10.0
SHORTEST = 16
# What all workers of an installation have in common. Everything else is a machine's own: its folder, queues, slots, grace, logs, ports.
SHARED = (
    *("s3_", "provider_", "remote_provider_", "google_", "gemini_", "deployment", "otlp_"),
    *("assume_charged_below_usd", "on_unknown", "spending_threshold_usd", "picture_most_px"),
    *("database_pool_size", "database_timeout_s"),
)
# Temporal's own variables that name no file of this machine.
TEMPORAL = ("TEMPORAL_API_KEY", "TEMPORAL_TLS", "TEMPORAL_TLS_SERVER_NAME")


def admit(settings: Settings, said: str) -> None:
    """See that somebody may join.

    Raises:
        Refused: nobody may, or the secret is another.
    """
    secret = settings.join_secret.get_secret_value()
    if not secret:
        raise Refused("Joining is not enabled here: set STORYREEL_JOIN_SECRET where the API runs.")
    if len(secret) < SHORTEST:
        raise Refused(f"Joining is not enabled here: STORYREEL_JOIN_SECRET has fewer than {SHORTEST} characters.")
    if not hmac.compare_digest(secret.encode(), said.encode()):
        raise Refused("That is not the secret of this installation (STORYREEL_JOIN_SECRET).")


def handed_out(settings: Settings, temporal_address: str, *, elsewhere: bool) -> dict[str, str]:
    """The variables that make a worker of this installation; `elsewhere` says that it runs on another machine.

    Raises:
        Refused: a worker elsewhere could not reach a part; the message says which, and what to set.
    """
    if not settings.s3_endpoint:
        raise Refused(
            "The store is a folder on the API's machine, which no other worker can read. Set S3_ENDPOINT to an S3 server, then join again."
        )
    places = {"DATABASE_URL": settings.app_dsn, "TEMPORAL_ADDRESS": f"//{temporal_address}", "S3_ENDPOINT": settings.s3_endpoint}
    if near := [name for name, address in places.items() if elsewhere and is_loopback(urlsplit(address).hostname or "")]:
        raise Refused(
            f"{', '.join(near)} of the API can be reached from its own machine only; name the servers as others reach them."
        )
    shared = {field: getattr(settings, field) for field in settings.model_fields_set if field.startswith(SHARED)}
    told = environment(Settings.model_construct(_fields_set=set(shared), **shared))
    return {
        **{name: value for name in TEMPORAL if (value := os.environ.get(name))},
        **told,
        variables("database_url")[0]: settings.app_dsn,
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": settings.temporal_namespace,
    }


def is_loopback(host: str) -> bool:
    """Whether a host is this machine as only it sees it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


def join(address: str, secret: str = "") -> dict[str, str]:
    """Ask an API, `http://[:secret@]host:port`, for the variables of a worker.

    Raises:
        BadInput: that is no address.
        Refused: the API does not let it in; the message says why.
        Unavailable: the API does not answer.
    """
    import httpx  # noqa: PLC0415 (only who joins needs a client)

    where, inside = apart(address)
    try:
        answer = httpx.post(
            f"{where}{PATH}", headers={"Authorization": f"Bearer {inside or secret}"}, timeout=ANSWER_S, trust_env=False
        )
    except httpx.HTTPError as failure:
        raise Unavailable(f"No API answers at {where} ({type(failure).__name__}).") from failure
    if answer.status_code == HTTPStatus.FORBIDDEN:
        raise Refused(str(answer.json()["detail"]))
    if not answer.is_success:
        raise Unavailable(f"{where} answers {answer.status_code}; is it Storyreel's API?")
    told: dict[str, str] = answer.json()["environment"]
    return told


def apart(address: str) -> tuple[str, str]:
    """An address without its secret, and the secret.

    Raises:
        BadInput: that is no address.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput("--join needs the address of the API, like http://10.0.0.5:8710 or http://:secret@10.0.0.5:8710.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    bare = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, bare, parts.path.rstrip("/"), "", "")), parts.password or ""


def become(told: Mapping[str, str]) -> None:
    """Take over the variables; what this machine's own environment says comes first."""
    for name, value in told.items():
        if not os.environ.get(name):
            os.environ[name] = value
