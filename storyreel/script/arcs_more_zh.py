"""More stories in Chinese for the outline: an event that is told as it is, something made by hand, something to be afraid of.

The marks are those of `arcs_zh`; `{act}` is what the hero does, in the words of the brief.
"""

from __future__ import annotations

TALE = """
[setup]
{when}，在{at}，{S}{act}。 | {s}，{act} | WS
{when}，{S}{act}。 | {s}，{act} | WS
{when}，{S}出现在{at}。 | {s}在{at} | EWS
这是一个关于{s}的故事。 | {s}的样子 | MS
{s}和{co}，从来没有想过会有这样一天。 | {s}和{co}在{at} | WS
{at}和平常没有什么两样。 | {s}走进{at} | EWS
[desire]
谁也没有想到，这件小事会让{p}记这么久。 | {s}，神情认真 | MCU
{p}的心里又紧张，又期待。 | {s}深吸一口气 | CU surprised
{co}什么也没有问，只是看着{p}。 | {co}看着{s} | MCU tender
[obstacle]
可是，事情总不会那么顺利。 | {s}停下来，皱起眉头 | MS sad
{p}停了停，四周忽然很安静。 | {s}停在{at}，四周很安静 | WS
有那么一会儿，{p}不知道该怎么办。 | {s}低头想着 | CU tired
{co}轻轻说了一句：别急。 | {co}和{s} | MCU tender
[turn]
就在这时，有什么东西不一样了。 | {s}忽然抬起头 | CU surprised
{p}想了想，决定再往前走一步。 | {s}向前走了一步 | FS
[climax]
这一刻，{p}等了很久。 | {s}站在光里 | MS happy
{s}和{co}都笑了。 | {s}和{co}笑着 | MS happy
原来答案一直就在{pl3}。 | {s}在{at3}抬起头，笑了 | MCU happy
[resolution]
很久以后，{p}还常常想起那一天。 | {s}望着远处，{at3} | WS tender
很久以后，{s}和{co}还常常说起那一天。 | {s}和{co}在{at3} | WS tender
日子还会继续，可有些事，从那天起不一样了。 | {s}慢慢走远 | EWS
"""
MAKING = """
[setup]
{when}，{S}和{co}坐到了同一张桌子前。 | {s}和{co}在桌子旁边 | WS
{when}，{at}里飘出了暖暖的香味。 | {at}，{s}在忙碌 | EWS ?月饼|饭|菜|蛋糕|饼|面包|汤|粽|饺|包子|馒头|点心|早餐|晚餐|年糕
{when}，{S}早早地来到{pl}。 | {s}在{at} | WS
桌上的东西一样一样摆好，今天要{goal}。 | {s}站在桌子旁，挽起袖子 | MS
[desire]
心急可不行，每一步都不能马虎。 | {s}的侧脸，神情认真 | MCU
{co}踮起脚，看得入了神。 | {co}看着{s}，眼睛亮亮的 | CU happy
“慢慢来。”{s}笑着说。 | {s}笑着说话 | MCU happy
[obstacle]
第一个做歪了，{p}看着它，笑出了声。 | {s}低头看，笑了 | CU happy
第一个做歪了，{s}和{co}都笑了。 | {s}和{co}笑着 | MS happy
手上、脸上，都沾上了白白的面粉。 | {s}的脸上沾着面粉 | CU happy ?月饼|饼|蛋糕|面包|饺|包子|馒头|面条
{co}有点着急，想快一点。 | {co}皱着眉头 | CU tired
时间走得很慢，可是谁也不着急。 | {s}低头做着手里的活 | MS
[turn]
第二个好多了，第三个更好。 | {s}手里的活越来越熟练 | MCU
{s}握住{co}的手，一下一下地教。 | {s}教{co} | MS tender
[climax]
终于，{made}做好了。 | 刚做好的{made} | CU
终于做好了。 | {s}和{co}看着桌上，笑了 | MS happy
终于做好了。 | {s}看着桌上，笑了 | MS happy
第一口，{s}递给了{co}。 | {s}把刚做好的递给{co} | MCU tender ?月饼|饭|菜|蛋糕|饼|面包|汤|粽|饺|包子|馒头|点心|早餐|晚餐|年糕
[resolution]
有些味道，会记住一辈子。 | {s}在{at}，灯光很暖 | WS tender ?月饼|饭|菜|蛋糕|饼|面包|汤|粽|饺|包子|馒头|点心|早餐|晚餐|年糕
手里的本领，就这样一代一代传了下去。 | {s}和{co}坐在一起 | WS happy
窗外天黑了，{at}里还亮着灯。 | {at}的灯还亮着，{s}坐着休息 | EWS
"""
DREAD = """
[setup]
{when}，{S}{act}。 | {s}走近{pl} | EWS
{when}，{S}来到{pl}。 | {s}走近{pl} | EWS
{at}没有一点声音。 | {s}停在{at}，四处张望 | WS afraid
门没有锁，轻轻一推就开了。 | {s}推开门 | MS afraid
[desire]
{p}告诉自己：快一点，做完就走。 | {s}握紧双手 | MCU afraid
{p}只想赶快离开这里。 | {s}回头看了一眼 | CU afraid
[obstacle]
身后响起脚步声。{p}停下，脚步声也停了。 | {s}猛地停住，不敢回头 | MCU afraid
远处，一盏灯自己亮了。 | {s}看着远处的一点光 | WS afraid
{p}喊了一声，回答{p}的只有回音。 | {s}大声呼喊，四周空荡荡 | FS afraid
灯忽然灭了，又亮了。 | {s}在{at2}，灯光忽明忽暗 | WS afraid
[turn]
然后，{p}看见了那样不该在这里的东西。 | {s}睁大眼睛 | ECU surprised
手机响了，可是没有人说话。 | {s}拿着手机，脸色发白 | CU afraid ?外卖|大学生|现代|地铁|医院|公司|司机
[climax]
门，在{p}身后关上了。 | {s}转过身，门关上了 | MS afraid
{p}转身就跑，一次也没有回头。 | {s}在{at3}奔跑 | FS afraid
一个声音在{p}耳边说：你终于来了。 | {s}惊恐的脸 | ECU afraid
[resolution]
天亮以后，没有人相信{p}说的话。 | {s}独自坐着，脸色苍白 | MS tired
从那以后，{p}再也没有回过{pl}。 | {s}慢慢走远，{pl}在身后 | EWS
可是每到这个时候，{p}还是会听见那阵脚步声。 | {s}抬起头，听着 | CU afraid
"""
