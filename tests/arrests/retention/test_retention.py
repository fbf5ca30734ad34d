"""How long records are kept: a hundred years of invented cases against a table and a query that know nothing of the
code, and one answer for each doubt."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product, takewhile
from typing import Any, NamedTuple

import pytest

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import EventKind
from shared.arrests.retention.arrest_facts import events_of, facts_of
from shared.arrests.retention.decide import (
    UNCLASSED,
    DueReason,
    closed_on,
    decide_retention,
    end_of_schedule,
    last_decision,
)
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.end_hold import decide_end, needs_second_person
from shared.arrests.retention.hold import Hold, HoldEnd, HoldKind, is_in_force, last_day_of
from shared.arrests.retention.model import (
    CaseEvent,
    CaseEventKind,
    CopyRule,
    CopyStatus,
    Offense,
    OfficeRetention,
    RecordFacts,
)
from shared.audit.items import RETENTION as AUDIT_KEPT
from shared.offices.governance.personnel import RECORDS_OF_TRAINING
from tests.builders import an_arrest

# What the law's page says, by what people are charged with: years after the close of the case, or None for ever. The
# last column is the clock; `birth+5` waits for five years without an arrest. A class of two lines ends by the one that
# is over first. Written from the page, not from `schedule.yaml`.
LAW = """
PL 125.25  felony       -   -     murder: permanently
PL 150.20  felony       -   -     arson 1: permanently
PL 150.15  felony       -   -     arson 2: permanently
PL 150.10  felony       -   -     arson 3: permanently
PL 130.70  felony       -   -     aggravated sexual assault 1: permanently
PL 130.75  felony       -   -     course of sexual conduct against a child 1: permanently
PL 150.05  felony       10  close arson 4: ten years
PL 150.00  felony       -   -     an arson of no degree has the longest of an arson
PL 155.30  felony       25  close other felony
PL 120.05  felony       25  close other felony
PL 265.03  felony       25  close other felony
PL 120.00  misdemeanor  5   close misdemeanour
PL 155.25  misdemeanor  5   close misdemeanour
PL 240.20  violation    1   close violation
VTL 1180   infraction   1   close infraction
XX 99.99   -            -   -     nobody knows the class: what is not listed is kept
=suicide                -   -     permanently
=active warrant         -   -     permanently
=missing person         -   -     permanently
=missing firearm        -   -     permanently
=offence against a child 55 child until the child is 55
=no offence             5   close no offence, adult
=juvenile without arrest or offence 19 birth one year after the eighteenth birthday
=personal file          5   death five years after the person's death
=personal file          90  birth+5 or at ninety, once there were five years without an arrest; whichever is shorter
=ended suspicion watch  0   watch out at the end of its term
=ended watch            1   watch a year after its end
=audit                  1   made  at least a year
=training               3   made  three years
"""
FIRST_YEAR, YEARS, CASES_A_YEAR = 1976, 100, 15
DECIDED = ("settled", "no arrest", "restitution no longer sought")
SCHEDULE = default_schedule()


def law_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yields what is charged, its grade, the years and the clock."""
    for line in LAW.strip().splitlines():
        if line.startswith("="):
            words = line[1:].split()
            number = next(place for place, word in enumerate(words) if word == "-" or word.isdigit())
            yield f"={' '.join(words[:number])}", "-", words[number], words[number + 1]
        else:
            law, section, grade, years, clock = line.split()[:5]
            yield f"{law} {section}", grade, years, clock


LAW_ROWS = list(law_rows())


def offense_of(charged: str, grade: str) -> Offense:
    if charged.startswith("="):
        return Offense(name=charged[1:])
    charge = Charge(statute=charged, charge_class=None if grade == "-" else ChargeClass(grade))
    arrest = an_arrest(charges=(charge,))
    return facts_of(arrest, date(2026, 1, 1), date(2026, 1, 1), (), SCHEDULE).offenses[0]


