"""Gathers what the values of one column show. No decision is taken here."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import islice

from shared.arrests.numbers import normal_code
from shared.arrests.placeholders import is_no_number, is_placeholder
from shared.feeds.suggest.columns.date_forms import DateEvidence, date_evidence, time_forms
from shared.feeds.suggest.columns.value_shapes import Shape, are_races, shapes_of
from shared.feeds.suggest.samples.sample_table import SampleColumn

_MOST_SHAPED = 600  # distinct values whose shape is looked at; dates are proved on all
_SEPARATORS = ("|", ";", "~", "^", "<br>", "<br/>", "\n", "//")
_LEAST_DATES = 0.3  # share of the first values; below it a column is none of dates
_LONGEST_NUMBER = 16  # characters
_LEAST_JOINED = 0.04  # share of the cells that hold several items


class ColumnEvidence:
    """`texts` counts the distinct cells without blanks. Where a `separator` joins several items in a cell, `values`
    counts the items, else the cells; `filled` is their sum. What takes time is computed when it is first asked for."""

    def __init__(self, column: SampleColumn) -> None:
        self.name, self.in_list, self.absences = column.name, column.in_list, column.absences
        self.cells = column.cells
        whole = Counter(map(str.strip, column.cells))
        self.texts: Mapping[str, int] = {text: count for text, count in whole.items() if not _is_blank(text)}
        self.separator = separator_of(self.texts)
        self.values: Mapping[str, int] = _items(self.texts, self.separator) if self.separator else self.texts
        self.filled = sum(self.values.values())

    @property
    def distinct(self) -> int:
        return len(self.values)

    @property
    def is_empty(self) -> bool:
        return not self.filled

    @cached_property
    def longest(self) -> int:
        return max(map(len, islice(self.values, _MOST_SHAPED)), default=0)

    @cached_property
    def average_length(self) -> float:
        texts = [*islice(self.values, _MOST_SHAPED)]
        return sum(map(len, texts)) / max(1, len(texts))

    @cached_property
    def _shares(self) -> Mapping[Shape, float]:
        counts, total = Counter[Shape](), 0
        for text, count in islice(self.values.items(), _MOST_SHAPED):
            total += count
            for shape in shapes_of(text):
                counts[shape] += count
        return {shape: count / total for shape, count in counts.items()}

    def share(self, shape: Shape) -> float:
        """The share of the filled cells that have this shape, from 0 to 1."""
        return self._shares.get(shape, 0.0)

    @cached_property
    def dates(self) -> DateEvidence:
        sample = dict(islice(self.values.items(), _MOST_SHAPED))
        if self.distinct > _MOST_SHAPED:  # a column of other things is not proved to its end
            first = date_evidence(sample)
            if first.read + first.epoch < sum(sample.values()) * _LEAST_DATES:
                return first
        return date_evidence(self.values)

    @cached_property
    def date_share(self) -> float:
        """The share of the filled cells that one of the forms reads as a date."""
        return self.dates.read / self.filled if self.filled and self._has_digits else 0.0

    @cached_property
    def time_share(self) -> float:
        if not self.filled or not self._has_digits:
            return 0.0
        sample = dict(islice(self.values.items(), _MOST_SHAPED))
        _, unread = time_forms(sample)
        return 1 - unread.total() / sum(sample.values())

    @property
    def _has_digits(self) -> bool:
        return self.share(Shape.DIGIT) > 0.2

    @cached_property
    def tells_race(self) -> bool:
        return are_races(self.values)


def separator_of(texts: Mapping[str, int]) -> str:
    """The sign that joins several items in a cell; empty where none does."""
    total = sum(texts.values())
    for separator in _SEPARATORS:
        joined = {text: count for text, count in texts.items() if separator in text.strip(f"{separator} ")}
        if sum(joined.values()) > total * _LEAST_JOINED:
            return separator
    return ""


def _items(texts: Mapping[str, int], separator: str) -> Mapping[str, int]:
    items = Counter[str]()
    for text, count in texts.items():
        for item in text.split(separator):
            items[item.strip()] += count
    return {item: count for item, count in items.items() if not _is_blank(item)}


def _is_blank(text: str) -> bool:
    """A code may be a nought or one letter X; longer texts of them say nothing."""
    is_number = 1 < len(text) < _LONGEST_NUMBER and is_no_number(normal_code(text))
    return not text.isdigit() and (is_placeholder(text) or is_number)
