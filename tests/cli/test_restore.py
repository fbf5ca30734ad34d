"""A table comes back from a point in time, and nothing with it that is sealed, changed, cancelled or purged since."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.cli.main import COMMANDS, main
from functions.cli.restored_items import KINDS, RestoreVerdict
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.juveniles.opening import (
    CourtOrder,
    OpeningDecision,
    OpeningRequest,
    OpeningState,
    decided,
    new_opening,
)
from shared.arrests.juveniles.table import JuvenilesTable
from shared.arrests.model import Arrest, Flag, Provenance
from shared.arrests.retention.case_entry import CaseEntry, CaseEntryKind
from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.unsealing import Unsealing, UnsealingRequest, UnsealingState
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import Version
from shared.disclosures.table import DisclosuresTable
from shared.disputes.model import ArrestDisputes
from shared.disputes.table import DisputesTable
from shared.feeds.drops.model import Drop
from shared.matching.agency_reference_table import NAMES, AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import AgencyNameCounts
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.case_entries_table import CaseEntriesTable
from shared.retention.certificate import Certificates, PurgeCertificate
from shared.retention.holds_table import HoldsTable
from tests.builders import A_KEY, NAME_WATCH, NOW, PSEUDONYMS, a_subscription, a_user, an_arrest, an_office, discard
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure
from tests.records_requests.test_decide import a_request

OUTPUTS = {
    f"{noun}Table": noun for noun in ("Arrests", "Juveniles", "Subscriptions", "Offices", "Alerts", "Audit", "Agencies")
}
Restore = Callable[..., dict[str, int]]
DROP = Provenance(drop_id="d", dropped_at=NOW)
NUMBERS = ("K-1", "K-2", "K-3", "K-4")


@pytest.fixture
def deployed(tables: Tables) -> Tables:
    for table in OUTPUTS.values():
        tables.client.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    boto3.client("secretsmanager").create_secret(Name="pseudonyms", SecretString=A_KEY.decode())
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    boto3.client("s3").create_bucket(Bucket="audit")
    apart = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    outputs = OUTPUTS | {
        "PseudonymSecretArn": "pseudonyms", "KeyArn": key, "JuvenilesKeyArn": apart, "AuditBucket": "audit",
    }  # fmt: skip
    lines = "".join(f'  {name}: {{Value: "{value}"}}\n' for name, value in outputs.items())
    template = f"Resources: {{Nothing: {{Type: AWS::SNS::Topic}}}}\nOutputs:\n{lines}"
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=template)
    return tables


@pytest.fixture
def moment(deployed: Tables, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """Restores a table as it is now, under the name that is returned. moto's restored table is a copy."""

    def restored(table: str) -> str:
        assert main(["restore", "--stack", "here", table, "--to", datetime.now(UTC).isoformat()]) == 0
        return capsys.readouterr().out.split()[0]

    return restored


@pytest.fixture
def restore(deployed: Tables, capsys: pytest.CaptureFixture[str]) -> Restore:
    def restore(table: str, restored: str, *, apply: bool = True) -> dict[str, int]:
        """Returns how many items got each verdict."""
        words = ["restore", "--stack", "here", table, "--from", restored, *(["--apply"] if apply else [])]
        assert main(words) == 0
        lines = capsys.readouterr().out.splitlines()[: len(RestoreVerdict)]
        counted = (line.strip().split(" ", 1) for line in lines)
        return {verdict: int(number) for number, verdict in counted if number != "0"}

    return restore


def lose(tables: Tables, table: str, *kept: str) -> None:
    """Everything of a table is gone, but the items under these keys."""
    [key] = [name for kind in KINDS.values() if kind.output == f"{table}Table" for name in kind.key[:1]]
    names = next(kind.key for kind in KINDS.values() if kind.output == f"{table}Table")
    for item in tables.client.scan(TableName=table)["Items"]:
        if item[key]["S"] not in kept:
            tables.client.delete_item(TableName=table, Key={name: item[name] for name in names})


def seal(tables: Tables, number: str, statute: str = "CPL 160.50") -> None:
    deps = SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )
    apply_seals([Seal(agency="roster", number=number, statute=statute)], "roster", deps, DROP, NOW)


