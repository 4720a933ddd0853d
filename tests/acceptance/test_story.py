"""A picture explored by chat: a sheet, a choice, a sheet of the choice, a branch that fails, and back, with a face from over there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.stand import OVER, Film, Stand, shot, until

Json = dict[str, Any]
POLICY = "refused"
SHOT = 12


class Talk:
    """One chat about one film, and what is known of its twelfth shot."""

    def __init__(self, film: Film) -> None:
        self.film, self.conversation = film, ""

    def say(self, text: str) -> Json:
        """What was answered, once everything that it started has ended."""
        body = {"text": text, **({"conversation_id": self.conversation} if self.conversation else {})}
        answer: Json = self.film.stand.api("POST", f"{self.film.path}/chat", body, key=uuid4().hex)
        self.conversation = answer["conversation"]
        assert answer["understood"], answer
        until(lambda: all(task["state"] in OVER for task in self.film.tasks()), "all tasks to end")
        return answer

    def pictures(self) -> list[Json]:
        """The pictures of the shot in the order they came, with their tracks and numbers."""
        answer = self.film.ask({"type": "track.list", "args": {"shot": str(SHOT)}})
        return [one for one in answer["data"][0]["pictures"] if one["kind"] != "grid"]

    def selected(self) -> str:
        (row,) = self.film.stand.rows(
            "select picture_node_id::text as node from work_item where workspace_id = %s and spec #>> '{picture,subject}' = 'Leo'",
            self.film.id,
        )
        return row["node"] or ""


@pytest.fixture
def talk(stand: Stand) -> Talk:
    subjects = ["Ada", "Ben", "Cleo", "Dora", "Eve", "Fern", "Gus", "Hal", "Ida", "Jo", "Kit", "Leo"]
    return Talk(Film(stand, [shot(subject) for subject in subjects]))


def test_the_story_of_shot_twelve(talk: Talk) -> None:
    talk.say("第12个镜头，A方案，出一张3x3的九宫格")
    first = talk.pictures()
    assert [(one["track"], one["cell"]) for one in first] == [("A", place) for place in range(1, 10)]

    talk.say("选第2张，再对它出2x2")
    assert talk.selected() == first[1]["node"]
    second = talk.pictures()[9:]
    assert [(one["track"], one["cell"]) for one in second] == [("A", place) for place in range(1, 5)]

    talk.film.stand.vendor.behave(errors=[POLICY])
    talk.say("从第2张开一条新轨道B，改成雨夜")
    assert [task["state"] for task in talk.film.tasks()][-1] in {"failed", "manual_review"}
    assert len(talk.pictures()) == 13, "nothing was made, and nothing was lost"
    assert talk.selected() == first[1]["node"]

    talk.say("从第3张开一条新轨道，改成黄昏")
    dusk = talk.pictures()[-1]
    assert dusk["track"] not in ("A", "")

    talk.say("回到A轨道的第4张，继续画")
    onward = talk.pictures()[-1]
    assert (onward["track"], onward["cell"]) == ("A", None)

    talk.say(f"借用{dusk['track']}轨道#{dusk['number']}的脸作角色参考")
    talk.say(f"从A轨道#{onward['number']}接着再画一张，改成雪天")
    last = talk.pictures()[-1]
    talk.say("就用这张")
    assert talk.selected() == last["node"]

    told = talk.say("为什么这张图是这样的？")
    chain = told["data"][0]["chain"]
    assert [step["name"] for step in chain][-1] == last["name"]
    assert [step["stage"] for step in chain].count("sheet") >= 3, "from the first sheet, through the picture gone on from"
    borrowed = [ref for step in chain for ref in step["references"] if ref["role"] == "character"]
    assert any(dusk["track"] in str(ref) and str(dusk["number"]) in str(ref) for ref in borrowed), chain[-1]
    assert f"参考第 12 个镜头的 {dusk['track']} #{dusk['number']}（人物）" in told["message"]
    assert talk.film.stand.vendor.counts()["paid_twice"] == []
