from datetime import timedelta

import pytest

from shared.alerts.signed_links import LinkPurpose, SignedLink, read_token, signed_token
from shared.aws.signing_keys import SETTLES, KeyPurpose, SigningKeys
from tests.builders import A_KEY, NOW, signing_keys

KEYS, ALERT = signing_keys(KeyPurpose.LINKS), "0f" * 16


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_says_what_for_about_what_and_until_when(purpose):
    said = signed_token(purpose, ALERT, NOW, KEYS)
    assert len(said) == 50
    assert read_token(said, NOW, KEYS) == SignedLink(purpose=purpose, about=ALERT, expires=NOW + purpose.lasts)


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_after_its_time_it_opens_nothing(purpose):
    said = signed_token(purpose, ALERT, NOW, KEYS)
    assert read_token(said, NOW + purpose.lasts - timedelta(seconds=1), KEYS)
    assert read_token(said, NOW + purpose.lasts, KEYS) is None


def test_a_link_in_which_anything_is_changed_opens_nothing():
    said = signed_token(LinkPurpose.ANSWER, ALERT, NOW, KEYS)
    for place in range(len(said)):
        other = "A" if said[place] != "A" else "B"
        assert read_token(said[:place] + other + said[place + 1 :], NOW, KEYS) is None


@pytest.mark.parametrize("said", ["", "A", "AAAA", "é" * 50, "=" * 50, "A" * 50, "A" * 51, "../" * 16 + "AA"])
def test_what_is_none_of_ours_opens_nothing(said):
    assert read_token(said, NOW, KEYS) is None


def test_another_deployments_link_opens_nothing_here():
    assert (
        read_token(
            signed_token(LinkPurpose.ANSWER, ALERT, NOW, signing_keys(KeyPurpose.LINKS, b"another key")), NOW, KEYS
        )
        is None
    )


@pytest.mark.parametrize("purpose", LinkPurpose)
@pytest.mark.parametrize("made", [timedelta(minutes=-1), timedelta(0), SETTLES - timedelta(seconds=1), SETTLES])
def test_a_rotation_ends_no_link_before_its_time(purpose: LinkPurpose, made: timedelta) -> None:
    """Links that are made by whoever knows the new key, by whoever does not yet, and before there was one."""
    rotated = signing_keys(KeyPurpose.LINKS, b"the new key", A_KEY, since=NOW)
    behind = KEYS if made < SETTLES else rotated
    for maker in (rotated if made >= timedelta(0) else behind, behind):
        link = signed_token(purpose, ALERT, NOW + made, maker)
        assert read_token(link, NOW + made, behind), "who does not know the new key yet reads it"
        assert read_token(link, NOW + made + purpose.lasts - timedelta(seconds=1), rotated)
        assert read_token(link, NOW + made + purpose.lasts, rotated) is None


def test_the_key_before_the_newest_ends_with_the_last_link_that_it_can_have_signed() -> None:
    rotated = signing_keys(KeyPurpose.LINKS, b"the new key", A_KEY, since=NOW)
    forged_later = signed_token(LinkPurpose.ANSWER, ALERT, rotated.previous_ends, KEYS)
    assert read_token(forged_later, rotated.previous_ends - timedelta(seconds=1), rotated)
    assert read_token(forged_later, rotated.previous_ends, rotated) is None


def test_a_key_that_is_revoked_signs_and_opens_nothing_at_once() -> None:
    revoked = signing_keys(KeyPurpose.LINKS, b"the new key", since=NOW)
    assert read_token(signed_token(LinkPurpose.ANSWER, ALERT, NOW, KEYS), NOW, revoked) is None
    assert read_token(signed_token(LinkPurpose.ANSWER, ALERT, NOW, revoked), NOW, revoked)


@pytest.mark.parametrize("purpose", [KeyPurpose.CURSORS, KeyPurpose.WEBHOOKS, KeyPurpose.ENTRIES])
def test_the_key_of_another_purpose_opens_no_link_even_if_it_comes_from_the_same_secret(purpose: KeyPurpose) -> None:
    others = SigningKeys(purpose, A_KEY, NOW)
    assert read_token(signed_token(LinkPurpose.ANSWER, ALERT, NOW, others), NOW, KEYS) is None