END_OF_SCHEDULE = """
with past as (select day, day || printf('%06d', place) as moment, kind from event where day <= :today),
     live as (select * from past where moment > coalesce((select max(moment) from past
                                                          where kind = 'disposition taken back'), '')),
     ending as (select day, moment from live as e where kind in ('settled', 'no arrest', 'restitution no longer sought')
                or (kind = 'appeals exhausted' and exists (select 1 from live as d where d.moment < e.moment
                    and d.kind in ('prosecuted', 'settled', 'no arrest', 'restitution no longer sought')))),
     closed as (select day from ending where not exists (select 1 from live as a
                where a.kind in ('appeal taken', 'prosecuted') and a.moment > (select max(moment) from ending))
                order by moment desc limit 1),
     clock as (select 'close' as name, (select day from closed) as day union all select 'made', :made
               union all select 'birth', :born union all select 'child', :child union all select 'death', :died
               union all select 'watch', :watch),
     line as (select charged.rowid as charge, law.quiet, date(clock.day, '+' || law.years || ' years') as day
              from charged left join law on law.what = charged.what
              left join clock on clock.name = law.clock and clock.day <= :today and law.years != '-'),
     waiting as (select charge, case when quiet and :arrested <= :today and day is not null
                        then max(day, date(:arrested, '+' || quiet || ' years')) else day end as day from line),
     finish as (select min(day) as day from waiting group by charge)
select case when count(*) = count(day) then max(day) end from finish
"""


class InventedCase(NamedTuple):
    rows: list[tuple[str, str, str, str]]
    facts: RecordFacts


class SecondOpinion:
    """The same question asked of a database: dates are texts, years are added by SQLite."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(
            "create table law (what, years, clock, quiet); create table charged (what);"
            "create table event (place, day, kind);"
        )
        lines = [(what, years, *clock.partition("+")[::2]) for what, _, years, clock in LAW_ROWS]
        self.database.executemany("insert into law values (?, ?, ?, cast(? as integer))", lines)

    def learn(self, case: InventedCase) -> None:
        self.database.execute("delete from charged")
        self.database.execute("delete from event")
        self.database.executemany("insert into charged values (?)", [(row[0],) for row in case.rows])
        rows = [(place, event.day.isoformat(), event.kind.value) for place, event in enumerate(case.facts.events)]
        self.database.executemany("insert into event values (?, ?, ?)", rows)

    def end(self, facts: RecordFacts, today: date) -> date | None:
        """The first day after the class that keeps longest, as far as it is known today."""
        days = {
            "today": today, "made": facts.made_on, "born": facts.born, "child": facts.youngest_child_born,
            "died": facts.died_on, "watch": facts.watch_ended_on, "arrested": facts.last_arrested_on,
        }  # fmt: skip
        values = {name: day and day.isoformat() for name, day in days.items()}
        text = self.database.execute(END_OF_SCHEDULE, values).fetchone()[0]
        return date.fromisoformat(text) if text else None

    def is_due(self, facts: RecordFacts, today: date) -> bool:
        """Of the office's copy."""
        copy_end, end = min(facts.made_on, today) + timedelta(days=400), self.end(facts, today)
        return today >= copy_end or (end is not None and today >= end)


def invented_events(chance: random.Random, made_on: date) -> list[CaseEvent]:
    kinds = list(CaseEventKind)
    days = [made_on + timedelta(days=chance.randrange(-30, 900)) for _ in range(chance.choice((0, 1, 1, 2, 3, 5)))]
    return [CaseEvent(kind=chance.choice(kinds), day=day) for day in sorted(days)]


def invented_case(chance: random.Random, year: int) -> InventedCase:
    made_on = date(year, 1, 1) + timedelta(days=chance.randrange(366))

    def perhaps(least: int, most: int) -> date | None:
        return made_on + timedelta(days=chance.randrange(least, most)) if chance.random() < 0.7 else None

    rows = chance.choices(LAW_ROWS, k=chance.choice((1, 1, 1, 2, 3)))
    facts = RecordFacts(
        offenses=tuple(offense_of(charged, grade) for charged, grade, _, _ in rows),
        made_on=made_on,
        events=tuple(invented_events(chance, made_on)),
        born=made_on - timedelta(days=chance.randrange(3_000, 30_000)),
        youngest_child_born=perhaps(-22_000, 1),
        died_on=perhaps(0, 20_000),
        last_arrested_on=perhaps(0, 25_000),
        watch_ended_on=perhaps(-100, 2_000),
    )
    return InventedCase(rows, facts)


