"""One spelling is written, and the other one is read."""

import pytest

from shared.arrests.charges import Charge, ChargeClass
from shared.feeds.profiles.model import Codes
from shared.matching.criteria.charge import ChargeWatch
from tests.feeds.small_drops import a_drop, a_profile, a_row, read


@pytest.mark.parametrize("spelling", ["misdemeanor", "misdemeanour"])
def test_a_stored_misdemeanour_is_a_misdemeanor(spelling: str) -> None:
    charge = Charge.model_validate_json(f'{{"text": "Assault", "charge_class": "{spelling}"}}')
    assert charge.charge_class is ChargeClass.MISDEMEANOR
    assert '"misdemeanor"' in charge.model_dump_json()
    assert ChargeWatch(watch="charge", keyword="assault", charge_class=spelling).charge_class is ChargeClass.MISDEMEANOR


@pytest.mark.parametrize("spelling", ["misdemeanor", "misdemeanour"])
def test_a_profile_may_write_either(spelling: str) -> None:
    codes = Codes.model_validate({"charge_class": {"X": spelling}})
    (parsed,) = read(a_drop(a_row(1, Class="X")), a_profile(codes=codes)).arrests
    assert parsed.arrest.charges[0].charge_class == "misdemeanor"


@pytest.mark.parametrize("word", ["Misdemeanour", "MISDEMEANOR", "m"])
def test_a_feed_may_write_either(word: str) -> None:
    (parsed,) = read(a_drop(a_row(1, Class=word))).arrests
    assert parsed.arrest.charges[0].charge_class == "misdemeanor"


def test_no_other_word_is_a_class() -> None:
    with pytest.raises(ValueError, match="petty"):
        ChargeClass("petty")
