"""Every route of the document, asked by everybody, in every state of the records: the answers are compared with a table
that was written by hand.

A route that is not in the table fails the test, so nobody adds one without saying who may ask for it. Ids are those of
records of the office `kings`: whoever is of `queens` guesses right, and learns nothing.
"""

import re
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.model import Alert
from shared.arrests.model import NotifyMode, Provenance
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import Version
from shared.breaches.table import BreachesTable
from shared.disclosures.table import DisclosuresTable
from shared.offices.agreements import OfficeAgreements
from shared.offices.purposes import Purpose
from shared.offices.recipient import Recipient
from shared.offices.users import Machine, Right, Scope
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import Export
from tests.arrests.test_unsealing import an_unsealing
from tests.breaches.cases import a_breach
from tests.builders import (
    NAME_WATCH,
    NOW,
    PSEUDONYMS,
    SID_WATCH,
    a_subscription,
    a_user,
    a_wish,
    an_arrest,
    an_office,
    discard,
)
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import a_dispute, no_disputes
from tests.office_api.conftest import ADA
from tests.office_api.document import committed
from tests.offices.test_agreements import an_agreement

PEOPLE = ("super", "maker", "owner", "editor", "visitor", "nobody", "foreign", "gone")
WEBHOOK = "https://cases.da.example.gov/alerts"
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
CLAIMS = {name: ADA | {"email": f"{name}@da.example.gov"} for name in PEOPLE} | {"foreign": QUINN}

