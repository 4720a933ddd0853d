"""Who says what a picture shows, as numbers: near is alike in meaning. None unless the settings name one.

POST {STORYREEL_REMOTE_PROVIDER_URL}/v1/embeddings    {media_type, data: base64}    -> 200 {model, embedding: [..]}
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import httpx

from storyreel.model.errors import NotPossible, ProviderError, Transient
from storyreel.runtime.settings import Settings

MOST_NUMBERS = 16_000
ANSWER_S = 30.0


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a picture shows, as the numbers of a model; only those of one model can be compared."""

    model: str
    numbers: tuple[float, ...]


class Embedder(Protocol):
    """Makes embeddings of pictures."""

    async def picture(self, data: bytes, media_type: str) -> Embedding:
        """What a picture shows.

        Raises:
            ProviderError: it does not say.
        """
        ...

    async def close(self) -> None:
        """Give up its connections."""
        ...


class RemoteEmbedder:
    """A server of one's own that speaks the protocol above."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def picture(self, data: bytes, media_type: str) -> Embedding:
        """What a picture shows, as the server says.

        Raises:
            Transient: it does not answer.
            ProviderError: its answer is none.
        """
        body = {"media_type": media_type, "data": base64.b64encode(data).decode()}
        try:
            answer = await self._client.post("/v1/embeddings", json=body)
            answer.raise_for_status()
            said = answer.json()
            return Embedding(str(said["model"]), _numbers(said["embedding"]))
        except httpx.HTTPError as failure:
            raise Transient(f"the provider of embeddings does not answer: {failure}") from failure
        except (KeyError, TypeError, ValueError) as wrong:
            raise ProviderError(f"the provider of embeddings answers with none: {wrong}") from wrong

    async def close(self) -> None:
        """Give up its connections."""
        await self._client.aclose()


def open_embedder(settings: Settings) -> Embedder | None:
    """The one of the settings, if they name one.

    Raises:
        NotPossible: there is none of that name, or its address is missing.
    """
    if not settings.provider_embedding:
        return None
    if settings.provider_embedding != "remote":
        raise NotPossible(f"There is no provider of embeddings “{settings.provider_embedding}”; there is: remote.")
    if not settings.remote_provider_url:
        raise NotPossible("No address of a provider of your own is set: STORYREEL_REMOTE_PROVIDER_URL.")
    key = settings.remote_provider_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return RemoteEmbedder(httpx.AsyncClient(base_url=settings.remote_provider_url, headers=headers, timeout=ANSWER_S))


def _numbers(said: Sequence[float]) -> tuple[float, ...]:
    numbers = tuple(float(one) for one in said)
    if not 0 < len(numbers) <= MOST_NUMBERS or not all(map(isfinite, numbers)):
        raise ValueError("no numbers")
    return numbers
