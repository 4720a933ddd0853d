"""Characters: adding, changing, locking, renaming and deleting them."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.wishes import COLOURS
from storyreel.actions.base import Asked
from storyreel.script import names
from storyreel.script.tongue import CJK


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CREATE = re.compile(
    rf"(?:加入?|添加|新增|增加|创建|新建|设计)(?:一)?(?:个|位|名)?(?:新的?)?(?:角色|人物|主角|配角)(?:[:：，,]|(?:名)?叫做?|名为|是)*\s*(?P<zh>[{CJK}A-Za-z·]{{1,12}}?)(?=[，,。:：\s（(]|$)|"
    r"(?i:\b(?:add|create|introduce|make)\s+(?:a|an|the)?\s*(?:new\s+)?(?:main\s+)?character\b)(?i:\s*[:,]|\s+called|\s+named)*\s+(?P<en>[A-Z][\w'-]*(?: [A-Z][\w'-]*)?)"
)
_DELETE = _rx(r"(?:删掉|删除|去掉|移除)(?:这个|掉)?(?:角色|人物)|\b(?:delete|remove)\s+(?:the\s+)?character\b")
_LOCK = _rx(r"(?<!解除)锁定|锁住|锁上|(?:要)?保持(?:一致|不变)|保持|\block\b|\bkeep\b")
_FREE = _rx(r"解锁|解除锁定|取消锁定|\bunlock\b|\bfree\b")
_PARTS: dict[str, re.Pattern[str]] = {
    "face": _rx(r"(?:同一张)?脸部?|面部|长相|容貌|\bfaces?\b"),
    "hair": _rx(r"发型|头发|\bhair(?:style)?\b"),
    "wardrobe": _rx(r"服装|衣服|造型|穿着|\bwardrobe\b|\bclothes\b|\bclothing\b|\boutfit\b|\bcostume\b"),
    "colour": _rx(r"配色|颜色|\bcolou?rs?\b"),
}
_NAMED = rf"[{CJK}]{{1,6}}|[A-Z][\w'-]*"
_HAIR: dict[str, re.Pattern[str]] = {
    "short": _rx(r"短(?:头)?发|\bshort(?: \w+)? hair\b|\bshort-haired\b"),
    "long": _rx(r"长(?:头)?发|披肩发|\blong(?: \w+)? hair\b|\blong-haired\b"),
    "bald": _rx(r"光头|秃头|\bbald\b"),
    "ponytail": _rx(r"马尾辫?|\bponytail\b"),
    "curly": _rx(r"卷发|\bcurly(?: \w+)? hair\b|\bcurls\b"),
    "bun": _rx(r"丸子头|发髻|盘发|\bbun\b"),
    "braids": _rx(r"辫子|麻花辫|\bbraids?\b|\bpigtails\b"),
}
_GARMENT: dict[str, re.Pattern[str]] = {
    "jacket": _rx(r"夹克|外套|风衣|大衣|西装|\bjacket\b|\bcoat\b|\bsuit\b|\bblazer\b"),
    "sweater": _rx(r"毛衣|卫衣|针织衫|\bsweater\b|\bjumper\b|\bhoodie\b|\bpullover\b"),
}
_COLOUR_WORDS = {word: value for value, many in COLOURS.items() for word in many}
_COLOUR = "|".join(sorted(_COLOUR_WORDS, key=len, reverse=True))
_COLOURED: dict[str, re.Pattern[str]] = {
    "hair_colour": _rx(
        rf"(?P<z>{_COLOUR})(?:色的?)?(?:短|长|卷)?(?:头)?发|(?:头发|发色)(?:染成|改成|换成|是|变成)?(?P<y>{_COLOUR})色?|\b(?P<e>{_COLOUR}|blonde?|fair)(?:,? (?:short|long|curly))? hair\b|\bhair(?: colou?r)?(?: to| is| be| into)? (?P<f>{_COLOUR}|blonde?)\b"
    ),
    "bottom_colour": _rx(
        rf"(?P<z>{_COLOUR})(?:色的?)?(?:裤子|裙子|长裤|短裤|牛仔裤)|\b(?P<e>{_COLOUR}) (?:trousers|pants|jeans|skirt|shorts)\b"
    ),
    "shoe_colour": _rx(rf"(?P<z>{_COLOUR})(?:色的?)?(?:鞋子?|靴子|球鞋)|\b(?P<e>{_COLOUR}) (?:shoes|boots|trainers|sneakers)\b"),
    "top_colour": _rx(
        rf"(?P<z>{_COLOUR})(?:色的?)?(?=外套|夹克|风衣|大衣|西装|毛衣|卫衣|针织衫|上衣|衣服|衬衫|T恤|披风|斗篷|长裙)|\b(?P<e>{_COLOUR})\s+(?=jacket|coat|suit|blazer|sweater|jumper|hoodie|pullover|shirt|top|t-shirt|dress|cloak)"
    ),
}
_GLASSES = _rx(r"(?:戴|带)(?:着|上|一副|副)?眼镜|\b(?:with |wears? |wearing |put on )?(?:a pair of )?glasses\b")
_NO_GLASSES = _rx(r"(?:不戴|摘掉|去掉|没有)眼镜|\b(?:no|without|take off(?: \w+)?|remove(?: \w+)?) glasses\b")
_BEARD = _rx(r"(?:有|留|长)?(?:着)?(?:大|络腮)?胡子|\b(?:with |has |a )*beard\b|\bbearded\b")
_NO_BEARD = _rx(r"(?:没有|刮掉|去掉|不留)胡子|\b(?:no|without(?: a)?) beard\b|\bclean[- ]shaven\b")
_HAT = _rx(
    r"(?:戴|带)(?:着|上|一顶|顶)?(?P<zh>[\u4e00-\u9fff]{0,4}帽子?)|\b(?:with|wear(?:s|ing)?|put on)\s+(?:an?\s+)?(?P<en>(?:\w+ )?(?:hat|cap|beanie))\b"
)
_AGE: dict[str, re.Pattern[str]] = {
    "child": _rx(r"小孩子?|儿童|孩子|小男孩|小女孩|\bchild\b|\bkid\b|\blittle (?:girl|boy)\b"),
    "elder": _rx(r"老人|老年|老头|老太太|老奶奶|老爷爷|年老|\b(?:an )?(?:old|elderly)\b|\bolder\b|老一[点些]"),
    "young": _rx(r"年轻(?:一点|一些)?(?:的)?|少年|少女|\byoung(?:er)?\b|\bteenager?\b"),
    "adult": _rx(r"中年|成年|\bmiddle-aged\b|\badult\b"),
}
_GENDER: dict[str, re.Pattern[str]] = {
    "woman": _rx(r"女孩子?|女人|女生|女性|女士|姑娘|少女|老太太|奶奶|\b(?:wo)(?:man|men)\b|\bgirl\b|\blady\b|\bfemale\b"),
    "man": _rx(r"男孩子?|男人|男生|男性|先生|小伙子?|少年|老头|爷爷|\bman\b|\bboy\b|\bguy\b|\bmale\b"),
}
_RENAME = r"(?:改名|改叫|更名)(?:为|成|叫)?\s*[“\"]?(?P<zh>[\u4e00-\u9fffA-Za-z]{1,20})[”\"]?"
_TALKS = _rx(
    r"(?:说话|语速|讲话)(?:更|再)?(?P<zh>快|慢)(?:一点|一些|点|些)?|\b(?:speaks?|talks?|voice)\s+(?:is\s+|a bit\s+|a little\s+|more\s+)*(?P<en>faster|slower|slowly|quickly)\b"
)
_KEEP_FACE = _rx(r"(?:主角|角色|人物)(?:要)?(?:保持|都是|用)?(?:同一张脸|一致|脸部一致)")
_TRAIT = _rx(
    r"(?:性格|个性)(?:改成|是|为|改为)?[:：]?\s*(?P<zh>[^，。]{1,60})|\bpersonality\b(?: is| to|:)?\s*(?P<en>[^,.]{2,80})"
)
_MANNER = _rx(
    r"(?:说话风格|口吻|说话方式|语气)(?:改成|是|为|偏)?[:：]?\s*(?P<zh>[^，。]{1,60})|\b(?:way of speaking|manner of speech|speaking style)\b(?: is| to|:)?\s*(?P<en>[^,.]{2,80})"
)
_WORDS = _rx(
    r"角色|人物|穿上?|戴上?|换上?|头发|发型|衣服|外貌|样子|说话|\b(?:character|wears?|wearing|dress(?:ed)?|hair|outfit|looks?|years?|old|haired|who|is|has|his|her)\b"
)


def create(heard: Heard) -> Found | None:
    """A new character by its name and what is said of its looks."""
    reading = Reading(heard.text)
    match = reading.take(_CREATE)
    if match is None:
        return None
    name = (match["zh"] or match["en"]).strip()
    rest = heard.text[match.end() :].strip("，,。:： （）()")
    person = _person(reading)
    args: dict[str, Any] = {"name": name, **person}
    args.setdefault("gender", names.gender_of(name, f"{name}，{rest}") if rest else None)
    if reading.left and rest:
        # What no field can hold is kept in words, for providers that read words.
        args["look"] = {**person.get("look", {}), "notes": rest[:500]}
        reading.strike(match.start(), len(heard.text))
    return found(
        reading, "add a character", Asked(type="character.create", args={k: v for k, v in args.items() if v is not None})
    )


def change(heard: Heard) -> Found | None:
    """A character renamed, dressed, aged, given a voice or a manner."""
    reading = Reading(heard.text)
    name = _known(reading, heard)
    if name is None:
        return None
    renamed = re.search(_RENAME, reading.free) or re.search(r"\brename\b.*\bto\s+(?P<en>[A-Z][\w'-]*)", reading.free)
    args = _person(reading)
    if renamed:
        args["rename"] = next(group for group in renamed.groups() if group).strip()
        reading.strike(*renamed.span())
    for key, pattern in (("personality", _TRAIT), ("speaking", _MANNER)):
        if match := reading.take(pattern):
            args[key] = (match["zh"] or match["en"]).strip()
    if match := reading.take(_TALKS):
        args["speed"] = 1.15 if (match["zh"] or match["en"]) in {"快", "faster", "quickly"} else 0.85
    if not args:
        return None
    reading.take_all(_WORDS)
    actions = [Asked(type="character.update", args={"character": name, **args})]
    if heard.context.rendered_count or heard.context.has_film:
        actions.append(Asked(type="gen.video", args={"shots": f"with {name}"}, reason="they were rendered before"))
    return found(reading, "change a character", *actions, about=f"with {name}")


def lock(heard: Heard) -> Found | None:
    """What must not change about a character, locked or freed."""
    reading = Reading(heard.text)
    name = _known(reading, heard)
    if name is None and _KEEP_FACE.search(heard.text) and heard.context.characters:
        reading.take(_KEEP_FACE)
        return found(
            reading,
            "lock characters",
            *(
                Asked(type="character.lock_consistency", args={"character": one, "locks": ["face"]})
                for one in heard.context.characters
            ),
        )
    if name is None or re.search(r"镜头|\bshots?\b", heard.text, re.IGNORECASE):
        return None
    free = reading.take(_FREE)
    if free is None and reading.take(_LOCK) is None:
        return None
    locks = [part for part, pattern in _PARTS.items() if reading.take(pattern)]
    reading.take_all(_rx(r"不变|一致|的|\b(?:the same|consistent|same|locked|unchanged)\b"))
    args: dict[str, Any] = {"character": name, **({"locks": locks} if locks else {}), **({"locked": False} if free else {})}
    return found(reading, "lock a character", Asked(type="character.lock_consistency", args=args))


def remove(heard: Heard) -> Found | None:
    """A character deleted from the project."""
    reading = Reading(heard.text)
    if not reading.take(_DELETE):
        return None
    name = _known(reading, heard)
    if name is None:
        other = re.search(_NAMED, reading.free)
        name = other[0] if other else None
        if other:
            reading.strike(*other.span())
    return found(reading, "delete a character", Asked(type="character.delete", args={"character": name})) if name else None


def _known(reading: Reading, heard: Heard) -> str | None:
    for name in sorted(heard.context.characters, key=len, reverse=True):
        word = re.escape(name) if re.search(rf"[{CJK}]", name) else rf"\b{re.escape(name)}\b(?:['’]s)?"
        if reading.take(re.compile(word, re.IGNORECASE)):
            return name
    return None


def _person(reading: Reading) -> dict[str, Any]:
    """Gender, age and looks."""
    look: dict[str, Any] = {}
    for key, pattern in _COLOURED.items():
        if match := pattern.search(reading.free):
            word = next(group for group in match.groups() if group).lower()
            look[key] = _COLOUR_WORDS.get(word, "#d9b36c")
            # The noun behind a colour may say the cut as well.
            at = match.start() + match[0].lower().find(word)
            reading.strike(at, at + len(word))
    if hair := next((value for value, pattern in _HAIR.items() if reading.take(pattern)), None):
        look["hair"] = hair
    reading.take(_rx(r"色?(?:的)?头?发|\bhair\b") if "hair_colour" in look else _rx(r"(?!)"))
    if garment := next((value for value, pattern in _GARMENT.items() if reading.take(pattern)), None):
        look["garment"] = garment
    for key, no, yes in (("glasses", _NO_GLASSES, _GLASSES), ("beard", _NO_BEARD, _BEARD)):
        if reading.take(no):
            look[key] = False
        elif reading.take(yes):
            look[key] = True
    if hat := reading.take(_HAT):
        look["hat"] = hat["zh"] or hat["en"]
    reading.take_all(
        _rx(r"色的?|上衣|衬衫|裤子|裙子|鞋子?|靴子|\b(?:shirt|top|trousers|pants|jeans|skirt|shoes|boots|dress)\b")
        if look
        else _rx(r"(?!)")
    )
    age = next((value for value, pattern in _AGE.items() if pattern.search(reading.text)), None)
    gender = next((value for value, pattern in _GENDER.items() if pattern.search(reading.text)), None)
    reading.take_all(_rx("|".join(pattern.pattern for pattern in (*_AGE.values(), *_GENDER.values()))))
    reading.take_all(_rx(r"女孩|男孩|的"))
    return {**({"gender": gender} if gender else {}), **({"age": age} if age else {}), **({"look": look} if look else {})}
