"""Assets: what people bring in, what they say of it, finding it, and which shots use it. The bytes are there before an action names them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AliasChoices, Field

from storyreel.actions.base import Action, Draft, Kind, Plan, Policy, Role, Shots
from storyreel.actions.places import changed, writable
from storyreel.actions.reads import Find, Reads
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import AssetCard, ReferenceRole, Use
from storyreel.model.view import GraphView

AssetId = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="The asset's id.")]
Tag = Annotated[str, Field(min_length=1, max_length=60)]
MODES = frozenset({"agent", "pro", "draft"})
MOST_TAGS = 50


class Brought(Frozen):
    """One asset that is brought in, and what it is called."""

    asset: AssetId
    title: str = Field(default="", max_length=300)
    tags: tuple[Tag, ...] = Field(default=(), max_length=MOST_TAGS)


class ImportAssets(Action):
    """Bring assets whose bytes are kept already into the project: each gets a card with its title and tags."""

    type: Literal["asset.import"] = "asset.import"
    policy: ClassVar = Policy(role=Role.editor, modes=MODES)
    says: ClassVar = ("导入这些素材", "Import these files")

    assets: tuple[Brought, ...] = Field(min_length=1, max_length=1000)
    by: Literal["upload", "url", "folder", "bucket"] = "upload"
    where: str = Field(default="", max_length=2000, description="The address, folder or bucket that they came from.")

    def reads(self) -> Reads:
        """The assets with the cards that they have."""
        return Reads(assets=tuple(one.asset for one in self.assets))

    def plan(self, view: GraphView) -> Plan:
        """A card for each that has none; the others get the tags that they lack."""
        draft = Draft(view)
        new = known = 0
        for one in self.assets:
            known_asset(view, one.asset)
            card = card_of(draft.view, one.asset)
            if card is None:
                draft.insert(new_card(view, one.asset, title=one.title, tags=once(one.tags)))
                new += 1
            else:
                draft.change(card, title=card.title or one.title, tags=once((*card.tags, *one.tags)))
                known += 1
        if draft.ops:
            draft.say("asset.imported", assets=new, known=known, by=self.by, where=self.where)
        return changed(draft)


class TagAssets(Action):
    """Say what assets are: add or remove tags, give a title or a note."""

    type: Literal["asset.tag"] = "asset.tag"
    policy: ClassVar = Policy(role=Role.editor, modes=MODES)
    says: ClassVar = ("给这张图加上标签“外景”", "Tag this picture 'exterior'")

    assets: tuple[AssetId, ...] = Field(min_length=1, max_length=500)
    add: tuple[Tag, ...] = Field(default=(), max_length=MOST_TAGS)
    remove: tuple[Tag, ...] = Field(default=(), max_length=MOST_TAGS)
    title: str | None = Field(default=None, max_length=300)
    note: str | None = Field(default=None, max_length=10_000)

    def reads(self) -> Reads:
        """The assets with their cards."""
        return Reads(assets=self.assets)

    def plan(self, view: GraphView) -> Plan:
        """Their cards, made where there are none.

        Raises:
            BadInput: nothing is said of them, or there would be too many tags.
        """
        if not (self.add or self.remove) and self.title is None and self.note is None:
            raise BadInput("say which tags to add or remove, a title, or a note")
        draft = Draft(view)
        written = 0
        for asset in dict.fromkeys(self.assets):
            written += self._write(draft, asset)
        if written:
            told = {"added": list(once(self.add)), "removed": list(once(self.remove)), "title": self.title, "note": self.note}
            draft.say("asset.tagged", assets=written, **told)
        return changed(draft)

    def _write(self, draft: Draft, asset: str) -> bool:
        known_asset(draft.view, asset)
        card = card_of(draft.view, asset)
        before = card.tags if card else ()
        gone = {tag.casefold() for tag in self.remove}
        tags = once((*(tag for tag in before if tag.casefold() not in gone), *self.add))
        if len(tags) > MOST_TAGS:
            raise BadInput(f"an asset may have {MOST_TAGS} tags; remove some first")
        fields: dict[str, Any] = {"tags": tags}
        fields |= {name: value for name, value in (("title", self.title), ("note", self.note)) if value is not None}
        if card is not None:
            return draft.change(card, **fields)
        if not any(fields.values()):
            return False
        draft.insert(new_card(draft.view, asset, **fields))
        return True


class SearchAssets(Action):
    """Find assets by words in their names, titles, notes and tags, or by what looks like one; without words, the newest."""

    type: Literal["asset.search"] = "asset.search"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=MODES)
    aliases: ClassVar = ("asset.list_by_project",)
    says: ClassVar = ("找一下灯塔的图片", "Find the pictures of the lighthouse")

    query: str = Field(default="", max_length=500)
    like: AssetId | None = Field(default=None, description="An asset whose look-alikes are wanted.")
    by: Literal["look", "meaning"] = "look"
    limit: int = Field(default=20, ge=1, le=200)

    def reads(self) -> Reads:
        """What the search finds."""
        return Reads(find=self._find())

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The assets, the best first."""
        found = view.found.get(self._find(), ())
        near = [{"distance": hit["distance"]} if "distance" in hit else {} for hit in found]
        return {"assets": [{**hit["asset"], **more} for hit, more in zip(found, near, strict=True)]}

    def _find(self) -> Find:
        return Find(words=self.query, like=self.like or "", by=self.by, limit=self.limit)


