"""The vocabulary of pictures, cameras and feelings in Chinese and English, and how to find it in a person's words.

Each `find_*` gives what the text asks for or None: the longest word wins, English words match only whole, and what is denied
("不要下雨", "no rain") is not found. The tables themselves have `hits` and `refused` for whoever needs more.
"""

from __future__ import annotations

from storyreel.model.spec import (
    Angle,
    Composition,
    Emotion,
    Language,
    Mood,
    Move,
    Pace,
    ShotSize,
    TimeOfDay,
    Weather,
)
from storyreel.script.lexicon import Lexicon

TIMES: Lexicon[TimeOfDay] = Lexicon(
    {
        "dawn": (
            "黎明", "清晨", "拂晓", "破晓", "日出", "晨光", "早晨", "早上", "凌晨", "天亮", "天明", "朝阳", "晨曦", "晨", "大清早", "天刚亮", "一大早",
            "dawn", "sunrise", "daybreak", "early morning", "first light", "at first light", "morning", "mornings",
        ),
        "day": (
            "白天", "日间", "上午", "中午", "正午", "午后", "下午", "大白天", "日景", "日光", "晌午", "阳光", "烈日", "青天白日",
            "day", "daytime", "daylight", "noon", "midday", "afternoon", "sunny", "sunlight", "sunlit", "broad daylight", "late morning",
        ),
        "dusk": (
            "黄昏", "傍晚", "日落", "夕阳", "落日", "薄暮", "暮色", "晚霞", "日暮", "天色将晚", "余晖", "掌灯时分",
            "dusk", "sunset", "twilight", "evening", "magic hour", "golden hour", "sundown", "nightfall", "evenings",
        ),
        "night": (
            "夜晚", "夜里", "夜间", "晚上", "深夜", "午夜", "半夜", "夜景", "夜色", "雨夜", "雪夜", "夜幕", "月夜", "星空", "月光", "星夜", "入夜", "黑夜",
            "今夜", "当晚", "那晚", "昨夜", "三更", "夜半", "子夜", "夜空", "夜市", "深更半夜", "长夜", "夜", "月亮", "霓虹",
            "night", "nighttime", "night-time", "midnight", "nights", "tonight", "moonlight", "moonlit", "starlight", "starry", "neon", "overnight", "nocturnal",
        ),
    },
    guards=(
        "夜莺", "夜壶", "日夜", "昼夜", "夜以继日", "夜郎", "消夜", "夜宵", "夜校", "好日子", "daydream", "day by day", "day after day", "every day", "one day",
        "day job", "morning-room", "morning room", "morning coat", "afternoon tea", "evening dress", "night club", "nightclub", "nightgown", "these days", "the other day", "good morning", "good night", "good evening", "good day", "early days", "birthday", "all day and all night",
        "一千零一夜", "夜来香", "早上好", "晚上好", "晚安", "晨跑", "day and night", "night and day", "knight", "good afternoon", "first day",
    ),
)  # fmt: skip

