"""From an envelope to one plan: each action on the view with the earlier ones applied; all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from storyreel.actions.base import Action, Asked, Consent, Copy, Effect, Kind, Plan, Render, Said
from storyreel.actions.catalogue import parse
from storyreel.actions.reads import Reads
from storyreel.commits.holding import check_holding
from storyreel.commits.outcome import Actor, Verdict, refusal
from storyreel.commits.spaces import as_told, check_space
from storyreel.model.errors import BadInput, Refused
from storyreel.model.ids import derive
from storyreel.model.ops import Op, change
from storyreel.model.rows import Episode
from storyreel.model.view import GraphView


@dataclass(frozen=True)
class Planned:
    """The plan of a whole envelope, and the views before and after it."""

    before: GraphView
    after: GraphView
    plans: tuple[tuple[Action, Plan], ...]
    data: tuple[dict[str, Any], ...]
    # What a front end is asked to show.
    ui: tuple[dict[str, Any], ...] = ()

    @property
    def ops(self) -> tuple[Op, ...]:
        """All ops in order."""
        return tuple(op for _, plan in self.plans for op in plan.ops)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """All wishes in order."""
        return tuple(effect for _, plan in self.plans for effect in plan.effects)

    @property
    def renders(self) -> tuple[Render, ...]:
        """The wishes that are renders."""
        return tuple(effect for effect in self.effects if isinstance(effect, Render))

    @property
    def copies(self) -> tuple[tuple[int, Copy], ...]:
        """The new projects, each with the place of its action among those that change something."""
        changes = [plan for _, plan in self.plans]
        return tuple((at, one) for at, plan in enumerate(changes) for one in plan.effects if isinstance(one, Copy))

    @property
    def render_count(self) -> int:
        """How many renders there are, here and in new projects."""
        return len(self.renders) + sum(len(copy.renders) for _, copy in self.copies)

    @property
    def summary(self) -> tuple[Said, ...]:
        """What changes, for a person."""
        return tuple(said for _, plan in self.plans for said in plan.summary)

    @property
    def skipped(self) -> tuple[Said, ...]:
        """What was left out, for a person."""
        return tuple(said for _, plan in self.plans for said in plan.skipped)

    @property
    def touched(self) -> frozenset[UUID]:
        """The shots that are written over or rendered."""
        return frozenset(shot for _, plan in self.plans for shot in plan.touched)

    @property
    def undoes(self) -> int | None:
        """The commit that is taken back, if any."""
        return next((plan.undoes for _, plan in self.plans if plan.undoes is not None), None)


def parse_all(asked: Sequence[Asked], actor: Actor) -> list[Action]:
    """The actions of an envelope.

    Raises:
        EnvelopeRefused: any of them is unknown, wrong or above the actor's role; with a verdict for each.
    """
    actions: list[Action] = []
    verdicts: list[Verdict] = []
    for index, one in enumerate(asked):
        try:
            action = parse(one)
            if actor.role < action.needs:
                raise Refused(f"{one.type} needs the role {action.needs.name}; you are {actor.role.name}")
            actions.append(action)
            verdicts.append(Verdict(index=index, type=one.type, ok=True))
        except BadInput as error:
            verdicts.append(_verdict(index, one.type, error))
    if any(not verdict.ok for verdict in verdicts):
        raise refusal(verdicts)
    return actions


def reads_of(actions: Sequence[Action], asked: Sequence[Asked]) -> list[Reads]:
    """What the actions must be shown; words for rows that the envelope itself makes are left to the plan."""
    names = {f"${one.name}" for one in asked if one.name}
    reads = [action.reads() for action in actions]
    return [replace(read, shots=tuple(words for words in read.shots if words not in names)) for read in reads]


def check_reads(asked: Sequence[Asked], errors: Sequence[BadInput | None]) -> None:
    """Refuse the envelope if what an action speaks of cannot be shown to it.

    Raises:
        EnvelopeRefused: with a verdict for each action.
    """
    verdicts = [
        Verdict(index=index, type=one.type, ok=True) if error is None else _verdict(index, one.type, error)
        for index, (one, error) in enumerate(zip(asked, errors, strict=True))
    ]
    if any(not verdict.ok for verdict in verdicts):
        raise refusal(verdicts)


def plan_all(view: GraphView, actions: Sequence[Action], asked: Sequence[Asked], request_id: UUID) -> Planned:
    """Plan each action on the view with the earlier ops applied.

    Raises:
        EnvelopeRefused: any of them cannot be done; with a verdict for each.
    """
    before = view
    plans: list[tuple[Action, Plan]] = []
    data: list[dict[str, Any]] = []
    shown: list[dict[str, Any]] = []
    verdicts: list[Verdict] = []
    for index, (action, one) in enumerate(zip(actions, asked, strict=True)):
        try:
            check_space(view, action)
            if action.policy.kind is Kind.query:
                data.append({"type": one.type, **action.answer(view)})
            elif action.policy.kind is Kind.ui:
                shown.append({"type": one.type, **action.answer(view)})
            else:
                plan = action.plan(replace(view, root=derive(request_id, index), request_id=request_id))
                after = view.after(plan.ops)
                check_holding(view, after, plan.ops)
                _check_copies(plan)
                view = _entered(_named(after, one, plan), plan)
                plans.append((action, plan))
            verdicts.append(Verdict(index=index, type=one.type, ok=True))
        except BadInput as error:
            # Beside others, what is so already is done; alone, it is worth saying.
            same = bool(error.facts.get("same")) and len(actions) > 1
            plans += [(action, Plan())] if same else []
            verdicts.append(_verdict(index, one.type, as_told(view, error)).model_copy(update={"ok": same}))
        except ValidationError as error:
            verdicts.append(Verdict(index=index, type=one.type, ok=False, code="bad-input", detail=_first(error)))
    if verdicts and all(verdict.facts.get("same") for verdict in verdicts):
        verdicts = [verdict.model_copy(update={"ok": False}) for verdict in verdicts[:1]]
    if any(not verdict.ok for verdict in verdicts):
        raise refusal(verdicts)
    return Planned(before=before, after=view, plans=tuple(plans), data=tuple(data), ui=tuple(shown))


def _check_copies(plan: Plan) -> None:
    """What a substitution writes into a new project is held to that project's rules as anything is."""
    for copy in plan.effects:
        if isinstance(copy, Copy):
            was = copy.before.rows
            other = [row for row in copy.rows if row is not was[row.table][row.id]]
            changed = [op for row in other if (op := change(was[row.table][row.id], row)) is not None]
            check_holding(copy.before, copy.view, changed)


