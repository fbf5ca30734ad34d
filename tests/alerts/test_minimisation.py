"""P6: an agreement says which parts of an arrest are shared: the others are not matched on, told or shown."""

from datetime import date, timedelta

import pytest

from shared.alerts.model import redact_alert
from shared.arrests.charges import Charge
from shared.arrests.diff import differences
from shared.arrests.minimisation import (
    ALL_FIELDS,
    NO_FIELDS,
    UNSHARED,
    WithheldField,
    field_of_difference,
    redact,
    redact_differences,
)
from shared.arrests.model import ArrestChange
from shared.arrests.person import Sex
from shared.offices.agreements import OfficeAgreements
from tests.alerts.conftest import Desk
from tests.builders import ADDRESS_WATCH, NAME_WATCH, NOW, SID_WATCH, an_arrest, an_office
from tests.offices.test_agreements import TODAY, an_agreement

MARKS = {
    WithheldField.NAMES: "Quillfeather",
    WithheldField.BIRTH: "1990",
    WithheldField.SEX: '"F"',
    WithheldField.IDENTIFIERS: "01234567A",
    WithheldField.CHARGES: "120.05",
    WithheldField.PLACE: "100 Example Street",
}


def whole():
    arrest = an_arrest(surname="Quillfeather")
    return arrest.model_copy(update={"person": arrest.person.model_copy(update={"sex": Sex.FEMALE})})


def shared(*parts):
    return an_agreement(fields=frozenset(parts))


@pytest.mark.parametrize("part", WithheldField)
def test_p6_each_part_is_left_out_and_the_others_stay(part):
    arrest = whole()
    said = redact(frozenset({part}), arrest).model_dump_json()
    assert {one for one, mark in MARKS.items() if mark not in said} == {part}
    nothing = redact(ALL_FIELDS, arrest)
    assert (nothing.number, nothing.agency, nothing.arrested_on) == (arrest.number, arrest.agency, arrest.arrested_on)


def test_p6_an_agreement_without_fields_shares_all_and_of_two_in_force_either_may_share():
    def withheld(*made, **office):
        return OfficeAgreements(office_id="kings", agreements=made).withheld_fields(
            an_office(**office), "roster", ["investigation"], TODAY
        )

    assert withheld() == NO_FIELDS
    assert withheld(an_agreement()) == NO_FIELDS
    assert withheld(shared(WithheldField.NAMES)) == ALL_FIELDS - {WithheldField.NAMES}
    assert withheld(
        shared(WithheldField.NAMES), an_agreement(reference="2", fields=frozenset({WithheldField.PLACE}))
    ) == (ALL_FIELDS - {WithheldField.NAMES, WithheldField.PLACE})
    assert withheld(an_agreement(ends=TODAY - timedelta(days=1))) is None
    assert withheld(only_by_agreement=True) is None


def test_p6_every_word_of_an_update_belongs_to_a_part():
    born = date(1990, 2, 3)
    before = an_arrest(sid=None, born=born)
    after = an_arrest(
        sid="7A",
        surname="Sample",
        born=born + timedelta(days=1),
        statutes=("PL 120.05", "PL 160.10"),
    )
    found = differences(before, after)
    assert {field_of_difference(one) for one in found} == {
        WithheldField.CHARGES,
        WithheldField.IDENTIFIERS,
        WithheldField.NAMES,
        WithheldField.BIRTH,
    }
    assert redact_differences(ALL_FIELDS, found) == ()


def test_p6_what_is_not_shared_is_not_matched_on(desk: Desk, agree):
    desk.watch(SID_WATCH)
    desk.watch(ADDRESS_WATCH, "bo")
    desk.watch(NAME_WATCH, "cy")
    agree(shared(WithheldField.IDENTIFIERS))
    assert desk.match(an_arrest()).alerts == 1
    (one,) = desk.alerts().values()
    assert one.recipient.root["email"].startswith("ada")
    assert "Example" not in one.model_dump_json(exclude={"recipient"})


def test_p6_an_update_about_what_is_not_shared_is_no_news(desk: Desk, agree):
    desk.watch(SID_WATCH)
    agree(shared(WithheldField.IDENTIFIERS, WithheldField.NAMES))
    first = an_arrest()
    desk.match(first)
    more = first.model_copy(update={"charges": (*first.charges, Charge(statute="PL 160.10"))})
    assert desk.match(more, before=first).updates == 0
    agree(shared(WithheldField.IDENTIFIERS, WithheldField.CHARGES))
    most = more.model_copy(update={"charges": (*more.charges, Charge(statute="PL 265.03"))})
    assert desk.match(most, before=more).updates == 1
    assert desk.alerts()["ada"].changes == (ArrestChange.CHARGE_ADDED,)


def test_p6_what_an_alert_rests_on_is_said_no_more_once_it_is_not_shared(desk: Desk, agree):
    desk.watch(SID_WATCH)
    agree(shared(WithheldField.IDENTIFIERS, WithheldField.NAMES))
    desk.match(an_arrest())
    alert = desk.alerts()["ada"]
    assert redact_alert(alert, ALL_FIELDS - {WithheldField.IDENTIFIERS, WithheldField.NAMES}) == alert
    narrowed = redact_alert(alert, ALL_FIELDS - {WithheldField.NAMES})
    assert [(one.sentence, one.reasons) for one in narrowed.because] == [(UNSHARED, ())]
    assert "01234567A" not in narrowed.model_dump_json()
    assert alert.created_at == NOW
