"""The planner that asks a model: one structured envelope, mended once, every failure told in a person's words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from agent.film import film_actions
from agent.prompt import head_of, prompt_of
from agent.schema import Answer, NewFilm, StoryAnswer, answer_model
from agent.tell import language_of
from agent.types import INDEX_LINES, Context, Looked, Mode, PlannerFailed, RoleName, Thought
from storyreel.actions.base import Asked, Role
from storyreel.actions.catalogue import parse as parse_action
from storyreel.ledger.budget import OverBudget
from storyreel.ledger.till import Call, Said, Till, tokens_at_most
from storyreel.model.digest import digest
from storyreel.model.errors import BadInput
from storyreel.model.rows import Profile
from storyreel.providers.text import MOST_TOKENS_OUT, PROVIDER, Effort, TextFailure, blocked, failure_of
from storyreel.runtime.model_calls import model_call
from storyreel.script import words
from storyreel.script.board import board
from storyreel.script.parse import detect, parse

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

# A wish longer than this, or one for a whole film, is thought about longer.
SHORT = 200


Shape = tuple[Effort, Mode, RoleName, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A model that answers by a schema, and more tokens than the schema is: a vendor counts it as read."""

    model: Runnable[Any, Any]
    schema_tokens: int


class GeminiPlanner:
    """Plans with a LangChain chat model. `open_model` gives one for an effort; any model with structured output can take Gemini's place."""

    name = "gemini"

    def __init__(self, open_model: Callable[[Effort], BaseChatModel], *, till: Till | None = None, model: str = "") -> None:
        self._open = open_model
        # Where its calls are paid, under the model's name; without one they are in no ledger, as in a test of the planner alone.
        self._till = till
        self._model = model
        # By effort, mode, role and rights: a schema is long, and made once.
        self._ready: dict[Shape, Ready] = {}
        self._making = Lock()

    def warm(self) -> None:
        """Load the vendor's library and make what a plain message is asked with, which takes seconds, before somebody waits for it."""
        self._prepare(("low", "agent", "", Role.owner.name))

    async def plan(self, context: Context, looked: tuple[Looked, ...] = (), feedback: str = "") -> Thought:
        """What the model makes of the message.

        Raises:
            PlannerFailed: it is blocked, out of quota, away, wrongly configured, or answered wrongly twice.
        """
        try:
            return thought_of(context, await self._ask(context, looked, feedback))
        except BadInput as wrong:
            if feedback:
                raise _no_answer(context) from wrong
            mended = wrong.detail
        try:
            return thought_of(context, await self._ask(context, looked, mended))
        except BadInput as wrong:
            raise _no_answer(context) from wrong

    async def _ask(self, context: Context, looked: tuple[Looked, ...], feedback: str) -> Answer:
        """One call.

        Raises:
            BadInput: the answer is not of the schema; the message says where.
            PlannerFailed: there is none.
        """
        shape = (effort_of(context, feedback), context.mode, context.role, context.rights)
        messages = [("system", head_of(context.mode, context.role)), ("human", prompt_of(context, looked, feedback))]
        try:
            reply = await self._reply(context, shape, messages)
        except OverBudget as over:
            raise _over_budget(context, over) from over
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            raise _failed(context, failure) from error
        if "parsed" in reply:
            return _answer_type(shape).model_validate(reply["parsed"])
        if "wrong" in reply:
            raise BadInput(reply["wrong"])
        raise _blocked(context, reply["blocked"])

    async def _reply(self, context: Context, shape: Shape, messages: list[tuple[str, str]]) -> Mapping[str, Any]:
        """What the model says: paid for once, however often the same is asked in the same turn."""
        # The vendor's library takes seconds to load, once.
        ready = self._ready.get(shape) or await asyncio.to_thread(self._prepare, shape)

        async def send() -> Said:
            rate = self._till.rate(PROVIDER, self._model) if self._till else None
            with model_call(self._model, messages, rate=rate) as call:
                return _said(call.answered(await ready.model.ainvoke(messages)))

        if self._till is None or context.turn_id is None:
            return (await send()).reply
        call = Call(
            workspace_id=context.workspace_id,
            owner_id=context.turn_id,
            key=digest(["plan", self._model, list(shape), messages]),
            provider=PROVIDER,
            model=self._model,
            tokens_in=ready.schema_tokens + sum(tokens_at_most(text) for _, text in messages),
            tokens_out=MOST_TOKENS_OUT,
            person=context.actor,
            about={"effort": shape[0], "mode": shape[1], "role": shape[2]},
        )
        return await self._till.paid(call, send)

    def _prepare(self, shape: Shape) -> Ready:
        with self._making:
            if shape not in self._ready:
                answer = _answer_type(shape)
                model = self._open(shape[0]).with_structured_output(answer, method="json_schema", include_raw=True)
                self._ready[shape] = Ready(model, tokens_at_most(json.dumps(answer.model_json_schema())))
            return self._ready[shape]


