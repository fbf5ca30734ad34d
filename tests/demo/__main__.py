"""`make demo`: the whole path, from a file in S3 to an alert in an inbox, on the deployed template.

DROP=FILE PROFILE=nypd drops a file of your own as well; KEEP=1 leaves everything running to play with.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from shared.alerts.model import Alert
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.offices.model import Office
from tests.demo.inbox import Inbox
from tests.demo.watches import ADA, BO, KIM, LISTS, OTHER_FILE, SEALED, STARTS, SUBSCRIPTIONS
from tests.local.cloud import REGION, REPOSITORY, LocalCloud
from tests.local.deployed import Api, Deployed, TookTooLongError, eventually
from tests.local.deployment import assembly, deploy
from tests.local.sign_in import machine_token

STACK = "arrest-alert-local"
PROFILES = REPOSITORY / "shared" / "feeds" / "profiles"
FEEDS = REPOSITORY / "tests" / "feeds" / "demo"
OFFICE = REPOSITORY / "tests" / "demo" / "office.yaml"
DROPS = [
    ("nypd", "nypd.csv"),
    ("harris", "harris.csv"),
    ("roster", "roster.csv"),
    ("roster", "roster_with_state_ids.csv"),
]
SHOWN = {"ping": 1, "urgent": 1, "withdrawn": 1, "update": 1, "possible match": 1, "alert": 2}  # in full, of each kind


def main() -> int:
    own = _own_drop()
    with LocalCloud() as cloud:
        print("The product, on a local cloud of its own")
        with step("CDK app synthesised (about 15 s the first time)"):
            made = assembly("local")
        with step("template deployed"):
            product = Deployed(cloud, deploy(cloud, made))
        office = Office.model_validate(yaml.safe_load(OFFICE.read_text())["office"])
        print("\nThe office, set up from tests/demo/office.yaml")
        with step("people, folders, roles, agreements, agencies' profiles and first watches"):
            print(_set_up(cloud))
            if own:
                _command(cloud, "enrol-agency", str(PROFILES / f"{own[0]}.yaml"))
        with step(f"{ADA} signed in: password and one-time code; the office's case system: its secret"):
            ada, system = product.sign_in(ADA, office), product.api(_token(cloud))
        _subscribe(ada)
        _lists(system)
        for agency, name in DROPS:
            _drop(product, agency, name, (FEEDS / name).read_bytes())
        if own:
            _drop(product, own[0], own[1].name, own[1].read_bytes())
        _drop(product, "roster", "another_system.csv", OTHER_FILE)
        _seal(product, product.sign_in(KIM, office))
        _show_alerts(product)
        _show_latency(product)
        _where_to_look(product, ada)
    return 0


def _own_drop() -> tuple[str, Path] | None:
    """The agency and the file that DROP= and PROFILE= name; ends the demo with a clear word when they are wrong."""
    file, profile = os.environ.get("DROP"), os.environ.get("PROFILE")
    if not file:
        if profile:
            sys.exit("PROFILE= goes with DROP=FILE, the file to drop.")
        return None
    profiles = sorted(path.stem for path in PROFILES.glob("*.yaml"))
    if profile not in profiles:
        sys.exit(f"DROP= needs PROFILE=, one of {', '.join(profiles)} (shared/feeds/profiles), not {profile or '-'}.")
    if not Path(file).is_file():
        sys.exit(f"DROP={file}: there is no such file.")
    return profile, Path(file)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says what is going on, and then how long it took: on the same line where there is a screen to write over."""
    live, started = sys.stdout.isatty(), time.monotonic()
    if live:
        print(f"    ...    {what}", end="\r", flush=True)
    yield
    print(f"  {time.monotonic() - started:5.1f} s  {what}", flush=True)


def _set_up(cloud: LocalCloud) -> str:
    """The plan; then it is done."""
    plan = _command(cloud, "set-up", str(OFFICE)).rstrip()
    _command(cloud, "set-up", "--apply", str(OFFICE))
    return "\n".join(f"  {line}" for line in plan.splitlines())


def _command(cloud: LocalCloud, name: str, *words: str) -> str:
    environment = os.environ | {
        "AWS_ENDPOINT_URL": cloud.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }  # fmt: skip
    command = [sys.executable, "-m", "functions.cli.main", name, "--stack", STACK, *words]
    return subprocess.run(
        command, check=True, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
    ).stdout


def _subscribe(ada: Api) -> None:
    print("\nWhat the office watches")
    for what, subscription in SUBSCRIPTIONS.items():
        answer = ada("POST", "/v1/subscriptions", subscription | {"starts": STARTS})
        if answer.status != 201:
            sys.exit(f"{what}: {answer.status} {answer.body}")
        basis = subscription["basis"]
        print(f"  {answer.status}  {what}: {basis['kind']} {basis['case_number']}")


def _token(cloud: LocalCloud) -> str | None:
    secret = yaml.safe_load(_command(cloud, "machine-secret", "case-system"))
    return machine_token(cloud, secret["client_id"], secret["client_secret"])


