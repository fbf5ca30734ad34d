"""What a hostile browser sends: each is an answer, quickly, and nothing is shown or changed."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.console.forms import MOST_FIELDS, UnreadableFormError, form_of
from shared.audit.event import AuditOutcome
from shared.offices.users import Right
from tests.builders import a_user
from tests.conftest import Tables
from tests.console.conftest import URL, Browser, SignIn
from tests.office_api.conftest import ADA

KINDS = (
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
)


def event(body: str, kind: str) -> dict[str, Any]:
    return {"body": body, "isBase64Encoded": False, "headers": {"content-type": kind}}


def part(name: str, value: str) -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


@given(st.text(max_size=400), st.sampled_from(KINDS))
def test_whatever_a_browser_sends_is_a_form_or_refused(body: str, kind: str) -> None:
    with suppress(UnreadableFormError):
        form_of(event(body, kind))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("".join(part(f"f{number}", "v") for number in range(60_000)), KINDS[0]),
        ("--x\r\n" * 900_000, KINDS[0]),
        ("a=" * 2_900_000, KINDS[2]),
        ("&".join("a=1" for _ in range(MOST_FIELDS + 1)), KINDS[2]),
        ("Content-Type: multipart/mixed; boundary=x\r\n" * 100_000, KINDS[0]),
        ("--x\r\nContent-Disposition: form-data; " + '; a="b"' * 20_000, KINDS[0]),
        (part('"' * 200_000, "v"), KINDS[0]),
    ],
    ids=["many parts", "many boundaries", "one long field", "many fields", "many headers", "long head", "long name"],
)
def test_a_giant_form_costs_little(body: str, kind: str) -> None:
    begun = time.process_time()
    with suppress(UnreadableFormError):
        form_of(event(body, kind))
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("name", ["(" * 900, "(" * 3_000, '"a' * 1_000, "=?utf-8?q?=FF?=" * 100])
def test_a_form_whose_names_make_no_sense_is_read_or_refused(name: str) -> None:
    with suppress(UnreadableFormError):
        form_of(event(f"--x\r\nContent-Disposition: form-data; name={name}\r\n\r\nv\r\n--x--\r\n", KINDS[0]))


def test_a_field_is_read_as_it_was_sent_whatever_it_looks_like() -> None:
    text = "a\nb\r\n--y\r\n\r\n\0 é"
    form = form_of(event(f"{part('note', text)}--x--\r\nan end", KINDS[0]))
    assert form.fields == {"note": (text,)}


def test_a_form_of_more_than_six_megabytes_is_refused_with_a_page(ada: Browser) -> None:
    headers = {"content-type": KINDS[2], "origin": URL}
    answer = ada.send("POST", "/console/me", "a=" + "b" * 6_100_000, headers)
    assert (answer.status, "larger than 6 MB" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "path",
    [
        "/console/alerts/..%2F..%2Fv1%2Fme", "/console/alerts/%0d%0aSet-Cookie:x=1", "/console/watches/new/..",
        "/a/%3Cscript%3E",
        "/console/agencies/..", "/console/audit/weeks/%0d%0a/people.csv", "/console/reports/%2e%2e/table.csv",
        "/console/office/people/x%2Fy", "/console/static/../handler.py", "/console/alerts?after=<script>",
        "/console/possible-matches?after=%00", "/console/watches?view=<script>&folder=../..",
    ],
)  # fmt: skip
def test_a_hostile_address_is_an_answer_that_repeats_nothing(ada: Browser, path: str) -> None:
    answer = ada.get(path)
    assert answer.status < 500, answer.text
    assert "<script>" not in answer.text
    assert "\r" not in "".join(answer.headers.values()) + "".join(answer.cookies)


@pytest.mark.parametrize("week", ["0001-W01", "9999-W52", "2026-W53", "0000-W01"])
def test_the_first_and_the_last_week_of_the_calendar_are_no_fault(sign_in: SignIn, tables: Any, week: str) -> None:
    tables.users.add(a_user("officer@da.example.gov", rights=frozenset({Right.AUDIT})))
    officer = sign_in(ADA | {"email": "officer@da.example.gov"})
    assert officer.get(f"/console/audit/weeks/{week}").status in (200, 404, 422)
    assert officer.get(f"/console/audit/weeks/{week}/people.csv").status in (200, 404, 422)


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"])
def test_whoever_is_muted_for_ever_can_still_open_the_settings(ada: Browser, call: Any, moment: str) -> None:
    assert call("PUT", "/v1/me/preferences", {"muted_until": moment}).status == 200
    assert ada.get("/console/me").status == 200


@pytest.mark.parametrize("place", ["/console/a\r\nSet-Cookie: x=1", "/console/\u202e", "/console/\ud800", "/console/é"])
def test_no_address_that_leads_on_ends_its_header(console: Any, place: str) -> None:
    from functions.console.responses import redirect  # noqa: PLC0415 - imported as Lambda does, by the fixture

    location = redirect(place.encode(errors="replace").decode())["headers"]["Location"]
    assert location.isascii()
    assert location.isprintable()


@pytest.mark.parametrize("name", ["Gangs\r\nBcc: x@evil.example", "a\u202eb", "a\u2067b", "\0", "a > b"])
def test_no_folder_is_called_what_a_line_of_text_cannot_hold(ada: Browser, name: str) -> None:
    page = ada.post("/console/folders", {"name": name, "tab": "my"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#name']"), page.text


@pytest.mark.parametrize("value", ["é\ud800", "A" * 60_000, "\0", "%ff", '"', ""])
@pytest.mark.parametrize("name", ["__Host-session", "__Host-sign-in", "__Host-notice"])
def test_whatever_stands_in_a_cookie_the_answer_is_a_page(console: Any, name: str, value: str) -> None:
    for path in ("/console/alerts", "/console/signed-in?state=x&code=y", "/console/session-over"):
        answer = Browser(console, {name: value}).get(path)
        assert answer.status in (200, 303, 400)
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/console/session-over?form=yes", "/console/signed-out", "/console/signed-in?code=x"])
def test_no_link_or_picture_of_another_site_signs_anybody_out(ada: Browser, path: str) -> None:
    ada.get(path)
    assert ada.get("/console/alerts").status == 200


def test_whose_session_this_release_cannot_read_signs_in_anew(ada: Browser, tables: Tables) -> None:
    from functions.console.sessions.model import COOKIE, hash_of  # noqa: PLC0415 - imported as Lambda does

    stored = {"pk": {"S": hash_of(ada.cookies[COOKIE])}, "doc": {"S": "{}"}, "revision": {"N": "1"}}
    tables.client.put_item(TableName="Sessions", Item=stored)
    assert ada.get("/console/alerts").location.startswith("/console/session-over")


def test_immigration_enforcement_as_a_purpose_is_refused_and_recorded_as_what_it_is(ada: Browser, tables: Any) -> None:
    page = ada.post("/console/purpose", {"purpose": "Immigration enforcement"})
    assert (page.status, "The request was recorded" in page.text) == (403, True)
    events, _ = tables.audit.events_of_day("kings", f"{datetime.now(UTC):%Y-%m-%d}", 10, None)
    assert [event.purpose for event in events if event.outcome is AuditOutcome.DENIED] == ["immigration"]


def test_a_notice_is_one_of_ours(ada: Browser) -> None:
    ada.cookies["__Host-notice"] = "Call%20this%20number"
    assert "Call this number" not in ada.get("/console/help").text


@pytest.mark.parametrize(
    "origin", ["null", "https://console.example.gov.evil.example", "http://console.example.gov", ""]
)
def test_a_form_from_elsewhere_changes_nothing_even_with_the_token(ada: Browser, origin: str) -> None:
    assert ada.post("/console/me", {"texts": "always"}, origin=origin).status == 403


def test_one_key_for_two_forms_does_each_once(ada: Browser, call: Any) -> None:
    fields = {"what": "number", "value": "00123456A", "issuer": "NY", "case_number": "1", "form-key": "one-key"}
    assert ada.post("/console/watches", fields).status == 303
    assert ada.post("/console/folders", {"name": "Parole", "tab": "my", "form-key": "one-key"}).status == 303
    other = ada.post("/console/watches", fields | {"value": "00999999B"})
    assert other.status < 500
    assert len(call("GET", "/v1/subscriptions").body["items"]) == 1, "the key belongs to the first form"


def test_every_page_has_the_headers_that_keep_it_to_itself(ada: Browser) -> None:
    for path in ("/console/alerts", "/console/nowhere", "/console/sign-in", "/console/help"):
        headers = ada.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert "script-src" not in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store", path
