"""Police and jail report one person on one day: one mail, an update that names both, and a seal that reaches both."""

from datetime import UTC, datetime

from shared.feeds.profiles.enrolment import AgencyEnrolment
from tests.e2e.rosters import roster, row
from tests.e2e.scene import PROFILES, Scene
from tests.local.deployed import eventually


def _agency(scene: Scene, kind: str) -> str:
    name = f"{scene.name}-{kind}"
    profile = (PROFILES / "roster.yaml").read_text().replace("suffix: Suffix", "event: Suffix")
    profile = profile.replace("middle: Middle Name", "seal_statute: Middle Name")
    scene.product.agencies.enrol(name, profile.replace("agency: roster", f"agency: {name}"))
    permission = AgencyEnrolment(agency=name, seals_by_feed=True, document="MOU 7", recorded_at=datetime.now(UTC))
    scene.product.agencies.record_enrolment(permission)
    return name


def test_f15_two_agencies_and_one_person_are_one_alert_and_a_seal_of_one_report_reaches_the_other(scene: Scene) -> None:
    ada, police, jail = scene.prosecutor(), _agency(scene, "police"), _agency(scene, "jail")
    ada.watch(scene.watch_for_pat)
    arrest = scene.pat | {"State_ID": "00557711K"}
    scene.take_in(police, "day.csv", roster(row("P-1", **arrest)))
    eventually(lambda: len(scene.mails(ada.email)) == 1)
    scene.take_in(jail, "day.csv", roster(row("J-9", **arrest)))
    eventually(lambda: len(scene.mails(ada.email)) == 2)
    first, update = scene.mails(ada.email)
    (number,) = {alert.short_number for alert in scene.alerts()}
    assert first["Subject"] == f"Arrest alert {number}"
    assert update["Subject"] == f"Update to arrest alert {number}: another agency reports it too"
    answer = ada.api("GET", f"/v1/alerts/{number}").body
    assert (answer["alert"]["agency"], answer["alert"]["also_from"][0][2]) == (police, jail)
    listed = ada.api("GET", "/v1/alerts").body["items"]
    assert {item["number"] for item in listed} == {answer["number"]}

    scene.take_in(police, "seal.csv", roster(row("P-1", Suffix="seal", Middle_Name="CPL 160.50")))
    eventually(lambda: len(scene.mails(ada.email)) == 4)
    assert all("WITHDRAWN" in mail["Subject"] for mail in scene.mails(ada.email)[2:])
    left = ada.api("GET", f"/v1/alerts/{number}").body
    assert (left["withdrawn"], left["alert"]["also_from"]) == (True, [])
