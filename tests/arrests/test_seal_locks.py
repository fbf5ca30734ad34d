"""A seal that names no statute locks at once, erases nothing, and waits for its answer."""

from dataclasses import replace
from datetime import date, timedelta
from time import sleep
from typing import Any

import pytest

from shared.arrests.items import WriteOutcome
from shared.arrests.model import Arrest, Flag, Provenance
from shared.arrests.person import Identifier, IdentifierKind
from shared.arrests.purge_table import ArrestPurgeTable
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.seal import Seal, keys_of_arrest, lock_id_of
from shared.arrests.seals.settle import AppliedSeals, SealDeps
from shared.arrests.seals.table import SealsTable, sealed_arrests_in
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.stream import versions_in
from shared.pseudonyms import Pseudonyms
from tests.builders import NOW, PSEUDONYMS, an_arrest
from tests.conftest import Tables

DROP = Provenance(drop_id="d", dropped_at=NOW)
BY_NUMBER: dict[str, Any] = {"number": "K-1001"}
BY_PERSON: dict[str, Any] = {"person": an_arrest().person, "arrested_on": date(2026, 11, 19)}
JAIL = an_arrest("B-7", agency="county-jail")


def deps(tables: Tables) -> SealDeps:
    return SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )


def apply(tables: Tables, *seals: Seal, agency: str = "roster") -> AppliedSeals:
    return apply_seals(seals, agency, deps(tables), DROP, NOW)


def a_seal(statute: str = "", agency: str = "roster", **facts: Any) -> Seal:
    return Seal(agency=agency, statute=statute, **(facts or BY_NUMBER))


def item_of(tables: Tables, arrest: Arrest) -> dict[str, Any]:
    key = {"arrest_id": {"S": arrest.arrest_id}}
    return tables.client.get_item(TableName="Arrests", Key=key)["Item"]


def later(days: int) -> Provenance:
    return Provenance(drop_id=f"e{days}", dropped_at=NOW + timedelta(days=days))


@pytest.mark.parametrize("facts", [BY_NUMBER, BY_PERSON])
def test_dcjs_jud4j_a_seal_that_names_no_statute_locks_at_once_and_erases_nothing(
    tables: Tables, facts: dict[str, Any]
) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    before = item_of(tables, arrest)
    applied = apply(tables, a_seal(**facts))
    assert (applied.locked, applied.erased, dict(applied.copy_keys)) == ({arrest.arrest_id}, set(), {})
    assert tables.arrests.find(arrest.arrest_id) is None
    assert item_of(tables, arrest)["locked"] == {"M": before}, "every attribute of it is there"


def test_p4_no_reader_is_given_a_locked_arrest(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal())
    assert tables.arrests.find(arrest.arrest_id) is None
    assert tables.arrests.history(arrest.arrest_id) == ()
    assert tables.arrests.versions([arrest.arrest_id]) == []
    looked_back = [found for segment in range(2) for page in tables.arrests.since(NOW, segment, 2) for found in page]
    assert looked_back == []
    change = {"dynamodb": {"NewImage": item_of(tables, arrest)}}
    assert versions_in([change]) == [], "the matchers do not see it"
    assert [sealed.arrest_id for sealed in sealed_arrests_in([change])] == [arrest.arrest_id], (
        "and its alerts are withdrawn, as those of an erased one"
    )


def test_p4_a_row_that_is_sent_again_does_not_open_a_lock_and_the_newest_comes_with_the_answer(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal())
    newer = an_arrest(statutes=["PL 125.25"])
    assert tables.arrests.store([newer], later(1), NOW) == {arrest.arrest_id: WriteOutcome.SEALED}
    deps(tables).seals.put_locked(tables.arrests.item_of(newer, later(1), NOW), ["a" * 32], later(1), NOW)
    assert tables.arrests.find(arrest.arrest_id) is None
    apply(tables, a_seal("CPL 160.59"))
    assert tables.arrests.find(arrest.arrest_id) == newer


