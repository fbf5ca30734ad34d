"""P6: what an agency reports is told under an agreement in force: asked when an arrest is matched, and again when its
alert is sent."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from shared.alerts.delivery.revalidate import revalidate
from shared.arrests.model import Provenance
from shared.offices.purposes import Purpose
from tests.alerts.conftest import Desk
from tests.builders import NAME_WATCH, NOW, SID_WATCH, an_arrest, an_office
from tests.offices.test_agreements import an_agreement


def test_p6_cjis_ca_3_under_an_agreement_it_is_told_and_after_its_last_day_it_is_not(desk: Desk, agree):
    desk.watch(SID_WATCH)
    agree(an_agreement())
    assert desk.match(an_arrest()).alerts == 1
    agree(an_agreement(ends=NOW.date() - timedelta(days=1)))
    told = desk.match(an_arrest("K-2"))
    assert (told.alerts, told.matches, told.unagreed) == (0, 0, 1)


def test_p6_cjis_ca_3_one_agency_falls_silent_and_the_others_are_told(desk: Desk, agree):
    desk.watch(SID_WATCH)
    agree(an_agreement(ends=NOW.date() - timedelta(days=1)))
    told = desk.match(an_arrest("K-1"), an_arrest("K-2", agency="nypd"))
    assert told.alerts == 1
    assert desk.alerts()["ada"].agency == "nypd"


def test_p6_cjis_ca_3_a_watch_is_told_for_the_purpose_that_its_basis_says(desk: Desk, agree):
    desk.watch(SID_WATCH, basis={"kind": "investigation", "case_number": "INV-1"})
    desk.watch(SID_WATCH, "bo")  # for an open case
    agree(an_agreement(purposes=frozenset({Purpose.PROSECUTION})))
    assert desk.match(an_arrest()).alerts == 1
    assert set(desk.alerts()) == {"bo"}


def test_p6_cjis_ca_3_without_an_agreement_a_possible_match_is_put_before_nobody(desk: Desk, agree):
    desk.watch(NAME_WATCH)
    agree(an_agreement(ends=NOW.date() - timedelta(days=1)))
    alike = an_arrest(sid=None, born=date(1981, 9, 28))
    assert desk.match(alike).waiting == 0
    agree(an_agreement())
    assert desk.match(alike).waiting == 1


def test_p6_cjis_ca_3_an_agreement_that_ends_between_matching_and_sending_ends_the_alert(desk: Desk, agree):
    desk.watch(SID_WATCH)
    desk.match(an_arrest())
    desk.tables.arrests.store([an_arrest()], Provenance(drop_id="d", dropped_at=NOW), NOW)
    alert = desk.alerts()["ada"]

    deps: Any = SimpleNamespace(
        subscriptions=desk.tables.subscriptions, arrests=desk.tables.arrests
    )  # all that it reads of its dependencies

    assert not revalidate(alert, an_office(), deps, NOW).shown.alert.withdrawn_at
    agree(an_agreement(ends=NOW.date() - timedelta(days=1)))
    assert revalidate(alert, an_office(), deps, NOW).shown.alert.withdrawn_at


def test_p6_cjis_ca_3_an_office_that_goes_only_by_agreement_is_told_of_no_other_agency(desk: Desk, enrolled):
    enrolled(only_by_agreement=True)
    desk.watch(SID_WATCH)
    assert desk.match(an_arrest()).alerts == 0
