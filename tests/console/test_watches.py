"""Watches through the console: made, found, kept, ended."""

from typing import Any

import pytest

from tests.builders import SID_WATCH, a_user, a_wish
from tests.console.conftest import Browser

BO = "bo@da.example.gov"
FIELDS = {"value": "0012-3456 a", "issuer": "ny", "kind": "sid", "basis": "open case", "case_number": "2026-KN-9"}


@pytest.fixture
def watch(call: Any, ada: Browser) -> str:
    """The id of a watch of Ada's."""
    return str(call("POST", "/v1/subscriptions", a_wish(SID_WATCH), idempotency_key="w").body["subscription_id"])


def save(ada: Browser, **changes: Any) -> Any:
    return ada.post("/console/watches", {"what": "number", **FIELDS, **changes})


def test_kv1_a_number_is_watched_after_a_look_back(ada: Browser, call: Any) -> None:
    checked = ada.post("/console/watches/new/number/check", FIELDS)
    assert checked.texts("//h1") == ["Check your watch"], checked.text
    assert "It would have brought no alert" in checked.text
    saved = save(ada)
    assert saved.status == 303, saved.text
    page = ada.get(saved.location)
    assert page.texts("//h1") == ["State ID NY 00123456A"]
    assert "The watch is saved." in page.text
    assert call("GET", "/v1/subscriptions").body["items"][0]["owner"] == "ada.example@da.example.gov"


def test_a_form_that_is_sent_twice_makes_one_watch(ada: Browser, call: Any) -> None:
    first, second = (save(ada, **{"form-key": "the-same-form"}) for _ in range(2))
    assert first.location == second.location
    assert len(call("GET", "/v1/subscriptions").body["items"]) == 1


@pytest.mark.parametrize(
    ("kind", "fields", "field", "mend"),
    [
        ("name", {"surname": "Fern", "given": "Ana", "born": "2/30/1988"}, "born", "Write month, day and whole year"),
        ("name", {"surname": "Fern", "given": "Ana", "born": "3/14/88"}, "born", "Write month, day and whole year"),
        ("name", {"given": "Ana", "born": "3/14/1988"}, "surname", "Write the surname."),
        ("number", {"value": ""}, "value", "Write the number as it was issued."),
        ("number", {"value": "123456", "issuer": "Narnia"}, "issuer", "is no state"),
        ("charge", {"charge_class": "felony"}, "", ""),
    ],
)
def test_kv2_what_is_wrong_is_said_on_top_and_beside_the_field(
    ada: Browser, kind: str, fields: dict[str, str], field: str, mend: str
) -> None:
    page = ada.post(f"/console/watches/new/{kind}/check", {"case_number": "1", **fields})
    assert page.text.index("There is a problem") < page.text.index("<h1")
    assert mend.casefold() in page.text.casefold()
    if field:
        assert page.page.xpath(f"//div[@class='errors']//a[@href='#{field}']")
        assert page.page.xpath(f"//*[@id='{field}'][@aria-invalid='true']")
    for name, value in fields.items():
        if value and name != "charge_class":
            assert page.page.xpath(f"//*[@id='{name}']/@value") == [value], "what was written is kept"


def test_kv3_a_watch_is_ended_and_the_end_is_undone(ada: Browser, watch: str) -> None:
    assert ada.post(f"/console/watches/{watch}/cancel").status == 303
    page = ada.get(f"/console/watches/{watch}")
    assert "Undo: watch again" in page.text
    ada.post(f"/console/watches/{watch}/undo")
    assert page.texts("//h1") == ada.get(f"/console/watches/{watch}").texts("//h1")
    assert "Stop watching" in ada.get(f"/console/watches/{watch}").text


def test_a_form_for_a_state_that_is_past_changes_nothing(ada: Browser, watch: str, call: Any) -> None:
    etag = ada.get(f"/console/watches/{watch}").page.xpath("//input[@name='etag']/@value")[0]
    ada.post(f"/console/watches/{watch}/renew", {"ends": "6/30/2027", "etag": etag})
    stale = ada.post(f"/console/watches/{watch}/cancel", {"etag": etag})
    assert stale.location == f"/console/watches/{watch}"
    assert "What you pressed was not done" in ada.get(stale.location).text
    assert call("GET", f"/v1/subscriptions/{watch}").body["status"] == "active"