def reasons_to_ask(planned: Planned, cost_usd: float, threshold_usd: float) -> list[Said]:
    """Why a person must be asked first; empty when it may just be done."""
    reasons: list[Said] = []
    for action, plan in planned.plans:
        consent = action.consent
        if consent is Consent.always or (consent is Consent.many and len(plan.touched) > 1):
            code = "ask.deletes" if plan.deletes else "ask.many"
            reasons.append(Said(code=code, facts={"action": action.type_name(), "shots": len(plan.touched)}))
    if cost_usd > threshold_usd:
        reasons.append(Said(code="ask.spending", facts={"cost_usd": round(cost_usd, 4), "threshold_usd": threshold_usd}))
    return reasons


def check_invariants(view: GraphView, ops: Sequence[Op]) -> None:
    """Rules that hold across rows, beside those that the database holds.

    Raises:
        BadInput: the result would point at what is not there.
    """
    for op in ops:
        row = view.rows[op.table][op.row]
        for field, table in POINTS_AT.get(op.table, ()):
            target = getattr(row, field)
            held = view.rows.get(table, {}).get(target)
            if not row.removed and held is not None and held.removed:
                raise BadInput(
                    f"this {op.table.replace('_', ' ')} stands in a {table} that was deleted; bring that back first", table=table
                )


POINTS_AT: dict[str, tuple[tuple[str, str], ...]] = {
    "scene": (("episode_id", "episode"),),
    "work_item": (("scene_id", "scene"), ("board_id", "board")),
    "work_item_character": (("character_id", "character"),),
}


def _named(view: GraphView, one: Asked, plan: Plan) -> GraphView:
    if one.name is None or plan.made is None:
        return view
    return replace(view, named={**view.named, one.name: plan.made})


def _entered(view: GraphView, plan: Plan) -> GraphView:
    """What follows a new episode in the same envelope is in it."""
    episode = view.find(Episode, plan.made)
    return view if episode is None else replace(view, episode_id=episode.id)


def _verdict(index: int, kind: str, error: BadInput) -> Verdict:
    return Verdict(index=index, type=kind, ok=False, detail=error.detail, code=error.code, facts=error.facts)


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
