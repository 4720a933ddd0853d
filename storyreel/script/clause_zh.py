"""Who a clause of a Chinese brief is about, what they are after and with whom."""

from __future__ import annotations

import re

from storyreel.model.spec import Gender
from storyreel.script import names, things
from storyreel.script.brief import Kind
from storyreel.script.roster import COMMON_ZH, ROLES_ZH, SURNAMES
from storyreel.script.tongue import CJK

MEASURE = r"(?:一|两|三|四|几|这|那|某)(?:只|个|位|名|条|头|匹|群|对|座|盏|棵|朵|辆|艘|架|台|把|本|封|片|颗|滴|缕|间|家(?!人|三口|四口)|张|枚|粒|株|块|艘|支|双|尊|口|杯|瓶|款|幅|根)"
HEADS = re.compile(
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
                "农民",
                "渔民",
                "牧民",
                "村民",
                "居民",
                "一家人",
                "一家三口",
                "家人",
                "同学",
                "同事",
                "邻居",
                "闺蜜",
                "夫妇",
            },
            key=len,
            reverse=True,
        )
    )
    + rf"|[{CJK}]{{1,4}}(?:者|员|师|匠|家(?=[在想要和与独每，])|工人|女士|先生|阿姨|大叔|奶奶|爷爷|姑娘|少年|守护人|主人|精灵|机器人)"
)
_VERBS = ["在", "从", "想", "要", "找", "遇", "去", "被", "把", "为了", "决定", "爱上", "发现", "寻", "追", "等", "回", "学", "踏上", "救", "帮", "开始", "努力", "独自", "终于", "一起", "正在", "成为", "变成", "走", "穿", "守", "修", "带", "给", "送", "收到", "捡", "拯救", "坚持", "梦想", "害怕", "失去", "离开", "来到", "迷路", "逃", "看", "听", "参加", "面对", "挑战", "战胜", "克服", "相遇", "重逢", "每天", "每晚", "第一次", "再次", "重新", "不再", "却", "没有", "是", "住", "跟", "对", "与", "陪", "接", "偷", "打", "爬", "飞", "游", "建", "造", "扎", "做", "写", "画", "唱", "跳", "骑", "开", "种", "养", "卖", "买", "吃", "喝", "和", "进", "出发", "旅行", "漂", "寄", "拉", "教", "用", "醒", "长", "结", "点", "翻", "望", "盼", "揭", "解", "探", "潜", "闯", "想念", "思念", "怀念", "等待", "追查", "调查", "守护", "登", "跃", "赢", "输", "陷", "误", "意外", "偶然", "突然", "不小心", "必须", "只", "能", "会", "让", "到", "上", "下", "忘", "记", "相爱", "相识", "冒险", "奔", "流浪", "抵达"]  # fmt: skip
# What hands and feet do. Behind a noun such a word begins what is done, never a name: 外婆包饺子, 爷爷钓鱼, 男孩放风筝.
_DEEDS = """
    放 煮 蒸 烤 炒 炸 钓 洗 喂 堆 弹 练 浇 割 摘 采 捕 搭 擦 扫 抱 牵 扛 推 踢 抓 捉 摆 烧 磨 酿 雕 绣 织 缝 剪 编 刻 贴 挂 拆 装 泡 睡 逛 赶 跑 躲
    藏 挖 埋 搬 扔 砍 晒 玩 演 拼 抢 钻 坐 乘 骂 哄 逗 灭 捞 数 熬 腌 揉 捏 糊 耕 插秧 拜 切 拍 念 拔 拿 举 倒 敲 吹 拨 收割 收拾 收集 出海 出门 打鱼 排练 训练 练习 加班
    下班 上班 值班 值夜 起床 散步 过年 过生日 庆祝 团聚 吵架 和好 道歉 原谅 毕业 考试 退休 直播 约会 求婚 结婚 登月 准备 互相 闹
""".split()  # noqa: SIM905
_DEED = re.compile(
    rf"(?:{'|'.join(sorted(_DEEDS, key=len, reverse=True))})|包(?=[{CJK}]{{0,2}}(?:饺|粽|馄|馅|包子|汤圆|礼物|书))|牧(?=羊|牛|马)|解(?=题|谜)|管(?=孩|家)"
)
VERB = re.compile("|".join(sorted([*_VERBS, *_DEEDS], key=len, reverse=True)))
_RESULT = re.compile(
    r"^(找到|遇到|遇见|发现|学会|救下|收到|捡到|等到|等来|见到|爱上|战胜|打败|赢得|完成|实现|成为|变成|回到|来到|抵达|救出|揭开|解开|征服|走出|登上|翻过|穿过|越过|种出|造出|拯救|结识|找回|送达|追上|看见|看到|听见|听到|交到|迎来|跃过|开出|修好|造出|寻回|走到|长成|飞上|飞到|游到|爬上)(?!了)"
)
_WHERE = re.compile(
    rf"^(?:独自|一个人|每天|每晚|正|终于|第一次|再次|努力|一起|意外|偶然|突然|不小心|决定|想要?|要|梦想着?|渴望|希望|试图)*(?:在|从|于)[{CJK}]{{1,9}}?(?:里|中|上|下|夜|边|旁|前|间|时|后|内|外|途中|路上)?(?={VERB.pattern})"
)
_ADVERB = re.compile(
    r"^(?:独自|一个人|每天|每晚|正在|正|终于|第一次|再次|重新|努力地?|一起|意外地?|偶然|突然|不小心|决定|想要|想(?!念|起|象|到)|要|梦想着?|渴望|希望|试图|必须|去(?=到|看|找|寻|救|送|接|买|做|旅|探|参|拜|学|上|见)|来|却|开始|坚持|为了|如何|怎样|怎么)"
)
_WITH = re.compile(
    rf"(?:和|与|跟|同|对(?!决|战|抗|话|手|付|着)|教|陪|送|带|背|扶|看望|照顾|爱上|遇见|遇到|结识|陪伴?|收养|救下?)(?:了)?((?:{MEASURE})?(?:[{CJK}]{{1,8}}的)?[{CJK}]{{1,9}}?)(?=$|[，。；！]|成为|做|一起|相|在|的(?:故事|友谊|爱情|旅)|变成|包|烤|煮|探|寻|找|坐|看|过|走|逃|分享|躲|告别|学|画|写|唱|骑|读|结|从|之间|说|重|去)"
)
_PERSON = re.compile(
    r"(?:人|者|员|师|匠|家|生|手|长|客|侠|仙|王|民|爷爷|奶奶|孩|少年|少女|姑娘|妈|爸|夫|妻|妇|子弟|侣|兄弟|姐妹|友|女|男|老板|警察|队|同学|同事|邻居|闺蜜|一家三口)$"
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
TAIL = re.compile(r"(?:的)?(?:小)?(?:故事|短片|视频|动画|旅程|旅行|历程|经历|一天|友谊|爱情)$")
_LONGEST = 10
_LONGEST_GOAL = 18


def several(subject: str, measure: str) -> str:
    """How several heroes are called after the first time: 兄弟俩, 孩子们."""
    if re.search(r"们$|俩$", subject):
        return subject
    if measure.startswith(("两", "一对")) and re.search(r"兄弟|姐妹|夫妻|母子|母女|父子|父女", subject):
        return f"{subject}俩"
    return f"{subject}们" if kind_of(subject) == "person" else subject


def gender_of(subject: str, name: str, text: str) -> Gender | None:
    """By the brief's own pronouns where they agree, else by the noun."""
    she, he = "她" in text, bool(re.search(r"(?<!其)他", text))
    if she != he and not re.search(r"[和与跟对]", text):
        return "woman" if she else "man"
    return names.gender_of(subject, text) or names.gender_of(name or subject, text)


def second(companion: str) -> tuple[str, str]:
    """The second figure's name, and what that one is: 小雨, 咖啡店老板娘."""
    name, role, _, rest = _noun(companion) if companion else ("", "", "", "")
    if not rest and name and name != role:
        return name, role
    return companion, ""


def hero(clause: str) -> tuple[str, str, str, str]:
    """Name, noun, measure word and the rest of the first clause."""
    named = re.match(rf"^(?:从前)?(?:有)?({MEASURE})?(?:名叫|叫做|叫|名为)([{CJK}A-Za-z]{{1,8}}?)的(.*)$", clause)
    if named:
        _, subject, _, rest = _noun(named[3])
        return named[2], subject, named[1] or "", rest
    called = re.match(rf"^({MEASURE})?(.{{1,10}}?)(?:名叫|叫做|叫)([{CJK}A-Za-z]{{2,4}}?)(?=$|{VERB.pattern})(.*)$", clause)
    if called:
        return called[3], called[2], called[1] or "", called[4]
    is_a = re.match(rf"^([{CJK}A-Za-z]{{2,4}})是({MEASURE})?(.{{1,12}})$", clause)
    if is_a:
        return is_a[1], is_a[3], "", ""
    first = _first_name(clause)
    if first:
        return first, first, "", clause[len(first) :]
    return _noun(clause)


def _first_name(clause: str) -> str:
    match = re.match(rf"^((?:[小阿老][{CJK}]|[{CJK}]{{2,3}}|[A-Z][a-z]+))(?=(?:{VERB.pattern}))", clause)
    if not match or HEADS.match(clause) or match[1] in COMMON_ZH or things.places(match[1]):
        return ""
    name = match[1]
    return name if name[0] in "小阿老" or (name[0] in SURNAMES and len(name) > 1) or name.isascii() else ""


def _noun(clause: str) -> tuple[str, str, str, str]:
    """The first noun phrase: up to a head that is known, else up to the first verb; a name may stand behind it."""
    measure = re.match(rf"^(?:从前)?(?:有)?({MEASURE}|最后{MEASURE}|第{MEASURE})", clause)
    body = clause[measure.end() :] if measure else clause
    head = HEADS.search(body)
    if head and head.start() <= 8 and not re.search(r"^.{1,7}?(?:在|想|找到|遇见|发现|寻找)", body[: head.start()]):  # noqa: PLR2004
        end = head.end()
        more = HEADS.match(body, end)
        end = more.end() if more and {head[0], more[0]} <= set(ROLES_ZH) else end
        of = re.match(rf"的[{CJK}]{{0,3}}?(?:{HEADS.pattern})|[店馆](?:{'|'.join(ROLES_ZH)})", body[end:])
        end += of.end() if of else 0
    else:
        verb = VERB.search(body, 2)
        end = verb.start() if verb else len(TAIL.sub("", body)) or len(body)
    subject, rest = body[:end], body[end:]
    both = re.match(rf"^(?:和|与)((?:{MEASURE}|[他她它]的)?[{CJK}]{{1,5}}?)(?={VERB.pattern}|的|$)", rest)
    name = (
        re.match(
            rf"^([小阿老][{CJK}]|[{''.join(sorted(SURNAMES))}][{CJK}]{{1,2}}?|([{CJK}])\2|[{CJK}]{{2,3}}?)(?={VERB.pattern}|和|与|跟|$)",
            rest,
        )
        if not both and kind_of(subject) == "person" and not _DEED.match(rest)
        else None
    )
    if name and not VERB.match(rest) and not re.match(r"第|每|刚|独自|正在|一个人|深夜|每天|每晚|终于|的|俩", rest):
        return name[1], subject, measure[1] if measure else "", rest[name.end() :]
    return "", subject, measure[1] if measure else "", rest


def kind_of(subject: str) -> Kind:
    """Whether a noun means a person, an animal or a thing."""
    if any(subject.endswith(word) for word in things.ANIMALS_ZH) or re.search(r"[鱼鸟虫兽雀燕雁鹰]$", subject):
        return "animal"
    if re.search(r"机器人|稻草人|雪人|木偶|娃娃", subject):
        return "person"
    if is_person(subject):
        return "person"
    if subject in _NATURE:
        return "thing"
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
                "天空",
                "沙漠",
                "草原",
                "时间",
                "雨滴",
                "水滴",
                "房子",
                "信",
                "光",
            )
        )
        else "person"
    )