@pytest.mark.parametrize("by_id", [False, True])
@pytest.mark.parametrize("facts", [BY_NUMBER, BY_PERSON])
@pytest.mark.parametrize("statute", ["CPL 160.50", "CPL 160.57", "CPL 160.59"])
def test_p4_an_answer_makes_of_the_lock_what_its_statute_says(
    tables: Tables, statute: str, facts: dict[str, Any], by_id: bool
) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal(**facts))
    lock_id = lock_id_of(a_seal(**facts), PSEUDONYMS)
    answer = a_seal(statute, lock_id=lock_id) if by_id else a_seal(statute, **facts)
    for _ in range(2):  # a message may come twice
        apply(tables, answer)
    found = tables.arrests.find(arrest.arrest_id)
    if statute == "CPL 160.50":
        assert found is None
        assert "Example" not in repr(tables.everything_in("Arrests"))
    elif statute == "CPL 160.57":
        assert found
        assert found.flags == (Flag.SEALED_AND_OPEN,)
    else:
        assert found == arrest
    lock = deps(tables).locks.find("roster", lock_id)
    assert lock
    assert (lock.is_open, lock.answer, lock.number, lock.arrested_on) == (False, statute, "", None)
    assert deps(tables).locks.open_ids() == {}
    apply(tables, a_seal(**facts))
    assert tables.arrests.find(arrest.arrest_id) == found, "the same seal again says nothing new"


def test_p4_a_lock_waits_with_what_names_its_arrest_and_is_noted_once(tables: Tables) -> None:
    for _ in range(2):
        apply(tables, a_seal(), a_seal(**BY_PERSON))
    locks = deps(tables).locks.of_agency("roster")
    assert [(lock.number, lock.arrested_on) for lock in sorted(locks, key=lambda lock: lock.number)] == [
        ("", date(2026, 11, 19)), ("K-1001", None)
    ]  # fmt: skip
    assert deps(tables).locks.open_ids() == {"roster": frozenset(lock.lock_id for lock in locks)}
    assert "01234567A" not in repr(tables.everything_in("Agencies"))


def test_p4_a_seal_of_an_arrest_that_was_never_seen_is_remembered(tables: Tables) -> None:
    apply(tables, a_seal(), a_seal("CPL 160.57", number="K-2"))
    register = deps(tables).seals.register("roster")
    effects = [register.verdict(keys_of_arrest(an_arrest(number), PSEUDONYMS)).effect for number in ("K-1001", "K-2")]
    assert effects == ["lock", "mark_restrict"]


def test_p4_a_seal_of_ours_taken_back_gives_the_arrest_back_and_matches_it_again(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal())
    locked = item_of(tables, arrest)
    lifted = Seal(agency="roster", lock_id=lock_id_of(a_seal(), PSEUDONYMS), is_lifted=True)
    assert apply(tables, lifted).readable == {arrest.arrest_id}
    assert tables.arrests.find(arrest.arrest_id) == arrest
    change = {"dynamodb": {"NewImage": item_of(tables, arrest), "OldImage": locked}}
    (version,) = versions_in([change])
    assert (version.arrest, version.before, version.silent) == (arrest, None, False)
    assert apply(tables, lifted) == AppliedSeals(), "it is answered"


def test_p4_only_a_lock_is_taken_back_and_nothing_that_a_statute_sealed(tables: Tables) -> None:
    for number, statute in (("K-1", "CPL 160.50"), ("K-2", "CPL 160.57")):
        tables.arrests.store([an_arrest(number)], DROP, NOW)
        seal = a_seal(statute, number=number)
        apply(tables, seal)
        apply(tables, Seal(agency="roster", lock_id=lock_id_of(seal, PSEUDONYMS), is_lifted=True))
    assert tables.arrests.find(an_arrest("K-1").arrest_id) is None
    marked = tables.arrests.find(an_arrest("K-2").arrest_id)
    assert marked
    assert marked.flags == (Flag.SEALED_AND_OPEN,)


