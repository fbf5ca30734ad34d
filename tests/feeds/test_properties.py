"""What holds for every drop, not only for those that somebody thought of."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.model import Arrest, Flag
from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.normalise.read_drop import ParsedDrop
from tests.feeds.cases import HERE, expected_file, golden_cases, profile_of, read_file, shipped
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, numbers, read

cell = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
lines = st.lists(st.one_of(
    st.integers(0, 20).map(a_row),
    st.lists(cell, max_size=10).map(",".join),
    st.sampled_from(["", '"', '"a', 'b"', ",,,,,,,", HEADER, "\0", "x" * 300, '"a\nb"', "\ufeff"]),
), max_size=25)  # fmt: skip


def accounts_for_every_row(outcome: ParsedDrop) -> bool:
    return outcome.rows == (
        sum(parsed.rows for parsed in outcome.arrests)
        + len(outcome.rejects)
        + len(outcome.commands)
        + sum(outcome.skipped.values())
    ) and len({parsed.arrest.arrest_id for parsed in outcome.arrests}) == len(outcome.arrests)


@given(lines, st.sampled_from(["row per arrest", "row per charge"]), st.sampled_from(["\n", "\r\n"]))
def test_every_row_is_accounted_for_once(rows: list[str], charges: str, end: str) -> None:
    outcome = read(a_drop(*rows, end=end), a_profile(charges=charges))
    assert accounts_for_every_row(outcome)
    physical = end.join([*rows, ""]).count("\n")
    assert outcome.rows <= physical


quoted = st.builds(
    lambda number, said: a_row(number, Charge=f'"{said}"'),
    st.integers(0, 20),
    st.sampled_from(["Assault, 3", 'the ""third"" time', "", ",", "plain", "two\nlines", 'a lone " quote']),
)


@given(st.lists(st.one_of(st.integers(0, 20).map(a_row), quoted), max_size=15))
def test_rows_that_are_read_together_say_what_each_says_alone(rows: list[str]) -> None:
    together = read(a_drop(*rows))
    alone = read(a_drop("", *rows))  # after a blank line each is looked at by itself
    assert together.arrests == alone.arrests
    assert [reject._replace(line=reject.line + 1) for reject in together.rejects] == alone.rejects


@given(st.binary(max_size=400), st.integers(0, 10))
def test_rubbish_between_rows_never_costs_a_row_before_it(rubbish: bytes, rows: int) -> None:
    good = a_drop(*(a_row(n) for n in range(rows)))
    outcome = read(good + rubbish)
    assert numbers(outcome)[:rows] == [f"T-{n}" for n in range(rows)]
    assert accounts_for_every_row(outcome)


@given(st.randoms(use_true_random=False), st.sampled_from(["harris", "nypd"]))
def test_shuffled_rows_are_the_same_arrests(shuffler: random.Random, agency: str) -> None:
    whole = (HERE / "demo" / f"{agency}.csv").read_bytes().splitlines(keepends=True)
    rows = whole[1:]
    shuffler.shuffle(rows)
    one, other = (read(b"".join([whole[0], *some]), shipped(agency)) for some in (whole[1:], rows))
    contents = [{(parsed.arrest.arrest_id, parsed.arrest.content) for parsed in each.arrests} for each in (one, other)]
    assert contents[0] == contents[1]


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_file_cut_at_any_byte_raises_nothing_and_invents_nothing(step: int) -> None:
    for agency in ("nypd", "harris", "roster"):
        whole = b"".join((HERE / "demo" / f"{agency}.csv").read_bytes().splitlines(keepends=True)[:6])
        profile = shipped(agency)
        known = {parsed.arrest.arrest_id for parsed in read(whole, profile).arrests}
        for size in range(0, len(whole), step):
            try:
                outcome = read(whole[:size], profile)
            except Rejected:
                continue  # the header itself is cut
            assert {parsed.arrest.arrest_id for parsed in outcome.arrests} <= known, (agency, size)
            assert accounts_for_every_row(outcome)


CUT_BY_TEXTS = {"delimited", "ods", "xls", "xlsx"}  # the one above, and a cut workbook is none
READ = [(case, json.loads(expected_file(case).read_text())) for case in golden_cases()]


@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("form", sorted(set(FORMATS) - CUT_BY_TEXTS))
def test_files_cut_at_any_byte_raise_nothing_and_invent_nothing(form: str, step: int) -> None:
    """A last row without its line end may be kept, if it says so."""
    cases = [(case, said) for case, said in READ if case.parent.name == form and "refused" not in said]
    assert cases, f"put a drop of {form} into tests/feeds/golden/{form}"
    for case, said in cases:
        profile = profile_of(case, said)
        whole = case.read_bytes()
        known = {parsed.arrest.arrest_id: parsed.arrest for parsed in read_file(case, profile).arrests}
        for size in range(0, len(whole), step):
            try:
                outcome = read(whole[:size], profile)
            except Rejected:
                continue
            sure = [parsed.arrest for parsed in outcome.arrests if Flag.UNFINISHED_ROW not in parsed.arrest.flags]
            assert all(is_part_of(arrest, known.get(arrest.arrest_id)) for arrest in sure), (case, size)


def is_part_of(arrest: Arrest, whole: Arrest | None) -> bool:
    """Of an arrest that stands in several rows a cut file may hold the first charges only."""
    return (
        whole is not None
        and arrest.charges == whole.charges[: len(arrest.charges)]
        and arrest.model_copy(update={"charges": whole.charges}) == whole
    )


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_every_golden_drop_accounts_for_its_records_and_says_the_same_twice(case: Path) -> None:
    profile = profile_of(case, json.loads(expected_file(case).read_text()))
    try:
        outcome, again = read_file(case, profile), read_file(case, profile)
    except Rejected:
        return
    assert accounts_for_every_row(outcome)
    assert (outcome.arrests, outcome.rejects, outcome.skipped) == (
        again.arrests,
        again.rejects,
        again.skipped,
    )