# As whole words only: 小雨 and 江海 may be somebody's name.
_NATURE = frozenset("海 大海 海洋 湖 江 雪 大雪 雨 大雨 暴雨 林 森林 城 城市 楼 高楼 老楼 村庄 小镇".split())  # noqa: SIM905


def is_person(noun: str) -> bool:
    """Whether the words of a noun say that it is a person; a name alone does not."""
    return noun in ROLES_ZH or bool(_PERSON.search(noun))


def measure_of(kind: Kind, subject: str) -> str:
    """The number and measure word that a noun takes where the brief gives none."""
    if subject in _KIN or re.search(r"们$|和(?!尚)|与|^[一两三]", subject):
        return ""
    return {"animal": "一只", "person": "一位" if re.search(r"老|师|医生|先生|女士|奶奶|爷爷|家$", subject) else "一个"}.get(
        kind, "一个"
    )


def goal_of(rest: str) -> str:
    """What the hero is after: the predicate without its adverbs, its place and its time."""
    goal = _WHERE.sub("", re.sub(rf"^(?:和|与|跟)[{CJK}]{{1,9}}?(?=在|一起)(?:一起)?", "", rest))
    before = ""
    while before != goal:
        before = goal
        goal = _ADVERB.sub("", goal)
    goal = re.sub(r"^(?:和|与|跟)[^，]{1,10}?(?=一起|成为|相|做|去|踏)", "", goal)
    goal = re.sub(r"^一起", "", goal).strip("的了 ")
    goal = re.sub(rf"^[{CJK}]{{1,8}}?(?:途中|路上|的时候)(?=(?:{VERB.pattern}))", "", goal)
    goal = re.sub(r"^([^了，]{1,2})了(?=.)", r"\1", goal)
    return (
        goal
        if 1 < len(goal) <= _LONGEST_GOAL
        and (VERB.match(goal) or _DEED.match(goal))
        and not re.match(r"^(?:是|和|与|在|没有|不|被|的)", goal)
        else ""
    )


