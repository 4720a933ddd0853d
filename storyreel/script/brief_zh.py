"""Chinese briefs."""

from __future__ import annotations

import re
from typing import Any

from storyreel.model.spec import Gender
from storyreel.script import frame, names, things
from storyreel.script.brief import Brief, Genre, Kind, facts, genre_of, without_settings
from storyreel.script.roster import ROLES_ZH, SURNAMES
from storyreel.script.tongue import CJK
from storyreel.script.words import STYLES

_STAND_INS = {
    "友谊|友情": "一位老人在车站遇见了多年不见的老朋友", "爱情|爱": "一个女孩爱上了钟楼里的修表匠", "时间": "一位老钟表匠寻找丢失的时间", "希望": "一个提着灯笼的孩子寻找希望",
    "孤独|寂寞": "一个夜班工人在城市里寻找一个说话的人", "家|回家|乡愁": "一个旅人想要回家", "勇气|勇敢": "一个孩子守护最后一盏灯", "梦想": "一个女孩学会飞翔",
    "母爱|母亲": "一位母亲等待远行的孩子", "亲情|家庭": "一个老人等待孩子回家", "秋天": "一片落叶的旅行", "春天": "一粒种子寻找春天", "自由": "一只小鸟想要飞向天空",
}  # fmt: skip
_NUM = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]+)"
_SETTINGS = (
    rf"(?:总?时长|长度)?(?:大约|大概|约|共|为)?{_NUM}\s*(?:分钟?半?|分{_NUM}秒?|秒钟?)(?:左右|以内|长)?的?",
    rf"(?:一共|共|总共|分成|分为|用|拆成)?{_NUM}\s*(?:个|组|格)?(?:镜头|分镜|画面)(?:左右)?(?:的)?",
    r"每(?:个|一)?(?:镜头|画面|镜)\s*\S{0,4}秒",
    r"(?:画面|整体|视觉)?(?:采用|用|是|走)?(?:"
    + "|".join(sorted((w for ws in STYLES.entries.values() for w in ws if re.search(f"[{CJK}]", w)), key=len, reverse=True))
    + r")(?:风格|画风|风|的感觉|质感)?的?",
    r"(?:横屏|竖屏|方形|9[:：]16|16[:：]9|1[:：]1|4[:：]3)的?",
    r"(?:节奏|情绪|氛围|基调|配乐|音乐|旁白|字幕|风格)(?:要|是|偏)?[^，。；！]{1,8}(?=[，。；！]|$)",
    r"(?:温馨|治愈|感人|搞笑|悬疑|恐怖|浪漫|励志|唯美|科幻|热血|伤感|忧伤|温暖|轻松|幽默)(?:风格)?的?(?=短片|视频|动画|故事|短剧|微电影|片子|小故事|爱情)",
)
_FILM = "短片|短视频|视频|动画短片|动画片|动画|故事片|短剧|微电影|影片|片子|电影|小故事|故事|广告片|广告|宣传片|科普片|科普视频|讲解视频|短故事|漫剧|MV"
_ASK = r"^\s*(?:请|麻烦)?你?(?:帮我|给我|替我|为我)?(?:我?想要?|我要)?(?:做|拍摄?|制作|生成|创作|写|来|画|弄|剪|出|讲述?|整)?(?:一下|一)?(?:个|部|条|段|支|则|集)?"
_ORDERS = (
    re.compile(rf"{_ASK}(?:\s|的|小)*(?:{_FILM})(?:里|中)?(?:的)?\s*[：:、]*\s*"),
    re.compile(rf"{_ASK}(?=关于|讲述|讲一|讲的|描述)"),
    re.compile(rf"^[^：]{{0,8}}(?:{_FILM}|剧|片|风格?)\s*[：:]\s*"),
)
_ABOUT = re.compile(
    r"^(?:讲解|解释|介绍|科普|讲述?的?(?:是)?|说的是|描述|内容[是为]|主题[是为]|关于|展现|表现|故事是)(?:了|一下)?[，：:]?"
)
_MEASURE = r"(?:一|两|三|四|几|这|那|某)(?:只|个|位|名|条|头|匹|群|对|座|盏|棵|朵|辆|艘|架|台|把|本|封|片|颗|滴|缕|间|家|张|枚|粒|株|块|艘|支|双|尊|口|杯|瓶|款|幅|根)"
_HEADS = re.compile(
    "|".join(
        sorted(
            {
                *ROLES_ZH,
                *things.ANIMALS_ZH,
                *things.PROPS_ZH,
                "小孩",
                "青年",
                "鲤鱼",
                "旅人",
                "恋人",
                "老爷爷",
                "小伙子",
                "夫妻",
                "情侣",
                "兄弟",
                "姐妹",
                "狐仙",
                "妖怪",
                "仙女",
                "精灵",
                "女巫",
                "骑士",
                "外星人",
                "种子",
                "风",
                "云",
                "落叶",
                "雪人",
                "影子",
                "纸鹤",
                "路灯",
                "稻草人",
                "木偶",
                "布娃娃",
                "洋娃娃",
                "星星",
                "小树",
                "大树",
            },
            key=len,
            reverse=True,
        )
    )
    + rf"|[{CJK}]{{1,4}}(?:者|员|师|匠|家(?=[在想要和与独每，])|工人|女士|先生|阿姨|大叔|奶奶|爷爷|姑娘|少年|守护人|主人|精灵|机器人)"
)
_VERBS = ["在", "从", "想", "要", "找", "遇", "去", "被", "把", "为了", "决定", "爱上", "发现", "寻", "追", "等", "回", "学", "踏上", "救", "帮", "开始", "努力", "独自", "终于", "一起", "正在", "成为", "变成", "走", "穿", "守", "修", "带", "给", "送", "收到", "捡", "拯救", "坚持", "梦想", "害怕", "失去", "离开", "来到", "迷路", "逃", "看", "听", "参加", "面对", "挑战", "战胜", "克服", "相遇", "重逢", "每天", "每晚", "第一次", "再次", "重新", "不再", "却", "没有", "是", "住", "跟", "对", "与", "陪", "接", "偷", "打", "爬", "飞", "游", "建", "造", "扎", "做", "写", "画", "唱", "跳", "骑", "开", "种", "养", "卖", "买", "吃", "喝", "和", "进", "出发", "旅行", "漂", "寄", "拉", "教", "用", "醒", "长", "结", "点", "翻", "望", "盼", "揭", "解", "探", "潜", "闯", "想念", "思念", "怀念", "等待", "追查", "调查", "守护", "登", "跃", "赢", "输", "陷", "误", "意外", "偶然", "突然", "不小心", "必须", "只", "能", "会", "让", "到", "上", "下", "忘", "记", "相爱", "相识", "冒险", "奔", "流浪", "抵达"]  # fmt: skip
_VERB = re.compile("|".join(sorted(_VERBS, key=len, reverse=True)))
_RESULT = re.compile(
    r"^(找到|遇到|遇见|发现|学会|救下|收到|捡到|等到|等来|见到|爱上|战胜|打败|赢得|完成|实现|成为|变成|回到|来到|抵达|救出|揭开|解开|征服|走出|登上|翻过|穿过|越过|种出|造出|拯救|结识|找回|送达|追上|看见|看到|听见|听到|交到|迎来|跃过|开出|修好|造出|寻回|走到|长成|飞上|飞到|游到|爬上)(?!了)"
)
_WHERE = re.compile(
    rf"^(?:独自|一个人|每天|每晚|正|终于|第一次|再次|努力|一起|意外|偶然|突然|不小心|决定|想要?|要|梦想着?|渴望|希望|试图)*(?:在|从|于)[{CJK}]{{1,9}}?(?:里|中|上|下|夜|边|旁|前|间|时|后|内|外|途中|路上)?(?={_VERB.pattern})"
)
_ADVERB = re.compile(
    r"^(?:独自|一个人|每天|每晚|正在|正|终于|第一次|再次|重新|努力地?|一起|意外地?|偶然|突然|不小心|决定|想要|想(?!念|起|象|到)|要|梦想着?|渴望|希望|试图|必须|去(?=到|看|找|寻|救|送|接|买|做|旅|探|参|拜|学|上|见)|来|却|开始|坚持|为了|如何|怎样|怎么)"
)
_WITH = re.compile(
    rf"(?:和|与|跟|同|对(?!决|战|抗|话|手|付|着)|教|陪|送|带|背|扶|看望|照顾|爱上|遇见|遇到|结识|陪伴?|收养|救下?)(?:了)?((?:{_MEASURE})?(?:[{CJK}]{{1,8}}的)?[{CJK}]{{1,9}}?)(?=$|[，。；！]|成为|做|一起|相|在|的(?:故事|友谊|爱情|旅)|变成|包|烤|煮|探|寻|找|坐|看|过|走|逃|分享|躲|告别|学|画|写|唱|骑|读|结|从|之间|说|重|去)"
)
_KIN = frozenset(
    [
        "奶奶",
        "爷爷",
        "外婆",
        "外公",
        "姥姥",
        "姥爷",
        "妈妈",
        "爸爸",
        "母亲",
        "父亲",
        "姐姐",
        "哥哥",
        "弟弟",
        "妹妹",
        "儿子",
        "女儿",
        "孙女",
        "孙子",
        "妻子",
        "丈夫",
        "爸妈",
        "小红帽",
    ]
)
_FOOD = "月饼|饭|菜|蛋糕|饼干|面条|面包|饼|汤圆|汤|粽子|饺子|包子|馒头|点心|早餐|早饭|晚餐|晚饭|年糕|豆腐|糖|酱|饭团|馄饨"
_MAKES = re.compile(
    rf"^(?:教[{CJK}]{{1,4}}?|学着?|一起)*(?:(?:做|烤|煮|熬|蒸|腌|炒|炸|揉)(?:[{CJK}]{{0,3}}?)(?:{_FOOD})|包(?:{_FOOD})|(?:做|扎|糊|编|织|绣|雕|捏|缝)(?:一[个只盏条件双])?[{CJK}]{{0,2}}?(?:灯笼|风筝|木马|木雕|陶|毛衣|围巾|布鞋|鞋|衣服|玩具|泥人|竹篮|花环|手工))"
)
_TAIL = re.compile(r"(?:的)?(?:小)?(?:故事|短片|视频|动画|旅程|旅行|历程|经历|一天|友谊|爱情)$")
_LONGEST = 10
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{1,20})[”\"」』》]")


