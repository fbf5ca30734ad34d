"""One arrest is one message, however many watches it hits."""

from datetime import date
from typing import Any

from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import an_arrest

BORN = date(1988, 3, 14)
SID = {"watch": "identifier", "identifier": {"kind": "sid", "value": "01234567A", "issuer": "NY"}}
NAME = {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": BORN}
HOME = {"watch": "place", "address": "100 Example Street", "city": "Exampleton"}
SIX: list[tuple[dict[str, Any], str, str, str]] = [  # criterion, basis, case number, the owner's reference
    (SID, "investigation", "INV-2026-0308", "gang folder, Harbor Ave"),
    (HOME, "documented suspicion", "MEMO-2026-07", "housing, Elm Houses"),
    (NAME, "supervision", "PAR-2026-0042", "parole"),
    (SID, "investigation", "FIO-2026-0119", "field intelligence priority"),
    (NAME, "supervision", "CUR-2026-0007", "curfew 21:00-06:00"),
    (SID, "open case", "2026-KN-000123", "People v. Quillfeather"),
]


def test_gang_folder_housing_parole_field_intelligence_curfew_and_open_case_are_one_message(post: Post) -> None:
    for criterion, kind, number, reference in SIX:
        post.watch({"email": ADA}, {"email": ADA.upper()}, criterion=criterion, reference=reference,
                   basis={"kind": kind, "case_number": number})  # fmt: skip
    post.happens(an_arrest(surname="Quillfeather", given="Dorian", born=BORN))
    post.work()
    [(address, message, _)] = post.mails
    assert address.casefold() == ADA
    assert "WHY YOU GET THIS: 6 WATCHES MATCH" in message.text
    for _, kind, number, reference in SIX:
        assert message.text.casefold().count(f"{kind} {number}".casefold()) == 1
        assert message.text.count(f"Your reference: {reference}") == 1
    assert message.text.count("Watched by") == 6
    assert message.html.count("<li") == message.text.count("\n- ")
