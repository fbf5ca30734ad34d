"""What somebody must see to is told to the people it concerns: once, reminded, and called over."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.incidents.agency_conditions import AgencyReads
from shared.alerts.incidents.sweep import IncidentDeps, tell_of_agencies, tell_of_watches
from shared.alerts.incidents.unreached_table import UnreachedTable
from shared.arrests.disputed import ArrestFact
from shared.arrests.seals.lock import SealLock, answered
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.synthetic import CANARY
from shared.aws.rounds import RoundsTable
from shared.disputes.decide import correction_notices, with_hidden, without_texts
from shared.feeds.copies.bucket import file_check
from shared.feeds.drops.decide import DropAction, DropDecisionDeps, decide_drop
from shared.offices.agreements import OfficeAgreements
from shared.offices.preferences import Preferences
from shared.offices.users import Right
from shared.words.moments import day_text
from tests.alerts.delivery.conftest import ADA, Post
from tests.breaches.cases import a_breach
from tests.builders import NAME_WATCH, NOW, SID_WATCH, a_user, an_arrest, an_office
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import a_dispute, no_disputes
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import PROFILE, a_drop, a_row
from tests.office_api.governed import GOVERNANCE
from tests.offices.test_agreements import an_agreement

DESK, RECORDS, BO = "desk@da.example.gov", "records@police.testville.example", "bo@da.example.gov"
WITH_CONTACT = PROFILE + f"contacts: {RECORDS}\nrhythm: {{hours: 24, records: 20}}\n"
FLOOD = a_drop(*(a_row(number) for number in range(101)))


class Alarm:
    """An office that runs the feed of `testville`, with its post, its feeds and the sweeps."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.post, self.feeds = tables, Post(tables), Feeds(tables, testville=WITH_CONTACT)
        self.enrol(contact=DESK, agencies=("testville",))
        tables.agencies.enrol("testville", WITH_CONTACT)
        self.sending: tuple[str, ...] = ()
        reads = AgencyReads(tables.drops, tables.agencies, LocksTable(tables.client, "Agencies"))
        self.deps = IncidentDeps(
            tables.offices, tables.subscriptions, tables.people, tables.alerts, self.post.queue.extend,
            reads.conditions, reads.contacts_of, lambda: self.sending,
            UnreachedTable(tables.client, "Subscriptions"), RoundsTable(tables.client, "Subscriptions"),
        )  # fmt: skip

    def enrol(self, office_id: str = "kings", **facts: Any) -> None:
        self.tables.offices.enrol(an_office(office_id, **{"governance": GOVERNANCE} | facts))

    def agrees(self, *agreements: Any, office_id: str = "kings") -> None:
        before = self.tables.subscriptions.agreements.of(office_id)
        after = OfficeAgreements(office_id=office_id, agreements=agreements, revision=before.revision + 1)
        self.tables.subscriptions.agreements.save(after)

    def sweeps(self, now: datetime, times: int = 2) -> list[tuple[str, str]]:
        """Address and subject of each mail that the sweeps send, which run so many times."""
        self.post.now, self.post.mails = now, []
        for _ in range(times):
            tell_of_agencies(self.deps, now)
            tell_of_watches(self.deps, now)
        self.post.work()
        return sorted(self.post.sent_subjects())

    def texts(self) -> Iterable[str]:
        return [message.text for _, message, _ in self.post.mails]


@pytest.fixture
def alarm(tables: Tables) -> Alarm:
    return Alarm(tables)


def later(**time: float) -> datetime:
    return NOW + timedelta(**time)


def test_tf4_a_silent_agency_and_the_office_hear_of_it_are_reminded_and_hear_when_it_is_over(alarm: Alarm) -> None:
    alarm.tables.drops.await_next("testville", later(hours=-1))

    first = alarm.sweeps(NOW)

    assert first == [(DESK, "Testville is silent"), (RECORDS, "We did not get your file")]
    assert all("WHAT TO DO" in text and "BY WHEN" in text for text in alarm.texts())
    reminded = [days for days in range(1, 40) if alarm.sweeps(later(days=days))]
    assert reminded == [1, 3, 7, 14, 21, 28, 35]
    alarm.tables.drops.await_next("testville", later(days=60))
    over = alarm.sweeps(later(days=40))
    assert over == [(DESK, "Over: Testville sends again"), (RECORDS, "Over: Testville sends again")]
    assert alarm.sweeps(later(days=41)) == []
    assert len(alarm.sweeps(later(days=61))) == 2, "silent anew is another occurrence"


