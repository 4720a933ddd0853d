"""Telling what happened: from the commit or the proposal, never from the planner's hopes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.refusals import in_chinese
from agent.tell_drafts import DRAFT_LINES, draft_steps, space_lines
from agent.tell_kept import KEPT_LINES
from agent.tell_known import KNOWN_LINES
from agent.types import Context
from storyreel.actions.base import Said
from storyreel.actions.words import ZH, all_said, money, span
from storyreel.actions.words_batches import schedule_lines
from storyreel.actions.words_lineage import LINEAGE
from storyreel.actions.words_money import basis_lines, budget_lines
from storyreel.actions.words_review import waiting_lines
from storyreel.commits import CommitFacts, ProposalFacts
from storyreel.model.spec import Language

# Codes of what a commit tells but does not write into the graph, or not into the one that is talked about.
NOT_WRITTEN = (
    "draft.sent",
    "budget.",
    "task.",
    "schedule.",
    "desk.",
    "render.",
    "music.",
    "film.",
    "review.retry",
    "review.smaller",
    "provider.",
    "version.snapshot",
)
# Why a plan asks that is about money beside its price.
OF_BUDGETS = ("ask.budget", "ask.partly")
STATES = {
    "pending": "等待", "running": "进行中", "paused": "已暂停", "retry_pending": "等待重试", "succeeded": "完成", "failed": "失败", "cancelled": "已取消",
    "cancelling": "正在取消", "manual_review": "需要人工处理",
}  # fmt: skip


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese: any Han character among its letters."""
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def language_of(text: str, fallback: Language) -> Language:
    """The language to answer in."""
    if is_chinese(text):
        return "zh"
    return "en" if any(char.isalpha() for char in text) else fallback


def tell_proposal(proposal: ProposalFacts, language: Language) -> str:
    """A proposal for a person: what would change, why it asks, price and time, and how to answer."""
    lines = all_said(proposal.summary, language) + all_said(proposal.skipped, language)
    quote = proposal.quote
    lines += basis_lines(quote.model_dump(mode="json"), language)
    lines += all_said([one for one in proposal.reasons if one.code in OF_BUDGETS], language)
    if language == "zh":
        price = f"价格：{money(quote.cost_usd, 'zh')}，约需 {span(quote.expected_s, 'zh')}。" if quote.renders else ""
        return "\n".join(["我打算：", *(f"· {line}" for line in lines), f"{price}同意吗？（同意 / 不要）"])
    price = f"It is {money(quote.cost_usd, 'en')} and takes about {span(quote.expected_s, 'en')}. " if quote.renders else ""
    return "\n".join(["I would:", *(f"- {line}" for line in lines), f"{price}Shall I? (yes / no)"])


def tell_commit(commit: CommitFacts, language: Language) -> str:
    """A commit for a person: what changed, what was started, how long and how much, how to take it back."""
    lines = all_said(commit.summary, language) + all_said(commit.skipped, language)
    quote, started = commit.quote, len(commit.tasks)
    if language == "zh":
        work = f"开始 {started} 个任务，约需 {span(quote.expected_s, 'zh')}，{money(quote.cost_usd, 'zh')}。" if started else ""
        back = "说“撤销”可以收回。" if can_undo(commit) else ""
        return "\n".join(["好了：", *(f"· {line}" for line in lines), f"{work}{back}"]).rstrip()
    work = (
        f"{started} task{'s' if started != 1 else ''} started, about {span(quote.expected_s, 'en')}, {money(quote.cost_usd, 'en')}. "
        if started
        else ""
    )
    back = "Say 'undo' to take it back." if can_undo(commit) else ""
    return "\n".join(["Done:", *(f"- {line}" for line in lines), f"{work}{back}"]).rstrip()


def can_undo(commit: CommitFacts) -> bool:
    """Whether a commit wrote something that an undo takes back; renders, tasks and saved versions are no such thing."""
    return commit.kind == "edit" and any(not said.code.startswith(NOT_WRITTEN) for said in commit.summary)


def tell_data(data: Sequence[dict[str, Any]], language: Language) -> str:
    """The answer to a question, in a few lines."""
    return "\n".join(line for one in data for line in _data_lines(one, language))


def tell_refusal(error: Mapping[str, Any], language: Language) -> str:
    """Why nothing was done: each reason once."""
    verdicts = error.get("facts", {}).get("verdicts", [])
    details = [str(one["detail"]) for one in verdicts if not one.get("ok", True) and one.get("detail")] or [str(error["detail"])]
    reasons = list(dict.fromkeys(in_chinese(detail) if language == "zh" else detail for detail in details))
    return f"没有改动：{'；'.join(reasons)}。" if language == "zh" else f"Nothing was changed: {'; '.join(reasons)}."


def tell_not_understood(nearest: str, language: Language) -> str:
    """That a message was not understood, and the nearest thing that can be asked."""
    if language == "zh":
        return f"这句我没听懂，什么都没改。{'最接近的说法：' + nearest if nearest else ''}".rstrip()
    return (
        f"I did not understand that, and changed nothing. {'The nearest thing I can do: ' + nearest if nearest else ''}".rstrip()
    )


def tell_left(words: str, language: Language) -> str:
    """That a part of the message was not understood and is not done."""
    return f"这部分没听懂，没有改：{words}" if language == "zh" else f"This part I did not understand, and did not do: {words}"


