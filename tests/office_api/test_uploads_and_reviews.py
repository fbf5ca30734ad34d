"""A list into a folder, and the age and number of possible matches."""

from base64 import b64encode
from datetime import date, timedelta

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.users import Right
from tests.builders import NAME_WATCH, NOW, PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

CSV = b"surname,given,date_of_birth,basis,case_number\nExample,Pat,1990-02-03,open case,C-1\nExample,Pat,,warrant,W-1\n"
FILE = {"format": "csv", "content": b64encode(CSV).decode()}
SUPER, BO = (ADA | {"email": f"{name}@da.example.gov"} for name in ("super", "bo"))


def test_kr11_a_list_goes_into_the_folder_that_was_chosen_and_a_row_that_is_watched_stays_where_it_is(
    call: Call, tables: Tables
) -> None:
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))
    folder = call("POST", "/v1/folders", {"name": "Gangs"}, SUPER).body["folder"]["folder_id"]
    role = f"/v1/folders/{folder}/roles/{ADA['email']}"
    file = FILE | {"folder": folder}
    assert call("POST", "/v1/uploads/preview", file).status == 404  # it is not Ada's
    for name, status in (("visitor", 403), ("editor", 200)):
        assert call("PUT", role, {"role": name}, SUPER).status == 200
        looked = call("POST", "/v1/uploads/preview", file)
        assert looked.status == status
    taken = call("POST", "/v1/uploads", file | {"seen": looked.body["seen"]}, idempotency_key="k-1")
    assert [line["became"] for line in taken.body["lines"]] == ["new", "rejected"]
    assert call("POST", "/v1/uploads", file | {"seen": looked.body["seen"]}, idempotency_key="k-1").body == taken.body
    [watch] = call("GET", "/v1/subscriptions").body["items"]
    assert watch["folders"] == [folder]
    again = call("POST", "/v1/uploads", FILE | {"seen": looked.body["seen"]})
    assert again.body["lines"][0]["became"] == "known"
    assert call("GET", "/v1/subscriptions").body["items"] == [watch]
    assert call("POST", "/v1/uploads/preview", FILE | {"folder": "0" * 32}, BO).status == 404


def test_kr11_possible_matches_say_what_is_watched_how_old_they_are_and_how_many_wait(
    call: Call, tables: Tables
) -> None:
    tables.watch_list.add(a_subscription(NAME_WATCH, recipients=[]))
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    for number, born in (("K-1", date(1981, 9, 28)), ("K-2", date(1985, 1, 2))):
        arrest, came_at = an_arrest(number, sid=None, born=born), NOW - timedelta(days=int(number[-1]))
        tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=came_at), came_at)
        match_versions([Version(arrest, None, came_at, came_at)], deps, came_at)
    page = call("GET", "/v1/reviews").body
    assert [summary["review_id"] for summary in page["summaries"]] == [item["review_id"] for item in page["items"]]
    assert {summary["title"] for summary in page["summaries"]} == {"Pat EXAMPLE, born Feb 3, 1990"}
    assert page["summaries"][1]["days"] - page["summaries"][0]["days"] == 1
    assert page["yours"]["waiting"] == 2
    assert page["yours"] == call("GET", "/v1/me").body["possible_matches"]
    call("POST", f"/v1/reviews/{page['items'][0]['review_id']}/dismiss")
    assert call("GET", "/v1/reviews").body["yours"]["waiting"] == 1
    assert call("GET", "/v1/reviews", claims=BO).body["yours"] == {"waiting": 0, "oldest": None}
