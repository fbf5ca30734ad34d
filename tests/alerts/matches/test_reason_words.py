"""The sentence of a reason, made when it is read: of every kind, and of those that were stored with their sentence."""

from datetime import date
from typing import Any

import pytest

from shared.alerts.matches.reason_words import kinds_in_words, reason_sentence, shown_differences, sureness
from shared.alerts.model import AlertReason
from shared.arrests.charges import Charge
from shared.arrests.model import Arrest, EventKind
from shared.arrests.places import Place
from shared.matching.criteria import Grade, Reason
from shared.matching.rules.evaluate import reason_of
from shared.offices.recipient import BasisKind
from tests.builders import (
    ADDRESS_WATCH,
    CHARGE_WATCH,
    NAME_WATCH,
    PRECINCT_WATCH,
    SID_WATCH,
    a_subscription,
    an_arrest,
)

RELEASE = {"all": [SID_WATCH, {"watch": "event", "kinds": ["release"]}]}


def the_reason(criterion: dict[str, Any], arrest: Arrest | None = None) -> Reason:
    reason = reason_of(a_subscription(criterion).criterion, arrest or an_arrest())
    assert reason
    return reason


@pytest.mark.parametrize(
    ("criterion", "sentence", "sure"),
    [
        (SID_WATCH, "State ID matches (NY 01234567A).", "Surest kind of match."),
        (NAME_WATCH, "Name and date of birth match (EXAMPLE, PAT, born Feb 3, 1990).", "Strong match."),
        (CHARGE_WATCH, "Charge matches (PL 120.05 begins with PL 120).", ""),
        (PRECINCT_WATCH, "Place matches (precinct 101).", ""),
        (ADDRESS_WATCH, "Place matches (100 Example Street).", ""),
        (
            {"all": [CHARGE_WATCH, {"watch": "agency", "agencies": ["roster"]}]},
            "Charge matches (PL 120.05 begins with PL 120). Agency matches (Roster).",
            "",
        ),
    ],
)
def test_kw2_a_reason_says_plainly_what_it_rests_on_and_how_sure_it_is(
    criterion: dict[str, Any], sentence: str, sure: str
) -> None:
    reason = the_reason(criterion)
    assert reason.sentence == ""  # nothing of it is stored
    assert (reason_sentence(reason), sureness(reason)) == (sentence, sure)


def test_a_misdemeanor_is_spelled_as_in_america() -> None:
    arrest = an_arrest().model_copy(update={"charges": (Charge(text="OPEN CONTAINER", charge_class="misdemeanour"),)})
    watch = {"watch": "charge", "keyword": "container", "charge_class": "misdemeanour"}
    assert "you watch misdemeanor" in reason_sentence(the_reason(watch, arrest))


def test_a_point_is_said_in_meters() -> None:
    arrest = an_arrest(place=Place(latitude=40.7001, longitude=-73.9001))
    near = {"watch": "place", "near": {"latitude": 40.7, "longitude": -73.9, "metres": 150}}
    assert reason_sentence(the_reason(near, arrest)) == (
        "Place matches (14 meters from your point, within 150 meters)."
    )


def test_a_release_is_said_beside_the_number() -> None:
    released = an_arrest().model_copy(update={"kind": EventKind.RELEASE})
    assert reason_sentence(the_reason(RELEASE, released)).endswith("(NY 01234567A). Event matches (release).")


def test_kw3_where_the_two_sides_differ_each_difference_is_said_with_both_values() -> None:
    watch = NAME_WATCH | {"surname": "Thistlewood", "given": "Ana", "date_of_birth": "1985-07-09"}
    reason = the_reason(watch, an_arrest(surname="Thistlewoode", given="Ana", born=date(1985, 7, 19), sid=None))
    assert [difference.line for difference in shown_differences(reason)] == [
        "Surname: you watch THISTLEWOOD, reported THISTLEWOODE.",
        "Born: you watch 7/9/1985, reported 7/19/1985.",
    ]
    assert sureness(reason) == "May be another person."


def test_a_digest_says_what_reasons_rest_on_without_any_value() -> None:
    reason = the_reason({"all": [SID_WATCH, CHARGE_WATCH]})
    shown = alert_reason(reasons=reason.subreasons)
    assert kinds_in_words([shown]) == ("state ID", "charge")


def test_kw4_a_reason_that_was_stored_with_its_sentence_keeps_it() -> None:
    before = alert_reason(sentence="state ID equal: 01234567A", reasons=())
    assert (reason_sentence(before), sureness(before), shown_differences(before)) == (
        "state ID equal: 01234567A",
        "Surest kind of match.",
        (),
    )
    assert kinds_in_words([before]) == ()


def alert_reason(**values: Any) -> AlertReason:
    return AlertReason(
        subscription_id="1" * 32,
        owner="ada@da.example.gov",
        grade=Grade.IDENTIFIER,
        basis=BasisKind.OPEN_CASE,
        case_number="2026-KN-1",
        reference="",
        **values,
    )
