"""What a criterion becomes when a number is merged, corrected, restored, expunged, or its person described anew."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.alerts.matches.reason_words import reason_sentence
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName
from shared.matching.criteria import Criterion
from shared.matching.rules import alias_term, posting_terms, reason_of, selective_terms
from shared.subscriptions.apply_identity_event import criterion_after, is_in_doubt
from tests.builders import CHARGE_WATCH, NAME_WATCH, SID_WATCH, an_arrest

A, B, C = (Identifier(kind=IdentifierKind.SID, value=value, issuer="NY") for value in ("01234567A", "2B", "3C"))
PAT = Person(names=(PersonName(surname="Exampleton", given="Patricia"),), date_of_birth=date(1990, 2, 4))


def criterion(document):
    return TypeAdapter(Criterion).validate_python(document)


def watching(number, *former, **facts):
    document = {"watch": "identifier", "identifier": number.model_dump()} | facts
    return criterion(
        document | ({"former": [number_before.model_dump() for number_before in former]} if former else {})
    )


def an_event(change, before=A, after=None, person=None):
    return IdentityEvent(event_id="e1", agency="roster", change=change, before=before, after=after, person=person)


MERGED, CORRECTED, RESTORED = (an_event(IdentityChange(change), A, B) for change in ("merged", "corrected", "restored"))
PARTED = an_event(IdentityChange.RESTORED, B, A)
EXPUNGED = an_event(IdentityChange.EXPUNGED)
DESCRIBED = an_event(IdentityChange.DESCRIBED, person=PAT)


@pytest.mark.parametrize(
    ("why", "before", "event", "after"),
    [
        ("merged: the joint number, and a late report of the old one", watching(A), MERGED, watching(B, A)),
        ("merged twice, one after the other", watching(B, A), an_event(IdentityChange.MERGED, B, C), watching(C, A, B)),
        ("merged: another's number stays", watching(C), MERGED, watching(C)),
        ("corrected: the old number was somebody else's", watching(A), CORRECTED, watching(B)),
        ("restored: who had followed goes back", watching(B, A), PARTED, watching(A)),
        ("restored: who always watched the joint number stays", watching(B), PARTED, watching(B)),
        ("expunged: nothing is left to watch", watching(A), EXPUNGED, None),
        ("expunged: a former number is no excuse", watching(B, A), EXPUNGED, None),
        ("expunged: another's number stays", watching(C), EXPUNGED, watching(C)),
        ("described: whose number it is believed to be", watching(A, holder={"surname": "Example"}), DESCRIBED,
         watching(A, holder={"surname": "Exampleton", "given": "Patricia", "date_of_birth": "1990-02-04"})),
        ("described: who said nothing of a holder is asked nothing", watching(A), DESCRIBED, watching(A)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_watched_after_an_event(why, before, event, after):
    assert criterion_after(before, event) == after, why
    if after:
        assert criterion_after(after, event) == after, "the same event twice changes nothing more"


@pytest.mark.parametrize("word", ["all", "any", "none"])
def test_a_number_is_followed_wherever_it_stands_in_a_combination(word):
    document = {"all": [CHARGE_WATCH]} | {word: [*([CHARGE_WATCH] if word == "all" else []), SID_WATCH]}
    inside = criterion_after(criterion(document), MERGED)
    assert watching(B, A) in getattr(inside, word)
    assert criterion(CHARGE_WATCH) in inside.all


@pytest.mark.parametrize(
    ("why", "before", "left"),
    [
        ("one of several people goes", {"any": [SID_WATCH, watching(B).model_dump()]}, {"any": [watching(B)]}),
        ("a number and a person beside it are one person", {"any": [SID_WATCH, NAME_WATCH]}, None),
        ("what needed the number cannot hold", {"all": [SID_WATCH, CHARGE_WATCH]}, None),
        ("an exclusion goes", {"all": [CHARGE_WATCH], "none": [SID_WATCH]}, {"all": [CHARGE_WATCH]}),
    ],
)
def test_of_a_combination_what_watched_the_expunged_number_goes(why, before, left):
    after = criterion_after(criterion(before), EXPUNGED)
    assert after == (criterion(left) if left else None), why


def test_39_a_new_description_makes_the_old_name_an_alias_and_is_matched_from_then_on():
    before = criterion({"any": [SID_WATCH, NAME_WATCH]})
    after = criterion_after(before, DESCRIBED)
    assert after
    watch = after.any[1]
    assert (watch.surname, watch.given, watch.date_of_birth) == ("Exampleton", "Patricia", date(1990, 2, 4))
    assert [name.surname for name in watch.aliases] == ["Example"]
    renamed = an_arrest(sid=None, surname="Exampleton", given="Patricia", born=date(1990, 2, 4))
    assert reason_of(after, renamed).grade == "strong"
    assert criterion_after(after, DESCRIBED) == after


def test_a_late_report_of_the_old_number_hits_and_says_so():
    reason = reason_of(watching(B, A), an_arrest())
    assert reason
    assert reason_sentence(reason) == "State ID matches (NY 01234567A). It was merged into 2B."


def test_who_watched_the_joint_number_all_along_is_in_doubt_when_it_is_parted():
    assert is_in_doubt(watching(B), PARTED)
    assert not is_in_doubt(watching(B, A), PARTED)
    assert not is_in_doubt(watching(B), MERGED)


def test_every_number_is_posted_so_that_a_merger_finds_it_even_where_it_only_excludes():
    watched = criterion({"all": [CHARGE_WATCH], "none": [SID_WATCH]})
    assert ("sid", "1234567A") not in selective_terms(watched)
    assert alias_term(("sid", "1234567A")) in posting_terms(watched)


@pytest.mark.parametrize(
    "facts",
    [
        {"change": "merged", "after": None}, {"change": "merged", "after": A}, {"change": "described"},
        {"change": "corrected", "after": Identifier(kind=IdentifierKind.FBI, value="1")},
        {"change": "expunged", "before": A.model_copy(update={"value": ""})},
    ],
)  # fmt: skip
def test_half_an_event_is_none(facts):
    with pytest.raises(ValidationError):
        IdentityEvent(**{"event_id": "e1", "agency": "roster", "before": A} | facts)