def test_p5_a_locked_arrest_is_purged_in_its_time_like_any_other(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    purge = ArrestPurgeTable(tables.client, "Arrests")
    (readable,), _ = purge.page(0, 1, "")
    apply(tables, a_seal())
    (locked,), _ = purge.page(0, 1, "")
    assert (locked.arrest, locked.first_on, locked.made_on, locked.expires_on) == (
        readable.arrest, readable.first_on, readable.made_on, readable.expires_on
    )  # fmt: skip
    assert not purge.purge(readable, NOW), "it has changed since"
    assert purge.purge(locked, NOW)
    assert "Example" not in repr(tables.everything_in("Arrests"))
    assert tables.arrests.store([arrest], later(1), NOW) == {arrest.arrest_id: WriteOutcome.PURGED}


def test_p4_a_seal_reaches_another_agencys_report_of_the_custody_which_is_locked_and_asked(tables: Tables) -> None:
    arrest = an_arrest()
    for report in (arrest, JAIL):
        tables.arrests.store([report], DROP, NOW)
    applied = apply(tables, a_seal("CPL 160.50"))
    assert (applied.erased, applied.locked) == ({arrest.arrest_id}, {JAIL.arrest_id})
    assert tables.arrests.find(JAIL.arrest_id) is None
    assert "county-jail" not in applied.copy_keys, "nothing of another agency is erased on the word of this one"
    (lock,) = deps(tables).locks.of_agency("county-jail")
    assert (lock.number, lock.is_linked, lock.agency) == ("B-7", True, "county-jail")
    apply(tables, a_seal("CPL 160.50", agency="county-jail", lock_id=lock.lock_id), agency="county-jail")
    assert "Example" not in repr(tables.everything_in("Arrests"))


def test_p4_the_agency_that_was_asked_may_say_that_its_own_record_is_not_sealed(tables: Tables) -> None:
    for report in (an_arrest(), JAIL):
        tables.arrests.store([report], DROP, NOW)
    apply(tables, a_seal("CPL 160.50"))
    (lock,) = deps(tables).locks.of_agency("county-jail")
    apply(tables, Seal(agency="county-jail", lock_id=lock.lock_id, is_lifted=True), agency="county-jail")
    assert tables.arrests.find(JAIL.arrest_id) == JAIL
    apply(tables, a_seal("CPL 160.50"))
    assert tables.arrests.find(JAIL.arrest_id) == JAIL, "the first agency's seal is sent again"


@pytest.mark.parametrize("statute", ["CPL 160.57", "CPL 160.59"])
def test_p4_a_lock_that_turns_out_to_be_no_such_seal_gives_the_other_agencys_record_back(
    tables: Tables, statute: str
) -> None:
    for report in (an_arrest(), JAIL):
        tables.arrests.store([report], DROP, NOW)
    apply(tables, a_seal(**BY_PERSON))
    assert tables.arrests.find(JAIL.arrest_id) is None
    apply(tables, a_seal(statute, **BY_PERSON))
    assert tables.arrests.find(JAIL.arrest_id) == JAIL
    assert deps(tables).locks.open_ids() == {}, "and nobody is asked any more"


def test_cpl_160_57_a_mark_is_its_agencys_and_reaches_no_other(tables: Tables) -> None:
    for report in (an_arrest(), JAIL):
        tables.arrests.store([report], DROP, NOW)
    apply(tables, a_seal("CPL 160.57"))
    assert tables.arrests.find(JAIL.arrest_id) == JAIL


def with_numbers(arrest: Arrest, *numbers: tuple[IdentifierKind, str, str | None]) -> Arrest:
    identifiers = tuple(Identifier(kind=kind, value=value, issuer=issuer) for kind, value, issuer in numbers)
    return arrest.model_copy(update={"person": arrest.person.model_copy(update={"identifiers": identifiers})})


SID, CJTN, FBI = IdentifierKind.SID, IdentifierKind.CJTN, IdentifierKind.FBI
OURS = with_numbers(an_arrest(), (SID, "01234567A", "NY"), (CJTN, "70112230K", "NY"))
LINKED = {
    "tracking number on another day": with_numbers(JAIL, (CJTN, "70112230K", "NY")).model_copy(
        update={"arrested_on": date(2026, 11, 20)}
    ),
    "state ID, and no tracking number": with_numbers(JAIL, (SID, "1234567A", "NY")),
}
NOT_LINKED = {
    "another tracking number": with_numbers(JAIL, (SID, "01234567A", "NY"), (CJTN, "70112299M", "NY")),
    "another state's number": with_numbers(JAIL, (SID, "01234567A", "NJ")),
    "no issuer": with_numbers(JAIL, (SID, "01234567A", None)),
    "another day": JAIL.model_copy(update={"arrested_on": date(2026, 11, 20)}),
    "another birth": an_arrest("B-7", agency="county-jail", born=date(1971, 9, 28)),
    "an unknown birth": an_arrest("B-7", agency="county-jail", born=None),
    "only the name": an_arrest("B-7", agency="county-jail", sid=None),
}


class SlowPseudonyms(Pseudonyms):
    """Whoever asks for the key of a custody lets all other threads go first."""

    def of(self, *fields: str) -> str:
        if fields[0] == "seal by custody":
            sleep(0.01)
        return super().of(*fields)


def test_p4_a_seal_of_many_records_reaches_every_other_agencys_report_whatever_threads_find_at_once(
    tables: Tables,
) -> None:
    own = [with_numbers(an_arrest(f"K-{n}"), (SID, "01234567A", "NY"), (CJTN, f"7011{n:05d}", "NY")) for n in range(40)]
    others = [
        with_numbers(an_arrest(f"B-{n}", agency="county-jail"), (CJTN, f"7011{n:05d}", "NY")) for n in range(len(own))
    ]
    tables.arrests.store([*own, *others], DROP, NOW)
    slow = replace(deps(tables), pseudonyms=SlowPseudonyms(b"a key for tests only"))
    applied = apply_seals([a_seal("CPL 160.50", **BY_PERSON)], "roster", slow, DROP, NOW)
    assert applied.erased == {arrest.arrest_id for arrest in own}
    assert [other.number for other in others if tables.arrests.find(other.arrest_id)] == []


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("report", [*LINKED, *NOT_LINKED])
def test_p4_only_numbers_link_and_never_a_name(tables: Tables, report: str, order: str) -> None:
    """Whether the other agency reported it before the seal or does so afterwards."""
    other = (LINKED | NOT_LINKED)[report]
    tables.arrests.store([OURS], DROP, NOW)
    if order == "before":
        tables.arrests.store([other], DROP, NOW)
        apply(tables, a_seal("CPL 160.50"))
        is_locked = tables.arrests.find(other.arrest_id) is None
    else:
        apply(tables, a_seal("CPL 160.50"))
        register = deps(tables).seals.register("county-jail")
        is_locked = register.verdict(keys_of_arrest(other, PSEUDONYMS)).effect == "lock"
    assert is_locked is (report in LINKED)


def test_p4_a_custody_that_is_sealed_by_person_reaches_others_by_what_its_arrest_says(tables: Tables) -> None:
    other = with_numbers(JAIL, (CJTN, "70112230K", "NY"))
    for report in (OURS, other):
        tables.arrests.store([report], DROP, NOW)
    apply(tables, a_seal(person=an_arrest().person, arrested_on=date(2026, 11, 19)))
    assert tables.arrests.find(other.arrest_id) is None


class CountingClient:
    """DynamoDB, with the scans counted."""

    def __init__(self, client: Any) -> None:
        self._client, self.scans = client, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_paginator(self, name: str) -> Any:
        self.scans += name == "scan"
        return self._client.get_paginator(name)


def test_p4_seals_that_erase_mark_and_lock_scan_the_table_once(tables: Tables) -> None:
    numbers = ("K-1", "K-2", "K-3")
    tables.arrests.store([an_arrest(number) for number in numbers], DROP, NOW)
    client: Any = CountingClient(tables.client)
    counted = replace(deps(tables), seals=SealsTable(client, "Arrests", "Juveniles"))
    orders = [a_seal(law, number=number) for law, number in zip(("160.50", "160.57", ""), numbers, strict=True)]
    applied = apply_seals(orders, "roster", counted, DROP, NOW)
    assert client.scans == 16, "one scan of each table, in eight segments"
    assert [len(group) for group in (applied.erased, applied.marked, applied.locked)] == [1, 1, 1]
