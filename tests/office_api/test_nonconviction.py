"""Who may not have nonconviction data is answered as if nothing were held (28 CFR 20.21 (b), (c)(2))."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.diff import differences, tells_only_charges_of
from shared.arrests.model import Arrest, ArrestChange, Provenance
from shared.arrests.table import Version
from shared.offices import criminal_justice
from shared.offices.agreements import OfficeAgreements
from shared.offices.criminal_justice import eligible_readers, may_have_nonconviction
from shared.offices.ori import AgencyType
from shared.offices.purposes import Purpose
from shared.offices.users import Right
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_wish, an_arrest, an_office, discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Answer
from tests.offices.test_agreements import an_agreement

DISMISSED = Charge(statute="PL 120.05", disposition=Disposition(outcome=ChargeOutcome.DISMISSED))
CONVICTED = Charge(statute="PL 120.00", disposition=Disposition(outcome=ChargeOutcome.CONVICTED))
SEARCH = "/v1/arrests/search"
PERSON = {"surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}


@pytest.fixture(autouse=True)
def agreed(tables: Tables) -> None:
    agreement = an_agreement(ends=date(2999, 12, 31))
    agreements = OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
    tables.subscriptions.agreements.save(agreements)
    before = tables.users.find("kings", ADA["email"])
    assert before
    rights = {"rights": frozenset({Right.ARRESTS}), "revision": before.revision + 1}
    tables.users.change(before, before.model_copy(update=rights))


def store(tables: Tables, *charges: Charge) -> Arrest:
    arrest = an_arrest(charges=charges, arrested_on=TODAY)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    return arrest


@contextmanager
def reads() -> Iterator[list[tuple[str, str]]]:
    """Every call to DynamoDB: the operation and the table."""
    from shared.office_api import dependencies  # noqa: PLC0415 - it reads its settings when it is imported

    calls: list[tuple[str, str]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        tables = [params["TableName"]] if "TableName" in params else sorted(params.get("RequestItems", {}))
        calls.append((model.name, ",".join(tables)))

    events = dependencies._dynamodb.meta.events
    events.register("before-parameter-build.dynamodb", note)
    try:
        yield calls
    finally:
        events.unregister("before-parameter-build.dynamodb", note)


def what_is_told(answer: Answer) -> tuple[object, ...]:
    return answer.status, answer.body, sorted(answer.headers.items())


ASKED = [
    ("POST", SEARCH, {"agency": "roster", "number": "K-1001"}),
    ("POST", SEARCH, {"person": PERSON}),
    ("GET", f"/v1/arrests/{an_arrest().arrest_id}", None),
    ("GET", f"/v1/arrests/{an_arrest().arrest_id}/history", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ASKED)
def test_28_cfr_20_21_c_2_to_the_ineligible_answer_and_reads_are_those_of_nothing_held(
    call, tables: Tables, method: str, path: str, body: Any
) -> None:
    ineligible = {"purpose": Purpose.ADMINISTRATION.value}
    call("GET", "/v1/me", **ineligible)  # what a first request alone reads
    with reads() as of_nothing:
        nothing = call(method, path, body, **ineligible)
    arrest = store(tables, DISMISSED)
    with reads() as of_nonconviction:
        nonconviction = call(method, path, body, **ineligible)
    assert what_is_told(nonconviction) == what_is_told(nothing)
    assert of_nonconviction == of_nothing, "the same reads take the same time"
    assert of_nothing, "something was counted"
    if method == "GET":
        assert nothing.status == 404
        assert call("GET", f"/v1/arrests/{arrest.arrest_id}").status == 200, "the same person, for an investigation"


def test_28_cfr_20_21_b_the_eligible_read_it_with_its_label(call, tables: Tables) -> None:
    arrest = store(tables, DISMISSED)
    shown = call("GET", f"/v1/arrests/{arrest.arrest_id}").body
    assert "nonconviction data" in " ".join(shown["flags"])


def test_28_cfr_20_21_b_of_a_conviction_the_ineligible_read_no_charge_that_was_dismissed(call, tables: Tables) -> None:
    arrest = store(tables, DISMISSED, CONVICTED)
    shown = call("GET", f"/v1/arrests/{arrest.arrest_id}", purpose=Purpose.ADMINISTRATION.value).body
    assert [charge["statute"] for charge in shown["charges"]] == ["PL 120.00"]


def test_28_cfr_20_21_b_the_history_tells_the_ineligible_of_no_charge_that_was_dismissed(call, tables: Tables) -> None:
    pending = tuple(charge.model_copy(update={"disposition": None}) for charge in (DISMISSED, CONVICTED))
    store(tables, *pending)
    arrest = an_arrest(charges=(DISMISSED, CONVICTED), arrested_on=TODAY)
    later = NOW + timedelta(hours=1)
    tables.arrests.store([arrest], Provenance(drop_id="e", dropped_at=later), later)
    path = f"/v1/arrests/{arrest.arrest_id}/history"
    fields = {
        purpose: [difference["field"] for item in call("GET", path, purpose=purpose).body["items"]
                  for difference in item["differences"]]
        for purpose in ("investigation", "administration")
    }  # fmt: skip
    assert fields == {
        "investigation": ["outcome of PL 120.00", "outcome of PL 120.05"],
        "administration": ["outcome of PL 120.00"],
    }


def test_28_cfr_20_21_b_the_history_tells_the_ineligible_of_no_dismissal_that_was_reversed_or_taken_away() -> None:
    dismissed = CONVICTED.model_copy(update={"disposition": DISMISSED.disposition})
    versions = [
        an_arrest(charges=charges) for charges in ((dismissed, DISMISSED), (CONVICTED, DISMISSED), (CONVICTED,))
    ]
    told = [difference for before, after in pairwise(versions) for difference in differences(before, after)]
    assert [difference.change for difference in told] == [ArrestChange.OUTCOME_CHANGED, ArrestChange.CHARGE_REMOVED]
    assert not [difference for difference in told if tells_only_charges_of(versions[-1], difference)]


def match(tables: Tables, arrest: Arrest, before: Arrest | None = None) -> None:
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(arrest, before, NOW, NOW)], deps, NOW)


def test_28_cfr_20_21_b_an_alert_that_rests_on_a_dismissed_charge_is_not_there_for_the_ineligible(
    call, tables: Tables
) -> None:
    tables.watch_list.add(a_subscription({"watch": "charge", "statute": "PL 120.05"}))
    match(tables, store(tables, DISMISSED, CONVICTED))
    (alert,) = call("GET", "/v1/alerts").body["items"]
    assert "120.05" in str(alert["because"])
    assert call("GET", "/v1/alerts", purpose="administration").body["items"] == []
    assert call("GET", f"/v1/alerts/{alert['alert_id']}", purpose="administration").status == 404


def test_28_cfr_20_21_b_an_alert_tells_the_ineligible_of_no_dismissal(call, tables: Tables) -> None:
    tables.watch_list.add(a_subscription())
    pending = tuple(charge.model_copy(update={"disposition": None}) for charge in (DISMISSED, CONVICTED))
    before = store(tables, *pending)
    match(tables, before)
    arrest, later = before.model_copy(update={"charges": (DISMISSED, CONVICTED)}), NOW + timedelta(hours=1)
    tables.arrests.store([arrest], Provenance(drop_id="e", dropped_at=later), later)
    match(tables, arrest, before)
    (alert,) = call("GET", "/v1/alerts").body["items"]
    path = f"/v1/alerts/{alert['alert_id']}"
    assert "outcome of PL 120.05" in str(call("GET", path).body["alert"]["differences"])
    shown = call("GET", path, purpose="administration")
    assert shown.body["alert"]["changes"] == ["outcome changed"]
    assert [each["field"] for each in shown.body["alert"]["differences"]] == ["outcome of PL 120.00"]
    assert "120.05" not in str(shown.body)


def test_28_cfr_20_21_b_who_is_eligible_is_data_and_names_no_body_outside_of_criminal_justice() -> None:
    assert AgencyType.OTHER not in eligible_readers().agency_types
    assert not may_have_nonconviction("NY000000Z", Purpose.INVESTIGATION), "a licensing office"
    assert not may_have_nonconviction("NY000000A", Purpose.ADMINISTRATION)
    assert may_have_nonconviction("NY000000A", Purpose.PROSECUTION)


NEARLY: dict[str, Any] = {"sid": None, "born": date(1981, 9, 28)}
TODAY = datetime.now(an_office().zone).date()
PLACE = {
    "address": "100 Example St", "city": "Exampleton", "since": str(TODAY - timedelta(days=30)), "until": str(TODAY),
    "case_number": "IND-2026-0117",
}  # fmt: skip
COUNTED = [
    ("GET", "/v1/alerts", None),
    ("GET", "/v1/reviews", None),
    ("GET", "/v1/me", None),
    ("GET", "/v1/users/bo@da.example.gov/holdings", None),
    ("GET", "/v1/reports/folders", None),
    ("GET", "/v1/reports/areas", None),
    ("GET", "/v1/reports/fairness", None),
    ("GET", "/v1/reports/acknowledgements", None),
    ("GET", "/v1/reports/users", None),
    ("GET", "/v1/reports/noise", None),
    ("GET", "/v1/reports/possible-matches", None),
    ("POST", "/v1/backtest", {
        "criterion": {"watch": "charge", "statute": "PL 120.05"},
        "basis": {"kind": "open case", "case_number": "2026-KN-000123"},
    }),
]  # fmt: skip


@pytest.fixture
def every_right(tables: Tables) -> None:
    before = tables.users.find("kings", ADA["email"])
    assert before
    tables.users.change(before, before.model_copy(update={"rights": frozenset(Right), "revision": before.revision + 1}))


@pytest.mark.parametrize(("method", "path", "body"), COUNTED)
def test_28_cfr_20_21_c_2_no_list_report_or_count_tells_the_ineligible_that_anything_is_held(
    call, tables: Tables, every_right: None, method: str, path: str, body: Any
) -> None:
    person = {"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}
    tables.watch_list.add(a_subscription({"watch": "charge", "statute": "PL 120.05"}, starts=str(TODAY)))
    for owner in (ADA["email"], "bo@da.example.gov"):
        tables.watch_list.add(a_subscription(person, starts=str(TODAY), owner=owner))
    nothing = call(method, path, body, purpose="administration")
    of_nobody = call(method, path, body)
    now = datetime.now(UTC)
    arrests = [an_arrest(f"K-{number}", charges=(DISMISSED,), arrested_on=TODAY, **facts)
               for number, facts in enumerate(({}, NEARLY))]  # fmt: skip
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=now), now)
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(arrest, None, now, now) for arrest in arrests], deps, now)
    assert what_is_told(call(method, path, body, purpose="administration")) == what_is_told(nothing)
    assert nothing.status == 200
    assert call(method, path, body).body != of_nobody.body, "the eligible read of it"


def test_28_cfr_20_21_c_2_a_place_is_read_alike_whether_or_not_something_that_may_not_be_had_was_there(
    call, tables: Tables, every_right: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = eligible_readers()
    shorter = rules.model_copy(update={"purposes": rules.purposes - {Purpose.SAFETY}})
    monkeypatch.setattr(criminal_justice, "eligible_readers", lambda: shorter)  # as counsel may write it
    ineligible = {"purpose": "safety"}
    call("POST", "/v1/places/history", PLACE, **ineligible)
    with reads() as of_nothing:
        call("POST", "/v1/places/history", PLACE, **ineligible)
    arrest = store(tables, DISMISSED)
    with reads() as of_nonconviction:
        hidden = call("POST", "/v1/places/history", PLACE, **ineligible)
    assert hidden.body["facts"] == []
    assert of_nonconviction == of_nothing
    (fact,) = call("POST", "/v1/places/history", PLACE).body["facts"]
    assert fact["arrest_id"] == arrest.arrest_id


def test_28_cfr_20_21_b_a_look_back_counts_and_alerts_the_ineligible_of_nothing(
    call, tables: Tables, every_right: None
) -> None:
    now = datetime.now(UTC)
    arrest = an_arrest(charges=(DISMISSED,), arrested_on=TODAY)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=now), now)
    wish = a_wish(starts=str(TODAY))
    saved = call("POST", "/v1/subscriptions", wish, purpose="administration", idempotency_key="a" * 20)
    assert (saved.body["past"]["alerts"], saved.body["past"]["hits"]) == (0, [])
    wish["basis"] = {"kind": "open case", "case_number": "2026-KN-000124"}
    saved = call("POST", "/v1/subscriptions", wish, idempotency_key="b" * 20)
    assert saved.body["past"]["alerts"] == 1
