"""The list of alerts: the newest first, filtered, counted, and what waits for an answer."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from shared.access import Action
from shared.alerts.model import Alert
from shared.alerts.number import has_valid_check, parse_number
from shared.alerts.table import place_behind
from shared.alerts.view import ShownAlert
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.listed_alerts import (
    AlertCounts,
    AlertFilter,
    AlertSummary,
    ListedAlert,
    count_alerts,
    days_between,
    most_urgent_waiting,
    newest_alerts,
    readable_alerts,
    summaries,
)
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.offices.preferences import Urgency

routes = Routes("alerts")
router = routes.router
_PAGES_LOOKED_THROUGH, _LOOKED_THROUGH_AT_ONCE = 5, 100  # for alerts that fit the filters, a request


class AlertsPage(BaseModel):
    """`summaries` has what a list shows of each of `items`, in the same order. `counts` is null unless asked for.
    `waiting` comes with them: of the counted alerts those that nobody has acknowledged and that fit the filters, the
    most urgent first, at most `limit`."""

    items: list[ShownAlert]
    summaries: list[AlertSummary]
    next: str | None
    counts: AlertCounts | None = None
    waiting: list[AlertSummary] | None = None


@routes.get("/v1/alerts", action=Action.LIST_ALERTS, summary="List your alerts, newest first")
def list_alerts(  # noqa: PLR0913, PLR0917 - one for each filter
    limit: Limit = 50,
    after: Cursor = "",
    number: Annotated[str, Query(max_length=20, description="The number that somebody says.")] = "",
    mine: Annotated[bool, Query(description="Only alerts that you received yourself.")] = False,
    unanswered: Annotated[bool, Query(description="Only alerts that nobody has acknowledged.")] = False,
    since: Annotated[date | None, Query(description="The first day of the alerts, in your office's zone.")] = None,
    until: Annotated[date | None, Query(description="The last day.")] = None,
    folder: Annotated[str, Query(max_length=300, description="A folder's path; those below it count too.")] = "",
    urgency: Annotated[Urgency | None, Query(description="Only alerts of this urgency.")] = None,
    agency: Annotated[str, Query(max_length=63, description="Only arrests of this agency.")] = "",
    counts: Annotated[bool, Query(description="Count what is unanswered, too, and list it.")] = False,
) -> AlertsPage:
    """Alerts that you received, and those of subscriptions that you created. With `number`, your alerts of that arrest.
    A page may hold fewer items than `limit`, or none, and still have a `next`."""
    request = current_request(router)
    office = request.by.office
    chosen = AlertFilter(request.caller.email, mine, unanswered, folder, urgency, agency or None)
    place, between = place_of(after, "alerts", office.office_id), days_between(since, until, office)
    newest = newest_alerts(request) if counts else None
    if number:
        listed, following = _chosen(_numbered(number, office.office_id), chosen, request), None
    elif chosen.narrows:
        listed, following = _look_through(place, between, limit, chosen, request)
    elif newest and len(newest.listed) > limit and not (after or between):
        listed = newest.listed[:limit]  # the first page is read already
        following = place_behind(listed[-1].disclosure.alert)
    else:
        alerts, following = dependencies.alerts.page(office.office_id, limit, place, between=between)
        listed = _chosen(alerts, chosen, request)
    return AlertsPage(
        items=[item.disclosure.alert for item in listed],
        summaries=summaries(listed),
        next=cursor_of(following, "alerts", office.office_id),
        counts=count_alerts(newest, office, datetime.now(UTC)) if newest else None,
        waiting=most_urgent_waiting(newest, chosen, between, limit) if newest else None,
    )


def _look_through(
    place: str | None,
    between: tuple[datetime, datetime] | None,
    limit: int,
    chosen: AlertFilter,
    request: AuthorizedRequest,
) -> tuple[list[ListedAlert], str | None]:
    """The next alerts that fit the filters, and the place behind the last one that was looked at. Reads more at once
    than a page shows: what is asked for may be rare."""
    office_id, listed = request.by.office.office_id, list[ListedAlert]()
    for _ in range(_PAGES_LOOKED_THROUGH):
        alerts, place = dependencies.alerts.page(office_id, _LOOKED_THROUGH_AT_ONCE, place, between=between)
        listed += _chosen(alerts, chosen, request)
        if len(listed) > limit:
            return listed[:limit], place_behind(listed[limit - 1].disclosure.alert)
        if len(listed) == limit or place is None:
            break
    return listed, place


def _chosen(alerts: list[Alert], chosen: AlertFilter, request: AuthorizedRequest) -> list[ListedAlert]:
    listed = readable_alerts(alerts, request)
    return [item for item in listed if chosen.fits(item.disclosure.alert, item.answers)]


def _numbered(text: str, office_id: str) -> list[Alert]:
    """Raises RefusalError 422 for a text that is no number, or one that was mistyped."""
    number = parse_number(text)
    alerts = dependencies.alerts.numbered(office_id, number) if number else []
    if number is None:
        mend = "write the five letters and digits of an alert's number, like X7YG4, or all ten"
    elif not alerts and not has_valid_check(number):
        mend = "a letter or digit is wrong, or two are swapped; ask for the number once more"
    else:
        return alerts
    problem = FieldProblem(field="number", mend=mend)
    raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no number of an alert.", [problem])
