"""An agency's own table of statutes: what its codes mean where its feed does not say, class and family of offence."""

import csv
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.statutes.notation import codes
from shared.arrests.statutes.offense_families import NIBRS_CODES, Family, family_of
from shared.errors import Rejected
from shared.value import FrozenModel

COLUMNS = ("statute", "class", "family")
_CLASSES = {charge_class.value.upper(): charge_class for charge_class in ChargeClass} | {
    "F": ChargeClass.FELONY, "M": ChargeClass.MISDEMEANOUR, "MISDEMEANOR": ChargeClass.MISDEMEANOUR,
    "V": ChargeClass.VIOLATION, "I": ChargeClass.INFRACTION,
}  # fmt: skip
_FAMILIES = {family.value.upper(): family for family in Family}


class Meaning(NamedTuple):
    charge_class: ChargeClass | None
    family: Family | None

    def agreed(self, other: "Meaning") -> "Meaning":
        return Meaning(
            self.charge_class if self.charge_class is other.charge_class else None,
            self.family if self.family is other.family else None,
        )


class Statutes(FrozenModel):
    """`meanings` by every notation of each code. `jurisdiction` is whose notation the table is written in."""

    jurisdiction: str | None = None
    meanings: Mapping[str, Meaning] = {}

    def complete(self, charge: Charge) -> Charge:
        """What the feed says stays; the table fills what it leaves open."""
        meaning = next(
            (self.meanings[code] for code in codes(charge.statute, self.jurisdiction) if code in self.meanings), None
        )
        if meaning is None:
            return charge
        known = charge.charge_class or (None if charge.charge_class_raw else meaning.charge_class)
        if (known, meaning.family) == (charge.charge_class, charge.family):
            return charge
        return charge.model_copy(update={"charge_class": known, "family": charge.family or meaning.family})


def statutes_from(lines: Iterable[str], jurisdiction: str | None) -> Statutes:
    """CSV with the columns `statute`, `class` and `family`, in any order; `family` is a word or a NIBRS code. Of a code
    that stands there twice with two meanings, what is said differently is not known. Raises Rejected."""
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS[:1] if name not in (reader.fieldnames or ())]
    if missing:
        raise Rejected("columns", "The column `statute` is missing.", f"Name the columns {', '.join(COLUMNS)}.")
    meanings: dict[str, Meaning] = {}
    for number, row in enumerate(reader, 2):
        said = {name: (row.get(name) or "").strip() for name in COLUMNS}
        meaning = Meaning(_known(_CLASSES, said["class"], "class", number), _family(said["family"], number))
        for code in codes(said["statute"], jurisdiction):
            meanings[code] = meanings[code].agreed(meaning) if code in meanings else meaning
    return Statutes(jurisdiction=jurisdiction, meanings=meanings)


def _family(word: str, number: int) -> Family | None:
    return family_of(word, None) if word in NIBRS_CODES else _known(_FAMILIES, word, "family", number)


W = TypeVar("W")


def _known(words: Mapping[str, W], word: str, column: str, number: int) -> W | None:
    if word and word.upper() not in words:
        raise Rejected("word", f"Line {number}: `{word}` is no {column}.", f"Write one of {', '.join(sorted(words))}.")
    return words.get(word.upper())
