"""Who is in a text: names before speech verbs, roles, and what the words tell of gender and age."""

from __future__ import annotations

import re
from collections import Counter

from storyreel.model.spec import Age, Gender
from storyreel.script.lexicon import lowered
from storyreel.script.roster import COMMON_ZH, MAN_EN, NOT_EN, NOT_ZH, PRONOUNS_ZH, ROLES_ZH, SAY_EN, SAY_ZH, SURNAMES, WOMAN_EN
from storyreel.script.tongue import CJK

_ADVERB_ZH = (
    rf"(?:[{CJK}]{{1,5}}?地|[{CJK}]{{1,4}}着(?:脸|眼睛|嗓子|眼|头|声|手|牙|气|嘴)?|连忙|急忙|赶紧|赶忙|忙|立刻|马上|忽然|突然|终于|只好|只得|这才|便|就|又|也|却|还|才|再|"
    r"仍|都|则|轻声|低声|大声|小声|高声|柔声|厉声|悄声|齐声|沉声|朗声|失声|颤声|冷冷|淡淡|缓缓|慢慢|微微|轻轻|笑|微笑|冷笑|苦笑|怒|哭|叹|回头|转身|抬头|低头|点头|摇头|"
    rf"点点头|摇摇头|站起来|站起身|走过来|走上前|想了想|[对向跟朝和][{CJK}]{{1,4}}?|继续|接着|慌忙|很[{CJK}]{{1,4}}的|恳切的|不耐烦的?|高兴的?|懒懒的)"
)
_BEFORE_ZH = re.compile(
    rf"(?:^|(?<=[，。！？；：、“”‘’「」『』…\s,.!?]))(?:于是|这时|那时|后来|可是|但是|但|忽然|突然|只见|只听|接着|然后|最后|原来)?"
    rf"(?P<name>[{CJK}]{{1,6}}?)(?P<adv>{_ADVERB_ZH}{{0,4}})(?P<verb>{SAY_ZH})(?=[，。！？：；、“「『…\s,:.]|了|着|$)"
)
_STOP_ZH = re.compile(
    r"[的了着过在是不很都这那么吗呢吧啊呀和与把被给跟对向让从往到得地着没有每某各谁什怎几些样里上下中之而且或如果因所以已经正将要会能可以为只就才又也却还再便于此其]"
)
_OFTEN = 2
_TITLE_EN = r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|Captain|Professor|Uncle|Aunt|King|Queen|Prince|Princess|Old|Young|Little|Father|Mother|Sister|Brother)\.?"
_NAME_EN = rf"(?:{_TITLE_EN}\s+)*[A-Z][a-zà-ÿ'’-]+(?:\s+(?:of\s+)?[A-Z][a-zà-ÿ'’-]+){{0,2}}"
_ROLE_EN = r"(?:the|his|her|an?|my|their)\s+(?:(?!same|first|second|next|other|way|end|words?|voice)[a-z-]+\s+){0,2}[a-z-]+"
WHO_EN = rf"(?P<who>[Hh]e|[Ss]he|[Ii]t|I|[Tt]hey|(?:[Tt]he\s+)?{_NAME_EN}|{_ROLE_EN}|The\s+(?:[a-z-]+\s+)?[a-z-]+)"
AFTER_EN = re.compile(
    rf"^[\s,]*(?:(?:{SAY_EN})\s+{WHO_EN}|{WHO_EN.replace('who', 'who2')}\s+(?:\w+ly\s+|then\s+|had\s+|just\s+)?(?:{SAY_EN}))\b"
)
BEFORE_EN = re.compile(
    rf"{WHO_EN}\s+(?:\w+ly\s+|then\s+|only\s+|just\s+)?(?:{SAY_EN})\b[^.!?\"“]*$|\b(?:{SAY_EN})\s+{WHO_EN.replace('who', 'who2')}[^.!?\"“]*$"
)
_ELDER = re.compile(
    rf"\b(?:old|elderly|aged|grand(?:mother|father|ma|pa)|granny|grey-haired|white-haired|widow|retired)\b|老[{CJK}]|老$|奶奶|爷爷|外婆|外公|婆婆|白发|年迈|老人",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"\b(?:little (?:girl|boy)|child|kid|boy|girl|toddler|schoolboy|schoolgirl)\b|小女孩|小男孩|孩子|小孩|儿童|女童|男童|娃",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"\b(?:young|teen(?:age[rd]?)?|student|youth|apprentice|bride|princess|prince)\b|少年|少女|姑娘|小伙|青年|年轻|学生|小姐|公子|小哥",
    re.IGNORECASE,
)


def speakers_zh(text: str) -> list[str]:
    """The names that stand before speech verbs in Chinese prose, by their first place."""
    counts: Counter[str] = Counter()
    for match in _BEFORE_ZH.finditer(text):
        name = match["name"]
        if _is_name_zh(name, text):
            counts[name] += 1
    return list(dict.fromkeys([*counts, *_frequent_zh(text)]))


def _frequent_zh(text: str) -> list[str]:
    """Strings that begin with a surname and open clauses again and again; the longest of those that always stand together."""
    opening: Counter[str] = Counter()
    for match in re.finditer(rf"(?:^|(?<=[，。！？；：、“”\s]))[{CJK}]{{2,4}}", text):
        opening.update(match[0][:size] for size in range(2, len(match[0]) + 1))
    found: list[str] = []
    for name, count in sorted(opening.items(), key=lambda item: (-len(item[0]), -item[1])):
        named = name[0] in SURNAMES or name[0] in "小老阿"
        fits = named and not _STOP_ZH.search(name) and name not in COMMON_ZH and count > 1 and text.count(name) > _OFTEN
        if fits and not any(name in longer and text.count(longer) * 2 > text.count(name) for longer in found):
            found.append(name)
    return sorted(found, key=text.find)


