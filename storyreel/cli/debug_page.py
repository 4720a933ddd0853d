"""One page about a render: what the API knows of it, as sections that a terminal and a browser both can show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from unicodedata import east_asian_width

Json = dict[str, Any]
# A column of a table in a terminal is no wider than this; the browser wraps by itself.
WIDEST = 72
OPEN_STEPS = frozenset({"waiting", "running"})


@dataclass(frozen=True)
class Section:
    """A heading with lines, a table, or blocks of JSON under their titles."""

    title: str
    lines: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    blocks: Sequence[tuple[str, Any]] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.rows or self.blocks)


def sections(page: Json) -> list[Section]:
    """The page in the order in which it is read: how it stands, why, what was asked, what happened, what it cost, what there is."""
    task, run = page["task"], page["run"]
    parts = [_standing(page), _why(page)]
    if task:
        parts.append(_asked(task))
    parts += [_stages(page), _heard(run)] if run else []
    if task:
        parts += [_calls(task), _answers(task), _money(task), _made(task), _diary(task), _others(task)]
    return [part for part in [*parts, _further(page)] if part]


def in_words(page: Json) -> str:
    """The page for a terminal."""
    return "\n\n".join(
        f"{part.title}\n{_indented(part)}" if part.title else _indented(part).replace("\n  ", "\n").strip()
        for part in sections(page)
    )


def in_html(page: Json) -> str:
    """The page as one file for a browser, with nothing to load."""
    title = escape(page["task"]["title"] if page["task"] else page["what"])
    body = "\n".join(_html(part) for part in sections(page))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n<style>{STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def _standing(page: Json) -> Section:
    task, run = page["task"], page["run"]
    lines: list[str] = []
    if task:
        stage = (
            f" at {task['stage']}"
            if task["stage"] and task["state"] in {"running", "retry_pending", "failed", "manual_review"}
            else ""
        )
        lines.append(f"{task['title']}: {task['state'].replace('_', ' ')}{stage}, {task['progress']:.0f} %")
        lines.append(f"task {task['id']}" + (f", run {task['run']}" if task["run"] else ""))
        lines += [f"note: {task['note']}"] if task["note"] else []
        lines += [f"made otherwise than asked: {_json(one)}" for one in task["adjusted"]]
    if run:
        where = f" on build {run['build']}" if run["build"] else ""
        lines.append(f"{run['workflow']} {run['workflow_id']}: {run['status']}{where}, {run['events']} events")
        lines.append(
            f"began {_at(run['began_at'])}" + (f", took {_span(run['began_at'], run['ended_at'])}" if run["ended_at"] else "")
        )
        lines += [f"workers: {', '.join(run['workers'])}"] if run["workers"] else []
    return Section("", [*lines, *([page["no_run"]] if page["no_run"] else [])])


def _why(page: Json) -> Section:
    task, run = page["task"], page["run"]
    error = (task or {}).get("error")
    lines = [f"{error.get('code', '')} at {error.get('stage') or '?'}: {error.get('detail', '')}"] if error else []
    if not lines and run and run["failure"]:
        lines.append(run["failure"])
    return Section("Why, and what to do" if lines else "What to do", [*lines, *page["advice"]])


def _asked(task: Json) -> Section:
    asked = task["asked"]
    lines = [
        f"by {asked['by']} in revision {asked['revision']}"
        + (f" ({asked['source']})" if asked["source"] else "")
        + f", {_at(asked['at'])}"
    ]
    if asked["sentence"]:
        lines.append(f"{asked['said_by']} said: {_cut(asked['sentence'], 400)}")
    elif asked["intent"]:
        lines.append(f"for: {_cut(asked['intent'], 400)}")
    lines += [f"approved by {asked['approved_by']}"] if asked["approved_by"] else []
    lines.append(f"stages: {', '.join(task['stages'])}" + (f"; new takes: {_json(task['takes'])}" if task["takes"] else ""))
    if batch := asked["batch"]:
        lines.append(
            f"in a batch of {batch['total']} ({batch['done']} done, {batch['failed']} not): {batch['title'] or batch['reason']}"
        )
    return Section("Asked", lines)


def _stages(page: Json) -> Section:
    made: dict[str, str] = {}
    for event in (page["task"] or {}).get("events", []):
        if event["kind"] == "stage_done":
            told = event["data"]
            made[event["stage"]] = told.get("outcome", "") + (f": {told['note']}" if told.get("note") else "")
    rows = [
        (
            step["name"],
            step["state"] if made.get(step["name"], "made") == "made" else made[step["name"]],
            _clock(step["began_at"] or step["at"]),
            _span(step["began_at"], step["ended_at"]) if step["began_at"] and step["ended_at"] else "",
            str(step["attempts"] or ""),
            step["worker"],
            step["failure"] or step["summary"],
        )
        for step in page["run"]["steps"]
        if step["kind"] in ("activity", "timer")
    ]
    return Section(
        "What the run did (Temporal)", head=("stage", "state", "began", "took", "tries", "worker", "why, or what"), rows=rows
    )


def _heard(run: Json) -> Section:
    rows = [
        (
            _clock(step["at"]),
            step["kind"],
            step["name"],
            step["state"],
            _json(step["said"]) if step["said"] is not None else "",
            step["worker"],
        )
        for step in run["steps"]
        if step["kind"] in ("signal", "update", "cancel")
    ]
    return Section("What it was told", head=("at", "how", "name", "", "with", "by"), rows=rows)


def _calls(task: Json) -> Section:
    rows = [
        (
            call["stage"],
            f"{call['provider']}{' ' + call['model'] if call['model'] else ''}",
            call["state"],
            str(call["submissions"]),
            _usd(call["settled_usd"] if call["settled_usd"] is not None else call["reserved_usd"])
            + ("" if call["settled_usd"] is not None else " held"),
            _span(call["created_at"], call["updated_at"]),
            call["handle"] or "",
            (call["error"] or {}).get("detail", "") if isinstance(call["error"], dict) else "",
        )
        for call in task["calls"]
    ]
    return Section(
        "Calls of providers", head=("stage", "provider", "state", "sent", "cost", "took", "their handle", "error"), rows=rows
    )


def _answers(task: Json) -> Section:
    blocks: list[tuple[str, Any]] = []
    for call in task["calls"]:
        name = f"{call['stage']} · {call['provider']} · {call['id']}"
        blocks.append((f"{name}: asked", call["request"]))
        blocks += [
            (f"{name}: {word}", call[field])
            for word, field in (("answered", "answer"), ("error", "error"), ("facts", "facts"))
            if call[field]
        ]
    return Section("Requests and answers (no secrets, no media)", blocks=blocks)


def _money(task: Json) -> Section:
    held = f", {_usd(task['held_usd'])} still held" if task["held_usd"] else ""
    by_month = sorted({call["month"] for call in task["calls"] if call["month"]})
    lines = [f"quoted {_usd(task['quoted_usd'])}, charged {_usd(task['cost_usd'])}{held}"]
    return Section("Money", lines + ([f"in the budget of {', '.join(by_month)}"] if by_month else []))


def _made(task: Json) -> Section:
    rows = [
        (
            node["kind"],
            node["stage"],
            str(node["take"]),
            "selected" if node["selected"] else "",
            node["id"],
            node["asset_id"] or "",
            str(node["revision"]),
        )
        for node in task["made"]
    ]
    return Section("Made", head=("what", "stage", "take", "", "node", "asset", "revision"), rows=rows)


def _diary(task: Json) -> Section:
    rows = [(_clock(event["at"]), event["kind"], event["stage"], _cut(_json(event["data"]), 200)) for event in task["events"]]
    return Section("Diary (ledger)", head=("at", "what", "stage", "with"), rows=rows)


def _others(task: Json) -> Section:
    rows = [
        (one["id"], one["state"], str(one["run"] or ""), one["asked_by"], str(one["revision"]), _at(one["created_at"]))
        for one in task["others"]
    ]
    return Section("Other tasks of it", head=("task", "state", "run", "by", "revision", "asked"), rows=rows)


def _further(page: Json) -> Section:
    task, run, links = page["task"], page["run"], page["links"]
    lines = [f"Temporal: {links['temporal']}"] if "temporal" in links else []
    if task:
        seen = f" at {links['trace']}" if "trace" in links else ": look it up where OTEL_EXPORTER_OTLP_ENDPOINT sends spans"
        lines.append(f"trace {task['trace_id']}{seen}" if task["trace_id"] else "no trace: none was kept when it was asked for")
        lines.append(f"log lines carry task={task['id']}" + (f" and trace_id={task['trace_id']}" if task["trace_id"] else ""))
    if run:
        lines.append(f"storyreel replay {run['workflow_id']}")
    if task and run and task["kind"] == "shot":
        lines.append(f"storyreel rerun {run['workflow_id']} --from {task['stage'] or task['stages'][0]}")
    return Section("Look further", lines)


def _indented(part: Section) -> str:
    lines = [f"  {line}" for line in part.lines]
    lines += [f"  {line}" for line in _table(part.head, part.rows)] if part.rows else []
    for title, block in part.blocks:
        shown = json.dumps(block, ensure_ascii=False, indent=2).splitlines()
        lines += [f"  {title}", *(f"    {line}" for line in shown)]
    return "\n".join(lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [tuple(_cut(one, WIDEST) for one in row) for row in (head, *rows)]
    used = [at for at in range(len(head)) if any(row[at] for row in cells[1:])]
    wide = {at: max(_width(row[at]) for row in cells) for at in used}
    return ["  ".join(row[at] + " " * (wide[at] - _width(row[at])) for at in used).rstrip() for row in cells]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _html(part: Section) -> str:
    told = [f"<h2>{escape(part.title)}</h2>" if part.title else "", *(f"<p>{_linked(line)}</p>" for line in part.lines)]
    if part.rows:
        head = "".join(f"<th>{escape(one)}</th>" for one in part.head)
        rows = "".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in part.rows)
        told.append(f"<table><tr>{head}</tr>{rows}</table>")
    for title, block in part.blocks:
        shown = escape(json.dumps(block, ensure_ascii=False, indent=2))
        told.append(f"<details><summary>{escape(title)}</summary><pre>{shown}</pre></details>")
    return "\n".join(each for each in told if each)


def _linked(line: str) -> str:
    head, mark, address = line.partition("http")
    link = f'{escape(head)}<a href="http{escape(address)}">http{escape(address)}</a>'
    return link if mark and head.endswith((" at ", ": ")) and " " not in address else escape(line)


def _cut(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _usd(amount: float) -> str:
    return f"${amount:.4f}".rstrip("0").rstrip(".") if amount else "$0"


def _at(stamp: str | None) -> str:
    return datetime.fromisoformat(stamp).strftime("%Y-%m-%d %H:%M:%S UTC") if stamp else ""


def _clock(stamp: str) -> str:
    return datetime.fromisoformat(stamp).strftime("%H:%M:%S.%f")[:-3]


def _span(began: str, ended: str) -> str:
    took_s = (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
    return f"{took_s:.1f} s" if took_s < 120 else f"{took_s / 60:.0f} min"  # noqa: PLR2004 - two minutes


STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1b1d22;background:#fff}"
    "h1{font-size:1.3rem}h2{font-size:1rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #ddd}p{margin:.15rem 0}"
    "table{border-collapse:collapse;width:100%;font-size:12.5px}th{text-align:left;font-weight:600;color:#555}"
    "td,th{padding:.15rem .6rem .15rem 0;vertical-align:top;overflow-wrap:anywhere}tr+tr{border-top:1px solid #eee}"
    "pre{background:#f6f6f7;padding:.6rem;overflow:auto;font-size:12px}summary{cursor:pointer}"
    "@media(prefers-color-scheme:dark){body{background:#16171b;color:#e6e6e6}pre{background:#1b1d22}tr+tr,h2{border-color:#333}th{color:#aaa}a{color:#e0b050}}"
)
