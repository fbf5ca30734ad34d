"""Arrests that the body of a request names."""

from http import HTTPStatus

from shared.access import Action
from shared.alerts.number import parse_number
from shared.office_api import dependencies
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


def arrests_numbered(request: AuthorizedRequest, text: str, field: str) -> list[str]:
    """The ids of the arrests of the office's alerts with this number: several, where agencies reported one custody.
    Raises RefusalError (422) for a number that names none."""
    number = parse_number(text)
    alerts = dependencies.alerts.numbered(request.by.office.office_id, number) if number else []
    if not alerts:
        problem = FieldProblem(field=field, mend="names no alert of your office; copy it from one")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such alert.", [problem])
    return list(dict.fromkeys(alert.arrest_id for alert in alerts))
