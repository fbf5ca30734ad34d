"""The questions that a person must answer before the profile is used: what no sample tells, and what is not certain."""

from collections.abc import Iterator

from shared.feeds.suggest.columns.assign_columns import FORBIDDEN
from shared.feeds.suggest.columns.vocabulary import BOOKED, CASE, HOME, RELEASE
from shared.feeds.suggest.decision import Decision
from shared.feeds.suggest.suggestion import Known, Question

_MOST_NAMED = 12  # codes or columns that one question names
_PLACES = ("address", "city", "state", "postcode")
_UNCERTAIN_SEPARATORS = frozenset("/,")


def questions_of(decision: Decision, known: Known) -> list[Question]:
    """In the order of importance: what makes every alert wrong stands first."""
    return [
        *_about_agency(decision, known),
        *_about_file(decision),
        *_about_arrests(decision, known),
        *_about_dates(decision),
        *_about_columns(decision),
        *_about_codes(decision),
    ]


def _about_agency(decision: Decision, known: Known) -> Iterator[Question]:
    if not known.agency:
        yield Question("agency", "What is the agency's folder in the bucket called?", assumed_agency(known))
    if not known.time_zone:
        yield Question("time_zone", "In which time zone are the agency's clocks? No file says it.", assumed_zone(known))
    if "sid" in decision.fields and not known.sid_issuer:
        yield Question("sid_issuer", "Which state issued the state IDs? Without it an ID of another state may match.")
    if "ori" not in decision.fields and not known.ori:
        yield Question("ori", "What is the agency's ORI? It may stay out.")


def assumed_agency(known: Known) -> str:
    return known.agency or "new-agency"


def assumed_zone(known: Known) -> str:
    return known.time_zone or "America/New_York"


def _about_file(decision: Decision) -> Iterator[Question]:
    for doubt in decision.table.doubts:
        yield Question("text", doubt)
    if decision.table.odd_rows:
        yield Question(
            "text",
            f"{decision.table.odd_rows} rows have more or fewer cells than the header and are rejected. What are they?",
        )


def _about_arrests(decision: Decision, known: Known) -> Iterator[Question]:
    yield from _about_number(decision)
    if "arrested" not in decision.fields:
        yield Question("arrested", "No column is surely the day of the arrest. Which one is it?")
    if not known.event and "event" not in decision.fields:
        yield Question("event", "What does every record report, an arrest or a booking?", decision.event)
    if decision.charges == "row per charge" and "number" not in decision.fields:
        yield Question(
            "charges", "Rows of one person and day seem to be charges of one arrest. Are they?", decision.charges
        )
    if decision.charges == "joined in a cell":
        yield Question(
            "charge_separator",
            f"Several charges seem to stand in one cell, parted by {decision.charge_separator!r}. Is that so?",
            decision.charge_separator,
        )
    if "name" in decision.fields and known.surname_first is None:
        evidence = decision.evidence_of("name")
        if evidence and not all("," in text for text in list(evidence.values)[:500]):
            yield Question(
                "names", "Names have no comma. Does the given name or the surname stand first?", decision.name_order
            )


def _about_number(decision: Decision) -> Iterator[Question]:
    for column, measured in decision.keys.items():
        if not measured.numbers_arrests:
            yield Question(
                column,
                f"{measured.mixed} of its values come with several people, so it numbers no arrests. What does it?",
            )
    if "number" in decision.fields:
        return
    how = (
        f"the columns {', '.join(decision.arrest_key)}"
        if decision.arrest_key
        else "name, birth and time, or else all cells"
    )
    yield Question("number", f"No column numbers arrests: {how} identify one. Can the agency send a number?")


def _about_dates(decision: Decision) -> Iterator[Question]:
    for name in decision.dates.ambiguous:
        column = decision.fields[name][0]
        yield Question(column, "No row tells whether the month or the day stands first.", "the month")
    for name, masks in decision.dates.unread.items():
        shown = ", ".join(f"{mask} ({count})" for mask, count in list(masks.items())[:_MOST_NAMED])
        yield Question(
            decision.fields[name][0], f"Some values are no date in a form that is known: {shown}. What do they mean?"
        )


def _about_columns(decision: Decision) -> Iterator[Question]:
    for assignment in decision.assignments:
        column, name, doubt = assignment.column, assignment.field, assignment.doubt
        if name in _PLACES:
            yield Question(
                column,
                f"Is this the place of the arrest, or the home? The home must not be read. {doubt}".strip(),
                name,
            )
        elif name == HOME:
            yield Question(column, "It looks like the home, which is not read. Is it the place of the arrest?")
        elif name == FORBIDDEN and doubt:
            yield Question(column, f"{doubt} Is that so?", "not read")
        elif doubt and assignment.is_read:
            yield Question(column, f"Is this `{name}`? {doubt}", name)
    leftover = [a.column for a in decision.assignments if not a.field and not decision.evidence[a.column].is_empty]
    if leftover:
        yield Question(
            "columns", f"Not read, because nothing shows what they are: {', '.join(leftover)}. Is one of them needed?"
        )
    others = [
        a.column
        for a in decision.assignments
        if a.field in {BOOKED, RELEASE, CASE} and a.column not in decision.arrest_key
    ]
    if others:
        yield Question(
            "columns", f"Understood and not read: {', '.join(others)}. Should one be the day or number of the arrest?"
        )


def _about_codes(decision: Decision) -> Iterator[Question]:
    for name, codes in decision.codes.items():
        if codes.guessed:
            guesses = ", ".join(
                f"{code} = {codes.words[code]} ({codes.counts[code]})" for code in codes.guessed[:_MOST_NAMED]
            )
            yield Question(name, f"Do these codes mean this: {guesses}?")
        if codes.unknown:
            shown = ", ".join(f"{code} ({codes.counts[code]})" for code in codes.unknown[:_MOST_NAMED])
            yield Question(name, f"What do these codes mean: {shown}?")
