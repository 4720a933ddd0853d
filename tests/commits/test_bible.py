"""What stays the same: looks, locks, styles and rules hold whoever asks, and a change says what it touches."""

from __future__ import annotations

from typing import Any

import pytest

from storyreel.actions.base import Asked, Role
from storyreel.actions.words import all_said
from storyreel.commits import Actor, EnvelopeRefused
from storyreel.graph.shots import episode_view, shot_view
from storyreel.ledger.assets import register
from storyreel.model.base import AssetRef
from storyreel.model.rows import Character, Episode, SceneLook
from storyreel.model.view import ShotView
from storyreel.model.world import relevant_world
from storyreel.pipeline.stages import STAGES
from tests.commits.conftest import Studio

PICTURE = AssetRef(id="a" * 64, media_type="image/png")
SIDE = AssetRef(id="b" * 64, media_type="image/png")


async def refused(studio: Studio, *asked: Any, words: str, **facts: str) -> None:
    before = (await studio.view()).rows
    with pytest.raises(EnvelopeRefused, match=words) as error:
        await studio.ask(*asked)
    assert (await studio.view()).rows == before
    told = next(verdict["facts"] for verdict in error.value.facts["verdicts"] if not verdict["ok"])
    assert facts.items() <= told.items()


async def seen(studio: Studio, number: int) -> ShotView:
    """A shot as its stages see it, the same one by one and with all others."""
    view = await studio.view()
    shot = view.shots()[number - 1]
    async with studio.door.database.connect() as conn:
        alone = await shot_view(conn, studio.workspace_id, shot.id)
        together = (await episode_view(conn, studio.workspace_id, view.all(Episode)[0].id)).shots[number - 1]
    assert alone.frame == together.frame
    assert {node.id for node, _ in alone.holding} == {node.id for node, _ in together.holding}
    assert STAGES["grid"].request(alone) == STAGES["grid"].request(together)
    return alone


async def data(studio: Studio, kind: str, **args: Any) -> dict[str, Any]:
    return (await studio.ask((kind, args))).data[0]


# Locks


@pytest.mark.parametrize(
    ("lock", "change"),
    [
        ("hair", {"look": {"hair": "long"}}),
        ("face", {"age": "elder"}),
        ("wardrobe", {"wardrobe": "a red raincoat"}),
        ("colour", {"palette": ["#ff0000"]}),
    ],
)
async def test_a_lock_of_a_character_holds_until_it_is_lifted(studio: Studio, lock: str, change: dict[str, Any]) -> None:
    await studio.do(("character.lock_consistency", {"character": "Anna", "locks": [lock]}))
    update = ("character.update", {"character": "Anna", **change})
    await refused(studio, update, words=f"Anna's {lock} is locked.*free the lock first", lock=lock)
    free = ("character.lock_consistency", {"character": "Anna", "locks": [lock], "locked": False})
    assert (await studio.ask(free, update)).commit
    other = ("character.update", {"character": "Bo", **change})
    assert (await studio.ask(other)).commit, "it holds nobody else"


async def test_a_lock_of_a_character_holds_in_each_shot_alone(studio: Studio) -> None:
    wear = {"cast_add": [{"character": "Anna", "look": {"wardrobe": "a red raincoat"}}]}
    await studio.do(("shot.update", {"shots": "1", **wear}))
    assert (await seen(studio, 1)).frame.figures[0].look.wardrobe == "a red raincoat"
    assert (await seen(studio, 4)).frame.figures[0].look.wardrobe == ""
    await studio.do(("character.lock_consistency", {"character": "Anna", "locks": ["wardrobe"]}))
    await refused(studio, ("shot.update", {"shots": "4", **wear}), words="Anna's wardrobe is locked", lock="wardrobe")
    await refused(studio, ("shot.add", {"shot": {"cast": wear["cast_add"]}}), words="Anna's wardrobe", lock="wardrobe")
    await studio.do(("shot.update", {"shots": "1", "cast_add": [{"character": "Anna", "look": {}}]}))
    assert (await seen(studio, 1)).frame.figures[0].look.wardrobe == ""


