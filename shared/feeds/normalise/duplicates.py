"""Duplicate records: what two records with one arrest id mean, and how they become arrests."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from shared.arrests.model import Arrest, Flag
from shared.feeds.normalise.charge_lists import MOST_CHARGES, first_charges
from shared.feeds.record import Reject
from shared.pseudonyms import Pseudonyms

_MIXED = (
    "mixed-arrest",
    "Records with the key of this arrest name different people.",
    "Let the number (or `arrest_key`) name one person's arrest, like 26-0001 for one and 26-0002 for the other.",
)
_MOST_BYTES = 120_000  # stored twice while a version is held, beside its history: 400 KB is the most of an item
_TOO_LARGE = (
    "large-arrest",
    f"The arrest says more than {_MOST_BYTES // 1000} KB.",
    "Send the texts of its charges, names and cases without what is no part of them, or fewer of these.",
)
_FEW = 8  # charges, names, cases and identifiers: none says more than 14 KB, so few are never too large


class DuplicatePolicy(Enum):
    """What two records with the same arrest id in one file are to each other."""

    VERSIONS = "the later one replaces the earlier"
    CHARGES = "each brings charges of one arrest: they are merged"
    STRANGERS = "each is an arrest of its own: both are kept"


class ParsedRecord(NamedTuple):
    """One record of the file that reports an arrest. `row` is kept only where the record may still be rejected."""

    line: int
    row: str
    arrest: Arrest
    duplicate_policy: DuplicatePolicy

    def reject_of_large(self) -> Reject | None:
        return Reject(self.line, *_TOO_LARGE, self.row) if is_too_large(self.arrest) else None


class ParsedArrest(NamedTuple):
    """An arrest, and how many records of the file report it. `lines` are theirs, where files are counted apart."""

    arrest: Arrest
    rows: int
    lines: tuple[int, ...] = ()


def merge_records(records: Sequence[ParsedRecord], pseudonyms: Pseudonyms) -> Sequence[ParsedArrest | Reject]:
    """Returns the arrests that the records with one arrest id report; rejects if they cannot be one arrest, or if it
    says more than can be stored.

    The order of the records does not matter, so a shuffled file gives the same arrests.
    """
    first = records[0]
    if len(records) == 1:
        return [first.reject_of_large() or ParsedArrest(first.arrest, 1, (first.line,))]
    in_order = sorted(records, key=lambda record: record.arrest.model_dump_json())
    arrests, lines = [record.arrest for record in in_order], [record.line for record in in_order]
    if first.duplicate_policy is DuplicatePolicy.STRANGERS:
        apart = zip(_with_own_ids(arrests, pseudonyms), in_order, strict=True)
        return [record.reject_of_large() or ParsedArrest(arrest, 1, (record.line,)) for arrest, record in apart]
    if not is_same_person(arrests):
        return [Reject(record.line, *_MIXED, record.row) for record in records]
    merged = _merge_arrests(arrests)
    if is_too_large(merged):
        return [Reject(record.line, *_TOO_LARGE, record.row) for record in records]
    return [ParsedArrest(merged, len(arrests), tuple(lines))]


def is_too_large(arrest: Arrest) -> bool:
    """Whether the arrest says more than 120 KB (UTF-8). Few are measured: those that say many things."""
    lists = (arrest.charges, arrest.cases, arrest.person.names, arrest.person.identifiers)
    return sum(map(len, lists)) > _FEW and len(arrest.model_dump_json().encode()) > _MOST_BYTES


def _with_own_ids(arrests: Sequence[Arrest], pseudonyms: Pseudonyms) -> Iterator[Arrest]:
    for index, arrest in enumerate(arrests):
        if index == 0:
            yield arrest
        else:
            arrest_id = pseudonyms.of("nth", arrest.arrest_id, str(index))
            yield arrest.model_copy(update={"arrest_id": arrest_id})


def is_same_person(arrests: Sequence[Arrest]) -> bool:
    """Whether no two of them differ in name or date of birth; where one says nothing, they do not differ."""
    people = [arrest.person for arrest in arrests]
    names = {person.names[0].key for person in people if person.names}
    birth_dates = {person.date_of_birth for person in people if person.date_of_birth}
    return len(names) <= 1 and len(birth_dates) <= 1


def _merge_arrests(arrests: Sequence[Arrest]) -> Arrest:
    """One arrest with all the charges, identifiers, names and flags. The fullest person gives the rest."""
    charges = [charge for arrest in arrests for charge in arrest.charges]
    is_cut = len(charges) > MOST_CHARGES
    fullest = max(arrests, key=lambda arrest: (bool(arrest.person.names), bool(arrest.person.date_of_birth)))
    people = [fullest.person, *(arrest.person for arrest in arrests)]
    identifiers = dict.fromkeys(identifier for person in people for identifier in person.identifiers)
    names = dict.fromkeys(name for person in people for name in person.names)
    flags = dict.fromkeys([flag for arrest in arrests for flag in arrest.flags] + [Flag.CUT_CHARGES] * is_cut)
    person = fullest.person.model_copy(update={"names": tuple(names), "identifiers": tuple(identifiers)})
    return fullest.model_copy(
        update={
            "person": person,
            "charges": first_charges(charges),
            "juvenile": any(arrest.juvenile for arrest in arrests),
            "flags": tuple(flags),
            "cases": tuple(dict.fromkeys(case for arrest in arrests for case in arrest.cases))[:MOST_CHARGES],
        }
    )
