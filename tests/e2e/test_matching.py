"""Subscriptions of each kind, made through the API and hit by dropped feeds, with their reasons in the stored alert."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.alerts.matches.reason_words import reason_sentence
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.model import Provenance
from shared.arrests.person import Identifier, IdentifierKind
from tests.e2e.rosters import roster, row, shipped
from tests.e2e.scene import Scene
from tests.local.deployed import eventually

BORN = {"date_of_birth": "1988-03-14"}
OF_THE_ROSTER: dict[str, tuple[dict[str, Any], str, str]] = {
    "a person, nearly": (
        {"watch": "person", "surname": "Quilfeather", "given": "Dorian"} | BORN,
        "BK26-04100", "Name and date of birth are alike (QUILLFEATHER",
    ),
    "a person by an alias": (
        {"watch": "person", "surname": "Quill", "given": "Dory"} | BORN, "BK26-04100", "an alias,",
    ),
    "a person or a state ID": (
        {"any": [{"watch": "identifier", "identifier": {"kind": "sid", "value": "1Z", "issuer": "NY"}},
                 {"watch": "person", "surname": "Halloway", "given": "Percival", "date_of_birth": "1984-02-29"}]},
        "BK26-04107", "Name and date of birth match",
    ),
    "a family of offences": ({"watch": "charge", "family": "burglary"}, "BK26-04109", "you watch burglary"),
    "a charge in New York's notation": (
        {"watch": "charge", "statute": "120.05(1)", "jurisdiction": "NY"}, "BK26-04107", "Charge matches (PL 1200501",
    ),
    "a keyword": ({"watch": "charge", "keyword": "intoxicated driving"}, "BK26-04105", "intoxicated driving"),
    "a charge, and not at an address": (
        {"all": [{"watch": "charge", "statute": "PL 160", "begins_with": True}], "none": [
            {"watch": "charge", "statute": "PL 120", "begins_with": True}, {"watch": "place", "address": "9 Nowhere"},
            {"watch": "person", "surname": "Vandermoor", "given": "Isolde", "date_of_birth": "1994-07-02"}]},
        "BK26-04111", "begins with PL 160",
    ),
}  # fmt: skip


NUMBERS = {"Last_Name": "Numbered", "State_ID": "00117733N", "FBI_No": "55KA66", "Precinct": "177",
           "Arrest_Street_No": "900", "Arrest_Street": "Numbered Way", "Statute": "PL 2350500"}  # fmt: skip


def _of_this_agency(agency: str) -> list[tuple[dict[str, Any], str, str]]:
    """Watches that name the agency, or numbers of its second drop; each is hit by one arrest of it."""

    def number(kind: str, value: str, issuer: str | None) -> dict[str, Any]:
        return {"watch": "identifier", "identifier": {"kind": kind, "value": value, "issuer": issuer}}

    booking = {"watch": "event", "kinds": ["booking"]}
    return [
        (number("sid", "0011-7733 n", "NY"), "BK-9", "State ID matches (NY 00117733N)"),
        (number("fbi", "55KA66", None), "BK-9", "FBI number matches (55KA66)"),
        (number("booking", "BK26-04103", agency), "BK26-04103", "BK2604103)"),
        ({"watch": "place", "agency": agency, "precinct": "177"}, "BK-9", "(precinct 177)"),
        ({"watch": "place", "address": "900 NUMBERED WAY", "city": "Exampleton"}, "BK-9", "(900 Numbered Way)"),
        ({"watch": "charge", "statute": "PL 2350500"}, "BK-9", "Charge matches (PL 2350500)."),
        ({"all": [{"watch": "charge", "statute": "PL 215", "begins_with": True}, booking,
                  {"watch": "agency", "agencies": [agency]}]}, "BK26-04103", "Event matches (booking)."),
        ({"any": [number("sid", "1", "NY"), {"all": [number("sid", "00117733N", "NY")], "none": [
            {"watch": "charge", "charge_class": "violation"}]}]}, "BK-9", "State ID matches"),
    ]  # fmt: skip


POLICE = {"arrest": {"id": "CP-77", "at": "2026-11-19T08:00:00"}, "charges": [],
          "place": {"beat": "B-0177", "street": None, "city": None, "district": None},
          "person": {"id": "p 0042-7", "born": "1991-04-05", "sex": None,
                     "name": {"last": "Beaten", "first": "Track"}}}  # fmt: skip


def _of_a_police_department(agency: str) -> list[tuple[dict[str, Any], str, str]]:
    number = {"kind": "person", "value": "P-00427", "issuer": agency}
    return [
        ({"watch": "identifier", "identifier": number}, "CP-77", "P00427)"),
        ({"watch": "place", "agency": agency, "beat": "b-0177"}, "CP-77", "(beat B-0177)"),
    ]


def test_a_subscription_of_each_kind_is_hit_and_the_alert_keeps_why(scene: Scene) -> None:
    agency, nypd, ada = scene.agency(), scene.agency("nypd"), scene.prosecutor()
    police = scene.agency("city-police", person_number="person.id", beat="place.beat")
    watched = {ada.watch(one)["subscription_id"]: (number, says) for one, number, says in OF_THE_ROSTER.values()}
    pair = {
        "all": [{"watch": "charge", "charge_class": "felony"}, {"watch": "place", "agency": agency, "precinct": "114"}]
    }
    near = {"watch": "place", "near": {"latitude": 40.6053, "longitude": -73.769, "metres": 150}}
    ori = ada.watch({"all": [{"watch": "place", "ori": "NY0303000"}, {"watch": "agency", "agencies": [nypd]}]})
    area = {"watch": "place", "area": [[-73.74, 40.72], [-73.73, 40.72], [-73.73, 40.73], [-73.74, 40.73]]}
    compound, point, shape = (ada.watch(one)["subscription_id"] for one in (pair, near, area))
    numbered = [*_of_this_agency(agency), *_of_a_police_department(police)]
    watched |= {ada.watch(one)["subscription_id"]: (number, says) for one, number, says in numbered}

    scene.take_in(agency, "roster.csv", shipped("roster"))
    scene.take_in(agency, "numbers.csv", roster(row("BK-9", **NUMBERS)))
    scene.take_in(nypd, "nypd.csv", shipped("nypd"))
    scene.take_in(police, "police.ndjson", json.dumps(POLICE).encode())

    numbers = {one.arrest_id: one.number for who in (agency, nypd, police) for one in scene.arrests(who)}
    told = {
        (because.subscription_id, numbers[alert.arrest_id]): because
        for alert in scene.alerts()
        for because in alert.because
    }
    for subscription, (number, says) in watched.items():
        because = told[subscription, number]
        assert says in reason_sentence(because)
        assert because.reasons
        assert [one for one, found in told if found.startswith(("BK", "CP"))].count(subscription) == 1, says
    assert {number for one, number in told if one == compound} == {"BK26-04108", "BK26-04111"}
    assert "within 150 meters)" in reason_sentence(told[point, "990100000"])
    assert (shape, "990100037") in told
    by_ori = reason_sentence(told[ori["subscription_id"], "990100000"])
    assert by_ori.startswith("Arresting agency matches (ORI NY0303000).")


def test_a_possible_match_waits_for_a_persons_word_and_is_then_told(scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch({"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": "1979-09-27"})
    scene.take_in(agency, "roster.csv", shipped("roster"))
    assert scene.alerts() == []
    (review,) = ada.api("GET", "/v1/reviews").body["items"]

    answer = ada.api("POST", f"/v1/reviews/{review['review_id']}/confirm")

    assert (answer.status, answer.body["verdict"]) == (200, "confirmed")
    scene.product.settle()
    (mail,) = scene.mails(ada.email)
    assert f"Confirmed by {ada.email}" in mail["BodyText"]


def test_a_state_id_added_in_a_later_drop_is_exactly_one_update(scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch({"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"})
    scene.take_in(agency, "monday.csv", roster(row("BK-1")))
    for file in ("tuesday.csv", "wednesday.csv"):
        scene.take_in(agency, file, roster(row("BK-1", State_ID="00009113Q")))
    (alert,) = scene.alerts()
    assert (alert.revision, [change.value for change in alert.changes]) == (2, ["identifier added"])
    assert len(scene.mails(ada.email)) == 2


def test_a_watch_follows_a_number_that_is_merged_and_its_owner_is_told_by_mail(scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    old, joint = (Identifier(kind=IdentifierKind.SID, value=f"{scene.name}{end}", issuer="NY") for end in ("A", "B"))
    ada.watch({"watch": "identifier", "identifier": old.model_dump(mode="json")})
    event = IdentityEvent(event_id=f"{scene.name}-merger", agency=agency, change=IdentityChange.MERGED, before=old,
                          after=joint)  # fmt: skip
    by = Provenance(drop_id=event.event_id, dropped_at=datetime.now(UTC))
    names = (scene.product.outputs[one] for one in ("ArrestsTable", "AgenciesTable"))
    table = IdentityEventsTable(scene.product.cloud.client("dynamodb"), *names)
    assert table.store(event, by, datetime.now(UTC))
    (notice,) = eventually(lambda: scene.mails(ada.email), what="the notice of the merger")
    assert (notice["Subject"], joint.value in notice["BodyText"]) == ("A watch has changed", False)

    scene.take_in(agency, "merged.csv", roster(row("BK-1", State_ID=joint.value)))

    (alert,) = scene.alerts()
    assert f"State ID matches (NY {joint.value})" in reason_sentence(alert.because[0])


@pytest.mark.parametrize("days", [30])
def test_a_criterion_is_tried_through_the_api_before_it_is_saved(scene: Scene, days: int) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    scene.take_in(agency, "roster.csv", shipped("roster"))
    question = {"criterion": {"all": [{"watch": "charge", "family": "burglary"},
                                      {"watch": "agency", "agencies": [agency]}]},
                "basis": {"kind": "investigation", "case_number": "INV-1"}, "days": days}  # fmt: skip

    def complete() -> dict | None:  # what takes longer than the API waits is answered in part, and says so
        answer = ada.api("POST", "/v1/backtest", question)
        assert answer.status == 200
        return answer.body if answer.body["complete"] else None

    found = eventually(complete, what="a whole answer")
    assert (found["alerts"], found["hits"][0]["number"]) == (1, "BK26-04109")
