"""Decides what one row is, and what identifies an arrest. Everything is measured on all rows."""

from collections.abc import Mapping, Sequence

from shared.feeds.record import ChargeText
from shared.feeds.suggest.columns.vocabulary import CASE, SEQUENCE
from shared.feeds.suggest.decision import ProfileDecision
from shared.feeds.suggest.meanings.arrest_keys import key_evidence, rows_of

_PERSON = ("surname", "given", "name", "born")
_CHARGE = ("statute", "charge")
_KEYS = ("number", "booking_number", CASE)
_RARE_SEPARATORS = (", ", ",", " / ", "/", " & ")
_LEAST_JOINED, _NEARLY_ALL = 0.04, 0.9  # shares of the rows
_LEAST_CASES = 20  # different numbers of cases before they may number arrests
_LEAST_REPEATED = 10  # cases of several rows, all of one person, before a case is held to be of one person
_JOINED, _ROW_PER_CHARGE, _NUMBERED = "joined in a cell", "row per charge", "numbered columns"


def decide_keys(decision: ProfileDecision) -> None:
    """The first candidate whose repeated values name one person each is the number."""
    cells = _flat_cells(decision)
    people, charges = _rows(decision, _PERSON), _rows(decision, _CHARGE)
    for wanted in _KEYS:
        for column in [*decision.fields.get(wanted, ()), *decision.columns_of(wanted)]:
            if column in cells and column not in decision.keys:
                cut = decision.cut.get(wanted)
                keys = [cut.apply(cell) for cell in cells[column]] if cut else cells[column]
                decision.keys[column] = key_evidence(keys, people, charges)
    number = next((column for column, measured in decision.keys.items() if _is_number(decision, column)), "")
    if number:
        decision.fields["number"] = [number]
    else:
        decision.fields.pop("number", None)
        _decide_arrest_key(decision)


def _is_number(decision: ProfileDecision, column: str) -> bool:
    """A case may have several people even if the sample has none.

    Its number counts if no case comes twice, or if many do, a row for each charge, and each names one person.
    """
    measured = decision.keys[column]
    if column not in decision.columns_of(CASE):
        return measured.numbers_arrests
    is_of_one = measured.mixed == 0 and measured.with_other_charges >= _LEAST_REPEATED
    return measured.values >= _LEAST_CASES and (measured.repeated == 0 or is_of_one)


def _decide_arrest_key(decision: ProfileDecision) -> None:
    """Without a number, a case and the person in it identify an arrest; or else the person's number and the day. What
    stands in a list identifies nothing: a record has any number of it."""
    cases = [column for column in decision.columns_of(CASE) if column in decision.keys]
    sequence, flat = decision.columns_of(SEQUENCE), _flat_cells(decision)

    def columns_of(*fields: str) -> list[str]:
        columns = [column for name in fields for column in decision.fields.get(name, ())]
        return columns if flat.keys() >= set(columns) else []

    person, day, time = columns_of(*_PERSON), columns_of("arrested"), columns_of("arrested_time")
    person_number = columns_of("person_number")
    if cases and sequence and sequence[0] in flat:
        decision.arrest_key = [cases[0], sequence[0]]
    elif cases and person:
        decision.arrest_key = [cases[0], *person]
    elif person_number and day:
        decision.arrest_key = [*person_number, *day]
    elif person and day and "born" not in decision.fields:  # else name, birth and time identify it
        decision.arrest_key = [*day, *time, *person]


def decide_charges(decision: ProfileDecision) -> None:
    columns = [decision.evidence[name] for field in ChargeText._fields for name in decision.fields.get(field, ())]
    if decision.charges == _NUMBERED or (decision.has_paths and any(column.in_list for column in columns)):
        return
    described = [decision.evidence[name] for field in _CHARGE for name in decision.fields.get(field, ())]
    separator = next((column.separator for column in described if column.separator), "") or _rare_separator(decision)
    if separator:
        decision.charges, decision.charge_separator = _JOINED, separator
    elif _has_row_per_charge(decision):
        decision.charges = _ROW_PER_CHARGE


def _rare_separator(decision: ProfileDecision) -> str:
    """A comma or slash may stand inside a charge.

    It joins charges where two columns always have as many items, or where other rows have the items of a single column
    alone.
    """
    names = dict.fromkeys(decision.fields[name][0] for name in ChargeText._fields if decision.fields.get(name))
    columns = [decision.evidence[name].cells for name in names]
    if len(columns) == 1 and not decision.cut.get("charge"):
        return next((separator for separator in _RARE_SEPARATORS if _joins(separator, columns[0])), "")
    if len(columns) < 2 or len(set(map(len, columns))) > 1:
        return ""
    for separator in _RARE_SEPARATORS:
        counts = zip(*([cell.count(separator) for cell in cells] for cells in columns), strict=True)
        joined = [group for group in counts if any(group)]
        agreeing = sum(len(set(group)) == 1 for group in joined)
        if len(joined) > decision.table.rows * _LEAST_JOINED and agreeing > len(joined) * _NEARLY_ALL:
            return separator
    return ""


def _joins(separator: str, cells: Sequence[str]) -> bool:
    """Whether nearly all items between the separators are charges that other rows have alone."""
    alone = {cell.strip() for cell in cells if separator not in cell}
    items = [item.strip() for cell in cells if separator in cell for item in cell.split(separator)]
    known = sum(item in alone for item in items)
    return len(items) > 2 * len(cells) * _LEAST_JOINED and known > len(items) * _NEARLY_ALL


def _has_row_per_charge(decision: ProfileDecision) -> bool:
    charges = _rows(decision, _CHARGE)
    if number := decision.fields.get("number"):
        return decision.keys[number[0]].has_row_per_charge
    cells = _flat_cells(decision)
    if decision.arrest_key:
        identity = [*zip(*(cells[column] for column in decision.arrest_key), strict=True)]
    elif {"name", "surname"} & decision.fields.keys():
        identity = _rows(decision, (*_PERSON, "arrested"))
    else:
        return False
    people = _rows(decision, _PERSON)
    return key_evidence(["\x1f".join(parts) for parts in identity], people, charges).has_row_per_charge


def _rows(decision: ProfileDecision, fields: Sequence[str]) -> list[tuple[str, ...]]:
    cells = _flat_cells(decision)
    by_field = {name: cells[columns[0]] for name, columns in decision.fields.items() if columns[0] in cells}
    return rows_of(by_field, fields, decision.table.rows)


def _flat_cells(decision: ProfileDecision) -> Mapping[str, Sequence[str]]:
    """The columns that have one cell a row."""
    rows = decision.table.rows
    return {name: column.cells for name, column in decision.evidence.items() if len(column.cells) == rows}
