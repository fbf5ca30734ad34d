"""Whatever comes as a sample, the answer is a profile that parses, or a refusal that says what to ask for."""

import csv
import io
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.intake.dry_run import dry_run
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.suggest.suggest_profile import suggest_profile
from shared.feeds.suggest.suggestion import Suggestion
from tests.feeds.cases import HERE, PSEUDONYMS

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = (
    "DOB",
    "Name",
    "Bkg No",
    "Charge 1",
    "Charge 2",
    "Arrest Date",
    "Arr Time",
    "Sex",
    "Class",
    "SSN",
    "Address",
    "#",
    "a{n}",
)
CELLS = (
    "",
    "M",
    "F",
    "QUILL, ANA",
    "03/14/1988",
    "13/04/1988",
    "1905",
    "PL 155.25",
    "THEFT|ASSAULT",
    "N/A",
    "26-1",
    '"',
    "=1+1",
    "é",
)
MOST_SECONDS = 5.0  # of a file of 10 MB, on an idle processor


def suggestion_of(content: bytes) -> Suggestion | None:
    """Checks what holds for every sample: a refusal says what to do, a profile parses and its dry run ends."""
    try:
        suggestion = suggest_profile(content, "sample\n- evil: yes")
    except Rejected as refusal:
        _check_refusal(refusal)
        return None
    profile = parse_profile(suggestion.profile)
    dry_run(content, "sample", profile, PSEUDONYMS, NOW, may_seal=False)
    return suggestion


def _check_refusal(refusal: Rejected) -> None:
    assert refusal.reason
    assert refusal.fix


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_rubbish_never_fails(content: bytes) -> None:
    suggestion_of(content)


@given(st.text(max_size=400), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=60, deadline=None)
def test_any_text_never_fails(text: str, encoding: str) -> None:
    suggestion_of(text.encode(encoding, "ignore"))


@given(
    st.lists(st.sampled_from(NAMES) | st.text(max_size=8), min_size=2, max_size=8),
    st.lists(st.lists(st.sampled_from(CELLS) | st.text(max_size=6), min_size=2, max_size=8), max_size=12),
    st.sampled_from(",;|\t"),
)
@settings(max_examples=80, deadline=None)
def test_any_table_gives_a_profile_that_parses(header: list[str], rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    suggestion_of(text.getvalue().encode("utf-8", "ignore"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(CELLS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, max_size=5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_json_gives_a_profile_that_parses(records: list[object], is_lines: bool) -> None:
    text = "\n".join(map(json.dumps, records)) if is_lines else json.dumps(records)
    suggestion_of(text.encode())


@pytest.mark.parametrize(
    "records",
    [
        [{"DOB": [{"Name": None}, {"Name": None, "Arrest Date": None}]}],  # a key in a list
        [{"a{n}": ["26-1"]}],  # the sign of numbered columns in a name of its own
        [{"Charge{n}": "PL 120.05", "Charge 1": "PL 1", "Charge 2": "PL 2"}],
    ],
    ids=str,
)
def test_a_json_of_strange_names_gives_a_profile_that_parses(records: list[object]) -> None:
    suggestion_of(json.dumps(records).encode())


def test_no_value_of_a_person_stands_in_a_profile_or_a_question() -> None:
    for path in (HERE / "demo" / "roster.csv", HERE / "golden" / "delimited" / "row_per_charge.psv"):
        content = path.read_bytes()
        suggestion = suggest_profile(content, path.name)
        profile = parse_profile(suggestion.profile)
        _, parsed = dry_run(content, path.name, profile, PSEUDONYMS, NOW, may_seal=False)
        written = suggestion.profile + repr(suggestion.questions)
        names = {name.surname for read in parsed.arrests for name in read.arrest.person.names if len(name.surname) > 3}
        assert names
        assert not [name for name in names if name in written]


def test_a_file_of_ten_megabytes_takes_seconds() -> None:
    head, *rows = (HERE / "demo" / "roster.csv").read_text(encoding="utf-8").splitlines()
    block = "\n".join(rows[:8])
    content = f"{head}\n{block}\n" + "\n".join(
        row.replace(row.split(",")[0], f"B-{number:08}", 1) for number in range(10_000) for row in rows[:8]
    )
    assert len(content) > 10 << 20
    started = time.process_time()
    assert suggest_profile(content.encode(), "roster.csv").rows > 80_000
    assert time.process_time() - started < MOST_SECONDS
