"""The function that counts names once a week, on the tables of the template."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.arrests.model import Arrest, Provenance
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import ArrestsTable
from shared.aws.throttling import begin_invocation
from shared.errors import TryLater
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.matching.learn_names import LearnDeps, Learned, learn_names
from shared.matching.linkage.agency_frequencies import LiveNames
from shared.matching.linkage.learn_frequencies import LearningOutcome
from tests.builders import NOW, PSEUDONYMS, an_arrest
from tests.conftest import Tables

DROP = Provenance(drop_id="d", dropped_at=NOW)
WEEK = timedelta(days=7)
MIN_PERSONS = 30


def arrests(agency: str, surname: str, count: int, **facts: Any) -> list[Arrest]:
    return [
        an_arrest(
            f"{surname}-{number}",
            agency=agency,
            surname=surname,
            born=date(1960, 1, 1) + timedelta(days=number),
            sid=None,
            **facts,
        )
        for number in range(count)
    ]


@pytest.fixture
def reference(tables: Tables) -> AgencyReferenceTable:
    return AgencyReferenceTable(tables.client, "Offices")


@pytest.fixture
def learn(tables: Tables, reference: AgencyReferenceTable) -> Callable[..., dict[str, Learned]]:
    deps = LearnDeps(ArrestsTable(tables.client, "Arrests"), reference, min_persons=MIN_PERSONS)
    return lambda now=NOW: {learned.agency: learned for learned in learn_names(deps, now)}


def outcomes(learned: Mapping[str, Learned]) -> dict[str, LearningOutcome]:
    return {agency: of_agency.outcome for agency, of_agency in learned.items()}


def test_each_agency_with_enough_persons_gets_its_own_counts_and_a_second_run_changes_nothing(
    tables: Tables, reference: AgencyReferenceTable, learn: Callable[..., dict[str, Learned]]
) -> None:
    tables.arrests.store(arrests("roster", "Quillfeather", 25) + arrests("roster", "Nguyen", 20), DROP, NOW)
    tables.arrests.store(arrests("nypd", "Quillfeather", MIN_PERSONS - 1), DROP, NOW)
    learned = learn()
    version = learned["roster"].version
    assert learned["roster"] == Learned("roster", LearningOutcome.COUNTED, persons=45, names=3, version=version)
    assert learned["nypd"] == Learned("nypd", LearningOutcome.TOO_FEW, persons=MIN_PERSONS - 1)
    counts = reference.live_names("roster").counts
    assert counts
    assert reference.live_names("roster").version == version
    assert counts.bearers == {"surname": {"NGUYEN": 20, "QUILLFEATHER": 25}, "given": {"PAT": 45}}
    assert reference.live_names("nypd").counts is None
    before = tables.everything_in("Offices")
    assert outcomes(learn(NOW + WEEK)) == {"nypd": LearningOutcome.TOO_FEW, "roster": LearningOutcome.UNCHANGED}
    assert tables.everything_in("Offices") == before


def test_a_pin_holds_and_the_other_agencies_are_counted(
    tables: Tables, reference: AgencyReferenceTable, learn: Callable[..., dict[str, Learned]]
) -> None:
    for agency in ("roster", "nypd"):
        tables.arrests.store(arrests(agency, "Quillfeather", MIN_PERSONS), DROP, NOW)
    reference.pin_census("nypd", NOW.date())
    assert outcomes(learn()) == {"nypd": LearningOutcome.PINNED, "roster": LearningOutcome.COUNTED}
    assert reference.live_names("nypd") == LiveNames(pinned_on=NOW.date())


def test_a_sealed_a_juveniles_and_a_synthetic_arrest_count_nowhere_nor_does_one_of_long_ago(
    tables: Tables, reference: AgencyReferenceTable, learn: Callable[..., dict[str, Learned]]
) -> None:
    counted, sealed = arrests("roster", "Quillfeather", MIN_PERSONS), arrests("roster", "Sealed", 20)
    tables.arrests.store(counted + sealed, DROP, NOW)
    tables.arrests.store(arrests("roster", "Minor", 20, juvenile=True), DROP, NOW)
    tables.arrests.store(arrests("canary", "Synthetic", MIN_PERSONS), DROP, NOW)
    open_to_some = arrests("roster", "Sealedandopen", 20)
    marks = {arrest.arrest_id: "NY CPL 160.57" for arrest in open_to_some}
    tables.arrests.store(open_to_some, DROP, NOW, marks)
    tables.arrests.store(arrests("roster", "Longago", 20), DROP, NOW - timedelta(days=5 * 366))
    deps = SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )
    seals = [Seal(agency="roster", number=arrest.number) for arrest in sealed]
    assert len(apply_seals(seals, "roster", deps, DROP, NOW).locked) == 20
    assert outcomes(learn()) == {"roster": LearningOutcome.COUNTED}
    counts = reference.live_names("roster").counts
    assert counts
    assert counts.bearers == {"surname": {"QUILLFEATHER": MIN_PERSONS}, "given": {"PAT": MIN_PERSONS}}


@pytest.fixture
def no_time() -> Iterator[None]:
    """An invocation that may begin nothing more from its first page on."""
    begin_invocation(SimpleNamespace(get_remaining_time_in_millis=lambda: 0))
    yield
    begin_invocation(None)


@pytest.mark.usefixtures("no_time")
@pytest.mark.parametrize(("segments", "outcome"), [(2, LearningOutcome.COUNTED), (12, LearningOutcome.TOO_FEW)])
def test_when_the_time_is_over_what_was_read_is_counted_unless_it_is_too_little(
    tables: Tables,
    reference: AgencyReferenceTable,
    learn: Callable[..., dict[str, Learned]],
    monkeypatch: pytest.MonkeyPatch,
    segments: int,
    outcome: LearningOutcome,
) -> None:
    """One page is read: a half or a twelfth of the table."""
    monkeypatch.setattr("shared.matching.learn_names.SEGMENTS", segments)
    tables.arrests.store(arrests("roster", "Quillfeather", 150), DROP, NOW)
    learned = learn()["roster"]
    assert 0 < learned.persons < 150
    assert learned.outcome is outcome
    counts = reference.live_names("roster").counts
    assert (counts.persons if counts else 0) == (learned.persons if outcome is LearningOutcome.COUNTED else 0)


def test_an_agency_whose_counts_are_being_replaced_stays_as_it_is_and_stops_no_other(
    tables: Tables, reference: AgencyReferenceTable, learn: Callable[..., dict[str, Learned]]
) -> None:
    for agency in ("roster", "nypd"):
        tables.arrests.store(arrests(agency, "Quillfeather", MIN_PERSONS), DROP, NOW)
    version = learn()["nypd"].version
    tables.client.delete_item(TableName="Offices", Key={"pk": {"S": f"tables#nypd#{version}#0"}})
    with pytest.raises(TryLater):
        reference.live_names("nypd")
    assert outcomes(learn(NOW + WEEK)) == {"nypd": LearningOutcome.BUSY, "roster": LearningOutcome.UNCHANGED}
