from datetime import UTC, datetime

from shared.feeds.profiles.enrolment import AgencyEnrolment
from tests.e2e.rosters import roster, row
from tests.e2e.scene import PROFILES, Scene
from tests.local.deployed import eventually


def test_a_seal_in_a_feed_takes_the_arrest_back_from_who_was_told_and_no_drop_revives_it(scene: Scene) -> None:
    ada, agency = scene.prosecutor(), f"{scene.name}-roster"
    profile = (PROFILES / "roster.yaml").read_text().replace("suffix: Suffix", "event: Suffix")
    profile = profile.replace("middle: Middle Name", "seal_statute: Middle Name")
    scene.product.agencies.enrol(agency, profile.replace("agency: roster", f"agency: {agency}"))
    document = {"document": "MOU 7", "recorded_at": datetime.now(UTC)}
    scene.product.agencies.record_enrolment(AgencyEnrolment(agency=agency, seals_by_feed=True, **document))
    ada.watch(scene.watch_for_pat)
    arrest = row("BK-7", **scene.pat)
    scene.take_in(agency, "day.csv", roster(arrest))
    eventually(lambda: len(scene.mails(ada.email)) == 1)
    (alert,) = scene.alerts()

    receipt = scene.take_in(agency, "seal.csv", roster(row("BK-7", Suffix="seal", Middle_Name="CPL 160.50")))
    assert receipt.seals == 1
    eventually(lambda: len(scene.mails(ada.email)) == 2)
    assert "WITHDRAWN" in scene.mails(ada.email)[-1]["Subject"]
    answer = ada.api("GET", f"/v1/alerts/{alert.alert_id}").body
    assert (answer["withdrawn"], answer["arrest"]) == (True, None)

    again = scene.take_in(agency, "again.csv", roster(arrest | {"Charge": "Another"}))
    assert again.skipped == {"the arrest is sealed or expunged": 1}
    assert len(scene.mails(ada.email)) == 2
    assert [item for item in scene.product.items("ArrestsTable") if scene.name in repr(item.get("doc"))] == []
