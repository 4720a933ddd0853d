"""Scripts as people write them: one scene of 孔乙己 and of Wilde in all formats, and Alice's tea party as prose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.model.errors import BadInput
from storyreel.script.board import board
from storyreel.script.doc import MAX_CHARS, ScriptDoc, ScriptShot
from storyreel.script.parse import detect, parse
from storyreel.script.read import read
from storyreel.script.tongue import tokens
from storyreel.script.write import write_fountain

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"
FORMATS = {
    "earnest.fountain": "fountain", "earnest.md": "markdown", "earnest.txt": "prose", "mad_tea_party.txt": "prose",
    "kong_yiji.fountain": "fountain", "kong_yiji.md": "markdown", "kong_yiji_prose.txt": "prose", "wusong.fountain": "fountain",
}  # fmt: skip


def text_of(name: str) -> str:
    return read((SCRIPTS / name).read_bytes(), name)


def shots_of(doc: ScriptDoc) -> list[ScriptShot]:
    return [shot for scene in doc.scenes for shot in scene.shots]


def lines_of(doc: ScriptDoc) -> list[tuple[str, str, str]]:
    return [(line.speaker, line.text, line.emotion) for shot in shots_of(doc) for line in shot.lines]


def said_by(doc: ScriptDoc, words: str) -> str:
    return next(speaker for speaker, text, _ in lines_of(doc) if words in text)


def structure(doc: ScriptDoc) -> list[object]:
    return [
        (
            scene.heading,
            [
                (shot.action, [(n.speaker, n.text, n.emotion) for n in shot.lines], shot.camera, shot.picture.composition)
                for shot in scene.shots
            ],
        )
        for scene in doc.scenes
    ]


@pytest.mark.parametrize(("name", "kind"), FORMATS.items())
def test_each_script_is_told_by_its_looks(name: str, kind: str) -> None:
    assert detect(text_of(name)) == kind
    assert parse(text_of(name)).language == ("zh" if name[0] in "kw" else "en")


@pytest.mark.parametrize("name", FORMATS)
def test_a_scene_of_a_minute_becomes_a_board_of_a_minute(name: str) -> None:
    doc = parse(text_of(name))
    made = board(doc, fps=25)
    assert 35 <= made.frames / 25 <= 100
    sizes = [shot.camera.size for shot in made.shots]
    assert len(set(sizes)) >= 4
    assert sizes[0] in {"EWS", "WS"}
    assert any(shot.camera.move != "static" for shot in made.shots)
    assert all(shot.frames >= 25 for shot in made.shots)


@pytest.mark.parametrize("name", FORMATS)
def test_each_shot_keeps_its_place(name: str) -> None:
    text = text_of(name)
    check_spans(parse(text), text)


def check_spans(doc: ScriptDoc, text: str) -> None:
    end = 0
    for shot in shots_of(doc):
        assert end <= shot.span[0] <= shot.span[1] <= len(text)
        end = shot.span[1]


@pytest.mark.parametrize("name", FORMATS)
def test_a_line_is_found_where_its_shot_says(name: str) -> None:
    text = text_of(name)
    for shot in shots_of(parse(text)):
        held = tokens(text[slice(*shot.span)])
        for line in shot.lines:
            assert tokens(line.text)[0] in held


@pytest.mark.parametrize("name", FORMATS)
def test_writing_and_reading_again_changes_nothing(name: str) -> None:
    doc = parse(text_of(name))
    again = parse(write_fountain(doc))
    assert structure(again) == structure(doc)
    assert (again.title, again.language) == (doc.title, doc.language)
    assert write_fountain(again) == write_fountain(doc)


def test_chinese_screenplay() -> None:
    doc = parse(text_of("kong_yiji.fountain"))
    assert doc.title == "孔乙己"
    tavern, street = doc.scenes
    assert (tavern.place, tavern.interior, tavern.time) == ("咸亨酒店", True, "dusk")
    assert (street.place, street.interior, street.time) == ("咸亨酒店门口", False, "night")
    assert said_by(doc, "温两碗酒") == "孔乙己"
    assert ("孔乙己", "窃书不能算偷……窃书！……读书人的事，能算偷么？", "angry") in lines_of(doc)
    kong = next(person for person in doc.characters if person.name == "孔乙己")
    assert kong.look.beard is True
    asked = next(shot for shot in shots_of(doc) if "涨红了脸" in shot.action)
    assert (asked.camera.size, asked.camera.move, asked.directed) == ("CU", "push_in", True)


def test_chinese_markdown() -> None:
    doc = parse(text_of("kong_yiji.md"))
    assert [scene.heading for scene in doc.scenes] == ["咸亨酒店 · 黄昏 · 内", "酒店门口 · 夜 · 外"]
    assert doc.scenes[0].time == "dusk"
    assert said_by(doc, "什么清白") == "酒客"
    assert said_by(doc, "唯一的人") == ""
    assert said_by(doc, "快活的空气") == ""


def test_chinese_labels_on_one_line() -> None:
    doc = parse(text_of("wusong.fountain"))
    assert [scene.place for scene in doc.scenes] == ["景阳冈下酒店门前", "酒店", "景阳冈"]
    assert said_by(doc, "你休要吓我") == "武松"
    assert ("武松", "主人家，怎的不来筛酒？", "angry") in lines_of(doc)
    tiger = shots_of(doc)[-1]
    assert "老虎" in tiger.action
    assert tiger.camera.move == "push_in"


def test_chinese_prose_finds_who_speaks() -> None:
    doc = parse(text_of("kong_yiji_prose.txt"))
    assert said_by(doc, "脸上又添上新伤疤") == "众人"
    assert said_by(doc, "温两碗酒") == "孔乙己"
    assert said_by(doc, "凭空污人清白") == "孔乙己"
    assert said_by(doc, "吊着打") == "众人"
    assert said_by(doc, "窃书不能算偷") == "孔乙己"
    assert said_by(doc, "怎样写的") == "孔乙己"
    assert said_by(doc, "快活的空气") == ""


def test_english_prose_finds_who_speaks() -> None:
    doc = parse(text_of("mad_tea_party.txt"))
    assert doc.title == "A Mad Tea-Party"
    assert said_by(doc, "plenty of room") == "Alice"
    assert said_by(doc, "Have some wine") == "March Hare"
    assert said_by(doc, "see any wine") == "Alice"
    assert said_by(doc, "laid for a great many") == "Alice"
    assert said_by(doc, "Your hair wants cutting") == "Hatter"
    assert said_by(doc, "raven") == "Hatter"
    assert said_by(doc, "set out under a tree") == ""
    assert ("Alice", "There’s plenty of room!", "angry") in lines_of(doc)
    assert {person.name: person.gender for person in doc.characters}["Alice"] == "woman"


def test_english_screenplay() -> None:
    doc = parse(text_of("earnest.fountain"))
    assert [scene.interior for scene in doc.scenes] == [True, False]
    assert (doc.scenes[1].time, doc.scenes[1].weather) == ("dusk", "fog")
    assert said_by(doc, "think it polite") == "Lane"
    assert ("Algernon", "Is marriage so demoralising as that?", "tired") in lines_of(doc)
    jack = next(person for person in doc.characters if person.name == "Jack Worthing")
    assert (jack.gender, jack.age) == ("man", "adult")
    assert "CUT TO" not in write_fountain(doc)


def test_only_action_gets_no_line() -> None:
    doc = parse("INT. HALL - NIGHT\n\nRain beats on the window. A candle goes out.\n\nEXT. ROAD - DAWN\n\nA horse runs.\n")
    assert not lines_of(doc)
    assert doc.scenes[0].weather == "rain"
    assert shots_of(doc)[-1].cast == ()


def test_a_shot_list_in_a_table() -> None:
    text = "| 镜号 | 景别 | 运镜 | 画面 | 台词 |\n|---|---|---|---|---|\n| 1 | 远景 | 拉远 | 灯塔立在海边 | |\n| 2 | 特写 | 推近 | 老周点亮灯 | 老周：天黑了。 |\n"
    first, second = shots_of(parse(text))
    assert (first.camera.size, first.camera.move, first.lines) == ("WS", "pull_out", ())
    assert (second.camera.size, second.camera.move, second.lines[0].speaker) == ("CU", "push_in", "老周")


def test_two_speakers_in_turn_without_tags() -> None:
    doc = parse("“我们走吧。”小林说。\n\n“现在就走？”阿珍问道。\n\n“现在。”\n\n“外面还在下雨。”\n")
    assert [speaker for speaker, _, _ in lines_of(doc)] == ["小林", "阿珍", "小林", "阿珍"]


def test_a_quoted_word_is_no_speech() -> None:
    doc = parse("人们都叫他“孔乙己”，他自己也不恼。他慢慢地走进店里来。")
    assert {speaker for speaker, _, _ in lines_of(doc)} == {""}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t \n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "picture"),
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(256)) * 50, "not readable text"),
        (("长" * (MAX_CHARS + 1)).encode(), "too long"),
        (b"INT. HALL - DAY\n\nHe walks.\n\n" * 80_000, "too long"),
    ],
)
def test_bad_files(data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(data, "scene.fountain")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings(encoding: str) -> None:
    text = "内景 茶馆 - 日\n\n@王掌柜\n今天的茶，真香。Hello.\n"
    assert read(text.replace("\n", "\r\n").encode(encoding), "茶馆.txt") == text


def test_headings_alone_are_no_script() -> None:
    with pytest.raises(BadInput, match="nothing to show"):
        parse("INT. HALL - DAY\n\nEXT. ROAD - NIGHT\n")


WORDS = st.sampled_from(
    [
        "雨",
        "rain",
        "他说",
        "“你好。”",
        '"Hello,"',
        "said",
        "爱丽丝",
        "Alice",
        "#",
        "##",
        "INT.",
        "EXT.",
        "内景",
        "外景",
        "-",
        "夜",
        "@",
        "!",
        ">",
        "<",
        "(",
        ")",
        "（笑）",
        ":",
        "：",
        "[[",
        "]]",
        "/*",
        "*/",
        "[[特写]]",
        "[[shot",
        "2:",
        "CU]]",
        "**",
        "|",
        "---",
        "~",
        ".",
        "。",
        ",",
        "，",
        "第一场",
        "旁白：",
        "A:",
        "\x00",
    ]
)
JUNK = st.lists(st.one_of(WORDS, st.just("\n"), st.just("\n\n"), st.text(max_size=8)), max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(JUNK, st.sampled_from([None, "fountain", "markdown", "prose"]))
def test_nothing_breaks_the_reader(text: str, kind: str | None) -> None:
    try:
        doc = parse(text, kind)  # pyright: ignore[reportArgumentType]
    except BadInput:
        return
    check_spans(doc, text)
    assert shots_of(doc)
    again = parse(write_fountain(doc), "fountain")
    assert structure(again) == structure(doc)


NAMES_EN, NAMES_ZH = ["Mara", "Old Tom", "Ines"], ["林晚", "老周", "阿珍"]
SENTENCES_EN = st.lists(
    st.sampled_from(
        [
            "we",
            "never",
            "had",
            "light",
            "here",
            "and",
            "you",
            "can",
            "see",
            "the",
            "sea",
            "from",
            "that",
            "old",
            "window",
            "tonight",
        ]
    ),
    min_size=2,
    max_size=14,
)
SENTENCES_ZH = st.text("我们今天去看海边的灯塔因为他昨晚没有回家", min_size=2, max_size=24)
SAID_EN = st.tuples(st.sampled_from(NAMES_EN), SENTENCES_EN.map(lambda words: " ".join(words).capitalize() + "."))
SAID_ZH = st.tuples(st.sampled_from(NAMES_ZH), SENTENCES_ZH.map(lambda words: words + "。"))
TALK = st.one_of(st.lists(SAID_EN, min_size=2, max_size=8), st.lists(SAID_ZH, min_size=2, max_size=8))


@settings(max_examples=120, deadline=None)
@given(TALK, st.sampled_from(["cue", "label", "bold", "quote"]))
def test_every_spoken_word_is_in_exactly_one_line(talk: list[tuple[str, str]], way: str) -> None:
    shapes = {
        "cue": lambda name, said: f"@{name}\n{said}\n",
        "label": lambda name, said: f"{name}: {said}\n",
        "bold": lambda name, said: f"**{name}:** {said}\n",
        "quote": lambda name, said: f"“{said}”{name}说。\n" if re.search("[\u4e00-\u9fff]", said) else f"“{said}” said {name}.\n",
    }
    text = "\n".join(shapes[way](name, said) for name, said in talk)
    spoken = [(speaker, text) for speaker, text, _ in lines_of(parse(text)) if speaker]
    assert tokens(" ".join(text for _, text in spoken)) == tokens(" ".join(said for _, said in talk))
    if way != "quote":
        assert [name for name, _ in talk] == [name for name, _ in _runs(spoken, talk)]


def _runs(spoken: list[tuple[str, str]], talk: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines joined back to what each person said, by their words."""
    rest, found = list(spoken), []
    for _, said in talk:
        name, words = rest[0][0], ""
        while tokens(words) != tokens(said):
            assert rest[0][0] == name
            words += " " + rest.pop(0)[1]
        found.append((name, words))
    return found
