"""Views of a small film, built of rows with no database; `made` puts a stage's result where a commit would put it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from storyreel.model.base import AssetRef
from storyreel.model.rows import Cast, Character, Episode, Node, Profile, Scene, SceneSpec, Slot, WorkItem, Workspace
from storyreel.model.spec import CameraSpec, Line, Look, PictureSpec, ShotSpec
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.stage import Result
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import take_of, wanted_key, wanted_request

PNG = AssetRef(id="a" * 64, media_type="image/png", width_px=704, height_px=396)


def shot_view(
    *,
    lines: dict[str, Line] | None = None,
    people: tuple[str, ...] = ("Anna",),
    frames: int = 48,
    number: int = 1,
    spec: Any = None,
    **profile: Any,
) -> ShotView:
    """One shot of a keeper of a lighthouse, 360p, a grid of four."""
    ws = uuid4()
    profile = {"resolution": "360p", "language": "en", **profile}
    episode = Episode(id=uuid4(), workspace_id=ws, order_key="a", language=profile["language"], title="One night")
    scene = Scene(
        id=uuid4(),
        workspace_id=ws,
        episode_id=episode.id,
        order_key="a",
        spec=SceneSpec(place="a lighthouse", time="night", weather="rain", mood="mystery"),
    )
    spec = spec or ShotSpec(
        picture=PictureSpec(subject="A woman lights the lamp"), camera=CameraSpec(size="MS", move="push_in"), lines=lines or {}
    )
    shot = WorkItem(
        id=uuid4(),
        workspace_id=ws,
        kind="shot",
        scene_id=scene.id,
        order_key=f"a{number}",
        label=f"shot-{number}",
        frames=frames,
        spec=spec,
    )
    persons = [
        Character(id=uuid4(), workspace_id=ws, name=name, look=Look(seed=place, gender="woman"))
        for place, name in enumerate(people)
    ]
    cast = tuple(
        (
            Cast(
                id=uuid4(),
                workspace_id=ws,
                work_item_id=shot.id,
                character_id=person.id,
                order_key=str(place),
                action="holds a lamp",
            ),
            person,
        )
        for place, person in enumerate(persons)
    )
    workspace = Workspace(id=ws, name="The lighthouse", profile=Profile(**profile))
    return ShotView(
        workspace=workspace,
        episode=episode,
        scene=scene,
        shot=shot,
        number=number,
        cast=cast,
        selected={},
        uses=(),
        tracks=(),
        assets={},
    )


def episode_view(*shots: ShotView, **more: Any) -> EpisodeView:
    """A film of shots."""
    first = shots[0]
    return EpisodeView(workspace=first.workspace, episode=first.episode, script=None, shots=shots, **more)


def with_spec(view: ShotView, **changes: Any) -> ShotView:
    """The shot with parts of its spec changed: `picture=...`, `camera=...`, `lines=...`, `audio=...`."""
    return replace(view, shot=view.shot.model_copy(update={"spec": view.shot.spec.model_copy(update=changes)}))


def with_profile(view: ShotView, **changes: Any) -> ShotView:
    """The shot in a project with another profile."""
    profile = view.workspace.profile.model_copy(update=changes)
    return replace(view, workspace=view.workspace.model_copy(update={"profile": profile}))


def node(view: ShotView, kind: Any, asset: AssetRef | None = None, **more: Any) -> Node:
    """A node of the shot."""
    return Node(
        id=more.pop("id", uuid4()),
        workspace_id=view.workspace.id,
        kind=kind,
        work_item_id=view.shot.id,
        asset_id=asset.id if asset else None,
        **more,
    )


def selected(view: ShotView, slot: Slot, chosen: Node, asset: AssetRef | None = None) -> ShotView:
    """The shot with a slot filled."""
    assets = {**view.assets, asset.id: asset} if asset else view.assets
    shot = view.shot.model_copy(update={f"{slot}_node_id": chosen.id})
    return replace(view, shot=shot, selected={**view.selected, slot: chosen}, assets=assets)


def made(stage: Any, view: ShotView, result: Result) -> ShotView:
    """The shot after a stage's result was recorded."""
    key, take, request = wanted_key(stage, view), take_of(stage, view), wanted_request(stage, view)
    ids: list[UUID] = [uuid4() for _ in result.nodes]
    nodes = [
        node(
            view,
            new.kind,
            new.asset,
            id=new_id,
            stage=stage,
            key=key or "",
            take=take,
            cell=new.cell,
            facts=new.facts,
            parent_id=None if new.parent is None else ids[new.parent],
            request=request.model_dump(mode="json") if request and new.parent is None else {},
        )
        for new, new_id in zip(result.nodes, ids, strict=True)
    ]
    assets = {**view.assets, **{new.asset.id: new.asset for new in result.nodes if new.asset}}
    view = replace(view, assets=assets)
    if nodes:
        view = replace(view, latest={**view.latest, stage: nodes[0]})
    if stage == "grid":
        view = replace(view, cells=tuple(one for one in nodes if one.cell is not None))
    if result.slot and result.select is not None:
        view = selected(view, result.slot, nodes[result.select])
    if result.slot and result.candidate is not None:
        view = selected(view, result.slot, view.cells[result.candidate])
    return view


async def run(stage: Any, view: ShotView, kit: Any) -> tuple[ShotView, Result]:
    """Run a stage on a shot and record its result."""
    taken = replace(view, takes={**view.takes, stage: take_of(stage, view)})
    result = await STAGES[stage].make(STAGES[stage].request(taken), kit)
    return made(stage, view, result), result


def made_cut(stage: Any, view: EpisodeView, result: Result) -> EpisodeView:
    """The episode after a stage's result was recorded."""
    request = wanted_request(stage, view)
    new = result.nodes[0]
    kept = Node(
        id=uuid4(),
        workspace_id=view.workspace.id,
        kind=new.kind,
        episode_id=view.episode.id,
        stage=stage,
        key=wanted_key(stage, view) or "",
        asset_id=new.asset.id if new.asset else None,
        facts=new.facts,
        request=request.model_dump(mode="json") if request else {},
    )
    assets = {**view.assets, new.asset.id: new.asset} if new.asset else view.assets
    return replace(view, latest={**view.latest, stage: kept}, assets=assets)
