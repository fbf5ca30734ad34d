"""`POST /v1/agencies/{agency}/suggest`: a profile, its questions, and what it reads of the sample."""

from base64 import b64encode

import pytest

from shared.feeds.profiles.parse import parse_profile
from shared.offices.users import Right
from tests.builders import a_user, an_office
from tests.office_api.conftest import ADA
from tests.office_api.test_agencies import HERE, KAY

SAMPLE = (
    b"Bkg No,Arrest Date,Name,DOB,SSN,Offense\n"
    b"B-1,11/20/2026,\"QUILL, ANA\",03/14/1988,900-11-2222,ROBBERY\n"
    b"B-2,11/21/2026,\"OTTER, SAM\",05/06/2012,900-11-3333,THEFT\n"
)  # fmt: skip


@pytest.fixture(autouse=True)
def keeper(tables):
    tables.offices.enrol(an_office(agencies=("testville",)))
    tables.users.add(a_user(KAY["email"], rights=frozenset({Right.FEEDS})))


def suggested(call, content=SAMPLE, claims=KAY, **known):
    return call("POST", HERE + "/suggest", {"content": b64encode(content).decode(), **known}, claims)


def test_a_sample_gives_a_profile_that_reads_it_and_what_a_person_must_answer(call):
    answer = suggested(call, time_zone="America/Chicago").body
    profile = parse_profile(answer["profile"])
    assert (profile.agency, profile.time_zone) == (HERE.rpartition("/")[2], "America/Chicago")
    assert answer["receipt"]["rows"]["accepted"] == answer["rows"] == 2
    asked = {question["about"] for question in answer["questions"]}
    assert "event" in asked
    assert "time_zone" not in asked
    by_name = {column["name"]: column for column in answer["columns"]}
    assert by_name["Bkg No"]["fields"] == ["number", "booking_number"]
    assert by_name["SSN"]["unread"] == "forbidden"


def test_nobody_under_18_is_shown_and_no_forbidden_value_is_answered(call):
    answer = suggested(call)
    assert [arrest["number"] for arrest in answer.body["arrests"]] == ["B-1"]
    assert "900-11" not in str(answer.body)
    assert "OTTER" not in str(answer.body)


def test_what_a_person_says_of_a_column_stands(call):
    columns = suggested(call, fields={"Offense": "statute"}).body["columns"]
    assert next(column for column in columns if column["name"] == "Offense")["fields"] == ["statute"]


@pytest.mark.parametrize(
    ("content", "known", "field"),
    [
        (b"%PDF-1.7", {}, "content"),
        (SAMPLE, {"time_zone": "Somewhere"}, "time_zone"),
        (SAMPLE, {"fields": {"SSN": "person_number"}}, "fields"),
        (SAMPLE, {"fields": {"Offense": "crime"}}, "fields"),
        (SAMPLE, {"fields": {"Nowhere": "charge"}}, "fields"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(call, content, known, field):
    refused = suggested(call, content, **known)
    assert refused.status == 422
    assert [problem["field"] for problem in refused.body["errors"]] == [field]


def test_who_may_not_write_profiles_learns_nothing(call):
    assert suggested(call, claims=ADA).status == 404