def read_zh(text: str) -> Brief:
    """A Chinese brief, understood."""
    told = facts(text)
    if _is_topic(text):
        return _topic(text, _story(text), told)
    framed = frame.framed_zh(text)
    told |= {"title": framed.title, "when": framed.when, **({"time": framed.time} if framed.time else {})}
    return _tale(text, _story(framed.story), told)


def _story(text: str) -> str:
    """The clauses that tell the story, joined by commas."""
    bare = without_settings(text, _SETTINGS)
    clauses = [_strip(clause) for clause in re.split(r"[，,。；;！!\n]", bare)]
    return "，".join(clause for clause in clauses if len(re.findall(f"[{CJK}A-Za-z]", clause)) > 1)


def _strip(clause: str) -> str:
    clause = re.sub(r"\s+", "", clause)
    for order in _ORDERS:
        clause = order.sub("", clause, count=1)
    clause = (
        re.sub(rf"的?小?(?:{_FILM})$", "", _ABOUT.sub("", clause).strip("，。：: "))
        if not re.fullmatch(rf"(?:{_FILM})", clause)
        else ""
    )
    return _ABOUT.sub("", clause).strip("，。：: ").removeprefix("的")


def _is_topic(text: str) -> bool:
    return genre_of(text, "person") in {"explainer", "advert"}


