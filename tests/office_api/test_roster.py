"""S18: who is in custody now and is wanted, or has an open case."""

from dataclasses import replace
from datetime import date
from typing import Any

import boto3
import pytest

from shared.alerts.view import ShownArrest
from shared.alerts.wanted_in_custody import RosterDeps, wanted_in_custody
from shared.arrests.model import Arrest, Provenance
from shared.feeds.snapshots.bucket import CustodyBucket
from shared.feeds.snapshots.compare import Custody
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, an_arrest, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

PATH = "/v1/reports/wanted-in-custody"
WARRANT = {"kind": "warrant", "case_number": "W-2026-7"}


class Jail:
    def __init__(self, tables: Tables) -> None:
        self.tables, s3 = tables, boto3.client("s3")
        s3.create_bucket(Bucket="copies")
        self.bucket = CustodyBucket(s3, "copies")

    def holds(self, *arrests: Arrest, others: tuple[Arrest, ...] = ()) -> None:
        """The others are stored too, and are in custody no more."""
        self.tables.arrests.store([*arrests, *others], Provenance(drop_id="d", dropped_at=NOW), NOW)
        present = {arrest.arrest_id: 0 for arrest in arrests}
        assert self.bucket.put("roster", Custody(order="1", present=present), "")

    def watched(self, criterion: dict[str, Any] = SID_WATCH, **facts: Any) -> None:
        self.tables.watch_list.add(a_subscription(criterion, **{"basis": WARRANT, **facts}))


@pytest.fixture
def jail(call: Any, tables: Tables) -> Jail:
    agreement = an_agreement(ends=date(2999, 12, 31))
    agreements = OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
    tables.subscriptions.agreements.save(agreements)
    before = tables.users.find("kings", ADA["email"])
    assert before
    rights = {"rights": frozenset({Right.ARRESTS}), "revision": before.revision + 1}
    tables.users.change(before, before.model_copy(update=rights))
    return Jail(tables)


def test_s18_whoever_is_in_custody_and_wanted_is_listed_with_the_warrant_and_the_reason(call, jail: Jail) -> None:
    jail.watched()
    jail.holds(an_arrest())
    (row,) = call("GET", PATH, purpose="warrant").body["rows"]
    assert (row["case_number"], row["basis"], row["grade"]) == ("W-2026-7", "warrant", "identifier")
    assert "01234567A" in row["because"]
    assert call("GET", PATH, accept="text/csv").body.startswith("arrest_id,agency,number,name")


def test_s18_who_left_custody_is_not_in_custody(call, jail: Jail) -> None:
    jail.watched()
    jail.holds(others=(an_arrest(),))
    answer = call("GET", PATH)
    assert answer.body == {"agencies": ["roster"], "complete": True, "rows": []}


@pytest.mark.parametrize(
    ("watch", "facts"),
    [
        (CHARGE_WATCH, {}),
        (SID_WATCH, {"basis": {"kind": "documented suspicion", "case_number": "M-1"}}),
        (SID_WATCH, {"ends": date(2026, 1, 2)}),
        (NAME_WATCH | {"date_of_birth": "1971-09-28"}, {}),
    ],
)
def test_s18_doubtful_matches_and_other_watches_are_in_no_row(
    call, jail: Jail, watch: dict[str, Any], facts: dict[str, Any]
) -> None:
    jail.watched(watch, **facts)
    jail.holds(an_arrest())
    assert call("GET", PATH).body["rows"] == []


def test_s18_a_colleague_s_own_watch_and_a_minor_are_in_no_row(call, jail: Jail) -> None:
    jail.watched(owner="bo@da.example.gov", recipients=[{"email": "bo@da.example.gov"}])
    jail.watched(NAME_WATCH)
    jail.holds(an_arrest(juvenile=True))
    assert call("GET", PATH).body["rows"] == []


def test_s18_without_an_agreement_or_the_right_nothing_is_read(call, jail: Jail, tables: Tables) -> None:
    jail.watched()
    jail.holds(an_arrest())
    quinn = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
    assert call("GET", PATH, claims=quinn).status == 403
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", revision=2))
    assert call("GET", PATH).body["agencies"] == []


def test_s18_a_list_for_which_there_was_no_time_does_not_count_as_read(jail: Jail, tables: Tables) -> None:
    arrest = an_arrest()
    jail.holds(arrest)
    too_late = RosterDeps(tables.arrests, lambda _agency: None, lambda _agency: [arrest.arrest_id], seconds=-1)
    watches = [a_subscription(SID_WATCH, basis=WARRANT)]
    assert wanted_in_custody(["roster"], watches, an_office(), too_late, ShownArrest, NOW) == ((), (), False)
    in_time = replace(too_late, seconds=60)
    wanted = wanted_in_custody(["roster"], watches, an_office(), in_time, ShownArrest, NOW)
    assert (len(wanted.matches), wanted.agencies, wanted.complete) == (1, ("roster",), True)
