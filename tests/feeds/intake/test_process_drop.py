"""A drop, from the bucket into the table, with the receipt and the rejects that the agency gets."""

import csv
import io
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.cli.main import main
from functions.receive_feed.events import drops_in
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.items import APART
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.statutes.code_table import statutes_from
from shared.aws.signing_keys import KeyPurpose
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.process_drop import process_drop
from shared.feeds.layouts.table import BatchesTable
from shared.feeds.profiles.enrolment import SealPermission
from shared.feeds.snapshots.bucket import CustodyBucket
from shared.feeds.spreadsheet_cells import unguarded
from shared.feeds.unknown_codes import OTHERS, TOO_MANY, repeatable_codes
from shared.matching.agency_reference import AgencyReference
from tests.builders import PSEUDONYMS, signing_keys
from tests.conftest import REGION, Tables
from tests.feeds.cases import HERE, PROFILES
from tests.feeds.small_drops import PROFILE, a_drop, a_row, zipped
from tests.widths import thorough

DROPPED = datetime(2026, 11, 20, 9, tzinfo=UTC)
DEMO = HERE / "demo"


class Feeds:
    """The feeds bucket and the intake behind it."""

    def __init__(self, tables: Tables, **more: str) -> None:
        self.s3 = boto3.client("s3", region_name=REGION)
        self.s3.create_bucket(Bucket="feeds")
        self.s3.put_bucket_versioning(Bucket="feeds", VersioningConfiguration={"Status": "Enabled"})
        self.s3.create_bucket(Bucket="copies")
        self.copies = CopiesBucket(self.s3, "copies")
        self.batches = BatchesTable(tables.client, "Agencies")
        profiles = {"testville": PROFILE, "broken": "agency: [", "elsewhere": PROFILE}
        profiles |= {path.stem: path.read_text() for path in PROFILES.glob("*.yaml")} | more
        self.profiles = profiles
        self.tables = tables
        seals = tables.seals
        self.identities = IdentityEventsTable(tables.client, "Arrests", "Agencies")
        self.intake = IntakeDeps(
            self.s3,
            "feeds",
            profiles.get,
            tables.arrests,
            seals,
            LocksTable(tables.client, "Agencies"),
            UnsealingsTable(tables.client, "Agencies"),
            self.identities,
            PSEUDONYMS,
            tables.drops,
            lambda: signing_keys(KeyPurpose.ENTRIES),
        )
        self.intake = replace(
            self.intake,
            seal_permission_of=lambda _agency: SealPermission.GRANTED,
            sharing_ended_on=tables.agencies.sharing_ended_on,
            copies=self.copies,
            batches=self.batches,
            custody=CustodyBucket(self.s3, "copies"),
        )
        self.dropped = 0

    def ask_table(self) -> None:
        """From here on, permissions are those of the table; until then every agency has given its own."""
        self.intake = replace(self.intake, seal_permission_of=self.tables.agencies.seal_permission)

    def drop(self, body: bytes, key: str = "testville/in/day.csv") -> Drop:
        self.dropped += 1
        version = self.s3.put_object(Bucket="feeds", Key=key, Body=body)["VersionId"]
        dropped_at = DROPPED + timedelta(minutes=self.dropped)
        return Drop(key=key, size=len(body), dropped_at=dropped_at, version_id=version, sequencer=f"{self.dropped:x}")

    def take_in(self, drop: Drop) -> Receipt:
        receipt = process_drop(drop, self.intake, lambda: datetime.now(UTC))
        assert receipt, "the drop is no large one"
        return receipt

    def keys(self, folder: str) -> list[str]:
        objects = self.s3.list_objects_v2(Bucket="feeds").get("Contents", [])
        return [stored["Key"] for stored in objects if f"/{folder}/" in stored["Key"]]

    def body(self, key: str) -> bytes:
        return self.s3.get_object(Bucket="feeds", Key=key)["Body"].read()

    def versions(self) -> list[dict[str, Any]]:
        """What is stored, without the order, which a drop that says the same may raise."""
        return [{name: value for name, value in item.items() if name != "version_order"} for item in self.arrests()]

    def arrests(self) -> list[dict[str, Any]]:
        """Those of adults, and juveniles' records in the place of their stubs."""
        adults = [item for item in self.tables.everything_in("Arrests") if item.get("content") != {"S": APART}]
        records = self.tables.everything_in("Juveniles")
        return sorted([*adults, *records], key=lambda item: item["arrest_id"]["S"])


@pytest.fixture
def feeds(tables: Tables) -> Feeds:
    return Feeds(tables)


