"""After its receipt a drop is its cleaned copy: the file is locked for a week, and readings come from the copy."""

import gzip
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.aws.signing_keys import KeyPurpose
from shared.feeds.copies.bucket import CopiesBucket, file_check
from shared.feeds.drops.decide import DropAction, DropDecisionDeps, decide_drop
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.manual import submit
from shared.feeds.manual.entry import ManualArrest
from tests.builders import NOW, signing_keys
from tests.conftest import Tables
from tests.feeds.cases import HERE
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.intake.test_split_large import CHARGES, SPREAD, Workers
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row
from tests.feeds.workbooks import a_workbook

GOLDEN = HERE / "golden"
EVENTS = PROFILE.replace("  born: Born", "  born: Born\n  event: Event\n  seal_statute: Law")
WITH_SSN = a_drop(f"{a_row(1)},900-11-2222", f"{a_row(2, Date='never')},900-11-3333", header=f"{HEADER},SSN")
WORKBOOK = a_workbook([HEADER.split(","), *(a_row(number).split(",") for number in range(5))])
DROPS = {
    "delimited": ("testville", PROFILE, WITH_SSN),
    "row per charge": ("charges", CHARGES, SPREAD),
    "ndjson": ("city-police", "", (GOLDEN / "ndjson" / "city-police.ndjson").read_bytes()),
    "niem-xml": ("niem-bookings", "", (GOLDEN / "niem-xml" / "two-arrestees.xml").read_bytes()),
    "xlsx": ("testville", PROFILE.replace("delimited", "xlsx"), WORKBOOK),
    "ebts": ("ebts", "", (GOLDEN / "ebts" / "four-transactions.ebts").read_bytes()),
}


def in_copies(feeds: Feeds) -> list[str]:
    return [stored["Key"] for stored in feeds.s3.list_objects_v2(Bucket="copies").get("Contents", [])]


def in_feeds(feeds: Feeds) -> list[str]:
    versions = feeds.s3.list_object_versions(Bucket="feeds").get("Versions", [])
    return [version["Key"] for version in versions if "/in/" in version["Key"] or "/entered/" in version["Key"]]


