from datetime import timedelta

import pytest

from shared.alerts.signed_links import LinkPurpose, SignedLink, read_token, signed_token
from tests.builders import NOW

KEY, ALERT = b"a key for tests only", "0f" * 16


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_says_what_for_about_what_and_until_when(purpose):
    said = signed_token(purpose, ALERT, NOW, KEY)
    assert len(said) == 50
    assert read_token(said, NOW, KEY) == SignedLink(purpose=purpose, about=ALERT, expires=NOW + purpose.lasts)


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_after_its_time_it_opens_nothing(purpose):
    said = signed_token(purpose, ALERT, NOW, KEY)
    assert read_token(said, NOW + purpose.lasts - timedelta(seconds=1), KEY)
    assert read_token(said, NOW + purpose.lasts, KEY) is None


def test_a_link_in_which_anything_is_changed_opens_nothing():
    said = signed_token(LinkPurpose.ANSWER, ALERT, NOW, KEY)
    for place in range(len(said)):
        other = "A" if said[place] != "A" else "B"
        assert read_token(said[:place] + other + said[place + 1 :], NOW, KEY) is None


@pytest.mark.parametrize("said", ["", "A", "AAAA", "é" * 50, "=" * 50, "A" * 50, "A" * 51, "../" * 16 + "AA"])
def test_what_is_none_of_ours_opens_nothing(said):
    assert read_token(said, NOW, KEY) is None


def test_another_deployments_link_opens_nothing_here():
    assert read_token(signed_token(LinkPurpose.ANSWER, ALERT, NOW, b"another key"), NOW, KEY) is None
