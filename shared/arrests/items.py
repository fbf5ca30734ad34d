"""An arrest as it lies in its item, what a drop makes of it, and what is to be written."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from shared.arrests.history import History, Revision, append_revision
from shared.arrests.model import Arrest, NotifyMode, Provenance, parse_utc
from shared.aws.dynamodb import Item

SEALED = "sealed"  # stands for the content of an arrest that may be read no more (`seals/table.py`)
_BYTES_A_TRANSACTION = 3 << 20  # of the 4 MB that DynamoDB allows


class WriteOutcome(StrEnum):
    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"  # a newer drop said otherwise
    SEALED = "sealed"  # it stays unreadable, whatever is said of it


class StoredVersion(NamedTuple):
    """What is stored of an arrest, as far as the decision goes. `order` is that of the newest drop that said so,
    `drop_id` and the times are those of the first."""

    content: str
    order: str
    drop_id: str
    version: int
    dropped_at: str
    stored_at: str
    quiet: str = ""
    told: str = ""  # the document that readers see
    again: str = ""
    history: tuple[Revision, ...] = ()  # of what readers see, the first version included

    @property
    def is_held(self) -> bool:
        return self.quiet == NotifyMode.HELD

    @property
    def past(self) -> tuple[Revision, ...]:
        """Without the version that is held."""
        return tuple(revision for revision in self.history if not (self.is_held and revision.version == self.version))


def is_held(item: Mapping[str, Any]) -> bool:
    return bool(item.get("quiet", {}).get("S") == NotifyMode.HELD)


def readable_document(item: Mapping[str, Any] | None) -> str | None:
    """The document that may be read."""
    name = "told" if item and is_held(item) else "doc"
    return str(item[name]["S"]) if item and name in item else None


def history(item: Mapping[str, Any]) -> tuple[Revision, ...]:
    """Of what may be read: a version that is held is none yet."""
    return stored_version(item).past


def stored_version(item: Mapping[str, Any]) -> StoredVersion:
    """What readers see of it (where the document was read) goes on being seen while a newer version is held."""
    return StoredVersion(
        content=item["content"]["S"],
        order=item["version_order"]["S"],
        drop_id=item["drop_id"]["S"],
        version=int(item["version"]["N"]),
        dropped_at=item["dropped_at"]["S"],
        stored_at=item["stored_at"]["S"],
        quiet=item.get("quiet", {}).get("S", ""),
        told=readable_document(item) or "",
        again=item.get("again", {}).get("S", ""),
        history=_history(item),
    )


def _history(item: Mapping[str, Any]) -> tuple[Revision, ...]:
    if "history" in item:
        return History.validate_json(item["history"]["S"])
    return (Revision(version=int(item["version"]["N"]), reported_at=parse_utc(item["dropped_at"]["S"])),)


def decide_write(content: str, current: StoredVersion | None, by: Provenance) -> tuple[WriteOutcome, bool]:
    """The outcome of saying this now, and whether to write it."""
    if current is None:
        return WriteOutcome.ACCEPTED, True
    if current.content == SEALED:
        return WriteOutcome.SEALED, False
    if current.content == content:
        first = WriteOutcome.ACCEPTED if current.version == 1 else WriteOutcome.UPDATED
        said = first if current.drop_id == by.drop_id else WriteOutcome.UNCHANGED
        if by.notify_mode is NotifyMode.REMATCH or (current.is_held and by.notify_mode is NotifyMode.NOTIFY):
            return first if current.is_held else said, True
        return said, current.order < by.order and current.drop_id != by.drop_id
    if current.order > by.order and current.drop_id != by.drop_id:
        return WriteOutcome.SKIPPED, False
    return WriteOutcome.UPDATED, True


def put_of(
    table: str, arrest: Arrest, content: str, current: StoredVersion | None, by: Provenance, now: datetime
) -> Item:
    said = next_version(content, current, by, now)
    item = {
        "arrest_id": arrest.arrest_id,
        "agency": arrest.agency,
        "content": content,
        "version_order": said.order,
        "drop_id": said.drop_id,
        "dropped_at": said.dropped_at,
        "stored_at": said.stored_at,
        "doc": arrest.model_dump_json(),
    }
    if current and said.version > current.version:
        said = said._replace(history=_revised(arrest, current, said))
    past = History.dump_json(said.history, exclude_defaults=True).decode() if len(said.history) > 1 else ""
    more = {"history": past, "quiet": said.quiet, "told": said.told if said.is_held else "", "again": said.again}
    item |= {name: text for name, text in more.items() if text}
    put: Item = {"TableName": table, "Item": {name: {"S": text} for name, text in item.items()}}
    put["Item"]["version"] = {"N": str(said.version)}
    if current is None:
        return put | {"ConditionExpression": "attribute_not_exists(arrest_id)"}
    values = {":content": {"S": current.content}, ":order": {"S": current.order}}
    values |= {":quiet": {"S": current.quiet}} if current.quiet else {}
    quiet = "quiet = :quiet" if current.quiet else "attribute_not_exists(quiet)"
    return put | {
        "ConditionExpression": f"content = :content AND version_order = :order AND {quiet}",
        "ExpressionAttributeValues": values,
    }


def _revised(arrest: Arrest, current: StoredVersion, said: StoredVersion) -> tuple[Revision, ...]:
    """Compared with what readers saw; where they saw nothing, history begins here."""
    now = Revision(version=said.version, reported_at=parse_utc(said.dropped_at))
    if not current.told:
        return (now,)
    return append_revision(current.past, Arrest.model_validate_json(current.told), arrest, now)


def next_version(content: str, current: StoredVersion | None, by: Provenance, now: datetime) -> StoredVersion:
    """What is to be stored. How long the way from the drop took counts anew for what is released or told again."""
    stored_at = now.astimezone(UTC).isoformat()
    if current and current.content == content:
        order = max(current.order, by.order)
        if by.notify_mode is NotifyMode.REMATCH or (current.is_held and by.notify_mode is NotifyMode.NOTIFY):
            again = stored_at if by.notify_mode is NotifyMode.REMATCH else current.again
            return current._replace(
                order=order, dropped_at=stored_at, stored_at=stored_at, quiet="", told="", again=again
            )
        return current._replace(order=order)
    quiet = by.notify_mode.value if by.notify_mode in (NotifyMode.HELD, NotifyMode.SILENT) else ""
    return StoredVersion(
        content,
        by.order,
        by.drop_id,
        current.version + 1 if current else 1,
        by.dropped_at.astimezone(UTC).isoformat(),
        stored_at,
        quiet,
        current.told if current else "",
    )


def transactions(puts: Mapping[str, Item]) -> Iterator[list[str]]:
    """The keys, in groups that one transaction takes."""
    group: list[str] = []
    weight = 0
    for key, put in puts.items():
        size = len(put["Item"]["doc"]["S"].encode())
        if group and weight + size > _BYTES_A_TRANSACTION:
            yield group
            group, weight = [], 0
        group.append(key)
        weight += size
    if group:
        yield group