WEATHERS: Lexicon[Weather] = Lexicon(
    {
        "clear": (
            "晴天", "晴朗", "放晴", "晴空", "万里无云", "天晴", "雨停", "雨过天晴", "晴", "风和日丽", "艳阳", "阳光明媚", "艳阳高照", "雪停", "大晴天",
            "clear sky", "clear skies", "sunny", "cloudless", "fine weather", "fair weather", "bright sunshine", "sunshine", "blue sky", "blue skies", "clear weather",
            "clear night", "rain stops", "the rain has stopped",
        ),
        "cloudy": (
            "多云", "阴天", "阴沉", "乌云", "阴云", "云层", "天阴", "密云", "阴",
            "cloudy", "overcast", "grey sky", "gray sky", "clouds", "cloud cover", "dark clouds", "gloomy sky",
        ),
        "rain": (
            "下雨", "雨天", "大雨", "小雨", "细雨", "阵雨", "雨中", "雨里", "雨水", "雨夜", "雨点", "雨滴", "淋雨", "绵绵细雨", "毛毛雨", "雨", "梅雨", "雨幕", "烟雨",
            "rain", "rains", "rainy", "raining", "rained", "drizzle", "drizzling", "downpour", "shower of rain", "rainfall", "raindrops", "rain-soaked", "rainstorms",
        ),
        "storm": (
            "暴风雨", "暴雨", "雷雨", "风暴", "闪电", "打雷", "雷电", "台风", "电闪雷鸣", "雷声", "飓风", "狂风暴雨", "雷暴", "暴风",
            "storm", "storms", "stormy", "thunder", "thunderstorm", "lightning", "tempest", "hurricane", "typhoon", "gale", "squall", "thunderstorms",
        ),
        "snow": (
            "下雪", "雪天", "大雪", "小雪", "雪夜", "雪中", "雪地", "雪花", "飘雪", "风雪", "暴风雪", "积雪", "雪",
            "snow", "snows", "snowy", "snowing", "snowed", "snowfall", "snowflakes", "blizzard", "snowstorm", "snow-covered", "snowbound",
        ),
        "fog": (
            "大雾", "雾天", "浓雾", "薄雾", "雾气", "雾霭", "迷雾", "起雾", "雾蒙蒙", "雾",
            "fog", "foggy", "mist", "misty", "haze", "hazy", "fogbound",
        ),
    },
    guards=(
        "雪白", "雪茄", "雪糕", "雪亮", "白雪公主", "雨果", "风雨同舟", "雨伞", "雨衣", "雨靴", "雨林", "彩虹", "阴谋", "阴影", "光阴", "阴险", "雪碧", "雪橇",
        "雨后春笋", "云雨", "rain check", "umbrella", "brainstorm", "snow white", "storm off", "storms off", "storms out", "stormed out", "storm out",
        "云南", "雷锋", "晴雯", "rainbow", "rainforest", "snowman", "snowboard", "raincoat", "storms in", "stormed in", "阴阳", "树阴", "tea room", "雪崩",
        "谷雨", "小雪人", "雪人", "雪山", "云朵",
    ),
)  # fmt: skip

MOODS: Lexicon[Mood] = Lexicon(
    {
        "neutral": ("平淡", "中性", "客观", "neutral", "matter-of-fact", "plain mood"),
        "hopeful": (
            "希望", "温暖", "温馨", "治愈", "励志", "明亮", "向上", "充满希望", "鼓舞", "感人", "暖心",
            "hope", "hopeful", "warm", "heartwarming", "uplifting", "inspiring", "optimistic", "encouraging", "healing", "feel-good", "touching", "moving",
        ),
        "joyful": (
            "欢快", "快乐", "欢乐", "喜庆", "热闹", "搞笑", "幽默", "轻快", "喜剧", "活泼", "俏皮", "滑稽", "开心",
            "joy", "joyful", "cheerful", "happy", "funny", "humorous", "comic", "comedy", "playful", "festive", "lively", "lighthearted", "light-hearted", "upbeat",
        ),
        "calm": (
            "平静", "宁静", "安静", "恬静", "祥和", "舒缓", "安详", "静谧", "悠闲", "禅意", "恬淡",
            "calm", "quiet", "peaceful", "serene", "tranquil", "gentle", "soothing", "meditative", "relaxed", "still", "cozy", "cosy",
        ),
        "romantic": (
            "浪漫", "甜蜜", "爱情", "恋爱", "暧昧", "柔情", "唯美", "相爱", "爱上", "初恋",
            "romantic", "romance", "love story", "sweet", "tender", "falls in love", "fall in love", "in love", "dreamy",
        ),
        "melancholy": (
            "忧伤", "悲伤", "伤感", "忧郁", "哀伤", "凄凉", "孤独", "寂寞", "惆怅", "悲凉", "落寞", "思念", "离别", "悲剧", "凄美", "心酸", "孤单", "萧瑟", "感伤",
            "melancholy", "melancholic", "sad", "sorrowful", "lonely", "wistful", "bittersweet", "nostalgic", "nostalgia", "gloomy", "sombre", "somber", "mournful",
            "grief", "tragic", "tragedy", "loneliness", "longing",
        ),
        "tense": (
            "紧张", "紧迫", "危险", "追逐", "追杀", "冲突", "惊险", "激烈", "压抑", "危机", "剑拔弩张", "惊心动魄", "逃亡",
            "tense", "tension", "suspense", "suspenseful", "thriller", "thrilling", "urgent", "dangerous", "danger", "chase", "gritty", "action-packed",
        ),
        "mystery": (
            "神秘", "悬疑", "诡异", "谜团", "离奇", "侦探", "秘密", "扑朔迷离", "迷离", "推理", "悬念",
            "mystery", "mysterious", "enigmatic", "eerie", "secret", "detective", "noir", "whodunit", "uncanny", "strange",
        ),
        "horror": (
            "恐怖", "惊悚", "阴森", "可怕", "鬼", "惊恐", "毛骨悚然", "吓人", "闹鬼",
            "horror", "scary", "terrifying", "creepy", "haunted", "spooky", "nightmarish", "ghostly", "frightening",
        ),
        "epic": (
            "史诗", "壮阔", "宏大", "磅礴", "恢弘", "震撼", "英雄", "热血", "燃", "大气", "豪迈",
            "epic", "grand", "heroic", "majestic", "sweeping", "monumental", "legendary", "awe-inspiring", "triumphant",
        ),
    },
    guards=("机灵鬼", "小气鬼", "鬼脸", "燃烧", "燃气", "still life", "still there", "still here", "sad to say", "点燃", "鬼鬼祟祟", "moving to", "大气层", "酒鬼", "胆小鬼"),
)  # fmt: skip

