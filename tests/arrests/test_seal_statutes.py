"""What a seal does, by the statute that its message names. Each test has its source in its name."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.view import show_arrest, show_opened
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.items import WriteOutcome
from shared.arrests.minimisation import NO_FIELDS, WithheldField
from shared.arrests.model import Arrest, Flag, Provenance
from shared.arrests.nonconviction import nonconviction, without_nonconviction
from shared.arrests.purge_table import ArrestPurgeTable
from shared.arrests.retention.model import CaseEvent, CaseEventKind
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.effect import SealEffect, rule_for, seal_rules
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.settle import AppliedSeals, SealDeps
from shared.arrests.seals.unsealings_table import UnsealingsTable
from tests.builders import NOW, PSEUDONYMS, an_arrest
from tests.conftest import Tables

DROP = Provenance(drop_id="d", dropped_at=NOW)

# As the law's page has it, written without looking at `statutes.toml`.
BY_THE_PAGE = {
    "CPL 160.50": "erase", "C.P.L. § 160.50(1)(c)": "erase", "160.50 (3)(i)": "erase", "cpl 160.55": "erase",
    "CPL 160.57": "mark_restrict", "Clean Slate": "mark_restrict", "CPL 720.35": "mark_restrict",
    "CPL 160.58": "not_ours", "CPL 160.59": "not_ours",
    "CPL 725.15": "erase", "FCA 354.1": "erase", "FCA 375.1": "erase", "FCA 375.2": "erase",
    "CA PC 851.93": "notation", "CCP 55A, mistaken identity": "identity_only",
    "18 Pa.C.S. § 9122.1": "mark_restrict", "CCP 55A": "erase",
    "Gov. Code 411.075": "mark_restrict", "F.S. 943.0585": "erase", "F.S. 943.059": "mark_restrict",
    "F.S. 943.0595": "not_ours",
}  # fmt: skip


@pytest.mark.parametrize(("statute", "effect"), BY_THE_PAGE.items())
def test_p4_the_effect_follows_the_statute_however_it_is_written(statute: str, effect: str) -> None:
    rule = rule_for(statute)
    assert rule
    assert rule.effect == effect


def test_p4_a_statute_that_nobody_gave_an_effect_has_none() -> None:
    for statute in ("CPL 160.51", "CPL 160.5", "160", "", "§", "FCA 381.3"):
        assert rule_for(statute) is None


def test_p4_every_rule_has_its_source_and_no_two_statutes_have_one_name() -> None:
    names = [name for rule in seal_rules() for name in rule.names]
    assert len(names) == len(set(names))
    assert {rule.state for rule in seal_rules()} == {"NY", "CA", "PA", "TX", "FL"}
    assert all(rule.source for rule in seal_rules())


def sealed(tables: Tables, statute: str, **facts: Any) -> AppliedSeals:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    deps = SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )
    order = Seal(**{"agency": "roster", "number": arrest.number, "statute": statute} | facts)
    return apply_seals([order], "roster", deps, DROP, NOW)


def test_cpl_160_50_erases_what_is_stored_and_no_drop_brings_it_back(tables: Tables) -> None:
    assert sealed(tables, "CPL 160.50(1)(c)").erased == {an_arrest().arrest_id}
    assert tables.arrests.find(an_arrest().arrest_id) is None
    assert "Example" not in repr(tables.everything_in("Arrests"))
    later = Provenance(drop_id="e", dropped_at=NOW + timedelta(days=1))
    assert set(tables.arrests.store([an_arrest()], later, NOW).values()) == {WriteOutcome.SEALED}


@pytest.mark.parametrize("facts", [{}, {"number": "", "person": an_arrest().person, "arrested_on": date(2026, 11, 19)}])
def test_cpl_160_57_marks_and_keeps(tables: Tables, facts: dict[str, Any]) -> None:
    assert not sealed(tables, "CPL 160.57", **facts).erased
    arrest = tables.arrests.find(an_arrest().arrest_id)
    assert arrest
    assert arrest.flags[0] is Flag.SEALED_AND_OPEN, "conspicuously, at the beginning"
    assert arrest.model_copy(update={"flags": ()}) == an_arrest(), "nothing is destroyed"
    assert Flag.SEALED_AND_OPEN in tables.arrests.versions([arrest.arrest_id])[0].arrest.flags


def test_cpl_160_57_the_mark_outlasts_every_later_version(tables: Tables) -> None:
    sealed(tables, "CPL 160.57")
    for day, statute in ((1, "PL 125.25"), (2, "PL 125.25"), (3, "PL 120.00")):
        later = Provenance(drop_id=f"e{day}", dropped_at=NOW + timedelta(days=day))
        tables.arrests.store([an_arrest(statutes=[statute])], later, NOW)
        arrest = tables.arrests.find(an_arrest().arrest_id)
        assert arrest
        assert arrest.charges[0].statute == statute
        assert arrest.flags[0] is Flag.SEALED_AND_OPEN


def test_cpl_720_35_a_youthful_offenders_record_is_marked_and_kept(tables: Tables) -> None:
    assert not sealed(tables, "CPL 720.35").erased
    arrest = tables.arrests.find(an_arrest().arrest_id)
    assert arrest
    assert arrest.flags[0] is Flag.SEALED_AND_OPEN


def convicted() -> Arrest:
    disposition = Disposition(outcome=ChargeOutcome.CONVICTED, sentence="30 days")
    return an_arrest(charges=(Charge(statute="PL 120.05", disposition=disposition),))


@pytest.mark.parametrize(("statute", "is_conviction"), [("CPL 160.57", True), ("CPL 720.35", False)])
def test_cpl_720_35_a_youthful_offender_is_never_convicted_and_clean_slate_leaves_a_prior_conviction(
    tables: Tables, statute: str, *, is_conviction: bool
) -> None:
    """As the law's page has it. The outcome came in the record itself, and was told as a change before the seal."""
    sealed(tables, statute)
    tables.arrests.store([convicted()], Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1)), NOW)
    arrest = tables.arrests.find(an_arrest().arrest_id)
    assert arrest
    assert arrest.content == convicted().content, "what reading adds is no new version"
    shown = show_arrest(arrest, NO_FIELDS, (), NOW.date())
    assert shown
    history = tables.arrests.history(arrest.arrest_id)
    for text in (shown.model_dump_json(), str(history)):
        assert ("convicted" in text) is is_conviction
    label = None if is_conviction else Flag.NONCONVICTION
    assert nonconviction(arrest, NOW.date()) is label
    assert (without_nonconviction(arrest, NOW.date()) is None) is not is_conviction
    assert show_arrest(shown, NO_FIELDS, (), NOW.date().replace(year=2040)) == shown, "once, however often it is shown"


