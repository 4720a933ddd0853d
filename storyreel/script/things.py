"""Places, animals, people and things by their words: what a picture can show."""

from __future__ import annotations

import re
from functools import cache

from storyreel.script.lexicon import alternation, denied, lowered
from storyreel.script.tongue import CJK


def _each(words: str, mark: str | None = None) -> tuple[str, ...]:
    return tuple(words.split(mark))


PLACES_ZH = _each(
    "街道 街头 街上 小巷 巷子 胡同 老街 古镇 小镇 村庄 村子 村口 乡村 田野 稻田 麦田 草原 森林 树林 竹林 山顶 山谷 山路 雪山 高山 沙漠 海边 海滩 大海 海上 海面 湖边 河边 江边 "
    "溪边 瀑布 岛上 小岛 荒岛 码头 港口 灯塔 桥上 桥头 石桥 车站 站台 火车站 地铁站 地铁 火车上 车厢 机场 公交车 出租车 船上 甲板 飞船 太空 太空站 月球 火星 星球 "
    "咖啡馆 咖啡厅 咖啡店 理发店 茶馆 酒馆 酒店 酒吧 客栈 餐厅 饭店 面馆 早餐店 厨房 客厅 卧室 书房 房间 屋里 家里 阳台 院子 庭院 花园 公园 学校 教室 操场 图书馆 书店 花店 便利店 超市 商场 集市 "
    "市场 夜市 办公室 会议室 公司 工厂 工地 医院 病房 实验室 剧院 剧场 舞台 电影院 博物馆 美术馆 画室 寺庙 庙里 古寺 教堂 皇宫 宫殿 城堡 城墙 战场 屋顶 天台 楼顶 电梯 走廊 楼道 "
    "地下室 仓库 监狱 派出所 广场 游乐场 城市 都市 废墟 墓地 老宅 古宅 木屋 帐篷 洞穴 山洞 井边 柜台 店里 店内 酒楼 屋檐下 窗边 窗前 门口 路口 工坊 铁匠铺 钟表店 裁缝铺 面包店 农场 牧场 果园"
)  # fmt: skip
PLACES_EN = _each(
    "street;alley;old town;village;town;city;countryside;field;wheat field;meadow;prairie;forest;woods;jungle;mountain;mountaintop;mountains;valley;snowy mountains;desert;beach;seaside;"
    "sea;ocean;shore;lake;lakeside;river;riverbank;waterfall;island;dock;harbour;harbor;pier;lighthouse;bridge;station;train station;platform;railway station;subway;train;airport;bus;taxi;"
    "ship;boat;deck;spaceship;space station;space;moon;mars;planet;cafe;café;coffee shop;tea house;teahouse;pub;bar;inn;hotel;restaurant;diner;noodle shop;kitchen;living room;sitting room;"
    "drawing room;morning-room;bedroom;study;apartment;flat;house;cottage;cabin;home;balcony;yard;courtyard;garden;park;school;classroom;playground;library;bookshop;bookstore;flower shop;"
    "supermarket;mall;market;night market;office;meeting room;factory;workshop;hospital;ward;laboratory;lab;theatre;theater;stage;cinema;museum;gallery;studio;temple;church;cathedral;palace;"
    "castle;battlefield;rooftop;roof;elevator;corridor;hallway;basement;warehouse;prison;police station;square;amusement park;ruins;graveyard;cemetery;mansion;tent;cave;well;shop;bakery;"
    "farm;orchard;barn;attic;clock tower;greenhouse;tower;crossroads;porch;hall;dining room;lawn;hill;hillside;cliff;cliffs;canal",
    ";",
)  # fmt: skip
INTERIOR = re.compile(
    r"咖啡|茶馆|酒馆|酒店|酒吧|客栈|餐厅|饭店|面馆|店|厨房|客厅|卧室|书房|房间|屋里|家里|教室|图书馆|超市|商场|办公室|会议室|公司|工厂|医院|病房|实验室|剧院|剧场|舞台|影院|博物馆|美术馆|画室|"
    r"教堂|宫殿|电梯|走廊|楼道|地下室|仓库|监狱|派出所|木屋|柜台|工坊|铺|车厢|飞船|太空站|洞|"
    r"\b(?:cafe|café|coffee shop|tea ?house|pub|bar|inn|hotel|restaurant|diner|shop|kitchen|room|bedroom|study|apartment|flat|cabin|classroom|library|bookshop|bookstore|store|mall|"
    r"supermarket|office|factory|workshop|hospital|ward|lab|laboratory|theatre|theater|stage|cinema|museum|gallery|studio|church|cathedral|palace|elevator|corridor|hallway|basement|warehouse|"
    r"prison|tent|cave|bakery|attic|greenhouse|hall|home|house|cottage|spaceship|space station|train)\b",
    re.IGNORECASE,
)
PROPS_ZH = _each(
    "雨伞 伞 信封 信纸 信 书本 书 照片 相框 电话 手机 电脑 相机 钥匙 戒指 项链 手表 怀表 钟 闹钟 灯笼 台灯 油灯 灯 蜡烛 火把 篝火 茶壶 茶杯 茶 咖啡杯 咖啡 酒壶 酒杯 酒碗 酒 碗 盘子 筷子 "
    "面条 面包 蛋糕 苹果 西瓜 包子 饺子 茴香豆 糖葫芦 鱼 花束 玫瑰 花 盆栽 树叶 落叶 种子 剑 刀 弓 箭 盾牌 枪 地图 箱子 行李箱 背包 包裹 纸箱 盒子 礼物 气球 风筝 玩具 皮球 足球 篮球 "
    "自行车 汽车 摩托车 卡车 火车 船 小船 纸船 帆船 飞机 火箭 马车 轮椅 长椅 椅子 桌子 床 沙发 镜子 窗户 钢琴 吉他 小提琴 二胡 笛子 古琴 鼓 画 画笔 毛笔 砚台 钢笔 铅笔 报纸 硬币 铜钱 钱包 "
    "帽子 围巾 手套 眼镜 面具 长衫 红绸 鞋 望远镜 放大镜 显微镜 药瓶 药 绷带 绳子 梯子 斧头 锤子 石头 月亮 星星 彩虹 无人机 机器人 邮箱 包 毯子 枕头 火炉 炉子"
)  # fmt: skip
PROPS_EN = _each(
    "umbrella;envelope;letter;letters;book;books;notebook;diary;photograph;photo;picture frame;phone;telephone;computer;laptop;camera;key;keys;ring;necklace;watch;pocket watch;clock;alarm clock;"
    "lantern;lamp;candle;candles;torch;campfire;fire;teapot;teacup;cup;mug;tea;coffee;wine;bottle;glass;bowl;plate;bread;bread-and-butter;cake;apple;cucumber sandwiches;sandwich;sandwiches;muffin;"
    "fish;bouquet;rose;roses;flower;flowers;plant;leaf;leaves;seed;sword;knife;bow;arrow;shield;gun;map;box;chest;suitcase;backpack;bag;basket;parcel;package;gift;present;balloon;balloons;kite;toy;"
    "ball;football;basketball;bicycle;bike;car;motorcycle;truck;ship;boat;paper boat;sailboat;plane;airplane;rocket;carriage;wheelchair;bench;chair;armchair;table;bed;sofa;couch;mirror;"
    "window;door;piano;guitar;violin;flute;drum;painting;paintbrush;pen;pencil;newspaper;coin;coins;wallet;hat;scarf;gloves;glasses;mask;shoes;telescope;binoculars;magnifying glass;microscope;medicine;"
    "bandage;rope;ladder;axe;hammer;stone;moon;stars;rainbow;drone;mailbox;blanket;pillow;stove;cigarette case;crown;wand;anchor;bell;compass",
    ";",
)  # fmt: skip
ANIMALS_ZH = _each(
    "流浪猫 小猫 黑猫 橘猫 白猫 老猫 猫咪 猫 流浪狗 小狗 导盲犬 老狗 狗 金毛 柴犬 兔子 小兔 白兔 狐狸 小狐狸 狼 熊猫 大熊猫 北极熊 小熊 熊 老虎 狮子 大象 小象 猴子 松鼠 刺猬 鹿 小鹿 马 小马 白马 "
    "骆驼 牛 羊 小羊 绵羊 猪 小猪 公鸡 母鸡 小鸡 鸭子 小鸭 鹅 天鹅 鸟 小鸟 麻雀 燕子 乌鸦 喜鹊 鸽子 老鹰 猫头鹰 鹦鹉 企鹅 海鸥 鹤 仙鹤 鲸鱼 鲸 海豚 鲨鱼 金鱼 小鱼 乌龟 海龟 青蛙 蛇 龙 小龙 "
    "恐龙 蝴蝶 蜜蜂 萤火虫 蜗牛 蚂蚁 蜻蜓 老鼠 小老鼠 仓鼠 章鱼 螃蟹 蝙蝠 凤凰 毛毛虫 水獭 浣熊 考拉 袋鼠 长颈鹿 斑马 河马 犀牛"
)  # fmt: skip
ANIMALS_EN = _each(
    "cat;kitten;dog;puppy;rabbit;bunny;hare;fox;wolf;bear;polar bear;panda;tiger;lion;elephant;monkey;ape;gorilla;squirrel;hedgehog;deer;fawn;horse;pony;camel;cow;ox;sheep;lamb;goat;pig;piglet;rooster;hen;chick;duck;"
    "duckling;goose;swan;bird;sparrow;swallow;crow;raven;magpie;pigeon;dove;eagle;hawk;owl;parrot;penguin;seagull;gull;crane;heron;whale;dolphin;shark;goldfish;turtle;tortoise;frog;toad;snake;dragon;dinosaur;"
    "butterfly;bee;bumblebee;firefly;snail;ant;dragonfly;mouse;rat;hamster;octopus;crab;bat;phoenix;caterpillar;spider;otter;raccoon;koala;kangaroo;giraffe;zebra;hippo;rhino;unicorn;donkey;moth;beetle;salmon;seal;beaver",
    ";",
)  # fmt: skip
PEOPLE_EN = _each(
    "man;woman;girl;boy;child;kid;baby;teenager;lady;gentleman;mother;father;mom;dad;grandmother;grandfather;grandma;grandpa;sister;brother;daughter;son;wife;husband;widow;widower;friend;stranger;"
    "lighthouse keeper;keeper;shopkeeper;innkeeper;fisherman;sailor;captain;pirate;farmer;shepherd;gardener;baker;chef;cook;barista;waiter;waitress;teacher;student;schoolgirl;schoolboy;professor;"
    "scientist;inventor;engineer;programmer;developer;astronaut;pilot;driver;taxi driver;bus driver;courier;postman;mailman;mail carrier;doctor;nurse;surgeon;detective;police officer;policeman;policewoman;"
    "cop;soldier;knight;samurai;warrior;king;queen;prince;princess;wizard;witch;monk;nun;priest;painter;artist;musician;pianist;violinist;singer;dancer;ballerina;actor;actress;writer;poet;"
    "author;journalist;photographer;librarian;watchmaker;clockmaker;carpenter;blacksmith;tailor;shoemaker;potter;worker;miner;athlete;runner;boxer;swimmer;climber;hiker;traveller;traveler;explorer;thief;"
    "hacker;spy;orphan;bride;groom;clown;magician;puppeteer;translator;beekeeper;firefighter;girlfriend;boyfriend;twins;couple;lovers;apprentice;hunter;messenger;mechanic;janitor;coach;old man;old woman;person;people;"
    "mother and daughter;grandson;granddaughter;uncle;aunt;cousin;classmate;violin maker;street musician;delivery rider;ferryman;neighbour;neighbor;refugee;teen;villager;skater;surfer;robot;ghost;alien;android",
    ";",
)  # fmt: skip


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    tables = {
        "place": [*PLACES_ZH, *PLACES_EN],
        "prop": [*PROPS_ZH, *PROPS_EN],
        "animal": [*ANIMALS_ZH, *ANIMALS_EN, *(f"{word}s" for word in ANIMALS_EN)],
    }
    return alternation(tables[kind])