def _topic(text: str, story: str, told: dict[str, Any]) -> Brief:
    genre = genre_of(text, "topic")
    quoted = _QUOTED.search(text)
    told = facts(text.replace(quoted[1], "")) if quoted else told
    clause = story.split("，", maxsplit=1)[0]
    if genre == "advert":
        subject = _product(clause, quoted[1] if quoted else "")
        return Brief(
            text=text,
            language="zh",
            subject=subject,
            short=subject,
            full=subject,
            kind="topic",
            name=quoted[1] if quoted else "",
            genre=genre,
            place=_place(text, subject),
            **told,
        )
    asked = re.match(r"^(.{1,16}?)(是怎么|是如何|怎么|如何|怎样|为什么|是什么|的原理)", clause)
    leading = re.match(r"^(?:什么是|为什么|如何|怎么|怎样)(.{1,12}?)(?:是|会|要|有|能|不|变|总|都|越|$|的)", clause)
    subject = leading[1] if leading else asked[1] if asked else _TAIL.sub("", clause)
    ask = clause if re.search(r"怎么|如何|怎样|为什么|什么", clause) else f"{subject}到底是什么"
    return Brief(
        text=text,
        language="zh",
        subject=subject,
        short=subject,
        full=subject,
        kind="topic",
        genre=genre,
        ask=f"{ask}？",
        place=_place(text, subject),
        **told,
    )


