"""The door: signing in at the user pool and coming back, and whoever tries otherwise."""

from __future__ import annotations

import time
from base64 import b64encode
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.builders import an_office
from tests.conftest import Tables
from tests.console.at_the_door import ALERT, ATTEMPT, SESSION, begin, come_back, rows, walk_in
from tests.console.conftest import SIGN_IN_URL, URL, Browser
from tests.console.pool import ANOTHER, CLIENT, Pool, id_token
from tests.office_api.conftest import ADA


def test_kd2_a_person_signs_in_states_a_purpose_and_comes_to_the_page_of_the_mail(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    assert (answer := walk_in(browser, pool)).location == ALERT, answer.text
    asked = browser.get(ALERT)
    assert asked.location == f"/console/purpose?{urlencode({'next': ALERT})}"
    page = browser.get(asked.location)
    assert page.texts("//h1") == ["Why are you here today?"]
    assert not [text for text in page.texts("//label") if "immigra" in text.casefold()]
    [goal] = page.page.xpath("//input[@name='next']/@value")
    assert browser.post("/console/purpose", {"purpose": "prosecution", "next": goal}).location == ALERT
    page = browser.get(ALERT)
    assert page.status == 200, page.text
    assert ADA["email"] in page.texts("//div[@class='who']")[0]
    assert "Prosecution" in page.texts("//div[@class='who']")[0]


def test_cjis_ac_8_the_banner_stays_until_the_person_accepts_it(browser: Browser, pool: Pool) -> None:
    """Restricted; monitored, recorded and audited; misuse prohibited, with penalties; use is consent."""
    walk_in(browser, pool)
    for page in (ALERT, "/console/watches", "/console/search"):
        assert browser.get(page).location.startswith("/console/purpose"), "nothing opens before"
    banner = browser.get("/console/purpose").texts("//div[@class='warning']")[0]
    facts = ("restricted", "monitored, recorded and audited", "Misuse is prohibited", "penalties", "consent")
    assert all(fact in banner for fact in facts), banner
    assert browser.get("/console/purpose").texts("//form[@action='/console/purpose']//button") == [
        "Accept and continue"
    ]


def test_kd2_what_the_cookie_holds_is_in_no_row_and_the_refresh_token_can_be_read_by_nobody_with_the_table(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    answer = walk_in(browser, pool)
    [row] = rows(tables)
    assert browser.cookies[SESSION] not in str(row)
    assert "a-refresh-token" not in str(row)
    assert b64encode(b"a-refresh-token").decode() not in str(row)
    assert Browser(browser.handler, {SESSION: row["pk"]["S"]}).get(ALERT).location.startswith("/console/session-over")
    [cookie] = [cookie for cookie in answer.cookies if cookie.startswith(SESSION)]
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} == set(cookie.split("; ")[1:])


def test_kd3_a_row_that_is_moved_to_another_session_opens_no_token(pool: Pool, browser: Browser) -> None:
    from functions.console import dependencies  # noqa: PLC0415 - as above

    cipher = dependencies.token_cipher()
    with pytest.raises(cipher._client.exceptions.ClientError):
        cipher.decrypted(cipher.encrypted("a-refresh-token", "one session"), "another session")


def test_kd3_the_pool_is_asked_for_a_code_that_only_this_browser_can_use(browser: Browser, pool: Pool) -> None:
    address = begin(browser)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{SIGN_IN_URL}/oauth2/authorize?")
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert query["redirect_uri"] == f"{URL}/console/signed-in"
    assert query["prompt"] == "login", "a desk that somebody left is not opened by Cognito's own session"
    assert len({query[name] for name in ("state", "nonce", "code_challenge")}) == 3
    assert begin(browser) != address


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/console/alerts", "//evil.example/console", "/\\evil.example", "/console/\\evil.example",
        "\\\\evil.example", "javascript:alert(1)", "/console/\r\nSet-Cookie:a=b", "/v1/me", "/consoles", "",
        "/console/../v1/me", "/console/%2e%2E/v1/me", "http:/console", "/\t/evil.example", " /console/alerts",
    ],
)  # fmt: skip
def test_kd4_nobody_is_led_out_of_the_console_after_a_sign_in(goal: str, browser: Browser, pool: Pool) -> None:
    assert walk_in(browser, pool, goal).location == "/console/alerts"
    assert browser.post("/console/purpose", {"purpose": "safety", "next": goal}).location == "/console/alerts"
    over = browser.get(f"/console/session-over?{urlencode({'next': goal})}")
    assert over.page.xpath("//main//a/@href") == ["/console/sign-in?next=%2Fconsole%2Falerts"]


def test_kd4_a_goal_that_somebody_wrote_into_the_cookie_leads_nowhere_else(browser: Browser, pool: Pool) -> None:
    from functions.console.sessions.attempt import SignInAttempt, attempt_of  # noqa: PLC0415 - as above

    query = pool.lets_in(begin(browser))
    attempt = attempt_of(browser.cookies[ATTEMPT])
    assert isinstance(attempt, SignInAttempt)
    browser.cookies[ATTEMPT] = attempt.model_copy(update={"goal": "https://evil.example"}).as_cookie
    assert come_back(browser, query).location == "/console/alerts"


