"""What the daily purge takes, what it leaves, and what it proves."""

import json
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.items import WriteOutcome
from shared.arrests.model import EventKind, Flag, event_id
from shared.arrests.nonconviction import nonconviction
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.retention.model import CopyRule, CopyStatus, OfficeRetention
from shared.arrests.seals.seal import keys_of_arrest
from shared.arrests.stream import versions_in
from shared.disputes.model import DisputeState
from shared.feeds.copies.bucket import CleanedCopy
from shared.feeds.copies.cleaned import CleanedWriter
from shared.feeds.drops.model import Drop
from shared.feeds.normalise.duplicates import DuplicatePolicy
from shared.feeds.normalise.normaliser import NormalisedArrest
from shared.feeds.record import EventText, RawRecord, SealedRow
from shared.retention.model import RetentionRules, first_steps, index_holds
from shared.retention.purge import run_step
from tests.builders import NOW, PSEUDONYMS, an_arrest
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import a_dispute, no_disputes
from tests.retention.conftest import RecordsOffice

MADE = NOW.date()
DUE = MADE + timedelta(days=400)


@pytest.fixture
def told(records: RecordsOffice) -> RecordsOffice:
    """The office was told of Pat's arrest."""
    records.enrol()
    records.watch()
    records.report(an_arrest())
    return records


def a_hold(**facts: Any) -> Hold:
    usual = {"hold_id": "h1", "office_id": "kings", "kind": HoldKind.LITIGATION, "reason": "Example v. City"}
    return Hold(placed_by="ada@da.example.gov", placed_at=NOW, **usual | facts)


def test_p5_nypd_2021_a_copy_goes_on_its_day_with_everything_about_it_and_not_the_day_before(
    told: RecordsOffice,
) -> None:
    before = told.parts()
    assert told.run(DUE - timedelta(days=1)) == 0
    assert told.parts() == before
    assert told.run(DUE) == 2
    assert told.parts() == []
    (tombstone,) = told.tables.everything_in("Arrests")
    assert "doc" not in tombstone
    assert "Example" not in repr(tombstone)
    assert versions_in([{"dynamodb": {"NewImage": tombstone}}]) == []
    assert told.run(DUE) == 0, "once"


def test_p5_nypd_2021_a_certificate_says_what_was_purged_and_names_nobody(told: RecordsOffice) -> None:
    told.run(DUE)
    (certificate,) = told.issued()
    assert certificate.counts == {"arrests": 1, "alerts": 1, "reviews": 0}
    assert certificate.hashes["arrests"] == (an_arrest().arrest_id,)
    assert certificate.purged_by == "purge_records"
    assert certificate.day == DUE
    assert sum(certificate.classes.values()) == 1
    stored = told.s3.get_object(Bucket="audit", Key=certificate.key)["Body"].read().decode()
    assert not [word for word in ("Example", "Pat", "K-1001", "01234567A", "1990", "ada") if word in stored]
    assert json.loads(stored)["issued_at"].startswith(DUE.isoformat())


def test_p5_nypd_2021_no_drop_brings_a_purged_arrest_back(told: RecordsOffice) -> None:
    told.run(DUE)
    later = datetime.combine(DUE, NOW.timetz()) + timedelta(days=1)
    outcomes = told.report(an_arrest(statutes=["PL 125.25"]), now=later)
    assert set(outcomes.values()) == {WriteOutcome.PURGED}
    assert not [item for item in told.tables.everything_in("Arrests") if "doc" in item]


def test_p5_nypd_2021_an_arrest_that_is_still_reported_is_as_old_as_its_last_report(told: RecordsOffice) -> None:
    told.report(an_arrest(), now=NOW + timedelta(days=300))
    told.run(DUE)
    assert told.tables.arrests.find(an_arrest().arrest_id)
    told.run(DUE + timedelta(days=300))
    assert told.tables.arrests.find(an_arrest().arrest_id) is None


