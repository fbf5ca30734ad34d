"""Every route of the document, asked by everybody: the answers are compared with a table that was written by hand.

A route that is not in the table fails the test, so nobody adds one without saying who may ask for it. Ids are those of
records of the office `kings`: whoever is of `queens` guesses right, and learns nothing.
"""

import re

import pytest

from shared.domain.users import Right
from tests.builders import NOW, SID_WATCH, a_subscription, a_user, a_wish
from tests.office_api.conftest import ADA

PEOPLE = ("super", "maker", "owner", "editor", "visitor", "nobody", "foreign", "gone")
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
CLAIMS = {name: ADA | {"email": f"{name}@da.example.gov"} for name in PEOPLE} | {"foreign": QUINN}

# y: let through to the route; n: 403; -: 404, as if it did not exist. In the order of PEOPLE.
EVERYBODY = "yyyyyyyn"
SUPER_OWNERS = "ynnnnnnn"
ONLY_THE_RIGHT_AUDIT = "nnnnnnnn"  # which none of these has: not even super-owners watch over themselves
READ_WATCH, CHANGE_WATCH = "yyyyy--n", "yyyyn--n"
READ_FOLDER, CHANGE_FOLDER = "y-yyy--n", "y-ynn--n"
NOBODY_YET = "-------n"  # an id of nothing
TABLE = {
    "GET /v1/subscriptions/{subscription_id}": READ_WATCH,
    "GET /v1/subscriptions/{subscription_id}/others": READ_WATCH,
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
    "GET /v1/alerts/{alert_id}": NOBODY_YET,
    "PUT /v1/alerts/{alert_id}/acknowledgement": NOBODY_YET,
    "PUT /v1/alerts/{alert_id}/verdict": NOBODY_YET,
    "POST /v1/alerts/{alert_id}/recall": NOBODY_YET,
    "GET /v1/reviews/{review_id}": NOBODY_YET,
    "POST /v1/reviews/{review_id}/confirm": NOBODY_YET,
    "POST /v1/reviews/{review_id}/dismiss": NOBODY_YET,
    "GET /v1/users": SUPER_OWNERS,
    "POST /v1/users": SUPER_OWNERS,
    "PUT /v1/users/{email}": SUPER_OWNERS,
    "DELETE /v1/users/{email}": SUPER_OWNERS,
    "POST /v1/users/{email}/recertification": SUPER_OWNERS,
    "GET /v1/reports/recertification": SUPER_OWNERS,
    "GET /v1/reports/users": SUPER_OWNERS,
    "GET /v1/audit": ONLY_THE_RIGHT_AUDIT,
    "POST /v1/audit/search": ONLY_THE_RIGHT_AUDIT,
    "GET /v1/audit/reviews": ONLY_THE_RIGHT_AUDIT,
    "POST /v1/audit/reviews/{week}": ONLY_THE_RIGHT_AUDIT,
} | dict.fromkeys(
    ["GET /v1/me", "GET /v1/me/preferences", "PUT /v1/me/preferences", "GET /v1/subscriptions",
     "POST /v1/subscriptions", "POST /v1/subscriptions/validations", "POST /v1/subscriptions/cancellations",
     "POST /v1/uploads/preview", "POST /v1/uploads", "GET /v1/folders", "POST /v1/folders", "POST /v1/backtest",
     "GET /v1/agreements", "GET /v1/alerts", "GET /v1/reviews", "GET /v1/reports/noise",
     "GET /v1/reports/delivery-times",
     "GET /v1/reports/folders", "GET /v1/reports/areas", "GET /v1/reports/acknowledgements", "GET /v1/reports/lapsing"],
    EVERYBODY,
)  # fmt: skip
# its own tests say who keeps lists; a link of a mail needs nobody to sign in, its signature says what it is for
ELSEWHERE = {"POST /v1/lists/{kind}", "GET /v1/links/{token}", "POST /v1/links/{token}"}


@pytest.fixture
def gate(tables, handler, call):
    """Asks the gate alone, which decides before any route runs: route, person -> its answer."""
    from functions.office_api import access, records  # noqa: PLC0415 - imported as Lambda does, by the fixture
    from functions.office_api.caller import SignedIn  # noqa: PLC0415
    from functions.office_api.problems import Refusal  # noqa: PLC0415

    for name in PEOPLE:
        if name != "foreign":
            rights = frozenset({Right.SUPER_OWNER} if name == "super" else ())
            gone = {"deprovisioned_at": NOW} if name == "gone" else {}
            tables.users.add(a_user(CLAIMS[name]["email"], rights=rights, **gone))
    folder = call("POST", "/v1/folders", {"name": "Gangs"}, CLAIMS["super"]).body["folder"]["folder_id"]
    for role in ("owner", "editor", "visitor"):
        to = f"/v1/folders/{folder}/roles/{CLAIMS[role]['email']}"
        assert call("PUT", to, {"role": role}, CLAIMS["super"]).status == 200
    one = a_subscription(owner=CLAIMS["maker"]["email"], folders=(folder,), recipients=[])
    tables.watch_list.add(one)
    ids = {"subscription_id": one.subscription_id, "folder_id": folder, "alert_id": "0" * 32, "review_id": "0" * 32}

    def ask(route: str, name: str) -> str:
        claims = CLAIMS[name]
        office = tables.offices.office(claims["custom:office"])
        by = SignedIn(tables.users.find(office.office_id, claims["email"]), office)
        path = {part: ids[part] for part in re.findall(r"{(\w+)}", route) if part in ids}
        try:
            access.passed(access._decided(by, access.ACTIONS[route], "", access._found(path, by)))
        except Refusal as refusal:
            return {403: "n", 404: "-"}[refusal.status]
        return "y"

    assert set(ids) == set(records.RECORDS)
    return ask


def test_every_route_answers_everybody_as_the_table_says(gate, call):
    paths = call("GET", "/v1/openapi.json").body["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert routes == set(TABLE) | ELSEWHERE
    got = {route: "".join(gate(route, name) for name in PEOPLE) for route in TABLE}
    # Who is gone is told nothing about any record: 404 where the path names one, 403 elsewhere.
    wanted = {route: row[:-1] + ("-" if "_id}" in route else "n") for route, row in TABLE.items()}
    assert got == wanted


def test_the_answers_to_a_right_guess_and_to_a_wrong_one_are_the_same(call, tables):
    made = call("POST", "/v1/subscriptions", a_wish(SID_WATCH)).body["subscription_id"]
    for method, body in (("GET", None), ("PUT", a_wish(recipients=[])), ("DELETE", None)):
        right = call(method, f"/v1/subscriptions/{made}", body, QUINN)
        wrong = call(method, f"/v1/subscriptions/{'0' * 32}", body, QUINN)
        assert (right.status, right.body) == (wrong.status, wrong.body) == (404, right.body)