def purged(**hashes: tuple[str, ...]) -> None:
    today = datetime.now(UTC)
    certificate = PurgeCertificate(
        day=today.date(), purged_by="purge_records", counts={}, classes={}, reasons={}, hashes=hashes
    )
    Certificates(boto3.client("s3"), "audit").add(certificate, today)


def a_juvenile(number: str = "J-1", **facts: Any) -> Arrest:
    return an_arrest(number, born=date(2012, 3, 4), juvenile=True, **facts)


def arrests(numbers: tuple[str, ...] = NUMBERS) -> list[str]:
    return [an_arrest(number).arrest_id for number in numbers]


def test_lost_arrests_come_back_and_no_sealed_one_whatever_else_was_lost(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    """K-1 is lost, K-2 sealed, K-3 sealed and its mark lost, K-4 changed since."""
    deployed.arrests.store([an_arrest(number) for number in NUMBERS], DROP, NOW)
    restored = moment("arrests")
    seal(deployed, "K-2")
    seal(deployed, "K-3")
    later = Provenance(drop_id="later", dropped_at=NOW + timedelta(days=1))
    changed = an_arrest("K-4", surname="Otter")
    deployed.arrests.store([changed], later, NOW)
    seals = [f"seals#roster#{digit}" for digit in "0123456789abcdef"]
    ids = arrests()
    lose(deployed, "Arrests", *seals, ids[1], ids[3])

    expected = {RestoreVerdict.RESTORED: 1, RestoreVerdict.LIVE: 2, RestoreVerdict.SEALED: 1}
    before = deployed.everything_in("Arrests")
    assert restore("arrests", restored, apply=False) == expected
    assert deployed.everything_in("Arrests") == before
    assert restore("arrests", restored) == expected
    assert [deployed.arrests.find(key) for key in ids] == [an_arrest("K-1"), None, None, changed]
    assert restore("arrests", restored) == {RestoreVerdict.LIVE: 3, RestoreVerdict.SEALED: 1}, (
        "run again, it does nothing"
    )


def test_seals_that_were_lost_come_back_before_any_arrest(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.arrests.store([an_arrest("K-1")], DROP, NOW)
    seal(deployed, "K-2")
    seal(deployed, "K-1")
    restored = moment("arrests")
    lose(deployed, "Arrests")
    restore("arrests", restored)
    assert deployed.arrests.find(arrests(("K-1",))[0]) is None
    keys = deployed.seals.entries("roster")
    assert len(keys) >= 2
    deployed.arrests.store([an_arrest("K-2")], DROP, NOW)
    assert deployed.arrests.find(arrests(("K-2",))[0]) is None, "its mark is back: no drop brings it back"


def test_an_agencys_tables_come_back_and_nothing_of_those_that_were_replaced_since(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    def counts(agency: str) -> AgencyNameCounts:
        return AgencyNameCounts(agency=agency, counted_on=NOW.date(), persons=5_000, min_bearers=20, bearers={})

    reference = AgencyReferenceTable(deployed.client, "Offices")
    deployed.offices.enrol(an_office())
    replaced = reference.load("roster", NAMES, counts("roster"))
    lost = reference.load("nypd", NAMES, counts("nypd"))
    restored = moment("offices")
    live = reference.load("roster", NAMES, counts("roster"))
    lose(deployed, "Offices", "tables#roster", f"tables#roster#{live}#0")
    assert restore("offices", restored) == {
        RestoreVerdict.RESTORED: 3,  # the office; which version of nypd's is live, and its chunk
        RestoreVerdict.LIVE: 1,
        RestoreVerdict.DERIVED: 1,
    }
    keys = {item["pk"]["S"] for item in deployed.everything_in("Offices")}
    assert f"tables#nypd#{lost}#0" in keys
    assert f"tables#roster#{replaced}#0" not in keys
    for agency in ("roster", "nypd"):
        assert reference.live_names(agency).counts == counts(agency)


def test_lost_alerts_come_back_tell_nobody_anew_and_none_is_about_a_sealed_arrest(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.offices.enrol(an_office())
    deployed.users.add(a_user())
    deployed.watch_list.add(a_subscription(urgency="urgent"))
    deps = MatchDeps(
        deployed.watch_list, deployed.subscriptions, deployed.offices, deployed.alerts, PSEUDONYMS, discard
    )
    both = [an_arrest("K-1"), an_arrest("K-2")]
    deployed.arrests.store(both, DROP, NOW)
    match_versions([Version(arrest, None, NOW, NOW) for arrest in both], deps, NOW)
    restored = moment("alerts")
    lose(deployed, "Alerts")
    seal(deployed, "K-2")
    counts = restore("alerts", restored)
    assert (counts[RestoreVerdict.RESTORED], counts[RestoreVerdict.ORPHANED]) == (2, 2), (
        "an alert and its delivery of each"
    )
    [alert] = deployed.alerts.read(deployed.alerts.ids_of_arrest(both[0].arrest_id)).values()
    assert alert.arrest_id == both[0].arrest_id
    assert deployed.alerts.ids_of_arrest(both[1].arrest_id) == []
    assert list(deployed.alerts.due_escalations(NOW + timedelta(days=30))) == []
    assert not [item for item in deployed.everything_in("Alerts") if "open" in item]


def test_p5_nypd_2021_what_was_purged_since_stays_so_although_nothing_of_it_is_left_in_the_table(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    """Of K-1 the arrest was purged, of K-2 one office's alert alone, and of both a certificate is all that says so."""
    deployed.offices.enrol(an_office())
    deployed.users.add(a_user())
    deployed.watch_list.add(a_subscription())
    deps = MatchDeps(
        deployed.watch_list, deployed.subscriptions, deployed.offices, deployed.alerts, PSEUDONYMS, discard
    )
    both = [an_arrest("K-1"), an_arrest("K-2")]
    deployed.arrests.store(both, DROP, NOW)
    match_versions([Version(arrest, None, NOW, NOW) for arrest in both], deps, NOW)
    of_arrests, of_alerts = moment("arrests"), moment("alerts")
    [purged_alert] = deployed.alerts.ids_of_arrest(both[1].arrest_id)
    purged(arrests=(both[0].arrest_id,), alerts=(purged_alert,))
    lose(deployed, "Alerts")
    lose(deployed, "Arrests", both[1].arrest_id)

    assert restore("arrests", of_arrests) == {RestoreVerdict.PURGED: 1, RestoreVerdict.LIVE: 1}
    counts = restore("alerts", of_alerts)
    assert (counts[RestoreVerdict.PURGED], counts[RestoreVerdict.ORPHANED]) == (2, 2), "an alert and its delivery each"
    assert deployed.everything_in("Alerts") == []


def test_whoever_was_removed_and_what_was_cancelled_stays_so_and_a_lost_watch_alerts_after_repost(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.offices.enrol(an_office())
    deployed.users.add(a_user())
    lost = a_subscription()
    deployed.watch_list.add(lost)
    restored = moment("subscriptions")
    user = deployed.users.find("kings", "ada.example@da.example.gov")
    assert user
    deployed.users.change(user, user.model_copy(update={"deprovisioned_at": NOW, "revision": user.revision + 1}))
    lose(deployed, "Subscriptions", "office#kings")
    deployed.client.delete_item(
        TableName="Subscriptions",
        Key={"pk": {"S": "office#kings"}, "sk": {"S": f"subscription#{lost.subscription_id}"}},
    )
    counts = restore("subscriptions", restored)
    assert counts[RestoreVerdict.RESTORED] == 1
    again = deployed.users.find("kings", "ada.example@da.example.gov")
    assert again
    assert not again.active
    assert main(["repost", "--stack", "here"]) == 0
    assert deployed.watch_list.is_indexed(lost)


def test_what_has_expired_and_what_is_of_a_moment_stays_gone(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    past = {"N": str(int((datetime.now(UTC) - timedelta(days=1)).timestamp()))}
    deployed.client.put_item(
        TableName="Agencies", Item={"agency": {"S": "roster"}, "part": {"S": "drop#1"}, "expires": past}
    )
    deployed.drops.await_next("roster", NOW)
    restored = moment("agencies")
    lose(deployed, "Agencies")
    assert restore("agencies", restored) == {RestoreVerdict.EXPIRED: 1, RestoreVerdict.DERIVED: 1}
    assert deployed.everything_in("Agencies") == []


def test_an_agency_that_sent_files_before_stays_known_to_the_purge(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.drops.begin(Drop(key="roster/in/1.csv", size=7, dropped_at=NOW), "d1")
    restored = moment("agencies")
    lose(deployed, "Agencies")
    assert restore("agencies", restored) == {RestoreVerdict.RESTORED: 2}
    assert deployed.drops.senders() == ["roster"]


@pytest.mark.parametrize("instant", ["2026-11-22T08:00:00", "yesterday", ""])
def test_an_instant_without_a_zone_is_refused(
    deployed: Tables, instant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["restore", "--stack", "here", "arrests", "--to", instant])
    assert "with its zone" in capsys.readouterr().err


def test_an_instant_that_is_to_come_is_refused(deployed: Tables, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "--stack", "here", "arrests", "--to", "2999-01-01T00:00:00Z"]) == 1
    assert "lies in the future" in capsys.readouterr().err


def test_nothing_is_put_back_before_somebody_has_looked_at_the_counts(
    deployed: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["restore", "--stack", "here", "arrests", "--to", "2026-11-22T08:00:00Z", "--apply"]
    assert main(words) == 1
    assert "first restore the table" in capsys.readouterr().err


def test_the_audit_trail_cannot_be_restored(deployed: Tables) -> None:
    assert {"audit", "chains", "sessions"}.isdisjoint(KINDS)
    assert "restore" in {command.name for command in COMMANDS}


# --- Records of juveniles, which lie apart


def test_fca_381_3_a_juveniles_record_comes_back_beside_its_stub_and_under_its_own_key(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.arrests.store([a_juvenile()], DROP, NOW)
    before = deployed.everything_in("Juveniles")
    keys: list[str] = []
    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register(
        "before-parameter-build.dynamodb.RestoreTableToPointInTime",
        lambda params, **_: keys.append(params["SSESpecificationOverride"]["KMSMasterKeyId"]),
    )
    arrests_then, juveniles_then = moment("arrests"), moment("juveniles")
    outputs = boto3.client("cloudformation").describe_stacks(StackName="here")["Stacks"][0]["Outputs"]
    arns = {output["OutputKey"]: output["OutputValue"] for output in outputs}
    assert keys == [arns["KeyArn"], arns["JuvenilesKeyArn"]]
    lose(deployed, "Arrests")
    lose(deployed, "Juveniles")
    assert restore("juveniles", juveniles_then) == {RestoreVerdict.ORPHANED: 1}, "the arrests come first"
    assert restore("arrests", arrests_then) == {RestoreVerdict.RESTORED: 1}
    assert restore("juveniles", juveniles_then) == {RestoreVerdict.RESTORED: 1}
    assert deployed.everything_in("Juveniles") == before
    assert deployed.arrests.find(a_juvenile().arrest_id) is None


def test_fca_381_3_an_arrest_that_lay_apart_meanwhile_does_not_come_back_among_adults(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    """K-1 was an adult's then, and the agency has corrected the birth date since. K-2 is of before there was a store
    apart."""
    deployed.arrests.store([an_arrest("K-1"), an_arrest("K-2")], DROP, NOW)
    of_before = deployed.client.get_item(TableName="Arrests", Key={"arrest_id": {"S": arrests(("K-2",))[0]}})["Item"]
    of_before["doc"] = {"S": a_juvenile("K-2").model_dump_json()}
    deployed.client.put_item(TableName="Arrests", Item=of_before)
    then = moment("arrests")
    later = Provenance(drop_id="later", dropped_at=NOW + timedelta(days=1))
    deployed.arrests.store([a_juvenile("K-1")], later, NOW)
    stubs = {item["arrest_id"]["S"]: item for item in deployed.everything_in("Arrests")}
    records = deployed.everything_in("Juveniles")
    lose(deployed, "Arrests")
    assert restore("arrests", then) == {RestoreVerdict.APART: 2}
    assert [deployed.arrests.find(key) for key in arrests(("K-1", "K-2"))] == [None, None]
    (stub,) = deployed.everything_in("Arrests")
    assert stub == stubs[stub["arrest_id"]["S"]], "as it was before it was lost"
    newer = Provenance(drop_id="newer", dropped_at=NOW + timedelta(days=2))
    deployed.arrests.store([an_arrest("K-1")], newer, NOW)
    assert deployed.arrests.find(an_arrest("K-1").arrest_id) == an_arrest("K-1"), "the intake finds both items"
    assert records
    assert deployed.everything_in("Juveniles") == []


def test_fca_354_1_a_juveniles_record_that_was_sealed_purged_or_changed_since_stays_gone(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    records = [a_juvenile(f"J-{number}") for number in range(1, 5)]
    deployed.arrests.store(records, DROP, NOW)
    arrests_then, juveniles_then = moment("arrests"), moment("juveniles")
    seal(deployed, "J-1", "FCA 375.1")
    seal(deployed, "J-2", "FCA 375.1")
    purged(arrests=(records[2].arrest_id,))
    later = Provenance(drop_id="later", dropped_at=NOW + timedelta(days=1))
    deployed.arrests.store([a_juvenile("J-4", surname="Otter")], later, NOW)
    seals = [item["arrest_id"]["S"] for item in deployed.everything_in("Arrests") if "#" in item["arrest_id"]["S"]]
    lose(deployed, "Arrests", *seals, records[0].arrest_id, records[3].arrest_id)  # the mark of J-1 is there
    lose(deployed, "Juveniles")
    assert restore("arrests", arrests_then)[RestoreVerdict.PURGED] == 1
    assert restore("juveniles", juveniles_then) == {
        RestoreVerdict.ORPHANED: 1, RestoreVerdict.SEALED: 1, RestoreVerdict.PURGED: 1, RestoreVerdict.CHANGED: 1,
    }  # fmt: skip
    assert deployed.everything_in("Juveniles") == []


def test_fca_381_3_an_opening_that_was_approved_comes_back_closed(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    now, table = datetime.now(UTC), JuvenilesTable(deployed.client, "Juveniles")
    order = CourtOrder(number="NN-1-26", court="Family Court, Kings County", ordered_on=date(2026, 1, 2))
    request = OpeningRequest(agency="roster", number="J-1", order=order, reason="for the hearing")
    opening = new_opening(request, "kings", "ada@da.example.gov", "prosecution", now, "e" * 18)
    table.save(opening)
    table.save(decided(opening, OpeningDecision.APPROVE, "bo@da.example.gov", now))
    then = moment("juveniles")
    lose(deployed, "Juveniles")
    assert restore("juveniles", then) == {RestoreVerdict.RESTORED: 1}
    restored = table.opening("kings", opening.opening_id)
    assert restored
    assert restored.state(datetime.now(UTC)) is OpeningState.CLOSED
    assert not restored.is_open_for("ada@da.example.gov", datetime.now(UTC))
    table.save(restored.model_copy(update={"revision": restored.revision + 1}))  # it can still be written


# --- Seals and what is written about arrests


def test_cpl_160_57_what_was_marked_since_comes_back_marked(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.arrests.store([an_arrest("K-1")], DROP, NOW)
    then = moment("arrests")
    seal(deployed, "K-1", "CPL 160.57")
    seals = [item["arrest_id"]["S"] for item in deployed.everything_in("Arrests") if "#" in item["arrest_id"]["S"]]
    lose(deployed, "Arrests", *seals)
    assert restore("arrests", then) == {RestoreVerdict.RESTORED: 1}
    restored = deployed.arrests.find(arrests(("K-1",))[0])
    assert restored
    assert Flag.SEALED_AND_OPEN in restored.flags


def test_p7_nypd_2021_a_disclosure_that_was_purged_since_stays_so(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    disclosures = DisclosuresTable(deployed.client, "Subscriptions")
    gone, lost = a_disclosure("crime"), a_disclosure("crime")
    assert gone.disclosure_id == lost.disclosure_id
    lost = lost.model_copy(update={"disclosure_id": "20261102160001" + "f" * 18})
    for disclosure in (gone, lost):
        disclosures.save(disclosure)
    then = moment("subscriptions")
    purged(disclosures=(gone.disclosure_id,))
    lose(deployed, "Subscriptions")
    assert restore("subscriptions", then)[RestoreVerdict.PURGED] == 1
    assert disclosures.find("kings", gone.disclosure_id) is None
    assert disclosures.find("kings", lost.disclosure_id) == lost


def test_p5_nypd_2021_what_somebody_wrote_of_a_record_that_was_purged_or_sealed_since_does_not_come_back(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    purged_arrest, sealed, there = (an_arrest(number) for number in ("K-1", "K-2", "K-3"))
    deployed.arrests.store([purged_arrest, sealed, there], DROP, NOW)
    requests, holds = RecordsRequestsTable(deployed.client, "Subscriptions"), HoldsTable(
        deployed.client, "Subscriptions"
    )  # fmt: skip
    request = a_request().model_copy(update={"arrest_ids": (purged_arrest.arrest_id,)})
    hold = Hold(
        hold_id="h1", office_id="kings", kind=HoldKind.CASE, reason="her brother says", reference="People v. Otter",
        arrest_ids=(purged_arrest.arrest_id,), placed_by="rita@da.example.gov", placed_at=NOW,
        ended_on=date(2026, 1, 2), end_reason="her brother has left",
    )  # fmt: skip
    requests.save(request)
    holds.store(hold)
    disputes = DisputesTable(deployed.client, "Subscriptions")
    for about in (sealed, there):
        disputes.save(ArrestDisputes(office_id="kings", arrest_id=about.arrest_id, revision=1))
    then = moment("subscriptions")
    purged(arrests=(purged_arrest.arrest_id,))
    seal(deployed, "K-2")
    lose(deployed, "Subscriptions")
    assert restore("subscriptions", then)[RestoreVerdict.ORPHANED] == 1
    again = requests.find("kings", request.request_id)
    assert again
    assert again.has_no_texts
    requests.save(again.model_copy(update={"revision": again.revision + 1}))
    (held,) = holds.of_office("kings")
    assert "brother" not in held.model_dump_json()
    assert "Otter" not in held.model_dump_json()
    assert held.ended_on == date(2026, 1, 2)
    assert [stored.arrest_id for stored in disputes.of_office("kings")] == [there.arrest_id]


def test_cpl_160_50_what_was_answered_or_carried_out_since_is_not_asked_or_opened_again(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    deployed.arrests.store([an_arrest("K-1"), an_arrest("K-2")], DROP, NOW)
    seal(deployed, "K-1", "")
    seal(deployed, "K-2", "")
    unsealings = UnsealingsTable(deployed.client, "Agencies")
    order = UnsealingRequest(
        number="K-9", order_number="2026-17", court="Supreme Court, Kings County", ordered_on=date(2026, 1, 2),
        subparagraph="160.50(1)(d)(ii)", applicant="law enforcement agency",
    )  # fmt: skip
    approved = Unsealing(
        unsealing_id="f" * 32, agency="roster", request=order, statute="CPL 160.50", requested_by="a", requested_at=NOW,
        state=UnsealingState.APPROVED, decided_by="b", decided_at=NOW,
    )  # fmt: skip
    unsealings.save(approved)
    then = moment("agencies")
    seal(deployed, "K-1")
    lose(deployed, "Agencies")
    assert restore("agencies", then)[RestoreVerdict.ORPHANED] == 1
    (lock,) = LocksTable(deployed.client, "Agencies").of_agency("roster")
    assert lock.number == "K-2"
    again = unsealings.find(approved.unsealing_id)
    assert again
    assert again.opened_at


def test_28_cfr_23_20_h_a_watch_that_was_purged_since_stays_so(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    gone, lost = a_subscription(subscription_id="a" * 32), a_subscription(NAME_WATCH, subscription_id="b" * 32)
    for watch in (gone, lost):
        deployed.watch_list.add(watch)
    then = moment("subscriptions")
    purged(watches=(gone.subscription_id,))
    lose(deployed, "Subscriptions")
    assert restore("subscriptions", then)[RestoreVerdict.PURGED] == 1
    assert deployed.subscriptions.find("kings", gone.subscription_id) is None
    assert deployed.subscriptions.find("kings", lost.subscription_id) == lost


def test_p5_nypd_2021_what_was_entered_about_a_case_comes_back_with_its_arrest_alone(
    deployed: Tables, moment: Callable[[str], str], restore: Restore
) -> None:
    there, gone = an_arrest("K-1"), an_arrest("K-2")
    deployed.arrests.store([there], DROP, NOW)
    table = CaseEntriesTable(deployed.client, "Subscriptions")
    entries = [
        CaseEntry(
            entry_id=letter * 32, office_id="kings", arrest_ids=(arrest.arrest_id,), kind=CaseEntryKind.SETTLED,
            day=NOW.date(), source="order of the court", entered_by="rita@da.example.gov", entered_at=NOW,
        )
        for letter, arrest in (("a", there), ("b", gone))
    ]  # fmt: skip
    for entry in entries:
        table.store(entry)
    then = moment("subscriptions")
    lose(deployed, "Subscriptions")
    assert restore("subscriptions", then) == {RestoreVerdict.RESTORED: 1, RestoreVerdict.ORPHANED: 1}
    assert table.of_office("kings") == entries[:1]
