"""A parameter that nobody reads is refused: whoever misspells a filter must not get the list without it."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Entry
from shared.office_api.middleware.authorization import endpoint_of

_LONGEST_REPEATED = 40  # characters of a name that the answer repeats


def refuse_unknown_parameters(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Runs after the gate. Raises RefusalError 422 that names each unknown parameter and lists the known ones.

    A signed link takes any: mail programs and their scanners add parameters of their own.
    """
    endpoint = endpoint_of(app)
    if endpoint and endpoint.entry is Entry.SIGNED_IN:
        known = [field.alias for field in app.context["_route"].dependant.query_params]
        if unknown := sorted(set(app.current_event.query_string_parameters or {}) - set(known)):
            raise _refusal(unknown, known)
    return next_middleware(app)


def _refusal(unknown: Iterable[str], known: list[str]) -> RefusalError:
    choice = f"the parameters of this route are {', '.join(known)}" if known else "this route takes no parameters"
    problems = [
        FieldProblem(field=name[:_LONGEST_REPEATED], mend=f"is not known; remove it or correct its spelling: {choice}")
        for name in unknown
    ]
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has parameters that nobody reads.", problems)