def _product(clause: str, name: str) -> str:
    """A product with its name: "咖啡品牌“晨光”" is 晨光咖啡."""
    bare = re.sub(
        r"^(?:给|为|帮)|(?:做|拍|的)?(?:一[个支条段部])?的?(?:广告片?|宣传片|推广|短片|视频)$|(?:品牌|产品|公司|店铺|新品)|[“”\"「」『』《》]",
        "",
        clause,
    )
    bare = re.sub(r"(?:做|拍|制作)(?:一[个支条段部])?$", "", bare).strip("的 ")
    if name and name in bare and bare != name:
        kind = bare.replace(name, "").strip("的叫")
        return name if len(kind) > 6 else f"{name}{kind}"  # noqa: PLR2004
    return name or bare or clause


def _place(text: str, subject: str) -> str:
    """Where it happens: a place behind "在" or "从", with the words that describe it."""
    text = text.replace(subject, "，") if subject else text
    found = things.places(text)
    for place in found:
        match = re.search(rf"(?:在|从|于|沿着|来到)((?:[{CJK}]{{1,4}}?)??{place})", text)
        if match:
            found = re.sub(rf"^[{CJK}]*[夜晨昏天午晚]的?(?={place})", "", match[1])
            return found if len(found) <= len(place) + 3 and not _VERB.search(found.removesuffix(place)) else place
    return ""


def _described(place: str, text: str) -> str:
    """A place with the word that describes it: 废弃医院."""
    match = re.search(rf"(?:废弃|荒废|老|旧|古老|破旧|神秘|空|小|深)的?{place}", text)
    return match[0].replace("的", "") if match else place


def _target(text: str) -> str:
    """Where it leads: a place that the hero wants to see or to reach."""
    for place in things.places(text):
        if re.search(
            rf"(?:去|到|看|回到|抵达|穿过|登上|走向|飞向|游向|找到|住进|搬进|走进|闯进|潜入|进入|来到)(?:[{CJK}]{{0,6}}?){place}",
            text,
        ):
            return _described(place, text)
    return ""


