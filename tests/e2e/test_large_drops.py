"""A drop too large for one worker."""

import time

import pytest

from tests.bench import csv_rows
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, handed_out_again_after, unused_name
from tests.local.deployed import Deployed, deployed, eventually

ROWS = 200_000


def padded(scene: Scene) -> bytes:
    """Few rows, and more bytes than one worker reads: the column of telephone numbers is never read."""
    rows = [row(f"BK-{number}", Inmate_Phone="5" * 900_000) for number in range(1, 11)]
    return roster(*rows, row("BK-11", **scene.pat), row("BK-12", Arrest_Date="never"))


def test_a_large_drop_is_shared_out_and_alerts_like_any_other(scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)

    receipt = scene.take_in(agency, "large.csv", padded(scene))

    assert (receipt.rows.read, receipt.rows.accepted, receipt.rows.rejected) == (12, 11, 1)
    assert receipt.rejects_key
    assert b"bad-date" in scene.product.read(receipt.rejects_key)
    assert len(scene.mails(ada.email)) == 1
    # a worker says that its part is done after the receipt is there
    eventually(lambda: len(parts_done(scene.product)) >= 4, what="four parts")


def parts_done(product: Deployed) -> list[str]:
    return [line for line in product.log_lines("ReceiveFeedFunction") if '"part of a drop done"' in line]


@pytest.mark.exhaustive
def test_te8_two_hundred_thousand_rows_go_to_several_workers_of_whom_two_die_and_leave_one_receipt() -> None:
    with deployed() as product:
        scene, began = Scene(product, unused_name()), time.monotonic()
        agency = scene.agency()
        file = "\n".join([*csv_rows.rows("roster", ROWS), "BK,never,and,too,few", ""]).encode()
        with handed_out_again_after(product, "PartsQueue", 120), handed_out_again_after(product, "FeedsQueue", 20):
            key = product.drop(agency, "year.csv", file)
            kill_after(3, product)  # while ranges are read
            kill_after(11, product)  # while piles are stored
            receipt = product.receipt(key, seconds=1_800)
        print(f"{ROWS:,} rows in {time.monotonic() - began:.0f} s, {len(parts_done(product))} parts")

        assert (receipt.rows.read, receipt.rows.accepted, receipt.rows.rejected) == (ROWS + 1, ROWS, 1)
        assert receipt.arrests.accepted == ROWS
        (only,) = product.receipts(agency)
        assert only == receipt
        assert len(scene.arrests(agency)) == ROWS
        assert len(workers(product)) >= 2


def kill_after(parts: int, product: Deployed) -> None:
    eventually(lambda: len(parts_done(product)) >= parts, seconds=900, what=f"{parts} parts")
    assert product.cloud.kill_workers(product.outputs["ReceiveFeedFunction"]) > 0


def workers(product: Deployed) -> set[str]:
    """Each writes a stream of its own."""
    group = product._log_group("ReceiveFeedFunction")
    pages = product.cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    events = (one for page in pages for one in page["events"])
    return {one["logStreamName"] for one in events if '"part of a drop done"' in one["message"]}
