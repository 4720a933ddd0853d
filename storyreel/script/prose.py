"""Plain prose becomes scenes of beats: quotes are spoken by whom the words around them name, the rest by the narrator."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from storyreel.model.spec import Gender, Language
from storyreel.script import names
from storyreel.script.beats import Beat, RawScript, clean
from storyreel.script.fountain import STRONG_HEADING
from storyreel.script.tongue import Piece, clauses, has_cjk, language_of, lines, sentences, trim

_PAIRS = {"“": "”", "「": "」", "『": "』", "‘": "’", '"': '"', "'": "'"}
_DOUBLE, _SINGLE = re.compile(r"[“\"「『]"), re.compile(r"‘|(?<![\w])'(?=\w)")
_CHAPTER = re.compile(
    r"^\s*(?:第\s*[0-9一二三四五六七八九十百]+\s*[章节回幕场](?:[\s、：:].{0,30})?|(?:chapter|scene|part|act)\s+[\dIVXLC]+\b.{0,60}|序[章幕言]?|尾声|楔子|prologue|epilogue)\s*$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"^\s*(?:[*＊#~·•—-]\s*){3,}$|^\s*[*⁂§]\s*$")
_JUMP = re.compile(
    r"^(?:第二天|次日|翌日|当晚|那天晚上|几天后|多年以后|多年后|一年后|[一二三四五六七八九十几数]+[天年个]月?[之以]?后|后来有一天|不久之后|"
    r"(?:The )?[Nn]ext (?:morning|day|evening|night|week)|(?:Years|Months|Weeks|Days|Hours) later|Later that (?:day|night|evening)|That (?:night|evening|afternoon)|"
    r"(?:A|One|Two|Three|Several) (?:few )?(?:years?|months?|weeks?|days?|hours?) later|The following (?:day|morning|week|evening))"
)
_LEAD_IN = re.compile(r"(?:[：:，,;；—-]|道|说|问|答|喊|叫)\s*$")
_FINAL = re.compile(r"[。！？!?…,，.—–-]\s*$")
_SAY_END_ZH = re.compile(rf"[，,]?\s*(?:[^，。！？]{{0,6}})?{names.SAY_ZH}[，：:,]?\s*$")
_PURE_ZH, _PURE_EN = 14, 9
_NEAR = 3
CROWD_ZH = "众人"
_CROWD_ZH = re.compile(r"有的|有人|他们|她们|众人|大家|人们")
_AND_THEN = re.compile(r"(?:, and|;(?: and)?|, but) (?=(?:he|she|it|they|I|the|[A-Z])\b)")
_GENDERS: dict[str, Gender] = {"he": "man", "she": "woman", "他": "man", "她": "woman"}
_PRONOUNS = {"he", "she", "it", "they", "i", "他", "她", "它", "我"}


@dataclass(slots=True)
class Voices:
    """Who has been heard and named so far, so that pronouns and quotes without a tag find their speaker."""

    language: Language
    text: str
    double: bool
    known: list[str] = field(default_factory=list[str])
    mentioned: list[str] = field(default_factory=list[str])
    spoken: list[str] = field(default_factory=list[str])
    together: list[str] = field(default_factory=list[str])
    genders: dict[str, Gender | None] = field(default_factory=dict[str, "Gender | None"])

    def mention(self, text: str) -> None:
        """Notes the names of a stretch of narration, in order."""
        found = [name for at, name in sorted((names.place(name, text), name) for name in self.known) if at >= 0]
        for name in found:
            self._last(name)
        self.together = found or self.together

    def speak(self, name: str) -> str:
        """Notes who spoke."""
        self.spoken.append(name)
        if name and name != CROWD_ZH:
            self._last(name)
        return name

    def _last(self, name: str) -> None:
        if name in self.mentioned:
            self.mentioned.remove(name)
        self.mentioned.append(name)

    def who(self, said: str) -> str:
        """The name that a tag's word stands for: itself, or the last fitting one for a pronoun."""
        word = said.strip()
        if word in {"I", "我"}:
            return word
        if word.lower() not in _PRONOUNS:
            return self._name(word)
        if word.lower() == "they":
            return self.together[0] if self.together else ""
        gender = _GENDERS.get(word.lower())
        fitting = [name for name in reversed(self.mentioned) if gender is None or self._gender(name) in {gender, None}]
        return fitting[0] if fitting else word.capitalize() if self.language == "en" else word

    def _gender(self, name: str) -> Gender | None:
        if name not in self.genders:
            self.genders[name] = names.gender_of(name, self.text)
        return self.genders[name]

    def _name(self, word: str) -> str:
        bare = re.sub(r"^(?:the|an?|his|her|my|their)\s+", "", word, flags=re.IGNORECASE)
        for name in self.known:
            if bare.lower() in {name.lower(), name.lower().removeprefix("the ")} or word.lower() == name.lower():
                return name
        name = bare if has_cjk(bare) else " ".join(part if part[:1].isupper() else part.capitalize() for part in bare.split())
        self.known.append(name)
        return name

    def other(self) -> str:
        """Who answers, when two speak in turn."""
        heard = [name for name in self.spoken if name]
        if not heard:
            return self.mentioned[-1] if self.mentioned else ""
        others = [name for name in reversed(heard) if name != heard[-1]] or [
            name for name in reversed(self.mentioned) if name != heard[-1]
        ]
        return others[0] if others else heard[-1]


