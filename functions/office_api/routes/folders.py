from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.resources import Filed, new_folder, of_folder, trees_of
from shared.access import Action
from shared.subscriptions import manage_folders
from shared.subscriptions.folders.model import Folder, FolderId, FolderName, Role, Tab
from shared.value import FrozenModel

routes = Routes("folders")
router = routes.router
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Email = Annotated[str, Path(pattern=r"^[^@\s/]+@[^@\s/]+$", max_length=254)]


class FolderView(BaseModel):
    """`yours` is your role on it, inherited ones included."""

    folder: Folder
    path: str
    yours: Role | None
    archived: bool


class Folders(BaseModel):
    items: list[FolderView]


class NewFolder(FrozenModel):
    name: FolderName
    tab: Tab = Tab.TEAM
    parent: FolderId | None = None
    unseen: bool = False


class FolderChange(FrozenModel):
    """What is not said of `unseen` stays as it is."""

    name: FolderName
    parent: FolderId | None = None
    unseen: bool | None = None


class Granted(FrozenModel):
    role: Role


@routes.get("/v1/folders", action=Action.LIST_FOLDERS, summary="Your folders: My, Team and Pre-defined")
def index() -> Folders:
    request = current_request(router)
    resources = (of_folder(request.by, tree, folder) for tree in trees_of(request.by) for folder in tree.folders)
    return Folders(items=[_view(one) for one in request.filter_allowed(Action.READ_FOLDER, resources)])


@routes.post(
    "/v1/folders",
    action=Action.CREATE_FOLDERS,
    summary="A new category, group or sub-group",
    success=(HTTPStatus.CREATED,),
)
def create(new: NewFolder) -> Response[FolderView]:
    """Categories of the Team and Pre-defined tabs are a super-owner's to make; what lies in a folder, its owners'."""
    request = current_request(router)
    place = request.named("folder_id", new.parent, Action.PUT_FOLDER).resource(Filed) if new.parent else None
    tab = place.folder.tab if place else new.tab
    tree = (
        place.tree
        if place
        else next(folder_tree for folder_tree in trees_of(request.by) if bool(folder_tree.person) is (tab is Tab.MY))
    )
    if place is None:
        request.authorize_new(Action.PUT_FOLDER, new_folder(request.by, tree))
    folder = Folder(folder_id=uuid4().hex, tab=tab, name=new.name, parent=new.parent, unseen=new.unseen)
    manage_folders.put_folder(folder, tree, dependencies.subscriptions)
    view: Any = _view(Filed(tree.with_folder(folder), folder, request.by.user.email))
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=view)


@routes.get("/v1/folders/{folder_id}", action=Action.READ_FOLDER, summary="One folder")
def show(folder_id: Id) -> FolderView:
    return _view(current_request(router).resource(Filed))


@routes.put(
    "/v1/folders/{folder_id}", action=Action.CHANGE_FOLDER, summary="Rename or move a folder with all that lies in it"
)
def change(folder_id: Id, folder_change: FolderChange) -> FolderView:
    """To move it, you must be an owner of the folder it goes to as well."""
    request = current_request(router)
    filed = request.resource(Filed)
    if folder_change.parent != filed.folder.parent:
        if folder_change.parent:
            request.named("folder_id", folder_change.parent, Action.PUT_FOLDER)
        else:
            request.authorize_new(Action.PUT_FOLDER, new_folder(request.by, filed.tree))
    unseen = filed.folder.unseen if folder_change.unseen is None else folder_change.unseen
    after = filed.folder.model_copy(
        update={"name": folder_change.name, "parent": folder_change.parent, "unseen": unseen}
    )
    return _after(filed, manage_folders.put_folder(after, filed.tree, dependencies.subscriptions))


@routes.delete("/v1/folders/{folder_id}", action=Action.CHANGE_FOLDER, summary="Delete a folder in which nothing lies")
def delete(folder_id: Id) -> Response[None]:
    request = current_request(router)
    filed = request.resource(Filed)
    manage_folders.delete_folder(filed.folder, filed.tree, request.by.office, dependencies.subscriptions)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@routes.post(
    "/v1/folders/{folder_id}/archive", action=Action.CHANGE_FOLDER, summary="Keep it for reading; it alerts no more"
)
def archive(folder_id: Id) -> FolderView:
    """A subscription that lies in another folder as well goes on alerting whoever has a role there."""
    filed = current_request(router).resource(Filed)
    return _after(
        filed, manage_folders.archive_folder(filed.folder, filed.tree, datetime.now(UTC), dependencies.subscriptions)
    )


@routes.delete(
    "/v1/folders/{folder_id}/archive", action=Action.CHANGE_FOLDER, summary="Take an archived folder back into use"
)
def unarchive(folder_id: Id) -> FolderView:
    filed = current_request(router).resource(Filed)
    return _after(filed, manage_folders.archive_folder(filed.folder, filed.tree, None, dependencies.subscriptions))


@routes.put(
    "/v1/folders/{folder_id}/roles/{email}",
    action=Action.CHANGE_FOLDER,
    summary="Give somebody a role on it and all below",
)
def grant(folder_id: Id, email: Email, granted: Granted) -> FolderView:
    request = current_request(router)
    filed, to = request.resource(Filed), dependencies.users.find(request.by.office.office_id, email)
    return _after(
        filed, manage_folders.grant_role(filed.folder, filed.tree, to, granted.role, dependencies.subscriptions)
    )


@routes.delete(
    "/v1/folders/{folder_id}/roles/{email}", action=Action.CHANGE_FOLDER, summary="Withdraw a role that was given here"
)
def withdraw(folder_id: Id, email: Email) -> FolderView:
    filed = current_request(router).resource(Filed)
    return _after(filed, manage_folders.revoke_role(filed.folder, filed.tree, email, dependencies.subscriptions))


def _after(filed: Filed, folder: Folder) -> FolderView:
    return _view(Filed(filed.tree.with_folder(folder), folder, filed.email))


def _view(filed: Filed) -> FolderView:
    tree, folder, email = filed
    return FolderView(
        folder=folder,
        path=tree.path(folder.folder_id),
        yours=tree.role_of(email, folder.folder_id),
        archived=tree.is_archived(folder.folder_id),
    )
