"""Reads a sample of any kind that a profile can be suggested for."""

import io
from collections.abc import Callable, Mapping
from functools import partial

from shared.feeds.formats.streams.lines import CHUNK
from shared.feeds.formats.streams.signatures import PEEKED
from shared.feeds.formats.streams.utf16 import Utf8Stream, utf16_of
from shared.feeds.suggest.samples.delimited import read_delimited
from shared.feeds.suggest.samples.file_kind import format_of
from shared.feeds.suggest.samples.fixed_width import read_fixed_width
from shared.feeds.suggest.samples.json_records import read_array, read_ndjson
from shared.feeds.suggest.samples.sample_table import SampleTable
from shared.feeds.suggest.samples.workbook import read_workbook
from shared.feeds.suggest.samples.xml_records import read_xml


def _read_text(content: bytes) -> SampleTable:
    return read_fixed_width(content) or read_delimited(content)


_READERS: Mapping[str, Callable[[bytes], SampleTable]] = {
    "delimited": _read_text,
    "json": read_array,
    "ndjson": read_ndjson,
    "xml": read_xml,
    **{name: partial(read_workbook, name) for name in ("xlsx", "xls", "ods")},
}


def read_sample(content: bytes) -> SampleTable:
    """`content` is unpacked. Raises Rejected for a file that is no table of arrests."""
    if utf16_of(content[:PEEKED]):
        content = b"".join(iter(partial(Utf8Stream(io.BytesIO(content), CHUNK).read, CHUNK), b""))
    return _READERS[format_of(content)](content)
