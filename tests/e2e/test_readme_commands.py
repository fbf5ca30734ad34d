"""Every `arrest-alert` command of every README, word for word, on the deployed stack.

Only the stack's name and the words of STANDS_FOR are replaced. The commands run in a folder that has the repository's
own folders and the files that the READMEs tell their reader to write.
"""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
import yaml

from functions.cli.main import main
from shared.aws.optimistic_lock import ConflictError
from shared.feeds.drops.table import DropsTable
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import Export, ExportState
from tests.builders import a_wish, an_office
from tests.cli.command_lines import COMMAND_NAMES, READMES, ROOT, commands_with_options_in, mentions
from tests.e2e.rosters import shipped
from tests.e2e.visitor import Visitor
from tests.local.cloud import REGION
from tests.local.deployed import Api, Deployed
from tests.matching.test_agency_reference import TABLE, WEST, geojson

STACK = "arrest-alert-local"
AGENCY = "nypd"
ADA = "ada.advocate@da.example.gov"
NUMBERS = ("K26600123", "K26600124")  # of arrests that the office was told of: each can be recalled once
PROFILES = ROOT / "shared" / "feeds" / "profiles"
_NAMED = (command for readme in READMES for command in commands_with_options_in(readme.read_text()))
COMMANDS = list({frozenset(command.split()): command for command in _NAMED}.values())

# What a command prints, as a regular expression.
TALKS_ASIDE = {"sign-in", "suggest"}  # on standard error, to a person: what is on standard output goes into a file
SAYS = {
    "address": r"written to|bounce|complain",
    "confirm-profile": r"roster: confirmed that its feed names no minors",
    "audit": r'kings: \d+ links, nothing wrong|^\{"event_id"',
    "dead-letters": r"\d+ (waiting|replayed|discarded)$",
    "document": r"# Impact and use: Arrest Alert at",
    "drop": r"[0-9a-f]{32}: \w+",
    "drops": r"\d+ records  (passed|held|released|discarded)",
    "dry-run": r'"state": "taken"',
    "match": r'"grade": "strong"',
    "enrol-agency": r"\w+: enrolled, profile version \d+; its drops go to s3://",
    "account": r"of Kings County .*: (open|disabled)",
    "enrol-user": r"enrolled at Kings County .*; rights: super-owner",
    "export": r"failed, 1 records, asked .* by ada",
    "holds": r"\d+ holds of kings",
    "load-boundaries": r"nypd: 1 areas \(beat\)",
    "load-statutes": r"nypd: [1-9]\d* notations of statutes",
    "machine-secret": r"client_secret: \S+",
    "releases": r"(?m)^[\w-]+: \d+, .+; (before: \d+, .+|none before)$",
    "roll-back": r"version \d+ (is|would be) live",
    "recall": r"[1-9]\d* alerts withdrawn",
    "replay": r"\d+ of \d+ drops are read again",
    "repost": r"\d+ subscriptions were indexed again, \d+ were up to date\.",
    "restore": r"-restored-\d{8}T\d{6} is being restored|\d go back\n",
    "rotate": r"^links: every worker knows the new key by|^webhooks: (every worker|nothing that was signed)",
    "set-apart": r"\d+ records of juveniles were moved",
    "sign-in": r"^[\w-]+\.[\w-]+\.[\w-]+$",
    "set-up": r"\d+ to create, \d+ to change, \d+ as they are",
    "suggest": r"number: \"Bkg#\"",
    "texts": r"SNS reports every text of account \d+",
    "webhook-secret": r"^\S{20,}$",
    "weights": r"roster: names are as common as",
}


class PastingHands:
    """Somebody who opens the address that the terminal shows, and pastes the one that they are led to."""

    def __init__(self, visitor: Visitor, terminal: pytest.CaptureFixture[str]) -> None:
        self._visitor, self._terminal = visitor, terminal

    def readline(self) -> str:
        [address] = [line for line in self._terminal.readouterr().err.splitlines() if "/oauth2/authorize" in line]
        return self._visitor.is_led_to(address)


