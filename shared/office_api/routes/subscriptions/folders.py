"""Folders of subscriptions: their tree, archive and roles."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.relations import folder_trees
from shared.office_api.gate.resources import FolderInTree, folder_resource, new_folder_resource
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.subscriptions import manage_folders
from shared.subscriptions.beliefs import NOTICE, may_name_belief
from shared.subscriptions.chosen_events import folder_sentence
from shared.subscriptions.events import EventGroups
from shared.subscriptions.folders.model import Folder, FolderId, FolderTree, NewFolderName, Role, Tab
from shared.value import FrozenModel

routes = Routes("folders")
router = routes.router
FolderIdPath = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the folder.")]
Email = Annotated[str, Path(pattern=r"^[^@\s/]+@[^@\s/]+$", max_length=254, description="The user's e-mail address.")]


class FolderView(BaseModel):
    """`yours` is your role on the folder, whether granted there or above. `tells_of` says of which events its
    subscriptions tell and of which not. `notice` says that somebody will look at its name; it is empty for most."""

    folder: Folder
    path: str
    yours: Role | None
    archived: bool
    tells_of: str
    notice: str = ""


class Folders(BaseModel):
    items: list[FolderView]


class NewFolder(FrozenModel):
    name: NewFolderName
    tab: Tab = Tab.TEAM
    parent: FolderId | None = None
    unseen: bool = False
    events: EventGroups = ()


class FolderChange(FrozenModel):
    """Without `unseen` or `events`, that setting stays as it is. An empty list of events: as the folder above says."""

    name: NewFolderName
    parent: FolderId | None = None
    unseen: bool | None = None
    events: EventGroups | None = None


class RoleGrant(FrozenModel):
    role: Role


@routes.get("/v1/folders", action=Action.LIST_FOLDERS, summary="List your folders")
def list_folders() -> Folders:
    """Those of the My, Team and Pre-defined tabs that you have a role on."""
    request = current_request(router)
    resources = (
        folder_resource(request.by, tree, folder) for tree in folder_trees(request.by) for folder in tree.folders
    )
    return Folders(items=[_view(folder) for folder in request.filter_allowed(Action.READ_FOLDER, resources)])


def _read_again(_ids: Ids, **_arguments: object) -> FolderView:
    return _view(current_request(router).resource(FolderInTree))


def _read_created(ids: Ids, **_arguments: object) -> FolderView:
    created = current_request(router).authorize_named("folder_id", ids["folder_id"], Action.READ_FOLDER)
    return _view(created.resource(FolderInTree))


@routes.post(
    "/v1/folders",
    action=Action.CREATE_FOLDERS,
    summary="Create a category, group or sub-group",
    example=examples.NEW_FOLDER,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_read_created, ids=lambda document: {"folder_id": document["folder"]["folder_id"]}),
)
def create_folder(new_folder: NewFolder) -> Response[FolderView]:
    """Super-owners create categories in the Team and Pre-defined tabs; everybody does in the My tab. The owners of a
    folder create folders inside it."""
    request = current_request(router)
    tree, tab = _place_of(new_folder, request)
    folder = Folder(
        folder_id=uuid4().hex, tab=tab, **new_folder.model_dump(include={"name", "parent", "unseen", "events"})
    )
    manage_folders.put_folder(folder, tree, request.caller.email, dependencies.subscriptions)
    view: Any = _view(FolderInTree(tree.with_folder(folder), folder, request.by.user.email))
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=view)


def _place_of(new_folder: NewFolder, request: AuthorizedRequest) -> tuple[FolderTree, Tab]:
    """Returns where a new folder goes: into its parent, or into a tab as a category. Raises RefusalError."""
    if new_folder.parent:
        parent = request.authorize_named("folder_id", new_folder.parent, Action.PUT_FOLDER).resource(FolderInTree)
        return parent.tree, parent.folder.tab
    office_tree, own_tree = folder_trees(request.by)
    tree = own_tree if new_folder.tab is Tab.MY else office_tree
    request.authorize_new(Action.PUT_FOLDER, new_folder_resource(request.by, tree))
    return tree, new_folder.tab


@routes.get("/v1/folders/{folder_id}", action=Action.READ_FOLDER, summary="Read a folder")
def read_folder(folder_id: FolderIdPath) -> FolderView:
    """With its path and your role on it."""
    return _view(current_request(router).resource(FolderInTree))


@routes.put(
    "/v1/folders/{folder_id}",
    action=Action.CHANGE_FOLDER,
    summary="Rename or move a folder",
    example=examples.FOLDER_CHANGE,
)
def change_folder(folder_id: FolderIdPath, folder_change: FolderChange) -> FolderView:
    """Everything inside moves with it. To move it, you must own the destination too, and it may give you no higher
    role on what moves. New `events` count for every arrest, release or other event that is matched from now on; what
    was told stays told."""
    request = current_request(router)
    place = request.resource(FolderInTree)
    if folder_change.parent != place.folder.parent:
        if folder_change.parent:
            request.authorize_named("folder_id", folder_change.parent, Action.PUT_FOLDER)
        else:
            request.authorize_new(Action.PUT_FOLDER, new_folder_resource(request.by, place.tree))
    unseen = place.folder.unseen if folder_change.unseen is None else folder_change.unseen
    events = place.folder.events if folder_change.events is None else folder_change.events
    changes = {"name": folder_change.name, "parent": folder_change.parent, "unseen": unseen, "events": events}
    after = place.folder.model_copy(update=changes)
    return _view_after(
        place, manage_folders.put_folder(after, place.tree, request.caller.email, dependencies.subscriptions)
    )


@routes.delete(
    "/v1/folders/{folder_id}",
    action=Action.CHANGE_FOLDER,
    summary="Delete an empty folder",
    success=(HTTPStatus.NO_CONTENT,),
)
def delete_folder(folder_id: FolderIdPath) -> Response[str]:
    """It may hold no folder and no active subscription."""
    request = current_request(router)
    place = request.resource(FolderInTree)
    manage_folders.delete_folder(place.folder, place.tree, request.by.office, dependencies.subscriptions)
    return Response(status_code=HTTPStatus.NO_CONTENT, body="")


@routes.post(
    "/v1/folders/{folder_id}/archive",
    action=Action.CHANGE_FOLDER,
    summary="Archive a folder",
    replay=Replay(answer=_read_again),
)
def archive_folder(folder_id: FolderIdPath) -> FolderView:
    """It stays readable and its subscriptions alert nobody through it. A subscription that is also in another folder
    goes on there."""
    place = current_request(router).resource(FolderInTree)
    archived = manage_folders.archive_folder(place.folder, place.tree, datetime.now(UTC), dependencies.subscriptions)
    return _view_after(place, archived)


@routes.delete(
    "/v1/folders/{folder_id}/archive", action=Action.CHANGE_FOLDER, summary="Take a folder out of the archive"
)
def unarchive_folder(folder_id: FolderIdPath) -> FolderView:
    """Its subscriptions alert again."""
    place = current_request(router).resource(FolderInTree)
    folder = manage_folders.archive_folder(place.folder, place.tree, None, dependencies.subscriptions)
    return _view_after(place, folder)


@routes.put(
    "/v1/folders/{folder_id}/roles/{email}",
    action=Action.CHANGE_FOLDER,
    summary="Grant a role on a folder",
    example=examples.ROLE,
)
def grant_role(folder_id: FolderIdPath, email: Email, grant_request: RoleGrant) -> FolderView:
    """The role holds for everything below the folder too. Everybody with a role is notified of matches in it. Nobody
    gives himself a higher role: a second person does that."""
    request = current_request(router)
    place, to = request.resource(FolderInTree), dependencies.users.find(request.by.office.office_id, email)
    by, role = request.caller.email, grant_request.role
    folder = manage_folders.grant_role(place.folder, place.tree, to, role, by, dependencies.subscriptions)
    return _view_after(place, folder)


@routes.delete(
    "/v1/folders/{folder_id}/roles/{email}", action=Action.CHANGE_FOLDER, summary="Revoke a role on a folder"
)
def revoke_role(folder_id: FolderIdPath, email: Email) -> FolderView:
    """Only a role that was granted on this folder itself."""
    place = current_request(router).resource(FolderInTree)
    folder = manage_folders.revoke_role(place.folder, place.tree, email, dependencies.subscriptions)
    return _view_after(place, folder)


def _view_after(place: FolderInTree, folder: Folder) -> FolderView:
    return _view(FolderInTree(place.tree.with_folder(folder), folder, place.email))


def _view(place: FolderInTree) -> FolderView:
    tree, folder, email = place
    return FolderView(
        folder=folder,
        path=tree.path(folder.folder_id),
        yours=tree.role_of(email, folder.folder_id),
        archived=tree.is_archived(folder.folder_id),
        tells_of=folder_sentence(tree.events_of(folder.folder_id)),
        notice=NOTICE if may_name_belief(folder.name) else "",
    )
