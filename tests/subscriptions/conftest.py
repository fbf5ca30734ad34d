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
    """An office's subscriptions at noon of any day."""

    tables: Tables
    office: Office
    today: date = TODAY

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), self.office.zone).astimezone(UTC)

    @property
    def at(self) -> SubscribeDeps:
        return SubscribeDeps(subscriptions=self.tables.subscriptions, index=self.tables.watch_list)

    def wants(self, *, owner: str = ADA, **facts: Any) -> SubscribeResult:
        wish = SubscriptionRequest.model_validate(a_wish(**facts))
        return subscribe.subscribe(wish, owner, self.office, self.at, uuid4().hex, self.now)

    def changes(self, one: Subscription, by: str = ADA, **facts: Any) -> Subscription:
        wish = SubscriptionRequest.model_validate(a_wish(**facts))
        return subscribe.change(self.read(one), wish, by, self.office, self.at, self.now)

    def tells_also(self, one: Subscription, *add: str, remove: tuple[str, ...] = ()) -> Subscription:
        added = tuple(Recipient({"email": email}) for email in add)
        return subscribe.change_recipients(self.read(one), added, remove, self.office, self.at, self.now)

    def validates(self, one: Subscription, by: str = ADA) -> Subscription:
        return subscribe.validate(self.read(one), by, self.office, self.at, self.now)

    def renews(self, one: Subscription, ends: date | None) -> Subscription:
        return subscribe.renew(self.read(one), ends, ADA, self.office, self.at, self.now)

    def cancels(self, one: Subscription) -> Subscription:
        return subscribe.cancel(self.read(one), ADA, self.at, self.now)

    def uncancels(self, one: Subscription) -> Subscription:
        return subscribe.uncancel(self.read(one), self.office, self.at, self.now)

    def read(self, one: Subscription) -> Subscription:
        found = self.tables.subscriptions.find(one.office_id, one.subscription_id)
        assert found
        return found

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
