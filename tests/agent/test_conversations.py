"""The conversations in `tests/conversations`, held with the rules and with a model: what was said, and what came of it.

The same expectations hold for both. A model's replies are recorded: those of the file, otherwise the envelope that is expected.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.types import ChatAnswer, Planner
from storyreel.actions.base import Asked
from storyreel.actions.catalogue import BY_NAME, arguments_of
from storyreel.model.rows import Episode, Node, Scene, WorkItem
from storyreel.model.view import GraphView
from tests.agent.conftest import Talker
from tests.agent.films import draw, film
from tests.agent.spaces import check_space, space
from tests.standins.gemini import Gemini

FILES = sorted((Path(__file__).parents[1] / "conversations").glob("*.yaml"))
CONVERSATIONS: list[dict[str, Any]] = [talk for file in FILES for talk in yaml.safe_load(file.read_text(encoding="utf-8"))]
TURNS = sum(len(talk["turns"]) for talk in CONVERSATIONS)


def own_names(types: Iterable[str]) -> list[str]:
    """The actions by their own names: a planner may use any other that they have."""
    return [BY_NAME[one].type_name() for one in types]


def in_full(name: str, args: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the action's own names, with those that its name gives: pausing and resuming are one action."""
    return arguments_of(Asked(type=name, args=args))


def test_there_are_enough_of_them_in_both_languages() -> None:
    chinese = sum(len(talk["turns"]) for talk in CONVERSATIONS if talk["language"] == "zh")
    assert TURNS >= 240
    assert 0.45 <= chinese / TURNS <= 0.55


@pytest.mark.parametrize("planner", ["rules", "gemini"])
@pytest.mark.parametrize("talk", CONVERSATIONS, ids=[talk["name"] for talk in CONVERSATIONS])
async def test_a_conversation_ends_as_it_should(
    talker: Talker, vendor: Gemini, model: Planner, talk: dict[str, Any], planner: str
) -> None:
    if talk["start"] == "space":
        await space(talker, talk["language"])
    elif talk["start"] != "empty":
        await film(talker, talk["language"], rendered=talk["start"] == "rendered")
    vendor.replies.clear()
    if planner == "gemini":
        talker.use([model])
    view = await talker.view()
    for told in talk["turns"]:
        turn = await by_name(talker, talk.get("pictures_of", ""), told)
        if planner == "gemini":
            await record(vendor, talker, turn)
        view = await one_turn(talker, turn, view, by=planner)
        if "drawn" in turn:
            await draw(talker, fails=not turn["drawn"])
            view = await talker.view()


async def by_name(talker: Talker, shot: str, turn: dict[str, Any]) -> dict[str, Any]:
    """A turn with the ids of the pictures and tracks of a shot for their names: "A #3", "track B"."""
    if not shot:
        return turn
    told = (await talker.do(("track.list", {"shot": shot}))).data[0]
    pictures = {f"{one['track']} #{one['number']}": one for one in told["pictures"]}
    ids = {name: one["node"] for name, one in pictures.items()} | {f"track {one['name']}": one["id"] for one in told["tracks"]}
    ids |= {f"asset of {name}": one["asset"] for name, one in pictures.items()}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(one) for key, one in value.items()}
        return (
            [named(one) for one in value]
            if isinstance(value, list)
            else ids.get(value, value)
            if isinstance(value, str)
            else value
        )

    return {key: named(value) if key in {"actions", "model"} else value for key, value in turn.items()}


async def one_turn(talker: Talker, turn: dict[str, Any], before: GraphView, by: str) -> GraphView:
    """Say it, hold what came of it against what should; the view afterwards."""
    answer = await talker.say(turn["say"], focus=turn.get("focus", {}), attachments=turn.get("attachments", ()))
    after = before if await talker.revision() == before.revision else await talker.view()
    said = f"{by}: {turn['say']} -> {answer.message}"
    assert answer.answered_by == by, said
    assert outcome_of(answer) in outcomes(turn), said
    if outcome_of(answer) in {"question", "nothing", "words", "data", "refused", "rejected", "proposal"}:
        assert after.revision == before.revision, said
    check_actions(turn, answer, said)
    check_film(turn, before, after, said)
    check_space(turn, before, after, answer, said)
    for words in [turn["says"]] if isinstance(turn.get("says"), str) else turn.get("says", ()):
        assert words in answer.message, said
    if "episodes" in turn:
        assert next(len(held) for held in shots_by_episode(after).values()) == len(before.shots()), said
        assert len(shots_by_episode(after)) == turn["episodes"], said
    if "scenes_gone" in turn:
        gone = {scene.id for scene in before.scenes()} - {scene.id for scene in after.scenes()}
        assert len(gone) == turn["scenes_gone"], said
    if "steps" in turn:
        assert after.revision == before.revision + turn["steps"], said
    if "looked" in turn:
        assert list(answer.looked) == turn["looked"], said
    if "tasks" in turn:
        assert answer.commit is not None
        assert len(answer.commit.tasks) == turn["tasks"], said
    if turn.get("asks"):
        assert "?" in answer.message or "？" in answer.message or "which" in answer.message.lower(), said
    assert answer.language == ("zh" if any("\u4e00" <= c <= "\u9fff" for c in turn["say"]) else "en")
    return after