SIZES: Lexicon[ShotSize] = Lexicon(
    {
        "EWS": (
            "大远景", "极远景", "超远景", "航拍", "大全景", "EWS", "ELS", "extreme wide", "extreme wide shot", "extreme long shot", "very wide shot",
            "aerial shot", "aerial view", "drone shot", "vista",
        ),
        "WS": ("远景", "WS", "LS", "wide shot", "wide-shot", "wide", "wider", "wides", "long shot", "establishing shot", "广角", "establishing"),
        "FS": ("全景", "全身", "全身景", "全身镜头", "FS", "full shot", "full body", "full-body", "full length", "full figure"),
        "MS": ("中景", "中全景", "半身", "腰部以上", "MS", "medium shot", "mid shot", "mid-shot", "medium", "waist shot", "medium wide", "cowboy shot"),
        "MCU": ("中近景", "近景", "胸像", "MCU", "medium close-up", "medium close up", "medium closeup", "bust shot", "chest-up"),
        "CU": ("特写", "脸部特写", "面部特写", "CU", "close-up", "close up", "closeup", "close shot", "close-ups", "close on", "closer on", "insert shot"),
        "ECU": (
            "大特写", "极特写", "极近景", "微距", "ECU", "XCU", "BCU", "extreme close-up", "extreme close up", "extreme closeup", "big close-up", "macro shot", "macro",
        ),
    },
    guards=("远景规划", "wide awake", "wide open", "wide-eyed", "world wide", "wide smile", "eyes wide", "far and wide", "wide range", "wide grin"),
)  # fmt: skip

ANGLES: Lexicon[Angle] = Lexicon(
    {
        "eye": ("平视", "平拍", "水平视角", "正常角度", "eye level", "eye-level", "straight on", "straight-on", "level angle"),
        "low": ("仰拍", "仰视", "低角度", "低机位", "仰角", "low angle", "low-angle", "from below", "worm's eye", "worm's-eye", "looking up at", "up-angle"),
        "high": (
            "俯拍", "俯视", "高角度", "俯瞰", "鸟瞰", "高机位", "顶拍", "上帝视角", "high angle", "high-angle", "from above", "bird's eye", "bird's-eye", "overhead",
            "top-down", "top down", "down-angle",
        ),
        "dutch": ("倾斜构图", "荷兰角", "斜角", "倾斜镜头", "倾斜", "dutch angle", "dutch", "dutch tilt", "canted", "tilted frame", "oblique angle"),
    },
    guards=("dutch oven", "dutch courage", "overhead light", "overhead lamp"),
)  # fmt: skip

