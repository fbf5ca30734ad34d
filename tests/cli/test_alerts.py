import hashlib
from datetime import date

import boto3
import pytest
from botocore.stub import Stubber

from functions.cli.main import main
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.table import Version
from shared.aws.secrets import read_signing_keys
from shared.aws.signing_keys import KeyPurpose
from shared.channels.webhook import keys_of, secret_text
from shared.records_requests.exports.archive import pack
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import Export, ExportState
from shared.retention.holds_table import HoldsTable
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, an_office, discard, signing_keys

KEY = "a key for tests only"
HOOK = "https://cases.da.example.gov/alerts"
TEMPLATE = """
Resources: {{Nothing: {{Type: AWS::SNS::Topic}}}}
Outputs:
  PseudonymSecretArn: {{Value: pseudonyms}}
  LinksSecretArn: {{Value: links}}
  CursorsSecretArn: {{Value: cursors}}
  WebhooksSecretArn: {{Value: webhooks}}
  EntriesSecretArn: {{Value: entries}}
  AlertsTable: {{Value: Alerts}}
  AuditTable: {{Value: Audit}}
  OfficesTable: {{Value: Offices}}
  SubscriptionsTable: {{Value: Subscriptions}}
  AlertsQueue: {{Value: "{queue}"}}
"""


@pytest.fixture
def queue(tables) -> str:
    tables.offices.enrol(an_office())
    url = boto3.client("sqs").create_queue(QueueName="alerts")["QueueUrl"]
    for name in ("pseudonyms", *(purpose.noun for purpose in KeyPurpose)):
        boto3.client("secretsmanager").create_secret(Name=name, SecretString=KEY)
    template = TEMPLATE.format(queue=url)
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=template)
    return url


def test_an_arrest_is_taken_back_from_everyone_who_was_told(queue, tables, capsys):
    tables.watch_list.add(a_subscription())
    arrest = an_arrest("K-1")
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(arrest, None, NOW, NOW)], alerting, NOW)
    assert main(["recall", "--stack", "here", arrest.agency, "K-1"]) == 0
    assert "1 alerts withdrawn" in capsys.readouterr().out
    [alert_id] = tables.alerts.ids_of_arrest(arrest.arrest_id)
    assert tables.alerts.find(alert_id).withdrawn_at
    assert boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert main(["recall", "--stack", "here", arrest.agency, "K-2"]) == 1


def test_an_office_is_given_the_secret_of_its_webhook_and_of_no_other(queue, capsys):
    assert main(["webhook-secret", "--stack", "here", "kings", HOOK]) == 0
    assert capsys.readouterr().out.strip() == secret_text(
        keys_of(signing_keys(KeyPurpose.WEBHOOKS), "kings", HOOK).newest
    )
    assert main(["webhook-secret", "--stack", "here", "kings", "https://elsewhere.example/x"]) == 1
    assert main(["webhook-secret", "--stack", "here", "queens", HOOK]) == 1


@pytest.mark.parametrize("purpose", KeyPurpose)
def test_a_key_is_rotated_once_and_again_at_once_if_it_got_out(
    queue: str, capsys: pytest.CaptureFixture[str], purpose: KeyPurpose
) -> None:
    words = ["rotate", "--stack", "here", purpose.noun]
    assert main(words) == 0
    assert "what the one before signed is accepted until" in capsys.readouterr().out
    assert main(words) == 1
    assert "now with --revoke if a key got out" in capsys.readouterr().err
    assert main([*words, "--revoke"]) == 0
    assert "nothing that was signed before is accepted any more" in capsys.readouterr().out
    keys = read_signing_keys(boto3.client("secretsmanager"), purpose.noun, purpose)
    assert (keys.previous, keys.newest == KEY.encode()) == (None, False)


