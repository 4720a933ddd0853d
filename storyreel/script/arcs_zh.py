"""Stories in Chinese, beat by beat, for the outline: each row is what the narrator says, what is seen, and how.

`{S}` is the hero in full, `{s}` in short, `{p}` the pronoun, `{when}` and `{at}` (`{pl}` without "里" or "上") the time and place, `{at2}` and `{at3}` where the
story goes, `{goal}` what the hero wants, `{done}` that it came about, `{o}` the object of it, `{co}` a companion. A row is used only
when everything it names is known. Behind the picture stand a shot size, a feeling, `@person` and the like, or `?word` in the brief.
"""

from __future__ import annotations

from storyreel.script.arcs_more_zh import DREAD, MAKING, TALE

HOMECOMING = """
[setup]
{when}，{S}独自走在{at}。 | {s}独自走在{at} | EWS
没有人知道{p}从哪里来，也没有人问{p}要到哪里去。 | {s}从行人的脚边经过 | FS
{p}记得一扇亮着灯的窗，记得窗里有人说话。 | 远处一扇亮着灯的窗户 | WS tender
[desire]
{p}心里只有一件事：{goal}。 | {s}抬头望着远处的灯火 | MCU
路很长，但{p}不想停下来。 | {s}沿着{pl}一步一步往前走 | WS
[obstacle]
可是，每一条路看起来都一样。 | 岔路口，{s}左右张望 | WS afraid
有一扇门打开过，又很快关上了。 | 一扇门在{s}面前关上 | MS sad
{p}躲在角落里，听着自己的心跳。 | {s}缩在角落里 | CU sad
走到{pl2}的时候，{p}几乎没有力气了。 | {s}疲惫地停在{at2} | FS tired
一天又一天，{p}一直在{doing}。 | {s}，{doing} | MS
[turn]
就在{p}快要放弃的时候，远处传来一个熟悉的声音。 | {s}忽然抬起头 | CU surprised
那声音很轻，{p}却绝不会听错。 | {s}竖起耳朵，转过身去 | MCU @animal
是{p}听过无数次的声音，{p}不会认错。 | {s}转过身去，睁大眼睛 | MCU @person
[climax]
{p}跑了起来，穿过{pl3}，朝着那束光跑去。 | {s}朝着光奔跑，穿过{pl3} | FS
这一次，门没有关上。 | 门打开了，暖黄的灯光照在{s}身上 | MS happy
就这样，{s}{done}。 | {s}站在亮着灯的门前 | WS happy
[resolution]
原来，家不是一个地址，是有人一直在等你。 | 窗里的灯亮着，{s}和等待的人靠在一起 | MS tender ?家
原来走了这么远，是为了明白什么叫回来。 | 灯光下，{s}安静地坐着 | MS tender
外面的路还是那条路，只是{p}再也不用一个人走了。 | 夜色里，一扇亮着灯的窗户 | EWS
"""
JOURNEY = """
[setup]
{when}，{S}从{pl}出发了。 | {s}走在{at}，身后是长长的影子 | EWS
行李很少，路却很远。 | {s}背着小小的背包 | FS @person
{p}从来没有走过这么远的路。 | {s}停在路口，望着前方 | WS
有人说，远方什么也没有。 | 通向远方的路 | EWS
[desire]
{p}只想做一件事：{goal}。 | {s}望着地平线 | MCU
{p}想亲眼看看，路的尽头是什么。 | {s}的眼睛里映着远方 | CU
{p}不回头，因为回头也没有答案。 | {s}的背影渐渐走远 | WS
[obstacle]
走到{pl2}，路忽然断了。 | {s}站在{at2}，前面没有路 | WS
风很大，每一步都像在和世界拔河。 | {s}顶着风前行 | FS tired
{p}摔倒了，又爬起来，身上全是泥。 | {s}摔倒在地，慢慢爬起 | FS sad @person
夜里最冷的时候，{p}也想过回头。 | {s}蜷缩在黑暗里 | CU sad
一天又一天，{p}一直在{doing}。 | {s}，{doing} | MS
[turn]
然后，{p}看见了一点光，很小，却一直亮着。 | 黑暗中的一点光，{s}抬起头 | CU surprised
一个陌生人分给{p}半个热面包，什么也没有问。 | 一只手递来半个热面包 | CU tender @person
{p}忽然明白，路不是用来害怕的。 | {s}深吸一口气，站直了 | MCU
[climax]
最后一段路，{p}是跑着过去的。 | {s}在{at3}奔跑 | FS happy
云散开了，整个世界都在{p}的脚下。 | {s}站在高处，脚下是辽阔的大地 | EWS happy
{there3}，{s}{done}。 | {s}站在{at3} | WS happy
[resolution]
{p}这才发现，一路走来的自己，才是真正的终点。 | {s}的侧脸，带着微笑 | CU happy @person
原来远方一直在等{p}，不早，也不晚。 | {s}静静地望着远方 | MS
故事没有结束，因为路还在前面。 | {s}继续往前走，越来越小 | EWS
"""
BOND = """
[setup]
{when}，在{at}，{S}习惯了一个人的安静。 | {s}独自待在{at} | EWS
日子一天一天过去，像同一页纸翻来翻去。 | {s}重复着每天的事情 | MS
{p}很久没有和谁好好说过话了。 | {s}望着窗外 | MCU sad @person
直到那一天，{p}遇见了{co}。 | {s}第一次看见{co} | WS surprised
[desire]
{p}假装不在意，却总忍不住再看一眼。 | {s}悄悄回头 | CU
{p}想靠近一点，又怕惊扰了什么。 | {s}慢慢伸出手 | CU tender @person
后来{p}才明白，自己想要的，不过是{goal}。 | {s}低头想着心事 | MCU
[obstacle]
可是，靠近从来不是一件容易的事。 | {s}停在几步之外 | WS
一句没有说出口的话，让距离又远了一些。 | {s}独自走在{at2} | WS sad
{p}一个人走到{pl2}，听了很久的风。 | {s}站在{at2}，风吹过 | FS sad
等待的时候，时间走得特别慢。 | {s}看着时间一点点过去 | CU sad
[turn]
有些事，只要一个小小的动作就能改变。 | {s}轻轻放下手里的东西 | CU tender @person
那天，{co}留下来了，没有离开。 | {co}停在{s}身边 | MS tender
{p}终于鼓起勇气，向前走了一步。 | {s}向前走了一步 | FS
[climax]
在{at3}，{s}和{co}终于靠在了一起。 | {s}和{co}在{at3}靠在一起 | MS happy
{s}笑了，像等了很久的一场花开。 | {s}的笑容 | CU happy @person
就这样，{s}{done}。 | {s}站在光里 | MS happy
那一刻，整个{pl3}都安静下来。 | {at3}，光慢慢亮起来 | EWS
[resolution]
后来的日子还是那些日子，只是不再一样了。 | {s}和{co}并肩坐着 | WS happy
后来的日子还是那些日子，只是{p}不再孤单。 | {s}安静地坐着，神情温柔 | WS tender
有人陪着的地方，就叫作家。 | {at3}的灯光亮着 | EWS
"""
MYSTERY = """
[setup]
{when}，{at}发生了一件说不清的事。 | {at}，一盏灯忽明忽暗 | EWS
{S}是第一个赶到的。 | {s}走进{pl}，四处查看 | FS
地上只有一样不该出现的东西。 | 地上一把旧钥匙 | ECU
[desire]
{p}必须弄清楚真相：{goal}。 | {s}蹲下来，捡起线索 | MCU
所有人都说这是意外，{p}不信。 | {s}抬起头，目光坚定 | CU
[obstacle]
线索到了{pl2}就断了。 | {s}站在{at2}，看着空荡荡的四周 | WS
有人一直在暗处看着{p}。 | 暗处的人影，{s}在远处 | WS afraid
每个人都只说了一半的真话。 | 几张陌生的脸，半明半暗 | CU
{p}把所有线索又摆了一遍，还是少了一块。 | 桌上的照片和线索，{s}盯着看 | CU tired @person
一夜又一夜，{p}继续{doing}。 | {s}，{doing} | MS
[turn]
然后{p}看到了，那个一直在眼前的细节。 | {s}睁大眼睛 | ECU surprised
钥匙不是用来开门的。 | 灯光下的一把旧钥匙 | ECU
[climax]
{p}冲向{pl3}，时间只剩下最后几分钟。 | {s}在{at3}奔跑 | FS
灯亮了，答案就站在{p}面前。 | 灯忽然亮起，{s}停住脚步 | MS surprised
{there3}，{s}{done}。 | {s}站在真相面前 | WS
[resolution]
真相有时候很轻，轻得像一声叹息。 | {s}缓缓呼出一口气 | CU sad
{at3}恢复了平静，只有{p}知道发生过什么。 | {s}转身离开{pl3} | WS
案子结束了，可那把钥匙，{p}一直留着。 | {s}手心里的旧钥匙 | ECU @person
"""
DISCOVERY = """
[setup]
{when}，{S}来到{pl}，什么也没有发生。 | {s}站在{at} | EWS
至少，看起来是这样。 | {at}安静得像一幅画 | WS
{p}总觉得，这里藏着什么。 | {s}好奇地打量四周 | MCU
[desire]
{p}的心里冒出一个念头：{goal}。 | {s}的眼睛亮了起来 | CU happy
没有人问过的问题，{p}偏偏想知道答案。 | {s}凑近去看 | CU
[obstacle]
第一次，失败了。 | {s}看着眼前的一片混乱 | MS sad
第二次，也失败了。 | {s}又一次低下头 | MCU sad
走到{pl2}，连方向都没有了。 | {s}站在{at2}，四顾茫然 | EWS
大家都劝{p}算了，{p}没有说话。 | {s}独自坐着 | WS sad
一天又一天，{p}一直在{doing}。 | {s}，{doing} | MS
[turn]
直到一个很小很小的变化，被{p}看见了。 | {s}屏住呼吸，凑得很近 | ECU surprised
{p}换了一个角度，一切都不同了。 | {s}歪着头，换了个方向看 | MCU
[climax]
光从缝隙里照进来，一下子照亮了整个{pl3}。 | 光照亮{pl3}，{s}站在光里 | EWS surprised
就在这一刻，{s}{done}。 | {s}激动地望着眼前的景象 | CU happy
那是{p}见过的最美的东西。 | {s}仰望着光 | MS happy
[resolution]
世界没有变，变的是{p}看世界的眼睛。 | {s}的眼睛里映着光 | ECU
{p}轻轻记下这一天，因为一切从这里开始。 | {s}写下一行字 | CU @person
一切，才刚刚开始。 | {s}走向远处的光 | EWS
"""
DREAM = """
[setup]
{when}，在{at}，{S}又开始了新的一天。 | {s}在{at}，忙碌着 | EWS
没有观众，也没有掌声。 | 空荡荡的{pl} | WS
{p}只是比别人多了一个念头。 | {s}望着前方出神 | MCU
[desire]
那个念头很简单：{goal}。 | {s}握紧了拳头 | CU @person
那个念头很简单：{goal}。 | {s}抬起头，眼睛亮亮的 | CU @animal
那个念头很简单：{goal}。 | {s}在微光里静静亮着 | CU @thing
听起来像个笑话，{p}却是认真的。 | {s}认真的神情 | MCU
[obstacle]
第一次尝试，只换来别人的笑声。 | {s}失败了，四周有人在笑 | WS sad
第十次，{p}还是没有成功。 | {s}又一次从头来过 | MS tired
在{at2}，{p}差一点就放弃了。 | {s}坐在{at2}，低着头 | FS sad
那一晚很长，长得像没有尽头。 | {s}独自在黑暗里 | CU sad
一天又一天，{p}还在{doing}。 | {s}，{doing} | MS
[turn]
天亮的时候，{p}又站了起来。 | 晨光里，{s}慢慢站起来 | FS
有人在旁边放下一杯热水，说：再试一次吧。 | 桌上一杯冒着热气的水 | CU tender @person
{p}终于发现，自己一直在和昨天的自己比赛。 | {s}看着水面的倒影 | MCU
[climax]
这一次，{p}没有犹豫。 | {s}在{at3}，深吸一口气 | CU
所有练习过的日子，都在这一秒回来了。 | {s}全力以赴 | FS
{there3}，{s}{done}。 | {s}站在光里，四周亮起来 | WS happy
[resolution]
掌声响起来，{p}却只听见自己的心跳。 | {s}闭上眼睛，微笑 | CU happy @person
原来梦想不在远处，在每一个不肯停下的日子里。 | {s}回头看走过的路 | MS
明天，{p}还会继续。 | {s}走在{at3}的晨光里 | EWS
"""
EXPLAINER = """
[setup]
你有没有想过，{ask} | 夜空下，一个人抬头望着天空 | EWS
关于{s}，我们每个人都听说过一点。 | {s} | WS
可是真要讲清楚，又好像说不上来。 | 一个人托着下巴思考，头顶有个问号 | MCU
[desire]
今天，我们用{minutes}，把{s}讲明白。 | 桌上打开的书本，{s} | MS
先别急着记名词，先看一眼它的样子。 | {s}的近景 | CU
[obstacle]
第一步，从最简单的部分看起。 | {s}，最简单的一部分 | CU
第二步，看看各个部分怎么连在一起。 | {s}，各部分连在一起 | MS
第三步，找到那个最关键的变化。 | {s}，关键的变化 | ECU
很多人卡在这里，因为它和直觉正好相反。 | 一个人困惑地看着{s} | MCU surprised
[turn]
换个角度想，答案其实就在眼前。 | 灯泡亮起，{s} | CU
打个比方：就像把一幅拼图，一块一块放回原位。 | 桌上的拼图一块块拼好 | CU
[climax]
现在再看{s}，是不是清楚多了？ | {s}的全貌 | EWS
每一个步骤，都有它的道理。 | {s}，一步一步展开 | WS
[resolution]
记住这一点就够了：弄懂{s}，要从提出一个好问题开始。 | 一个人合上书，微笑 | MS happy
下次有人问起{s}，你可以讲给他听。 | 两个人坐在一起聊天 | WS happy
"""
ADVERT = """
[setup]
{when}，新的一天，从{pl}开始。 | {at}，第一缕光 | EWS
有些日子很赶，有些日子很长。 | 忙碌的人群 | WS tired
[desire]
你想要的，其实只是一点点刚刚好。 | 一个人停下来，望向窗外 | MCU
比如，{s}。 | {s}放在桌上，光落在上面 | CU
[obstacle]
忙的时候，我们常常忘了照顾自己。 | 一个人揉着太阳穴，桌上堆满纸张 | MS tired
将就一次，两次，就成了习惯。 | 墙上的钟，指针转动 | CU
[turn]
{s}，把这一刻还给你。 | 一双手捧起{s} | CU tender
不用等到周末，也不用等到以后。 | {s}，热气慢慢升起 | ECU
[climax]
{s}，就在你身边。 | {s}在画面中央 | ECU
一点点用心，生活就会回应你。 | 一个人露出微笑，身边是{s} | MS happy
在{at2}，在{at3}，在你需要的每一刻。 | 人们在{at3}欢笑，身边是{s} | WS happy
[resolution]
{s}，让平常的日子，有一点不平常。 | {s}，柔和的光 | CU
今天，就从{s}开始。 | {s}，背景是{pl3} | WS
"""
LONGING = """
[setup]
{when}，{S}又来到了{pl}。 | {s}独自待在{at} | EWS
同一个地方，同一个时间，{p}来过很多很多次。 | 墙上的钟，{s}静静站着 | WS
来来往往的人里，没有{p}想见的那一个。 | 人群经过，{s}站着不动 | WS sad
[desire]
{p}心里一直放着一件事：{goal}。 | {s}望着远方 | MCU sad
有些名字，不用说出口，也一直在心里。 | {s}低下头，神情温柔 | CU tender
{p}记得那天的光，记得那只挥动的手。 | 一只挥动的手，逆着光 | MS tender
[obstacle]
日子一天天过去，消息一直没有来。 | {s}看着空荡荡的{pl} | WS sad
有人劝{p}忘了吧，{p}只是摇摇头。 | {s}轻轻摇头 | MCU sad
{p}走到{pl2}，把想说的话说给风听。 | {s}站在{at2}，风吹过 | FS sad
回忆像一张旧照片，边角慢慢泛黄。 | 一张泛黄的旧照片 | ECU
一年又一年，{p}还在{doing}。 | {s}，{doing} | MS
[turn]
这一天，{p}忽然看见了一样熟悉的东西。 | {s}停下来，睁大眼睛 | CU surprised
原来那些日子没有走远，一直藏在这里。 | 光照在一件旧物上 | ECU tender
[climax]
{p}终于哭了出来，又笑了。 | {s}流着泪微笑 | CU sad
在{at3}，{p}轻轻说了一声：我很好。 | {s}站在{at3}，轻声说话 | MS tender
所有等过的日子，都变成了光。 | {at3}，光慢慢亮起来 | EWS
[resolution]
有的人不会再回来，可爱一直都在。 | {s}抬起头，望着天空 | WS tender ?不会再?回来|去世|离开|逝
思念没有说完，只是换了一种方式陪着{p}。 | {s}慢慢走远，背影被光照亮 | WS tender
明天{p}也许还会来，也许不会。 | 空荡荡的{pl}，光还在 | EWS
"""
COURAGE = """
[setup]
{when}，在{at}，谁也没想到会发生什么。 | {at}，安静得有些反常 | EWS
{S}像往常一样，守着自己的位置。 | {s}站在{at} | FS
{p}并不高大，也没有人叫过{p}英雄。 | {s}平静的神情 | MCU
[desire]
可是这一刻，{p}只有一个念头：{goal}。 | {s}抬起头，目光坚定 | CU
总要有谁站出来，{p}想。 | {s}向前迈出一步 | FS
[obstacle]
第一下，{p}就被打倒了。 | {s}摔倒在地 | WS afraid
{at2}一片混乱，什么声音都听不清。 | 混乱的{pl2}，{s}在其中 | EWS afraid
力气一点一点离开{p}的身体。 | {s}疲惫地喘着气 | CU tired
有那么一秒，{p}也害怕了。 | {s}的眼睛里有一丝害怕 | ECU afraid
风里雨里，{p}一直在{doing}。 | {s}，{doing} | MS
[turn]
然后，{p}想起了自己为什么在这里。 | {s}闭上眼睛，又睁开 | CU
{p}咬紧牙，再一次站了起来。 | {s}慢慢站起来 | FS angry
[climax]
{p}用尽全部的力气，冲了上去。 | {s}全力冲向前方 | FS
时间好像停住了，只剩下心跳。 | {s}的身影停在光里 | MS
{there3}，{s}{done}。 | {s}在{at3}，光从云里照下来 | WS happy
[resolution]
风停了，{at3}又安静下来。 | 平静的{pl3}，{s}坐着休息 | EWS
没有掌声，{p}只是拍了拍身上的灰。 | {s}轻轻拍去身上的灰尘 | MS tired @person
勇敢不是不害怕，是害怕了，还往前走。 | {s}迎着光站着 | WS happy
"""
TOGETHER = """
[setup]
{when}，{S}和{co}又一起来到{pl}。 | {s}和{co}走在{at} | EWS
同一条路，他们走过很多很多遍。 | {s}和{co}的背影，长长的影子 | WS
{co}走在前面，{s}跟在后面，不紧不慢。 | {co}走在前面，{s}跟在后面 | FS
[desire]
说起来，{p}要的其实不多：{goal}，就够了。 | {s}看着{co}，微微一笑 | MCU happy
有些话不用说，{co}都懂。 | {s}和{co}安静地对望 | CU tender
{p}常常想，要是日子能一直这样就好了。 | {s}望着远处，{co}在身边 | MS
[obstacle]
可是，时间总是走得比他们快。 | 墙上的旧照片，{s}和{co} | CU sad
有一天，他们在{at2}走散了。 | {s}在{at2}四处张望 | WS afraid
{p}找了很久，喊了很久。 | {s}大声呼喊，四周空荡荡 | FS afraid
少了{co}，路忽然变得很长。 | {s}独自走在长长的路上 | EWS sad
[turn]
然后，{p}听见了那个熟悉的声音。 | {s}猛地回头 | CU surprised
原来{co}一直在老地方等着。 | {co}在老地方等着 | MS tender
[climax]
在{at3}，{s}紧紧抱住了{co}。 | {s}在{at3}紧紧抱住{co} | MS happy
什么都不用说，什么都刚刚好。 | {s}和{co}依偎在一起，光很柔和 | CU tender
[resolution]
后来，他们走得更慢了，慢得像要把每一步都记住。 | {s}和{co}慢慢走远，夕阳很长 | EWS happy
所谓陪伴，就是一起把普通的日子走完。 | {s}和{co}并肩坐着，望着远方 | WS tender
明天，他们还会再来。 | 空空的{pl}，两行并排的脚印 | EWS
"""
ARCS = {
    "homecoming": HOMECOMING, "journey": JOURNEY, "bond": BOND, "mystery": MYSTERY, "discovery": DISCOVERY, "dream": DREAM,
    "longing": LONGING, "together": TOGETHER, "courage": COURAGE, "tale": TALE, "making": MAKING, "dread": DREAD, "explainer": EXPLAINER, "advert": ADVERT,
}  # fmt: skip

