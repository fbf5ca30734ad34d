"""Whom an order of protection protects is named by no list, watch, table, queue, log or answer that others read."""

import io
import logging
from base64 import b64encode
from typing import Any

import boto3
import openpyxl
import pytest

from shared.offices.users import Right
from tests.builders import a_user
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

HEAD = ADA | {"email": "head@da.example.gov"}
LIST = "/v1/lists/orders-of-protection"
CANARIES = ("Featherwick", "Goldcrest Lane")  # the protected party's name and address; nobody's
ROW = {"case_number": "OP-1", "prosecutor": ADA["email"], "state": "active", "ends": "2999-06-30",
       "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}  # fmt: skip
EVERY_TABLE = ("Subscriptions", "Alerts", "Offices", "Arrests", "Audit", "Agencies")


@pytest.fixture
def head(tables: Tables) -> dict[str, str]:
    tables.users.add(a_user(HEAD["email"], rights=frozenset({Right.SUPER_OWNER})))
    return HEAD


def a_csv(*rows: dict[str, str]) -> dict[str, str]:
    columns = list(rows[0])
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return {"format": "csv", "content": b64encode("\n".join(map(",".join, lines)).encode()).decode()}


def a_workbook(*rows: dict[str, str]) -> dict[str, str]:
    workbook, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = workbook.active
    assert sheet is not None
    for cells in ([*rows[0]], *([*row.values()] for row in rows)):
        sheet.append(cells)
    workbook.save(stream)
    return {"format": "xlsx", "content": b64encode(stream.getvalue()).decode()}


def holding(tables: Tables, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Every place that has one of the canaries: tables, queues, logs."""
    texts = [f"{table} {item}" for table in EVERY_TABLE for item in tables.everything_in(table)]
    sqs = boto3.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        texts += [f"{url} {message['Body']}" for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]
    captured = capsys.readouterr()
    texts += [captured.out, captured.err, *(f"{vars(record)}" for record in caplog.records)]
    return [text[:200] for text in texts if any(canary.casefold() in text.casefold() for canary in CANARIES)]


PROTECTED = {"protected_party": CANARIES[0], "protected_address": CANARIES[1]}


@pytest.mark.parametrize(
    "upload",
    [
        {"rows": [ROW | PROTECTED]},
        {"rows": [ROW | {"Protected Party": CANARIES[0]}]},
        {"file": a_csv(ROW | PROTECTED)},
        {"file": a_csv(ROW | {"Petitioner": CANARIES[0]})},
        {"file": a_workbook(ROW | PROTECTED)},
        {"file": a_workbook(ROW | {"Stay Away From": CANARIES[1]})},
    ],
    ids=["rows", "rows, in words", "csv", "csv, petitioner", "workbook", "workbook, stay away"],
)
def test_p15_the_protected_party_of_an_order_is_never_kept(
    call: Call,
    tables: Tables,
    head: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    upload: dict[str, Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = call("POST", LIST, upload, head, idempotency_key="a-list")
    assert answer.status == 422, "the list is refused whole"
    assert not any(canary in str(answer.body) for canary in CANARIES)
    assert any("protected" in str(fault).casefold() or "petitioner" in str(fault).casefold()
               or "stay_away" in str(fault) for fault in answer.body["errors"])  # fmt: skip
    assert list(tables.subscriptions.all_of("kings")) == []
    assert holding(tables, caplog, capsys) == []


def test_p15_the_protected_party_of_an_order_is_in_no_list_of_watches_either(
    call: Call, tables: Tables, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03", "basis": "order of protection",
           "case_number": "OP-1"} | PROTECTED  # fmt: skip
    previewed = call("POST", "/v1/uploads/preview", a_csv(row))
    assert previewed.status == 422
    assert "nobody here may keep" in previewed.body["errors"][0]["mend"]
    assert call("POST", "/v1/uploads", a_csv(row) | {"seen": "x"}).status == 409, "nobody has looked at it"
    assert holding(tables, caplog, capsys) == []


def test_p15_a_watch_has_no_field_for_the_protected_party(
    call: Call, tables: Tables, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = {
        "criterion": {"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"},
        "basis": {"kind": "order of protection", "case_number": "OP-1"},
    }
    assert call("POST", "/v1/subscriptions", wish | PROTECTED).status == 422
    criterion = {"criterion": {**wish["criterion"], "protected_party": CANARIES[0]}}
    assert call("POST", "/v1/subscriptions", wish | criterion).status == 422
    assert call("POST", "/v1/subscriptions", wish).status == 201
    assert holding(tables, caplog, capsys) == []


def test_the_list_of_orders_is_taken_without_that_column(call: Call, tables: Tables, head: dict[str, str]) -> None:
    answer = call("POST", LIST, {"rows": [ROW]}, head)
    assert [line["became"] for line in answer.body["lines"]] == ["made"]
    [watch] = tables.subscriptions.all_of("kings")
    assert (watch.basis.kind, watch.caselist) == ("order of protection", "orders-of-protection")
    supervised = ROW | {"case_number": "PAR-1", "supervision": "probation"}
    assert call("POST", "/v1/lists/supervision", {"rows": [supervised]}, head).body["counts"] == {"made": 1}
    for kind in ("orders", "curfews", "Orders-Of-Protection"):
        assert call("POST", f"/v1/lists/{kind}", {"rows": [ROW]}, head).status in (404, 422)
