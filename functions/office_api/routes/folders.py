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
from functions.office_api.resources import FolderInTree, folder_resource, folder_trees, new_folder_resource
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


class RoleGrant(FrozenModel):
    role: Role


@routes.get("/v1/folders", action=Action.LIST_FOLDERS, summary="Your folders: My, Team and Pre-defined")
def index() -> Folders:
    request = current_request(router)
    resources = (
        folder_resource(request.by, tree, folder) for tree in folder_trees(request.by) for folder in tree.folders
    )
    return Folders(items=[_view(folder) for folder in request.filter_allowed(Action.READ_FOLDER, resources)])


@routes.post(
    "/v1/folders",
    action=Action.CREATE_FOLDERS,
    summary="A new category, group or sub-group",
    success=(HTTPStatus.CREATED,),
)
def create(new: NewFolder) -> Response[FolderView]:
    """Categories of the Team and Pre-defined tabs are a super-owner's to make; what lies in a folder, its owners'."""
    request = current_request(router)
    place = (
        request.authorize_named("folder_id", new.parent, Action.PUT_FOLDER).resource(FolderInTree)
        if new.parent
        else None
    )
    tab = place.folder.tab if place else new.tab
    tree = (
        place.tree
        if place
        else next(
            folder_tree for folder_tree in folder_trees(request.by) if bool(folder_tree.person) is (tab is Tab.MY)
        )
    )
    if place is None:
        request.authorize_new(Action.PUT_FOLDER, new_folder_resource(request.by, tree))
    folder = Folder(folder_id=uuid4().hex, tab=tab, name=new.name, parent=new.parent, unseen=new.unseen)
    manage_folders.put_folder(folder, tree, dependencies.subscriptions)
    view: Any = _view(FolderInTree(tree.with_folder(folder), folder, request.by.user.email))
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=view)


@routes.get("/v1/folders/{folder_id}", action=Action.READ_FOLDER, summary="One folder")
def show(folder_id: Id) -> FolderView:
    return _view(current_request(router).resource(FolderInTree))


@routes.put(
    "/v1/folders/{folder_id}", action=Action.CHANGE_FOLDER, summary="Rename or move a folder with all that lies in it"
)
def change(folder_id: Id, folder_change: FolderChange) -> FolderView:
    """To move it, you must be an owner of the folder it goes to as well."""
    request = current_request(router)
    folder_in_tree = request.resource(FolderInTree)
    if folder_change.parent != folder_in_tree.folder.parent:
        if folder_change.parent:
            request.authorize_named("folder_id", folder_change.parent, Action.PUT_FOLDER)
        else:
            request.authorize_new(Action.PUT_FOLDER, new_folder_resource(request.by, folder_in_tree.tree))
    unseen = folder_in_tree.folder.unseen if folder_change.unseen is None else folder_change.unseen
    after = folder_in_tree.folder.model_copy(
        update={"name": folder_change.name, "parent": folder_change.parent, "unseen": unseen}
    )
    return _after(folder_in_tree, manage_folders.put_folder(after, folder_in_tree.tree, dependencies.subscriptions))


@routes.delete("/v1/folders/{folder_id}", action=Action.CHANGE_FOLDER, summary="Delete a folder in which nothing lies")
def delete(folder_id: Id) -> Response[None]:
    request = current_request(router)
    folder_in_tree = request.resource(FolderInTree)
    manage_folders.delete_folder(
        folder_in_tree.folder, folder_in_tree.tree, request.by.office, dependencies.subscriptions
    )
    return Response(status_code=HTTPStatus.NO_CONTENT)


@routes.post(
    "/v1/folders/{folder_id}/archive", action=Action.CHANGE_FOLDER, summary="Keep it for reading; it alerts no more"
)
def archive(folder_id: Id) -> FolderView:
    """A subscription that lies in another folder as well goes on alerting whoever has a role there."""
    folder_in_tree = current_request(router).resource(FolderInTree)
    return _after(
        folder_in_tree,
        manage_folders.archive_folder(
            folder_in_tree.folder, folder_in_tree.tree, datetime.now(UTC), dependencies.subscriptions
        ),
    )


@routes.delete(
    "/v1/folders/{folder_id}/archive", action=Action.CHANGE_FOLDER, summary="Take an archived folder back into use"
)
def unarchive(folder_id: Id) -> FolderView:
    folder_in_tree = current_request(router).resource(FolderInTree)
    return _after(
        folder_in_tree,
        manage_folders.archive_folder(folder_in_tree.folder, folder_in_tree.tree, None, dependencies.subscriptions),
    )


@routes.put(
    "/v1/folders/{folder_id}/roles/{email}",
    action=Action.CHANGE_FOLDER,
    summary="Give somebody a role on it and all below",
)
def grant(folder_id: Id, email: Email, grant_request: RoleGrant) -> FolderView:
    request = current_request(router)
    folder_in_tree, to = request.resource(FolderInTree), dependencies.users.find(request.by.office.office_id, email)
    return _after(
        folder_in_tree,
        manage_folders.grant_role(
            folder_in_tree.folder, folder_in_tree.tree, to, grant_request.role, dependencies.subscriptions
        ),
    )


@routes.delete(
    "/v1/folders/{folder_id}/roles/{email}", action=Action.CHANGE_FOLDER, summary="Withdraw a role that was given here"
)
def withdraw(folder_id: Id, email: Email) -> FolderView:
    folder_in_tree = current_request(router).resource(FolderInTree)
    return _after(
        folder_in_tree,
        manage_folders.revoke_role(folder_in_tree.folder, folder_in_tree.tree, email, dependencies.subscriptions),
    )


def _after(folder_in_tree: FolderInTree, folder: Folder) -> FolderView:
    return _view(FolderInTree(folder_in_tree.tree.with_folder(folder), folder, folder_in_tree.email))


def _view(folder_in_tree: FolderInTree) -> FolderView:
    tree, folder, email = folder_in_tree
    return FolderView(
        folder=folder,
        path=tree.path(folder.folder_id),
        yours=tree.role_of(email, folder.folder_id),
        archived=tree.is_archived(folder.folder_id),
    )
