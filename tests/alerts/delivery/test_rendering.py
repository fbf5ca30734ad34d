from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.delivery.messages import rendering, subjects
from shared.alerts.delivery.messages.notice_text import page_path
from shared.alerts.delivery.messages.page import page_as_html, page_as_text
from shared.alerts.delivery.messages.rendering import Reading, alert_page
from shared.alerts.model import Alert
from shared.alerts.revisions import escalation_to, withdrawal_of
from shared.alerts.view import ShownAlert, ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.diff import Difference, differences
from shared.arrests.model import ArrestChange, EventKind
from shared.offices.preferences import Urgency
from tests.alerts.test_model import a_match, an_alert
from tests.builders import CHARGE_WATCH, NOW, an_arrest, an_office

CONSOLE = "https://alerts.example.gov"
NUMBER = "0KY7B-7QK2M"
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.fixture
def alert() -> ShownAlert:
    reasons = an_alert(a_match(reference="ref-9"), a_match(CHARGE_WATCH))
    return ShownAlert(reasons.model_copy(update={"arrest_number": NUMBER}))


def reading(**facts: Any) -> Reading:
    office = an_office(**facts)
    return Reading(office, office.zone, NOW, CONSOLE, f"{CONSOLE}/v1/links/x", ("bo@da.example.gov",))


def in_full(alert: Alert, arrest: Any = None, **facts: Any) -> str:
    return page_as_text(alert_page(ShownAlert(alert), ShownArrest(arrest or an_arrest()), reading(**facts)))


def urgent(alert: Alert) -> ShownAlert:
    reasons = tuple(reason.model_copy(update={"urgency": Urgency.URGENT}) for reason in alert.because)
    return ShownAlert(alert.model_copy(update={"because": reasons}))


def subject(alert: Alert, now: datetime = NOW) -> str:
    return subjects.alert_subject(ShownAlert(alert), ZoneInfo("America/New_York"), now)


def test_full_detail_says_who_what_and_every_reason(alert: ShownAlert) -> None:
    text = in_full(alert)
    for words in (
        "Pat EXAMPLE was arrested", "Born Feb 3, 1990", "State ID (NY) 01234567A", "PL 120.05",
        "State ID matches (NY 01234567A). Surest kind of match.", "begins with PL 120", "ref-9", "2026-KN-000123",
        "precinct 101", "Check before you act", "Arrest alert 0KY7B",
    ):  # fmt: skip
        assert words in text


def test_a_ping_says_nothing_of_the_person_anywhere(alert: ShownAlert) -> None:
    page = alert_page(alert, None, reading())
    everything = [
        subject(alert), subjects.alert_text_message(alert, an_office(), CONSOLE, ZoneInfo("UTC"), NOW),
        page_as_text(page), page_as_html("title", page),
    ]  # fmt: skip
    for secret in ("EXAMPLE", "Pat", "1990", "01234567A", "PL 120", "100 Example", "2026-KN", "ref-9"):
        assert not [wording for wording in everything if secret in wording], secret


@pytest.mark.parametrize("allowed", [True, False])
def test_a_ping_names_the_folder_only_if_the_office_allows_it(alert: ShownAlert, allowed: bool) -> None:
    filed = alert.because[0].model_copy(update={"folder": "Gangs > Harbor Ave"})
    named = ShownAlert(alert.model_copy(update={"because": (filed, filed)}))
    text = page_as_text(alert_page(named, None, reading(folders_in_pings=allowed)))
    assert text.count("- Gangs > Harbor Ave\n") == allowed
    assert "Gangs" not in subject(named)