def _tale(text: str, story: str, told: dict[str, Any]) -> Brief:
    stood = next((hero for word, hero in _STAND_INS.items() if re.fullmatch(rf"(?:关于)?{word}", story)), None)
    if stood:
        story = stood
    clause, *more = story.split("，")
    setting = ""
    if (
        more
        and re.match(
            rf"^(?:在|从前|很久以前|未来|一个?[{CJK}]{{0,4}}(?:夜|清晨|早晨|黄昏|冬天|夏天|春天|秋天))[{CJK}]{{0,10}}$", clause
        )
        and not _HEADS.search(clause)
    ):
        setting, clause, more = clause, more[0], more[1:]
    name, subject, measure, rest = _hero(clause)
    if not rest and more:
        rest = re.sub(r"^[他她它](?:们)?", "", more[0])
    rest = _TAIL.sub("", rest)
    later = [re.sub(r"^[他她它](?:们)?", "", other) for other in more]
    goal = next((goal for goal in map(_goal, (rest, *later)) if goal), "")
    companion = next((other for other in map(_companion, (rest, *later)) if other), "")
    companion, role = _second(companion)
    rest = rest if _goal(rest) or not later else later[0]
    kind = _kind(subject)
    short = name or (subject.rsplit("的", 1)[-1] if len(subject.rsplit("的", 1)[-1]) > 1 else subject)
    full = (
        f"{subject}{name}"
        if name and subject and name != subject
        else f"{measure}{subject}"
        if measure or kind != "person"
        else subject
    )
    if name and subject == name:
        full = name
    elif not measure and not name:
        full = f"{_measure(kind, subject)}{subject}"
    subject, short, full = (
        (subject, _several(subject, measure), full)
        if re.match(r"(?:两|三|四|几|一群|一对)", measure) and not name
        else (subject, short, full)
    )
    plural = bool(re.match(r"(?:两|三|四|几|一群|一对)", measure)) or bool(
        re.search(r"们$|夫妻|情侣|兄弟|姐妹|和(?!尚)", subject)
    )
    done = _done(goal, rest)
    other = _object(goal)
    return Brief(
        text=text, language="zh", subject=subject, short=short, full=full, kind=kind, name=name, plural=plural,
        gender=_gender(subject, name, text), goal=goal, done=done, other=other, companion=companion,
        place=_place(f"{setting}，{rest}，{'，'.join(more)}", subject) or _home(f"{subject}，{role}"), target=_target(rest), genre=_genre((told["title"] and text.replace(told["title"], "")) or text, story, kind, rest), companion_role=role, companion_kind=_kind(role or companion), **told,
    )  # fmt: skip


def _several(subject: str, measure: str) -> str:
    """How several heroes are called after the first time: 兄弟俩, 孩子们."""
    if re.search(r"们$|俩$", subject):
        return subject
    if measure.startswith(("两", "一对")) and re.search(r"兄弟|姐妹|夫妻|母子|母女|父子|父女", subject):
        return f"{subject}俩"
    return f"{subject}们" if _kind(subject) == "person" else subject


def _gender(subject: str, name: str, text: str) -> Gender | None:
    """By the brief's own pronouns where they agree, else by the noun."""
    she, he = "她" in text, bool(re.search(r"(?<!其)他", text))
    if she != he and not re.search(r"[和与跟对]", text):
        return "woman" if she else "man"
    return names.gender_of(subject, text) or names.gender_of(name or subject, text)


def _second(companion: str) -> tuple[str, str]:
    """The second figure's name, and what that one is: 小雨, 咖啡店老板娘."""
    name, role, _, rest = _noun(companion) if companion else ("", "", "", "")
    if not rest and name and name != role:
        return name, role
    return companion, ""


def _home(subject: str) -> str:
    """The place in a hero's own name: a lighthouse for its keeper."""
    found = [place for place in things.places(subject) if place != subject]
    return found[0] if found else "灯塔" if "守塔" in subject else ""


