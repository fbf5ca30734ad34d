"""Drops that tell of more than arrests: releases, warrants, seals, changes of identity."""

from datetime import UTC, datetime

import pytest

from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.model import Arrest, EventKind, Flag, Provenance
from shared.arrests.seals.apply import apply_late_seals
from shared.arrests.seals.register import SealRegister
from shared.arrests.seals.table import sealed_arrests_in
from shared.arrests.stream import versions_in
from tests.builders import NOW
from tests.conftest import Tables
from tests.feeds.intake.test_process_drop import Feeds

HEADER = "Event,No,Arrested,When,Last,First,SID,Old SID,Charge"
PROFILE = """
agency: jail
format: delimited
time_zone: America/New_York
sid_issuer: NY
event: booking
columns: {event: Event, number: "No", arrested: Arrested, event_date: When, surname: Last, given: First, sid: SID,
          former_sid: Old SID, charge: Charge, seal_statute: Charge}
dates: ["%m/%d/%Y %H:%M", "%m/%d/%Y"]
codes:
  event: {BKG: booking, REL: release, WAR: warrant, CLR: warrant cleared, DSP: disposition, MRG: identity merged,
          COR: identity corrected, UND: identity restored, XID: identity expunged,
          DES: identity described, SEAL: seal, EXP: expungement}
"""


@pytest.fixture
def jail(tables: Tables) -> Feeds:
    return Feeds(tables, jail=PROFILE)


def drop(jail: Feeds, *rows: str):
    return jail.take_in(jail.drop("\n".join([HEADER, *rows, ""]).encode(), "jail/in/day.csv"))


def stored(jail: Feeds) -> list[Arrest]:
    return [Arrest.model_validate_json(item["doc"]["S"]) for item in jail.arrests() if "doc" in item]


def kinds(jail: Feeds) -> dict[str, str]:
    return {arrest.number: arrest.kind.value for arrest in stored(jail)}


def test_each_event_of_one_stay_is_told_of_by_itself(jail: Feeds) -> None:
    receipt = drop(
        jail,
        "BKG,7,11/01/2026,,Example,Pat,A1,,Theft",
        "REL,7,11/01/2026,11/19/2026 08:00,Example,Pat,A1,,Theft",
        "REL,7,11/01/2026,11/20/2026,Example,Pat,A1,,Theft",
        ",8,11/02/2026,,Other,Bo,B2,,Arson",
        "WAR,W-1,,11/03/2026,Third,Cy,C3,,Fraud",
        "DSP,7,11/01/2026,11/18/2026,Example,Pat,A1,,Theft",
    )
    assert (receipt.rows.read, receipt.rows.accepted) == (6, 6)
    assert sorted(arrest.kind for arrest in stored(jail)) == sorted(
        ["booking", "booking", "release", "release", "warrant", "disposition"]
    )
    (first, _) = sorted(
        (arrest for arrest in stored(jail) if arrest.kind is EventKind.RELEASE), key=lambda arrest: str(arrest.event_on)
    )
    assert (str(first.event_on), str(first.event_at)) == ("2026-11-19", "2026-11-19 13:00:00+00:00")
    assert str(first.arrested_on) == "2026-11-01"


def test_a_release_that_is_to_come_is_a_scheduled_one_and_may_be_put_off(jail: Feeds) -> None:
    drop(jail, "REL,7,,11/25/2026,Example,Pat,A1,,", "REL,8,,11/21/2026,Other,Bo,B2,,")
    before = {arrest.number: arrest for arrest in stored(jail)}
    assert [before[number].kind for number in "78"] == [EventKind.RELEASE_SCHEDULED] * 2
    assert [Flag.SHORT_NOTICE in before[number].flags for number in "78"] == [False, True]
    receipt = drop(jail, "REL,7,,11/27/2026,Example,Pat,A1,,")
    assert receipt.arrests.updated == 1
    (item,) = [item for item in jail.arrests() if "11-27" in item["doc"]["S"]]
    old = item | {"doc": {"S": before["7"].model_dump_json()}, "content": {"S": "old"}}
    (version,) = versions_in([{"dynamodb": {"NewImage": item, "OldImage": old}}])
    assert [difference.sentence for difference in version.differences] == [
        "date of the scheduled release corrected: 2026-11-27, before 2026-11-25"
    ]


def test_an_event_that_nobody_explained_is_rejected_and_never_taken_for_an_arrest(jail: Feeds) -> None:
    receipt = drop(jail, "XYZ,7,11/01/2026,,Example,Pat,A1,,Theft", "release,8,,11/19/2026,Other,Bo,B2,,")
    assert receipt.rejected == {"unknown-event": 1}
    assert kinds(jail) == {"8": "release"}


