from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import parts
from functions.office_api.access import asked_on
from functions.office_api.records import Filed, new_folder, of_folder, trees_of
from shared import filing
from shared.domain.folders import Folder, FolderId, FolderName, Role, Tab
from shared.domain.policy import Action
from shared.domain.value import Value

router = APIGatewayHttpRouter()
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Email = Annotated[str, Path(pattern=r"^[^@\s/]+@[^@\s/]+$", max_length=254)]
_TAGS = ["folders"]


class FolderView(BaseModel):
    """`yours` is your role on it, inherited ones included."""

    folder: Folder
    path: str
    yours: Role | None
    archived: bool


class Folders(BaseModel):
    items: list[FolderView]


class NewFolder(Value):
    name: FolderName
    tab: Tab = Tab.TEAM
    parent: FolderId | None = None
    unseen: bool = False


class Change(Value):
    """What is not said of `unseen` stays as it is."""

    name: FolderName
    parent: FolderId | None = None
    unseen: bool | None = None


class Granted(Value):
    role: Role


@router.get("/v1/folders", tags=_TAGS, summary="Your folders: My, Team and Pre-defined")
def index() -> Folders:
    asked = asked_on(router)
    found = (of_folder(asked.by, tree, one) for tree in trees_of(asked.by) for one in tree.folders)
    return Folders(items=[_view(one) for one in asked.those(Action.READ_FOLDER, found)])


@router.post("/v1/folders", tags=_TAGS, summary="A new category, group or sub-group")
def create(new: NewFolder) -> Response[FolderView]:
    """Categories of the Team and Pre-defined tabs are a super-owner's to make; what lies in a folder, its owners'."""
    asked = asked_on(router)
    place = asked.named("folder_id", new.parent, Action.PUT_FOLDER).the(Filed) if new.parent else None
    tab = place.folder.tab if place else new.tab
    tree = place.tree if place else next(one for one in trees_of(asked.by) if bool(one.person) is (tab is Tab.MY))
    if place is None:
        asked.about_also(Action.PUT_FOLDER, new_folder(asked.by, tree))
    folder = Folder(folder_id=uuid4().hex, tab=tab, name=new.name, parent=new.parent, unseen=new.unseen)
    filing.put(folder, tree, parts.subscriptions)
    view: Any = _view(Filed(tree.with_folder(folder), folder, asked.by.user.email))
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=view)


@router.get("/v1/folders/<folder_id>", tags=_TAGS, summary="One folder")
def show(folder_id: Id) -> FolderView:
    return _view(asked_on(router).the(Filed))


@router.put("/v1/folders/<folder_id>", tags=_TAGS, summary="Rename or move a folder with all that lies in it")
def change(folder_id: Id, wanted: Change) -> FolderView:
    """To move it, you must be an owner of the folder it goes to as well."""
    asked = asked_on(router)
    filed = asked.the(Filed)
    if wanted.parent != filed.folder.parent:
        if wanted.parent:
            asked.named("folder_id", wanted.parent, Action.PUT_FOLDER)
        else:
            asked.about_also(Action.PUT_FOLDER, new_folder(asked.by, filed.tree))
    unseen = filed.folder.unseen if wanted.unseen is None else wanted.unseen
    after = filed.folder.model_copy(update={"name": wanted.name, "parent": wanted.parent, "unseen": unseen})
    return _after(filed, filing.put(after, filed.tree, parts.subscriptions))


@router.delete("/v1/folders/<folder_id>", tags=_TAGS, summary="Delete a folder in which nothing lies")
def delete(folder_id: Id) -> Response[None]:
    asked = asked_on(router)
    filed = asked.the(Filed)
    filing.delete(filed.folder, filed.tree, asked.by.office, parts.subscriptions)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/v1/folders/<folder_id>/archive", tags=_TAGS, summary="Keep it for reading; it alerts no more")
def archive(folder_id: Id) -> FolderView:
    """A subscription that lies in another folder as well goes on alerting whoever has a role there."""
    filed = asked_on(router).the(Filed)
    return _after(filed, filing.archive(filed.folder, filed.tree, datetime.now(UTC), parts.subscriptions))


@router.delete("/v1/folders/<folder_id>/archive", tags=_TAGS, summary="Take an archived folder back into use")
def unarchive(folder_id: Id) -> FolderView:
    filed = asked_on(router).the(Filed)
    return _after(filed, filing.archive(filed.folder, filed.tree, None, parts.subscriptions))


@router.put("/v1/folders/<folder_id>/roles/<email>", tags=_TAGS, summary="Give somebody a role on it and all below")
def grant(folder_id: Id, email: Email, granted: Granted) -> FolderView:
    asked = asked_on(router)
    filed, to = asked.the(Filed), parts.users.find(asked.by.office.office_id, email)
    return _after(filed, filing.grant(filed.folder, filed.tree, to, granted.role, parts.subscriptions))


@router.delete("/v1/folders/<folder_id>/roles/<email>", tags=_TAGS, summary="Withdraw a role that was given here")
def withdraw(folder_id: Id, email: Email) -> FolderView:
    filed = asked_on(router).the(Filed)
    return _after(filed, filing.withdraw(filed.folder, filed.tree, email, parts.subscriptions))


def _after(filed: Filed, folder: Folder) -> FolderView:
    return _view(Filed(filed.tree.with_folder(folder), folder, filed.email))


def _view(filed: Filed) -> FolderView:
    tree, folder, email = filed
    return FolderView(
        folder=folder, path=tree.path(folder.folder_id), yours=tree.role(email, folder.folder_id),
        archived=tree.archived(folder.folder_id),
    )  # fmt: skip
