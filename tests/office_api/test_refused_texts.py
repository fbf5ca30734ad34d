"""Texts that name immigration enforcement are refused on every way in, counted, and repeated nowhere."""

from base64 import b64encode
from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import SID_WATCH, a_subscription, a_user, a_wish
from tests.office_api.conftest import ADA

SAID = "hold him for the ice agents of sector 9"
SUPER = ADA | {"email": "super@da.example.gov"}
ROW = {"case_number": "2026-7", "state": "open", "prosecutor": ADA["email"], "sid": "01234567A", "sid_state": "NY"}
UPLOAD = ("sid", "sid_state", "basis", "case_number", "reference", "contact", "note", "public_note")


@pytest.fixture(autouse=True)
def super_owner(tables) -> None:
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))


def counted(output: str) -> int:
    return output.count('"ImmigrationText":[')


def file_of(**cells: str) -> dict[str, str]:
    usual = {"sid": "01234567A", "sid_state": "NY", "basis": "open case", "case_number": "2026-7"} | cells
    rows = [",".join(UPLOAD), ",".join(usual.get(name, "") for name in UPLOAD), ""]
    return {"format": "csv", "content": b64encode("\n".join(rows).encode()).decode()}


WISHES: dict[str, dict[str, Any]] = {
    "basis.case_number": {"basis": {"kind": "open case", "case_number": SAID}},
    "reference": {"reference": SAID},
    "contact": {"contact": SAID},
    "note.private": {"note": {"private": SAID, "public": ""}},
    "note.public": {"note": {"private": "", "public": SAID}},
}


@pytest.mark.parametrize("field", WISHES)
def test_tc6_a_request_whose_text_names_immigration_enforcement_is_refused_and_counted(call, tables, capsys, field):
    stored = a_subscription()
    tables.watch_list.add(stored)
    ways = [("POST", "/v1/subscriptions"), ("PUT", f"/v1/subscriptions/{stored.subscription_id}")]
    for method, path in ways:
        capsys.readouterr()
        answer = call(method, path, a_wish(**WISHES[field]))
        assert answer.status == 422
        assert [problem["field"] for problem in answer.body["errors"]] == [field]
        output = capsys.readouterr().out
        assert counted(output) == 1
        assert SAID not in output + str(answer.body)
    assert tables.subscriptions.find("kings", stored.subscription_id) == stored
    assert len(list(tables.subscriptions.all_of("kings"))) == 1


@pytest.mark.parametrize("column", ["case_number", "reference", "contact", "note", "public_note"])
def test_tc6_a_row_of_an_upload_is_rejected_and_counted_in_preview_and_commit(call, tables, capsys, column):
    file = file_of(**{column: SAID})
    preview = call("POST", "/v1/uploads/preview", file).body
    answers = [preview, call("POST", "/v1/uploads", file | {"seen": preview["seen"]}).body]
    for answer in answers:
        [line] = answer["lines"]
        assert (line["became"], line["code"]) == ("rejected", "immigration")
        assert column in line["fix"]
    assert counted(capsys.readouterr().out) == 2
    assert list(tables.subscriptions.all_of("kings")) == []


@pytest.mark.parametrize("column", ["case_number", "defendant"])
def test_tc6_a_row_of_a_case_list_is_rejected_and_may_still_be_closed(call, tables, capsys, column):
    opened = call("POST", "/v1/lists/cases", {"rows": [ROW | {column: SAID}]}, SUPER).body
    assert opened["counts"] == {"rejected": 1}
    output = capsys.readouterr().out
    assert counted(output) == 1
    assert SAID not in output
    assert list(tables.subscriptions.all_of("kings")) == []
    closed = call("POST", "/v1/lists/cases", {"rows": [ROW | {column: SAID, "state": "closed"}]}, SUPER).body
    assert closed["counts"] == {"unchanged": 1}


def test_tc6_a_folder_is_neither_made_nor_renamed_with_such_a_title(call, tables, capsys):
    made = call("POST", "/v1/folders", {"name": "Gangs"}, SUPER).body["folder"]
    path = f"/v1/folders/{made['folder_id']}"
    for answer in (
        call("POST", "/v1/folders", {"name": "ICE"}, SUPER),
        call("POST", "/v1/folders", {"name": "ICE holds", "tab": "my"}),
        call("PUT", path, {"name": "deportation"}, SUPER),
    ):
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, "name")
    assert counted(capsys.readouterr().out) == 3
    assert [folder.name for folder in tables.subscriptions.folders.tree("kings").folders] == ["Gangs"]


def test_tc6_what_is_stored_is_read_and_a_name_is_no_false_alarm(call, tables):
    stored = a_subscription(reference=SAID)
    tables.watch_list.add(stored)
    assert call("GET", f"/v1/subscriptions/{stored.subscription_id}").body["reference"] == SAID
    wish = a_wish(SID_WATCH, note={"private": "Pat Ice slipped on ice", "public": "People v. Ice"},
                  basis={"kind": "open case", "case_number": "CR-287-G"})  # fmt: skip
    assert call("POST", "/v1/subscriptions", wish).status == 201
