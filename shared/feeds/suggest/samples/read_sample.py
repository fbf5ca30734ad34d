"""Reads a sample of any kind that a profile can be suggested for."""

from collections.abc import Callable, Mapping

from shared.feeds.suggest.samples.delimited import read_delimited
from shared.feeds.suggest.samples.file_kind import kind_of
from shared.feeds.suggest.samples.json_records import read_array, read_ndjson
from shared.feeds.suggest.samples.sample_table import SampleTable
from shared.feeds.suggest.samples.workbook import read_workbook

_READERS: Mapping[str, Callable[[bytes], SampleTable]] = {
    "delimited": read_delimited,
    "json": read_array,
    "ndjson": read_ndjson,
    "xlsx": read_workbook,
}


def read_sample(content: bytes) -> SampleTable:
    """`content` is unpacked. Raises Rejected for a file that is no table of arrests."""
    return _READERS[kind_of(content)](content)
