"""Which layout of a profile reads a file. Pure."""

import io
from collections.abc import Mapping
from itertools import islice

from shared.errors import Rejected
from shared.feeds.forbidden_fields import fold_name
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.formats.tabular.header import MOST_LINES_ABOVE
from shared.feeds.profiles.model import LayoutOfFile

PEEKED_FOR_HEADER = 1 << 16  # bytes of a file in which its header is looked for


def claimed_by(file_name: str, first: bytes, layouts: Mapping[str, LayoutOfFile]) -> str:
    """Returns the name of the one layout that claims a file with this name and these first bytes, unpacked.

    Raises Rejected with the code `layout` when no layout claims it, or more than one.
    """
    names = [name for name, layout in layouts.items() if _claims(layout, file_name, first)]
    if len(names) == 1:
        return names[0]
    if names:
        raise Rejected(
            "layout",
            f"The layouts {', '.join(names)} both claim this file.",
            "Let the profile tell them apart: by other patterns in `files`, or by `header`.",
        )
    raise Rejected(
        "layout",
        f"No layout of the profile claims this file. They claim: {_claims_in_words(layouts)}.",
        "Name the file as one of them says, or add its pattern to `files` of a layout in the profile.",
    )


def _claims(layout: LayoutOfFile, file_name: str, first: bytes) -> bool:
    return layout.claim.claims_name(file_name) and _has_header(layout, first)


def _has_header(layout: LayoutOfFile, first: bytes) -> bool:
    if not layout.claim.header:
        return True
    wanted = {*map(fold_name, layout.claim.header)}
    records = CsvRecords(lines(io.BytesIO(first), layout.profile.text.encoding), layout.profile)
    above = islice(records, MOST_LINES_ABOVE)
    return any(isinstance(record, CsvRecord) and wanted.issubset(map(fold_name, record.cells)) for record in above)


def _claims_in_words(layouts: Mapping[str, LayoutOfFile]) -> str:
    """`bookings*.csv` (bookings), a header with Booking No (charges)."""
    described = []
    for name, layout in layouts.items():
        patterns = " or ".join(f"`{pattern}`" for pattern in layout.claim.files)
        header = f"a header with {', '.join(layout.claim.header)}" if layout.claim.header else ""
        described.append(f"{' and '.join(filter(None, (patterns, header)))} ({name})")
    return ", ".join(described)