def _genre(text: str, story: str, kind: Kind, rest: str) -> Genre:
    """The story's genre; two figures that do something together are a bond."""
    together = re.search(r"^(?:和|与|跟)|一起", rest)
    found = genre_of(f"{text} {story}" if story not in text else text, kind)
    if found in {"dream", "journey", "bond", "tale"} and _MAKES.match(_goal(rest)):
        return "making"
    if found in {"tale", "dream", "journey", "bond"} and re.match(r"教|陪|照顾", rest) and _companion(rest):
        return "together"
    if (
        found in {"tale", "dream", "journey", "bond"}
        and re.search(r"^(?:和|与|跟)(?:[他她它]的|一[只条匹头])", rest)
        and not re.search(r"相遇|相爱|成为|认识", rest)
    ):
        return "together"
    if (
        found in {"discovery", "bond", "tale"}
        and re.match(r"发现|找到|捡到|收到|遇见(?!了?.{0,4}爱)", _goal(rest))
        and not re.search(r"爱|恋|友", text)
    ):
        return "tale"
    if (
        together
        and found in {"tale", "journey", "bond"}
        and re.match(r"寻|找|探|逃|坐|穿|追|闯|偷|看|救|过|打|躲|参加", _goal(rest))
    ):
        return "tale"
    return "bond" if together and found in {"tale", "dream", "journey"} and not re.search(r"造|建|去|想|学|练", rest) else found


def _hero(clause: str) -> tuple[str, str, str, str]:
    """Name, noun, measure word and the rest of the first clause."""
    named = re.match(rf"^(?:从前)?(?:有)?({_MEASURE})?(?:名叫|叫做|叫|名为)([{CJK}A-Za-z]{{1,8}}?)的(.*)$", clause)
    if named:
        _, subject, _, rest = _noun(named[3])
        return named[2], subject, named[1] or "", rest
    called = re.match(rf"^({_MEASURE})?(.{{1,10}}?)(?:名叫|叫做|叫)([{CJK}A-Za-z]{{2,4}}?)(?=$|{_VERB.pattern})(.*)$", clause)
    if called:
        return called[3], called[2], called[1] or "", called[4]
    is_a = re.match(rf"^([{CJK}A-Za-z]{{2,4}})是({_MEASURE})?(.{{1,12}})$", clause)
    if is_a:
        return is_a[1], is_a[3], "", ""
    first = _first_name(clause)
    if first:
        return first, first, "", clause[len(first) :]
    return _noun(clause)


def _first_name(clause: str) -> str:
    match = re.match(rf"^((?:[小阿老][{CJK}]|[{CJK}]{{2,3}}|[A-Z][a-z]+))(?=(?:{_VERB.pattern}))", clause)
    if not match or _HEADS.match(clause):
        return ""
    name = match[1]
    return name if name[0] in "小阿老" or (name[0] in SURNAMES and len(name) > 1) or name.isascii() else ""


def _noun(clause: str) -> tuple[str, str, str, str]:
    """The first noun phrase: up to a head that is known, else up to the first verb; a name may stand behind it."""
    measure = re.match(rf"^(?:从前)?(?:有)?({_MEASURE}|最后{_MEASURE}|第{_MEASURE})", clause)
    body = clause[measure.end() :] if measure else clause
    head = _HEADS.search(body)
    if head and head.start() <= 8 and not re.search(r"^.{1,7}?(?:在|想|找到|遇见|发现|寻找)", body[: head.start()]):  # noqa: PLR2004
        end = head.end()
        more = _HEADS.match(body, end)
        end = more.end() if more and {head[0], more[0]} <= set(ROLES_ZH) else end
        of = re.match(rf"的[{CJK}]{{0,3}}?(?:{_HEADS.pattern})|[店馆](?:{'|'.join(ROLES_ZH)})", body[end:])
        end += of.end() if of else 0
    else:
        verb = _VERB.search(body, 2)
        end = verb.start() if verb else len(_TAIL.sub("", body)) or len(body)
    subject, rest = body[:end], body[end:]
    both = re.match(rf"^(?:和|与)((?:{_MEASURE}|[他她它]的)?[{CJK}]{{1,5}}?)(?={_VERB.pattern}|的|$)", rest)
    name = (
        re.match(
            rf"^([小阿老][{CJK}]|[{''.join(sorted(SURNAMES))}][{CJK}]{{1,2}}?|([{CJK}])\2|[{CJK}]{{2,3}}?)(?={_VERB.pattern}|和|与|跟|$)",
            rest,
        )
        if not both and _kind(subject) == "person"
        else None
    )
    if name and not _VERB.match(rest) and not re.match(r"第|每|刚|独自|正在|一个人|深夜|每天|每晚|终于|的|俩", rest):
        return name[1], subject, measure[1] if measure else "", rest[name.end() :]
    return "", subject, measure[1] if measure else "", rest


