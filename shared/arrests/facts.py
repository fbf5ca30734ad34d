"""Which facts of an arrest a new version changes, and which of them it corrects."""

from collections.abc import Callable, Hashable, Iterable, Mapping

from shared.arrests.disputed import ArrestFact
from shared.arrests.model import Arrest

Values = frozenset[Hashable]


def changed_facts(before: Arrest, after: Arrest) -> frozenset[ArrestFact]:
    return frozenset(fact for fact, values in _VALUES.items() if values(before) != values(after))


def corrected_facts(before: Arrest, after: Arrest) -> frozenset[ArrestFact]:
    """The facts of which a value was replaced or taken away. What is only added is news, and so is how the case goes
    on: nobody was told anything wrong."""
    return frozenset(fact for fact in _CORRECTABLE if _VALUES[fact](before) - _VALUES[fact](after))


def _present(values: Iterable[Hashable]) -> Values:
    return frozenset(value for value in values if value)


def _names(arrest: Arrest) -> Values:
    return _present(name.key for name in arrest.person.names)


def _birth(arrest: Arrest) -> Values:
    return _present([arrest.person.date_of_birth or arrest.person.birth_year])


def _identifiers(arrest: Arrest) -> Values:
    return _present((identifier.kind, identifier.value) for identifier in arrest.person.identifiers)


def _charges(arrest: Arrest) -> Values:
    return _present(charge.code or charge.text.upper() for charge in arrest.charges)


def _outcomes(arrest: Arrest) -> Values:
    return _present((charge.code, str(charge.disposition)) for charge in arrest.charges if charge.disposition)


def _place(arrest: Arrest) -> Values:
    return _present((name, value) for name, value in arrest.place.model_dump(exclude_defaults=True).items())


_VALUES: Mapping[ArrestFact, Callable[[Arrest], Values]] = {
    ArrestFact.PERSON: lambda arrest: _names(arrest) | _birth(arrest) | _identifiers(arrest),
    ArrestFact.NAME: _names,
    ArrestFact.BIRTH: _birth,
    ArrestFact.SEX: lambda arrest: _present([arrest.person.sex]),
    ArrestFact.IDENTIFIERS: _identifiers,
    ArrestFact.CHARGES: _charges,
    ArrestFact.OUTCOME: _outcomes,
    ArrestFact.ARREST_DATE: lambda arrest: _present([arrest.arrested_on, arrest.arrested_at]),
    ArrestFact.EVENT_DATE: lambda arrest: _present([arrest.event_on, arrest.event_at]),
    ArrestFact.PLACE: _place,
    ArrestFact.COURT: lambda arrest: frozenset(arrest.cases),
}
_CORRECTABLE = (
    ArrestFact.NAME,
    ArrestFact.BIRTH,
    ArrestFact.SEX,
    ArrestFact.IDENTIFIERS,
    ArrestFact.CHARGES,
    ArrestFact.ARREST_DATE,
    ArrestFact.PLACE,
)
