"""S3 refuses Signature Version 2, in a link, a form or a header.

It does so for every bucket under a KMS key, and in every region opened since 2014 (Amazon S3 User Guide,
"Authenticating requests"). MiniStack takes both versions.
"""

from typing import Any

from ministack import app

REFUSAL = (
    b"<Error><Code>InvalidRequest</Code><Message>The authorization mechanism you have provided is not supported. "
    b"Please use AWS4-HMAC-SHA256.</Message></Error>"
)


def install() -> None:
    handle = app._handle_special_data_plane_request

    async def handled(
        method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str, **options: Any
    ) -> Any:
        if is_version_2(method, headers, body, query):
            return 400, {"Content-Type": "application/xml"}, REFUSAL
        return await handle(method, path, headers, body, query, request_id, **options)

    app._handle_special_data_plane_request = handled


def is_version_2(method: str, headers: Any, body: bytes, query: Any) -> bool:
    is_form = method == "POST" and headers.get("content-type", "").startswith("multipart/form-data")
    return (
        ("Signature" in query and "AWSAccessKeyId" in query)
        or headers.get("authorization", "").startswith("AWS ")
        or (is_form and b'name="signature"' in body)
    )
