"""How large a request may be; what is larger is refused before it is read."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A script of a few hundred pages is under half a megabyte; envelopes of two thousand actions under two.
LARGEST_BODY = 8 * 1024 * 1024
LARGEST_FILE = 200 * 1024 * 1024


class Limits:
    """Refuses a body that is too large: by what it says of itself, and by what comes."""

    def __init__(self, app: ASGIApp, piece_bytes: int = LARGEST_FILE) -> None:
        self._app = app
        self._piece_bytes = piece_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope["method"], scope["path"])
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        declared, came = int(said) if said.isdigit() else 0, 0

        async def limited() -> Message:
            nonlocal came
            _check(declared, most)
            message = await receive()
            came += len(message.get("body", b""))
            _check(came, most)
            return message

        await self._app(scope, limited, send)

    def _most(self, method: str, path: str) -> int:
        if method == "PATCH" and "/uploads/" in path:
            # Written to the disk as it comes, and no further than was announced.
            return self._piece_bytes
        return LARGEST_FILE if path.endswith("/assets") else LARGEST_BODY


def _check(size: int, most: int) -> None:
    if size > most:
        said = (
            f"the request is larger than {most // 2**20} MB; send a long list of actions in parts, and a long script by episodes"
        )
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