def _lists(system: Api) -> None:
    for kind, rows in LISTS.items():
        answer = system("POST", f"/v1/lists/{kind}", {"rows": rows}, purpose="prosecution")
        if answer.status != 200 or answer.body["counts"] != {"made": len(rows)}:
            sys.exit(f"list of {kind}: {answer.status} {answer.body}")
        print(f"  {answer.status}  list of {kind}: {len(rows)} watches made, in their Pre-defined folder")


def _drop(product: Deployed, agency: str, name: str, content: bytes) -> None:
    print(f"\nDrop {agency}/in/{name} ({len(content):,} bytes)")
    with step("receipt written"):
        receipt = product.receipt(product.drop(agency, name, content), seconds=300)
    _show(product, receipt)
    with step("everything sent"):
        try:
            product.settle(seconds=300)
        except TookTooLongError as still:
            print(f"  still under way: {still}; what follows shows what was sent so far")


def _seal(product: Deployed, kim: Api) -> None:
    print(f"\nA court seals booking {SEALED['number']}; {KIM} says so")
    answer = kim("POST", "/v1/agencies/roster/seals", SEALED)
    if answer.status != 202:
        sys.exit(f"seal: {answer.status} {answer.body}")
    with step("sealed, and everybody who knew of it told"):
        eventually(lambda: [r for r in product.receipts("roster") if r.drop_id == answer.body["drop_id"]])
        product.settle(seconds=300)


def _show(product: Deployed, receipt: Receipt) -> None:
    if receipt.state is not ReceiptState.TAKEN:
        print(f"  {receipt.state.value}: {receipt.reason} {receipt.fix}")
    if not receipt.rows.read:
        return
    print(f"  rows    {_counts(receipt.rows.model_dump())}")
    print(f"  arrests {_counts(receipt.arrests.model_dump())}")
    if receipt.dropped_columns:
        print(f"  never read: {', '.join(receipt.dropped_columns)}")
    if receipt.rejects_key:
        print(f"  rejects ({receipt.rejects_key.rpartition('/')[2]})")
        for line in product.read(receipt.rejects_key).decode().splitlines()[:6]:
            print(f"    {line[:150]}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "none"


def _show_alerts(product: Deployed) -> None:
    mails, texts = product.cloud.emails(), product.cloud.texts()
    print(f"\nAlerts, as their recipients see them ({len(mails)} mails, {len(texts)} texts)")
    shown = _telling(mails)
    for mail in shown:
        print(f"\n  To: {', '.join(mail['To'])}\n  Subject: {mail['Subject']}")
        print("\n".join(f"  | {line}" for line in mail["BodyText"].rstrip().splitlines()))
    if len(mails) > len(shown):
        print(f"\n  ... and {len(mails) - len(shown)} more mails")
    for text in texts[:1]:
        print(f"\n  SMS to {text['PhoneNumber']}: {text['Message']}")
    if texts[1:]:
        print(f"  ... and {len(texts) - 1} more texts")


def _telling(mails: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A mail of each kind, and of first alerts two: of each those with the most to say."""
    longest = sorted(mails, key=lambda mail: -len(mail["BodyText"]))
    return [mail for kind, most in SHOWN.items() for mail in [mail for mail in longest if _kind(mail) == kind][:most]]


def _kind(mail: dict[str, Any]) -> str:
    """Which key of SHOWN its subject or its text has, "alert" for a first one with all details."""
    if "sign in to see" in mail["BodyText"].lower():
        return "ping"
    return next((kind for kind in SHOWN if kind in mail["Subject"].lower()), "other")


def _show_latency(product: Deployed) -> None:
    """From the drop in S3 to the provider's taking it, over every delivery that was sent."""
    dropped = {item["alert_id"]["S"]: _stages(item) for item in product.items("AlertsTable") if "doc" in item}
    seconds = sorted(
        (datetime.fromisoformat(delivery["sent_at"]["S"]) - dropped[delivery["alert_id"]["S"]]).total_seconds()
        for delivery in product.deliveries()
        if "sent_at" in delivery and delivery["part"]["S"].startswith("delivery#000001#")
    )
    if seconds:
        longest = f"median {median(seconds):.1f} s, longest {seconds[-1]:.1f} s"
        print(f"\nFrom drop to sent, {len(seconds)} first deliveries: {longest}")


def _stages(item: dict[str, Any]) -> datetime:
    return Alert.model_validate_json(item["doc"]["S"]).stages.dropped_at


def _where_to_look(product: Deployed, ada: Api) -> None:
    if not os.environ.get("KEEP"):
        print("\nEverything is stopped again. `make demo KEEP=1` leaves it running: mail view, Swagger page, buckets.")
        return
    inbox = Inbox(product.cloud, ada)
    print(f"\nMail view     {inbox.address}")
    print(f"Swagger page  {ada.base}/v1/swagger   (Authorize with the token below)")
    print(
        f"Drop a file   AWS_ENDPOINT_URL={product.cloud.endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \\"
    )
    print(f"              AWS_DEFAULT_REGION={REGION} aws s3 cp FILE s3://{product.bucket}/nypd/in/")
    print(f"Recipients    {ADA} (full detail), {BO} (ping)")
    print(f"Ctrl-C stops everything. Token:\n\n{ada.token}\n", flush=True)
    try:
        while True:
            time.sleep(60)
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
