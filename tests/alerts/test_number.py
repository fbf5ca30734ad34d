"""The number that people read out on the telephone."""

from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.number import alert_number, first_half, has_valid_check, parse_number, redrawn_number
from shared.alerts.table import AlertsTable
from tests.alerts.test_model import a_match, an_alert
from tests.builders import PSEUDONYMS
from tests.conftest import Tables

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
arrest_ids = st.text("0123456789abcdef", min_size=32, max_size=32)


def number_of(arrest_id: str, office_id: str = "kings") -> str:
    return alert_number(PSEUDONYMS, arrest_id, office_id)


@given(arrest_ids)
def test_tf5_a_number_is_one_for_an_arrest_and_an_office_and_another_in_every_other_office(arrest_id):
    number = number_of(arrest_id)
    assert number == number_of(arrest_id)
    assert number != number_of(arrest_id, "queens")
    assert arrest_id[:10].upper() not in number.replace("-", "")
    assert len(number) == 11
    assert set(number) <= {*ALPHABET, "-"}


@given(arrest_ids, st.data())
def test_tf5_a_number_is_read_however_it_is_written(arrest_id, data):
    number = number_of(arrest_id)
    said = number.replace("0", data.draw(st.sampled_from("0Oo"))).replace("1", data.draw(st.sampled_from("1IiLl")))
    said = data.draw(st.sampled_from([said, said.lower()])).replace("-", data.draw(st.sampled_from(["", " ", "-"])))
    assert parse_number(said) == number


@given(arrest_ids, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_tf5_one_wrong_character_is_noticed(arrest_id, place, other):
    letters = number_of(arrest_id).replace("-", "")
    assert has_valid_check(letters)
    wrong = letters[:place] + other + letters[place + 1 :]
    assert has_valid_check(wrong) is (wrong == letters)


@given(arrest_ids, st.integers(0, 9), st.integers(0, 9))
def test_tf5_two_characters_that_are_swapped_are_noticed(arrest_id, first, second):
    letters = list(number_of(arrest_id).replace("-", ""))
    swapped = list(letters)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert has_valid_check("".join(swapped)) is (swapped == letters)


def test_tf5_what_is_no_number_is_read_as_none():
    for text in ("", "1234", "123456", "12345-6789U", "12345--6789", "0" * 32, "ابتثج-ابتثج", "12345-6789\n"):
        assert parse_number(text) is None


@given(arrest_ids)
def test_kw9_the_first_half_is_read_alone_and_a_redrawn_number_is_another_one(arrest_id):
    number = number_of(arrest_id)
    assert parse_number(number[:5].lower()) == number[:5] == first_half(number)
    assert has_valid_check(number[:5])
    again = redrawn_number(number)
    assert (again == number, has_valid_check(again), len(again)) == (False, True, 11)


def test_kw9_the_first_half_names_one_arrest_of_the_office_and_one_that_is_taken_is_drawn_again(tables: Tables):
    """The number of the second arrest is made to begin like that of the first."""
    first = an_alert(a_match()).model_copy(update={"arrest_number": "X7YG4-7QK2M", "arrest_id": "1" * 32})
    second = first.model_copy(update={"alert_id": "2" * 32, "arrest_number": "X7YG4-0AB1C", "arrest_id": "2" * 32})
    tables.alerts.store(first)
    tables.alerts.store(second)
    stored = tables.alerts.find("2" * 32)
    assert stored
    assert stored.number == redrawn_number("X7YG4-0AB1C")
    assert [alert.arrest_id for alert in tables.alerts.numbered("kings", "X7YG4")] == ["1" * 32]
    for said in (stored.number, stored.short_number):
        assert [alert.alert_id for alert in tables.alerts.numbered("kings", said)] == ["2" * 32]
    assert tables.alerts.numbered("queens", "X7YG4") == []

    again = AlertsTable(tables.client, "Alerts")  # another process, and another recipient of the second arrest
    again.store(second.model_copy(update={"alert_id": "3" * 32}))
    assert {alert.alert_id for alert in again.numbered("kings", stored.short_number)} == {"2" * 32, "3" * 32}


def test_kw9_a_number_that_was_stored_whole_is_still_found(tables: Tables):
    alert = an_alert(a_match()).model_copy(update={"arrest_number": "X7YG4-7QK2M"})
    tables.alerts.store(alert.model_copy(update={"arrest_number": ""}))
    item = {"alert_id": {"S": "number#kings#X7YG4-7QK2M"}, "part": {"S": alert.arrest_id}}
    tables.client.put_item(TableName="Alerts", Item=item)
    assert [found.alert_id for found in tables.alerts.numbered("kings", "X7YG4-7QK2M")] == [alert.alert_id]