class AttachAsset(Action):
    """Let shots use an asset as a reference, or take it away from them."""

    type: Literal["asset.attach_to_shot"] = "asset.attach_to_shot"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("asset.attach",)
    presets: ClassVar = {"asset.detach_from_shot": {"attached": False}}
    says: ClassVar = ("把这张图用作第3个镜头的参考", "Use this picture as a reference for shot 3")

    asset: AssetId
    shots: Shots
    used_as: ReferenceRole | None = Field(
        default=None,
        validation_alias=AliasChoices("role", "used_as"),
        description="As what; else an image, or by its kind a sound or a clip.",
    )
    attached: bool = True

    def reads(self) -> Reads:
        """The asset and the shots with what they use."""
        return Reads(shots=(self.shots,), assets=(self.asset,))

    def plan(self, view: GraphView) -> Plan:
        """A use in each shot that has none yet, or every such use removed."""
        ref = known_asset(view, self.asset)
        role = self.used_as or (ROLES.get(ref.media_type.partition("/")[0], "image") if self.attached else None)
        draft = Draft(view)
        shots = view.at(self.shots)
        for shot in writable(draft, shots, many=len(shots) > 1):
            held = [
                use
                for use in draft.view.all(Use)
                if use.work_item_id == shot.id and use.asset_id == self.asset and role in {None, use.role}
            ]
            if self.attached and not held and role:
                use_id = view.new_id("use", shot.id, self.asset, role)
                draft.insert(Use(id=use_id, workspace_id=view.workspace_id, work_item_id=shot.id, asset_id=self.asset, role=role))
                draft.touch(shot.id)
            for use in held if not self.attached else ():
                # Taking a reference away deletes nothing: the asset stays.
                draft.change(use, removed=True)
                draft.touch(shot.id)
        if draft.ops:
            code = "asset.attached" if self.attached else "asset.detached"
            draft.say(code, shots=[view.number(shot) for shot in draft.touched], role=role, title=title_of(view, self.asset))
        return changed(draft)


ROLES: dict[str, ReferenceRole] = {"image": "image", "audio": "audio", "video": "video"}


def known_asset(view: GraphView, asset: str) -> Any:
    """The facts of an asset.

    Raises:
        NotFound: the project has no such asset.
    """
    ref = view.assets.get(asset)
    if ref is None:
        raise NotFound(f"there is no asset {asset} in this project; upload or import it first", asset=asset)
    return ref


def card_of(view: GraphView, asset: str) -> AssetCard | None:
    """What was said of an asset, if anything was."""
    return next((card for card in view.all(AssetCard) if card.asset_id == asset), None)


def new_card(view: GraphView, asset: str, **fields: Any) -> AssetCard:
    """A card for an asset that has none."""
    return AssetCard(id=view.new_id("card", asset), workspace_id=view.workspace_id, asset_id=asset, **fields)


def title_of(view: GraphView, asset: str) -> str:
    """What people call it, or the beginning of its id."""
    card = card_of(view, asset)
    return card.title if card and card.title else asset[:8]


def once(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Each tag once, however it is written, in the order they came."""
    kept: dict[str, str] = {}
    for tag in (one.strip() for one in tags):
        if tag:
            kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())
