"""What every page has in common."""

from tests.console.conftest import Browser


def test_the_list_of_alerts_is_a_page(ada: Browser) -> None:
    answer = ada.get("/console/alerts")
    assert answer.status == 200, answer.text
    assert answer.texts("//h1") == ["Alerts"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_kb0_without_a_session_every_page_leads_to_the_sign_in_and_back(console) -> None:
    answer = Browser(console).get("/console/alerts/X7YG4-VF0EC")
    assert (answer.status, answer.location) == (303, "/console/sign-in?next=%2Fconsole%2Falerts%2FX7YG4-VF0EC")


def test_a_form_of_another_site_changes_nothing(ada: Browser) -> None:
    assert ada.post("/console/alerts/X7YG4-VF0EC/acknowledgement", origin="https://evil.example").status == 403
    assert ada.post("/console/alerts/X7YG4-VF0EC/acknowledgement", {"csrf": "guess"}).status == 403


def test_an_unknown_page_and_an_unknown_record_are_not_found(ada: Browser) -> None:
    for path in ("/console/nowhere", f"/console/alerts/{'0' * 32}"):
        answer = ada.get(path)
        assert answer.status == 404, answer.text
        assert answer.texts("//h1") == ["Page not found"]
