"""Builders of valid models. A test names only the facts that it is about. Every person and number here is invented."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from shared.alerts.delivery.model import DeliveryKey
from shared.arrests.charges import Charge
from shared.arrests.model import Arrest, arrest_id
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName
from shared.arrests.places import Place
from shared.aws.signing_keys import KeyPurpose, SigningKeys
from shared.offices.model import Office
from shared.offices.users import User
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.model import Subscription, SubscriptionRequest

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
PSEUDONYMS = Pseudonyms(b"a key for tests only")
A_KEY = b"a key for tests only"


def signing_keys(
    purpose: KeyPurpose,
    newest: bytes = A_KEY,
    previous: bytes | None = None,
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC),
) -> SigningKeys:
    return SigningKeys(purpose, newest, since, previous)


def an_office(office_id: str = "kings", **facts: Any) -> Office:
    usual = {
        "name": "Kings County District Attorney (invented)",
        "ori": "NY000000A",
        "time_zone": "America/New_York",
        "allowed_domains": ("da.example.gov", "plain.example.gov"),
        "agreed_domains": ("da.example.gov",),
        "topics": ("cases",),
        "webhooks": ("https://cases.da.example.gov/alerts",),
    }
    return Office(office_id=office_id, **usual | facts)


def a_user(email: str = "ada.example@da.example.gov", office_id: str = "kings", **facts: Any) -> User:
    usual: dict[str, Any] = {"added_by": "set-up", "added_at": NOW, "recertified_at": NOW}
    return User(email=email, office_id=office_id, **usual | facts)


def an_arrest(
    number: str = "K-1001",
    *,
    sid: str | None = "01234567A",
    surname: str = "Example",
    given: str = "Pat",
    aliases: Iterable[PersonName] = (),
    born: date | None = date(1990, 2, 3),
    statutes: Iterable[str] = ("PL 120.05",),
    agency: str = "roster",
    **facts: Any,
) -> Arrest:
    identifiers = (Identifier(kind=IdentifierKind.SID, value=sid, issuer="NY"),) if sid else ()
    names = (PersonName(surname=surname, given=given), *aliases)
    usual: dict[str, Any] = {
        "arrested_on": date(2026, 11, 19),
        "place": Place(address="100 Example Street", city="Exampleton", precinct="101"),
    }
    return Arrest(
        arrest_id=arrest_id(PSEUDONYMS, agency, number), agency=agency, number=number,
        person=Person(names=names, date_of_birth=born, identifiers=identifiers),
        **{"charges": tuple(Charge(statute=statute) for statute in statutes)} | usual | facts,
    )  # fmt: skip


SID_WATCH: dict[str, Any] = {"watch": "identifier", "identifier": {"kind": "sid", "value": "01234567A", "issuer": "NY"}}
NAME_WATCH: dict[str, Any] = {"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}
CHARGE_WATCH: dict[str, Any] = {"watch": "charge", "statute": "PL 120", "begins_with": True}
PRECINCT_WATCH: dict[str, Any] = {"watch": "place", "agency": "roster", "precinct": "101"}
ADDRESS_WATCH: dict[str, Any] = {"watch": "place", "address": "100 Example St."}


def a_wish(criterion: dict[str, Any] = SID_WATCH, **facts: Any) -> dict[str, Any]:
    """Returns the JSON body of a request for a subscription."""
    usual = {
        "criterion": criterion,
        "basis": {"kind": "open case", "case_number": "2026-KN-000123"},
        "starts": "2026-01-01",
        "recipients": [{"email": "ada.example@da.example.gov"}],
    }
    return usual | facts


def a_subscription(criterion: dict[str, Any] = SID_WATCH, **facts: Any) -> Subscription:
    ours = {
        "subscription_id": uuid4().hex,
        "office_id": "kings",
        "owner": "ada.example@da.example.gov",
        "created_at": NOW,
        "changed_at": NOW,
    }
    wished = {name: facts.pop(name) for name in list(facts) if name in SubscriptionRequest.model_fields}
    return Subscription.model_validate(a_wish(criterion, **wished) | ours | facts)


def discard(keys: Iterable[DeliveryKey]) -> None:
    """A queue for tests that look at the stored deliveries only. It consumes the keys, as the real queue does."""
    for _ in keys:
        pass