def test_tf4_without_a_contact_the_super_owners_hear_and_other_offices_only_if_it_concerns_them(alarm: Alarm) -> None:
    alarm.enrol(contact="somebody@elsewhere.example", agencies=("testville",))
    alarm.tables.users.add(a_user(BO, rights=frozenset({Right.SUPER_OWNER})))
    alarm.tables.users.add(a_user(ADA))
    for office_id in ("queens", "bronx"):
        alarm.enrol(office_id, contact=f"desk@{office_id}.example.gov", allowed_domains=(f"{office_id}.example.gov",))
    alarm.agrees(an_agreement("testville", ends=date(2027, 12, 31)), office_id="queens")
    alarm.tables.drops.await_next("testville", later(hours=-1))

    told = alarm.sweeps(NOW)

    assert [address for address, _ in told] == [BO, "desk@queens.example.gov", RECORDS]


def test_tf4_an_agency_that_nobody_runs_concerns_every_office_that_is_open_to_it(alarm: Alarm) -> None:
    alarm.enrol(contact=DESK)
    domain = "queens.example.gov"
    alarm.enrol("queens", only_by_agreement=True, contact=f"desk@{domain}", allowed_domains=(domain,))
    alarm.tables.drops.await_next("testville", later(hours=-1))
    alarm.tables.drops.await_next("pat-example", later(hours=-1))  # a folder that is not enrolled, of any name

    assert [address for address, _ in alarm.sweeps(NOW)] == [DESK, RECORDS]


def test_tf4_a_file_that_could_not_be_read_is_told_and_over_once_the_agency_sends_a_good_one(alarm: Alarm) -> None:
    alarm.feeds.take_in(alarm.feeds.drop(b"no,header\n", "testville/in/Example, Pat.csv"))

    told = alarm.sweeps(NOW)

    assert told == [(DESK, "1 file of Testville refused"), (RECORDS, "1 file of Testville refused")]
    assert all("code of the receipt: header" in text and "Pat" not in text for text in alarm.texts())
    alarm.feeds.take_in(alarm.feeds.drop(a_drop(a_row(1, Date="soon")), "testville/in/tuesday.csv"))  # rejected whole
    assert alarm.sweeps(NOW + timedelta(hours=1)) == [], "no more than one mail a day"
    assert alarm.sweeps(later(days=2))[0] == (DESK, "2 files of Testville refused")
    alarm.feeds.take_in(alarm.feeds.drop(a_drop(a_row(1)), "testville/in/wednesday.csv"))
    over = alarm.sweeps(later(days=2, hours=1))
    assert over == [(address, "Over: files of Testville can be read again") for address in (DESK, RECORDS)]
    assert alarm.tables.drops.attention.all()["testville"].refused == frozenset()


def test_tf4_a_file_of_which_some_rows_were_rejected_is_told_to_those_who_can_correct_it(alarm: Alarm) -> None:
    domain = "queens.example.gov"
    alarm.enrol("queens", contact=f"desk@{domain}", allowed_domains=(domain,))
    alarm.agrees(an_agreement("testville", ends=date(2027, 12, 31)), office_id="queens")
    monday = a_drop(a_row(1), a_row(2, Last="Quillfeather", Date="soon"))
    alarm.feeds.take_in(alarm.feeds.drop(monday, "testville/in/Example, Pat.csv"))

    told = alarm.sweeps(NOW)

    assert told == [(DESK, "Rows of Testville rejected"), (RECORDS, "Rows of Testville rejected")]
    assert not any("Pat" in text or "uillfeather" in text for text in alarm.texts())
    assert any("testville/rejects/" in text for text in alarm.texts())
    alarm.feeds.take_in(alarm.feeds.drop(a_drop(a_row(2)), "testville/in/tuesday.csv"))
    over = alarm.sweeps(later(hours=1))
    title = "Over: Testville has sent a file since its rows were rejected"
    assert over == [(address, title) for address in (DESK, RECORDS)]
    assert alarm.tables.drops.attention.all()["testville"].partly == frozenset()


