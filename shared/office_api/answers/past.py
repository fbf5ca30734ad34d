"""What saved subscriptions would have alerted of in the last days: said in the answer, and alerted of if asked for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import Field

from shared.access import Action, Resource, ResourceKind
from shared.alerts.look_back import PastMatches, alert_of_past, look_back
from shared.alerts.view import ShownArrest, ShownSubscription
from shared.arrests.model import Arrest
from shared.office_api import dependencies
from shared.office_api.gate.agreement_filter import AgreementFilter, agreement_filter
from shared.office_api.middleware.authorization import AuthorizedRequest
from shared.subscriptions.beliefs import NOTICE, may_name_belief, subscription_texts
from shared.subscriptions.chosen_events import chosen_kinds, events_sentence
from shared.subscriptions.model import Subscription, SubscriptionRequest

SECONDS = 4.0  # for the look back of one request, however many subscriptions it saves
ALERT_PAST = "true: you are also alerted of the arrests of the last seven days that are stored already"


class SubscriptionSaveRequest(SubscriptionRequest):
    alert_past: bool = Field(default=False, description=ALERT_PAST)


class SavedSubscription(Subscription):
    """`past` is what it would have alerted of in the last days; null where it alerted already, or for a machine.
    `tells_of` says of which events it tells and of which not. `notice` says that somebody will look at a text of it; it
    is empty for most."""

    past: PastMatches | None = None
    tells_of: str = ""
    notice: str = ""


def with_past(subscription: ShownSubscription, past: PastMatches | None) -> SavedSubscription:
    trees = dependencies.subscriptions.read_trees([subscription])[subscription.subscription_id]
    tells_of = events_sentence(subscription.criterion, chosen_kinds(subscription, trees))
    notice = NOTICE if any(map(may_name_belief, subscription_texts(subscription).values())) else ""
    added = {"past": past, "tells_of": tells_of, "notice": notice}
    return SavedSubscription.model_validate(dict(subscription) | added)


def past_of(saved: Sequence[Subscription], request: AuthorizedRequest, *, alert_past: bool) -> PastMatches | None:
    """Looks back for what this caller may see, and alerts of it if `alert_past`. Returns None for a caller who may not
    backtest, such as a machine: whoever is to be alerted still is."""
    office = request.by.office
    may_see = request.may(Action.BACKTEST, Resource(ResourceKind.OFFICE, office.office_id, office.office_id))
    if not saved or not (may_see or alert_past):
        return None
    shown = _shows_what_came_while_on(agreement_filter(request.by)) if may_see else _shows_nothing
    now = datetime.now(UTC)
    trees = dependencies.subscriptions.read_trees(saved)
    events = {watch.subscription_id: chosen_kinds(watch, trees[watch.subscription_id]) for watch in saved}
    past = look_back(saved, office, replace(dependencies.backtest_deps, seconds=SECONDS), shown, now, events)
    if alert_past and past.arrest_ids:
        alert_of_past(past.arrest_ids, saved, dependencies.look_back_deps(), now)
    return past.matches if may_see else None


def _shows_what_came_while_on(agreed: AgreementFilter) -> Callable[[Arrest], ShownArrest | None]:
    """Arrests as the caller may see them, without those that were stored while the office had their agency switched
    off: nobody would have been alerted of them. When they were stored is read only of agencies that ever were off."""

    def show(arrest: Arrest) -> ShownArrest | None:
        if agreed.agreements.was_ever_off(arrest.agency):
            versions = dependencies.arrests.versions([arrest.arrest_id])
            if any(agreed.agreements.is_off(arrest.agency, version.stored_at) for version in versions):
                return None
        return agreed.show_arrest(arrest)

    return show


def _shows_nothing(_arrest: Arrest) -> None:
    return None
