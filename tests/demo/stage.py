"""The demo's office on a local cloud: set up from its file, signed in, with watches, drops and a seal."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.offices.model import Office
from tests.demo.watches import ADA, KIM, LISTS, OTHER_FILE, SEALED, STARTS, SUBSCRIPTIONS
from tests.local.cloud import REGION, REPOSITORY, LocalCloud
from tests.local.deployed import Api, Deployed, TookTooLongError, eventually
from tests.local.deployment import assembly, deploy
from tests.local.sign_in import Office as SignIn
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


@dataclass(frozen=True)
class Stage:
    """The running product, and the people of the office by their address, each with password and authenticator."""

    product: Deployed
    people: Mapping[str, SignIn]

    def api(self, email: str) -> Api:
        return self.product.api(self.people[email].id_token())


@contextmanager
def stage(enrolled_too: str = "") -> Iterator[Stage]:
    """Yields the office as it stands before the first drop. `enrolled_too` is a further agency with a shipped profile.

    It says what it does."""
    with LocalCloud() as cloud:
        print("The product, on a local cloud of its own")
        with step("CDK app synthesised (about 15 s the first time)"):
            made = assembly("local")
        with step("template deployed"):
            product = Deployed(cloud, deploy(cloud, made))
        print("\nThe office, set up from tests/demo/office.yaml")
        with step("people, folders, roles, agreements, agencies' profiles and first watches"):
            print(_set_up(cloud, enrolled_too))
        with step("its people get an account each: password and one-time code; its case system has a secret"):
            staged = Stage(product, _people(product))
        with step("each accepts the office's policy"):
            for email in staged.people:
                accept_policy(staged.api(email))
            system = product.api(_token(cloud))
        _subscribe(staged.api(ADA))
        _lists(system)
        yield staged


def drop_all(staged: Stage) -> None:
    """The agencies' files, a file that cannot be read, and a seal."""
    for agency, name in DROPS:
        drop(staged.product, agency, name, (FEEDS / name).read_bytes())
    drop(staged.product, "roster", "another_system.csv", OTHER_FILE)
    _seal(staged)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says what is going on, and then how long it took: on the same line where there is a screen to write over."""
    live, started = sys.stdout.isatty(), time.monotonic()
    if live:
        print(f"    ...    {what}", end="\r", flush=True)
    yield
    print(f"  {time.monotonic() - started:5.1f} s  {what}", flush=True)


def _people(product: Deployed) -> dict[str, SignIn]:
    """Those of the office's file who are no machine."""
    written = yaml.safe_load(OFFICE.read_text())
    office = Office.model_validate(written["office"])
    persons = [user["email"] for user in written["users"] if "machine" not in user]
    return {email: product.enrol(email, office) for email in persons}


def _with_agency(text: str, agency: str) -> str:
    """The office's file with a further agency that has the governance and the agreement of the first."""
    year = datetime.now(UTC).year
    text = text.replace("agencies: [nypd,", f"agencies: [{agency}, nypd,")
    text = re.sub(r"(\nprofiles:.*\n)", rf"\1  - ../../shared/feeds/profiles/{agency}.yaml\n", text)
    agreed = f"  - {{agency: {agency}, reference: DEMO, starts: {year}-01-01, ends: {year + 2}-12-31}}"
    return re.sub(r"(\nagreements:.*\n)", rf"\1{agreed}\n", text)


def accept_policy(person: Api) -> None:
    """As a person does on the page after the sign-in."""
    policy = person("GET", "/v1/me/policy").body
    answer = person("PUT", "/v1/me/acknowledgement", {name: policy[name] for name in ("version", "sha256")})
    if answer.status != 200:
        sys.exit(f"the policy is not accepted: {answer.status} {answer.body}")


def _set_up(cloud: LocalCloud, enrolled_too: str) -> str:
    """Does it, and returns what it did. The file's agreements begin this year, however old the file is, and its people
    were trained yesterday."""
    now = datetime.now(UTC)
    text = OFFICE.read_text().replace("starts: 2026-", f"starts: {now.year}-")
    text = text.replace("ends: 2028-", f"ends: {now.year + 2}-")
    if enrolled_too and f"/{enrolled_too}.yaml" not in text:
        text = _with_agency(text, enrolled_too)
    text = re.sub(r"completed_on: [\d-]+", f"completed_on: {now.date() - timedelta(days=1)}", text)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / OFFICE.name
        file.write_text(text.replace("../..", str(REPOSITORY)))
        shutil.copy(OFFICE.with_name("policy.md"), folder)
        done = _command(cloud, "set-up", "--apply", str(file)).rstrip()
    return "\n".join(f"  {line}" for line in done.splitlines())


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


def drop(product: Deployed, agency: str, name: str, content: bytes) -> None:
    print(f"\nDrop {agency}/in/{name} ({len(content):,} bytes)")
    with step("receipt written"):
        receipt = product.receipt(product.drop(agency, name, content), seconds=300)
    _show(product, receipt)
    with step("everything sent"):
        try:
            product.settle(seconds=300)
        except TookTooLongError as still:
            print(f"  still under way: {still}; what follows shows what was sent so far")


def _seal(staged: Stage) -> None:
    print(f"\nA court seals booking {SEALED['number']}; {KIM} says so")
    answer = staged.api(KIM)("POST", "/v1/agencies/roster/seals", SEALED)
    if answer.status != 202:
        sys.exit(f"seal: {answer.status} {answer.body}")
    drop_id = answer.body["drop_id"]
    with step("sealed, and everybody who knew of it told"):
        eventually(lambda: [receipt for receipt in staged.product.receipts("roster") if receipt.drop_id == drop_id])
        staged.product.settle(seconds=300)


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
