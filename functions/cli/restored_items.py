"""What of a restored table goes back into the live one. The decisions read nothing of the restored table themselves.

What the live table has always wins, whatever the restored one says: what was changed, sealed, cancelled or purged since
then stays so. A mark that something is gone (a sealed or purged arrest, a removed user) is an item under the same key.
What such a mark cannot say, the live seals, the live arrests and the certificates of purges do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.alerts.reviews.model import Review
from shared.arrests.items import UNREADABLE, is_of_a_juvenile, stored_version
from shared.arrests.juveniles.opening import Opening, OpeningDecision, OpeningState, decided
from shared.arrests.juveniles.stub import is_stub, record_key, stub_item
from shared.arrests.model import Arrest
from shared.arrests.retention.case_entry import CaseEntry
from shared.arrests.retention.hold import Hold, without_texts
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.lock import SealLock
from shared.arrests.seals.locks_table import LOCK_PART, OPEN_LOCKS
from shared.arrests.seals.register import OF_ALL, SealRegister, register_of
from shared.arrests.seals.seal import keys_of_arrest
from shared.arrests.seals.table import SealsTable
from shared.arrests.seals.unsealing import Unsealing, UnsealingState
from shared.arrests.seals.unsealings_table import UNSEALINGS
from shared.aws.dynamodb import Item, get_all
from shared.batching import batches
from shared.feeds.drops.table import SENDERS
from shared.matching.agency_reference_table import REFERENCE
from shared.pseudonyms import Pseudonyms
from shared.records_requests.model import RecordsRequest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100  # keys of one BatchGetItem


class RestoreVerdict(StrEnum):
    """What becomes of an item of the restored table. The command prints the value, with how many there are."""

    RESTORED = "go back"
    LIVE = "are there, as they are now or marked as gone"
    SEALED = "are sealed"
    APART = "are juveniles' now: their records lie apart, and what names nobody stands in their place"
    CHANGED = "were changed since, and lost: their agencies send them again"
    PURGED = "were purged since, as certificates say"
    ORPHANED = "are about an arrest that is sealed or gone"
    EXPIRED = "have expired"
    DERIVED = "are made anew by the product, or were of use for a moment only"


class TableKind(NamedTuple):
    """`verdict_of` is asked of each item that the live table lacks and that has not expired; `prepared` says how it is
    put back, None for not at all. `first` are parts that others depend on, so they go back before these. `under` is the
    output that names the table's key."""

    output: str
    key: tuple[str, ...]
    verdict_of: Callable[[Item, "LiveRecords"], RestoreVerdict]
    prepared: Callable[[Item, "LiveRecords"], Item | None] = lambda item, _live: dict(item)
    first: Callable[[Item], bool] = lambda _item: False
    under: str = "KeyArn"


@dataclass
class LiveRecords:
    """What the decisions ask of the live tables: entries of seals once for each agency, the rest for each item."""

    client: "DynamoDBClient"
    outputs: Mapping[str, str]
    pseudonyms: Pseudonyms
    seal_entries: dict[str, frozenset[str]] = field(default_factory=dict)
    purged_ids: frozenset[str] = frozenset()  # of arrests, alerts, reviews and drops, as certificates list them
    known_alerts: set[str] = field(default_factory=set)  # alerts that go back in this run

    @property
    def seals_table(self) -> SealsTable:
        return SealsTable(self.client, self.outputs["ArrestsTable"], self.outputs["JuvenilesTable"])

    def seals_of(self, agency: str) -> frozenset[str]:
        if agency not in self.seal_entries:
            self.seal_entries[agency] = self.seals_table.entries(agency)
        return self.seal_entries[agency]

    def register_of(self, agency: str) -> SealRegister:
        return register_of(agency, self.seals_of(agency), self.seals_of(OF_ALL))

    def arrests(self, arrest_ids: Iterable[str]) -> list[Item]:
        keys = [{"arrest_id": {"S": arrest_id}} for arrest_id in set(arrest_ids)]
        return list(get_all(self.client, self.outputs["ArrestsTable"], keys))

    def juveniles_record(self, arrest_id: str) -> Item | None:
        """The record of a juvenile that lies apart."""
        return next(iter(get_all(self.client, self.outputs["JuvenilesTable"], [record_key(arrest_id)])), None)

    def has_readable_arrests(self, arrest_ids: Iterable[str]) -> bool:
        """Whether the live table has all of these arrests, none of them sealed or purged."""
        keys = set(arrest_ids)
        items = self.arrests(keys)
        return len(items) == len(keys) and all(item["content"]["S"] not in UNREADABLE for item in items)

    def reference_versions(self, agency: str) -> set[str] | None:
        """The versions of an agency's reference data that are live; None where the live table has lost which."""
        key = {"pk": {"S": f"{REFERENCE}{agency}"}}
        head = next(iter(get_all(self.client, self.outputs["OfficesTable"], [key])), None)
        return {value["S"].partition("/")[0] for value in head.values()} if head else None

    def has_alert(self, alert_id: str) -> bool:
        key = {"alert_id": {"S": alert_id}, "part": {"S": "alert"}}
        return alert_id in self.known_alerts or bool(list(get_all(self.client, self.outputs["AlertsTable"], [key])))


