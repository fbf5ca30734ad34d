"""The bucket of copies. No agency reaches it, S3 announces nothing of it, and it keeps no older versions: a record that
a seal erases must be gone. (Object Lock would forbid that, and a versioned bucket would keep the row for a while.)

    clean/<agency>/<drop id>/about        how many parts there are, the rows of late rejects; written last
    clean/<agency>/<drop id>/<part>       the records: one part, or one for each range of a large drop
    raw/<agency>/<drop id>                the file as it came, for seven days, for whoever has the right `seal`; none of
                                          a drop with an arrest that a seal erases or locks
    unread/<agency>/<drop id>             a file of which nothing could be read, for seven days, to be read again
    exports/<office>/<export id>/keys     ids of its arrests and the keys of seals that would mean them, for seven days
    exports/<office>/<export id>/export.zip   the export itself, which a seal and a purge delete as a whole
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from shared.aws.conditional_put import put_object
from shared.feeds.copies.cleaned import erase, holds_record, read_cleaned, record_key
from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.formats.tabular.split_ranges import FileSplit
from shared.feeds.record import ReadResult
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CLEAN, RAW, UNREAD, EXPORTS = "clean", "raw", "unread", "exports"
_GONE = ("NoSuchKey", "NoSuchVersion", "404")


class CopiedFile(FrozenModel):
    """One file of a drop: its layout (empty where none claims it), and the lines of the object that stand before it."""

    layout: str
    before: int = 0


class CleanedCopy(FrozenModel):
    """A cleaned copy that is complete. `layout` is a hash of the layout by which the file was read; `cutting` says how
    a large drop was cut. Where the agency has several layouts and the file was joined or is a ZIP, each part is one of
    `files`."""

    parts: int
    layout: str
    late_rows: Mapping[int, str] = {}
    cutting: FileSplit | None = None
    files: tuple[CopiedFile, ...] = ()
    is_archive: bool = False

    def of_file(self, file: CopiedFile) -> "CleanedCopy":
        """The copy as one of its files has it: late rows have the lines of the file."""
        late_rows = {line - file.before: row for line, row in self.late_rows.items() if line > file.before}
        return self.model_copy(update={"late_rows": late_rows})


class CopiesBucket:
    """`clean_key` is the ARN of the key under which cleaned copies lie, for whoever writes them: that of juveniles'
    records, because they hold rows of juveniles beside others (Family Court Act 381.3)."""

    def __init__(self, s3: "S3Client", bucket: str, clean_key: str = "") -> None:
        self._s3, self._bucket = s3, bucket
        self._under_clean_key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": clean_key} if clean_key else {}

    def find(self, agency: str, drop_id: str) -> CleanedCopy | None:
        stored = self._get(f"{CLEAN}/{agency}/{drop_id}/about")
        return CleanedCopy.model_validate_json(stored[0]) if stored else None

    def put_part(self, agency: str, drop_id: str, number: int, content: bytes) -> None:
        self._put(_part_key(agency, drop_id, number), content, **self._under_clean_key)

    def complete(self, agency: str, drop_id: str, copy: CleanedCopy) -> None:
        about = copy.model_dump_json().encode()  # it has rows, too: those that were rejected late
        self._put(f"{CLEAN}/{agency}/{drop_id}/about", about, **self._under_clean_key)

    def read(self, agency: str, drop_id: str, copy: CleanedCopy, parts: Iterable[int]) -> Iterator[ReadResult]:
        """Yields what the format once yielded. Raises LookupError when a part is missing."""
        return read_cleaned((self._part(agency, drop_id, number) for number in parts), copy.late_rows)

    def erase(
        self, agency: str, keys: AbstractSet[str], drop_id: str = "", *, ids: AbstractSet[str] = frozenset()
    ) -> int:
        """Takes the records that seals with these keys mean, and those with these ids, out of the agency's cleaned
        copies, or of one drop's, and deletes the raw version of each drop that had one, and every export that holds
        one. Returns how many there are, those that were taken out before included. May run again."""
        self.delete_exports(keys | ids)
        return self._erase_rows(agency, keys | set(map(record_key, ids)), drop_id, frozenset())

    def erase_records(self, agency: str, ids: AbstractSet[str], keys: AbstractSet[str]) -> int:
        """For a purge: takes these records alone out of the agency's cleaned copies, and no other report of the same
        number or person. `keys` tell them where a line has no id. Leaves exports alone."""
        return self._erase_rows(agency, keys, "", ids)

    def _erase_rows(self, agency: str, keys: AbstractSet[str], drop_id: str, ids: AbstractSet[str]) -> int:
        sealed = 0
        prefix = f"{CLEAN}/{agency}/{drop_id}/" if drop_id else f"{CLEAN}/{agency}/"
        for key in self._keys(prefix):
            if key.endswith("/about"):
                continue
            if lines := self._erase_in(key, keys, ids):
                sealed += lines
                self.delete_raw(agency, key.split("/")[2])
        return sealed

    def withdraw(self, agency: str, keys: AbstractSet[str], ids: AbstractSet[str]) -> None:
        """For seals that wait for their statute: no record is erased, and nobody reads what they mean. Deletes every
        export that holds one, and the raw version of each drop that does."""
        self.delete_exports(keys | ids)
        meant = keys | set(map(record_key, ids))
        drop_ids = {key.split("/")[2] for key in self._keys(f"{CLEAN}/{agency}/")}
        for drop_id in sorted(drop_ids):
            if self.has_record(agency, drop_id, lambda line_keys: not meant.isdisjoint(line_keys)):
                self.delete_raw(agency, drop_id)

    def has_record(self, agency: str, drop_id: str, is_meant: Callable[[Collection[str]], bool]) -> bool:
        """Whether the cleaned copy of the drop has a record whose keys are meant."""
        parts = (key for key in self._keys(f"{CLEAN}/{agency}/{drop_id}/") if not key.endswith("/about"))
        return any(holds_record(stored[0], is_meant) for key in parts if (stored := self._get(key)))

    def put_export(self, office_id: str, export_id: str, content: bytes, keys: AbstractSet[str]) -> None:
        """Stores the keys first, so that no export lies here that a seal or a purge could miss."""
        folder = f"{EXPORTS}/{office_id}/{export_id}"
        self._put(f"{folder}/keys", json.dumps(sorted(keys)).encode())
        self._put(f"{folder}/export.zip", content)

    def delete_export(self, office_id: str, export_id: str) -> None:
        for name in ("export.zip", "keys"):
            self._s3.delete_object(Bucket=self._bucket, Key=f"{EXPORTS}/{office_id}/{export_id}/{name}")

    def delete_exports(self, keys: AbstractSet[str]) -> None:
        """Deletes each export that was stored with one of these: keys of seals, or ids of arrests."""
        for key in [key for key in self._keys(f"{EXPORTS}/") if key.endswith("/keys")]:
            stored = self._get(key)
            if stored and not keys.isdisjoint(json.loads(stored[0])):
                _, office_id, export_id, _ = key.split("/")
                self.delete_export(office_id, export_id)

    def lock_raw(self, drop: Drop, drop_id: str, feeds_bucket: str) -> None:
        """Moves the file to where the right `seal` alone opens it. Does nothing if it was moved before."""
        unread = {"Bucket": self._bucket, "Key": f"{UNREAD}/{drop.agency}/{drop_id}"}
        for source in (_version_of(drop, feeds_bucket), unread):
            if self._move(source, f"{RAW}/{drop.agency}/{drop_id}"):
                return

    def keep_unread(self, drop: Drop, drop_id: str, feeds_bucket: str) -> None:
        """Moves a file of which nothing could be read. Does nothing if it was moved before."""
        self._move(_version_of(drop, feeds_bucket), f"{UNREAD}/{drop.agency}/{drop_id}")

    def delete_file(self, drop: Drop, drop_id: str, feeds_bucket: str) -> None:
        """Deletes the file itself, wherever it lies."""
        self._s3.delete_object(**_version_of(drop, feeds_bucket))
        self._s3.delete_object(Bucket=self._bucket, Key=f"{UNREAD}/{drop.agency}/{drop_id}")
        self.delete_raw(drop.agency, drop_id)

    def delete_drop(self, drop: Drop, drop_id: str, feeds_bucket: str, rejects_key: str) -> None:
        """Deletes the file, every copy of it, and its rejects, whose key may be empty. May run again."""
        self.delete_file(drop, drop_id, feeds_bucket)
        for key in list(self._keys(f"{CLEAN}/{drop.agency}/{drop_id}/")):
            self._s3.delete_object(Bucket=self._bucket, Key=key)
        if rejects_key:
            self._s3.delete_object(Bucket=feeds_bucket, Key=rejects_key)

    def delete_raw(self, agency: str, drop_id: str) -> None:
        self._s3.delete_object(Bucket=self._bucket, Key=f"{RAW}/{agency}/{drop_id}")

    def get_unread(self, agency: str, drop_id: str, byte_range: str | None) -> Any:
        """Returns S3's answer for the file of a drop of which nothing could be read; None if there is none any more."""
        options: Any = {"Range": byte_range} if byte_range else {}
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=f"{UNREAD}/{agency}/{drop_id}", **options)
        except self._s3.exceptions.ClientError as error:
            if _code(error) in _GONE:
                return None
            raise

    def holds(self, folder: str, agency: str, drop_id: str) -> bool:
        return any(True for _ in self._keys(f"{folder}/{agency}/{drop_id}"))

    def _move(self, source: Any, key: str) -> bool:
        """Copies the object, then deletes this version of it for good. Returns False if it is not there any more.

        Tags of the agency are not copied: nobody has the right to read them.
        """
        try:
            self._s3.copy_object(CopySource=source, Bucket=self._bucket, Key=key, TaggingDirective="REPLACE")
        except self._s3.exceptions.ClientError as error:
            if _code(error) in _GONE:
                return False
            raise
        self._s3.delete_object(**source)
        return True

    def _part(self, agency: str, drop_id: str, number: int) -> bytes:
        stored = self._get(_part_key(agency, drop_id, number))
        if stored is None:
            raise LookupError("a part of a cleaned copy is missing")
        return stored[0]

    def _erase_in(self, key: str, keys: AbstractSet[str], ids: AbstractSet[str]) -> int:
        """Repeats when another seal changes the same part at the same time (If-Match, since November 2024)."""
        while stored := self._get(key):
            content, etag = stored
            erasure = erase(content, keys, ids)
            if not erasure.lines or self._put(key, erasure.content, IfMatch=etag, **self._under_clean_key):
                return erasure.lines + erasure.stubs
        return 0

    def _get(self, key: str) -> tuple[bytes, str] | None:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        except self._s3.exceptions.ClientError as error:
            if _code(error) in _GONE:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def _put(self, key: str, content: bytes, **options: Any) -> bool:
        """Returns False when the condition does not hold."""
        return put_object(self._s3, self._bucket, key, content, **options)

    def _keys(self, prefix: str) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
            yield from (stored["Key"] for stored in page.get("Contents", ()))


