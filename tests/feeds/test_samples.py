"""The real files, read in place."""

from contextlib import suppress

import pytest

from shared.domain.errors import Rejected
from tests.feeds.cases import SAMPLES, read_file, shipped

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")


def test_the_nypd_file_is_read_completely() -> None:
    reading = read_file(SAMPLES / "feeds/nypd/nypd_ytd_2021_queens_19col.csv", shipped("nypd"))
    assert (len(reading.found), reading.rows, reading.rejects, reading.skipped) == (13_224, 13_224, [], {})
    assert sum(one.arrest.juvenile for one in reading.found) == 423


def test_the_harris_files_are_read_completely() -> None:
    readings = [read_file(path, shipped("harris")) for path in sorted((SAMPLES / "feeds/harris_tx").glob("*.csv"))]
    assert len(readings) == 14
    assert sum(reading.rows for reading in readings) == sum(len(reading.found) for reading in readings) == 6_744
    ids = {one.arrest.arrest_id for reading in readings for one in reading.found}
    assert len(ids) == 6_744


def test_the_cobb_file_is_read_completely() -> None:
    reading = read_file(SAMPLES / "feeds/cobb_ga/cobb_a.csv", shipped("cobb"))
    assert (len(reading.found), reading.rows, reading.rejects, reading.unknown) == (200, 200, [], {})
    charges = [charge for one in reading.found for charge in one.arrest.charges]
    without = sum(not one.arrest.charges for one in reading.found)  # a row whose cells of charges are blank
    assert (len(charges) + without, without) == (475, 6)
    assert all(charge.charge_class for charge in charges)
    assert all(one.arrest.number and one.arrest.ori for one in reading.found)


@pytest.mark.parametrize(
    ("folder", "profile", "arrests"), [("arrest_report_lexs", "lexs", 1), ("booking_niem3", "niem-bookings", 1)]
)
def test_every_arrest_and_booking_report_tells_of_its_arrestee(folder: str, profile: str, arrests: int) -> None:
    for path in sorted((SAMPLES / "justice_xml" / folder).glob("*.xml")):
        reading = read_file(path, shipped(profile))
        assert len(reading.found) == arrests, path.name
        assert reading.found[0].arrest.person.names, path.name
        assert reading.found[0].arrest.charges, path.name


def test_an_incident_without_an_arrest_tells_of_nobody() -> None:
    for path in sorted((SAMPLES / "justice_xml/incident_without_arrest_lexs").glob("*.xml")):
        with suppress(Rejected):
            assert read_file(path, shipped("lexs")).found == [], path.name


@pytest.mark.parametrize(
    "path", ["xml/niem_crashdriver_older/CrashDriverSample.xml", "xml/niem_json/CrashDriverSample.json"]
)
def test_a_crash_report_is_refused(path: str) -> None:
    with pytest.raises(Rejected):
        read_file(SAMPLES / path, shipped("lexs"))
