"""Folders: the tree, one folder with its roles and watches, and what its owners change."""

from functions.console.api import ApiRefusedError
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.watches.watch_forms import EVENTS
from functions.console.pages.watches.watches import DUE, STANDS
from functions.console.visit import Visit
from shared.office_api.routes.office.users import ColleaguesView
from shared.office_api.routes.subscriptions.folders import Folders, FolderView
from shared.office_api.routes.subscriptions.subscription_search import FoundSubscriptions
from shared.offices.users import Right
from shared.subscriptions.folders.model import Role, Tab

pages = Pages()
LIST = "/console/folders"
FOLDER = "/v1/folders/{folder_id}"
TABS = {Tab.MY: "My folders", Tab.TEAM: "Team", Tab.PREDEFINED: "Pre-defined"}
ROLES = [
    (Role.VISITOR.value, "Visitor: reads and is told"),
    (Role.EDITOR.value, "Editor: changes watches, too"),
    (Role.OWNER.value, "Owner: gives roles, too"),
]


@pages.get(LIST, nav="folders")
def list_folders(visit: Visit) -> HtmlPage:
    return _list_page(visit)


def _list_page(visit: Visit, errors: list[FormError] | None = None, name: str = "") -> HtmlPage:
    views = visit.api.get("/v1/folders", Folders).items
    trees = [(title, _nested([view for view in views if view.folder.tab is tab])) for tab, title in TABS.items()]
    values = {"trees": trees, "name": name, "tabs": [(Tab.MY.value, "Mine alone"), (Tab.TEAM.value, "For a team")]}
    return HtmlPage(template="folders/list.html", title="Folders", values=values, errors=errors or ())


def _nested(views: list[FolderView]) -> list[tuple[FolderView, int]]:
    """Each with its depth, in the order of their paths."""
    return [(view, view.path.count(" > ")) for view in sorted(views, key=lambda view: view.path.casefold())]


@pages.post(LIST, nav="folders")
def create(visit: Visit) -> HtmlPage | Redirect:
    """A category, or a folder in the one whose page sent the form."""
    name, parent = visit.form.text("name"), visit.form.text("parent")
    body = {"name": name, "tab": visit.form.text("tab") or Tab.MY.value} | ({"parent": parent} if parent else {})
    try:
        view = FolderView.model_validate(visit.api.send("POST", "/v1/folders", body, key=visit.form.key))
    except ApiRefusedError as refused:
        errors = form_errors(refused, {"name": "name", "parent": "name"})
        return _folder_page(visit, parent, errors) if parent else _list_page(visit, errors, name)
    return Redirect(f"{LIST}/{view.folder.folder_id}", "folder made")


@pages.get(LIST + "/{folder_id}", nav="folders")
def show_folder(visit: Visit, folder_id: str) -> HtmlPage:
    return _folder_page(visit, folder_id)


def _folder_page(visit: Visit, id_: str, errors: list[FormError] | None = None) -> HtmlPage:
    view = visit.api.get(FOLDER, FolderView, folder_id=id_)
    may_change, me = _may_change(visit, view), visit.session.person.email
    people = visit.api.get("/v1/colleagues", ColleaguesView).items if may_change else []
    names = {person.email: person.name or person.email for person in people}
    watches = FoundSubscriptions.model_validate(
        visit.api.send("POST", "/v1/subscriptions/search", {"folder": id_}, query={"limit": 50})
    )
    others = [other for other in visit.api.get("/v1/folders", Folders).items if other.folder.folder_id != id_]
    return HtmlPage(
        template="folders/folder.html",
        title=view.path,
        errors=errors or (),
        values={
            "view": view,
            "folder": view.folder,
            "may_change": may_change,
            "members": [(email, names.get(email, email), role) for email, role in view.folder.roles.items()],
            "colleagues": [
                person for person in people if person.email not in view.folder.roles and person.email != me
            ],
            "roles": ROLES,
            "role_words": dict(ROLES),
            "events": EVENTS,
            "watches": watches,
            "stands": STANDS,
            "due": DUE,
            "children": [other for other in others if other.folder.parent == id_],
            "parents": [("", "None: it is a category"), *(
                (other.folder.folder_id, other.path) for other in others if other.folder.tab is view.folder.tab
            )],
        },
    )  # fmt: skip


def _may_change(visit: Visit, view: FolderView) -> bool:
    """Whether the forms are worth showing; the API decides. A super-owner keeps the folders of teams, with or without a
    role on them."""
    keeps = Right.SUPER_OWNER in visit.session.person.rights and view.folder.tab is not Tab.MY
    return keeps or view.yours is Role.OWNER


@pages.post(LIST + "/{folder_id}", nav="folders")
def rename(visit: Visit, folder_id: str) -> HtmlPage | Redirect:
    """Its name, its place, and of which events its watches tell."""
    name, parent = visit.form.text("name"), visit.form.text("parent") or None
    body = {"name": name, "parent": parent, "events": visit.form.texts("events")}
    try:
        visit.api.send("PUT", FOLDER, body, folder_id=folder_id)
    except ApiRefusedError as refused:
        return _folder_page(
            visit, folder_id, form_errors(refused, {"name": "rename", "parent": "parent", "events.0": "events"})
        )
    return Redirect(f"{LIST}/{folder_id}", "folder changed")


@pages.post(LIST + "/{folder_id}/roles", nav="folders")
def change_role(visit: Visit, folder_id: str) -> HtmlPage | Redirect:
    email, role = visit.form.text("colleague"), visit.form.text("role")
    if not email:
        return _folder_page(visit, folder_id, [FormError("colleague", "Choose a colleague.")])
    path = f"{FOLDER}/roles/{{email}}"
    try:
        if role:
            visit.api.send("PUT", path, {"role": role}, folder_id=folder_id, email=email)
        else:
            visit.api.send("DELETE", path, folder_id=folder_id, email=email)
    except ApiRefusedError as refused:
        return _folder_page(visit, folder_id, form_errors(refused, {"role": "colleague"}))
    return Redirect(f"{LIST}/{folder_id}", "role given" if role else "role taken away")


@pages.post(LIST + "/{folder_id}/archive", nav="folders")
def archive(visit: Visit, folder_id: str) -> Redirect:
    method = "DELETE" if visit.form.text("undo") else "POST"
    visit.api.send(method, f"{FOLDER}/archive", key=visit.form.key, folder_id=folder_id)
    return Redirect(f"{LIST}/{folder_id}", "folder back" if method == "DELETE" else "folder archived")


@pages.post(LIST + "/{folder_id}/delete", nav="folders")
def delete(visit: Visit, folder_id: str) -> HtmlPage | Redirect:
    """Only an empty folder; the API says what is still in it."""
    try:
        visit.api.send("DELETE", FOLDER, folder_id=folder_id)
    except ApiRefusedError as refused:
        if refused.status == 404:
            raise
        return _folder_page(visit, folder_id, [FormError("", refused.detail)])
    return Redirect(LIST, "folder deleted")