def shots_by_episode(view: GraphView) -> dict[Any, list[WorkItem]]:
    """The shots of each episode that has any, in the order of the episodes."""
    order = {episode.id: n for n, episode in enumerate(view.all(Episode))}
    scenes = {scene.id: scene.episode_id for scene in view.all(Scene)}
    found: dict[Any, list[WorkItem]] = {}
    for shot in view.all(WorkItem):
        if shot.scene_id is not None and shot.scene_id in scenes:
            found.setdefault(scenes[shot.scene_id], []).append(shot)
    return dict(sorted(found.items(), key=lambda item: order[item[0]]))


def outcomes(turn: dict[str, Any]) -> set[str]:
    return {turn["outcome"], *(["commit"] if turn.get("or_commit") else [])}


def outcome_of(answer: ChatAnswer) -> str:
    if answer.error:
        return "refused"
    if not answer.understood:
        return "nothing"
    if answer.proposal is not None and answer.commit is None:
        return {"open": "proposal", "rejected": "rejected"}.get(answer.proposal.state, answer.proposal.state)
    if answer.commit is not None:
        return "approved" if not answer.actions else "commit"
    if answer.data:
        return "data"
    return "question" if "?" in answer.message or "？" in answer.message else "words"


def check_actions(turn: dict[str, Any], answer: ChatAnswer, said: str) -> None:
    expected = turn.get("actions")
    if expected is not None:
        assert own_names(one.type for one in answer.actions) == own_names(one["type"] for one in expected), said
        for one, want in zip(answer.actions, expected, strict=True):
            assert holds(in_full(want["type"], want["args"]), in_full(one.type, one.args)), f"{said}\n{one.args}"
    if "action_types" in turn:
        assert own_names(one.type for one in answer.actions) == own_names(turn["action_types"]), said
        for one, name in zip(answer.actions, turn["action_types"], strict=True):
            assert holds(in_full(name, {}), in_full(one.type, one.args)), f"{said}\n{one.type} {one.args}"


def check_film(turn: dict[str, Any], before: GraphView, after: GraphView, said: str) -> None:
    if "shots" in turn:
        assert changed_shots(before, after) == turn["shots"], said
    made = turn.get("made", {})
    if "seconds" in made:
        assert sum(shot.frames for shot in after.shots()) == made["seconds"] * after.fps, said
    if "shots" in made:
        assert len(after.shots()) == made["shots"], said
    if "promoted" in turn:
        shot = after.shots()[turn["promoted"]["shot"] - 1]
        assert after.get(Node, shot.picture_node_id).cell == turn["promoted"]["cell"], said


def changed_shots(before: GraphView, after: GraphView) -> list[int]:
    """The numbers of the shots that differ, beside what is selected for them."""
    was = {shot.id: bare(shot) for shot in before.shots()}
    return [number for number, shot in enumerate(after.shots(), 1) if was.get(shot.id) != bare(shot)]


def bare(shot: WorkItem) -> dict[str, Any]:
    return shot.model_dump(include={"spec", "frames", "status", "scene_id"})


def holds(want: Any, got: Any) -> bool:
    """Whether everything that is wanted is there; lists in full, numbers nearly."""
    if isinstance(want, dict):
        return isinstance(got, dict) and all(key in got and holds(value, got[key]) for key, value in want.items())
    if isinstance(want, list):
        return (
            isinstance(got, list | tuple) and len(got) == len(want) and all(holds(a, b) for a, b in zip(want, got, strict=True))
        )
    return want == got or (isinstance(want, float | int) and isinstance(got, float | int) and abs(want - got) < 0.01)


async def record(gemini: Gemini, talker: Talker, turn: dict[str, Any]) -> None:
    """What the model will answer to this turn."""
    if "model_looks" in turn:
        gemini.record(turn["say"], {"intent": "look", "looks": turn["model_looks"]})
    gemini.record(turn["say"], await recorded(talker, turn))


async def recorded(talker: Talker, turn: dict[str, Any]) -> dict[str, Any]:
    if "model" in turn:
        return turn["model"]
    if "promoted" in turn:
        return await promotion(talker, turn["promoted"])
    if turn.get("model_rollback"):
        return {"actions": [{"type": "version.rollback", "args": {"to": str(await talker.revision() - 2)}}]}
    return plain_reply(turn)


async def promotion(talker: Talker, wanted: dict[str, int]) -> dict[str, Any]:
    view = await talker.view()
    shot = view.shots()[wanted["shot"] - 1]
    node = next(n for n in view.all(Node) if n.work_item_id == shot.id and n.cell == wanted["cell"] and n.kind == "image")
    return {"actions": [{"type": "node.promote", "args": {"node": str(node.id)}}]}


def plain_reply(turn: dict[str, Any]) -> dict[str, Any]:
    """The reply that the expectations imply."""
    which = "要改哪些镜头？" if any("\u4e00" <= c <= "\u9fff" for c in turn["say"]) else "Which shots do you mean?"
    if "film" in turn:
        return {"film": {"script": turn["say"].partition("\n\n")[2], "total_s": turn["film"]["seconds"]}}
    by_outcome: dict[str, dict[str, Any]] = {
        "approved": {"decision": "approve"},
        "rejected": {"decision": "reject"},
        "question": {"question": which},
        "nothing": {"understood": False, "nearest": "make shot 1 a night"},
        "words": {"message": "你好，想做什么片子。"},
    }
    asks = {"question": which} if turn.get("asks") else {}
    return by_outcome.get(turn["outcome"]) or {"actions": turn.get("actions", []), **asks}
