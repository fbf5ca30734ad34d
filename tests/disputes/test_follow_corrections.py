"""P10: a corrected arrest ends its disputes and has every recipient outside told. Real tables, in moto."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest

from shared.arrests.disputed import ArrestFact, DisputedFact
from shared.arrests.items import LOCKED, SEALED
from shared.arrests.seals.table import unlocked_ids_in
from shared.aws.optimistic_lock import ConflictError
from shared.disclosures.references_table import References, ReferencesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.follow_corrections import CorrectionDeps, end_disputes, follow_corrections, hide_disputes
from shared.disputes.model import DisputeRules, DisputeState, LegalClock
from shared.disputes.table import DisputesTable
from shared.errors import TryLater
from tests.builders import NOW, an_arrest, an_office
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import ARREST, a_dispute, no_disputes

CORRECTED = an_arrest(born=date(1990, 3, 2))
ID = ARREST.arrest_id


@pytest.fixture
def deps(tables: Tables) -> CorrectionDeps:
    client, name = tables.client, "Subscriptions"
    tables.offices.enrol(an_office())
    tables.offices.enrol(an_office("queens", ori="PA0000000"))
    return CorrectionDeps(
        DisputesTable(client, name), DisclosuresTable(client, name), ReferencesTable(client, name), tables.offices
    )


def disputed(deps: CorrectionDeps, office_id: str = "kings") -> None:
    empty = no_disputes(office_id=office_id)
    deps.disputes.save(empty.with_dispute(a_dispute(stored=empty)))


def disclosed(deps: CorrectionDeps, office_id: str = "kings", token: str = "1" * 18) -> None:
    disclosure = a_disclosure("crime", arrest_ids=[ID], token=token)
    deps.disclosures.save(disclosure.model_copy(update={"office_id": office_id}))


def test_p10_the_agencys_correction_ends_the_dispute_and_has_every_office_tell_its_recipients(
    deps: CorrectionDeps,
) -> None:
    disputed(deps)
    disclosed(deps)
    disclosed(deps, "queens", "2" * 18)
    assert follow_corrections([(ARREST, CORRECTED)], deps, NOW) == 2
    [dispute] = deps.disputes.find("kings", ID).disputes
    assert (dispute.state, dispute.ended_at) == (DisputeState.CORRECTED, NOW)
    assert deps.disputes.marked("kings") == {}
    for office_id in ("kings", "queens"):
        [notice] = deps.disputes.notices(office_id)
        assert (notice.facts, notice.tell_by) == ((ArrestFact.BIRTH,), date(2026, 12, 5))
    assert follow_corrections([(ARREST, CORRECTED)], deps, NOW) == 2, "the stream may say it twice"
    assert len(deps.disputes.notices("kings")) == 1


def test_28_cfr_20_21_a_2_recipients_are_told_of_an_error_that_nobody_had_disputed(deps: CorrectionDeps) -> None:
    disclosed(deps)
    follow_corrections([(ARREST, CORRECTED)], deps, NOW)
    assert len(deps.disputes.notices("kings")) == 1


def test_p10_a_version_that_leaves_the_disputed_fact_leaves_the_dispute(deps: CorrectionDeps) -> None:
    disputed(deps)
    moved = ARREST.model_copy(update={"place": ARREST.place.model_copy(update={"precinct": "102"})})
    follow_corrections([(ARREST, moved)], deps, NOW)
    assert deps.disputes.marked("kings") == {ID: (DisputedFact(fact=ArrestFact.BIRTH),)}


def test_p10_a_disputed_fact_that_is_only_added_to_is_told_to_recipients_too(deps: CorrectionDeps) -> None:
    empty = no_disputes()
    deps.disputes.save(empty.with_dispute(a_dispute(stored=empty, fact="charges")))
    disclosed(deps)
    follow_corrections([(ARREST, an_arrest(statutes=["PL 120.05", "PL 160.10"]))], deps, NOW)
    assert [notice.facts for notice in deps.disputes.notices("kings")] == [(ArrestFact.CHARGES,)]


def test_p10_the_days_to_tell_are_the_offices_own(deps: CorrectionDeps) -> None:
    own = DisputeRules(
        decide_within=LegalClock(days=5, source="Memo of counsel"),
        tell_within=LegalClock(days=3, source="Memo of counsel"),
        appeal="Write to the chief of the office.",
    )
    deps.disputes.save_rules("kings", own)
    disclosed(deps)
    follow_corrections([(ARREST, CORRECTED)], deps, datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    assert [notice.tell_by for notice in deps.disputes.notices("kings")] == [date(2026, 11, 23)], (
        "from the office's day"
    )


def test_p4_the_disputes_of_every_office_go_with_a_sealed_arrest(deps: CorrectionDeps) -> None:
    disputed(deps)
    disputed(deps, "queens")
    assert end_disputes([ID, "f" * 32], deps, NOW) == 2
    for office_id in ("kings", "queens"):
        assert [dispute.state for dispute in deps.disputes.find(office_id, ID).disputes] == [DisputeState.GONE]
        assert deps.disputes.marked(office_id) == {}
    assert end_disputes([ID], deps, NOW) == 0, "it may run twice"


def test_cpl_160_50_a_lock_hides_the_disputes_of_its_arrest_and_its_end_shows_them_again(
    deps: CorrectionDeps, tables: Tables
) -> None:
    disputed(deps)
    before = deps.disputes.find("kings", ID)
    assert hide_disputes([ID, "f" * 32], deps, hidden=True) == 1
    assert deps.disputes.find("kings", ID).hidden
    assert hide_disputes([ID], deps, hidden=True) == 0, "it may run twice"
    assert hide_disputes([ID], deps, hidden=False) == 1
    assert deps.disputes.find("kings", ID).model_dump() == before.model_dump() | {"revision": before.revision + 2}


def test_cpl_160_50_the_stream_says_which_arrests_are_locked_no_more() -> None:
    locked: dict[str, Any] = {"arrest_id": {"S": ID}, "content": {"S": LOCKED}, "sealed_by": {"SS": ["a"]}}
    erased = locked | {"content": {"S": SEALED}}
    readable: dict[str, Any] = {"arrest_id": {"S": ID}, "content": {"S": "hash"}, "doc": {"S": "{}"}}

    def unlocked(*images: dict[str, Any]) -> set[str]:
        return unlocked_ids_in(
            {"dynamodb": {"OldImage": before, "NewImage": after}} for before, after in pairwise(images)
        )

    assert unlocked(locked, readable) == {ID}
    assert unlocked(readable, locked) == set()
    assert unlocked(locked, readable, locked) == set()
    assert unlocked(locked, erased) == set()
    assert unlocked(readable, readable) == set()


def test_p10_a_dispute_that_somebody_changes_meanwhile_is_ended_all_the_same(deps: CorrectionDeps) -> None:
    disputed(deps)
    stale = deps.disputes.find("kings", ID)
    deps.disputes.save(stale.with_dispute(a_dispute(fact="name", token="2" * 32)))
    with pytest.raises(ConflictError):
        deps.disputes.save(stale.with_dispute(a_dispute(fact="sex", token="3" * 32)))
    assert end_disputes([ID], deps, NOW) == 1
    assert len(deps.disputes.find("kings", ID).disputes) == 2


def test_p10_an_office_that_cannot_be_read_keeps_its_correction_coming(deps: CorrectionDeps, tables: Tables) -> None:
    disclosed(deps)
    disclosed(deps, "queens", "2" * 18)
    tables.client.put_item(TableName="Offices", Item={"pk": {"S": "office#queens"}, "doc": {"S": "{}"}})
    with pytest.raises(TryLater):
        follow_corrections([(ARREST, CORRECTED)], deps, NOW)
    assert len(deps.disputes.notices("kings")) == 1


def test_p10_an_arrest_that_nobody_disputed_or_passed_on_has_no_references(deps: CorrectionDeps) -> None:
    assert deps.references.of([ID]) == {}
    disclosed(deps)
    disputed(deps, "queens")
    disclosure_id = a_disclosure("crime", token="1" * 18).disclosure_id
    assert deps.references.of([ID, "f" * 32]) == {
        ID: References(frozenset({("kings", disclosure_id)}), frozenset({"queens"}))
    }
    assert [found.office_id for found in deps.disclosures.of_arrest("kings", ID)] == ["kings"]
    assert deps.disclosures.of_arrest("queens", ID) == []
