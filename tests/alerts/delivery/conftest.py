from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.alerts.delivery.dependencies import DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.limits.rate_limit import RateLimiter
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.send import deliver
from shared.alerts.delivery.sweep import sweep_deliveries
from shared.alerts.follow_up.escalate import EscalationDeps, escalate
from shared.alerts.follow_up.mail_events import record_mail_event
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.model import Alert
from shared.alerts.responses.respond import ResponseDeps, acknowledge
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.model import Arrest, NotifyMode, Provenance
from shared.arrests.table import Version
from shared.channels import CHANNELS
from shared.channels.channel import Message
from shared.errors import TryLater
from shared.offices.preferences import Preferences
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, an_arrest, an_office
from tests.conftest import Tables

ADA = "ada.example@da.example.gov"


@dataclass
class Post:
    """All of delivery around one table. `work` sends what is queued; `now` is the time for everything."""

    tables: Tables
    now: datetime = NOW
    queue: list[DeliveryKey] = field(default_factory=list)
    mails: list[tuple[str, Message, str]] = field(default_factory=list)
    refuse: Callable[[str], Exception | None] = lambda _: None

    def __post_init__(self) -> None:
        tables = self.tables
        self.deps = DeliveryDeps(
            tables.alerts, tables.arrests, tables.offices, tables.subscriptions, tables.people,
            dict.fromkeys(CHANNELS, self._send), "https://alerts.example.gov", timedelta(minutes=15), lambda: self.now,
        )  # fmt: skip

    def _send(self, address: str, message: Message, delivery_id: str) -> str:
        if refusal := self.refuse(address):
            raise refusal
        self.mails.append((address, message, delivery_id))
        return f"m-{delivery_id}"

    def at_rate(self, rate: RateLimiter) -> DeliveryDeps:
        return replace(self.deps, rate=rate)

    def watch(self, *recipients: dict[str, str], **facts: Any) -> None:
        self.tables.watch_list.add(a_subscription(recipients=recipients or [{"email": ADA}], **facts))

    def happens(
        self, arrest: Arrest | None = None, before: Arrest | None = None, mode: NotifyMode = NotifyMode.NOTIFY
    ) -> Arrest:
        arrest = arrest or an_arrest()
        self._store(arrest, mode)
        silent = mode is NotifyMode.SILENT
        self._match(Version(arrest, before, self.now, self.now, silent=silent))
        return arrest

    def crashes_before_storing(self, arrest: Arrest) -> None:
        """The matcher has claimed what the alert needs, and dies before it stores the alert."""

        class Dying(AlertsTable):
            def store(self, alert: Alert) -> bool:
                raise KeyboardInterrupt

        self._store(arrest, NotifyMode.NOTIFY)
        with pytest.raises(KeyboardInterrupt):
            self._match(Version(arrest, None, self.now, self.now), alerts=Dying(self.tables.client, "Alerts"))

    def happens_in_one_batch(self, *versions: Arrest) -> None:
        """Versions of one arrest, which the stream brings together."""
        for arrest in versions:
            self._store(arrest, NotifyMode.NOTIFY)
        pairs = zip(versions, (None, *versions), strict=False)
        self._match(*(Version(arrest, before, self.now, self.now) for arrest, before in pairs))

    def _store(self, arrest: Arrest, mode: NotifyMode) -> None:
        self.now += timedelta(milliseconds=1)  # a later drop
        provenance = Provenance(drop_id=f"{self.now:%f}", dropped_at=self.now, notify_mode=mode)
        self.tables.arrests.store([arrest], provenance, self.now)

    def _match(self, *versions: Version, alerts: AlertsTable | None = None) -> None:
        tables = self.tables
        alerting = MatchDeps(
            tables.watch_list, tables.subscriptions, tables.offices, alerts or tables.alerts, PSEUDONYMS,
            self.queue.extend, arrests=tables.arrests,
        )  # fmt: skip
        match_versions(versions, alerting, self.now)

    def work(self) -> list[DeliveryOutcome]:
        """Delivers until the queue is empty. A delivery that must be tried later stays in the queue."""
        outcomes, postponed = [], []
        while self.queue:
            key = self.queue.pop(0)
            try:
                outcomes.append(deliver(key, self.deps))
            except TryLater:
                postponed.append(key)
        self.queue.extend(postponed)
        return outcomes

    @property
    def responses(self) -> ResponsesTable:
        return ResponsesTable(self.tables.client, "Alerts")

    @property
    def escalation(self) -> EscalationDeps:
        return EscalationDeps(self.tables.alerts, self.responses, self.tables.people, self.queue.extend)

    def acknowledges(self, alert: Alert) -> None:
        tables = self.tables
        deps = ResponseDeps(
            tables.alerts, self.responses, tables.people, tables.arrests, tables.offices, tables.subscriptions
        )
        acknowledge(alert, alert.recipient.email, deps, self.now)

    def passes(self, **time: float) -> list[DeliveryOutcome]:
        """Lets time pass minute by minute, with the sweeps that run every minute."""
        until = self.now + timedelta(**time)
        outcomes = []
        while self.now < until:
            self.now = min(until, self._next_look(until))
            sweep_deliveries(self.tables.alerts, self.queue.extend, self.now)
            escalate(self.escalation, self.now)
            outcomes += self.work()
        return outcomes

    def _next_look(self, until: datetime) -> datetime:
        """Skips the minutes in which nothing is due."""
        dues = [
            datetime.fromisoformat(item["due"]["S"]) for item in self.tables.everything_in("Alerts") if "due" in item
        ]
        return max(self.now + timedelta(minutes=1), min([*dues, until]) + timedelta(seconds=30))

    def reports(self, kind: str, delivery_id: str, **detail: Any) -> None:
        event = {"eventType": kind, "mail": {"messageId": "m", "tags": {"delivery": [delivery_id]}}} | detail
        record_mail_event(event, ProviderEventDeps(self.tables.alerts, self.tables.offices), self.now)

    def recalls(self, arrest: Arrest) -> list[str]:
        return withdraw_alerts(arrest.arrest_id, WithdrawDeps(self.tables.alerts, self.queue.extend), self.now)

    def prefers(self, email: str, **facts: Any) -> None:
        self.tables.people.save("kings", email, Preferences.model_validate(facts))

    def sent_subjects(self) -> list[tuple[str, str]]:
        """Returns address and subject of each message, in the order of sending."""
        return [(address, message.subject) for address, message, _ in self.mails]

    def alerts(self) -> list[Alert]:
        items = [item for item in self.tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
        return [Alert.model_validate_json(item["doc"]["S"]) for item in items]

    def states(self) -> Iterable[str]:
        items = self.tables.everything_in("Alerts")
        return sorted(item["state"]["S"] for item in items if item["part"]["S"].startswith("delivery#"))


@pytest.fixture
def post(tables: Tables) -> Post:
    tables.offices.enrol(an_office())
    tables.users.add(a_user(ADA))
    return Post(tables)
