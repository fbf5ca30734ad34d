"""Records of juveniles lie apart from adults', under a key of their own, and nothing of them is read in a search.

Sources: Family Court Act 381.3 (kept apart), 354.1 and 375.1 (destroyed, sealed), CPL 720.35, 28 CFR 20.21(d).
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.items import APART, PURGED, SEALED, WriteOutcome
from shared.arrests.juveniles.purge_table import JuvenilePurgeTable
from shared.arrests.juveniles.table import JuvenilesTable
from shared.arrests.model import Arrest, Flag, NotifyMode, Provenance
from shared.arrests.seals.apply import apply_late_seals, apply_seals
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.order import rule_of
from shared.arrests.seals.register import entry_for
from shared.arrests.seals.seal import Seal, keys_of_seal, lock_id_of
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.stream import OpenedStubs, opened_stubs_in, versions_in
from tests.builders import PSEUDONYMS, an_arrest
from tests.conftest import Tables

FIRST = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, 0, 3, tzinfo=UTC)
CHILD_BORN = date(2012, 5, 6)
NOBODYS = {
    "arrest_id",
    "agency",
    "content",
    "version_order",
    "drop_id",
    "dropped_at",
    "stored_at",
    "version",
    "expires",
}


def drop(nth: int, mode: NotifyMode = NotifyMode.NOTIFY) -> Provenance:
    at = FIRST + timedelta(minutes=nth)
    return Provenance(drop_id=f"drop-{nth}", dropped_at=at, sequencer=f"{nth:x}", notify_mode=mode)


def a_childs(number: str = "K-1", **facts: Any) -> Arrest:
    return an_arrest(number, born=CHILD_BORN, juvenile=True, **facts)


def outcome(tables: Tables, arrest: Arrest, provenance: Provenance) -> WriteOutcome:
    return tables.arrests.store([arrest], provenance, NOW)[arrest.arrest_id]


def record(new: Any, old: Any = None) -> dict[str, Any]:
    return {"dynamodb": {"NewImage": new} | ({"OldImage": old} if old else {})}


def stub(tables: Tables, having: str = "arrest_id") -> Any:
    (item,) = [item for item in tables.everything_in("Arrests") if having in item]
    return item


def kept(tables: Tables) -> Arrest | None:
    return JuvenilesTable(tables.client, "Juveniles").record(a_childs().arrest_id)


def test_fca_381_3_a_juveniles_record_lies_apart_and_its_stub_names_nobody(tables: Tables) -> None:
    assert outcome(tables, a_childs(), drop(1)) is WriteOutcome.ACCEPTED
    assert kept(tables) == a_childs()
    assert set(stub(tables)) == NOBODYS
    for word in ("EXAMPLE", "PAT", "Example", "2012", "K-1", "120.05", "01234567A"):
        assert word not in str(stub(tables)), word


def test_fca_381_3_no_read_of_the_arrests_table_finds_it(tables: Tables) -> None:
    tables.arrests.store([a_childs(), an_arrest("K-2")], drop(1), NOW)
    id_ = a_childs().arrest_id
    assert tables.arrests.find(id_) is None
    assert tables.arrests.history(id_) == ()
    assert tables.arrests.versions([id_]) == []
    found = [arrest.number for page in tables.arrests.since(FIRST - timedelta(days=1), 0, 1) for arrest in page]
    assert found == ["K-2"]


def test_fca_381_3_a_new_record_brings_nothing_to_the_matchers(tables: Tables) -> None:
    outcome(tables, a_childs(), drop(1))
    assert versions_in([record(stub(tables))]) == []
    assert opened_stubs_in([record(stub(tables))]) == OpenedStubs([], [])


def test_a_record_that_is_sent_again_is_counted_as_an_adults_is_and_an_older_drop_does_not_win(tables: Tables) -> None:
    assert outcome(tables, a_childs(), drop(2)) is WriteOutcome.ACCEPTED
    assert outcome(tables, a_childs(), drop(2)) is WriteOutcome.ACCEPTED, "the same drop once more"
    assert outcome(tables, a_childs(), drop(3)) is WriteOutcome.UNCHANGED
    assert outcome(tables, a_childs(statutes=["PL 120.00"]), drop(1)) is WriteOutcome.SKIPPED
    assert kept(tables) == a_childs()
    assert outcome(tables, a_childs(statutes=["PL 120.00"]), drop(4)) is WriteOutcome.UPDATED
    assert kept(tables) == a_childs(statutes=["PL 120.00"])


def test_fca_381_3_who_turns_out_to_be_a_juvenile_leaves_nothing_in_the_adults_table(tables: Tables) -> None:
    outcome(tables, an_arrest("K-1"), drop(1))
    outcome(tables, an_arrest("K-1", statutes=["PL 120.00"]), drop(2))  # so that there is a history
    before = stub(tables)
    assert outcome(tables, a_childs(), drop(3)) is WriteOutcome.UPDATED
    assert set(stub(tables)) == NOBODYS
    [version] = versions_in([record(stub(tables), before)])
    assert version.arrest.juvenile
    assert version.before == an_arrest("K-1", statutes=["PL 120.00"])
    assert kept(tables) == a_childs()
    assert outcome(tables, an_arrest("K-1"), drop(2)) is WriteOutcome.SKIPPED, "the older drop comes late"


def test_who_turns_out_to_be_an_adult_is_stored_and_matched_as_if_new_and_once(tables: Tables) -> None:
    outcome(tables, a_childs(), drop(1))
    before = stub(tables)
    assert outcome(tables, an_arrest("K-1"), drop(2)) is WriteOutcome.UPDATED
    after = stub(tables)
    [version] = versions_in([record(after, before)])
    assert (version.arrest, version.before, version.returned, version.silent) == (an_arrest("K-1"), None, True, False)
    assert "2012" not in str(after), "nothing of the time as a juvenile"
    assert kept(tables) is None
    assert tables.everything_in("Juveniles") == []
    outcome(tables, an_arrest("K-1"), drop(2))
    assert versions_in([record(stub(tables), after)]) == [], "the same drop once more"
    assert outcome(tables, a_childs(), drop(1)) is WriteOutcome.SKIPPED


def test_a_worker_that_dies_between_leaves_neither_two_records_nor_none(tables: Tables) -> None:
    """Both items change in one transaction: whoever was quicker is seen, and the drop is decided anew."""
    outcome(tables, an_arrest("K-1"), drop(1))
    rival = iter([lambda: outcome(tables, an_arrest("K-1", statutes=["PL 155.25"]), drop(2))])
    transact = tables.client.transact_write_items

    def late(**request: Any) -> Any:
        for act in rival:
            act()
        return transact(**request)

    tables.client.transact_write_items = late  # type: ignore[method-assign] # DynamoDB's, not ours
    assert outcome(tables, a_childs(), drop(3)) is WriteOutcome.UPDATED
    assert set(stub(tables)) == NOBODYS
    assert kept(tables) == a_childs()


def test_fca_381_3_a_held_drop_opens_no_record_until_somebody_releases_it(tables: Tables) -> None:
    outcome(tables, a_childs(), drop(1))
    outcome(tables, an_arrest("K-1"), drop(2, NotifyMode.HELD))
    assert stub(tables)["content"] == {"S": APART}
    assert tables.arrests.find(a_childs().arrest_id) is None
    before = stub(tables)
    outcome(tables, an_arrest("K-1"), drop(2))
    assert [version.arrest for version in versions_in([record(stub(tables), before)])] == [an_arrest("K-1")]
    assert tables.everything_in("Juveniles") == []


def test_fca_381_3_of_a_held_drop_nobody_is_told_and_nobody_reads_it_until_it_is_released(
    tables: Tables,
) -> None:
    outcome(tables, an_arrest("K-1"), drop(1))
    adult = stub(tables)
    outcome(tables, a_childs(), drop(2, NotifyMode.HELD))
    held = stub(tables)
    assert tables.arrests.find(a_childs().arrest_id) is None
    assert versions_in([record(held, adult)]) == []
    assert opened_stubs_in([record(held, adult)]) == OpenedStubs([], [])
    outcome(tables, a_childs(), drop(2))
    opened = record(stub(tables), held)
    assert opened_stubs_in([record(held, adult), opened]) == OpenedStubs(superseded=[], standing=[a_childs().arrest_id])
    again = record(adult, stub(tables))
    assert opened_stubs_in([opened, again]) == OpenedStubs(superseded=[a_childs().arrest_id], standing=[])


def test_of_one_that_is_too_old_nobody_is_notified_when_the_birth_date_is_corrected(tables: Tables) -> None:
    before_month = {"notify_from": date(2026, 11, 1)}
    old: dict[str, Any] = {"arrested_on": date(2026, 3, 1)}
    outcome(tables, a_childs(**old), drop(1).model_copy(update=before_month))
    stub_before = stub(tables)
    outcome(tables, an_arrest("K-1", **old), drop(2).model_copy(update=before_month))
    assert [version.silent for version in versions_in([record(stub(tables), stub_before)])] == [True]


def seal_deps(tables: Tables) -> SealDeps:
    return SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )


def test_fca_375_1_a_seal_without_a_statute_locks_the_record_and_one_that_is_lifted_opens_it(tables: Tables) -> None:
    outcome(tables, a_childs(), drop(1))
    order = Seal(agency="roster", number="K-1")
    applied = apply_seals([order], "roster", seal_deps(tables), drop(2), NOW)
    assert applied.locked == {a_childs().arrest_id}
    assert kept(tables) is None, "no order of a court opens it until the seal is answered"
    assert set(stub(tables, "content")) == NOBODYS
    assert outcome(tables, a_childs(statutes=["PL 120.00"]), drop(3)) is WriteOutcome.SEALED
    assert outcome(tables, an_arrest("K-1"), drop(4)) is WriteOutcome.SEALED
    lock_id = lock_id_of(order, PSEUDONYMS)
    lifted = Seal(agency="roster", lock_id=lock_id, is_lifted=True)
    apply_seals([lifted], "roster", seal_deps(tables), drop(5), NOW)
    assert kept(tables) == a_childs()


def test_fca_354_1_a_late_seal_reaches_a_record_that_is_stored_in_the_same_moment(tables: Tables) -> None:
    register = tables.seals.register("roster")
    outcome(tables, a_childs(), drop(1))
    entering = Seal(agency="roster", number="K-9", statute="FCA 354.1")
    key = keys_of_seal(Seal(agency="roster", number="K-1"), PSEUDONYMS)
    rule = rule_of(entering)
    assert rule
    tables.seals.add("roster", [entry_for(each, rule) for each in key])
    apply_late_seals([a_childs()], register, "roster", seal_deps(tables), drop(1), NOW)
    assert tables.everything_in("Juveniles") == []


@pytest.mark.parametrize("statute", ["FCA 354.1", "FCA 375.1"])
@pytest.mark.parametrize(
    "seal",
    [
        Seal(agency="roster", number="K-1"),
        Seal(agency="roster", person=an_arrest().person, arrested_on=date(2026, 11, 19)),
    ],
)
def test_fca_354_1_fca_375_1_a_seal_destroys_the_record_and_no_drop_brings_it_back(
    tables: Tables, seal: Seal, statute: str
) -> None:
    outcome(tables, a_childs(), drop(1))
    deps = seal_deps(tables)
    applied = apply_seals([seal.model_copy(update={"statute": statute})], "roster", deps, drop(2), NOW)
    assert applied.erased == {a_childs().arrest_id}
    assert tables.everything_in("Juveniles") == []
    contents = [item.get("content") for item in tables.everything_in("Arrests") if "content" in item]
    assert contents == [{"S": SEALED}]
    assert outcome(tables, a_childs(), drop(3)) is WriteOutcome.SEALED
    assert outcome(tables, an_arrest("K-1"), drop(4)) is WriteOutcome.SEALED
    assert tables.everything_in("Juveniles") == []


def test_cpl_720_35_a_youthful_offenders_record_stays_marked_in_whichever_store_it_lies(tables: Tables) -> None:
    outcome(tables, a_childs(), drop(1))
    deps = seal_deps(tables)
    apply_seals([Seal(agency="roster", number="K-1", statute="CPL 720.35")], "roster", deps, drop(2), NOW)
    opened = kept(tables)
    assert opened is not None
    assert opened.flags == (Flag.SEALED_AND_OPEN, Flag.NO_CONVICTION)
    outcome(tables, an_arrest("K-1"), drop(3))
    read = tables.arrests.find(a_childs().arrest_id)
    assert read is not None
    assert read.flags == (Flag.SEALED_AND_OPEN, Flag.NO_CONVICTION)


def test_a_purged_record_leaves_a_tombstone_at_its_stub(tables: Tables) -> None:
    outcome(tables, a_childs(), drop(1))
    purging = JuvenilePurgeTable(tables.client, "Juveniles", "Arrests")
    (page, _) = purging.page(0, 1, "")
    outcome(tables, a_childs(statutes=["PL 120.00"]), drop(2))
    assert not purging.purge(page[0], NOW), "it has changed since it was read"
    ((again,), _) = purging.page(0, 1, "")
    assert purging.purge(again, NOW)
    assert (tables.everything_in("Juveniles"), stub(tables)["content"]) == ([], {"S": PURGED})
    assert outcome(tables, a_childs(), drop(3)) is WriteOutcome.PURGED


def test_28_cfr_20_21_d_a_hundred_rows_of_juveniles_and_adults_are_each_accounted_for(tables: Tables) -> None:
    """More writes than one transaction may have."""
    rows = [a_childs(f"K-{number}") if number % 2 else an_arrest(f"K-{number}") for number in range(100)]
    outcomes = tables.arrests.store(rows, drop(1), NOW)
    assert set(outcomes.values()) == {WriteOutcome.ACCEPTED}
    assert (len(tables.everything_in("Arrests")), len(tables.everything_in("Juveniles"))) == (100, 50)


def test_an_adults_row_costs_no_further_read(tables: Tables) -> None:
    reads: list[str] = []
    batch_get = tables.client.batch_get_item

    def counted(**request: Any) -> Any:
        reads.extend(request["RequestItems"])
        return batch_get(**request)

    tables.client.batch_get_item = counted  # type: ignore[method-assign] # DynamoDB's, not ours
    tables.arrests.store([an_arrest(f"K-{number}") for number in range(100)], drop(1), NOW)
    assert reads == ["Arrests"]


def test_whoever_was_not_given_the_table_of_juveniles_stores_nothing(tables: Tables) -> None:
    reader = type(tables.arrests)(tables.client, "Arrests")
    with pytest.raises(TypeError, match="the table of juveniles"):
        reader.store([a_childs()], drop(1), NOW)