def test_p13_lgs_1_a_hold_wins_over_the_purge_and_over_the_time_to_live_until_it_is_released(
    told: RecordsOffice,
) -> None:
    told.holds.store(a_hold(arrest_ids=(an_arrest().arrest_id,)))
    before = told.parts()
    for days in (0, 29, 300, 4_000):
        assert told.run(DUE + timedelta(days=days)) == 0
    assert told.parts() == before
    held = [*told.tables.everything_in("Alerts"), *told.tables.everything_in("Arrests")]
    about = [
        item for item in held if not item["alert_id" if "part" in item else "arrest_id"]["S"].startswith("number#")
    ]
    assert not [item for item in about if "expires" in item], "DynamoDB would delete it"
    ended = MADE + timedelta(days=4_000)
    told.holds.store(a_hold(arrest_ids=(an_arrest().arrest_id,), ended_on=ended, revision=2))
    assert told.run(ended + timedelta(days=300)) == 0, "litigation holds for a year after its end"
    assert told.run(ended + timedelta(days=370)) == 2
    assert "doc" not in told.tables.everything_in("Arrests")[0]


def test_p5_nypd_2021_why_records_were_held_goes_with_the_last_of_them_and_what_still_holds_keeps_its_reason(
    told: RecordsOffice,
) -> None:
    other = an_arrest("K-2002")
    told.report(other)
    about = {"arrest_ids": (an_arrest().arrest_id,), "reference": "Otter v. City", "reason": "her brother says"}
    told.holds.store(a_hold(**about, ended_on=MADE, end_reason="settled with Otter"))
    told.holds.store(a_hold(hold_id="h2", arrest_ids=(other.arrest_id,)))
    told.run(DUE)
    held = {hold.hold_id: hold for hold in told.holds.of_office("kings")}
    text = held["h1"].model_dump_json()
    assert not [word for word in ("Otter", "brother", "settled") if word in text]
    assert (held["h1"].kind, held["h1"].ended_on, held["h1"].placed_by) == (
        HoldKind.LITIGATION, MADE, "ada@da.example.gov",
    )  # fmt: skip
    assert held["h2"] == a_hold(hold_id="h2", arrest_ids=(other.arrest_id,))
    told.run(DUE)  # a step that comes twice
    assert told.holds.of_office("kings")


def test_p13_lgs_1_a_purge_takes_no_row_of_a_held_record_out_of_the_copies_whatever_number_or_person_they_share(
    told: RecordsOffice,
) -> None:
    """A release of the same number, person and day is due; the arrest is held."""
    arrest = an_arrest()
    release = arrest.model_copy(
        update={"kind": EventKind.RELEASE, "event_on": MADE, "arrest_id": event_id(
            PSEUDONYMS, "roster", EventKind.RELEASE, arrest.number, MADE)}
    )  # fmt: skip
    told.report(release)
    told.holds.store(a_hold(arrest_ids=(arrest.arrest_id,)))
    writer = CleanedWriter("roster", PSEUDONYMS)
    for line, record in enumerate((arrest, release), start=1):
        raw = RawRecord(line=line, row="", event=EventText(number=record.number))
        writer.add(raw, NormalisedArrest(record, DuplicatePolicy.VERSIONS))
    told.deps.copies.put_part("roster", "d", 1, writer.content())
    told.deps.copies.complete("roster", "d", CleanedCopy(parts=1, layout=""))
    told.run(DUE)
    copy = told.deps.copies.find("roster", "d")
    assert copy
    left = list(told.deps.copies.read("roster", "d", copy, [1]))
    assert [type(result) for result in left] == [RawRecord, SealedRow], "the arrest's row is there, the release's not"
    assert told.deps.copies.erase("roster", keys_of_arrest(arrest, PSEUDONYMS)) == 2, "a seal means whatever it names"


