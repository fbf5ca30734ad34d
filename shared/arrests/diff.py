"""Diff: how a new version of an arrest differs from the one before, in words that an update can carry."""

from collections.abc import Callable, Iterator, Mapping

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.court import CourtCase
from shared.arrests.model import Arrest, ArrestChange, EventKind
from shared.arrests.person import Identifier, Person, PersonName
from shared.value import FrozenModel

NOT_SUPPLIED = "not supplied"


class Difference(FrozenModel):
    """One change. `before` is the value that was replaced, empty where there was none. `after` is empty where a value
    was taken away."""

    change: ArrestChange
    field: str
    after: str
    before: str = ""

    @property
    def sentence(self) -> str:
        if not self.after:
            return f"{self.field} removed: {self.before}"
        if not self.before:
            return f"{self.field} added: {self.after}"
        return f"{self.field} corrected: {self.after}, before {self.before}"


def differences(before: Arrest, after: Arrest) -> tuple[Difference, ...]:
    """The differences that matter to somebody who was notified of `before`, in the order of `ArrestChange`. Every other
    change is cosmetic."""
    people = before.person, after.person
    return (
        *_charges(before, after),
        *_identifiers(*people),
        *_person(*people),
        *_event(before, after),
        *_outcomes(before, after),
        *_cases(before, after),
    )


def changes(before: Arrest, after: Arrest) -> tuple[ArrestChange, ...]:
    """The kinds of change, in the order of `ArrestChange`."""
    return tuple(dict.fromkeys(difference.change for difference in differences(before, after)))


def _charges(before: Arrest, after: Arrest) -> Iterator[Difference]:
    for charge in _only_in(after, before):
        yield Difference(change=ArrestChange.CHARGE_ADDED, field="charge", after=_charge_shown(charge))
    for charge in _only_in(before, after):
        yield Difference(change=ArrestChange.CHARGE_REMOVED, field="charge", after="", before=_charge_shown(charge))


def _only_in(arrest: Arrest, other: Arrest) -> Iterator[Charge]:
    """The charges of one version that the other lacks. The same code with a class in one version only is one charge."""
    other_keys = {_charge_key(charge) for charge in other.charges}
    other_codes = {code for code, _ in other_keys}
    for charge in dict.fromkeys(arrest.charges):
        code, charge_class = _charge_key(charge)
        is_in_other = not code or (code, charge_class) in other_keys or (code, None) in other_keys
        if not (is_in_other or (charge_class is None and code in other_codes)):
            yield charge


def _charge_key(charge: Charge) -> tuple[str, ChargeClass | None]:
    return _charge_code(charge), charge.charge_class


def _charge_shown(charge: Charge) -> str:
    words = charge.statute, charge.text, f"({charge.charge_class.value})" if charge.charge_class else ""
    return " ".join(word for word in words if word)


def _outcomes(before: Arrest, after: Arrest) -> Iterator[Difference]:
    """What is decided otherwise about a charge of both versions. Court and docket alone are cosmetic."""
    old, new = _dispositions(before), _dispositions(after)
    known = {_charge_code(charge) for charge in before.charges}
    for code, charge in {_charge_code(charge): charge for charge in reversed(after.charges)}.items():
        if (code in known or not code) and old.get(code, "") != new.get(code, ""):
            yield Difference(
                change=ArrestChange.OUTCOME_CHANGED,
                field=_outcome_field(charge),
                after=new.get(code, ""),
                before=old.get(code, ""),
            )


def _outcome_field(charge: Charge) -> str:
    return f"outcome of {_charge_shown(charge)}" if _charge_code(charge) else "outcome"


def tells_only_charges_of(arrest: Arrest, difference: Difference) -> bool:
    """Whether whoever reads this arrest learns no other charge and no other outcome from the difference. A word that
    was corrected since counts as another: it is not known whose it was."""
    values = {difference.before, difference.after} - {""}
    if difference.change in (ArrestChange.CHARGE_ADDED, ArrestChange.CHARGE_REMOVED):
        return values <= set(map(_charge_shown, arrest.charges))
    if difference.change is ArrestChange.OUTCOME_CHANGED:
        named = (charge for charge in arrest.charges if _outcome_field(charge) == difference.field)
        outcomes = [str(charge.disposition) for charge in named if charge.disposition]
        return bool(outcomes) and values <= set(outcomes)
    return True


