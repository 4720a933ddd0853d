"""The tools are the catalogue's, under names and schemas that every client takes."""

from __future__ import annotations

import re

import pytest

from storyreel.actions.base import Kind
from storyreel.actions.catalogue import ACTIONS, chosen, names_of
from storyreel.mcp.house import HOUSE
from storyreel.mcp.tools import Mode, tool_named, tools_of
from storyreel.model.errors import NotFound

MODES: tuple[Mode, ...] = ("agent", "pro", "draft")


@pytest.mark.parametrize("mode", MODES)
def test_each_action_of_a_mode_is_one_tool_and_no_other_is(mode: Mode) -> None:
    tools = tools_of(mode)
    actions = {action.type_name().replace(".", "_"): action for action in chosen(mode)}
    assert len(actions) > 20
    assert set(tools) == set(actions) | {kind.name for kind in HOUSE if mode in kind.modes}
    assert not set(actions) & {kind.name for kind in HOUSE}
    for name, action in actions.items():
        assert " ".join((action.__doc__ or "").split()) in tools[name].description
        assert all(sentence in tools[name].description for sentence in action.says)
        assert tools[name].reads is (action.policy.kind is not Kind.change)


@pytest.mark.parametrize("mode", MODES)
def test_clients_that_are_strict_take_their_names_and_schemas(mode: Mode) -> None:
    for tool in tools_of(mode).values():
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
        assert tool.schema["type"] == "object" and isinstance(tool.schema["properties"], dict)
        assert set(tool.schema.get("required", ())) <= set(tool.schema["properties"])


def test_no_argument_of_an_action_is_hidden_by_those_that_every_tool_has() -> None:
    for action in ACTIONS:
        assert not {"project", "propose", "reason"} & set(action.model_fields), action.type_name()


def test_an_action_answers_to_all_its_names_in_its_modes_only() -> None:
    for action in ACTIONS:
        for name in names_of(action):
            for mode in MODES:
                if mode in action.policy.modes:
                    assert tool_named(mode, name) and tool_named(mode, name.replace(".", "_"))
                else:
                    with pytest.raises(NotFound, match=f"{mode} mode"):
                        tool_named(mode, name)


def test_an_argument_that_a_mode_narrows_offers_no_more_than_that() -> None:
    narrowed = [(action, mode, fields) for action in ACTIONS for mode, fields in action.narrows.items()]
    assert narrowed
    for action, mode, fields in narrowed:
        shown = tool_named(mode, action.type_name()).schema["properties"]
        assert {field: shown[field]["enum"] for field in fields} == {field: list(values) for field, values in fields.items()}