def _of_arrests(item: Item, live: LiveRecords) -> RestoreVerdict:
    if "identity" in item:
        return RestoreVerdict.DERIVED  # the drop that brought the event is read again
    if is_stub(item):
        return RestoreVerdict.RESTORED
    if is_of_a_juvenile(_inner(item)) or live.juveniles_record(item["arrest_id"]["S"]):
        return RestoreVerdict.APART
    return _by_seals(item, live)  # a sealed arrest without a document goes back as well: it is a mark itself


def _by_seals(item: Item, live: LiveRecords) -> RestoreVerdict:
    parts = (item, item.get("locked", {}).get("M", {}))
    documents = [part[name]["S"] for part in parts for name in ("doc", "told") if name in part]
    arrests = map(Arrest.model_validate_json, documents)
    verdicts = {live.register_of(arrest.agency).verdict(keys_of_arrest(arrest, live.pseudonyms)) for arrest in arrests}
    effects = {verdict.effect for verdict in verdicts}
    if SealEffect.ERASE in effects or (SealEffect.LOCK in effects and "locked" not in item):
        return RestoreVerdict.SEALED
    return RestoreVerdict.RESTORED


def _inner(item: Item) -> Item:
    """What a lock has put away, or the item itself."""
    inner: Item = item.get("locked", {}).get("M", item)
    return inner


def _stub_or_arrest(item: Item, live: LiveRecords) -> Item | None:
    """In the place of an arrest that is a juvenile's now goes what tells the intake that its record lies apart; nothing
    where there is no such record."""
    record = None if is_stub(item) else live.juveniles_record(item["arrest_id"]["S"])
    if record:
        inner = _inner(record)
        return stub_item(Arrest.model_validate_json(inner["doc"]["S"]), stored_version(inner), record.get("expires"))
    return None if is_of_a_juvenile(_inner(item)) else dict(item)


def _of_juveniles(item: Item, live: LiveRecords) -> RestoreVerdict:
    """A record goes back beside its stub alone, and only as the stub knows it: both are one arrest (`stub.py`). So the
    arrests come first."""
    if "opening" in item:
        return RestoreVerdict.RESTORED
    stub = next(iter(live.arrests([item["arrest_id"]["S"]])), None)
    if stub is None or not is_stub(stub):
        return RestoreVerdict.ORPHANED
    if stub["version_order"] != _inner(item)["version_order"]:
        return RestoreVerdict.CHANGED
    return _by_seals(item, live)


def _not_open(item: Item, _live: LiveRecords) -> Item:
    """An opening that was approved may have been closed since, and nobody would know: it is over."""
    if "opening" not in item:
        return dict(item)
    opening, now = Opening.model_validate_json(item["opening"]["S"]), datetime.now(UTC)
    if opening.state(now) is not OpeningState.OPEN:
        return dict(item)
    closed = decided(opening, OpeningDecision.CLOSE, "restore", now)
    return item | {"opening": {"S": closed.model_dump_json()}, "revision": {"N": str(closed.revision)}}


