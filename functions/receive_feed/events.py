import json
from collections.abc import Iterator
from urllib.parse import unquote_plus

from shared.arrests.model import parse_utc
from shared.feeds.drops.model import Drop
from shared.feeds.intake.dependencies import SplitTask


def drops_in(body: str) -> Iterator[Drop]:
    """The drops that one S3 notification tells of. S3's test event has none; our own receipts and rejects are none."""
    for record in json.loads(body).get("Records", ()):
        thing = record["s3"]["object"]
        drop = Drop(
            key=unquote_plus(thing["key"]),
            size=thing.get("size", 0),
            dropped_at=parse_utc(record["eventTime"]),
            version_id=thing.get("versionId", ""),
            sequencer=thing.get("sequencer", ""),
        )
        if not drop.is_own_object:
            yield drop


def task_in(body: str) -> SplitTask | None:
    """A piece of a large drop, if the message is no notification of S3's."""
    said = json.loads(body)
    return SplitTask.model_validate(said) if "step" in said else None
