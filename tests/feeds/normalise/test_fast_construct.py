"""What is constructed without validation is what the model would have made of the same fields."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.model import Arrest
from shared.arrests.person import PersonName
from shared.errors import Rejected
from shared.feeds.normalise.fast_construct import unchecked_constructor
from tests.feeds.cases import HERE, expected_file, golden_cases, profile_of, read_file, shipped
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, read

MORE = {"sid": ("Sid",), "sid_issuer": ("Issuer",), "address": ("Street",), "postcode": ("Zip",), "alias": ("Alias",),
        "latitude": ("Lat",), "longitude": ("Lon",), "ori": ("Ori",), "sex": ("Sex",)}  # fmt: skip


def is_what_the_model_makes(arrest: Arrest) -> bool:
    """Looked at again from the top to the last part, without any conversion."""
    again = Arrest.model_validate(arrest.model_dump(), strict=True)
    return again == arrest and again.model_dump_json() == arrest.model_dump_json() and again.content == arrest.content


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_every_golden_arrest_is_what_the_model_makes(case: Path) -> None:
    profile = profile_of(case, json.loads(expected_file(case).read_text()))
    try:
        outcome = read_file(case, profile)
    except Rejected:
        return
    assert all(is_what_the_model_makes(parsed.arrest) for parsed in outcome.arrests)


@pytest.mark.parametrize("agency", ["nypd", "harris", "roster"])
def test_every_demo_arrest_is_what_the_model_makes(agency: str) -> None:
    outcome = read_file(HERE / "demo" / f"{agency}.csv", shipped(agency))
    assert outcome.arrests
    assert all(is_what_the_model_makes(parsed.arrest) for parsed in outcome.arrests)


cell = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters=',"\n\r\0'), max_size=30),
    st.sampled_from(
        ["x" * 21, "y" * 41, "z" * 201, "-1", "1983", "nan", "1e400", "91", "0", "02/29/2024", "900-11-2222"]
    ),
)


@given(st.lists(st.lists(cell, min_size=17, max_size=17).map(",".join), max_size=6))
def test_whatever_stands_in_a_row_becomes_what_the_model_makes_or_a_reject(rows: list[str]) -> None:
    header = f"{HEADER},Sid,Issuer,Street,Zip,Alias,Lat,Lon,Ori,Sex"
    profile = a_profile(columns={**a_profile().columns, **MORE})
    outcome = read(
        a_drop(f"{a_row(1)},A1,NY,1 Elm St,11101,Exi; Exo,40.1,-73.9,NY0303000,F", *rows, header=header), profile
    )
    assert outcome.arrests
    assert all(is_what_the_model_makes(parsed.arrest) for parsed in outcome.arrests)


@pytest.mark.parametrize("length", [40, 41, 200, 201])
def test_what_is_too_long_for_the_model_is_too_long_for_the_fast_constructor(length: int) -> None:
    fields = {"surname": "x" * length, "given": "", "middle": "", "suffix": ""}
    if length > 200:
        with pytest.raises(ValueError, match="surname"):
            unchecked_constructor(PersonName)(fields)
    else:
        assert unchecked_constructor(PersonName)(dict(fields)) == PersonName(**fields)