def test_a_drop_leaves_arrests_a_receipt_and_rejects(feeds: Feeds) -> None:
    receipt = feeds.take_in(
        feeds.drop(a_drop(a_row(1), a_row(2, Date="soon"), "", a_row(3)), "testville/in/a b/day.csv")
    )
    assert receipt.rows.model_dump() == {
        "read": 4, "accepted": 2, "updated": 0, "unchanged": 0, "rejected": 1, "skipped": 1
    }  # fmt: skip
    assert len(feeds.arrests()) == 2
    (receipt_key,), (rejects_key,) = feeds.keys("receipts"), feeds.keys("rejects")
    assert receipt_key == f"testville/receipts/a b/day.csv.{receipt.drop_id}.json"
    assert rejects_key == receipt.rejects_key == f"testville/rejects/a b/day.csv.{receipt.drop_id}.csv"
    assert Receipt.model_validate_json(feeds.body(receipt_key)) == receipt
    (reject,) = csv.DictReader(io.StringIO(feeds.body(rejects_key).decode()))
    assert (reject["line"], reject["code"], reject["row"]) == ("3", "bad-date", a_row(2, Date="soon"))


def test_the_receipt_holds_no_person(feeds: Feeds) -> None:
    receipt = feeds.take_in(feeds.drop((DEMO / "roster.csv").read_bytes(), "roster/in/roster.csv"))
    text = receipt.model_dump_json()
    for personal in ("Quillfeather", "BK26-", "/1988", "1988-", "Elm Street", "900-55"):
        assert personal not in text
    assert receipt.dropped_columns == ("SSN", "Inmate Phone")


def test_the_same_event_again_gives_the_same_receipt_and_rejects(feeds: Feeds) -> None:
    feeds.take_in(feeds.drop(a_drop(a_row(1), a_row(2))))
    drop = feeds.drop(a_drop(a_row(1), a_row(2, Class="F"), a_row(3), "x"))
    first, stored = feeds.take_in(drop), feeds.arrests()
    again = feeds.take_in(drop)
    assert first.rows.model_dump() == {
        "read": 4,
        "accepted": 1,
        "updated": 1,
        "unchanged": 1,
        "rejected": 1,
        "skipped": 0,
    }
    assert again == first.model_copy(update={"finished_at": again.finished_at})
    assert feeds.arrests() == stored
    assert len(feeds.keys("receipts")) == 2


@pytest.mark.parametrize("agency", ["nypd", "harris", "roster"])
def test_the_same_file_again_renamed_or_shuffled_changes_nothing(feeds: Feeds, agency: str) -> None:
    body = (DEMO / f"{agency}.csv").read_bytes()
    header, *rows = body.splitlines(keepends=True)
    feeds.take_in(feeds.drop(body, f"{agency}/in/one.csv"))
    stored = feeds.versions()
    for again in (body, b"".join([header, *reversed(rows)]), zipped(body)):
        receipt = feeds.take_in(feeds.drop(again, f"{agency}/in/another.csv"))
        assert (receipt.rows.accepted, receipt.rows.updated) == (0, 0)
        assert receipt.rows.unchanged == receipt.arrests.unchanged == len(stored)
    assert feeds.versions() == stored


def test_an_older_drop_that_comes_late_is_skipped(feeds: Feeds) -> None:
    older, newer = feeds.drop(a_drop(a_row(1, Class="M"))), feeds.drop(a_drop(a_row(1, Class="F")))
    feeds.take_in(newer)
    stored, receipt = feeds.arrests(), feeds.take_in(older)
    assert receipt.skipped == {"a newer drop already said otherwise": 1}
    assert feeds.arrests() == stored


def test_a_state_id_that_comes_later_updates_the_same_arrests(feeds: Feeds) -> None:
    feeds.take_in(feeds.drop((DEMO / "roster.csv").read_bytes(), "roster/in/1.csv"))
    receipt = feeds.take_in(feeds.drop((DEMO / "roster_with_state_ids.csv").read_bytes(), "roster/in/2.csv"))
    assert (receipt.arrests.accepted, receipt.arrests.updated, receipt.arrests.unchanged) == (0, 6, 6)


