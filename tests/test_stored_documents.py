"""Documents of every kind, as release 0.1 stored them, are read by this release as that one read them.

`stored/items.json` has items of the tables, as few for each kind as show all its attributes and fields, with what was
read of them (`read`); `stored/objects.json` the links of the audit chain; `stored/messages.json` the queues' messages.
"""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from enum import Enum
from functools import partial, singledispatch
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.queue import delivery_key_in
from shared.alerts.delivery.table import DeliveriesTable
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.reviews.table import ReviewsTable
from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.places import Place
from shared.audit.hash_chain import ChainLink
from shared.aws.idempotency_table import IdempotencyTable
from shared.feeds.drops.receipt import Receipt
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.offices.agreements_table import AgreementsTable
from shared.subscriptions.folders.table import FoldersTable
from shared.subscriptions.index.posting import parse_posting
from tests.builders import an_arrest
from tests.conftest import Tables

STORED = Path(__file__).with_name("stored")
ITEMS = json.loads((STORED / "items.json").read_text(encoding="utf-8"))
OBJECTS = json.loads((STORED / "objects.json").read_text(encoding="utf-8"))
MESSAGES = json.loads((STORED / "messages.json").read_text(encoding="utf-8"))
# Counters, and markers whose key is all there is to them: nothing is read back.
NOTHING_READ = {
    ("Alerts", "rate"),
    ("Alerts", "warned"),
    ("Audit", "subject"),
    ("Offices", "tables part"),
    ("Subscriptions", "office same"),
}
Item = dict[str, Any]
Reader = Callable[[Tables, Item], object]


def text(item: Item, name: str) -> str:
    return str(item[name]["S"])


def key_part(item: Item, name: str, number: int = 1) -> str:
    return text(item, name).split("#")[number]


def office_of(item: Item) -> str:
    return key_part(item, "pk")


def drop(tables: Tables, item: Item) -> object:
    """Its attributes, in their order: the record itself is not a stored document."""
    record = tables.drops.find(text(item, "agency"), key_part(item, "part"))
    return [getattr(record, name) for name in type(record).model_fields] if record else None


def delivery(tables: Tables, item: Item) -> object:
    _, revision, channel = text(item, "part").split("#")
    key = DeliveryKey(text(item, "alert_id"), int(revision), channel)
    return DeliveriesTable(tables.client, "Alerts").find(key)


def suppression_reason(tables: Tables, item: Item) -> object:
    _, channel, address = text(item, "alert_id").split("#")
    return tables.alerts.suppression_list.reason(channel, address)


def count_of_an_hour(tables: Tables, item: Item) -> object:
    _, office_id, hour = text(item, "alert_id").split("#")
    return tables.alerts.hourly_counts.add(office_id, datetime.strptime(hour, "%Y%m%dT%H").replace(tzinfo=UTC), 0)


def arrest(tables: Tables, item: Item) -> object:
    arrest_id = text(item, "arrest_id")
    versions = tables.arrests.versions([arrest_id])
    read = [(version.arrest, version.before, version.changes, version.differences) for version in versions]
    return [tables.arrests.find(arrest_id), tables.arrests.history(arrest_id), read]


def identity_events_of_the_hour(tables: Tables, item: Item) -> object:
    stored_at = datetime.fromisoformat(key_part(item, "part", 0))
    return IdentityEventsTable(tables.client, "Arrests", "Agencies").recent(stored_at)


def agency_reference(tables: Tables, item: Item) -> object:
    table, agency = AgencyReferenceTable(tables.client, "Offices"), key_part(item, "pk")
    reference = table.reference(agency)
    assert reference is not None
    completed = reference.complete(an_arrest(statutes=["9-104"], place=Place(latitude=40.72, longitude=-73.72)))
    (charge,) = completed.charges
    return [table.live_names(agency).counts, charge.charge_class, charge.family, completed.place.precinct]


def folders(tables: Tables, item: Item) -> object:
    person = key_part(item, "sk") if "#" in text(item, "sk") else None
    return FoldersTable(tables.client, "Subscriptions").tree(office_of(item), person)


def idempotency_record(tables: Tables, item: Item) -> object:
    table, now = IdempotencyTable(tables.client, "Subscriptions"), datetime(2026, 1, 1, tzinfo=UTC)
    return table.begin(office_of(item), key_part(item, "sk"), "another request", now)


