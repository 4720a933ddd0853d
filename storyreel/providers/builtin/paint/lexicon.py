"""What the painter knows by name, in Chinese and English: places, actions, people, styles and things.

Each row pairs what is drawn with the words for it. The first English word is its plain name, used in notes. A word of one Chinese
character or of three Latin letters stands here only if it rarely means something else inside a longer word.
"""

from __future__ import annotations

PLACES: dict[str, str] = {
    "street": "city street|street|road|avenue|city|downtown|intersection|crossroad|sidewalk|town|bus stop|traffic|shop front|boulevard|街道|街头|大街|马路|城市|路口|十字路口|人行道|街上|街角|街|市区|公路|都市|车站外|公交站|路边|商业街|步行街",
    "alley": "alley|back alley|lane|alleyway|backstreet|hutong|小巷|巷子|巷口|胡同|弄堂|后巷|窄巷|巷",
    "rooftop": "rooftop|roof|balcony|terrace|skyscraper|天台|屋顶|楼顶|阳台|露台|高楼顶",
    "forest": "forest|woods|jungle|woodland|grove|bamboo|swamp|rainforest|森林|树林|林间|丛林|竹林|密林|林中|山林|树丛|雨林|林子",
    "mountain": "mountain|hill|peak|cliff|valley|canyon|summit|volcano|glacier|snowfield|高山|山顶|山峰|山谷|山坡|悬崖|峡谷|雪山|山脚|山上|山路|群山|山间|山冈|山岗|冈|火山|山",
    "sea": "sea|beach|ocean|coast|shore|seaside|island|harbour|harbor|dock|pier|lighthouse|underwater|大海|海边|沙滩|海滩|海岸|海洋|海上|岛|港口|码头|海面|海",
    "lake": "lake|river|riverside|bridge|pond|stream|canal|waterfall|lakeside|creek|湖边|湖畔|湖面|湖|河边|河岸|河流|小河|小桥|桥上|桥头|大桥|桥|溪|池塘|江边|江畔|瀑布|水边|河",
    "desert": "desert|dune|wasteland|sahara|gobi|oasis|沙漠|沙丘|戈壁|荒漠|大漠|荒原|绿洲",
    "field": "field|countryside|farm|farmland|meadow|prairie|grassland|wheat|plain|pasture|orchard|ranch|田野|田间|乡间|农田|麦田|稻田|草原|草地|农场|乡下|原野|果园|郊外|牧场|花田",
    "village": "village|hamlet|cottage|old town|ancient town|courtyard house|村庄|村子|村口|乡村|小镇|古镇|山村|渔村|院子|农家|小院|村",
    "temple": "temple|palace courtyard|shrine|monastery|pagoda|palace|courtyard|forbidden city|imperial|寺庙|寺院|庙宇|庙|宫殿|皇宫|宫门|古寺|祠堂|庭院|宫廷|道观|故宫|殿前|宝塔",
    "platform": "train platform|train station|railway|platform|station|subway|metro|train|站台|月台|火车站|车站|地铁|铁路|火车|高铁站",
    "park": "park|garden|playground|plaza|square|botanical|lawn|公园|花园|广场|游乐场|操场|绿地|草坪|园林",
    "market": "night market|market|bazaar|street food|fair|food stall|carnival|festival|夜市|集市|市场|庙会|菜市场|小吃街|摊位|市集|赶集|灯会",
    "space": "space|planet|moon surface|mars|galaxy|asteroid|alien world|cosmos|太空|宇宙|星球|火星|月球|外星|银河|星际|太空站外",
    "ship": "ship deck|ship|deck|boat|sailing|pirate|yacht|甲板|船上|船头|轮船|帆船|游轮|船舱外|海盗船|船",
    "living": "living room|home|house|apartment|room|lounge|sitting room|sofa|flat|villa|客厅|家里|家中|房间|屋里|屋内|公寓|起居室|室内|出租屋|家|屋子|别墅",
    "cafe": "cafe|coffee|coffee shop|bar|pub|tavern|restaurant|diner|inn|bakery|canteen|咖啡馆|咖啡厅|咖啡店|酒吧|餐厅|饭店|酒馆|客栈|饭馆|面馆|食堂|酒楼|餐馆|酒店大堂",
    "teahouse": "teahouse|tea house|tea room|chinese room|study of scholar|茶馆|茶室|茶楼|茶坊|茶社|厢房|闺房|书斋",
    "office": "office|meeting room|company|workplace|boardroom|cubicle|police station|court|bank|办公室|会议室|公司|写字楼|办公|工位|警察局|法庭|银行",
    "hospital": "hospital|ward|clinic|sickroom|operating room|surgery|医院|病房|诊所|手术室|病床|急诊",
    "classroom": "classroom|school|lecture hall|campus|university|kindergarten|教室|学校|课堂|讲台|校园|大学|幼儿园|补习班",
    "bedroom": "bedroom|hotel room|dormitory|dorm|bed|hotel|nursery|卧室|房里|床上|床边|宿舍|酒店|旅馆房间|寝室|卧房|床",
    "kitchen": "kitchen|dining room|stove|厨房|灶台|餐桌|饭厅|灶",
    "library": "library|study|study room|bookstore|bookshop|archive|museum|gallery|图书馆|书房|书店|自习室|档案室|博物馆|美术馆|藏书阁",
    "shop": "shop|store|supermarket|convenience store|pharmacy|grocery|boutique|mall|商店|店里|超市|便利店|药店|杂货店|铺子|商场|当铺|花店",
    "prison": "prison|jail|cell|dungeon|basement|cellar|warehouse|garage|监狱|牢房|牢里|地牢|囚室|地下室|仓库|车库",
    "lab": "laboratory|lab|factory|workshop|control room|server room|实验室|研究所|工厂|车间|控制室|机房",
    "cabin": "spaceship interior|spaceship|spacecraft|space station|cockpit|bridge of the ship|starship|submarine|飞船内|飞船|太空舱|空间站|驾驶舱|舰桥|太空船|潜艇|船舱",
    "hall": "castle hall|castle|throne room|throne|great hall|church|cathedral|ballroom|theatre|theater|stage|城堡|王座|大厅|宝座|礼堂|教堂|大殿|宫殿内|殿内|朝堂|剧院|舞台|舞厅",
    "cave": "cave|cavern|grotto|tunnel|mine|tomb|sewer|山洞|洞穴|岩洞|洞里|隧道|矿洞|地洞|墓穴|古墓|洞",
    "corridor": "corridor|hallway|passage|stairwell|stairs|elevator|lobby|走廊|过道|楼道|楼梯|长廊|电梯|大堂|玄关",
}  # fmt: skip

