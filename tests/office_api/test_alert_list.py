"""The list of alerts, and the number by which people speak of one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.number import earlier_number
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.minimisation import ALL_FIELDS, WithheldField
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from shared.subscriptions.folders.model import Folder, Role, Tab
from tests.builders import CHARGE_WATCH, PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

NOW = datetime.now(UTC)
BO = ADA | {"email": "bo@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
ALERTS = "/v1/alerts"


@pytest.fixture
def happens(tables):
    def happen(number="K-1", at=NOW, **facts):
        arrest = an_arrest(number, **facts)
        tables.arrests.store([arrest], Provenance(drop_id=number, dropped_at=at), at)
        deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
        match_versions([Version(arrest, None, at, at)], deps, at)
        return arrest

    return happen


@pytest.fixture
def watched(tables):
    def watch(claims=ADA, **facts):
        email = claims["email"]
        usual = {"owner": email, "recipients": [{"email": email}], "office_id": claims["custom:office"]}
        tables.watch_list.add(a_subscription(**usual | facts))

    return watch


def numbers(call, claims=ADA, query=""):
    return [summary["number"] for summary in call("GET", ALERTS, claims=claims, query=query).body["summaries"]]


@pytest.fixture
def number(call, watched, happens):
    """Of an arrest that Ada, Bo and Quinn of another office are told of."""
    for claims in (ADA, BO, QUINN):
        watched(claims)
    happens()
    [ada], [bo], [quinn] = (numbers(call, claims) for claims in (ADA, BO, QUINN))
    assert ada == bo != quinn
    return ada


@pytest.mark.parametrize("claims", [ADA, BO])
def test_tf5_everybody_in_an_office_finds_their_own_alert_by_its_one_number(call, number, claims):
    said = number.lower().replace("-", "").replace("0", "o").replace("1", "l")
    [item] = call("GET", ALERTS, claims=claims, query=f"number={said}").body["items"]
    assert item["recipient"]["email"] == claims["email"]
    shown = call("GET", f"{ALERTS}/{said}", claims=claims).body
    assert (shown["alert"]["alert_id"], shown["number"]) == (item["alert_id"], number)
    assert call("GET", f"{ALERTS}/{item['alert_id']}", claims=claims).body["number"] == number
    assert call("PUT", f"{ALERTS}/{said}/verdict", {"verdict": "useful"}, claims).body["verdict"] == "useful"
    assert call("PUT", f"{ALERTS}/{number}/acknowledgement", None, claims).body["acknowledged_by"] == claims["email"]
    assert call("POST", f"{ALERTS}/{number}/recall", None, claims).status == 200


def test_tf5_another_offices_number_finds_nothing(call, number):
    assert call("GET", f"{ALERTS}/{number}", claims=QUINN).status == 404
    assert call("GET", ALERTS, claims=QUINN, query=f"number={number}").body["items"] == []


def test_tf5_a_colleague_who_was_not_told_finds_nothing_by_the_number(call, number, tables):
    tables.users.add(a_user("cy@da.example.gov"))
    cy = ADA | {"email": "cy@da.example.gov"}
    assert call("GET", f"{ALERTS}/{number}", claims=cy).status == 404
    assert call("GET", ALERTS, claims=cy, query=f"number={number}").body["items"] == []


def test_tf5_a_mistyped_number_is_refused_with_what_to_do(call, number):
    wrong = ("1" if number[0] != "1" else "2") + number[1:]
    for said, mend in ((wrong, "a letter or digit is wrong"), ("1234", "write the five letters and digits")):
        refused = call("GET", ALERTS, query=f"number={said}")
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "number")
        assert refused.body["errors"][0]["mend"].startswith(mend)
    assert call("GET", f"{ALERTS}/{wrong}").status == 404


def test_tf5_an_alert_of_before_is_found_by_the_number_that_it_had(call, tables, watched, happens):
    watched()
    happens()
    for item in tables.everything_in("Alerts"):
        key = {"alert_id": item["alert_id"], "part": item["part"]}
        if item["alert_id"]["S"].startswith("number#"):
            tables.client.delete_item(TableName="Alerts", Key=key)
        elif item["part"]["S"] == "alert":
            alert = tables.alerts.find(item["alert_id"]["S"])
            doc = alert.model_copy(update={"arrest_number": ""}).model_dump_json(exclude_defaults=True)
            tables.client.put_item(TableName="Alerts", Item=item | {"doc": {"S": doc}})
    number = earlier_number(alert.alert_id)
    assert numbers(call) == [number]
    assert numbers(call, query=f"number={number}") == [number]
    assert call("GET", f"{ALERTS}/{number.lower()}").body["alert"]["alert_id"] == alert.alert_id


def test_tf5_an_item_says_who_what_where_to_whom_by_when_and_who_has_answered(call, tables, watched, happens):
    folder = Folder(folder_id="1" * 32, tab=Tab.TEAM, name="Gangs", roles={ADA["email"]: Role.OWNER})
    tables.subscriptions.folders.save(tables.subscriptions.folders.tree("kings").with_folder(folder))
    watched(recipients=[], urgency="urgent", folders=(folder.folder_id,))
    happens()
    [summary] = call("GET", ALERTS).body["summaries"]
    assert (summary["person"], summary["born"]) == ("EXAMPLE, Pat", "1990-02-03")
    assert (summary["event"], summary["event_on"], summary["agency"]) == ("arrest", "2026-11-19", "roster")
    assert (summary["urgency"], summary["folders"], summary["withdrawn"]) == ("urgent", ["Gangs"], False)
    assert datetime.fromisoformat(summary["escalates_at"]) == NOW + timedelta(minutes=15)
    call("PUT", f"{ALERTS}/{summary['number']}/acknowledgement")
    [summary] = call("GET", ALERTS).body["summaries"]
    assert (summary["answers"]["acknowledged_by"], summary["escalates_at"]) == (ADA["email"], None)


def test_tf5_an_item_shows_no_more_than_its_reader_may_see_now(call, tables, watched, happens):
    watched()
    seen, withdrawn = happens("K-1"), happens("K-2")
    withdraw_alerts(withdrawn.arrest_id, WithdrawDeps(tables.alerts, discard), NOW)
    shared_fields = ALL_FIELDS - {WithheldField.BIRTH}
    without = an_agreement("roster", ends=date(2999, 1, 1), fields=shared_fields)
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(without,), revision=1))
    by_arrest = {item["arrest_id"]: summary for item, summary in both(call)}
    assert by_arrest[seen.arrest_id]["born"] is None
    gone = by_arrest[withdrawn.arrest_id]
    assert (gone["withdrawn"], gone["person"], gone["event"], gone["event_on"]) == (True, None, None, None)
    over = an_agreement("roster", starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(over,), revision=2))
    assert both(call) == []


def both(call):
    body = call("GET", ALERTS).body
    return list(zip(body["items"], body["summaries"], strict=True))


def test_tf5_the_list_is_narrowed_by_each_filter(call, watched, happens):
    watched()
    watched(BO, owner=ADA["email"], criterion=CHARGE_WATCH, urgency="urgent")
    happens("K-1", at=NOW - timedelta(days=3))
    happens("K-2", agency="sheriff")
    first, second = sorted({summary["number"] for summary in call("GET", ALERTS).body["summaries"]})
    by_arrest = {item["agency"]: summary["number"] for item, summary in both(call)}
    today, then = NOW.date(), (NOW - timedelta(days=3)).date()
    assert len(numbers(call)) == 4
    assert sorted(numbers(call, query="mine=true")) == [first, second]
    assert sorted(numbers(call, query="urgency=urgent")) == [first, second]
    assert set(numbers(call, query="agency=sheriff")) == {by_arrest["sheriff"]}
    assert set(numbers(call, query=f"until={then + timedelta(days=1)}")) == {by_arrest["roster"]}
    assert set(numbers(call, query=f"since={today - timedelta(days=1)}")) == {by_arrest["sheriff"]}
    assert numbers(call, query="folder=Gangs") == []
    call("PUT", f"{ALERTS}/{by_arrest['roster']}/acknowledgement")
    assert len(numbers(call, query="unanswered=true")) == 3
    assert call("GET", ALERTS, query="urgency=loud").status == 422


def test_tf5_what_fits_is_found_behind_pages_of_what_does_not(call, watched, happens):
    watched()
    happens("K-0", at=NOW - timedelta(days=1), agency="sheriff")
    for number in range(1, 4):
        happens(f"K-{number}")
    assert len(numbers(call, query="agency=sheriff&limit=1")) == 1


def test_tf5_what_is_unanswered_is_counted(call, watched, happens):
    watched()
    watched(BO, urgency="urgent")
    happens("K-1")
    happens("K-2")
    first, _ = numbers(call)
    call("PUT", f"{ALERTS}/{first}/acknowledgement")
    assert call("GET", ALERTS).body["counts"] is None
    counts = call("GET", ALERTS, query="counts=true").body["counts"]
    assert counts.items() >= {"unanswered": 1, "urgent": 0, "complete": True}.items()
    counts = call("GET", ALERTS, claims=BO, query="counts=true").body["counts"]
    assert counts.items() >= {"unanswered": 2, "urgent": 2, "complete": True}.items()


def test_tf5_a_colleague_who_acknowledged_is_named_to_everybody_who_was_told(call, watched, happens):
    folder_watch = {"urgency": "urgent", "recipients": [{"email": ADA["email"]}, {"email": BO["email"]}]}
    watched(**folder_watch)
    happens()
    [number] = numbers(call, BO)
    call("PUT", f"{ALERTS}/{number}/acknowledgement", claims=BO)
    [own] = [summary for item, summary in both(call) if item["recipient"]["email"] == ADA["email"]]
    assert (own["answers"]["acknowledged_by"], own["escalates_at"]) == (BO["email"], None)


def test_tf5_a_super_owner_recalls_by_the_number(call, tables, number):
    tables.users.add(a_user("head@da.example.gov", rights=frozenset({Right.SUPER_OWNER})))
    head = ADA | {"email": "head@da.example.gov"}
    assert len(call("POST", f"{ALERTS}/{number}/recall", claims=head).body["alerts"]) == 2


def test_tf5_the_audit_names_the_alert_that_a_number_led_to(call, tables, number):
    [item] = call("GET", ALERTS, query="mine=true").body["items"]
    call("PUT", f"{ALERTS}/{number}/acknowledgement")
    docs = [item["doc"]["S"] for item in tables.everything_in("Audit") if "doc" in item]
    events = "".join(doc for doc in docs if "acknowledgement" in doc)
    assert f"alert:{item['alert_id']}" in events


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-11-20&until=2026-11-19", "until"),
        ("until=1970-01-01", "until"),
        ("until=9999-12-31", "until"),
        ("since=0001-01-01", "since"),
        ("since=9999-12-31", "since"),
    ],
)
def test_te2_days_between_which_no_alert_can_lie_are_refused(call, query, field):
    answer = call("GET", "/v1/alerts", query=query)
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)
