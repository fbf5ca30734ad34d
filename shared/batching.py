"""Cuts an iterable into batches, as AWS calls take only so many items at once, and works on several at a time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Element = TypeVar("Element")
Result = TypeVar("Result")


def batches(elements: Iterable[Element], size: int) -> Iterator[list[Element]]:
    """Yields lists of at most `size` elements, in order; no list is empty.

    Same as `itertools.batched`, which Python 3.11 does not have.
    """
    iterator = iter(elements)
    while batch := [*islice(iterator, size)]:
        yield batch


def map_in_threads(work: Callable[[Element], Result], elements: Iterable[Element], threads: int) -> Iterator[Result]:
    """Yields what `work` returns for each element, in order; `threads` of them are worked on at a time. After the first
    error nothing more is begun."""
    if threads == 1:
        yield from map(work, elements)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(work, elements)
    finally:
        pool.shutdown(cancel_futures=True)