def test_whoever_must_get_a_new_secret_is_listed_and_gets_it(queue: str, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = []
    for words in (["rotate", "--stack", "here", "webhooks"], ["webhook-secret", "--stack", "here", "kings", HOOK]):
        assert main(words) == 0
        secrets.append(capsys.readouterr().out.strip())
    assert f"kings {HOOK}" in secrets[0]
    assert secrets[1] != secret_text(keys_of(signing_keys(KeyPurpose.WEBHOOKS), "kings", HOOK).newest)


def test_the_key_of_pseudonyms_cannot_be_rotated(queue: str) -> None:
    with pytest.raises(SystemExit):
        main(["rotate", "--stack", "here", "pseudonyms"])


def test_an_address_that_bounced_is_shown_and_let_in_again_on_both_lists(queue, tables, capsys, monkeypatch):
    """moto has no list of SES's, so what would be asked of it is held against SES's own description."""
    tables.alerts.suppression_list.add("email", "ada@da.example.gov", "this address answered with a bounce before", NOW)
    words, ses = ["address", "--stack", "here", "email", "Ada@da.example.gov"], boto3.client("sesv2")
    assert main(words) == 0
    assert "answered with a bounce" in capsys.readouterr().out
    make = boto3.client
    monkeypatch.setattr(boto3, "client", lambda name, **said: ses if name == "sesv2" else make(name, **said))
    with Stubber(ses) as stub:
        stub.add_response("delete_suppressed_destination", {}, {"EmailAddress": "Ada@da.example.gov"})
        assert main([*words, "--let-in"]) == 0
        stub.assert_no_pending_responses()
    assert "written to again" in capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out == "nothing holds it back: it is written to\n"


def test_p13_the_holds_of_an_office_are_listed_without_their_reasons(queue, tables, capsys):
    holds = HoldsTable(tables.client, "Subscriptions")
    usual = {"office_id": "kings", "reason": "Quillfeather v. City", "placed_by": "rita@da.example.gov"}
    ended = {"ended_on": date(2020, 1, 5)}
    for kind, facts in ((HoldKind.LITIGATION, {"arrest_ids": ("a" * 32,)}), (HoldKind.CASE, ended)):
        holds.store(Hold(hold_id=kind.value, kind=kind, placed_at=NOW, **usual | facts))
    assert main(["holds", "--stack", "here", "kings"]) == 0
    listed = capsys.readouterr().out
    assert ("1 holds of kings" in listed, "1 records" in listed, "no end known" in listed) == (True, True, True)
    assert "Quillfeather" not in listed
    assert main(["holds", "--stack", "here", "--all", "kings"]) == 0
    assert "until 2020-01-05, over" in capsys.readouterr().out
    assert main(["holds", "--stack", "here", "nowhere"]) == 1


def test_p12_an_export_that_somebody_holds_is_told_from_one_that_was_changed(queue, tables, capsys, tmp_path):
    content = pack({"records/01/arrest.json": b"{}", "withheld.txt": b"nothing"})
    request_id, digest = "20261102150000" + "0" * 18, hashlib.sha256(content).hexdigest()
    export = Export(
        export_id="20261102160000" + "e" * 18, request_id=request_id, office_id="kings", disclosure_id="d",
        arrest_ids=("a" * 32,), purpose="investigation", asked_by="rita@da.example.gov", asked_at=NOW,
        state=ExportState.READY, sha256=digest, size=len(content),
    )  # fmt: skip
    ExportsTable(tables.client, "Subscriptions").save(export)
    command = ["export", "--stack", "here", "kings", request_id]
    assert main(command) == 0
    listed = capsys.readouterr().out
    assert all(fact in listed for fact in ("ready, 1 records", "by rita@da.example.gov", digest))
    (file := tmp_path / "export.zip").write_bytes(content)
    assert main([*command, "--check", str(file)]) == 0
    assert "unchanged" in capsys.readouterr().out
    for forged in (pack({"records/01/arrest.json": b"[]"}), content[:-30], b"", b"no ZIP"):
        file.write_bytes(forged)
        assert main([*command, "--check", str(file)]) == 1
        assert "none of the exports" in capsys.readouterr().err
    assert main(["export", "--stack", "here", "kings", "1" * 32]) == 1
