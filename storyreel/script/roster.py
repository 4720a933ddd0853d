"""Surnames, roles, pronouns and speech verbs: the tables behind finding who is in a text."""

from __future__ import annotations

from storyreel.model.spec import Age, Gender
from storyreel.script.lexicon import alternation


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


SURNAMES = set(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅卞齐康"
    "伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房丁邓单洪包左石崔吉龚程邢裴陆荣翁"
    "荀羊甄曲封储靳段富焦巴弓牧山谷车侯全班秋仲伊宫宁仇祖武符刘景詹束龙叶司黎白蒲鄂索赖卓蔺屠池乔胥双闻莘党翟谭贡姬申扶冉雍桑桂牛寿通边燕冀尚农温庄晏柴瞿阎连习艾鱼向古易廖庾终衡步都耿满匡国文寇广阙东欧利"
)
PRONOUNS_ZH = _each("他 她 它 我 你 他们 她们 它们 我们 你们 自己 咱们 俺 您")
NOT_ZH = _each(
    "有人 大家 众人 听人 心里 心想 人们 别人 听到 听见 有的 据说 听说 虽说 传说 小说 再说 难道 知道 味道 "
    "街道 一声 话 接着 答 笑 笑着 声音 嘴里 口中 回头 一面 一边 半晌 东西 名叫 大声 轻声 低声 故意 胡 乱 "
    "又 哭 叫 所有 于是 人 旁 忽 一 却 别 胡说 道理 有道 人说 使人 谁 这 那 没 不 怎 只 想"
)
COMMON_ZH = _each(
    "方法 金色 平时 安静 黄昏 水面 白天 向前 高兴 时候 时间 全部 高高 有时 小心 小时 老是 老师 万一 于是 "
    "明天 明白 全身 全家 周围 石头 马上 马路 江水 安全 成功 成为 和平 平静 古老 满意 包括 牛奶 苏醒 解释 "
    "花朵 花园 金黄 方向 经过 常常 应该 单独 温暖 温柔 雷声 云朵 柳树 毛衣 孔雀 项目 时光 汪汪 钟声 白云 "
    "白雪 水声 连忙 连续 小雨 小路 小镇 小河 小船 小屋 小声 老人 小猫 小狗"
)
ROLES_ZH: dict[str, tuple[Gender | None, Age | None]] = {
    "掌柜": ("man", "adult"), "老板娘": ("woman", "adult"), "老板": ("man", "adult"), "老人": ("man", "elder"),
    "老头": ("man", "elder"), "老头儿": ("man", "elder"), "老太太": ("woman", "elder"), "老奶奶": ("woman", "elder"),
    "奶奶": ("woman", "elder"), "爷爷": ("man", "elder"), "外婆": ("woman", "elder"), "外公": ("man", "elder"),
    "母亲": ("woman", "adult"), "妈妈": ("woman", "adult"), "父亲": ("man", "adult"), "爸爸": ("man", "adult"),
    "小女孩": ("woman", "child"), "女孩": ("woman", "young"), "小男孩": ("man", "child"), "男孩": ("man", "young"),
    "孩子": (None, "child"), "小孩": (None, "child"), "姑娘": ("woman", "young"), "小姑娘": ("woman", "child"),
    "少年": ("man", "young"), "少女": ("woman", "young"), "女人": ("woman", "adult"), "男人": ("man", "adult"),
    "医生": (None, "adult"), "护士": ("woman", "adult"), "老师": (None, "adult"), "先生": ("man", "adult"),
    "太太": ("woman", "adult"), "小姐": ("woman", "young"), "妹妹": ("woman", "young"), "姐姐": ("woman", "young"),
    "哥哥": ("man", "young"), "弟弟": ("man", "young"), "妻子": ("woman", "adult"), "丈夫": ("man", "adult"),
    "儿子": ("man", "young"), "女儿": ("woman", "young"), "皇帝": ("man", "adult"), "国王": ("man", "adult"),
    "王后": ("woman", "adult"), "皇后": ("woman", "adult"), "公主": ("woman", "young"), "王子": ("man", "young"),
    "将军": ("man", "adult"), "和尚": ("man", "adult"), "道士": ("man", "adult"), "渔夫": ("man", "adult"),
    "农夫": ("man", "adult"), "樵夫": ("man", "adult"), "店小二": ("man", "young"), "伙计": ("man", "young"),
    "司机": ("man", "adult"), "警察": ("man", "adult"), "侦探": ("man", "adult"), "船长": ("man", "adult"),
    "守塔人": ("man", "elder"), "邮递员": ("man", "adult"), "快递员": ("man", "young"), "外卖员": ("man", "young"),
    "外卖小哥": ("man", "young"), "书生": ("man", "young"), "侠客": ("man", "adult"), "剑客": ("man", "adult"),
    "画家": (None, "adult"), "作家": (None, "adult"), "钢琴家": (None, "adult"), "舞者": ("woman", "young"),
    "宇航员": (None, "adult"), "程序员": ("man", "young"), "厨师": ("man", "adult"), "学生": (None, "young"),
    "新娘": ("woman", "young"), "新郎": ("man", "young"), "老渔夫": ("man", "elder"), "老兵": ("man", "elder"),
    "老妇人": ("woman", "elder"), "妇人": ("woman", "adult"), "婆婆": ("woman", "elder"), "女子": ("woman", "young"),
    "男子": ("man", "adult"), "众人": (None, "adult"), "酒客": ("man", "adult"), "车夫": ("man", "adult"),
    "老木匠": ("man", "elder"), "木匠": ("man", "adult"), "机长": ("man", "adult"), "灯塔守护人": ("man", "elder"),
    "修表匠": ("man", "elder"), "钟表匠": ("man", "elder"), "裁缝": (None, "adult"), "花店老板": ("woman", "adult"),
    "摄影师": (None, "adult"), "歌手": (None, "young"), "机器人": (None, None), "小和尚": ("man", "child"),
    "小学生": (None, "child"), "大学生": (None, "young"), "客人": (None, "adult"), "喝酒的人": ("man", "adult"),
    "女主人": ("woman", "adult"), "男主人": ("man", "adult"), "主人": (None, "adult"), "科学家": (None, "adult"),
    "孙女": ("woman", "child"), "孙子": ("man", "child"), "姥姥": ("woman", "elder"), "姥爷": ("man", "elder"), "阿姨": ("woman", "adult"),
    "叔叔": ("man", "adult"), "女侠": ("woman", "young"), "黑衣人": ("man", "adult"), "店员": (None, "young"), "小红帽": ("woman", "child"),
}  # fmt: skip
SAY_ZH = (
    r"(?:说道|问道|答道|喊道|叫道|笑道|怒道|叹道|骂道|哭道|嚷道|吼道|喝道|劝道|应道|回道|接道|嚷嚷道|嘀咕道|嘟囔道|低语道|回答道|解释道|补充道|争辩道|感叹道|"
    r"反驳道|催促道|吩咐道|安慰道|提醒道|惊呼道|抱怨道|自语道|冷笑道|苦笑道|赔笑道|回答|争辩|嘀咕|嘟囔|解释|低语|惊呼|抱怨|催促|吩咐|感叹|反驳|"
    r"自言自语|插嘴|喃喃|开口|应声|叫嚷|嚷|喊|吼|问|答|骂|劝|叹|喝|说|道|曰|云)"
)
SAY_EN = (
    "said|says|asked|asks|replied|replies|answered|answers|cried|cries|shouted|shouts|whispered|whispers|exclaimed|exclaims|added|adds|began|continued|"
    "remarked|remarks|murmured|muttered|mutters|yelled|yells|called|calls|repeated|went on|interrupted|thought|sighed|snapped|growled|laughed|pleaded|"
    "demanded|observed|inquired|enquired|returned|screamed|begged|insisted|agreed|protested|explained|declared|announced|suggested|roared|breathed|gasped|sobbed"
)
NOT_EN = _each(
    "the a an and but or so then he she it they we you i his her their its this that these those there here what when where "
    "why who how if as at in on of to from for with not no yes oh ah well now one chapter scene act part mr mrs ms miss dr "
    "int ext day night morning evening come let do don't can't i'm i'll it's that's all just only even still after before "
    "once while until meanwhile suddenly perhaps maybe very never always every each some any another both monday tuesday "
    "wednesday thursday friday saturday sunday january february april june july september october november december god "
    "english french german american chinese christmas please thank hello goodbye"
)
WOMAN_EN = alternation(
    _each(
        "granddaughter heroine woman girl lady mother mom mum sister daughter wife aunt queen princess duchess grandmother granny grandma nurse "
        "waitress actress she mrs miss ms madam widow bride witch alice gwendolen cecily mary anna emma jane lucy sarah rose lily "
        "maria mara elena maya nora clara ella sophie julia kate helen ruth grace hannah mia zoe eva amy"
    )
)
MAN_EN = alternation(
    _each(
        "grandson man boy gentleman father dad brother son husband uncle king prince duke grandfather grandpa butler waiter actor mr sir "
        "lord monk fisherman policeman hatter hare knight wizard algernon jack lane ernest john tom james peter paul david henry "
        "george william charles robert thomas michael daniel samuel joe ben leo adam oliver max sam noah liam felix keeper "
        "captain sailor soldier postman mailman"
    )
)
