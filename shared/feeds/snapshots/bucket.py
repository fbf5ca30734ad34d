"""Who is in custody by an agency's last snapshot, in the bucket of copies: `custody/<agency>`. It holds keyed hashes
and days, and nothing that names anybody."""

import zlib
from typing import TYPE_CHECKING, Any

from shared.aws.conditional_put import put_object
from shared.feeds.snapshots.compare import Custody

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class CustodyBucket:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def get(self, agency: str) -> tuple[Custody | None, str]:
        """Returns what is stored, None before the first snapshot, and its ETag for `put`."""
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=_key(agency))
        except self._s3.exceptions.NoSuchKey:
            return None, ""
        return Custody.model_validate_json(zlib.decompress(answer["Body"].read())), answer["ETag"]

    def put(self, agency: str, custody: Custody, etag: str) -> bool:
        """Returns False when another writer was quicker: read it again."""
        condition: Any = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        body = zlib.compress(custody.model_dump_json().encode())
        return put_object(self._s3, self._bucket, _key(agency), body, **condition)


def _key(agency: str) -> str:
    return f"custody/{agency}"
