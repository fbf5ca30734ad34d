from datetime import date
from typing import Any

import boto3
import pytest

from functions.cli.main import main
from shared.matching.rules import selective_terms
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index import items
from shared.subscriptions.index.known_terms_table import KnownTermsTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Status
from tests.builders import NAME_WATCH, PSEUDONYMS, a_subscription, an_office

STACK = """
Resources: {Nothing: {Type: AWS::SNS::Topic}}
Outputs: {SubscriptionsTable: {Value: Subscriptions}, OfficesTable: {Value: Offices}, AuditTable: {Value: Audit},
  PseudonymSecretArn: {Value: pseudonyms}}
"""
ALIASES = [{"surname": one, "given": "Pat"} for one in (
    "Abernathy", "Bonaventure", "Castellanos", "Dimitriou", "Eisenhower", "Featherstone", "Gallagher", "Huddleston",
    "Iturralde", "Jankowski", "Kowalczyk", "Lindqvist", "Mukherjee", "Nakamura", "Okonkwo", "Pemberton", "Quillmoor",
)]  # fmt: skip


@pytest.fixture
def repost(tables, capsys):
    boto3.client("secretsmanager").create_secret(Name="pseudonyms", SecretString="a key for tests only")
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=STACK)
    tables.offices.enrol(an_office())

    def run() -> tuple[int, str]:
        status, told = main(["repost", "--stack", "here"]), capsys.readouterr()
        return status, told.out + told.err

    return run


@pytest.fixture
def earlier(tables):
    """The watch list of a release that posted under other keys."""
    return SubscriptionIndex(tables.client, "Subscriptions", Pseudonyms(b"other keys"))


def test_watches_of_a_release_with_other_keys_are_found_again_and_are_otherwise_as_they_were(tables, repost, earlier):
    one, over = a_subscription(NAME_WATCH), a_subscription(NAME_WATCH, owner="bo@da.example.gov")
    for each in (one, over):
        earlier.add(each)
    earlier.replace(over, over.model_copy(update={"status": Status.CANCELLED, "revision": 2}))
    terms = selective_terms(one.criterion)
    assert tables.watch_list.postings_under(terms) == {}
    assert repost() == (0, "1 subscriptions were indexed again, 0 were up to date.\n")
    posted = tables.watch_list.postings_under(terms)
    assert {each.key.subscription_id for some in posted.values() for each in some} == {one.subscription_id}
    assert (posted.keys(), earlier.postings_under(terms)) == (terms, {term: set() for term in terms})
    assert tables.subscriptions.find("kings", one.subscription_id) == one
    assert repost() == (0, "0 subscriptions were indexed again, 1 were up to date.\n")


def test_watches_of_a_release_that_made_no_terms_known_are_found_by_matchers_again(tables, repost):
    watch = a_subscription(NAME_WATCH)
    tables.watch_list.add(watch)
    for item in tables.everything_in("Subscriptions"):
        if item["pk"]["S"].startswith("known#"):
            tables.client.delete_item(TableName="Subscriptions", Key={name: item[name] for name in ("pk", "sk")})
    known = KnownTermsTable(tables.client, "Subscriptions")
    matcher = SubscriptionIndex(tables.client, "Subscriptions", PSEUDONYMS, known=known)
    assert not matcher.postings_under(selective_terms(watch.criterion))
    assert repost() == (0, "0 subscriptions were indexed again, 1 were up to date.\n")
    assert matcher.postings_under(selective_terms(watch.criterion)).keys() == selective_terms(watch.criterion)


def postings(tables):
    """What each list says its size is, and who really lies in it."""
    pages = tables.client.get_paginator("scan").paginate(TableName="Subscriptions")
    lists = [item for page in pages for item in page["Items"] if item["sk"]["S"] == "posting"]
    return [(int(one.get("size", {"N": "0"})["N"]), sorted(name for name in one if name.startswith("s_")))
            for one in lists]  # fmt: skip


