"""What is read out of a brief, by example: who, with whom, where, when, which kind of story, and what is never said."""

from __future__ import annotations

import re

import pytest

from storyreel.script.outline import outline

# brief | hero | companion | place | time | genre ("" means: not asked here, "-" means: none)
ZH = """
讲一个关于奶奶和孙女做月饼的温馨故事 | 奶奶 | 孙女 | 厨房 | | making
做一个45秒的悬疑短片：外卖员小陈在凌晨三点送餐到一栋废弃医院 | 小陈 | - | 废弃医院 | night | dread
拍一个恐怖短片，一个女大学生深夜独自住进山里的老宅 | 女大学生 | - | 老宅 | night | dread
做个爱情短片，程序员阿杰和咖啡店老板娘小雨在雨天相遇 | 阿杰 | 小雨 | 咖啡店 | | bond
科幻：2077年，宇航员李航在火星上发现一棵树 | 李航 | - | 火星 | | tale
来个搞笑视频，一只胖橘猫偷吃主人的鱼 | 胖橘猫 | - | | | tale
拍一部名为《最后一班地铁》的短片，讲一个加班的女孩在末班地铁上遇见年轻时的妈妈 | 女孩 | 年轻时的妈妈 | 末班地铁 | | tale
做一个讲述父亲骑自行车送儿子去高考的短片，60秒，8个镜头 | 父亲 | 儿子 | | | tale
晚上十点，便利店店员小林发现货架后面有一扇门 | 小林 | - | 便利店 | night | tale
早上七点半，卖早餐的王阿姨在街口等一个迷路的孩子 | 王阿姨 | | | dawn |
我想要一个视频，主角是一只想当厨师的老鼠 | 老鼠 | - | | | dream
小女孩朵朵和机器人阿尔法在废墟里寻找最后一朵花 | 朵朵 | 阿尔法 | 废墟 | | tale
给我做个30秒的短片，一个老渔夫在暴风雨中救下一只海豚 | 老渔夫 | 海豚 | 海边 | | courage
帮我做个片子，讲外婆教我包饺子 | 外婆 | 我 | 厨房 | | making
请制作一个关于两个好朋友在毕业那天告别的短片 | 好朋友们 | - | | | longing
一个侦探在雪夜的火车上寻找失踪的项链 | 侦探 | - | 火车上 | night | mystery
拍一个古装短片：少年剑客去长安找杀父仇人 | 少年剑客 | - | | | tale
武侠短片《断剑》，女侠在竹林里对决黑衣人 | 女侠 | - | 竹林 | | tale
孤独的灯塔守护人收到一封来自大海的信 | 灯塔守护人 | - | 灯塔 | | tale
下午三点，老师在教室里发现一只受伤的小鸟 | 老师 | - | 教室 | day | tale
从前有个小和尚，每天下山挑水，有一天他遇见了一只会说话的乌龟 | 小和尚 | 会说话的乌龟 | | | bond
妈妈在厨房做饭，爸爸在客厅修收音机，女儿在弹钢琴 | 妈妈 | - | 厨房 | | making
在一个没有颜色的城市里，一个男孩找到了一盒蜡笔 | 男孩 | - | | | tale
三个大学生去西藏旅行 | 大学生们 | - | | | journey
退休老警察追查二十年前的悬案 | 退休老警察 | - | | | mystery
深夜十二点，出租车司机老李接到一个奇怪的乘客 | 老李 | | | night |
爷爷和孙子一起扎风筝 | 爷爷 | 孙子 | | | making
拍个青春短片，讲一个转学生第一天上学 | 转学生 | - | | |
讲外婆包饺子 | 外婆 | - | 厨房 | | making
拍一个关于老人和海的短片 | 老人 | - | | |
奶奶蒸馒头的30秒短片 | 奶奶 | - | 厨房 | | making
拍一个爸爸修自行车的短片 | 爸爸 | - | | | tale
爷爷钓鱼 | 爷爷 | - | 河边 | | tale
妈妈洗衣服，孩子在旁边玩泡泡 | 妈妈 | | | | tale
一个男孩放风筝的故事 | 男孩 | - | | | tale
做个视频：快递员送最后一个包裹 | 快递员 | - | | | tale
王小明第一次坐飞机 | 王小明 | - | | | tale
两个小孩堆雪人 | 小孩们 | - | | | tale
春节，一家人吃年夜饭 | 一家人 | - | | | tale
生成一个30秒的宇航员登月短片 | 宇航员 | - | | | tale
小镇上的面包师每天凌晨烤面包 | 面包师 | - | 小镇 | | making
消防员救火的短片 | 消防员 | - | | | tale
渔民出海打鱼，遇到暴风雨 | 渔民 | - | 海边 | |
农民收割稻子 | 农民 | - | | | tale
帮我做一个关于高考的短片 | 高三学生 | - | 教室 | | tale
舞蹈演员排练 | 舞蹈演员 | - | 舞台 | | tale
""".strip().splitlines()
EN = """
A detective wakes up at 3 a.m. in an abandoned hospital | the detective | - | hospital | night | mystery
Make a horror short in which a babysitter hears footsteps in the attic | the babysitter | - | attic | night | dread
A romance where a florist and a bus driver fall in love in Paris | the florist | the bus driver | | | bond
a sci-fi short about a robot who learns to paint on Mars | the robot | - | Mars | | dream
Make a 20 second comedy where a cat steals a fish from the market | the cat | - | market | | tale
Make a film called "The Last Train" about a mother who waits for her son at the station | the mother | her son | station | | longing
A thriller: a taxi driver picks up a stranger at midnight | the driver | the stranger | | night | dread
Grandma teaches her grandson to bake bread in her kitchen | Grandma | her grandson | kitchen | | making
Two old friends meet again at a railway station after forty years | the friends | - | railway station | | bond
Tom and Mia explore a haunted house | Tom | Mia | house | | dread
a young girl named Lily finds a dragon egg in the forest | Lily | - | forest | | tale
it's about a dog who rides the subway alone to find his owner | the dog | - | | | tale
A fisherman rescues a whale in a storm | the fisherman | the whale | beach | | courage
In a city without colour, a boy finds a box of crayons | the boy | - | city | | tale
a short film, 8 shots, about a knight who is afraid of the dark | the knight | - | | | tale
At dawn, an old baker opens his shop for the last time | the baker | - | | dawn | tale
I want a video of my grandfather's last day at the factory | my grandfather | - | factory | | tale
tell the story of a refugee girl crossing the desert with her little brother | the girl | her little brother | desert | | tale
The monk and the tiger share a cave during a snowstorm | the monk | the tiger | | | tale
At 7 o'clock in the morning, a nurse finds a letter on a bench in the park | the nurse | - | park | dawn | tale
Two sisters bake a cake in a tiny kitchen | the sisters | - | kitchen | | making
Grandma makes dumplings | Grandma | - | kitchen | | making
Make a short about a dad fixing his daughter's bike | the dad | - | | | tale
an old man fishing at dawn | the old man | - | riverbank | dawn | tale
A farmer harvesting wheat at sunset | the farmer | - | | dusk | tale
Mom and dad dance in the kitchen | Mom | dad | kitchen | | together
Leo and his grandfather go fishing | Leo | his grandfather | riverbank | |
Wedding proposal on the beach | the proposal | - | beach | | tale
a ballet dancer rehearsing alone on stage | the dancer | - | stage | | tale
One rainy night, a stray cat finds its way home | the cat | - | | night | homecoming
""".strip().splitlines()
ROWS = [tuple(cell.strip() for cell in row.split("|")) for row in ZH + EN]
FRAME = re.compile(
    r"关于|短片|视频|《|》|主角|点半|\d年年|一个(?:关于|个|奶奶|妈妈)|\b(?:short|film|video|romance|thriller|comedy|called|it's about)\b",
    re.IGNORECASE,
)