def attribution_zh(clause: str, known: list[str]) -> str:
    """Who speaks in a Chinese tag ("爱丽丝轻声说"): a known name, a pronoun, or an empty string."""
    match = None
    for match in _BEFORE_ZH.finditer(clause):
        name = match["name"]
        if name in known or name in PRONOUNS_ZH or _is_name_zh(name, clause):
            return name
    first = first_of(clause, known)
    if first:
        return first
    pronoun = re.match(r"^[，。！？\s]*(?:于是|这时|但|可是)?([他她它我])(?!们)", clause)
    return pronoun[1] if pronoun else ""


def _is_name_zh(name: str, text: str) -> bool:
    if name in PRONOUNS_ZH or name in NOT_ZH:
        return False
    if name in ROLES_ZH:
        return True
    if len(name) < 2 or _STOP_ZH.search(name):  # noqa: PLR2004
        return False
    titled = name[0] in "小老阿大" or (name[0] in SURNAMES and len(name) <= 3)  # noqa: PLR2004
    return titled or text.count(name) > 1


def names_en(text: str) -> list[str]:
    """The capitalised names of English prose that are said in the middle of sentences, or speak, by their first place."""
    counts: Counter[str] = Counter()
    for match in re.finditer(_NAME_EN, text):
        words = match[0].split()
        while words and words[0].lower().rstrip(".") in NOT_EN:
            words = words[1:]
        name = " ".join(words).removesuffix("'s").removesuffix("’s")
        before = text[max(0, match.start() - 2) : match.start()]
        inside = bool(re.search(r"[a-z,;] $", before)) or len(words) < len(match[0].split())
        if name and len(name) > 1 and name.lower() not in NOT_EN:
            counts[name] += 2 if inside else 1
    return [name for name, count in counts.items() if count > 1]


def first_of(text: str, known: list[str]) -> str:
    """The known name that comes first in a text; the longer where two begin together."""
    found = [(place(name, text), -len(name), name) for name in known]
    there = sorted(entry for entry in found if entry[0] >= 0)
    return there[0][2] if there else ""


def place(name: str, text: str) -> int:
    """Where a name stands in a text as a whole word, or -1."""
    if re.search(rf"[{CJK}]", name):
        return text.find(name)
    match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE)
    return match.start() if match else -1


def gender_of(name: str, text: str = "") -> Gender | None:
    """The gender that a name's own words tell, otherwise the pronouns that follow it in the text."""
    for role in sorted(ROLES_ZH, key=len, reverse=True):
        if role in name and ROLES_ZH[role][0]:
            return ROLES_ZH[role][0]
    woman = WOMAN_EN.search(lowered(name)) or re.search(r"[娘婆嫂妈姐妹妃嬷姨姑妇女]|奶奶", name)
    man = MAN_EN.search(lowered(name)) or re.search(r"[爷叔伯哥弟郎翁公汉]", name)
    if bool(woman) != bool(man):
        return "woman" if woman else "man"
    return _by_pronouns(name, text)


def _by_pronouns(name: str, text: str) -> Gender | None:
    score = 0
    for match in list(re.finditer(re.escape(name), text, re.IGNORECASE))[:40]:
        after = re.split(r"[”\"“」\n]", text[match.end() : match.end() + 120])[0]
        pronoun = re.search(r"\b(?:he|him|his|she|her|hers|herself|himself)\b|[他她]", after, re.IGNORECASE)
        if pronoun:
            score += 1 if pronoun[0].lower() in {"she", "her", "hers", "herself", "她"} else -1
    return None if not score else "woman" if score > 0 else "man"


def age_of(name: str, text: str = "") -> Age | None:
    """The age that a name's words or the words around its introduction tell."""
    for role in sorted(ROLES_ZH, key=len, reverse=True):
        if role in name and ROLES_ZH[role][1]:
            return ROLES_ZH[role][1]
    told = re.search(rf"{re.escape(name)}\s*[,，]?\s*[(（,，]\s*(\d{{1,2}})(?:\s*s\b|\s*岁|\s*[)），,])", text, re.IGNORECASE)
    if told:
        return _age_from(int(told[1]))
    return _age_word(name) or _age_word(_introduction(name, text))


def _age_word(words: str) -> Age | None:
    if _ELDER.search(words):
        return "elder"
    if _CHILD.search(words):
        return "child"
    return "young" if _YOUNG.search(words) else None


def _age_from(years: int) -> Age:
    return "child" if years < 13 else "young" if years < 28 else "adult" if years < 60 else "elder"  # noqa: PLR2004


def _introduction(name: str, text: str) -> str:
    """The words right around the first mention: an apposition ("Mara, an old keeper") and what stands before the name."""
    match = re.search(re.escape(name), text, re.IGNORECASE)
    if not match:
        return ""
    before = re.split(r"[.。!?！？\n，,]", text[max(0, match.start() - 24) : match.start()])[-1]
    after = re.match(r"\s*[,，（(]([^.。!?！？)）]{0,40})", text[match.end() :])
    return before + " " + (after[1] if after else "")
