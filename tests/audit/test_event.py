from datetime import date

import pytest

from shared.alerts.model import Alert
from shared.audit.event import identifier_subject, outcome_of, person_subject, subjects_in
from shared.offices.purposes import ImmigrationPurposeError, Purpose, UnknownPurposeError, purpose_of
from tests.builders import NAME_WATCH, PSEUDONYMS, SID_WATCH, an_arrest


@pytest.mark.parametrize("word", [purpose.value for purpose in Purpose])
def test_p3_each_word_of_the_list_is_a_purpose_however_it_is_written(word):
    assert purpose_of(f" {word.upper()} ") is Purpose(word)


@pytest.mark.parametrize("text", [None, "", "curiosity", "nice", "justice", "investigation; drop", "Service"])
def test_p3_what_is_no_word_of_the_list_is_no_purpose(text):
    with pytest.raises(UnknownPurposeError):
        purpose_of(text)


@pytest.mark.parametrize(
    "text",
    ["immigration", "Civil Immigration", "ICE", "i.c.e.", "ice/ero", "CBP", "DHS", "287(g)", "deportation",
     "immigration_enforcement", "removal proceedings", "investigation (ICE)", "Inmigración", "visa overstay"],
)  # fmt: skip
def test_p3_immigration_enforcement_is_no_purpose_however_it_is_spelt(text):
    with pytest.raises(ImmigrationPurposeError):
        purpose_of(text)


def test_p2_a_document_is_about_every_id_and_every_person_in_it_and_names_none_of_them():
    arrest = an_arrest(surname="O'Example", given="Pat", born=date(1990, 2, 3))
    subjects = subjects_in({"items": [{"arrest": arrest.model_dump(mode="json")}]}, PSEUDONYMS)
    assert subjects == {
        f"arrest:{arrest.arrest_id}",
        person_subject(PSEUDONYMS, "OEXAMPLE", "PAT", "1990-02-03"),
        person_subject(PSEUDONYMS, "oexample", "pat"),
        identifier_subject(PSEUDONYMS, "sid", "01234567a"),
    }
    assert "Example" not in str(subjects)


def test_p2_what_is_asked_for_is_a_subject_before_anything_is_stored():
    subjects = subjects_in({"criterion": {"any": [NAME_WATCH, SID_WATCH]}}, PSEUDONYMS)
    assert person_subject(PSEUDONYMS, "Example", "Pat", "1990-02-03") in subjects
    assert identifier_subject(PSEUDONYMS, "sid", "01234567A") in subjects


@pytest.mark.parametrize("odd", [None, 7, "text", [[]], {"names": 7, "arrests": [1], "kind": ["sid"], "value": 3}])
def test_whatever_comes_is_looked_through_without_a_fault(odd):
    assert subjects_in({"body": odd}, PSEUDONYMS) == set()


def test_every_id_that_an_answer_can_hold_is_known():
    assert {name for name in Alert.model_fields if name.endswith("_id")} == {"alert_id", "office_id", "arrest_id"}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "allowed"), (401, "denied"), (404, "denied"), (410, "denied"), (422, "refused"), (503, "failed")],
)
def test_a_status_says_what_became_of_a_request(status, outcome):
    assert outcome_of(status) == outcome