# y: let through to the route; n: 403; -: 404, as if it did not exist. In the order of PEOPLE.
EVERYBODY = "yyyyyyyn"
SUPER_OWNERS = "ynnnnnnn"
ONLY_THE_RIGHT_AUDIT = "nnnnnnnn"  # which none of these has: not even super-owners watch over themselves
ONLY_THE_RIGHT_PLACES = "nnnnnnnn"  # nor this one
ONLY_THE_RIGHT_RECORDS = "nnnnnnnn"  # none of these has it either
ONLY_THE_RIGHT_JUVENILE = "nnnnnnnn"  # nor this one
READ_WATCH, CHANGE_WATCH = "yyyyy--n", "yyyyn--n"
READ_FOLDER, CHANGE_FOLDER = "y-yyy--n", "y-ynn--n"
READ_ALERT = "-y--y--n"  # the visitor's: whose it is, and who made the watch
RECALL_ALERT = "yy--n--n"
READ_REVIEW, DECIDE_REVIEW = "yyyy---n", "nyyy---n"
NOTHING_THERE = "-------n"
READ_DISCLOSURE, DECIDE_DISCLOSURE = "-y-----n", "-n-----n"  # whose it is; nobody has the right `privacy`
READ_ARREST = "-yyyy--n"  # who was told of it, and who made the watch
TABLE = {
    "GET /v1/subscriptions/{subscription_id}": READ_WATCH,
    "GET /v1/subscriptions/{subscription_id}/others": READ_WATCH,
    "GET /v1/subscriptions/{subscription_id}/summary": READ_WATCH,
    "PUT /v1/subscriptions/{subscription_id}": CHANGE_WATCH,
    "DELETE /v1/subscriptions/{subscription_id}": CHANGE_WATCH,
    "POST /v1/subscriptions/{subscription_id}/validate": CHANGE_WATCH,
    "POST /v1/subscriptions/{subscription_id}/renew": CHANGE_WATCH,
    "POST /v1/subscriptions/{subscription_id}/uncancel": CHANGE_WATCH,
    "POST /v1/subscriptions/{subscription_id}/recipients": CHANGE_WATCH,
    "GET /v1/folders/{folder_id}": READ_FOLDER,
    "PUT /v1/folders/{folder_id}": CHANGE_FOLDER,
    "DELETE /v1/folders/{folder_id}": CHANGE_FOLDER,
    "POST /v1/folders/{folder_id}/archive": CHANGE_FOLDER,
    "DELETE /v1/folders/{folder_id}/archive": CHANGE_FOLDER,
    "PUT /v1/folders/{folder_id}/roles/{email}": CHANGE_FOLDER,
    "DELETE /v1/folders/{folder_id}/roles/{email}": CHANGE_FOLDER,
    "GET /v1/alerts/{alert_id}": READ_ALERT,
    "GET /v1/alerts/{alert_id}/print": READ_ALERT,
    "PUT /v1/alerts/{alert_id}/acknowledgement": READ_ALERT,
    "PUT /v1/alerts/{alert_id}/verdict": READ_ALERT,
    "PUT /v1/alerts/{alert_id}/outcome": READ_ALERT,
    "POST /v1/alerts/{alert_id}/recall": RECALL_ALERT,
    "GET /v1/arrests/{arrest_id}": NOTHING_THERE,  # nothing was agreed with its agency
    "GET /v1/arrests/{arrest_id}/history": NOTHING_THERE,
    "GET /v1/reviews/{review_id}": READ_REVIEW,
    "POST /v1/reviews/{review_id}/confirm": DECIDE_REVIEW,
    "POST /v1/reviews/{review_id}/dismiss": DECIDE_REVIEW,
    "GET /v1/disclosures/{disclosure_id}": READ_DISCLOSURE,
    "POST /v1/disclosures/{disclosure_id}/approve": DECIDE_DISCLOSURE,
    "POST /v1/disclosures/{disclosure_id}/refuse": DECIDE_DISCLOSURE,
    "GET /v1/disputes/{dispute_id}": READ_DISCLOSURE,
    "POST /v1/disputes/{dispute_id}/decision": DECIDE_DISCLOSURE,
    "GET /v1/disputes/{dispute_id}/statement": DECIDE_DISCLOSURE,
    "POST /v1/disclosures/{disclosure_id}/corrections/{notice}/told": READ_DISCLOSURE,
    "GET /v1/breaches/{breach_id}": READ_DISCLOSURE,
    "POST /v1/breaches/{breach_id}/confirm": DECIDE_DISCLOSURE,
    "POST /v1/breaches/{breach_id}/steps": DECIDE_DISCLOSURE,
    "POST /v1/breaches/{breach_id}/close": DECIDE_DISCLOSURE,
    "GET /v1/juvenile-openings": ONLY_THE_RIGHT_JUVENILE,
    "POST /v1/juvenile-openings": ONLY_THE_RIGHT_JUVENILE,
    "GET /v1/juvenile-openings/{opening_id}": NOTHING_THERE,  # more in test_juvenile_openings.py
    "POST /v1/juvenile-openings/{opening_id}/approve": NOTHING_THERE,
    "POST /v1/juvenile-openings/{opening_id}/refuse": NOTHING_THERE,
    "POST /v1/juvenile-openings/{opening_id}/close": NOTHING_THERE,
    "GET /v1/juvenile-openings/{opening_id}/record": NOTHING_THERE,
    "GET /v1/unsealings/{unsealing_id}": "--------",  # nobody has the right `seal`
    "POST /v1/unsealings/{unsealing_id}/approve": "--------",
    "POST /v1/unsealings/{unsealing_id}/refuse": "--------",
    "POST /v1/lists/{kind}": SUPER_OWNERS,
    "GET /v1/office": SUPER_OWNERS,
    "PUT /v1/office": SUPER_OWNERS,
    "PUT /v1/sources/{source_kind}/{source}": SUPER_OWNERS,
    "GET /v1/users": SUPER_OWNERS,
    "POST /v1/users": SUPER_OWNERS,
    "PUT /v1/users/{email}": SUPER_OWNERS,
    "DELETE /v1/users/{email}": SUPER_OWNERS,
    "GET /v1/users/{email}/holdings": SUPER_OWNERS,
    "POST /v1/users/{email}/invitation": SUPER_OWNERS,
    "POST /v1/users/{email}/recertification": SUPER_OWNERS,
    "GET /v1/reports/recertification": SUPER_OWNERS,
    "PUT /v1/users/{email}/personnel": SUPER_OWNERS,
    "POST /v1/users/{email}/trainings": SUPER_OWNERS,
    "POST /v1/users/{email}/opening": SUPER_OWNERS,
    "GET /v1/reports/accounts": SUPER_OWNERS,
    "GET /v1/reports/users": SUPER_OWNERS,
    "POST /v1/places/history": ONLY_THE_RIGHT_PLACES,
    "GET /v1/case-entries": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/case-entries": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/case-entries/{entry}/take-back": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/holds": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/holds": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/holds/{hold}": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/holds/{hold}/end": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/holds/{hold}/end/confirm": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/holds/{hold}/end/refuse": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/records-request-rules": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/records-requests": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/records-requests": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/records-requests/{request}": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/records-requests/{request}/records": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/records-requests/{request}/steps": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/records-requests/{request}/notes": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/records-requests/{request}/exports": ONLY_THE_RIGHT_RECORDS,
    "POST /v1/records-requests/{request}/exports": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/records-exports/{export_id}": NOTHING_THERE,  # who asked for it and has the right `records`: nobody here
    "GET /v1/retention": ONLY_THE_RIGHT_RECORDS,
    "GET /v1/reports/releases": SUPER_OWNERS,
    "GET /v1/reports/wanted-in-custody": SUPER_OWNERS,
    "GET /v1/reports/fairness": SUPER_OWNERS,
    "GET /v1/reports/beliefs": ONLY_THE_RIGHT_AUDIT,
    "POST /v1/reports/beliefs": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/audit": ONLY_THE_RIGHT_AUDIT,
    "POST /v1/audit/search": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/audit/tellings": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/audit/weeks": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/reports/uses": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/audit/weeks/{week}": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/audit/reviews": ONLY_THE_RIGHT_AUDIT,
    "POST /v1/audit/reviews/{week}": ONLY_THE_RIGHT_AUDIT,
} | dict.fromkeys(
    ["GET /v1/me", "GET /v1/colleagues", "GET /v1/vocabulary", "GET /v1/agencies",
     "GET /v1/governance", "GET /v1/me/policy", "PUT /v1/me/acknowledgement",
     "GET /v1/me/preferences", "PUT /v1/me/preferences", "GET /v1/subscriptions",
     "GET /v1/subscriptions/calendar",
     "POST /v1/subscriptions", "POST /v1/subscriptions/search",
     "POST /v1/subscriptions/validations", "POST /v1/subscriptions/cancellations",
     "POST /v1/uploads/preview", "POST /v1/uploads", "GET /v1/folders", "POST /v1/folders", "POST /v1/backtest",
     "GET /v1/sources", "POST /v1/arrests/search", "GET /v1/agreements",
     "GET /v1/alerts", "GET /v1/reviews", "GET /v1/reports/noise",
     "GET /v1/notices", "GET /v1/reports/without-reader", "GET /v1/reports/possible-matches",
     "GET /v1/reports/delivery-times",
     "GET /v1/seal-rules",
     "GET /v1/disclosure-rules", "GET /v1/disclosures", "POST /v1/disclosures", "GET /v1/reports/disclosures",
     "GET /v1/reports/disclosures-of-two-years",
     "GET /v1/dispute-rules", "GET /v1/disputes", "POST /v1/disputes", "GET /v1/corrections",
     "GET /v1/breaches", "POST /v1/breaches",
     "GET /v1/reports/folders", "GET /v1/reports/areas", "GET /v1/reports/acknowledgements", "GET /v1/reports/lapsing"],
    EVERYBODY,
)  # fmt: skip
# An agency whose feed the office keeps is there for whom one of these rights makes its keeper, and for nobody else; not
# even for super-owners. In the order of KEEPERS.
KEEPERS = (Right.FEEDS, Right.QUARANTINE, Right.SEAL, Right.SUPER_OWNER, Right.JUVENILE)
AGENCIES = {
    "GET /v1/agencies/{agency_id}": "yyy-y",
    "GET /v1/agencies/{agency_id}/profile": "yyy-y",
    "PUT /v1/agencies/{agency_id}/profile": "ynn-n",
    "POST /v1/agencies/{agency_id}/profile/confirmation": "nnn-y",
    "POST /v1/agencies/{agency_id}/suggest": "ynn-n",
    "GET /v1/agencies/{agency_id}/drops": "yyn-n",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}": "yyn-n",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/rejects": "ynn-n",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/rejects/rows": "yyn-n",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/raw": "nny-n",
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/release": "nyn-n",
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/discard": "nyn-n",
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/replay": "nyn-n",
    "POST /v1/agencies/{agency_id}/uploads": "ynn-n",
    "POST /v1/agencies/{agency_id}/files": "ynn-n",
    "POST /v1/agencies/{agency_id}/dry-run": "ynn-n",
    "POST /v1/agencies/{agency_id}/arrests": "ynn-n",
    "POST /v1/agencies/{agency_id}/seals": "nny-n",
    "GET /v1/agencies/{agency_id}/seals": "nny-n",
    "POST /v1/agencies/{agency_id}/seals/{lock}/answer": "nny-n",
    "GET /v1/agencies/{agency_id}/unsealings": "nny-n",
    "GET /v1/agencies/{agency_id}/seal-certificates": "nny-n",
    "POST /v1/agencies/{agency_id}/unsealings": "nny-n",
}
TABLE |= dict.fromkeys(AGENCIES, "--------")
# A machine with one scope, and the agency's feed its office's: what it may ask at all. In the order of Scope.
MACHINES = {
    "POST /v1/lists/{kind}": "ynnn",
    "POST /v1/subscriptions": "nynn",
    "GET /v1/subscriptions": "nynn",
    "GET /v1/subscriptions/calendar": "nynn",
    "POST /v1/subscriptions/search": "nynn",
    "GET /v1/agencies/{agency_id}": "--y-",
    "GET /v1/agencies/{agency_id}/profile": "--y-",
    "PUT /v1/agencies/{agency_id}/profile": "--n-",
    "POST /v1/agencies/{agency_id}/profile/confirmation": "--n-",
    "POST /v1/agencies/{agency_id}/suggest": "--n-",
    "GET /v1/agencies/{agency_id}/drops": "--y-",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}": "--y-",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/rejects": "--y-",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/rejects/rows": "--y-",
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/raw": "--n-",
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/release": "--n-",
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/discard": "--n-",
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/replay": "--n-",
    "POST /v1/agencies/{agency_id}/uploads": "--y-",
    "POST /v1/agencies/{agency_id}/files": "--y-",
    "POST /v1/agencies/{agency_id}/dry-run": "--y-",
    "POST /v1/agencies/{agency_id}/arrests": "--y-",
    "POST /v1/agencies/{agency_id}/seals": "--n-",
    "GET /v1/agencies/{agency_id}/seals": "--n-",
    "POST /v1/agencies/{agency_id}/seals/{lock}/answer": "--n-",
    "GET /v1/agencies/{agency_id}/unsealings": "--n-",
    "GET /v1/agencies/{agency_id}/seal-certificates": "--n-",
    "POST /v1/agencies/{agency_id}/unsealings": "--n-",
}
MACHINES |= {route: "----" if "_id}" in route else "nnnn" for route in TABLE if route not in MACHINES}
ITS_OWN_WATCH = {
    "GET /v1/subscriptions/{subscription_id}": "-y--",
    "GET /v1/subscriptions/{subscription_id}/others": "-n--",
    "GET /v1/subscriptions/{subscription_id}/summary": "-y--",
    "PUT /v1/subscriptions/{subscription_id}": "-y--",
    "DELETE /v1/subscriptions/{subscription_id}": "-y--",
    "POST /v1/subscriptions/{subscription_id}/validate": "-n--",
    "POST /v1/subscriptions/{subscription_id}/renew": "-n--",
    "POST /v1/subscriptions/{subscription_id}/uncancel": "-n--",
    "POST /v1/subscriptions/{subscription_id}/recipients": "-y--",
}
SENT_TO_ITS_WEBHOOK = {
    "GET /v1/alerts/{alert_id}": "---y",
    "GET /v1/alerts/{alert_id}/print": "---n",
    "PUT /v1/alerts/{alert_id}/acknowledgement": "---y",
    "PUT /v1/alerts/{alert_id}/verdict": "---n",
    "PUT /v1/alerts/{alert_id}/outcome": "---n",
    "POST /v1/alerts/{alert_id}/recall": "---n",
}
# a link of a mail needs nobody to sign in, its signature says what it is for
ELSEWHERE = {"GET /v1/links/{token}", "POST /v1/links/{token}"}


