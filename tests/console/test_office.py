"""A super-owner at the console: people in, changed, out."""

from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import SID_WATCH, a_user, a_wish
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA

BO, CHIEF, NEW = "bo@da.example.gov", "chief@da.example.gov", "ana.fern@da.example.gov"
PEOPLE = "/console/office/people"


@pytest.fixture
def chief(sign_in: SignIn, tables: Any) -> Browser:
    tables.users.add(a_user(CHIEF, rights=frozenset({Right.SUPER_OWNER})))
    return sign_in(ADA | {"email": CHIEF}, rights=frozenset({Right.SUPER_OWNER}))


def test_ko4_a_person_is_added_with_rights_in_words(chief: Browser, tables: Any) -> None:
    answer = chief.post(PEOPLE, {"email": NEW, "name": "Ana <i>Fern</i>", "rights": ["arrests", "review"]})
    assert answer.status == 303, answer.text
    page = chief.get(answer.location)
    assert page.texts("//h1") == ["Ana <i>Fern</i>"]
    assert sorted(page.page.xpath("//input[@name='rights'][@checked]/@value")) == ["arrests", "review"]
    assert tables.users.find("kings", NEW).rights == {Right.ARRESTS, Right.REVIEW}


@pytest.mark.parametrize("address", ["", "nobody", "ana@elsewhere.example"])
def test_an_address_that_cannot_be_is_said_beside_its_field(chief: Browser, address: str) -> None:
    page = chief.post(PEOPLE, {"email": address, "name": "Ana Fern"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#email']"), page.text
    assert page.page.xpath("//input[@id='name']/@value") == ["Ana Fern"]


@pytest.mark.parametrize("name", ["o'brien", "a+b", "a&b=c", "a.b_c~d!$*"])
def test_whatever_an_address_holds_its_person_is_found_and_removed_again(chief: Browser, name: str) -> None:
    added = chief.post(PEOPLE, {"email": f"{name}@da.example.gov", "name": "Ana Fern"})
    page = chief.get(added.location)
    assert page.texts("//h1") == ["Ana Fern"], added.location
    (leaving,) = page.page.xpath("//a[contains(@href,'/remove')]/@href")
    assert chief.get(leaving).status == 200
    assert chief.post(leaving, {"what": "end"}).location == added.location
    assert len(chief.get("/console/office").page.xpath(f"//a[@href='{added.location.replace('@', '%40')}']")) == 1


@pytest.mark.parametrize(
    "name", ["a/remove", "../x", "a\u202eb", "bo\u017f\u017f", "a\u200bb", "a\0b", "a?b", "a#b", "a%2fb", "{a}", '"a']
)
def test_nobody_is_added_who_could_not_be_named_again_or_looks_like_a_colleague(chief: Browser, name: str) -> None:
    page = chief.post(PEOPLE, {"email": f"{name}@da.example.gov"})
    assert page.page.xpath("//div[@class='errors']//a[@href='#email']"), page.text


def test_ko5_whoever_is_removed_is_out_at_the_next_click_and_the_watches_go_on(
    chief: Browser, sign_in: SignIn, call: Any, tables: Any
) -> None:
    bo_claims = ADA | {"email": BO}
    id_ = call("POST", "/v1/subscriptions", a_wish(SID_WATCH), bo_claims, idempotency_key="k").body["subscription_id"]
    bo = sign_in(bo_claims)
    assert bo.get("/console/alerts").status == 200
    page = chief.get(f"{PEOPLE}/{BO}/remove")
    assert "Holds 1 watch," in " ".join(page.texts("//main"))
    refused = chief.post(f"{PEOPLE}/{BO}/remove", {"what": "hand over"})
    assert refused.page.xpath("//div[@class='errors']//a[@href='#successor']")
    assert chief.post(f"{PEOPLE}/{BO}/remove", {"what": "hand over", "successor": ADA["email"]}).status == 303
    out = bo.get("/console/alerts")
    assert out.status in {303, 403}, out.text
    assert tables.subscriptions.find("kings", id_).owner == ADA["email"]


def test_nobody_changes_their_own_rights(chief: Browser) -> None:
    assert "Another super-owner changes your rights." in chief.get(f"{PEOPLE}/{CHIEF}").text
    page = chief.post(f"{PEOPLE}/{CHIEF}", {"rights": ["seal"]})
    assert "Another super-owner must do that for you." in page.text


def test_who_is_no_super_owner_sees_no_office_and_another_offices_person_is_not_found(
    ada: Browser, chief: Browser, sign_in: SignIn
) -> None:
    assert ada.get("/console/office").status == 403
    assert ada.post(f"{PEOPLE}/{BO}/remove", {"what": "remove"}).status == 403
    assert chief.get(f"{PEOPLE}/quinn@queens.example.gov").status == 404
    assert chief.get(f"{PEOPLE}/quinn@queens.example.gov/remove").status == 404
