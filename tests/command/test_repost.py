import boto3
import pytest

from functions.command.main import main
from shared.domain.matching import anchors_of
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.subscriptions import Status
from shared.tables.watch_list import WatchList
from tests.builders import NAME_WATCH, a_subscription, an_office

STACK = """
Resources: {Nothing: {Type: AWS::SNS::Topic}}
Outputs: {SubscriptionsTable: {Value: Subscriptions}, OfficesTable: {Value: Offices}, AuditTable: {Value: Audit},
  PseudonymSecretArn: {Value: pseudonyms}}
"""
ALIASES = [{"surname": one, "given": "Pat"} for one in (
    "Abernathy", "Featherstone", "Okonkwo", "Thibodeaux", "Vandermeer", "Wojcik", "Zanderbeek", "Quillmoor",
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
    return WatchList(tables.client, "Subscriptions", Pseudonyms(b"other keys"))


def test_watches_of_a_release_with_other_keys_are_found_again_and_are_otherwise_as_they_were(tables, repost, earlier):
    one, over = a_subscription(NAME_WATCH), a_subscription(NAME_WATCH, owner="bo@da.example.gov")
    for each in (one, over):
        earlier.add(each)
    earlier.replace(over, over.model_copy(update={"status": Status.CANCELLED, "revision": 2}))
    terms = anchors_of(one.criterion)
    assert tables.watch_list.posted_under(terms) == {}
    assert repost() == (0, "1 watches were posted anew, 0 lay well.\n")
    posted = tables.watch_list.posted_under(terms)
    assert {each.key.subscription_id for some in posted.values() for each in some} == {one.subscription_id}
    assert (posted.keys(), earlier.posted_under(terms)) == (terms, {term: set() for term in terms})
    assert tables.subscriptions.find("kings", one.subscription_id) == one
    assert repost() == (0, "0 watches were posted anew, 1 lay well.\n")


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
    assert said.startswith("1 watches were posted anew, 0 lay well.\n")
    assert f"kings/{large.subscription_id} needs" in said
