"""One custody, told by two agencies: one number, one thread, the second alert an update that names both.

Each alert stands by the record of its own agency."""

import itertools
from datetime import date

import pytest

from shared.alerts.model import Alert
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.model import Arrest, Provenance
from shared.arrests.person import Identifier, IdentifierKind
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.offices.agreements import OfficeAgreements
from tests.alerts.delivery.conftest import ADA, Post
from tests.builders import NAME_WATCH, PSEUDONYMS, a_user, an_arrest, an_office
from tests.conftest import Tables
from tests.offices.test_agreements import an_agreement

POLICE = an_arrest("K-1", agency="nypd")
JAIL = an_arrest("B-7", agency="county-jail", statutes=("PL 120.10",))
# A seal reaches only reports that give the date of birth; the alerts of this one are linked all the same.
BORN_UNKNOWN = an_arrest("B-7", agency="county-jail", statutes=("PL 120.10",), born=None)


@pytest.fixture
def post(tables: Tables) -> Post:
    tables.offices.enrol(an_office())
    tables.users.add(a_user(ADA))  # who may be told in full
    return Post(tables)


def alerts_of(tables: Tables) -> dict[str, Alert]:
    """By agency."""
    items = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
    stored = [tables.alerts.find(item["alert_id"]["S"]) for item in items]
    return {alert.agency: alert for alert in stored if alert}


def subjects(post: Post) -> list[str]:
    return [message.subject for _, message, _ in post.mails]


@pytest.mark.parametrize(("first", "second"), [(POLICE, JAIL), (JAIL, POLICE)])
def test_f15_the_second_agency_brings_an_update_that_names_both(post: Post, first: Arrest, second: Arrest) -> None:
    post.watch()
    for arrest in (first, second):
        post.happens(arrest)
        post.work()
    alerts = alerts_of(post.tables)
    number = alerts[first.agency].short_number
    assert alerts[second.agency].number == alerts[first.agency].number
    assert subjects(post) == [
        f"Arrest alert {number}",
        f"Update to arrest alert {number}: another agency reports it too",
    ]
    earlier, later = (message for _, message, _ in post.mails)
    assert "NYPD" in later.text
    assert "County Jail" in later.text
    assert earlier.headers["References"] == later.headers["References"]
    found = post.tables.alerts.numbered("kings", number)
    assert {alert.agency for alert in found} == {"nypd", "county-jail"}


def test_both_in_one_batch_and_sent_again_are_one_number(post: Post) -> None:
    post.watch()
    for arrest in (POLICE, JAIL, POLICE, JAIL, JAIL):
        post.happens(arrest)
    post.work()
    assert len(subjects(post)) == 2
    assert len({alert.number for alert in alerts_of(post.tables).values()}) == 1


def test_in_every_order_with_a_crash_before_the_first_alert_is_stored_one_is_the_update_of_the_other(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.offices.enrol(an_office())
    monkeypatch.setattr("shared.alerts.link_custody.back_off", lambda _attempt: None)
    for turn, order in enumerate(itertools.permutations((POLICE, JAIL))):
        post = Post(tables)
        if turn == 0:
            post.watch()
        day = date(2026, 11, 10 + turn)
        first, second = (
            an_arrest(f"{arrest.number}-{turn}", agency=arrest.agency, arrested_on=day) for arrest in order
        )
        post.crashes_before_storing(first)
        for arrest in (second, first, first):
            post.happens(arrest)
        ids = {first.arrest_id, second.arrest_id}
        items = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
        stored = [alert for item in items if (alert := tables.alerts.find(item["alert_id"]["S"]))]
        of_turn = [alert for alert in stored if alert.arrest_id in ids]
        assert (len(of_turn), len({alert.number for alert in of_turn})) == (2, 1)
        assert [alert.custody is None for alert in of_turn].count(True) == 1
        post.work()
        assert sorted(subject.startswith("Update") for subject in subjects(post)) == [False, True]


def test_a_tracking_number_of_both_makes_the_jails_report_of_the_next_day_an_update(post: Post) -> None:
    post.watch(criterion=NAME_WATCH)
    number = Identifier(kind=IdentifierKind.CJTN, value="07011223K", issuer="NY")
    reports = (an_arrest("K-1", sid=None, agency="nypd"), an_arrest("B-7", sid=None, agency="county-jail"))
    for day, report in enumerate(reports, start=19):
        person = report.person.model_copy(update={"identifiers": (number,)})
        post.happens(report.model_copy(update={"person": person, "arrested_on": date(2026, 11, day)}))
        post.work()
    assert [subject.startswith("Update") for subject in subjects(post)] == [False, True]
    assert len({alert.number for alert in alerts_of(post.tables).values()}) == 1


@pytest.mark.parametrize(
    "other",
    [
        an_arrest("B-7", agency="county-jail", sid="99999999Z"),
        an_arrest("B-7", agency="county-jail", arrested_on=date(2026, 11, 18)),
        an_arrest("K-2", agency="nypd"),
    ],
)
def test_another_custody_is_an_alert_of_its_own(post: Post, other: Arrest) -> None:
    post.watch(criterion={"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"})
    post.happens(POLICE)
    post.happens(other)
    post.work()
    assert not any(subject.startswith("Update") for subject in subjects(post))
    assert len({alert.number for alert in alerts_of(post.tables).values()}) == len(alerts_of(post.tables))


def test_a_forged_state_id_links_nothing_to_somebody_elses_arrest(post: Post) -> None:
    post.watch()
    post.happens(POLICE)
    post.happens(an_arrest("B-7", agency="county-jail", surname="Otter", given="Sam", born=date(1981, 9, 28)))
    post.work()
    assert not any("County Jail" in message.text and "NYPD" in message.text for _, message, _ in post.mails)
    assert len({alert.number for alert in alerts_of(post.tables).values()}) == 2


def test_whoever_is_entitled_to_one_agency_does_not_learn_of_the_other(post: Post) -> None:
    over = an_agreement("county-jail", starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    post.tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(over,), revision=1))
    post.watch()
    for arrest in (JAIL, POLICE):
        post.happens(arrest)
    post.work()
    assert set(alerts_of(post.tables)) == {"nypd"}
    assert all("Jail" not in message.text for _, message, _ in post.mails)


