"""What is stored fits where it is stored, at its own maximum; or its writer is told a limit, in the writer's own units.

Amazon DynamoDB Developer Guide, "Quotas": 400 KB an item, 4 MB and 100 items a transaction. Amazon S3 User Guide,
"Naming objects": 1,024 bytes of UTF-8 a key.
"""

import json
import re
from datetime import timedelta
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from pydantic import TypeAdapter, ValidationError

from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.matches.model import Match, alert_of
from shared.alerts.revisions import next_notification
from shared.arrests.charges import Charge
from shared.arrests.diff import differences
from shared.arrests.model import Arrest, NotifyMode, Provenance
from shared.arrests.retention.hold import Hold, ProposedEnd
from shared.arrests.seals.apply import apply_seals
from shared.arrests.seals.lock import SealLock
from shared.arrests.seals.locks_table import OPEN_LOCKS, LocksTable
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.settle import SealDeps
from shared.arrests.seals.table import FULL, KEYS_AT_ONCE
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import Version
from shared.audit.event import SUBJECTS_AN_EVENT, AuditEvent, AuditOutcome
from shared.aws.idempotency_table import IdempotencyTable
from shared.aws.item_size import MAX_ITEM_BYTES, is_too_large
from shared.breaches.model import MOST_STEPS as MOST_STEPS_OF_A_BREACH
from shared.breaches.model import BreachClosing, StepReason, StepTaken
from shared.breaches.table import BreachesTable
from shared.disputes.decide import DisputeRefusedError
from shared.disputes.model import MOST_DISPUTES
from shared.disputes.table import DisputesTable
from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.queue import s3_event_of
from shared.feeds.intake.receipt import receipt_key
from shared.feeds.layouts.batches import BatchFile
from shared.feeds.layouts.table import BatchesTable
from shared.feeds.normalise import duplicates
from shared.feeds.profiles.parse import PROFILE_LIMITS, parse_profile
from shared.matching.criteria.criterion import MOST_WATCHES
from shared.matching.rules import reason_of
from shared.offices.agreements import MOST_AGREEMENTS, OfficeAgreements, RecordedAgreement
from shared.offices.agreements_table import AgreementsTable
from shared.offices.governance.model import AdoptedPolicy, hash_of_policy
from shared.offices.governance.policies_table import PoliciesTable
from shared.offices.recipient import NewEmail, Recipient
from shared.records_requests.model import MOST_RECORDS, MOST_STEPS, RequestStep
from shared.retention.holds_table import HoldsTable
from shared.subscriptions.eligible_recipients import EligibleRecipient
from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.folders.model import MAX_FOLDERS, Folder, FolderTree, Role, Tab
from shared.subscriptions.folders.table import FoldersTable
from shared.subscriptions.index.table import SHARD_SIZE
from shared.subscriptions.model import MAX_FOLDERS_OF_ONE, MAX_RECIPIENTS
from tests.breaches.cases import a_breach
from tests.builders import CHARGE_WATCH, NOW, PSEUDONYMS, SID_WATCH, a_subscription, an_arrest, an_office
from tests.conftest import Tables
from tests.disputes.cases import a_dispute, no_disputes
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row, read
from tests.records_requests.test_decide import a_request

ROOT = Path(__file__).resolve().parents[1]
LETTERS = [f"{first}{second}" for first in "abcde" for second in "0123456789"]
WIDE = "𝔘"  # four bytes of UTF-8
DROP = Provenance(drop_id="d", dropped_at=NOW)