def done_of(goal: str, rest: str) -> str:
    """The goal as something that has come about; empty where the words do not tell how it ends."""
    match = _RESULT.match(goal)
    if match and goal[match.end() :]:
        return f"{match[1]}了{goal[match.end() :]}"
    for size in (1, 2):
        if len(goal) > size and f"{goal[:size]}了{goal[size:]}" in rest:
            return f"{goal[:size]}了{goal[size:]}"
    return ""


def object_of(goal: str) -> str:
    """What a goal that ends in a result is about: the home that is found."""
    match = _RESULT.match(goal)
    rest = re.sub(rf"^{MEASURE}", "", goal[match.end() :]) if match else ""
    return rest if 0 < len(rest) <= 8 else ""  # noqa: PLR2004


def companion_of(rest: str) -> str:
    """The second figure of a predicate: whom the hero meets, teaches, takes along."""
    match = _WITH.search(rest)
    if not match:
        return ""
    other = re.sub(rf"^{MEASURE}", "", match[1])
    thing = re.search(r"[自己家]$|到|一栋|^(?:[餐饭信货礼药花外]|家|自己|梦想|别人)", other)
    # What is carried, met or fought need not be anybody: 送包裹, 遇到暴风雨, 救火.
    nobody = not _somebody(other) and (kind_of(other) == "thing" or not re.match(r"[和与跟同爱]|结识", match[0]))
    return other if 0 < len(other) <= _LONGEST and not thing and not nobody else ""


def _somebody(other: str) -> bool:
    named = other[:1] in SURNAMES or other[:1] in "小阿老"
    return (
        named
        or is_person(other)
        or kind_of(other) == "animal"
        or other in {"我", "你", "他", "她", "它"}
        or re.search(r"们$|精灵|机器人|雪人|木偶|娃娃|鬼|神|妖|孤儿|自己的", other) is not None
    )
