"""Drop a feed, be alerted: every kind of watch, every channel, every shipped kind of feed."""

import json
from datetime import datetime, timedelta

import pytest

from tests.e2e.rosters import shipped
from tests.e2e.scene import Scene, bodies, holding, topic_inbox, unused_name

ELM_STREET = {"watch": "place", "address": "14 Elm St."}
ASSAULTS = {"watch": "charge", "statute": "PL 120", "begins_with": True}
QUILLFEATHER = {"watch": "person", "surname": "QUILLFEATHER", "given": "dorian", "date_of_birth": "1988-03-14"}
VANDERMOOR = {"watch": "person", "surname": "Vandermoor", "given": "Isolde", "date_of_birth": "1994-07-02"}
VANDERMOORS_STATE_ID = {"watch": "identifier", "identifier": {"kind": "sid", "value": "0000-9113 q", "issuer": "NY"}}
# Nothing that a hexadecimal id could hold by chance.
PERSONAL = ("Quillfeather", "Dorian", "Quill", "1988-03-14", "03/14", "Vandermoor", "Isolde", "1994-07-02", "00009113Q",
            "BK26-", "BK2604", "Elm Street", "PL 120", "1201401", "Menacing", "2026-KN",
            "900-55", "555-0100")  # fmt: skip


def test_a_dropped_roster_is_one_alert_for_each_recipient_with_every_reason(scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    precinct = {"watch": "place", "agency": agency, "precinct": "101"}
    for criterion in (QUILLFEATHER, ASSAULTS, ELM_STREET, precinct):
        ada.watch(criterion)

    receipt = scene.take_in(agency, "roster.csv", shipped("roster"))

    assert (receipt.rows.read, receipt.rows.accepted, receipt.rows.rejected) == (14, 12, 2)
    assert receipt.rejected == {"bad-date": 1, "too-few-cells": 1}
    assert receipt.rejects_key
    rejects = scene.product.read(receipt.rejects_key).decode()
    assert "bad-date" in rejects
    assert "BK26-04190" in rejects
    arrests = {arrest.arrest_id: arrest for arrest in scene.arrests(agency)}
    told = {arrests[alert.arrest_id].number: alert for alert in scene.alerts()}
    assert len(arrests) == 11
    [apart] = [item for item in scene.product.items("JuvenilesTable") if agency in repr(item)]
    assert "BK26-04106" in repr(apart), "born on 12/12/2009: apart from adults'"
    assert len(told["BK26-04100"].because) == 4
    assert {number: len(alert.because) for number, alert in told.items()} == {
        "BK26-04100": 4, "BK26-04103": 1, "BK26-04105": 1, "BK26-04107": 1, "BK26-04109": 1, "BK26-04110": 2,
    }  # fmt: skip
    mails = scene.mails(ada.email)
    assert sorted(mail["Subject"] for mail in mails) == sorted(
        f"Arrest alert {one.short_number}" for one in told.values()
    )
    full = next(mail for mail in mails if told["BK26-04100"].short_number in mail["Subject"])
    said = ("Dorian Ames QUILLFEATHER", "Mar 14, 1988", "14 Elm Street", "4 WATCHES MATCH", "2026-KN-000123")
    assert [words for words in said if words not in full["BodyText"]] == []


def test_detail_goes_only_where_the_office_has_agreed_to_it(scene: Scene) -> None:
    agency, ada, bob = scene.agency(), scene.prosecutor(), scene.prosecutor("bob", plain=True)
    inbox = topic_inbox(scene.product, scene.name)
    number = "+12125550142"
    for criterion in (QUILLFEATHER, ASSAULTS):
        ada.watch(criterion, {"email": ada.email, "sms": number}, {"email": bob.email}, {"topic": "cases"})

    scene.take_in(agency, "roster.csv", shipped("roster"))

    assert any("QUILLFEATHER" in mail["BodyText"] for mail in scene.mails(ada.email))
    pings, texts, published = scene.mails(bob.email), scene.texts(number), bodies(scene.product, inbox)
    assert [len(pings), len(texts), len(published)] == [3, 3, 3]
    assert all("Sign in to see who, what and why." in mail["BodyText"] for mail in pings)
    assert all(len(text) <= 160 for text in texts)
    for mail in pings:
        assert not holding([mail["BodyText"], mail["BodyHtml"]], PERSONAL)
    assert not holding([mail["Subject"] for mail in scene.mails()], PERSONAL)
    assert not holding([*texts, *published], PERSONAL)


def test_a_state_id_in_a_later_drop_alerts_its_watcher_and_updates_who_knew(scene: Scene) -> None:
    agency, ada, dora = scene.agency(), scene.prosecutor(), scene.prosecutor("dora")
    ada.watch(VANDERMOORS_STATE_ID)
    dora.watch(VANDERMOOR)
    scene.take_in(agency, "roster.csv", shipped("roster"))
    assert [len(scene.mails(one.email)) for one in (ada, dora)] == [0, 1]

    receipt = scene.take_in(agency, "roster-tuesday.csv", shipped("roster_with_state_ids"))

    assert (receipt.arrests.updated, receipt.arrests.unchanged) == (6, 6)
    (alerted,) = scene.mails(ada.email)
    assert "State ID matches (NY 00009113Q). Surest kind of match." in alerted["BodyText"]
    first, update = scene.mails(dora.email)
    number = first["Subject"].removeprefix("Arrest alert ")
    assert update["Subject"] == f"Update to arrest alert {number}: identifier added"
    assert "State ID added: 00009113Q" in update["BodyText"]


def test_feeds_without_names_alert_by_charge_and_place(scene: Scene) -> None:
    nypd, harris, ada = scene.agency("nypd"), scene.agency("harris"), scene.prosecutor()
    ada.watch({"watch": "place", "agency": nypd, "precinct": "105"})
    ada.watch({"watch": "charge", "statute": "130119"})

    receipts = [scene.take_in(nypd, "nypd.csv", shipped("nypd")), scene.take_in(harris, "day.csv", shipped("harris"))]

    for receipt in receipts:
        rows = receipt.rows
        assert rows.read == rows.accepted + rows.rejected + rows.skipped
        assert rows.accepted > 15
    watched = [one for one in scene.arrests(nypd) if one.place.precinct == "105" and not one.juvenile]
    charged = [one for one in scene.arrests(harris) if one.charges[0].statute == "130119"]
    assert (len(watched) > 0, len(charged)) == (True, 2)
    assert {alert.arrest_id for alert in scene.alerts()} == {one.arrest_id for one in (*watched, *charged)}


def test_an_alert_is_read_by_its_recipient_and_by_nobody_else(scene: Scene) -> None:
    agency, ada, bob = scene.agency(), scene.prosecutor(), scene.prosecutor("bob")
    stranger = Scene(scene.product, unused_name()).prosecutor("eve")  # of another office
    ada.watch(QUILLFEATHER)
    scene.take_in(agency, "roster.csv", shipped("roster"))
    (listed,) = ada.api("GET", "/v1/alerts").body["items"]
    path = f"/v1/alerts/{listed['alert_id']}"

    shown = ada.api("GET", path)

    assert shown.status == 200
    assert shown.body["arrest"]["person"]["names"][0]["surname"] == "Quillfeather"
    assert [one["state"] for one in shown.body["deliveries"]] == ["delivered"]
    for other in (bob, stranger):
        assert other.api("GET", path).status == 404
        assert other.api("GET", "/v1/alerts").body["items"] == []


def test_every_delivery_knows_how_long_it_took_from_the_drop(scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(QUILLFEATHER, {"email": ada.email, "sms": "+12125550143"})

    scene.take_in(agency, "roster.csv", shipped("roster"))

    (alert,) = scene.alerts()
    stages = alert.stages
    assert stages.dropped_at <= stages.stored_at <= stages.matched_at
    sent = [datetime.fromisoformat(one["sent_at"]) for one in scene.deliveries()]
    assert len(sent) == 2
    assert all(timedelta() < at - stages.dropped_at < timedelta(minutes=1) for at in sent)


def end(scene: Scene, subscription_id: str, day: str) -> None:
    """As it stands when its last day, which the API takes only while it is to come, has passed."""
    table = scene.product.outputs["SubscriptionsTable"]
    key = {"pk": {"S": f"office#{scene.name}"}, "sk": {"S": f"subscription#{subscription_id}"}}
    item = scene.product.dynamodb.get_item(TableName=table, Key=key)["Item"]
    item["doc"] = {"S": json.dumps(json.loads(item["doc"]["S"]) | {"ends": day})}
    scene.product.dynamodb.put_item(TableName=table, Item=item)


@pytest.mark.parametrize("change", ["cancelled", "ended"])
def test_what_is_no_longer_watched_alerts_nobody(scene: Scene, change: str) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    watched = ada.watch(QUILLFEATHER)
    if change == "ended":
        end(scene, watched["subscription_id"], "2026-10-01")
    else:
        assert ada.api("DELETE", f"/v1/subscriptions/{watched['subscription_id']}").body["status"] == "cancelled"

    scene.take_in(agency, "roster.csv", shipped("roster"))

    assert scene.alerts() == []
    assert scene.mails() == []
