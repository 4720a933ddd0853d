"""Tagging drafts on four axes by what is known of them, and filing them on boards. Rules alone: no model is asked here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role
from storyreel.actions.draft import last_key
from storyreel.actions.drafting import (
    KIND_OF,
    Axis,
    BoardRef,
    Drafts,
    boards,
    drafts_at,
    free,
    new_board,
    numbers_told,
    spec_with,
    values_of,
    with_tags,
)
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.rows import AssetCard, Board, Character, Node, NodeRef, WorkItem
from storyreel.model.sheet import frame_of
from storyreel.model.spec import FrameSpec
from storyreel.model.view import GraphView
from storyreel.script import things, words
from storyreel.script.lexicon import Lexicon

USES: Lexicon[str] = Lexicon(
    {
        "poster": ("poster", "posters", "海报", "主视觉", "key visual"),
        "cover": ("cover", "thumbnail", "封面", "缩略图"),
        "character sheet": ("character sheet", "turnaround", "model sheet", "设定图", "三视图", "定妆图", "角色设定"),
        "background": ("background", "backdrop", "wallpaper", "背景", "背景图", "壁纸"),
        "icon": ("icon", "logo", "avatar", "图标", "头像", "标志"),
        "storyboard": ("storyboard", "story board", "分镜图", "故事板"),
        "product": ("product shot", "packshot", "product photo", "产品图", "商品图"),
        "reference": ("mood board", "moodboard", "reference picture", "情绪板", "参考图"),
    }
)
PEOPLE_ZH = (
    "小女孩", "小男孩", "女孩", "男孩", "女人", "男人", "老人", "老奶奶", "老爷爷", "少女", "少年", "孩子", "婴儿", "机器人", "宇航员", "侦探", "渔夫", "武士", "骑士", "国王", "女王",
    "公主", "王子", "魔法师", "女巫", "医生", "护士", "老师", "学生", "厨师", "守塔人", "看守人",
)  # fmt: skip
PEOPLE: Lexicon[str] = Lexicon({**{word: (word,) for word in PEOPLE_ZH}, **{word: (word,) for word in things.PEOPLE_EN}})
# A reference that helped as this tells what the draft is of.
AXIS_OF_ROLE: dict[str, Axis] = {"character": "character", "scene": "scene", "style": "style"}


class TagDrafts(Action):
    """Tag drafts on the axes character, scene, style and use, by their words, frames and references; and file them on boards by one axis."""

    type: Literal["draft.tag"] = "draft.tag"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"draft"}))
    aliases: ClassVar = ("draft.auto_tag",)
    says: ClassVar = ("给所有草稿自动打标签，按风格归类", "Tag all drafts and file them by style")

    drafts: Drafts = "all"
    board: BoardRef = ""
    axes: tuple[Axis, ...] = Field(default=("character", "scene", "style", "use"), description="The axes to tag on.")
    file_by: Axis | None = Field(
        default=None, description="Move each to the board of its first value on this axis, made where it is missing."
    )

    def reads(self) -> Reads:
        """The drafts with what was made for them and what that was made with the help of."""
        return Reads(
            drafts=(self.drafts, "everywhere"), board=self.board, nodes="all", refs=True, sources=True, tables=(AssetCard.table,)
        )

    def plan(self, view: GraphView) -> Plan:
        """Tags, and where each draft lies."""
        draft = Draft(view)
        items = free(draft, drafts_at(view, self.drafts, self.board))
        if not items:
            raise BadInput("there is no draft to tag", nothing=True)
        bare: list[WorkItem] = []
        for item in items:
            found = [one for one in tags_of(view, item) if one.partition(":")[0] in self.axes]
            tags = with_tags(item.spec.tags, found)
            if draft.change(item, spec=spec_with(item.spec, {}, tags).model_dump()):
                draft.touch(item.id)
                draft.say(
                    "draft.tagged", drafts=numbers_told(view, [item]), tags=[one for one in tags if one not in item.spec.tags]
                )
            elif not tags:
                bare.append(item)
        if bare:
            draft.skip("draft.untagged", drafts=numbers_told(view, bare))
        if self.file_by is not None:
            self._file(draft, [draft.view.get(WorkItem, item.id) for item in items], self.file_by)
        if not draft.ops:
            raise BadInput("nothing new was found to tag", nothing=True, same=True)
        return draft.plan()

    def _file(self, draft: Draft, items: list[WorkItem], axis: Axis) -> None:
        """Each to the board of its first value, told board by board."""
        moved: dict[str, list[WorkItem]] = {}
        for item in items:
            values = values_of(item.spec.tags, axis)
            board = _board_of(draft, values[0], axis) if values else None
            if board is not None and board.id != item.board_id:
                draft.change(item, board_id=board.id, order_key=last_key(draft.view, board.id))
                draft.touch(item.id)
                moved.setdefault(board.title, []).append(item)
        for title, several in moved.items():
            draft.say("draft.filed", drafts=numbers_told(draft.view, several), board=title)


def _board_of(draft: Draft, value: str, axis: Axis) -> Board:
    kind = KIND_OF[axis]
    found = next(
        (one for one in boards(draft.view) if one.title.casefold() == value.casefold() and one.kind in {kind, "free"}), None
    )
    if found is None:
        found = new_board(draft.view, value, kind)
        draft.insert(found)
        draft.say("board.made", title=value, kind=kind)
    return found


def tags_of(view: GraphView, item: WorkItem) -> tuple[str, ...]:
    """The tags that a draft's words, the frames of its pictures and its references speak for, each once."""
    nodes = [node for node in view.all(Node) if node.work_item_id == item.id]
    own = [
        frame for node in nodes if node.id == item.picture_node_id if (frame := frame_of(node, view.find(Node, node.parent_id)))
    ]
    text = "\n".join([item.spec.picture.subject, item.spec.notes, *(frame.subject for frame in own)])
    found = [
        *_of_people(view, text, own),
        *_of_place(text, item, own),
        *_of_style(text, item, own),
        *(f"use:{value}" for value in _words(USES, text)),
        *_of_references(view, nodes),
    ]
    return with_tags((), found)


