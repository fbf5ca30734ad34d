"""Columns that differ by a number alone, such as `Charge 1` and `Charge 2`: they are looked at as one column."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from shared.feeds.layout import NUMBER_PLACEHOLDER
from shared.feeds.suggest.columns.column_names import says_something
from shared.feeds.suggest.samples.sample_table import SampleColumn

_NUMBER = re.compile(r"(?<!\d)0?\d{1,2}(?!\d)")
_LEAST_COLUMNS = 2
_NEARLY_ALL = 0.8  # share of the columns


def pattern_of(name: str) -> str:
    """The name with a placeholder for its last number; empty where it has none, or nothing else."""
    numbers = [*_NUMBER.finditer(name)]
    if not numbers or not re.search("[A-Za-z]", name):
        return ""
    last = numbers[-1]
    return f"{name[: last.start()]}{NUMBER_PLACEHOLDER}{name[last.end() :]}"


def fold_numbered(columns: Sequence[SampleColumn]) -> tuple[list[SampleColumn], dict[str, list[SampleColumn]]]:
    """Returns the columns with one for each numbered group, and the columns of each group by its pattern."""
    groups: defaultdict[str, list[SampleColumn]] = defaultdict(list)
    for column in columns:
        if pattern := pattern_of(column.name):
            groups[pattern].append(column)
    numbered = {pattern: members for pattern, members in groups.items() if len(members) >= _LEAST_COLUMNS}
    folded, seen = list[SampleColumn](), set[str]()
    for column in columns:
        pattern = pattern_of(column.name)
        if pattern not in numbered:
            folded.append(column)
        elif pattern not in seen:
            seen.add(pattern)
            cells = [cell for member in numbered[pattern] for cell in member.cells]
            folded.append(SampleColumn(pattern, cells))
    return folded, numbered


def are_placeholders(names: Sequence[str]) -> bool:
    """Whether the names only count the columns, as `FIELD_01`, `FIELD_02` do."""
    patterns = Counter(pattern_of(name) for name in names)
    pattern, count = max(patterns.items(), key=lambda item: item[1], default=("", 0))
    return bool(pattern) and count > len(names) * _NEARLY_ALL and not says_something(pattern)
