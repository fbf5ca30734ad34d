"""Arrests that the body of a request names."""

from http import HTTPStatus

from shared.access import Action
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.gate.resources import ReadableArrest, load_arrest
from shared.office_api.middleware.authorization import AuthorizedRequest


def readable_arrest(request: AuthorizedRequest, arrest_id: str, field: str) -> ReadableArrest:
    """Raises RefusalError (422) for an arrest that the caller may not read, which answers as one that is none."""
    loaded = load_arrest(request.by, arrest_id)
    allowed = request.filter_allowed(Action.READ_ARREST, [loaded]) if loaded else []
    if not allowed:
        problem = FieldProblem(field=field, mend="name arrests that you can open")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such arrest for you.", [problem])
    arrest: ReadableArrest = allowed[0]
    return arrest