def _answer_type(shape: Shape) -> type[Answer]:
    _, mode, role, rights = shape
    return answer_model(mode, role, Role[rights])


def _said(got: Any) -> Said:
    """What came back, as plain data, with the tokens that it took."""
    usage = got["raw"].usage_metadata or {}
    tokens = usage.get("input_tokens"), usage.get("output_tokens")
    if got["parsed"] is not None:
        return Said({"parsed": got["parsed"].model_dump(mode="json", by_alias=True, exclude_unset=True)}, *tokens)
    reason = blocked(got["raw"].response_metadata)
    if reason or not got["raw"].text:
        # Of a message that is blocked before it is thought about, the library does not hand the tokens on: none were written.
        return Said({"blocked": reason}, tokens[0], tokens[1] or 0)
    return Said({"wrong": str(got["parsing_error"])[:2000]}, *tokens)


def effort_of(context: Context, feedback: str) -> Effort:
    """How long the model may think: little for one change of a shot, more for a film, a long wish or a mended answer."""
    return "medium" if context.shot_count == 0 or len(context.text) > SHORT or context.attachments or feedback else "low"


def thought_of(context: Context, answer: Answer) -> Thought:
    """The answer as a thought, every action checked against the catalogue.

    Raises:
        BadInput: an action's arguments are wrong, or the screenplay cannot be cut into what was asked.
    """
    film = answer.film if isinstance(answer, StoryAnswer) else None
    if film is not None and (context.shot_count == 0 or film.instead):
        return Thought(intent=answer.intent or "make a film", actions=film_of(context, film), propose=True)
    thought = answer.thought()
    for action in (*thought.actions, *thought.looks):
        parse_action(action)
    does = bool(thought.actions or thought.looks or thought.decision)
    if does or thought.question:
        # What happened is told from the commit, never from the model.
        return thought.model_copy(update={"message": ""})
    return thought if thought.message or not thought.understood else thought.model_copy(update={"understood": False})


def film_of(context: Context, film: NewFilm) -> tuple[Asked, ...]:
    """A screenplay as the actions that make the film, cut to the frame by the house and not by the model."""
    if film.instead == "replace" and len(context.scenes) >= INDEX_LINES:
        raise BadInput(
            f"a film of {INDEX_LINES} scenes or more cannot be replaced in one go; ask for a new project or a new episode"
        )
    kind = detect(film.script)
    made = board(parse(film.script, kind), total_s=film.total_s, fps=context.fps, shots=film.shots)
    return film_actions(
        made, source=film.script, script_format=kind, profile=Profile.model_validate(context.profile), style=film.style or words.find_style(context.text) or "",
        mood=words.find_mood(context.text), music=film.music, brief=context.text, known=context.characters,
        replaces=len(context.scenes) if film.instead == "replace" else 0, episode=context.shot_count > 0 and film.instead == "episode",
    )  # fmt: skip


def _failed(context: Context, failure: TextFailure) -> PlannerFailed:
    zh = language_of(context.text, context.language) == "zh"
    wait = failure.retry_after_s
    if failure.kind == "quota":
        when = (
            (f"请过 {wait:.0f} 秒再试。" if wait else "请过一会儿再试。")
            if zh
            else (f"Try again in {wait:.0f} s." if wait else "Try again a little later.")
        )
        return PlannerFailed(f"模型的配额用完了。{when}" if zh else f"The model's quota is used up. {when}", reason="quota")
    if failure.kind == "away":
        said = "现在连不上模型，请稍后再试。" if zh else "The model cannot be reached just now; try again a little later."
    elif failure.kind == "configuration":
        said = f"模型的密钥或名字不对：{failure.detail}" if zh else f"The model's key or name is not accepted: {failure.detail}"
    else:
        said = f"模型没有接受这个请求：{failure.detail}" if zh else f"The model did not accept the request: {failure.detail}"
    return PlannerFailed(said, reason=failure.kind)


def _over_budget(context: Context, over: OverBudget) -> PlannerFailed:
    if language_of(context.text, context.language) == "zh":
        return PlannerFailed("预算不够问模型了，我只按自己懂的做。提高上限后再说一次就行。", reason="budget")
    return PlannerFailed(
        f"The model was not asked, as the budget does not cover it: {over.detail} What I understand without it I do.",
        reason="budget",
    )


def _blocked(context: Context, reason: str) -> PlannerFailed:
    zh = language_of(context.text, context.language) == "zh"
    why = f"（{reason}）" if zh and reason else f" ({reason})" if reason else ""
    said = (
        f"模型因内容规则没有回答{why}。请换个说法。"
        if zh
        else f"The model declined to answer because of its content rules{why}. Please put it differently."
    )
    return PlannerFailed(said, reason="blocked")


def _no_answer(context: Context) -> PlannerFailed:
    zh = language_of(context.text, context.language) == "zh"
    return PlannerFailed(
        "模型两次都没有给出可用的回答。请换个说法再试。"
        if zh
        else "The model gave no usable answer twice. Please put it differently.",
        reason="invalid",
    )
