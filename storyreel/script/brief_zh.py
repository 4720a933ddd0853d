"""Chinese briefs."""

from __future__ import annotations

import re
from typing import Any

from storyreel.script import clause_zh, frame, things
from storyreel.script.brief import Brief, Genre, Kind, facts, genre_of, without_settings
from storyreel.script.tongue import CJK
from storyreel.script.words import STYLES

_STAND_INS = {
    "友谊|友情": "一位老人在车站遇见了多年不见的老朋友", "爱情|爱": "一个女孩爱上了钟楼里的修表匠", "时间": "一位老钟表匠寻找丢失的时间", "希望": "一个提着灯笼的孩子寻找希望",
    "孤独|寂寞": "一个夜班工人在城市里寻找一个说话的人", "家|回家|乡愁": "一个旅人想要回家", "勇气|勇敢": "一个孩子守护最后一盏灯", "梦想": "一个女孩学会飞翔",
    "高考": "一个高三学生走进高考考场", "毕业|毕业季": "两个好朋友在毕业那天告别", "春节|过年|除夕|团圆|年夜饭": "一个年轻人赶回家过年", "中秋|中秋节": "一个女儿赶回家过中秋",
    "环保|环境保护|地球": "一个小女孩守护最后一棵树", "爱国|英雄": "一位老兵回到故乡", "青春|校园": "一个转学生遇见了新朋友", "奋斗|努力|坚持": "一个年轻的跑者坚持训练",
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
_ORDER = r"^(?:请|麻烦)?你?(?:帮我|给我|替我|为我)?(?:我?想要?|我要)?(?:做|拍摄?|制作|生成|创作|来|弄|搞)(?:一下)?一?(?:个|部|条|段|支|则|集)"
_ORDERS = (
    re.compile(rf"{_ASK}(?:\s|的|小)*(?:{_FILM})(?:里|中)?(?:的)?\s*[：:、]*\s*"),
    re.compile(rf"{_ASK}(?=关于|讲述|讲一|讲的|描述)"),
    # "拍一个爸爸修自行车的短片": an order, because the clause ends with the film.
    re.compile(rf"{_ORDER}(?=[{CJK}]{{2,}}(?:{_FILM})$)"),
    re.compile(rf"^[^：]{{0,8}}(?:{_FILM}|剧|片|风格?)\s*[：:]\s*"),
)
_ABOUT = re.compile(
    r"^(?:讲解|解释|介绍|科普|讲述?的?(?:是)?|说的是|描述|内容[是为]|主题[是为]|关于|展现|表现|故事是)(?:了|一下)?[，：:]?"
)
_FOOD = "月饼|饭|菜|蛋糕|饼干|面条|面包|饼|汤圆|汤|粽子|饺子|包子|馒头|点心|早餐|早饭|晚餐|晚饭|年糕|豆腐|糖|酱|饭团|馄饨"
_MAKES = re.compile(
    rf"^(?:教[{CJK}]{{1,4}}?|学着?|一起)*(?:(?:做|烤|煮|熬|蒸|腌|炒|炸|揉)(?:[{CJK}]{{0,3}}?)(?:{_FOOD})|包(?:{_FOOD})|(?:做|扎|糊|编|织|绣|雕|捏|缝)(?:一[个只盏条件双])?[{CJK}]{{0,2}}?(?:灯笼|风筝|木马|木雕|陶|毛衣|围巾|布鞋|鞋|衣服|玩具|泥人|竹篮|花环|手工))"
)
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
    subject = leading[1] if leading else asked[1] if asked else clause_zh.TAIL.sub("", clause)
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
            return found if len(found) <= len(place) + 3 and not clause_zh.VERB.search(found.removesuffix(place)) else place
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
            rf"^(?:在|从前|很久以前|未来|(?:今年|那年)?[{CJK}]{{0,2}}(?:春节|除夕|中秋|元宵|端午|圣诞|国庆|清明|重阳|七夕|元旦|节日|生日|周末|暑假|寒假|[春夏秋冬][天日季]|早上|晚上)|一个?[{CJK}]{{0,4}}(?:夜|清晨|早晨|黄昏|冬天|夏天|春天|秋天))[{CJK}]{{0,10}}$",
            clause,
        )
        and not clause_zh.HEADS.search(clause)
    ):
        setting, clause, more = clause, more[0], more[1:]
    name, subject, measure, rest = clause_zh.hero(clause)
    if not rest and more:
        rest = re.sub(r"^[他她它](?:们)?", "", more[0])
    rest = clause_zh.TAIL.sub("", rest)
    later = [re.sub(r"^[他她它](?:们)?", "", other) for other in more]
    goal = next((goal for goal in map(clause_zh.goal_of, (rest, *later)) if goal), "")
    companion = next((other for other in map(clause_zh.companion_of, (rest, *later)) if other), "")
    companion, role = clause_zh.second(companion)
    rest = rest if clause_zh.goal_of(rest) or not later else later[0]
    kind = clause_zh.kind_of(subject)
    if kind == "person" and not (name or goal or companion or clause_zh.is_person(subject) or clause_zh.HEADS.search(subject)):
        # A bare word that nobody is called by is what the film shows, not who is in it.
        kind = "thing"
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
        full = f"{clause_zh.measure_of(kind, subject)}{subject}"
    subject, short, full = (
        (subject, clause_zh.several(subject, measure), full)
        if re.match(r"(?:两|三|四|几|一群|一对)", measure) and not name
        else (subject, short, full)
    )
    plural = bool(re.match(r"(?:两|三|四|几|一群|一对)", measure)) or bool(
        re.search(r"们$|夫妻|情侣|兄弟|姐妹|和(?!尚)", subject)
    )
    done = clause_zh.done_of(goal, rest)
    other = clause_zh.object_of(goal)
    return Brief(
        text=text, language="zh", subject=subject, short=short, full=full, kind=kind, name=name, plural=plural,
        gender=clause_zh.gender_of(subject, name, text), goal=goal, done=done, other=other, companion=companion,
        place=_place(f"{setting}，{rest}，{'，'.join(more)}", subject) or _home(f"{subject}，{role}"), target=_target(rest), genre=_genre((told["title"] and text.replace(told["title"], "")) or text, story, kind, rest), companion_role=role, companion_kind=clause_zh.kind_of(role or companion), **told,
    )  # fmt: skip