MOVES: Lexicon[Move] = Lexicon(
    {
        "static": (
            "固定镜头", "静止镜头", "定镜", "固定机位", "静态镜头", "不动的镜头", "镜头不动", "固定", "静止", "static", "locked off", "locked-off", "fixed camera", "still camera",
            "no camera move", "no movement", "tripod",
        ),
        "push_in": (
            "推近", "推进", "推镜头", "推镜", "镜头推", "推", "拉近", "变焦推近", "缓推", "慢推", "push in", "push-in", "pushes in", "pushing in", "dolly in", "dolly-in", "zoom in",
            "zooms in", "zooming in", "move in on", "moves in on", "track in",
        ),
        "pull_out": (
            "拉远", "拉镜头", "拉镜", "镜头拉", "拉开", "后拉", "拉", "缓拉", "pull out", "pull-out", "pull back", "pulls back", "pulls out", "dolly out", "zoom out", "zooms out",
            "zooming out", "pulling back",
        ),
        "pan_left": ("左摇", "向左摇", "摇向左", "往左摇", "左移镜头", "向左平摇", "pan left", "pans left", "panning left", "pan to the left", "pans to the left"),
        "pan_right": (
            "右摇", "向右摇", "摇向右", "往右摇", "摇镜头", "摇镜", "摇", "横摇", "向右平摇", "pan right", "pans right", "panning right", "pan to the right",
            "pans to the right", "pan", "pans", "panning",
        ),
        "tilt_up": ("上摇", "向上摇", "上仰", "镜头上移", "升镜头", "升", "tilt up", "tilts up", "tilting up", "crane up", "boom up", "rising shot"),
        "tilt_down": ("下摇", "向下摇", "下俯", "镜头下移", "降镜头", "降", "tilt down", "tilts down", "tilting down", "crane down", "boom down"),
        "track_left": ("左移", "向左移", "左跟", "向左跟拍", "向左移动", "track left", "tracks left", "tracking left", "truck left", "dolly left"),
        "track_right": (
            "右移", "向右移", "右跟", "跟拍", "跟随", "跟镜头", "跟镜", "移镜头", "移镜", "平移", "横移", "移", "跟", "向右移动", "track right", "tracks right", "tracking right",
            "tracking shot", "tracking", "truck right", "dolly right", "follow shot", "following shot", "dolly shot",
        ),
        "handheld": ("手持", "晃动", "手持镜头", "抖动", "handheld", "hand-held", "hand held", "shaky", "shaky cam", "shaky-cam"),
    },
    guards=(
        "推门", "推荐", "推理", "推开", "推动", "推迟", "拉面", "拉手", "拉丁", "拉链", "马拉松", "摇头", "摇篮", "摇晃", "摇滚", "升级", "升起", "提升", "上升", "升温",
        "降低", "降落", "下降", "投降", "降临", "移动", "移民", "转移", "跟着", "跟我", "跟她", "跟他", "跟你", "拉住", "拉着", "推着", "推销", "推车", "pan-fried",
        "frying pan", "peter pan", "pan flute", "移除", "移到", "摇曳", "摇摆", "招摇", "动摇", "巴拉", "拉萨", "阿拉", "跟踪", "一升", "推出", "推断", "推翻", "跟上",
    ),
)  # fmt: skip

PACES: Lexicon[Pace] = Lexicon(
    {
        "slow": (
            "慢节奏", "舒缓", "缓慢", "慢慢", "节奏慢", "慢一点", "慢一些", "慢些", "慢点", "放慢", "慢镜头", "缓缓", "徐徐", "悠悠", "更慢", "慢",
            "slow", "slowly", "slower", "slow-paced", "unhurried", "leisurely", "gently", "gentle pace", "lingering", "slow down", "slow motion",
        ),
        "normal": ("正常节奏", "中速", "节奏适中", "节奏正常", "不快不慢", "normal pace", "normal speed", "medium pace", "moderate"),
        "fast": (
            "快节奏", "节奏快", "快一点", "快一些", "快些", "快点", "加快", "紧凑", "急速", "飞快", "快速", "迅速", "更快", "加速", "快剪", "急促", "快",
            "fast", "faster", "quick", "quickly", "rapid", "rapidly", "fast-paced", "snappy", "brisk", "energetic", "speed up", "punchy", "hurried", "swiftly",
        ),
    },
    guards=("快乐", "愉快", "欢快", "轻快", "痛快", "快递", "快要", "赶快", "凉快", "快门", "快餐", "慢性", "傲慢", "breakfast", "hold fast", "fast asleep", "fast food", "快到",
            "快了", "外卖快", "尽快", "飞快递", "爽快", "勤快", "steadfast"),
)  # fmt: skip