COLOURS = {
    "rain": (
        ("雨落在屋檐上，像有人轻轻敲门。", "雨水顺着屋檐滴落"),
        ("雨越下越大，路上的人越来越少。", "雨中空荡荡的路，{s}淋着雨"),
    ),
    "storm": (("一道闪电，把天空照得雪亮。", "闪电划过天空，{s}抬起头"), ("狂风卷过来，什么都在摇晃。", "狂风暴雨中的{pl2}")),
    "snow": (("雪盖住了所有的脚印。", "雪落在安静的路上，一串脚印"), ("雪花落下来，没有一点声音。", "雪花落在{s}身上")),
    "fog": (("雾很浓，十步之外什么也看不见。", "浓雾里的{pl}，{s}只剩一个影子"), ("雾里的声音，分不清远近。", "{s}在雾中停下来")),
    "cloudy": (("云压得很低，像在等一个决定。", "低低的云，{s}站在云下"),),
    "dawn": (("天边泛起第一道光。", "天边的第一道光，{s}的轮廓"), ("晨光很轻，落在每一样东西上。", "晨光落在{s}身上")),
    "day": (("阳光很好，影子短短的。", "阳光下的{pl}，{s}和短短的影子"),),
    "dusk": (("夕阳把影子拉得很长。", "夕阳里，{s}拖着长长的影子"), ("天色一点一点暗下来。", "黄昏的{pl}，灯一盏盏亮起")),
    "night": (
        ("夜深了，只有一盏灯还亮着。", "夜里一盏亮着的灯，{s}在灯下"),
        ("夜色里，每一点声音都格外清楚。", "夜色中的{pl}，{s}停下来听"),
    ),
}
DETAILS = {
    "city": ("路灯亮起", "积水里的倒影", "屋顶和天线的剪影", "末班车从街角开过", "墙上一扇亮着的窗户"),
    "sea": ("海浪拍打礁石", "海鸥掠过海面", "远处的船灯一闪一闪", "沙滩上的一串脚印", "月亮映在海面上"),
    "water": ("水面的波纹", "光穿过水面", "溪水流过石头", "水草轻轻摇动", "一片叶子漂在水上"),
    "nature": ("风吹过草地", "光穿过树叶", "溪水流过石头", "远山的轮廓", "一片叶子慢慢落下"),
    "room": ("桌上一杯热茶", "窗帘被风轻轻吹起", "墙上的钟滴答地走", "门缝里透出一道光", "窗台上的一盆花"),
    "space": ("舷窗外的星星", "控制台上的灯一闪一闪", "地球缓缓升起", "漂浮在空中的一支铅笔", "安静的舱门"),
}
BODY = {
    "person": ("{s}的手", "{s}的眼睛", "{s}的背影", "{s}的侧脸", "{s}的脚步"),
    "animal": ("{s}的眼睛", "{s}的脚步", "{s}的背影", "{s}安静的样子", "{s}的影子"),
    "thing": ("{s}的细节", "{s}的影子", "光落在{s}上", "{s}在风里", "{s}的轮廓"),
    "topic": ("{s}的细节", "{s}的轮廓", "书页翻动，{s}", "{s}的示意图", "{s}和一盏灯"),
}
