"""Samples as bytes, and how their rows are written."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tests.feeds.suggest.invented import Booking


class Sample(NamedTuple):
    """A file, and the bookings that stand in it as the product should read them."""

    content: bytes
    bookings: Sequence[Booking]


def joined(cells: Sequence[str], delimiter: str) -> str:
    """Quotes only what must be quoted."""
    return _line(cells, delimiter, csv.QUOTE_MINIMAL)


def quoted(cells: Sequence[str], delimiter: str) -> str:
    return _line(cells, delimiter, csv.QUOTE_ALL)


def _line(cells: Sequence[str], delimiter: str, quoting: int) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quoting=quoting, lineterminator="").writerow(cells)  # type: ignore[arg-type]
    return line.getvalue()


def on_a_clock(moment: datetime) -> str:
    """`11/9/2026 1:05 PM`"""
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour % 12 or 12}:{moment:%M %p}"