def invented_century() -> Iterator[tuple[random.Random, SecondOpinion, InventedCase]]:
    """The cases of a hundred years. The database has learnt each of them when it comes."""
    chance, opinion = random.Random(55), SecondOpinion()
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        for _ in range(CASES_A_YEAR):
            case = invented_case(chance, year)
            opinion.learn(case)
            yield chance, opinion, case


def test_nypd_2021_in_a_hundred_years_no_class_ends_a_day_too_early_or_too_late() -> None:
    """Each record is asked about over the hundred years after it, and on the days around each of its ends."""
    questions, endless, ended_by = 0, 0, Counter[str]()
    for chance, opinion, (rows, facts) in invented_century():
        looks = {facts.made_on + timedelta(days=chance.randrange(-5, 36_525)) for _ in range(6)}
        looks |= {event.day + timedelta(days=step) for event in facts.events for step in (-1, 0)}
        far = facts.made_on + timedelta(days=36_525)
        last = opinion.end(facts, far)
        looks |= {far} | ({last - timedelta(days=1), last} if last else set())
        for today in sorted(looks):
            end = end_of_schedule(facts, SCHEDULE, today)[1]
            assert end == opinion.end(facts, today), (rows, facts, today)
            questions += 1
        endless += last is None
        if last and len(rows) == 1:
            ended_by[rows[0][0]] += 1
    with_an_end = {what for what, _, years, _ in LAW_ROWS if years != "-"}
    assert set(ended_by) == with_an_end, "each class with an end ended some record, those of 25 and 55 years too"
    assert min(ended_by.values()) > 5
    assert endless > 300
    assert questions > 10_000


def test_jud_89_2_in_a_hundred_years_no_copy_goes_a_day_too_early_or_too_late() -> None:
    questions, answers = 0, {True: 0, False: 0}
    for chance, opinion, (rows, facts) in invented_century():
        last_look = facts.made_on + timedelta(days=402)
        planned = decide_retention(facts, SCHEDULE, (), last_look).purge_on or last_look
        looks = {planned + timedelta(days=step) for step in (-1, 0, 1)}
        looks |= {facts.made_on + timedelta(days=chance.randrange(-5, 500)) for _ in range(6)}
        for today in sorted(looks):
            is_due = decide_retention(facts, SCHEDULE, (), today).is_due(today)
            assert is_due == opinion.is_due(facts, today), (rows, facts, today)
            questions, answers[is_due] = questions + 1, answers[is_due] + 1
    assert questions > 10_000
    assert min(answers.values()) > 2_000


def test_nypd_2021_in_a_hundred_years_an_open_appeal_never_closes_a_conviction() -> None:
    convicted, exhausted = CaseEvent(kind=CaseEventKind.PROSECUTED, day=date(1976, 3, 1)), 0
    for charged, grade, years, clock in LAW_ROWS:
        appeal = CaseEvent(kind=CaseEventKind.APPEAL_TAKEN, day=date(1976, 4, 1))
        facts = RecordFacts((offense_of(charged, grade),), date(1976, 1, 1), events=(convicted, appeal))
        if clock == "close":
            for year in range(1976, 2077):
                assert end_of_schedule(facts, SCHEDULE, date(year, 6, 1))[1] is None, charged
            over = CaseEvent(kind=CaseEventKind.APPEALS_EXHAUSTED, day=date(2030, 2, 3))
            closed = facts._replace(events=(*facts.events, over))
            assert end_of_schedule(closed, SCHEDULE, date(2031, 1, 1))[1] == date(2030 + int(years), 2, 3)
            exhausted += 1
    assert exhausted > 5


