"""Outcomes, bail, dockets and court dates, as agencies write them."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.court import Bail, BailKind, ChargeOutcome, CourtCase
from shared.arrests.model import Arrest, Flag
from shared.errors import Rejected
from shared.feeds.normalise.bail import ParsedBail, parse_bail
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.profiles.court_codes import BAIL_KINDS
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.record import CaseText, ChargeText, EventText, RawRecord
from tests.feeds.cases import PSEUDONYMS, TODAY
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row, read

COURT_PROFILE = PROFILE.replace(
    "  charge_class: Class\n",
    "  charge_class: Class\n  outcome: Result\n  sentence: Sentence\n  docket: Docket\n  bail: Bail\n"
    "  court_date: Next\n  event: Event\n  event_date: When\n",
).replace(
    "codes: {", "codes: {event: {A: arrest, D: disposition}, outcome: {GTY: convicted}, bail: {BX: unsecured bond}, "
)
_BLANKS = parse_profile(COURT_PROFILE).blanks
COURT_HEADER = f"{HEADER},Result,Sentence,Docket,Bail,Next,Event,When"


def court_arrest(
    result: str = "",
    sentence: str = "",
    docket: str = "",
    bail: str = "",
    coming: str = "",
    event: str = "A",
    **cells: str,
) -> Arrest:
    when = "" if event == "A" else "11/03/2026"
    row = ",".join([a_row(1, **cells), result, sentence, f'"{docket}"', f'"{bail}"', coming, event, when])
    outcome = read(a_drop(row, header=COURT_HEADER), parse_profile(COURT_PROFILE))
    assert not outcome.rejects
    return outcome.arrests[0].arrest


def case_of(arrest: Arrest) -> CourtCase:
    (case,) = arrest.cases
    return case


@pytest.mark.parametrize(
    ("cell", "amount", "kind"),
    [
        ("2500", "2500", None),
        ("$2,500", "2500", None),
        ("$ 2,500.00", "2500", None),
        ("1,000.00 USD", "1000", None),
        ("USD 750.5", "750.50", None),
        ("0750.25", "750.25", None),
        ("10000.0000", "10000", None),
        ("5000 CASH", "5000", BailKind.CASH),
        ("$5,000.00/bond", "5000", BailKind.BOND),
        ("$500 (ROR)", "500", BailKind.RECOGNIZANCE),
        ("remand", "", BailKind.REMANDED),
        ("NO BAIL", "", BailKind.NO_BAIL),
        ("Released on own recognizance", "", BailKind.RECOGNIZANCE),
    ],
)
def test_bail_has_an_exact_amount_a_kind_or_both(cell: str, amount: str, kind: BailKind | None) -> None:
    assert parse_bail(cell, "", BAIL_KINDS, _BLANKS) == ParsedBail(Bail(amount=amount, kind=kind))


@pytest.mark.parametrize("cell", ["", "0", "$0.00", "N/A", "TBD", "PENDING"])
def test_a_blank_amount_says_nothing(cell: str) -> None:
    assert parse_bail(cell, "", BAIL_KINDS, _BLANKS) == ParsedBail(None)


@pytest.mark.parametrize(
    "cell",
    ["-500", "($500)", "1.000", "1.000,00", "1000,00", "12,34", "5E4", "1.23E+05", "100K", "5000 BANANAS", "9" * 13],
)
def test_an_amount_with_two_readings_is_left_out_and_said(cell: str) -> None:
    assert parse_bail(cell, "", BAIL_KINDS, _BLANKS) == ParsedBail(None, is_unread=True)
    arrest = court_arrest(bail=cell)
    assert (arrest.cases, Flag.UNREADABLE_BAIL in arrest.flags) == ((), True)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_cell_of_bail_breaks_a_record(cell: str, word: str) -> None:
    bail, _ = parse_bail(cell, word, BAIL_KINDS, _BLANKS)
    assert bail is None or re.fullmatch(r"(\d+(\.\d\d)?)?", bail.amount)


@given(st.integers(1, 10**9), st.integers(0, 99))
def test_an_amount_is_the_same_with_commas_signs_and_cents(dollars: int, cents: int) -> None:
    exact = f"{dollars}.{cents:02}" if cents else str(dollars)
    for cell in (f"{dollars}.{cents:02}", f"${dollars:,}.{cents:02}", f"{dollars}.{cents:02} USD"):
        assert parse_bail(cell, "", BAIL_KINDS, _BLANKS) == ParsedBail(Bail(amount=exact))


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Dismissed", ChargeOutcome.DISMISSED),
        ("gty", ChargeOutcome.CONVICTED),
        ("DECLINED", ChargeOutcome.DECLINED),
        ("ACD", ChargeOutcome.ADJOURNED),
        ("Pled guilty to lesser charge", ChargeOutcome.PLEADED_TO_LESSER),
    ],
)
def test_an_outcome_is_one_of_our_words(word: str, outcome: ChargeOutcome) -> None:
    disposition = court_arrest(word, event="D").charges[0].disposition
    assert disposition is not None
    assert (disposition.outcome, disposition.outcome_raw) == (outcome, "")


@pytest.mark.parametrize("word", ["GUILTY", "Not Guilty", "Q7"])
def test_an_unknown_outcome_stays_as_text_and_is_counted(word: str) -> None:
    row = ",".join([a_row(1), word, *[""] * 4, "D", "11/03/2026"])
    outcome = read(a_drop(row, header=COURT_HEADER), parse_profile(COURT_PROFILE))
    disposition = outcome.arrests[0].arrest.charges[0].disposition
    assert disposition is not None
    assert (disposition.outcome, disposition.outcome_raw) == (None, word)
    assert outcome.unknown_codes == {("outcome", word): 1}


@pytest.mark.parametrize("word", ["", "PENDING", "N/A"])
def test_an_outcome_that_says_nothing_is_none(word: str) -> None:
    assert court_arrest(word, event="D").charges[0].disposition is None


def test_a_disposition_without_a_charge_is_kept() -> None:
    (charge,) = court_arrest("DISMISSED", event="D", Statute="", Charge="").charges
    assert charge.disposition is not None
    assert (charge.code, charge.disposition.outcome) == ("", ChargeOutcome.DISMISSED)


@pytest.mark.parametrize(
    ("cell", "docket"),
    [
        ("CR-26-0001", "CR-26-0001"),
        ("cr\u200b-26-\u202e0001\ufeff", "CR-26-0001"),
        ('=""CR-26-0001""', "CR-26-0001"),
        ("  CR-26-0001\t", "CR-26-0001"),
    ],
)
def test_a_docket_has_one_form_without_invisible_letters(cell: str, docket: str) -> None:
    assert case_of(court_arrest(docket=cell)).docket == docket


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("2.0261119E+16", Flag.ROUNDED_IDENTIFIER), ("900-11-2222", Flag.SOCIAL_SECURITY_NUMBER), ("PENDING", None)],
)
def test_a_docket_that_identifies_nothing_is_left_out(cell: str, flag: Flag | None) -> None:
    arrest = court_arrest(docket=cell)
    assert arrest.cases == ()
    assert arrest.flags == ((flag,) if flag else ())


def test_a_long_sentence_is_cut_and_said() -> None:
    arrest = court_arrest("GTY", "days " * 200, event="D")
    disposition = arrest.charges[0].disposition
    assert disposition is not None
    assert len(disposition.sentence) <= 500
    assert disposition.sentence.endswith("…")
    assert Flag.CUT_SENTENCE in arrest.flags


def test_a_court_date_that_cannot_be_read_costs_only_itself() -> None:
    arrest = court_arrest(docket="CR-1", coming="soon")
    assert (case_of(arrest).docket, case_of(arrest).next_on) == ("CR-1", None)
    assert arrest.flags == (Flag.UNREADABLE_COURT_DATE,)
    assert case_of(court_arrest(coming="12/04/2026")).next_on == date(2026, 12, 4)


def test_a_disposition_before_the_arrest_is_flagged() -> None:
    assert Flag.EVENT_BEFORE_ARREST in court_arrest("DISMISSED", event="D", Date="11/04/2026").flags
    assert Flag.EVENT_BEFORE_ARREST not in court_arrest("DISMISSED", event="D", Date="11/03/2026").flags


def test_rows_of_one_arrest_bring_a_case_each() -> None:
    rows = [f"{a_row(1)},,,CR-{number},{number}00,,A," for number in (1, 2, 1)]
    profile = parse_profile(f"{COURT_PROFILE}\ncharges: row per charge\n")
    (parsed,) = read(a_drop(*rows, header=COURT_HEADER), profile).arrests
    assert [(case.docket, str(case.bail)) for case in parsed.arrest.cases] == [("CR-1", "$100"), ("CR-2", "$200")]


def test_one_outcome_beside_joined_charges_is_that_of_each() -> None:
    text = f"{COURT_PROFILE}\ncharges: joined in a cell\n"
    row = ",".join(
        [a_row(1, Statute="PL 1|PL 2", Charge="A|B", Class="F|M"), "DISMISSED", *[""] * 4, "D", "11/03/2026"]
    )
    (parsed,) = read(a_drop(row, header=COURT_HEADER), parse_profile(text)).arrests
    outcomes = [charge.disposition and charge.disposition.outcome for charge in parsed.arrest.charges]
    assert (outcomes, parsed.arrest.flags) == ([ChargeOutcome.DISMISSED] * 2, ())


def test_records_are_read_alike_by_column_and_one_by_one() -> None:
    records = [
        RawRecord(
            number,
            "",
            EventText(number=f"T-{number}", arrested="09/01/2026", event="A"),
            charges=(ChargeText(statute="PL 1", outcome=outcome, sentence="time served"),),
            case=CaseText(docket=f"CR-{number}", bail=bail, court_date=day),
        )
        for number, (outcome, bail, day) in enumerate(
            [("DISMISSED", "100", "12/04/2026"), ("Q7", "-1", "soon"), ("", "BX", ""), ("GTY", "ZZ", "99/99/9999")], 1
        )
    ]
    by_column, alone = (Normaliser(parse_profile(COURT_PROFILE), PSEUDONYMS, TODAY) for _ in range(2))
    assert [*by_column.normalise(records)] == [*map(alone.normalise_record, records)]
    assert by_column.unknown_codes == alone.unknown_codes == {("outcome", "Q7"): 1}


JSON_PROFILE = """
agency: testville
format: ndjson
time_zone: America/New_York
columns:
  number: id
  arrested: day
  statute: charges[].code
  outcome: charges[].result
  docket: case.docket
  bail: case.bail
  court_date: case.next