async def test_a_lock_on_a_field_of_a_shot_holds_in_every_family(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "1", "picture": {"time": "night"}, "lock": ["time", "lines", "cast", "duration"]}))
    assert set((await studio.view()).shots()[0].locks) == {"picture.time", "lines", "cast", "duration"}
    await refused(studio, ("shot.update", {"shots": "1", "picture": {"time": "day"}}), words="unlock", lock="picture.time")
    await refused(studio, ("shot.update", {"shots": "all", "scale_length": 0.5}), words="duration is locked", lock="duration")
    await refused(studio, ("shot.split", {"shot": "1"}), words="is locked")
    await refused(studio, ("shot.update", {"shots": "1", "cast_remove": ["Anna"]}), words="cast is locked", lock="cast")
    assert (await studio.do(("shot.update", {"shots": "1", "picture": {"weather": "fog"}}))).commit, "other fields are free"
    both = {"shots": "1", "picture": {"time": "day"}, "unlock": ["time"]}
    assert (await studio.do(("shot.update", both))).commit
    assert "picture.time" not in (await studio.view()).shots()[0].locks
    await refused(studio, ("shot.update", {"shots": "1", "lock": ["colour of the sea"]}), words="to lock; it has")


async def test_a_locked_shot_is_not_written_by_locking_it_again(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "2", "status": "approved"}))
    await refused(
        studio, ("shot.update", {"shots": "2", "status": "locked", "notes": "x", "picture": {"time": "night"}}), words="approved"
    )
    outcome = await studio.do(("style.apply", {"name": "ink wash", "shots": "1-3"}))
    assert outcome.commit
    assert [said.facts["shot"] for said in outcome.commit.skipped] == [2]
    styles = [bool(shot.spec.picture.style) for shot in (await studio.view()).shots()]
    assert styles == [True, False, True, False, False]


# Looks


async def test_a_place_is_so_in_every_shot_that_names_it(studio: Studio) -> None:
    look = {"name": "Street", "also_called": ["大街"], "time": "dusk", "light": "lamplight", "description": "narrow and steep"}
    outcome = await studio.ask(("look.set", look))
    assert outcome.commit
    assert outcome.commit.summary[1].facts["episodes"] == [{"number": 1, "title": "Test", "shots": [1, 2, 3]}]
    frame = (await seen(studio, 2)).frame
    assert (frame.time, frame.light, frame.details) == ("dusk", "lamplight", ("Street: narrow and steep",))
    assert (await seen(studio, 4)).frame.time == "day"
    shown = await data(studio, "shot.view", shot="2")
    assert shown["frame"]["time"] == "dusk"
    await studio.do(("shot.update", {"shots": "4", "picture": {"place": "大街"}}))
    assert (await seen(studio, 4)).frame.time == "dusk"
    await studio.do(("shot.update", {"shots": "4", "picture": {"time": "night"}}))
    assert (await seen(studio, 4)).frame.time == "night", "the shot's own word comes first"
    await studio.do(("look.delete", {"name": "street"}))
    assert (await seen(studio, 2)).frame.time == "day"
    await studio.do(("version.undo", {}))
    assert (await seen(studio, 2)).frame.time == "dusk"


async def test_a_locked_look_holds_in_shots_scenes_and_itself(studio: Studio) -> None:
    await studio.do(("look.set", {"name": "street", "time": "dusk", "lock": ["time"]}))
    at_night: dict[str, Any] = {"picture": {"time": "night"}}
    await refused(studio, ("shot.update", {"shots": "1", **at_night}), words="the time of street is locked", lock="time")
    await refused(studio, ("scene.update", {"scene": "One", "time": "night"}), words="the time of street is locked", lock="time")
    await refused(studio, ("look.set", {"name": "street", "time": "night"}), words="look.set with unlock: time", lock="time")
    assert (await studio.ask(("shot.update", {"shots": "4", **at_night}))).commit, "another place is free"
    assert (await studio.ask(("look.set", {"name": "street", "time": "night", "unlock": ["time"]}))).commit


async def test_two_looks_cannot_go_by_one_name(studio: Studio) -> None:
    await studio.do(("look.set", {"name": "The street", "time": "dusk"}))
    await refused(studio, ("look.set", {"name": "alley", "also_called": ["a street"]}), words="already")
    assert (await studio.ask(("look.set", {"name": "street", "kind": "prop"}))).commit, "a prop is no place"
    await refused(studio, ("look.set", {"name": "street", "time": "day"}), words="say which kind")
    assert [(one["kind"], one["name"]) for one in (await data(studio, "look.list"))["looks"]] == [
        ("place", "The street"),
        ("prop", "street"),
    ]
    await refused(studio, ("look.delete", {"name": "nowhere"}), words="The street, street")


