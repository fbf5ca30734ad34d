"""Who is told in full: an agreed domain and an enrolled, certified user, unless the office's file says otherwise."""

from datetime import timedelta

import pytest

from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Scope, may_receive_details
from tests.alerts.delivery.conftest import Post
from tests.builders import NOW, a_user, an_office

BO, PLAIN = "bo.reader@da.example.gov", "x@plain.example.gov"
MACHINE = Machine(client_id="c", scopes=frozenset({Scope.LISTS}), purpose=Purpose.PROSECUTION)
PERSONAL = ("EXAMPLE", "Feb 3, 1990", "01234567A", "2026-KN-000123")
READERS = {
    "a certified user": (a_user(BO), True),
    "certified 364 days ago": (a_user(BO, recertified_at=NOW - timedelta(days=364)), True),
    "to be recertified": (a_user(BO, recertified_at=NOW - timedelta(days=365)), False),
    "a user of another office": (a_user(BO, "queens"), False),
    "nobody's user": (None, False),
}


def mails_to(post: Post, *addresses: str) -> list[str]:
    post.watch(*({"email": address} for address in addresses))
    post.happens()
    post.work()
    texts = {address: message.text + message.html for address, message, _ in post.mails}
    return [texts[address] for address in addresses]


@pytest.mark.parametrize("reader", READERS)
def test_tc5_full_detail_goes_to_a_certified_user_of_an_agreed_domain_alone(post: Post, reader: str) -> None:
    user, in_full = READERS[reader]
    if user:
        post.tables.users.add(user)
    [text] = mails_to(post, BO)
    assert [word in text for word in PERSONAL] == [in_full] * len(PERSONAL)
    assert in_full or "Sign in to see who, what and why." in text


def test_tc5_who_was_removed_and_a_machine_are_no_certified_users() -> None:
    for user in (a_user(BO, deprovisioned_at=NOW), a_user(BO, machine=MACHINE), None):
        assert not may_receive_details(an_office(), BO, user, NOW)
    assert may_receive_details(an_office(), BO, a_user(BO), NOW)


def test_tc5_certified_in_a_domain_that_is_not_agreed_is_not_enough(post: Post) -> None:
    post.tables.users.add(a_user(PLAIN))
    [text] = mails_to(post, PLAIN)
    assert not [word for word in PERSONAL if word in text]


def test_tc5_the_office_widens_it_in_words_in_its_file_and_never_beyond_its_agreed_domains(post: Post) -> None:
    wider = an_office().model_dump(mode="json") | {"details_go_to": "anybody at an agreed domain"}
    post.tables.offices.enrol(type(an_office()).model_validate(wider))
    to_bo, plain = mails_to(post, BO, PLAIN)
    assert all(word in to_bo for word in PERSONAL)
    assert not [word for word in PERSONAL if word in plain]


def test_tc5_a_certification_that_lapses_while_the_mail_waits_counts_when_it_is_sent(post: Post) -> None:
    post.tables.users.add(a_user(BO, recertified_at=NOW - timedelta(days=364, hours=23)))
    post.watch({"email": BO})
    post.happens()
    post.now += timedelta(hours=2)
    post.work()
    [(_, message, _)] = post.mails
    assert not [word for word in PERSONAL if word in message.text + message.html]
