"""Journey 9: a super-owner adds somebody, who signs in and gets a role; is removed, out at the next click, and what was
held goes on with a colleague."""

from collections.abc import Callable

from shared.offices.users import Right
from tests.browser.person import DESK, Person
from tests.browser.tasks import Join
from tests.e2e.scene import Scene
from tests.local.deployed import PASSWORD, eventually

NAME, FOLDER = "Bea Newcomer", "Gangs"


def test_kb3_somebody_is_added_signs_in_gets_a_role_and_is_out_at_the_next_click_after_the_removal(
    scene: Scene, join: Join, invite: Callable[[str], Person]
) -> None:
    ada, chief, bea = join("ada"), join("chief", Right.SUPER_OWNER, width=DESK), invite("bea")
    add_a_person(chief, bea.email)
    (mail,) = eventually(lambda: scene.mails(bea.email), what="the invitation")
    bea.accept_invitation(mail)
    bea.state_purpose("Investigation")
    assert bea.hands.heading() == "Alerts"
    assert bea.email in bea.hands.page.locator("body").inner_text()

    give_a_role_on_a_new_folder(chief)
    watch_in_the_folder(bea, scene.name)
    remove_and_hand_over(chief, ada.email)

    bea.hands.page.reload()
    assert bea.hands.heading() == "You are signed out"
    assert scene.name.upper() not in bea.hands.page.locator("body").inner_text().upper()
    bea.hands.page.goto(f"{bea.console}/console/watches")
    bea.give_password(PASSWORD)
    assert "disabled" in bea.hands.page.locator(".error").inner_text()

    hands = ada.sign_in("/console/watches")
    hands.first_card()
    text = hands.page.locator("main").inner_text()
    assert scene.name.upper() in text.upper()
    assert f"Owner\n{ada.email}" in text


def add_a_person(chief: Person, email: str) -> None:
    hands = chief.sign_in("/console/office", purpose="Administration")
    hands.follow("Add a person")
    hands.write("E-mail address", email)
    hands.write("Name", NAME)
    hands.press("Add and invite")
    assert "The person is added" in hands.page.locator("main").inner_text()


def give_a_role_on_a_new_folder(chief: Person) -> None:
    hands = chief.hands
    hands.go("Folders")
    hands.write("Name", FOLDER)
    hands.tick("For a team")
    hands.press("Create folder")
    hands.choose("Add a colleague", NAME)
    hands.choose("As", "Editor: changes watches, too")
    hands.press("Add")
    assert f"{NAME}, editor" in hands.page.locator("main").inner_text()


def watch_in_the_folder(person: Person, surname: str) -> None:
    hands = person.hands
    hands.page.goto(f"{person.console}/console/watches/new/name")
    for label, text in (("Surname", surname), ("Given name", "Pat"), ("Date of birth", "2/3/1990")):
        hands.write(label, text)
    hands.write("Case, warrant", "2026-KN-000123")
    hands.page.get_by_text("Who else gets the alerts").click()
    hands.choose("Folder", FOLDER)
    hands.press("Continue")
    hands.press("Start watching")
    assert "The watch is saved" in hands.page.locator("main").inner_text()
    assert surname.upper() in hands.page.locator("main").inner_text().upper()


def remove_and_hand_over(chief: Person, successor: str) -> None:
    hands = chief.hands
    hands.go("Office")
    hands.follow(NAME)
    hands.follow("Remove this person")
    assert "1 watch" in hands.page.locator("main").inner_text()
    hands.choose("Who takes over", successor)
    hands.press("Remove and hand over")
    assert "The person is removed" in hands.page.locator("main").inner_text()
