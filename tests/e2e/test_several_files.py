"""Agencies that send several files, or everybody in custody each day: from the bucket to the mail."""

from shared.feeds.drops.receipt import ReceiptState
from tests.e2e.scene import Scene
from tests.feeds.layouts.several_files import BOOKINGS, CHARGES, INMATES, a_booking, a_charge, a_file, an_inmate
from tests.local.deployed import eventually


def test_two_files_of_an_agency_are_one_arrest_with_its_charges_in_one_mail(scene: Scene) -> None:
    agency, ada = scene.agency("sheriff-files"), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    pat = a_booking(1, last=scene.name, first="Pat", born="02/03/1990")

    charges = scene.take_in(agency, "charges_1120.csv", a_file(CHARGES, a_charge(1), a_charge(9)))
    assert charges.state is ReceiptState.WAITING
    assert scene.mails(ada.email) == []
    receipt = scene.take_in(agency, "bookings_1120.csv", a_file(BOOKINGS, pat))

    assert [(file.layout, file.rows.accepted, file.rows.rejected) for file in receipt.files] == [
        ("bookings", 1, 0),
        ("charges", 1, 1),
    ]
    (mail,) = eventually(lambda: scene.mails(ada.email), what="the mail")
    assert "Assault 3" in str(mail)


def test_who_is_missing_from_the_next_snapshot_is_released_in_a_mail(scene: Scene) -> None:
    agency, ada = scene.agency("jail-snapshot"), scene.prosecutor()
    ada.watch({"all": [scene.watch_for_pat, {"watch": "event", "kinds": ["release"]}]})
    pat = an_inmate(1, last=scene.name, first="Pat", born="02/03/1990")
    others = [an_inmate(number) for number in range(2, 7)]

    scene.take_in(agency, "list_1.csv", a_file(INMATES, pat, *others))
    assert scene.mails(ada.email) == []
    receipt = scene.take_in(agency, "list_2.csv", a_file(INMATES, *others))

    assert [*receipt.absences.values()] == [1]
    (mail,) = eventually(lambda: scene.mails(ada.email), what="the mail")
    assert "released" in str(mail).casefold()
