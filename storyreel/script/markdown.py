"""Markdown scripts become scenes of beats: headings are scenes, bold or labelled names speak, tables are shot lists."""

from __future__ import annotations

import re

from storyreel.model.spec import Language
from storyreel.script import beats, prose
from storyreel.script.beats import Beat, RawScript, clean, cue_of, name_and_off
from storyreel.script.fountain import INLINE, STRONG_HEADING, unquote
from storyreel.script.tongue import CJK, Piece, has_cjk, language_of, lines, tidy

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r"^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_SPOKEN = re.compile(
    r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:>\s*)?\*\*\s*(?P<name>[^*\n]{1,40}?)\s*(?:[(（](?P<hint>[^)）*]{1,30})[)）])?\s*(?P<in>[:：])?\s*\*\*"
    r"\s*(?:[(（]\s*(?P<hint2>[^)）]{1,30})\s*[)）])?\s*(?P<out>[:：])?\s*(?P<text>.*)$"
)
_MARKER = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+|>\s?)+")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULER = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_LEAD = re.compile(r"^\s*(?:\*|_)?[(（]([^()（）]{1,30})[)）](?:\*|_)?\s*(?=\S)")
_COLUMNS = {
    "size": ("景别", "shot size", "size", "framing"), "angle": ("角度", "机位", "angle"), "move": ("运镜", "镜头运动", "运动", "camera", "camera move", "move", "movement"),
    "action": ("画面", "画面内容", "画面描述", "内容", "描述", "visual", "visuals", "picture", "action", "description", "image"),
    "line": ("台词", "对白", "旁白", "解说", "解说词", "对话", "dialogue", "line", "lines", "narration", "voiceover", "voice over", "audio"),
    "speaker": ("角色", "人物", "speaker", "character", "who"),
    "scene": ("场景", "地点", "scene", "place", "location"),
}  # fmt: skip
_INLINE_MARKS = (
    re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"),
    re.compile(r"\[(?=[^\]\n]*\]\()|(?<=\w)\]\([^)\n]*\)"),
    re.compile(r"`+"),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"</?[a-zA-Z][^>\n]*>"),
)


def read_markdown(text: str, language: Language | None = None) -> RawScript:
    """The scenes and beats of a Markdown text."""
    script = RawScript(language=language)
    masked = _mask(text, script)
    reader = _Reader(masked, script, language or language_of(text))
    reader.run()
    return script


def _mask(text: str, script: RawScript) -> str:
    """The text with what is no script blanked, places unchanged; a front matter's title is kept."""
    front = re.match(r"\s*---\n(.*?)\n---[ \t]*(?=\n|$)", text, re.DOTALL)
    if front and re.match(r"^\s*[\w ]+:", front[1]):
        title = re.search(r"^(?:title|标题)\s*:\s*[\"']?(.+?)[\"']?\s*$", front[1], re.MULTILINE | re.IGNORECASE)
        script.title = clean(title[1]) if title else ""
        text = _blank(front) + text[front.end() :]
    for pattern in _INLINE_MARKS:
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


