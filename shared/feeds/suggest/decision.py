"""Decides the whole profile from the evidence of a sample. Pure: nothing is read or written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.feeds.forbidden_fields import fold_name
from shared.feeds.layout import NUMBER_PLACEHOLDER
from shared.feeds.record import FIELD_NAMES, ChargeText
from shared.feeds.suggest.columns.assign_columns import Assignment, assign_columns
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.numbered_columns import fold_numbered
from shared.feeds.suggest.columns.vocabulary import BOOKED, CASE
from shared.feeds.suggest.meanings.arrest_keys import KeyEvidence, key_evidence, rows_of
from shared.feeds.suggest.meanings.codes import (
    CodeMap,
    class_codes,
    event_codes,
    has_degrees,
    juvenile_words,
    sex_codes,
)
from shared.feeds.suggest.meanings.dates import DAY_FIELDS, TIME_FIELDS, DateDecision, decide_dates
from shared.feeds.suggest.samples.sample_table import SampleColumn, SampleTable
from shared.feeds.suggest.suggestion import Known

_PERSON = ("surname", "given", "name", "born")
_CHARGE = ("statute", "charge")
_KEYS = ("number", "booking_number", CASE)


@dataclass
class Decision:
    """`fields` maps our fields to columns, in the order of the file; `assignments` has one for each column.

    `keys` are the measured candidates for the number of an arrest, by column.
    """

    table: SampleTable
    assignments: list[Assignment]
    evidence: Mapping[str, ColumnEvidence]
    fields: dict[str, list[str]] = field(default_factory=dict)
    dates: DateDecision = field(default_factory=lambda: decide_dates({}, None))
    codes: dict[str, CodeMap] = field(default_factory=dict)
    charges: str = "row per arrest"
    charge_separator: str = ""
    arrest_key: list[str] = field(default_factory=list)
    keys: dict[str, KeyEvidence] = field(default_factory=dict)
    event: str = "arrest"
    is_jail: bool = False
    name_order: str = ""  # of whole names without a comma

    def evidence_of(self, name: str) -> ColumnEvidence | None:
        """Of the first column of a field."""
        return self.evidence[self.fields[name][0]] if self.fields.get(name) else None


def decide(table: SampleTable, known: Known) -> Decision:
    has_names = "header" not in table.text  # of the agency; `column 1` is ours
    folded, numbered = fold_numbered(table.columns) if has_names else ([*table.columns], {})
    evidence = {column.name: ColumnEvidence(column) for column in folded}
    unreadable = _unreadable(folded)
    usable = [column for column in folded if column.name not in unreadable]
    assigned = assign_columns([evidence[column.name] for column in usable], are_paths=_are_paths(table))
    by_name = {assignment.column: assignment for assignment in assigned} | unreadable
    assignments = [_as_known(by_name[column.name], known) for column in folded]
    decision = Decision(table, assignments, evidence)
    _promote_booking(decision)
    _expand_numbered(decision, numbered)
    _collect_fields(decision)
    _decide_keys(decision)
    _decide_charges(decision)
    decision.dates = decide_dates(
        {name: found for name in (*DAY_FIELDS, *TIME_FIELDS) if (found := decision.evidence_of(name))}, known.day_first
    )
    _decide_codes(decision)
    decision.event = known.event or ("booking" if decision.is_jail else "arrest")
    return decision


def _are_paths(table: SampleTable) -> bool:
    return table.format in {"json", "ndjson"}


def _unreadable(columns: Sequence[SampleColumn]) -> dict[str, Assignment]:
    """Columns that no profile can name: without a name, or with one that comes twice."""
    names = [fold_name(column.name) for column in columns]
    return {
        column.name: Assignment(
            column=column.name, field="", doubt="No profile can name it: its name is blank or comes twice."
        )
        for column, name in zip(columns, names, strict=True)
        if not name or names.count(name) > 1
    }


def _as_known(assignment: Assignment, known: Known) -> Assignment:
    if assignment.column not in known.fields:
        return assignment
    return replace(assignment, field=known.fields[assignment.column], doubt="")


def _promote_booking(decision: Decision) -> None:
    """Where no column says the day of the arrest, or only one of a vague name, the day of the booking is it."""
    assignments = decision.assignments
    booked = [place for place, assignment in enumerate(assignments) if assignment.field == BOOKED]
    decision.is_jail = bool(booked) or any(assignment.field == "booking_number" for assignment in assignments)
    arrested = next((place for place, assignment in enumerate(assignments) if assignment.field == "arrested"), None)
    if not booked or (arrested is not None and not assignments[arrested].vague):
        return
    if arrested is not None:
        assignments[arrested] = replace(assignments[arrested], field="", doubt="It may be the day of the arrest.")
    assignments[booked[0]] = replace(
        assignments[booked[0]],
        field="arrested",
        doubt="It is the day of the booking, which need not be the day of the arrest.",
    )


def _expand_numbered(decision: Decision, numbered: Mapping[str, Sequence[SampleColumn]]) -> None:
    """Numbered columns of another field than a charge's become single columns again; the first has the field."""
    expanded = list[Assignment]()
    evidence = dict(decision.evidence)
    for assignment in decision.assignments:
        members = numbered.get(assignment.column)
        if members is None or assignment.field in ChargeText._fields:
            expanded.append(assignment)
            continue
        for place, member in enumerate(members):
            evidence[member.name] = ColumnEvidence(member)
            has_field = place == 0 or assignment.field in {"address", "alias"} or not assignment.is_read
            name = assignment.field if has_field else ""
            expanded.append(replace(assignment, column=member.name, field=name))
    decision.assignments, decision.evidence = expanded, evidence
    charges = [a for a in expanded if a.field in ChargeText._fields and NUMBER_PLACEHOLDER in a.column]
    if charges:
        decision.charges = "numbered columns"