@pytest.mark.parametrize(
    ("key", "code"),
    [("nobody/in/day.csv", "profile"), ("broken/in/day.csv", "profile"), ("elsewhere/in/day.csv", "profile"),
     ("/in/day.csv", "profile"), ("day.csv", "prefix"), ("testville/day.csv", "prefix"),
     ("testville/out/day.csv", "prefix")],
)  # fmt: skip
def test_a_drop_that_nobody_said_how_to_read_is_quarantined(feeds: Feeds, key: str, code: str) -> None:
    receipt = feeds.take_in(feeds.drop(a_drop(a_row(1)), key))
    assert (receipt.state, receipt.code) == (ReceiptState.QUARANTINED, code)
    assert receipt.reason
    assert receipt.fix
    assert feeds.arrests() == []
    assert len(feeds.keys("receipts")) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"Some,Other,Header\n1,2,3\n", zipped(a_drop(a_row(1)))[:-9], bytes(range(256)), b"x" * (2 << 20)],
    ids=["empty", "another header", "half of a gzip", "rubbish", "one long line"],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_stored(feeds: Feeds, body: bytes) -> None:
    receipt = feeds.take_in(feeds.drop(body))
    assert (receipt.state, receipt.rows.read) == (ReceiptState.REFUSED, 0)
    assert receipt.reason
    assert receipt.fix
    assert feeds.arrests() == []


@pytest.mark.parametrize("key", ["testville/in/day.csv/", "testville/in/", "testville/in/a/b/"])
def test_td6_a_file_that_is_named_like_a_folder_gets_a_receipt_that_says_what_to_do(feeds: Feeds, key: str) -> None:
    [announced] = drops_in(json.dumps({"Records": [notification(key, size=7)]}))
    assert announced.key == key
    receipt = feeds.take_in(feeds.drop(a_drop(a_row(1)), key))
    assert (receipt.state, receipt.code) == (ReceiptState.REFUSED, "name")
    assert receipt.fix == "Drop it again without the `/`."
    assert len(feeds.keys("receipts")) == 1
    assert feeds.arrests() == []


RISKY_ROWS = [
    "=cmd|' /C calc'!A0,09/01/2026", "+1,x", "-2,x", "@SUM(A1),x", "\t=1,x", "＝1,x", "'=1,x", "'Abd,x", "''@x",
]  # fmt: skip


def test_td5_a_row_of_a_reject_file_is_no_formula_and_reads_as_the_original_when_it_is_dropped_again(
    feeds: Feeds,
) -> None:
    first = feeds.take_in(feeds.drop(a_drop(*RISKY_ROWS)))
    assert first.rejects_key
    rejects = list(csv.DictReader(io.StringIO(feeds.body(first.rejects_key).decode())))
    rows = [reject["row"] for reject in rejects]
    assert len(rows) == len(RISKY_ROWS)
    assert not [row for row in rows if row.startswith(("=", "+", "-", "@", "\t", "＝"))]
    again = feeds.take_in(feeds.drop(a_drop(*rows), "testville/in/corrected.csv"))
    assert (again.rejected, again.rows) == (first.rejected, first.rows)
    assert again.rejects_key
    repeated = list(csv.DictReader(io.StringIO(feeds.body(again.rejects_key).decode())))
    assert [reject | {"row": ""} for reject in repeated] == [reject | {"row": ""} for reject in rejects]
    assert [unguarded(reject["row"]) for reject in repeated] == [unguarded(row) for row in RISKY_ROWS]


def test_td5_a_number_that_begins_with_a_sign_is_stored_as_it_was_sent(feeds: Feeds) -> None:
    feeds.take_in(feeds.drop(a_drop(a_row(1, No="-77"), a_row(2, No="+88"))))
    stored = feeds.versions()
    again = feeds.take_in(feeds.drop(a_drop(a_row(1, No="'-77"), a_row(2, No="'+88")), "testville/in/corrected.csv"))
    assert again.rows.unchanged == 2
    assert feeds.versions() == stored


def test_a_drop_of_which_not_one_record_could_be_taken_is_not_called_taken(feeds: Feeds) -> None:
    rejected = feeds.take_in(feeds.drop(a_drop(a_row(1, Date="never"), "short", "")))
    assert (rejected.state, rejected.rows.rejected, rejected.rows.skipped) == (ReceiptState.REJECTED, 2, 1)
    assert "See the rejects" in rejected.fix
    assert feeds.take_in(feeds.drop(a_drop())).state is ReceiptState.TAKEN
    assert feeds.take_in(feeds.drop(a_drop(a_row(1), "short"))).state is ReceiptState.TAKEN


def test_a_gzip_that_breaks_off_late_stores_nothing_of_its_beginning(feeds: Feeds) -> None:
    body = zipped(a_drop(*(a_row(n, Charge=f"charge {n * 7919}") for n in range(5000))))
    receipt = feeds.take_in(feeds.drop(body[:-2000]))
    assert (receipt.state, receipt.code, feeds.arrests()) == (ReceiptState.REFUSED, "gzip", [])


def notification(key: str, **more: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-20T09:00:00.123Z",
        "s3": {"object": {"key": key, "size": 3, "versionId": "v", **more}},
    }


