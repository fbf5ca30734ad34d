"""Bail, court dates, dockets, charges and sentences, which several kinds of NIEM documents write in the same words."""

import re
from collections.abc import Iterator

from shared.feeds.formats.niem.elements import date_in, organization_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, text
from shared.feeds.record import CaseText, ChargeText

STATUTE_IDS = "StatuteCodeSectionIdentification|StatuteCodeIdentification|StatuteOffenseIdentification"
_CHARGE_TEXTS = "ChargeDescriptionText|ChargeText|GeneralOffenseCharacterDescriptionText"
_CHARGE_CODES = "ChargeCodeText|OffenseCodeText|OriginalOffenseCodeText"
_CHARGE_CLASSES = "ChargeSeverityText|ChargeClassificationText|ChargeSeverityCode"
_OTHER_CLASSES = "ChargeClassCode|ChargeClassCodeText|ChargeCategoryDescriptionText"
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?")
_UNITS = ("year", "month", "week", "day", "hour", "minute")


def charge_text(charge: Element | None) -> ChargeText:
    return ChargeText(
        statute=text(charge, "ChargeStatute", STATUTE_IDS, "IdentificationID") or text(charge, _CHARGE_CODES),
        charge=text(charge, _CHARGE_TEXTS) or text(charge, "ChargeStatute", "StatuteDescriptionText"),
        charge_class=text(charge, _CHARGE_CLASSES) or text(charge, _OTHER_CLASSES),
        degree=text(charge, "ChargeDegreeText"),
    )


def custody_case(document: Document, report: Element) -> CaseText:
    """The bail and the next court date of a report of one stay in custody."""
    bond = next(document.descendants(report, "BailBond"), None)
    hearing = next(document.descendants(report, "NextCourtEvent"), None)
    return CaseText(
        court=organization_of(document, first(hearing, "CourtEventCourt")),
        bail=text(bond, "BailBondAmount", "Amount") or text(bond, "BailBondAmount"),
        bail_kind=text(bond, "ActivityCategoryText"),
        court_date=date_in(hearing, "ActivityDate"),
    )


def sentence_text(sentences: Iterator[Element]) -> str:
    """`Probation 3 years; Imprisonment 9 months`. Conditions are not read: they name whom an order protects."""
    parts: dict[str, None] = {}
    for sentence in sentences:
        for term in descendants(sentence, "SentenceTerm"):
            category = text(term, "ActivityName") or next(_texts_of(term, "SentenceTermCategoryCode"), "")
            parts[" ".join(filter(None, (category, duration_in_words(text(term, "TermDuration")))))] = None
        parts[text(sentence, "SentenceDescriptionText|ActivityDescriptionText")] = None
    return "; ".join(filter(None, parts))


def _texts_of(element: Element, name: str) -> Iterator[str]:
    return filter(None, map(text, descendants(element, name)))


def duration_in_words(duration: str) -> str:
    """`2 years 6 months` of `P2Y6M`; a text that is no ISO 8601 duration stays as it is."""
    match = _DURATION.fullmatch(duration)
    if not match:
        return duration
    counts = ((int(count or 0), unit) for count, unit in zip(match.groups(), _UNITS, strict=True))
    return " ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in counts if count)