def voices(text: str, language: Language) -> Voices:
    """The names of a whole text, before its paragraphs are read."""
    double = bool(_DOUBLE.search(text))
    return Voices(language, text, double, names.speakers_zh(text) if language == "zh" else names.names_en(_without_quotes(text)))


def read_prose(text: str, language: Language | None = None) -> RawScript:
    """The scenes and beats of plain prose."""
    script = RawScript(language=language)
    heard = voices(text, language or language_of(text))
    pieces = paragraphs(text)
    for index, piece in enumerate(pieces):
        if index == 0 and len(pieces) > 1 and is_title(piece.text):
            script.title = clean(piece.text.strip("《》#* "))
        elif _CHAPTER.match(piece.text) or STRONG_HEADING.match(piece.text):
            script.scene(clean(piece.text))
        elif _BREAK.match(piece.text):
            script.scene()
        else:
            if _JUMP.match(piece.text) and script.scenes and len(script.last().beats) > 1:
                script.scene()
            script.last().beats.extend(paragraph_beats(text, piece, heard))
    return script


def is_title(text: str) -> bool:
    """Whether the first paragraph is a title and no sentence."""
    line = text.strip()
    return bool(re.match(r"^《.{1,30}》$", line)) or (
        "\n" not in line and len(line) <= (16 if has_cjk(line) else 60) and not re.search(r"[。！？!?.…：:;；，,”\"]\s*$", line)
    )


def paragraphs(text: str) -> list[Piece]:
    """Blocks between blank lines; where lines end as sentences do, each line is a paragraph, otherwise wrapped lines belong together."""
    blocks: list[list[Piece]] = [[]]
    for line in lines(text):
        if not line.text.strip():
            blocks.append([])
            continue
        block = blocks[-1]
        if block and not _wrapped(block[-1].text, line.text):
            blocks.append([])
        blocks[-1].append(line)
    return [trim(text, block[0].start, block[-1].end) for block in blocks if block]


def _wrapped(above: str, below: str) -> bool:
    """Whether a line goes on in the next one."""
    if _BREAK.match(above) or _BREAK.match(below) or _CHAPTER.match(above) or _CHAPTER.match(below):
        return False
    if has_cjk(above):
        return not re.search(r"[。！？!?…：”」』—]\s*$", above) and len(above.strip()) > 12 and not below.startswith(("　", "  "))  # noqa: PLR2004
    return len(above.strip()) > 40 and not below.startswith(("   ", "\t"))  # noqa: PLR2004


def _without_quotes(text: str) -> str:
    return re.sub(r"[“\"][^”\"\n]*[”\"]", " ", text)


def paragraph_beats(text: str, piece: Piece, heard: Voices) -> list[Beat]:
    """The narration and speech of one paragraph, in order."""
    parts = _parts(text, piece, double=heard.double)
    found: list[Beat] = []
    inside = ""
    for index, (kind, part) in enumerate(parts):
        if kind == "narration":
            before = index > 0 and parts[index - 1][0] == "speech"
            after = index + 1 < len(parts) and parts[index + 1][0] == "speech"
            found.extend(_narration(text, part, heard, before=before, after=after))
            continue
        above = parts[index - 1][1].text if index and parts[index - 1][0] == "narration" else ""
        below = parts[index + 1][1].text if index + 1 < len(parts) and parts[index + 1][0] == "narration" else ""
        answers = index > 0 and parts[index - 1][0] == "speech"
        speaker, hint = _attribute(above, below, heard, "" if answers else inside, opening=index == 0 or answers)
        inside = heard.speak(speaker)
        words = _unended(clean(part.text.strip("“”\"「」『』‘’'").strip()))
        if re.search(r"\w", words):
            found.append(Beat("speech", part.start, part.end, words, speaker, hint=hint, joined=_joins(found, part)))
    return found