EMOTIONS: Lexicon[Emotion] = Lexicon(
    {
        "neutral": ("中性", "平静地", "平静", "淡淡地", "淡淡", "面无表情", "冷静", "neutral", "calmly", "flatly", "evenly", "matter-of-factly", "deadpan"),
        "happy": (
            "高兴", "开心", "快乐", "笑", "微笑", "大笑", "兴奋", "欢喜", "喜悦", "得意", "愉快", "欣喜", "欢快", "乐", "笑嘻嘻", "眉开眼笑", "激动", "喜",
            "happy", "happily", "smiling", "smiles", "smiled", "smile", "grinning", "grins", "grinned", "laughing", "laughs", "laughed", "laugh", "cheerful",
            "cheerfully", "joyful", "joyfully", "excited", "excitedly", "delighted", "gleeful", "gleefully", "merrily", "beaming", "beams", "chuckles", "chuckled",
            "chuckling", "giggles", "giggled", "amused", "proudly", "brightly", "eagerly", "gaily", "triumphantly", "playfully",
        ),
        "sad": (
            "悲伤", "伤心", "难过", "哭", "流泪", "哽咽", "哀伤", "忧伤", "沮丧", "抽泣", "啜泣", "失望", "泪", "悲哀", "落寞", "叹气", "叹息", "叹", "委屈", "苦笑", "凄然",
            "颓唐", "绝望", "心碎", "黯然", "泣",
            "sad", "sadly", "crying", "cries softly", "tears", "tearful", "tearfully", "weeping", "weeps", "wept", "sobbing", "sobs", "sobbed", "sob", "mournfully",
            "sorrowful", "sorrowfully", "unhappy", "heartbroken", "sighs", "sighed", "sighing", "sigh", "dejected", "gloomily", "miserable", "despairing", "grieving",
            "melancholy", "disappointed", "wistfully", "mournful", "in a sad tone", "melancholy tone",
        ),
        "angry": (
            "愤怒", "生气", "怒", "气愤", "恼火", "怒吼", "咆哮", "吼", "发火", "暴怒", "恶狠狠", "厉声", "骂", "怒气冲冲", "大怒", "争辩", "不耐烦", "呵斥", "斥责", "恼怒", "瞪",
            "angry", "angrily", "furious", "furiously", "mad", "shouting angrily", "snaps", "snapped", "growls", "growled", "annoyed", "irritated", "indignant",
            "indignantly", "enraged", "in a rage", "yelling", "yells", "yelled", "outraged", "glaring", "glares", "severely", "impatiently", "crossly", "sharply",
            "hotly", "fiercely", "sternly", "testily", "bitterly", "roared", "roars", "scowling", "irritably",
        ),
        "afraid": (
            "害怕", "恐惧", "惊恐", "颤抖", "发抖", "胆怯", "惶恐", "慌张", "紧张", "畏惧", "战栗", "惊慌", "哆嗦", "不安", "吓得", "着了慌", "慌", "恐慌", "怯生生", "担心", "心虚",
            "afraid", "scared", "frightened", "fearful", "fearfully", "terrified", "trembling", "trembles", "nervous", "nervously", "anxious", "anxiously", "panicked",
            "panicking", "timidly", "shaking", "shivering", "worried", "uneasy", "uneasily", "in horror", "alarmed", "in alarm",
        ),
        "surprised": (
            "惊讶", "吃惊", "惊奇", "震惊", "诧异", "惊", "惊呆", "愣住", "愣", "目瞪口呆", "意外", "惊喜", "大惊", "愕然", "一怔", "怔",
            "surprised", "astonished", "astonishment", "amazed", "shocked", "startled", "stunned", "gasps", "gasped", "gasping", "wide-eyed", "in surprise",
            "taken aback", "in amazement", "bewildered", "puzzled", "surprise", "incredulous", "opened his eyes very wide", "exclaimed",
        ),
        "tender": (
            "温柔", "柔声", "轻声", "深情", "怜爱", "慈爱", "温和", "轻轻", "关切", "含情", "亲切", "柔和", "恳切", "慈祥", "心疼", "安慰", "爱怜",
            "tender", "tenderly", "gently", "softly", "lovingly", "affectionately", "warmly", "kindly", "soft", "caressing", "whispers", "whispered", "whispering",
            "sweetly", "soothingly", "fondly", "in a low voice", "comforting", "encouraging tone",
        ),
        "tired": (
            "疲惫", "疲倦", "困倦", "累", "虚弱", "无力", "有气无力", "懒洋洋", "打哈欠", "倦", "精疲力尽", "气喘吁吁",
            "tired", "tiredly", "weary", "wearily", "exhausted", "yawning", "yawns", "yawned", "sleepy", "sleepily", "drowsy", "languidly", "fatigued", "faintly", "weakly",
            "out of breath", "panting",
        ),
    },
    guards=(
        "乐队", "音乐", "乐器", "可笑", "玩笑", "惊人", "积累", "连累", "怒放", "喜欢", "喜剧", "soft drink", "mad hatter", "madman", "笑话", "乐园", "喜鹊", "soft light",
        "累累", "骂名", "喜马拉雅", "乐山", "慌忙", "嘲笑", "惊动", "怒江", "泪珠", "眼泪汪汪的狗", "音乐会", "soft pillow", "惊醒", "惊扰",
    ),
)  # fmt: skip