@dataclass(frozen=True)
class Office:
    """An office as the READMEs speak of it: `kings`, which was told of arrests of the agency `nypd`."""

    drops: DropsTable
    exports: ExportsTable
    dropped: dict[str, str]  # what is decided about a drop -> the id of a drop for which that can be decided
    console: str
    visitor: Visitor
    arrests_table: str
    release: Callable[[], None]  # makes a newer release live, so that there is one before

    def restored_arrests(self) -> str:
        """A restored table, under a name of its own."""
        name = f"restored-{uuid4().hex}"
        boto3.client("dynamodb").restore_table_to_point_in_time(
            SourceTableName=self.arrests_table, TargetTableName=name, UseLatestRestorableTime=True
        )
        return name

    def exported_request(self) -> str:
        """A records request with an export that could not be made."""
        export = Export(
            export_id="20261102160000" + "e" * 18, request_id="20261102150000" + "0" * 18, office_id="kings",
            disclosure_id="d", arrest_ids=("a" * 32,), purpose="investigation", asked_by=ADA,
            asked_at=datetime.now(UTC), state=ExportState.FAILED, failure="Nothing that may be given is left.",
        )  # fmt: skip
        with suppress(ConflictError):
            self.exports.save(export)
        return export.request_id

    def drop_for(self, words: list[str]) -> str:
        (decision,) = set(words) & set(self.dropped)
        if decision != "replay":
            self.drops.hold(AGENCY, self.dropped[decision], "It holds five times what the agency usually sends.")
        return self.dropped[decision]


# Placeholder -> what stands in its place, given the office and the command's words.
STANDS_FOR: dict[str, Callable[[Office, list[str]], str]] = {
    "arrest-alert-dev": lambda *_: STACK,
    "ADDRESS": lambda *_: ADA,
    "AGENCY": lambda *_: AGENCY,
    "DOCUMENT": lambda *_: "MOU-2026-001",
    "DROP": lambda office, words: office.drop_for(words),
    "FILE": lambda *_: "millbrook.csv",
    "NUMBER": lambda *_: NUMBERS[1],
    "OFFICE": lambda *_: "kings",
    "RECORD": lambda *_: "governance.yaml",
    "REQUEST": lambda office, _: office.exported_request(),
    "RESTORED": lambda office, _: office.restored_arrests(),
    "https://console.da.example.gov": lambda office, _: office.console,
    "URL": lambda *_: "https://cases.da.example.gov/alerts",
}
NO_PLACEHOLDERS = {NUMBERS[0], "BEAT_ID", "NY"}  # words in capitals that are meant as they stand


def _write_files(folder: Path) -> None:
    """The repository's folders, and what the READMEs tell their reader to write."""
    for name in ("shared", "tests", "infra", "functions"):
        (folder / name).symlink_to(ROOT / name)
    page = (PROFILES / "README.md").read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (folder / "millbrook.csv").write_text(next(block for block in blocks if block.startswith("County of Millbrook")))
    (folder / "millbrook.yaml").write_text(next(block for block in blocks if block.startswith("agency: millbrook")))
    (folder / "profile.yaml").write_text((PROFILES / "roster.yaml").read_text())
    (folder / "statutes.csv").write_text(TABLE)
    beats = json.dumps(geojson(east=WEST)).replace('"precinct"', '"BEAT_ID"')
    (folder / "beats.geojson").write_text(beats)
    office = (ROOT / "tests" / "demo" / "office.yaml").read_text()
    (folder / "office.yaml").write_text(office.replace("../../shared", "shared"))
    (governance,) = yaml.safe_load(office)["feeds"]
    del governance["agencies"]
    (folder / "governance.yaml").write_text(yaml.safe_dump(governance))
    (folder / "policy.md").write_text((ROOT / "tests" / "demo" / "policy.md").read_text())


