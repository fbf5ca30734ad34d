"""The DynamoDB item of an arrest: how it is read, what a drop makes of it (a pure decision), and the put that writes
it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from shared.arrests.history import History, Revision, append_revision
from shared.arrests.model import Arrest, NotifyMode, Provenance, is_too_old, parse_utc
from shared.arrests.place_index import PlaceKeys
from shared.arrests.synthetic import KEPT_FOR, is_synthetic
from shared.aws.dynamodb import TIME_TO_LIVE, Item, expires_at

SEALED = "sealed"  # stands for the content of an arrest that may be read no more (`seals/table.py`)
LOCKED = "locked"  # stands for the content of an arrest that nobody reads until its seal is answered (`seals/table.py`)
PURGED = "purged"  # stands for the content of an arrest whose time is over (`purge_table.py`)
PlaceAttributes = Mapping[str, str]
APART = "apart"  # stands for the content of a juvenile's record, which is kept apart (`juveniles/stub.py`)
UNREADABLE = frozenset({SEALED, LOCKED, PURGED, APART})


class WriteOutcome(StrEnum):
    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"  # a newer drop holds other content
    SEALED = "sealed"  # it stays unreadable, whatever a drop says of it
    PURGED = "purged"  # its time is over, whatever a drop says of it


_OF_A_JUVENILE = '"juvenile":true'  # as the model writes it; inside a text of the document the quotes are escaped
_TOMBSTONES = {SEALED: WriteOutcome.SEALED, LOCKED: WriteOutcome.SEALED, PURGED: WriteOutcome.PURGED}


class StoredVersion(NamedTuple):
    """What is stored of an arrest, as far as the decision needs it.

    `order` belongs to the newest drop with this content, `drop_id` and the times to the first. `shown_document` is what
    readers see (stored as `told` while a newer version is held); empty where they see nothing or it was not read.
    `again` changes whenever the arrest is to be matched again. `history` holds the revisions from the first on.
    `mark` is the statute that seals the arrest and leaves it open to law enforcement.
    `untold` is true while nobody was notified of any version, because each was too old when its drop came.
    """

    content: str
    order: str
    drop_id: str
    version: int
    dropped_at: str
    stored_at: str
    quiet: str = ""
    shown_document: str = ""
    again: str = ""
    untold: bool = False
    history: tuple[Revision, ...] = ()
    mark: str = ""

    @property
    def is_held(self) -> bool:
        return self.quiet == NotifyMode.HELD

    @property
    def is_news(self) -> bool:
        """Whether nobody was notified of any version of the arrest."""
        return self.untold or (self.version == 1 and bool(self.quiet))

    @property
    def shown_history(self) -> tuple[Revision, ...]:
        """The revisions that may be read: a version that is held is none yet."""
        return tuple(revision for revision in self.history if not (self.is_held and revision.version == self.version))


# Reading


def is_held(item: Mapping[str, Any]) -> bool:
    return bool(item.get("quiet", {}).get("S") == NotifyMode.HELD)


def decided_document(item: Mapping[str, Any] | None) -> str | None:
    """The JSON document of the latest version that is not held."""
    name = "told" if item and is_held(item) else "doc"
    return str(item[name]["S"]) if item and name in item else None


def readable_document(item: Mapping[str, Any]) -> str | None:
    """The JSON document that readers see: none of a juvenile, who was stored here before there was a store apart
    (`juveniles/move_table.py`), nor of one whom a held version says to be a minor."""
    return None if is_of_a_juvenile(item) else decided_document(item)


def is_of_a_juvenile(item: Mapping[str, Any]) -> bool:
    return any(_OF_A_JUVENILE in item[name]["S"] for name in ("doc", "told") if name in item)


def readable_history(item: Mapping[str, Any]) -> tuple[Revision, ...]:
    return stored_version(item).shown_history


def stored_version(item: Mapping[str, Any]) -> StoredVersion:
    return StoredVersion(
        content=item["content"]["S"],
        order=item["version_order"]["S"],
        drop_id=item["drop_id"]["S"],
        version=int(item["version"]["N"]),
        dropped_at=item["dropped_at"]["S"],
        stored_at=item["stored_at"]["S"],
        quiet=item.get("quiet", {}).get("S", ""),
        shown_document=decided_document(item) or "",
        again=item.get("again", {}).get("S", ""),
        untold="untold" in item,
        history=_history_in(item),
        mark=item.get("mark", {}).get("S", ""),
    )


def _history_in(item: Mapping[str, Any]) -> tuple[Revision, ...]:
    """An arrest with one version stores no history: its only revision follows from the other attributes."""
    if "history" in item:
        return History.validate_json(item["history"]["S"])
    return (Revision(version=int(item["version"]["N"]), reported_at=parse_utc(item["dropped_at"]["S"])),)


# Deciding


def provenance_for(arrest: Arrest, current: StoredVersion | None, provenance: Provenance) -> Provenance:
    """The provenance with the notify mode for this arrest: of an arrest that is too old nobody is notified, unless
    somebody was notified of it before. What somebody knows is corrected however old it is."""
    is_notified = provenance.notify_mode in (NotifyMode.NOTIFY, NotifyMode.REMATCH)
    is_news = current is None or current.is_news
    if is_notified and is_news and is_too_old(arrest, provenance.notify_from):
        return provenance.model_copy(update={"notify_mode": NotifyMode.TOO_OLD})
    return provenance


def decide_write(content: str, current: StoredVersion | None, provenance: Provenance) -> tuple[WriteOutcome, bool]:
    """The outcome of a drop with this content, and whether to write the item."""
    if current is None:
        return WriteOutcome.ACCEPTED, True
    if current.content in _TOMBSTONES:
        return _TOMBSTONES[current.content], False
    is_same_drop = current.drop_id == provenance.drop_id
    if current.content == content:
        first_outcome = WriteOutcome.ACCEPTED if current.version == 1 else WriteOutcome.UPDATED
        outcome = first_outcome if is_same_drop else WriteOutcome.UNCHANGED
        if _is_written_again(current, provenance):
            return first_outcome if current.is_held else outcome, True
        return outcome, current.order < provenance.order and not is_same_drop
    if current.order > provenance.order and not is_same_drop:
        return WriteOutcome.SKIPPED, False
    return WriteOutcome.UPDATED, True


def _is_written_again(current: StoredVersion, provenance: Provenance) -> bool:
    """Content that is stored already is written again when the drop orders it or releases a held version."""
    if provenance.notify_mode is NotifyMode.REMATCH:
        return True
    return current.is_held and provenance.notify_mode in (NotifyMode.NOTIFY, NotifyMode.TOO_OLD)


def next_version(content: str, current: StoredVersion | None, provenance: Provenance, now: datetime) -> StoredVersion:
    """What to store, without the history. Latency is measured from now on for what is released or matched again."""
    stored_at = now.astimezone(UTC).isoformat()
    mode = provenance.notify_mode
    quiet = mode.value if mode in (NotifyMode.HELD, NotifyMode.SILENT, NotifyMode.TOO_OLD) else ""
    untold = mode is NotifyMode.TOO_OLD or bool(quiet and current and current.untold)
    if current and current.content == content:
        order = max(current.order, provenance.order)
        if not _is_written_again(current, provenance):
            return current._replace(order=order)
        again = stored_at if mode is NotifyMode.REMATCH else current.again
        return current._replace(
            order=order,
            dropped_at=stored_at,
            stored_at=stored_at,
            quiet=quiet,
            shown_document="",
            again=again,
            untold=untold,
        )
    return StoredVersion(
        content=content,
        order=provenance.order,
        drop_id=provenance.drop_id,
        version=current.version + 1 if current else 1,
        dropped_at=provenance.dropped_at.astimezone(UTC).isoformat(),
        stored_at=stored_at,
        quiet=quiet,
        untold=untold,
        shown_document=current.shown_document if current else "",
        mark=current.mark if current else "",
    )


def _next_history(arrest: Arrest, current: StoredVersion, version: StoredVersion) -> tuple[Revision, ...]:
    """Compares with what readers saw. Where they saw nothing, the history begins with this version."""
    revision = Revision(version=version.version, reported_at=parse_utc(version.dropped_at))
    if not current.shown_document:
        return (revision,)
    before = Arrest.model_validate_json(current.shown_document)
    return append_revision(current.shown_history, before, arrest, revision)


# Writing


def document_of(arrest: Arrest) -> str:
    """The arrest as it is stored: what is empty is left out, so that most items need one write unit less (1 KB)."""
    return arrest.model_dump_json(exclude_defaults=True)


def put_of(
    table: str, arrest: Arrest, version: StoredVersion, current: StoredVersion | None, place: PlaceAttributes
) -> Item:
    """The put of a transaction, on the condition that the item is still as it was read. `place` are the attributes of
    the index by place."""
    version = with_history(arrest, version, current)
    return {"TableName": table, "Item": item_of(arrest, version, place)} | unchanged_since(current)


def with_history(arrest: Arrest, version: StoredVersion, current: StoredVersion | None) -> StoredVersion:
    if current and version.version > current.version:
        return version._replace(history=_next_history(arrest, current, version))
    return version


def unchanged_since(current: StoredVersion | None) -> Item:
    """The condition of a put: the item is still as it was read, or still missing."""
    if current is None:
        return {"ConditionExpression": "attribute_not_exists(arrest_id)"}
    values = {":content": {"S": current.content}, ":order": {"S": current.order}}
    values |= {":quiet": {"S": current.quiet}} if current.quiet else {}
    values |= {":mark": {"S": current.mark}} if current.mark else {}
    quiet = "quiet = :quiet" if current.quiet else "attribute_not_exists(quiet)"
    mark = "mark = :mark" if current.mark else "attribute_not_exists(mark)"
    return {
        "ConditionExpression": f"content = :content AND version_order = :order AND {quiet} AND {mark}",
        "ExpressionAttributeValues": values,
    }


def place_attributes(arrest: Arrest, version: StoredVersion, keys: PlaceKeys | None) -> PlaceAttributes:
    """The attributes of the index by place: of what readers see, which of a held version is the one before."""
    if keys is None:
        return {}
    if not version.is_held:
        return keys.attributes_of(arrest)
    shown = version.shown_document
    return keys.attributes_of(Arrest.model_validate_json(shown) if shown else None)


def item_of(arrest: Arrest, version: StoredVersion, place: PlaceAttributes) -> Item:
    always = {
        "arrest_id": arrest.arrest_id,
        "agency": arrest.agency,
        "content": version.content,
        "version_order": version.order,
        "drop_id": version.drop_id,
        "dropped_at": version.dropped_at,
        "stored_at": version.stored_at,
        "doc": document_of(arrest),
    }
    has_history = len(version.history) > 1
    where_not_empty = {
        "history": History.dump_json(version.history, exclude_defaults=True).decode() if has_history else "",
        "quiet": version.quiet,
        "told": version.shown_document if version.is_held else "",
        "again": version.again,
        "untold": "yes" if version.untold else "",
        "mark": version.mark,
    }
    texts = always | {name: text for name, text in where_not_empty.items() if text} | dict(place)
    item: Item = {name: {"S": text} for name, text in texts.items()}
    return item | {"version": {"N": str(version.version)}, "expires": expiry_of(arrest, version)}


def expiry_of(arrest: Arrest, version: StoredVersion) -> Item:
    """The TTL attribute: a synthetic arrest goes soon, a real one after the purge would have had it."""
    after = KEPT_FOR if is_synthetic(arrest.agency) else TIME_TO_LIVE
    return expires_at(parse_utc(version.stored_at) + after)