async def test_a_characters_picture_goes_with_its_shots(studio: Studio) -> None:
    async with studio.door.database.begin() as conn:
        for asset in (PICTURE, SIDE):
            await register(conn, studio.workspace_id, asset, 10)
    fresh = STAGES["grid"].request(await seen(studio, 1))
    assert fresh.image.references == ()
    await studio.do(("character.attach_reference", {"character": "Anna", "asset": PICTURE.id}))
    await studio.do(("character.attach_reference", {"character": "Anna", "asset": SIDE.id}))
    view = await seen(studio, 1)
    assert [role for _, role in view.holding] == ["character"]
    assert STAGES["grid"].request(view).image.references == (PICTURE,)
    assert STAGES["grid"].request(await seen(studio, 3)).image.references == (), "Anna is not in shot 3"
    await studio.do(("character.lock_consistency", {"character": "Anna", "level": "strict", "method": "reference"}))
    anna = next(one for one in (await studio.view()).all(Character) if one.name == "Anna")
    assert (anna.consistency.level, anna.locks) == ("strict", {})
    assert set(STAGES["grid"].request(await seen(studio, 1)).image.references) == {PICTURE, SIDE}
    await refused(studio, ("character.attach_reference", {"character": "Anna", "asset": "c" * 64}), words="no asset")
    await refused(studio, ("character.attach_reference", {"character": "Anna", "asset": PICTURE.id}), words="so already")
    outcome = await studio.do(("character.attach_reference", {"character": "Anna", "asset": PICTURE.id, "shots": "1"}))
    assert outcome.commit
    for _ in range(4):
        await studio.do(("version.undo", {}))
    assert STAGES["grid"].request(await seen(studio, 1)) == fresh


# Styles


async def test_a_style_is_applied_where_it_is_asked_and_can_be_overridden(studio: Studio) -> None:
    listed = await data(studio, "style.list")
    assert len(listed["built_in"]) >= 8
    assert listed["styles"] == []
    await studio.do(("style.apply", {"name": "film noir"}))
    view = await seen(studio, 1)
    assert view.frame.style.startswith("black and white film noir, hard light")
    assert view.frame.mood == "tense"
    assert "dutch and low angles" in STAGES["spec"].request(view).motion
    await studio.do(("style.apply", {"name": "水彩", "scene": "Two"}))
    assert (await seen(studio, 4)).frame.style.startswith("watercolour")
    await studio.do(("shot.update", {"shots": "5", "picture": {"style": "neon"}}))
    assert ((await seen(studio, 5)).frame.style, (await seen(studio, 5)).frame.avoid) == ("neon", "")
    await studio.do(("project.set_style", {"style": "ink"}))
    assert ((await seen(studio, 1)).frame.style, (await seen(studio, 1)).frame.filming) == ("ink", "")
    await refused(studio, ("style.apply", {"name": "mine"}), words="there is no style 'mine'; there are: ink wash")


async def test_a_style_is_saved_from_words_and_from_a_shot(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "2", "picture": {"style": "chalk", "palette": ["#ffffff"], "mood": "calm"}}))
    await studio.do(("style.save", {"name": "Board", "shot": "2", "texture": "dust"}))
    await studio.do(("style.save", {"name": "board", "avoid": "ink"}))
    (own,) = (await data(studio, "style.list"))["styles"]
    assert {name: own[name] for name in ("name", "style", "texture", "mood", "avoid")} == {
        "name": "Board", "style": "chalk", "texture": "dust", "mood": "calm", "avoid": "ink",
    }  # fmt: skip
    await studio.do(("style.apply", {"name": "Board", "shots": "4"}))
    frame = (await seen(studio, 4)).frame
    assert (frame.style, frame.palette, frame.avoid) == ("chalk, dust", ("#ffffff",), "ink")
    await refused(studio, ("style.save", {"name": "empty"}), words="say what the style is")


async def test_a_field_lock_is_left_out_of_a_style_for_many(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "3", "lock": ["style"]}))
    outcome = await studio.do(("style.apply", {"name": "anime day", "shots": "all"}))
    assert outcome.commit
    assert [said.facts for said in outcome.commit.skipped] == [{"shot": 3, "lock": "picture.style"}]
    await refused(studio, ("style.apply", {"name": "anime day", "shots": "3"}), words="is locked")


