from base64 import b64encode

import pytest

from shared.offices.users import Right
from tests.builders import a_user
from tests.office_api.conftest import ADA

CSV = b"surname,given,date_of_birth,basis,case_number\nExample,Pat,1990-02-03,open case,C-1\nExample,Pat,,warrant,W-1\n"
FILE = {"format": "csv", "content": b64encode(CSV).decode()}
CASE = {"case_number": "2026-1", "prosecutor": "bo@da.example.gov", "state": "open", "sid": "01234567A",
        "sid_state": "NY"}  # fmt: skip


@pytest.fixture
def head(tables):
    tables.users.add(a_user("head@da.example.gov", "kings", rights=frozenset({Right.SUPER_OWNER})))
    return ADA | {"email": "head@da.example.gov"}


def test_s14_a_list_is_looked_at_and_then_taken_with_a_result_a_row_and_a_reject_file(call):
    looked = call("POST", "/v1/uploads/preview", FILE)
    assert (looked.status, looked.body["counts"]["new"], looked.body["counts"]["rejected"]) == (200, 1, 1)
    assert call("GET", "/v1/subscriptions").body["items"] == []
    taken = call("POST", "/v1/uploads", FILE | {"seen": looked.body["seen"]})
    assert [line["became"] for line in taken.body["lines"]] == ["new", "rejected"]
    assert taken.body["rejects"].splitlines()[1].startswith("3,date_of_birth,")
    [one] = call("GET", "/v1/subscriptions").body["items"]
    assert one["owner"] == ADA["email"]


def test_s14_nothing_is_taken_that_nobody_has_looked_at(call):
    seen = call("POST", "/v1/uploads/preview", FILE).body["seen"]
    other = {"format": "csv", "content": b64encode(CSV.replace(b"C-1", b"C-2")).decode(), "seen": seen}
    assert call("POST", "/v1/uploads", other).status == 409


@pytest.mark.parametrize(
    "content", ["not base64!", "a", "ملف", b64encode(b"colour\nred\n").decode(), b64encode(b"\xff\xfe").decode()]
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_that_cannot_be_read_is_a_problem_that_names_the_field(call, content, form):
    answer = call("POST", "/v1/uploads/preview", {"format": form, "content": content})
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "content")


def test_s13_the_case_list_comes_through_the_api_as_rows_or_as_a_file(call, head):
    answer = call(
        "POST", "/v1/lists/cases", {"rows": [CASE, CASE | {"case_number": "2", "sid": "", "sid_state": ""}]}, head
    )
    assert [line["became"] for line in answer.body["lines"]] == ["made", "rejected"]
    content = b"case_number,prosecutor,state,sid,sid_state\n2026-1,bo@da.example.gov,closed,01234567A,NY\n"
    file = {"format": "csv", "content": b64encode(content).decode()}
    assert call("POST", "/v1/lists/cases", {"file": file}, head).body["counts"] == {"closed": 1}


def test_only_a_super_owner_keeps_the_offices_lists(call):
    assert call("POST", "/v1/lists/cases", {"rows": [CASE]}).status == 403
