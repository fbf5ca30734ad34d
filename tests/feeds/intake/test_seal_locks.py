"""A feed's seal that names no statute: what becomes of its arrests, and what the agency is told."""

import gzip
import json
from dataclasses import replace

import pytest

from shared.arrests.seals.certificate import SealCertificates
from shared.arrests.seals.certificates_table import CertifiedSealsTable
from shared.arrests.seals.seal import Seal, keys_of_seal
from shared.feeds.copies.bucket import CopiesBucket
from tests.conftest import Tables
from tests.feeds.intake.test_events import HEADER, PROFILE, drop, kinds, stored
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.intake.test_split_large import Workers

BOOKING = "BKG,7,11/01/2026,,Example,Pat,A1,,Theft"
LOCKING = "SEAL,7,,,,,,,"


@pytest.fixture
def jail(tables: Tables) -> Feeds:
    return Feeds(tables, jail=PROFILE)


@pytest.mark.parametrize("order", [(BOOKING, LOCKING), (LOCKING, BOOKING)])
def test_dcjs_jud4j_the_receipt_asks_for_the_statute_and_the_answer_counts_whichever_came_first(
    jail: Feeds, order: tuple[str, str]
) -> None:
    receipts = [drop(jail, row) for row in order]
    assert stored(jail) == []
    assert "Example" in repr(jail.arrests()), "locked, and not erased"
    asked = receipts[order.index(LOCKING)]
    assert "Send the same again with its statute" in asked.seals_without_statute
    assert asked.for_office().seals_without_statute == "", "an office is told of no seal"
    assert receipts[order.index(BOOKING)].seals_without_statute == ""
    newest = BOOKING.replace("Theft", "Arson")
    assert drop(jail, newest).skipped == {"the arrest is sealed or expunged": 1}
    assert drop(jail, LOCKING + "CPL 160.59").seals_without_statute == ""
    (arrest,) = stored(jail)
    assert arrest.charges[0].text == "Arson", "what came while it was locked is not lost"


@pytest.mark.parametrize("large", [False, True])
def test_p4_a_mark_waits_for_an_arrest_that_was_never_seen(jail: Feeds, large: bool) -> None:
    drop(jail, LOCKING + "CPL 160.57")
    rows = [BOOKING, BOOKING.replace(",7,", ",8,"), BOOKING.replace(",7,", ",9,")]
    if large:
        Workers(jail, rows=2).take_in(jail.drop("\n".join([HEADER, *rows, ""]).encode(), "jail/in/day.csv"))
    else:
        drop(jail, *rows)
    marks = {item["doc"]["S"].split('"number":"')[1][0]: item.get("mark") for item in jail.arrests() if "doc" in item}
    assert marks == {"7": {"S": "CPL 160.57"}, "8": None, "9": None}


@pytest.mark.parametrize("order", [(BOOKING, LOCKING), (LOCKING, BOOKING)])
def test_cpl_160_50_what_is_locked_is_read_in_no_raw_file_and_in_no_export_of_before(
    jail: Feeds, order: tuple[str, str]
) -> None:
    other = drop(jail, BOOKING.replace(",7,", ",8,"))
    first = drop(jail, order[0])
    copies = CopiesBucket(jail.s3, "copies")
    for export_id, number in (("e1", "7"), ("e2", "8")):
        keys_of_it = keys_of_seal(Seal(agency="jail", number=number), jail.intake.pseudonyms)
        copies.put_export("kings", export_id, b"PK", keys_of_it)
    drop(jail, order[1])
    keys = [stored["Key"] for stored in jail.s3.list_objects_v2(Bucket="copies")["Contents"]]
    assert [key.split("/")[2] for key in keys if key.startswith("raw/")] == [other.drop_id]
    if order[0] == BOOKING:
        assert {key.split("/")[2] for key in keys if key.startswith("exports/")} == {"e2"}
    assert f"clean/jail/{first.drop_id}/00000" in keys, "nothing is erased for want of an answer"


def test_cpl_160_50_a_seal_by_number_takes_no_row_of_another_arrest_of_the_same_person_and_day(jail: Feeds) -> None:
    receipt = drop(jail, BOOKING, BOOKING.replace(",7,", ",8,"))
    drop(jail, LOCKING + "CPL 160.50")
    key = f"clean/jail/{receipt.drop_id}/00000"
    lines = gzip.decompress(jail.s3.get_object(Bucket="copies", Key=key)["Body"].read()).splitlines()
    records = [json.loads(line).get("record") for line in lines]
    assert [record and record["event"]["number"] for record in records] == [None, "8"]


def test_p4_a_locked_row_stays_in_the_copy_until_its_answer_erases_it(jail: Feeds) -> None:
    receipt = drop(jail, BOOKING, LOCKING)
    key = f"clean/jail/{receipt.drop_id}/00000"

    def lines() -> bytes:
        return gzip.decompress(jail.s3.get_object(Bucket="copies", Key=key)["Body"].read())

    assert b"Example" in lines()
    drop(jail, LOCKING + "CPL 160.50")
    assert b"Example" not in lines()


