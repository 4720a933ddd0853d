"""The tools beside the actions: finding projects, reading them, several actions at once, and deciding on proposals."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID, uuid4

from pydantic import Field

from storyreel.actions.base import Asked
from storyreel.mcp import told
from storyreel.mcp.client import Api, Json
from storyreel.mcp.told import Told
from storyreel.model.base import Frozen

PROJECT = "Which project, by id or name; may be left out where there is only one."
STORY = frozenset({"agent", "pro"})
EVERYWHERE = frozenset({"agent", "pro", "draft"})


class House(Frozen):
    """A tool of the house. Its docstring is what the assistant reads."""

    name: ClassVar[str]
    modes: ClassVar[frozenset[str]] = EVERYWHERE
    reads: ClassVar[bool] = False

    async def run(self, api: Api) -> Told:
        """Ask the API, and tell what it answered."""
        raise NotImplementedError


class OfProject(House):
    """A tool about one project."""

    project: str = Field(default="", description=PROJECT)


class ListProjects(House):
    """List the projects, newest first, with their ids, names and states."""

    name: ClassVar = "list_projects"
    reads: ClassVar = True

    async def run(self, api: Api) -> Told:
        """All of them."""
        return told.found({"projects": await api.projects()})


class ReadOutline(OfProject):
    """Read the film of a project: its scenes and shots, a line each, with their numbers and what they show."""

    name: ClassVar = "read_outline"
    modes: ClassVar = STORY
    reads: ClassVar = True

    at: str | None = Field(default=None, description="A place in the history: a revision, or a saved version's name. Else now.")

    async def run(self, api: Api) -> Told:
        """The outline."""
        return told.found(await api.get(f"{await api.project(self.project)}/outline", at=self.at))


class ReadShot(OfProject):
    """Read one shot in full: picture, camera, lines, people, what is selected and what was made for it."""

    name: ClassVar = "read_shot"
    modes: ClassVar = STORY
    reads: ClassVar = True

    shot: str = Field(min_length=1, description="Its number as the person sees it, or its label.")

    async def run(self, api: Api) -> Told:
        """The shot."""
        return await act(api, self.project, "shot.view", {"shot": self.shot})


class Perform(OfProject):
    """Do several actions in one go: all of them, or none. A later action names what an earlier one made by its `as`, as '$name'.

    What needs a person's consent is not done but comes back as a proposal.
    """

    name: ClassVar = "perform"
    mode: ClassVar[Literal["execute", "propose"]] = "execute"

    actions: tuple[Asked, ...] = Field(
        min_length=1, max_length=2000, description="Each with its `type` (as `shot.update`), `args`, and where wanted `as`."
    )
    intent: str = Field(default="", max_length=2000, description="What the person wants, in a few words.")
    base_revision: int | None = Field(
        default=None, ge=0, description="The revision that was read; what others changed since is held."
    )
    request_id: UUID | None = Field(default=None, description="The same id sent twice is done once.")
    episode: UUID | None = None

    async def run(self, api: Api) -> Told:
        """What came of the envelope."""
        body = self.model_dump(mode="json", by_alias=True, exclude={"project"}, exclude_none=True) | {"mode": self.mode}
        return told.outcome(await api.post(f"{await api.project(self.project)}/actions", body), api.language)


class Propose(Perform):
    """Prepare several actions and do none: the answer is a proposal with its changes and its price, which approve carries out."""

    name: ClassVar = "propose"
    mode: ClassVar = "propose"


class OpenProposals(OfProject):
    """List the proposals that wait for a yes or a no, with their changes and prices."""

    name: ClassVar = "open_proposals"
    reads: ClassVar = True

    async def run(self, api: Api) -> Told:
        """The newest of them."""
        where = await api.project(self.project)
        page: Json = await api.get(f"{where}/proposals", limit=50, language=api.language)
        words = [told.proposal(one["proposal"], where.rpartition("/")[2], api.language) for one in page["items"]]
        none = "没有等待同意的提议。" if api.language == "zh" else "No proposal waits."
        return Told("\n\n".join(words) or none, page)


class Decide(OfProject):
    """A tool that decides on a proposal."""

    proposal: UUID = Field(description="The proposal's id.")

    async def decide(self, api: Api, verb: str) -> tuple[Json, str]:
        """What the API answered, and the project's id."""
        where = await api.project(self.project)
        answer: Json = await api.post(f"{where}/proposals/{self.proposal}/{verb}")
        return answer, where.rpartition("/")[2]


class Approve(Decide):
    """Carry out a proposal, after the person has agreed to it. It is priced again first, and asks again where it became dearer."""

    name: ClassVar = "approve"

    async def run(self, api: Api) -> Told:
        """What was done."""
        done, _ = await self.decide(api, "approve")
        return told.outcome(done, api.language)


class Reject(Decide):
    """Turn a proposal down; nothing else changes."""

    name: ClassVar = "reject"

    async def run(self, api: Api) -> Told:
        """The proposal as it stands."""
        facts, project = await self.decide(api, "reject")
        return Told(told.proposal(facts, project, api.language), facts)


class Undo(OfProject):
    """Take back the last thing that a person did; again for the one before."""

    name: ClassVar = "undo"

    revision: int | None = Field(default=None, ge=1, description="A certain commit; without it, the last one.")

    async def run(self, api: Api) -> Told:
        """What was taken back."""
        return await act(api, self.project, "version.undo", {} if self.revision is None else {"revision": self.revision})


class TaskStatus(OfProject):
    """How the renders stand: counts by state, and each open task with its stage, progress and remaining time."""

    name: ClassVar = "task_status"
    reads: ClassVar = True

    async def run(self, api: Api) -> Told:
        """Counts and tasks."""
        return await act(api, self.project, "task.status", {})


HOUSE: tuple[type[House], ...] = (
    ListProjects,
    ReadOutline,
    ReadShot,
    Perform,
    Propose,
    OpenProposals,
    Approve,
    Reject,
    Undo,
    TaskStatus,
)


async def act(
    api: Api, project: str, action: str, args: Json, *, mode: Literal["execute", "propose"] = "execute", reason: str = ""
) -> Told:
    """One action through the one door of the API."""
    asked: dict[str, Any] = {"type": action, "args": args, "reason": reason}
    body = {"request_id": str(uuid4()), "mode": mode, "intent": reason or action, "actions": [asked]}
    # A new project is told to an address that nobody has yet.
    where = f"/v1/workspaces/{uuid4()}" if action == "project.create" else await api.project(project)
    return told.outcome(await api.post(f"{where}/actions", body), api.language)
