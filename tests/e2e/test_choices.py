"""What an office chooses to hear of, and what it switches off, on the deployed template with its permissions."""

from shared.offices.users import Right
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Prosecutor, Scene
from tests.e2e.test_court_events import DISPOSITION, PROFILE, drop_of
from tests.local.deployed import eventually


def super_owner(scene: Scene) -> Prosecutor:
    head = scene.prosecutor("head")
    stored = scene.product.users.find(scene.name, head.email)
    assert stored
    changes = {"rights": frozenset({Right.SUPER_OWNER}), "revision": stored.revision + 1}
    scene.product.users.change(stored, stored.model_copy(update=changes))
    return head


def test_s19_a_folder_that_asks_for_outcomes_is_heeded_from_the_next_file_on(scene: Scene) -> None:
    ada, agency = scene.prosecutor(), f"{scene.name}-court"
    scene.product.agencies.enrol(agency, PROFILE.format(agency=agency))
    folder = ada.api("POST", "/v1/folders", {"name": "Outcomes", "tab": "my"}).body["folder"]["folder_id"]
    ada.watch(scene.watch_for_pat, folders=[folder])
    scene.take_in(agency, "day-1.csv", drop_of(scene, DISPOSITION, result="DISMISSED"))
    assert scene.mails(ada.email) == []
    changed = ada.api("PUT", f"/v1/folders/{folder}", {"name": "Outcomes", "events": ["court"]})
    assert changed.body["tells_of"].startswith("Watches in this folder tell of court dates and outcomes,")
    scene.take_in(agency, "day-2.csv", drop_of(scene, DISPOSITION.replace("C-1", "C-2"), result="CONVICTED"))
    eventually(lambda: len(scene.mails(ada.email)) == 1)
    assert "C-2" in scene.mails(ada.email)[0]["BodyText"]


def test_p14_a_feed_that_a_super_owner_switches_off_is_told_to_nobody_until_it_is_on(scene: Scene) -> None:
    ada, head, agency = scene.prosecutor(), super_owner(scene), scene.agency()
    scene.product.offices.enrol(scene.office.model_copy(update={"shows_watches": True}))
    ada.watch(scene.watch_for_pat)
    path = f"/v1/sources/agency/{agency}"
    scene.take_in(agency, "day-1.csv", roster(row("K-1", **scene.pat)))
    eventually(lambda: len(scene.mails(ada.email)) == 1)
    assert head.api("PUT", path, {"on": False, "reason": "It doubles what the jail sends"}).status == 200
    assert agency in {view["source"] for view in ada.api("GET", "/v1/sources").body["items"] if view["off"]}
    scene.take_in(agency, "day-2.csv", roster(row("K-2", **scene.pat)))
    assert len(scene.mails(ada.email)) == 1
    assert len(ada.api("GET", "/v1/alerts").body["items"]) == 1, "what was told stays"
    assert head.api("PUT", path, {"on": True, "reason": "The jail stopped"}).status == 200
    scene.take_in(agency, "day-3.csv", roster(row("K-3", **scene.pat)))
    eventually(lambda: len(scene.mails(ada.email)) == 2)
    assert "K-3" in scene.mails(ada.email)[-1]["BodyText"], "and K-2 is told to nobody"