# Rules


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (("shot.update", {"shots": "1", "picture": {"subject": "Two Guns on a table"}}), "spec.picture.subject"),
        (("shot.update", {"shots": "1", "lines": [{"text": "他在抽香烟"}]}), "spec.lines.l001.text"),
        (("shot.update", {"shots": "1", "picture": {"props": ["a gun"]}}), "spec.picture.props"),
        (("shot.update", {"shots": "1", "cast_add": [{"character": "Anna", "action": "holds a gun"}]}), "action"),
        (("shot.add", {"shot": {"picture": {"subject": "a gun"}}}), "spec.picture.subject"),
        (("scene.update", {"scene": "1", "place": "a gun shop"}), "spec.place"),
        (("character.update", {"character": "Anna", "wardrobe": "a coat and a gun"}), "look.wardrobe"),
        (("look.set", {"name": "shop", "description": "guns on the walls"}), "spec.description"),
        (("style.save", {"name": "x", "prompt": "gun smoke"}), "spec.prompt"),
        (("project.set_style", {"style": "gun metal"}), "profile.style"),
        (("doc.update", {"table": "prompt_template", "which": "t", "text": "a {gun} and a gun"}), "body"),
    ],
)
async def test_a_rule_holds_in_every_word_that_is_written(studio: Studio, asked: tuple[str, dict[str, Any]], field: str) -> None:
    await studio.do(("project.set_rules", {"rules": ["gun", "香烟"]}))
    await refused(studio, asked, words="The project's rules forbid", field=field)


async def test_what_breaks_no_rule_is_written_and_what_must_not_be_seen_may_be_named(studio: Studio) -> None:
    await studio.do(("project.set_rules", {"rules": ["gun"]}))
    assert (await studio.ask(("shot.update", {"shots": "1", "picture": {"subject": "It has begun"}, "notes": "no gun!"}))).commit
    assert (await studio.ask(("style.save", {"name": "x", "style": "ink", "avoid": "guns"}))).commit


async def test_a_new_rule_says_where_its_words_stand_already(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "1", "picture": {"subject": "It has begun"}}))
    await studio.do(("shot.update", {"shots": "2", "picture": {"subject": "a gun"}}))
    outcome = await studio.do(("project.set_rules", {"rules": ["guns", "smoke", "weather"]}))
    assert outcome.commit
    (told,) = [said for said in outcome.commit.summary if said.code == "rule.stands"]
    assert (told.facts["what"], told.facts["episodes"][0]["shots"]) == ("guns", [2])
    assert all_said([told], "en") == ["“guns” stands in shot 2 already: not rendered again until that is changed"]


async def test_rules_are_the_owners_and_the_rest_of_a_project_is_not(studio: Studio) -> None:
    editor = Actor(id="e", role=Role.editor)
    with pytest.raises(EnvelopeRefused, match="needs the role owner"):
        await studio.ask(("project.set_rules", {"rules": ["x"]}), actor=editor)
    with pytest.raises(EnvelopeRefused, match="needs the role owner"):
        await studio.ask(("project.update_meta", {"style": "ink", "rules": []}), actor=editor)
    for kind, args in (
        ("set_style", {"style": "ink"}),
        ("set_config", {"captions": "none"}),
        ("update_meta", {"genre": "drama"}),
    ):
        assert (await studio.ask((f"project.{kind}", args), actor=editor)).commit
    profile = (await studio.view()).workspace.profile
    assert (profile.style, profile.captions, profile.genre) == ("ink", "none", "drama")


# What a change touches