"""


def test_a_json_record_has_the_outcome_in_its_charge_and_the_bail_in_its_case() -> None:
    drop = (
        '{"id": "J-1", "day": "2026-11-01", "charges": [{"code": "PL 1", "result": "Dismissed"}, {"code": "PL 2"}],'
        ' "case": {"docket": "CR-1", "bail": 2500.5, "next": "2026-12-04T09:30:00"}}\n'
    )
    (parsed,) = read(drop.encode(), parse_profile(JSON_PROFILE)).arrests
    outcomes = [charge.disposition and charge.disposition.outcome for charge in parsed.arrest.charges]
    assert outcomes == [ChargeOutcome.DISMISSED, None]
    assert case_of(parsed.arrest).model_dump(exclude_defaults=True, mode="json") == {
        "docket": "CR-1",
        "bail": {"amount": "2500.50"},
        "next_on": "2026-12-04",
        "next_at": "2026-12-04T14:30:00Z",
    }


@pytest.mark.parametrize(
    ("profile", "fault"),
    [
        (JSON_PROFILE.replace("charges[].result", "result"), "beside the list of charges"),
        (
            COURT_PROFILE.replace("charge: Charge", "charge: Charge {n}") + "\ncharges: numbered columns\n",
            "like Outcome {n}",
        ),
    ],
)
def test_an_outcome_that_belongs_to_no_charge_refuses_the_profile(profile: str, fault: str) -> None:
    with pytest.raises(Rejected, match=re.escape(fault)):
        parse_profile(profile)
