"""How arrests lie in DynamoDB, and what the stream tells of them."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.arrests.items import WriteOutcome
from shared.arrests.model import ArrestChange, NotifyMode, Provenance
from shared.arrests.stream import versions_in
from shared.arrests.table import ArrestsTable
from tests.aws.busy import refusing
from tests.builders import an_arrest
from tests.conftest import REGION, Tables

FIRST = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, 0, 3, tzinfo=UTC)


def drop(nth: int) -> Provenance:
    return Provenance(drop_id=f"drop-{nth}", dropped_at=FIRST + timedelta(minutes=nth), sequencer=f"{nth:x}")


def test_a_new_arrest_is_accepted_and_found_again(tables: Tables) -> None:
    arrest = an_arrest()
    assert tables.arrests.store([arrest], drop(1), NOW) == {arrest.arrest_id: WriteOutcome.ACCEPTED}
    assert tables.arrests.find(arrest.arrest_id) == arrest
    assert tables.arrests.find("0" * 32) is None


def test_of_equal_content_only_the_order_is_written_and_nobody_hears_of_it(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], drop(1), NOW)
    (before,) = tables.everything_in("Arrests")
    for _ in range(2):
        assert tables.arrests.store([arrest], drop(2), NOW + timedelta(hours=1)) == {
            arrest.arrest_id: WriteOutcome.UNCHANGED
        }
    (after,) = tables.everything_in("Arrests")
    assert after == before | {"version_order": {"S": drop(2).order}}
    assert versions_in([record(after, before)]) == []


def test_an_older_drop_never_wins_over_a_newer_one_that_said_what_was_known(tables: Tables) -> None:
    known, between = an_arrest(statutes=["PL 120.05"]), an_arrest(statutes=["PL 120.00"])
    tables.arrests.store([known], drop(1), NOW)
    tables.arrests.store([known], drop(3), NOW)
    assert tables.arrests.store([between], drop(2), NOW) == {known.arrest_id: WriteOutcome.SKIPPED}
    assert tables.arrests.find(known.arrest_id) == known


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dictionaries(st.sampled_from("KLM"), st.integers(1, 3), max_size=3), min_size=1, max_size=5), st.data()
)
def test_whatever_the_order_and_however_often_the_newest_drop_holds(
    tables: Tables, drops: list[dict[str, int]], data: st.DataObject
) -> None:
    every = list(range(len(drops)))
    for item in tables.everything_in("Arrests"):
        tables.client.delete_item(TableName="Arrests", Key={"arrest_id": item["arrest_id"]})
    for nth in data.draw(st.permutations(every + data.draw(st.lists(st.sampled_from(every), max_size=3)))):
        said = [an_arrest(number, statutes=[f"PL {law}"]) for number, law in drops[nth].items()]
        tables.arrests.store(said, drop(nth), NOW)
    newest = {number: law for said in drops for number, law in said.items()}
    for number, law in newest.items():
        arrest = an_arrest(number, statutes=[f"PL {law}"])
        assert tables.arrests.find(arrest.arrest_id) == arrest


def test_the_same_drop_once_more_has_the_same_outcomes(tables: Tables) -> None:
    old, new = an_arrest("K-1"), an_arrest("K-2")
    tables.arrests.store([old], drop(1), NOW)
    drafts = [old, an_arrest("K-1", statutes=["PL 155.25"]), new]
    first = tables.arrests.store(drafts[1:], drop(2), NOW)
    assert set(first.values()) == {WriteOutcome.UPDATED, WriteOutcome.ACCEPTED}
    assert tables.arrests.store(drafts[1:], drop(2), NOW) == first


def test_an_older_drop_never_overwrites(tables: Tables) -> None:
    newer, older = an_arrest(statutes=["PL 120.05"]), an_arrest(statutes=["PL 120.00"])
    tables.arrests.store([newer], drop(2), NOW)
    assert tables.arrests.store([older], drop(1), NOW) == {older.arrest_id: WriteOutcome.SKIPPED}
    assert tables.arrests.find(newer.arrest_id) == newer


def test_drops_in_any_order_and_twice_end_in_the_same_arrests(tables: Tables) -> None:
    said = {nth: [an_arrest("K-1", statutes=[f"PL {nth}"]), an_arrest(f"K-{nth + 1}")] for nth in (1, 2, 3)}
    ends = []
    for order in permutations((1, 2, 3)):
        for item in tables.everything_in("Arrests"):
            tables.client.delete_item(TableName="Arrests", Key={"arrest_id": item["arrest_id"]})
        for nth in (*order, *order[:2]):
            tables.arrests.store(said[nth], drop(nth), NOW)
        ends.append({item["arrest_id"]["S"]: item["content"]["S"] for item in tables.everything_in("Arrests")})
    assert len(ends[0]) == 4
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(("ours", "rivals", "outcome"), [(1, 2, WriteOutcome.SKIPPED), (2, 1, WriteOutcome.UPDATED)])
def test_a_drop_that_comes_between_reading_and_writing_is_seen(
    tables: Tables, known: bool, ours: int, rivals: int, outcome: WriteOutcome
) -> None:
    said = {nth: [an_arrest(f"K-{n}", statutes=[f"PL {nth}"]) for n in range(5)] for nth in (0, ours, rivals)}
    if known:
        tables.arrests.store(said[0], drop(0), NOW)
    rival = [ArrestsTable(boto3.client("dynamodb", region_name=REGION), "Arrests", juveniles="Juveniles")]

    def come_between(**_: Any) -> None:
        while rival:
            rival.pop().store(said[rivals][:1], drop(rivals), NOW)

    for call in ("TransactWriteItems", "BatchExecuteStatement"):
        tables.client.meta.events.register(f"before-call.dynamodb.{call}", come_between)
    outcomes = tables.arrests.store(said[ours], drop(ours), NOW)
    assert outcomes[said[ours][0].arrest_id] == outcome
    others = {outcome for arrest_id, outcome in outcomes.items() if arrest_id != said[ours][0].arrest_id}
    assert others == {WriteOutcome.UPDATED if known else WriteOutcome.ACCEPTED}
    assert tables.arrests.find(said[ours][0].arrest_id) == said[2][0]


def test_more_arrests_than_one_transaction_takes_are_all_stored(tables: Tables) -> None:
    arrests = [an_arrest(f"K-{n}") for n in range(230)]
    assert set(tables.arrests.store(arrests, drop(1), NOW).values()) == {WriteOutcome.ACCEPTED}
    assert len(tables.everything_in("Arrests")) == 230


def record(new: dict[str, Any] | None, old: dict[str, Any] | None = None) -> dict[str, Any]:
    images = {"NewImage": new, "OldImage": old}
    return {"dynamodb": {name: image for name, image in images.items() if image}}


def test_the_stream_tells_what_changed_and_when_it_came(tables: Tables) -> None:
    tables.arrests.store([an_arrest(sid=None)], drop(1), NOW)
    (old,) = tables.everything_in("Arrests")
    tables.arrests.store([an_arrest()], drop(2), NOW)
    (new,) = tables.everything_in("Arrests")
    first, second = versions_in([record(old), record(new, old), record(None, new)])
    assert (first.before, first.changes) == (None, ())
    assert (second.arrest, second.before, second.changes) == (
        an_arrest(), an_arrest(sid=None), (ArrestChange.IDENTIFIER_ADDED,)
    )  # fmt: skip
    assert (second.dropped_at, second.stored_at) == (FIRST + timedelta(minutes=2), NOW)


def test_p2_an_arrest_keeps_what_each_of_its_versions_said_anew(tables: Tables) -> None:
    first = an_arrest()
    said = [first, an_arrest(statutes=["PL 120.05", "PL 160.10"]), an_arrest(statutes=["PL 160.10"], ori="NY0")]
    for nth, one in enumerate(said):
        tables.arrests.store([one], drop(nth), NOW)
        tables.arrests.store([one], drop(nth), NOW)  # the same drop once more
    history = tables.arrests.history(first.arrest_id)
    assert [(one.version, one.reported_at) for one in history] == [
        (nth + 1, FIRST + timedelta(minutes=nth)) for nth in range(3)
    ]
    assert [[two.sentence for two in one.differences] for one in history] == [
        [],
        ["charge added: PL 160.10"],
        ["charge removed: PL 120.05"],
    ]


def test_a_version_that_is_held_is_no_history_until_it_is_released(tables: Tables) -> None:
    first, held = an_arrest(), an_arrest(statutes=["PL 120.05", "PL 160.10"])
    tables.arrests.store([first], drop(1), NOW)

    def seen() -> list[int]:
        return [one.version for one in tables.arrests.history(first.arrest_id)]

    tables.arrests.store([held], drop(2).model_copy(update={"notify_mode": NotifyMode.HELD}), NOW)
    assert seen() == [1]
    tables.arrests.store([an_arrest(statutes=["PL 1"])], drop(3), NOW)
    assert seen() == [1, 3]


def test_a_held_version_that_is_released_is_history(tables: Tables) -> None:
    first, held = an_arrest(), an_arrest(statutes=["PL 120.05", "PL 160.10"])
    tables.arrests.store([first], drop(1), NOW)
    tables.arrests.store([held], drop(2).model_copy(update={"notify_mode": NotifyMode.HELD}), NOW)
    tables.arrests.store([held], drop(2), NOW)
    assert [len(one.differences) for one in tables.arrests.history(first.arrest_id)] == [0, 1]


def test_several_batches_are_stored_at_a_time_and_after_an_error_nothing_more_is_begun(tables: Tables) -> None:
    client = boto3.client("dynamodb", region_name=REGION)
    arrests, busy = [an_arrest(f"K-{n}") for n in range(1_000)], Counter[str]()
    both = threading.Barrier(2, timeout=20)

    def meet(**_: Any) -> None:
        busy["calls"] += 1
        if busy["calls"] <= 2:
            both.wait()  # breaks unless a second batch is under way

    client.meta.events.register("before-call.dynamodb.BatchGetItem", meet)
    table = ArrestsTable(client, "Arrests", juveniles="Juveniles", writers=2)
    outcomes = table.store(arrests, drop(1), NOW)
    assert [*outcomes] == [arrest.arrest_id for arrest in arrests]
    assert set(outcomes.values()) == {WriteOutcome.ACCEPTED}

    begun = busy["calls"]
    refused = {"Error": {"Code": "AccessDeniedException", "Message": ""}}
    with refusing(client, "dynamodb.BatchGetItem", refused), pytest.raises(ClientError):
        table.store(arrests, drop(2), NOW)
    assert busy["calls"] - begun < 10
