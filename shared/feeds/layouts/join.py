"""Joins the rows of other files to the arrests of one file. Pure.

Each row of a partner stays one record: that of its arrest, with what the row says. Records of one arrest are merged
like rows of charges, so every row of every file has an outcome. What partners say of a person or place fills the
arrest's own record where that is blank.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
    matched = [(partner, row, index.arrests_of(row, partner.join.by)) for partner, row in _rows_of(partners)]
    said_of = defaultdict[int, list[RawRecord]](list)
    for _, row, lines in matched:
        for line in lines:
            said_of[line].append(row)
    separator = profile.names.alias_separators[0]
    filled = {line: _filled(record, said_of[line], separator) for line, record in index.records.items()}
    for result in arrests:
        yield filled.get(result.line, result) if isinstance(result, RawRecord) else result
    for partner, row, lines in matched:
        yield _joined(partner, row, [filled[line] for line in lines])
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
                    if key := self._key(result, field):
                        self._lines[field, key].append(result.line)

    def arrests_of(self, row: RawRecord, field: str) -> list[int]:
        """The lines of the arrests to which the row belongs."""
        key = self._key(row, field)
        return self._lines.get((field, key), []) if key else []

    def _has_own_key(self, record: RawRecord) -> bool:
        named = self._key(record, "number") or self._key(record, "booking_number")
        return bool(named) or (self._has_key and any(map(str.strip, record.facts)))

    def _key(self, record: RawRecord, field: str) -> str:
        text = record.event.number if field == "number" else getattr(record.person, field)
        return number_in(text, self._blanks)


def _joined(partner: PartnerRows, row: RawRecord, arrests: Sequence[RawRecord]) -> ResultOnLine:
    if not arrests:
        if partner.join.orphans is OrphanRows.SKIP:
            return Skip(row.line, f"belongs to no arrest of the `{partner.join.to}` file")
        reason = f"No arrest of the `{partner.join.to}` file has the {partner.column} of this row."
        fix = f"Send the arrest in the `{partner.join.to}` file of the same batch, or correct the {partner.column}."
        return Reject(row.line, "reference", reason, fix, row.row, partner.column)
    is_several = len({(arrest.event.number, arrest.person.booking_number, arrest.facts) for arrest in arrests}) > 1
    if is_several and any(map(any, row.charges)):
        reason = f"Several arrests of the `{partner.join.to}` file have the {partner.column} of this row."
        return Reject(
            row.line, "reference", reason, "Join charges by the number of the arrest.", row.row, partner.column
        )
    return _with_what_the_row_says(min(arrests, key=_texts_of), row)


def _texts_of(record: RawRecord) -> tuple[object, ...]:
    """Of several records of one arrest a row is joined to the same one, in whatever order they stand."""
    return record.event, record.names, record.person, record.place


def _filled(arrest: RawRecord, rows: Sequence[RawRecord], alias_separator: str) -> RawRecord:
    """The arrest, with what is blank in it taken from the first row that says it, and the aliases of all."""
    event, person, names, place = arrest.event, arrest.person, arrest.names, arrest.place
    for row in rows:
        event, person = _first_of(event, row.event), _first_of(person, row.person)
        names = names if _says_anything(names) else row.names
        place = place if any(map(str.strip, place)) else row.place
    aliases = dict.fromkeys(record.person.alias.strip() for record in (arrest, *rows))
    person = person._replace(alias=alias_separator.join(filter(None, aliases)))
    return arrest._replace(event=event._replace(event=arrest.event.event), person=person, names=names, place=place)


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
