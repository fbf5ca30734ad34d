"""Reads a sample of any kind that a profile can be suggested for."""

from collections.abc import Callable, Mapping

from shared.feeds.suggest.samples.delimited import read_delimited
from shared.feeds.suggest.samples.file_kind import kind_of
from shared.feeds.suggest.samples.sample_table import SampleTable

_READERS: Mapping[str, Callable[[bytes], SampleTable]] = {"delimited": read_delimited}


def read_sample(content: bytes) -> SampleTable:
    """`content` is unpacked. Raises Rejected for a file that is no table of arrests."""
    return _READERS[kind_of(content)](content)
