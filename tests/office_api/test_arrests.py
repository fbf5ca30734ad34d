"""An arrest by its agency's number or its id, for whom it concerns or who has the right to look, under an agreement."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.model import NotifyMode, Provenance
from shared.arrests.table import Version
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, discard
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

SEARCH = "/v1/arrests/search"
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
WANTED = {"agency": "roster", "number": "K-1001"}


@pytest.fixture
def stored(tables):
    arrest = an_arrest()
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    return arrest


@pytest.fixture
def agreed(tables):
    one = an_agreement(ends=date(2999, 12, 31))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(one,), revision=1))


@pytest.fixture
def give(tables):
    def right(*rights: Right) -> None:
        before = tables.users.find("kings", ADA["email"])
        after = before.model_copy(update={"rights": frozenset(rights), "revision": before.revision + 1})
        tables.users.change(before, after)

    return right


def found(call, arrest, **said):
    """Both ways, which must agree."""
    by_number = call("POST", SEARCH, WANTED, **said).body["items"]
    by_id = call("GET", f"/v1/arrests/{arrest.arrest_id}", **said)
    assert by_id.status == (200 if by_number else 404)
    return [one["number"] for one in by_number]


def test_with_the_right_an_arrest_is_found_by_number_and_by_id_under_an_agreement(call, stored, agreed, give):
    assert found(call, stored) == []
    give(Right.ARRESTS)
    assert found(call, stored) == ["K-1001"]
    assert call("POST", SEARCH, WANTED | {"number": "K-1"}).body["items"] == []


def test_without_an_agreement_on_record_the_right_opens_nothing(call, stored, give):
    give(Right.ARRESTS)
    assert found(call, stored) == []


def test_who_was_told_reads_it_without_the_right_until_the_alert_is_taken_back(call, tables, stored, agreed):
    tables.watch_list.add(a_subscription())
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    in_force = datetime.now(UTC)
    match_versions([Version(stored, None, in_force, in_force)], alerting, in_force)
    assert found(call, stored) == ["K-1001"]
    assert withdraw_alerts(stored.arrest_id, WithdrawDeps(tables.alerts, discard), in_force)
    assert found(call, stored) == []


def test_another_offices_right_and_agreement_open_nothing_here(call, tables, stored, agreed, give):
    give(Right.ARRESTS)
    assert found(call, stored, claims=QUINN) == []


@pytest.mark.parametrize("rights", [(Right.ARRESTS,), (Right.ARRESTS, Right.JUVENILE)])
def test_fca_381_3_a_minors_arrest_is_found_by_nobody_whatever_the_rights(call, tables, stored, agreed, give, rights):
    later = NOW + timedelta(hours=1)
    young = stored.model_copy(update={"juvenile": True})
    tables.arrests.store([young], Provenance(drop_id="e", dropped_at=later), later)
    give(*rights)
    assert found(call, stored) == []


def test_a_sealed_arrest_does_not_exist_whatever_the_rights(call, tables, stored, agreed, give):
    give(*Right)
    by = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
    tables.seals.seal(stored.arrest_id, "roster", ["a" * 32], by, NOW)
    assert found(call, stored) == []


def test_looking_an_arrest_up_needs_a_purpose_and_is_written_down_with_its_id(call, tables, stored, agreed, give):
    give(Right.ARRESTS)
    assert call("POST", SEARCH, WANTED, purpose="").status == 422
    found(call, stored)
    about = [item["pk"]["S"] for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("subject#")]
    assert f"subject#kings#arrest:{stored.arrest_id}" in about
    assert "K-1001" not in str(tables.everything_in("Audit"))


def tell_of(tables, *arrests, **watch) -> None:
    """The office is told of them, and they are stored."""
    now = datetime.now(UTC)
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=now), now)
    tables.watch_list.add(a_subscription({"watch": "charge", "statute": "PL 120", "begins_with": True}, **watch))
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(one, None, now, now) for one in arrests], alerting, now)


PAT = {"surname": "EXAMPLE", "given": "pat", "date_of_birth": "1990-02-03"}
SID = {"kind": "sid", "value": "0123-4567a", "issuer": "NY"}


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"person": PAT}, ["K-1"]),
        ({"person": PAT | {"date_of_birth": "1990-03-02"}}, []),
        ({"identifier": SID}, ["K-1"]),
        ({"identifier": SID, "agency": "nypd"}, []),
        ({"since": "2026-11-18"}, ["K-1", "K-2"]),
        ({"since": "2026-11-20"}, ["K-2"]),
        ({"until": "2026-11-19", "person": PAT}, ["K-1"]),
        ({"until": "2026-11-18"}, []),
    ],
)  # fmt: skip
def test_what_the_office_was_told_of_is_found_by_identifier_person_and_day(call, tables, agreed, wanted, numbers):
    other = an_arrest("K-2", surname="Other", sid="7Z", arrested_on=date(2026, 11, 20))
    tell_of(tables, an_arrest("K-1"), other)
    found = call("POST", SEARCH, wanted).body
    assert sorted(one["number"] for one in found["items"]) == numbers
    assert found["next"] is None


def test_what_a_colleague_was_told_of_is_found_with_the_right_alone_and_in_the_own_office(call, tables, agreed, give):
    bo = "bo@da.example.gov"
    tell_of(tables, an_arrest("K-1"), owner=bo, recipients=[{"email": bo}])
    assert call("POST", SEARCH, {"person": PAT}).body["items"] == []
    give(Right.ARRESTS)
    assert len(call("POST", SEARCH, {"person": PAT}).body["items"]) == 1
    assert call("POST", SEARCH, {"person": PAT}, claims=QUINN).body["items"] == []


@pytest.mark.parametrize("wanted", [{}, {"agency": "roster"}, {"number": "K-1"}, {"person": {"surname": "Example"}}])
def test_a_search_for_everybody_is_refused(call, agreed, wanted):
    assert call("POST", SEARCH, wanted).status == 422


def test_p2_the_history_of_an_arrest_says_what_each_version_said_anew(call, tables, stored, agreed, give):
    later = NOW + timedelta(hours=1)
    more = an_arrest(statutes=("PL 120.05", "PL 160.10"))
    tables.arrests.store([more], Provenance(drop_id="e", dropped_at=later), later)
    path = f"/v1/arrests/{stored.arrest_id}/history"
    assert call("GET", path).status == 404
    give(Right.ARRESTS)
    first, second = call("GET", path).body["items"]
    assert (first["version"], first["differences"], second["version"]) == (1, [], 2)
    (difference,) = second["differences"]
    assert (difference["change"], difference["after"]) == ("charge added", "PL 160.10")
    assert call("GET", f"/v1/arrests/{'0' * 32}/history").status == 404


def held(arrest) -> tuple[list, Provenance, datetime]:
    later = NOW + timedelta(hours=1)
    return [arrest], Provenance(drop_id="h", dropped_at=later, notify_mode=NotifyMode.HELD), later


def test_a_held_arrest_does_not_exist_whatever_the_rights_until_its_drop_is_released(call, tables, agreed, give):
    give(*Right)
    arrest = an_arrest()
    tables.arrests.store(*held(arrest))
    assert found(call, arrest) == []
    tables.arrests.store([arrest], Provenance(drop_id="h", dropped_at=NOW + timedelta(hours=2)), NOW)
    assert found(call, arrest) == ["K-1001"]


def test_of_a_held_version_nobody_sees_more_than_was_said_before(call, tables, stored, agreed, give):
    give(*Right)
    tables.arrests.store(*held(an_arrest(statutes=("PL 120.05", "PL 160.10"))))
    path = f"/v1/arrests/{stored.arrest_id}"
    assert [one["statute"] for one in call("GET", path).body["charges"]] == ["PL 120.05"]
    assert [one["version"] for one in call("GET", f"{path}/history").body["items"]] == [1]


def test_73_a_minors_arrest_is_in_no_search_and_the_audit_has_no_fact_of_it(call, tables, agreed, give):
    young = an_arrest().model_copy(update={"juvenile": True})
    tables.arrests.store([young], Provenance(drop_id="d", dropped_at=NOW), NOW)
    give(Right.ARRESTS)
    assert found(call, young) == []
    items = [item["doc"]["S"] for item in tables.everything_in("Audit") if "doc" in item]
    assert not any(mark in one for one in items for mark in ("Example", "EXAMPLE", "1990", "01234567A"))
    give(Right.ARRESTS, Right.JUVENILE)
    assert found(call, young) == []
