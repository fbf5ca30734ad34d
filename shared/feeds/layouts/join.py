"""Joins the rows of other files to the arrests of one file. Pure.

Each row of a partner stays one record: that of its arrest, with what the row says. Records of one arrest are merged
like rows of charges, so every row of every file has an outcome. What partners say of a person or place fills the
arrest's own record where that is blank.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from shared.arrests.numbers import number_in
from shared.feeds.profiles.model import Join, OrphanRows, Profile
from shared.feeds.record import EventText, NameText, PersonText, RawRecord, Reject, ResultOnLine, Skip

Texts = TypeVar("Texts", EventText, PersonText)


class PartnerRows(NamedTuple):
    """What was read of the files of one joined layout. `column` is what the agency calls the field `join.by`."""

    layout: str
    join: Join
    column: str
    results: Sequence[ResultOnLine]


def join_rows(
    arrests: Sequence[ResultOnLine], partners: Sequence[PartnerRows], profile: Profile
) -> Iterator[ResultOnLine]:
    """Yields one result for each of `arrests`, then for each row of the partners, in their order.

    `profile` is that of the arrests. A row that belongs to no arrest is a reject (`reference`), or a skip if its layout
    says so; a row of charges that belongs to several arrests is a reject.
    """
    index = _ArrestIndex(arrests, profile)
    keyed = [(partner, row, index.key_of(row, partner.join.by)) for partner, row in _rows_of(partners)]
    partner_rows = _said_by_key(keyed)
    separator = profile.names.alias_separators[0]
    filled = {
        line: _filled(record, [*_said_of(record, partners, partner_rows, index)], separator)
        for line, record in index.records.items()
    }
    for result in arrests:
        yield filled.get(result.line, result) if isinstance(result, RawRecord) else result
    target_of = cache(lambda field, key: _target([filled[line] for line in index.lines_of(field, key)]))
    for partner, row, key in keyed:
        yield _joined(partner, row, target_of(partner.join.by, key))
    for partner in partners:
        yield from (result for result in partner.results if not isinstance(result, RawRecord))


def _rows_of(partners: Iterable[PartnerRows]) -> Iterator[tuple[PartnerRows, RawRecord]]:
    for partner in partners:
        for result in partner.results:
            if isinstance(result, RawRecord):
                yield partner, result


class _ArrestIndex:
    """Finds arrests by what their rows are joined by. `records` maps lines to the arrests that bear a key of their own:
    two records of one without would not become one arrest."""

    def __init__(self, arrests: Iterable[ResultOnLine], profile: Profile) -> None:
        self._blanks, self._has_key = profile.blanks, bool(profile.arrest_key)
        self._lines = defaultdict[tuple[str, str], list[int]](list)
        self.records = dict[int, RawRecord]()
        for result in arrests:
            if isinstance(result, RawRecord) and self._has_own_key(result):
                self.records[result.line] = result
                for field in ("number", "booking_number", "person_number"):
                    if key := self.key_of(result, field):
                        self._lines[field, key].append(result.line)

    def lines_of(self, field: str, key: str) -> list[int]:
        """The lines of the arrests that have this key in this field."""
        return self._lines.get((field, key), []) if key else []

    def _has_own_key(self, record: RawRecord) -> bool:
        named = self.key_of(record, "number") or self.key_of(record, "booking_number")
        return bool(named) or (self._has_key and any(map(str.strip, record.facts)))

    def key_of(self, record: RawRecord, field: str) -> str:
        """By what the record is joined; empty where the field identifies nothing."""
        text = record.event.number if field == "number" else getattr(record.person, field)
        return number_in(text, self._blanks)


class _Said(NamedTuple):
    """What rows of one partner with one key say: the first text of each field, and all aliases in their order."""

    row: RawRecord
    aliases: dict[str, None]


KeyedRow = tuple[PartnerRows, RawRecord, str]


def _said_by_key(keyed: Iterable[KeyedRow]) -> dict[tuple[str, str], _Said]:
    """Maps (layout, key) to what its rows say. A key may stand in every row of two large files, so rows are put
    together once for each key, and not once for each arrest that has it."""
    partner_rows: dict[tuple[str, str], _Said] = {}
    for partner, row, key in keyed:
        known = partner_rows.get((partner.layout, key))
        if known is None:
            partner_rows[partner.layout, key] = _Said(row, {row.person.alias.strip(): None})
        else:
            known.aliases[row.person.alias.strip()] = None
            partner_rows[partner.layout, key] = known._replace(row=_completed(known.row, row))
    return partner_rows


def _said_of(
    arrest: RawRecord,
    partners: Iterable[PartnerRows],
    partner_rows: Mapping[tuple[str, str], _Said],
    index: _ArrestIndex,
) -> Iterator[_Said]:
    for partner in partners:
        key = index.key_of(arrest, partner.join.by)
        if key and (known := partner_rows.get((partner.layout, key))):
            yield known


class _Target(NamedTuple):
    """The arrest that a row is joined to. `is_several`: others have the key of the row as well."""

    arrest: RawRecord
    is_several: bool


def _target(arrests: Sequence[RawRecord]) -> _Target | None:
    if not arrests:
        return None
    numbers = {(arrest.event.number, arrest.person.booking_number, arrest.facts) for arrest in arrests}
    return _Target(min(arrests, key=_texts_of), len(numbers) > 1)


def _joined(partner: PartnerRows, row: RawRecord, target: _Target | None) -> ResultOnLine:
    if target is None:
        if partner.join.orphans is OrphanRows.SKIP:
            return Skip(row.line, f"belongs to no arrest of the `{partner.join.to}` file")
        reason = f"No arrest of the `{partner.join.to}` file has the {partner.column} of this row."
        fix = f"Send the arrest in the `{partner.join.to}` file of the same batch, or correct the {partner.column}."
        return Reject(row.line, "reference", reason, fix, row.row, partner.column)
    if target.is_several and any(map(any, row.charges)):
        reason = f"Several arrests of the `{partner.join.to}` file have the {partner.column} of this row."
        return Reject(
            row.line, "reference", reason, "Join charges by the number of the arrest.", row.row, partner.column
        )
    return _with_what_the_row_says(target.arrest, row)


def _texts_of(record: RawRecord) -> tuple[object, ...]:
    """Of several records of one arrest a row is joined to the same one, in whatever order they stand."""
    return record.event, record.names, record.person, record.place


def _filled(arrest: RawRecord, partner_rows: Sequence[_Said], alias_separator: str) -> RawRecord:
    """The arrest, with what is blank in it taken from the first row that says it, and the aliases of all."""
    filled = arrest
    for known in partner_rows:
        filled = _completed(filled, known.row)
    aliases = {arrest.person.alias.strip(): None}
    for known in partner_rows:
        aliases |= known.aliases
    person = filled.person._replace(alias=alias_separator.join(filter(None, aliases)))
    return filled._replace(event=filled.event._replace(event=arrest.event.event), person=person)


def _completed(record: RawRecord, row: RawRecord) -> RawRecord:
    """The record, with what is blank in it taken from the row."""
    return record._replace(
        event=_first_of(record.event, row.event),
        person=_first_of(record.person, row.person),
        names=record.names if _says_anything(record.names) else row.names,
        place=record.place if any(map(str.strip, record.place)) else row.place,
    )


def _with_what_the_row_says(arrest: RawRecord, row: RawRecord) -> RawRecord:
    """The record of a row. Where it names another person than the arrest does, their merging rejects them all."""
    return arrest._replace(
        line=row.line,
        row=row.row,
        names=row.names if _says_anything(row.names) else arrest.names,
        person=_first_of(row.person, arrest.person),
        charges=row.charges,
        unfinished=row.unfinished,
        unpaired=row.unpaired,
        case=row.case if any(map(str.strip, row.case)) else arrest.case,
    )


def _first_of(texts: Texts, others: Texts) -> Texts:
    return type(texts)(*(text if text.strip() else other for text, other in zip(texts, others, strict=True)))


def _says_anything(names: Sequence[NameText]) -> bool:
    return any(text.strip() for name in names for text in name)
