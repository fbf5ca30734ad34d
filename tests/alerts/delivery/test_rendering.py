import pytest

from shared.alerts.delivery.messages import rendering
from shared.alerts.model import Alert
from shared.alerts.view import ShownAlert, ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.diff import differences
from shared.arrests.model import ArrestChange
from tests.alerts.test_model import a_match, an_alert
from tests.builders import CHARGE_WATCH, an_arrest, an_office

CONSOLE = "https://alerts.example.gov"
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.fixture
def alert() -> Alert:
    return an_alert(a_match(reference="ref-9"), a_match(CHARGE_WATCH))


def test_full_detail_says_who_what_and_every_reason(alert):
    office = an_office()
    text = rendering.alert_as_text(
        alert, office, rendering.alert_sections(alert, ShownArrest(an_arrest()), office), CONSOLE
    )
    for said in ("EXAMPLE, Pat", "1990-02-03", "SID 01234567A", "PL 120.05", "State ID matches (NY 01234567A).",
                 "Surest kind of match.", "begins with PL 120",
                 "ref-9", "2026-KN-000123", "precinct 101", "Verify before you act", alert.number):  # fmt: skip
        assert said in text


def test_a_ping_says_nothing_of_the_person_anywhere(alert):
    office = an_office()
    parts = rendering.alert_sections(alert, None, office)
    everything = [
        rendering.subject(alert), rendering.short_text(alert, CONSOLE),
        rendering.alert_as_text(alert, office, parts, CONSOLE), rendering.alert_as_html(alert, office, parts, CONSOLE),
    ]  # fmt: skip
    for secret in ("Example,", "Pat", "1990-", "01234567A", "PL 120", "100 Example", "2026-KN", "ref-9"):
        assert not [wording for wording in everything if secret in wording], secret


@pytest.mark.parametrize("allowed", [True, False])
def test_a_ping_names_the_folder_only_if_the_office_allows_it(alert, allowed):
    office = an_office(folders_in_pings=allowed)
    filed = alert.because[0].model_copy(update={"folder": "Gangs > Harbor Ave"})
    named = alert.model_copy(update={"because": (filed, filed)})
    text = rendering.alert_as_text(named, office, rendering.alert_sections(named, None, office), CONSOLE)
    assert text.count("- in Gangs > Harbor Ave\n") == allowed
    assert "Gangs" not in rendering.subject(named) + rendering.short_text(named, CONSOLE)


def test_verify_before_you_act_is_read_before_anything_else(alert):
    office = an_office()
    parts = rendering.alert_sections(alert, ShownArrest(an_arrest()), office)
    for page in (rendering.alert_as_text, rendering.alert_as_html):
        content = page(alert, office, parts, CONSOLE)
        assert content.index("Verify before you act") < content.upper().index("EXAMPLE, PAT")


def test_markup_in_a_charge_is_shown_as_text(alert):
    office = an_office()
    arrest = an_arrest().model_copy(update={"charges": (Charge(statute="PL 1", text="<script>alert('x')</script>"),)})
    html = rendering.alert_as_html(alert, office, rendering.alert_sections(alert, ShownArrest(arrest), office), CONSOLE)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_text_message_is_one_gsm_part_at_the_longest_console_address(alert):
    later = alert.model_copy(update={"revision": 12})
    short = rendering.short_text(later, "https://" + "a" * 52)
    assert len(short) <= 160
    assert set(short) <= GSM_7


def test_an_update_says_what_is_new(alert):
    later = alert.model_copy(update={"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,)})
    text = rendering.alert_as_text(later, an_office(), rendering.alert_sections(later, None, an_office()), CONSOLE)
    assert rendering.subject(later).endswith("update 1")
    assert "A charge was added." in text


def test_an_update_names_the_charge_that_was_added_and_a_ping_does_not(alert):
    later_arrest = an_arrest(statutes=["PL 120.05", "PL 265.03"])
    found = differences(an_arrest(), later_arrest)
    later = alert.model_copy(update={"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,), "differences": found})
    full, ping = (
        str(rendering.alert_sections(later, shown, an_office())) for shown in (ShownArrest(later_arrest), None)
    )
    assert "charge added: PL 265.03" in full
    assert "A charge was added." in ping
    assert "265.03" not in ping


def test_what_the_agency_did_not_supply_is_said_to_be_missing():
    bare = an_arrest(sid=None, surname="", given="", born=None, statutes=[], arrested_on=None)
    alert = ShownAlert(an_alert(a_match(), arrest=bare))
    text = rendering.alert_as_text(
        alert, an_office(), rendering.alert_sections(alert, ShownArrest(bare), an_office()), CONSOLE
    )
    assert text.count("not supplied") >= 3
    assert "None" not in text
