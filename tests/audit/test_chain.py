"""P2: the trail is immutable: whatever is deleted, altered, reordered or cut off, the chain says so."""

import json
from datetime import timedelta
from uuid import UUID

import boto3
import pytest

from shared.audit.append_chain import ChainDeps, append_events, export_chain, verify_chain
from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.hash_chain import ChainHead, append_link
from tests.builders import NOW

BUCKET = "audit-objects"


def an_event(number: int, office_id: str = "kings", **fields) -> AuditEvent:
    usual = {"at": NOW + timedelta(seconds=number), "who": "ada@da.example.gov", "action": "GET /v1/alerts"}
    usual |= {"outcome": AuditOutcome.ALLOWED, "status": 200, "event_id": UUID(int=number).hex}
    return AuditEvent(office_id=office_id, **usual | fields)


@pytest.fixture
def deps(tables):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return ChainDeps(tables.chains, s3, BUCKET)


@pytest.fixture
def keys(deps):
    """The keys of five links."""
    for number in range(5):
        append_events([an_event(number)], deps, NOW)
    assert verify_chain("kings", deps) == []
    return sorted(stored["Key"] for stored in deps.s3.list_objects_v2(Bucket=BUCKET)["Contents"])


def replace_object(deps, key: str, text: bytes) -> None:
    """As somebody would who may do everything: the old version is gone."""
    for version in deps.s3.list_object_versions(Bucket=BUCKET, Prefix=key)["Versions"]:
        deps.s3.delete_object(Bucket=BUCKET, Key=key, VersionId=version["VersionId"])
    if text:
        deps.s3.put_object(Bucket=BUCKET, Key=key, Body=text)


def read(deps, key: str) -> bytes:
    return deps.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_a_whole_chain_has_nothing_wrong_and_gives_every_event_once_in_its_order(deps, keys):
    assert keys[0] == "kings/2026-11-20/000000000001.json"
    assert [event.event_id for event in export_chain("kings", deps)] == [UUID(int=number).hex for number in range(5)]


@pytest.mark.parametrize("index", range(5))
def test_a_deleted_object_is_noticed_wherever_it_lay(deps, keys, index):
    replace_object(deps, keys[index], b"")
    assert f"link {index + 1} is missing" in verify_chain("kings", deps)


@pytest.mark.parametrize("index", range(5))
def test_an_altered_object_is_noticed_wherever_it_lies(deps, keys, index):
    replace_object(deps, keys[index], read(deps, keys[index]).replace(b"ada@", b"eve@"))
    assert verify_chain("kings", deps)


def test_an_altered_object_is_noticed_even_when_it_names_the_right_one_before_it(deps, keys):
    """The last link, rewritten with care: only the head can tell."""
    last = json.loads(read(deps, keys[4]))
    last["events"][0]["outcome"] = "denied"
    replace_object(deps, keys[4], json.dumps(last).encode())
    assert verify_chain("kings", deps) == ["link 5 is not the one that the head names: one of the two was altered"]


def test_two_objects_in_each_others_place_are_noticed(deps, keys):
    second, third = read(deps, keys[1]), read(deps, keys[2])
    replace_object(deps, keys[1], third)
    replace_object(deps, keys[2], second)
    assert any("another's place" in fault for fault in verify_chain("kings", deps))


def test_the_end_cannot_be_cut_off_not_even_together_with_the_head(deps, keys, tables):
    replace_object(deps, keys[4], b"")
    assert verify_chain("kings", deps) == ["link 5 is missing"]
    replace_object(deps, keys[3], b"")
    assert verify_chain("kings", deps) == ["link 4 is missing", "link 5 is missing"]


def test_a_head_that_was_set_back_is_noticed(deps, keys, tables):
    earlier = append_link(ChainHead("kings", 3, "0" * 64), [an_event(9)], NOW)
    tables.client.delete_item(TableName="Chains", Key={"pk": {"S": "kings"}})
    tables.chains.advance(ChainHead("kings"), earlier)
    wrong = verify_chain("kings", deps)
    assert "the head names link 4 as the last and there are more: it was set back" in wrong


def test_an_object_that_was_overwritten_or_hidden_is_noticed(deps, keys):
    deps.s3.put_object(Bucket=BUCKET, Key=keys[0], Body=b"{}")
    deps.s3.delete_object(Bucket=BUCKET, Key=keys[1])
    assert verify_chain("kings", deps) == [
        "link 1 was overwritten or deleted: there are 2 versions of it",
        "link 2 was overwritten or deleted: there are 2 versions of it",
    ]


def test_the_same_batch_again_makes_no_second_link(deps, keys):
    assert append_events([an_event(4)], deps, NOW) == 0
    assert verify_chain("kings", deps) == []


def test_a_link_whose_writer_died_before_its_object_was_put_is_put_by_the_next(deps, keys, tables):
    head = tables.chains.head("kings")
    tables.chains.advance(head, append_link(head, [an_event(6)], NOW))
    assert verify_chain("kings", deps) == ["link 6 is missing"]
    append_events([an_event(7)], deps, NOW)
    assert verify_chain("kings", deps) == []
    assert len(list(export_chain("kings", deps))) == 7


def test_offices_have_chains_of_their_own(deps, keys):
    append_events([an_event(20, "queens"), an_event(21)], deps, NOW)
    assert [event.event_id for event in export_chain("queens", deps)] == [UUID(int=20).hex]
    assert (verify_chain("queens", deps), verify_chain("kings", deps)) == ([], [])


def test_much_at_once_goes_into_several_links(deps):
    subjects = tuple(f"person:{number:032x}" for number in range(2000))
    events = [an_event(number, subjects=subjects) for number in range(6)]
    assert append_events(events, deps, NOW) > 1
    assert verify_chain("kings", deps) == []
    assert list(export_chain("kings", deps)) == events