ABOUT_AN_ARREST = [route for route in TABLE if "{alert_id}" in route or "{review_id}" in route]
NOT_AGREED = dict.fromkeys(ABOUT_AN_ARREST, NOTHING_THERE) | {"POST /v1/alerts/{alert_id}/recall": "yy-----n"}
STATES = {  # what differs from the table
    "usual": {},
    "archived": {},  # a folder that is only read is read, changed and taken back as before
    "cancelled": {},
    "an agreement with the agency is in force": dict.fromkeys(
        ["GET /v1/arrests/{arrest_id}", "GET /v1/arrests/{arrest_id}/history"], READ_ARREST
    ),
    "the agreement with the agency is over": NOT_AGREED,
    "the agreement is for another purpose": NOT_AGREED,
    "the office is suspended": {
        route: "-------n" if "_id}" in route else "nnnnnnnn" for route in TABLE
    },
    "the office's type may not subscribe": {
        route: "-------n" if "_id}" in route else "nnnnnnnn" for route in TABLE
    },
}  # fmt: skip
OF_ITS_OWN_OFFICE = PEOPLE.index("foreign")  # whom a state of `kings` does not touch where no record is named


@pytest.fixture
def records_of_kings(tables, handler, call):
    """A folder, a watch in it, an alert of the visitor's and a possible match, by the name of the id in a path."""
    for name in PEOPLE:
        if name != "foreign":
            rights = frozenset({Right.SUPER_OWNER} if name == "super" else ())
            gone: dict[str, Any] = {"deprovisioned_at": NOW} if name == "gone" else {}
            tables.users.add(a_user(CLAIMS[name]["email"], rights=rights, **gone))
    folder = call("POST", "/v1/folders", {"name": "Gangs"}, CLAIMS["super"]).body["folder"]["folder_id"]
    for role in ("owner", "editor", "visitor"):
        to = f"/v1/folders/{folder}/roles/{CLAIMS[role]['email']}"
        assert call("PUT", to, {"role": role}, CLAIMS["super"]).status == 200
    one = a_subscription(NAME_WATCH, owner=CLAIMS["maker"]["email"], folders=(folder,), recipients=[])
    tables.watch_list.add(one)
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    arrests = [an_arrest(sid=None), an_arrest("K-2", sid=None, born=date(1981, 9, 28))]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), NOW)
    match_versions([Version(arrest, None, NOW, NOW) for arrest in arrests], alerting, NOW)
    stored = tables.everything_in("Alerts")
    alerts = [Alert.model_validate_json(item["doc"]["S"]) for item in stored if item["part"]["S"] == "alert"]
    (alert,) = (one for one in alerts if one.recipient.root == {"email": CLAIMS["visitor"]["email"]})
    (review,) = call("GET", "/v1/reviews", claims=CLAIMS["maker"]).body["items"]
    DisclosuresTable(tables.client, "Subscriptions").save(a_disclosure(requested_by=CLAIMS["maker"]["email"]))
    BreachesTable(tables.client, "Subscriptions").save(a_breach(CLAIMS["maker"]["email"]))
    dispute = a_dispute(CLAIMS["maker"]["email"])
    tables.subscriptions.disputes.save(no_disputes().with_dispute(dispute))
    UnsealingsTable(tables.client, "Agencies").save(an_unsealing(requested_by=CLAIMS["maker"]["email"]))
    tables.offices.enrol(an_office(agencies=("testville",)))
    for scope in Scope:
        machine = Machine(client_id=scope, scopes=frozenset({scope}), purpose=Purpose.INVESTIGATION)
        tables.users.add(a_user(f"machine-{scope}@da.example.gov", machine=machine))
    for right in KEEPERS:
        tables.users.add(a_user(f"{right}@da.example.gov", rights=frozenset({right})))
    return {"subscription_id": one.subscription_id, "folder_id": folder, "alert_id": alert.alert_id,
            "arrest_id": alert.arrest_id,
            "review_id": review["review_id"], "disclosure_id": a_disclosure().disclosure_id,
            "dispute_id": dispute.dispute_id, "breach_id": a_breach().breach_id,
            "export_id": an_export(tables),
            "opening_id": "20261120090000" + "a" * 18,
            "unsealing_id": an_unsealing().unsealing_id,
            "agency_id": "testville"}  # fmt: skip