def test_an_update_that_waits_names_no_agency_whose_agreement_has_ended_meanwhile(post: Post) -> None:
    post.watch()
    post.happens(JAIL)
    post.work()
    post.happens(POLICE)
    over = an_agreement("county-jail", starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    post.tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(over,), revision=1))
    post.work()
    assert subjects(post)[1].startswith("Arrest alert")
    assert "Jail" not in post.mails[1][1].text


def test_a_seal_of_the_first_takes_back_its_alert_alone_and_the_next_report_stands_for_itself(post: Post) -> None:
    post.watch()
    for arrest in (POLICE, JAIL):
        post.happens(arrest)
    post.work()
    withdraw_alerts(POLICE.arrest_id, WithdrawDeps(post.tables.alerts, post.queue.extend), post.now)
    alerts = alerts_of(post.tables)
    assert alerts["nypd"].withdrawn_at
    assert not alerts["county-jail"].withdrawn_at
    post.happens(an_arrest("S-9", agency="sheriff"))
    post.work()
    assert "NYPD" not in post.mails[-1][1].text


STANDS = "This withdrawal did not reach that agency's record, which you can still read."


def is_sealed(post: Post, arrest: Arrest) -> None:
    """As the feed's seal is applied, and the stream then withdraws the alerts."""
    deps = SealDeps(
        post.tables.seals,
        LocksTable(post.tables.client, "Agencies"),
        UnsealingsTable(post.tables.client, "Agencies"),
        PSEUDONYMS,
    )
    provenance = Provenance(drop_id="seal", dropped_at=post.now)
    seal = Seal(agency=arrest.agency, person=arrest.person, arrested_on=arrest.arrested_on, statute="CPL 160.50")
    applied = apply_seals([seal], arrest.agency, deps, provenance, post.now)
    assert applied.erased == {arrest.arrest_id}
    for arrest_id in sorted(applied.erased | applied.locked):
        withdraw_alerts(arrest_id, WithdrawDeps(post.tables.alerts, post.queue.extend), post.now)
    post.work()


@pytest.mark.parametrize("order", [(POLICE, JAIL), (JAIL, POLICE)])
@pytest.mark.parametrize("sealed", [POLICE, JAIL])
def test_p4_a_seal_by_one_agency_withdraws_the_alerts_of_both_reports(
    post: Post, order: tuple[Arrest, Arrest], sealed: Arrest
) -> None:
    post.watch()
    for arrest in (*order, *order):
        post.happens(arrest)
    post.work()
    is_sealed(post, sealed)
    assert all(alert.withdrawn_at for alert in alerts_of(post.tables).values())
    assert post.tables.arrests.find(POLICE.arrest_id) is None
    assert post.tables.arrests.find(JAIL.arrest_id) is None
    assert [subject.startswith("WITHDRAWN") for subject in subjects(post)[2:]] == [True, True]
    assert all(STANDS not in " ".join(message.text.split()) for _, message, _ in post.mails)