def _collect_fields(decision: Decision) -> None:
    for assignment in decision.assignments:
        if assignment.field in FIELD_NAMES:
            decision.fields.setdefault(assignment.field, []).append(assignment.column)


def _decide_keys(decision: Decision) -> None:
    """The first candidate whose repeated values name one person each is the number."""
    cells = {name: evidence.cells for name, evidence in decision.evidence.items() if not evidence.in_list}
    by_field = {name: cells[columns[0]] for name, columns in decision.fields.items() if columns[0] in cells}
    count = decision.table.rows
    whole = {name: column for name, column in by_field.items() if len(column) == count}
    people, charges = rows_of(whole, _PERSON, count), rows_of(whole, _CHARGE, count)
    chosen = ""
    for wanted in _KEYS:
        for assignment in decision.assignments:
            keys = cells.get(assignment.column, ())
            if assignment.field != wanted or len(keys) != count:
                continue
            measured = key_evidence(keys, people, charges)
            decision.keys[assignment.column] = measured
            if not chosen and measured.numbers_arrests and wanted != CASE:
                chosen = assignment.column
    if chosen:
        decision.fields["number"] = [chosen]
    else:
        decision.fields.pop("number", None)
        _decide_arrest_key(decision)


def _decide_arrest_key(decision: Decision) -> None:
    """Without a number, a case and the person in it identify an arrest; or else the person's number and the day."""
    cases = [
        assignment.column
        for assignment in decision.assignments
        if assignment.field == CASE and decision.keys.get(assignment.column)
    ]
    person = [column for name in _PERSON for column in decision.fields.get(name, ())]
    day = decision.fields.get("arrested", [])
    if cases and person:
        decision.arrest_key = [cases[0], *person]
    elif "person_number" in decision.fields and day:
        decision.arrest_key = [*decision.fields["person_number"], *day]


def _decide_charges(decision: Decision) -> None:
    if decision.charges == "numbered columns" or (
        _are_paths(decision.table)
        and any(
            decision.evidence[column].in_list for name in ChargeText._fields for column in decision.fields.get(name, ())
        )
    ):
        return
    separators = [
        separator
        for name in _CHARGE
        for column in decision.fields.get(name, ())
        if (separator := decision.evidence[column].separator)
    ]
    if separators:
        decision.charges, decision.charge_separator = "joined in a cell", separators[0]
    elif _has_row_per_charge(decision):
        decision.charges = "row per charge"


def _has_row_per_charge(decision: Decision) -> bool:
    number = decision.fields.get("number", [])
    if number:
        return decision.keys[number[0]].has_row_per_charge
    count = decision.table.rows
    cells = {name: decision.evidence[columns[0]].cells for name, columns in decision.fields.items()}
    flat = {name: column for name, column in cells.items() if len(column) == count}
    identity = rows_of(flat, (*_PERSON, "arrested"), count)
    if not any(map(any, identity)) or not ({"name", "surname"} & set(flat)):
        return False
    keys = ["\x1f".join(parts) for parts in identity]
    return key_evidence(keys, identity, rows_of(flat, _CHARGE, count)).has_row_per_charge


def _decide_codes(decision: Decision) -> None:
    readers = {"charge_class": class_codes, "sex": sex_codes, "event": event_codes, "age_group": juvenile_words}
    for name, read in readers.items():
        if evidence := decision.evidence_of(name):
            decision.codes[name] = read(evidence)
    class_evidence = decision.evidence_of("charge_class")
    if class_evidence and "degree" not in decision.fields and has_degrees(class_evidence):
        decision.fields["degree"] = decision.fields["charge_class"]
