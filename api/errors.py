"""Every error as an RFC 9457 problem: type, title, status, detail, a stable code, and the fields that are wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from storyreel.model.errors import StoryreelError
from storyreel.runtime.telemetry import log

MEDIA_TYPE = "application/problem+json"
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {}}}
    for status in (400, 403, 404, 409, 413, 422, 503)
}


def problem(status: int, code: str, detail: str, **facts: Any) -> JSONResponse:
    """One problem as a response."""
    body = {"type": f"urn:storyreel:{code}", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    headers = {"Retry-After": "2"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse(jsonable_encoder(body | facts), status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI) -> None:
    """Make the application answer every failure as a problem."""
    app.add_exception_handler(StoryreelError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, StoryreelError):
        raise error
    return problem(
        error.status, error.code, error.detail, **{key: value for key, value in error.facts.items() if value is not None}
    )


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = [{"field": ".".join(str(part) for part in one["loc"]), "message": one["msg"]} for one in error.errors()]
    said = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:5])
    return problem(422, "bad-input", said or "the request is not understood", errors=fields)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return problem(error.status_code, code, str(error.detail))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log("api").exception("request.failed", path=request.url.path, error=type(error).__name__)
    return problem(500, "internal", "something went wrong on our side; nothing was lost, and the log says what happened")