def _kind(subject: str) -> Kind:
    if any(subject.endswith(word) for word in things.ANIMALS_ZH) or re.search(r"[鱼鸟虫兽雀燕雁鹰]$", subject):
        return "animal"
    if re.search(r"机器人|稻草人|雪人|木偶|娃娃", subject):
        return "person"
    if subject in ROLES_ZH or re.search(
        r"(?:人|者|员|师|匠|家|生|手|长|客|侠|仙|王|爷爷|奶奶|孩|少年|少女|姑娘|妈|爸|夫|妻|子弟|侣|兄弟|姐妹|友|女|男|老板|警察|队)$",
        subject,
    ):
        return "person"
    return (
        "thing"
        if any(
            subject.endswith(word)
            for word in (
                *things.PROPS_ZH,
                "树",
                "风",
                "云",
                "叶",
                "影子",
                "种子",
                "纸鹤",
                "路灯",
                "山",
                "河",
                "雨滴",
                "水滴",
                "房子",
                "信",
                "光",
            )
        )
        else "person"
    )


def _measure(kind: Kind, subject: str) -> str:
    if subject in _KIN or re.search(r"们$|和(?!尚)|与|^[一两三]", subject):
        return ""
    return {"animal": "一只", "person": "一位" if re.search(r"老|师|医生|先生|女士|奶奶|爷爷|家$", subject) else "一个"}.get(
        kind, "一个"
    )


def _goal(rest: str) -> str:
    """What the hero is after: the predicate without its adverbs, its place and its time."""
    goal = _WHERE.sub("", re.sub(rf"^(?:和|与|跟)[{CJK}]{{1,9}}?(?=在|一起)(?:一起)?", "", rest))
    before = ""
    while before != goal:
        before = goal
        goal = _ADVERB.sub("", goal)
    goal = re.sub(r"^(?:和|与|跟)[^，]{1,10}?(?=一起|成为|相|做|去|踏)", "", goal)
    goal = re.sub(r"^一起", "", goal).strip("的了 ")
    goal = re.sub(rf"^[{CJK}]{{1,8}}?(?:途中|路上|的时候)(?=(?:{_VERB.pattern}))", "", goal)
    goal = re.sub(r"^([^了，]{1,2})了(?=.)", r"\1", goal)
    return goal if 1 < len(goal) <= 18 and _VERB.match(goal) and not re.match(r"^(?:是|和|与|在|没有|不|被|的)", goal) else ""  # noqa: PLR2004


def _done(goal: str, rest: str) -> str:
    match = _RESULT.match(goal)
    if match and goal[match.end() :]:
        return f"{match[1]}了{goal[match.end() :]}"
    for size in (1, 2):
        if len(goal) > size and f"{goal[:size]}了{goal[size:]}" in rest:
            return f"{goal[:size]}了{goal[size:]}"
    return ""


def _object(goal: str) -> str:
    match = _RESULT.match(goal)
    rest = re.sub(rf"^{_MEASURE}", "", goal[match.end() :]) if match else ""
    return rest if 0 < len(rest) <= 8 else ""  # noqa: PLR2004


def _companion(rest: str) -> str:
    match = _WITH.search(rest)
    if not match:
        return ""
    other = re.sub(rf"^{_MEASURE}", "", match[1])
    thing = re.search(r"[自己家]$|到|一栋|^(?:[餐饭信货礼药花外]|家|自己|梦想|别人)", other)
    return other if 0 < len(other) <= _LONGEST and not thing else ""