def _unended(words: str) -> str:
    """Speech whose comma only stood for the tag behind it ends as a sentence."""
    return re.sub(r"，$", "。", re.sub(r",$", ".", words))


def _joins(found: list[Beat], part: Piece) -> bool:
    """Whether a short lead-in by the narrator stays in one shot with the speech that it leads to."""
    return (
        bool(found)
        and not found[-1].speaker
        and len(found[-1].text) <= (12 if has_cjk(found[-1].text) else 40)
        and part.start - found[-1].end <= _NEAR
    )


def _parts(text: str, piece: Piece, *, double: bool) -> list[tuple[str, Piece]]:
    """Narration and speech by turns; a quoted word inside a sentence stays narration."""
    parts: list[tuple[str, Piece]] = []
    at = piece.start
    for start, end in _quotes(text, piece, double=double):
        if start < at or not _is_speech(text, piece, start, end):
            continue
        parts.append(("narration", trim(text, at, start)))
        parts.append(("speech", Piece(start, end, text[start:end])))
        at = end
    parts.append(("narration", trim(text, at, piece.end)))
    return [(kind, part) for kind, part in parts if re.search(r"\w", part.text)]


def _quotes(text: str, piece: Piece, *, double: bool) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = piece.start
    opening = _DOUBLE if double else _SINGLE
    while match := opening.search(text, at, piece.end):
        end = _closing(text, match.start(), piece.end, _PAIRS[match[0]])
        found.append((match.start(), end))
        at = end
    return found


def _closing(text: str, start: int, stop: int, mark: str) -> int:
    """Just behind the closing mark; the paragraph's end where it is missing, as in speech of several paragraphs."""
    opener = text[start]
    depth = 0
    for at in range(start + 1, stop):
        if mark in "’'" and text[at] == mark:
            if not (at + 1 < stop and text[at + 1].isalnum()) and not text[at - 1].isspace():
                return at + 1
        elif text[at] == opener and opener != mark:
            depth += 1
        elif text[at] == mark:
            if not depth:
                return at + 1
            depth -= 1
    return stop


def _is_speech(text: str, piece: Piece, start: int, end: int) -> bool:
    before, inner = text[piece.start : start].rstrip(), text[start + 1 : end - 1]
    opens = not before or bool(re.search(r"[。！？!?.…”」』\"’]\s*$", before))
    if not re.search(r"\w", inner):
        return False
    if opens and (_FINAL.search(inner) or not text[end : piece.end].strip()):
        return True
    if _LEAD_IN.search(before):
        return bool(_FINAL.search(inner)) or bool(re.search(r"[：:]\s*$", before)) or not text[end : piece.end].strip(" 。.，")
    return opens and bool(re.match(r"^[\s,]*(?:\w+\s+){0,3}?" + f"(?:{names.SAY_EN})\\b", text[end : piece.end]))


def _attribute(above: str, below: str, heard: Voices, inside: str, *, opening: bool) -> tuple[str, str]:
    """Who says a quote, and the words that tell how."""
    tag = _first_sentence(below)
    last = _last_sentence(above)
    looks = [(_tag_before, last), (_tag_after, tag)] if _LEAD_IN.search(above) else [(_tag_after, tag), (_tag_before, last)]
    for look, words in looks:
        who = look(words, heard)
        if who:
            return who, words
    if inside:
        return inside, ""
    named = names.first_of(last, heard.known) or names.first_of(above, heard.known)
    if named:
        return named, last
    return (heard.other() if opening or not above else _pronoun(above, heard) or heard.other()), last


def _pronoun(above: str, heard: Voices) -> str:
    match = re.search(r"[他她](?!们)|\b(?:he|she)\b", _last_sentence(above), re.IGNORECASE)
    return heard.who(match[0]) if match else ""


def _tag_after(tag: str, heard: Voices) -> str:
    if heard.language == "zh":
        if not re.search(names.SAY_ZH, tag[:30]) or re.search(r"[：:]\s*$", tag):
            return ""
        head = re.match(r"^[^，。！？]*", tag.lstrip("，, "))
        word = names.attribution_zh(head[0] if head else "", heard.known)
        return heard.who(word) if word and re.search(rf"{names.SAY_ZH}[了着过]?$", head[0] if head else "") else ""
    match = names.AFTER_EN.match(tag)
    return heard.who(match["who"] or match["who2"]) if match else ""


