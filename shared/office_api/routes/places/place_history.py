"""The history of a place: dated facts for an exact address and a period."""

from datetime import UTC, date, datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from shared.access import Action
from shared.alerts.place_history import Period, PlaceHistory, exact_address, place_history
from shared.errors import Rejected
from shared.office_api import dependencies
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.offices.recipient import Text
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("places")
router = routes.router


class PlaceQuery(FrozenModel):
    """An exact place, a period, and why. Sent in the body, because addresses are written into logs."""

    address: str = Field(min_length=3, max_length=200, description="with the apartment, if there is one")
    city: str = Field(min_length=1, max_length=100)
    state: str = Field(default="", max_length=60)
    since: date
    until: date
    case_number: Text | None = None
    reason: Text | None = Field(default=None, description="where there is no case yet; names nobody")
    together: bool = Field(default=False, description="who was arrested together; needs a case number")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.until < self.since:
            raise ValueError("until lies before since; write a later last day")
        if not (self.case_number or self.reason):
            raise ValueError("give the case_number, or the reason for this look")
        if self.together and not self.case_number:
            raise ValueError("who was arrested together is answered for a case alone; give its case_number")
        return self


@routes.post(
    "/v1/places/history", action=Action.LOOK_UP_PLACE, summary="Read the history of a place", example=examples.PLACE
)
def read_place_history(place_query: PlaceQuery) -> PlaceHistory:
    """What agencies reported of arrests at exactly this address and unit, by day, each with its source. No person is
    named: the arrest is, and may be read by whoever may. There is no score, and no list of residents. Arrests of minors
    and sealed ones are in no answer. Every look is recorded: who, which place, when and why."""
    request = current_request(router)
    check_texts({"case_number": place_query.case_number or "", "reason": place_query.reason or ""})
    address = exact_address(place_query.address, place_query.city, place_query.state)
    deps = dependencies.place_deps()
    if request.subjects:
        request.subjects.look("place", deps.keys.of(address), place_query.case_number or place_query.reason or "")
    office = request.by.office
    first_day = office.local_day(datetime.now(UTC)) - timedelta(days=office.place_look_back_days)
    if place_query.since < first_day:
        raise Rejected(
            "too-far-back",
            f"Your office looks back {office.place_look_back_days} days at a place, and no further.",
            f"Write {first_day.isoformat()} or a later day as `since`.",
        )
    agreed = agreement_filter(request.by, recorded_only=True)
    period = Period(place_query.since, place_query.until)
    return place_history(address, period, deps, agreed.show_arrest, with_together=place_query.together)
