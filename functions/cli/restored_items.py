"""What of a restored table goes back into the live one. The decisions read nothing of the restored table themselves.

What the live table has always wins, whatever the restored one says: what was changed, sealed, cancelled or purged since
then stays so. A mark that something is gone (a sealed or purged arrest, a removed user) is an item under the same key.
What such a mark cannot say, the live seals, the live arrests and the certificates of purges do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.alerts.reviews.model import Review
from shared.arrests.items import UNREADABLE
from shared.arrests.model import Arrest
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.locks_table import OPEN_LOCKS
from shared.arrests.seals.register import OF_ALL, SealRegister, register_of
from shared.arrests.seals.seal import keys_of_arrest
from shared.arrests.seals.table import SealsTable
from shared.arrests.seals.unsealings_table import UNSEALINGS
from shared.aws.dynamodb import Item, get_all
from shared.batching import batches
from shared.feeds.drops.table import SENDERS
from shared.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100  # keys of one BatchGetItem


class RestoreVerdict(StrEnum):
    """What becomes of an item of the restored table. The command prints the value, with how many there are."""

    RESTORED = "go back"
    LIVE = "are there, as they are now or marked as gone"
    SEALED = "are sealed"
    PURGED = "were purged since, as certificates say"
    ORPHANED = "are about an arrest that is sealed or gone"
    EXPIRED = "have expired"
    DERIVED = "are made anew by the product, or were of use for a moment only"


class TableKind(NamedTuple):
    """`verdict_of` is asked of each item that the live table lacks and that has not expired; `prepared` says how it is
    put back. `first` are parts that others depend on, so they go back before these."""

    output: str
    key: tuple[str, ...]
    verdict_of: Callable[[Item, "LiveRecords"], RestoreVerdict]
    prepared: Callable[[Item], Item] = dict
    first: Callable[[Item], bool] = lambda _item: False


@dataclass
class LiveRecords:
    """What the decisions ask of the live tables, read for a batch of items."""

    client: "DynamoDBClient"
    outputs: Mapping[str, str]
    pseudonyms: Pseudonyms
    seal_entries: dict[str, frozenset[str]] = field(default_factory=dict)
    purged_ids: frozenset[str] = frozenset()  # of arrests, alerts, reviews and drops, as certificates list them
    known_alerts: set[str] = field(default_factory=set)  # alerts that go back in this run

    def seals_of(self, agency: str) -> frozenset[str]:
        if agency not in self.seal_entries:
            self.seal_entries[agency] = SealsTable(self.client, self.outputs["ArrestsTable"]).entries(agency)
        return self.seal_entries[agency]

    def register_of(self, agency: str) -> SealRegister:
        return register_of(agency, self.seals_of(agency), self.seals_of(OF_ALL))

    def has_readable_arrests(self, arrest_ids: Iterable[str]) -> bool:
        """Whether the live table has all of these arrests, none of them sealed or purged."""
        keys = [{"arrest_id": {"S": arrest_id}} for arrest_id in set(arrest_ids)]
        items = list(get_all(self.client, self.outputs["ArrestsTable"], keys))
        return len(items) == len(keys) and all(item["content"]["S"] not in UNREADABLE for item in items)

    def has_alert(self, alert_id: str) -> bool:
        key = {"alert_id": {"S": alert_id}, "part": {"S": "alert"}}
        return alert_id in self.known_alerts or bool(list(get_all(self.client, self.outputs["AlertsTable"], [key])))


def _of_arrests(item: Item, live: LiveRecords) -> RestoreVerdict:
    if "identity" in item:
        return RestoreVerdict.DERIVED  # the drop that brought the event is read again
    locked: Item | None = item.get("locked", {}).get("M")
    documents = [part[name]["S"] for part in (item, locked or {}) for name in ("doc", "told") if name in part]
    arrests = map(Arrest.model_validate_json, documents)
    verdicts = {live.register_of(arrest.agency).verdict(keys_of_arrest(arrest, live.pseudonyms)) for arrest in arrests}
    effects = {verdict.effect for verdict in verdicts}
    if SealEffect.ERASE in effects or (SealEffect.LOCK in effects and locked is None):
        return RestoreVerdict.SEALED
    return RestoreVerdict.RESTORED  # a sealed arrest without a document as well: it is a mark itself


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


def _of_subscriptions(item: Item, _live: LiveRecords) -> RestoreVerdict:
    """Postings and claims on a criterion come with `repost`: an old claim would keep somebody from watching anew."""
    kind = item["sk"]["S"].partition("#")[0]
    is_derived = kind in ("posting", "same", "repeat") or item["pk"]["S"].startswith(("unreached#", "known#"))
    return RestoreVerdict.DERIVED if is_derived else RestoreVerdict.RESTORED


def _of_agencies(item: Item, _live: LiveRecords) -> RestoreVerdict:
    """Nobody would note again that an agency has sent files that sends no more, and the purge would miss its drops; nor
    that one of its seals waits for its statute."""
    is_derived = item["agency"]["S"].startswith("#") and item["agency"]["S"] not in (SENDERS, OPEN_LOCKS, UNSEALINGS)
    return RestoreVerdict.DERIVED if is_derived else RestoreVerdict.RESTORED


def _told_to_nobody(item: Item) -> Item:
    """An alert or delivery that no sweep sends or escalates: it was, before it was lost."""
    is_review = item["part"]["S"].startswith("review")
    return {name: value for name, value in item.items() if is_review or name not in ("open", "due")}


def _not_indexed(item: Item) -> Item:
    """A subscription as if it had no postings: `repost` makes them."""
    return item | {"posted": {"M": {}}} if "posted" in item else dict(item)


KINDS: Mapping[str, TableKind] = {
    "arrests": TableKind("ArrestsTable", ("arrest_id",), _of_arrests),
    "alerts": TableKind(
        "AlertsTable", ("alert_id", "part"), _of_alerts, _told_to_nobody, lambda item: item["part"]["S"] == "alert"
    ),
    "subscriptions": TableKind("SubscriptionsTable", ("pk", "sk"), _of_subscriptions, _not_indexed),
    "offices": TableKind("OfficesTable", ("pk",), lambda _item, _live: RestoreVerdict.RESTORED),
    "agencies": TableKind("AgenciesTable", ("agency", "part"), _of_agencies),
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