def test_correction_law_149_a_missed_deadline_is_told_to_the_sender_and_to_whoever_runs_the_feed(alarm: Alarm) -> None:
    alarm.enrol("queens", contact="desk@queens.example.gov", allowed_domains=("queens.example.gov",))
    alarm.agrees(an_agreement("testville", ends=date(2027, 12, 31)), office_id="queens")
    receipt = alarm.feeds.take_in(alarm.feeds.drop(a_drop(a_row(1)), "testville/in/releases.csv"))
    alarm.tables.drops.record_receipt(receipt.model_copy(update={"late_releases": 1}))

    told = alarm.sweeps(NOW)

    title = "Releases that Testville announced too late"
    assert told == [(DESK, title), (RECORDS, title)]
    assert any("at least 48 hours" in text for text in alarm.texts())
    assert alarm.tables.drops.attention.all()["testville"].late == {receipt.drop_id}


def test_tf4_a_held_file_is_told_until_somebody_decides(alarm: Alarm) -> None:
    receipt = alarm.feeds.take_in(alarm.feeds.drop(FLOOD))

    assert alarm.sweeps(NOW) == [(address, "1 file of Testville on hold") for address in (DESK, RECORDS)]
    assert any("/console/agencies/testville\n" in text for text in alarm.texts())
    record = alarm.tables.drops.find("testville", receipt.drop_id)
    assert record
    deciding = DropDecisionDeps(
        alarm.tables.drops, lambda _: None, file_check(alarm.feeds.s3, "feeds", alarm.feeds.copies)
    )
    decide_drop(record, DropAction.RELEASE, BO, deciding, NOW)
    over = alarm.sweeps(later(hours=1))
    assert over == [(address, "Over: no file of Testville is on hold any more") for address in (DESK, RECORDS)]


def test_tf4_an_agreement_is_told_45_14_and_1_days_before_its_end_and_when_it_has_ended(alarm: Alarm) -> None:
    ends = date(2027, 3, 1)
    alarm.agrees(an_agreement("testville", ends=ends))

    told = {day: mails for day in range(40, 120) if (mails := alarm.sweeps(later(days=day)))}

    days = {(NOW.date() + timedelta(days=day) - ends).days: mails for day, mails in told.items()}
    assert list(days) == [-45, -14, -1, 1, 8]
    assert days[-45] == [
        (address, f"The agreement with Testville ends on {day_text(ends)}") for address in (DESK, RECORDS)
    ]
    assert days[1] == [(address, "The agreement with Testville has ended") for address in (DESK, RECORDS)]
    alarm.agrees(
        an_agreement("testville", ends=ends),
        an_agreement("testville", reference="MOU-2", starts=ends, ends=date(2029, 1, 1)),
    )
    over = alarm.sweeps(later(days=121))
    assert over == [(address, "Over: the agreement with Testville goes on") for address in (DESK, RECORDS)]


def test_tf4_an_agreement_that_another_one_follows_is_told_to_nobody(alarm: Alarm) -> None:
    alarm.agrees(
        an_agreement("testville", ends=NOW.date()),
        an_agreement("testville", reference="MOU-2", starts=NOW.date() + timedelta(days=1), ends=date(2029, 1, 1)),
    )
    assert alarm.sweeps(NOW) == []


def test_p6_the_liaisons_of_an_agreement_hear_before_it_ends(alarm: Alarm) -> None:
    alarm.agrees(
        an_agreement("testville", ends=NOW.date(), office_liaison=BO, agency_liaison="captain@testville.example")
    )
    assert [address for address, _ in alarm.sweeps(NOW)] == sorted([BO, DESK, RECORDS, "captain@testville.example"])


def test_p6_an_office_that_is_open_without_agreements_hears_once_which_agencies_it_has_none_with(alarm: Alarm) -> None:
    alarm.enrol(contact=DESK)
    alarm.sending = ("testville", "lakeside")
    alarm.agrees(an_agreement("testville", ends=date(2028, 12, 31)))

    assert alarm.sweeps(NOW) == [(DESK, "1 agency sends you arrests without an agreement")]
    assert "Lakeside" in "".join(alarm.texts())
    assert not any(alarm.sweeps(later(days=days)) for days in (1, 3, 7, 40)), "once"
    alarm.sending = ("testville", "lakeside", "shoreham")
    assert alarm.sweeps(later(days=41)) == [(DESK, "2 agencies send you arrests without an agreement")]
    alarm.enrol(contact=DESK, only_by_agreement=True)
    assert alarm.sweeps(later(days=42)) == [(DESK, "Over: every agency that sends you arrests has an agreement")]