COMPOSITIONS: Lexicon[Composition] = Lexicon(
    {
        "centre": ("居中", "中心构图", "对称构图", "对称", "中央构图", "centred", "centered", "symmetrical", "central composition", "centre frame", "center frame"),
        "thirds_left": ("左三分", "靠左", "画面左侧", "左侧构图", "frame left", "left third", "on the left"),
        "thirds_right": ("右三分", "靠右", "画面右侧", "右侧构图", "三分法", "frame right", "right third", "on the right", "rule of thirds"),
        "two_shot": ("双人", "双人镜头", "双人景", "两人同框", "two shot", "two-shot", "both in frame"),
        "over_shoulder": ("过肩", "过肩镜头", "越肩", "over the shoulder", "over-the-shoulder", "OTS", "over shoulder"),
    }
)  # fmt: skip

STYLES: Lexicon[str] = Lexicon(
    {
        "watercolor": ("watercolor", "watercolour", "water-colour"), "水彩": ("水彩", "水彩画", "水彩风"),
        "ink wash": ("ink wash", "ink painting", "sumi-e", "chinese ink"), "水墨": ("水墨", "水墨画", "水墨风", "中国水墨"),
        "国风": ("国风", "中国风", "古风", "国风写意", "工笔", "国潮"),
        "cyberpunk": ("cyberpunk",), "赛博朋克": ("赛博朋克", "赛博"),
        "anime": ("anime", "japanese animation", "ghibli style"), "动漫": ("动漫", "动画风", "日漫", "二次元", "吉卜力"),
        "pixel art": ("pixel art", "8-bit", "8 bit"), "像素": ("像素", "像素风"),
        "oil painting": ("oil painting", "oils", "impressionist"), "油画": ("油画", "印象派"),
        "pencil sketch": ("pencil sketch", "pencil", "sketch", "charcoal", "line drawing", "line art"), "素描": ("素描", "铅笔", "手绘", "线稿", "速写"),
        "comic book": ("comic book", "comic-book", "comic style", "graphic novel", "manga"), "漫画": ("漫画", "漫画风", "美漫"),
        "claymation": ("claymation", "stop motion", "stop-motion", "clay"), "黏土": ("黏土", "粘土", "定格动画"),
        "photorealistic": ("photorealistic", "photo-realistic", "realistic", "live action", "live-action"), "写实": ("写实", "真人", "实拍", "照片级"),
        "film noir": ("film noir", "noir style", "noir"), "黑色电影": ("黑色电影",),
        "black and white": ("black and white", "black-and-white", "monochrome", "b&w"), "黑白": ("黑白", "黑白片"),
        "retro": ("retro", "vintage", "1950s style", "1980s style"), "复古": ("复古", "怀旧风", "胶片", "胶片感"),
        "paper cut": ("paper cut", "papercut", "paper-cut", "cut-out"), "剪纸": ("剪纸", "皮影"),
        "3d": ("3d", "3d animation", "pixar style", "cgi"), "三维动画": ("三维动画", "3d动画", "皮克斯"),
        "minimalist": ("minimalist", "minimal", "flat design", "flat"), "极简": ("极简", "扁平", "扁平风"),
        "cinematic": ("cinematic", "film look"), "电影感": ("电影感", "电影质感"),
        "fairy tale": ("fairy tale", "storybook", "fairytale", "picture book"), "童话": ("童话", "绘本", "童话风"),
        "ukiyo-e": ("ukiyo-e",), "浮世绘": ("浮世绘",), "steampunk": ("steampunk",), "蒸汽朋克": ("蒸汽朋克",),
        "documentary": ("documentary",), "纪录片": ("纪录片",),
    },
    guards=("flat tyre", "pencil case", "真人真事"),
)  # fmt: skip

