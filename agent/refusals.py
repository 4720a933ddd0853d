"""Refusals in Chinese: the house's messages are English sentences, and a person who writes Chinese is answered in Chinese."""

from __future__ import annotations

import re

# Each sentence of the house that a wish in a talk can meet. `test_refusals` holds them to what the house says.
SENTENCES: tuple[tuple[str, str], ...] = (
    (r"there is no shot '?(?P<a>[^:']+)'?: the film has shots 1 to (?P<b>\d+)", "没有第 {a} 个镜头，片子只有 1 到 {b}"),
    (r"there is no shot '(?P<a>[^']+)' in this film", "片子里没有镜头“{a}”"),
    (r"the film has no shots yet.*", "片子还没有镜头。先说说要讲什么，或者把剧本发过来"),
    (r"there is no shot to render yet.*", "还没有可以渲染的镜头。先说说要讲什么"),
    (r"the film has no scene yet.*", "片子还没有场景，先加一场"),
    (r"there is no snapshot '(?P<a>[^']*)'; there are: none yet", "还没有保存过版本"),
    (r"there is no snapshot '(?P<a>[^']*)'; there are: (?P<b>.*)", "没有叫“{a}”的版本，现有：{b}"),
    (r"there is no revision (?P<a>\d+); the newest is (?P<b>\d+)", "没有第 {a} 版，最新是第 {b} 版"),
    (r"there is no character '(?P<a>[^']*)'; the project has: nobody yet", "没有角色“{a}”，项目里还没有角色"),
    (r"there is no character '(?P<a>[^']*)'; the project has: (?P<b>.*)", "没有角色“{a}”，现有：{b}"),
    (r"there is a character called '(?P<a>[^']*)' already.*", "已经有叫“{a}”的角色了，换个名字，或者修改那一个"),
    (r"there is no scene '(?P<a>[^']*)'; the film has (?P<b>\d+)", "没有第 {a} 场，片子共 {b} 场"),
    (r"all of these shots are locked or approved; unlock them first", "这些镜头都已锁定或通过，先解锁再改"),
    (r"shot (?P<a>\d+) is locked; .*", "第 {a} 个镜头已锁定，先解锁再改"),
    (r"shot (?P<a>\d+) is approved; .*", "第 {a} 个镜头已通过，先退回草稿再改"),
    (r"shot (?P<a>\d+): (?P<b>\S+) is locked \((?P<c>.*)\).*", "第 {a} 个镜头的 {b} 已锁定（{c}），先解锁"),
    (r"(?P<a>.+)'s (?P<b>face|hair|wardrobe|colour) is locked .*", "{a}的{b}已锁定，先解锁"),
    (r"[\w.]+: duration_s: a shot lasts more than 0 and at most (?P<a>\d+) seconds", "一个镜头要长于 0 秒，最长 {a} 秒"),
    (r"nothing would change: it is so already", "已经是这样了"),
    (r"there is nothing to undo", "没有可以撤销的"),
    (r"there is nothing to redo", "没有可以重做的"),
    (r"there is nothing to cancel", "没有在进行的任务可以停"),
    (r"(?:This costs|this costs) \$(?P<a>[\d.]+) and \$(?P<b>[\d.]+) of .*? is left; the first (?P<c>\d+) of the (?P<d>\d+) renders fit.*", "要花 ${a}，预算只剩 ${b}，{d} 个渲染里够前 {c} 个。提高上限，或者少做一些"),
    (r"This costs \$(?P<a>[\d.]+) and \$(?P<b>[\d.]+) of .*", "要花 ${a}，预算只剩 ${b}。提高上限，或者少做一些"),
    (r"\$(?P<a>[\d.]+) is spent or promised already; .*", "已经花掉或答应了 ${a}，上限不能比这低"),
    (r"there is nothing to retry|nothing waits for you that could be decided by 'retry'; .*", "没有失败的任务要重试"),
    (r"nothing waits for you that could be decided by .*", "没有等你这样处理的任务"),
    (r"no call waits for that decision", "没有等你判断是否收费的调用"),
    (r"there is nothing to prioritise: .*", "没有可以提前的任务：没有在排队的，或者已经是这个优先级"),
    (r"nothing is scheduled", "没有定时任务"),
    (r"there is no schedule '(?P<a>[^']*)'; there are: (?P<b>.*)", "没有叫“{a}”的定时任务，现有：{b}"),
    (r"'(?P<a>[^']*)' is over; name a moment to come", "“{a}”已经过去了，换一个以后的时间"),
    (r"there is no provider '(?P<a>[^']*)'; there are (?P<b>.*)", "没有供应商“{a}”，现有：{b}"),
    (r"(?P<a>\S+) is held already", "{a} 已经暂停了"),
    (r"(?P<a>\S+) is not held", "{a} 没有暂停"),
    (r"shot (?P<a>\d+) cannot continue from itself; .*", "第 {a} 个镜头不能接自己，换一个镜头"),
    (r"shots would wait for one another: .*", "这些镜头会互相等待，让其中一个独立开始"),
    (r"nothing was rendered yet for '(?P<a>[^']*)'; render it first", "“{a}”还没有渲染过，先渲染"),
    (r"say which provider: (?P<a>.*) can make this .*", "说一下换成哪个供应商：{a}"),
    (r"there is nothing to (?:pause|resume)", "现在没有这样的任务"),
    (r"a (?:shot|scene) cannot be moved next to itself", "不能移到自己旁边"),
    (r"name at least two shots that stand next to each other.*", "只能合并相邻的镜头，比如第3和第4个"),
    (r"shot (?P<a>\S+) is (?P<b>[\d.]+) s long; cut it somewhere inside", "第 {a} 个镜头长 {b} 秒，要在里面切"),
    (r"there is no room for it at this total length.*", "总长不变放不下了。短一点，或者让片子变长"),
    (r"that commit changed nothing that could be taken back", "那一步没有可以收回的改动"),
    (r"what commit (?P<a>\d+) wrote was changed again since.*", "第 {a} 步改的内容后来又改过了。先撤销后面的，或者回到某个版本"),
    (r"this is the project's only episode.*", "这是唯一的一集，不能删；可以删它的场景"),
    (r"(?P<a>.+) is in none of these shots yet.*", "{a}还不在这些镜头里，先把角色放进镜头"),
    (r"there is nothing to decide on.*", "没有等你决定的提议"),
    (r"this talk is about shot (?P<a>\d+), and shot (?P<b>\d+) lies outside it.*", "这里只谈第 {a} 个镜头，第 {b} 个镜头请到项目的对话里说"),
    (r"this talk is about track (?P<a>.+) of shot (?P<b>\d+), and .* lies outside it.*", "这里只谈第 {b} 个镜头的“{a}”，别的请到项目的对话里说"),
    (r"this talk is about (?:shot (?P<a>\d+)|.+), and .* lies outside it.*", "这里只谈这一个镜头，别的请到项目的对话里说"),
    (r"nothing like that is remembered; what is: nothing yet", "没有记着这样的事，现在什么都没记"),
    (r"nothing like that is remembered; what is: (?P<a>.*)", "没有记着这样的事，现在记着：{a}"),
    (r"(?P<a>.+) names no drafts; .*|no draft is named by (?P<b>.+)", "没认出是哪个草稿：写编号（比如草稿3）、范围、全部，或者“标签:夜景”"),
    (r"there is no draft (?P<a>[\d-]+): the board has drafts 1 to (?P<b>\d+)", "没有草稿 {a}，看板上只有 1 到 {b}"),
    (r"the board has no drafts yet", "看板上还没有草稿"),
    (r"there is no board '(?P<a>[^']*)'; there are: (?P<b>.*)", "没有叫“{a}”的看板，现有：{b}"),
    (r"there is no project '(?P<a>[^']*)' to send to", "没有叫“{a}”的项目"),
    (r"draft (?P<a>[\d, ]+) has no selected picture yet; .*", "草稿 {a} 还没有选定的图，先选一张"),
    (r"the template '(?P<a>[^']*)' leaves (?P<b>.*) open; what should it be\?", "模板“{a}”还缺 {b}，要填什么？"),
    (r"there is no prompt template '(?P<a>[^']*)'; there are: (?P<b>.*)", "没有叫“{a}”的模板，现有：{b}"),
    (r"nothing new was found to tag", "没看出新的标签"),
    (r"nothing is (?P<a>marked as a favourite|pinned|selected) there; .*", "没有可以打包的：先收藏、钉住或选定一些，或者说打包全部"),
    (r"a naming rule has no field (?P<a>\S+); it has: (?P<b>.*)", "命名规则里没有 {a}，可用：{b}"),
    (r"what was to be sent is not there any more .*", "要发送的东西已经不在了，什么都没发"),
    (r"\S+ needs a story, and a draft space has none.*", "草稿空间里没有故事，这个要到项目里做"),
    (r"\S+ is not the (?P<a>\w+)'s work.*", "这不归这个角色管，换一个角色，或者不指定角色再说"),
    (r"this proposal was .*|the proposal is .*", "这个提议已经决定过了"),
)  # fmt: skip
_READ = tuple((re.compile(pattern, re.DOTALL), zh) for pattern, zh in SENTENCES)
_PARTS = {"face": "脸", "hair": "发型", "wardrobe": "服装", "colour": "配色"}


def in_chinese(detail: str) -> str:
    """A refusal in Chinese; one that has no Chinese yet stays as the house said it."""
    for pattern, zh in _READ:
        if match := pattern.fullmatch(detail.strip()):
            return zh.format(**{key: _PARTS.get(value, value) for key, value in match.groupdict(default="").items()})
    return detail
