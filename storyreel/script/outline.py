"""A short brief becomes a whole script without any model: a story in six stages, told in the brief's own language and words."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from storyreel.model.base import Frozen
from storyreel.model.digest import seed_of
from storyreel.model.errors import BadInput
from storyreel.model.spec import Gender, Language, Line, PictureSpec
from storyreel.script import arcs_en, arcs_zh, cast, grammar, names, setting, things
from storyreel.script.beats import Cue
from storyreel.script.board import board
from storyreel.script.brief import Brief
from storyreel.script.brief_en import read_en
from storyreel.script.brief_zh import read_zh
from storyreel.script.doc import Board, CastMember, SceneHead, ScriptCharacter, ScriptDoc, ScriptScene, ScriptShot
from storyreel.script.headings import heading_of
from storyreel.script.slots import lower_the, slots, titled
from storyreel.script.speech import speaking_s
from storyreel.script.stage import pace_of
from storyreel.script.telling import STAGES, Moment, Stage, bank, fill, tell
from storyreel.script.tongue import language_of
from storyreel.script.write import respan

FEWEST, MOST, USUAL_S, SHOT_S = 4, 30, 30.0, 4.5
_SHARES: dict[Stage, float] = {"setup": 0.20, "desire": 0.14, "obstacle": 0.24, "turn": 0.13, "climax": 0.15, "resolution": 0.14}
_FIRST: tuple[Stage, ...] = ("setup", "climax", "resolution", "desire", "obstacle", "turn")
_PARTS: dict[Stage, int] = {"setup": 0, "desire": 0, "obstacle": 1, "turn": 1, "climax": 2, "resolution": 2}
_FULL, _SPARSE = 0.94, 0.5
_MUST = 3
_PAIRS = {
    "兄弟": ("哥哥", "弟弟"), "姐妹": ("姐姐", "妹妹"), "夫妻": ("妻子", "丈夫"), "brothers": ("Older Brother", "Younger Brother"),
    "sisters": ("Older Sister", "Younger Sister"), "couple": ("Woman", "Man"), "lovers": ("Woman", "Man"), "twins": ("Twin One", "Twin Two"), "恋人": ("女孩", "男孩"), "情侣": ("女孩", "男孩"),
}  # fmt: skip


class Outline(Frozen):
    """A story made from a brief: the script, the Fountain text that its shots stand in, and what the brief asked for."""

    brief: Brief
    doc: ScriptDoc
    text: str
    total_s: float
    shots: int
    style: str = ""

    def board(self, fps: int = 25) -> Board:
        """The outline with its exact length in frames."""
        return board(self.doc, total_s=self.total_s, fps=fps, shots=self.shots)


def read_brief(text: str, language: Language | None = None) -> Brief:
    """What a brief says.

    Raises:
        BadInput: It names nobody and nothing to tell about.
    """
    language = language or language_of(text)
    brief = read_zh(text) if language == "zh" else read_en(text)
    if not re.search(r"\w", brief.subject):
        raise BadInput(
            "还不知道要讲什么。请说出主角和发生的事，例如：一只流浪猫在雨夜找到家，30秒。"
            if language == "zh"
            else "Tell who or what it is about, for example: a stray cat finds its way home on a rainy night, 30 seconds."
        )
    return brief


def outline(text: str, *, language: Language | None = None, total_s: float | None = None, shots: int | None = None) -> Outline:
    """A script for a brief of a sentence or two. Lengths and numbers of shots that are given, or said in it, hold exactly.

    Raises:
        BadInput: It names nothing to tell about, or asks for more shots than the length can hold.
    """
    brief = read_brief(text, language)
    total, count = _extent(brief, total_s, shots)
    seed = seed_of("outline", text)
    told = _Teller(brief, total, count, seed)
    doc, written = respan(told.doc())
    return Outline(brief=brief, doc=doc, text=written, total_s=total, shots=count, style=brief.style)


def _extent(brief: Brief, total_s: float | None, shots: int | None) -> tuple[float, int]:
    """The length and the number of shots: as given, else as the brief says, else what goes well together."""
    asked, count = total_s or brief.total_s, shots or brief.shots
    total = asked or (count * SHOT_S if count else USUAL_S)
    if count is None:
        count = max(1, min(MOST, max(FEWEST, round(total / SHOT_S)), int(total)))
    if count < 1 or total / count < 0.5:  # noqa: PLR2004
        raise BadInput(
            f"{total:g} 秒放不下 {count} 个镜头，每个镜头至少要半秒。请加长时长或减少镜头。"
            if brief.language == "zh"
            else f"{total:g} s cannot hold {count} shots of at least half a second. Ask for more time or fewer shots."
        )
    return total, count


class _Teller:
    """Picks moments for each stage, gives lines to as many as the time can speak, and makes scenes and shots of them."""

    def __init__(self, brief: Brief, total_s: float, count: int, seed: int) -> None:
        self.brief, self.total_s, self.count = brief, total_s, count
        self.chance = random.Random(seed)  # noqa: S311
        self.zh = brief.language == "zh"
        self.gender: Gender = brief.gender or ("woman" if seed % 2 else "man")
        self.places, self.times, self.moods = setting.places(brief), setting.times(brief), setting.moods(brief)
        self.people = self._people()
        self.slots = slots(brief, total_s, self.gender)
        self.arc = arcs_zh if self.zh else arcs_en

    def doc(self) -> ScriptDoc:
        moments = self._spoken(self._moments())
        heads = [self._head(part) for part in range(3)]
        scenes: list[ScriptScene] = []
        parts = [part for part in range(3) if any(_PARTS[m.stage] == part for m, _ in moments)]
        for part in parts:
            told = [(moment, lines) for moment, lines in moments if _PARTS[moment.stage] == part]
            shots = [self._shot(moment, lines) for moment, lines in told]
            cues = [Cue(size=moment.size) for moment, _ in told]
            seen = grammar.shoot(shots, cues, heads[part], turn=part, last=part == parts[-1])
            head = heads[part].model_copy(update={"heading": heading_of(heads[part], self.brief.language, len(scenes) + 1)})
            scenes.append(ScriptScene(**head.facts(), shots=_varied(seen)))
        return ScriptDoc(language=self.brief.language, title=self._title(), characters=self.people, scenes=tuple(scenes))

    # Which moments

    def _moments(self) -> list[Moment]:
        found: list[Moment] = []
        for stage, wanted in _counts(self.count).items():
            rows = self._usable(stage)
            picked = _pick(rows, wanted, self.chance)
            found.extend([*picked, *self._more(stage, wanted - len(picked), found + picked)])
        return found

    def _usable(self, stage: Stage) -> list[Moment]:
        rows = bank(self.brief.language, self.brief.genre)[stage]
        told = [(row, tell(row, stage, self.brief, self.slots, 2 if index == 0 else 1)) for index, row in enumerate(rows)]
        begins = [moment for row, moment in told if moment and re.match(r"\{when\}", row.line, re.IGNORECASE)]
        usable = [moment for _, moment in told if moment and moment not in begins[1:]]
        unique = {moment.line: moment for moment in reversed(usable)}
        return [moment for moment in usable if unique[moment.line] is moment]

    def _more(self, stage: Stage, wanted: int, before: Sequence[Moment]) -> list[Moment]:
        """Moments of weather, light, place and body, when the bank has too few."""
        if wanted <= 0:
            return []
        used = {moment.picture for moment in before}
        colours = self._colours(stage) if stage in {"setup", "obstacle"} else []
        details = self._details(stage)
        self.chance.shuffle(details)
        fresh = [moment for moment in [*colours, *details] if moment.picture not in used]
        return fresh[:wanted]

    def _colours(self, stage: Stage) -> list[Moment]:
        part = _PARTS[stage]
        rows = [
            *self.arc.COLOURS.get(self.brief.weather or "", ()),
            *(self.arc.COLOURS[self.times[part]] if self.brief.weather in {None, "clear"} else ()),
        ]
        return [moment for line, picture in rows if (moment := self._loose(stage, line, picture, 0))]

    def _details(self, stage: Stage) -> list[Moment]:
        body = self.arc.BODY[self.brief.kind]
        pictures = [*body, *self.arc.DETAILS[setting.family_of(self.brief)]]
        pictures += [self._echo(picture) for picture in pictures]
        return [moment for picture in pictures if (moment := self._loose(stage, "", picture, 0))]

    def _echo(self, picture: str) -> str:
        return f"{picture}，换一个角度" if self.zh else f"{picture}, from another side"

    def _loose(self, stage: Stage, line: str, picture: str, rank: int) -> Moment | None:
        said, seen = (fill(words, self.slots, plural=self.brief.plural) for words in (line, picture))
        if said is None or seen is None:
            return None
        size = None if said else self.chance.choice(("CU", "ECU", "MS", "WS"))
        return Moment(stage, said, seen, size, "neutral", rank, "{s}" in picture or "{the}" in picture)  # pyright: ignore[reportArgumentType]

    # What is said

    def _spoken(self, moments: list[Moment]) -> list[tuple[Moment, tuple[str, ...]]]:
        """Each moment with its lines: fewer where the time is short, more of the bank where it is long."""
        kept = {index for index, moment in enumerate(moments) if moment.line}
        ranks = {0: 4, len(moments) - 1: 4}
        while kept and self._needs([(m.line,) if i in kept else () for i, m in enumerate(moments)]) > self.total_s * _FULL:
            kept.remove(min(kept, key=lambda i: (ranks.get(i, moments[i].rank), -self._speech(moments[i].line), i)))
        lines = [(moment.line,) if index in kept else () for index, moment in enumerate(moments)]
        return list(zip(moments, self._fuller(moments, lines), strict=True))

    def _fuller(self, moments: list[Moment], lines: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Second lines from the bank, while less than half of the time is spoken."""
        used = {line for said in lines for line in said}
        spare = [
            moment
            for stage in STAGES
            for moment in self._usable(stage)
            if moment.line not in used and moment.stage in {m.stage for m in moments}
        ]
        for moment in spare:
            spoken_s = sum(self._speech(line) for said in lines for line in said)
            at = min(range(len(moments)), key=lambda i: (moments[i].stage != moment.stage, len(lines[i]), -i))
            fuller = [(*said, moment.line) if index == at else said for index, said in enumerate(lines)]
            if spoken_s > self.total_s * _SPARSE or len(used) < 3 or self._needs(fuller) > self.total_s * _FULL:  # noqa: PLR2004
                break
            lines = fuller
        return lines

    def _needs(self, lines: Sequence[tuple[str, ...]]) -> float:
        """The seconds that shots with these lines take at least; a silent one may be short where there are many."""
        silent_s = 1.0 if len(lines) <= self.total_s * 0.7 else 0.5
        return sum(max(1.0, sum(self._speech(line) + 0.3 for line in said)) if said else silent_s for said in lines)

    def _speech(self, line: str) -> float:
        return speaking_s(line, self.brief.language)

    # How it is shown

    def _shot(self, moment: Moment, said: tuple[str, ...]) -> ScriptShot:
        lines = tuple(Line(text=text) for text in said)
        min_s, weight = pace_of("" if lines else moment.picture, lines, self.brief.language)
        seen = self._subject(moment)
        members = self._members(moment) if moment.hero or self.brief.companion in moment.picture else ()
        picture = PictureSpec(subject=seen, props=things.props(seen))
        return ScriptShot(action=seen, picture=picture, lines=lines, cast=members, min_s=min_s, weight=weight)

    def _subject(self, moment: Moment) -> str:
        """What is seen; an animal or a thing is named in every picture, because it has no cast to stand for it."""
        if self.brief.kind in {"person", "topic"} or moment.hero:
            return moment.picture
        return f"{moment.picture}，{self.slots['s']}" if self.zh else f"{moment.picture}, {self.slots['the']}"

    def _members(self, moment: Moment) -> tuple[CastMember, ...]:
        short = self.slots["s" if self.zh else "the"]
        action = re.sub(
            rf"^(?:{re.escape(short)})?(?:和|and )?(?:{re.escape(self.brief.companion) or '(?!)'})?", "", moment.picture
        )
        action = action.replace(short, "", 1).strip(" ，,")
        return tuple(
            CastMember(name=person.name, action=action[:60], emotion=moment.feeling)
            for person in self._in_order(moment)
            if self._seen(person, moment)
        )

    def _in_order(self, moment: Moment) -> list[ScriptCharacter]:
        """The people as a picture names them: a close shot shows the first."""
        second = self.brief.companion
        first = moment.picture.startswith(second) if second else False
        return list(reversed(self.people)) if first and len(self.people) > 1 else list(self.people)

    def _seen(self, person: ScriptCharacter, moment: Moment) -> bool:
        """Whether one of the people is in a picture: a second figure only where it is named."""
        if len(self.people) == 1 or self.brief.plural or not self.brief.companion:
            return True
        if person is self.people[0]:
            return self.slots["s" if self.zh else "the"] in moment.picture
        return self.brief.companion in moment.picture

    def _people(self) -> tuple[ScriptCharacter, ...]:
        if self.brief.kind != "person":
            return ()
        key = next((word for word in _PAIRS if self.brief.plural and re.search(rf"{word}$", self.brief.subject)), "")
        if key:
            return tuple(cast.character(name, "", self.brief.subject) for name in _PAIRS[key])
        if self.brief.plural:
            one = self.brief.subject if self.zh else titled(re.sub(r"s$", "", self.brief.subject))
            both = (f"{one}甲", f"{one}乙") if self.zh else (f"First {one}", f"Second {one}")
            return tuple(cast.character(name, "", self.brief.subject) for name in both)
        name = self.brief.name or (self.brief.short if self.zh else titled(self.brief.subject.split(" and ")[0]))
        person = cast.character(name, self.brief.text, self.brief.subject)
        look = person.look.model_copy(update={"gender": self.gender})
        hero = person.model_copy(update={"gender": self.gender, "look": look})
        return (hero, *self._companion())

    def _companion(self) -> tuple[ScriptCharacter, ...]:
        """The second figure, where it is a person."""
        brief = self.brief
        if not brief.companion or brief.companion_kind != "person":
            return ()
        name = brief.companion if self.zh else titled(re.sub(r"^(?:the|his|her|its|their) ", "", brief.companion))
        about = brief.companion_role or brief.companion
        person = cast.character(name, "", about)
        gender, age = names.gender_of(name if not self.zh else about), names.age_of(about)
        age = "child" if re.search(r"\b(?:grandson|granddaughter|little)\b", about) else age
        if name == "我":
            age = "child" if self.people_age(brief.subject) == "elder" else None
        look = person.look.model_copy(update={"gender": gender or person.gender, "age": age or person.age})
        return (person.model_copy(update={"gender": look.gender, "age": look.age, "look": look}),)

    @staticmethod
    def people_age(subject: str) -> str | None:
        """The age that a noun tells."""
        return names.age_of(subject)

    def _head(self, part: int) -> SceneHead:
        place = self.places[part]
        return SceneHead(
            heading="",
            place=place,
            interior=things.is_interior(place),
            time=self.times[part],
            weather=self.brief.weather,
            mood=self.moods[part],
        )

    def _title(self) -> str:
        brief = self.brief
        if brief.title:
            return brief.title
        if brief.kind == "topic":
            return (
                (brief.ask.rstrip("？?") if self.zh else titled(brief.subject)) if brief.genre == "explainer" else brief.subject
            )
        if self.zh:
            if (brief.genre in {"together", "making"} and brief.companion) or (
                brief.genre == "bond" and brief.companion and not self.slots["done"]
            ):
                return f"{brief.short}和{brief.companion}"
            return f"{brief.short}{brief.goal}" if brief.goal and len(brief.goal) <= 8 else f"{brief.short}的故事"  # noqa: PLR2004
        hero = brief.name or titled(f"the {brief.subject}")
        other = (
            brief.companion
            if brief.genre in {"bond", "together", "making"}
            else brief.other
            if brief.other.startswith("the ")
            else ""
        )
        return f"{hero} and {lower_the(titled(other))}" if other else hero