def test_p13_lgs_1_a_hold_of_one_office_keeps_the_arrest_and_not_the_copies_of_another(told: RecordsOffice) -> None:
    told.enrol("queens", allowed_domains=("da.example.gov",), agreed_domains=("da.example.gov",))
    told.watch("queens")
    told.report(an_arrest("K-2002"))
    told.holds.store(a_hold(office_id="queens"))
    told.run(DUE)
    offices = {item["office_id"]["S"] for item in told.tables.everything_in("Alerts") if item["part"]["S"] == "alert"}
    assert offices == {"queens"}
    assert told.tables.arrests.find(an_arrest("K-2002").arrest_id)
    assert told.tables.arrests.find(an_arrest().arrest_id) is None


def test_p5_jud_89_2_official_copies_stay_and_lose_their_time_to_live(records: RecordsOffice) -> None:
    official = OfficeRetention(copy_rule=CopyRule(status=CopyStatus.OFFICIAL, source="memo 7"))
    records.enrol(retention=official, agencies=("roster",))
    records.watch()
    records.report(an_arrest())
    assert records.run(DUE + timedelta(days=36_500)) == 0
    (arrest,) = records.tables.everything_in("Arrests")
    assert "expires" not in arrest
    assert records.tables.arrests.find(an_arrest().arrest_id)


def test_p5_nypd_2021_each_office_keeps_by_its_own_file(records: RecordsOffice) -> None:
    short = OfficeRetention(copy_rule=CopyRule(days=30, source="memo 7"))
    records.enrol(retention=short)
    records.watch()
    records.report(an_arrest())
    assert records.run(MADE + timedelta(days=30)) == 1
    assert "alert" not in records.parts()
    assert records.tables.arrests.find(an_arrest().arrest_id), "others may have it until its own day"


def test_p5_nypd_2021_a_violation_goes_a_year_after_its_case_closed_though_the_disposition_is_a_record_of_its_own(
    told: RecordsOffice,
) -> None:
    violation = Charge(statute="PL 240.20", charge_class=ChargeClass.VIOLATION)
    arrest = an_arrest(charges=(violation,))
    told.report(arrest, now=NOW + timedelta(hours=1))
    closed = MADE + timedelta(days=10)
    dismissed = violation.model_copy(update={"disposition": Disposition(outcome=ChargeOutcome.DISMISSED)})
    decision_id = event_id(PSEUDONYMS, "roster", EventKind.DISPOSITION, arrest.number, closed)
    decision = arrest.model_copy(
        update={
            "arrest_id": decision_id,
            "kind": EventKind.DISPOSITION,
            "event_on": closed,
            "charges": (dismissed,),
        }
    )
    told.report(decision, now=NOW + timedelta(days=10))
    told.run(closed + timedelta(days=1))
    told.run(closed + timedelta(days=364))
    assert told.tables.arrests.find(arrest.arrest_id)
    told.run(date(closed.year + 1, closed.month, closed.day))
    assert told.tables.arrests.find(arrest.arrest_id) is None
    assert told.tables.arrests.find(decision_id) is None
    assert "alert" not in told.parts()
    assert {name for certificate in told.issued() for name in certificate.classes} == {"violation or infraction"}


