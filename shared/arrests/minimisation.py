"""What of an arrest an agreement does not share, as if the agency had not reported it: it is not matched on, told or
shown. That there was an arrest, of which number, by whom and when, is always said."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from shared.arrests.diff import Difference
from shared.arrests.model import Arrest, ArrestChange
from shared.arrests.person import Sex
from shared.arrests.places import Place


class WithheldField(StrEnum):
    NAMES = "names"
    BIRTH = "date of birth"
    SEX = "sex"
    IDENTIFIERS = "identifiers"
    CHARGES = "charges"
    PLACE = "place"


WithheldFields = frozenset[WithheldField]
NO_FIELDS: WithheldFields = frozenset()
UNSHARED = "your agreement with the agency no longer shares what this rests on"
ALL_FIELDS = frozenset(WithheldField)
_OF_THE_PERSON: Mapping[WithheldField, dict[str, Any]] = {
    WithheldField.NAMES: {"names": ()},
    WithheldField.BIRTH: {"date_of_birth": None, "birth_year": None},
    WithheldField.SEX: {"sex": Sex.UNKNOWN},
    WithheldField.IDENTIFIERS: {"identifiers": ()},
}
_OF_THE_ARREST: Mapping[WithheldField, dict[str, Any]] = {
    WithheldField.CHARGES: {"charges": ()},
    WithheldField.PLACE: {"place": Place()},
}
_TELLS_OF = {
    (ArrestChange.CHARGE_ADDED, "charge"): WithheldField.CHARGES,
    (ArrestChange.PERSON_CORRECTED, "name"): WithheldField.NAMES,
    (ArrestChange.PERSON_CORRECTED, "date of birth"): WithheldField.BIRTH,
}


def redact(withheld: WithheldFields, arrest: Arrest) -> Arrest:
    if not withheld:
        return arrest
    person = arrest.person.model_copy(update=_unsaid(withheld, _OF_THE_PERSON))
    return arrest.model_copy(update=_unsaid(withheld, _OF_THE_ARREST) | {"person": person})


def redact_differences(withheld: WithheldFields, news: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple(difference for difference in news if field_of_difference(difference) not in withheld)


def field_of_difference(difference: Difference) -> WithheldField | None:
    """None for when something happened, which is always said."""
    return (
        WithheldField.IDENTIFIERS
        if difference.change is ArrestChange.IDENTIFIER_ADDED
        else _TELLS_OF.get((difference.change, difference.field))
    )


def _unsaid(withheld: WithheldFields, how: Mapping[WithheldField, dict[str, Any]]) -> dict[str, Any]:
    return {name: value for part in withheld & how.keys() for name, value in how[part].items()}