LANGUAGES: Lexicon[Language] = Lexicon(
    {
        "zh": ("中文", "汉语", "普通话", "国语", "in chinese", "mandarin", "chinese language", "chinese voice", "chinese narration", "中文配音"),
        "en": ("英文", "英语", "in english", "english language", "english voice", "english narration", "英文配音", "english version"),
    }
)  # fmt: skip

_NAMES_ZH: dict[str, str] = {
    "dawn": "清晨", "day": "白天", "dusk": "黄昏", "night": "夜",
    "EWS": "大远景", "WS": "远景", "FS": "全景", "MS": "中景", "MCU": "中近景", "CU": "特写", "ECU": "大特写",
    "eye": "平视", "low": "仰拍", "high": "俯拍", "dutch": "倾斜构图",
    "static": "固定镜头", "push_in": "推近", "pull_out": "拉远", "pan_left": "左摇", "pan_right": "右摇", "tilt_up": "上摇", "tilt_down": "下摇",
    "track_left": "左移", "track_right": "右移", "handheld": "手持",
    "slow": "慢节奏", "fast": "快节奏", "normal": "中速",
    "centre": "居中", "thirds_left": "左三分", "thirds_right": "右三分", "two_shot": "双人镜头", "over_shoulder": "过肩",
    "happy": "高兴", "sad": "悲伤", "angry": "愤怒", "afraid": "害怕", "surprised": "惊讶", "tender": "温柔", "tired": "疲惫", "neutral": "中性",
    "clear": "晴", "cloudy": "多云", "rain": "雨", "storm": "暴风雨", "snow": "雪", "fog": "雾",
    "hopeful": "温暖", "joyful": "欢快", "calm": "宁静", "romantic": "浪漫", "melancholy": "忧伤", "tense": "紧张", "mystery": "神秘", "horror": "恐怖", "epic": "史诗",
}  # fmt: skip
_NAMES_EN: dict[str, str] = {
    "EWS": "extreme wide shot", "WS": "wide shot", "FS": "full shot", "MS": "medium shot", "MCU": "medium close-up", "CU": "close-up",
    "ECU": "extreme close-up", "eye": "eye level", "low": "low angle", "high": "high angle", "dutch": "dutch angle",
    "push_in": "push in", "pull_out": "pull out", "pan_left": "pan left", "pan_right": "pan right", "tilt_up": "tilt up", "tilt_down": "tilt down",
    "track_left": "track left", "track_right": "track right", "thirds_left": "left third", "thirds_right": "right third", "centre": "centred",
    "two_shot": "two shot", "over_shoulder": "over the shoulder", "normal": "normal pace", "clear": "clear weather",
}  # fmt: skip


def name_of(value: str, language: Language) -> str:
    """What a person calls a value of the spec ("CU" is "特写" or "close-up"); the `find_*` functions understand it again."""
    return (_NAMES_ZH if language == "zh" else _NAMES_EN).get(value, value)


def find_time(text: str) -> TimeOfDay | None:
    """The time of day that the text asks for."""
    return TIMES.find(text)


def find_weather(text: str) -> Weather | None:
    """The weather that the text asks for."""
    return WEATHERS.find(text)


def find_mood(text: str) -> Mood | None:
    """The mood that the text asks for."""
    return MOODS.find(text)


def find_size(text: str) -> ShotSize | None:
    """The shot size that the text asks for."""
    return SIZES.find(text)


def find_angle(text: str) -> Angle | None:
    """The camera angle that the text asks for."""
    return ANGLES.find(text)


def find_move(text: str) -> Move | None:
    """The camera move that the text asks for."""
    return MOVES.find(text)


def find_pace(text: str) -> Pace | None:
    """The pace that the text asks for."""
    return PACES.find(text)


def find_emotion(text: str) -> Emotion | None:
    """The feeling that the text tells of."""
    return EMOTIONS.find(text)


def find_composition(text: str) -> Composition | None:
    """The composition that the text asks for."""
    return COMPOSITIONS.find(text)


def find_style(text: str) -> str | None:
    """The style of picture that the text asks for, in the language it was asked in."""
    return STYLES.find(text)


def find_language(text: str) -> Language | None:
    """The language the film should speak, where the text says so; `language_of` tells which it is written in."""
    return LANGUAGES.find(text)
