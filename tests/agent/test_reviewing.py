"""What waits for a person, said in English and Chinese."""

from __future__ import annotations

from uuid import uuid4

import pytest

from agent.rules.planner import think
from agent.types import Context


def asked(text: str, shots: int = 6):
    thought = think(Context(workspace_id=uuid4(), revision=3, name="Film", text=text, shot_count=shots))
    return [(one.type, one.args) for one in thought.actions]


@pytest.mark.parametrize(
    ("text", "kind", "args"),
    [
        ("What is waiting for me?", "task.waiting", {}),
        ("what needs my attention", "task.waiting", {}),
        ("Show the review queue", "task.waiting", {}),
        ("有什么等我处理的？", "task.waiting", {}),
        ("现在有哪些镜头需要我决定？", "task.waiting", {}),
        ("retry what failed", "task.review", {"verb": "retry"}),
        ("Retry everything that failed", "task.review", {"verb": "retry"}),
        ("重试失败的镜头", "task.review", {"verb": "retry"}),
        ("把失败的都重试一遍", "task.review", {"verb": "retry"}),
        ("skip shot 4", "task.review", {"verb": "skip", "shots": "4"}),
        ("Go without shots 4-5", "task.review", {"verb": "skip", "shots": "4-5"}),
        ("跳过第4个镜头", "task.review", {"verb": "skip", "shots": "4"}),
        ("第4个镜头不要了", "task.review", {"verb": "skip", "shots": "4"}),
        ("用别的供应商重做第3镜", "task.review", {"verb": "provider", "shots": "3"}),
        ("第3个镜头换成builtin来做", "task.review", {"verb": "provider", "shots": "3", "provider": "builtin"}),
        ("Use another provider for shot 3", "task.review", {"verb": "provider", "shots": "3"}),
        ("redo shot 3 with the provider builtin", "task.review", {"verb": "provider", "shots": "3", "provider": "builtin"}),
        ("allow a smaller one for shot 2", "task.review", {"verb": "smaller", "shots": "2"}),
        ("第2个镜头做小一点也行", "task.review", {"verb": "smaller", "shots": "2"}),
        ("it was not charged", "task.review", {"verb": "not_charged"}),
        ("It was charged", "task.review", {"verb": "charged"}),
        ("没有扣费", "task.review", {"verb": "not_charged"}),
        ("已经扣费了", "task.review", {"verb": "charged"}),
        ("Pause the provider remote", "provider.pause", {"provider": "remote", "held": True}),
        ("暂停供应商remote", "provider.pause", {"provider": "remote", "held": True}),
        ("resume the provider remote", "provider.pause", {"provider": "remote", "held": False}),
        ("恢复供应商remote", "provider.pause", {"provider": "remote", "held": False}),
    ],
)
def test_it_is_understood(text, kind, args):
    assert asked(text) == [(kind, args)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pause the render", "task.pause"),
        ("retry shot 3", "task.retry"),
        ("重试第3个镜头", "task.retry"),
        ("暂停渲染", "task.pause"),
        ("delete shot 4", "shot.delete"),
        ("make shot 3 smaller in the frame", None),
    ],
)
def test_what_means_something_else_still_does(text, kind):
    found = [one for one, _ in asked(text)]
    assert found == [kind] if kind else "task.review" not in found
