from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.match_arrests import MatchDeps, MatchSummary, match_versions
from shared.alerts.model import Alert
from shared.arrests.model import Arrest
from shared.arrests.table import Version
from shared.offices.agreements import Agreement
from shared.subscriptions.model import Subscription
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_office


class Desk:
    """An office with its subscriptions, and the matcher that notifies it of arrests."""

    def __init__(self, tables: Any) -> None:
        self.tables = tables
        self.queue: list[DeliveryKey] = []
        self.deps = MatchDeps(
            tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, self.queue.extend
        )

    def watch(self, criterion: dict[str, Any], who: str = "ada", **facts: Any) -> Subscription:
        email = f"{who}@da.example.gov"
        subscription = a_subscription(criterion, **{"owner": email, "recipients": [{"email": email}]} | facts)
        self.tables.watch_list.add(subscription)
        return subscription

    def match(self, *arrests: Arrest, before: Arrest | None = None, now: Any = NOW) -> MatchSummary:
        versions = [
            Version(arrest, before, now - timedelta(seconds=3), now - timedelta(seconds=1)) for arrest in arrests
        ]
        return match_versions(versions, self.deps, now)

    def alerts(self) -> dict[str, Alert]:
        """Maps the local part of a recipient's address to its last alert."""
        items = [item for item in self.tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
        alerts = [Alert.model_validate_json(item["doc"]["S"]) for item in items]
        return {alert.recipient.root["email"].partition("@")[0]: alert for alert in alerts}


@pytest.fixture
def enrolled(tables: Any) -> Callable[..., None]:
    def enrol(**facts: Any) -> None:
        tables.offices.enrol(an_office(**facts))

    return enrol


@pytest.fixture
def desk(tables: Any, enrolled: Callable[..., None]) -> Desk:
    enrolled()
    return Desk(tables)


@pytest.fixture
def agree(desk: Desk) -> Callable[..., None]:
    def record(*made: Agreement) -> None:
        table = desk.tables.subscriptions.agreements
        before = table.of("kings")
        table.save(before.model_copy(update={"agreements": made, "revision": before.revision + 1}))

    return record
