"""What the arrests table has of a juvenile's record: a stub that names nobody, in the place of the arrest.

The record itself lies in the table of juveniles (Family Court Act 381.3: kept apart from adults'). The stub tells
whoever stores a drop, in the read that it makes anyway, that there is a record apart; and it is the lock of both items:
every write of a record replaces its stub in the same transaction, on the condition that the stub is as it was read.
"""

from collections.abc import Mapping
from typing import Any

from shared.arrests.items import APART, StoredVersion
from shared.arrests.model import Arrest
from shared.aws.dynamodb import Item

RECORD: Item = {"S": "record"}  # the part of the table of juveniles that holds records; others are openings


def record_key(arrest_id: str) -> Item:
    return {"arrest_id": {"S": arrest_id}, "part": RECORD}


def is_stub(item: Mapping[str, Any]) -> bool:
    return bool(item.get("content", {}).get("S") == APART)


def stub_item(arrest: Arrest, version: StoredVersion, expires: Item | None) -> Item:
    """No name, no day of an event, no number. `quiet` lies here and not at the record, because the matchers, who may
    hold what a drop withdraws, reach this item alone."""
    texts = {
        "arrest_id": arrest.arrest_id,
        "agency": arrest.agency,
        "content": APART,
        "version_order": version.order,
        "drop_id": version.drop_id,
        "dropped_at": version.dropped_at,
        "stored_at": version.stored_at,
        "quiet": version.quiet,
    }
    item: Item = {name: {"S": text} for name, text in texts.items() if text}
    item |= {"version": {"N": str(version.version)}}
    return item | {"expires": expires} if expires else item
