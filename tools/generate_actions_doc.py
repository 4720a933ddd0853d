"""Write docs/actions.md from the catalogue: `python -m tools.generate_actions_doc`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from storyreel.actions.base import Action, Consent, Kind
from storyreel.actions.catalogue import ACTIONS, arguments_schema, family_of

DOC = Path(__file__).parents[1] / "docs" / "actions.md"
Json = dict[str, Any]
CONSENT = {
    Consent.never: "asks only above the spending threshold",
    Consent.many: "asks a person where it is about several shots",
    Consent.always: "always asks a person",
}
KINDS = {
    Kind.change: "a change",
    Kind.query: "a question: it changes nothing",
    Kind.ui: "for the asker's screen: it changes nothing",
}
HEAD = """# Everything that can be asked

Generated from the catalogue by `python -m tools.generate_actions_doc`; not to be edited by hand.

A message, `POST /v1/workspaces/{{id}}/actions`, an MCP tool and the command line all ask for the same {types} actions, which answer to {names}
names. Each can be said in a sentence: the examples are in English and in Chinese. Rights rise from viewer to editor to owner. An action that
asks a person first answers with a proposal: its changes, its price, and nothing done yet. Modes are those of talk: agent (the whole project),
pro (one shot, track or node), draft (a draft space). Shots are named as the person sees them: `3`, `2-5`, `last`, `all`, `scene 2`.
"""


def document() -> str:
    """The page: an index, a section a family, a part an action, and the shapes that arguments share."""
    names = sum(1 + len(action.aliases) + len(action.presets) for action in ACTIONS)
    shapes: Json = {}
    parts = [HEAD.format(types=len(ACTIONS), names=names), _index()]
    for family, actions in _families():
        parts += [f"## {family}\n", *(_part(action, shapes) for action in actions)]
    parts.append("## Shapes\n\nWhat arguments are made of.\n")
    parts += [_shape(name, schema) for name, schema in sorted(shapes.items())]
    return "\n".join(parts)


def _families() -> list[tuple[str, list[type[Action]]]]:
    first = {name: at for at, name in reversed(list(enumerate(map(family_of, ACTIONS))))}
    ordered = sorted(ACTIONS, key=lambda action: first[family_of(action)])
    return [(family, list(actions)) for family, actions in groupby(ordered, key=family_of)]


def _index() -> str:
    lines = [f"- **{family}**: {', '.join(_linked(action.type_name()) for action in actions)}" for family, actions in _families()]
    return "\n".join(lines) + "\n"


def _linked(name: str) -> str:
    return f"[`{name}`](#{name.replace('.', '').lower()})"


def _part(action: type[Action], shapes: Json) -> str:
    schema = arguments_schema(action)
    for name, shape in schema.get("$defs", {}).items():
        assert shapes.setdefault(name, shape) == shape, f"two shapes are called {name}"
    policy, (chinese, english) = action.policy, action.says
    rules = [f"**{policy.role.name}**", KINDS[policy.kind]]
    if policy.kind is Kind.change:
        rules += [CONSENT[policy.consent], "undo takes it back" if policy.undo else "not for undo"]
    rules.append(f"modes: {', '.join(sorted(policy.modes))}")
    lines = [f"### {action.type_name()}\n", f"{' '.join((action.__doc__ or '').split())}\n", f"> {english}  \n> {chinese}\n"]
    lines.append(f"{'; '.join(rules)}.\n")
    if others := _others(action):
        lines.append(f"Also: {others}.\n")
    lines.append(_table(schema))
    return "\n".join(lines)


def _others(action: type[Action]) -> str:
    presets = (
        f"`{name}` ({', '.join(f'{key}: {_value(value)}' for key, value in given.items())})" if given else f"`{name}`"
        for name, given in action.presets.items()
    )
    return ", ".join([*(f"`{name}`" for name in action.aliases), *presets])


def _shape(name: str, schema: Json) -> str:
    words = " ".join(str(schema.get("description", "")).split())
    about = f"{_escaped(words)}\n\n" if words else ""
    body = _table(schema) if "properties" in schema else f"{_type(schema)}\n"
    return f"### {name}\n\n{about}{body}"


def _table(schema: Json) -> str:
    required = set(schema.get("required", ()))
    rows = [
        f"| `{name}` | {_type(field)} | {'' if name in required else _value(field.get('default'))} | {_about(field, name in required)} |"
        for name, field in schema.get("properties", {}).items()
    ]
    if not rows:
        return "It takes no arguments.\n"
    return "\n".join(["| argument | type | else | |", "|---|---|---|---|", *rows]) + "\n"


def _about(field: Json, required: bool) -> str:  # noqa: FBT001 - a cell
    words = _escaped(" ".join(str(field.get("description", "")).split()))
    return " ".join(part for part in ("**Needed.**" if required else "", words) if part)


def _type(field: Json) -> str:
    if "$ref" in field:
        name = str(field["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key in ("anyOf", "oneOf", "allOf"):
        if key in field:
            kinds = dict.fromkeys(_type(one) for one in field[key] if one.get("type") != "null")
            return " or ".join(kinds)
    if "enum" in field or "const" in field:
        return ", ".join(_value(one) for one in field.get("enum", [field.get("const")]))
    return _plain(field)


def _plain(field: Json) -> str:
    match field.get("type"):
        case "array":
            several = field.get("prefixItems")
            return f"({', '.join(map(_type, several))})" if several else f"list of {_type(field.get('items', {}))}"
        case "object":
            inner = field.get("additionalProperties")
            return f"map of {_type(inner)}" if isinstance(inner, dict) else "object"
        case "integer" | "number" as kind:
            return f"{kind}{_range(field)}"
        case "string":
            return {"uuid": "id", "date-time": "time"}.get(str(field.get("format")), "text")
        case "boolean":
            return "true or false"
        case _:
            return "anything"


def _range(field: Json) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    above = field.get("exclusiveMinimum")
    parts = [
        f"over {above:g}" if above is not None else f"from {low:g}" if low is not None else "",
        f"to {high:g}" if high is not None else "",
    ]
    said = " ".join(part for part in parts if part)
    return f", {said}" if said else ""


def _value(value: Any) -> str:
    # A shape's own part says what it is where nothing is given.
    if value is None or value == "" or isinstance(value, dict):
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _escaped(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    """Write the page."""
    DOC.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
