"""Yes and no to an open proposal, and nothing more: a yes with a further wish is that wish."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard

_SOFT = r"(?:[\s,，。.!！~～、]|吧|呀|啊|的|了|呢|哦|please|then|thanks|thank you|谢谢)*"
_YES = (
    r"好的?|好吧|行|可以|同意|批准|通过|确认|确定|没问题|没意见|就这样|就这么办?|开始|做吧|执行|是的?|对|嗯+|要的?|来吧|走起|赞成|认可|接受|"
    r"yes|yeah|yep|yup|y|ok|okay|sure|go|go ahead|go for it|do it|do that|proceed|approved?|i approve|confirm(?:ed)?|agreed?|sounds good|looks good|"
    r"great|perfect|fine|please do|make it so|start|let's go|all right|alright|that's fine|by all means|accept"
)
_NO = (
    r"不|不要|不用|不行|不可以|不同意|不是|不对|算了|算了吧|取消|别|别做|先别|拒绝|驳回|不做|停|不好|不必|否|还是不要|放弃|"
    r"no|nope|nah|n|don't|do not|cancel|cancel it|cancel that|reject(?:ed)?|never mind|nevermind|forget it|stop|not now|no way|drop it|leave it|decline|"
    r"not that|not that one|don't do it|do not do it"
)
YES = re.compile(rf"^{_SOFT}(?:(?:{_YES}){_SOFT})+$", re.IGNORECASE)
NO = re.compile(rf"^{_SOFT}(?:(?:{_NO}){_SOFT})+$", re.IGNORECASE)


def decide(heard: Heard) -> Found | None:
    """Approve or reject the open proposal; where none is open, say so."""
    decision = "approve" if YES.match(heard.text) else "reject" if NO.match(heard.text) else ""
    if not decision:
        return None
    if heard.context.open_proposal is None:
        return None if decision == "reject" else Found(intent="decide", question=_nothing_open(heard))
    return Found(intent="decide", decision=decision)


def _nothing_open(heard: Heard) -> str:
    if heard.context.mode == "draft":
        return heard.say("现在没有等你确认的提议。想做什么？", "Nothing waits for your answer. What would you like?")
    example = "做一个30秒的短片，讲灯塔看守人" if heard.context.shot_count == 0 else "把第1个镜头改成夜景"
    example_en = "make a 30 second film about a lighthouse keeper" if heard.context.shot_count == 0 else "make shot 1 a night"
    return heard.say(
        f"现在没有等你确认的提议。你想做什么？比如：“{example}”。",
        f"Nothing waits for your answer. What would you like? For example: {example_en!r}.",
    )
