"""The number that people read out on the telephone."""

from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.number import alert_number, has_valid_check, parse_number
from tests.builders import PSEUDONYMS

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
    for text in ("", "12345", "12345-6789U", "12345--6789", "0" * 32, "ابتثج-ابتثج", "12345-6789\n"):
        assert parse_number(text) is None