def next_steps(context: Context, language: Language, *, proposed: bool, started: int) -> tuple[str, ...]:
    """Up to three things to say next, from how the film stands."""
    zh = language == "zh"
    if context.mode == "draft" and not proposed:
        return draft_steps(context, language, started=started)
    if proposed:
        return ("同意", "不要") if zh else ("yes", "no")
    if started:
        return ("进度怎么样了？", "停止渲染", "撤销") if zh else ("how far is it?", "cancel the render", "undo")
    if context.shot_count == 0:
        return ("做一个30秒的短片，讲灯塔看守人",) if zh else ("Make a 30 second film about a lighthouse keeper",)
    if context.rendered_count < context.shot_count:
        return ("把片子做出来", "看看第1个镜头", "列出所有镜头") if zh else ("make the film", "show shot 1", "list the shots")
    return (
        ("把第1个镜头改成夜景", "换一段配乐", "存一个版本")
        if zh
        else ("make shot 1 a night", "score the film again", "save a version")
    )


def _data_lines(one: dict[str, Any], language: Language) -> list[str]:
    lines = LINES.get(one.get("type", ""))
    return lines(one, language) if lines else [str({key: value for key, value in one.items() if key != "type"})]


def _list_lines(one: dict[str, Any], language: Language) -> list[str]:
    second = "秒" if language == "zh" else "s"
    return [
        f"{s['number']}. {s['subject']} · {s['duration_s']:g} {second}{' ✓' if s['rendered'] else ''}"
        f"{' · ' + s['look_at'][language] if s.get('look_at') else ''}"
        for s in one["shots"]
    ]


def _diff_lines(one: dict[str, Any], language: Language) -> list[str]:
    lines = [line for commit in one["commits"] for line in _commit_lines(commit, language)]
    return lines or ["没有变化" if language == "zh" else "nothing changed"]


def _shot_lines(one: dict[str, Any], language: Language) -> list[str]:
    zh = language == "zh"
    frame = one["frame"]
    head = (
        f"第 {one['number']} 个镜头，{one['duration_s']:g} 秒：{one['subject']}"
        if zh
        else f"Shot {one['number']}, {one['duration_s']:g} s: {one['subject']}"
    )
    shown = [str(frame[key]) for key in ("place", "time", "weather", "mood", "style", "size") if frame[key]]
    where = " · ".join(ZH.get(word, word) if zh else word for word in shown)
    cast = " · ".join(part["name"] for part in one["cast"])
    said = [f"{line['speaker'] or ('旁白' if zh else 'narrator')}: {line['text']}" for line in one["lines"]]
    quality = [one["quality"]["words"][language], *one["quality"]["reasons"]] if one.get("quality") else []
    return [part for part in (head, where, cast, *said, *quality) if part]


def _task_lines(one: dict[str, Any], language: Language) -> list[str]:
    zh = language == "zh"
    if not one["tasks"]:
        return ["现在没有在渲染的任务。" if zh else "Nothing is being rendered."]
    counts = (
        "，".join(f"{n} 个{STATES.get(s, s)}" for s, n in one["counts"].items())
        if zh
        else ", ".join(f"{n} {s}" for s, n in one["counts"].items())
    )
    ordered = sorted(one["tasks"], key=lambda task: (task["shot"] is None, task["shot"] or 0))
    head = (
        f"{counts}；大约还要 {span(one['remaining_s'], 'zh')}" if zh else f"{counts}; about {span(one['remaining_s'], 'en')} left"
    )
    return [
        head,
        *(_task_line(task, zh=zh) for task in ordered[:20]),
    ]


def _task_line(task: dict[str, Any], *, zh: bool) -> str:
    state, stage = (
        (STATES.get(task["state"], task["state"]), ZH.get(task["stage"], task["stage"])) if zh else (task["state"], task["stage"])
    )
    done = f"{task['progress']:.0f}%" if task["state"] == "running" else ""
    said = " ".join(part for part in (state, stage, done) if part)
    return f"{_task_name(task, zh=zh)}：{said}" if zh else f"{_task_name(task, zh=zh)}: {said}"


def _task_name(task: dict[str, Any], *, zh: bool) -> str:
    shot = "" if task["shot"] is None else f"第 {task['shot']} 个镜头" if zh else f"shot {task['shot']}"
    if task["kind"] == "sheet":
        return f"{shot}{'的候选图' if zh else ' sheet'}".removeprefix("的").strip()
    return shot or ("影片" if zh else "film")


def _commit_lines(commit: dict[str, Any], language: Language) -> list[str]:
    return [f"{commit['revision']}. {line}" for line in all_said([Said.model_validate(s) for s in commit["summary"]], language)]


def _film_lines(one: dict[str, Any], language: Language) -> list[str]:
    length, film = f"{one['duration_s']:g}", one["film"]
    if language == "zh":
        parts = [
            f"{one['shots']} 个镜头",
            f"{length} 秒",
            f"{one['rendered']} 个已渲染",
            "影片已合成" if film else "影片还没合成",
        ]
        return [f"《{one['name']}》：{'，'.join(parts)}，{one['open_tasks']} 个任务在进行。"]
    parts = [
        f"{one['shots']} shots",
        f"{length} s",
        f"{one['rendered']} rendered",
        "the film is joined" if film else "no film yet",
    ]
    return [f"{one['name']}: {', '.join(parts)}, {one['open_tasks']} open tasks."]


LINES: dict[str, Callable[[dict[str, Any], Language], list[str]]] = {
    "shot.list": _list_lines,
    "shot.view": _shot_lines,
    "task.status": _task_lines,
    "task.list": lambda one, language: (waiting_lines if "waiting" in one else _task_lines)(one, language),
    "task.waiting": waiting_lines,
    "version.diff": _diff_lines,
    "project.open": lambda one, language: (_film_lines if "film" in one else space_lines)(one, language),
    "project.get_context_summary": lambda one, language: (_film_lines if "film" in one else space_lines)(one, language),
    "budget.view": budget_lines,
    "schedule.list": schedule_lines,
    **KEPT_LINES,
    **KNOWN_LINES,
    **DRAFT_LINES,
    **LINEAGE,
}
