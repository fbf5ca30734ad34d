"""Cuts an iterable into batches, as AWS calls take only so many items at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Element = TypeVar("Element")


def batches(elements: Iterable[Element], size: int) -> Iterator[list[Element]]:
    """Yields lists of at most `size` elements, in order; no list is empty.

    Same as `itertools.batched`, which Python 3.11 does not have.
    """
    iterator = iter(elements)
    while batch := [*islice(iterator, size)]:
        yield batch
