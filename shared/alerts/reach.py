"""Which watches reach nobody: every recipient is refused, has no address that works, or there is none.

However somebody lost access - removed, suspended, out of the folder, an address that bounced - it shows here. A watch
whose folders are all archived reaches nobody on purpose.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import AwareDatetime

from shared.alerts.audience import AudienceFacts, allowed_recipients, load_facts
from shared.alerts.table import AlertsTable
from shared.channels import CHANNELS
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import last_day
from shared.value import FrozenModel


class NoReach(StrEnum):
    NOBODY = "nobody is named"  # no recipient, and nobody with a role on its folders
    REFUSED = "everybody is refused"  # by the access policy: removed, or the office may not be told
    NO_ADDRESS = "no address works"  # outside the office's domains, or on the suppression list
    ARCHIVED = "its folders are archived"  # on purpose


class UnreachedWatch(FrozenModel):
    """A row of the report. `matched_at` is when an arrest last matched it and nobody could be told."""

    subscription_id: str
    owner: str
    case_number: str
    why: NoReach
    matched_at: AwareDatetime | None = None


@dataclass(frozen=True)
class ReachDeps:
    subscriptions: SubscriptionsTable
    alerts: AlertsTable


def unreached_watches(
    office: Office, subscriptions: Iterable[Subscription], deps: ReachDeps, now: datetime
) -> list[UnreachedWatch]:
    """Of these subscriptions of the office, those that are not over and reach nobody. In the order of their ids."""
    today = office.local_day(now)
    current = [subscription for subscription in subscriptions if _is_current(subscription, today)]
    facts = load_facts(current, {office.office_id: office}, deps.subscriptions)
    allowed = {
        subscription.subscription_id: [eligible.recipient for eligible in allowed_recipients(subscription, facts)]
        for subscription in current
    }
    suppressed = deps.alerts.suppression_list.among(
        address for recipients in allowed.values() for recipient in recipients for address in recipient.root.items()
    )
    missed = deps.alerts.missed_matches.of(office.office_id)
    return sorted(_rows(current, allowed, facts, suppressed, missed), key=lambda row: row.subscription_id)


def _is_current(subscription: Subscription, today: date) -> bool:
    """One that begins later counts too: its owner should hear of it before."""
    last = last_day(subscription)
    return subscription.status is Status.ACTIVE and (last is None or last >= today)


def _rows(
    subscriptions: Iterable[Subscription],
    allowed: Mapping[str, list[Recipient]],
    facts: AudienceFacts,
    suppressed: Collection[tuple[str, str]],
    missed: Mapping[str, datetime],
) -> Iterator[UnreachedWatch]:
    for subscription in subscriptions:
        id_ = subscription.subscription_id
        if why := _no_reach(subscription, allowed[id_], facts, suppressed):
            yield UnreachedWatch(
                subscription_id=id_,
                owner=subscription.owner,
                case_number=subscription.basis.case_number,
                why=why,
                matched_at=missed.get(id_),
            )


def _no_reach(
    subscription: Subscription,
    allowed: Collection[Recipient],
    facts: AudienceFacts,
    suppressed: Collection[tuple[str, str]],
) -> NoReach | None:
    """None if it reaches somebody."""
    if subscription.subscription_id in facts.archived:
        return NoReach.ARCHIVED
    if not facts.proposed[subscription.subscription_id]:
        return NoReach.NOBODY
    if not allowed:
        return NoReach.REFUSED
    office = facts.offices[subscription.office_id]
    reached = any(_has_working_address(recipient, office, suppressed) for recipient in allowed)
    return None if reached else NoReach.NO_ADDRESS


def _has_working_address(recipient: Recipient, office: Office, suppressed: Collection[tuple[str, str]]) -> bool:
    return any(
        (channel, address) not in suppressed
        and channel in CHANNELS
        and CHANNELS[channel].refusal(address, recipient, office) is None
        for channel, address in recipient.root.items()
    )
