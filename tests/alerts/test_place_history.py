"""P9: the history of a place is dated facts with their source; it cannot say more than that."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.place_history import Period, PlaceHistory, at_place, decide_history, exact_address
from shared.alerts.view import ShownArrest, show_arrest
from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.minimisation import NO_FIELDS, WithheldField
from shared.arrests.model import EventKind
from shared.arrests.places import Place
from shared.errors import Rejected
from tests.builders import an_arrest

PERIOD = Period(date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 20)
HERE = exact_address("100 Example Street", "Exampleton", "NY")

# --- what the answer can express


def parts_of(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of the schema and of what it refers to, by name."""
    for model in (schema, *schema.get("$defs", {}).values()):
        yield from model.get("properties", {}).items()


FORBIDDEN_WORDS = (
    "score rank risk level grade count total number_of points weight severity rating priority threat danger"
    " colour color heat frequency class resident tenant owner occupant household likelihood probability trend"
).split()


def test_p9_no_score_rank_count_or_colour_can_be_expressed_in_the_answer() -> None:
    schema = PlaceHistory.model_json_schema(mode="serialization")
    properties = list(parts_of(schema))
    assert {"facts", "arrested_on", "agency"} <= {name for name, _ in properties}, "all of it was walked"
    for name, property_schema in properties:
        assert not [word for word in FORBIDDEN_WORDS if word in name.casefold()], name
        text = str(property_schema)
        assert "'integer'" not in text, f"{name} could hold a number"
        assert "'number'" not in text, f"{name} could hold a number"
    assert [name for name, part in properties if part.get("type") == "boolean"] == ["complete"]
    every_model = [schema, *(model for model in schema["$defs"].values() if "properties" in model)]
    assert all(model.get("additionalProperties") is False for model in every_model), "nothing may be added beside it"


def test_p9_a_fact_names_no_person_and_no_resident() -> None:
    schema = PlaceHistory.model_json_schema(mode="serialization")
    fact = schema["$defs"]["PlaceFact"]["properties"]
    assert fact.keys() == {
        "arrest_id", "arrested_on", "event", "agency", "number", "address", "charges", "notes", "disputed",
    }  # fmt: skip
    history = decide_history(
        HERE, PERIOD, [shown(an_arrest(surname="Quillfeather"))], complete=True, with_together=False
    )
    assert "Quillfeather" not in history.model_dump_json()


@given(classes=st.lists(st.sampled_from([None, *ChargeClass]), min_size=2, max_size=8), data=st.data())
def test_p9_only_the_day_orders_the_facts(classes: list[ChargeClass | None], data: st.DataObject) -> None:
    arrests = [
        shown(an_arrest(f"K-{number}", charges=(Charge(statute="PL 120.05", charge_class=of_class),), arrested_on=day))
        for number, of_class in enumerate(classes)
        for day in [data.draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))]
    ]
    history = decide_history(HERE, PERIOD, data.draw(st.permutations(arrests)), complete=True, with_together=False)
    assert [fact.arrested_on for fact in history.facts] == sorted(
        (a.arrested_on or date.min for a in arrests), reverse=True
    )
    text = history.model_dump_json()
    assert "felony" not in text
    assert "misdemeanor" not in text


# --- which arrests are facts of the place


def shown(arrest: Any, *withheld: WithheldField) -> ShownArrest:
    result = show_arrest(arrest, frozenset(withheld) or NO_FIELDS, (), TODAY)
    assert result
    return result


def lines_found(asked: str, *reported: str, city: str = "Exampleton") -> list[str]:
    arrests = [
        shown(an_arrest(f"K-{number}", place=Place(address=line, city=city))) for number, line in enumerate(reported)
    ]
    address = exact_address(asked, "Exampleton", "NY")
    here = at_place(arrests, address, PERIOD)
    history = decide_history(address, PERIOD, here, complete=True, with_together=False)
    return sorted(fact.address.removesuffix(f", {city}") for fact in history.facts)


@pytest.mark.parametrize(
    ("asked", "found", "others"),
    [
        ("14 Elm St Apt 2B", ["14 ELM STREET #2B"], ["14 Elm St Apt 2C", "14 Elm St", "14 Elm Ave Apt 2B"]),
        ("14 Elm St", ["14 Elm Street"], ["14 Elm St Apt 2B", "16 Elm St", "14 W Elm St"]),
        ("Elm St & Oak Ave", ["OAK AVE / ELM ST"], ["14 Elm St", "Elm St & Pine Ave"]),
        ("400 block of Elm St", ["400 BLK ELM ST"], ["410 Elm St", "400 Elm St"]),
    ],
)
def test_p9_the_place_is_exact_flats_corners_and_blocks_differ(asked: str, found: list[str], others: list[str]) -> None:
    assert lines_found(asked, *found, *others) == sorted(found)


def test_p9_the_same_line_in_another_city_is_another_place() -> None:
    assert lines_found("14 Elm St", "14 Elm St", city="Otherton") == []


@pytest.mark.parametrize("line", ["Elm Street", "the park", "PO Box 7", "HOMELESS", "   ", "Walmart"])
def test_p9_what_is_no_exact_place_is_refused_with_what_to_write(line: str) -> None:
    with pytest.raises(Rejected, match="exact") as refused:
        exact_address(line, "Exampleton", "NY")
    assert "house number" in refused.value.fix


def facts_of(*arrests: ShownArrest, with_together: bool = False) -> PlaceHistory:
    return decide_history(HERE, PERIOD, at_place(arrests, HERE, PERIOD), complete=True, with_together=with_together)


@pytest.mark.parametrize(
    "left_out",
    [
        shown(an_arrest(juvenile=True)),
        shown(an_arrest(), WithheldField.PLACE),
        shown(an_arrest(kind=EventKind.WARRANT)),
        shown(an_arrest(arrested_on=None)),
        shown(an_arrest(arrested_on=date(2025, 12, 31))),
        shown(an_arrest(arrested_on=date(2027, 1, 1))),
    ],
)
def test_p9_minors_withheld_places_other_events_and_other_days_are_no_facts(left_out: ShownArrest) -> None:
    assert facts_of(left_out).facts == ()


def test_p9_a_fact_has_no_charge_that_the_agreement_withholds() -> None:
    (fact,) = facts_of(shown(an_arrest(), WithheldField.CHARGES)).facts
    assert fact.charges == ()


def test_p9_arrested_together_means_one_incident_of_one_agency() -> None:
    arrests = [
        shown(an_arrest("K-1", surname="Quillfeather", incident="I-7")),
        shown(an_arrest("K-2", surname="Otterby", incident="I-7")),
        shown(an_arrest("K-3", surname="Alone", incident="I-8")),
        shown(an_arrest("K-4", surname="Unsaid")),
        shown(an_arrest("K-5", surname="Elsewhere", incident="I-7", agency="nypd")),
    ]
    assert facts_of(*arrests).together == ()
    (together,) = facts_of(*arrests, with_together=True).together
    names = " ".join(together.names)
    assert ("Quillfeather" in names, "Otterby" in names, "Elsewhere" in names) == (True, True, False)
    assert {*together.arrest_ids} == {arrests[0].arrest_id, arrests[1].arrest_id}


def test_p9_a_withheld_name_is_in_no_co_arrest() -> None:
    arrests = [shown(an_arrest(f"K-{number}", incident="I-7"), WithheldField.NAMES) for number in range(2)]
    (together,) = facts_of(*arrests, with_together=True).together
    assert together.names == ()