def an_export(tables) -> str:
    export = Export(
        export_id="20261102150000" + "e" * 18, request_id="20261102150000" + "0" * 18, office_id="kings",
        disclosure_id=a_disclosure().disclosure_id, arrest_ids=("a" * 32,), purpose="investigation",
        asked_by=CLAIMS["maker"]["email"], asked_at=NOW,
    )  # fmt: skip
    ExportsTable(tables.client, "Subscriptions").save(export)
    return export.export_id


@pytest.fixture
def put_into(tables, records_of_kings, call):
    """Brings the records into a state."""

    def bring(state: str) -> None:
        agreement = None
        match state:
            case "archived":
                path = f"/v1/folders/{records_of_kings['folder_id']}/archive"
                assert call("POST", path, claims=CLAIMS["super"]).status == 200
            case "cancelled":
                path = f"/v1/subscriptions/{records_of_kings['subscription_id']}"
                assert call("DELETE", path, claims=CLAIMS["maker"]).status == 200
            case "an agreement with the agency is in force":
                agreement = an_agreement(ends=date(2999, 12, 31))
            case "the agreement with the agency is over":
                agreement = an_agreement(starts=date(2020, 1, 1), ends=date(2020, 12, 31))
            case "the agreement is for another purpose":
                agreement = an_agreement(ends=date(2999, 1, 1), purposes=frozenset({Purpose.WARRANT}))
            case "the office is suspended":
                tables.offices.enrol(an_office(suspended=True))
            case "the office's type may not subscribe":
                tables.offices.enrol(an_office(ori="NY000000Z"))
        if agreement:
            tables.subscriptions.agreements.save(
                OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
            )

    return bring


