"""Adjustments for a cloud that lives on 127.0.0.1, and single calls that it answers otherwise than AWS."""

import json
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import s3


def install() -> None:
    _treat_as_secure_transport()
    _allow_a_batch_as_its_single_call()
    _judge_mail_by_its_sender()
    _give_a_range_of_a_version()


def _give_a_range_of_a_version() -> None:
    """Asked for bytes of one version of an object, the emulator gives all of it."""
    whole = s3._get_object

    def ranged(bucket: str, key: str, headers: dict[str, str], query: dict[str, Any] | None = None) -> Any:
        status, response_headers, body = whole(bucket, key, headers, query)
        if status != 200 or not (byte_range := headers.get("range")):
            return status, response_headers, body
        start, end = s3._parse_range(byte_range, len(body))
        part = body[start : end + 1]
        response_headers = {name: value for name, value in response_headers.items() if not _is_checksum(name)}
        range_headers = {"Content-Length": str(len(part)), "Content-Range": f"bytes {start}-{end}/{len(body)}"}
        return 206, response_headers | range_headers, part

    s3._get_object = ranged


def _is_checksum(header: str) -> bool:
    return header.lower().startswith("x-amz-checksum")


def _judge_mail_by_its_sender() -> None:
    """ses:SendEmail is granted for an identity; the emulator asks for it on `*`."""
    resource = iam_actions._ses_v2_resource_arn

    def named(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if method == "POST" and path.endswith("/outbound-emails"):
            return f"arn:aws:ses:{region}:{account}:identity/{json.loads(body)['FromEmailAddress']}"
        arn: str = resource(method, path, body, region, account)
        return arn

    iam_actions._ses_v2_resource_arn = named


def _allow_a_batch_as_its_single_call() -> None:
    """IAM knows no sqs:SendMessageBatch: the permission is that of the single call."""
    extract = iam_actions.extract_iam_action

    def extracted(*request: Any, **named: Any) -> Any:
        action = extract(*request, **named)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extracted


def _treat_as_secure_transport() -> None:
    """Our resource policies refuse plain HTTP. What never leaves the machine counts as TLS here."""
    resolve = iam_evaluator._resolve_condition_key

    def resolved(key: str, ctx: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, ctx)

    iam_evaluator._resolve_condition_key = resolved