@pytest.mark.parametrize(("flags", "says_convicted"), [((), True), ((Flag.NO_CONVICTION,), False)])
def test_cpl_720_35_a_juveniles_record_that_a_court_opens_says_no_conviction_either(
    flags: tuple[Flag, ...], *, says_convicted: bool
) -> None:
    opened = show_opened(convicted().model_copy(update={"flags": flags}))
    assert ("convicted" in opened.model_dump_json()) is says_convicted
    assert "30 days" in opened.model_dump_json()


def test_cpl_720_35_a_conviction_that_another_record_tells_is_none_either(tables: Tables) -> None:
    sealed(tables, "CPL 720.35")
    event = CaseEvent(kind=CaseEventKind.PROSECUTED, day=NOW.date())
    ArrestPurgeTable(tables.client, "Arrests").note_events(an_arrest().arrest_id, "e" * 32, [event])
    arrest = tables.arrests.find(an_arrest().arrest_id)
    assert arrest
    assert arrest.flags == (Flag.SEALED_AND_OPEN, Flag.NO_CONVICTION)


def test_cpl_720_35_an_agreement_that_withholds_charges_withholds_how_they_ended(tables: Tables) -> None:
    sealed(tables, "CPL 720.35")
    arrest = tables.arrests.find(an_arrest().arrest_id)
    shown = show_arrest(arrest, frozenset({WithheldField.CHARGES}), (), NOW.date())
    assert shown
    assert shown.flags == (Flag.SEALED_AND_OPEN,)


def test_cpl_720_35_whether_a_sealed_conviction_is_one_is_said_only_where_a_source_says_so() -> None:
    said = {rule.statute: rule.is_conviction for rule in seal_rules() if rule.is_conviction is not None}
    assert said == {"CPL 160.57": True, "CPL 720.35": False}


@pytest.mark.parametrize("statute", ["CPL 160.58", "CPL 160.59"])
def test_cpl_160_58_and_160_59_bind_the_repository_and_the_courts_and_leave_our_record(
    tables: Tables, statute: str
) -> None:
    assert not sealed(tables, statute).erased
    assert tables.arrests.find(an_arrest().arrest_id) == an_arrest()


def test_ca_pc_851_93_is_a_notation_in_the_states_file_and_leaves_our_record(tables: Tables) -> None:
    assert not sealed(tables, "CA PC 851.93").erased
    assert tables.arrests.find(an_arrest().arrest_id) == an_arrest()


def test_tx_ccp_55a_mistaken_identity_leaves_nothing_of_the_person(tables: Tables) -> None:
    """What the order would leave names nobody; the agency's next row would bring the person back."""
    assert sealed(tables, "CCP 55A, mistaken identity").erased
    assert "Example" not in repr(tables.everything_in("Arrests"))


def test_p4_only_seals_that_erase_reach_the_copies_of_drops(tables: Tables) -> None:
    deps = SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )
    for statute, effect in (BY_THE_PAGE | {"": "lock"}).items():
        applied = apply_seals([Seal(agency="roster", number=statute, statute=statute)], "roster", deps, DROP, NOW)
        assert bool(applied.copy_keys) is (effect in (SealEffect.ERASE, SealEffect.IDENTITY_ONLY)), statute


def test_p4_no_statute_locks_that_is_for_the_seal_that_names_none() -> None:
    assert SealEffect.LOCK not in {rule.effect for rule in seal_rules()}