@pytest.fixture
def gate(tables, records_of_kings, handler):
    """Asks the gate alone, which decides before any route runs: route, person -> its answer."""
    from shared.office_api.answers.problems import RefusalError  # noqa: PLC0415
    from shared.office_api.gate import resources  # noqa: PLC0415 - imported as Lambda does, by the fixture
    from shared.office_api.gate.authentication import SignedIn  # noqa: PLC0415
    from shared.office_api.middleware import authorization  # noqa: PLC0415 - imported as Lambda does, by the fixture

    assert set(records_of_kings) == set(resources.RESOURCE_LOADERS)

    @cache  # nothing changes while it is asked, and reading it anew for each route takes most of the time
    def signed_in(name: str) -> SignedIn:
        claims = CLAIMS.get(name) or ADA | {"email": f"{name}@da.example.gov"}
        office = tables.offices.office(claims["custom:office"])
        return SignedIn(tables.users.find(office.office_id, claims["email"]), office, "investigation")

    @cache
    def load_resource(named: str | None, name: str) -> resources.LoadedResource:
        return authorization._load_resource({named: records_of_kings[named]} if named else {}, signed_in(name))

    actions = {endpoint.key: endpoint.action for endpoint in handler.app.endpoints.all}

    def ask(route: str, name: str) -> str:
        named = next((part for part in re.findall(r"{(\w+)}", route) if part in records_of_kings), None)
        by = signed_in(name)
        try:
            authorization.require_allowed(
                authorization._decide(by, actions[route], by.purpose, load_resource(named, name))
            )
        except RefusalError as refusal:
            return {403: "n", 404: "-"}[refusal.status]
        return "y"

    return ask


