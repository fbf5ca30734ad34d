"""Charges: what somebody is accused of."""

from enum import StrEnum

from pydantic import Field

from shared.arrests.court import Disposition
from shared.arrests.numbers import normal_code
from shared.arrests.statutes.offense_families import Family
from shared.value import FrozenModel

SHORTEST_PREFIX = 3  # a statute book and a digit ("PL1"); anything shorter would watch a whole body of law
LONGEST_PREFIX = 24


class ChargeClass(StrEnum):
    FELONY = "felony"
    MISDEMEANOR = "misdemeanor"
    VIOLATION = "violation"
    INFRACTION = "infraction"

    @classmethod
    def _missing_(cls, value: object) -> "ChargeClass | None":
        """Documents, profiles and requests of before say `misdemeanour`."""
        return cls.MISDEMEANOR if value == "misdemeanour" else None


def is_none(value: object) -> bool:
    return value is None


class Charge(FrozenModel):
    """One charge. `statute` is the code as the agency wrote it. `charge_class_raw` is a class that no code map
    knows. Without a disposition the document is the same as before there were any, and so is its hash."""

    statute: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=2000)
    charge_class: ChargeClass | None = None
    charge_class_raw: str = Field(default="", max_length=100)
    degree: str = Field(default="", max_length=40)
    family: Family | None = Field(default=None, description="as the agency's own table of statutes says")
    disposition: Disposition | None = Field(default=None, exclude_if=is_none)

    @property
    def code(self) -> str:
        return normal_code(self.statute)
