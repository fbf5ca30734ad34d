"""New York Correction Law 149: the county of prosecution and whoever watches the person are told of a release."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.announce_releases import ReleaseDeps, announce_releases, is_announced_by_law
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.diff import differences
from shared.arrests.minimisation import WithheldField, redact, redact_differences
from shared.arrests.model import Arrest, EventKind
from shared.arrests.release import PlannedRelease, is_late, normal_county
from shared.arrests.table import Version
from shared.offices.agreements import OfficeAgreements
from shared.offices.preferences import Urgency
from tests.builders import (
    CHARGE_WATCH,
    NAME_WATCH,
    NOW,
    PSEUDONYMS,
    SID_WATCH,
    a_subscription,
    a_user,
    an_arrest,
    an_office,
    discard,
)
from tests.conftest import Tables
from tests.offices.test_agreements import an_agreement

FELONY = Charge(statute="PL 160.15", text="Robbery 1", charge_class=ChargeClass.FELONY)
PLANNED = PlannedRelease(proposed_address="14 Elm Street", county="Kings County", remaining_term="2 years")
RELEASE_AT = NOW + timedelta(hours=72)


def a_release(**facts: Any) -> Arrest:
    usual: dict[str, Any] = {
        "kind": EventKind.RELEASE_SCHEDULED, "event_on": RELEASE_AT.date(), "event_at": RELEASE_AT,
        "charges": (FELONY,), "release": PLANNED,
    }  # fmt: skip
    return an_arrest(**usual | facts)


def a_version(arrest: Arrest, **facts: Any) -> Version:
    return Version(arrest, None, NOW, NOW, **facts)


class Kings:
    """The office that prosecutes Kings County, and nobody watches anybody."""

    def __init__(self, tables: Tables, **facts: Any) -> None:
        self.tables, self.queued = tables, list[DeliveryKey]()
        tables.offices.enrol(an_office(prosecutes=("KINGS",), contact="chief@da.example.gov", **facts))
        self.deps = ReleaseDeps(tables.offices, tables.subscriptions, tables.alerts, self.queued.extend)

    def hears(self, *versions: Version) -> int:
        return announce_releases(versions, self.deps, NOW)

    @property
    def announced(self) -> list[tuple[date, bool]]:
        return [(release.release_on, release.late) for release in self.tables.alerts.releases.of_office("kings")]

    def notices(self) -> Iterable[str]:
        items = self.tables.everything_in("Alerts")
        return [item["doc"]["S"] for item in items if item["part"]["S"] == "notice"]


def test_correction_law_149_the_county_of_prosecution_is_told_without_a_watch_and_once(tables: Tables) -> None:
    kings = Kings(tables)
    assert kings.hears(a_version(a_release())) == 1
    assert kings.hears(a_version(a_release())) == 0, "the same file again"
    assert kings.announced == [(RELEASE_AT.date(), False)]
    (notice,) = kings.notices()
    assert len(kings.queued) == 1
    assert "/console/releases" in notice
    for secret in ("Example, Pat", "EXAMPLE", "Elm Street", "Robbery", "01234567A"):
        assert secret not in notice, "the message names nobody"
    (row,) = [item for item in tables.everything_in("Alerts") if item["alert_id"]["S"] == "releases#kings"]
    assert "Elm" not in str(row)


def test_correction_law_149_a_release_that_is_moved_is_announced_anew(tables: Tables) -> None:
    kings = Kings(tables)
    sooner = NOW + timedelta(hours=30)
    kings.hears(a_version(a_release()))
    assert kings.hears(a_version(a_release(event_at=sooner, event_on=sooner.date()))) == 1
    assert kings.announced == [(sooner.date(), True)]
    assert len(list(kings.notices())) == 2


def test_correction_law_149_a_release_that_is_said_again_or_put_off_is_late_only_if_its_first_notice_was(
    tables: Tables,
) -> None:
    kings, later = Kings(tables), NOW + timedelta(hours=40)
    put_off = RELEASE_AT + timedelta(hours=10)
    kings.hears(a_version(a_release()))
    again = Version(a_release(event_at=put_off, event_on=put_off.date()), a_release(), later, later)
    assert kings.hears(again) == 1, "another moment is announced"
    assert kings.announced == [(put_off.date(), False)], "the first notice came 72 hours before"
    forward = put_off - timedelta(hours=1)
    moved = Version(a_release(event_at=forward, event_on=forward.date()), again.arrest, later, later)
    assert kings.hears(moved) == 1, "an hour earlier on the same day"
    assert kings.announced == [(forward.date(), True)], "it counts by its own receipt"
    once_more = put_off + timedelta(days=1)
    kings.hears(Version(a_release(event_at=once_more, event_on=once_more.date()), moved.arrest, later, later))
    assert kings.announced == [(once_more.date(), True)], "a late notice is not mended by putting the release off"


@pytest.mark.parametrize(
    ("hours", "late"),
    [(48, False), (47.99, True), (0, True), (-5, True), (200, False)],
)
def test_correction_law_149_less_than_48_hours_is_late(hours: float, late: bool) -> None:
    assert is_late(NOW + timedelta(hours=hours), NOW) is late


def test_correction_law_149_a_day_without_an_hour_is_late_if_its_first_hour_is(tables: Tables) -> None:
    kings = Kings(tables)
    day = (NOW + timedelta(days=2)).date()  # midnight in New York is 37 hours away
    kings.hears(a_version(a_release(event_at=None, event_on=day)))
    assert kings.announced == [(day, True)]
    (notice,) = kings.notices()
    assert "less than 48 hours" in notice


@pytest.mark.parametrize(
    "left_out",
    [
        a_version(a_release(juvenile=True)),
        a_version(a_release(release=None)),
        a_version(a_release(release=PlannedRelease(county="Queens"))),
        a_version(a_release(release=PlannedRelease(proposed_address="14 Elm Street"))),
        a_version(a_release(charges=(Charge(statute="PL 120.00", charge_class=ChargeClass.MISDEMEANOR),))),
        a_version(a_release(kind=EventKind.RELEASE)),
        a_version(a_release(), silent=True),
    ],
)
def test_correction_law_149_is_about_felonies_of_the_office_s_county(tables: Tables, left_out: Version) -> None:
    assert Kings(tables).hears(left_out) == 0


def test_correction_law_149_a_class_that_nobody_gave_may_be_a_felony() -> None:
    assert is_announced_by_law(a_release(charges=(Charge(statute="PL 160.15"),)))
    assert is_announced_by_law(a_release(charges=()))


@pytest.mark.parametrize("facts", [{"suspended": True}, {"ori": "NY000000Z"}, {"only_by_agreement": True}])
def test_correction_law_149_opens_nothing_to_an_office_that_may_have_nothing(
    tables: Tables, facts: dict[str, Any]
) -> None:
    assert Kings(tables, **facts).hears(a_version(a_release())) == 0


def test_correction_law_149_an_agreement_for_another_purpose_opens_nothing(tables: Tables) -> None:
    agreement = an_agreement(ends=date(2999, 12, 31), purposes=["warrant"])
    agreements = OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1)
    tables.subscriptions.agreements.save(agreements)
    assert Kings(tables).hears(a_version(a_release())) == 0


def test_correction_law_149_without_a_contact_the_super_owners_are_told(tables: Tables) -> None:
    from shared.offices.users import Right  # noqa: PLC0415 - beside its use

    tables.users.add(a_user("sue@da.example.gov", rights=frozenset({Right.SUPER_OWNER})))
    kings = Kings(tables)
    tables.offices.enrol(an_office(prosecutes=("KINGS",)))
    kings.hears(a_version(a_release()))
    assert "sue@da.example.gov" in "".join(kings.notices())


@pytest.mark.parametrize("text", ["Kings", "KINGS COUNTY", "County of Kings", "kings co."])
def test_a_county_is_one_however_it_is_written(text: str) -> None:
    assert normal_county(text) == "kings"


# --- whoever watches the person


def matched(tables: Tables, *watches: dict[str, Any], **facts: Any) -> list[Any]:
    tables.offices.enrol(an_office())
    for watch in watches:
        tables.watch_list.add(a_subscription(watch, **facts))
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([a_version(a_release())], deps, NOW)
    ids = [item["alert_id"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
    return [tables.alerts.find(id_) for id_ in ids]


@pytest.mark.parametrize("watch", [SID_WATCH, NAME_WATCH, {"all": [SID_WATCH, CHARGE_WATCH | {"statute": "PL 160"}]}])
def test_correction_law_149_whoever_watches_the_person_is_told_at_once_without_an_event_watch(
    tables: Tables, watch: dict[str, Any]
) -> None:
    (alert,) = matched(tables, watch, urgency="digest")
    assert alert.urgency is Urgency.URGENT


def test_correction_law_149_a_warrant_watch_hears_of_the_release_that_is_to_come(tables: Tables) -> None:
    (alert,) = matched(tables, SID_WATCH, basis={"kind": "warrant", "case_number": "W-2026-7"})
    assert alert.because[0].case_number == "W-2026-7"


@pytest.mark.parametrize(
    "watch",
    [
        CHARGE_WATCH | {"statute": "PL 160"},
        {"any": [SID_WATCH, CHARGE_WATCH | {"statute": "PL 160"}]},
        {"all": [SID_WATCH, {"watch": "event", "kinds": ["arrest"]}]},
    ],
)
def test_correction_law_149_tells_no_watch_of_a_charge_and_none_that_wants_other_events(
    tables: Tables, watch: dict[str, Any]
) -> None:
    assert matched(tables, watch) == []


# --- what an agreement withholds


def test_correction_law_149_what_is_withheld_is_blank_in_the_fields_of_the_release() -> None:
    without_place = redact(frozenset({WithheldField.PLACE}), a_release()).release
    without_charges = redact(frozenset({WithheldField.CHARGES}), a_release()).release
    assert without_place == PLANNED.model_copy(update={"proposed_address": ""})
    assert without_charges == PlannedRelease(proposed_address="14 Elm Street")


def test_correction_law_149_a_new_address_is_a_change_that_a_withheld_place_hides() -> None:
    moved = a_release(release=PLANNED.model_copy(update={"proposed_address": "16 Elm Street"}))
    (change,) = differences(a_release(), moved)
    assert (change.field, change.after) == ("proposed address", "16 Elm Street")
    assert redact_differences(frozenset({WithheldField.PLACE}), [change]) == ()
    assert redact_differences(frozenset({WithheldField.CHARGES}), [change]) == (change,)


def test_the_document_of_an_arrest_without_a_release_is_as_before() -> None:
    assert "release" not in an_arrest().model_dump_json()
    assert Arrest.model_validate_json(a_release().model_dump_json()) == a_release()