# Module that writes -> how large what it writes can be: by a test of this file, or why it cannot grow.
WRITERS: dict[str, str] = {
    "functions/console/sessions/table.py": "one session: tokens that Cognito bounds",
    "functions/cli/commands/restore.py": "an item that was stored before",
    "shared/alerts/custodies_table.py": "ids and an instant",
    "shared/alerts/delivery/limits/hourly_count_table.py": "a number",
    "shared/alerts/delivery/limits/rate_table.py": "a number",
    "shared/alerts/delivery/messages/digests_table.py": "ids; each alert of a digest is an item of its own",
    "shared/alerts/delivery/messages/notices_table.py": "a notice: 90 warnings or 20 lines (MAX_WARNINGS, MOST_LINES)",
    "shared/alerts/delivery/suppression/table.py": "an address and why",
    "shared/alerts/delivery/table.py": "ids, an address, instants",
    "shared/alerts/incidents/table.py": "500 ids of 65 bytes, 20 lines (MOST_ITEMS, MOST_LINES)",
    "shared/alerts/incidents/unreached_table.py": "ids, an owner and instants of one watch",
    "shared/alerts/matches/missed_table.py": "ids and an instant",
    "shared/alerts/numbers_table.py": "ids",
    "shared/alerts/releases_table.py": "ids, an agency, a day and an instant",
    "shared/alerts/purge_table.py": "takes attributes away",
    "shared/arrests/juveniles/move_table.py": "an arrest as it was stored, without what is shown while it is held",
    "shared/arrests/juveniles/purge_table.py": "a tombstone: ids",
    "shared/arrests/juveniles/table.py": "ten addresses (MOST_READERS) and texts of 200 characters",
    "shared/arrests/purge_table.py": "a tombstone: ids; the events of a case: a kind and a day for each disposition",
    "shared/records_requests/table.py": "test_a_records_request",
    "shared/records_requests/exports/exports_table.py": "ids of 50 records and of nine contents with their codes",
    "shared/retention/holds_table.py": "test_a_hold",
    "shared/retention/case_entries_table.py": "ids and a text of 500 characters (CaseEntry)",
    "shared/alerts/responses/link_rate_table.py": "a number",
    "shared/alerts/responses/table.py": "a word, an address and an instant for each of seven answers",
    "shared/alerts/reviews/table.py": "1,000 ids of 32 bytes and one reason (MAX_DECIDED_ARRESTS)",
    "shared/alerts/table.py": "test_an_alert",
    "shared/arrests/identity_events/table.py": "names and identifiers of one row, whose cells have 20,000 characters",
    "shared/arrests/seals/certificates_table.py": "counts, by statute and by what became of records",
    "shared/arrests/seals/locks_table.py": "test_a_lock",
    "shared/arrests/seals/table.py": "test_the_seals",
    "shared/arrests/seals/unsealings_table.py": "an order: a few lines of 200 characters",
    "shared/arrests/table.py": "test_an_arrest",
    "shared/audit/chain_heads_table.py": "a hash and a number",
    "shared/audit/intents_table.py": "an event without subjects",
    "shared/audit/table.py": "test_an_audit_event",
    "shared/aws/idempotency_table.py": "test_an_answer",
    "shared/disclosures/table.py": "ids of arrests (MOST_ARRESTS) and texts of 300 characters",
    "shared/breaches/table.py": "test_a_breach",
    "shared/disclosures/references_table.py": "75 bytes for each disclosure of one arrest",
    "shared/disputes/table.py": "test_the_disputes",
    "shared/feeds/drops/attention_table.py": "ids and an instant",
    "shared/feeds/drops/table.py": "test_a_receipt",
    "shared/feeds/layouts/table.py": "test_a_batch",
    "shared/feeds/profiles/table.py": "test_a_profile",
    "shared/matching/agency_reference_table.py": "chunks of 350,000 bytes",
    "shared/offices/agreements_table.py": "test_the_agreements",
    "shared/offices/governance/policies_table.py": "test_a_policy",
    "shared/offices/preferences_table.py": "the fields of one form, each with its longest text",
    "shared/offices/table.py": "test_an_office",
    "shared/offices/users_table.py": "the fields of one form, each with its longest text",
    "shared/subscriptions/beliefs_table.py": "ids, an address and an instant",
    "shared/subscriptions/folders/table.py": "test_a_tree_of_folders",
    "shared/subscriptions/index/known_terms_table.py": "the digits of a hash; a random text",
    "shared/subscriptions/index/table.py": "test_a_subscription",
    "shared/subscriptions/table.py": "test_a_subscription",
}
# What the others write with: S3, SQS and Step Functions have limits of their own, tested where they are named.
NO_ITEMS = re.compile(r"shared/aws/|/queue\.py$|bucket\.py$|s3_object|executions|append_chain|log_lines|feed_files")