INDOOR = frozenset(
    {"living", "cafe", "teahouse", "office", "hospital", "classroom", "bedroom", "kitchen", "library", "shop", "prison", "lab", "cabin",
     "hall", "cave", "corridor"}
)  # fmt: skip

POSES: dict[str, str] = {
    "lie": "lie|lies|lying|sleep|asleep|sleeping|fall down|collapse|faint|unconscious|dead|躺|睡|倒下|昏倒|晕倒|倒地|死去|昏迷|熟睡",
    "run": "run|runs|running|chase|flee|sprint|rush|escape|jog|dash|hurry|race|跑|奔|追|逃|冲|赶路|飞奔|疾走|狂奔",
    "kneel": "kneel|kneeling|knees|pray|beg|worship|bow down|跪|祈祷|求饶|磕头|膜拜|祷告",
    "squat": "squat|crouch|crouching|hide|hiding|pick up|picks up|蹲|躲|藏|捡|拾|弯腰|俯身",
    "hug": "curl up|curled|huddle|hugs knees|hugging knees|cry|crying|weep|sob|sulk|抱膝|蜷|缩成|哭|流泪|抽泣|啜泣|落泪",
    "chair": "sit|sits|sitting|seated|on a chair|at the desk|at the table|on the sofa|dine|eat|eating|type|typing|study|work|drive|driving|坐|就座|落座|吃|用餐|打字|写作业|开车|驾驶|工作|伏案|学习",
    "floor": "sit on the ground|sit on the floor|sits on the ground|sits on the floor|sitting on the ground|sitting on the floor|meditate|cross-legged|picnic|rest|坐在地|席地|盘腿|打坐|冥想|野餐|休息|坐在草地|坐在沙滩|坐在地上",
    "walk": "walk|walks|walking|stroll|wander|approach|leave|enter|go|goes|march|hike|step|steps|come|comes|return|arrive|走|步行|散步|漫步|走来|离开|走进|走过|前行|徘徊|回家|路过|踱步|赶来|进来|跟着|远去",
    "cross": "cross arms|crosses arms|crossed arms|arms crossed|fold arms|folds arms|arms folded|stubborn|guard|lean|双臂交叉|抱臂|交叉双臂|环抱双臂|抱着胳膊|双手抱胸|抱胸|不屑|倚",
    "point": "point|points|pointing|warn|accuse|command|show|order|teach|指着|指向|指|警告|命令|指责|呵斥|讲课|教",
    "gesture": "gesture|explain|explains|explaining|talk|talks|speak|speaks|greet|wave|waves|waving|offer|hand over|give|argue|sing|dance|dancing|play|hold|holding|holds|carry|carries|read|reads|reading|drink|drinks|drinking|phone|call|fight|shake hands|open|cook|paint|welcome|introduce|discuss|比划|解释|说|讲|谈|招手|挥手|递|给|争吵|唱|跳舞|舞|拿|举|捧|端|看书|读|喝|打电话|握手|打开|做饭|画|介绍|讨论|打斗|战斗|挥|握着|玩|撑|拥抱|抱",
    "hip": "hand on hip|hands on hips|pose|model|confident|proud|叉腰|自信|骄傲|摆姿势|得意",
    "stand": "stand|stands|standing|wait|waits|waiting|look|looks|looking|watch|stare|gaze|think|listen|face|smile|laugh|stop|站|等|望|看|凝视|注视|思考|想|听|微笑|笑|伫立|停下|沉默|回头|转身|面对|发呆",
}  # fmt: skip

