"""The real files, read in place."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Rejected
from tests.feeds.cases import SAMPLES, read_file, shipped
from tests.feeds.small_drops import read

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")


def test_the_nypd_file_is_read_completely() -> None:
    outcome = read_file(SAMPLES / "feeds/nypd/nypd_ytd_2021_queens_19col.csv", shipped("nypd"))
    assert (len(outcome.arrests), outcome.rows, outcome.rejects, outcome.skipped) == (
        13_224,
        13_224,
        [],
        {},
    )
    assert sum(parsed.arrest.juvenile for parsed in outcome.arrests) == 423


def test_the_harris_files_are_read_completely() -> None:
    outcomes = [read_file(path, shipped("harris")) for path in sorted((SAMPLES / "feeds/harris_tx").glob("*.csv"))]
    assert len(outcomes) == 14
    assert sum(outcome.rows for outcome in outcomes) == sum(len(outcome.arrests) for outcome in outcomes) == 6_744
    ids = {parsed.arrest.arrest_id for outcome in outcomes for parsed in outcome.arrests}
    assert len(ids) == 6_744


def test_the_cobb_file_is_read_completely() -> None:
    outcome = read_file(SAMPLES / "feeds/cobb_ga/cobb_a.csv", shipped("cobb"))
    assert (len(outcome.arrests), outcome.rows, outcome.rejects, outcome.unknown_codes) == (
        200,
        200,
        [],
        {},
    )
    charges = [charge for parsed in outcome.arrests for charge in parsed.arrest.charges]
    without = sum(not parsed.arrest.charges for parsed in outcome.arrests)  # a row whose cells of charges are blank
    assert (len(charges) + without, without) == (475, 6)
    assert all(charge.charge_class for charge in charges)
    assert all(parsed.arrest.number and parsed.arrest.ori for parsed in outcome.arrests)


@pytest.mark.parametrize(
    ("folder", "profile", "arrests"), [("arrest_report_lexs", "lexs", 1), ("booking_niem3", "niem-bookings", 1)]
)
def test_every_arrest_and_booking_report_tells_of_its_arrestee(folder: str, profile: str, arrests: int) -> None:
    for path in sorted((SAMPLES / "justice_xml" / folder).glob("*.xml")):
        outcome = read_file(path, shipped(profile))
        assert len(outcome.arrests) == arrests, path.name
        assert outcome.arrests[0].arrest.person.names, path.name
        assert outcome.arrests[0].arrest.charges, path.name


def test_an_incident_without_an_arrest_tells_of_nobody() -> None:
    paths = sorted((SAMPLES / "justice_xml/incident_without_arrest_lexs").glob("*.xml"))
    assert len(paths) == 40
    for path in paths:
        assert read_file(path, shipped("lexs")).arrests == [], path.name


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("xml/niem_crashdriver_older/CrashDriverSample.xml", "niem-xml"),
        ("xml/niem_json/CrashDriverSample.json", "niem-json"),
    ],
)
def test_a_crash_report_is_refused(path: str, form: str) -> None:
    with pytest.raises(Rejected, match="tells of a crash"):
        read_file(SAMPLES / path, shipped("lexs").model_copy(update={"format": form}))


def test_the_nibrs_submission_is_read_completely() -> None:
    outcome = read_file(SAMPLES / "feeds/nibrs_flat/Test-Submission-1.txt", shipped("nibrs"))
    assert (len(outcome.arrests), outcome.rejects) == (194 + 12, [])
    assert outcome.skipped == {"segment without an arrestee": 1_393 - 206, "blank line": 7}
    assert sum(parsed.arrest.juvenile for parsed in outcome.arrests) == 10


def test_a_list_of_errors_is_no_submission() -> None:
    with pytest.raises(Rejected, match="No line of the file is a NIBRS segment"):
        read_file(SAMPLES / "feeds/nibrs_flat/Test-EDS-1.txt", shipped("nibrs"))


def test_the_nibrs_documents_are_an_arrest_a_deletion_and_nothing() -> None:
    arrest, deletion, zero = (
        read_file(SAMPLES / f"xml/nibrs_4_2/nibrs_{name}_Sample.xml", shipped("nibrs-xml"))
        for name in ("GroupBArrest", "GroupBArrestDelete", "ZeroReport")
    )
    assert [parsed.arrest.charges[0].statute for parsed in arrest.arrests] == ["64A"]
    assert (deletion.arrests, [reject.code for reject in deletion.rejects]) == ([], ["deletion"])
    assert (zero.arrests, zero.skipped) == ([], {"nobody was arrested": 1})


def test_a_lexs_document_of_the_fbi_tells_of_its_arrestee() -> None:
    assert len(read_file(SAMPLES / "xml/lexs_ndex/NDEx-NIBRS.xml", shipped("lexs")).arrests) == 1


def test_fingerprint_files_tell_of_an_arrest_only_with_a_description() -> None:
    described, *others = (
        read_file(SAMPLES / "ebts" / name, shipped("ebts"))
        for name in ("NISTFile.ebts", "rec01_rec02_rec16.nst.an2", "type-8-sig-fax.an2")
    )
    (parsed,) = described.arrests
    assert (parsed.arrest.charges[0].text, str(parsed.arrest.arrested_on)) == ("Armed Robbery", "2008-07-09")
    assert all(not other.arrests and len(other.rejects) == 1 for other in others)


EVENTS_OF_SAMPLES = {
    "disposition_niem3": {"disposition": 7},
    "identity_change_niem3": {"merged": 3, "corrected": 2, "expunged": 4, "described": 1, "identity-numbers": 1},
    "supervision_case_niem2": {
        "supervision": 6,
        "supervision ended": 4,
        "reference": 2,
        "a person under supervision has another officer": 2,
    },
    "warrant_niem3": {"warrant": 7, "warrant cleared": 1, "a warrant was not accepted": 1},
    "custody_change_release_niem3": {"release": 4, "custody change": 4},
}
"""How many documents report each event, are rejected with each code, or are skipped for each reason."""


def results_of(path: Path) -> Iterator[str]:
    outcome = read_file(path, shipped("niem-bookings"))
    yield from {parsed.arrest.kind for parsed in outcome.arrests}
    yield from {event.change for event in outcome.identity_events()}
    yield from (reject.code for reject in outcome.rejects)
    yield from outcome.skipped
    for parsed in outcome.arrests:
        assert parsed.arrest.person.names, path.name


@pytest.mark.parametrize("folder", EVENTS_OF_SAMPLES)
def test_each_document_of_another_event_is_that_event_or_a_reject(folder: str) -> None:
    paths = sorted((SAMPLES / "justice_xml" / folder).glob("*.xml"))
    results = [[*results_of(path)] for path in paths]
    assert all(len(result) == 1 for result in results)
    assert Counter(result for (result,) in results) == EVENTS_OF_SAMPLES[folder]


def test_documents_about_numbers_of_an_event_are_refused_with_the_reason() -> None:
    for path in sorted((SAMPLES / "justice_xml/state_cycle_niem3").glob("*.xml")):
        with pytest.raises(Rejected, match="numbers that were given to an event"):
            read_file(path, shipped("niem-bookings"))


def test_every_incident_with_an_arrest_tells_of_its_arrestee() -> None:
    paths = sorted((SAMPLES / "justice_xml/incident_with_arrest_lexs").glob("*.xml"))
    assert [len(read_file(path, shipped("lexs")).arrests) for path in paths] == [1] * 6


def test_every_arrest_report_of_an_identification_bureau_tells_of_its_arrestee() -> None:
    paths = sorted((SAMPLES / "justice_xml/arrest_identification_lexs").glob("*.xml"))
    assert len(paths) == 3
    for path in paths:
        (parsed,) = read_file(path, shipped("lexs")).arrests
        assert parsed.arrest.person.names, path.name
        assert any(identifier.kind == "sid" for identifier in parsed.arrest.person.identifiers), path.name


def test_a_release_in_the_envelope_in_which_it_was_sent_is_the_same_release() -> None:
    for path in sorted((SAMPLES / "justice_xml/custody_change_release_niem3").glob("*Release*.xml")):
        plain, document = read_file(path, shipped("niem-bookings")), path.read_text(encoding="utf-8-sig")
        report = document[document.index("?>") + 2 :] if "?>" in document else document
        envelope = f'<e:Envelope xmlns:e="urn:e"><e:Header/><e:Body>{report}</e:Body></e:Envelope>'
        assert read(envelope.encode(), shipped("niem-bookings")).arrests == plain.arrests