def test_kd5_the_session_after_a_sign_in_is_a_new_one_and_the_older_one_is_over(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    browser.cookies[SESSION] = "planted-by-somebody"
    walk_in(browser, pool)
    first = browser.cookies[SESSION]
    assert first != "planted-by-somebody"
    walk_in(browser, pool)
    assert browser.cookies[SESSION] != first
    assert len(rows(tables)) == 1
    assert pool.revoked == ["a-refresh-token"]


def test_kd5_a_code_of_another_window_another_browser_or_a_second_time_opens_nothing(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    victim = Browser(browser.handler)
    planted = pool.lets_in(begin(browser))
    assert come_back(victim, planted).status == 400, "a sign-in that this browser did not begin"
    begin(victim)
    assert come_back(victim, planted).status == 400, "the state of another sign-in"
    begin(victim)
    mixed = {"code": planted["code"], "state": pool.lets_in(begin(victim))["state"]}
    assert come_back(victim, mixed).status == 400, "the code of another sign-in under this one's state"
    assert rows(tables) == []
    query = pool.lets_in(begin(browser))
    earlier = dict(browser.cookies)
    assert come_back(browser, query).status == 303
    again = come_back(Browser(browser.handler, earlier), query)
    assert again.status == 400, "a code is used once"
    assert again.texts("//h1") == ["This sign-in cannot be used"]
    assert again.page.xpath("//main//a/@href")


FORGED: dict[str, dict[str, Any]] = {
    "signed by another key": {"key": ANOTHER},
    "of another client": {"claims": {"aud": "case-system"}},
    "of another pool": {"claims": {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Another"}},
    "of another sign-in": {"claims": {"nonce": "another"}},
    "an access token": {"claims": {"token_use": "access"}},
    "over": {"claims": {"exp": int(time.time()) - 60}},
}


@pytest.mark.parametrize("case", FORGED)
def test_kd6_no_token_but_the_pools_own_for_this_sign_in_begins_a_session(
    case: str, browser: Browser, pool: Pool, tables: Tables
) -> None:
    pool.key, pool.claims = FORGED[case].get("key", pool.key), FORGED[case].get("claims", {})
    answer = walk_in(browser, pool)
    assert answer.status == 400, answer.text
    assert rows(tables) == []
    assert SESSION not in browser.cookies


def test_kd6_a_token_without_a_signature_or_with_the_public_key_as_secret_is_refused(pool: Pool) -> None:
    from functions.console import dependencies  # noqa: PLC0415 - as above
    from functions.console.sessions.pool_answers import SignInRefusedError  # noqa: PLC0415

    head, body, mark = id_token().split(".")
    for forged_head in ({"alg": "none", "kid": "ours"}, {"alg": "HS256", "kid": "ours"}, {"alg": "RS256", "kid": "x"}):
        written = b64encode(str(forged_head).replace("'", '"').encode()).decode().rstrip("=")
        for signature in ("", mark):
            with pytest.raises(SignInRefusedError):
                dependencies.id_tokens().claims(f"{written}.{body}.{signature}", client_id=CLIENT)
    assert dependencies.id_tokens().claims(f"{head}.{body}.{mark}", client_id=CLIENT)["sub"] == "ada-sub"


def test_a_sign_in_that_is_denied_broken_off_or_not_answered_has_its_page(browser: Browser, pool: Pool) -> None:
    state = pool.lets_in(begin(browser))["state"]
    denied = come_back(browser, {"error": "access_denied", "error_description": "<b>x</b>", "state": state})
    assert (denied.status, denied.texts("//h1")) == (403, ["You are not signed in"])
    assert denied.page.xpath("//main//a/@href") == [f"/console/sign-in?{urlencode({'next': ALERT})}"]
    assert "<b>" not in denied.text
    pool.is_silent = True
    silent = walk_in(browser, pool)
    assert (silent.status, silent.texts("//h1")) == (503, ["Sign-in does not answer"])


def test_somebody_of_no_office_is_told_so_and_has_no_session(browser: Browser, pool: Pool, tables: Tables) -> None:
    pool.claims = {"email": "nobody@da.example.gov"}
    answer = walk_in(browser, pool)
    assert (answer.status, answer.texts("//h1")) == (403, ["You belong to no office here"])
    assert rows(tables) == []


def test_where_offices_have_their_own_sign_in_the_person_says_which_is_theirs(
    browser: Browser, pool: Pool, monkeypatch: pytest.MonkeyPatch, tables: Tables
) -> None:
    from functions.console import dependencies  # noqa: PLC0415 - as above

    monkeypatch.setattr(dependencies, "settings", replace(dependencies.settings, federated_client="federated"))
    page = browser.get(f"/console/sign-in?{urlencode({'next': ALERT})}")
    office, password = page.page.xpath("//main//a/@href")
    assert f"client_id={CLIENT}&" in browser.get(password).location
    asked = browser.get(office).location
    assert "client_id=federated&" in asked
    assert come_back(browser, pool.lets_in(asked)).status == 303
    assert browser.post("/console/sign-out").location.startswith(f"{SIGN_IN_URL}/logout?client_id=federated&")


def test_kd13_people_of_an_office_with_its_own_sign_in_come_in_by_that_alone(
    browser: Browser, pool: Pool, tables: Tables
) -> None:
    tables.offices.enrol(an_office(identity_provider="Kings-IdP"))
    assert walk_in(browser, pool).status == 403, "a password of ours opens this office no more"
    theirs = {"identities": [{"providerName": "Kings-IdP", "userId": "ada"}], "custom:mfa": "true"}
    for change in ({"identities": [{"providerName": "Queens-IdP"}]}, {"custom:mfa": "false"}):
        pool.claims = theirs | change
        assert walk_in(browser, pool).status == 403, "another office's sign-in, or one without a second factor"
    pool.claims = theirs
    assert walk_in(browser, pool).status == 303