def _home(subject: str) -> str:
    """The place in a hero's own name: a lighthouse for its keeper."""
    found = [place for place in things.places(subject) if place != subject]
    return found[0] if found else "灯塔" if "守塔" in subject else ""


def _genre(text: str, story: str, kind: Kind, rest: str) -> Genre:
    """The story's genre; two figures that do something together are a bond."""
    together = re.search(r"^(?:和|与|跟)|一起", rest)
    found = genre_of(f"{text} {story}" if story not in text else text, kind)
    if found in {"dream", "journey", "bond", "tale"} and _MAKES.match(clause_zh.goal_of(rest)):
        return "making"
    if found in {"tale", "dream", "journey", "bond"} and re.match(r"教|陪|照顾", rest) and clause_zh.companion_of(rest):
        return "together"
    if (
        found in {"tale", "dream", "journey", "bond"}
        and re.search(r"^(?:和|与|跟)(?:[他她它]的|一[只条匹头])", rest)
        and not re.search(r"相遇|相爱|成为|认识", rest)
    ):
        return "together"
    if (
        found in {"discovery", "bond", "tale"}
        and re.match(r"发现|找到|捡到|收到|遇见(?!了?.{0,4}爱)", clause_zh.goal_of(rest))
        and not re.search(r"爱|恋|友", text)
    ):
        return "tale"
    if (
        together
        and found in {"tale", "journey", "bond"}
        and re.match(r"寻|找|探|逃|坐|穿|追|闯|偷|看|救|过|打|躲|参加", clause_zh.goal_of(rest))
    ):
        return "tale"
    return "bond" if together and found in {"tale", "dream", "journey"} and not re.search(r"造|建|去|想|学|练", rest) else found