def postings(tables: Tables, item: Item) -> object:
    return [parse_posting(name[2:], value["S"]) for name, value in sorted(item.items()) if name.startswith("s_")]


READERS: dict[tuple[str, str], Reader] = {
    ("Agencies", "drop"): drop,
    ("Agencies", "profile"): lambda tables, item: tables.agencies.profile(text(item, "agency")),
    ("Agencies", "late"): lambda tables, item: tables.drops.silent_agencies(datetime(2099, 1, 1, tzinfo=UTC)),
    ("Agencies", "identity"): identity_events_of_the_hour,
    ("Alerts", "alert"): lambda tables, item: tables.alerts.find(text(item, "alert_id")),
    ("Alerts", "answers"): lambda tables, item: ResponsesTable(tables.client, "Alerts").read([text(item, "alert_id")]),
    ("Alerts", "barred"): lambda tables, item: tables.alerts.suppression_list.reason(
        *text(item, "alert_id").split("#")[1:]
    ),
    ("Alerts", "delivery"): delivery,
    ("Alerts", "digest"): lambda tables, item: tables.alerts.digests.find(text(item, "alert_id")),
    ("Alerts", "entry"): lambda tables, item: tables.alerts.digests.alert_ids(text(item, "alert_id")),
    ("Alerts", "hour count"): count_of_an_hour,
    ("Alerts", "notice"): lambda tables, item: NoticesTable(tables.client, "Alerts").find(text(item, "alert_id")),
    ("Alerts", "provider delivery"): lambda tables, item: DeliveriesTable(tables.client, "Alerts").find_by_provider_id(
        text(item, "alert_id").partition("#")[2]
    ),
    ("Alerts", "review"): lambda tables, item: ReviewsTable(tables.client, "Alerts").find(text(item, "alert_id")),
    ("Arrests", "arrest"): arrest,
    ("Arrests", "identity event"): lambda tables, item: IdentityEvent.model_validate_json(text(item, "identity")),
    ("Arrests", "seals"): lambda tables, item: tables.seals.entries(key_part(item, "arrest_id")),
    ("Audit", "office"): lambda tables, item: tables.audit.events_of_day(
        office_of(item), key_part(item, "pk", 2), 10, None
    )[0],
    ("Audit", "review"): lambda tables, item: tables.audit.sign_offs(office_of(item), 10, None)[0],
    ("Chains", "head"): lambda tables, item: tables.chains.head(text(item, "pk")),
    ("Offices", "office"): lambda tables, item: tables.offices.office(office_of(item)),
    ("Offices", "tables"): agency_reference,
    ("Subscriptions", "machine"): lambda tables, item: tables.users.find_machine(key_part(item, "pk")),
    ("Subscriptions", "office agreements"): lambda tables, item: AgreementsTable(tables.client, "Subscriptions").of(
        office_of(item)
    ),
    ("Subscriptions", "office folders"): folders,
    ("Subscriptions", "office person"): lambda tables, item: tables.people.find(office_of(item), key_part(item, "sk")),
    ("Subscriptions", "office repeat"): idempotency_record,
    ("Subscriptions", "office subscription"): lambda tables, item: tables.subscriptions.find(
        office_of(item), key_part(item, "sk")
    ),
    ("Subscriptions", "office user"): lambda tables, item: tables.users.find(office_of(item), key_part(item, "sk")),
    ("Subscriptions", "term posting"): postings,
}


@singledispatch
def plain(value: object) -> Any:
    """Returns a value as JSON: models under their stored names, tuples and sets as lists."""
    return value if value is None or isinstance(value, (str, int, float)) else type(value).__name__


@plain.register
def _(value: BaseModel) -> Any:
    return json.loads(value.model_dump_json(by_alias=True))


@plain.register
def _(value: Enum) -> Any:
    return value.value


