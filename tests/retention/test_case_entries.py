"""What a person enters about a case starts, stops and restarts the clock of its class; no feed says it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.retention.case_entry import CaseEntry, CaseEntryKind, with_entries
from shared.arrests.retention.decide import closed_on, end_of_schedule
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.model import CaseEvent, CaseEventKind, CopyRule, Offense, OfficeRetention, RecordFacts
from tests.builders import NOW, an_arrest
from tests.retention.conftest import RecordsOffice

TODAY = NOW.date()
VERDICT = CaseEvent(kind=CaseEventKind.PROSECUTED, day=TODAY)


def an_entry(kind: CaseEntryKind, **facts: Any) -> CaseEntry:
    usual = {"entry_id": kind.value.replace(" ", "-"), "office_id": "kings", "arrest_ids": (an_arrest().arrest_id,)}
    entered = {"source": "order of the court", "entered_by": "rita@da.example.gov", "entered_at": NOW, "day": TODAY}
    return CaseEntry.model_validate(usual | {"kind": kind} | entered | facts)


def later(days: int) -> dict[str, Any]:
    return {"day": TODAY + timedelta(days=days), "entered_at": NOW + timedelta(days=days)}


def test_nypd_2021_a_conviction_closes_once_somebody_enters_that_its_appeals_are_exhausted() -> None:
    facts = RecordFacts((Offense(grade=ChargeClass.FELONY),), TODAY, events=(VERDICT,))
    far = date(2099, 1, 1)
    assert closed_on(facts.events, far) is None
    appeal, exhausted = (
        an_entry(CaseEntryKind.APPEAL_TAKEN, **later(20)),
        an_entry(CaseEntryKind.APPEALS_EXHAUSTED, **later(90)),
    )
    assert closed_on(with_entries(facts, [exhausted, appeal]).events, far) == exhausted.day
    assert closed_on(with_entries(facts, [appeal]).events, far) is None, "an open appeal is not closed"
    reopened = an_entry(CaseEntryKind.APPEAL_TAKEN, **later(100))
    assert closed_on(with_entries(facts, [reopened, exhausted]).events, far) is None
    end = end_of_schedule(with_entries(facts, [exhausted]), default_schedule(), far)[1]
    assert end == exhausted.day.replace(year=exhausted.day.year + 25)


def test_nypd_2021_what_was_taken_back_counts_no_more_and_no_day_of_long_ago_makes_due_at_once() -> None:
    facts = RecordFacts((Offense(grade=ChargeClass.VIOLATION),), TODAY)
    old = an_entry(CaseEntryKind.SETTLED, day=date(1990, 2, 3))
    assert closed_on(with_entries(facts, [old]).events, TODAY) == TODAY, "it counts from the day of its entry"
    assert with_entries(facts, [old.taken_back("rob@da.example.gov", NOW)]) == facts


def test_nypd_2021_the_death_of_a_person_and_the_birth_of_the_youngest_child_are_entered() -> None:
    file = RecordFacts((Offense(name="personal file"),), TODAY, born=date(1950, 5, 6))
    died = with_entries(file, [an_entry(CaseEntryKind.PERSON_DIED)])
    assert end_of_schedule(died, default_schedule(), date(2140, 1, 1))[1] == TODAY.replace(year=TODAY.year + 5)
    child = RecordFacts((Offense(name="offence against a child"),), TODAY)
    entries = [
        an_entry(CaseEntryKind.CHILD_BORN, day=date(2012, 5, 6), entry_id="1"),
        an_entry(CaseEntryKind.CHILD_BORN, day=date(2019, 7, 8), entry_id="2"),
    ]
    for order in (entries, entries[::-1]):
        end = end_of_schedule(with_entries(child, order), default_schedule(), date(2140, 1, 1))[1]
        assert end == date(2074, 7, 8), "the youngest"


@pytest.mark.parametrize("by", ["kings", "queens"])
def test_nypd_2021_an_entry_ends_the_copy_of_the_office_that_made_it_and_goes_with_its_arrest(
    records: RecordsOffice, by: str
) -> None:
    long = OfficeRetention(copy_rule=CopyRule(days=4_000, source="memo 7"))
    records.enrol(retention=long, agencies=("roster",))
    records.enrol("queens", retention=long)
    records.watch()
    convicted = Disposition(outcome=ChargeOutcome.CONVICTED)
    violation = Charge(statute="PL 240.20", charge_class=ChargeClass.VIOLATION, disposition=convicted)
    arrest = an_arrest(charges=(violation,))
    records.report(arrest)
    records.case_entries.store(an_entry(CaseEntryKind.APPEALS_EXHAUSTED, office_id=by, **later(10)))
    due = TODAY + timedelta(days=375)
    assert records.run(due - timedelta(days=1)) == 0
    purged = records.run(due)
    if by == "queens":
        assert purged == 0, "another office's word ends no copy of ours"
        assert records.case_entries.of_office("queens")
        return
    assert purged == 2
    assert records.tables.arrests.find(arrest.arrest_id) is None
    assert records.case_entries.of_office(by) == [], "the source may name somebody"
    assert datetime.combine(due, NOW.timetz()).date() == records.issued()[0].day
    assert records.issued()[0].classes == {"violation or infraction": 1}


def test_nypd_2021_an_entry_about_two_reports_counts_for_both_and_goes_with_the_last(records: RecordsOffice) -> None:
    records.enrol(
        retention=OfficeRetention(copy_rule=CopyRule(days=4_000, source="memo 7")), agencies=("roster", "county-jail")
    )
    convicted = Disposition(outcome=ChargeOutcome.CONVICTED)
    violation = Charge(statute="PL 240.20", charge_class=ChargeClass.VIOLATION, disposition=convicted)
    felony = Charge(statute="PL 120.10", charge_class=ChargeClass.FELONY, disposition=convicted)
    short, long = an_arrest(charges=(violation,)), an_arrest("B-7", agency="county-jail", charges=(felony,))
    records.report(short, long)
    entry = an_entry(CaseEntryKind.APPEALS_EXHAUSTED, arrest_ids=(short.arrest_id, long.arrest_id), **later(10))
    records.case_entries.store(entry)
    records.run(TODAY + timedelta(days=380))
    assert records.tables.arrests.find(short.arrest_id) is None
    assert records.tables.arrests.find(long.arrest_id), "a felony is kept for longer"
    [remaining] = records.case_entries.of_office("kings")
    assert (remaining.arrest_ids, remaining.source) == ((long.arrest_id,), entry.source)
    records.run(TODAY + timedelta(days=365 * 80))
    assert records.tables.arrests.find(long.arrest_id) is None
    assert records.case_entries.of_office("kings") == []
