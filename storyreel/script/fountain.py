"""Fountain, and the ways Chinese screenplays are typed, become scenes of beats."""

from __future__ import annotations

import re

from storyreel.model.spec import Language
from storyreel.script import beats
from storyreel.script.beats import Beat, RawScript, cased, clean, cue_of, name_and_off
from storyreel.script.tongue import CJK, Piece, has_cjk, lines, tidy

_KEYS = {
    "title", "credit", "author", "authors", "source", "notes", "draft date", "date", "contact", "copyright", "language", "format", "revision",
    "标题", "片名", "剧名", "作者", "编剧", "语言", "来源", "日期", "版本", "改编",
}  # fmt: skip
_TITLES = {"title", "标题", "片名", "剧名"}
_LANGUAGES = {"language", "语言"}
_TIME_WORDS = r"日|夜|晨|昏|晚|黄昏|清晨|傍晚|早晨|早上|上午|中午|下午|深夜|凌晨|白天|夜晚|晚上|午后|黎明|拂晓|雨夜|雪夜|午夜"
_NUMBER = r"[0-9０-９零一二两三四五六七八九十百]+"
HEADING = re.compile(
    rf"""^\s*(?:
      (?:(?:INT|EXT|EST)\b\.?(?:\s*/\s*(?:INT|EXT)\b\.?)?|I\s*/\s*E\b\.?)[\s.].*\S
    | (?:第\s*{_NUMBER}\s*[场幕景]\s*[、.．:：\s]*)?(?:内外?景|外景|内[/／]外(?:景)?)\s*[\s.．。:：、/／·—-].*\S
    | (?:场景?|第)\s*{_NUMBER}(?:\s*[场幕景])?\s*(?:[、.．:：\s·—-].*)?
    | {_NUMBER}(?:-{_NUMBER})?\s*[、.．\s]\s*[^。！？]{{1,24}}?[\s，,·/／]+(?:{_TIME_WORDS})(?:[\s，,·/／]*[内外])?景?\s*
    | {_NUMBER}(?:-{_NUMBER})?\s*[、.．\s]\s*[内外]景?[\s，,·/／].*(?:{_TIME_WORDS})\s*
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
STRONG_HEADING = re.compile(
    r"^\s*(?:(?:INT|EXT|EST|I\s*/\s*E)\b\.?[\s./]|(?:第\s*\S{1,4}\s*[场幕景]\s*)?(?:内|外|内外)景[\s.．。:：、/])", re.IGNORECASE
)
_TRANSITION = re.compile(
    r"^\s*(?:>\s*[^<]*|[A-Z ]+ TO:|(?:FADE (?:IN|OUT)|CUT TO BLACK)[.:]?|[（(]?(?:切至|切入|切到|淡入|淡出|叠化|转场|黑场|剧终|全剧终|闪回|化入|化出)[：:。)）]?|THE END\.?|FIN\.?)\s*$"
)
_CUE = re.compile(r"^(?=[^a-z]*[A-ZÀ-Þ][^a-z]*$)[^a-z!?,;:.]{1,38}[^a-z!?,;:]?$")
_EXTENSION = re.compile(r"\s*[(（][^)）]*[)）]\s*\^?\s*$")
_CUE_ZH = re.compile(rf"^[{CJK}·A-Za-z]{{1,8}}(?:\s*[(（][^)）]{{1,12}}[)）])?$")
INLINE = re.compile(
    rf"^\s*(?P<name>[{CJK}·]{{1,8}}|[{CJK}A-Z][{CJK}A-Za-z0-9·]{{0,7}}|[A-Z][\w'’.-]*(?:\s+(?:[A-Z][\w'’.-]*|of|the|de|von)){{0,3}})"
    r"\s*(?:[(（](?P<hint>[^)）]{1,30})[)）])?\s*(?:：|:(?!//)(?=\s|[“\"「]))\s*(?:[(（](?P<hint2>[^)）]{1,30})[)）])?\s*(?P<text>\S.*)$"
)
_PAREN = re.compile(r"^\s*[(（]([^()（）]*)[)）]\s*$")
_LEAD = re.compile(r"^\s*[(（]([^()（）]{1,30})[)）]\s*(?=\S)")
NOTE = re.compile(r"\[\[((?:(?!\[\[|\]\])[^\n]|\n(?!\s*\n))*?)\]\]")
_SHOT_NOTE = re.compile(r"^\s*(?:shot|镜头|分镜|镜)\s*#?\s*\d+\s*(?:[:：]\s*(?P<cue>.*))?$", re.IGNORECASE | re.DOTALL)


def read_fountain(text: str) -> RawScript:
    """The scenes and beats of a Fountain text."""
    script = RawScript()
    marks = _marks(text)
    masked = _mask(text)
    pieces = lines(masked)
    first = _title_page(pieces, script)
    reader = _Reader(text=text, masked=masked, script=script, marks=marks)
    reader.run(pieces[first:])
    return script


def _mask(text: str) -> str:
    """The text with notes and boneyards blanked, so that places stay the same."""
    text = re.sub(r"/\*.*?\*/", _blank, text, flags=re.DOTALL)
    return NOTE.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "\x00", match[0])


def _marks(text: str) -> list[Beat]:
    """Notes that are about the camera: numbered ones begin a shot, others direct the next beat."""
    unboned = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL)
    found: list[Beat] = []
    for match in NOTE.finditer(unboned):
        numbered = _SHOT_NOTE.match(match[1])
        cue = cue_of((numbered["cue"] or "") if numbered else match[1])
        if numbered or (cue and len(match[1]) <= 60):  # noqa: PLR2004
            found.append(Beat("mark", match.start(), match.end(), cue=cue, shot=bool(numbered)))
    return found


def _title_page(pieces: list[Piece], script: RawScript) -> int:
    """Reads `Key: value` lines at the top; gives the number of lines used."""
    index, key = 0, ""
    while index < len(pieces) and not pieces[index].text.strip("\x00 \t"):
        index += 1
    start = index
    for index in range(start, len(pieces)):
        line = pieces[index].text
        match = re.match(r"^\s{0,2}([^:：\n]{1,14}?)\s*[:：]\s*(.*)$", line)
        if not line.strip("\x00 \t"):
            return index + 1
        if match and match[1].strip().lower() in _KEYS:
            key = match[1].strip().lower()
            _title_value(script, key, match[2])
        elif key and re.match(r"^(?:\s{3,}|\t)\S", line):
            _title_value(script, key, line)
        else:
            return index
    return len(pieces) if key else start


def _title_value(script: RawScript, key: str, value: str) -> None:
    value = clean(value.replace("\x00", " "))
    if key in _TITLES and value:
        script.title = tidy(f"{script.title} {value}")
    if key in _LANGUAGES:
        script.language = _language(value)


def _language(value: str) -> Language | None:
    value = value.strip().lower()
    return "zh" if value.startswith(("zh", "中", "汉", "chinese")) else "en" if value.startswith(("en", "英")) else None


class _Reader:
    """Walks the lines once and files beats into scenes."""

    def __init__(self, *, text: str, masked: str, script: RawScript, marks: list[Beat]) -> None:
        self.text, self.masked, self.script, self.marks = text, masked, script, marks
        self.names: dict[str, str] = {}
        self.has_headings = any(HEADING.match(line.text) or _forced_heading(line.text) for line in lines(masked))

    def run(self, pieces: list[Piece]) -> None:
        index = 0
        while index < len(pieces):
            self._file_marks(pieces[index].start)
            index = self._one(pieces, index)
        self._file_marks(len(self.text))

    def _file_marks(self, before: int) -> None:
        while self.marks and self.marks[0].start < before:
            self.script.last().beats.append(self.marks.pop(0))

    def _one(self, pieces: list[Piece], index: int) -> int:
        piece = pieces[index]
        line = _visible(piece.text)
        if not line:
            return index + 1
        if line.startswith("!"):
            return self._action(pieces, index)
        heading = self._heading(line, isolated=_isolated(pieces, index))
        if heading is not None:
            self._file_marks(piece.start)
            self.script.scene(heading)
            return index + 1
        if re.match(r"^={3,}$|^=(?!=)|^#{1,6}\s*\S", line) or (_TRANSITION.match(line) and not line.endswith("<")):
            return index + 1
        return self._cue(pieces, index) or self._inline(pieces, index) or self._action(pieces, index)

    def _heading(self, line: str, *, isolated: bool) -> str | None:
        forced = _forced_heading(line)
        if forced:
            return forced
        if HEADING.match(line) and (isolated or STRONG_HEADING.match(line)):
            return clean(re.sub(r"\s*#[\w.-]+#\s*$", "", line)) or None
        section = re.match(r"^#{1,6}\s*(\S.*)$", line)
        return clean(section[1]) or None if section and not self.has_headings else None

    def _cue(self, pieces: list[Piece], index: int) -> int:
        """A name on a line of its own and what is said below it."""
        line = _visible(pieces[index].text)
        if not _is_cue(pieces, index):
            return 0
        forced = line.startswith("@")
        name, off = name_and_off(line)
        name = name if forced else self._cased(name)
        end, body = index + 1, list[Piece]()
        while end < len(pieces) and (_visible(pieces[end].text) or (pieces[end].text == "  " and body)):
            body.append(pieces[end])
            end += 1
        self._speech(pieces[index].start, name, body, off=off)
        return end

    def _speech(self, start: int, name: str, body: list[Piece], *, off: bool) -> None:
        hint, said, stop = "", list[str](), start
        for piece in body:
            paren = _PAREN.match(_visible(piece.text))
            if paren and (said or not hint):
                start = self._say(start, stop, name, said, hint=hint, off=off)
                hint, said = paren[1], []
            else:
                said.append(_visible(piece.text).strip())
            stop = piece.end
        self._say(start, stop, name, said, hint=hint, off=off)

    def _say(self, start: int, end: int, name: str, said: list[str], *, hint: str, off: bool) -> int:
        text = clean("\n".join(said))
        lead = _LEAD.match(text)
        if lead and not hint and len(text) > lead.end():
            hint, text = f"{hint} {lead[1]}".strip(), text[lead.end() :].strip()
        if text:
            self._add(Beat("speech", start, end, text, name, hint=clean(hint), off=off))
            return end
        return start

    def _inline(self, pieces: list[Piece], index: int) -> int:
        """`名字：台词` on one line."""
        piece = pieces[index]
        match = INLINE.match(piece.text.replace("\x00", " "))
        if not match:
            return 0
        label, text = match["name"].strip(), clean(match["text"])
        if label.lower() in beats.NOT_NAMES or beats.is_camera(label):
            return self._labelled(piece, label, text, index)
        name, off = name_and_off(label)
        hint = clean(f"{match['hint'] or ''} {match['hint2'] or ''}")
        off = off or bool(re.search(r"画外|旁白|内心|V\.?O|O\.?S", hint))
        if text:
            self._add(Beat("speech", piece.start, piece.end, unquote(text), self._cased(name), hint=hint, off=off))
        return index + 1

    def _labelled(self, piece: Piece, label: str, text: str, index: int) -> int:
        """`画面：…` is action; `时间：…` and `地点：…` belong to the scene's heading."""
        scene = self.script.last()
        if label in {"时间", "地点", "场景"} or label.lower() in {"time", "place", "location", "setting", "scene"}:
            if label == "场景" or label.lower() == "scene":
                self.script.scene(text)
            else:
                scene.heading = tidy(f"{scene.heading} {text}")
        elif label.lower() in beats.VISUAL or beats.is_camera(label):
            self._add(Beat("action", piece.start, piece.end, text, cue=cue_of(label)))
        elif label in {"片名", "标题", "剧名"} or label.lower() == "title":
            self.script.title = self.script.title or text
        elif label in {"人物", "出场人物", "角色", "作者", "编剧", "导演"} or label.lower() in {
            "characters",
            "cast",
            "author",
            "language",
        }:
            return index + 1
        else:
            self._add(Beat("action", piece.start, piece.end, clean(piece.text)))
        return index + 1

    def _action(self, pieces: list[Piece], index: int) -> int:
        """Lines up to a blank one, or to one that is something else."""
        forced = _visible(pieces[index].text).startswith("!")
        end = index + 1
        while end < len(pieces) and not self._stops_action(pieces, end):
            end += 1
        said = [_visible(piece.text) for piece in pieces[index:end]]
        said[0] = said[0].removeprefix("!") if forced else said[0]
        text = clean("\n".join(re.sub(r"^>\s*(.*?)\s*<$", r"\1", line) for line in said))
        if text:
            self._add(Beat("action", pieces[index].start, pieces[end - 1].end, text))
        return end

    def _stops_action(self, pieces: list[Piece], index: int) -> bool:
        line = _visible(pieces[index].text)
        inline = INLINE.match(line)
        return (
            not line
            or line[0] in "!@.#=>"
            or bool(STRONG_HEADING.match(line) or _TRANSITION.match(line))
            or bool(inline)
            or (_is_cue(pieces, index) and has_cjk(line) is False)
        )

    def _cased(self, name: str) -> str:
        if name not in self.names:
            self.names[name] = cased(name, self.masked)
        return self.names[name]

    def _add(self, beat: Beat) -> None:
        self._file_marks(beat.start)
        self.script.last().beats.append(beat)


def _visible(line: str) -> str:
    return line.replace("\x00", " ").strip()


def _forced_heading(line: str) -> str:
    match = re.match(r"^\s*\.(?=[^.\s])(.*)$", line.replace("\x00", " "))
    return clean(re.sub(r"\s*#[\w.-]+#\s*$", "", match[1])) if match else ""


def _isolated(pieces: list[Piece], index: int) -> bool:
    return (
        index == 0
        or not _visible(pieces[index - 1].text)
        or not _visible(pieces[index + 1].text if index + 1 < len(pieces) else "")
    )


def _is_cue(pieces: list[Piece], index: int) -> bool:
    line = _visible(pieces[index].text)
    below = _visible(pieces[index + 1].text) if index + 1 < len(pieces) else ""
    above = _visible(pieces[index - 1].text) if index else ""
    if not below:
        return False
    if line.startswith("@"):
        return len(line) > 1 and bool(name_and_off(line)[0] or name_and_off(line)[1])
    name = _EXTENSION.sub("", line).rstrip(" ^")
    if above or name.lower() in beats.NOT_NAMES or _TRANSITION.match(line) or HEADING.match(line):
        return False
    if has_cjk(name):
        return bool(_CUE_ZH.match(line)) and not re.search(r"[的了着在]", name) and not INLINE.match(below)
    return bool(_CUE.match(name)) and len(name.split()) <= 5  # noqa: PLR2004


def unquote(text: str) -> str:
    """Speech without the quotation marks around the whole of it."""
    match = re.match(r"^[“\"「『](.*)[”\"」』]$", text)
    return match[1] if match and not re.search(r"[“”\"「」『』]", match[1]) and match[1].strip() else text
