import sys
from subprocess import run

import pytest

from storyreel.providers.builtin.paint import lexicon, words


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("雨夜的街头", "street"),
        ("a wet city street at night", "street"),
        ("森林边的咖啡馆", "cafe"),
        ("a cafe in the city", "cafe"),
        ("the castle's throne room", "hall"),
        ("宫殿内", "hall"),
        ("古寺的庭院", "temple"),
        ("train platform", "platform"),
        ("地铁站台", "platform"),
        ("外星球表面", "space"),
        ("spaceship cockpit", "cabin"),
        ("湖上的小桥", "lake"),
    ],
)
def test_a_place_in_either_language_is_recognised(text, place):
    found = words.place_of(text)
    assert found.name == place
    assert found.known


def test_every_place_has_words_in_both_languages():
    for name, listed in words.vocabulary()["places"].items():
        assert any(words.is_chinese(w) for w in listed), name
        assert any(not words.is_chinese(w) for w in listed), name


def test_an_unknown_place_is_not_claimed_to_be_known():
    assert not words.place_of("qwertyuiop").known
    assert not words.place_of("").known


@pytest.mark.parametrize(
    ("zh", "en", "pose"),
    [
        ("走进房间", "walks into the room", "walk"),
        ("飞快地跑", "runs away", "run"),
        ("坐在椅子上看书", "sits and reads", "chair"),
        ("盘腿打坐", "meditates cross-legged, sitting on the ground", "floor"),
        ("跪下祈祷", "kneels to pray", "kneel"),
        ("蹲在地上", "crouches", "squat"),
        ("指着远方", "points at the hills", "point"),
        ("双臂交叉", "crosses arms", "cross"),
        ("向她解释", "explains the plan", "gesture"),
        ("躺在床上睡着了", "lies asleep", "lie"),
        ("静静站着", "stands still", "stand"),
    ],
)
def test_an_action_gives_the_same_pose_in_both_languages(zh, en, pose):
    assert words.pose_of(zh).name == pose
    assert words.pose_of(en).name == pose


def test_no_action_is_standing_and_says_that_it_was_not_asked_for():
    assert words.pose_of("").name == "stand"
    assert not words.pose_of("").known


@pytest.mark.parametrize(("zh", "en", "name"), [("猫", "cat", "cat"), ("一匹马", "a horse", "horse"), ("灯塔", "lighthouse", "lighthouse"), ("一封信", "a letter", "envelope")])  # fmt: skip
def test_a_thing_gives_the_same_drawing_in_both_languages(zh, en, name):
    for text in (zh, en):
        found = words.thing_of(text)
        assert found is not None
        assert found.name == name


def test_the_emoji_lists_words_are_used_when_our_own_do_not_know():
    found = words.thing_of("三明治")
    assert found is not None
    assert found.name == "sandwich"
    assert words.thing_of("xyzzy") is None


def test_people_named_by_kind_are_counted_and_aged():
    assert [(p.age, p.gender) for p in words.persons_of("an old man and a little girl")] == [("elder", "man"), ("child", "woman")]
    assert len(words.persons_of("两个孩子在放风筝")) == 2
    assert words.persons_of("a red car") == ()


@pytest.mark.parametrize(("text", "style"), [("赛博朋克", "neon"), ("Neon noir", "neon"), ("动漫水彩", "watercolor"), ("铅笔素描", "pencil"), ("水墨画", "ink"), ("black and white", "noir"), ("水彩", "watercolor"), ("", "storybook")])  # fmt: skip
def test_a_style_is_recognised(text, style):
    assert words.style_of(text).name == style


def test_every_thing_that_is_named_can_be_drawn():
    drawable = set(words.vocabulary()["things"])
    reachable = {
        m.name
        for listed in (lexicon.THINGS, lexicon.DRAWN)
        for ws in listed.values()
        for w in ws.split("|")
        if (m := words.thing_of(w))
    }
    assert len(reachable) > 100
    assert reachable <= drawable | set(words.OWN_DRAWINGS) | set(words._drawings())


def test_asking_what_a_word_becomes_needs_no_drawing_library():
    code = "import sys; from storyreel.providers.builtin.paint import words; words.place_of('sea'); sys.exit('skia' in sys.modules or 'cv2' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