@pytest.mark.parametrize(
    ("later", "label"),
    [(ChargeOutcome.DISMISSED, Flag.NONCONVICTION), (ChargeOutcome.VACATED, Flag.NO_DISPOSITION)],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_cpl_160_50_3_a_judgment_that_is_vacated_or_dismissed_later_is_no_conviction_any_more(
    told: RecordsOffice, later: ChargeOutcome, label: Flag, *, is_late: bool
) -> None:
    """Each is a record of its own. The conviction may be reported after what took it away."""
    arrest = an_arrest(charges=(Charge(statute="PL 120.05"),))
    told.report(arrest, now=NOW + timedelta(hours=1))
    outcomes = {MADE + timedelta(days=10): ChargeOutcome.CONVICTED, MADE + timedelta(days=40): later}
    days = sorted(outcomes, reverse=is_late)
    for number, day in enumerate(days):
        decided = Charge(statute="PL 120.05", disposition=Disposition(outcome=outcomes[day]))
        changes = {"kind": EventKind.DISPOSITION, "event_on": day, "charges": (decided,)}
        decision_id = event_id(PSEUDONYMS, "roster", EventKind.DISPOSITION, arrest.number, day)
        told.report(
            arrest.model_copy(update=changes | {"arrest_id": decision_id}), now=NOW + timedelta(days=50 + number)
        )
    told.run(MADE + timedelta(days=60))
    stored = told.tables.arrests.find(arrest.arrest_id)
    assert stored
    assert nonconviction(stored, MADE + timedelta(days=370)) is label


def test_p5_nypd_2021_a_disposition_dated_in_the_future_is_noted_when_its_day_has_come(told: RecordsOffice) -> None:
    arrest = an_arrest(charges=(Charge(statute="PL 120.05"),))
    told.report(arrest, now=NOW + timedelta(hours=1))
    decided = Charge(statute="PL 120.05", disposition=Disposition(outcome=ChargeOutcome.DISMISSED))
    day = MADE + timedelta(days=40)
    changes = {"arrest_id": "d" * 32, "kind": EventKind.DISPOSITION, "event_on": day, "charges": (decided,)}
    told.report(arrest.model_copy(update=changes), now=NOW + timedelta(hours=2))
    for today, flags in ((day - timedelta(days=1), ()), (day, (Flag.NOT_CONVICTED,))):
        told.run(today)
        stored = told.tables.arrests.find(arrest.arrest_id)
        assert stored
        assert stored.flags == flags


def test_p5_nypd_2021_a_disposition_that_is_taken_back_starts_no_clock_any_more(told: RecordsOffice) -> None:
    violation = Charge(statute="PL 240.20", charge_class=ChargeClass.VIOLATION)
    arrest = an_arrest(charges=(violation,))
    told.report(arrest, now=NOW + timedelta(hours=1))
    decided = violation.model_copy(update={"disposition": Disposition(outcome=ChargeOutcome.DISMISSED)})
    decision = arrest.model_copy(
        update={"arrest_id": "d" * 32, "kind": EventKind.DISPOSITION, "event_on": MADE, "charges": (decided,)}
    )
    told.report(decision, now=NOW + timedelta(hours=2))
    told.run(MADE + timedelta(days=1))
    told.report(decision.model_copy(update={"charges": (violation,)}), now=NOW + timedelta(days=5))
    told.run(MADE + timedelta(days=6))
    told.run(MADE + timedelta(days=370))
    assert told.tables.arrests.find(arrest.arrest_id)


def test_p5_nypd_2021_drops_go_with_their_files_and_copies(records: RecordsOffice) -> None:
    records.enrol()
    drop = Drop(key="roster/in/day.csv", size=7, dropped_at=NOW, version_id="null")
    records.tables.drops.begin(drop, "d1")
    records.s3.put_object(Bucket="feeds", Key=drop.key, Body=b"K-1001\n")
    for key in ("clean/roster/d1/00000", "clean/roster/d1/about", "raw/roster/d1"):
        records.s3.put_object(Bucket="copies", Key=key, Body=b"{}")
    assert records.run(DUE - timedelta(days=1)) == 0
    records.holds.store(a_hold())
    assert records.run(DUE) == 1, "a hold of an office that does not run the feed keeps no drops"
    left = [records.s3.list_objects_v2(Bucket=bucket).get("KeyCount") for bucket in ("feeds", "copies")]
    assert left == [0, 0]
    assert not records.tables.drops.page("roster", 10, None)[0]
    assert records.issued()[0].hashes == {"drops": ("d1",)}


def test_p5_nypd_2021_the_drops_of_an_agency_go_that_sent_a_file_once_and_is_awaited_no_more_or_never_was_enrolled(
    records: RecordsOffice,
) -> None:
    for agency in ("roster", "a-folder"):
        records.tables.drops.begin(Drop(key=f"{agency}/in/1.csv", size=7, dropped_at=NOW, version_id="null"), "d1")
    assert not records.tables.drops.sending_agencies(), "none is awaited"
    assert records.run(DUE, records.tables.drops.senders()) == 2


def test_p5_nypd_2021_a_run_that_breaks_off_is_carried_on_and_nothing_goes_without_a_certificate(
    told: RecordsOffice,
) -> None:
    told.breaks_off(DUE)
    assert told.issued(), "the certificate comes first"
    assert told.run(DUE) == 2
    assert len(told.issued()) == 1, "and the same purge has one certificate"


def test_p5_nypd_2021_a_juveniles_record_without_offence_goes_a_year_after_the_eighteenth_birthday_with_its_stub(
    records: RecordsOffice,
) -> None:
    records.enrol()
    records.report(an_arrest("J-1", born=date(2008, 1, 15), juvenile=True, statutes=()))
    records.run(date(2027, 1, 14))
    assert records.parts("Juveniles") == ["record"]
    records.run(date(2027, 1, 15))
    assert records.parts("Juveniles") == []
    assert [item["content"]["S"] for item in records.tables.everything_in("Arrests")] == ["purged"]


def test_p5_nypd_2021_the_next_page_is_a_step_of_its_own(records: RecordsOffice) -> None:
    """DynamoDB reads a megabyte a page."""
    records.enrol()
    charges = tuple(Charge(statute="PL 120.05", text="x" * 2_000) for _ in range(100))
    for number in range(24):
        records.report(an_arrest(f"N-{number}", charges=charges))
    first = first_steps(DUE, ())[0]
    run_step(first, records.deps, NOW)
    (second,) = records.steps
    assert second == first.model_copy(update={"after": second.after})
    assert second.after
    records.run(DUE, ())
    assert not [item for item in records.tables.everything_in("Arrests") if "doc" in item]


def break_office(records: RecordsOffice, office_id: str) -> None:
    records.tables.client.update_item(
        TableName="Offices",
        Key={"pk": {"S": f"office#{office_id}"}},
        UpdateExpression="SET doc = :broken",
        ExpressionAttributeValues={":broken": {"S": "{}"}},
    )


def test_p5_nypd_2021_nothing_of_an_office_whose_rules_cannot_be_read_is_purged(told: RecordsOffice) -> None:
    """Its copies may be official ones."""
    break_office(told, "kings")
    before = told.parts()
    assert told.run(DUE + timedelta(days=20)) == 0
    assert told.parts() == before


def test_p5_nypd_2021_what_the_feed_of_an_office_brought_stays_while_its_rules_cannot_be_read(
    records: RecordsOffice,
) -> None:
    """Which agencies' feeds it runs cannot be read either, so neither arrests nor drops of any agency go."""
    records.enrol(agencies=("roster",))
    records.enrol("queens")
    records.report(an_arrest())
    records.tables.drops.begin(Drop(key="roster/in/day.csv", size=7, dropped_at=NOW, version_id="null"), "d1")
    records.holds.store(a_hold())
    break_office(records, "kings")
    assert records.run(DUE + timedelta(days=20)) == 0
    assert records.tables.arrests.find(an_arrest().arrest_id)


def test_p13_lgs_1_a_hold_that_is_placed_while_a_page_is_read_wins(told: RecordsOffice) -> None:
    def place(params: Mapping[str, Any], **_: object) -> None:
        if b'"Alerts"' in params["body"]:
            events.unregister(name, place)
            told.holds.store(a_hold(arrest_ids=(an_arrest().arrest_id,)))

    before = told.parts()
    events, name = told.tables.client.meta.events, "before-call.dynamodb.BatchGetItem"
    events.register_first(name, place)
    assert told.run(DUE) == 0
    assert told.holds.of_office("kings"), "it was placed"
    assert (told.parts(), told.issued()) == (before, [])


def test_p13_lgs_1_thousands_of_holds_of_one_office_do_not_slow_the_purge_of_all() -> None:

    def asks(holds: int) -> float:
        placed = [a_hold(arrest_ids=tuple(f"{hold:016x}{place:016x}" for place in range(100))) for hold in range(holds)]
        rules = RetentionRules(default_schedule(), {}, {}, index_holds(placed))
        begun = time.perf_counter()
        for number in range(100):
            assert rules.holds_of("kings", f"{number:032x}") == placed[:1]
        return time.perf_counter() - begun

    assert asks(3_000) < 50 * asks(3) + 0.05


def test_p5_nypd_2021_a_file_with_a_day_of_long_ago_makes_nothing_due_at_once(told: RecordsOffice) -> None:
    """Who may send files may not erase: neither by a disposition nor by the arrest with another day and an outcome."""
    long_ago = date(1990, 2, 3)
    violation = Charge(statute="PL 240.20", charge_class=ChargeClass.VIOLATION)
    dismissed = violation.model_copy(update={"disposition": Disposition(outcome=ChargeOutcome.DISMISSED)})
    other = an_arrest("K-2", charges=(violation,))
    decision = other.model_copy(
        update={
            "arrest_id": "d" * 32,
            "kind": EventKind.DISPOSITION,
            "event_on": long_ago,
            "charges": (dismissed,),
        }
    )
    told.report(other)
    told.report(decision, an_arrest(charges=(dismissed,), arrested_on=long_ago), now=NOW + timedelta(hours=1))
    for day in (0, 1, 30, 360):
        assert told.run(MADE + timedelta(days=day)) == 0
    assert told.run(date(MADE.year + 1, MADE.month, MADE.day)), "a year after we heard of it"


def test_p5_nypd_2021_a_dispute_goes_with_its_purged_arrest_and_keeps_no_text(told: RecordsOffice) -> None:
    disputes, empty = told.tables.subscriptions.disputes, no_disputes()
    disputes.save(empty.with_dispute(a_dispute(stored=empty)))
    told.run(DUE)
    [dispute] = disputes.find("kings", an_arrest().arrest_id).disputes
    assert (dispute.state, dispute.claim, dispute.claimant_name) == (DisputeState.GONE, "", "")


def test_p5_nypd_2021_the_disclosure_log_is_kept_until_counsel_gives_its_class_a_period(told: RecordsOffice) -> None:
    log = told.deps.corrections.disclosures
    log.save(a_disclosure("crime"))
    log.save(a_disclosure("crime", token="1" * 18, arrest_ids=[an_arrest("K-HELD").arrest_id]))
    told.holds.store(a_hold(arrest_ids=(an_arrest("K-HELD").arrest_id,)))
    six_years = date(MADE.year + 6, MADE.month, MADE.day)
    told.run(six_years + timedelta(days=4_000))
    assert len(log.page("kings", 10, None)[0]) == 2, "no period was seen, so nothing goes"
    rule = {
        "name": "disclosure log", "named": ["disclosure"], "keep": [{"years": 6, "after": "made"}],
        "source": "Memo of counsel",
    }  # fmt: skip
    told.enrol(retention=OfficeRetention.model_validate({"classes": [rule]}))
    told.run(six_years - timedelta(days=1))
    assert len(log.page("kings", 10, None)[0]) == 2
    told.run(six_years)
    [held] = log.page("kings", 10, None)[0]
    assert held.request.arrest_ids == (an_arrest("K-HELD").arrest_id,)
    assert [issued.counts for issued in told.issued() if "disclosures" in issued.counts] == [{"disclosures": 1}]
