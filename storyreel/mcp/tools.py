"""The tools of a mode: one for each action that the mode may use, made from the catalogue, beside those of the house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from pydantic import ValidationError

from storyreel.actions.base import Action, Asked, Consent, Kind
from storyreel.actions.catalogue import arguments_of, arguments_schema, chosen, names_of
from storyreel.mcp.client import Api, Json
from storyreel.mcp.house import HOUSE, PROJECT, House, act
from storyreel.mcp.told import Told
from storyreel.model.errors import BadInput, NotFound

Mode = Literal["agent", "pro", "draft"]
# Added to the arguments of every action.
PROPOSE = "True asks for a proposal with its changes and its price, and does nothing."
REASON = "Why, in the person's words; kept in the history."
CONSENT = {
    Consent.never: "",
    Consent.many: " Over several shots it asks a person first: the answer is then a proposal.",
    Consent.always: " It always asks a person first: the answer is a proposal.",
}


@dataclass(frozen=True)
class Tool:
    """One tool as a client is told of it, and how it is carried out."""

    name: str
    title: str
    description: str
    schema: Json
    reads: bool
    destroys: bool
    run: Callable[[Api, Json], Awaitable[Told]]


@cache
def tools_of(mode: Mode) -> dict[str, Tool]:
    """The tools of a mode by name."""
    tools = [_house(kind) for kind in HOUSE if mode in kind.modes]
    tools += [_action(kind, mode) for kind in chosen(mode)]
    return {tool.name: tool for tool in tools}


def tool_named(mode: Mode, name: str) -> Tool:
    """A tool by its name; an action goes by any of its names, with dots or without.

    Raises:
        NotFound: there is none in this mode.
    """
    tools = tools_of(mode)
    own = _own_names(mode).get(_plain(name))
    if name in tools:
        return tools[name]
    if own is None:
        raise NotFound(f"there is no tool {name!r} in {mode} mode; tools/list names what there is")
    kind, asked = own
    return _action(kind, mode, asked)


def _plain(name: str) -> str:
    return name.replace(".", "_")


@cache
def _own_names(mode: Mode) -> dict[str, tuple[type[Action], str]]:
    return {_plain(name): (kind, name) for kind in chosen(mode) for name in names_of(kind)}


def _house(kind: type[House]) -> Tool:
    async def run(api: Api, args: Json) -> Told:
        try:
            asked = kind.model_validate(args)
        except ValidationError as error:
            wrong = error.errors()[0]
            raise BadInput(f"{kind.name}: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from error
        return await asked.run(api)

    schema = kind.model_json_schema()
    schema.pop("description", None)
    return Tool(
        name=kind.name,
        title=kind.name.replace("_", " "),
        description=" ".join((kind.__doc__ or "").split()),
        schema=schema,
        reads=kind.reads,
        destroys=kind.name in {"approve", "perform"},
        run=run,
    )


def _action(kind: type[Action], mode: Mode, name: str = "") -> Tool:
    asked = name or kind.type_name()
    changes = kind.policy.kind is Kind.change

    async def run(api: Api, args: Json) -> Told:
        given = dict(args)
        project, reason = str(given.pop("project", "")), str(given.pop("reason", "")) if changes else ""
        propose = bool(given.pop("propose", False)) if changes else False
        _check_narrow(kind, asked, given, mode)
        return await act(api, project, asked, given, mode="propose" if propose else "execute", reason=reason)

    words = " ".join((kind.__doc__ or "").split())
    said = f'As a person says it: "{kind.says[1]}" / "{kind.says[0]}".'
    return Tool(
        name=_plain(asked),
        title=asked,
        description=f"{words}{CONSENT[kind.policy.consent] if changes else ''} {said}",
        schema=_schema(kind, mode, changes=changes),
        reads=not changes,
        destroys=kind.policy.consent is not Consent.never,
        run=run,
    )


def _schema(kind: type[Action], mode: Mode, *, changes: bool) -> Json:
    schema = arguments_schema(kind)
    own = cast("Json", schema.get("properties", {}))
    narrowed = {field: {**own[field], "enum": list(values)} for field, values in kind.narrows.get(mode, {}).items()}
    added: dict[str, Any] = (
        {} if kind.type_name() == "project.create" else {"project": {"type": "string", "description": PROJECT}}
    )
    if changes:
        added |= {
            "propose": {"type": "boolean", "default": False, "description": PROPOSE},
            "reason": {"type": "string", "description": REASON},
        }
    return {**schema, "properties": {**added, **own, **narrowed}}


def _check_narrow(kind: type[Action], asked: str, args: Json, mode: Mode) -> None:
    said = arguments_of(Asked(type=asked, args=args))
    for field, values in kind.narrows.get(mode, {}).items():
        if field in said and said[field] not in values:
            raise BadInput(f"{asked}: in {mode} mode the {field} can only be {', '.join(values)}", field=field)
