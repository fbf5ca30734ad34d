"""An agency's own table of statutes: class and offense family of its codes, where its feed does not give them."""

import csv
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.statutes.notation import reported_codes, watched_codes
from shared.arrests.statutes.offense_families import NIBRS_FAMILIES, Family
from shared.errors import Rejected
from shared.value import FrozenModel

COLUMNS = ("statute", "class", "family")
_CLASSES = {charge_class.value.upper(): charge_class for charge_class in ChargeClass} | {
    "F": ChargeClass.FELONY,
    "M": ChargeClass.MISDEMEANOR,
    "MISDEMEANOUR": ChargeClass.MISDEMEANOR,
    "V": ChargeClass.VIOLATION,
    "I": ChargeClass.INFRACTION,
}
_FAMILIES = {family.value.upper(): family for family in Family}


class Meaning(NamedTuple):
    """What a table says of a code."""

    charge_class: ChargeClass | None
    family: Family | None

    def common_with(self, other: "Meaning") -> "Meaning":
        return Meaning(
            self.charge_class if self.charge_class is other.charge_class else None,
            self.family if self.family is other.family else None,
        )


class Statutes(FrozenModel):
    """`meanings` maps the text of each code to its meaning. `jurisdiction` is the state in whose notation the
    table is written."""

    jurisdiction: str | None = None
    meanings: Mapping[str, Meaning] = {}

    def complete(self, charge: Charge) -> Charge:
        """Fills class and family where the feed gives none."""
        texts = (code.text for code in reported_codes(charge.statute, self.jurisdiction))
        meaning = next((self.meanings[text] for text in texts if text in self.meanings), None)
        if meaning is None:
            return charge
        charge_class = charge.charge_class or (None if charge.charge_class_raw else meaning.charge_class)
        if (charge_class, meaning.family) == (charge.charge_class, charge.family):
            return charge
        return charge.model_copy(update={"charge_class": charge_class, "family": charge.family or meaning.family})


def statutes_from(lines: Iterable[str], jurisdiction: str | None) -> Statutes:
    """Reads CSV with the columns `statute`, `class` and `family`, in any order. `family` is a word or a NIBRS code.
    Where a code stands twice with different meanings, only what both rows agree on is taken.

    Raises Rejected when the column `statute` is missing, and for an unknown class or family.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS[:1] if name not in (reader.fieldnames or ())]
    if missing:
        raise Rejected("columns", "The column `statute` is missing.", f"Name the columns {', '.join(COLUMNS)}.")
    meanings: dict[str, Meaning] = {}
    for number, row in enumerate(reader, 2):
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        meaning = Meaning(_look_up(_CLASSES, cells["class"], "class", number), _family(cells["family"], number))
        for text in {code.text for code in watched_codes(cells["statute"], jurisdiction)}:
            meanings[text] = meanings[text].common_with(meaning) if text in meanings else meaning
    return Statutes(jurisdiction=jurisdiction, meanings=meanings)


def _family(word: str, number: int) -> Family | None:
    return NIBRS_FAMILIES.get(word) or _look_up(_FAMILIES, word, "family", number)


Value = TypeVar("Value")


def _look_up(words: Mapping[str, Value], word: str, column: str, number: int) -> Value | None:
    if word and word.upper() not in words:
        raise Rejected("word", f"Line {number}: `{word}` is no {column}.", f"Write one of {', '.join(sorted(words))}.")
    return words.get(word.upper())