def test_there_are_briefs_enough() -> None:
    assert len(ROWS) >= 48


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_brief_is_understood(row: tuple[str, ...]) -> None:
    text, hero, companion, place, time, genre = row
    told = outline(text)
    brief, first = told.brief, told.doc.scenes[0]
    assert brief.short == hero
    assert not companion or brief.companion == companion.removeprefix("-")
    assert not genre or brief.genre == genre
    assert not place or place in {first.place, *(scene.place for scene in told.doc.scenes)}
    assert not time or first.time == time


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_frame_of_a_brief_is_not_told(row: tuple[str, ...]) -> None:
    told = outline(row[0])
    said = [line.text for scene in told.doc.scenes for shot in scene.shots for line in shot.lines]
    assert said
    for words in (*said, *(person.name for person in told.doc.characters)):
        assert not FRAME.search(words.replace("早上七点半", "").replace("这是一个关于", "")), words


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_second_person_is_seen(row: tuple[str, ...]) -> None:
    told = outline(row[0])
    if not told.brief.companion or told.brief.companion_kind != "person" or told.brief.kind != "person" or told.brief.plural:
        return
    names = {part.name for scene in told.doc.scenes for shot in scene.shots for part in shot.cast}
    assert len(told.doc.characters) == 2
    assert names <= {person.name for person in told.doc.characters}
    if told.brief.genre in {"making", "tale", "together"}:
        assert len(names) == 2


@pytest.mark.parametrize(
    "text", ["讲外婆包饺子", "爷爷钓鱼", "舞蹈演员排练", "程序员加班", "关于咖啡的短片", "Wedding proposal on the beach"]
)
def test_what_is_done_or_shown_is_nobody_s_name(text: str) -> None:
    people = {person.name for person in outline(text).doc.characters}
    assert people <= {"外婆", "爷爷", "舞蹈演员", "程序员"}


def test_titles_and_hours_are_kept() -> None:
    assert outline(ROWS[6][0]).doc.title == "最后一班地铁"
    assert outline('Make a film called "The Last Train" about a mother who waits for her son').doc.title == "The Last Train"
    first = outline(ROWS[1][0]).doc.scenes[0].shots[0].lines[0].text
    assert first == "凌晨三点，外卖员小陈送餐到一栋废弃医院。"
    assert outline(ROWS[4][0]).doc.scenes[0].shots[0].lines[0].text.startswith("2077年，")
