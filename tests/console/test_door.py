"""The door: signing in at the user pool and coming back, the purpose, signing out, and whoever tries otherwise."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import pytest

from tests.conftest import Tables
from tests.console.conftest import SIGN_IN_URL, URL, Answer, Browser
from tests.console.pool import ANOTHER, CLIENT, POOL, Pool, a_pool, id_token
from tests.office_api.conftest import ADA

SESSION, ATTEMPT = "__Host-session", "__Host-sign-in"
ALERT = "/console/alerts?unanswered=true"


@pytest.fixture
def pool(console: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    from functions.console import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture

    key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
    with a_pool() as pool:
        monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", pool.address)
        settings = replace(
            dependencies.settings, user_pool=POOL, token_url=f"{pool.address}/oauth2/token", product_key=key
        )
        monkeypatch.setattr(dependencies, "settings", settings)
        for made_once in (dependencies.token_endpoint, dependencies.id_tokens, dependencies.token_cipher,
                          dependencies.user_pool):  # fmt: skip
            made_once.cache_clear()
        yield pool


@pytest.fixture
def browser(console: Any) -> Browser:
    return Browser(console)


def begin(browser: Browser, goal: str = ALERT) -> str:
    """The address of the pool's pages that the browser is sent to."""
    answer = browser.get(f"/console/sign-in?{urlencode({'next': goal})}")
    assert answer.status == 303
    return answer.location


def come_back(browser: Browser, query: dict[str, str]) -> Answer:
    return browser.get(f"/console/signed-in?{urlencode(query)}")


def walk_in(browser: Browser, pool: Pool, goal: str = ALERT) -> Answer:
    return come_back(browser, pool.lets_in(begin(browser, goal)))


def rows(tables: Tables) -> list[dict[str, Any]]:
    return tables.everything_in("Sessions")


def age(browser: Browser, **changes: Any) -> None:
    """Changes the row of the browser's session, as time would."""
    from functions.console import dependencies  # noqa: PLC0415 - as above
    from functions.console.sessions.model import hash_of  # noqa: PLC0415

    session = dependencies.sessions.find(hash_of(browser.cookies[SESSION]))
    dependencies.sessions.save(session.model_copy(update=changes))


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
    assert "prosecution" in page.texts("//div[@class='who']")[0]


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
        "/console/../v1/me", "http:/console", "/\t/evil.example", " /console/alerts",
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
def test_kd9_a_session_that_is_over_says_so_and_leads_back(
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


def test_kd10_signing_out_ends_the_session_everywhere_and_the_back_button_shows_nothing(
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
    for purpose in ("immigration", "immigration enforcement", "ICE", "", "anything"):
        answer = browser.post("/console/purpose", {"purpose": purpose, "next": ALERT})
        assert answer.texts("//div[@class='errors']//a") == ["Choose one purpose of the list."]
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