def test_every_module_that_writes_items_says_how_large_they_can_be() -> None:
    writes = re.compile(r"\b(put_item|update_item|transact|put_if_unchanged)\(")
    modules = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "functions")
        for path in (ROOT / folder).rglob("*.py")
        if writes.search(path.read_text())
    }
    written = {module for module in modules if not NO_ITEMS.search(module) or module in WRITERS}
    assert written == set(WRITERS), "write into WRITERS the test of its largest item, or why it cannot grow"
    named = {how for how in WRITERS.values() if how.startswith("test_")}
    assert all(any(name.startswith(how) for name in globals()) for how in named)


def item_bytes(item: dict[str, Any]) -> int:
    """DynamoDB's count: names and texts in UTF-8, a set's members with a byte each (a number is never longer)."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: dict[str, Any]) -> int:
    [(kind, content)] = value.items()
    if kind == "SS":
        return 3 + sum(1 + len(member.encode()) for member in content)
    return len(content) if kind == "B" else len(str(content).encode())


def largest_in(tables: Tables, table: str) -> int:
    return max(map(item_bytes, tables.everything_in(table)))


def largest_arrest(number: str = "K-1", letter: str = WIDE) -> Arrest:
    """The most that the intake takes: one more charge would be too much."""
    arrest = an_arrest(number, charges=(), statutes=())
    charges: tuple[Charge, ...] = ()
    while not duplicates.is_too_large(arrest.model_copy(update={"charges": charges})):
        arrest = arrest.model_copy(update={"charges": charges})
        statute, text = f"PL {len(charges)} {letter * 150}", f"{len(charges)} {letter * 1_990}"
        charges = (*charges, Charge(statute=statute, text=text[:2_000]))
    return arrest


def test_an_arrest_that_is_corrected_and_held_again_and_again_is_stored(tables: Tables) -> None:
    for day, letter in enumerate((WIDE, "ü", "X", WIDE, "Y", "Z")):
        held = DROP.model_copy(
            update={
                "drop_id": f"d-{day}", "dropped_at": NOW + timedelta(days=day),
                "notify_mode": NotifyMode.HELD if day else NotifyMode.NOTIFY,
            }
        )  # fmt: skip
        arrests = [largest_arrest(f"K-{number}", letter) for number in range(30)]
        assert len(tables.arrests.store(arrests, held, NOW + timedelta(days=day))) == 30
    assert 250_000 < largest_in(tables, "Arrests") < MAX_ITEM_BYTES
    deps = SealDeps(
        tables.seals, LocksTable(tables.client, "Agencies"), UnsealingsTable(tables.client, "Agencies"), PSEUDONYMS
    )
    seals = [Seal(agency="roster", number=f"K-{number}") for number in range(30)]
    assert len(apply_seals(seals, "roster", deps, DROP, NOW).locked) == 30, "the whole of each lies in its lock"
    assert 250_000 < largest_in(tables, "Arrests") < MAX_ITEM_BYTES


def test_an_arrest_that_says_more_than_fits_is_a_reject_with_its_row_and_the_others_are_taken() -> None:
    long = {"Charge": WIDE * 1_900, "No": "T-99"}
    rows = [a_row(1, Statute=f"PL {number}", **long) for number in range(40)]
    drop = read(a_drop(a_row(2), *rows), parse_profile(f"{PROFILE}charges: row per charge\n"))
    assert [arrest.arrest.number for arrest in drop.arrests] == ["T-2"]
    assert {reject.code for reject in drop.rejects} == {"large-arrest"}
    assert len(drop.rejects) == 40
    assert all("120 KB" in reject.reason and WIDE in reject.row for reject in drop.rejects)


def test_an_alert_of_somebody_whose_every_watch_meets_one_arrest_is_stored_and_tells_nothing_twice(
    tables: Tables,
) -> None:
    arrest, corrected = largest_arrest(), largest_arrest(letter="ü")
    ada = Recipient({"email": "ada.example@da.example.gov"})
    matches = []
    for number in range(600):
        subscription = a_subscription(CHARGE_WATCH, note={"private": WIDE * 1_000}, reference=str(number))
        reason = reason_of(subscription.criterion, an_arrest())
        assert reason
        eligible = (EligibleRecipient(ada, Role.OWNER),)
        matches.append(Match(subscription=subscription, reason=reason, eligible=eligible))
    first = alert_of(Version(arrest, None, NOW, NOW), ada, matches, PSEUDONYMS, NOW)
    assert 10 < len(first.because) < 600
    assert tables.alerts.store(first)
    version = Version(corrected, arrest, NOW, NOW)
    again = alert_of(version, ada, matches[::-1], PSEUDONYMS, NOW)
    assert next_notification(first, again, arrest, ()) is None, "the same arrest is no news"
    update = next_notification(first, again, corrected, differences(arrest, corrected))
    assert update
    assert tables.alerts.store(update)
    assert largest_in(tables, "Alerts") < MAX_ITEM_BYTES


def test_the_seals_of_an_agency_have_room_for_all_that_it_ever_seals(tables: Tables) -> None:
    """What begins with one digit alone: a sixteenth of what an agency seals."""
    seals = tables.seals
    keys = [f"a{number:031x}" for number in range(FULL + KEYS_AT_ONCE + 2_000)]
    keys += [f"a{digit}{number:030x}" for digit in "0f" for number in range(1_000)]
    seals.add("nypd", keys)
    seals.add("nypd", keys[:10])
    assert seals.entries("nypd") == set(keys)
    assert FULL * 32 < largest_in(tables, "Arrests") < MAX_ITEM_BYTES


def test_a_lock_holds_as_many_keys_as_a_seal_may_have_and_agencies_as_many_locks(tables: Tables) -> None:
    locks = LocksTable(tables.client, "Agencies")
    lock = SealLock(lock_id="0" * 32, agency="roster", keys=tuple(f"{key:032x}" for key in range(1_000)), drop_id="d",
        locked_at=NOW, number=WIDE * 200, custody_keys=tuple(f"{key:032x}" for key in range(2_000)))  # fmt: skip
    locks.store(lock)
    assert largest_in(tables, "Agencies") < MAX_ITEM_BYTES
    ids = {"SS": [f"{number:032x}" for number in range(5_000)]}
    tables.client.put_item(
        TableName="Agencies", Item={"agency": {"S": OPEN_LOCKS}, "part": {"S": "roster"}, "ids": ids}
    )
    locks.store(lock.model_copy(update={"lock_id": "f" * 32}))
    assert largest_in(tables, "Agencies") < MAX_ITEM_BYTES


def test_an_audit_event_with_as_many_subjects_as_one_has_is_stored(tables: Tables) -> None:
    subjects = tuple(f"identifier:{number:032x}" for number in range(SUBJECTS_AN_EVENT))
    event = AuditEvent(
        event_id="0" * 32, occurred_at=NOW, office_id="kings", who="ada@da.example.gov", action="search",
        subjects=subjects, outcome=AuditOutcome.ALLOWED,
    )  # fmt: skip
    tables.audit.write(event)
    assert 80_000 < largest_in(tables, "Audit") < MAX_ITEM_BYTES


def test_an_answer_that_is_too_large_frees_its_key(tables: Tables) -> None:
    table = IdempotencyTable(tables.client, "Subscriptions")
    assert table.begin("kings", "key", "hash", NOW) is None
    table.finish("kings", "key", "hash", WIDE * 100_000, NOW)
    assert table.begin("kings", "key", "hash", NOW) is None


def test_a_receipt_of_a_file_in_which_everything_is_wrong_is_stored_and_found(tables: Tables) -> None:
    feeds = Feeds(tables)
    forbidden = [f"{'x' * 180} SSN" if not number else f"SSN {number} {'x' * 180}" for number in range(3_000)]
    header = f"{HEADER},{','.join(forbidden)}"
    rows = [a_row(number, Class=f"class {number} {'y' * 60}", Date=f"never {number}") for number in range(3)]
    receipt = feeds.take_in(feeds.drop("\n".join([header, *rows, a_row(9), ""]).encode()))
    assert receipt.rows.read == 4
    assert len(receipt.dropped_columns) <= 101
    assert tables.drops.find("testville", receipt.drop_id)
    assert largest_in(tables, "Agencies") < MAX_ITEM_BYTES


@pytest.mark.parametrize("letter", ["n", "ü", "名"])
def test_a_drop_with_the_longest_name_that_s3_takes_gets_its_receipt_and_rejects(tables: Tables, letter: str) -> None:
    feeds = Feeds(tables)
    longest = (letter * 1_024).encode()[: 1_024 - len("testville/in/.csv")].decode(errors="ignore")
    content = a_drop(a_row(1), a_row(2, Date="never"))
    keys = [f"testville/in/{longest}.csv", f"testville/in/{longest[:-1]}.csv"]
    receipts = [feeds.take_in(feeds.drop(content, key)) for key in keys]
    for receipt in receipts:
        assert len(receipt_key(receipt).encode()) <= 1_024
        assert feeds.body(receipt_key(receipt))
        assert feeds.body(str(receipt.rejects_key))
    names = {Drop(key=key, size=1, dropped_at=NOW).name_in_answers for key in keys}
    assert len(names) == 2, "two files that begin alike have answers of their own"


def test_a_batch_of_files_with_the_longest_names_is_stored(tables: Tables) -> None:
    table = BatchesTable(tables.client, "Agencies")
    for number in range(60):
        key = f"a/in/{number}".ljust(1_024, "x")
        drop = Drop(key=key, size=1, dropped_at=NOW + timedelta(seconds=number), version_id="v" * 100)
        files = table.add("a", "0" * 32, f"{number:032x}", BatchFile(layout="l" * 100, drop=drop), NOW)
    assert len(files) == 40
    assert largest_in(tables, "Agencies") < MAX_ITEM_BYTES


def test_a_profile_of_the_longest_text_is_stored_twice_in_a_transaction(tables: Tables) -> None:
    tables.agencies.replace("roster", "\n" * PROFILE_LIMITS.max_bytes, 0, "ada@da.example.gov", NOW)
    assert largest_in(tables, "Agencies") < MAX_ITEM_BYTES


def an_agreement(number: int, letter: str) -> RecordedAgreement:
    return RecordedAgreement(
        agency="nypd", reference=f"{number} ".ljust(200, letter), starts=NOW.date(), ends=NOW.date(),
        recorded_by="ada@da.example.gov", recorded_at=NOW,
    )  # fmt: skip


def test_the_agreements_of_an_office_are_limited_in_agreements_and_in_bytes(tables: Tables) -> None:
    table, agreements = AgreementsTable(tables.client, "Subscriptions"), OfficeAgreements(office_id="kings")
    for number in range(MOST_AGREEMENTS):
        agreements = agreements.with_agreement(an_agreement(number, "x"))
    table.save(agreements.model_copy(update={"revision": 1}))
    assert len(table.of("kings").agreements) == MOST_AGREEMENTS
    with pytest.raises(Rejected, match="500 agreements"):
        agreements.with_agreement(an_agreement(-1, "x"))
    replaced = agreements.with_agreement(an_agreement(7, "x"))
    assert len(replaced.agreements) == MOST_AGREEMENTS
    wide = tuple(an_agreement(number, WIDE) for number in range(MOST_AGREEMENTS))
    with pytest.raises(Rejected, match="400 KB"):
        table.save(agreements.model_copy(update={"agreements": wide, "revision": 2}))


def test_the_disputes_about_an_arrest_are_limited_in_number_and_in_their_texts(tables: Tables) -> None:
    table, wide = DisputesTable(tables.client, "Subscriptions"), WIDE * 500
    texts = dict.fromkeys(("claim", "claimant_name", "identity_proof", "reason", "agency_asked", "appeal"), wide)
    disputes = tuple(a_dispute(token=f"{number:032x}").model_copy(update=texts) for number in range(MOST_DISPUTES))
    table.save(no_disputes().model_copy(update={"disputes": disputes, "revision": 1}))
    assert len(table.find("kings", disputes[0].arrest_id).disputes) == MOST_DISPUTES
    with pytest.raises(DisputeRefusedError):
        a_dispute(stored=no_disputes().model_copy(update={"disputes": disputes}))


def test_a_tree_of_folders_is_stored_or_refused_in_folders_and_roles(tables: Tables) -> None:
    table = FoldersTable(tables.client, "Subscriptions")

    def tree(roles: int) -> FolderTree:
        granted = {f"{'a' * 60}{number}@da.example.gov": Role.VISITOR for number in range(roles)}
        folders = tuple(
            Folder(folder_id=f"{number:032x}", tab=Tab.TEAM, name=f"{number} ".ljust(80, "x")[:80], roles=granted)
            for number in range(MAX_FOLDERS)
        )
        return FolderTree(office_id="kings", folders=folders, revision=1)

    table.save(tree(roles=1))
    assert 250_000 < largest_in(tables, "Subscriptions") < MAX_ITEM_BYTES
    with pytest.raises(FolderPlacementError, match="folders and the roles"):
        table.save(tree(roles=3).model_copy(update={"revision": 2}))


def test_an_office_with_the_most_of_everything_is_stored_and_more_is_refused_in_its_words(tables: Tables) -> None:
    domains = tuple(f"{letter * 31}.{letter * 31}.{letter * 31}.{letter * 31}.gov"[:253] for letter in LETTERS)
    slugs = tuple(f"{number}".ljust(63, "x") for number in range(500))
    hooks = tuple(f"https://{number}".ljust(508, "x") for number in range(50))
    office = an_office(
        allowed_domains=domains,
        agreed_domains=domains,
        topics=slugs[:50],
        webhooks=hooks,
        agencies=slugs,
        may_seal=slugs,
    )
    tables.offices.enrol(office)
    assert 100_000 < largest_in(tables, "Offices") < MAX_ITEM_BYTES
    with pytest.raises(ValidationError, match="at most 50"):
        an_office(allowed_domains=(*domains, "one.more.example.gov"))


def a_named_person(number: int, aliases: int) -> dict[str, Any]:
    name = {"surname": f"N{number} {WIDE * 190}", "given": f"G{number} {WIDE * 190}"}
    others = [{"surname": f"A{alias} {WIDE * 190}", "given": f"B{alias} {WIDE * 190}"} for alias in range(aliases)]
    return {"watch": "person", **name, "middle": WIDE * 200, "suffix": WIDE * 40, "aliases": others}


def test_a_subscription_of_the_longest_texts_is_stored_and_one_that_is_too_large_is_refused_as_such(
    tables: Tables,
) -> None:
    recipients = [{"email": f"{'a' * 50}{number}@{'b' * 50}.example"} for number in range(MAX_RECIPIENTS)]
    texts: dict[str, Any] = {
        "note": {"private": WIDE * 1_000, "public": WIDE * 1_000},
        "reference": WIDE * 100,
        "contact": WIDE * 200,
        "recipients": recipients,
        "without": [recipient["email"] for recipient in recipients],
        "folders": [f"{number:032x}" for number in range(MAX_FOLDERS_OF_ONE)],
    }
    fits, too_large = (
        {"all": [SID_WATCH, *(a_named_person(number, aliases) for number in range(MOST_WATCHES - 1))]}
        for aliases in (3, 5)
    )
    tables.watch_list.add(a_subscription(fits, **texts))
    assert 250_000 < largest_in(tables, "Subscriptions") < MAX_ITEM_BYTES
    with pytest.raises(ClientError) as refusal:
        tables.watch_list.add(a_subscription(too_large, **texts))
    assert is_too_large(refusal.value), "the API answers 422 to it, and says so"


def test_a_subscription_finds_room_beside_as_many_others_as_a_part_of_a_list_holds(tables: Tables) -> None:
    for number in range(SHARD_SIZE + 1):
        watch = {"watch": "charge", "statute": "PL 120.05", "keyword": "x" * 60}
        tables.watch_list.add(a_subscription(watch, owner=f"{number}@da.example.gov", office_id="k" * 63))
    lists = [item for item in tables.everything_in("Subscriptions") if any(name.startswith("s_") for name in item)]
    assert max(sum(name.startswith("s_") for name in item) for item in lists) == SHARD_SIZE
    assert max(map(item_bytes, lists)) < SHARD_SIZE * 800 < MAX_ITEM_BYTES


def test_a_policy_of_the_longest_text_is_stored_and_a_longer_one_is_none(tables: Tables) -> None:
    policies = PoliciesTable(tables.client, "Offices")
    longest = WIDE * 60_000
    policies.adopt("k" * 63, AdoptedPolicy(version="1", sha256=hash_of_policy(longest), text=longest))
    assert 240_000 < largest_in(tables, "Offices") < MAX_ITEM_BYTES
    with pytest.raises(ValidationError, match="at most 60000"):
        AdoptedPolicy(version="2", sha256=hash_of_policy(f"{longest}x"), text=f"{longest}x")


def test_a_hold_on_as_many_arrests_as_one_may_name_is_stored(tables: Tables) -> None:
    text = WIDE * 500
    proposed = ProposedEnd(ended_on=NOW.date(), reason=text, proposed_by="a" * 128, proposed_at=NOW)
    facts: dict[str, Any] = {
        "hold_id": "f" * 32, "office_id": "k" * 63, "kind": "litigation", "reason": text, "reference": WIDE * 100,
        "placed_by": "a" * 128, "placed_at": NOW, "end_reason": text, "proposed_end": proposed, "ended_by": "b" * 128,
        "confirmed_by": "c" * 128, "request_id": "e" * 32,
    }  # fmt: skip
    ids = tuple(f"{number:032x}" for number in range(500))
    HoldsTable(tables.client, "Subscriptions").store(Hold(**facts, arrest_ids=ids))
    assert 17_500 < largest_in(tables, "Subscriptions") < MAX_ITEM_BYTES
    with pytest.raises(ValidationError, match="at most 500"):
        Hold(**facts, arrest_ids=(*ids, "0" * 32))


def test_a_breach_with_every_step_taken_and_every_step_left_out_is_stored(tables: Tables) -> None:
    text, names = WIDE * 1_000, [f"step {letter * 30}" for letter in ascii_lowercase] + [f"to {x}" for x in "abcd"]
    taken = tuple(StepTaken(step=name, how=text, done_at=NOW, recorded_by="a" * 128) for name in names)
    left_out = tuple(StepReason(step=name, reason=text) for name in names)
    assert len(names) == MOST_STEPS_OF_A_BREACH
    closing = BreachClosing(finding=text, left_out=left_out)
    breach = a_breach(summary=text).model_copy(
        update={"office_id": "k" * 63, "taken": taken, "left_out": closing.left_out, "finding": closing.finding}
    )
    BreachesTable(tables.client, "Subscriptions").save(breach)
    assert 240_000 < largest_in(tables, "Subscriptions") < MAX_ITEM_BYTES
    with pytest.raises(ValidationError, match="at most 30"):
        BreachClosing(finding=text, left_out=(*left_out, left_out[0]))


def test_an_address_that_may_be_added_is_a_user_name_that_cognito_takes_and_an_office_an_attribute() -> None:
    create = botocore.session.get_session().get_service_model("cognito-idp").operation_model("AdminCreateUser")
    members = create.input_shape.members["Username"].metadata
    longest = f"{'a' * 64}@{'b' * 55}.example"[: members["max"]]
    adapter = TypeAdapter(NewEmail)
    assert len(longest) == members["max"]
    assert adapter.validate_python(longest) == longest
    with pytest.raises(ValidationError, match="at most 128"):
        adapter.validate_python(f"x{longest}"[:64] + longest[63:])


def test_a_message_about_the_longest_key_or_delivery_is_far_below_what_sqs_takes() -> None:
    """Amazon SQS Developer Guide, "Quotas": 1 MiB a message, 128 characters a message group."""
    drop = Drop(key=("名" * 341)[:1_024], size=1, dropped_at=NOW, version_id="v" * 1_024, sequencer="f" * 32)
    delivery = json.dumps(DeliveryKey("a" * 32, 999_999, "webhook", "o" * 63)._asdict())
    assert max(len(s3_event_of(drop, "b" * 63).encode()), len(delivery)) < 10_000 < 1 << 20


def test_a_records_request_with_every_step_that_it_may_go_fits() -> None:
    part = {"what": WIDE * 150, "code": "e iii"}
    step = RequestStep.model_validate(
        {"kind": "extended", "by": WIDE * 80, "at": NOW, "day": NOW.date(), "promised_on": NOW.date(),
         "reason": WIDE * 300, "document": WIDE * 100, "agency": "a" * 64, "withheld": [part] * 10}
    )  # fmt: skip
    texts: dict[str, Any] = {
        "about": WIDE * 500,
        "requester": WIDE * 500,
        "reference": WIDE * 100,
        "identity_document": WIDE * 200,
    }
    request = a_request("discovery", **texts).model_copy(
        update={"arrest_ids": tuple(f"{number:032x}" for number in range(MOST_RECORDS)), "steps": (step,) * MOST_STEPS}
    )
    assert len(request.model_dump_json().encode()) < MAX_ITEM_BYTES
    with pytest.raises(ValidationError):
        RequestStep.model_validate(step.model_dump() | {"reason": "x" * 301})
