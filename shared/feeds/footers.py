"""Rows of a report that are no records: totals, counts, page numbers, the end of the report."""

import re

NO_ARREST = (
    "no-arrest",
    "The row names nobody, no day and no charge: it is a total, a footer or a note.",
    "Leave such rows out of the export. An arrest has a day, a person or a charge, like 26-0001,09/01/2026,QUILL,ANA.",
)
_FOOTER = re.compile(
    r"(?:GRAND |SUB ?)?TOTALS?\b.{0,60}|(?:\S+ )?COUNT ?[:=]? ?\d*"
    r"|END OF (?:THE )?(?:REPORT|FILE|LIST|DATA|ROSTER)\b.{0,60}"
    r"|\(?\d+ (?:ROWS?|RECORDS?|ARRESTS?|BOOKINGS?|INMATES?)\b.{0,60}|PAGE \d+\b.{0,60}"
    r"|(?:REPORT |FILE )?(?:RUN|PRINTED|GENERATED|CREATED|EXPORTED) (?:ON|AT|BY|DATE)\b.{0,80}",
)


def is_footer(text: str) -> bool:
    """Whether a text is a whole footer, whatever stands around it: `*** END OF REPORT ***`."""
    return _FOOTER.fullmatch(" ".join(text.upper().split()).strip("*-=_#. ")) is not None
