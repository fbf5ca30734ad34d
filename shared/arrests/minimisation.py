"""Minimisation: redacts the withheld fields of an arrest, those that an agreement does not share.

A redacted arrest looks as if the agency had not reported the field, so nothing is matched on it, notified or shown. The
arrest number, the agency and the dates are always shared.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from shared.arrests.diff import PROPOSED_ADDRESS, Difference
from shared.arrests.model import Arrest, ArrestChange
from shared.arrests.person import Sex
from shared.arrests.places import Place


class WithheldField(StrEnum):
    """What an agreement can share or withhold. `charges` are also their outcomes, bail, dockets, court dates
    and, of a release, the county of prosecution, the term and the supervising office."""

    NAMES = "names"
    BIRTH = "date of birth"
    SEX = "sex"
    IDENTIFIERS = "identifiers"
    CHARGES = "charges"
    PLACE = "place"  # and the proposed address of a release


WithheldFields = frozenset[WithheldField]
NO_FIELDS: WithheldFields = frozenset()
ALL_FIELDS: WithheldFields = frozenset(WithheldField)
UNSHARED = "your agreement with the agency no longer shares what this rests on"
_REDACTED_PERSON: Mapping[WithheldField, dict[str, Any]] = {
    WithheldField.NAMES: {"names": ()},
    WithheldField.BIRTH: {"date_of_birth": None, "birth_year": None},
    WithheldField.SEX: {"sex": Sex.UNKNOWN},
    WithheldField.IDENTIFIERS: {"identifiers": ()},
}
_REDACTED_ARREST: Mapping[WithheldField, dict[str, Any]] = {
    WithheldField.CHARGES: {"charges": (), "cases": ()},
    WithheldField.PLACE: {"place": Place()},
}
_REDACTED_RELEASE: Mapping[WithheldField, dict[str, Any]] = {
    WithheldField.CHARGES: {"county": "", "remaining_term": "", "supervising_office": ""},
    WithheldField.PLACE: {"proposed_address": ""},
}
_FIELD_OF_CHANGE: Mapping[ArrestChange, WithheldField] = {
    ArrestChange.CHARGE_ADDED: WithheldField.CHARGES,
    ArrestChange.CHARGE_REMOVED: WithheldField.CHARGES,
    ArrestChange.OUTCOME_CHANGED: WithheldField.CHARGES,
    ArrestChange.CASE_CHANGED: WithheldField.CHARGES,
    ArrestChange.IDENTIFIER_ADDED: WithheldField.IDENTIFIERS,
}
_FIELD_OF_CORRECTION: Mapping[str, WithheldField] = {"name": WithheldField.NAMES, "date of birth": WithheldField.BIRTH}


def redact(withheld: WithheldFields, arrest: Arrest) -> Arrest:
    if not withheld:
        return arrest
    changes = _empty_values(withheld, _REDACTED_ARREST)
    changes["person"] = arrest.person.model_copy(update=_empty_values(withheld, _REDACTED_PERSON))
    if arrest.release:
        changes["release"] = arrest.release.model_copy(update=_empty_values(withheld, _REDACTED_RELEASE))
    return arrest.model_copy(update=changes)


def redact_differences(withheld: WithheldFields, differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Leaves out the differences that would disclose a withheld field."""
    return tuple(difference for difference in differences if field_of_difference(difference) not in withheld)


def field_of_difference(difference: Difference) -> WithheldField | None:
    """The field that a difference discloses. None for when something happened, which is always shared."""
    if difference.change is ArrestChange.PERSON_CORRECTED:
        return _FIELD_OF_CORRECTION.get(difference.field)
    if difference.field == PROPOSED_ADDRESS:
        return WithheldField.PLACE
    return _FIELD_OF_CHANGE.get(difference.change)


def _empty_values(withheld: WithheldFields, redacted: Mapping[WithheldField, dict[str, Any]]) -> dict[str, Any]:
    """The attributes to overwrite, with the value of a field that was not reported."""
    values: dict[str, Any] = {}
    for field in withheld & redacted.keys():
        values |= redacted[field]
    return values
