"""Judges the suggestions by two sets of layouts: `python -m tests.feeds.suggest.judge [--details]` prints the figures.

A column is right if the suggestion reads it as exactly the fields of the answer. It counts if the answer or the
suggestion maps it. A layout is usable if the suggestion, given what no file says, reads the same arrests as the profile
by hand. Where the command refuses a sample, no column is right and nothing is suggested unasked.
"""

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from shared.errors import Rejected
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.record import FIELD_NAMES
from shared.feeds.suggest.suggest_profile import suggest_profile
from shared.feeds.suggest.suggestion import KEY_ONLY, Known, SuggestedColumn, Suggestion
from tests.feeds.cases import read_file
from tests.feeds.suggest.answers import FORBIDDEN, NOT_USED, SETS, answer_of, fields_by_column, sample_of
from tests.feeds.suggest.samples import LAYOUTS

MILLISECONDS = "milliseconds since 1970"  # which no form of a profile reads


class Wrong(NamedTuple):
    column: str
    expected: tuple[str, ...]
    suggested: tuple[str, ...]
    is_asked: bool


class Verdict(NamedTuple):
    """Of one layout. `difference` is empty where the suggestion reads the same arrests as the profile by hand."""

    agency: str
    columns: int
    wrong: Sequence[Wrong]
    difference: str

    @property
    def unasked(self) -> list[Wrong]:
        return [wrong for wrong in self.wrong if not wrong.is_asked]


class Figures(NamedTuple):
    columns: int
    right: int
    wrong_unasked: int
    usable: int
    layouts: int

    @property
    def share_right(self) -> float:
        return self.right / self.columns


def known_of(agency: str, answer: dict[str, Any]) -> Known:
    """What no file says, as the agency says it."""
    said = {key: value for key, value in answer["truth"].items() if key in Known.model_fields}
    return Known(agency=agency, **said)


def judge(agency: str) -> Verdict:
    answer = answer_of(agency)
    sample = sample_of(agency, answer)
    try:
        suggestion = suggest_profile(sample.read_bytes(), sample.name, known_of(agency, answer))
    except Rejected as refusal:
        return _refused(agency, answer, refusal)
    suggested = {column.name: column for column in suggestion.columns}
    unreadable = {field for field, form in answer["dates"].items() if form == MILLISECONDS}
    compared = [
        Wrong(
            column,
            _normal([NOT_USED if field in unreadable else field for field in fields]),
            _words(found := _find(column, suggested)),
            bool(found and found.questions),
        )
        for column, fields in fields_by_column(answer).items()
    ]
    counted = [column for column in compared if _is_mapped(column.expected) or _is_mapped(column.suggested)]
    wrong = [column for column in counted if column.expected != column.suggested]
    return Verdict(agency, len(counted), wrong, _difference(agency, suggestion))


def _refused(agency: str, answer: dict[str, Any], refusal: Rejected) -> Verdict:
    mapped = {column: tuple(fields) for column, fields in fields_by_column(answer).items() if _is_mapped(fields)}
    wrong = [Wrong(column, fields, (NOT_USED,), is_asked=True) for column, fields in mapped.items()]
    return Verdict(agency, len(mapped), wrong, f"refused: {refusal.code}")


def figures_of(verdicts: Sequence[Verdict]) -> Figures:
    columns = sum(verdict.columns for verdict in verdicts)
    return Figures(
        columns,
        columns - sum(len(verdict.wrong) for verdict in verdicts),
        sum(len(verdict.unasked) for verdict in verdicts),
        sum(not verdict.difference for verdict in verdicts),
        len(verdicts),
    )


def _find(column: str, suggested: dict[str, SuggestedColumn]) -> SuggestedColumn | None:
    """Numbered columns are suggested as one: `Charge {n}`."""
    return suggested.get(column) or next(
        (found for name, found in suggested.items() if "{n}" in name and _is_numbered(column, name)), None
    )


def _is_numbered(column: str, pattern: str) -> bool:
    before, _, after = pattern.partition("{n}")
    return (
        column.startswith(before)
        and column.endswith(after)
        and column[len(before) : len(column) - len(after)].isdigit()
    )


def _words(column: SuggestedColumn | None) -> tuple[str, ...]:
    if column is None:
        return (NOT_USED,)
    return _normal(column.fields or [column.unread if column.unread in {KEY_ONLY, FORBIDDEN} else NOT_USED])


def _normal(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(fields))


def _is_mapped(words: Sequence[str]) -> bool:
    return any(word in FIELD_NAMES for word in words)


def _difference(agency: str, suggestion: Suggestion) -> str:
    """What the suggestion reads otherwise than the profile by hand."""
    sample = sample_of(agency, answer_of(agency))
    by_hand = parse_profile((LAYOUTS / agency / "profile.yaml").read_text(encoding="utf-8"))
    wanted, read = (
        sorted(parsed.arrest.model_dump_json(exclude={"arrest_id"}) for parsed in read_file(sample, profile).arrests)
        for profile in (by_hand, parse_profile(suggestion.profile))
    )
    if wanted == read:
        return ""
    first = next((pair for pair in zip(wanted, read, strict=False) if pair[0] != pair[1]), ("", ""))
    return f"{len(read)} arrests instead of {len(wanted)}; first difference:\n  {first[0]}\n  {first[1]}"


def main() -> None:
    for name, agencies in SETS.items():
        print(f"The {name} set")
        _print([judge(agency) for agency in agencies])


def _print(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        state = "usable" if not verdict.difference else "not usable"
        right = verdict.columns - len(verdict.wrong)
        unasked = len(verdict.unasked)
        print(f"{verdict.agency}: {right} of {verdict.columns} columns right, {unasked} wrong and not asked, {state}")
        if "--details" in sys.argv:
            print(*verdict.wrong, verdict.difference, sep="\n  ")
    figures = figures_of(verdicts)
    print(
        f"{figures.right} of {figures.columns} mapped columns right ({figures.share_right:.1%}),"
        f" {figures.wrong_unasked} wrong and not asked, {figures.usable} of {figures.layouts} usable unedited"
    )


if __name__ == "__main__":
    main()
