"""The obvious code, as a peer: `csv.DictReader`, a pydantic model with validators, a hash for the key."""

import csv
import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import TextIO

from pydantic import BaseModel, field_validator


class _Charge(BaseModel):
    statute: str
    text: str
    charge_class: str


class _Row(BaseModel):
    arrest_id: str
    number: str
    arrested_on: date
    names: list[str]
    born: date | None
    charges: list[_Charge]
    precinct: str
    latitude: float | None
    longitude: float | None

    @field_validator("arrested_on", "born", mode="before")
    @classmethod
    def _day(cls, text: str | None) -> date | None:
        return datetime.strptime(text, "%m/%d/%Y").date() if text else None  # noqa: DTZ007


def nypd(file: TextIO) -> Iterator[_Row]:
    for row in csv.DictReader(file):
        yield _Row(
            arrest_id=hashlib.sha256(row["ARREST_KEY"].encode()).hexdigest(), number=row["ARREST_KEY"],
            arrested_on=row["ARREST_DATE"], names=[], born=None,
            charges=[_Charge(statute=row["LAW_CODE"], text=row["PD_DESC"], charge_class=row["LAW_CAT_CD"])],
            precinct=row["ARREST_PRECINCT"], latitude=row["Latitude"] or None, longitude=row["Longitude"] or None,
        )  # fmt: skip


def roster(file: TextIO) -> Iterator[_Row]:
    for row in csv.DictReader(file):
        yield _Row(
            arrest_id=hashlib.sha256(row["Booking No"].encode()).hexdigest(), number=row["Booking No"],
            arrested_on=row["Arrest Date"], names=[row["Last Name"].upper(), row["First Name"].upper()],
            born=row["Date of Birth"],
            charges=[_Charge(statute=row["Statute"], text=row["Charge"], charge_class=row["Class"])],
            precinct=row["Precinct"], latitude=None, longitude=None,
        )  # fmt: skip
