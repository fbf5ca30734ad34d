"""One round of escalation for an arrest, an office and a subscription, however many people were told."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.follow_up.escalate import escalate, escalations
from shared.alerts.model import Alert, stand_ins
from shared.alerts.responses.model import with_open_reasons
from shared.alerts.revisions import escalation_to
from shared.offices.recipient import Recipient
from shared.subscriptions.folders.model import Folder, Role, Tab
from tests.alerts.delivery.conftest import Post
from tests.alerts.test_model import a_match, an_alert
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, an_office

OWNER = "owner@da.example.gov"
EDITORS = [f"editor{number}@da.example.gov" for number in range(4)]
VISITORS = [f"visitor{number}@da.example.gov" for number in range(5)]


def shared_folder(post: Post, roles: dict[str, Role], number: int = 0) -> str:
    folder = Folder(folder_id=f"{number:032x}", tab=Tab.TEAM, name=f"Gangs {number}", roles=roles)
    folders = post.tables.subscriptions.folders
    folders.save(folders.tree("kings").with_folder(folder))
    return folder.folder_id


def watch_folder(post: Post, folder: str, **facts: Any) -> None:
    """Nobody is named beside the folder."""
    post.tables.watch_list.add(a_subscription(recipients=[], urgency="urgent", folders=(folder,), **facts))


def clocks(post: Post) -> int:
    items = post.tables.everything_in("Alerts")
    return sum(item.get("open", {}).get("S") == "unacknowledged" for item in items)


def watch_in_folder(post: Post, *, visitors_only: bool = False) -> None:
    roles = dict.fromkeys(VISITORS, Role.VISITOR)
    if not visitors_only:
        roles |= {OWNER: Role.OWNER} | dict.fromkeys(EDITORS, Role.EDITOR)
    watch_folder(post, shared_folder(post, roles), owner=OWNER)


def of_recipient(post: Post, email: str) -> Alert:
    [alert] = [alert for alert in post.alerts() if alert.recipient.email == email and not alert.on_behalf_of]
    return alert


def mails_to_stand_ins(post: Post) -> list[tuple[int, str]]:
    return [(alert.on_behalf_of.step or 0, alert.recipient.email) for alert in post.alerts() if alert.on_behalf_of]


@pytest.mark.parametrize("acknowledger", [OWNER, EDITORS[2], VISITORS[0]])
def test_tf3_whoever_acknowledges_ends_the_round_for_everybody(post: Post, acknowledger: str):
    watch_in_folder(post)
    post.happens()
    post.work()
    first_mails = len(post.mails)
    post.acknowledges(of_recipient(post, acknowledger))
    post.passes(hours=2)
    assert (len(post.mails), mails_to_stand_ins(post)) == (first_mails, [])
    assert clocks(post) == 0


def test_tf3_a_stand_in_gets_one_mail_a_step_that_names_who_has_not_acknowledged(post: Post):
    watch_in_folder(post)
    post.happens()
    post.work()
    first_mails = len(post.mails)
    post.passes(hours=2)
    assert [address for address, _, _ in post.mails[first_mails:]] == [OWNER] * 3
    text = post.mails[-1][1].text
    assert all(editor in text for editor in EDITORS)
    assert not any(visitor in text for visitor in VISITORS)


def test_tf3_what_a_stand_in_acknowledges_ends_the_round(post: Post):
    watch_in_folder(post)
    post.happens()
    post.work()
    post.passes(minutes=16)
    [mail] = [alert for alert in post.alerts() if alert.on_behalf_of]
    post.acknowledges(mail)
    post.passes(hours=2)
    assert mails_to_stand_ins(post) == [(0, OWNER)]


def test_tf3_visitors_start_no_clock_unless_nobody_else_is_told(post: Post):
    watch_in_folder(post)
    post.happens()
    assert clocks(post) == 1 + len(EDITORS)


def test_tf3_where_only_visitors_are_told_one_of_them_must_acknowledge(post: Post):
    watch_in_folder(post, visitors_only=True)
    post.happens()
    post.work()
    post.passes(minutes=16)
    assert mails_to_stand_ins(post) == [(0, OWNER)]


def test_tf3_another_folders_watch_of_the_same_arrest_has_a_round_of_its_own(post: Post):
    post.watch({"email": EDITORS[0]}, owner=OWNER, urgency="urgent")
    post.watch({"email": EDITORS[1]}, owner="other@da.example.gov", urgency="urgent", criterion=NAME_WATCH)
    post.happens()
    post.work()
    post.acknowledges(of_recipient(post, EDITORS[0]))
    post.passes(minutes=16)
    assert mails_to_stand_ins(post) == [(0, "other@da.example.gov")]


def test_tf3_another_offices_acknowledgement_ends_nothing_here(post: Post):
    post.tables.offices.enrol(an_office("queens", allowed_domains=("queens.example.gov",)))
    post.watch({"email": EDITORS[0]}, owner=OWNER, urgency="urgent")
    quinn = "quinn@queens.example.gov"
    post.watch({"email": quinn}, owner=quinn, urgency="urgent", office_id="queens")
    post.happens()
    post.work()
    post.acknowledges(of_recipient(post, quinn))
    post.passes(minutes=16)
    assert mails_to_stand_ins(post) == [(0, OWNER)]


def test_tf3_a_crash_in_the_middle_of_a_step_repeats_no_mail(post: Post):
    post.prefers(EDITORS[0], deputy="deputy@da.example.gov")
    watch_in_folder(post)
    post.happens()
    post.work()

    def dies(keys: object) -> None:
        raise RuntimeError("the worker died")

    post.now += timedelta(minutes=16)
    with pytest.raises(RuntimeError):
        escalate(replace(post.escalation, enqueue=dies), post.now)
    post.now += timedelta(minutes=1)
    escalate(post.escalation, post.now)
    escalate(post.escalation, post.now)
    assert sorted(mails_to_stand_ins(post)) == [(0, "deputy@da.example.gov"), (0, OWNER)]


@pytest.mark.parametrize("seed", range(6))
def test_tf3_a_step_never_has_more_mails_than_stand_ins_whoever_acknowledges_when(post: Post, seed: int):
    """Several folders and recipients, deputies, acknowledgements in any order, with the sweeps in between."""
    random = Random(seed)
    people = [OWNER, *EDITORS, *VISITORS]
    for number, criterion in enumerate((SID_WATCH, NAME_WATCH, CHARGE_WATCH)):
        roles = {person: random.choice(list(Role)) for person in random.sample(people, random.randint(1, 6))}
        owner = random.choice(people[:3])
        watch_folder(post, shared_folder(post, roles, number), criterion=criterion, owner=owner)
    for person in random.sample(people, 3):
        post.prefers(person, deputy=random.choice([other for other in people if other != person]))
    post.happens()
    post.work()
    while post.now < NOW + timedelta(minutes=90):
        post.passes(minutes=random.choice([5, 10, 20]))
        if random.random() < 0.4:
            post.acknowledges(random.choice(post.alerts()))
    mails = Counter(mails_to_stand_ins(post))
    assert mails, "somebody was told late"
    assert set(mails.values()) == {1}


recipients = st.lists(st.sampled_from([OWNER, *EDITORS, *VISITORS]), min_size=1, max_size=8, unique=True)


@given(recipients, st.integers(0, 2), st.lists(st.booleans(), min_size=8, max_size=8), st.booleans())
def test_tf3_the_decision_gives_each_stand_in_one_mail_and_repeats_none(people, step, has_deputy, is_acknowledged):
    matches = [
        a_match(criterion, owner=owner, urgency="urgent", subscription_id=f"{number:032x}")
        for number, (criterion, owner) in enumerate([(SID_WATCH, OWNER), (NAME_WATCH, EDITORS[0])])
    ]
    alerts = [an_alert(*matches, recipient=Recipient.from_email(person)) for person in people]
    acknowledged = {matches[0].subscription.subscription_id} if is_acknowledged else set()
    waiting = [with_open_reasons(alert, acknowledged) for alert in alerts]
    deputies = {alert.alert_id: EDITORS[1] if has else None for alert, has in zip(alerts, has_deputy, strict=False)}
    mails = escalations(waiting, deputies, alerts, step, NOW)
    allowed = {email for alert in waiting for email in stand_ins(alert, step, deputies[alert.alert_id])}
    assert {mail.recipient.email for mail in mails} == allowed
    assert len(mails) == len(allowed)
    assert not acknowledged & {reason.subscription_id for mail in mails for reason in mail.because}
    assert escalations(waiting, deputies, [*alerts, *mails], step, NOW) == []


def test_tf3_the_mail_to_a_stand_in_has_the_same_id_whatever_order_the_alerts_are_read_in():
    match = a_match(urgency="urgent")
    alerts = [an_alert(match, recipient=Recipient.from_email(editor)) for editor in EDITORS]
    assert escalation_to(alerts, OWNER, 1, NOW) == escalation_to(alerts[::-1], OWNER, 1, NOW)