def _dispositions(arrest: Arrest) -> dict[str, str]:
    """Maps the code of a charge to the decisions about it: several, where there are several counts."""
    decisions: dict[str, list[str]] = {}
    for charge in arrest.charges:
        if charge.disposition:
            decisions.setdefault(_charge_code(charge), []).append(str(charge.disposition))
    return {code: "; ".join(sorted(set(shown))) for code, shown in decisions.items()}


def _charge_code(charge: Charge) -> str:
    return charge.code or charge.text.upper()


def _cases(before: Arrest, after: Arrest) -> Iterator[Difference]:
    """Bail, warrants, the next court date, and what the notice of a release says. A court date that is the event itself
    is told as one that moved."""
    for field, shown in _CASE_FIELDS.items():
        old, new = shown(before), shown(after)
        if old != new and not (field == NEXT_COURT_DATE and after.kind is EventKind.COURT_DATE):
            yield Difference(change=ArrestChange.CASE_CHANGED, field=field, after=new, before=old)


NEXT_COURT_DATE = "next court date"
PROPOSED_ADDRESS = "proposed address"
_CASE_FIELDS: Mapping[str, Callable[[Arrest], str]] = {
    "bail": lambda arrest: "; ".join(sorted({str(case.bail) for case in arrest.cases if case.bail})),
    "warrant": lambda arrest: "; ".join(sorted({case.warrant for case in arrest.cases if case.warrant})),
    NEXT_COURT_DATE: lambda arrest: min((_next_date(case) for case in arrest.cases if case.next_on), default=""),
    PROPOSED_ADDRESS: lambda arrest: arrest.release.proposed_address if arrest.release else "",
    "county of prosecution": lambda arrest: arrest.release.county if arrest.release else "",
    "time left on the full term": lambda arrest: arrest.release.remaining_term if arrest.release else "",
}
"""In words; a court date as a day, or as an instant in UTC."""


def _next_date(case: CourtCase) -> str:
    return str(case.next_at or case.next_on)


def _event(before: Arrest, after: Arrest) -> Iterator[Difference]:
    """A release that is put off or brought forward."""
    old, new = (str(arrest.event_at or arrest.event_on or "") for arrest in (before, after))
    if new and new != old:
        yield Difference(
            change=ArrestChange.EVENT_MOVED, field=f"date of the {after.kind.value}", after=new, before=old
        )


def _identifiers(before: Person, after: Person) -> Iterator[Difference]:
    for identifier in after.identifiers:
        if not any(identifier.same_as(other) for other in before.identifiers):
            yield Difference(
                change=ArrestChange.IDENTIFIER_ADDED, field=identifier.kind.words, after=_identifier_shown(identifier)
            )


def _identifier_shown(identifier: Identifier) -> str:
    return f"{identifier.value} ({identifier.issuer})" if identifier.issuer else identifier.value


def _person(before: Person, after: Person) -> Iterator[Difference]:
    if {name.key for name in before.names} != {name.key for name in after.names}:
        yield Difference(
            change=ArrestChange.PERSON_CORRECTED,
            field="name",
            after=_names_shown(after) or NOT_SUPPLIED,
            before=_names_shown(before),
        )
    if _born(before) != _born(after):
        yield Difference(
            change=ArrestChange.PERSON_CORRECTED,
            field="date of birth",
            after=_born(after) or NOT_SUPPLIED,
            before=_born(before),
        )


def _names_shown(person: Person) -> str:
    return " also ".join(map(_name_shown, person.names))


def _name_shown(name: PersonName) -> str:
    return " ".join(f"{name.surname.upper()}, {name.given} {name.middle} {name.suffix}".split()).strip(" ,")


def _born(person: Person) -> str:
    return str(person.date_of_birth or person.birth_year or "")
