"""A record that is held is sealed: the seal wins for use, the hold for what is locked away; the purge knows both."""

from datetime import timedelta

import pytest

from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.model import Provenance
from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.unsealings_table import UnsealingsTable
from tests.builders import NOW, PSEUDONYMS, an_arrest, discard
from tests.retention.conftest import RecordsOffice

ARREST = an_arrest()
DUE = NOW.date() + timedelta(days=400)
HOLD = Hold(
    hold_id="h1",
    office_id="kings",
    kind=HoldKind.CASE,
    reason="an appeal",
    arrest_ids=(ARREST.arrest_id,),
    placed_by="rita@da.example.gov",
    placed_at=NOW,
)


def seal(records: RecordsOffice, statute: str) -> None:
    """As the intake and then the matchers do."""
    client = records.tables.client
    deps = SealDeps(
        records.tables.seals, LocksTable(client, "Agencies"), UnsealingsTable(client, "Agencies"), PSEUDONYMS
    )
    drop = Provenance(drop_id="seals", dropped_at=NOW + timedelta(days=1))
    apply_seals([Seal(agency="roster", statute=statute, number=ARREST.number)], "roster", deps, drop, NOW)
    withdraw_alerts(ARREST.arrest_id, WithdrawDeps(records.tables.alerts, discard), NOW)


def item_of_arrest(records: RecordsOffice) -> dict[str, object]:
    [item] = [item for item in records.tables.everything_in("Arrests") if item["arrest_id"]["S"] == ARREST.arrest_id]
    return item


def is_readable(records: RecordsOffice) -> bool:
    arrests = records.tables.arrests
    return bool(arrests.find(ARREST.arrest_id) or arrests.history(ARREST.arrest_id))


@pytest.fixture
def held(records: RecordsOffice) -> RecordsOffice:
    """The office was told of Pat's arrest, and holds it."""
    records.enrol()
    records.watch()
    records.report(ARREST)
    records.holds.store(HOLD)
    assert is_readable(records)
    return records


@pytest.mark.parametrize("statute", ["CPL 160.50", ""], ids=["erased", "locked"])
@pytest.mark.parametrize("is_sealed_first", [True, False])
def test_cpl_160_50_what_is_sealed_is_unreadable_at_once_whoever_holds_it(
    records: RecordsOffice, statute: str, is_sealed_first: bool
) -> None:
    records.enrol()
    records.watch()
    records.report(ARREST)
    if not is_sealed_first:
        records.holds.store(HOLD)
    seal(records, statute)
    records.holds.store(HOLD.model_copy(update={"revision": 1 + (not is_sealed_first)}))
    assert not is_readable(records)
    [alert] = records.tables.alerts.read(records.tables.alerts.ids_of_arrest(ARREST.arrest_id)).values()
    assert alert.withdrawn_at
    for days in (0, 30, 4_000):
        assert records.run(DUE + timedelta(days=days)) == 0, "the hold is in force"
        assert not is_readable(records), "and opens nothing"
    assert records.issued() == []
    [hold] = records.holds.of_office("kings")
    assert (hold.ended_on, hold.arrest_ids) == (None, (ARREST.arrest_id,)), "the seal ends no hold"


def test_cpl_160_50_what_is_erased_comes_back_by_no_hold_and_its_end_purges_nothing_more(held: RecordsOffice) -> None:
    seal(held, "CPL 160.50")
    erased = item_of_arrest(held)
    assert "Example" not in repr(erased)
    held.holds.store(HOLD.model_copy(update={"ended_on": DUE, "revision": 2}))
    held.run(DUE + timedelta(days=1))
    assert item_of_arrest(held) == erased, "the mark of the seal stays, so that no drop brings the record back"


def test_dcjs_jud4j_a_locked_record_stays_locked_while_it_is_held_and_is_purged_after_it(held: RecordsOffice) -> None:
    seal(held, "")
    held.run(DUE)
    locked = item_of_arrest(held)
    assert "locked" in locked
    assert "expires" not in locked, "DynamoDB would delete it"
    held.holds.store(HOLD.model_copy(update={"ended_on": DUE, "revision": 2}))
    assert held.run(DUE + timedelta(days=1)) == 2, "the arrest and its alert"
    purged = item_of_arrest(held)
    assert "locked" not in purged
    assert "Example" not in repr(purged)
    assert held.parts() == []
    [certificate] = held.issued()
    assert certificate.hashes["arrests"] == (ARREST.arrest_id,)
