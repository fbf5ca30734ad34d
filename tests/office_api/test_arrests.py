"""An arrest by its agency's number or its id, for whom it concerns or who has the right to look, under an agreement."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.alerting import Alerting, tell
from shared.domain.agreements import Agreements
from shared.domain.arrests import Provenance
from shared.domain.users import Right
from shared.recall import Recalling, recall
from shared.tables.arrests import Version
from shared.tables.seals import SealsTable
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest
from tests.domain.test_agreements import an_agreement
from tests.office_api.conftest import ADA

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
    tables.subscriptions.agreements.keep(Agreements(office_id="kings", made=(one,), revision=1))


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
    alerting = Alerting(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, list)
    in_force = datetime.now(UTC)
    tell([Version(stored, None, in_force, in_force)], alerting, in_force)
    assert found(call, stored) == ["K-1001"]
    assert recall(stored.arrest_id, Recalling(tables.alerts, list), in_force)
    assert found(call, stored) == []


def test_another_offices_right_and_agreement_open_nothing_here(call, tables, stored, agreed, give):
    give(Right.ARRESTS)
    assert found(call, stored, claims=QUINN) == []


@pytest.mark.parametrize("rights", [(Right.ARRESTS,), (Right.ARRESTS, Right.JUVENILE)])
def test_a_minors_arrest_needs_its_own_right(call, tables, stored, agreed, give, rights):
    later = NOW + timedelta(hours=1)
    young = stored.model_copy(update={"juvenile": True})
    tables.arrests.store([young], Provenance(drop_id="e", dropped_at=later), later)
    give(*rights)
    assert bool(found(call, stored)) is (Right.JUVENILE in rights)


def test_a_sealed_arrest_does_not_exist_whatever_the_rights(call, tables, stored, agreed, give):
    give(*Right)
    by = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
    SealsTable(tables.client, "Arrests").seal(stored.arrest_id, "roster", ["a" * 32], by, NOW)
    assert found(call, stored) == []


def test_looking_an_arrest_up_needs_a_purpose_and_is_written_down_with_its_id(call, tables, stored, agreed, give):
    give(Right.ARRESTS)
    assert call("POST", SEARCH, WANTED, purpose="").status == 422
    found(call, stored)
    about = [item["pk"]["S"] for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("subject#")]
    assert f"subject#kings#arrest:{stored.arrest_id}" in about
    assert "K-1001" not in str(tables.everything_in("Audit"))
