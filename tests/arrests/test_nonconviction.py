"""Which arrests are nonconviction data. Each test has its source in its name: 28 CFR 20.3 and 20.20."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.view import show_arrest
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, CourtCase, Disposition
from shared.arrests.minimisation import NO_FIELDS, WithheldField
from shared.arrests.model import Arrest, EventKind, Flag, Provenance
from shared.arrests.nonconviction import nonconviction, nonconviction_rules, without_nonconviction
from shared.arrests.purge_table import ArrestPurgeTable
from shared.arrests.retention.model import CaseEvent, CaseEventKind
from tests.builders import NOW, an_arrest
from tests.conftest import Tables

ARRESTED = date(2026, 11, 19)
A_YEAR_LATER = date(2027, 11, 19)


def ended(*outcomes: str | None, **facts: Any) -> Arrest:
    charges = tuple(
        Charge(
            statute=f"PL 120.0{number}",
            disposition=Disposition(outcome=ChargeOutcome(outcome)) if outcome else None,
        )
        for number, outcome in enumerate(outcomes)
    )
    return an_arrest(charges=charges, **facts)


def test_28_cfr_20_3_an_arrest_is_nonconviction_data_from_the_day_a_year_after_it_without_a_disposition() -> None:
    assert nonconviction(ended(None), A_YEAR_LATER - timedelta(days=1)) is None
    assert nonconviction(ended(None), A_YEAR_LATER) is Flag.NO_DISPOSITION


def test_28_cfr_20_3_the_year_of_29_february_ends_on_1_march() -> None:
    arrest = ended(None, arrested_on=date(2028, 2, 29))
    assert nonconviction(arrest, date(2029, 2, 28)) is None
    assert nonconviction(arrest, date(2029, 3, 1)) is Flag.NO_DISPOSITION


@pytest.mark.parametrize(
    ("case", "is_active"),
    [
        (CourtCase(docket="D-1"), False),
        (CourtCase(next_on=A_YEAR_LATER - timedelta(days=1)), False),
        (CourtCase(next_on=A_YEAR_LATER), True),
        (CourtCase(warrant="W-1"), True),
    ],
)
def test_28_cfr_20_3_an_active_prosecution_keeps_the_label_away(case: CourtCase, is_active: bool) -> None:
    assert (nonconviction(ended(None, cases=(case,)), A_YEAR_LATER) is None) is is_active


# As the section has it, written without looking at `nonconviction.toml`.
ENDS_WITHOUT_A_CONVICTION = {"acquitted", "dismissed", "prosecution declined"}
IS_A_CONVICTION = {"convicted", "pleaded guilty", "pleaded guilty to a lesser charge"}


@pytest.mark.parametrize("outcome", [outcome.value for outcome in ChargeOutcome])
def test_28_cfr_20_3_a_decline_an_acquittal_and_a_dismissal_are_nonconviction_data_at_once(outcome: str) -> None:
    is_labelled = nonconviction(ended(outcome), ARRESTED) is Flag.NONCONVICTION
    assert is_labelled is (outcome in ENDS_WITHOUT_A_CONVICTION)
    if outcome in IS_A_CONVICTION:
        assert nonconviction(ended(outcome), date(2040, 1, 1)) is None


def test_28_cfr_20_3_every_outcome_has_its_rule() -> None:
    assert set(nonconviction_rules().outcomes) == set(ChargeOutcome)


def test_28_cfr_20_3_one_conviction_among_dismissals_is_conviction_data() -> None:
    arrest = ended("dismissed", "convicted")
    assert nonconviction(arrest, A_YEAR_LATER) is None
    for_others = without_nonconviction(arrest, A_YEAR_LATER)
    assert for_others
    assert [charge.statute for charge in for_others.charges] == ["PL 120.01"], "a dismissal is no part of it"


@pytest.mark.parametrize("kind", [EventKind.WARRANT, EventKind.WARRANT_CLEARED, EventKind.SUPERVISION])
def test_28_cfr_20_20_b_a_wanted_list_is_no_criminal_history(kind: EventKind) -> None:
    assert nonconviction(ended(None, kind=kind), date(2040, 1, 1)) is None


@pytest.mark.parametrize(
    ("event", "label"),
    [(CaseEventKind.PROSECUTED, None), (CaseEventKind.SETTLED, Flag.NONCONVICTION)],
)
def test_28_cfr_20_3_a_disposition_that_is_a_record_of_its_own_decides_about_its_arrest(
    tables: Tables, event: CaseEventKind, label: Flag | None
) -> None:
    arrest = ended(None)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    ArrestPurgeTable(tables.client, "Arrests").note_events(
        arrest.arrest_id, "e" * 32, [CaseEvent(kind=event, day=ARRESTED)]
    )
    for read in (tables.arrests.find(arrest.arrest_id), tables.arrests.versions([arrest.arrest_id])[0].arrest):
        assert read
        assert nonconviction(read, A_YEAR_LATER) is label
        assert read.content == arrest.content, "what reading adds is no new version"


@pytest.mark.parametrize(
    ("kinds", "label"),
    [
        (("prosecuted", "settled"), Flag.NONCONVICTION),
        (("settled", "prosecuted"), None),
        (("prosecuted", "disposition taken back"), Flag.NO_DISPOSITION),
        (("prosecuted", "disposition taken back", "settled"), Flag.NONCONVICTION),
        (("settled", "disposition taken back", "prosecuted"), None),
    ],
)
@pytest.mark.parametrize("is_told_backwards", [False, True])
def test_28_cfr_20_3_cpl_160_50_3_the_latest_disposition_counts_whichever_came_first(
    tables: Tables, kinds: tuple[str, ...], label: Flag | None, *, is_told_backwards: bool
) -> None:
    """Each is a record of its own, because its id has its day."""
    arrest = ended(None)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    events = [CaseEvent(kind=CaseEventKind(kind), day=ARRESTED + timedelta(days=n)) for n, kind in enumerate(kinds)]
    for number, event in enumerate(reversed(events) if is_told_backwards else events):
        ArrestPurgeTable(tables.client, "Arrests").note_events(arrest.arrest_id, f"{number:032x}", [event])
    read = tables.arrests.find(arrest.arrest_id)
    assert read
    assert nonconviction(read, A_YEAR_LATER) is label


def test_28_cfr_20_3_the_label_stands_on_the_arrest_that_is_shown() -> None:
    shown = show_arrest(ended("dismissed"), NO_FIELDS, (), ARRESTED)
    assert shown
    assert shown.flags == (Flag.NONCONVICTION,)
    assert show_arrest(shown, NO_FIELDS, (), ARRESTED) == shown, "once, however often it is shown"


def test_28_cfr_20_3_the_label_tells_no_outcome_that_an_agreement_withholds() -> None:
    charges = frozenset({WithheldField.CHARGES})
    arrest = ended("dismissed", flags=(Flag.NOT_CONVICTED,))
    shown = show_arrest(arrest, charges, (), A_YEAR_LATER)
    assert shown
    assert shown.flags == ()
