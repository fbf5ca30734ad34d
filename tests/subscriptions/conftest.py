from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.table import Version
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions import subscribe
from shared.subscriptions.model import Subscription, SubscriptionRequest
from shared.subscriptions.subscribe import SubscribeDeps, SubscribeResult
from tests.builders import PSEUDONYMS, a_wish, an_arrest, an_office
from tests.conftest import Tables

ADA = "ada.example@da.example.gov"
TODAY = date(2026, 11, 20)


@dataclass
class Register:
    """An office with its subscriptions. The time is noon of `today`."""

    tables: Tables
    office: Office
    today: date = TODAY

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), self.office.zone).astimezone(UTC)

    @property
    def deps(self) -> SubscribeDeps:
        return SubscribeDeps(self.tables.subscriptions, self.tables.watch_list, lambda agency: agency != "nowhere")

    def wants(self, *, owner: str = ADA, **facts: Any) -> SubscribeResult:
        request = SubscriptionRequest.model_validate(a_wish(**facts))
        return subscribe.subscribe(request, owner, self.office, self.deps, uuid4().hex, self.now)

    def changes(self, subscription: Subscription, by: str = ADA, **facts: Any) -> Subscription:
        request = SubscriptionRequest.model_validate(a_wish(**facts))
        return subscribe.change(self.read(subscription), request, by, self.office, self.deps, self.now)

    def tells_also(self, subscription: Subscription, *add: str, remove: tuple[str, ...] = ()) -> Subscription:
        added = tuple(Recipient.from_email(email) for email in add)
        return subscribe.change_recipients(self.read(subscription), added, remove, self.office, self.deps, self.now)

    def validates(self, subscription: Subscription, by: str = ADA) -> Subscription:
        return subscribe.validate(self.read(subscription), by, self.office, self.deps, self.now)

    def renews(self, subscription: Subscription, ends: date | None) -> Subscription:
        return subscribe.renew(self.read(subscription), ends, ADA, self.office, self.deps, self.now)

    def cancels(self, subscription: Subscription) -> Subscription:
        return subscribe.cancel(self.read(subscription), ADA, self.deps, self.now)

    def uncancels(self, subscription: Subscription) -> Subscription:
        return subscribe.uncancel(self.read(subscription), self.office, self.deps, self.now)

    def read(self, subscription: Subscription) -> Subscription:
        stored = self.tables.subscriptions.find(subscription.office_id, subscription.subscription_id)
        assert stored
        return stored

    def alerts_for(self, arrest: Any = None) -> int:
        arrest = arrest or an_arrest(f"K-{self.today}-{uuid4().hex}", arrested_on=self.today - timedelta(days=1))
        tables = self.tables
        alerting = MatchDeps(
            tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, lambda _: None
        )
        return match_versions([Version(arrest, None, self.now, self.now)], alerting, self.now).alerts


@pytest.fixture
def register(tables: Tables) -> Register:
    office = an_office()
    tables.offices.enrol(office)
    return Register(tables, office)