def _words(lexicon: Lexicon[str], text: str) -> list[str]:
    return list(dict.fromkeys(hit.value for hit in lexicon.hits(text) if not hit.denied))


def _of_people(view: GraphView, text: str, frames: Iterable[FrameSpec]) -> list[str]:
    low = text.casefold()
    named = [who.name for who in view.all(Character) if any(name.casefold() in low for name in (who.name, *who.aliases) if name)]
    drawn = [figure.name for frame in frames for figure in frame.figures if figure.name]
    return [f"character:{name}" for name in dict.fromkeys([*named, *drawn, *_words(PEOPLE, text), *things.animals(text)])]


def _of_place(text: str, item: WorkItem, frames: Iterable[FrameSpec]) -> list[str]:
    picture = item.spec.picture
    own = [value for value in (picture.place, picture.time, picture.weather) if value]
    said = [*things.places(text), *(value for value in (words.find_time(text), words.find_weather(text)) if value)]
    drawn = [frame.place for frame in frames if frame.place]
    return [f"scene:{value}" for value in dict.fromkeys([*own, *said, *drawn])]


def _of_style(text: str, item: WorkItem, frames: Iterable[FrameSpec]) -> list[str]:
    drawn = [frame.style for frame in frames if frame.style]
    said = [item.spec.picture.style] if item.spec.picture.style else []
    return [f"style:{value}" for value in dict.fromkeys([*said, *_words(words.STYLES, text), *drawn])]


def _of_references(view: GraphView, nodes: Iterable[Node]) -> list[str]:
    """What its references are tagged with; one that helped as a person, a place or a style, and is called something, is one."""
    cards = {card.asset_id: card for card in view.all(AssetCard)}
    made = {node.id for node in nodes}
    found = [
        tag
        for node in nodes
        if node.stage == "import" and (card := cards.get(node.asset_id or ""))
        for tag in card.tags
        if ":" in tag
    ]
    for ref in view.all(NodeRef):
        source = view.find(Node, ref.source_node_id)
        card = cards.get(ref.source_asset_id or (source.asset_id if source else None) or "")
        if ref.node_id not in made or card is None:
            continue
        found += [tag for tag in card.tags if ":" in tag]
        if card.title and ref.role in AXIS_OF_ROLE:
            found.append(f"{AXIS_OF_ROLE[ref.role]}:{card.title}")
    return [one for one in found if one.partition(":")[0] in KIND_OF]