@pytest.mark.parametrize("row", LAW_ROWS, ids=lambda row: row[0])
def test_p5_nypd_2021_each_class_of_the_schedule_ends_when_its_page_says(row: tuple[str, str, str, str]) -> None:
    """Asked of the record itself and not of the copy: over all the years, a day before and on the day."""
    charged, grade, years, clock = row
    start = date(2024, 2, 29)
    facts = RecordFacts(
        offenses=(offense_of(charged, grade),),
        made_on=start,
        events=(CaseEvent(kind=CaseEventKind.SETTLED, day=start),),
        born=start,
        youngest_child_born=start,
        died_on=start if clock == "death" else None,
        watch_ended_on=start,
    )
    _, end = end_of_schedule(facts, SCHEDULE, date(2124, 1, 1))
    database = sqlite3.connect(":memory:")
    expected = database.execute("select date('2024-02-29', '+' || ? || ' years')", (years,)).fetchone()[0]
    assert (end and end.isoformat()) == (None if years == "-" else expected), clock


CLOSE = date(2026, 3, 1)


def a_misdemeanor(*events: CaseEvent, **facts: Any) -> RecordFacts:
    usual: dict[str, Any] = {"offenses": (Offense(grade=ChargeClass.MISDEMEANOR),), "made_on": CLOSE}
    return RecordFacts(events=events, **usual | facts)


def event(kind: CaseEventKind, day: date = CLOSE) -> CaseEvent:
    return CaseEvent(kind=kind, day=day)


def test_p5_nypd_2021_an_open_appeal_is_not_closed() -> None:
    verdict, taken = event(CaseEventKind.PROSECUTED), event(CaseEventKind.APPEAL_TAKEN, date(2026, 3, 20))
    exhausted = event(CaseEventKind.APPEALS_EXHAUSTED, date(2027, 1, 5))
    assert closed_on((verdict,), date(2030, 1, 1)) is None
    assert closed_on((verdict, taken), date(2030, 1, 1)) is None
    assert closed_on((verdict, taken, exhausted), date(2030, 1, 1)) == exhausted.day
    assert closed_on((exhausted,), date(2030, 1, 1)) is None


def test_p5_nypd_2021_a_disposition_taken_back_starts_no_clock() -> None:
    settled, back = event(CaseEventKind.SETTLED), event(CaseEventKind.TAKEN_BACK, date(2026, 4, 1))
    again = event(CaseEventKind.SETTLED, date(2028, 9, 9))
    assert closed_on((settled, back), date(2030, 1, 1)) is None
    assert closed_on((settled, back, again), date(2030, 1, 1)) == again.day
    assert closed_on((settled, back), date(2026, 3, 15)) == settled.day, "it was closed then"


def test_p5_nypd_2021_a_prosecution_opens_a_case_that_was_settled_before() -> None:
    settled, verdict = event(CaseEventKind.SETTLED), event(CaseEventKind.PROSECUTED, date(2026, 4, 1))
    exhausted = event(CaseEventKind.APPEALS_EXHAUSTED, date(2027, 5, 5))
    assert closed_on((settled, verdict), date(2030, 1, 1)) is None, "its appeals are open"
    assert closed_on((verdict, settled, exhausted), date(2030, 1, 1)) == exhausted.day
    assert closed_on((settled, verdict), date(2026, 3, 20)) == settled.day, "it was closed then"


def is_closed_by_the_page(in_order: list[CaseEvent]) -> date | None:
    """As the page has it, looked at from the end: the last event that ends the case, unless one behind it opens it
    again. Nothing in front of a disposition taken back counts."""
    behind = list(takewhile(lambda each: each.kind is not CaseEventKind.TAKEN_BACK, reversed(in_order)))
    for place, each in enumerate(behind):
        earlier = {other.kind.value for other in behind[place + 1 :]}
        if each.kind in (CaseEventKind.PROSECUTED, CaseEventKind.APPEAL_TAKEN):
            return None
        if each.kind.value in DECIDED or earlier & {*DECIDED, "prosecuted"}:
            return each.day
    return None