def test_the_office_of_the_canary_hears_nothing_of_the_agreements_of_real_agencies(alarm: Alarm) -> None:
    alarm.enrol(CANARY, contact="canary@da.example.gov")
    alarm.agrees(an_agreement("testville", ends=date(2028, 12, 31)))
    alarm.sending = ("testville",)
    assert alarm.sweeps(NOW) == []


def test_tf4_an_office_that_it_concerns_no_more_gets_no_all_clear_while_it_lasts(alarm: Alarm) -> None:
    alarm.tables.drops.await_next("testville", later(hours=-1))
    alarm.agrees(an_agreement("testville", ends=NOW.date()))
    assert len(alarm.sweeps(NOW)) == 4
    alarm.enrol(contact=DESK, agencies=("testville",), suspended=True)
    assert alarm.sweeps(later(days=1)) == []
    alarm.enrol("queens", agencies=("testville",), contact="desk@queens.example.gov")
    alarm.enrol(contact=DESK)
    told = alarm.sweeps(later(days=2))
    assert not [subject for _, subject in told if subject.startswith("Over")]


def test_tf4_a_sweep_that_died_after_the_mail_was_stored_tells_nobody_twice(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm.tables.drops.await_next("testville", later(hours=-1))

    def die(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(alarm.tables.alerts.incidents, "save", die)
        with pytest.raises(RuntimeError):
            alarm.sweeps(NOW)
    alarm.post.work()
    first = len(alarm.post.mails)
    assert first + len(alarm.sweeps(later(hours=1))) == 2


def watched(alarm: Alarm, criterion: dict[str, Any] = SID_WATCH, **facts: Any) -> None:
    alarm.post.watch({"email": facts.get("owner", ADA)}, criterion=criterion, **facts)


def test_tf1_a_watch_whose_reader_is_gone_is_told_to_deputy_and_contact_the_same_day(alarm: Alarm) -> None:
    for email in (ADA, BO):
        alarm.tables.users.add(a_user(email))
    alarm.tables.people.save("kings", ADA, Preferences(deputy=BO))
    watched(alarm)
    watched(alarm, NAME_WATCH)
    assert alarm.sweeps(NOW) == []
    user = alarm.tables.users.find("kings", ADA)
    assert user
    alarm.tables.users.change(user, user.model_copy(update={"deprovisioned_at": NOW, "revision": user.revision + 1}))
    alarm.post.now = NOW
    alarm.post.happens(an_arrest())

    assert alarm.sweeps(later(hours=5)) == [], "the next round has not begun"
    told = alarm.sweeps(later(hours=6))

    assert told == [(BO, "2 watches reach nobody"), (DESK, "2 watches reach nobody")]
    said = "everybody is refused. An arrest matched it on Fri, Nov 20, 2026, and nobody was told"
    assert all(said in text for text in alarm.texts())
    assert alarm.sweeps(later(hours=12)) == [], "one mail a day and person, however many arrests match"
    assert [days for days in range(1, 9) if alarm.sweeps(later(days=days))] == [1, 3, 7]


def test_tf1_the_owner_hears_when_the_colleague_whom_the_watch_notifies_is_gone_or_bounces(alarm: Alarm) -> None:
    alarm.tables.users.add(a_user(ADA))
    alarm.post.watch({"email": BO}, criterion=SID_WATCH, owner=ADA)
    alarm.post.watch({"email": ADA}, criterion=NAME_WATCH, owner=ADA)
    alarm.tables.alerts.suppression_list.add("email", BO, "bounced", NOW)

    assert alarm.sweeps(NOW) == [(address, "1 watch reaches nobody") for address in (ADA, DESK)]
    assert any("no address works" in text for text in alarm.texts())
    alarm.tables.alerts.suppression_list.remove("email", BO)
    over = alarm.sweeps(later(hours=6))
    assert over == [(address, "Over: every watch reaches somebody again") for address in (ADA, DESK)]


def test_p10_who_decides_hears_of_a_dispute_again_when_it_is_late_and_when_it_is_over(alarm: Alarm) -> None:
    alarm.enrol(contact=DESK)
    alarm.tables.users.add(a_user(BO, rights=frozenset({Right.PRIVACY})))
    disputes, empty = alarm.tables.subscriptions.disputes, no_disputes()
    stored = empty.with_dispute(a_dispute(stored=empty, received_on=NOW.date()))
    disputes.save(stored)

    assert alarm.sweeps(NOW) == [(BO, "1 dispute waits for a decision")]
    [text] = alarm.texts()
    assert "Example" not in text.replace("example", ""), "no name of a person"
    reminded = [days for days in range(1, 20) if alarm.sweeps(later(days=days))]
    assert reminded == [1, 3, 7, 14, 16], "on the first day that is late, too"
    disputes.save(without_texts(stored, NOW).model_copy(update={"revision": 2}))
    assert alarm.sweeps(later(days=20)) == [(BO, "Over: no dispute waits for a decision")]


def test_cpl_160_50_nobody_is_reminded_of_a_dispute_while_a_seal_locks_its_arrest_and_is_told_when_it_does_no_more(
    alarm: Alarm,
) -> None:
    alarm.enrol(contact=DESK)
    alarm.tables.users.add(a_user(BO, rights=frozenset({Right.PRIVACY})))
    disputes, empty = alarm.tables.subscriptions.disputes, no_disputes()
    stored = empty.with_dispute(a_dispute(stored=empty, received_on=NOW.date()))
    disputes.save(stored)
    locked = with_hidden(stored, hidden=True).model_copy(update={"revision": 2})
    disputes.save(locked)
    assert [alarm.sweeps(later(days=days)) for days in range(3)] == [[], [], []]
    disputes.save(with_hidden(locked, hidden=False).model_copy(update={"revision": 3}))
    assert alarm.sweeps(later(days=20)) == [(BO, "1 dispute waits for a decision")]
    assert any("late" in text for text in alarm.texts()), "its clock ran on"


def test_pa_9114_a_recipient_who_is_not_told_in_time_is_told_of_to_the_office(alarm: Alarm) -> None:
    alarm.enrol(contact=DESK)
    [notice] = correction_notices([a_disclosure("crime")], "a" * 32, "content", {ArrestFact.NAME}, NOW.date(), NOW)
    alarm.tables.subscriptions.disputes.add_notice(notice)

    assert alarm.sweeps(NOW) == [(DESK, "1 recipient must be told of a correction")]
    assert alarm.sweeps(later(days=1)) == [(DESK, "1 recipient must be told of a correction")]
    assert all("late, it was due by" in text for text in alarm.texts())


def test_cjis_ir_6_the_privacy_officer_hears_of_a_breach_and_of_each_step_that_is_late(alarm: Alarm) -> None:
    alarm.enrol(contact=DESK)
    alarm.tables.users.add(a_user(BO, rights=frozenset({Right.PRIVACY})))
    alarm.tables.subscriptions.breaches.save(a_breach(discovered_at=later(hours=-2)))

    assert alarm.sweeps(NOW) == [(BO, "A breach: 2 steps are to be taken")]
    [text] = alarm.texts()
    assert "Late: it was due by" in text
    assert "court room" not in text, "what happened is read behind the sign-in"


def test_p4_whose_seals_name_no_statute_is_asked_reminded_and_told_when_it_is_over(alarm: Alarm) -> None:
    locks = LocksTable(alarm.tables.client, "Agencies")
    lock = SealLock(lock_id="a" * 32, agency="testville", keys=("b" * 32,), number="T-7", drop_id="d", locked_at=NOW)
    locks.store(lock)
    asked = "Seals of Testville name no statute"
    assert alarm.sweeps(later(hours=1)) == [(DESK, asked), (RECORDS, asked)]
    text = "\n".join(alarm.texts())
    assert "T-7" not in text, "no number of an arrest is mailed"
    assert "seal_statute" in text
    assert alarm.sweeps(later(hours=2)) == []
    assert [subject for _, subject in alarm.sweeps(later(days=1, hours=2))] == [asked, asked]
    for weeks in (5, 30):
        assert alarm.sweeps(later(weeks=weeks)), "for as long as it takes"
    locks.store(answered(lock, "CPL 160.50", later(weeks=31)))
    over = "Over: every seal of Testville has its statute"
    assert alarm.sweeps(later(weeks=31)) == [(DESK, over), (RECORDS, over)]
