from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """As `itertools.batched`, which Python 3.11 does not have."""
    rest = iter(things)
    while batch := [*islice(rest, size)]:
        yield batch