def _of_alerts(item: Item, live: LiveRecords) -> RestoreVerdict:
    alert_id, part = item["alert_id"]["S"], item["part"]["S"].partition("#")[0]
    if part == "alert":
        has_subject = live.has_readable_arrests([item["arrest_id"]["S"]])
    elif part == "review":
        has_subject = live.has_readable_arrests(Review.model_validate_json(item["doc"]["S"]).arrests)
    elif part in ("answers", "delivery") and "#" not in alert_id:
        has_subject = live.has_alert(alert_id)
    else:
        return RestoreVerdict.DERIVED  # a suppression, too: SES keeps its own, and somebody may have let the address in
    if has_subject and part == "alert":
        live.known_alerts.add(alert_id)
    return RestoreVerdict.RESTORED if has_subject else RestoreVerdict.ORPHANED


def _of_subscriptions(item: Item, live: LiveRecords) -> RestoreVerdict:
    """Postings and claims on a criterion come with `repost`: an old claim would keep somebody from watching anew. What
    is disputed of an arrest goes with it."""
    kind, about = item["sk"]["S"].partition("#")[0], item["pk"]["S"].partition("#")[0]
    if kind in ("posting", "same", "repeat") or about in ("unreached", "known"):
        return RestoreVerdict.DERIVED
    if about == "case-entries":
        entry = CaseEntry.model_validate_json(item["doc"]["S"])
        is_there = live.has_readable_arrests(entry.arrest_ids)
        return RestoreVerdict.RESTORED if is_there else RestoreVerdict.ORPHANED
    if about == "disputes" and not live.has_readable_arrests([item["sk"]["S"]]):
        return RestoreVerdict.ORPHANED
    return RestoreVerdict.RESTORED


def _of_offices(item: Item, live: LiveRecords) -> RestoreVerdict:
    """A chunk of reference data that another version has replaced since belongs to nothing."""
    about, _, chunk = item["pk"]["S"].removeprefix(REFERENCE).partition("#")
    if not item["pk"]["S"].startswith(REFERENCE) or not chunk:
        return RestoreVerdict.RESTORED
    versions = live.reference_versions(about)
    is_replaced = versions is not None and chunk.partition("#")[0] not in versions
    return RestoreVerdict.DERIVED if is_replaced else RestoreVerdict.RESTORED


def _of_agencies(item: Item, live: LiveRecords) -> RestoreVerdict:
    """Nobody would note again that an agency has sent files that sends no more, and the purge would miss its drops; nor
    that one of its seals waits for its statute. One that was answered since asks nobody again."""
    if item["part"]["S"].startswith(LOCK_PART):
        lock = SealLock.model_validate_json(item["doc"]["S"])
        if lock.is_open and any(map(live.register_of(lock.agency).is_answered, lock.keys)):
            return RestoreVerdict.ORPHANED
    is_derived = item["agency"]["S"].startswith("#") and item["agency"]["S"] not in (SENDERS, OPEN_LOCKS, UNSEALINGS)
    return RestoreVerdict.DERIVED if is_derived else RestoreVerdict.RESTORED


def _carried_out(item: Item, _live: LiveRecords) -> Item:
    """A court's order opens once. One that was approved may have been carried out since, and what is sealed after it
    needs another one."""
    if item["agency"]["S"] != UNSEALINGS:
        return dict(item)
    unsealing = Unsealing.model_validate_json(item["doc"]["S"])
    if unsealing.state is not UnsealingState.APPROVED or unsealing.opened_at:
        return dict(item)
    return item | {"doc": {"S": unsealing.model_copy(update={"opened_at": unsealing.decided_at}).model_dump_json()}}


def _told_to_nobody(item: Item, _live: LiveRecords) -> Item:
    """An alert or delivery that no sweep sends or escalates: it was, before it was lost."""
    is_review = item["part"]["S"].startswith("review")
    return {name: value for name, value in item.items() if is_review or name not in ("open", "due")}


