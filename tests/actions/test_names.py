"""Every name that an action was ever asked for by leads to one action, and the page about them says what the catalogue says."""

from __future__ import annotations

from typing import Any

import pytest

from storyreel.actions.base import Asked, Consent, Kind, Role
from storyreel.actions.catalogue import ACTIONS, BY_NAME, describe, means, names_of, parse
from storyreel.model.errors import BadInput
from tools.generate_actions_doc import DOC, document


def _words(text: str) -> list[str]:
    return text.split()


# The names that people and programs were promised, by family, and beside them those that mean the same.
PROMISED = _words("""
project.create project.open project.update_meta project.set_style project.set_rules project.set_config project.get_context_summary
character.create character.update character.attach_reference character.lock_consistency character.list
shot.add shot.bulk_add shot.update shot.split shot.merge shot.reorder shot.delete shot.list shot.view
asset.import asset.search asset.attach_to_shot asset.detach_from_shot asset.tag asset.list_by_project
gen.storyboard gen.image gen.image_variant gen.video gen.voice gen.music gen.sfx gen.compose
edit.trim edit.replace_music edit.caption_style edit.pacing
task.start task.status task.list task.cancel task.retry task.pause task.resume
version.snapshot version.diff version.rollback
export.preview export.final export.package export.platform_preset
ui.navigate ui.focus_entity ui.open_panel
doc.get doc.update
character.attach_refs shot.update_fields asset.attach storyboard.generate video.generate
""")
# What is said as behaviour.
BESIDE = _words("""
node.promote node.continue node.branch node.regenerate node.reference node.favourite node.pin node.discard node.restore node.to_compare
gen.scene_look gen.stale grid.recut task.set_concurrency project.archive project.restore project.delete
""")
# What changes nothing, whoever asks.
QUIET = _words("""
project.get_context_summary character.list shot.list shot.view asset.search asset.list_by_project task.status task.list version.diff doc.get
ui.navigate ui.focus_entity ui.open_panel
""")


def test_there_are_as_many_names_as_were_promised() -> None:
    assert len(PROMISED) == len(set(PROMISED)) == 63
    assert not set(PROMISED) & set(BESIDE)


@pytest.mark.parametrize("name", [*PROMISED, *BESIDE])
def test_a_promised_name_leads_to_an_action(name: str) -> None:
    assert name in BY_NAME


@pytest.mark.parametrize("name", QUIET)
def test_what_only_looks_or_shows_changes_nothing(name: str) -> None:
    assert BY_NAME[name].policy.kind is not Kind.change


def test_no_name_leads_to_two_actions() -> None:
    names = [name for action in ACTIONS for name in names_of(action)]
    assert len(names) == len(set(names)) == len(BY_NAME)


def test_a_name_gives_arguments_under_those_that_are_asked() -> None:
    assert parse(Asked(type="task.status")) == parse(Asked(type="task.list", args={"open": True}))
    assert parse(Asked(type="task.status", args={"open": False})) == parse(Asked(type="task.list"))


@pytest.mark.parametrize(
    ("name", "args", "meant"),
    [
        ("scene.delete", {"scene": "3"}, {"kind": "scene", "which": "3"}),
        ("episode.delete", {}, {"kind": "episode"}),
        ("character.delete", {"character": "Anna"}, {"kind": "character", "which": "Anna"}),
        ("look.delete", {"name": "lamp", "kind": "prop"}, {"kind": "look", "which": "lamp", "look": "prop"}),
        ("canvas.delete", {"canvas": "Plan"}, {"kind": "canvas", "which": "Plan"}),
        ("memory.forget", {"words": "the tram"}, {"kind": "memory", "which": "the tram"}),
        ("memory.forget", {"about": "character", "which": "Anna"}, {"kind": "memory", "about": "character", "of": "Anna"}),
        (
            "memory.forget",
            {"about": "character", "which": "Anna", "words": "water"},
            {"kind": "memory", "about": "character", "of": "Anna", "which": "water"},
        ),
    ],
)
def test_what_is_deleted_may_be_named_as_its_family_names_it(name: str, args: dict[str, Any], meant: dict[str, Any]) -> None:
    assert parse(Asked(type=name, args=args)) == parse(Asked(type="doc.delete", args=meant))
    assert means(Asked(type="doc.delete", args=meant), name)
    assert not means(Asked(type="doc.delete", args=meant), "scene.delete" if name != "scene.delete" else "memory.forget")


def test_what_is_deleted_says_who_may_and_who_is_asked() -> None:
    scene, episode, fact = (
        parse(Asked(type=name, args=args))
        for name, args in (("scene.delete", {"scene": "3"}), ("episode.delete", {}), ("memory.forget", {"words": "the tram"}))
    )
    assert (scene.needs, episode.needs, fact.needs) == (Role.editor, Role.owner, Role.editor)
    assert (scene.consent, episode.consent, fact.consent) == (Consent.always, Consent.always, Consent.many)
    with pytest.raises(BadInput, match="say which scene"):
        parse(Asked(type="scene.delete"))


def test_each_action_says_what_it_is_in_both_languages() -> None:
    for one in describe():
        chinese, english = one["examples"]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), one["type"]
        assert english.isascii() or not any("\u4e00" <= letter <= "\u9fff" for letter in english), one["type"]
        assert one["description"].endswith((".", "!", "?")), one["type"]


def test_the_page_about_them_is_the_catalogue() -> None:
    assert DOC.read_text(encoding="utf-8") == document(), "run `python -m tools.generate_actions_doc`"
    assert all(f"### {action.type_name()}\n" in document() for action in ACTIONS)
