"""Decides the whole profile from the evidence of a sample. Pure: nothing is read or written here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.errors import Rejected
from shared.feeds.forbidden_fields import fold_name
from shared.feeds.layout import NUMBER_PLACEHOLDER, Cut
from shared.feeds.profiles.model import NameOrder
from shared.feeds.record import FIELD_NAMES, ChargeText
from shared.feeds.suggest.columns.assign_columns import FORBIDDEN, Assignment, assign_columns
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.numbered_columns import are_placeholders, fold_numbered
from shared.feeds.suggest.columns.settle_columns import is_jail, settle_columns
from shared.feeds.suggest.columns.settle_unnamed import is_number
from shared.feeds.suggest.columns.value_shapes import event_word
from shared.feeds.suggest.decide_rows import decide_charges, decide_keys
from shared.feeds.suggest.decision import ProfileDecision
from shared.feeds.suggest.meanings.codes import class_codes, event_codes, has_degrees, juvenile_words, sex_codes
from shared.feeds.suggest.meanings.composite_cells import cuts_of_charge, cuts_of_name, cuts_of_sex
from shared.feeds.suggest.meanings.dates import DAY_FIELDS, TIME_FIELDS, decide_dates
from shared.feeds.suggest.meanings.names import alias_separators, name_order
from shared.feeds.suggest.samples.sample_table import SampleColumn, SampleTable
from shared.feeds.suggest.suggestion import COLUMNS, Known


def decide(table: SampleTable, known: Known) -> ProfileDecision:
    """Raises Rejected where what is known does not fit the sample."""
    has_names = _has_names(table)
    folded, numbered = fold_numbered(table.columns) if has_names else ([*table.columns], {})
    evidence = {column.name: ColumnEvidence(column) for column in folded}
    unreadable = _unreadable(folded, numbered)
    usable = [column for column in folded if column.name not in unreadable]
    assigned = assign_columns([evidence[column.name] for column in usable], are_paths=table.has_paths)
    by_name = {assignment.column: assignment for assignment in assigned} | unreadable
    settled = settle_columns([by_name[column.name] for column in folded], evidence, has_header=has_names)
    _check_known(known, settled)
    decision = ProfileDecision(
        table, [_as_known(assignment, known) for assignment in settled], evidence, is_jail(assigned), has_names
    )
    _expand_numbered(decision, numbered)
    _collect_fields(decision)
    _keep_one_list(decision)
    _decide_composites(decision)
    _decide_unnamed_numbers(decision, known)
    decide_keys(decision)
    decide_charges(decision)
    decision.dates = decide_dates(
        {name: times for name in (*DAY_FIELDS, *TIME_FIELDS) if (times := decision.evidence_of(name))}, known.day_first
    )
    decision.cut |= decision.dates.cut
    _decide_codes(decision)
    _decide_names(decision, known)
    decision.event = known.event or ("booking" if decision.is_jail else "arrest")
    return decision


def _has_names(table: SampleTable) -> bool:
    """Whether the agency names its columns: `column 1` is ours, and `FIELD_01` says nothing."""
    return "header" not in table.text and not are_placeholders([column.name for column in table.columns])


def _unreadable(
    columns: Sequence[SampleColumn], numbered: Mapping[str, Sequence[SampleColumn]]
) -> dict[str, Assignment]:
    """Columns that no profile can name: without a name, with one that comes twice, or with the sign of `numbered` ones
    in a name of their own."""
    names = [fold_name(column.name) for column in columns]
    return {
        column.name: Assignment(
            column=column.name,
            field="",
            doubt=f"No profile can name it: its name is blank, unprintable, comes twice or has {NUMBER_PLACEHOLDER}.",
        )
        for column, name in zip(columns, names, strict=True)
        if not name
        or not column.name.isprintable()
        or names.count(name) > 1
        or (NUMBER_PLACEHOLDER in column.name and column.name not in numbered)
    }


def _check_known(known: Known, assignments: Sequence[Assignment]) -> None:
    """Raises Rejected where a person names a column that is not there or may not be read, or a field that is none."""
    by_column = {assignment.column: assignment for assignment in assignments}
    for column, name in known.fields.items():
        if column not in by_column:
            raise Rejected(COLUMNS, f"The sample has no column {column!r}.", f"It has: {', '.join(by_column)}.")
        if name and name not in FIELD_NAMES:
            raise Rejected(COLUMNS, f"{name!r} is no field.", f"Write one of: {', '.join(FIELD_NAMES)}.")
        if name and by_column[column].field == FORBIDDEN:
            raise Rejected(COLUMNS, f"The column {column!r} may not be kept.", "Leave it unread.")


def _as_known(assignment: Assignment, known: Known) -> Assignment:
    if assignment.column not in known.fields or assignment.field == FORBIDDEN:
        return assignment
    return replace(assignment, field=known.fields[assignment.column], doubt="")


def _expand_numbered(decision: ProfileDecision, numbered: Mapping[str, Sequence[SampleColumn]]) -> None:
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


def _collect_fields(decision: ProfileDecision) -> None:
    for assignment in decision.assignments:
        if assignment.field in FIELD_NAMES:
            decision.fields.setdefault(assignment.field, []).append(assignment.column)


def _keep_one_list(decision: ProfileDecision) -> None:
    """The charges of a JSON record stand in one list, as objects or as texts: that with the most fields is read."""
    by_list: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for name in ChargeText._fields:
        for column in decision.fields.get(name, ()) if decision.has_paths else ():
            is_text = column.endswith("[]") and decision.table.format != "xml"  # whose elements hold both
            by_list[column.partition("[]")[0] if "[]" in column else "", is_text].append(name)
    if len(by_list) < 2:
        return
    fullest = max((place for place in by_list if place[0]), key=lambda place: len(by_list[place]))
    for place, names in by_list.items():
        for name in names if place != fullest else ():
            column = decision.fields.pop(name)[0]
            doubt = "The charges are read from another list."
            decision.assignments = [
                replace(a, field="", doubt=doubt) if a.column == column else a for a in decision.assignments
            ]


def _decide_composites(decision: ProfileDecision) -> None:
    """A name may have the number in its cell, a charge its statute and class; a sex the race, which is not read."""
    if (names := decision.evidence_of("name")) and not decision.fields.keys() & {"number", "booking_number"}:
        decision.cut |= cuts_of_name(names)
        for name in decision.cut:
            decision.fields[name] = decision.fields["name"]
    if (charges := decision.evidence_of("charge")) and "statute" not in decision.fields:
        for name, cut in cuts_of_charge(charges, has_class="charge_class" in decision.fields).items():
            decision.cut[name] = cut
            decision.fields[name] = decision.fields["charge"]
    if sexes := decision.evidence_of("sex"):
        decision.cut |= cuts_of_sex(sexes)


def _decide_unnamed_numbers(decision: ProfileDecision, known: Known) -> None:
    """Without names of columns: the number of a booking; the state ID, if somebody names the state that issues it."""
    if decision.has_names:
        return
    if "number" in decision.fields and _reports_bookings(decision):
        decision.fields.setdefault("booking_number", decision.fields["number"])
    free = [a for a in decision.assignments if not a.field and is_number(decision.evidence[a.column])]
    if known.sid_issuer and "sid" not in decision.fields and len(free) == 1:
        decision.fields["sid"] = [free[0].column]
        place = decision.assignments.index(free[0])
        decision.assignments[place] = replace(free[0], field="sid", doubt="No other column can be the state ID.")


def _reports_bookings(decision: ProfileDecision) -> bool:
    events = decision.evidence_of("event")
    return events is not None and any(event_word(text) == "booking" for text in events.values)


def _decide_codes(decision: ProfileDecision) -> None:
    readers = {"charge_class": class_codes, "sex": sex_codes, "event": event_codes, "age_group": juvenile_words}
    for name, read in readers.items():
        if evidence := decision.evidence_of(name):
            decision.codes[name] = read(cut_values(evidence.values, decision.cut.get(name)))
    class_evidence = decision.evidence_of("charge_class")
    if class_evidence and "degree" not in decision.fields and has_degrees(class_evidence.values):
        decision.fields["degree"] = decision.fields["charge_class"]


def cut_values(values: Mapping[str, int], cut: Cut | None) -> Mapping[str, int]:
    """The counts of the parts that are read."""
    if cut is None:
        return values
    counts = Counter[str]()
    for text, count in values.items():
        counts[cut.apply(text).strip()] += count
    return counts


def _decide_names(decision: ProfileDecision, known: Known) -> None:
    if evidence := decision.evidence_of("name"):
        order = name_order(evidence.texts)
        if order and known.surname_first is not None:
            order = NameOrder.SURNAME_FIRST if known.surname_first else NameOrder.GIVEN_FIRST
        if order:
            decision.names["order"] = order.value
    if (aliases := decision.evidence_of("alias")) and (separators := alias_separators(aliases.texts)):
        decision.names["alias_separators"] = separators
