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

from shared.alerts.delivery.messages import rendering
from shared.alerts.delivery.messages.compose import signed_link
from shared.alerts.delivery.messages.digest import digest_for
from shared.alerts.delivery.messages.digest_text import digest_sections, digest_subject
from shared.alerts.delivery.messages.page import Links, page_as_html, page_as_text
from shared.alerts.model import Alert, AlertReason, WithdrawalCause
from shared.alerts.revisions import escalation_to, fallback_to, withdrawal_of, without_ended_reasons
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.alerts.view import ShownAlert, ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.diff import differences
from shared.arrests.model import Arrest, ArrestChange
from shared.arrests.places import Place
from shared.matching.criteria import Grade
from shared.offices.recipient import BasisKind
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW, an_arrest, an_office

FOLDER = Path(__file__).parent / "previews"
CONSOLE = "https://console.arrest-alert.example"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def six_reasons() -> tuple[Alert, Arrest]:
    """Returns an alert with six reasons for one person, and its arrest: gang folder, housing location, parole, field
    intelligence, curfew, open case."""
    arrest = an_arrest(
        "BK26-04417", surname="Quillfeather", given="Dorian", born=date(1988, 3, 14), agency="roster",
        statutes=["PL 265.03", "PL 120.05"], arrested_at=NOW - timedelta(hours=13),
        place=Place(address="14 Elm Street", city="Queensbridge", state="NY", precinct="101"),
    )  # fmt: skip
    arrest = arrest.model_copy(update={"charges": (
        Charge(statute="PL 265.03", text="Criminal possession of a weapon 2"),
        Charge(statute="PL 120.05", text="Assault 2 <physical injury & weapon>"),
    )})  # fmt: skip
    because = (
        _because("state ID equal: 01234567A (NY)", Grade.IDENTIFIER, BasisKind.INVESTIGATION, "INV-2026-0308",
                 folder="Gangs > Harbor Ave", owner="gang.unit@da.example.gov",
                 note="Named in a pending wire application; call before any interview.",
                 contact="D. Ward, 212-555-0147", others=("robbery@da.example.gov", "the Queens office")),
        _because("arrest at 14 ELM STREET", Grade.STRONG, BasisKind.SUSPICION, "MEMO-2026-07",
                 folder="Locations > Elm Houses", owner="housing@da.example.gov"),
        _because("name and date of birth equal: QUILLFEATHER, DORIAN, born 1988-03-14", Grade.STRONG,
                 BasisKind.SUPERVISION, "PAR-2026-0042", folder="Supervision > Parole", owner="parole@da.example.gov"),
        _because("state ID equal: 01234567A (NY)", Grade.IDENTIFIER, BasisKind.INVESTIGATION, "FIO-2026-0119",
                 folder="Field intelligence > Priorities", owner="intel@da.example.gov"),
        _because("state ID equal: 01234567A (NY)", Grade.IDENTIFIER, BasisKind.SUPERVISION, "CUR-2026-0007",
                 folder="Supervision > Curfew", owner="parole@da.example.gov", reference="curfew 21:00-06:00"),
        _because("state ID equal: 01234567A (NY)", Grade.IDENTIFIER, BasisKind.OPEN_CASE, "2026-KN-000123",
                 folder="My cases", owner="ada@da.example.gov", reference="People v. Quillfeather"),
    )  # fmt: skip
    return an_alert(a_match()).model_copy(update={"because": because, "arrest_id": arrest.arrest_id}), arrest


def _because(sentence: str, grade: Grade, basis: BasisKind, case_number: str, **facts: Any) -> AlertReason:
    usual = {"subscription_id": case_number, "owner": "ada@da.example.gov", "reference": ""}
    return AlertReason(sentence=sentence, grade=grade, basis=basis, case_number=case_number, **usual | facts)


def previews() -> Iterator[tuple[str, str]]:
    """Yields file name and content."""
    alert, arrest = six_reasons()
    changes = differences(arrest.model_copy(update={"charges": arrest.charges[1:]}), arrest)
    taken_away = differences(arrest, arrest.model_copy(update={"charges": arrest.charges[1:]}))
    later = alert.model_copy(update={"revision": 2, "changes": (ArrestChange.CHARGE_ADDED,), "differences": changes})
    now: datetime = alert.created_at
    alerts = {
        "six-reasons": (alert, arrest), "ping": (alert, None), "update": (later, arrest),
        "withdrawn": (withdrawal_of(alert, now), None),
        "corrected": (withdrawal_of(alert, now, WithdrawalCause.CORRECTED, taken_away), None),
        "reason-ended": (without_ended_reasons(alert, alert.because[1:], "later", now), arrest),
        "escalated": (escalation_to([alert], "bo@da.example.gov", 0, now), arrest),
        "undelivered": (fallback_to(alert, "bo@da.example.gov", now), arrest),
    }  # fmt: skip
    office = an_office()
    for name, (told, arrested) in alerts.items():
        shown, details = ShownAlert(told), ShownArrest(arrested) if arrested else None
        sections = rendering.alert_sections(shown, details, office)
        if shown.withdrawn_at:
            sections = rendering.withdrawal_sections(shown, with_details=True)
        answer = "" if shown.withdrawn_at else _signed(LinkPurpose.ANSWER, shown.alert_id)
        text = rendering.alert_as_text(shown, office, sections, CONSOLE, answer)
        yield f"{name}.txt", f"Subject: {rendering.subject(shown)}\n\n{text}"
        yield f"{name}.html", rendering.alert_as_html(shown, office, sections, CONSOLE, answer)
        yield f"{name}.sms.txt", rendering.short_text(shown, CONSOLE) + "\n"
    yield from _digest_previews(alert)


def _digest_previews(alert: Alert) -> Iterator[tuple[str, str]]:
    office = an_office()
    alerts = [ShownAlert(alert), ShownAlert(alert.model_copy(update={"alert_id": "5" * 32}))]
    for name, flood in (("digest", False), ("flood", True)):
        digest = digest_for(alert, alert.created_at + timedelta(hours=3), flood=flood)
        title = digest_subject(digest, alerts, office)
        sections = digest_sections(digest, alerts, CONSOLE)
        stop = "" if flood else _signed(LinkPurpose.NO_DIGEST, "6" * 32)
        links = Links(f"{CONSOLE}/v1/alerts", stop=stop)
        yield f"{name}.txt", f"Subject: {title}\n\n{page_as_text(title, office, sections, links)}"
        yield f"{name}.html", page_as_html(title, office, sections, links)


def _signed(purpose: LinkPurpose, about: str) -> str:
    return signed_link(CONSOLE, signed_token(purpose, about, NOW, b"a key for tests only"))


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