def test_p5_28_cfr_20_3_of_all_sequences_of_decisions_the_latest_counts_however_they_were_told() -> None:
    """Every sequence of up to four events, told in two orders; each was reported on its own day or a year later."""
    reported = CLOSE.replace(year=2027)
    told, answers = 0, Counter[object]()
    chance = random.Random(2003)
    for length in range(5):
        for kinds in product(CaseEventKind, repeat=length):
            days = [CLOSE + timedelta(days=30 * place) for place in range(length)]
            in_order = [CaseEvent(kind=kind, day=day) for kind, day in zip(kinds, days, strict=True)]
            shuffled = chance.sample(in_order, length)
            late = [
                each.model_copy(update={"day": CLOSE.replace(year=2027), "happened_on": each.day}) for each in shuffled
            ]
            decisions = [kind for kind in kinds if kind.value in ("prosecuted", "settled", "disposition taken back")]
            wins = decisions[-1] if decisions and decisions[-1].value != "disposition taken back" else None
            assert last_decision(in_order) == last_decision(shuffled) == last_decision(late) == wins, kinds
            closed = is_closed_by_the_page(in_order)
            assert closed_on(shuffled, date(2030, 1, 1)) == closed, kinds
            assert closed_on(late, date(2030, 1, 1)) == (closed and reported), kinds
            told, answers[wins], answers[closed is None] = told + 1, answers[wins] + 1, answers[closed is None] + 1
    assert told == 1 + 7 + 49 + 343 + 2401
    assert min(answers.values()) > 500, answers


def test_p5_nypd_2021_a_class_nobody_knows_is_kept_by_the_schedule_and_its_copy_goes_like_any() -> None:
    facts = a_misdemeanor(event(CaseEventKind.SETTLED), offenses=(Offense(name="something new"),))
    assert end_of_schedule(facts, SCHEDULE, date(2126, 1, 1)) == (UNCLASSED, None)
    assert decide_retention(facts, SCHEDULE, (), CLOSE).purge_on == CLOSE + timedelta(days=400)


def test_p5_nypd_2021_what_is_dated_in_the_future_has_not_happened() -> None:
    today = date(2026, 6, 1)
    future = event(CaseEventKind.SETTLED, date(2999, 1, 1))
    assert closed_on((future,), today) is None
    far = decide_retention(
        a_misdemeanor(future, made_on=date(9999, 12, 31), born=date(3000, 1, 1)), SCHEDULE, (), today
    )
    assert far.purge_on == today + timedelta(days=400)
    child = RecordFacts((Offense(name="offence against a child"),), CLOSE, youngest_child_born=date.max)
    assert end_of_schedule(child, SCHEDULE, today)[1] is None
    assert end_of_schedule(child, SCHEDULE, date.max)[1] == date.max


def test_p5_nypd_2021_a_copy_never_outlives_its_class() -> None:
    violation = a_misdemeanor(event(CaseEventKind.SETTLED), offenses=(Offense(grade=ChargeClass.VIOLATION),))
    retention = decide_retention(violation, SCHEDULE, (), CLOSE)
    assert (retention.purge_on, retention.reason) == (date(2027, 3, 1), DueReason.SCHEDULE)


def test_p5_jud_89_2_official_copies_are_purged_by_no_clock_of_ours() -> None:
    official = OfficeRetention(copy_rule=CopyRule(status=CopyStatus.OFFICIAL)).applied_to(SCHEDULE)
    facts = a_misdemeanor(event(CaseEventKind.SETTLED))
    for years in range(100):
        today = date(CLOSE.year + years, 3, 1)
        assert decide_retention(facts, official, (), today).purge_on is None


def test_p5_nypd_2021_the_counsel_of_an_office_changes_a_rule_through_its_file() -> None:
    changed = OfficeRetention.model_validate(
        {
            "copy": {"days": "90", "source": "memo 7"},
            "classes": [
                {"name": "misdemeanor", "grades": ["misdemeanor"], "keep": [{"years": "0"}], "source": "memo 8"}
            ],
            "holds": {"foil": {"days_after_end": "45", "source": "memo 9"}},
        }
    ).applied_to(SCHEDULE)
    settled = a_misdemeanor(event(CaseEventKind.SETTLED))
    assert decide_retention(settled, changed, (), CLOSE).purge_on == CLOSE
    assert decide_retention(a_misdemeanor(), changed, (), CLOSE).purge_on == CLOSE + timedelta(days=90)
    assert changed.holds[HoldKind.FOIL].days_after_end == 45
    assert changed.holds[HoldKind.LITIGATION].years_after_end == 1
    assert all(rule.source for rule in changed.classes)


