"""The questions that a person must answer before the profile is used: what no sample tells, and what is not certain."""

from collections.abc import Iterator, Sequence

from shared.feeds.suggest.columns.assign_columns import FORBIDDEN
from shared.feeds.suggest.columns.vocabulary import BOOKED, BOOKED_TIME, CASE, HOME, RELEASE
from shared.feeds.suggest.decision import ProfileDecision
from shared.feeds.suggest.suggestion import Known, Question

_MOST = 0.8  # share of values
_MOST_NAMED = 12  # codes or columns that one question names
_PLACES = ("address", "city", "state", "postcode")


def questions_of(decision: ProfileDecision, known: Known) -> list[Question]:
    """In the order of importance: what makes every alert wrong stands first."""
    return [
        *_about_agency(decision, known),
        *_about_file(decision),
        *_about_arrests(decision, known),
        *_about_dates(decision),
        *_about_columns(decision),
        *_about_codes(decision),
    ]


def _about_agency(decision: ProfileDecision, known: Known) -> Iterator[Question]:
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


def _about_file(decision: ProfileDecision) -> Iterator[Question]:
    for doubt in decision.table.doubts:
        yield Question("text", doubt)
    if decision.table.odd_rows:
        yield Question(
            "text",
            f"{decision.table.odd_rows} rows have more or fewer cells than the header and are rejected. What are they?",
        )


def _about_arrests(decision: ProfileDecision, known: Known) -> Iterator[Question]:
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
    yield from _about_composites(decision)
    if "order" in decision.names and known.surname_first is None:
        yield Question(
            "names",
            "Some names have no comma. Does the given name or the surname stand first?",
            decision.names["order"],
        )
    if "alias_separators" in decision.names:
        yield Question("names", "Which signs part the aliases in a cell?", decision.names["alias_separators"])
    yield from _about_continued_rows(decision)


def _about_composites(decision: ProfileDecision) -> Iterator[Question]:
    if decision.cut.get("charge"):
        names = [name for name in ("statute", "charge", "charge_class") if name in decision.cut]
        text = f"Its cells seem to hold {' and '.join(names)}. A cell written otherwise would lose some. Is none?"
        yield _about(decision.fields["charge"][0], text, "none")


def _about_continued_rows(decision: ProfileDecision) -> Iterator[Question]:
    """Rows without a number that have a charge may continue the arrest of the row above."""
    number, charge = decision.evidence_of("number"), decision.evidence_of("charge") or decision.evidence_of("statute")
    if number is None or charge is None or len(number.cells) != len(charge.cells):
        return
    continued = sum(bool(c.strip()) and not n.strip() for n, c in zip(number.cells, charge.cells, strict=True))
    if continued:
        yield Question(
            "number",
            f"{continued} rows have a charge and no number. If they continue the row above, ask for rows that repeat"
            " the number and the person: a profile cannot join them.",
        )


def _about_number(decision: ProfileDecision) -> Iterator[Question]:
    for column, measured in decision.keys.items():
        if not measured.numbers_arrests:
            yield _about(
                column,
                f"{measured.mixed} of its values come with several people: it is no arrest number. What is it?",
            )
    if "number" in decision.fields:
        column = decision.fields["number"][0]
        if column in decision.columns_of(CASE):
            yield _about(column, "It numbers cases, and each has one arrest in the sample. Is it always so?", "yes")
        elif decision.cut.get("number"):
            yield _about(column, "The name and the number seem to stand in one cell. Are they parted rightly?", "yes")
        return
    how = (
        f"the columns {', '.join(decision.arrest_key)}"
        if decision.arrest_key
        else "name, birth and time, or else all cells"
    )
    text = f"No column numbers arrests: {how} identify one. Can the agency send a number?"
    yield Question("number", text, columns=tuple(decision.arrest_key))
    if decision.charges == "row per arrest":
        yield Question("charges", "Is each row an arrest, or a charge of one?", "an arrest")


def _about_dates(decision: ProfileDecision) -> Iterator[Question]:
    for name in decision.dates.ambiguous:
        yield _about(decision.fields[name][0], "No row tells whether the month or the day stands first.", "the month")
    for column, evidence in decision.evidence.items():
        if evidence.dates.epoch > evidence.filled * _MOST:
            text = "It seems to be seconds or milliseconds since 1970, which no form reads. Ask for ISO 8601."
            yield _about(column, text)
    for name, masks in decision.dates.unread.items():
        shown = ", ".join(f"{mask} ({count})" for mask, count in list(masks.items())[:_MOST_NAMED])
        yield _about(decision.fields[name][0], f"Some values have no known form of a date: {shown}. What do they mean?")


def _about_columns(decision: ProfileDecision) -> Iterator[Question]:
    for assignment in decision.assignments:
        column, name, doubt = assignment.column, assignment.field, assignment.doubt
        if name == FORBIDDEN and doubt:
            yield _about(column, f"{doubt} Is that so?", "not read")
        elif doubt and assignment.is_read:
            yield _about(column, f"Is this `{name}`? {doubt}", name)
    yield from _about_places(decision)
    leftover = [a.column for a in decision.assignments if not a.field and not decision.evidence[a.column].is_empty]
    yield from _about_several("Nothing shows what these are, and they are not read. Is one of them needed?", leftover)
    known = [a.column for a in decision.assignments if a.field in {BOOKED, BOOKED_TIME, RELEASE, CASE}]
    others = [column for column in known if column not in decision.arrest_key]
    yield from _about_several("These are understood and not read. Is one the day or the number of the arrest?", others)


def _about_places(decision: ProfileDecision) -> Iterator[Question]:
    """An address is always asked about: a feed of homes read as places of arrest would alert the wrong people."""
    read = [assignment.column for assignment in decision.assignments if assignment.field in _PLACES]
    homes = [assignment.column for assignment in decision.assignments if assignment.field == HOME]
    yield from _about_several(
        "Is this the place of the arrest? A home must not be read.", read, "the place of the arrest"
    )
    yield from _about_several("Is this the home, which is not read, or the place of the arrest?", homes, "the home")


def _about(column: str, text: str, assumed: str = "") -> Question:
    return Question(column, text, assumed, (column,))


def _about_several(text: str, columns: Sequence[str], assumed: str = "") -> Iterator[Question]:
    if columns:
        yield Question(", ".join(columns), text, assumed, tuple(columns))


def _about_codes(decision: ProfileDecision) -> Iterator[Question]:
    for name, codes in decision.codes.items():
        if codes.guessed:
            guesses = ", ".join(
                f"{code} = {codes.words[code]} ({codes.counts[code]})" for code in codes.guessed[:_MOST_NAMED]
            )
            yield Question(name, f"Do these codes mean this: {guesses}?")
        if codes.unknown:
            shown = ", ".join(f"{code} ({codes.counts[code]})" for code in codes.unknown[:_MOST_NAMED])
            yield Question(name, f"What do these codes mean: {shown}?")