def test_a_last_day_that_was_not_saved_stays_written_and_is_saved_by_pressing_once_more(
    ada: Browser, watch: str, call: Any
) -> None:
    renew = f"/console/watches/{watch}/renew"
    assert ada.post(renew, {"ends": "31/31/2027"}).page.xpath("//input[@id='ends']/@value") == ["31/31/2027"]
    etag = ada.get(f"/console/watches/{watch}").page.xpath("//input[@name='etag']/@value")[0]
    ada.post(renew, {"ends": "6/30/2027", "etag": etag})
    stale = ada.post(renew, {"ends": "7/31/2027", "etag": etag})
    assert "Somebody changed this watch" in " ".join(stale.texts("//div[@class='errors']"))
    assert stale.page.xpath("//input[@id='ends']/@value") == ["7/31/2027"]
    assert call("GET", f"/v1/subscriptions/{watch}").body["ends"] == "2027-06-30"
    ada.post(renew, {"ends": "7/31/2027", "etag": stale.page.xpath("//input[@name='etag']/@value")[0]})
    assert call("GET", f"/v1/subscriptions/{watch}").body["ends"] == "2027-07-31"


def test_kv4_a_colleague_is_added_by_name_and_removed(ada: Browser, watch: str, tables: Any) -> None:
    before = tables.users.find("kings", BO)
    tables.users.change(before, before.model_copy(update={"name": "Bo <b>Bold</b>", "revision": before.revision + 1}))
    page = ada.get(f"/console/watches/{watch}")
    assert "Bo <b>Bold</b>" in page.texts("//select[@id='add']/option")[1:][0]
    ada.post(f"/console/watches/{watch}/recipients", {"add": BO})
    assert BO in ada.get(f"/console/watches/{watch}").text
    ada.post(f"/console/watches/{watch}/recipients", {"remove": BO})
    assert ada.post(f"/console/watches/{watch}/recipients").texts("//p[@class='error']") == [
        "Error: Choose a colleague."
    ]


def test_a_watch_of_another_office_is_not_found_and_a_colleague_sees_no_buttons(
    ada: Browser, watch: str, sign_in: Any, tables: Any
) -> None:
    tables.users.add(a_user("kim@da.example.gov"))
    quinn = sign_in({"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"})
    assert quinn.get(f"/console/watches/{watch}").status == 404
    assert quinn.post(f"/console/watches/{watch}/cancel").status == 404


def test_watches_are_searched_without_a_name_in_the_address(ada: Browser, watch: str) -> None:
    assert len(ada.post("/console/watches/search", {"text": "01234567A"}).texts("//li[@class='card']")) == 1
    assert "Nothing fits" in ada.post("/console/watches/search", {"text": "Nobody"}).text


def test_kv5_all_that_end_soon_are_said_to_be_needed_at_once(ada: Browser, call: Any) -> None:
    assert "None of your watches ends" in ada.get("/console/watches/expiring").text
    assert ada.post("/console/watches/expiring").texts("//a[@href='#ids']") == ["Tick at least one watch."]


def test_a_watch_says_of_which_events_it_tells_and_its_owner_changes_them(ada: Browser, watch: str, call: Any) -> None:
    address = f"/console/watches/{watch}"
    page = ada.get(address)
    assert "This watch tells of arrests, of custody that begins and of releases to come." in page.text
    [etag] = page.page.xpath("//form[contains(@action, '/events')]//input[@name='etag']/@value")
    before = call("GET", f"/v1/subscriptions/{watch}").body
    assert ada.post(f"{address}/events", {"events": ["releases", "arrests"], "etag": etag}).location == address
    page = ada.get(address)
    assert "This watch tells of arrests and of releases. It does not tell of custody that begins," in page.text
    assert page.page.xpath("//input[@name='events'][@checked]/@value") == ["arrests", "releases"]
    after = call("GET", f"/v1/subscriptions/{watch}").body
    changed = {name for name, value in after.items() if value != before[name]}
    assert changed == {"events", "revision", "changed_at"}, "everything else stays as it was"
    assert ada.post(f"{address}/events", {"events": ["deaths"], "etag": etag}).location == address
    kept = call("GET", f"/v1/subscriptions/{watch}").body["events"]
    assert kept == ["arrests", "releases"], "an old page changes nothing"


def test_events_that_do_not_exist_are_refused_beside_the_boxes(ada: Browser, watch: str) -> None:
    page = ada.post(f"/console/watches/{watch}/events", {"events": ["detainers"], "etag": "*"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#events']"), page.text


def test_the_events_of_a_new_watch_stay_ticked_on_the_way_through_its_pages(ada: Browser, call: Any) -> None:
    ticked: dict[str, Any] = {"events": ["court", "deaths"]}
    checked = ada.post("/console/watches/new/number/check", {**FIELDS, **ticked})
    assert set(checked.page.xpath("//input[@name='events']/@value")) == {"court", "deaths"}
    again = ada.post("/console/watches/new/number", {**FIELDS, **ticked})
    assert again.page.xpath("//input[@name='events'][@checked]/@value") == ["court", "deaths"]
    page = ada.get(save(ada, **ticked).location)
    assert "This watch tells of court dates and outcomes and of deaths." in page.text