@plain.register
def _(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


@plain.register
def _(value: date) -> str:
    return value.isoformat()


@plain.register(list)
@plain.register(tuple)
def _(value: Iterable[object]) -> Any:
    return [plain(member) for member in value]


@plain.register(set)
@plain.register(frozenset)
def _(value: Iterable[object]) -> Any:
    return sorted(map(plain, value), key=json.dumps)


@plain.register
def _(value: dict) -> Any:
    return sorted(([plain(key), plain(member)] for key, member in value.items()), key=json.dumps)


def sorted_sets(value: Any, name: str = "") -> Any:
    """Stored sets have no order: those are the lists under these names."""
    if isinstance(value, dict):
        return {key: sorted_sets(member, key) for key, member in value.items()}
    if isinstance(value, list):
        members = [sorted_sets(member) for member in value]
        return sorted(members) if name in ("withheld", "rights", "scopes", "fields", "purposes") else members
    return value


def stored(entry: Item) -> Item:
    return {
        name: {"B": b64decode(value["B"]["__b"])} if "B" in value else value for name, value in entry["item"].items()
    }


def is_read_with(entry: Item, other: Item) -> bool:
    """A table of an agency is read with its parts, a provider's id with the delivery that it names."""
    if entry["table"] == "Offices":
        return bool(other["table"] == "Offices")
    return bool(entry["kind"] == "provider delivery" and other["kind"] == "delivery")


def numbered() -> Iterator[Any]:
    for number, entry in enumerate(ITEMS):
        yield pytest.param(entry, id=f"{entry['table']} {entry['kind']} {number}")


@pytest.mark.parametrize("entry", list(numbered()))
def test_a_stored_document_is_read_as_it_was(tables: Tables, entry: Item) -> None:
    kind = entry["table"], entry["kind"]
    if kind in NOTHING_READ:
        assert entry["read"] is None
        return
    for other in [*filter(partial(is_read_with, entry), ITEMS), entry]:
        tables.client.put_item(TableName=other["table"], Item=stored(other))
    assert sorted_sets(plain(READERS[kind](tables, stored(entry)))) == sorted_sets(entry["read"]), (
        "this release reads it otherwise. A new field with a default: add the default to `read` in "
        "tests/stored/items.json. Anything else is a change of contract: see CONTRIBUTING.md."
    )


LINKS = [entry for entry in OBJECTS if "read" in entry]
RECEIPTS = [entry for entry in OBJECTS if "/receipts/" in entry["key"]]


@pytest.mark.parametrize("entry", LINKS, ids=lambda entry: entry["key"])
def test_a_link_of_the_audit_chain_is_read_as_it_was(entry: Item) -> None:
    assert plain(ChainLink.model_validate_json(entry["text"])) == entry["read"]


@pytest.mark.parametrize("entry", RECEIPTS, ids=lambda entry: entry["key"])
def test_an_agencys_programs_find_in_a_receipt_what_they_found_before(entry: Item) -> None:
    """They read receipts as they are, so a receipt may gain words and never lose or change one."""
    before = json.loads(entry["text"])
    today = json.loads(Receipt.model_validate(before).model_dump_json(by_alias=True))
    assert _as_far_as(before, today) == before


def _as_far_as(before: Any, today: Any) -> Any:
    """What `today` says under the names that `before` has, in the documents inside it as well."""
    if not isinstance(before, dict) or not isinstance(today, dict):
        return today
    return {name: _as_far_as(member, today[name]) for name, member in before.items() if name in today}


def test_every_object_is_a_link_or_a_receipt() -> None:
    assert len(LINKS) + len(RECEIPTS) == len(OBJECTS)
    assert (len(LINKS), len(RECEIPTS)) == (2, 2)


def test_a_queued_delivery_is_read_as_it_was() -> None:
    bodies = [message["body"] for message in MESSAGES if message["queue"] == "alerts"]
    assert bodies
    for body in bodies:
        document = json.loads(body)
        assert delivery_key_in(body) == DeliveryKey(**document)


def test_every_kind_of_item_has_its_stored_example() -> None:
    assert {(entry["table"], entry["kind"]) for entry in ITEMS} == set(READERS) | NOTHING_READ


# Module that writes items -> the kinds of `items.json` that are its own.
WRITTEN_BY: dict[str, tuple[str, ...]] = {
    "shared/alerts/delivery/limits/hourly_count_table.py": ("hour count",),
    "shared/alerts/delivery/limits/rate_table.py": ("rate",),
    "shared/alerts/delivery/messages/digests_table.py": ("digest", "entry"),
    "shared/alerts/delivery/messages/notices_table.py": ("notice",),
    "shared/alerts/delivery/suppression/table.py": ("barred",),
    "shared/alerts/delivery/table.py": ("delivery", "provider delivery"),
    "shared/alerts/responses/table.py": ("answers",),
    "shared/alerts/reviews/table.py": ("review",),
    "shared/alerts/table.py": ("alert",),
    "shared/arrests/identity_events/table.py": ("identity", "identity event"),
    "shared/arrests/seals/table.py": ("seals",),
    "shared/arrests/table.py": ("arrest",),
    "shared/audit/chain_heads_table.py": ("head",),
    "shared/audit/table.py": ("office", "subject", "review"),
    "shared/aws/idempotency_table.py": ("office repeat",),
    "shared/feeds/drops/table.py": ("drop", "late"),
    "shared/feeds/profiles/table.py": ("profile",),
    "shared/matching/agency_reference_table.py": ("tables", "tables part"),
    "shared/offices/agreements_table.py": ("office agreements",),
    "shared/offices/preferences_table.py": ("office person",),
    "shared/offices/table.py": ("office",),
    "shared/offices/users_table.py": ("office user", "machine"),
    "shared/subscriptions/folders/table.py": ("office folders",),
    "shared/subscriptions/index/table.py": ("term posting", "office subscription", "office same"),
    "shared/subscriptions/table.py": ("office subscription",),
}
# Modules that write what others give them: their items are those others'.
WRITE_FOR_OTHERS = {
    "functions/cli/commands/restore.py": "an item that was stored before",
    "shared/arrests/plan_writes.py": "what shared/arrests/table.py and juveniles/move_table.py store",
    "shared/aws/optimistic_lock.py": "any item, on the condition of its revision",
    "shared/aws/transactions.py": "any writes at once",
    "shared/subscriptions/index/items.py": "what shared/subscriptions/index/table.py stores",
}
# Modules that are newer than release 0.1, which wrote the set: freeze what they store with 0.2.0. The other direction,
# old code that reads what new code wrote, is for the release after it: nothing was deployed before (29 November 2026).
NEWER_THAN_THE_SET = {
    "functions/console/sessions/table.py",
    "shared/alerts/custodies_table.py",
    "shared/alerts/incidents/table.py",
    "shared/alerts/incidents/unreached_table.py",
    "shared/alerts/matches/missed_table.py",
    "shared/alerts/numbers_table.py",
    "shared/alerts/purge_table.py",
    "shared/alerts/releases_table.py",
    "shared/alerts/responses/link_rate_table.py",
    "shared/arrests/juveniles/move_table.py",
    "shared/arrests/juveniles/purge_table.py",
    "shared/arrests/juveniles/table.py",
    "shared/arrests/purge_table.py",
    "shared/arrests/seals/certificates_table.py",
    "shared/arrests/seals/locks_table.py",
    "shared/arrests/seals/unsealings_table.py",
    "shared/audit/intents_table.py",
    "shared/aws/rounds.py",
    "shared/breaches/table.py",
    "shared/disclosures/references_table.py",
    "shared/disclosures/table.py",
    "shared/disputes/table.py",
    "shared/records_requests/exports/exports_table.py",
    "shared/records_requests/table.py",
    "shared/retention/case_entries_table.py",
    "shared/retention/holds_table.py",
    "shared/subscriptions/beliefs_table.py",
    "shared/subscriptions/index/known_terms_table.py",
    "shared/feeds/drops/attention_table.py",
    "shared/feeds/layouts/table.py",
    "shared/offices/governance/policies_table.py",
}
WRITES = re.compile(
    r'\bput_item\(|\bupdate_item\(|"Put":|"Update":|\btransact_write_items\(|\btransact\(|\bput_if_unchanged\('
)


def test_every_module_that_stores_items_has_a_frozen_example_of_each() -> None:
    root = STORED.parents[1]
    writers = {
        str(path.relative_to(root))
        for room in ("shared", "functions")
        for path in (root / room).rglob("*.py")
        if WRITES.search(path.read_text(encoding="utf-8"))
    }
    assert writers == WRITTEN_BY.keys() | NEWER_THAN_THE_SET | WRITE_FOR_OTHERS.keys(), (
        "freeze an item of a new module into tests/stored/items.json, with what is read of it"
    )
    frozen = {entry["kind"] for entry in ITEMS}
    assert {kind for kinds in WRITTEN_BY.values() for kind in kinds} <= frozen
