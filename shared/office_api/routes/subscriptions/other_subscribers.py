"""Deconfliction: who else watches the person of a subscription."""

from datetime import UTC, datetime

from pydantic import BaseModel

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.subscriptions.subscriptions import SubscriptionId
from shared.subscriptions.model import Subscription
from shared.subscriptions.other_subscribers import find_other_subscribers

routes = Routes("subscriptions")
router = routes.router


class OtherSubscribersView(BaseModel):
    """People of your office to call, and names and contacts of other offices."""

    others: list[str]


@routes.get(
    "/v1/subscriptions/{subscription_id}/others", action=Action.READ_OTHERS, summary="See who else watches this person"
)
def list_other_subscribers(subscription_id: SubscriptionId) -> OtherSubscribersView:
    """Deconfliction: subscriptions with the same identifier, or the same name and date of birth. Silent subscriptions
    and those in an unseen folder are left out. Other offices appear by name and contact, if both offices show their
    subscriptions. A subscription to a charge or a place has no others."""
    subscription = current_request(router).resource(Subscription)
    index = dependencies.subscription_index()
    return OtherSubscribersView(
        others=list(
            find_other_subscribers(
                subscription, index, dependencies.subscriptions, dependencies.offices, datetime.now(UTC)
            )
        )
    )
