"""One arrest number that an agency keeps correcting, and all who watch it: the real tables, matcher, senders and
view, over DynamoDB in memory.

What is right is decided here a second time, from five persons and two charges, without a line of the product's rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from shared.alerts.decide_review import ReviewDeps, decide_review
from shared.alerts.delivery.dependencies import DeliveryDeps
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.send import deliver
from shared.alerts.delivery.sweep import sweep_deliveries
from shared.alerts.follow_up.escalate import EscalationDeps, escalate
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.model import WithdrawalCause
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.reviews.model import ReviewVerdict
from shared.alerts.table import AlertsTable
from shared.alerts.view import current_alerts, show_alert
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.minimisation import NO_FIELDS
from shared.arrests.model import Arrest, NotifyMode, Provenance
from shared.arrests.seals.table import SealsTable, sealed_arrests_in
from shared.arrests.stream import opened_stubs_in, versions_in
from shared.arrests.table import ArrestsTable
from shared.channels import CHANNELS
from shared.channels.channel import Message
from shared.errors import TryLater
from shared.offices.preferences import Preferences
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable
from tests.alerts.delivery.crash_model import KEYS
from tests.alerts.delivery.memory import MemoryDynamoDB
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, PSEUDONYMS, a_subscription, an_arrest, an_office

SAM_WATCH: dict[str, Any] = {"watch": "person", "surname": "Otter", "given": "Sam", "date_of_birth": "1985-06-07"}
ASSAULT, LARCENY = "PL 120.05", "PL 155.25"


class Described(NamedTuple):
    """A person as the agency may report him."""

    surname: str
    given: str
    born: date

    @property
    def marks(self) -> tuple[str, ...]:
        """The texts by which a reader would know him."""
        return (self.born.isoformat(), f"{self.surname.upper()}, {self.given}")


PERSONS = {
    "pat": Described("Example", "Pat", date(1990, 2, 3)),
    "like pat": Described("Example", "Pat", date(1981, 9, 28)),  # the name, another birthday: a possible match
    "sam": Described("Otter", "Sam", date(1985, 6, 7)),
    "uma": Described("Quill", "Uma", date(1979, 4, 5)),
    "young pat": Described("Example", "Pat", date(2010, 2, 3)),
}


class Told(NamedTuple):
    """One version as the agency sent it."""

    person: str
    charges: tuple[str, ...]

    @property
    def is_minor(self) -> bool:
        return self.person == "young pat"

    @property
    def arrest(self) -> Arrest:
        surname, given, born = PERSONS[self.person]
        return an_arrest(
            sid=None, surname=surname, given=given, born=born, statutes=self.charges, juvenile=self.is_minor
        )


class Watcher(NamedTuple):
    """A reader with the kinds of watches of which one reason is enough."""

    watches: tuple[str, ...]
    urgency: str = "normal"
    quiet: bool = False
    in_place_of: str = ""  # is told when this one does not acknowledge


WATCHERS = {
    "ada": Watcher(("pat",)),
    "bo": Watcher(("sam",)),
    "cy": Watcher(("charge",), "urgent"),
    "dee": Watcher(("charge",), in_place_of="cy"),
    "eve": Watcher(("pat", "charge")),
    "fay": Watcher(("pat",), "digest"),
    "gus": Watcher(("sam", "charge"), quiet=True),
}
CRITERIA = {"pat": NAME_WATCH, "sam": SAM_WATCH, "charge": CHARGE_WATCH}


def address(name: str) -> str:
    return f"{name}@da.example.gov"


def office_with_watchers() -> MemoryDynamoDB:
    db = MemoryDynamoDB(KEYS)
    client: Any = db
    OfficesTable(client, "Offices").enrol(an_office())
    index = SubscriptionIndex(client, "Subscriptions", PSEUDONYMS)
    people = PreferencesTable(client, "Subscriptions")
    for name, watcher in WATCHERS.items():
        if watcher.quiet:
            hours = {"start": "09:00", "until": "17:00"}
            people.save("kings", address(name), Preferences.model_validate({"quiet": hours}))
        if watcher.in_place_of:
            continue
        for watch in watcher.watches:
            index.add(
                a_subscription(
                    CRITERIA[watch],
                    recipients=[{"email": address(name)}],
                    owner=address("dee" if watcher.urgency == "urgent" else name),
                    urgency=watcher.urgency,
                    basis={"kind": "open case", "case_number": f"{name} {watch}"},
                )
            )
    return db


@dataclass
class VersionWorld:
    """Every step is one of the methods that say what somebody does. `faults` lists what nobody may ever see."""

    db: MemoryDynamoDB
    now: datetime = NOW
    mails: list[tuple[str, Message]] = field(default_factory=list)
    queue: list[DeliveryKey] = field(default_factory=list)
    stream: list[dict[str, Any]] = field(default_factory=list)
    versions: list[Told] = field(default_factory=list)  # that anybody could read, in order
    held: tuple[Told, Provenance] | None = None
    sealed: bool = False
    confirmed: bool = False  # that the one who is like Pat is Pat
    last_mode: NotifyMode = NotifyMode.NOTIFY
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        client: Any = self.db
        self.arrests, self.alerts = (
            ArrestsTable(client, "Arrests", juveniles="Juveniles"),
            AlertsTable(client, "Alerts"),
        )
        self.subscriptions = SubscriptionsTable(client, "Subscriptions")
        people, offices = PreferencesTable(client, "Subscriptions"), OfficesTable(client, "Offices")
        index = SubscriptionIndex(client, "Subscriptions", PSEUDONYMS)
        self.matching = MatchDeps(index, self.subscriptions, offices, self.alerts, PSEUDONYMS, self.queue.extend)
        self.seals = SealsTable(client, "Arrests", "Juveniles")
        self.escalation = EscalationDeps(self.alerts, ResponsesTable(client, "Alerts"), people, self.queue.extend)
        self.delivery = DeliveryDeps(
            alerts=self.alerts, arrests=self.arrests, offices=offices, subscriptions=self.subscriptions,
            preferences=people, senders=dict.fromkeys(CHANNELS, self._send), console="https://alerts.example.gov",
            lease=timedelta(minutes=15), clock=lambda: self.now,
        )  # fmt: skip

    # What the agency does

    def store(self, told: Told, mode: NotifyMode) -> None:
        if self.held:
            self.release()
        self.now += timedelta(seconds=1)
        provenance = Provenance(drop_id=f"{self.now:%H%M%S}", dropped_at=self.now, notify_mode=mode)
        self._write(lambda: self.arrests.store([told.arrest], provenance, self.now))
        if self.sealed:
            return
        if mode is NotifyMode.HELD and self.versions[-1:] != [told]:
            self.held = told, provenance
        elif self.versions[-1:] != [told]:
            self.versions.append(told)
            self.last_mode = mode

    def release(self) -> None:
        """Somebody decides that the held drop is right."""
        if self.held is None:
            return
        told, provenance = self.held
        self.held = None
        self.now += timedelta(seconds=1)
        again = provenance.model_copy(update={"notify_mode": NotifyMode.NOTIFY})
        self._write(lambda: self.arrests.store([told.arrest], again, self.now))
        if not self.sealed:
            self.versions.append(told)
            self.last_mode = NotifyMode.NOTIFY

    def seal(self) -> None:
        arrest_id, by = an_arrest().arrest_id, Provenance(drop_id="seal", dropped_at=self.now)
        self._write(lambda: self.seals.seal(arrest_id, "roster", ["a" * 32], by, self.now))
        self.sealed, self.held = True, None

    def _write(self, write: Any) -> None:
        """Brings the change of the arrest's item into the stream."""
        table, key = self.db.tables["Arrests"], (an_arrest().arrest_id,)
        old = table.get(key)
        write()
        new = table.get(key)
        if new != old:
            self.stream.append({"dynamodb": {"NewImage": dict(new or {})} | ({"OldImage": dict(old)} if old else {})})

    # What the product does

    def match(self, count: int) -> None:
        """One batch of the stream, as `functions/match_arrests` takes it."""
        self.now += timedelta(seconds=1)
        records, self.stream = self.stream[:count], self.stream[count:]
        sealed_ids = [sealed.arrest_id for sealed in sealed_arrests_in(records)]
        versions = [version for version in versions_in(records) if version.arrest.arrest_id not in sealed_ids]
        withdrawing, opened = WithdrawDeps(self.alerts, self.queue.extend), opened_stubs_in(records)
        for arrest_id in opened.superseded:
            withdraw_alerts(arrest_id, withdrawing, self.now, cause=WithdrawalCause.UNREADABLE)
        match_versions(versions, self.matching, self.now)
        for arrest_id in sealed_ids:
            withdraw_alerts(arrest_id, withdrawing, self.now)
        for arrest_id in opened.standing:
            withdraw_alerts(arrest_id, withdrawing, self.now, cause=WithdrawalCause.UNREADABLE)

    def work(self) -> None:
        later = []
        for _ in range(200):
            if not self.queue:
                break
            key = self.queue.pop(0)
            try:
                deliver(key, self.delivery)
            except TryLater:
                later.append(key)
        self.queue.extend(later)

    def pass_time(self, hours: float) -> None:
        for _ in range(4):
            self.now += timedelta(hours=hours / 4)
            sweep_deliveries(self.alerts, self.queue.extend, self.now)
            escalate(self.escalation, self.now)
            self.work()

    # What readers do

    def confirm(self) -> None:
        """Ada confirms that whoever is like Pat is Pat, if that waits to be decided."""
        for key in [key for key in self.db.tables["Alerts"] if key[1] == "review"]:
            review = self.alerts.reviews.find(key[0])
            if review and review.verdict is ReviewVerdict.WAITING:
                self.confirmed = True
                decide_review(review, ReviewVerdict.CONFIRMED, address("ada"), self.deciding, self.now)

    @property
    def deciding(self) -> ReviewDeps:
        return ReviewDeps(self.matching, self.arrests)

    def read(self) -> None:
        """Everybody reads every alert of theirs."""
        for key in [key for key in self.db.tables["Alerts"] if key[1] == "alert"]:
            alert = self.alerts.find(key[0])
            if alert is None:
                continue
            current = current_alerts([alert], an_office(), self.arrests, self.subscriptions, self.now)[alert.alert_id]
            shown = show_alert(current, NO_FIELDS, (), self.now)
            text = shown.alert.model_dump_json() + (shown.arrest.model_dump_json() if shown.arrest else "")
            name = alert.recipient.email.partition("@")[0]
            self._judge(name, text, "reads")
            if shown.arrest is not None and not self.may_know(name):
                self.faults.append(f"{name} reads the arrest, which meets no watch of theirs")

    def _send(self, address: str, message: Message, delivery_id: str) -> str:
        name = address.partition("@")[0]
        self.mails.append((name, message))
        text = f"{message.subject}\n{message.text}\n{message.html}\n{message.short}"
        self._judge(name, text, "is sent")
        if "WHO\n" in message.text and not self.may_know(name):
            self.faults.append(f"{name} is sent the arrest, which meets no watch of theirs")
        return f"m-{delivery_id}"

    # What is right

    def meets(self, name: str, told: Told) -> bool:
        """Whether this version meets a watch of the reader. A minor's meets none."""
        if told.is_minor:
            return False
        is_pat = told.person == "pat" or (told.person == "like pat" and self.confirmed)
        facts = {"pat": is_pat, "sam": told.person == "sam", "charge": ASSAULT in told.charges}
        return any(facts[watch] for watch in WATCHERS[name].watches)

    def may_know(self, name: str) -> bool:
        """Whether the reader may be shown the arrest as it is now. Nobody is shown one that a held version calls a
        minor's."""
        if self.sealed or not self.versions or (self.held and self.held[0].is_minor):
            return False
        return self.meets(name, self.versions[-1])

    def _judge(self, name: str, text: str, how: str) -> None:
        """Nothing names a person of a version that met no watch of the reader."""
        known = {told.person for told in self.versions if self.meets(name, told)}
        allowed = {mark for person in known for mark in PERSONS[person].marks} | set(_own_marks(name))
        for person in PERSONS.values():
            for mark in person.marks:
                if mark in text and mark not in allowed:
                    self.faults.append(f"{name} {how} {mark}")

    def drain(self) -> None:
        """Everything comes to its end: held drops are decided, the stream is matched, three days pass."""
        self.release()
        while self.stream:
            self.match(3)
        for _ in range(4):
            self.work()
            self.pass_time(24)

    def untold(self) -> Iterator[str]:
        """Whose last message is not what the record is at the end."""
        for name, watcher in WATCHERS.items():
            messages = [message for to, message in self.mails if to == name]
            is_in_force = bool(messages) and "WITHDRAWN" not in messages[-1].subject
            if is_in_force and not self.may_know(name):
                yield f"{name} was not told that it holds no more"
            is_notified = self.last_mode is NotifyMode.NOTIFY and not watcher.in_place_of
            if self.may_know(name) and is_notified and not is_in_force:
                yield f"{name} was not told of what meets a watch"


def _own_marks(name: str) -> Iterator[str]:
    """What a reader wrote into the own watch is no secret from that reader."""
    for watch in WATCHERS[name].watches:
        if watch in PERSONS:
            yield from PERSONS[watch].marks