def test_cpl_160_50_3_j_a_notice_that_police_decline_seals_by_name_nysid_day_and_tracking_number(
    tables: Tables,
) -> None:
    """DCJS-1975 or letterhead: name, NYSID, arrest date, CJTN, "seal under 160.50"."""
    profile = PROFILE.replace("sid: SID,", "sid: SID, cjtn: Old SID,").replace("former_sid: Old SID, ", "")
    jail = Feeds(tables, jail=profile)
    drop(jail, "BKG,7,11/01/2026,,Example,Pat,01234567A,70112230K,Theft", "BKG,8,11/02/2026,,Example,Pat,01234567A,,")
    notice = drop(jail, "SEAL,,11/01/2026,,EXAMPLE,PAT,1234567A,70112230K,160.50(3)(j)")
    assert (notice.seals, notice.seals_without_statute) == (1, "")
    assert kinds(jail) == {"8": "booking"}


def test_cpl_160_50_3_i_a_notice_that_the_prosecutor_declines_erases_the_same(jail: Feeds) -> None:
    drop(jail, BOOKING)
    drop(jail, "SEAL,,11/01/2026,,Example,Pat,A1,,C.P.L. 160.50(3)(i)")
    assert kinds(jail) == {}


def test_cpl_725_15_a_case_that_is_removed_to_family_court_is_sealed(tables: Tables) -> None:
    jail = Feeds(tables, jail=PROFILE.replace("SEAL: seal,", "SEAL: seal, RMV: removed to family court,"))
    drop(jail, BOOKING)
    receipt = drop(jail, "RMV,7,,,,,,,")
    assert (receipt.seals, receipt.seals_without_statute) == (1, "")
    assert stored(jail) == []
    assert "Example" not in repr(jail.arrests())
    (tombstone,) = (item for item in jail.arrests() if "sealed_by" in item)
    assert tombstone["statute"] == {"S": "CPL 725.15"}


def test_cpl_160_50_a_case_that_is_presented_again_is_stored_and_the_old_number_stays_out(tables: Tables) -> None:
    """New prints and a new tracking number; the old one is never used again (DCJS, jud4k)."""
    profile = PROFILE.replace("sid: SID,", "sid: SID, cjtn: Old SID,").replace("former_sid: Old SID, ", "")
    jail = Feeds(tables, jail=profile)
    first = "BKG,7,11/01/2026,,Example,Pat,01234567A,70112230K,Theft"
    drop(jail, first)
    drop(jail, "SEAL,,11/01/2026,,,,,70112230K,CPL 160.50")
    assert drop(jail, first).skipped == {"the arrest is sealed or expunged": 1}
    drop(jail, "BKG,19,02/03/2027,,Example,Pat,01234567A,70112299M,Theft")
    assert kinds(jail) == {"19": "booking"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("TBK,7,,,,,,,", "seal-taken-back"),
        ("OPN,7,,,,,,,", "unsealing"),
        ("SEAL,7,,,,,,,CPL 160.51", "seal-statute"),
        ("SEAL,,11/01/2026,,Example,Pat,,,CPL 160.50", "seal-key"),
    ],
)
def test_p4_what_a_file_cannot_order_is_a_reject_that_says_what_can(tables: Tables, row: str, code: str) -> None:
    words = "SEAL: seal, TBK: seal lifted, OPN: unsealed,"
    jail = Feeds(tables, jail=PROFILE.replace("SEAL: seal,", words))
    drop(jail, BOOKING)
    assert drop(jail, row).rejected == {code: 1}
    assert kinds(jail) == {"7": "booking"}


@pytest.mark.parametrize("word", ["N/A", "unknown", "---", "TBD"])
def test_p4_a_placeholder_for_the_statute_is_none(jail: Feeds, word: str) -> None:
    drop(jail, BOOKING)
    assert drop(jail, LOCKING + word).seals_without_statute
    assert "Example" in repr(jail.arrests())


def test_p4_each_file_of_seals_has_a_certificate_in_the_locked_bucket_that_names_nobody(jail: Feeds) -> None:
    jail.s3.create_bucket(Bucket="audit")
    certified = CertifiedSealsTable(jail.tables.client, "Agencies")
    jail.intake = replace(jail.intake, seal_certificates=SealCertificates(jail.s3, "audit", certified))
    drop(jail, BOOKING, BOOKING.replace(",7,", ",8,"), BOOKING.replace(",7,", ",9,"))
    sealing = jail.drop(
        "\n".join([HEADER, LOCKING + "160.50", "SEAL,8,,,,,,,CPL 160.57", "SEAL,9,,,,,,,", ""]).encode(),
        "jail/in/s.csv",
    )
    jail.take_in(sealing)
    (stored,) = jail.s3.list_objects_v2(Bucket="audit")["Contents"]
    assert stored["Key"].startswith("seals/jail/")
    text = jail.s3.get_object(Bucket="audit", Key=stored["Key"])["Body"].read().decode()
    certificate = json.loads(text)
    assert certificate["statutes"] == {"CPL 160.50": 1, "CPL 160.57": 1, "": 1}
    assert {name: len(ids) for name, ids in certificate["hashes"].items()} == {
        "arrests erased": 1, "arrests locked": 1, "arrests marked": 1
    }  # fmt: skip
    assert certificate["rows"] >= 1
    assert not any(word in text for word in ("Example", "Pat", "2026-11-01", '"7"'))
    ((listed,), following) = certified.page("jail", 10, None)
    assert (listed.key, following, listed.counts["arrests locked"]) == (stored["Key"], None, 1)
