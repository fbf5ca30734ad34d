"""The stream of the arrests table: which of its records are versions to be matched, or take back what was matched."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from shared.arrests.items import decided_document, is_held
from shared.arrests.juveniles.stub import is_stub
from shared.arrests.table import Version, version_of


def versions_in(records: Iterable[Mapping[str, Any]]) -> list[Version]:
    """The versions to be matched in these records of the table's stream, the silent ones that changed an arrest, and
    the arrests that are a juvenile's now, as they were before. Removals, held and new silent items, and newer drops
    with equal content are passed over without parsing their documents."""
    return [version_of(record["dynamodb"]) for record in records if _is_version(record["dynamodb"])]


class OpenedStubs(NamedTuple):
    """The ids of arrests that are a juvenile's by a drop that was held and is released now. What they were before is
    not in these records: the held drop took it out of the table.

    Of the `superseded` a later record of the batch says otherwise: they are an adult's again, or held again, and what
    was told of them is taken back before that record is matched. Of the `standing` it is taken back afterwards."""

    superseded: list[str]
    standing: list[str]


def opened_stubs_in(records: Sequence[Mapping[str, Any]]) -> OpenedStubs:
    changes = [record["dynamodb"] for record in records if record["dynamodb"].get("NewImage")]
    stubs = stubs_in(records)
    opened = dict.fromkeys(change["NewImage"]["arrest_id"]["S"] for change in changes if _is_opened_stub(change))
    return OpenedStubs(
        superseded=[arrest_id for arrest_id in opened if arrest_id not in stubs],
        standing=[arrest_id for arrest_id in opened if arrest_id in stubs],
    )


def stubs_in(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the arrests that are a juvenile's after these records, by a drop that is not held."""
    images = [image for record in records if (image := record["dynamodb"].get("NewImage"))]
    latest = {image["arrest_id"]["S"]: image for image in images}
    return {arrest_id for arrest_id, image in latest.items() if is_stub(image) and not is_held(image)}


def _is_opened_stub(change: Mapping[str, Any]) -> bool:
    new, old = change.get("NewImage") or {}, change.get("OldImage") or {}
    return is_stub(new) and is_stub(old) and is_held(old) and not is_held(new)


def _is_version(change: Mapping[str, Any]) -> bool:
    new, old = change.get("NewImage"), change.get("OldImage")
    if new is not None and is_stub(new):
        return not is_held(new) and decided_document(old) is not None
    if new is None or "doc" not in new or is_held(new):
        return False
    if "quiet" in new:
        return old is not None and old["content"] != new["content"]
    is_matched_again = "again" in new and new["again"] != (old or {}).get("again")
    return is_matched_again or not old or old["content"] != new["content"] or is_held(old)
