"""Addresses: two spellings of one place meet, a building covers its flats, and no two places are taken for one."""

import csv
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.addresses.parse import located, parse_address, place_of

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


def covers(watched: str, reported: str) -> bool:
    first, second = parse_address(watched), parse_address(reported)
    return bool(first and second and first.covers(second))


@pytest.mark.parametrize(
    ("watched", "reported"),
    [
        ("12 Maple Street", "12 MAPLE ST."),
        ("12 North Maple Av", "12 N MAPLE AVENUE"),
        ("300 Park Avenue South", "300 PARK AVE S"),
        ("300 Sixth Avenue", "300 6 AVE"),
        ("8 Thirty-Second St", "8 32ND STREET"),
        ("12 Maple St", "12 MAPLE ST APT 3C"),
        ("12 Maple St", "12 MAPLE ST # 3 C"),
        ("12 Maple St", "12 MAPLE ST 3RD FLOOR"),
        ("12 Maple St", "12 MAPLE ST REAR"),
        ("12 Maple St", "12 MAPLE ST 1204"),
        ("12 Maple St Apt 3C", "12 MAPLE ST UNIT 3C"),
        ("12 Maple St", "12 MAPLE ST, UTICA, NY 13501"),
        ("12 Maple St", "12 MAPLE ST UTICA NY 13501-0001"),
        ("12 Maple St, St. Cloud, MN", "12 MAPLE ST, SAINT CLOUD MN 56301"),
        ("5 St. Albans Place", "5 SAINT ALBANS PL"),
        ("5 Mt. Airy Rd", "5 MOUNT AIRY ROAD"),
        ("9 Peñasco Rd", "9 PENASCO RD"),
        ("9 O'Hara Ct", "9 OHARA COURT"),
        ("31-10 9th Av", "31-10 9 AVENUE"),
        ("12½ Maple St", "12 1/2 MAPLE ST"),
        ("12 Maple", "12 MAPLE RD"),  # the suffix is missing
        ("E 42 ST & 3 AVE", "3RD AVENUE AND EAST 42ND STREET"),
        ("Maple St / Broadway", "CORNER OF BROADWAY AND MAPLE STREET"),
        ("200 Block of Maple St", "2XX MAPLE ST"),
        ("200 Block of Maple St", "BLOCK OF 200 MAPLE STREET"),
        ("50 State Route 9", "50 SR-9"),
        ("50 US Hwy 41", "50 U.S. HIGHWAY 41"),
        ("8 Martin Luther King Blvd", "8 M L KING JR BLVD"),
        ("Corner Store, 12 Maple St", "12 MAPLE ST"),
        ("P.O. Box 7", "PO BOX 7"),
    ],
)
def test_s4_two_spellings_of_one_place_meet(watched: str, reported: str) -> None:
    assert covers(watched, reported)


@pytest.mark.parametrize(
    ("watched", "reported"),
    [
        ("12 Maple St", "21 MAPLE ST"),
        ("12 Maple St", "12 1/2 MAPLE ST"),
        ("12 Maple St", "12 MAPLE CT"),
        ("12 N Maple St", "12 S MAPLE ST"),
        ("12 Maple St", "12 MABLE ST"),
        ("12 Maple Hill Rd", "12 MAPLE RD"),
        ("12 Maple St Apt 3C", "12 MAPLE ST"),  # a flat is not its building
        ("12 Maple St Apt 3C", "12 MAPLE ST APT 3D"),
        ("12 Maple St, Utica, NY", "12 MAPLE ST, TROY, NY"),
        ("300 13th Ave", "300 30TH AVE"),
        ("Maple St & Broadway", "12 MAPLE ST"),
        ("Maple St & Broadway", "MAPLE ST & 2ND AVE"),
        ("200 Block of Maple St", "200 MAPLE ST"),
        ("27 Avenue N", "27 AVENUE M"),
        ("50 State Route 9", "50 STATE ROUTE 90"),
        ("14 Court St", "14 ST"),
    ],
)
def test_s4_two_places_are_not_taken_for_one(watched: str, reported: str) -> None:
    assert not covers(watched, reported)


@pytest.mark.parametrize("text", ["", " .. ", "HOMELESS", "Transient", "no fixed address", "N/A", "Unknown"])
def test_a_text_that_names_no_place_is_no_address(text: str) -> None:
    assert parse_address(text) is None


def test_the_city_of_a_column_of_its_own_counts_where_the_line_names_none() -> None:
    watched = place_of("12 Maple St, Utica")
    assert watched.covers(located("12 MAPLE ST", "Utica", "NY") or place_of(""))
    assert not watched.covers(located("12 MAPLE ST", "Troy", "NY") or place_of(""))


@given(st.text(max_size=220))
def test_whatever_is_written_is_read_and_covers_itself(text: str) -> None:
    address = parse_address(text)
    assert address is None or address.covers(address)


@pytest.mark.parametrize("text", ["1 " * 250, "A/" * 250, "&" * 500, "1XX " * 120, "# " * 250, "12 ST," * 80])
def test_a_long_line_costs_no_more_than_its_length(text: str) -> None:
    begun = process_time()
    for length in range(100, 500):
        parse_address(text[:length])
    assert process_time() - begun < 4


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")
def test_s4_labelled_pairs_of_addresses_are_told_apart() -> None:
    with (SAMPLES / "pairs/addresses.csv").open(newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    found = [covers(row["a"], row["b"]) for row in pairs]
    true = sum(hit and row["same"] == "1" for hit, row in zip(found, pairs, strict=True))
    assert true == sum(found), "precision 1.00"
    assert true / sum(row["same"] == "1" for row in pairs) >= 0.97, "recall"