PEOPLE: dict[str, str] = {
    "girl": "little girl|girl|schoolgirl|daughter|小女孩|女孩|小姑娘|姑娘|女儿|少女|女生|丫头|萝莉",
    "boy": "little boy|boy|schoolboy|son|小男孩|男孩|小男生|儿子|少年|男生|小伙子|小子",
    "child": "child|kid|children|kids|toddler|小孩|孩子|儿童|小朋友|娃娃|宝宝",
    "old_woman": "old woman|old lady|grandmother|grandma|granny|elderly woman|老奶奶|奶奶|外婆|老太太|姥姥|老妇|婆婆|老婆婆|大妈",
    "old_man": "old man|elderly man|grandfather|grandpa|old fisherman|hermit|wizard|老人|老爷爷|爷爷|外公|老头|老翁|老汉|老者|大爷|渔翁|道士|巫师|师父",
    "woman": "woman|lady|mother|mom|mum|wife|princess|queen|actress|waitress|bride|heroine|sister|aunt|nurse|witch|女人|女子|妈妈|母亲|妻子|公主|女王|皇后|女主|新娘|姐姐|妹妹|阿姨|护士|女士|女侠|少妇|女巫|女郎|仙女",
    "man": "man|gentleman|father|dad|husband|king|prince|emperor|soldier|knight|hero|brother|uncle|doctor|teacher|policeman|police officer|detective|boss|chef|driver|worker|fisherman|farmer|samurai|monk|astronaut|pilot|thief|stranger|guy|男人|男子|爸爸|父亲|丈夫|国王|王子|皇帝|士兵|骑士|男主|哥哥|弟弟|叔叔|医生|老师|警察|侦探|老板|厨师|司机|工人|渔夫|农夫|农民|武士|和尚|宇航员|飞行员|小偷|陌生人|先生|侠客|将军|书生|武僧|剑客",
    "person": "person|people|guests|drinkers|customers|villagers|someone|traveler|traveller|passer-by|student|figure|couple|friends|crowd|人物|行人|旅人|学生|路人|有人|情侣|朋友|主角|人们|人群|众人|背影|酒客|客人|食客|观众|村民|顾客",
}  # fmt: skip

STYLES: dict[str, str] = {
    "storybook": "storybook|picture book|illustration|illustrated|cartoon|animation|animated|comic|flat|warm|hand-drawn|绘本|插画|卡通|动画|动漫|漫画|手绘|温暖|童话|治愈",
    "neon": "neon|cyberpunk|cyber|synthwave|vaporwave|霓虹|赛博|赛博朋克|蒸汽波",
    "pencil": "pencil|sketch|line art|drawing|storyboard sketch|素描|铅笔|速写|线稿|手稿",
    "ink": "ink wash|ink painting|ink|sumi|chinese painting|水墨|国画|中国画|墨",
    "noir": "noir|black and white|black-and-white|monochrome|b&w|grayscale|黑白|黑色电影|单色",
    "watercolor": "watercolor|watercolour|aquarelle|gouache|水彩|淡彩",
}

