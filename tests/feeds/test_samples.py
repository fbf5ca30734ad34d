"""The real files, read in place."""

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


@pytest.mark.parametrize(
    ("folder", "files", "told"),
    [
        ("disposition_niem3", 7, "court's decision"),
        ("identity_change_niem3", 11, "change of identity"),
        ("state_cycle_niem3", 4, "numbers"),
        ("supervision_case_niem2", 14, "supervision"),
        ("warrant_niem3", 9, "a warrant"),
    ],
)
def test_documents_of_other_events_are_refused_with_the_reason(folder: str, files: int, told: str) -> None:
    paths = sorted((SAMPLES / "justice_xml" / folder).glob("*.xml"))
    assert len(paths) == files
    for path in paths:
        with pytest.raises(Rejected, match=told):
            read_file(path, shipped("lexs"))


def test_a_release_from_custody_is_told_and_a_change_in_it_is_refused() -> None:
    folder = SAMPLES / "justice_xml/custody_change_release_niem3"
    releases = sorted(folder.glob("*Release*.xml"))
    for path in releases:
        (parsed,) = read_file(path, shipped("niem-bookings")).arrests
        assert parsed.arrest.kind == "release", path.name
        assert parsed.arrest.person.names, path.name
        assert parsed.arrest.event_on, path.name
    changes = sorted(folder.glob("*StatusChange*.xml"))
    assert (len(releases), len(changes)) == (4, 4)
    for path in changes:
        with pytest.raises(Rejected, match="change of custody"):
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
