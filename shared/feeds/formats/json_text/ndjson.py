"""NDJSON: a JSON object a line. A column of the profile is a path (`paths.py`)."""

from collections.abc import Iterator
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.formats.json_text.object_reader import WITHHELD, ObjectReader
from shared.feeds.formats.json_text.paths import NDJSON_KEYS
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.JSON
KEYS = NDJSON_KEYS


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is one JSON array, or no record has a path of the layout."""
    objects = ObjectReader(layout)
    for number, line in enumerate(lines(stream, layout.text.encoding), 1):
        if isinstance(line, Reject):
            yield line._replace(row=WITHHELD)
        elif not line.strip():
            yield Skip(number, "blank line")
        elif number == 1 and line.lstrip().startswith("["):
            raise Rejected(
                "json-array",
                "The file is one JSON array, the profile says `ndjson`.",
                "Write `format: json` in the profile.",
            )
        else:
            yield objects.read(number, line)
    yield from objects.finish()