def test_the_table_names_every_route_of_the_document(call):
    paths = committed()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert routes == set(TABLE) | ELSEWHERE, "write the row of the route in TABLE: one letter for each of PEOPLE"


# One state of each row that differs; the others, where the same is asked again, are thorough.
SHOWN = ("usual", "the agreement with the agency is over", "the office is suspended")


@pytest.mark.parametrize(
    "state", [pytest.param(state, marks=() if state in SHOWN else pytest.mark.thorough) for state in STATES]
)
def test_w17_every_route_answers_everybody_as_the_table_says(gate, put_into, state):
    put_into(state)
    got = {route: "".join(gate(route, name) for name in PEOPLE) for route in TABLE}
    assert got == {route: _wanted(route, state) for route in TABLE}
    assert {row[OF_ITS_OWN_OFFICE] for route, row in got.items() if "_id}" in route} == {"-"}, (
        "another office's records"
    )


def _wanted(route: str, state: str) -> str:
    """Who is gone is told nothing about any record: 404 where the path names one, 403 elsewhere."""
    named = "_id}" in route
    row = STATES[state].get(route, TABLE[route])
    foreign = "-" if named else TABLE[route][OF_ITS_OWN_OFFICE]
    return row[:OF_ITS_OWN_OFFICE] + foreign + ("-" if named else "n")