def test_kw5_what_happened_is_read_first_then_what_to_check_then_what_to_press(alert: ShownAlert) -> None:
    text = in_full(urgent(alert))
    order = [
        "Pat EXAMPLE was arrested", "Check before you act.", "I have it: https://alerts.example.gov/v1/links/x",
        "Answer by 10:45 a.m. If you do not, bo@da.example.gov is told. No sign-in needed.", "Wrong person?",
        "WHO\n", "WHAT HAPPENED\n", "WHY YOU GET THIS", "You get this because", "Change what you get",
        "do not forward",
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_who_has_no_deputy_and_no_other_owner_is_told_that_nobody_else_is_asked(alert: ShownAlert) -> None:
    page = alert_page(urgent(alert), ShownArrest(an_arrest()), reading()._replace(others=()))
    assert page.press
    assert page.press.note == "Answer by 10:45 a.m. You have no deputy: nobody else is told. No sign-in needed."


def test_kw6_subjects_say_what_to_do_and_nothing_personal(alert: ShownAlert) -> None:
    later = alert.model_copy(update={"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,)})
    assert [
        subject(alert),
        subject(urgent(alert)),
        subject(urgent(alert), NOW + timedelta(hours=1)),
        subject(later),
        subject(urgent(ShownAlert(later))),
        subject(escalation_to([urgent(alert)], "bo@da.example.gov", 0, NOW)),
        subject(withdrawal_of(alert, NOW)),
    ] == [
        "Arrest alert 0KY7B",
        "URGENT - answer by 10:45 a.m.: arrest alert 0KY7B",
        "URGENT: arrest alert 0KY7B",
        "Update to arrest alert 0KY7B: charge added",
        "URGENT - answer by 10:45 a.m.: update to arrest alert 0KY7B: charge added",
        "NOT ANSWERED: arrest alert 0KY7B, for ada@da.example.gov",
        "WITHDRAWN: arrest alert 0KY7B. Do not act on it",
    ]


def test_markup_in_a_charge_is_shown_as_text(alert: ShownAlert) -> None:
    arrest = an_arrest().model_copy(update={"charges": (Charge(statute="PL 1", text="<script>alert('x')</script>"),)})
    html = page_as_html("<b>", alert_page(alert, ShownArrest(arrest), reading()))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<title>&lt;b&gt;</title>" in html


@pytest.mark.parametrize("name", ["Queensbridge District Attorney", "Fiscalía del Condado de Ñandú " * 6, "検察庁"])
def test_kw7_a_text_message_is_one_gsm_part_at_the_longest_console_address(alert: ShownAlert, name: str) -> None:
    later = alert.model_copy(update={"revision": 12})
    url = "https://" + "a" * 52 + "/a/0KY7B"
    for told in (urgent(alert), urgent(ShownAlert(later)), later, withdrawal_of(alert, NOW)):
        office = an_office(name=name)
        short = subjects.alert_text_message(ShownAlert(told), office, url, office.zone, NOW)
        assert len(short) <= 160
        assert set(short) <= GSM_7
        assert short.endswith(url)


def test_a_text_message_says_the_office_the_number_the_time_and_the_link(alert: ShownAlert) -> None:
    office = an_office(name="Queensbridge District Attorney")
    short = subjects.alert_text_message(urgent(alert), office, "https://aa.example/a/0KY7B", office.zone, NOW)
    assert short == "Queensbridge DA: URGENT arrest alert 0KY7B. Answer by 10:45 am: https://aa.example/a/0KY7B"


def test_an_update_says_what_is_new(alert: ShownAlert) -> None:
    later = ShownAlert(alert.model_copy(update={"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,)}))
    assert "A charge was added." in page_as_text(alert_page(later, None, reading()))


def test_an_update_names_the_charge_that_was_added_and_a_ping_does_not(alert: ShownAlert) -> None:
    later_arrest = an_arrest(statutes=["PL 120.05", "PL 265.03"])
    added = differences(an_arrest(), later_arrest)
    update = {"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,), "differences": added}
    later = ShownAlert(alert.model_copy(update=update))
    full = in_full(later, later_arrest)
    ping = page_as_text(alert_page(later, None, reading()))
    assert "Charge added: PL 265.03" in full
    assert "A charge was added." in ping
    assert "265.03" not in ping


def test_kw8_times_are_in_the_readers_zone_a_moved_release_too(alert: ShownAlert) -> None:
    release = an_arrest().model_copy(
        update={"kind": EventKind.RELEASE_SCHEDULED, "event_at": datetime(2026, 11, 21, 2, 30, tzinfo=UTC)}
    )
    moved = Difference(
        change=ArrestChange.EVENT_MOVED,
        field="date of the scheduled release",
        after="2026-11-21 02:30:00+00:00",
        before="2026-11-20",
    )
    update = {"revision": 2, "changes": (ArrestChange.EVENT_MOVED,), "differences": (moved,)}
    later = ShownAlert(alert.model_copy(update=update))
    in_denver = reading()._replace(zone=ZoneInfo("America/Denver"))
    text = page_as_text(alert_page(later, ShownArrest(release), in_denver))
    assert "Pat EXAMPLE will be released\n" in text
    assert "Date of the scheduled release corrected: Fri, Nov 20, 2026, 7:30 p.m. MST, before" in text
    assert "\nFri, Nov 20, 2026, 7:30 p.m. MST\n" in text


def test_what_the_agency_did_not_supply_is_said_to_be_missing() -> None:
    bare = an_arrest(sid=None, surname="", given="", born=None, statutes=[], arrested_on=None)
    text = in_full(an_alert(a_match(), arrest=bare), bare)
    assert text.startswith("Arrest alert ")
    for missing in (
        "without a reported name",
        "Date of birth not reported",
        "Date not reported",
        "Charges not reported",
    ):
        assert missing in text
    assert "None" not in text


def test_many_charges_leave_the_first_thing_to_press_on_the_first_screen(alert: ShownAlert) -> None:
    charges = tuple(Charge(statute=f"PL {number}", text="Possession " * 30) for number in range(12))
    page = rendering.alert_page(alert, ShownArrest(an_arrest().model_copy(update={"charges": charges})), reading())
    assert page.lead[-1] == "and 11 more charges"
    assert max(map(len, page.lead)) <= 64
    assert sum("PL 11 Possession" in line for section in page.sections for line in section.lines) == 1


@pytest.mark.parametrize(
    ("stored", "page"),
    [
        ("/v1/subscriptions", "/console/watches"),
        ("/v1/subscriptions/5f", "/console/watches/5f"),
        ("/v1/reviews", "/console/possible-matches"),
        ("/v1/alerts/5f", "/console/alerts/5f"),
        ("/v1/agencies/roster/drops", "/console/agencies/roster/drops"),
        ("/v1/reports/without-reader", "/console/reports"),
        ("/console/me", "/console/me"),
        ("", ""),
    ],
)
def test_a_notice_that_was_stored_before_there_were_pages_leads_to_one(stored: str, page: str) -> None:
    assert page_path(stored) == page
