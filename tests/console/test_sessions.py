"""A session: its token, its end, its purpose, and the sign-out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from tests.conftest import Tables
from tests.console.at_the_door import ALERT, SESSION, age, rows, walk_in
from tests.console.conftest import SIGN_IN_URL, URL, Browser
from tests.console.pool import ANOTHER, CLIENT, Pool
from tests.office_api.conftest import ADA


def test_kd7_an_id_token_that_is_nearly_over_is_renewed_and_says_what_is_true_now(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    walk_in(browser, pool)
    browser.post("/console/purpose", {"purpose": "audit", "next": ""})
    soon = datetime.now(UTC) + timedelta(seconds=30)
    age(browser, token_ends_at=soon)
    pool.claims = {"custom:note": "renewed"}
    assert browser.get(ALERT).status == 200
    assert "renewed" in str(rows(tables))
    assert [form["grant_type"] for form in pool.asked] == ["authorization_code", "refresh_token"]
    assert pool.asked[1]["refresh_token"] == "a-refresh-token"
    browser.get(ALERT)
    assert len(pool.asked) == 2, "not at every click"


def test_kd7_whoever_left_at_the_identity_provider_is_out_at_the_next_click_after_the_token(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    for change in ({"refuses": True}, {"claims": {"sub": "another"}}, {"key": ANOTHER}):
        walk_in(browser, pool)
        age(browser, token_ends_at=datetime.now(UTC) + timedelta(seconds=30))
        for name, value in change.items():
            setattr(pool, name, value)
        assert browser.get(ALERT).location.startswith("/console/session-over?")
        assert rows(tables) == []
        pool.refuses, pool.claims, pool.key = False, {}, Pool().key


def test_kd7_while_the_pool_does_not_answer_a_token_is_used_until_it_ends_and_no_longer(
    browser: Browser, pool: Pool
) -> None:
    walk_in(browser, pool)
    browser.post("/console/purpose", {"purpose": "audit", "next": ""})
    pool.is_silent = True
    age(browser, token_ends_at=datetime.now(UTC) + timedelta(seconds=30))
    assert browser.get(ALERT).status == 200
    age(browser, token_ends_at=datetime.now(UTC) - timedelta(seconds=1))
    assert browser.get(ALERT).status == 503
    pool.is_silent = False
    assert browser.get(ALERT).status == 200


def test_kd8_a_person_who_is_removed_is_out_at_the_next_click(browser: Browser, pool: Pool, tables: Tables) -> None:
    walk_in(browser, pool)
    browser.post("/console/purpose", {"purpose": "audit", "next": ""})
    user = tables.users.find("kings", ADA["email"])
    assert user
    tables.users.change(user, user.model_copy(update={"deprovisioned_at": datetime.now(UTC), "revision": 2}))
    answer = browser.get(ALERT)
    assert (answer.status, answer.texts("//h1")) == (403, ["You are signed out"])
    assert rows(tables) == []
    assert SESSION not in browser.cookies
    assert pool.revoked == ["a-refresh-token"]


def test_kd8_who_only_lacks_a_right_stays_signed_in(browser: Browser, pool: Pool, tables: Tables) -> None:
    walk_in(browser, pool)
    browser.post("/console/purpose", {"purpose": "audit", "next": ""})
    assert browser.get("/console/alerts/0000000000000000000000000000dead").status == 404
    assert len(rows(tables)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"seen_at": datetime.now(UTC) - timedelta(minutes=31)},
        {"began_at": datetime.now(UTC) - timedelta(hours=9)},
    ],
    ids=["idle for half an hour", "eight hours"],
)
def test_kd9_cjis_ac_11_ia_11_a_session_that_is_over_says_so_and_leads_back(
    changes: dict[str, datetime], browser: Browser, pool: Pool, tables: Tables
) -> None:
    walk_in(browser, pool)
    age(browser, **changes)
    over = browser.get(browser.get(ALERT).location)
    assert over.texts("//h1") == ["You are signed out"]
    assert over.page.xpath("//main//a/@href") == [f"/console/sign-in?{urlencode({'next': ALERT})}"]
    assert rows(tables) == []
    assert SESSION not in browser.cookies


def test_kd9_a_form_that_comes_after_the_end_is_not_taken_and_the_page_says_so(browser: Browser, pool: Pool) -> None:
    walk_in(browser, pool)
    csrf = browser.csrf
    age(browser, seen_at=datetime.now(UTC) - timedelta(minutes=31))
    answer = browser.post("/console/purpose", {"purpose": "audit", "csrf": csrf})
    over = browser.get(answer.location)
    assert "The form that you sent was not taken: nothing was changed." in over.texts("//main/p")


def test_kd10_cjis_ac_12_signing_out_ends_the_session_everywhere_and_the_back_button_shows_nothing(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    walk_in(browser, pool)
    browser.post("/console/purpose", {"purpose": "audit", "next": ""})
    assert browser.get(ALERT).headers["Cache-Control"] == "no-store"
    earlier = dict(browser.cookies)
    answer = browser.post("/console/sign-out")
    leave = {"client_id": CLIENT, "logout_uri": f"{URL}/console/signed-out"}
    assert answer.location == f"{SIGN_IN_URL}/logout?{urlencode(leave)}"
    assert (rows(tables), pool.revoked) == ([], ["a-refresh-token"])
    assert SESSION not in browser.cookies
    assert browser.get(ALERT).location.startswith("/console/sign-in")
    stolen = Browser(browser.handler, earlier)
    assert stolen.get(ALERT).location.startswith("/console/session-over"), "the cookie opens nothing any more"
    assert stolen.post("/console/sign-out").location == "/console/signed-out", "pressed in a second tab"
    assert browser.get("/console/signed-out").texts("//h1") == ["You are signed out"]


def test_kd10_a_click_that_crosses_the_sign_out_does_not_open_the_session_again(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    from functions.console import dependencies  # noqa: PLC0415 - as above
    from functions.console.sessions.model import hash_of  # noqa: PLC0415

    walk_in(browser, pool)
    on_its_way = dependencies.sessions.find(hash_of(browser.cookies[SESSION]))
    assert on_its_way
    assert dependencies.sessions.change(on_its_way, seen_at=datetime.now(UTC))
    purpose = dependencies.sessions.change(on_its_way, csrf="of another tab")
    assert purpose
    assert purpose.seen_at > on_its_way.seen_at, "two tabs lose nothing of each other"
    dependencies.sessions.delete(on_its_way.session_hash)
    assert dependencies.sessions.change(on_its_way, seen_at=datetime.now(UTC)) is None
    assert rows(tables) == []


def test_kd10_another_site_can_neither_sign_somebody_out_nor_state_their_purpose(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    walk_in(browser, pool)
    for path, fields in (("/console/sign-out", {}), ("/console/purpose", {"purpose": "audit"})):
        assert browser.post(path, fields, origin="https://evil.example").status == 403
        assert browser.post(path, fields | {"csrf": "guess"}).status == 403
        assert browser.get(path).status in {200, 404}, "no link does it"
    [row] = rows(tables)
    assert '"purpose":null' in row["doc"]["S"]


def test_kd11_immigration_enforcement_is_no_purpose_here(browser: Browser, pool: Pool, tables: Tables) -> None:
    walk_in(browser, pool)
    for purpose in ("", "anything"):
        answer = browser.post("/console/purpose", {"purpose": purpose, "next": ALERT})
        assert answer.texts("//div[@class='errors']//a") == ["Choose one purpose of the list."]
    for purpose in ("immigration", "immigration enforcement", "ICE"):
        assert browser.post("/console/purpose", {"purpose": purpose, "next": ALERT}).status == 403
    assert browser.get(ALERT).location.startswith("/console/purpose")


def test_no_page_of_the_door_is_framed_cached_or_runs_a_script(browser: Browser, pool: Pool) -> None:
    signed_out = [browser.get(path) for path in ("/console/sign-in", "/console/signed-in", "/console/signed-out")]
    walk_in(browser, pool)
    for answer in (*signed_out, browser.get("/console/purpose"), browser.post("/console/sign-out")):
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert f"form-action 'self' {SIGN_IN_URL};" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert policy.startswith("default-src 'none'")