ROWS = ("BKG,7,11/01/2026,,Example,Pat,A1,,Theft", "BKG,8,11/01/2026,,Other,Bo,A1,,Arson",
        "BKG,9,11/02/2026,,Example,Pat,A1,,Fraud", "REL,7,11/01/2026,11/19/2026,Example,Pat,A1,,")  # fmt: skip


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ("SEAL,7,,,,,,,CPL 160.50", {"8", "9"}),
        ("EXP,,11/01/2026,,,,A1,,CPL 160.50", {"9"}),
        ("SEAL,,11/01/2026,,EXAMPLE,PAT,A1,,CPL 160.50", {"8", "9"}),
        ("SEAL,,11/03/2026,,,,A1,,CPL 160.50", {"7", "8", "9"}),
        ("SEAL,,11/01/2026,,Nobody,Else,A1,,CPL 160.50", {"7", "8", "9"}),
    ],
    ids=["number", "identifier and day", "name, identifier and day", "another day", "another name"],
)
def test_a_sealed_arrest_can_be_read_no_more_and_no_drop_brings_it_back(
    jail: Feeds, order: str, left: set[str]
) -> None:
    drop(jail, *ROWS)
    gone = {arrest.arrest_id for arrest in stored(jail) if arrest.number not in left}
    receipt = drop(jail, order)
    assert (receipt.seals, receipt.rows.read, receipt.rows.accepted) == (1, 1, 1)
    assert set(kinds(jail)) == left
    assert all(jail.tables.arrests.find(key) is None for key in gone)
    sealed = sealed_arrests_in({"dynamodb": {"NewImage": item}} for item in jail.arrests())
    assert [arrest.arrest_id for arrest in sealed] == sorted(gone)
    again = drop(jail, *ROWS, "BKG,7,11/01/2026,,Example,Pat,A1,,Another charge")
    assert set(kinds(jail)) == left
    assert again.skipped.get("the arrest is sealed or expunged", 0) == sum(
        row.split(",")[1] not in left for row in ROWS
    )
    assert (again.rows.accepted, again.rows.updated) == (0, int("7" in left))


def test_what_is_sealed_leaves_no_word_of_the_person_in_the_table(jail: Feeds) -> None:
    drop(jail, ROWS[0], ROWS[3])
    drop(jail, "SEAL,7,11/01/2026,,Example,Pat,A1,,CPL 160.50")
    assert not any(word in repr(jail.arrests()) for word in ("Example", "EXAMPLE", "Pat", "A1", "2026-11-01"))


def test_an_arrest_that_was_sealed_before_it_came_is_not_stored(jail: Feeds) -> None:
    drop(jail, "SEAL,7,,,,,,,CPL 160.50", "SEAL,,11/02/2026,,,,A1,,CPL 160.50")
    receipt = drop(jail, *ROWS)
    assert (set(kinds(jail)), receipt.rows.skipped) == ({"8"}, 3)


def test_a_seal_and_its_arrest_in_one_file_leave_nothing(jail: Feeds) -> None:
    drop(jail, *ROWS[:2], "SEAL,7,,,,,,,CPL 160.50")
    assert set(kinds(jail)) == {"8"}


def test_a_seal_that_comes_while_a_drop_is_stored_is_seen_by_one_of_the_two(jail: Feeds) -> None:
    drop(jail, ROWS[0])
    (arrest,) = stored(jail)
    drop(jail, "SEAL,,11/01/2026,,,,A1,,CPL 160.50")
    late = Provenance(drop_id="late", dropped_at=datetime(2026, 11, 21, tzinfo=UTC))
    jail.tables.client.delete_item(TableName="Arrests", Key={"arrest_id": {"S": arrest.arrest_id}})
    jail.tables.arrests.store([arrest], late, NOW)
    apply_late_seals([arrest], SealRegister(), "jail", jail.intake.seal_deps, late, NOW)
    assert stored(jail) == []


@pytest.mark.parametrize(
    "row", ["SEAL,,,,Example,Pat,A1,,", "SEAL,,11/01/2026,,Example,Pat,,,CPL 160.50", "EXP,,11/01/2026,,,,,,CPL 160.50"]
)
def test_a_seal_of_nobody_in_particular_is_rejected(jail: Feeds, row: str) -> None:
    assert drop(jail, row).rejected == {"seal-key": 1}


def test_other_agencies_arrests_stay(jail: Feeds) -> None:
    drop(jail, ROWS[0])
    jail.profiles["town"] = PROFILE.replace("agency: jail", "agency: town")
    rows = ("SEAL,7,,,,,,,CPL 160.50", "SEAL,,11/01/2026,,,,A1,,CPL 160.50")
    jail.take_in(jail.drop("\n".join([HEADER, *rows, ""]).encode(), "town/in/day.csv"))
    assert set(kinds(jail)) == {"7"}


def test_a_merger_of_two_numbers_is_told_once(jail: Feeds) -> None:
    rows = ["MRG,,,11/18/2026,,,A1,Z9,", "COR,,,11/18/2026,,,B1,Y9,", "UND,,,11/19/2026,,,Z9,A1,"]
    for again in (False, True):
        receipt = drop(jail, *rows, "MRG,,,,,,A1,,", "MRG,,,,,,A1,A1,")
        assert (receipt.identity_events, receipt.rejected) == (3, {"identity-numbers": 2}), again
    items = [item for item in jail.arrests() if "identity" in item]
    events = [IdentityEvent.model_validate_json(item["identity"]["S"]) for item in items]
    assert sorted(
        (event.change, event.before.value, event.after.value, event.after.issuer) for event in events if event.after
    ) == [
        (IdentityChange.CORRECTED, "Y9", "B1", "NY"),
        (IdentityChange.MERGED, "Z9", "A1", "NY"),
        (IdentityChange.RESTORED, "A1", "Z9", "NY"),
    ]
    assert stored(jail) == []


def test_a_number_is_expunged_or_its_person_described_anew(jail: Feeds) -> None:
    receipt = drop(jail, "XID,,,,,,A1,,", "DES,,,,Newname,Pat,B2,,", "XID,,,,,,,,", "DES,,,,,,B2,,")
    assert receipt.identity_events == 2
    assert receipt.rejected == {"identity-numbers": 1, "identity-name": 1}
    events = [IdentityEvent.model_validate_json(item["identity"]["S"]) for item in jail.arrests() if "identity" in item]
    expunged, described = sorted(events, key=lambda event: event.before.value)
    assert (expunged.change, expunged.before.value, expunged.after) == (IdentityChange.EXPUNGED, "A1", None)
    assert [str(name) for name in described.person.names] == ["Pat Newname"]
    assert stored(jail) == []
