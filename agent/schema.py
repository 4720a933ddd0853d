"""The shape a model must answer in: a discriminated union of actions, made from the catalogue, for the families of a mode."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError, create_model, field_validator

from agent.roles import may_use, narrowed
from agent.types import Mode, RoleName, Thought
from storyreel.actions.base import Action, Asked, Kind, Role
from storyreel.actions.catalogue import ACTIONS, BY_NAME
from storyreel.model.base import Frozen

# Making a project is the person's own step: a turn already stands in one.
NOT_FOR_MODELS = frozenset({"project.create"})
MOST_ACTIONS = 100


class NewFilm(Frozen):
    """A whole new film: the screenplay in Fountain, from which the house makes scenes, shots, people and lengths."""

    script: str = Field(
        min_length=1, max_length=40_000, description="Fountain: headings, action, cues and lines. One beat of action a shot."
    )
    total_s: float | None = Field(default=None, gt=0, description="The length that was asked for, in seconds.")
    shots: int | None = Field(default=None, ge=1, description="The number of shots that was asked for.")
    style: str = Field(default="", description="The style of the pictures, in the person's words.")
    music: str = Field(default="", description="The flavour of the music, in the person's words.")
    instead: Literal["", "replace", "episode"] = Field(
        default="",
        description="In a project that has shots: it replaces this film, or is another episode; only where the person says so.",
    )


class Answer(Frozen):
    """What the model answers. Exactly one of actions, looks, question and decision is filled."""

    understood: bool = Field(default=True, description="False when no action fits what was said.")
    intent: str = Field(default="", description="What the person wants, in a few words.")
    question: str = Field(
        default="", description="One question, in the person's language, where the message can mean several things."
    )
    decision: Literal["", "approve", "reject"] = Field(default="", description="Only for a plain yes or no to the open proposal.")
    nearest: str = Field(default="", description="When not understood: one sentence, in the person's language, that can be done.")
    message: str = Field(default="", description="An answer in words where no action is needed.")
    actions: list[Any] = []
    looks: list[Any] = []

    @field_validator("actions", "looks", mode="before")
    @classmethod
    def by_its_own_name(cls, said: Any) -> Any:
        """An action under another of its names, as earlier turns may have shown it, is the action itself."""
        return [_own_name(one) for one in cast("list[Any]", said)] if isinstance(said, list) else said

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema as a model is sent it."""
        return Fixed(_bare(super().model_json_schema(*args, **kwargs)))

    def thought(self) -> Thought:
        """The answer as the agent takes it."""
        return Thought(
            understood=self.understood, intent=self.intent, actions=tuple(map(asked, self.actions)), looks=tuple(map(asked, self.looks)),
            question=self.question, decision=self.decision, nearest=self.nearest, message=self.message,
        )  # fmt: skip


class Fixed(dict[str, Any]):
    """A schema that nobody changes, so that a copy of it is itself: libraries copy a request's parts, and this one is long."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Fixed:
        return self


class AskedBy(Frozen):
    """One action with its arguments."""

    reason: str = Field(default="", max_length=300)
    name: str | None = Field(default=None, alias="as", description="A name for what it makes, for later actions as '$name'.")

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True}


def asked(one: Any) -> Asked:
    """A member of the union as the envelope holds it."""
    return Asked(type=one.type, args=one.args.model_dump(mode="json", exclude_unset=True), reason=one.reason, name=one.name)


class StoryAnswer(Answer):
    """What the model answers. Exactly one of actions, film, looks, question and decision is filled."""

    film: NewFilm | None = Field(
        default=None,
        description="Only for a new film: in an empty project, or where the person says that it replaces this film or is a new episode.",
    )


@cache
def answer_model(mode: Mode, role: RoleName = "", rights: Role = Role.owner) -> type[Answer]:
    """The answer of a model: only the actions that the mode, the role and the person's rights may use, only queries to look with."""
    allowed = [
        action
        for action in ACTIONS
        if may_use(action, mode, role) and action.policy.role <= rights and action.type_name() not in NOT_FOR_MODELS
    ]
    queries = [action for action in allowed if action.policy.kind is Kind.query]
    fields: dict[str, Any] = {
        "actions": _several(allowed, mode, role, "What to do, in order.", most=MOST_ACTIONS),
        "looks": _several(queries, mode, role, "What must be known first; you are asked again with the answers.", most=3),
    }
    base = Answer if mode == "draft" else StoryAnswer
    return create_model("Answer", __base__=base, __doc__=base.__doc__, **fields)


def _own_name(one: Any) -> Any:
    """What was said under another name of an action or of its arguments, in its own; left as it is where it is wrong."""
    if not isinstance(one, dict):
        return one
    held = cast("dict[str, Any]", one)
    kind = BY_NAME.get(str(held.get("type")))
    if kind is None:
        return held
    args = {**kind.presets.get(held["type"], {}), **(held.get("args") or {})}
    # Where they are wrong, the union says what is, for the model to mend.
    with suppress(ValidationError):
        args = kind.model_validate(args).model_dump(mode="json", exclude_unset=True, exclude={"type"})
    return {**held, "type": kind.type_name(), "args": args}


def _several(actions: Iterable[type[Action]], mode: Mode, role: RoleName, words: str, most: int) -> tuple[Any, Any]:
    """The field for a list of any of the actions; a mode without actions of its own can only ask and answer."""
    members = [_member(action, mode, role) for action in actions]
    several: Any = list
    if len(members) < 2:  # noqa: PLR2004 (a union has two)
        return several[members[0] if members else Any], Field(default=[], max_length=most if members else 0, description=words)
    union: Any = Annotated[reduce(or_, members), Field(discriminator="type")]
    return several[union], Field(default=[], max_length=most, description=words)


@cache
def _member(action: type[Action], mode: Mode, role: RoleName) -> Any:
    """An action as it is asked for: its type, its arguments as the mode and the role narrow them, a reason and a name."""
    narrow = narrowed(action, mode, role)
    literal: Any = Literal
    fields: dict[str, Any] = {
        name: (literal[narrow[name]] if name in narrow else info.annotation, info)
        for name, info in action.model_fields.items()
        if name != "type"
    }
    args: Any = create_model(f"{action.__name__}Args", __base__=Frozen, **fields)
    words = " ".join((action.__doc__ or "").split())
    free = not any(info.is_required() for info in action.model_fields.values())
    shape: dict[str, Any] = {"type": (literal[action.type_name()], ...), "args": (args, args() if free else ...)}
    return create_model(action.__name__, __base__=AskedBy, __doc__=words, **shape)


def _bare(schema: Any) -> Any:
    """A schema without what only repeats names and defaults of nothing: a third shorter, with the same meaning."""
    if isinstance(schema, list):
        return [_bare(one) for one in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    held = cast("dict[str, Any]", schema)
    named = "properties" in held
    kept = {
        key: value
        for key, value in held.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value in (None, "", [], {}))
    }
    return {
        key: {k: _bare(v) for k, v in value.items()} if named and key == "properties" else _bare(value)
        for key, value in kept.items()
    }
