from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.access import authorize
from shared.arrests.model import Provenance
from shared.offices.agreements import OfficeAgreements
from shared.offices.purposes import Purpose
from tests.builders import CHARGE_WATCH, NAME_WATCH, an_arrest
from tests.offices.test_agreements import an_agreement

NOW = datetime.now(UTC)
BASIS = {"kind": "investigation", "case_number": "INV-7"}


def stored(tables, arrests, ago=0):
    at = NOW - timedelta(days=ago)
    tables.arrests.store(arrests, Provenance(drop_id=f"d{ago}", dropped_at=at), at)


def test_s6_a_criterion_is_tried_on_what_is_stored_before_it_is_saved(call, tables):
    assaults = [an_arrest(number=f"K-{number}", born=date(1970, 1, 1)) for number in range(3)]
    stored(tables, [*assaults, an_arrest(number="K-9", statutes=["VTL 511"]), an_arrest(number="K-8", juvenile=True)])
    stored(tables, [an_arrest(number="K-7")], ago=30)
    answer = call("POST", "/v1/backtest", {"basis": BASIS, "criterion": CHARGE_WATCH, "days": 7})
    assert answer.status == 200
    assert (answer.body["searched"], answer.body["alerts"], answer.body["complete"]) == (4, 3, True)
    assert {hit["number"] for hit in answer.body["hits"]} == {"K-0", "K-1", "K-2"}
    assert call("POST", "/v1/backtest", {"basis": BASIS, "criterion": CHARGE_WATCH, "days": 60}).body["alerts"] == 4
    assert tables.everything_in("Alerts") == []


def test_s6_possible_matches_are_counted_apart(call, tables):
    stored(tables, [an_arrest(), an_arrest(number="K-2", born=date(1981, 9, 28))])
    body = call("POST", "/v1/backtest", {"basis": BASIS, "criterion": NAME_WATCH, "days": 7}).body
    assert (body["alerts"], body["possible"]) == (1, 1)


def test_a_criterion_that_watches_everybody_cannot_be_tried_either(call):
    assert (
        call("POST", "/v1/backtest", {"basis": BASIS, "criterion": {"watch": "event", "kinds": ["arrest"]}}).status
        == 422
    )
    assert call("POST", "/v1/backtest", {"basis": BASIS, "criterion": CHARGE_WATCH}, claims=None).status == 401


def test_tc7_a_backtest_needs_a_basis_that_is_written_down(call, tables, capsys):
    stored(tables, [an_arrest()])
    question = {"criterion": CHARGE_WATCH, "days": 7}
    for basis, field in (({}, "basis"), ({"basis": {"kind": "curiosity", "case_number": "X"}}, "basis.kind"),
                         ({"basis": {"kind": "warrant", "case_number": " "}}, "basis.case_number"),
                         ({"basis": {"kind": "warrant", "case_number": "ICE-7"}}, "basis.case_number")):  # fmt: skip
        answer = call("POST", "/v1/backtest", question | basis)
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)
    assert call("POST", "/v1/backtest", question | {"basis": BASIS}).body["alerts"] == 1


def test_tc7_the_agreement_must_share_for_the_purpose_of_the_basis_too(call, tables):
    stored(tables, [an_arrest()])
    purposes = frozenset({Purpose.INVESTIGATION})
    day: dict[str, Any] = {"starts": NOW.date() - timedelta(days=9), "ends": NOW.date() + timedelta(days=9)}
    agreement = an_agreement(purposes=purposes, **day)
    shared = OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
    tables.subscriptions.agreements.save(shared)
    question = {"criterion": CHARGE_WATCH, "days": 7}
    alerts = {}
    for kind in ("investigation", "supervision"):
        basis = {"basis": {"kind": kind, "case_number": "7"}}
        alerts[kind] = call("POST", "/v1/backtest", question | basis).body["alerts"]
    assert alerts == {"investigation": 1, "supervision": 0}


def test_tc7_who_may_not_subscribe_may_not_backtest(call, tables, tmp_path, monkeypatch):
    """The policies as they are, but for one that forbids this user to subscribe."""
    policy = '@id("no watches") forbid (principal, action == Action::"create subscription", resource);'
    changed = tmp_path / "policies.cedar"
    changed.write_text(f"{authorize.POLICIES.read_text()}\n{policy}\n")
    monkeypatch.setattr(authorize, "POLICIES", changed)
    authorize._policies.cache_clear()
    try:
        question = {"criterion": CHARGE_WATCH, "days": 7, "basis": BASIS}
        assert call("POST", "/v1/backtest", question).status == 403
    finally:
        authorize._policies.cache_clear()


def test_tc8_minors_and_sealed_arrests_are_in_no_count_of_a_backtest(call, tables):
    minors = [an_arrest(number=f"M-{number}", juvenile=True) for number in range(3)]
    stored(tables, [an_arrest(), an_arrest(number="S-1"), *minors])
    by = Provenance(drop_id="seal", dropped_at=NOW)
    sealed = an_arrest(number="S-1")
    tables.seals.seal(sealed.arrest_id, sealed.agency, ["a" * 32], by, NOW)
    body = call("POST", "/v1/backtest", {"criterion": CHARGE_WATCH, "days": 7, "basis": BASIS}).body
    assert (body["searched"], body["alerts"], body["possible"]) == (1, 1, 0)
