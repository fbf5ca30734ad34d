"""Journey 6: a colleague, picked by name, is told of a watch and sees a folder; then neither any more."""

from shared.offices.users import Right
from tests.browser.person import Person
from tests.browser.tasks import Join
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene

NAME, TITLE = "Bea Fern", "Bureau chief"
CHOICE = f"{NAME}, {TITLE}"


def test_kb3_a_colleague_who_is_added_to_a_watch_by_name_is_told_and_is_not_after_the_removal(
    scene: Scene, join: Join
) -> None:
    agency, ada, bea = scene.agency(), join("ada"), join("bea")
    chief = join("chief", Right.SUPER_OWNER)
    give_name(chief, bea)
    watch = ada.watch(scene.watch_for_pat)
    hands = ada.sign_in(f"/console/watches/{watch['subscription_id']}")
    hands.choose("Add a colleague", CHOICE)
    hands.press("Add")
    assert "Your colleague gets the alerts of this watch" in hands.page.locator("main").inner_text()
    assert f"{NAME}, {bea.email}" in hands.page.locator("ul.plain").first.inner_text()
    scene.take_in(agency, "first.csv", roster(row("B-1", **scene.pat)))
    assert told(scene) == {ada.email, bea.email}

    hands.press(f"Remove {NAME}")
    assert "does not get the alerts of this watch any more" in hands.page.locator("main").inner_text()
    scene.take_in(agency, "second.csv", roster(row("B-2", **scene.pat)))
    assert len(scene.mails(ada.email)) == 2
    assert len(scene.mails(bea.email)) == 1


def test_kb3_a_colleague_with_a_role_on_a_folder_sees_its_watches_until_the_role_is_taken_away(
    scene: Scene, join: Join
) -> None:
    ada, bea, chief = join("ada"), join("bea"), join("chief", Right.SUPER_OWNER)
    give_name(chief, bea)
    folder = chief.api("POST", "/v1/folders", {"name": "Gangs"}).body["folder"]["folder_id"]
    assert chief.api("PUT", f"/v1/folders/{folder}/roles/{ada.email}", {"role": "owner"}).status == 200
    ada.watch(scene.watch_for_pat, folders=[folder])
    hands = ada.sign_in(f"/console/folders/{folder}")
    hands.choose("Add a colleague", CHOICE)
    hands.press("Add")
    assert f"{NAME}, visitor" in hands.page.locator("main").inner_text()

    theirs = bea.sign_in("/console/folders")
    theirs.follow("Gangs")
    assert scene.name.upper() in theirs.page.locator("main").inner_text().upper()
    hands.press(f"Remove {NAME}")
    assert "The role is taken away" in hands.page.locator("main").inner_text()
    theirs.page.reload()
    assert theirs.heading() == "Page not found"
    assert scene.name.upper() not in theirs.page.locator("main").inner_text().upper()


def give_name(chief: Person, person: Person) -> None:
    named = {"rights": [], "name": NAME, "title": TITLE}
    assert chief.api("PUT", f"/v1/users/{person.email}", named).status == 200


def told(scene: Scene) -> set[str | None]:
    return {alert.recipient.email for alert in scene.alerts()}
