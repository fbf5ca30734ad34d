"""The folders that somebody may put watches into, as the choices of a form."""

from functions.console.visit import Visit
from shared.office_api.routes.subscriptions.folders import Folders
from shared.subscriptions.folders.model import Role

MAY_FILE = frozenset({Role.OWNER, Role.EDITOR})


def folder_choices(visit: Visit) -> list[tuple[str, str]]:
    """Id and path of each, behind the choice of none."""
    views = visit.api.get("/v1/folders", Folders).items
    own = ((view.folder.folder_id, view.path) for view in views if view.yours in MAY_FILE and not view.archived)
    return [("", "None: they are mine alone"), *own]
