"""Delimited text: its delimiter, the lines above its header, its header or the lack of one, its columns."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from shared.errors import Rejected
from shared.feeds.forbidden_fields import fold_name
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.layout import DELIMITERS, FileLayout, TextLayout
from shared.feeds.suggest.samples.sample_table import SampleColumn, SampleTable
from shared.feeds.suggest.samples.text_encoding import encoding_of

_OTHER_DELIMITERS = ("^", "~", "\x1f", "¦")
_LINES_FOR_DELIMITER = 200
_MOST_TITLE_LINES = 30
_ROWS_FOR_HEADER = 300
_DATA = re.compile(
    r"\d[\d.,:/\-]*|[MFUX]|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}.*|[A-Z]{0,5}[-# ]?\d{3,}[A-Z]?|[^,]+, ?[^,]+"
    r"|\d{4}-\d\d-\d\dT.*|\d{1,2}[- ][A-Z]{3}[- ]\d{2,4}.*",
    re.IGNORECASE,
)


class Dialect(NamedTuple):
    delimiter: str
    quote: str
    width: int
    agreeing: float  # share of the lines that have this width


def read_delimited(content: bytes) -> SampleTable:
    """Raises Rejected for a file that is no table of at least two columns, and for a header without rows."""
    encoding = encoding_of(content)
    dialect = dialect_of(content, encoding.name)
    layout = FileLayout(text=TextLayout(delimiter=dialect.delimiter, quote=dialect.quote, encoding=encoding.name))
    records = CsvRecords(lines(io.BytesIO(content), encoding.name), layout)
    records.width = dialect.width
    rows = [record.cells if isinstance(record, CsvRecord) else [] for record in records]
    table = table_of(rows, dialect.width)
    text = table.text | _text_keys(dialect, encoding.name)
    doubts = [*table.doubts]
    if not encoding.is_certain:
        doubts.append(
            f"The letters with accents are read as {encoding.name}. Are they right in the names of the first arrests?"
        )
    return table._replace(format="delimited", text=text, doubts=doubts)


def dialect_of(content: bytes, encoding: str) -> Dialect:
    """The delimiter whose rows agree best about their width; of those that agree alike, the one with more columns."""
    texts = [
        str(line)
        for line in islice(lines(io.BytesIO(content), encoding), _LINES_FOR_DELIMITER)
        if isinstance(line, str) and line.strip()
    ]
    dialects = [_try(texts, delimiter) for delimiter in (*DELIMITERS.values(), *_OTHER_DELIMITERS)]
    best = max(dialects, key=lambda dialect: (dialect.width > 1, round(dialect.agreeing, 1), dialect.width))
    if best.width < 2:
        raise Rejected(
            "no-table",
            "The file is text, but no delimiter parts its lines into columns.",
            "Ask for CSV with a header line; of fixed columns, ask for the positions of the columns.",
        )
    return best


def _try(texts: Sequence[str], delimiter: str) -> Dialect:
    quote = '"' if any('"' in text for text in texts) else "'" if _are_single_quoted(texts, delimiter) else '"'
    layout = FileLayout(text=TextLayout(delimiter=delimiter, quote=quote))
    widths = Counter(len(record.cells) for record in CsvRecords(iter(texts), layout) if isinstance(record, CsvRecord))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return Dialect(delimiter, quote, 1, 0.0)
    width = max(wide, key=lambda width: (wide[width], width))
    return Dialect(delimiter, quote, width, wide[width] / max(1, widths.total()))


def _are_single_quoted(texts: Sequence[str], delimiter: str) -> bool:
    between = f"'{delimiter}'"
    return sum(text.startswith("'") and between in text for text in texts) > len(texts) * 0.8


def _text_keys(dialect: Dialect, encoding: str) -> dict[str, str | int | list[str]]:
    words = {sign: word for word, sign in DELIMITERS.items()}
    keys: dict[str, str | int | list[str]] = {}
    if dialect.delimiter != ",":
        keys["delimiter"] = words.get(dialect.delimiter, dialect.delimiter)
    if dialect.quote != '"':
        keys["quote"] = dialect.quote
    if encoding != "utf-8":
        keys["encoding"] = encoding
    return keys


def table_of(rows: Sequence[Sequence[str]], width: int) -> SampleTable:
    """Finds the header among the rows. Raises Rejected where no rows of data follow it."""
    filled = [(number, row) for number, row in enumerate(rows) if any(map(str.strip, row))]
    first = next((place for place, (_, row) in enumerate(filled) if _may_be_header(row, width)), 0)
    if not filled or first > _MOST_TITLE_LINES:
        raise Rejected(
            "no-table", "No line of the file looks like a row of a table.", "Ask for CSV with a header line."
        )
    skip_lines, header = filled[first]
    data = [row for _, row in filled[first + 1 :]]
    text: dict[str, str | int | list[str]] = {}
    doubts = []
    data = [row for row in data if [*row] != [*header]]  # a header may be repeated on each page
    if is_header(header, data[:_ROWS_FOR_HEADER]):
        names = [name.strip() for name in header]
        if skip_lines:
            text["skip_lines"] = skip_lines
    else:
        names = [f"column {place}" for place in range(1, len(header) + 1)]
        data = [header, *data]
        text |= {"header": names} | ({"skip_lines": skip_lines} if skip_lines else {})
        doubts.append(
            "The file has no header line, so its columns are named by their place. Ask the agency what each column is"
            " and that their order never changes."
        )
    if not data:
        raise Rejected(
            "no-rows",
            "The file has one line and no rows of data under it.",
            "Ask for a sample of about a hundred rows: what the columns mean is proved by what stands in them.",
        )
    same = [row for row in data if len(row) == len(names)]
    columns = [
        SampleColumn(name, cells) for name, cells in zip(names, zip(*same, strict=True) if same else (), strict=False)
    ]
    if not same:
        raise Rejected(
            "no-rows",
            "No row of the file has as many cells as its header.",
            "Ask for the file anew: every row must have every column.",
        )
    doubts += _repeated_names(names)
    return SampleTable("", columns, len(same), text, doubts, len(data) - len(same))


def _repeated_names(names: Sequence[str]) -> list[str]:
    repeated = [name for name, count in Counter(map(fold_name, names)).items() if count > 1 and name]
    if not repeated:
        return []
    return [f"The header has more than one column named {', '.join(repeated)}: ask for a name for each."]


def _may_be_header(row: Sequence[str], width: int) -> bool:
    """Whether a row is as wide as the table and filled as a header is: a title stands alone in its row."""
    filled = sum(bool(cell.strip()) for cell in row)
    return len(row) >= width - 1 and filled > max(1, len(row) // 2)


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """A header has no cell that looks like data, names each column once, and is not repeated as data below."""
    cells = [cell.strip() for cell in first]
    looks_like_data = sum(bool(_DATA.fullmatch(cell)) for cell in cells if cell)
    words = sum(bool(re.search(r"[A-Za-z]", cell)) for cell in cells)
    if not words or looks_like_data > max(1, len(cells) // 5):
        return False
    if looks_like_data == 0:
        seen_below = sum(
            any(place < len(row) and row[place].strip() == cell for row in rows)
            for place, cell in enumerate(cells)
            if cell
        )
        return seen_below <= len(cells) // 3
    return words > len(cells) // 2