def test_an_s3_notification_is_read_with_its_encoded_key() -> None:
    body = json.dumps({"Records": [notification("testville/in/a+b%2Bc%C3%A9.csv", sequencer="0055AED6DCD90281E5")]})
    (drop,) = drops_in(body)
    assert (drop.key, drop.agency, drop.file) == ("testville/in/a b+cé.csv", "testville", "a b+cé.csv")
    assert drop.dropped_at == datetime(2026, 11, 20, 9, 0, 0, 123_000, UTC)
    assert drop.sequencer == "0055AED6DCD90281E5"


@pytest.mark.parametrize("key", ["testville/receipts/x.json", "testville/rejects/x.csv", "testville/in/"])
def test_our_own_objects_and_folders_are_no_drops(key: str) -> None:
    assert list(drops_in(json.dumps({"Records": [notification(key, size=0)]}))) == []


def test_a_message_without_records_is_no_notification_and_is_not_passed_over_in_silence() -> None:
    with pytest.raises(KeyError):
        list(drops_in(json.dumps({"anything": "else"})))


def test_a_dry_run_prints_the_receipt_and_the_first_arrests(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["dry-run", "--profile", str(PROFILES / "nypd.yaml"), "--rows", "1", str(DEMO / "nypd.csv")]
    assert main(words) == 0
    receipt, end = json.JSONDecoder().raw_decode(printed := capsys.readouterr().out)
    first = {name: receipt["first_rejects"][0][name] for name in ("line", "code")}
    assert (first, len(receipt["first_rejects"])) == ({"line": 8, "code": "bad-date"}, 3)
    assert all(reject["reason"] and reject["fix"] for reject in receipt["first_rejects"])
    assert receipt["rows"] == {"read": 35, "accepted": 31, "updated": 0, "unchanged": 0, "rejected": 3, "skipped": 1}
    assert json.loads(printed[end:])["number"] == "990100000"


def test_a_dry_run_of_an_unreadable_file_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dry-run", "--profile", str(PROFILES / "nypd.yaml"), str(DEMO / "harris.csv")]) == 1
    assert json.loads(capsys.readouterr().out)["state"] == "refused"


def test_a_receipt_repeats_codes_and_never_what_may_be_a_name() -> None:
    unknown = Counter({("sex", "Q"): 1, ("sex", "class 6"): 1, ("sex", "Ordinance"): 9, ("sex", "Testmann"): 1,
                       ("sex", "900112222"): 70, ("sex", "Muster, Bo Quinn who lives next door"): 8})  # fmt: skip
    assert repeatable_codes(unknown) == {"sex": {"Q": 1, "class 6": 1, "Ordinance": 9, OTHERS: 79}}
    names = Counter({("sex", f"Surname{number}"): 9 for number in range(40)})
    assert repeatable_codes(names) == {"sex": {TOO_MANY: 360}}


def test_what_the_agencys_own_tables_know_is_stored_with_the_arrest(feeds: Feeds) -> None:
    knowledge = AgencyReference(statutes_from(["statute,class,family", "9-104,M,larceny"], None))
    feeds.intake = replace(feeds.intake, reference_of={"testville": knowledge}.get)
    feeds.take_in(feeds.drop(a_drop("1,11/19/2026,Example,Pat,02/03/1990,9 104,Theft,")))
    (item,) = feeds.arrests()
    (charge,) = json.loads(item["doc"]["S"])["charges"]
    assert (charge["charge_class"], charge["family"]) == ("misdemeanor", "larceny")


@pytest.mark.parametrize("seed", [0, *thorough(1, 2, 3)])
def test_overlapping_drops_in_any_order_and_more_than_once_leave_the_same_table(feeds: Feeds, seed: int) -> None:
    chance = random.Random(seed)
    rows = [[a_row(number, Class=chance.choice("MFV")) for number in chance.sample(range(12), 6)] for _ in range(5)]
    drops = [feeds.drop(a_drop(*drop_rows)) for drop_rows in rows]
    newest = {row.partition(",")[0]: row for drop_rows in rows for row in drop_rows}
    for drop in chance.sample(drops * 2, 10):
        feeds.take_in(drop)
    documents = {item["doc"]["S"] for item in feeds.arrests()}
    for item in feeds.arrests():
        feeds.tables.client.delete_item(TableName="Arrests", Key={"arrest_id": item["arrest_id"]})
    feeds.take_in(feeds.drop(a_drop(*newest.values())))
    assert documents == {item["doc"]["S"] for item in feeds.arrests()}
    assert len(documents) == len(newest)
