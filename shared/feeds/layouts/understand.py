"""Reads the files of one drop, each by its layout, to one parsed drop in which every row of every file is counted."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from shared.arrests.model import Flag
from shared.errors import Rejected
from shared.feeds.layouts.join import PartnerRows, join_rows
from shared.feeds.normalise.duplicates import ParsedRecord
from shared.feeds.normalise.normaliser import Normaliser, Outcome
from shared.feeds.normalise.read_drop import (
    MOST_RECORDS,
    Accumulator,
    OnResult,
    ParsedDrop,
    PartOfDrop,
    accumulate,
    merge_duplicates,
)
from shared.feeds.profiles.model import LayoutOfFile, Profile
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, ResultOnLine
from shared.pseudonyms import Pseudonyms


class DropFile(NamedTuple):
    """What a format, or a cleaned copy, says of one file. Its lines count from 1. `layout` is empty for a file that no
    layout claims, which holds rejects alone. `on_result` is shown each result of the file and what became of it."""

    layout: str
    results: Iterable[ReadResult]
    on_result: OnResult | None = None


class _FileRead(NamedTuple):
    """`results` have lines of the drop; `originals` maps these to what was read, with lines of the file."""

    file: DropFile
    results: Sequence[ResultOnLine]
    originals: Mapping[int, ResultOnLine]
    dropped: tuple[str, ...]
    part: PartOfDrop


def understand_files(
    files: Sequence[DropFile],
    profile: Profile,
    normaliser_of: Callable[[Profile], Normaliser],
    pseudonyms: Pseudonyms,
    missing: Sequence[str] = (),
) -> ParsedDrop:
    """Joins the rows of the files and normalises them. `missing` are layouts whose files did not come: arrests that
    they would be joined to are flagged.

    Raises Rejected when one of the files cannot be read, or when there are too many records.
    """
    read = [*_read_all(files)]
    whole = Accumulator(keeps_lines=True)
    for name, results in _groups(read, profile):
        layout = profile.layouts.get(name)
        normaliser = normaliser_of(layout.profile if layout else profile)
        group = accumulate(results, normaliser, _on_result_of(read), keeps_lines=True)
        is_flagged = layout is not None and not profile.partners_of(name).keys().isdisjoint(missing)
        whole.absorb(group, _with_flag if is_flagged else None)
    whole.dropped_columns = tuple(dict.fromkeys(name for each in read for name in each.dropped))
    file_parts = tuple(each.part for each in read)
    parsed = merge_duplicates(whole, pseudonyms, file_parts)
    if len(file_parts) == 1:
        return parsed
    return replace(parsed, rejects=[_located(reject, file_parts) for reject in parsed.rejects])


def _located(reject: Reject, file_parts: Sequence[PartOfDrop]) -> Reject:
    """A reject of one of several files says where it stands in its file."""
    part = file_parts[bisect_left([part.before for part in file_parts], reject.line) - 1]
    where = f" (Line {reject.line - part.before} of {_in_words(part.layout)}.)"
    return reject._replace(reason=reject.reason + where)


def _read_all(files: Sequence[DropFile]) -> Iterator[_FileRead]:
    before, records = 0, 0
    for file in files:
        read = _read_file(file, before, is_alone=len(files) == 1)
        records += len(read.results)
        if records > MOST_RECORDS:
            raise Rejected("too-large", f"The files have more than {MOST_RECORDS:,} records.", "Send them in parts.")
        before += read.part.lines
        yield read


def _read_file(file: DropFile, before: int, *, is_alone: bool) -> _FileRead:
    results, originals, dropped = list[ResultOnLine](), dict[int, ResultOnLine](), list[str]()
    try:
        for result in file.results:
            if isinstance(result, DroppedColumns):
                dropped += result.columns
                if file.on_result:
                    file.on_result(result, None)
                continue
            in_drop = result._replace(line=before + result.line)
            results.append(in_drop)
            originals[in_drop.line] = result
    except Rejected as rejection:
        reason = rejection.reason if is_alone else f"In {_in_words(file.layout)}: {rejection.reason}"
        raise Rejected(rejection.code, reason, rejection.fix) from rejection
    last = max((result.line for result in results), default=before)
    part = PartOfDrop(file.layout, before, last - before, len(results))
    return _FileRead(file, results, originals, tuple(dropped), part)


def _in_words(layout: str) -> str:
    return f"the `{layout}` file" if layout else "the file that no layout claims"


def _groups(read: Sequence[_FileRead], profile: Profile) -> Iterator[tuple[str, Iterable[ResultOnLine]]]:
    """Yields each layout that stands alone or has arrests, with its results, those of its partners joined to them."""
    results_of: dict[str, list[ResultOnLine]] = {name: [] for name in ("", *profile.layouts)}
    for each in read:
        results_of[each.file.layout] += each.results
    for name, results in results_of.items():
        layout = profile.layouts.get(name)
        if layout is None or layout.join is None:
            partners = profile.partners_of(name)
            rows = [_partner_rows(other, partner, results_of[other]) for other, partner in partners.items()]
            yield name, join_rows(results, rows, layout.profile) if layout and rows else results


def _partner_rows(name: str, layout: LayoutOfFile, results: Sequence[ResultOnLine]) -> PartnerRows:
    if layout.join is None:
        raise TypeError("a partner is joined to a layout")
    return PartnerRows(name, layout.join, layout.profile.columns[layout.join.by][0], results)


def _on_result_of(read: Sequence[_FileRead]) -> OnResult | None:
    """Shows each file what was read of it, not what was joined to that."""
    if not any(each.file.on_result for each in read):
        return None

    before = [each.part.before for each in read]

    def show(result: ReadResult, outcome: Outcome | None) -> None:
        if isinstance(result, DroppedColumns):
            raise TypeError("the columns of a file are shown when it is read")
        each = read[bisect_left(before, result.line) - 1]
        original = each.originals[result.line]
        if each.file.on_result is None:
            return
        if isinstance(original, RawRecord) and isinstance(result, Reject):  # it belongs to no arrest
            outcome = result
        if isinstance(outcome, Reject):
            outcome = outcome._replace(line=original.line)
        each.file.on_result(original, outcome)

    return show


def _with_flag(record: ParsedRecord) -> ParsedRecord:
    """The arrest says that a file which belongs to it did not come."""
    flags = (*record.arrest.flags, Flag.PARTNER_MISSING)
    return record._replace(arrest=record.arrest.model_copy(update={"flags": flags}))
