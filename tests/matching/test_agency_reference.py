"""What an agency's own tables fill where its feed is silent: class and family of a charge, precinct and beat."""

import csv
import json

import pytest

from shared.alerts.matches.reason_words import reason_sentence
from shared.arrests.boundaries import boundaries_from
from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.diff import changes
from shared.arrests.places import Place
from shared.arrests.statutes.code_table import statutes_from
from shared.arrests.statutes.offense_families import Family
from shared.errors import Rejected
from shared.matching.agency_reference import AgencyReference
from shared.matching.rules import reason_of, selective_terms, terms_of
from tests.builders import a_subscription, an_arrest
from tests.conftest import SAMPLES
from tests.feeds.cases import read_file, shipped

TABLE = """statute,class,family
120.05(1),felony,13A
9-104,M,larceny
9-105,M,larceny
9-105,F,larceny
"""
# Two squares beside each other, the eastern one with a hole.
WEST = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]
EAST = [[[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0]], [[1.4, 0.4], [1.6, 0.4], [1.6, 0.6], [1.4, 0.6]]]


def geojson(**areas):
    features = [
        {"type": "Feature", "properties": {"precinct": name}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for name, rings in areas.items()
    ]
    return {"type": "FeatureCollection", "features": features}


AREAS = boundaries_from(geojson(west=WEST, east=EAST), "precinct")


@pytest.mark.parametrize(
    ("why", "charge", "charge_class", "family"),
    [
        ("another notation of the same code", {"statute": "PL 1200501"}, "felony", "assault"),
        ("a code of no state that we know", {"statute": "9-104"}, "misdemeanor", "larceny"),
        ("twice in the table with two classes", {"statute": "9-105"}, None, "larceny"),
        ("what the feed says stays", {"statute": "9-104", "charge_class": "violation"}, "violation", "larceny"),
        ("a class that nobody could read stays raw", {"statute": "9-104", "charge_class_raw": "Q"}, None, "larceny"),
        ("not in the table", {"statute": "9-999"}, None, None),
        ("no code at all", {"text": "THEFT"}, None, None),
    ],
)  # fmt: skip
def test_a_table_of_statutes_fills_class_and_family(why, charge, charge_class, family):
    filled = statutes_from(TABLE.splitlines(), "NY").complete(Charge(**charge))
    assert (filled.charge_class, filled.family) == (charge_class, family), why


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,class\n1,F", "statute"),
        ("statute,class\n1,Q", "`Q` is no class"),
        ("statute,family\n1,arsony", "no family"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text, says):
    with pytest.raises(Rejected, match=says):
        statutes_from(text.splitlines(), None)


@pytest.mark.parametrize(
    ("why", "point", "name"),
    [
        ("inside", (0.5, 0.5), "west"),
        ("east of it", (0.5, 1.2), "east"),
        ("in the hole", (0.5, 1.5), ""),
        ("north of the hole", (0.7, 1.5), "east"),
        ("outside", (1.5, 0.5), ""),
        ("far away", (-40.0, 170.0), ""),
    ],
)
def test_a_point_lies_in_one_area_or_in_none(why, point, name):
    assert AREAS.name_at(*point) == name, why


@pytest.mark.parametrize(
    "document",
    [[], {}, {"features": []}, geojson(**{"": WEST}), geojson(west=[[[0, 0], [0, 95], [1, 1]]]),
     {"features": [{"properties": {"precinct": "1"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}],
)  # fmt: skip
def test_what_is_no_boundary_is_refused(document):
    with pytest.raises(Rejected):
        boundaries_from(document, "precinct")


def test_an_arrest_with_coordinates_is_found_by_the_precinct_and_the_beat_that_its_feed_does_not_name():
    silent = an_arrest(place=Place(latitude=0.5, longitude=0.5))
    filled = AgencyReference(precincts=AREAS, beats=AREAS).complete(silent)
    assert (filled.place.precinct, filled.place.beat) == ("west", "west")
    for kind in ("precinct", "beat"):
        criterion = a_subscription({"watch": "place", "agency": "roster", kind: "WEST"}).criterion
        reason = reason_of(criterion, filled)
        assert reason
        assert reason_sentence(reason) == f"Place matches ({kind} west)."
        assert selective_terms(criterion) <= set(terms_of(filled))
        assert reason_of(criterion, silent) is None


def test_what_the_feed_says_is_never_overwritten():
    said = an_arrest(place=Place(precinct="101", latitude=0.5, longitude=0.5))
    assert AgencyReference(precincts=AREAS).complete(said) is said


def test_a_class_that_a_table_fills_later_is_no_added_charge():
    before = an_arrest(statutes=["9-104"])
    after = AgencyReference(statutes_from(TABLE.splitlines(), None)).complete(before)
    assert after != before
    assert changes(before, after) == ()


def test_a_family_from_the_table_is_watched_like_any_other():
    arrest = AgencyReference(statutes_from(TABLE.splitlines(), None)).complete(an_arrest(statutes=["9-104"]))
    assert arrest.charges[0].family is Family.LARCENY
    criterion = a_subscription({"watch": "charge", "family": "larceny"}).criterion
    assert reason_of(criterion, arrest)
    assert selective_terms(criterion) <= set(terms_of(arrest))


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")
def test_the_precincts_of_a_real_city_agree_with_what_its_police_wrote():
    document = json.loads((SAMPLES / "codes/nyc/nyc_police_precincts.geojson").read_text())
    areas = boundaries_from(document, "precinct")
    found = read_file(SAMPLES / "feeds/nypd/nypd_ytd_2021_queens_19col.csv", shipped("nypd")).arrests[:4_000]
    places = [one.arrest.place for one in found]
    located = [
        (place.latitude, place.longitude, place.precinct.lstrip("0"))
        for place in places
        if place.latitude and place.longitude
    ]
    agreed = sum(areas.name_at(latitude, longitude) == precinct for latitude, longitude, precinct in located)
    assert len(areas.areas) == 77
    assert agreed / len(located) > 0.98


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")
def test_a_real_table_of_codes_loads_and_knows_its_codes():
    with (SAMPLES / "codes/ny/ny_law_codes_derived_from_nypd.csv").open(newline="") as file:
        rows = [{"statute": row["LAW_CODE"], "class": row["LAW_CAT_CD"]} for row in csv.DictReader(file)]
    rows = [row for row in rows if row["class"] in ("F", "M", "V", "I")]
    lines = ["statute,class", *(f"{row['statute']},{row['class']}" for row in rows)]
    table = statutes_from(lines, "NY")
    assert len(table.meanings) > 500
    assert table.complete(Charge(statute="PL 160.10 01")).charge_class is ChargeClass.FELONY