def test_p5_nypd_2021_ninety_years_after_birth_wait_for_five_years_without_an_arrest_and_death_comes_first() -> None:
    file = RecordFacts((Offense(name="personal file"),), CLOSE, born=date(1950, 5, 6))
    today = date(2140, 1, 1)
    assert end_of_schedule(file, SCHEDULE, today)[1] == date(2040, 5, 6)
    late = file._replace(last_arrested_on=date(2038, 1, 2))
    assert end_of_schedule(late, SCHEDULE, today)[1] == date(2043, 1, 2)
    dead = late._replace(died_on=date(2030, 7, 8))
    assert end_of_schedule(dead, SCHEDULE, today)[1] == date(2035, 7, 8)


def a_hold(kind: HoldKind, **facts: Any) -> Hold:
    usual = {"hold_id": "h1", "office_id": "kings", "reason": "counsel asks", "placed_by": "ada@da.example.gov"}
    return Hold(kind=kind, placed_at=datetime(2026, 1, 1, tzinfo=UTC), **usual | facts)


ENDED = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("hold", "last_day"),
    [
        (a_hold(HoldKind.CASE), None),
        (a_hold(HoldKind.CASE, ended_on=ENDED), ENDED),
        (a_hold(HoldKind.AUDIT, ended_on=ENDED), ENDED),
        (a_hold(HoldKind.LITIGATION), None),
        (a_hold(HoldKind.LITIGATION, ended_on=ENDED), date(2027, 5, 1)),
        (a_hold(HoldKind.FOIL), None),
        (a_hold(HoldKind.FOIL, ended_on=ENDED), date(2026, 5, 31)),
        (a_hold(HoldKind.FOIL, ended_on=ENDED, appealed_on=date(2026, 5, 20)), None),
        (
            a_hold(HoldKind.FOIL, ended_on=ENDED, appealed_on=date(2026, 5, 20), appeal_decided_on=date(2026, 6, 9)),
            date(2026, 6, 9),
        ),
    ],
)
def test_p13_lgs_1_a_hold_of_each_kind_ends_by_its_own_rule_and_wins_until_then(
    hold: Hold, last_day: date | None
) -> None:
    rule = SCHEDULE.holds[hold.kind]
    assert last_day_of(hold, rule) == last_day
    facts = a_misdemeanor(made_on=date(2020, 1, 1))
    for today in (ENDED, date(2026, 5, 31), date(2026, 6, 9), date(2027, 5, 1), date(2126, 1, 1)):
        is_held = decide_retention(facts, SCHEDULE, (hold,), today).reason is DueReason.HELD
        assert is_held == is_in_force(hold, rule, today) == (last_day is None or today <= last_day)


def decided(outcome: ChargeOutcome | None, statute: str = "") -> Charge:
    disposition = Disposition(outcome=outcome, statute=statute) if outcome else None
    return Charge(statute="PL 155.30", charge_class=ChargeClass.FELONY, disposition=disposition)