def _as_it_would_be(item: Item, live: LiveRecords) -> Item:
    """A subscription as if it had no postings: `repost` makes them. A records request and a hold without what somebody
    wrote, if a record that they name was purged since."""
    about = item["pk"]["S"].partition("#")[0]
    if about == "records-requests":
        request = RecordsRequest.model_validate_json(item["doc"]["S"])
        if not live.purged_ids.isdisjoint(request.arrest_ids):
            return item | {"doc": {"S": request.without_texts().model_dump_json()}} | _revision(request.revision + 1)
    if about == "holds":
        hold = Hold.model_validate_json(item["doc"]["S"])
        if not live.purged_ids.isdisjoint(hold.arrest_ids):
            return item | {"doc": {"S": without_texts(hold).model_dump_json()}} | _revision(hold.revision + 1)
    return item | {"posted": {"M": {}}} if "posted" in item else dict(item)


def _revision(revision: int) -> Item:
    return {"revision": {"N": str(revision)}}


KINDS: Mapping[str, TableKind] = {
    "arrests": TableKind("ArrestsTable", ("arrest_id",), _of_arrests, _stub_or_arrest),
    "juveniles": TableKind("JuvenilesTable", ("arrest_id", "part"), _of_juveniles, _not_open, under="JuvenilesKeyArn"),
    "alerts": TableKind(
        "AlertsTable", ("alert_id", "part"), _of_alerts, _told_to_nobody, lambda item: item["part"]["S"] == "alert"
    ),
    "subscriptions": TableKind("SubscriptionsTable", ("pk", "sk"), _of_subscriptions, _as_it_would_be),
    "offices": TableKind("OfficesTable", ("pk",), _of_offices),
    "agencies": TableKind("AgenciesTable", ("agency", "part"), _of_agencies, _carried_out),
}
"""Not here: audit events cannot be lost or changed, the chain's heads are ahead of any older ones, and whoever was
signed in signs in again."""


Judged = tuple[Item, RestoreVerdict]


def judged(kind: TableKind, restored_table: str, live: LiveRecords, now: datetime) -> Iterator[Judged]:
    """Yields every item of the restored table with its verdict. Seals are left out: they are added to the live ones."""
    for wanted in (True, False):
        items = (item for item in _scan(live.client, restored_table) if kind.first(item) is wanted)
        for batch in batches((item for item in items if not is_seals(item)), AT_ONCE):
            yield from _judge(kind, batch, live, now)


def _judge(kind: TableKind, items: list[Item], live: LiveRecords, now: datetime) -> Iterator[Judged]:
    keys = [key_of(kind, item) for item in items]
    stored = {str(key_of(kind, item)) for item in get_all(live.client, live.outputs[kind.output], keys)}
    for item in items:
        if str(key_of(kind, item)) in stored:
            yield item, RestoreVerdict.LIVE
        elif "expires" in item and float(item["expires"]["N"]) <= now.timestamp():
            yield item, RestoreVerdict.EXPIRED
        elif any(_last_of(value["S"]) in live.purged_ids for value in key_of(kind, item).values()):
            yield item, RestoreVerdict.PURGED
        else:
            yield item, kind.verdict_of(item, live)


def _last_of(key: str) -> str:
    """`drop#0c1d...` names the drop 0c1d..."""
    return key.rpartition("#")[2]


def seals_in(restored_table: str, client: "DynamoDBClient") -> Iterator[tuple[str, list[str]]]:
    """Yields the agency and keys of each item of seals."""
    for item in _scan(client, restored_table):
        if is_seals(item):
            yield item["arrest_id"]["S"].split("#")[1], item["keys"]["SS"]


def is_seals(item: Item) -> bool:
    return "arrest_id" in item and bool(item["arrest_id"]["S"].startswith("seals#"))


def key_of(kind: TableKind, item: Item) -> Item:
    return {name: item[name] for name in kind.key}


def _scan(client: "DynamoDBClient", table: str) -> Iterator[Item]:
    pages: Any = client.get_paginator("scan").paginate(TableName=table)
    for page in pages:
        yield from page["Items"]