THINGS: dict[str, str] = {
    "cat": "cat|kitten|kitty|猫|小猫|猫咪|花猫|橘猫", "black-cat": "black cat|黑猫", "dog": "dog|puppy|小狗|狗|狗狗|大黄|柴犬|忠犬", "horse": "horse|pony|steed|马|白马|骏马|战马",
    "bird": "bird|sparrow|songbird|鸟|小鸟|麻雀|飞鸟|燕子", "dove": "dove|pigeon|鸽子|白鸽", "fish": "fish|鱼|小鱼|金鱼", "tiger": "tiger|老虎|虎", "wolf": "wolf|狼|狼群",
    "fox": "fox|狐狸", "rabbit": "rabbit|bunny|兔子|小兔|兔", "bear": "bear|熊|棕熊", "panda": "panda|熊猫", "deer": "deer|stag|鹿|小鹿", "cow": "cow|cattle|奶牛|牛", "ewe": "sheep|lamb|羊|绵羊",
    "pig": "pig|猪|小猪", "rooster": "rooster|hen|鸡|公鸡|母鸡", "duck": "duck|鸭子|鸭", "dragon": "dragon|龙|巨龙", "snake": "snake|蛇", "turtle": "turtle|tortoise|乌龟|海龟", "frog": "frog|青蛙",
    "butterfly": "butterfly|蝴蝶", "owl": "owl|猫头鹰", "monkey": "monkey|猴子|猴", "elephant": "elephant|大象", "lion": "lion|狮子", "mouse": "mouse|老鼠|鼠", "whale": "whale|鲸鱼|鲸", "dolphin": "dolphin|海豚",
    "eagle": "eagle|hawk|falcon|老鹰|鹰|雄鹰", "swan": "swan|天鹅", "penguin": "penguin|企鹅", "unicorn": "unicorn|独角兽", "parrot": "parrot|鹦鹉", "hedgehog": "hedgehog|刺猬", "squid": "squid|鱿鱼",
    "robot": "robot|android|droid|机器人", "ghost": "ghost|spirit|幽灵|鬼|鬼魂", "alien": "alien|外星人", "snowman": "snowman|雪人", "skull": "skull|骷髅",
    "automobile": "car|vehicle|sedan|汽车|轿车|小车|车子|车", "taxi": "taxi|cab|出租车|的士", "bus": "bus|巴士|公交车|大巴", "delivery-truck": "truck|van|lorry|卡车|货车", "police-car": "police car|警车", "ambulance": "ambulance|救护车",
    "bicycle": "bicycle|bike|自行车|单车|脚踏车", "motorcycle": "motorcycle|motorbike|摩托车|机车", "motor-scooter": "scooter|电动车", "train": "steam train|列车", "airplane": "airplane|aeroplane|plane|飞机", "helicopter": "helicopter|直升机",
    "rocket": "rocket|火箭", "flying-saucer": "ufo|flying saucer|飞碟", "sailboat": "sailboat|boat|帆船|小船|船|渔船", "ship": "steamship|轮船", "canoe": "canoe|独木舟|竹筏",
    "teapot": "teapot|茶壶", "teacup-without-handle": "tea bowl|bowl|茶碗|酒碗|碗", "wine-glass": "wine|wine glass|红酒|酒杯", "beer-mug": "beer|啤酒", "sake": "liquor|白酒|清酒", "steaming-bowl": "noodles|ramen|bowl of noodles|面条|拉面|一碗面", "cooked-rice": "rice|米饭", "dumpling": "dumpling|dumplings|饺子",
    "bread": "bread|面包", "birthday-cake": "cake|birthday cake|蛋糕|生日蛋糕", "red-apple": "apple|苹果", "watermelon": "watermelon|西瓜", "moon-cake": "mooncake|月饼", "umbrella-with-rain-drops": "umbrella|雨伞|伞|油纸伞|红伞", "luggage": "suitcase|luggage|行李箱|箱子|行李|皮箱",
    "backpack": "backpack|bag|背包|书包|包", "briefcase": "briefcase|公文包", "handbag": "handbag|purse|手提包", "mobile-phone": "phone|mobile phone|cell phone|smartphone|手机|电话", "telephone": "telephone|座机", "laptop": "laptop|computer|电脑|笔记本电脑", "camera": "camera|相机|照相机",
    "open-book": "book|open book|novel|书|书本|书籍|小说", "books": "books|stack of books|一摞书|书堆", "envelope": "letter|envelope|mail|信|信封|信件|书信", "love-letter": "love letter|情书", "newspaper": "newspaper|报纸", "scroll": "scroll|卷轴|圣旨|画卷", "world-map": "map|treasure map|地图|藏宝图", "old-key": "key|old key|钥匙",
    "dagger": "dagger|sword|blade|剑|长剑|宝剑|匕首|刀|短刀", "crossed-swords": "swords|双剑", "shield": "shield|盾|盾牌", "bow-and-arrow": "bow|bow and arrow|弓箭|弓", "water-pistol": "gun|pistol|枪|手枪", "bomb": "bomb|炸弹", "axe": "axe|斧头|斧子", "crown": "crown|王冠|皇冠", "gem-stone": "gem|diamond|jewel|宝石|钻石",
    "ring": "ring|wedding ring|戒指|婚戒", "money-bag": "bag of money|钱袋", "coin": "coin|coins|money|硬币|铜钱|大钱|钱|金币", "wrapped-gift": "gift|present|礼物|礼盒", "red-envelope": "red envelope|红包", "bouquet": "bouquet|flowers|bunch of flowers|花束|鲜花|一束花|花", "rose": "rose|玫瑰|红玫瑰", "sunflower": "sunflower|向日葵",
    "red-paper-lantern": "lantern|灯笼|红灯笼", "candle": "candle|蜡烛|烛", "light-bulb": "lamp|light bulb|灯泡|台灯|电灯|灯", "flashlight": "flashlight|torch|手电筒|手电", "fire": "fire|campfire|bonfire|flame|篝火|火堆|火|火焰", "balloon": "balloon|气球|红气球", "kite": "kite|风筝", "teddy-bear": "teddy|teddy bear|doll|玩偶|泰迪熊|布娃娃|玩具熊",
    "guitar": "guitar|吉他", "flute": "flute|笛子|箫|长笛", "drum": "drum|鼓", "musical-keyboard": "keyboard|电子琴", "microphone": "microphone|麦克风|话筒", "soccer-ball": "football|soccer|足球", "basketball": "basketball|篮球", "fishing-pole": "fishing rod|fishing pole|鱼竿|钓竿", "folding-hand-fan": "fan|扇子|折扇",
    "chair": "chair|椅子|凳子", "door": "door|门|木门", "window": "window|窗户", "three-oclock": "clock|alarm clock|时钟|闹钟|挂钟|钟", "hourglass-not-done": "hourglass|沙漏", "watch": "watch|手表|怀表", "mirror": "mirror|镜子", "broom": "broom|扫帚", "ladder": "ladder|梯子", "chess-pawn": "chess|棋|棋子|围棋", "pen": "pen|钢笔|笔", "paintbrush": "brush|毛笔|画笔",
    "evergreen-tree": "pine tree|松树", "deciduous-tree": "tree|big tree|oak|树|大树|老树", "palm-tree": "palm|palm tree|椰子树|棕榈", "cherry-blossom": "cherry blossom|blossom|樱花|桃花", "christmas-tree": "christmas tree|圣诞树", "maple-leaf": "maple leaf|leaf|枫叶|落叶", "cactus": "cactus|仙人掌", "potted-plant": "potted plant|盆栽", "mushroom": "mushroom|蘑菇",
    "house": "house|cottage|hut|房子|小屋|木屋", "castle": "castle|城堡", "tent": "tent|帐篷", "ferris-wheel": "ferris wheel|摩天轮", "statue-of-liberty": "statue|雕像", "full-moon": "moon|full moon|月亮|明月|圆月", "sun": "sun|太阳|朝阳", "star": "star|星星", "rainbow": "rainbow|彩虹", "cloud": "cloud|云|白云", "crystal-ball": "crystal ball|水晶球", "magic-wand": "magic wand|wand|魔杖", "package": "box|package|parcel|盒子|包裹|纸箱", "trophy": "trophy|奖杯", "stethoscope": "stethoscope|听诊器", "pill": "medicine|pill|药|药丸", "television": "tv|television|电视", "radio": "radio|收音机", "chopsticks": "chopsticks|筷子", "moai": "stone statue|石像",
}  # fmt: skip

DRAWN: dict[str, str] = {
    "piano": "piano|grand piano|钢琴",
    "lighthouse": "lighthouse|灯塔", "windmill": "windmill|风车", "table": "table|desk|桌子|书桌|木桌", "pagoda": "pagoda|tower|塔|宝塔", "spaceship": "spaceship|spacecraft|starship|飞船|宇宙飞船|太空船",
    "cup": "coffee|cup of coffee|cup|tea cup|cup of tea|mug|tea|hot tea|咖啡|热茶|茶杯|杯子|咖啡杯|茶|热咖啡|水杯|水", "lamp_post": "street lamp|street light|lamp post|路灯", "bench": "bench|长椅|长凳",
}  # fmt: skip