@pytest.fixture(scope="module")
def operator(product: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """This process has the account, the region and the folder of somebody who reads the READMEs."""
    folder = tmp_path_factory.mktemp("operator")
    _write_files(folder)
    account = {
        "AWS_ENDPOINT_URL": product.cloud.endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as process:
        for variable in [variable for variable in os.environ if variable.startswith("AWS_")]:
            process.delenv(variable)
        for variable, value in account.items():
            process.setenv(variable, value)
        process.setattr(boto3, "DEFAULT_SESSION", None)
        process.setattr("functions.cli.commands.reference_data.MIN_PERSONS", 1)  # of 5,000: nobody waits for that many
        process.chdir(folder)
        yield
    product.cloud.client("sns").set_sms_attributes(attributes={"DeliveryStatusIAMRole": ""})


def _release(product: Deployed) -> None:
    """The same code of one function as a newer release."""
    service, name = product.cloud.client("lambda"), product.outputs["ChainAuditFunction"]
    service.update_function_configuration(FunctionName=name, Timeout=61)
    version = service.publish_version(FunctionName=name, Description=f"release {uuid4().hex[:8]}")["Version"]
    service.update_alias(FunctionName=name, Name="live", FunctionVersion=version)


@pytest.fixture(scope="module")
def office(product: Deployed, operator: None) -> Iterator[Office]:
    """The office of the demo set up, and `kings` told of two arrests, with three drops to decide about."""
    assert main(["set-up", "--stack", STACK, "--apply", "tests/demo/office.yaml"]) == 0
    kings = an_office("kings")
    product.offices.enrol(kings)
    ada = product.sign_in(ADA, kings)
    watch = {"watch": "place", "agency": AGENCY, "precinct": "101"}
    assert ada("POST", "/v1/subscriptions", a_wish(watch, recipients=[{"email": ADA}])).status == 201
    header, arrest, *_ = shipped("nypd").decode().splitlines()
    rows = [arrest.replace("990100000", number) for number in NUMBERS]
    files = {"replay": rows, "release": [rows[0]], "discard": [rows[1]]}
    product.receipt(product.drop("roster", "persons.csv", shipped("roster")))
    dropped = {}
    for decision, lines in files.items():
        key = product.drop(AGENCY, f"{decision}.csv", "\n".join([header, *lines, ""]).encode())
        dropped[decision] = product.receipt(key).drop_id
    product.settle()
    drops = DropsTable(product.dynamodb, product.outputs["AgenciesTable"])
    visitor = Visitor(product.enrol("vi.visitor@da.example.gov", kings))
    yield Office(
        drops,
        ExportsTable(product.dynamodb, product.outputs["SubscriptionsTable"]),
        dropped,
        product.cloud.api(product.outputs["ApiId"]),
        visitor,
        product.outputs["ArrestsTable"],
        lambda: _release(product),
    )
    _cancel_all(product, ada)


def _cancel_all(product: Deployed, ada: Api) -> None:
    """No arrest of another test notifies anybody of these offices."""
    for subscription in ada("GET", "/v1/subscriptions?limit=100").body["items"]:
        ada("DELETE", f"/v1/subscriptions/{subscription['subscription_id']}")
    demo = product.offices.office("queensbridge-da")
    assert demo
    product.offices.enrol(demo.model_copy(update={"suspended": True}))


def filled_in(command: str, office: Office) -> list[str]:
    """The words of the command. Fails for a placeholder or a file that nobody wrote."""
    words = shlex.split(command)
    filled = [STANDS_FOR[word](office, words) if word in STANDS_FOR else word for word in words]
    unknown = {word for word in filled if re.fullmatch(r"[A-Z][A-Z_-]+", word)} - NO_PLACEHOLDERS
    assert not unknown, f"write into STANDS_FOR what stands for {unknown}, or into NO_PLACEHOLDERS that it is a value"
    files = {word for word in filled if re.search(r"\.(csv|yaml|geojson|json)$", word)}
    missing = {file for file in files if not Path(file).exists()}
    assert not missing, f"write these files in `_write_files`, as the README tells its reader to: {missing}"
    return filled[1:]


@pytest.mark.parametrize("command", [command for command in COMMANDS if not mentions(command)])
def test_tb4_every_command_of_every_readme_does_what_it_says(
    office: Office, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = filled_in(command, office)
    monkeypatch.setattr("webbrowser.open", office.visitor.open)
    monkeypatch.setattr("sys.stdin", PastingHands(office.visitor, capsys))
    assert words[0] in SAYS, f"write into SAYS what `arrest-alert {words[0]}` prints"
    if words[0] == "roll-back":
        office.release()
    capsys.readouterr()
    status = main(words)
    printed, complaint = capsys.readouterr()
    assert (status, complaint if words[0] not in TALKS_ASIDE else "") == (0, ""), printed + complaint
    assert re.search(SAYS[words[0]], printed.strip()), printed


def test_tb4_every_command_that_a_readme_merely_names_explains_itself() -> None:
    named = {word for command in COMMANDS if mentions(command) for word in command.split()[1:]}
    names = COMMAND_NAMES & named
    assert names
    for name in names:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0


def test_tb4_the_readmes_run_what_the_environment_installs() -> None:
    help_ = subprocess.run([ROOT / ".venv/bin/arrest-alert", "--help"], capture_output=True, text=True, check=True)
    assert all(name in help_.stdout for name in COMMAND_NAMES)


def test_tb4_what_is_known_of_commands_is_of_commands_that_a_readme_shows() -> None:
    shown = {word for command in COMMANDS for word in shlex.split(command)}
    assert set(SAYS) <= shown, "no README shows these commands; take them out of SAYS"
    assert set(STANDS_FOR) <= shown, "no README has these placeholders; take them out of STANDS_FOR"
    assert set(NO_PLACEHOLDERS) <= shown