def texts(feeds: Feeds, prefix: str = "clean/") -> str:
    bodies = [
        feeds.s3.get_object(Bucket="copies", Key=key)["Body"].read()
        for key in in_copies(feeds)
        if key.startswith(prefix)
    ]
    return "".join((gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode() for body in bodies)


def forget_arrests(feeds: Feeds) -> None:
    for item in feeds.tables.everything_in("Arrests"):
        feeds.tables.client.delete_item(TableName="Arrests", Key={"arrest_id": item["arrest_id"]})
    for record in feeds.tables.everything_in("Juveniles"):
        key = {name: record[name] for name in ("arrest_id", "part")}
        feeds.tables.client.delete_item(TableName="Juveniles", Key=key)


def rejects(feeds: Feeds, receipt: Receipt) -> bytes:
    return feeds.body(receipt.rejects_key) if receipt.rejects_key else b""


def decided(feeds: Feeds, receipt: Receipt, action: DropAction) -> None:
    record = feeds.tables.drops.find(receipt.agency, receipt.drop_id)
    assert record
    deps = DropDecisionDeps(feeds.tables.drops, lambda _: None, file_check(feeds.s3, "feeds", feeds.copies))
    decide_drop(record, action, "kay@da.example.gov", deps, NOW)


@pytest.mark.parametrize("kind", DROPS)
def test_tg1_a_replay_reads_the_cleaned_copy_with_the_same_arrests_rejects_and_counts(
    tables: Tables, kind: str
) -> None:
    agency, profile, content = DROPS[kind]
    feeds = Feeds(tables, **({agency: profile} if profile else {}))
    drop = feeds.drop(content, f"{agency}/in/day")
    first = feeds.take_in(drop)
    assert first.state is ReceiptState.TAKEN
    stored, rejected = feeds.versions(), rejects(feeds, first)
    assert in_feeds(feeds) == [], "the file itself is gone from where the agency put it"
    assert sorted(in_copies(feeds)) == [
        *(f"clean/{agency}/{first.drop_id}/{name}" for name in ("00000", "about")),
        *([] if first.arrests.juvenile else [f"raw/{agency}/{first.drop_id}"]),
    ]
    feeds.s3.delete_object(Bucket="copies", Key=f"raw/{agency}/{first.drop_id}")
    forget_arrests(feeds)
    decided(feeds, first, DropAction.REPLAY)
    again = feeds.take_in(drop)
    same = {"finished_at"}
    assert again.model_dump(exclude=same) == first.model_dump(exclude=same)
    assert {item["doc"]["S"] for item in feeds.versions()} == {item["doc"]["S"] for item in stored}
    assert rejects(feeds, again) == rejected
    assert "900-11" not in texts(feeds)


def test_tg1_a_large_drop_is_replayed_from_the_parts_of_its_copy(tables: Tables) -> None:
    feeds = Feeds(tables, charges=CHARGES)
    workers = Workers(feeds)
    drop = feeds.drop(SPREAD, "charges/in/large.csv")
    first = workers.take_in(drop)
    stored, rejected = feeds.versions(), rejects(feeds, first)
    assert in_feeds(feeds) == []
    parts = [key for key in in_copies(feeds) if key.startswith("clean/") and not key.endswith("about")]
    assert len(parts) > 1
    forget_arrests(feeds)
    decided(feeds, first, DropAction.REPLAY)
    again = workers.take_in(drop)
    assert again.model_dump(exclude={"finished_at"}) == first.model_dump(exclude={"finished_at"})
    assert {item["doc"]["S"] for item in feeds.versions()} == {item["doc"]["S"] for item in stored}
    assert rejects(feeds, again) == rejected


def test_tg1_the_same_event_again_as_from_a_dead_letter_reads_the_copy(tables: Tables) -> None:
    feeds = Feeds(tables)
    drop = feeds.drop(WITH_SSN)
    first = feeds.take_in(drop)
    again = feeds.take_in(drop)
    assert again == first.model_copy(update={"finished_at": again.finished_at})
    assert len(feeds.keys("receipts")) == 1


def test_fca_381_3_of_a_drop_with_a_juveniles_row_no_raw_version_stays_and_a_replay_reads_the_copy(
    tables: Tables,
) -> None:
    feeds = Feeds(tables, testville=PROFILE)
    child, adult = a_row(7, Born="04/05/2012", Last="Wrenfield"), a_row(8)
    drop = feeds.drop(a_drop(child, adult), "testville/in/1")
    receipt = feeds.take_in(drop)
    assert (receipt.rows.accepted, receipt.arrests.juvenile) == (2, 1)
    assert [key for key in in_copies(feeds) if key.startswith(("raw/", "unread/"))] == []
    assert in_feeds(feeds) == []
    assert "WRENFIELD" not in str(feeds.tables.everything_in("Arrests")).upper()
    decided(feeds, receipt, DropAction.REPLAY)
    again = feeds.take_in(drop)
    assert (again.rows, again.arrests) == (receipt.rows, receipt.arrests), "the same drop has the same counts"


def test_fca_381_3_cleaned_copies_lie_under_the_key_of_juveniles_records(tables: Tables) -> None:
    feeds = Feeds(tables, testville=PROFILE)
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    feeds.intake = replace(feeds.intake, copies=CopiesBucket(feeds.s3, "copies", key))
    receipt = feeds.take_in(feeds.drop(a_drop(a_row(7, Born="04/05/2012"), a_row(8)), "testville/in/1"))
    copies = [name for name in in_copies(feeds) if name.startswith("clean/")]
    assert copies == [f"clean/testville/{receipt.drop_id}/{part}" for part in ("00000", "about")]
    heads = [feeds.s3.head_object(Bucket="copies", Key=name) for name in copies]
    assert [(head["ServerSideEncryption"], head["SSEKMSKeyId"]) for head in heads] == [("aws:kms", key)] * 2


def test_tg1_a_seal_takes_its_rows_out_of_the_copies_and_leaves_no_raw_version_of_their_drops(tables: Tables) -> None:
    feeds = Feeds(tables, testville=EVENTS)
    header = f"{HEADER},Event,Law"
    seven = feeds.take_in(
        feeds.drop(a_drop(f"{a_row(7, Last='Sealedname')},,", f"{a_row(8)},,", header=header), "testville/in/1")
    )
    other = feeds.take_in(feeds.drop(a_drop(f"{a_row(9)},,", header=header), "testville/in/2"))
    assert {key.split("/")[2] for key in in_copies(feeds) if key.startswith("raw/")} == {seven.drop_id, other.drop_id}
    sealing = feeds.take_in(
        feeds.drop(a_drop(f"{a_row(7)},seal,CPL 160.50", f"{a_row(5)},,", header=header), "testville/in/3")
    )
    assert (sealing.seals, sealing.rows.accepted) == (1, 2)
    text = texts(feeds)
    assert "Sealedname" not in text
    assert '"T-7"' not in text, "nor in the copy of the drop that sealed it"
    assert [key.split("/")[2] for key in in_copies(feeds) if key.startswith("raw/")] == [other.drop_id]
    assert in_feeds(feeds) == []
    later = feeds.take_in(feeds.drop(a_drop(f"{a_row(7, Last='Sealedname')},,", header=header), "testville/in/4"))
    assert "Sealedname" not in texts(feeds, "")
    for receipt, file in ((seven, "1"), (sealing, "3"), (later, "4")):
        record = feeds.tables.drops.find("testville", receipt.drop_id)
        assert record
        decided(feeds, receipt, DropAction.REPLAY)
        again = feeds.take_in(record.drop)
        assert (again.rows.read, again.seals) == (receipt.rows.read, receipt.seals), file
    assert feeds.take_in(tables.drops.find("testville", seven.drop_id).drop).skipped == {
        "the arrest is sealed or expunged": 1
    }


def test_tg1_a_file_that_could_not_be_read_is_read_for_a_week_with_a_corrected_profile(tables: Tables) -> None:
    feeds = Feeds(tables, testville=PROFILE.replace("number: No", "number: Nummer"))
    drop = feeds.drop(WITH_SSN)
    refused = feeds.take_in(drop)
    assert refused.state is ReceiptState.REFUSED
    assert (in_feeds(feeds), in_copies(feeds)) == ([], [f"unread/testville/{refused.drop_id}"])
    feeds.profiles["testville"] = PROFILE
    decided(feeds, refused, DropAction.REPLAY)
    assert feeds.take_in(drop).rows.accepted == 1
    assert f"unread/testville/{refused.drop_id}" not in in_copies(feeds)
    assert f"raw/testville/{refused.drop_id}" in in_copies(feeds)


def test_tg1_a_replay_with_other_columns_says_that_the_copy_does_not_hold_them(tables: Tables) -> None:
    feeds = Feeds(tables)
    drop = feeds.drop(a_drop(a_row(1, Class="F")))
    first = feeds.take_in(drop)
    feeds.profiles["testville"] = PROFILE.replace("charge_class: {F: felony", "charge_class: {F: violation")
    decided(feeds, first, DropAction.REPLAY)
    meant = feeds.take_in(drop)
    assert (meant.arrests.updated, meant.code) == (1, ""), "what the texts mean is asked of the live profile"
    feeds.profiles["testville"] = PROFILE.replace("  charge: Charge", "  charge: Charge\n  middle: Middle")
    decided(feeds, first, DropAction.REPLAY)
    other = feeds.take_in(drop)
    assert (other.code, other.state) == ("cleaned-copy", ReceiptState.TAKEN)
    assert "Send the file again" in other.fix


def test_tg1_a_manual_entry_is_kept_like_any_drop(tables: Tables) -> None:
    feeds = Feeds(tables)
    entry = ManualArrest(number="T-1", arrested="2026-09-01", surname="Example", given="Pat", born="1990-02-03")
    content = submit.entry_document(entry)
    drop = feeds.drop(
        content, submit.entry_key("testville", "0" * 32, content, signing_keys(KeyPurpose.ENTRIES).of().newest)
    )
    first = feeds.take_in(drop)
    assert in_feeds(feeds) == []
    again = feeds.take_in(drop)
    assert (again.flags, again.rows) == (first.flags, first.rows)


class DeadWorkerError(Exception):
    pass


class BreakingS3:
    """S3 as it is, until the worker dies: the writing call with this number is not made, or made and not answered."""

    def __init__(self, s3: Any, dies_at: int, *, after: bool) -> None:
        self._s3, self._left, self._after = s3, dies_at, after
        self.died = False

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._s3, name)
        if name not in ("put_object", "copy_object", "delete_object"):
            return call

        def dying(**words: Any) -> Any:
            self._left -= 1
            if self._left == 0:
                self.died = True
                if self._after:
                    call(**words)
                raise DeadWorkerError
            return call(**words)

        return dying


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("refused", [False, True])
def test_tg1_a_worker_that_dies_at_any_write_is_followed_by_one_that_ends_as_if_nothing_had_happened(
    tables: Tables, refused: bool, after: bool
) -> None:
    profile = PROFILE.replace("number: No", "number: Nummer") if refused else PROFILE
    feeds = Feeds(tables, testville=profile)
    for dies_at in range(1, 12):
        drop = feeds.drop(WITH_SSN, f"testville/in/{dies_at}")
        breaking = BreakingS3(feeds.s3, dies_at, after=after)
        whole = feeds.intake
        feeds.intake = replace(whole, s3=breaking, copies=CopiesBucket(breaking, "copies"))  # type: ignore[arg-type]
        try:
            feeds.take_in(drop)
        except DeadWorkerError:
            assert breaking.died
        feeds.intake = whole
        receipt = feeds.take_in(drop)
        folders = sorted(key.split("/")[0] for key in in_copies(feeds) if receipt.drop_id in key)
        assert folders == (["unread"] if refused else ["clean", "clean", "raw"]), dies_at
        assert in_feeds(feeds) == []
        assert receipt.rows.accepted + receipt.rows.unchanged == (0 if refused else 1)
        if not breaking.died:
            return
    pytest.fail("there are more writes than this test tries")


def test_tg1_a_file_that_is_nowhere_any_more_is_an_error_and_no_empty_drop(tables: Tables) -> None:
    feeds = Feeds(tables)
    gone = Drop(key="testville/in/x.csv", size=3, dropped_at=NOW, version_id="0" * 32)
    feeds.drop(b"x", "testville/in/x.csv")
    with pytest.raises(ClientError):
        feeds.take_in(gone)
