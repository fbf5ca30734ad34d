"""Whatever goes out by itself tells an office that may not have nonconviction data as much as if none were held: no
mail, text, webhook, digest, escalation, withdrawal, possible match or count (28 CFR 20.21 (b), (c)(2))."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.reviews.waiting import waiting_reviews
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import Arrest, ArrestChange, Flag
from shared.arrests.seals.effect import purposes_of_marks
from shared.offices import criminal_justice
from shared.offices.agreements import PURPOSE_OF_BASIS
from shared.offices.criminal_justice import EligibleReaders, eligible_readers
from shared.offices.ori import AgencyType
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, a_user, an_arrest, an_office
from tests.conftest import Tables

WEBHOOK = "https://cases.da.example.gov/alerts"
TEXTS = "+12125550100"
PENDING = Charge(statute="PL 155.25")
ASSAULT = Charge(statute="PL 120.05")
DISMISSED = ASSAULT.model_copy(update={"disposition": Disposition(outcome=ChargeOutcome.DISMISSED)})
CONVICTED = PENDING.model_copy(update={"disposition": Disposition(outcome=ChargeOutcome.CONVICTED)})
EVERY_CHANNEL = {"email": ADA, "sms": TEXTS, "topic": "cases", "webhook": WEBHOOK}


@pytest.fixture
def post(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Post:
    """An office of pretrial services, where counsel has taken their type from the list of who may have such data."""
    rules = eligible_readers()
    shorter = EligibleReaders(
        agency_types=rules.agency_types - {AgencyType.PRETRIAL}, purposes=rules.purposes, source="counsel"
    )
    monkeypatch.setattr(criminal_justice, "eligible_readers", lambda: shorter)
    tables.offices.enrol(an_office(ori="NY000000B"))
    tables.users.add(a_user(ADA))
    return Post(tables)


def arrest_with(*charges: Charge, number: str = "K-1001", **facts: Any) -> Arrest:
    return an_arrest(number, charges=charges, **facts)


def everything_said(post: Post) -> str:
    return "\n".join(
        f"{message.subject}\n{message.text}\n{message.html}\n{message.short}\n{message.ids}"
        for _, message, _ in post.mails
    )


def everything_stored(post: Post) -> list[str]:
    return sorted(item["part"]["S"] for item in post.tables.everything_in("Alerts"))


@pytest.mark.parametrize("urgency", ["urgent", "normal", "digest"])
def test_28_cfr_20_21_c_2_of_nonconviction_data_nothing_is_stored_and_nothing_sent(post: Post, urgency: str) -> None:
    for criterion in (SID_WATCH, NAME_WATCH, CHARGE_WATCH):
        post.watch(EVERY_CHANNEL, criterion=criterion, urgency=urgency, starts="2024-01-01")
    post.happens(arrest_with(DISMISSED))
    post.happens(arrest_with(ASSAULT, number="K-2", flags=(Flag.NOT_CONVICTED,)))
    post.happens(arrest_with(ASSAULT, number="K-3", arrested_on=date(2025, 1, 2)))
    post.passes(hours=30)
    assert post.mails == []
    assert everything_stored(post) == [], "as if nothing had come: no alert, no review, no missed match"


def test_28_cfr_20_21_b_what_an_office_may_not_have_it_gets_for_no_purpose_and_another_office_gets_all(
    post: Post,
) -> None:
    post.tables.offices.enrol(an_office("queens", allowed_domains=("queens.example.gov",), agreed_domains=()))
    other = "quinn@queens.example.gov"
    post.tables.users.add(a_user(other, "queens"))
    post.tables.watch_list.add(a_subscription(office_id="queens", owner=other, recipients=[{"email": other}]))
    post.watch()
    post.happens(arrest_with(DISMISSED))
    post.work()
    assert [address for address, *_ in post.mails] == [other]


@pytest.mark.parametrize("urgency", ["urgent", "normal", "digest"])
def test_28_cfr_20_21_b_what_became_nonconviction_data_before_it_was_sent_is_not_sent(post: Post, urgency: str) -> None:
    post.watch(EVERY_CHANNEL, urgency=urgency)
    pending, dismissed = arrest_with(ASSAULT), arrest_with(DISMISSED)
    post.happens(pending)
    post.happens(dismissed, before=pending)
    post.passes(hours=30)
    assert post.mails == []
    assert set(post.states()) == {DeliveryState.SUPPRESSED}


def test_28_cfr_20_21_b_a_year_later_without_an_outcome_it_is_sent_to_nobody_who_may_not_have_it(post: Post) -> None:
    post.watch(starts="2025-01-01")
    post.happens(arrest_with(ASSAULT, arrested_on=date(2025, 11, 21)))
    post.now += timedelta(hours=30)
    assert post.work() == [DeliveryOutcome.SUPPRESSED]
    assert post.mails == []


def test_28_cfr_20_21_b_of_a_conviction_it_hears_without_the_charge_that_was_dismissed(post: Post) -> None:
    post.watch(EVERY_CHANNEL)
    post.watch(EVERY_CHANNEL, criterion={"watch": "charge", "statute": "PL 120.05"})
    post.happens(arrest_with(DISMISSED, CONVICTED))
    post.work()
    assert len(post.mails) == 4
    assert "155.25" in everything_said(post)
    assert "120.05" not in everything_said(post)
    (alert,) = post.alerts()
    assert len(alert.because) == 1, "the watch of the dismissed charge met nothing"


def test_28_cfr_20_21_b_a_dismissal_makes_no_update_and_an_outcome_that_may_be_told_makes_one_without_it(
    post: Post,
) -> None:
    post.watch()
    pending, dismissed = arrest_with(ASSAULT, PENDING), arrest_with(DISMISSED, PENDING)
    post.happens(pending)
    post.work()
    post.mails = []
    post.happens(dismissed, before=pending)
    post.passes(hours=2)
    assert post.mails == []
    post.happens(arrest_with(DISMISSED, CONVICTED), before=dismissed)
    post.work()
    assert "155.25" in everything_said(post)
    assert "120.05" not in everything_said(post)
    (alert,) = post.alerts()
    assert alert.changes == (ArrestChange.OUTCOME_CHANGED,)
    assert [difference.field for difference in alert.differences] == ["outcome of PL 155.25"]


def test_28_cfr_20_21_b_nobody_stands_in_for_an_alert_of_what_may_not_be_had_any_more(post: Post) -> None:
    bo = "bo.deputy@da.example.gov"
    post.tables.users.add(a_user(bo))
    post.prefers(ADA, deputy=bo)
    post.watch(urgency="urgent")
    pending = arrest_with(ASSAULT)
    post.happens(pending)
    post.work()
    assert [address for address, *_ in post.mails] == [ADA]
    post.happens(arrest_with(DISMISSED), before=pending)
    post.passes(hours=2)
    assert [address for address, *_ in post.mails] == [ADA]


def test_28_cfr_20_21_b_a_withdrawal_names_no_charge_that_was_dismissed(post: Post) -> None:
    post.watch(criterion={"watch": "charge", "statute": "PL 120.05"})
    pending, dismissed = arrest_with(ASSAULT, PENDING), arrest_with(DISMISSED, CONVICTED)
    post.happens(pending)
    post.work()
    post.happens(dismissed, before=pending)
    post.mails = []
    post.happens(arrest_with(CONVICTED), before=dismissed)
    post.work()
    assert [address for address, *_ in post.mails] == [ADA], "she was told, and hears that it is withdrawn"
    assert "120.05" not in everything_said(post)


def test_28_cfr_20_21_c_2_a_possible_match_of_what_may_not_be_had_waits_for_nobody_and_is_in_no_count(
    post: Post,
) -> None:
    tables = post.tables
    post.watch(criterion=NAME_WATCH)
    nearly: dict[str, Any] = {"sid": None, "born": date(1981, 9, 28)}
    pending = arrest_with(ASSAULT, **nearly)
    post.happens(pending)
    office = an_office(ori="NY000000B")

    def counted() -> int:
        waiting = waiting_reviews(office, tables.alerts.reviews, tables.subscriptions, NOW, tables.arrests)
        return sum(each.number for each in waiting.values())

    assert counted() == 1
    post.happens(arrest_with(DISMISSED, **nearly), before=pending)
    assert counted() == 0
    post.happens(arrest_with(ASSAULT, number="K-2", **nearly))
    assert counted() == 1, "another arrest of the same person may be had"


def test_28_cfr_20_21_b_a_digest_counts_nothing_that_may_not_be_had(post: Post) -> None:
    post.watch(urgency="digest")
    pending = arrest_with(ASSAULT)
    post.happens(pending)
    post.happens(arrest_with(ASSAULT, number="K-2"))
    post.happens(arrest_with(DISMISSED), before=pending)
    post.passes(hours=30)
    ((_, message, _),) = post.mails
    assert message.subject.startswith("1 ")


def test_cpl_160_57_whatever_a_watch_rests_on_is_a_purpose_for_which_marked_records_may_be_read() -> None:
    """So what is sent need not ask for the marks, and this fails when a statute or a basis comes of which it must."""
    assert set(PURPOSE_OF_BASIS.values()) <= purposes_of_marks()


@pytest.mark.parametrize("is_youthful_offender", [False, True])
def test_cpl_720_35_what_is_sent_of_a_youthful_offender_names_no_conviction(
    tables: Tables, *, is_youthful_offender: bool
) -> None:
    tables.offices.enrol(an_office())
    tables.users.add(a_user(ADA))
    post, flags = Post(tables), (Flag.SEALED_AND_OPEN, Flag.NO_CONVICTION) if is_youthful_offender else ()
    post.watch(EVERY_CHANNEL)
    pending = arrest_with(PENDING, flags=flags)
    post.happens(pending)
    post.work()
    post.happens(arrest_with(CONVICTED, flags=flags), before=pending)
    post.work()
    assert len(post.mails) > len(EVERY_CHANNEL), "the update as well"
    assert ("convicted" in everything_said(post)) is not is_youthful_offender
    assert ("no conviction" in everything_said(post)) is is_youthful_offender
