"""An agency's reference data as it is stored: one version of each kind, and nothing of those before."""

from datetime import date
from typing import Any

import pytest

from shared.errors import TryLater
from shared.matching.agency_reference_table import NAMES, PRECINCT, STATUTES, AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import AgencyNameCounts, LiveNames
from tests.conftest import Tables

DAY = date(2026, 11, 20)


def counts(persons: int) -> AgencyNameCounts:
    bearers = {"surname": {"NGUYEN": persons}, "given": {"PAT": persons}}
    return AgencyNameCounts(agency="roster", counted_on=DAY, persons=persons, min_bearers=20, bearers=bearers)


@pytest.fixture
def reference(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> AgencyReferenceTable:
    monkeypatch.setattr("shared.matching.agency_reference_table._CHUNK_SIZE", 50)  # so a version has several chunks
    return AgencyReferenceTable(tables.client, "Offices")


def stored(tables: Tables, agency: str = "roster") -> set[str]:
    keys = {item["pk"]["S"] for item in tables.everything_in("Offices")}
    return {key for key in keys if key.startswith(f"tables#{agency}#")}


def test_the_chunks_of_a_version_are_deleted_with_the_next_one_and_no_others(
    reference: AgencyReferenceTable, tables: Tables
) -> None:
    reference.load("nypd", NAMES, counts(5_000))
    others = stored(tables, "nypd")
    seen = []
    for persons in (5_000, 6_000, 6_000):
        version = reference.load("roster", NAMES, counts(persons))
        chunks = stored(tables)
        assert len(chunks) > 1
        assert all(key.startswith(f"tables#roster#{version}#") for key in chunks)
        seen.append(version)
        live = reference.live_names("roster").counts
        assert live == counts(persons)
    assert len(set(seen)) == 3, "equal counts are another version: a load deletes nothing that another stores"
    assert stored(tables, "nypd") == others


def test_a_reader_between_two_versions_is_asked_to_try_again_and_succeeds_then(
    reference: AgencyReferenceTable, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference.load("roster", NAMES, counts(5_000))
    head = tables.client.get_item(TableName="Offices", Key={"pk": {"S": "tables#roster"}})
    reference.load("roster", NAMES, counts(6_000))
    reader, read = AgencyReferenceTable(tables.client, "Offices"), tables.client.get_item

    def old_head_first(**request: Any) -> Any:
        """What a reader has that read which version is live before it was replaced."""
        monkeypatch.setattr(tables.client, "get_item", read)
        return head

    monkeypatch.setattr(tables.client, "get_item", old_head_first)
    with pytest.raises(TryLater, match="roster is being replaced"):
        reader.live_names("roster")
    assert reader.live_names("roster").counts == counts(6_000)


def test_a_change_whose_answer_was_lost_and_that_was_sent_again_deletes_nothing_that_is_live(
    reference: AgencyReferenceTable, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = tables.client.update_item

    def twice(**request: Any) -> Any:
        change(**request)
        return change(**request)

    monkeypatch.setattr(tables.client, "update_item", twice)
    for persons in (5_000, 6_000):
        assert reference.learn_names("roster", counts(persons))
        assert reference.live_names("roster").counts == counts(persons)


def test_a_pin_takes_the_counts_away_and_learning_leaves_it_alone(
    reference: AgencyReferenceTable, tables: Tables
) -> None:
    assert reference.learn_names("roster", counts(5_000))
    reference.pin_census("roster", DAY)
    assert reference.live_names("roster") == LiveNames(pinned_on=DAY)
    assert reference.frequencies_of("roster") is None
    assert reference.learn_names("roster", counts(6_000)) is None
    assert reference.live_names("roster") == LiveNames(pinned_on=DAY)
    assert stored(tables) == set(), "neither what was taken away nor what was not wanted"
    version = reference.load("roster", NAMES, counts(7_000))
    assert reference.live_names("roster") == LiveNames(counts(7_000), version=version)


def test_each_kind_has_its_own_version(reference: AgencyReferenceTable, tables: Tables) -> None:
    reference.load("roster", NAMES, counts(5_000))
    names = stored(tables)
    reference.pin_census("nypd", DAY)
    for kind in (STATUTES, PRECINCT):
        reference.load("roster", kind, counts(5_000))
    assert names < stored(tables)
    reference.pin_census("roster", DAY)
    assert names.isdisjoint(stored(tables))
    assert stored(tables)
