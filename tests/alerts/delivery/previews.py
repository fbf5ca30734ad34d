"""Every kind of message as files that a person can open: `tests/alerts/delivery/previews/`.

`python -m tests.alerts.delivery.previews` writes the files again. With a folder as argument it also writes screenshots
of the HTML there; it takes them with an installed Chromium or Chrome.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.alerts.delivery.messages import digest_text, notice_text, rendering, subjects
from shared.alerts.delivery.messages.compose import signed_link
from shared.alerts.delivery.messages.digest import digest_for
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import MailPage, page_as_html, page_as_text
from shared.alerts.delivery.messages.rendering import Reading
from shared.alerts.expiry import ExpiryWarning, reminder_title
from shared.alerts.model import Alert, AlertReason, WithdrawalCause
from shared.alerts.revisions import escalation_to, fallback_to, withdrawal_of, without_ended_reasons
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.alerts.view import CurrentAlert, ShownAlert, ShownArrest, show_alert
from shared.arrests.charges import Charge
from shared.arrests.diff import differences
from shared.arrests.model import Arrest, ArrestChange
from shared.arrests.person import Identifier, IdentifierKind, PersonName
from shared.arrests.places import Place
from shared.aws.signing_keys import KeyPurpose
from shared.matching.criteria import Contrast, Grade, Reason, ReasonKind
from shared.offices.preferences import Urgency
from shared.offices.recipient import BasisKind
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW, an_arrest, an_office, signing_keys

FOLDER = Path(__file__).parent / "previews"
CONSOLE = "https://console.arrest-alert.example"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def six_reasons() -> tuple[Alert, Arrest]:
    """Returns an alert with six reasons for one person, and its arrest: gang folder, housing location, parole, field
    intelligence, curfew, open case."""
    arrest = an_arrest(
        "BK26-04417", surname="Quillfeather", given="Dorian", born=date(1988, 3, 14), agency="queensbridge-sheriff",
        statutes=["PL 265.03", "PL 120.05"], arrested_at=NOW - timedelta(hours=13),
        place=Place(address="14 Elm Street", city="Queensbridge", state="NY", precinct="101"),
    )  # fmt: skip
    booking = Identifier(kind=IdentifierKind.BOOKING, value="BK26-04417", issuer="queensbridge-sheriff")
    person = arrest.person.model_copy(update={"identifiers": (*arrest.person.identifiers, booking)})
    arrest = arrest.model_copy(update={"person": person, "charges": (
        Charge(statute="PL 265.03", text="Criminal possession of a weapon 2"),
        Charge(statute="PL 120.05", text="Assault 2 <physical injury & weapon>"),
    )})  # fmt: skip
    because = (
        _because(STATE_ID, BasisKind.INVESTIGATION, "INV-2026-0308",
                 folder="Gangs > Harbor Ave", owner="gang.unit@da.example.gov",
                 note="Named in a pending wire application; call before any interview.",
                 contact="D. Ward, 212-555-0147", others=("robbery@da.example.gov", "the Queens office")),
        _because(PLACE, BasisKind.SUSPICION, "MEMO-2026-07",
                 folder="Locations > Elm Houses", owner="housing@da.example.gov"),
        _because(NAME, BasisKind.SUPERVISION, "PAR-2026-0042",
                 folder="Supervision > Parole", owner="parole@da.example.gov"),
        _because(STATE_ID, BasisKind.INVESTIGATION, "FIO-2026-0119",
                 folder="Field intelligence > Priorities", owner="intel@da.example.gov"),
        _because(STATE_ID, BasisKind.SUPERVISION, "CUR-2026-0007",
                 folder="Supervision > Curfew", owner="parole@da.example.gov", reference="curfew 21:00-06:00"),
        _because(STATE_ID, BasisKind.OPEN_CASE, "2026-KN-000123",
                 folder="My cases", owner="ada@da.example.gov", reference="People v. Quillfeather"),
    )  # fmt: skip
    return an_alert(a_match()).model_copy(
        update={"because": because, "arrest_id": arrest.arrest_id, "arrest_number": NUMBER}
    ), arrest


NUMBER = "X7YG4-7QK2M"
STATE_ID = Reason(
    kind=ReasonKind.IDENTIFIER,
    grade=Grade.IDENTIFIER,
    facts={"number": "sid", "issuer": "NY"},
    watched="01234567A",
    reported="01234567A",
)
PLACE = Reason(kind=ReasonKind.PLACE, grade=Grade.STRONG, facts={"form": "address", "place": "14 Elm Street"})
NAME = Reason(
    kind=ReasonKind.PERSON,
    grade=Grade.STRONG,
    facts={"form": "same person", "name": "QUILLFEATHER, DORIAN", "born": "1988-03-14"},
)
LIKE = Reason(
    kind=ReasonKind.PERSON,
    grade=Grade.STRONG,
    facts={"form": "like person", "name": "QUILLFEATHER, DORIAN", "born": "1988-03-14"},
    contrasts=(
        Contrast(field="surname", watched="QUILLFETHER", reported="QUILLFEATHER"),
        Contrast(field="born", watched="1988-03-04", reported="1988-03-14"),
    ),
)


def _because(reason: Reason, basis: BasisKind, case_number: str, **facts: Any) -> AlertReason:
    usual = {"subscription_id": case_number, "owner": "ada@da.example.gov", "reference": ""}
    return AlertReason(reasons=(reason,), grade=reason.grade, basis=basis, case_number=case_number, **usual | facts)


def previews() -> Iterator[tuple[str, str]]:
    """Yields file name and content."""
    for name, (alert, arrest) in _alerts().items():
        shown = ShownAlert(alert)
        reading = _reading("" if shown.withdrawn_at else _signed(LinkPurpose.ANSWER, shown.alert_id))
        if shown.withdrawn_at:
            page = rendering.withdrawal_page(shown, reading, with_details=True)
        else:
            page = rendering.alert_page(shown, ShownArrest(arrest) if arrest else None, reading)
        yield from _mail(name, subjects.alert_subject(shown, reading.zone, NOW), page)
        url = reading.url(f"/a/{shown.short_number}")
        yield f"{name}.sms.txt", subjects.alert_text_message(shown, reading.office, url, reading.zone, NOW) + "\n"
    yield from _digest_previews()
    yield from _notice_previews()


def _alerts() -> dict[str, tuple[Alert, Arrest | None]]:
    alert, arrest = six_reasons()
    changes = differences(arrest.model_copy(update={"charges": arrest.charges[1:]}), arrest)
    taken_away = differences(arrest, arrest.model_copy(update={"charges": arrest.charges[1:]}))
    later = alert.model_copy(update={"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,), "differences": changes})
    now: datetime = alert.created_at
    urgent = tuple(map(_as_urgent, alert.because))
    urgent_alert = alert.model_copy(update={"because": urgent})
    alike = _because(LIKE, BasisKind.OPEN_CASE, "2026-KN-000123", folder="My cases")
    ended = without_ended_reasons(alert, alert.because[1:], "later", now)
    reason_ended = show_alert(CurrentAlert(ended, ended.because, arrest), frozenset(), (), now).alert
    return {
        "six-reasons": (alert, arrest), "ping": (alert, None), "urgent": (urgent_alert, arrest),
        "urgent-ping": (urgent_alert, None), "may-be-another": (alert.model_copy(update={"because": (alike,)}), arrest),
        "update": (later, arrest), "withdrawn": (withdrawal_of(alert, now), None),
        "corrected": (withdrawal_of(alert, now, WithdrawalCause.CORRECTED, taken_away), None),
        "reason-ended": (reason_ended, arrest),
        "escalated": (escalation_to([urgent_alert], "bo@da.example.gov", 0, now), arrest),
        "undelivered": (fallback_to(alert, "bo@da.example.gov", now), arrest),
        "longest": _longest(urgent_alert, arrest),
        "longest-may-be-another": _longest(urgent_alert.model_copy(update={"because": (_as_urgent(alike),)}), arrest),
    }  # fmt: skip


def _as_urgent(reason: AlertReason) -> AlertReason:
    return reason.model_copy(update={"urgency": Urgency.URGENT})


def _longest(alert: Alert, arrest: Arrest) -> tuple[Alert, Arrest]:
    """Everything is as long as it comes: the name, the street, twelve charges."""
    name = PersonName(surname="Quillfeather-Featherstonehaugh", given="Dorian Maximilian", middle="Bartholomew")
    text = "Criminal possession of a weapon " * 9
    charges = tuple(Charge(statute=f"PL 265.{number:02}", text=text) for number in range(12))
    place = Place(
        address="1400 Martin Luther King Jr Memorial Boulevard North, Building 12, Apartment 1204",
        city="Queensbridge",
        precinct="101",
    )
    person = arrest.person.model_copy(update={"names": (name, *arrest.person.names)})
    surname, born = LIKE.contrasts
    longer = surname.model_copy(update={"reported": "QUILLFEATHER-FEATHERSTONEHAUGH"})
    like = LIKE.model_copy(update={"contrasts": (longer, born)})
    because = tuple(
        reason.model_copy(update={"reasons": tuple(like if leaf == LIKE else leaf for leaf in reason.reasons)})
        for reason in alert.because
    )
    changed = arrest.model_copy(update={"charges": charges, "place": place, "person": person})
    return alert.model_copy(update={"because": because}), changed


def _mail(name: str, subject: str, page: MailPage) -> Iterator[tuple[str, str]]:
    yield f"{name}.txt", f"Subject: {subject}\n\n{page_as_text(page)}"
    yield f"{name}.html", page_as_html(subject, page)


def _reading(answer: str = "") -> Reading:
    office = an_office(contact="desk@da.example.gov")
    return Reading(office, office.zone, NOW, CONSOLE, answer, ("bo@da.example.gov",))


def _digest_previews() -> Iterator[tuple[str, str]]:
    alert, _ = six_reasons()
    alerts = [ShownAlert(alert), ShownAlert(alert.model_copy(update={"arrest_number": "0KY7B-J4CV2"}))]
    reading = _reading()
    for name, flood in (("digest", False), ("flood", True)):
        digest = digest_for(alert, alert.created_at + timedelta(hours=3), flood=flood)
        stop = "" if flood else _signed(LinkPurpose.NO_DIGEST, "6" * 32)
        page = digest_text.digest_page(digest, alerts, reading, with_folders=False, stop=stop)
        yield from _mail(name, digest_text.digest_subject(digest, alerts, reading.zone), page)


def _notice_previews() -> Iterator[tuple[str, str]]:
    warnings = tuple(
        ExpiryWarning(
            subscription_id=f"{number}" * 32, basis=BasisKind.OPEN_CASE, case_number=f"2026-KN-00{number}",
            last_day=date(2026, 11, 19), by_its_own_end=True, step=-1,
        )
        for number in (1, 2)
    )  # fmt: skip
    notice = Notice(
        notice_id="7" * 32, office_id="kings", email="ada@da.example.gov", title=reminder_title(warnings), lines=(),
        path="/console/watches", warnings=warnings, created_at=NOW,
    )  # fmt: skip
    yield from _mail("notice", notice.title, notice_text.notice_page(notice, _reading(), with_cases=True))


def _signed(purpose: LinkPurpose, about: str) -> str:
    return signed_link(CONSOLE, signed_token(purpose, about, NOW, signing_keys(KeyPurpose.LINKS)))


def browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def screenshot(page: Path, picture: Path, width: int = 700) -> None:
    """Takes a picture high enough for the longest page. A narrow page is longer."""
    path = browser()
    assert path, f"no browser is installed ({', '.join(BROWSERS)})"
    subprocess.run(
        [path, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={picture}",
         f"--window-size={width},{1200 if width >= 700 else 1800}", page.resolve().as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, content in previews():
        (FOLDER / name).write_text(content, encoding="utf-8")
    if len(sys.argv) > 1:
        for page in sorted(FOLDER.glob("*.html")):
            picture = Path(sys.argv[1]) / f"{page.stem}.png"
            screenshot(page, picture)
            print(picture)


if __name__ == "__main__":
    main()
