"""Which matches are notified at once, and which wait for a person, from plain values."""

from datetime import date

import pytest

from shared.alerts.matches.model import Match
from shared.alerts.matches.reason_words import reason_sentence
from shared.alerts.reviews.model import MAX_ARRESTS, ReviewVerdict, review_of, triage
from shared.matching.criteria import Grade
from shared.matching.rules import reason_of
from shared.subscriptions.eligible_recipients import eligible_recipients
from tests.builders import NAME_WATCH, NOW, PSEUDONYMS, SID_WATCH, a_subscription, an_arrest

SIMILAR = an_arrest(sid=None, born=date(1981, 9, 28))  # the same name, born on another day


def a_match(criterion, arrest) -> Match:
    subscription = a_subscription(criterion)
    return Match(
        subscription=subscription,
        reason=reason_of(subscription.criterion, arrest),
        eligible=eligible_recipients(subscription, ()),
    )


@pytest.fixture
def possible():
    match = a_match(NAME_WATCH, SIMILAR)
    assert match.reason.grade is Grade.POSSIBLE
    return match


def triaged(match, arrest, *reviews):
    by_id = {review.review_id: review for review in reviews}
    return triage([match], arrest, by_id, PSEUDONYMS, NOW)


@pytest.mark.parametrize("criterion", [SID_WATCH, NAME_WATCH])
def test_identifier_and_strong_matches_wait_for_nobody(criterion):
    match = a_match(criterion, an_arrest())
    assert triaged(match, an_arrest()) == ([match], [], [])


def test_a_possible_match_waits_for_a_review(possible):
    confirmed, [review], _ = triaged(possible, SIMILAR)
    assert confirmed == []
    assert (review.verdict, review.arrests) == (ReviewVerdict.WAITING, (SIMILAR.arrest_id,))


def test_a_further_arrest_of_a_person_under_review_waits_too(possible):
    review = review_of(possible, SIMILAR, PSEUDONYMS, NOW)
    again = an_arrest("K-2", sid=None, born=date(1981, 9, 28))
    confirmed, [further], _ = triaged(possible, again, review)
    assert (confirmed, further.review_id) == ([], review.review_id)


def test_a_confirmed_match_says_who_confirmed_it_and_stays_possible(possible):
    review = review_of(possible, SIMILAR, PSEUDONYMS, NOW)
    [match], to_review, further = triaged(
        possible, SIMILAR, review.with_verdict(ReviewVerdict.CONFIRMED, "bo@da.example.gov", NOW)
    )
    assert (to_review, further) == ([], [])
    assert match.reason.grade is Grade.POSSIBLE
    assert reason_sentence(match.reason).endswith(" Confirmed by bo@da.example.gov on Fri, Nov 20, 2026.")


def test_a_dismissed_match_is_dropped(possible):
    review = review_of(possible, SIMILAR, PSEUDONYMS, NOW)
    dismissed = review.with_verdict(ReviewVerdict.DISMISSED, "bo@da.example.gov", NOW)
    assert triaged(possible, SIMILAR, dismissed) == ([], [], [])


def test_a_review_remembers_the_newest_arrests_and_each_once(possible):
    review = review_of(possible, SIMILAR, PSEUDONYMS, NOW)
    assert review.with_arrest(SIMILAR.arrest_id) is review
    for number in range(MAX_ARRESTS):
        review = review.with_arrest(f"arrest {number}")
    assert review.arrests == tuple(f"arrest {number}" for number in range(MAX_ARRESTS))