class _Reader:
    """Walks the lines once; paragraphs without labels are action in a labelled script and prose elsewhere."""

    def __init__(self, text: str, script: RawScript, language: Language) -> None:
        self.text, self.script = text, script
        self.pieces = lines(text)
        self.labelled = any(self._spoken(piece) or self._inline(piece) for piece in self.pieces) or any(
            _ROW.match(p.text) for p in self.pieces
        )
        self.heard = prose.voices(text, language)
        levels = [len(match[1]) for piece in self.pieces if (match := _HEADING.match(piece.text))]
        self.title_level = min(levels) if len(levels) > 1 and levels.count(min(levels)) == 1 and levels[0] == min(levels) else 0
        self.columns: list[str] = []

    def run(self) -> None:
        index = 0
        while index < len(self.pieces):
            index = self._one(index)

    def _one(self, index: int) -> int:
        piece = self.pieces[index]
        line = piece.text
        heading = _HEADING.match(line)
        if heading or STRONG_HEADING.match(line):
            self._heading(clean(heading[2] if heading else line), len(heading[1]) if heading else 0)
        elif _RULE.match(line):
            self.script.scene()
        elif _ROW.match(line):
            self._row(piece)
        elif line.strip() and not line.strip().startswith("```"):
            self.columns = []
            return self._words(index)
        return index + 1

    def _heading(self, words: str, level: int) -> None:
        if level and level == self.title_level and not self.script.title and not self.script.scenes:
            self.script.title = words.strip("《》")
        elif words:
            self.script.scene(words)

    def _words(self, index: int) -> int:
        piece = self.pieces[index]
        spoken = self._spoken(piece) or self._inline(piece)
        if spoken:
            return self._speech(index, spoken)
        end = index + 1
        while end < len(self.pieces) and not self._stops(end):
            end += 1
        stop = self.pieces[end - 1].end
        self._paragraph(Piece(piece.start, stop, self.text[piece.start : stop]))
        return end

    def _stops(self, index: int) -> bool:
        piece = self.pieces[index]
        line = piece.text
        return (
            not line.strip()
            or bool(
                _HEADING.match(line) or _RULE.match(line) or _ROW.match(line) or _MARKER.match(line) or STRONG_HEADING.match(line)
            )
            or bool(self._spoken(piece) or self._inline(piece))
            or (has_cjk(line) and bool(re.search(r"[。！？…”」]\s*$", self.pieces[index - 1].text)))
        )

    def _spoken(self, piece: Piece) -> re.Match[str] | None:
        """`**Name:** text`, or `**Name**` above the text."""
        match = _SPOKEN.match(piece.text)
        if not match or not (match["in"] or match["out"] or not match["text"].strip()):
            return None
        return match if _is_name(match["name"]) else None

    def _inline(self, piece: Piece) -> re.Match[str] | None:
        match = INLINE.match(_MARKER.sub(_blank, piece.text))
        return match if match and _is_name(match["name"]) else None

    def _speech(self, index: int, match: re.Match[str]) -> int:
        """What the name says, on its own line and on those below it up to a blank line or another name."""
        end = index + 1
        while end < len(self.pieces) and not self._stops(end):
            end += 1
        said = [match["text"], *(_MARKER.sub("", piece.text) for piece in self.pieces[index + 1 : end])]
        name, off = name_and_off(match["name"])
        hint = " ".join(part for part in (match["hint"], match["hint2"]) if part)
        text = "\n".join(said).strip()
        lead = _LEAD.match(text)
        if lead:
            hint, text = f"{hint} {lead[1]}".strip(), text[lead.end() :]
        text = unquote(clean(text))
        off = off or bool(re.search(r"画外|旁白|内心|V\.?O|O\.?S", hint))
        if re.search(r"\w", text):
            self._add(Beat("speech", self.pieces[index].start, self.pieces[end - 1].end, text, name, hint=clean(hint), off=off))
        return end

    def _paragraph(self, piece: Piece) -> None:
        label = re.match(rf"^[\s>*+\d.)-]*\**([{CJK}A-Za-z ]{{1,14}})\**\s*[:：]\**\s*(.+)$", piece.text, re.DOTALL)
        if label and (label[1].strip().lower() in beats.NOT_NAMES or beats.is_camera(label[1])):
            return self._labelled(piece, label[1].strip(), clean(label[2]).strip("*_ "))
        if self.labelled:
            quote = piece.text.lstrip().startswith(">")
            text = clean(_MARKER.sub("", re.sub(r"\n\s*>\s?", "\n", piece.text)))
            if re.search(r"\w", text):
                self._add(Beat("speech" if quote else "action", piece.start, piece.end, text, off=quote))
            return None
        marker = re.match(_MARKER, piece.text)
        start = piece.start + (marker.end() if marker else 0)
        for beat in prose.paragraph_beats(self.text, Piece(start, piece.end, self.text[start : piece.end]), self.heard):
            self._add(beat)
        return None

    def _labelled(self, piece: Piece, label: str, text: str) -> None:
        scene = self.script.last()
        if label in {"时间", "地点", "天气", "场景"} or label.lower() in {"time", "place", "location", "setting", "scene"}:
            scene.heading = tidy(f"{scene.heading} {text}")
        elif label.lower() in beats.VISUAL or beats.is_camera(label):
            self._add(Beat("action", piece.start, piece.end, text, cue=cue_of(label)))

    def _row(self, piece: Piece) -> None:
        """A row of a shot list; the first row names the columns."""
        match = _ROW.match(piece.text)
        if not match or _RULER.match(piece.text):
            return
        cells = [clean(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", match[1])]
        if not self.columns:
            self.columns = [_column(cell) for cell in cells]
            return
        row = {kind: cell for kind, cell in zip(self.columns, cells, strict=False) if kind and re.search(r"\w", cell)}
        self._shot(piece, row)

    def _shot(self, piece: Piece, row: dict[str, str]) -> None:
        if row.get("scene") and row["scene"] != self.script.last().heading:
            self.script.scene(row["scene"])
        words = " ".join(row.get(kind, "") for kind in ("size", "angle", "move"))
        if not (row.get("action") or row.get("line")):
            return
        self._add(Beat("mark", piece.start, piece.start, cue=cue_of(words), shot=True))
        if row.get("action"):
            self._add(Beat("action", piece.start, piece.end, row["action"]))
        if row.get("line"):
            self._line(piece, row["line"], row.get("speaker", ""))

    def _line(self, piece: Piece, said: str, speaker: str) -> None:
        match = INLINE.match(said)
        if match:
            speaker, said = match["name"], match["text"]
        name, off = name_and_off(speaker)
        hint = (match["hint"] or match["hint2"] or "") if match else ""
        self._add(Beat("speech", piece.start, piece.end, unquote(clean(said)), name, hint=hint, off=off))

    def _add(self, beat: Beat) -> None:
        self.script.last().beats.append(beat)


def _column(cell: str) -> str:
    head = cell.strip().lower()
    return next((kind for kind, heads in _COLUMNS.items() if head in heads), "")


def _is_name(name: str) -> bool:
    name = name.strip(" :：")
    bare = re.sub(r"[(（].*", "", name).strip()
    return (
        bool(bare)
        and bare.lower() not in beats.NOT_NAMES
        and len(bare) <= (10 if has_cjk(bare) else 32)
        and not re.search(r"[。！？!?,，;；]", bare)
    )