_WRITTEN = re.compile(r"“[^”]*”|「[^」]*」|《[^》]*》|\"[^\"]*\"")  # what is written or said is not there to be seen
_NOT_SHOWN = re.compile(
    r"在意|花店|花园|花费|花了|信任|相信|自信|迷信|信心|信念|书房|书店|书包|读书人|床单|灯塔|门口|钟头|分钟|秒钟|闹剧|画面|画家|画室|花白|花甲|火花|浪花|雪花|泪花|包含|包括|面包|鱼贯|船长|刀削|酒店|酒馆|酒吧|有些|茶馆"
)


def places(text: str) -> list[str]:
    """The places that a text names, in order, in its own words; what it denies is left out."""
    return _found("place", text)


def props(text: str, most: int = 4) -> tuple[str, ...]:
    """The things that a text shows, in order, in its own words, at most `most`."""
    text = _WRITTEN.sub(lambda match: " " * len(match[0]), text)
    hidden = [match.span() for match in _NOT_SHOWN.finditer(text)]
    words = [
        text[match.start() : match.end()]
        for match in _pattern("prop").finditer(lowered(text))
        if not any(start <= match.start() < end and match.end() <= end for start, end in hidden)
        and not denied(text, match.start(), match.end())
    ]
    kept = [
        word
        for word in dict.fromkeys(words)
        if not any(word != other and word in other and re.search(rf"[{CJK}]", word) for other in words)
    ]
    return tuple(kept[:most])


def animals(text: str) -> list[str]:
    """The animals that a text names, in order."""
    return _found("animal", text)


def is_interior(place: str, around: str = "") -> bool | None:
    """Whether a place lies indoors, by its words and those around it ("in front of the house"); None for no place."""
    if not place:
        return None
    outdoors = "" if place.endswith(("内", "里")) else rf"|{re.escape(place)}(?:门?[前外]|门口|屋檐)"
    outside = (
        rf"(?:in front of|outside|behind|before) (?:the |an? |his |her |my )?{re.escape(place)}{outdoors}|(?:门口|门前|屋外)$"
    )
    return bool(INTERIOR.search(place)) and not re.search(outside, f"{around}\n{place}", re.IGNORECASE)


def _found(kind: str, text: str) -> list[str]:
    hits = (match.span() for match in _pattern(kind).finditer(lowered(text)))
    return list(dict.fromkeys(text[slice(*span)] for span in hits if not denied(text, *span)))
