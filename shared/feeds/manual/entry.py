"""Manual entries: an arrest or a seal as a person types it in. Field names are those of a profile's columns."""

from typing import Literal, Self

from pydantic import Field, model_validator

from shared.value import FrozenModel

_DATE = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
_ID = Field(default="", max_length=64)


class ManualCharge(FrozenModel):
    statute: str = Field(default="", max_length=200)
    charge: str = Field(default="", max_length=500)
    charge_class: Literal["", "felony", "misdemeanor", "misdemeanour", "violation", "infraction"] = ""


class ManualPerson(FrozenModel):
    """The arrested person. `sid_issuer` is the state that issued the state ID; empty means the agency's own state."""

    surname: str = Field(default="", max_length=200)
    given: str = Field(default="", max_length=200)
    middle: str = Field(default="", max_length=200)
    suffix: str = Field(default="", max_length=40)
    born: str = _DATE
    sex: Literal["", "F", "M", "X", "U"] = ""
    sid: str = _ID
    sid_issuer: str = _ID
    fbi: str = _ID


class ManualArrest(ManualPerson):
    """Dates are ISO 8601, times `HH:MM` in the agency's time zone. An empty `event` means the kind that the agency's
    feed reports."""

    number: str = Field(min_length=1, max_length=200, description="the agency's own number, which its feed will bear")
    event: Literal["", "arrest", "booking"] = ""
    arrested: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    arrested_time: str = Field(default="", pattern=r"^(\d{2}:\d{2})?$")
    alias: str = Field(default="", max_length=500, description="whole names, separated by ;")
    charges: tuple[ManualCharge, ...] = Field(default=(), max_length=100)
    address: str = Field(default="", max_length=200)
    city: str = Field(default="", max_length=100)
    state: str = Field(default="", max_length=2)
    precinct: str = Field(default="", max_length=40)
    beat: str = Field(default="", max_length=40)


class SealCommand(FrozenModel):
    """Answers a seal that named no statute, or opens what a court opened. `seal_id` is the id of the lock or order."""

    event: Literal["seal", "seal lifted", "unsealed"]
    seal_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    seal_statute: str = Field(default="", max_length=200)


class ManualSeal(ManualPerson):
    """Says which arrests of the agency are sealed: by number, or by an identifier and the day of the arrest. If a name
    is given as well, it must match too."""

    number: str = Field(default="", max_length=200)
    arrested: str = _DATE
    seal_statute: str = Field(default="", max_length=200, description="under which it was ordered, like CPL 160.50")

    @model_validator(mode="after")
    def _names_an_arrest(self) -> Self:
        if not (self.number or ((self.sid or self.fbi) and self.arrested)):
            raise ValueError("name the arrest by `number`, or by `sid` or `fbi` together with `arrested`")
        return self