@pytest.mark.parametrize("state", ["plain", "juvenile", "sealed", "held"])
@pytest.mark.parametrize("right", ["none", "juvenile"])
def test_the_arrest_of_an_alert_is_shown_as_its_state_allows_whatever_the_readers_rights(
    tables, call, records_of_kings, state, right
):
    visitor = tables.users.find("kings", CLAIMS["visitor"]["email"])
    if right != "none":
        tables.users.change(visitor, visitor.model_copy(update={"rights": frozenset({Right(right)}), "revision": 2}))
    arrest, later = an_arrest(sid=None), NOW + timedelta(hours=1)
    if state == "juvenile":  # as the agency corrected it
        young = arrest.model_copy(update={"juvenile": True})
        tables.arrests.store([young], Provenance(drop_id="e", dropped_at=later), later)
    elif state == "held":  # a newer version: what was told before is seen
        more = an_arrest(sid=None, statutes=("PL 160.10",))
        tables.arrests.store([more], Provenance(drop_id="e", dropped_at=later, notify_mode=NotifyMode.HELD), later)
    elif state == "sealed":
        by = Provenance(drop_id="e", dropped_at=later)
        tables.seals.seal(arrest.arrest_id, arrest.agency, ["a" * 32], by, later)
    shown = call("GET", f"/v1/alerts/{records_of_kings['alert_id']}", claims=CLAIMS["visitor"]).body["arrest"]
    assert (shown is not None) is (state in ("plain", "held"))
    assert "PL 160.10" not in str(shown)


