"""A watch that has ended leaves storage with everything that identifies somebody, on its day and not before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.model import EventKind
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.retention.model import CopyRule, CopyStatus, OfficeRetention
from shared.aws.dynamodb import sortable_timestamp
from shared.offices.model import DateRule
from shared.retention import purge_watches
from shared.retention.watch_retention import decide_watch_retention
from shared.subscriptions.beliefs_table import BeliefsTable
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.validity import MAX_YEARS, ended_on, with_validation
from tests.builders import NOW, a_subscription, an_arrest
from tests.retention.conftest import RecordsOffice

TODAY = NOW.date()
ENDS = TODAY + timedelta(days=30)
YEAR_LATER = date(ENDS.year + 1, ENDS.month, ENDS.day)
WORDS = ("Quillfeather", "Dorian", "1988-03-14", "her nephew", "ref-77", "PAR-2026-0042")


def a_person_watch(**facts: Any) -> Subscription:
    criterion = {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": "1988-03-14"}
    usual = {
        "basis": {"kind": "open case", "case_number": "PAR-2026-0042"},
        "ends": ENDS.isoformat(),
        "reference": "ref-77",
        "note": {"private": "her nephew lives there"},
        "subscription_id": "a" * 32,
    }
    return a_subscription(criterion, **usual | facts)


def a_suspicion_watch(**facts: Any) -> Subscription:
    return a_person_watch(basis={"kind": "documented suspicion", "case_number": "MEMO-9"}, **facts)


def stored_words(records: RecordsOffice) -> list[str]:
    text = repr([*records.tables.everything_in("Subscriptions"), *records.tables.everything_in("Alerts")])
    return [word for word in WORDS if word.casefold() in text.casefold()]


def postings(records: RecordsOffice) -> list[str]:
    return [name for item in records.tables.everything_in("Subscriptions") for name in item if name.startswith("s_")]


@pytest.fixture
def watching(records: RecordsOffice) -> RecordsOffice:
    records.enrol()
    records.tables.watch_list.add(a_person_watch())
    return records


def test_28_cfr_23_20_h_an_ended_watch_leaves_storage_on_its_day_with_everything_that_names_somebody(
    watching: RecordsOffice,
) -> None:
    subscriptions = watching.tables.subscriptions
    BeliefsTable(watching.tables.client, "Subscriptions").settle(
        "kings", ("a" * 32, "note.private", "f" * 32), "ada@da.example.gov", NOW
    )
    watching.tables.client.put_item(
        TableName="Subscriptions",
        Item={
            "pk": {"S": "unreached#kings"},
            "sk": {"S": "a" * 32},
            "round_began": {"S": sortable_timestamp(NOW)},
            "doc": {"S": "Dorian Quillfeather"},
        },
    )
    assert set(stored_words(watching)) == set(WORDS)
    assert watching.run(YEAR_LATER - timedelta(days=1)) == 0
    assert subscriptions.find("kings", "a" * 32) == a_person_watch()
    assert watching.run(YEAR_LATER) == 1
    assert stored_words(watching) == []
    assert postings(watching) == []
    about = ["a" * 32, "same#", "beliefs#", "unreached#"]
    left = repr(watching.tables.everything_in("Subscriptions"))
    assert [word for word in about if word in left] == []
    assert watching.run(YEAR_LATER) == 0, "once"


def test_28_cfr_23_20_h_a_certificate_proves_which_watches_went_and_names_nobody(watching: RecordsOffice) -> None:
    watching.run(YEAR_LATER)
    (certificate,) = watching.issued()
    assert certificate.counts == {"watches": 1}
    assert certificate.hashes == {"watches": ("a" * 32,)}
    assert certificate.classes == {"watch that ended": 1}
    body = watching.s3.get_object(Bucket="audit", Key=certificate.key)["Body"].read().decode()
    assert [word for word in WORDS if word in body] == []


def test_28_cfr_23_20_h_a_suspicion_watch_is_out_the_night_after_its_term(watching: RecordsOffice) -> None:
    watch = a_suspicion_watch(subscription_id="b" * 32)
    watching.tables.watch_list.add(watch)
    watching.run(ENDS)
    assert watching.tables.subscriptions.find("kings", watch.subscription_id), "its last day is not over"
    watching.run(ENDS + timedelta(days=1))
    assert watching.tables.subscriptions.find("kings", watch.subscription_id) is None
    assert watching.tables.subscriptions.find("kings", "a" * 32), "the other watch is kept by its own class"
    assert {name for each in watching.issued() for name in each.classes} == {"suspicion watch that ended"}


@pytest.mark.parametrize("goes_by", list(DateRule))
def test_28_cfr_23_20_h_a_suspicion_watch_is_kept_five_years_at_most_whatever_is_validated_or_an_office_says(
    goes_by: DateRule,
) -> None:
    forever = {
        "name": "suspicion watch that ended", "named": ["ended suspicion watch"],
        "keep": [{"years": 40, "after": "watch ended"}], "source": "a memo of counsel",
    }  # fmt: skip
    schedule = OfficeRetention.model_validate({"classes": [forever]}).applied_to(default_schedule())
    watch = a_suspicion_watch(ends=None)
    five_years = date(TODAY.year + 5, TODAY.month, TODAY.day)
    for year in range(MAX_YEARS[watch.basis.kind] + 1):
        watch = with_validation(watch, "ada@da.example.gov", date(TODAY.year + year, TODAY.month, TODAY.day))
    late = five_years + timedelta(days=1)
    assert not decide_watch_retention(watch, schedule, goes_by, five_years).is_due(five_years)
    assert decide_watch_retention(watch, schedule, goes_by, late).is_due(late)


def test_28_cfr_23_20_h_a_watch_that_nobody_validated_in_time_has_ended_and_one_that_runs_has_not() -> None:
    validated = with_validation(a_person_watch(ends=None), "ada@da.example.gov", TODAY)
    due = date(TODAY.year + 1, TODAY.month, TODAY.day)
    assert ended_on(validated, due, DateRule.TODAY) is None
    assert ended_on(validated, due + timedelta(days=1), DateRule.TODAY) == due
    assert ended_on(a_person_watch(ends=None), date(2090, 1, 1), DateRule.TODAY) is None
    late = ENDS + timedelta(days=20)
    assert ended_on(a_person_watch(), late, DateRule.ARREST) is None, "late reports still alert"
    assert ended_on(a_person_watch(), ENDS + timedelta(days=31), DateRule.ARREST) == ENDS
    cancelled = a_person_watch(status=Status.CANCELLED, changed_at=NOW + timedelta(days=3))
    assert ended_on(cancelled, ENDS, DateRule.TODAY) == TODAY + timedelta(days=3)


def test_28_cfr_23_20_h_a_cancelled_watch_counts_from_its_cancellation_and_one_that_is_revived_stays(
    watching: RecordsOffice,
) -> None:
    cancelled = a_person_watch(status=Status.CANCELLED, revision=2)
    watching.tables.watch_list.replace(a_person_watch(), cancelled)
    year_later = date(TODAY.year + 1, TODAY.month, TODAY.day)
    watching.run(year_later - timedelta(days=1))
    assert watching.tables.subscriptions.find("kings", "a" * 32)
    revived = a_person_watch(ends=None, revision=3)
    watching.tables.watch_list.replace(cancelled, revived)
    watching.run(year_later + timedelta(days=4_000))
    assert watching.tables.subscriptions.find("kings", "a" * 32) == revived


def test_28_cfr_23_20_h_the_counsel_of_an_office_changes_how_long_ended_watches_are_kept(
    watching: RecordsOffice,
) -> None:
    rule = {
        "name": "watch that ended", "named": ["ended watch"], "keep": [{"years": 7, "after": "watch ended"}],
        "source": "a memo of counsel",
    }  # fmt: skip
    changed = OfficeRetention.model_validate({"classes": [rule]})
    official = changed.model_copy(update={"copy_rule": CopyRule(status=CopyStatus.OFFICIAL, source="memo 7")})
    watching.enrol(retention=official)
    seven_years = date(ENDS.year + 7, ENDS.month, ENDS.day)
    watching.run(seven_years - timedelta(days=1))
    assert watching.tables.subscriptions.find("kings", "a" * 32)
    watching.run(seven_years)
    assert watching.tables.subscriptions.find("kings", "a" * 32) is None, "it is no copy of an agency's record"


@pytest.mark.parametrize("names_the_arrest", [True, False])
def test_28_cfr_23_20_h_a_hold_keeps_the_watch_that_led_to_a_held_arrest_until_it_is_over(
    watching: RecordsOffice, names_the_arrest: bool
) -> None:
    arrest = an_arrest(surname="Quillfeather", given="Dorian", born=date(1988, 3, 14))
    watching.report(arrest)
    assert watching.parts(), "the office was alerted or asked"
    hold = Hold(
        hold_id="h1",
        office_id="kings",
        kind=HoldKind.CASE,
        reason="an appeal",
        arrest_ids=(arrest.arrest_id,) if names_the_arrest else (),
        placed_by="rita@da.example.gov",
        placed_at=NOW,
    )
    other = a_person_watch(subscription_id="c" * 32, basis={"kind": "open case", "case_number": "another"})
    other = other.model_copy(update={"criterion": a_subscription().criterion})
    watching.tables.watch_list.add(other)
    watching.holds.store(hold)
    watching.run(YEAR_LATER)
    assert watching.tables.subscriptions.find("kings", "a" * 32)
    kept = watching.tables.subscriptions.find("kings", "c" * 32)
    assert (kept is None) == names_the_arrest, "only a hold on everything keeps what led to no held arrest"
    watching.holds.store(hold.model_copy(update={"ended_on": YEAR_LATER, "revision": 2}))
    watching.run(YEAR_LATER + timedelta(days=1))
    assert watching.tables.subscriptions.find("kings", "a" * 32) is None


def test_28_cfr_23_20_h_an_alert_outlives_its_watch_by_its_own_rule(watching: RecordsOffice) -> None:
    watch = a_suspicion_watch(subscription_id="b" * 32)
    watching.tables.watch_list.add(watch)
    arrest = an_arrest(surname="Quillfeather", given="Dorian", born=date(1988, 3, 14), kind=EventKind.ARREST)
    watching.report(arrest)
    before = watching.parts()
    watching.run(ENDS + timedelta(days=1))
    assert watching.tables.subscriptions.find("kings", watch.subscription_id) is None
    assert watching.parts() == before


def test_28_cfr_23_20_h_watches_of_an_office_whose_rules_cannot_be_read_stay(watching: RecordsOffice) -> None:
    watching.tables.client.update_item(
        TableName="Offices",
        Key={"pk": {"S": "office#kings"}},
        UpdateExpression="SET doc = :broken",
        ExpressionAttributeValues={":broken": {"S": "{}"}},
    )
    assert watching.run(YEAR_LATER) == 0
    assert watching.tables.subscriptions.find("kings", "a" * 32)


def test_28_cfr_23_20_h_a_run_that_breaks_off_is_carried_on_and_the_next_page_is_a_step_of_its_own(
    watching: RecordsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge_watches, "WATCHES_A_STEP", 1)
    for letter in "bc":
        case = {"kind": "open case", "case_number": letter}
        watching.tables.watch_list.add(a_person_watch(subscription_id=letter * 32, basis=case))

    watching.breaks_off(YEAR_LATER, at=b"attribute_not_exists(pk) OR revision")
    assert watching.tables.subscriptions.find("kings", "a" * 32), "what leads to the rest goes last"
    watching.run(YEAR_LATER)
    assert list(watching.tables.subscriptions.all_of("kings")) == []
    assert postings(watching) == []


def test_28_cfr_23_20_h_after_the_purge_its_owner_may_watch_the_same_anew(watching: RecordsOffice) -> None:
    watching.run(YEAR_LATER)
    later = datetime.combine(YEAR_LATER, NOW.timetz())
    anew = a_person_watch(subscription_id="d" * 32, ends=None, created_at=later, changed_at=later)
    watching.tables.watch_list.add(anew)
    assert watching.tables.subscriptions.find("kings", "d" * 32) == anew
