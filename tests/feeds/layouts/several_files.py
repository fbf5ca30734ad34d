"""Files of an agency with several layouts, made in the test that needs them. Every person is invented."""

import io
import zipfile
from collections.abc import Mapping

from shared.feeds.layouts.files import check_complete, files_in
from shared.feeds.layouts.understand import DropFile, understand_files
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from tests.feeds.cases import PSEUDONYMS, TODAY, shipped

BOOKINGS = "Booking No,Last Name,First Name,Birth Date,Sex,Booked"
CHARGES = "Booking No,Law,Offense,Level"
RELEASES = "Booking No,Last Name,First Name,Birth Date,Released"
INMATES = "Booking No,Last Name,First Name,Birth Date,Sex,Booked,Charge"


def a_booking(number: int, **cells: str) -> str:
    values = {
        "number": f"B-{number}", "last": f"Surname{chr(65 + number % 26)}", "first": "Given", "born": "04/05/1981",
        "sex": "F", "booked": "11/19/2026 10:15",
    } | cells  # fmt: skip
    return ",".join(values.values())


def an_inmate(inmate: int, **cells: str) -> str:
    values = {
        "number": f"B-{inmate}", "last": f"Surname{chr(65 + inmate % 26)}", "first": "Given", "born": "04/05/1981",
        "sex": "F", "booked": "11/19/2026 10:15", "charge": "Assault",
    } | cells  # fmt: skip
    return ",".join(values.values())


def a_charge(number: int, law: str = "PL 120.00") -> str:
    return f"B-{number},{law},Assault 3,M"


def a_file(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def archive(members: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        for name, content in members.items():
            written.writestr(name, content)
    return packed.getvalue()


def read_all(files: list[DropFile], profile: Profile, missing: tuple[str, ...] = ()) -> ParsedDrop:
    def normaliser_of(reading: Profile) -> Normaliser:
        return Normaliser(reading, PSEUDONYMS, TODAY, may_seal=True)

    return understand_files(files, profile, normaliser_of, PSEUDONYMS, missing)


def read_archive(members: Mapping[str, bytes], profile: Profile | None = None) -> ParsedDrop:
    profile = profile or shipped("sheriff-files")
    files = files_in(io.BytesIO(archive(members)), "day.zip", profile)
    return read_all(files, profile, check_complete([file.layout for file in files], profile))