@pytest.mark.parametrize("after", [{"status": Status.CANCELLED}, {"reference": "changed meanwhile"}], ids=str)
def test_who_changes_a_watch_while_it_is_posted_anew_leaves_it_nowhere_else(
    tables, repost, earlier, after, monkeypatch
):
    one = a_subscription(NAME_WATCH)
    earlier.add(one)
    write = SubscriptionIndex._write
    runs: list[Any] = []

    def beside(self, *said):
        if not runs:
            runs.append(repost)
            repost()
        return write(self, *said)

    monkeypatch.setattr(SubscriptionIndex, "_write", beside)
    changed = one.model_copy(update={"revision": 2} | after)
    tables.watch_list.replace(one, changed)
    monkeypatch.undo()
    found = tables.watch_list.postings_under(selective_terms(one.criterion))
    assert (sum(map(len, found.values())) == 0) == (changed.status is Status.CANCELLED)
    assert [size for size, who in postings(tables) if size != len(who)] == []
    assert sum(len(who) for _, who in postings(tables)) == (
        0 if changed.status is Status.CANCELLED else len(selective_terms(one.criterion))
    )


def test_watches_with_many_aliases_that_many_others_resemble_are_moved_wholly(tables, repost, monkeypatch):
    """Every list that one of them goes to is full, and what it leaves has no room in the same transaction."""
    monkeypatch.setattr(SubscriptionIndex.__init__, "__defaults__", (2, None))
    earlier = SubscriptionIndex(tables.client, "Subscriptions", Pseudonyms(b"other keys"))
    alike = NAME_WATCH | {"aliases": ALIASES[:15]}
    for nth in range(4):
        earlier.add(a_subscription(alike, owner=f"u{nth}@da.example.gov"))
    assert len(selective_terms(a_subscription(alike).criterion)) > 80
    assert repost() == (0, "4 subscriptions were indexed again, 0 were up to date.\n")
    found = tables.watch_list.postings_under(selective_terms(a_subscription(alike).criterion))
    assert {len(some) for some in found.values()} == {4}
    assert all(size == len(who) for size, who in postings(tables))
    assert sum(len(who) for _, who in postings(tables)) == 4 * len(found)


def test_a_watch_that_cannot_be_read_is_named(tables, repost, earlier):
    one = a_subscription(NAME_WATCH)
    earlier.add(one)
    tables.client.update_item(
        TableName="Subscriptions", UpdateExpression="SET doc = :doc",
        Key={"pk": {"S": "office#kings"}, "sk": {"S": f"subscription#{one.subscription_id}"}},
        ExpressionAttributeValues={":doc": {"S": "{}"}},
    )  # fmt: skip
    wanted = f"kings/{one.subscription_id} has a document that cannot be read\n"
    assert repost() == (1, f"0 subscriptions were indexed again, 0 were up to date.\n{wanted}")


def test_a_watch_that_needs_more_places_than_it_may_have_is_named_and_stops_no_other(tables, repost, earlier):
    one, large = a_subscription(NAME_WATCH), a_subscription(NAME_WATCH, owner="bo@da.example.gov")
    for each in (one, large):
        earlier.add(each)
    held = a_subscription(NAME_WATCH | {"aliases": ALIASES}).model_copy(
        update={"subscription_id": large.subscription_id}
    )
    tables.client.update_item(
        TableName="Subscriptions", UpdateExpression="SET doc = :doc",
        Key={"pk": {"S": "office#kings"}, "sk": {"S": f"subscription#{large.subscription_id}"}},
        ExpressionAttributeValues={":doc": {"S": held.model_dump_json()}},
    )  # fmt: skip
    status, said = repost()
    assert status == 1
    assert said.startswith("1 subscriptions were indexed again, 0 were up to date.\n")
    assert f"kings/{large.subscription_id} needs" in said


def test_subscriptions_and_offices_of_a_release_without_their_indexes_are_listed_in_them(tables, repost):
    """The sweeps find subscriptions by their last day, and offices by their kind."""
    stored = a_subscription(NAME_WATCH, ends=date(2027, 1, 31))
    tables.watch_list.add(stored)
    document = items.document_key(stored.key)
    tables.client.update_item(TableName="Subscriptions", Key=document, UpdateExpression="REMOVE due_shard, last_day")
    office = {"pk": {"S": "office#kings"}}
    tables.client.update_item(TableName="Offices", Key=office, UpdateExpression="REMOVE kind")
    shard = int(items.due_attributes(stored)["due_shard"]["S"])

    def listed() -> tuple[list[Any], list[Any]]:
        due = tables.subscriptions.due_between(shard, stored.ends, stored.ends)
        return list(due), [office.office_id for office in tables.offices.each_office()]

    assert listed() == ([], [])
    assert repost() == (0, "1 subscriptions were indexed again, 0 were up to date.\n")
    assert listed() == ([stored.key], ["kings"])
    assert repost() == (0, "0 subscriptions were indexed again, 1 were up to date.\n")
