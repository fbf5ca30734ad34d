"""Roster files in the layout of the shipped `roster` profile. Every person in them is invented."""

import csv
import io
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "feeds" / "demo"

HEADER = tuple(
    "Booking No,Arrest Date,Arrest Time,Last Name,First Name,Middle Name,Suffix,Also Known As,Date of Birth,Sex,"
    "State ID,FBI No,Statute,Charge,Class,Arrest Street No,Arrest Street,Arrest City,Arrest State,Precinct,SSN,"
    "Inmate Phone".split(",")
)
USUAL = {
    "Booking No": "BK-1", "Arrest Date": "11/19/2026", "Arrest Time": "10:15", "Last Name": "Example",
    "First Name": "Pat", "Date of Birth": "02/03/1990", "Sex": "F", "Statute": "PL 1200501", "Charge": "Assault 2",
    "Class": "F", "Arrest Street No": "100", "Arrest Street": "Example Street", "Arrest City": "Exampleton",
    "Arrest State": "NY", "Precinct": "101",
}  # fmt: skip


def row(number: str, **facts: str) -> dict[str, str]:
    """Returns a row of the roster. `State_ID=...` fills the column `State ID`."""
    return USUAL | {"Booking No": number} | {name.replace("_", " "): value for name, value in facts.items()}


def stranger(number: int) -> dict[str, str]:
    """Returns the row of somebody whom nobody watches, and who is like nobody who is watched."""
    return row(f"B-{number}", Last_Name=f"N{number}", First_Name="Flo", Date_of_Birth="12/30/1961")


def roster(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def shipped(name: str) -> bytes:
    """Returns the content of one of the demo's feeds."""
    return (SHIPPED / f"{name}.csv").read_bytes()
