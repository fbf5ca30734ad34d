"""Before anybody reads anything: the office is live, the policy is accepted, the training is on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.offices.governance.personnel import (
    Acknowledgement,
    DisabledFor,
    Disabling,
    Personnel,
)
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Right, Scope, User
from tests.builders import NOW, a_user, a_wish, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Answer, Call
from tests.office_api.governed import GOVERNANCE, KIND, POLICY, TEXT, VERSION, trained

SUPER = ADA | {"email": "sue@da.example.gov"}
DAY = timedelta(days=1)
WATCH = a_wish({"watch": "identifier", "identifier": {"kind": "sid", "value": "00009113Q", "issuer": "NY"}})


def today() -> str:
    return datetime.now(an_office().zone).date().isoformat()


@pytest.fixture
def governed(tables: Tables, call: Call) -> Tables:
    """The office has a policy and a rule; its super-owner Sue has seen to everything, and nobody else."""
    from shared.office_api import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture

    tables.offices.enrol(an_office(governance=GOVERNANCE))
    dependencies.policies.adopt("kings", POLICY)
    now = datetime.now(UTC)
    accepted = Acknowledgement(**VERSION, at=now)
    rights = frozenset({Right.SUPER_OWNER})
    tables.users.add(a_user(SUPER["email"], rights=rights, acknowledged=accepted, personnel=trained(now)))
    return tables


def change(tables: Tables, email: str, **facts: Any) -> User:
    before = tables.users.find("kings", email)
    assert before
    after = before.model_copy(update=facts | {"revision": before.revision + 1})
    tables.users.change(before, after)
    return after


def abouts(answer: Answer) -> list[str]:
    return [error["field"] for error in answer.body["errors"]]


def test_p11_governors_brief_people_of_an_office_that_is_not_live_read_what_is_missing_and_nothing_else(
    tables: Tables, call: Call
) -> None:
    tables.offices.enrol(
        an_office(governance=GOVERNANCE.model_copy(update={"contact": None}), waits_for_governance=True)
    )
    view = call("GET", "/v1/governance").body
    assert (view["live"], view["missing"]) == (False, ["contact"])
    assert {"governance"} < {problem["about"] for problem in call("GET", "/v1/me").body["before_access"]}
    for path in ("/v1/alerts", "/v1/colleagues", "/v1/arrests/0123456789abcdef0123456789abcdef"):
        answer = call("GET", path)
        assert (answer.status, abouts(answer)[0]) == (403, "governance")
    assert call("POST", "/v1/subscriptions", WATCH, idempotency_key="k-1").status == 403


def test_cjis_pl_4_nothing_is_read_before_the_policy_is_accepted_and_the_answer_says_how(
    governed: Tables, call: Call
) -> None:
    change(governed, ADA["email"], personnel=trained(datetime.now(UTC)))
    refused = call("GET", "/v1/alerts")
    assert (refused.status, abouts(refused)) == (403, ["policy"])
    assert "PUT /v1/me/acknowledgement" in refused.body["errors"][0]["mend"]
    assert call("GET", "/v1/alerts/0123456789abcdef0123456789abcdef").status == 403, "no record is confirmed or denied"
    assert call("GET", "/v1/me").body["policy"] == VERSION
    policy = call("GET", "/v1/me/policy").body
    assert (policy["text"], policy["contact"]) == (TEXT, "privacy@da.example.gov")
    assert call("PUT", "/v1/me/acknowledgement", VERSION | {"sha256": "b" * 64}).status == 409
    assert call("GET", "/v1/alerts").status == 403
    assert call("PUT", "/v1/me/acknowledgement", VERSION).status == 200
    assert (call("GET", "/v1/alerts").status, call("GET", "/v1/me").body["policy"]) == (200, None)
    newer = POLICY.policy.model_copy(update={"version": "2026-2"})
    governed.offices.enrol(an_office(governance=GOVERNANCE.model_copy(update={"policy": newer})))
    assert abouts(call("GET", "/v1/alerts")) == ["policy"], "again when it changes"


def test_cjis_pl_4_a_machine_is_let_in_when_its_keeper_has_accepted_the_policy(governed: Tables, call: Call) -> None:
    machine = Machine(
        client_id="client-1",
        scopes=frozenset({Scope.SUBSCRIPTIONS}),
        purpose=Purpose.INVESTIGATION,
        keeper=ADA["email"],
    )
    governed.users.add(a_user("system@da.example.gov", machine=machine))
    governed.users.bind_machine("client-1", "kings", "system@da.example.gov")
    claims = {"token_use": "access", "client_id": "client-1", "scope": "arrest-alert/subscriptions"}
    refused = call("GET", "/v1/subscriptions", claims=claims)
    assert refused.status == 403
    assert ADA["email"] in refused.body["errors"][0]["mend"]
    change(
        governed, ADA["email"], acknowledged=Acknowledgement(**VERSION, at=datetime.now(UTC)),
        personnel=trained(datetime.now(UTC)),
    )  # fmt: skip
    assert call("GET", "/v1/subscriptions", claims=claims).status == 200


def test_cjis_at_3_without_training_there_is_no_access_until_another_super_owner_records_it(
    governed: Tables, call: Call
) -> None:
    change(governed, ADA["email"], acknowledged=Acknowledgement(**VERSION, at=datetime.now(UTC)))
    assert abouts(call("GET", "/v1/alerts")) == ["training"]
    path = f"/v1/users/{ADA['email']}/trainings"
    training = {"kind": KIND, "completed_on": today()}
    assert call("POST", path, training, claims=ADA, idempotency_key="k-1").status == 403, "nobody records their own"
    wrong = call("POST", path, training | {"completed_on": "2126-01-01"}, claims=SUPER, idempotency_key="k-2")
    assert (wrong.status, abouts(wrong)) == (422, ["completed_on"])
    other = call("POST", path, training | {"kind": "First aid"}, claims=SUPER, idempotency_key="k-3")
    assert (other.status, abouts(other)) == (422, ["kind"])
    answer = call("POST", path, training, claims=SUPER, idempotency_key="k-4")
    assert [recorded["recorded_by"] for recorded in answer.body["personnel"]["trainings"]] == [SUPER["email"]]
    assert call("GET", "/v1/alerts").status == 200


def test_cjis_at_3_a_super_owner_does_not_record_their_own_training(governed: Tables, call: Call) -> None:
    training = {"kind": KIND, "completed_on": today()}
    own = f"/v1/users/{SUPER['email']}"
    assert call("POST", f"{own}/trainings", training, claims=SUPER, idempotency_key="k-1").status == 409
    assert call("PUT", f"{own}/personnel", {"phone": "+1 212 555 0100"}, claims=SUPER).status == 409
    assert call("POST", f"{own}/opening", claims=SUPER, idempotency_key="k-2").status == 409


def test_cjis_ac_2_2_a_vendor_without_an_end_is_refused_and_a_later_end_opens_the_account(
    governed: Tables, call: Call
) -> None:
    path = f"/v1/users/{ADA['email']}/personnel"
    refused = call("PUT", path, {"vendor": True, "background_checked_on": today()}, claims=SUPER)
    assert (refused.status, abouts(refused)) == (422, ["contract_ends"])
    contract = Personnel(vendor=True, contract_ends=NOW.date() - DAY, trainings=trained(NOW).trainings)
    disabled = Disabling(reason=DisabledFor.CONTRACT, since=NOW)
    change(governed, ADA["email"], personnel=contract, disabled=disabled)
    answer = call("GET", "/v1/alerts")
    assert (answer.status, abouts(answer)) == (403, ["account"])
    assert call("GET", "/v1/me").status == 403
    opened = call("POST", f"/v1/users/{ADA['email']}/opening", claims=SUPER, idempotency_key="k-1")
    assert (opened.status, abouts(opened)) == (409, ["account"])
    later = {"vendor": True, "contract_ends": "2126-01-01", "background_checked_on": "2026-10-01"}
    after = call("PUT", path, later, claims=SUPER)
    assert (after.status, "disabled" in after.body) == (200, False)


def test_cjis_ac_2_3_an_idle_account_is_opened_by_a_super_owner_and_the_days_are_counted_anew(
    governed: Tables, call: Call
) -> None:
    change(governed, ADA["email"], disabled=Disabling(reason=DisabledFor.IDLE, since=NOW))
    refused = call("GET", "/v1/me")
    assert (refused.status, "90 days" in refused.body["detail"]) == (403, True)
    opened = call("POST", f"/v1/users/{ADA['email']}/opening", claims=SUPER, idempotency_key="k-1")
    assert opened.status == 200
    user = governed.users.find("kings", ADA["email"])
    assert user
    assert user.active
    assert user.open_since
    assert user.open_since > datetime.now(UTC) - timedelta(minutes=1)


def test_cjis_ac_2_3_a_sign_in_is_noted_once_a_day_by_when_the_person_showed_the_second_factor(
    tables: Tables, call: Call
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=40)
    call("GET", "/v1/me", claims=ADA | {"auth_time": str(int(moment.timestamp()))})
    user = tables.users.find("kings", ADA["email"])
    assert user
    assert user.last_signed_in == moment
    before = tables.everything_in("Subscriptions")
    call("GET", "/v1/me", claims=ADA | {"auth_time": str(int(moment.timestamp()))})
    assert tables.everything_in("Subscriptions") == before, "and nothing is written again on the same day"
    tables.users.note_sign_in(user, moment - DAY)
    assert tables.users.find("kings", ADA["email"]) == user, "an older one changes nothing"
    changed = change(tables, ADA["email"], name="Ada")
    assert changed.last_signed_in == moment, "and whoever changes the user keeps it"


def test_p11_governors_brief_the_report_says_whose_access_ends_soonest(governed: Tables, call: Call) -> None:
    report = call("GET", "/v1/reports/accounts", claims=SUPER).body
    rows = {row["email"]: row for row in report["rows"]}
    assert rows[ADA["email"]]["because"] == "training"
    assert report["rows"][-1]["email"] == SUPER["email"]
    table = call("GET", "/v1/reports/accounts", claims=SUPER, accept="text/csv").body
    assert table.splitlines()[0].startswith("email,")


def test_cjis_ac_2_2_who_comes_back_after_an_account_ended_by_itself_has_no_roles(governed: Tables, call: Call) -> None:
    change(governed, ADA["email"], acknowledged=Acknowledgement(**VERSION, at=datetime.now(UTC)))
    folder = call("POST", "/v1/folders", {"name": "Gangs"}, claims=SUPER, idempotency_key="k-1").body["folder"][
        "folder_id"
    ]
    role = call("PUT", f"/v1/folders/{folder}/roles/{ADA['email']}", {"role": "owner"}, claims=SUPER)
    assert role.status == 200
    change(governed, ADA["email"], deprovisioned_at=NOW)
    added = call("POST", "/v1/users", {"email": ADA["email"]}, claims=SUPER, idempotency_key="k-2")
    assert added.status == 201
    assert governed.subscriptions.folders.tree("kings").role_of(ADA["email"], folder) is None
