"""What the product signs for others to use: S3 takes a link or form without an SDK only if its text is right."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from shared.office_api import routes
from shared.offices.users import Right
from tests.builders import a_user, an_office
from tests.conftest import Tables
from tests.office_api.conftest import Call
from tests.office_api.test_agencies import HERE, KAY, SID, dropped

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EXPORTS = "office_api/routes/records/records_exports.py"  # its link is tested in test_records_requests.py
# Each place in the routes that signs something, by the module that holds it.
SIGNED = {"office_api/routes/agencies/drops.py": 2, "office_api/routes/agencies/feed_files.py": 1, EXPORTS: 1}
VERSION_4 = "AWS4-HMAC-SHA256"


@pytest.fixture
def s3(tables: Tables) -> "S3Client":
    """The bucket of an office's agency, and people with its rights."""
    tables.offices.enrol(an_office(agencies=("testville",)))
    tables.users.add(a_user(KAY["email"], rights=frozenset({Right.FEEDS})))
    tables.users.add(a_user(SID["email"], rights=frozenset({Right.SEAL})))
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="feeds")
    return s3


def rejects_link(call: Call, tables: Tables, s3: "S3Client") -> str:
    drop_id = dropped(tables, 2, rejects_key="testville/rejects/2.csv")
    return str(call("GET", f"{HERE}/drops/{drop_id}/rejects", claims=KAY).body["url"])


def raw_link(call: Call, tables: Tables, s3: "S3Client") -> str:
    drop_id = dropped(tables, 3)
    s3.create_bucket(Bucket="copies")
    s3.put_object(Bucket="copies", Key=f"raw/testville/{drop_id}", Body=b"a file")
    return str(call("GET", f"{HERE}/drops/{drop_id}/raw", claims=SID).body["url"])


@pytest.mark.parametrize(("bucket_name", "link_of"), [("feeds", rejects_link), ("copies", raw_link)])
def test_a_link_is_signed_with_version_4_at_the_address_of_its_region(
    call: Call, tables: Tables, s3: "S3Client", bucket_name: str, link_of: Any
) -> None:
    link = urlsplit(link_of(call, tables, s3))
    signed = parse_qs(link.query)
    assert link.netloc == f"{bucket_name}.s3.us-east-1.amazonaws.com"
    assert signed["X-Amz-Algorithm"] == [VERSION_4]
    assert signed["X-Amz-Credential"][0].endswith("/us-east-1/s3/aws4_request")
    assert signed.keys().isdisjoint({"AWSAccessKeyId", "Signature", "Expires"})


def test_an_upload_form_is_signed_with_version_4_at_the_address_of_its_region(call: Call, s3: "S3Client") -> None:
    form = call("POST", f"{HERE}/uploads", {"file": "week.csv"}, KAY).body
    assert urlsplit(form["url"]).netloc == "feeds.s3.us-east-1.amazonaws.com"
    assert form["fields"]["x-amz-algorithm"] == VERSION_4
    assert form["fields"].keys().isdisjoint({"AWSAccessKeyId", "signature"})


def test_nothing_else_is_signed_than_what_is_tested_here() -> None:
    folder = Path(routes.__file__).parents[2]
    modules = [*folder.rglob("*.py"), *(folder.parent / "functions").rglob("*.py")]
    places = {
        os.path.relpath(path, folder): len(re.findall(r"generate_presigned_\w+\(", path.read_text()))
        for path in modules
    }
    assert {name: count for name, count in places.items() if count} == SIGNED
