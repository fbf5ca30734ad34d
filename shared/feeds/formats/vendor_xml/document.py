"""XML of any vendor, read a record at a time. Columns are paths of local names, as in JSON: `Person.Name.@last`.

`@last` is an attribute; `Charges.Charge[].Code` reads each of several elements. Namespaces and their prefixes make no
difference, and a dot in a name is written `_`.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pydantic_core import to_json

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.json_text.paths import PathReader, path_faults
from shared.feeds.formats.json_text.values import RecordError
from shared.feeds.formats.layout_keys import COLUMN_KEYS, KeyFault, LayoutKeys
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.streams.xml_parser import parse_into
from shared.feeds.formats.vendor_xml.records import ATTRIBUTE, TEXT, RecordBuilder, XmlRecord
from shared.feeds.layout import FileLayout
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.XML


def _text_layout(layout: FileLayout) -> FileLayout:
    """The layout with `#text` behind each path that ends at an element: its text is read, whatever else it holds."""

    def with_text(path: str) -> str:
        return path if path.rpartition(".")[2].startswith(ATTRIBUTE) else f"{path}.{TEXT}"

    columns = {field: tuple(map(with_text, names)) for field, names in layout.columns.items()}
    others = {key: tuple(map(with_text, getattr(layout, key))) for key in ("optional", "arrest_key")}
    return layout.model_copy(update={"columns": columns, **others})


def _path_faults(layout: FileLayout) -> Iterable[KeyFault]:
    return path_faults(_text_layout(layout))


KEYS = LayoutKeys(COLUMN_KEYS | {"records"}, frozenset({"columns", "records"}), _path_faults)
_LONG = ("record-too-long", "The record is longer than 1 MiB.", "Send one arrest a record.")


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is no XML, has no such records, or none of them has a path of the layout."""
    field_filter = FieldFilter(layout.drop)
    builder = RecordBuilder(layout.records.split("."), field_filter)
    paths = PathReader(_text_layout(layout))
    number = 0
    for _ in parse_into(builder, stream):
        for record in builder.take_complete():
            number += 1
            yield _read_record(paths, number, record)
    if not number and not builder.has_list:
        raise Rejected(
            "records",
            f"The document has no element `{layout.records}`.",
            "Name in `records` the element of one arrest, alone or behind the elements around it: Roster.Inmate.",
        )
    paths.check_paths()
    if field_filter.met_names:
        yield DroppedColumns(tuple(field_filter.met_names))


def _read_record(paths: PathReader, number: int, record: XmlRecord | None) -> RawRecord | Reject | Skip:
    if record is None:
        return Reject(number, *_LONG)
    if not record:
        return Skip(number, "blank record")
    row = to_json(record).decode()
    try:
        return paths.raw_record(number, row, record)
    except RecordError as error:
        return Reject(number, "record", f"The record {error}.", "Mend the export.", row)