@pytest.mark.parametrize("order", [(POLICE, BORN_UNKNOWN), (BORN_UNKNOWN, POLICE)])
@pytest.mark.parametrize("sealed", [POLICE, BORN_UNKNOWN])
def test_a_seal_that_does_not_reach_the_other_agencys_record_leaves_it_and_says_so(
    post: Post, order: tuple[Arrest, Arrest], sealed: Arrest
) -> None:
    post.watch()
    for arrest in (*order, *order):
        post.happens(arrest)
    post.work()
    is_sealed(post, sealed)
    (other,) = {POLICE.agency, BORN_UNKNOWN.agency} - {sealed.agency}
    assert not alerts_of(post.tables)[other].withdrawn_at
    assert post.tables.arrests.find(sealed.arrest_id) is None
    assert post.tables.arrests.find((BORN_UNKNOWN if sealed is POLICE else POLICE).arrest_id)
    assert subjects(post)[2:] == [
        f"WITHDRAWN: arrest alert {alerts_of(post.tables)[other].short_number}. Do not act on it"
    ]
    assert STANDS in " ".join(post.mails[-1][1].text.split())
    is_sealed(post, BORN_UNKNOWN if sealed is POLICE else POLICE)
    assert STANDS not in " ".join(post.mails[-1][1].text.split())
    assert len(subjects(post)) == 4


def test_a_report_after_the_seal_stands_for_itself_and_what_is_sealed_stays_so_when_sent_again(post: Post) -> None:
    post.watch()
    post.happens(POLICE)
    post.work()
    is_sealed(post, POLICE)
    assert STANDS not in " ".join(post.mails[-1][1].text.split())
    for arrest in (JAIL, POLICE, JAIL):
        post.happens(arrest)
    post.work()
    alerts = alerts_of(post.tables)
    assert (alerts["county-jail"].withdrawn_at, alerts["county-jail"].custody) == (None, None)
    assert post.tables.arrests.find(POLICE.arrest_id) is None
    assert "NYPD" not in post.mails[-1][1].text


def test_a_seal_under_somebody_elses_state_id_says_nothing_of_the_record_that_has_it(post: Post) -> None:
    post.watch()
    forged = an_arrest("B-7", agency="county-jail", surname="Otter", given="Sam", born=date(1981, 9, 28))
    for arrest in (POLICE, forged):
        post.happens(arrest)
    post.work()
    is_sealed(post, forged)
    assert post.tables.arrests.find(POLICE.arrest_id)
    assert not alerts_of(post.tables)["nypd"].withdrawn_at
    assert STANDS not in " ".join(post.mails[-1][1].text.split())


def test_a_withdrawal_tells_of_no_agency_whose_agreement_has_ended(post: Post) -> None:
    post.watch()
    for arrest in (POLICE, JAIL):
        post.happens(arrest)
    post.work()
    over = an_agreement("county-jail", starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    post.tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(over,), revision=1))
    is_sealed(post, POLICE)
    assert STANDS not in " ".join(post.mails[-1][1].text.split())


def test_a_correction_after_which_the_persons_differ_parts_the_two_and_says_so(post: Post) -> None:
    post.watch(criterion={"watch": "person", "surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"})
    for arrest in (POLICE, JAIL):
        post.happens(arrest)
    post.work()
    post.happens(an_arrest("B-7", agency="county-jail", sid="99999999Z"), before=JAIL)
    post.work()
    alerts = alerts_of(post.tables)
    assert alerts["county-jail"].custody is None
    assert alerts["county-jail"].number != alerts["nypd"].number
    assert "NYPD" not in post.mails[-1][1].text


def test_whoever_answers_one_has_answered_both(post: Post) -> None:
    post.watch(urgency="urgent")
    for arrest in (POLICE, JAIL):
        post.happens(arrest)
    alerts = alerts_of(post.tables)
    post.acknowledges(alerts["county-jail"])
    assert post.responses.read([alerts["nypd"].alert_id])[alerts["nypd"].alert_id].acknowledged_by == ADA


def test_no_key_of_a_custody_names_a_person(post: Post) -> None:
    post.watch()
    post.happens(POLICE)
    [item] = [item for item in post.tables.everything_in("Alerts") if item["part"]["S"] == "custody"]
    assert "01234567A" not in repr(item)
    assert "1234567A" not in repr(item)
    assert "2026-11-19" not in item["alert_id"]["S"]
