"""S14: a list of watches from a file, looked at first. Behaviour 72, W28."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.errors import Rejected
from shared.subscriptions.bulk.upload import UploadDeps, UploadRowResult, commit, preview
from shared.subscriptions.bulk.upload_row import parse_day
from tests.feeds.workbooks import a_workbook
from tests.subscriptions.conftest import ADA

HEADER = "surname,given,date_of_birth,sid,sid_state,statute,basis,case_number,ends,recipients"
GOOD = 'Example,"Pat ""Red"", Jo",1990-02-03,,,,open case,C-1,,'


def text(*rows: str) -> bytes:
    return "\r\n".join([HEADER, *rows, ""]).encode()


class List:
    def __init__(self, register):
        self.register = register

    def deps(self):
        return UploadDeps(ADA, self.register.office, self.register.deps, self.register.now, 60)

    def looks(self, content, kind="csv"):
        return preview(content, kind, self.deps())

    def takes(self, content, kind="csv"):
        return commit(content, kind, self.deps())

    def stored(self):
        return list(self.register.tables.subscriptions.all_of("kings"))


@pytest.fixture
def upload(register):
    return List(register)


def became(done) -> list[str]:
    return [line.result.value for line in done.lines]


def test_s14_a_preview_says_what_each_row_would_become_and_stores_nothing(upload):
    known = upload.register.wants(basis={"kind": "open case", "case_number": "C-7"}).subscription
    gone = upload.register.wants(basis={"kind": "open case", "case_number": "C-8"}).subscription
    upload.register.cancels(gone)
    rows = [GOOD, ",,,01234567A,NY,,open case,C-7,,", ",,,01234567A,NY,,open case,c-8,,", GOOD,
            "Example,Pat,31.12.1990,,,,open case,C-2,,"]  # fmt: skip
    done = upload.looks(text(*rows))
    assert became(done) == ["new", "known", "again", "repeated", "rejected"]
    assert [line.subscription_id for line in done.lines[1:3]] == [known.subscription_id, gone.subscription_id]
    assert "Row 2" in done.lines[3].reason
    assert len(upload.stored()) == 2


def test_s14_72_w28_a_commit_takes_the_good_rows_and_hands_the_others_back(upload):
    rows = [GOOD, "", "Example,Pat,yesterday,,,,open case,C-2,,", "Example,Pat,,,,,open case,C-3,,",
            "Example,Pat,1990-02-03,,,,curiosity,C-4,,",
            "Example,Pat,1990-02-03,,,,open case,C-5,,eve@press.example.com",
            "Example,Pat,1990-02-03,,,,open case,C-6,2020-01-01,", "Example,Pat", ",,,,,,open case,C-9,,",
            ",,,01234567A,NY,,warrant,W-1,12/31/2027,ada.example@da.example.gov; bo@da.example.gov"]  # fmt: skip
    done = upload.takes(text(*rows))
    assert (done.counts[UploadRowResult.NEW], done.counts[UploadRowResult.REJECTED]) == (2, 7)
    first, last = sorted(upload.stored(), key=lambda subscription: subscription.basis.case_number)
    assert first.criterion.given == 'Pat "Red", Jo', "a quoted comma stays in its cell"
    assert [recipient.email for recipient in last.recipients] == [ADA, "bo@da.example.gov"]
    assert (last.ends.isoformat(), last.basis.kind) == ("2027-12-31", "warrant")
    rejects = list(csv.DictReader(io.StringIO(done.rejects)))
    assert [(reject["line"], reject["code"]) for reject in rejects] == [
        ("4", "date_of_birth"), ("5", "date_of_birth"), ("6", "basis"), ("7", "recipients"), ("8", "ends"),
        ("9", "cells"), ("10", "nothing"),
    ]  # fmt: skip
    assert [rejects[0][name] for name in ("surname", "given", "date_of_birth")] == ["Example", "Pat", "yesterday"]
    assert rejects[5]["surname"] == rows[7], "a row that could not be divided into cells stands there as it came"
    assert all(reject["reason"] and reject["fix"] for reject in rejects)


def test_s14_the_file_of_rejected_rows_is_mended_and_taken_as_it_is(upload):
    rejects = upload.takes(text(GOOD, "=Example,Pat,1990-02-31,,,,open case,C-2,,")).rejects
    assert ",'=Example,Pat,1990-02-31," in rejects, "no spreadsheet takes a cell for a formula"
    mended = rejects.replace("1990-02-31", "1990-02-28").encode()
    assert became(upload.takes(mended)) == ["new"]
    assert {subscription.criterion.surname for subscription in upload.stored()} == {"Example", "=Example"}
    assert became(upload.takes(mended)) == ["known"]


def test_72_what_a_row_says_must_all_hold_and_is_never_broadened(upload):
    upload.takes(text("Example,Pat,1990-02-03,01234567A,NY,PL 120.05,open case,C-1,,"))
    (subscription,) = upload.stored()
    who, what = subscription.criterion.all
    assert {leaf.watch for leaf in who.any} == {"identifier", "person"}
    assert what.statute == "PL 120.05"


def test_s14_taking_it_again_changes_nothing_and_an_overdue_one_is_revived(upload):
    content = text(GOOD)
    first = upload.takes(content).lines[0].subscription_id
    before = upload.stored()
    assert became(upload.takes(content)) == ["known"]
    assert upload.stored() == before
    upload.register.today += timedelta(days=400)
    assert [(line.result, line.subscription_id) for line in upload.takes(content).lines] == [("again", first)]
    assert upload.stored()[0].validated_on == upload.register.today


def test_s14_a_workbook_is_read_as_the_same_list_would_be(upload):
    rows = [name.replace("_", " ").title() for name in HEADER.split(",")], next(csv.reader([GOOD]))
    upload.takes(a_workbook(rows), "xlsx")
    assert upload.stored()[0].criterion.surname == "Example"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"surname,given,colour\nA,B,red\n", "none of ours: colour"),
        (b"surname,surname\nA,B\n", "twice"),
    ],
)
def test_a_file_with_a_column_that_would_be_passed_over_is_refused_whole(upload, content, says):
    with pytest.raises(Rejected, match=says):
        upload.looks(content)


def test_a_row_that_watches_everybody_is_rejected_already_in_the_preview(upload):
    header = HEADER.replace("statute", "precinct")
    done = upload.looks(f"{header}\n,,,,,101,open case,C-1,,\n".encode())
    assert became(done) == ["rejected"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        ("31.12.2026", "31.12.2026?"),
        ("20261399", "20261399?"),
    ],
)
def test_a_day_that_cannot_be_read_stays_a_text_so_that_its_column_is_named(text, day):
    assert parse_day(text) == day


def test_when_time_runs_out_the_rest_is_said_to_be_left(upload):
    deps = replace(upload.deps(), seconds=-1)
    assert became(commit(text(GOOD), "csv", deps)) == ["not reached"]
