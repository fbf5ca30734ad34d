"""A clerk sends a sample, answers by a table, and saves the profile that comes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from shared.offices.users import Right
from tests.browser.world import World, make_world
from tests.console.conftest import URL, Browser, SignIn
from tests.office_api.test_suggestions import SAMPLE

BOUNDARY = "a-boundary-that-no-file-holds"
PAGE = "/console/agencies/testville/suggest"


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


@pytest.fixture
def clerk(world: World, sign_in: SignIn) -> Browser:
    return sign_in(rights=frozenset(Right))


def sent(clerk: Browser, content: bytes, fields: Iterable[tuple[str, str]] = ()) -> Any:
    """The form with its file, as a browser sends it."""
    parts = [("csrf", clerk.csrf), ("form-key", "a-key"), *fields]
    texts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="day.csv"\r\n\r\n'
    body = f"{''.join(texts)}{head}{content.decode()}\r\n--{BOUNDARY}--\r\n"
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "origin": URL}
    return clerk.send("POST", PAGE, body, headers)


def field_of(page: Any, column: str) -> list[str]:
    return page.page.xpath(f"//tr[th='{column}']//option[@selected]/@value")


def test_a_sample_gives_questions_a_table_of_columns_and_a_profile_to_save(clerk: Browser) -> None:
    assert clerk.get(PAGE).texts("//h1") == ["A profile from a sample"]
    page = sent(clerk, SAMPLE, [("time_zone", "America/Chicago")])
    assert field_of(page, "Name") == ["name"]
    assert page.texts("//tr[th='SSN']/td[1]") == ["never read"]
    assert any("arrest or a booking" in text for text in page.texts("//ol/li"))
    profile = page.page.xpath("string(//textarea[@id='text'])")
    etag = page.page.xpath("//input[@name='etag']/@value")[0]
    saved = clerk.post("/console/agencies/testville/profile", {"text": profile, "etag": etag})
    assert saved.status == 303, saved.text


def test_a_corrected_column_is_suggested_again_as_the_clerk_says(clerk: Browser) -> None:
    corrected = [("column", "Offense"), ("was", "charge"), ("now", "statute")]
    same = [("column", "Name"), ("was", "name"), ("now", "name")]
    page = sent(clerk, SAMPLE, [*corrected, *same])
    assert field_of(page, "Offense") == ["statute"]
    assert "statute: Offense" in page.texts("//textarea[@id='text']")[0]


@pytest.mark.parametrize(("content", "words"), [(b"", "Choose a sample"), (b"%PDF-1.7", "CSV")])
def test_what_is_no_sample_is_said_beside_the_field(clerk: Browser, content: bytes, words: str) -> None:
    page = sent(clerk, content)
    assert words in " ".join(page.texts("//div[@class='errors']")), page.text


def test_the_sample_is_not_in_the_page(clerk: Browser) -> None:
    assert "QUILL" not in sent(clerk, SAMPLE).text


def test_another_offices_agency_is_not_found(world: World, sign_in: SignIn) -> None:
    quinn = sign_in({"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"})
    assert quinn.get(PAGE).status == 404
    assert sent(quinn, SAMPLE).status == 404
