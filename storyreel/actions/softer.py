"""Softer words for what content policies turn away: a small table, Chinese and English, and what it makes of a shot (pure).

What is meant stays recognisable; whether that is still the story is for the person to say, so it is only ever proposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from storyreel.model.spec import Line, ShotSpec

# The longer words of a family stand first, since the first that matches is taken.
ENGLISH: tuple[tuple[str, str], ...] = (
    (r"blood[- ]?(?:soaked|stained|covered)|blood(?:y|ied)", "stained"),
    (r"pools? of blood", "dark stain"),
    (r"(?:dripping|spurting|gushing) blood|blood", "red paint"),
    (r"gor(?:e|y)", "wreckage"),
    (r"corpses|dead bodies", "still figures"),
    (r"corpse|dead body", "still figure"),
    (r"massacres?|slaughters?|slaughtered", "defeat"),
    (r"(?:is |gets )?(?:brutally )?(?:murdered|killed|executed)", "has fallen"),
    (r"(?:brutally )?(?:murders|kills|executes)", "overcomes"),
    (r"(?:brutally )?(?:murder|kill|execute)", "overcome"),
    (r"(?:stab|shoot|behead|decapitat)(?:s|es|ed|ing)?", "confronts"),
    (r"suicide", "farewell"),
    (r"tortur(?:e|es|ed|ing)", "questioning"),
    (r"(?:assault |machine )?(?:guns?|rifles?)|pistols?|firearms?", "prop weapon"),
    (r"(?:completely |fully |half[- ])?(?:naked|nude)", "wrapped in cloth"),
    (r"(?:sexy|erotic|sensual)", "elegant"),
    (r"drunk(?:en)?", "dizzy"),
    (r"(?:cocaine|heroin|drugs)", "a small packet"),
    (r"bombs?|explosives?", "a ticking box"),
    (r"explod(?:e|es|ed|ing)", "bursts into light"),
)
CHINESE: tuple[tuple[str, str], ...] = (
    ("血淋淋", "狼狈"), ("血泊", "暗红的地面"), ("鲜血", "红色痕迹"), ("流血", "受伤"), ("血腥", "激烈"), ("血迹", "污渍"),
    ("尸体", "倒下的身影"), ("屠杀", "惨败"), ("虐待", "刁难"), ("酷刑", "审问"), ("自杀", "告别"), ("谋杀", "击败"), ("杀死", "制服"), ("杀害", "制服"),
    ("杀了", "制服了"), ("枪杀", "击倒"), ("砍头", "击倒"), ("捅死", "击倒"), ("开枪", "对峙"), ("手枪", "道具枪"), ("步枪", "道具枪"), ("裸体", "披着布的身影"), ("赤裸", "披着布"),
    ("色情", "优雅"), ("性感", "优雅"), ("毒品", "一个小包"), ("吸毒", "神情恍惚"), ("炸弹", "滴答作响的盒子"), ("爆炸", "迸发强光"), ("恐怖分子", "对手"),
)  # fmt: skip
_ENGLISH = [(re.compile(rf"\b(?:{hard})\b", re.IGNORECASE), soft) for hard, soft in ENGLISH]
_CHINESE = [(re.compile(hard), soft) for hard, soft in CHINESE]


@dataclass
class Softened:
    """What other words would be: the arguments of a `shot.update`, and each change as the old and the new words."""

    patch: dict[str, Any] = field(default_factory=dict[str, Any])
    changes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def words(self) -> str:
        """The difference, for a person."""
        return "; ".join(f"“{before}” → “{after}”" for before, after in dict.fromkeys(self.changes))


def softer_text(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text in softer words, and what was changed."""
    changes: list[tuple[str, str]] = []

    def instead(soft: str) -> Callable[[re.Match[str]], str]:
        def put(match: re.Match[str]) -> str:
            changes.append((match[0], soft))
            return soft[:1].upper() + soft[1:] if match[0][:1].isupper() else soft

        return put

    for pattern, soft in (*_ENGLISH, *_CHINESE):
        text = pattern.sub(instead(soft), text)
    return text, changes


def softer(spec: ShotSpec) -> Softened | None:
    """A shot's words made softer: picture, place, props, sounds, continuity and lines. None where there is nothing to soften."""
    made = Softened()
    picture: dict[str, Any] = {
        name: text for name in ("subject", "place", "style") if (text := _changed(made, getattr(spec.picture, name) or ""))
    }
    props = tuple(_changed(made, prop) or prop for prop in spec.picture.props)
    if props != spec.picture.props:
        picture["props"] = props
    lines = [line.model_copy(update={"text": _changed(made, line.text) or line.text}) for _, line in sorted(spec.lines.items())]
    if picture:
        made.patch["picture"] = picture
    if [line.text for line in lines] != [line.text for _, line in sorted(spec.lines.items())]:
        made.patch["lines"] = [_plain(line) for line in lines]
    continuity = _changed(made, spec.continuity)
    if continuity:
        made.patch["continuity"] = continuity
    ambience = _changed(made, spec.audio.ambience)
    effects = tuple(_changed(made, one) or one for one in spec.audio.sfx)
    if ambience or effects != spec.audio.sfx:
        update = {"ambience": ambience or spec.audio.ambience, "sfx": effects}
        made.patch["audio"] = spec.audio.model_copy(update=update).model_dump(mode="json", exclude_none=True)
    return made if made.patch else None


def words_of(spec: ShotSpec) -> dict[str, Any]:
    """The words of a shot that a provider reads, as a rewriter is given them."""
    lines = [line.text for _, line in sorted(spec.lines.items())]
    words = {"subject": spec.picture.subject, "place": spec.picture.place, "props": list(spec.picture.props), "lines": lines}
    return {name: said for name, said in {**words, "continuity": spec.continuity}.items() if said}


def in_words(spec: ShotSpec, words: Mapping[str, Any]) -> Softened | None:
    """A shot in the words of a rewriter; None where they say nothing new. A list of another length is not what was asked for."""
    was, made = words_of(spec), Softened()
    picture: dict[str, Any] = {}
    for name, before in was.items():
        after = words.get(name)
        if not after or after == before or (isinstance(before, list) and len(after) != len(cast("list[str]", before))):
            continue
        pairs = zip(cast("list[str]", before), after, strict=True) if isinstance(before, list) else [(str(before), str(after))]
        made.changes += [(old, new) for old, new in pairs if old != new]
        if name == "lines":
            held = [line for _, line in sorted(spec.lines.items())]
            made.patch["lines"] = [_plain(line.model_copy(update={"text": new})) for line, new in zip(held, after, strict=True)]
        elif name == "continuity":
            made.patch["continuity"] = after
        else:
            picture[name] = after
    if picture:
        made.patch["picture"] = picture
    return made if made.patch else None


def _changed(made: Softened, text: str) -> str:
    softened, changes = softer_text(text)
    made.changes += changes
    return softened if changes else ""


def _plain(line: Line) -> dict[str, Any]:
    return line.model_dump(mode="json", exclude_none=True)