def _counts(total: int) -> dict[Stage, int]:
    """How many shots each stage gets; a short film leaves out the turn first, then the obstacle."""
    if total < len(STAGES):
        return {stage: int(stage in _FIRST[:total]) for stage in STAGES}
    exact = {stage: share * total for stage, share in _SHARES.items()}
    counts: dict[Stage, int] = {}
    for name in STAGES:
        counts[name] = max(1, int(exact[name]))
    while sum(counts.values()) < total:
        stage: Stage = max(STAGES, key=lambda name: exact[name] - counts[name])
        counts[stage] += 1
    while sum(counts.values()) > total:
        stage = max(STAGES, key=lambda name: counts[name] - exact[name] if counts[name] > 1 else -99)
        counts[stage] -= 1
    return counts


def _pick(rows: list[Moment], wanted: int, chance: random.Random) -> list[Moment]:
    """The first row, those that the story turns on, and others by chance, in the bank's order."""
    musts = sorted(
        {0, *(index for index, row in enumerate(rows) if row.rank >= _MUST)} & set(range(len(rows))), key=lambda i: -rows[i].rank
    )
    others = [index for index in range(len(rows)) if index not in musts]
    chosen = [*musts, *chance.sample(others, len(others))][:wanted]
    return [rows[index] for index in sorted(chosen)]


def _varied(shots: Sequence[ScriptShot]) -> tuple[ScriptShot, ...]:
    """No size three times in a row."""
    done: list[ScriptShot] = []
    for shot in shots:
        if len(done) > 1 and done[-1].camera.size == done[-2].camera.size == shot.camera.size:
            shot = shot.model_copy(update={"camera": grammar.contrast(shot.camera)})  # noqa: PLW2901
        done.append(shot)
    return tuple(done)
