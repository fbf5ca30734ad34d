"""A record that became somebody else's, became a minor's, or lost the charge: whoever was told hears it, and nobody is
shown the stranger."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.item import delivery_in
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.model import WithdrawalCause
from shared.arrests.model import Arrest, NotifyMode, Provenance
from shared.arrests.person import PersonName
from shared.channels.channel import PermanentFailureError
from shared.words import words
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import CHARGE_WATCH, NAME_WATCH, a_user, an_arrest, an_office

BO, CY = "bo@da.example.gov", "cy@da.example.gov"
PAT = an_arrest(sid=None)
SAM = an_arrest(sid="99999999Z", surname="Otter", given="Sam", born=date(1985, 6, 7), statutes=["PL 155.25"])
SAM_WATCH: dict[str, Any] = {"watch": "person", "surname": "Otter", "given": "Sam", "date_of_birth": "1985-06-07"}
STRANGER = ("Otter", "OTTER", "Jun 7, 1985", "1985-06-07", "99999999Z", "155.25")


def said(post: Post) -> str:
    return "\n".join(
        f"{message.subject}\n{message.text}\n{message.html}\n{message.short}" for _, message, _ in post.mails
    )


def minor(arrest: Arrest) -> Arrest:
    person = arrest.person.model_copy(update={"date_of_birth": date(2010, 2, 3)})
    return arrest.model_copy(update={"person": person, "juvenile": True})


@pytest.mark.parametrize("urgency", ["normal", "urgent", "digest"])
def test_ta1_a_mail_that_waits_does_not_go_out_about_another_person(post: Post, urgency: str) -> None:
    post.watch(criterion=NAME_WATCH, urgency=urgency)
    post.happens(PAT)
    post.happens(SAM, before=PAT)
    post.work()
    post.passes(hours=48)
    assert post.mails == []
    [alert] = post.alerts()
    assert alert.withdrawn_because is WithdrawalCause.CORRECTED
    assert set(post.states()) == {DeliveryState.SUPPRESSED}


def test_ta1_a_mail_is_decided_on_the_version_that_it_would_show_even_before_the_matcher_came_to_it(
    post: Post,
) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.tables.arrests.store([SAM], Provenance(drop_id="d-2", dropped_at=post.now + timedelta(seconds=1)), post.now)
    assert post.work() == [DeliveryOutcome.SUPPRESSED]
    assert post.mails == []


def test_ta1_whoever_was_told_of_pat_is_told_that_it_is_not_about_pat_and_never_who_it_is(post: Post) -> None:
    post.watch({"email": ADA}, {"email": BO}, criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(SAM, before=PAT)
    post.work()
    subjects = [(address, subject) for address, subject in post.sent_subjects() if "WITHDRAWN" in subject]
    assert sorted(address for address, _ in subjects) == [ADA, BO]
    assert "does not match anything that you watch any more" in said(post)
    for secret in STRANGER:
        assert secret not in said(post), secret


def test_ta1_whoever_watches_the_new_person_is_told_of_him_for_his_own_reason(post: Post) -> None:
    post.tables.users.add(a_user(BO))
    post.watch({"email": ADA}, criterion=NAME_WATCH)
    post.watch({"email": BO}, criterion=SAM_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(SAM, before=PAT)
    post.work()
    to_bo = [message for address, message, _ in post.mails if address == BO]
    assert len(to_bo) == 1
    assert "Sam OTTER" in to_bo[0].text
    assert "Pat" not in to_bo[0].text


def test_ta1_whoever_watches_both_keeps_only_the_reason_that_holds(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.watch(criterion=SAM_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(SAM, before=PAT)
    post.work()
    _, message, _ = post.mails[-1]
    assert "WHY YOU GET THIS\n" in message.text
    assert "Does not hold any more: Name and date of birth match (EXAMPLE, PAT" in message.text


def test_ta1_a_record_that_becomes_pat_again_is_told_again_without_the_stranger_between(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(SAM, before=PAT)
    post.work()
    again = an_arrest(sid=None, statutes=["PL 120.05", "PL 120.10"])
    post.happens(again, before=SAM)
    post.work()
    assert len(post.mails) == 3
    assert "Pat EXAMPLE" in post.mails[-1][1].text
    for secret in STRANGER:
        assert secret not in said(post), secret


def test_ta1_all_of_it_in_one_batch_tells_of_no_stranger(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens_in_one_batch(PAT, SAM, an_arrest(sid=None, statutes=["PL 120.10"]))
    post.work()
    assert len(post.mails) == 1
    for secret in STRANGER:
        assert secret not in said(post), secret


def test_ta1_a_stand_in_is_told_too_that_the_alert_is_withdrawn(post: Post) -> None:
    post.watch(criterion=NAME_WATCH, urgency="urgent", owner=CY)
    post.happens(PAT)
    post.work()
    post.passes(minutes=20)
    assert {address for address, _ in post.sent_subjects()} == {ADA, CY}
    post.happens(SAM, before=PAT)
    post.work()
    withdrawn = [address for address, subject in post.sent_subjects() if "WITHDRAWN" in subject]
    assert sorted(withdrawn) == [ADA, CY]
    for secret in STRANGER:
        assert secret not in said(post), secret


def test_ta1_a_silent_drop_takes_back_too(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(SAM, before=PAT, mode=NotifyMode.SILENT)
    post.work()
    assert "WITHDRAWN" in post.sent_subjects()[-1][1]


def test_ta1_who_was_told_of_a_withdrawal_is_not_told_of_it_again_when_the_record_is_sealed(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(SAM, before=PAT)
    post.work()
    post.recalls(SAM)
    post.work()
    post.passes(hours=1)
    assert sum("WITHDRAWN" in subject for _, subject in post.sent_subjects()) == 1
    [alert] = post.alerts()
    assert alert.is_withdrawn_for_good


@pytest.mark.parametrize("told", [True, False])
def test_ta2_who_became_a_minor_is_mailed_to_nobody_and_taken_back_from_everybody(post: Post, *, told: bool) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    if told:
        post.work()
    child = minor(PAT)
    post.happens(child, before=PAT)
    post.work()
    post.passes(hours=1)
    assert ["WITHDRAWN" in subject for _, subject in post.sent_subjects()] == ([False, True] if told else [])
    assert "2010-02-03" not in said(post)
    assert (
        "corrected" not in post.mails[-1][1].text if told else True
    )  # it would say that something is wrong with the age


def test_ta3_a_charge_that_is_taken_away_withdraws_the_alert_and_says_which(post: Post) -> None:
    post.watch(criterion=CHARGE_WATCH)
    both = an_arrest(statutes=["PL 120.05", "PL 155.25"])
    post.happens(both)
    post.work()
    post.happens(an_arrest(statutes=["PL 155.25"]), before=both)
    post.work()
    _, message, _ = post.mails[-1]
    assert "WITHDRAWN" in message.subject
    assert "Charge removed: PL 120.05" in message.text


def test_ta3_a_charge_that_is_taken_away_is_told_to_whom_another_reason_still_concerns(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    both = an_arrest(statutes=["PL 120.05", "PL 155.25"])
    post.happens(both)
    post.work()
    post.happens(an_arrest(statutes=["PL 155.25"]), before=both)
    post.work()
    _, message, _ = post.mails[-1]
    assert message.subject.endswith("charge removed")
    assert "Charge removed: PL 120.05" in message.text


def test_ta3_a_person_corrected_away_from_the_watch_is_told_as_a_withdrawal(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    other = PAT.person.model_copy(update={"names": (PersonName(surname="Quill", given="Uma"),)})
    post.happens(PAT.model_copy(update={"person": other}), before=PAT)
    post.work()
    assert "WITHDRAWN" in post.sent_subjects()[-1][1]
    assert "Quill" not in said(post)


def test_ta3_a_cosmetic_correction_is_told_to_nobody(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    post.happens(PAT.model_copy(update={"ori": "NY0300000"}), before=PAT)
    post.work()
    post.passes(hours=1)
    assert len(post.mails) == 1


def test_ta1_whoever_may_have_an_alert_that_nobody_can_ask_about_is_told_of_its_withdrawal(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    [key] = post.queue
    post.tables.alerts.deliveries.claim(key, post.now, post.deps.lease)  # a sender died after the provider took it
    post.queue.clear()
    post.happens(SAM, before=PAT)
    post.work()
    post.passes(hours=1)
    assert ["WITHDRAWN" in subject for _, subject in post.sent_subjects()] == [True]


def test_ta1_a_withdrawal_waits_for_the_digest_that_is_going_out(post: Post) -> None:
    post.watch(criterion=NAME_WATCH, urgency="digest")
    post.happens(PAT)
    post.work()
    [digest] = [
        delivery_in(item).key
        for item in post.tables.everything_in("Alerts")
        if item["part"]["S"].startswith("delivery#") and item["state"]["S"] == DeliveryState.QUEUED
    ]
    post.now += timedelta(hours=24)
    post.tables.alerts.deliveries.claim(digest, post.now, post.deps.lease)
    post.happens(SAM, before=PAT)
    assert post.work() == []
    post.tables.alerts.deliveries.advance(digest, DeliveryState.SENT, post.now, provider_id="m-1")
    assert post.work() == [DeliveryOutcome.SENT]
    assert "WITHDRAWN" in post.sent_subjects()[-1][1]


def test_ta1_a_withdrawal_that_cannot_be_delivered_is_told_to_the_offices_contact(post: Post) -> None:
    contact = "contact@da.example.gov"
    post.tables.offices.enrol(an_office(contact=contact))
    post.watch(criterion=NAME_WATCH)
    post.happens(PAT)
    post.work()
    post.refuse = lambda address: PermanentFailureError("mailbox gone") if address == ADA else None
    post.happens(SAM, before=PAT)
    post.work()
    post.passes(hours=1)
    assert post.sent_subjects()[-1] == (contact, words("withdrawal not reached.title"))
    for secret in STRANGER:
        assert secret not in said(post), secret