def _tag_before(last: str, heard: Voices) -> str:
    if heard.language == "zh":
        if not re.search(rf"{names.SAY_ZH}[：:，,]?\s*$|[：:]\s*$", last):
            return ""
        return _subject_zh(last, heard)
    match = names.BEFORE_EN.search(last)
    return heard.who(match["who"] or match["who2"]) if match else ""


def _subject_zh(last: str, heard: Voices) -> str:
    """Whom a lead-in such as "孔乙己涨红了脸，争辩道，" makes speak: the subject nearest before the verb."""
    for clause in reversed(clauses(last)):
        word = names.attribution_zh(clause.text, heard.known)
        if _CROWD_ZH.search(clause.text) and word not in heard.known:
            return CROWD_ZH
        if word:
            return heard.who(word)
    return next((name for name in reversed(heard.mentioned) if name != "我"), "")


def _first_sentence(text: str) -> str:
    match = re.match(r"^.*?(?:[。！？!?;；]|(?<!Mr)(?<!Mrs)(?<!Dr)\.(?=\s|$)|$)", text, re.DOTALL)
    return match[0] if match else ""


def _last_sentence(text: str) -> str:
    found = sentences(text)
    return found[-1].text if found else ""


def _narration(text: str, part: Piece, heard: Voices, *, before: bool, after: bool) -> list[Beat]:
    """The narrator's sentences; a tag that only names who spoke is not read out."""
    heard.mention(part.text)
    found: list[Beat] = []
    pieces = sentences(text, part.start, part.end)
    for index, piece in enumerate(pieces):
        first, last = before and index == 0, after and index == len(pieces) - 1
        kept = _without_tag(text, piece, heard.language, first=first, last=last)
        words = clean(kept.text.strip("，,：: ")) if kept else ""
        if kept and re.search(r"\w", words):
            words = words if words[:2] == piece.text[:2] else words[0].upper() + words[1:]
            found.append(Beat("speech", kept.start, kept.end, _ended(words, heard.language)))
    return found


def _ended(words: str, language: Language) -> str:
    """A sentence with its end, where the quote that followed took it away."""
    if re.search(r"[。！？!?….,，;；：:”’」』\"')）—-]$", words):
        return re.sub(r"[，：；]$", "。", words) if language == "zh" else re.sub(r"[,:;]$", ".", words)
    return words + ("。" if language == "zh" else ".")


def _without_tag(text: str, piece: Piece, language: Language, *, first: bool, last: bool) -> Piece | None:
    words = piece.text
    if language == "en":
        return _without_tag_en(text, piece, first=first, last=last)
    if not ((first or last) and re.search(names.SAY_ZH, words)):
        return piece
    if len(words) <= _PURE_ZH and (last or re.search(rf"{names.SAY_ZH}[，。：:,.]?\s*$", words)):
        return None
    if last and re.search(rf"{names.SAY_ZH}[，：:,]?\s*$|[：:]\s*$", words):
        kept = [clause for clause in clauses(text, piece.start, piece.end) if not _SAY_END_ZH.fullmatch(clause.text)]
        if not kept:
            return None
        if kept[-1].end < piece.end or not re.search(rf"{names.SAY_ZH}[，：:,]?$", kept[-1].text):
            return trim(text, piece.start, kept[-1].end)
    return piece


def _without_tag_en(text: str, piece: Piece, *, first: bool, last: bool) -> Piece | None:
    """Drops "said Alice angrily"; of "said Alice, and she sat down" the second half stays."""
    if first and names.AFTER_EN.match(piece.text):
        follows = _AND_THEN.search(piece.text)
        if follows:
            return trim(text, piece.start + follows.end(), piece.end)
        return None if len(piece.text.split()) <= _PURE_EN else piece
    before = names.BEFORE_EN.search(piece.text) if last else None
    if before and len(before[0].split()) <= _PURE_EN:
        kept = trim(text, piece.start, piece.start + before.start())
        kept = trim(text, kept.start, kept.start + len(re.sub(r"[\s,;:]*(?:\b(?:and|but|then|all)\b)?[\s,;:]*$", "", kept.text)))
        return kept if len(kept.text.split()) > 2 else None  # noqa: PLR2004
    return piece
