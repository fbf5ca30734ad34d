"""The certificate of a purge: counts, classes and hashes; who purged, when, by which rules. It names no person.

It lies in the locked bucket before anything is deleted, so nothing is ever purged without one. Whoever restores a
backup reads the certificates since its day, and purges again what they list (`purged_since`).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from shared.aws.conditional_put import put_object
from shared.retention.model import PurgePlan
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "purges/"


class PurgeCertificate(FrozenModel):
    """`hashes` are keyed hashes and random ids by kind of record: whoever has an arrest's number and the key can prove
    that it was purged. `classes` counts arrests by the class that decided."""

    day: date
    purged_by: str
    counts: Mapping[str, int]
    classes: Mapping[str, int]
    reasons: Mapping[str, int]
    hashes: Mapping[str, tuple[str, ...]]

    @property
    def key(self) -> str:
        """The same purge has the same key, so a step that comes twice writes one certificate."""
        digest = hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()
        return f"{PREFIX}{self.day.isoformat()}/{digest}.json"


def certificate_of(plans: Iterable[PurgePlan], day: date, purged_by: str) -> PurgeCertificate:
    plans = list(plans)
    arrests = [plan for plan in plans if plan.is_arrest_due]
    hashes = {
        "arrests": tuple(sorted(plan.record.arrest.arrest_id for plan in arrests)),
        "alerts": tuple(sorted(alert.alert_id for plan in plans for alert in plan.alerts)),
        "reviews": tuple(sorted({review.review_id for plan in plans for review in plan.reviews})),
    }
    return PurgeCertificate(
        day=day,
        purged_by=purged_by,
        counts={kind: len(ids) for kind, ids in hashes.items()},
        classes=Counter(plan.retention.class_name for plan in arrests),
        reasons=Counter(plan.retention.reason.value for plan in arrests),
        hashes=hashes,
    )


def certificate_of_ids(
    kind: str, ids: Iterable[str], day: date, purged_by: str, classes: Iterable[str] = ()
) -> PurgeCertificate:
    """Of drops, disclosures or watches. `classes` are the names of their classes, where there are several."""
    hashes = {kind: tuple(sorted(ids))}
    counts = {kind: len(hashes[kind])}
    return PurgeCertificate(
        day=day, purged_by=purged_by, counts=counts, classes=Counter(classes), reasons={}, hashes=hashes
    )


class Certificates:
    def __init__(self, s3: "S3Client", audit_bucket: str) -> None:
        self._s3, self._bucket = s3, audit_bucket

    def add(self, certificate: PurgeCertificate, now: datetime) -> None:
        """Locked for as long as the bucket locks. May run twice: the second writes nothing."""
        document = json.loads(certificate.model_dump_json()) | {"issued_at": now.isoformat()}
        body = json.dumps(document, indent=1).encode()
        put_object(self._s3, self._bucket, certificate.key, body, IfNoneMatch="*")

    def purged_ids_since(self, day: date) -> Iterator[str]:
        """Yields the ids of what was purged by the runs of this day and later, of every kind."""
        for certificate in self.purged_since(day):
            for ids in certificate.hashes.values():
                yield from ids

    def purged_since(self, day: date) -> Iterator[PurgeCertificate]:
        """Yields the certificates of the runs of this day and later."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=PREFIX, StartAfter=f"{PREFIX}{day.isoformat()}"
        )
        for page in pages:
            for stored in page.get("Contents", ()):
                body = self._s3.get_object(Bucket=self._bucket, Key=stored["Key"])["Body"].read()
                document = json.loads(body)
                del document["issued_at"]
                yield PurgeCertificate.model_validate(document)
