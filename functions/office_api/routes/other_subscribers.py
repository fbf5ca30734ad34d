from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from shared.access import Action
from shared.subscriptions.model import Subscription
from shared.subscriptions.other_subscribers import find_other_subscribers

routes = Routes("subscriptions")
router = routes.router


class OtherSubscribersView(BaseModel):
    """In your office, whom to call; of other offices, their name and contact."""

    others: list[str]


@routes.get(
    "/v1/subscriptions/{subscription_id}/others", action=Action.READ_OTHERS, summary="Who else watches this person"
)
def index(subscription_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]) -> OtherSubscribersView:
    """Only who does so openly: no silent watch, nothing in a folder that is not to be seen, and of other offices those
    alone that show their watches, as yours must. A watch of a charge or a place has no others."""
    subscription = current_request(router).resource(Subscription)
    index = dependencies.subscription_index()
    return OtherSubscribersView(
        others=list(
            find_other_subscribers(
                subscription, index, dependencies.subscriptions, dependencies.offices, datetime.now(UTC)
            )
        )
    )
