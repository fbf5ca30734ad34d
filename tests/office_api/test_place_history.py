"""P9 by the API: who may look at a place, what the look answers, and what is recorded of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.place_history import MOST_FACTS
from shared.arrests.model import Arrest, Provenance
from shared.arrests.places import Place
from shared.arrests.seals.table import SealsTable
from shared.audit.items import event_in
from shared.offices.agreements import OfficeAgreements
from shared.offices.model import LOOK_BACK_DAYS
from shared.offices.users import Right
from tests.builders import an_arrest, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

PATH = "/v1/places/history"
TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)
ASKED: dict[str, Any] = {
    "address": "100 Example St", "city": "Exampleton", "since": str(TODAY - timedelta(days=30)), "until": str(TODAY),
    "case_number": "IND-2026-0117",
}  # fmt: skip


@pytest.fixture(autouse=True)
def right(tables: Tables) -> None:
    before = tables.users.find("kings", ADA["email"])
    assert before
    rights = {"rights": frozenset({Right.PLACES}), "revision": before.revision + 1}
    tables.users.change(before, before.model_copy(update=rights))


@pytest.fixture
def agreed(tables: Tables) -> None:
    agreement = an_agreement(ends=date(2999, 12, 31))
    agreements = OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
    tables.subscriptions.agreements.save(agreements)


def store(tables: Tables, *arrests: Arrest) -> None:
    now = datetime.now(UTC)
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=now), now)


def an_arrest_here(number: str = "K-1001", **facts: Any) -> Arrest:
    return an_arrest(number, **{"arrested_on": YESTERDAY, **facts})


def test_p9_a_look_answers_dated_facts_with_their_source_and_no_person(call, tables: Tables, agreed: None) -> None:
    arrest = an_arrest_here(surname="Quillfeather")
    store(tables, arrest, an_arrest_here("K-2", place=Place(address="100 Example St Apt 4", city="Exampleton")))
    answer = call("POST", PATH, ASKED)
    assert answer.status == 200
    (fact,) = answer.body["facts"]
    assert fact["arrest_id"] == arrest.arrest_id
    assert (fact["arrested_on"], fact["agency"], fact["number"]) == (str(YESTERDAY), "roster", "K-1001")
    assert "QUILLFEATHER" not in str(answer.body).upper()


def test_p9_without_an_agreement_nothing_is_reported_there(call, tables: Tables) -> None:
    store(tables, an_arrest_here())
    assert call("POST", PATH, ASKED).body["facts"] == []


def test_cpl_160_50_a_sealed_arrest_was_never_at_the_place(call, tables: Tables, agreed: None) -> None:
    arrest = an_arrest_here()
    store(tables, arrest)
    later = Provenance(drop_id="e", dropped_at=datetime.now(UTC))
    SealsTable(tables.client, "Arrests", "Juveniles").seal(
        arrest.arrest_id, "roster", ["a" * 32], later, datetime.now(UTC)
    )
    assert call("POST", PATH, ASKED).body["facts"] == []


def test_fca_381_3_a_minor_is_at_no_place_whatever_the_rights(call, tables: Tables, agreed: None) -> None:
    before = tables.users.find("kings", ADA["email"])
    assert before
    rights = {"rights": frozenset(Right), "revision": before.revision + 1}
    tables.users.change(before, before.model_copy(update=rights))
    store(tables, an_arrest_here(juvenile=True))
    assert call("POST", PATH, ASKED).body["facts"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"case_number": None}, "case_number"),
        ({"case_number": None, "reason": "burglary next door", "together": True}, "case"),
        ({"since": str(TODAY), "until": str(YESTERDAY)}, "until"),
        ({"address": "Elm Street"}, "exact place"),
        ({"since": str(TODAY - timedelta(days=LOOK_BACK_DAYS + 2))}, f"{LOOK_BACK_DAYS} days"),
        ({"case_number": "ICE detainer"}, "mmigration"),
        ({"sort": "risk"}, "sort"),
    ],
)
def test_p9_a_look_that_is_not_exact_or_not_justified_is_refused_with_what_to_write(
    call, change: dict[str, Any], field: str
) -> None:
    answer = call("POST", PATH, {name: value for name, value in (ASKED | change).items() if value is not None})
    assert answer.status == 422
    assert field in str(answer.body)


@pytest.mark.parametrize("purpose", ["administration", "audit", "records"])
def test_p9_running_an_office_is_no_reason_to_look_at_a_home(call, purpose: str) -> None:
    assert call("POST", PATH, ASKED, purpose=purpose).status == 403


def test_p9_the_office_says_how_far_back_it_looks(call, tables: Tables, agreed: None) -> None:
    tables.offices.enrol(an_office(place_look_back_days=10))
    answer = call("POST", PATH, ASKED)
    assert answer.status == 422
    assert str(TODAY - timedelta(days=10))[:7] in str(answer.body)


def test_cjis_au_3_a_look_is_recorded_with_who_when_why_and_the_place_as_a_keyed_hash(
    call, tables: Tables, agreed: None
) -> None:
    store(tables, an_arrest_here())
    call("POST", PATH, ASKED)
    items = [item for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("office#") and "doc" in item]
    events = [event for item in items if (event := event_in(item)).action == f"POST {PATH}"]
    (event,) = [event for event in events if not event.is_intent]
    assert event.who == ADA["email"]
    assert event.purpose == "investigation"
    assert event.because == "IND-2026-0117"
    (place,) = [subject for subject in event.subjects if subject.startswith("place:")]
    assert len(place.removeprefix("place:")) == 32
    assert f"arrest:{an_arrest_here().arrest_id}" in event.subjects
    assert "EXAMPLE ST" not in str(tables.everything_in("Audit")).upper()


def test_p9_who_was_arrested_together_is_answered_for_a_case(call, tables: Tables, agreed: None) -> None:
    store(
        tables,
        an_arrest_here("K-1", surname="Quillfeather", incident="I-7"),
        an_arrest_here("K-2", surname="Otterby", incident="I-7"),
    )
    assert call("POST", PATH, ASKED).body["together"] == []
    (together,) = call("POST", PATH, ASKED | {"together": True}).body["together"]
    assert together["incident"] == "I-7"
    assert len(together["names"]) == 2


@pytest.mark.parametrize("is_hidden_by_unit", [True, False])
def test_p9_what_is_hidden_at_a_place_neither_cuts_its_facts_nor_makes_them_incomplete(
    call, tables: Tables, agreed: None, is_hidden_by_unit: bool
) -> None:
    flat = Place(address="100 Example St Apt 4", city="Exampleton")
    facts: dict[str, Any] = {} if is_hidden_by_unit else {"place": flat, "agency": "nypd"}  # of no agreement
    store(tables, *(an_arrest_here(f"H-{number}", **facts) for number in range(MOST_FACTS + 1)))
    store(tables, an_arrest_here("OWN-1", arrested_on=YESTERDAY - timedelta(days=1), place=flat))
    answer = call("POST", PATH, ASKED | {"address": flat.address}).body
    assert [fact["number"] for fact in answer["facts"]] == ["OWN-1"]
    assert answer["complete"] is True


def test_p9_of_more_facts_than_an_answer_holds_the_latest_are_told_and_that_there_are_older_ones(
    call, tables: Tables, agreed: None
) -> None:
    store(tables, *(an_arrest_here(f"K-{number}") for number in range(MOST_FACTS)))
    assert call("POST", PATH, ASKED).body["complete"] is True
    store(tables, an_arrest_here("OLD-1", arrested_on=YESTERDAY - timedelta(days=1)))
    answer = call("POST", PATH, ASKED).body
    assert (len(answer["facts"]), answer["complete"]) == (MOST_FACTS, False)
    assert "OLD-1" not in str(answer)