def test_an_id_that_is_guessed_finds_nothing_for_anybody(call, records_of_kings):
    kinds, people = ("subscriptions", "alerts", "arrests", "reviews", "folders"), ("super", "foreign")
    guesses = ("0" * 32, "f" * 31, "F" * 32, "..%2f" + "0" * 27, "*", "' or 1=1")
    for kind, guess, name in product(kinds, guesses, people):
        assert call("GET", f"/v1/{kind}/{guess}", claims=CLAIMS[name]).status in (404, 422), (kind, guess, name)


def test_an_agencys_routes_answer_each_right_as_the_table_says(gate):
    assert {route: "".join(gate(route, right) for right in KEEPERS) for route in AGENCIES} == AGENCIES


def test_every_route_answers_a_machine_of_each_scope_as_the_table_says(gate):
    assert {route: "".join(gate(route, f"machine-{scope}") for scope in Scope) for route in TABLE} == MACHINES


def test_a_machine_has_to_do_with_the_watches_alone_that_it_made(gate, tables, records_of_kings):
    before = tables.subscriptions.find("kings", records_of_kings["subscription_id"])
    theirs = before.model_copy(update={"owner": "machine-subscriptions@da.example.gov", "revision": 2})
    tables.watch_list.replace(before, theirs)
    got = {route: "".join(gate(route, f"machine-{scope}") for scope in Scope) for route in ITS_OWN_WATCH}
    assert got == ITS_OWN_WATCH


@pytest.mark.parametrize(
    ("received", "went_to", "is_its_own"),
    [
        (WEBHOOK, {"webhook": WEBHOOK}, True),
        ("cases", {"topic": "cases"}, True),
        (WEBHOOK, {"email": "visitor@da.example.gov", "webhook": WEBHOOK}, True),
        (WEBHOOK, {"topic": "cases"}, False),
        (WEBHOOK, {"email": "visitor@da.example.gov"}, False),
        ("https://old.da.example.gov/alerts", {"webhook": "https://old.da.example.gov/alerts"}, False),
    ],
)
def test_tf6_a_machine_has_to_do_with_the_alerts_alone_that_went_to_what_it_receives(
    gate, tables, records_of_kings, received, went_to, is_its_own
):
    """The last webhook is no webhook of the office any more."""
    for scope in Scope:
        before = tables.users.find("kings", f"machine-{scope}@da.example.gov")
        machine = before.machine.model_copy(update={"receives": (received,)})
        tables.users.change(before, before.model_copy(update={"machine": machine, "revision": 2}))
    alert = tables.alerts.find(records_of_kings["alert_id"])
    sent = alert.model_copy(update={"recipient": Recipient(went_to), "revision": alert.revision + 1})
    assert tables.alerts.store(sent)
    got = {route: "".join(gate(route, f"machine-{scope}") for scope in Scope) for route in TABLE}
    assert got == MACHINES | (SENT_TO_ITS_WEBHOOK if is_its_own else {})


def test_a_role_on_a_folder_shows_a_machine_nothing(gate, call, records_of_kings):
    to = f"/v1/folders/{records_of_kings['folder_id']}/roles/machine-subscriptions@da.example.gov"
    assert call("PUT", to, {"role": "owner"}, CLAIMS["super"]).status == 200
    got = {route: "".join(gate(route, f"machine-{scope}") for scope in Scope) for route in TABLE}
    assert got == MACHINES


def test_the_answers_to_a_right_guess_and_to_a_wrong_one_are_the_same(call, tables):
    made = call("POST", "/v1/subscriptions", a_wish(SID_WATCH)).body["subscription_id"]
    for method, body in (("GET", None), ("PUT", a_wish(recipients=[])), ("DELETE", None)):
        right = call(method, f"/v1/subscriptions/{made}", body, QUINN)
        wrong = call(method, f"/v1/subscriptions/{'0' * 32}", body, QUINN)
        assert (right.status, right.body) == (wrong.status, wrong.body) == (404, right.body)