async def test_a_change_of_what_episodes_share_says_which_shots_it_touches_before_it_is_made(studio: Studio) -> None:
    await studio.do(("episode.create", {"title": "Two"}))
    second = (await studio.view()).all(Episode)[1].id
    await studio.ask(
        Asked(type="scene.add", args={"title": "Far", "place": "the street"}, name="far"),
        ("shot.bulk_add", {"shots": [{"scene": "$far"}, {"scene": "$far", "cast": [{"character": "Anna"}]}]}),
        episode_id=second,
    )
    await studio.do(("shot.update", {"shots": "4", "status": "approved"}))
    expected = [{"number": 1, "title": "Test", "shots": [1, 4]}, {"number": 2, "title": "Two", "shots": [2]}]
    asked = await data(studio, "character.where_used", character="Anna")
    assert (asked["episodes"], asked["shots"], asked["made"]) == (expected, 3, 0)
    before = (await studio.view()).rows
    update = ("character.update", {"character": "Anna", "wardrobe": "a red raincoat"})
    outcome = await studio.ask(update, mode="propose")
    assert outcome.proposal
    assert (await studio.view()).rows == before
    (told,) = [said for said in outcome.proposal.summary if said.code == "touches"]
    assert told.facts["episodes"] == expected
    assert told.facts["kept"] == [{"episode": 1, "shot": 4, "status": "approved"}]
    zh, en = all_said([told], "zh")[0], all_said([told], "en")[0]
    assert zh == "Anna影响第 1 集第 1, 4 个镜头、第 2 集第 2 个镜头；1 个已锁定或通过，保持原样"
    assert en.startswith("Anna touches episode 1 shots 1, 4, episode 2 shot 2")
    look = await studio.ask(("look.set", {"name": "street", "light": "lamplight"}))
    assert look.commit
    assert [one["shots"] for one in look.commit.summary[1].facts["episodes"]] == [[1, 2, 3], [1, 2]]
    assert (await data(studio, "bible.impact", style=True))["shots"] == 7
    assert [one["shots"] for one in (await data(studio, "bible.impact", world="SHOT 5"))["episodes"]] == [[5]]
    assert (await data(studio, "bible.impact", world="weather"))["shots"] == 0, "the name of a field is no word of a shot"
    with pytest.raises(EnvelopeRefused, match="say one of"):
        await studio.ask(("bible.impact", {}))


# Continuity and the world


async def test_a_report_names_both_shots_and_the_field_of_what_does_not_carry_on(studio: Studio) -> None:
    assert (await data(studio, "shot.continuity"))["findings"] == []
    await studio.do(("shot.update", {"shots": "1", "picture": {"props": ["red umbrella"], "time": "night"}}))
    await studio.do(("shot.update", {"shots": "3", "picture": {"props": ["red umbrella"]}, "continuity": "red umbrella"}))
    await studio.do(("shot.update", {"shots": "2", "picture": {"place": "alley"}}))
    wear = {"cast_add": [{"character": "Anna", "look": {"wardrobe": "a red raincoat"}}]}
    await studio.do(("shot.update", {"shots": "3", **wear}))
    found = {
        (one["kind"], one["first"], one["second"], one["field"]) for one in (await data(studio, "shot.continuity"))["findings"]
    }
    assert found == {
        ("light", 1, 2, "time"),
        ("place", 1, 2, "place"),
        ("place", 2, 3, "place"),
        ("props", 1, 2, "props"),
        ("anchor", 2, 3, "continuity"),
        ("wardrobe", 1, 3, "wardrobe"),
    }
    some = (await data(studio, "shot.continuity", shots="3"))["findings"]
    assert {one["second"] for one in some} == {3}
    assert all(one["zh"] and one["en"] for one in some)


async def test_the_world_is_told_where_a_message_is_about_it(studio: Studio) -> None:
    for name, body in (("glowing sea", "The sea glows at night because of algae"), ("灯塔规则", "灯塔每晚只亮一次")):
        await studio.do(("world.set", {"which": name, "text": body}))
    view = await studio.view()
    names = {message: [row.name for row in relevant_world(view, message)] for message in (
        "Make the glowing sea brighter", "the algae glow near the glows at night", "make shot 2 faster", "灯塔亮起来的时候换个角度",
    )}  # fmt: skip
    assert list(names.values()) == [["glowing sea"], ["glowing sea"], [], ["灯塔规则"]]


async def test_a_look_of_the_past_is_what_it_was(studio: Studio) -> None:
    await studio.do(("look.set", {"name": "street", "time": "dusk"}))
    then = (await studio.view()).revision
    await studio.do(("look.set", {"name": "street", "time": "dawn", "rename": "lane"}))
    assert [(look.name, look.spec.time) for look in (await studio.view(then)).all(SceneLook)] == [("street", "dusk")]
    assert [(look.name, look.spec.time) for look in (await studio.view()).all(SceneLook)] == [("lane", "dawn")]
