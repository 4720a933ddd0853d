"""Every error as an RFC 9457 problem: type, title, status, detail, a stable code, and the fields that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from storyreel.model.errors import StoryreelError
from storyreel.runtime.telemetry import log

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One field of a request that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """Why a request was not carried out. Programs test `code`; people read `detail`, which says what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:storyreel:out-of-range"])
    title: str
    status: int
    code: str = Field(
        examples=["bad-input", "not-found", "out-of-range", "conflict", "refused", "unavailable", "envelope-refused"]
    )
    detail: str
    errors: list[FieldError] = Field(default=[], description="The fields that are wrong, where some are.")
    verdicts: list[dict[str, Any]] = Field(
        default=[], description="What was found of each action, where an envelope was refused."
    )


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 403, 404, 405, 409, 413, 422, 500, 503)
}


def problem(status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **facts: Any) -> JSONResponse:
    """One problem as a response."""
    body = {"type": f"urn:storyreel:{code}", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    sent = dict(headers or {}) | ({"Retry-After": "2"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {})
    return JSONResponse(jsonable_encoder(facts | body), status, media_type=MEDIA_TYPE, headers=sent)


def install(app: FastAPI) -> None:
    """Make the application answer every failure as a problem, and describe it so."""
    app.add_exception_handler(StoryreelError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _unkeepable)
    app.add_exception_handler(UnicodeEncodeError, _unkeepable)
    app.add_exception_handler(Exception, _unexpected)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        document = described()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = schema.pop("$defs", {})
        document.setdefault("components", {}).setdefault("schemas", {}).update({"Problem": schema, **parts})
        return document

    app.openapi = openapi


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, StoryreelError):
        raise error
    facts = {key: value for key, value in error.facts.items() if value is not None and key not in {"status", "headers"}}
    return problem(error.status, error.code, error.detail, **{k: v for k, v in facts.items() if k not in {"code", "detail"}})


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = [{"field": ".".join(str(part) for part in one["loc"]), "message": _told(one)} for one in error.errors()]
    said = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:5])
    return problem(422, "bad-input", said or "the request is not understood", errors=fields)


def _told(one: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words that say what to do where the library's do not."""
    if one["type"] == "too_long":
        given = one.get("ctx", {})
        return f"at most {given.get('max_length')} entries in one request, not {given.get('actual_length')}; send it in parts"
    return str(one["msg"])


async def _unkeepable(_request: Request, _error: Exception) -> JSONResponse:
    return problem(422, "bad-input", "the request holds a character or a number that cannot be kept, such as a NUL; leave it out")


async def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    said = SAID.get(error.status_code, str(error.detail))
    return problem(error.status_code, CODES.get(error.status_code, "bad-request"), said, headers=error.headers)


SAID = {
    404: "there is nothing at this address; /docs lists what there is",
    405: "this address does not take that method; the Allow header lists those that it takes",
}
CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 500: "internal", 503: "unavailable"}


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log("api").exception("request.failed", path=request.url.path, error=type(error).__name__)
    return problem(500, "internal", "something went wrong on our side; nothing was lost, and the log says what happened")
