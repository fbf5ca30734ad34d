"""What of an arrest an agreement does not share, as if the agency had not reported it: it is not matched on, told or
shown. That there was an arrest, of which number, by whom and when, is always said."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from shared.domain.arrests import Arrest, Change
from shared.domain.differences import Difference
from shared.domain.identity import Sex
from shared.domain.places import Place


class Part(StrEnum):
    NAMES = "names"
    BIRTH = "date of birth"
    SEX = "sex"
    IDENTIFIERS = "identifiers"
    CHARGES = "charges"
    PLACE = "place"


Withheld = frozenset[Part]
NOTHING: Withheld = frozenset()
UNSHARED = "your agreement with the agency no longer shares what this rests on"
EVERY_PART = frozenset(Part)
_OF_THE_PERSON: Mapping[Part, dict[str, Any]] = {
    Part.NAMES: {"names": ()},
    Part.BIRTH: {"date_of_birth": None, "birth_year": None},
    Part.SEX: {"sex": Sex.UNKNOWN},
    Part.IDENTIFIERS: {"identifiers": ()},
}
_OF_THE_ARREST: Mapping[Part, dict[str, Any]] = {Part.CHARGES: {"charges": ()}, Part.PLACE: {"place": Place()}}
_TELLS_OF = {
    (Change.CHARGE_ADDED, "charge"): Part.CHARGES,
    (Change.PERSON_CORRECTED, "name"): Part.NAMES,
    (Change.PERSON_CORRECTED, "date of birth"): Part.BIRTH,
}


def without(withheld: Withheld, arrest: Arrest) -> Arrest:
    if not withheld:
        return arrest
    person = arrest.person.model_copy(update=_unsaid(withheld, _OF_THE_PERSON))
    return arrest.model_copy(update=_unsaid(withheld, _OF_THE_ARREST) | {"person": person})


def news_without(withheld: Withheld, news: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple(one for one in news if part_told_by(one) not in withheld)


def part_told_by(one: Difference) -> Part | None:
    """None for when something happened, which is always said."""
    return Part.IDENTIFIERS if one.change is Change.IDENTIFIER_ADDED else _TELLS_OF.get((one.change, one.field))


def _unsaid(withheld: Withheld, how: Mapping[Part, dict[str, Any]]) -> dict[str, Any]:
    return {name: value for part in withheld & how.keys() for name, value in how[part].items()}
