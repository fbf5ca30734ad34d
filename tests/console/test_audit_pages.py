"""A privacy officer at the console: the week, the denials, who saw a person, the signature."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.week import rows_by_person
from shared.offices.users import Right
from tests.builders import NAME_WATCH, a_user, a_wish
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA

OFFICER = "officer@da.example.gov"
NOW = datetime.now(UTC)
THIS_WEEK, LAST_WEEK = f"{NOW:%G-W%V}", f"{NOW - timedelta(days=7):%G-W%V}"


@pytest.fixture
def officer(sign_in: SignIn, tables: Any) -> Browser:
    tables.users.add(a_user(OFFICER, rights=frozenset({Right.AUDIT})))
    return sign_in(ADA | {"email": OFFICER}, rights=frozenset({Right.AUDIT}))


def test_kp1_a_week_shows_denials_first_and_immigration_stands_out(officer: Browser, call: Any) -> None:
    call("GET", "/v1/alerts")
    call("GET", f"/v1/alerts/{'0' * 32}")
    call("GET", "/v1/alerts", purpose="immigration enforcement")
    page = officer.get(f"/console/audit/weeks/{THIS_WEEK}")
    assert page.status == 200, page.text
    first = page.texts("//table[caption='By person, refused requests first']/tbody/tr[1]/*")
    assert first[0] == ADA["email"]
    assert (first[2], first[3]) == ("2", "1"), "a refused purpose is a denial too"
    assert page.texts("//table[contains(caption,'What was refused')]/tbody/tr")


def test_kp2_a_week_is_signed_once_and_only_when_it_is_over(officer: Browser) -> None:
    page = officer.get(f"/console/audit/weeks/{LAST_WEEK}")
    assert "By signing you state by name" in page.text
    blind = officer.post(f"/console/audit/weeks/{LAST_WEEK}/sign", {"note": "Nothing odd"})
    assert "once you have read it" in blind.texts("//div[@role='alert']")[0], "only what was looked at is signed"
    [seen] = page.page.xpath("//input[@name='seen']/@value")
    fields = {"note": "Nothing <b>odd</b>", "seen": seen}
    assert officer.post(f"/console/audit/weeks/{LAST_WEEK}/sign", fields).status == 303
    signed = officer.get(f"/console/audit/weeks/{LAST_WEEK}")
    assert f"{OFFICER} signed this week" in " ".join(signed.texts("//main"))
    assert "<b>odd" not in signed.text
    again = officer.post(f"/console/audit/weeks/{LAST_WEEK}/sign")
    assert "Its first sign-off stands" in officer.get(again.location).text
    early = officer.post(f"/console/audit/weeks/{THIS_WEEK}/sign")
    assert early.page.xpath("//div[@class='errors']"), early.text


@pytest.mark.parametrize("week", ["2026-W60", "9999-W52", "2025-W53", "now", "2026-W47-1"])
def test_a_week_that_is_none_is_refused_kindly(officer: Browser, week: str) -> None:
    assert officer.get(f"/console/audit/weeks/{week}").status in {400, 404, 422}


def test_who_saw_a_person_is_found_by_name_and_the_name_stands_in_no_address(officer: Browser) -> None:
    page = officer.post("/console/audit/search", {"surname": "Nobody", "given": "Known"})
    assert "Nobody has opened anything about this person, or looked at this place." in page.text
    page = officer.post("/console/audit/search", {"address": "14 Elm Street"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#city']")
    page = officer.post("/console/audit/search", {"address": "the park", "city": "Exampleton"})
    assert "house number" in page.text
    page = officer.post("/console/audit/search", {"address": "14 Elm Street", "city": "Exampleton"})
    assert "looked at this place." in page.text
    page = officer.post("/console/audit/search", {"address": "14 Elm Street", "surname": "Fern"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#surname']")
    page = officer.post("/console/audit/search", {"surname": "Fern", "born": "2/30/1990"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#born']")
    assert officer.post("/console/audit/search").page.xpath("//div[@class='errors']//a[@href='#surname']")


def test_the_week_is_a_table_to_download(officer: Browser, call: Any) -> None:
    call("GET", "/v1/alerts")
    download = officer.get(f"/console/audit/weeks/{THIS_WEEK}/people.csv")
    assert download.text.splitlines()[0].startswith("who,requests,denied")
    assert "attachment" in download.headers["Content-Disposition"]


def test_who_may_not_audit_sees_none_of_it(ada: Browser) -> None:
    for path in ("", f"/weeks/{THIS_WEEK}", f"/weeks/{THIS_WEEK}/people.csv", f"/people/{OFFICER}"):
        assert ada.get(f"/console/audit{path}").status == 403, path


def test_a_request_counts_once_whether_or_not_its_outcome_is_known() -> None:
    def event(number: int, outcome: AuditOutcome, **facts: Any) -> AuditEvent:
        facts |= {"event_id": f"{number:032x}", "at": NOW, "office_id": "kings", "who": "a", "action": "GET /v1/alerts"}
        return AuditEvent.model_validate(facts | {"outcome": outcome})

    events = [
        event(1, AuditOutcome.BEGUN), event(1, AuditOutcome.ALLOWED, subjects=("alert:1", "alert:2")),
        event(2, AuditOutcome.BEGUN), event(3, AuditOutcome.DENIED, denied=("alert:3",)),
        event(4, AuditOutcome.ALLOWED, continues=f"{1:032x}"),
    ]  # fmt: skip
    (row,) = rows_by_person(events)
    assert (row.requests, row.denied, row.without_outcome, row.records) == (3, 1, 1, 2)


def test_cjis_au_6_who_saw_a_person_since_june_is_found_in_two_clicks(officer: Browser, call: Any) -> None:
    """From any page: the link to the audit, whose page has the form, and its button."""
    assert call("POST", "/v1/subscriptions", a_wish(NAME_WATCH)).status == 201
    assert officer.get("/console/me").page.xpath("//nav//a[@href='/console/audit']"), "the first click"
    [form] = officer.get("/console/audit").page.xpath("//form[@action='/console/audit/search']")
    fields = {field.get("name"): field.get("value", "") for field in form.xpath(".//input")}
    labels = form.xpath(".//label[@for='since' or @for='until']")
    assert [label.text for label in labels] == ["Since (optional)", "Until (optional)"]
    wanted = fields | {"surname": "Example", "given": "Pat", "since": "6/1/2026"}
    page = officer.post(form.get("action"), wanted)
    assert page.texts("//table//tbody/tr/td[2]") == [ADA["email"]]
    assert page.page.xpath("//input[@id='since']/@value") == ["6/1/2026"], "the form still says what was asked"
    before = officer.post(form.get("action"), wanted | {"until": "6/2/2026"})
    assert "Nobody has opened anything about this person" in before.text


@pytest.mark.parametrize(
    ("days", "field"), [({"since": "June"}, "since"), ({"since": "6/2/2026", "until": "6/1/2026"}, "until")]
)
def test_cjis_au_6_days_that_cannot_be_are_said_at_their_field(
    officer: Browser, days: dict[str, str], field: str
) -> None:
    page = officer.post("/console/audit/search", {"surname": "Example"} | days)
    assert page.page.xpath("//div[@class='errors']//a/@href") == [f"#{field}"]
