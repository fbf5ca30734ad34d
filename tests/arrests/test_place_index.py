"""The index of arrests by place: an arrest lies in it exactly as long as readers see it there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.arrests.addresses.parse import located
from shared.arrests.model import Arrest, EventKind, NotifyMode, Provenance
from shared.arrests.place_index import SHARDS, PlaceKeys
from shared.arrests.places import Place
from shared.arrests.purge_table import ArrestPurgeTable
from tests.builders import NOW, PSEUDONYMS, an_arrest
from tests.conftest import Tables

KEYS = PlaceKeys(PSEUDONYMS)
DAYS = date(2026, 11, 1), date(2026, 11, 30)
FIRST = Provenance(drop_id="d", dropped_at=NOW)
LATER = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
ELM = Place(address="14 Elm Street", city="Exampleton")


def ids_at(tables: Tables, line: str, since: date = DAYS[0], until: date = DAYS[1], most: int = 100) -> list[str]:
    address = located(line, "Exampleton", "NY")
    assert address
    return tables.arrests.ids_at(KEYS, address, since, until, most)


def test_an_arrest_is_under_its_address_however_it_is_written(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], FIRST, NOW)
    assert ids_at(tables, "100 example st.") == [arrest.arrest_id]
    assert ids_at(tables, "101 Example St") == []
    assert ids_at(tables, "100 Example St", since=date(2026, 11, 20)) == []
    assert ids_at(tables, "100 Example St", until=date(2026, 11, 18)) == []


def test_the_table_names_the_place_by_a_keyed_hash_alone(tables: Tables) -> None:
    tables.arrests.store([an_arrest()], FIRST, NOW)
    (item,) = tables.everything_in("Arrests")
    place, _, shard = item["place"]["S"].partition("#")
    assert len(bytes.fromhex(place)) == 16
    assert 0 <= int(shard) < SHARDS
    assert "EXAMPLE" not in item["place"]["S"].upper()


@pytest.mark.parametrize(
    "left_out",
    [
        an_arrest(juvenile=True),
        an_arrest(kind=EventKind.WARRANT),
        an_arrest(kind=EventKind.RELEASE),
        an_arrest(arrested_on=None),
        an_arrest(place=Place(address="HOMELESS")),
        an_arrest(place=Place(precinct="101")),
    ],
)
def test_fca_381_3_who_lives_where_and_minors_are_in_no_index_of_places(tables: Tables, left_out: Arrest) -> None:
    tables.arrests.store([left_out], FIRST, NOW)
    (item,) = tables.everything_in("Arrests")
    assert not {"place", "place_day"} & item.keys()


def sealed(tables: Tables, arrest: Arrest) -> None:
    tables.seals.seal(arrest.arrest_id, "roster", ["a" * 32], LATER, NOW)


def purged(tables: Tables, arrest: Arrest) -> None:
    table = ArrestPurgeTable(tables.client, "Arrests")
    (record,), _ = table.page(0, 1, "")
    assert table.purge(record, NOW)


def corrected_to_a_minor(tables: Tables, arrest: Arrest) -> None:
    tables.arrests.store([arrest.model_copy(update={"juvenile": True})], LATER, NOW)


def moved(tables: Tables, arrest: Arrest) -> None:
    tables.arrests.store([arrest.model_copy(update={"place": ELM})], LATER, NOW)
    assert ids_at(tables, "14 Elm St") == [arrest.arrest_id]


@pytest.mark.parametrize("change", [sealed, purged, corrected_to_a_minor, moved])
def test_cpl_160_50_what_takes_the_arrest_away_takes_it_out_of_the_index_in_the_same_write(
    tables: Tables, change: Callable[[Tables, Arrest], None]
) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], FIRST, NOW)
    change(tables, arrest)
    assert ids_at(tables, "100 Example St") == []


def test_a_held_version_leaves_the_arrest_where_readers_see_it_and_its_release_moves_it(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], FIRST, NOW)
    held = LATER.model_copy(update={"notify_mode": NotifyMode.HELD})
    tables.arrests.store([arrest.model_copy(update={"place": ELM})], held, NOW)
    assert ids_at(tables, "100 Example St") == [arrest.arrest_id]
    assert ids_at(tables, "14 Elm St") == []
    tables.arrests.store([arrest.model_copy(update={"place": ELM})], LATER, NOW)
    assert ids_at(tables, "14 Elm St") == [arrest.arrest_id]


def test_versions_that_are_held_after_they_were_stored_go_back_to_the_place_before(tables: Tables) -> None:
    before, new = an_arrest(), an_arrest("K-2", place=ELM)
    tables.arrests.store([before], FIRST, NOW)
    after = before.model_copy(update={"place": ELM})
    tables.arrests.store([after, new], LATER, NOW)
    versions = tables.arrests.versions([before.arrest_id, new.arrest_id])
    known = {before.arrest_id: before}
    tables.arrests.hold(replace(version, before=known.get(version.arrest.arrest_id)) for version in versions)
    assert ids_at(tables, "14 Elm St") == []
    assert ids_at(tables, "100 Example St") == [before.arrest_id]


def test_the_latest_come_first_and_one_more_than_asked_says_that_there_are_more(tables: Tables) -> None:
    arrests = [an_arrest(f"K-{day}", arrested_on=date(2026, 11, day)) for day in range(1, 21)]
    tables.arrests.store(arrests, FIRST, NOW)
    latest = [arrest.arrest_id for arrest in reversed(arrests)]
    assert ids_at(tables, "100 Example St") == latest
    assert ids_at(tables, "100 Example St", most=5) == latest[:6]
