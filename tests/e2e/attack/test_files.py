"""The bucket of the drops: an upload goes where its permission says, and an agency's principal stays in its folder."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.e2e.attack.estate import Estate, settle
from tests.local.cloud import PATIENCE, REGION
from tests.local.deployed import Deployed

pytestmark = pytest.mark.thorough
NAMES = (
    "../day.csv",
    "../../other/in/day.csv",
    "/etc/passwd.csv",
    "by-hand/day.csv",
    "a/b.csv",
    "..\\day.csv",
    "day.csv\n",
    "day.csv\u0000.exe",
    "%2e%2e%2fday.csv",
    ".csv",
    "day.exe",
    "day.csv/",
    "\u202eday.csv",
    "x" * 300 + ".csv",
    "",
)


@pytest.fixture(scope="module")
def estate(product: Deployed) -> Estate:
    return settle(product)


def _post(url: str, fields: dict[str, str], content: bytes) -> int:
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n')
    body = "".join(parts).encode() + content + f"\r\n--{mark}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - our own loopback
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


@pytest.mark.parametrize("name", NAMES)
def test_te6_no_name_of_a_file_leads_out_of_the_agencys_folder(estate: Estate, name: str) -> None:
    answer = estate.olga.api("POST", f"/v1/agencies/{estate.agency}/uploads", {"file": name})
    assert answer.status == 422, answer.body
    assert answer.body["errors"][0]["field"] == "file"


def test_te6_a_permission_to_upload_is_for_its_own_key_type_and_size(product: Deployed, estate: Estate) -> None:
    other = settle(product).agency
    allowed = estate.olga.api("POST", f"/v1/agencies/{estate.agency}/uploads", {"file": "day.csv"}).body
    fields = allowed["fields"]
    keys = [
        f"{other}/in/upload.csv",
        f"{estate.agency}/in/by-hand/x.ndjson",
        f"{estate.agency}/entered/x.ndjson",
        f"{estate.agency}/receipts/x.json",
        f"{estate.agency}/rejects/x.csv",
        "stray.csv",
        f"{estate.agency}/in/other.csv",
    ]
    changes: list[dict[str, str]] = [{"key": key} for key in keys]
    changes += [{"Content-Type": "text/html"}, {"acl": "public-read"}, {"x-amz-meta-name": "x"}]
    statuses = {str(change): _post(allowed["url"], fields | change, b"x") for change in changes}
    assert all(400 <= status < 500 for status in statuses.values()), statuses
    assert not _keys(product) & set(keys)


def _keys(product: Deployed, bucket: str = "") -> set[str]:
    pages = product.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket or product.bucket)
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}


@pytest.fixture
def principal(product: Deployed, estate: Estate) -> Iterator[Any]:
    """S3 as the agency has it: a user with the policy that infra/README.md tells an operator to give."""
    agency, bucket = estate.agency, f"arn:aws:s3:::{product.bucket}"
    receipts = [f"{bucket}/{agency}/receipts/*", f"{bucket}/{agency}/rejects/*"]
    statements = [
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{bucket}/{agency}/in/*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": receipts},
        {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": product.outputs["KeyArn"]},
    ]
    iam, name = product.cloud.client("iam"), f"principal-{agency}"
    iam.create_user(UserName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=name, PolicyName="drops", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield boto3.client(
        "s3",
        endpoint_url=product.cloud.endpoint,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(retries={"max_attempts": 1}),
    )
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])


def test_te6_an_agencys_principal_reaches_its_own_prefixes_alone(
    product: Deployed, estate: Estate, principal: Any
) -> None:
    own, bucket = estate.agency, product.bucket
    other = settle(product)
    copies = product.outputs["CopiesBucket"]
    copy = next(key for key in _keys(product, copies) if other.agency in key)
    receipt = next(key for key in _keys(product) if key.startswith(f"{other.agency}/receipts/"))
    principal.put_object(Bucket=bucket, Key=f"{own}/in/principal.csv", Body=b"x")
    writes = [
        f"{other.agency}/in/x.csv",
        f"{own}/receipts/x.json",
        f"{own}/rejects/x.csv",
        f"{own}/entered/x.ndjson",
        "stray.csv",
        f"{own}/in/../entered/x.ndjson",
        f"{own}x/in/x.csv",
        f"{own}/IN/x.csv",
        "in/x.csv",
        f"{own}/in",
        f"{own}/parts/x",
    ]
    reads = [f"{other.agency}/in/roster.csv", receipt, f"{own}/in/principal.csv", f"{own}/entered/x.ndjson"]
    calls = [("put_object", {"Bucket": bucket, "Key": key, "Body": b"x"}) for key in writes]
    calls += [("get_object", {"Bucket": bucket, "Key": key}) for key in reads]
    calls += [("list_objects_v2", {"Bucket": bucket}), ("list_object_versions", {"Bucket": bucket})]
    calls += [("delete_object", {"Bucket": bucket, "Key": f"{own}/in/principal.csv"})]
    calls += [
        ("get_bucket_policy", {"Bucket": bucket}),
        ("get_object", {"Bucket": copies, "Key": copy}),
        ("put_object", {"Bucket": copies, "Key": f"clean/{own}/x"}),
        ("delete_object", {"Bucket": copies, "Key": copy}),
        ("list_objects_v2", {"Bucket": copies}),
        ("put_object", {"Bucket": product.outputs["AuditBucket"], "Key": "x"}),
    ]
    answers = {f"{name} {words}": _answer(principal, name, words) for name, words in calls}
    assert {call: answer for call, answer in answers.items() if answer not in ("AccessDenied", "403")} == {}
    assert not _keys(product) & set(writes)


def _answer(client: Any, name: str, words: dict[str, Any]) -> str:
    try:
        getattr(client, name)(**words)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "allowed"
