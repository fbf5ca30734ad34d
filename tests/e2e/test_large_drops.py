"""A drop too large for one worker."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from functions.cli.main import main
from tests.bench import csv_rows
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, unused_name
from tests.local.cloud import REGION
from tests.local.deployed import Deployed, deployed, eventually
from tests.local.faults import Fault, Kind

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
    # a worker says that its task is done after the receipt is there
    eventually(
        lambda: len(tasks_done(scene.product)) >= 7, what="two ranges, two partitions, and three tasks beside them"
    )


def tasks_done(product: Deployed) -> list[str]:
    return [line for line in product.log_lines("ReceiveFeedFunction") if '"task of a large drop done"' in line]


@pytest.mark.thorough
def test_a_large_drop_that_failed_is_shown_and_goes_on_from_there_when_it_is_redriven(
    scene: Scene, capsys: pytest.CaptureFixture[str], operator: None
) -> None:
    product, agency = scene.product, scene.agency()

    def say(*words: str) -> tuple[int, str]:
        status = main([words[0], "--stack", "arrest-alert-local", agency, *words[1:]])
        return status, capsys.readouterr().out

    with settings_of(product, "ReceiveFeedFunction", WORK_BUCKET="a-bucket-that-is-gone"):
        key = product.drop(agency, "large.csv", padded(scene))
        (execution,) = eventually(lambda: product.executions("RUNNING"), what="the execution")
        assert "RUNNING" in say("drops")[1]
        product.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    drop = execution.rpartition(":")[2].partition("-")[0]
    assert "execution ABORTED" in say("drops")[1]
    status, shown = say("drop", drop, "show")
    assert (status, execution in shown, "ABORTED" in shown, "/states/home?region=us-east-1#" in shown) == (
        0,
        *[True] * 3,
    )

    assert say("drop", drop, "redrive")[0] == 0

    assert product.receipt(key).rows.accepted == 11
    eventually(lambda: not product.executions("RUNNING"), what="the end of the execution")
    assert say("drop", drop, "redrive")[0] == 1, "nothing of it failed any more"
    history = product.cloud.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    assert "large.csv" not in str(history), "a file's name may be a person's"


@pytest.fixture
def operator(product: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs `arrest-alert` on the local cloud."""
    act_as_operator(product, monkeypatch)


def act_as_operator(product: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENDPOINT_URL": product.cloud.endpoint, "DEFAULT_REGION": REGION, "ACCESS_KEY_ID": "test",
                        "SECRET_ACCESS_KEY": "test"}.items():  # fmt: skip
        monkeypatch.setenv(f"AWS_{name}", value)


@contextmanager
def settings_of(product: Deployed, function: str, **settings: str) -> Iterator[None]:
    """Gives a function other settings for a while."""
    service, name = product.cloud.client("lambda"), product.outputs[function]
    usual = service.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    service.update_function_configuration(FunctionName=name, Environment={"Variables": usual | settings})
    try:
        yield
    finally:
        service.update_function_configuration(FunctionName=name, Environment={"Variables": usual})


@pytest.mark.exhaustive
def test_te8_two_hundred_thousand_rows_go_to_workers_of_whom_two_die_and_others_are_throttled_and_leave_one_receipt(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed() as product:
        scene, began = Scene(product, unused_name()), time.monotonic()
        agency = scene.agency()
        file = "\n".join([*csv_rows.rows("roster", ROWS), "BK,never,and,too,few", ""]).encode()
        key = product.drop(agency, "year.csv", file)
        kill_after(3, product)  # while ranges are read
        kill_after(11, product)  # while partitions are stored
        product.cloud.inject(
            Fault("dynamodb:*", Kind.THROTTLE, seconds=10), Fault("lambda:InvokeFunction", Kind.THROTTLE, times=3)
        )
        receipt = product.receipt(key, seconds=3_000)
        with capsys.disabled():
            print(f"{ROWS:,} rows in {time.monotonic() - began:.0f} s, {len(tasks_done(product))} tasks")
            print(product.cloud.faults_met())

        assert product.cloud.faults_met()
        assert (receipt.rows.read, receipt.rows.accepted, receipt.rows.rejected) == (ROWS + 1, ROWS, 1)
        assert receipt.arrests.accepted == ROWS
        (only,) = product.receipts(agency)
        assert only == receipt
        assert len(scene.arrests(agency)) == ROWS
        assert len(workers(product)) >= 2
        [execution] = eventually(lambda: product.executions("SUCCEEDED"), what="the end of the execution")
        act_as_operator(product, monkeypatch)
        assert main(["drop", "--stack", "arrest-alert-local", agency, receipt.drop_id, "show"]) == 0
        assert execution in capsys.readouterr().out


def kill_after(tasks: int, product: Deployed) -> None:
    eventually(lambda: len(tasks_done(product)) >= tasks, seconds=900, what=f"{tasks} tasks")
    assert product.cloud.kill_workers(product.outputs["ReceiveFeedFunction"]) > 0


def workers(product: Deployed) -> set[str]:
    """Each writes a stream of its own."""
    group = product._log_group("ReceiveFeedFunction")
    pages = product.cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    events = (event for page in pages for event in page["events"])
    return {event["logStreamName"] for event in events if '"task of a large drop done"' in event["message"]}