def test_p5_nypd_2021_a_case_closes_only_when_every_charge_is_decided_for_good() -> None:
    def kinds(*charges: Charge) -> list[CaseEventKind]:
        arrest = an_arrest(charges=charges, kind=EventKind.DISPOSITION, event_on=CLOSE)
        return [event.kind for event in events_of(arrest, SCHEDULE, CLOSE)]

    assert kinds(decided(ChargeOutcome.DISMISSED), decided(None)) == []
    assert kinds(decided(ChargeOutcome.DISMISSED), decided(ChargeOutcome.ADJOURNED)) == []
    assert kinds(decided(ChargeOutcome.DISMISSED), decided(ChargeOutcome.ACQUITTED)) == [CaseEventKind.SETTLED]
    assert kinds(decided(ChargeOutcome.DISMISSED), decided(ChargeOutcome.CONVICTED)) == [CaseEventKind.PROSECUTED]
    assert kinds() == []
    assert kinds(decided(ChargeOutcome.VACATED)) == [CaseEventKind.TAKEN_BACK], "CPL 160.50(3): it is no judgment"
    assert kinds(decided(ChargeOutcome.VACATED), decided(None)) == [CaseEventKind.TAKEN_BACK]
    assert kinds(decided(ChargeOutcome.VACATED), decided(ChargeOutcome.CONVICTED)) == [], "the other one stands"
    assert set(SCHEDULE.outcomes) == set(ChargeOutcome), "each outcome has its line"


def test_p5_nypd_2021_the_class_is_that_of_the_charge_at_the_disposition() -> None:
    plea = decided(ChargeOutcome.PLEADED_TO_LESSER, "PL 150.05")
    offense = facts_of(an_arrest(charges=(plea,)), CLOSE, CLOSE, (), SCHEDULE).offenses[0]
    assert SCHEDULE.class_of(offense).name == "arson in the fourth degree"


@pytest.mark.parametrize(
    ("kind", "end", "needs"),
    [
        (HoldKind.CASE, {"ended_on": ENDED}, False),
        (HoldKind.CASE, {"ended_on": date(2026, 4, 30)}, True),
        (HoldKind.LITIGATION, {"ended_on": date(2020, 1, 1)}, True),
        (HoldKind.FOIL, {"ended_on": ENDED}, False),
        (HoldKind.FOIL, {"ended_on": ENDED, "appealed_on": ENDED}, False),
        (HoldKind.FOIL, {"ended_on": ENDED, "appealed_on": ENDED, "appeal_decided_on": ENDED}, True),
    ],
)
def test_p13_lgs_1_an_end_of_the_past_or_before_its_rule_allows_takes_two_people(
    kind: HoldKind, end: dict[str, Any], needs: bool
) -> None:
    asked = HoldEnd.model_validate(end | {"reason": "it is over"})
    assert needs_second_person(a_hold(kind), asked, SCHEDULE.holds[kind], ENDED) is needs
    after = decide_end(
        a_hold(kind), asked, SCHEDULE.holds[kind], "rita@da.example.gov", datetime(2026, 5, 1, tzinfo=UTC), ENDED
    )
    assert (after.proposed_end is not None, after.ended_on) == ((True, None) if needs else (False, ENDED))


def test_p13_lgs_1_a_day_that_a_hold_has_already_is_not_asked_about_again() -> None:
    rule = SCHEDULE.holds[HoldKind.FOIL]
    answered = a_hold(HoldKind.FOIL, ended_on=ENDED)
    appealed_on = ENDED + timedelta(days=20)
    appeal = HoldEnd(ended_on=ENDED, reason="appealed", appealed_on=appealed_on)
    assert not needs_second_person(answered, appeal, rule, appealed_on)
    assert needs_second_person(answered, appeal, rule, appealed_on + timedelta(days=1)), "it was told a day late"


def test_cjis_au_11_at_4_what_the_stores_keep_by_themselves_is_shown_as_fixed_and_no_file_changes_it() -> None:
    rules = [
        {"name": name, "named": [name], "keep": [{"years": "40", "after": "made"}], "source": "memo 8"}
        for name in ("audit", "training")
    ]
    changed = OfficeRetention.model_validate({"classes": rules}).applied_to(SCHEDULE)
    assert [rule.name for rule in changed.classes if not rule.changeable] == ["audit", "training"]
    assert changed.classes == SCHEDULE.classes
    shortest = {rule.name: min(keep.years or 0 for keep in rule.keep) for rule in changed.classes}
    assert timedelta(days=shortest["audit"] * 365 + 1) <= AUDIT_KEPT
    assert timedelta(days=shortest["training"] * 365 + 1) <= RECORDS_OF_TRAINING
