"""The calendar of what is due."""

from datetime import UTC, datetime

from aws_lambda_powertools.event_handler import Response

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.subscriptions.calendar import calendar_of

routes = Routes("subscriptions")
router = routes.router
CALENDAR = "text/calendar"


@routes.get(
    "/v1/subscriptions/calendar",
    action=Action.LIST_SUBSCRIPTIONS,
    summary="Download a calendar of what is due",
    media_type=CALENDAR,
)
def download_calendar() -> Response[str]:
    """The days on which subscriptions that you created end or must be validated, as an iCalendar file (RFC 5545). It
    counts them and names no person, number or case. Load it again to bring a calendar up to date."""
    by, now = current_request(router).by, datetime.now(UTC)
    email, office = by.caller
    own = (each for each in dependencies.subscriptions.all_of(office.office_id) if each.is_owned_by(email))
    pseudonyms = dependencies.pseudonyms()
    text = calendar_of(
        own, office.local_day(now), now, lambda day: pseudonyms.of("calendar", office.office_id, email, str(day))
    )
    return Response(status_code=200, content_type=f"{CALENDAR}; charset=utf-8", body=text)
