"""The certificate of a seal: what was made unreadable, marked, locked or opened, under which statutes, when. It names
no person.

It lies in the locked bucket, like that of a purge. The intake certifies arrests and rows of copies, the matchers the
alerts and reviews, each when it has done its part: a step that comes twice writes the same one.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from shared.arrests.seals.certificates_table import CertifiedSeal, CertifiedSealsTable
from shared.aws.conditional_put import put_object
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "seals/"


class SealCertificate(FrozenModel):
    """`statutes` counts seals by statute, empty where they named none. `hashes` are keyed hashes of arrests and random
    ids of alerts and reviews, by what became of them; `rows` were erased from copies of drops. `drop_id` is the file or
    entry that brought the seals."""

    agency: str
    day: date
    drop_id: str
    statutes: Mapping[str, int] = {}
    hashes: Mapping[str, tuple[str, ...]] = {}
    rows: int = 0

    @property
    def digest(self) -> str:
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()

    @property
    def key(self) -> str:
        """The same seals of a day have the same key."""
        return f"{PREFIX}{self.agency}/{self.day.isoformat()}/{self.digest}.json"

    @property
    def counts(self) -> dict[str, int]:
        counts = {kind: len(ids) for kind, ids in self.hashes.items() if ids}
        return counts | ({"rows of copies": self.rows} if self.rows else {})


class SealCertificates:
    def __init__(self, s3: "S3Client", audit_bucket: str, certified: CertifiedSealsTable) -> None:
        self._s3, self._bucket, self._certified = s3, audit_bucket, certified

    def add(self, certificate: SealCertificate, now: datetime) -> None:
        """Locked for as long as the bucket locks. May run twice: the second writes nothing."""
        document = json.loads(certificate.model_dump_json()) | {"issued_at": now.isoformat()}
        body = json.dumps(document, indent=1).encode()
        put_object(self._s3, self._bucket, certificate.key, body, IfNoneMatch="*")
        seal = CertifiedSeal(
            key=certificate.key,
            day=certificate.day,
            drop_id=certificate.drop_id,
            statutes=certificate.statutes,
            counts=certificate.counts,
        )
        self._certified.note(certificate.agency, certificate.digest, seal)