def file_check(s3: "S3Client", feeds_bucket: str, copies: CopiesBucket) -> Callable[[DropRecord], bool]:
    """Returns a function that says whether the intake can read a drop again: from its cleaned copy, from the file that
    could not be read, or from its own version of the object, which a newer version or a delete marker may hide."""

    def file_exists(record: DropRecord) -> bool:
        drop, drop_id = record.drop, record.drop_id
        if copies.holds(CLEAN, drop.agency, f"{drop_id}/about") or copies.holds(UNREAD, drop.agency, drop_id):
            return True
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=feeds_bucket, Prefix=drop.key):
            for version in page.get("Versions", ()):
                if version["Key"] == drop.key and drop.version_id in ("", version["VersionId"]):
                    return True
        return False

    return file_exists


def _version_of(drop: Drop, feeds_bucket: str) -> Any:
    return {"Bucket": feeds_bucket, "Key": drop.key, "VersionId": drop.version_id}


def _part_key(agency: str, drop_id: str, number: int) -> str:
    return f"{CLEAN}/{agency}/{drop_id}/{number:05d}"


def _code(error: Any) -> str:
    return str(error.response["Error"]["Code"])


def export_key(office_id: str, export_id: str) -> str:
    return f"{EXPORTS}/{office_id}/{export_id}/export.zip"
