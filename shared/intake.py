"""Takes a drop in: read and judge the whole file, store its arrests, hand the agency a receipt and its rejects."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime

from shared.domain.arrests import Provenance
from shared.domain.errors import Rejected
from shared.domain.local_knowledge import LocalKnowledge
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.sealing import keys_of_arrest
from shared.domain.value import Value
from shared.feeds.contract import Reject
from shared.feeds.profile import Profile, profile_from
from shared.feeds.reading import Reading, read_drop
from shared.feeds.unknown import repeatable
from shared.feeds.zipped import Readable
from shared.sealing import Sealing, seal, seal_late
from shared.tables.arrests import ArrestsTable, Outcome
from shared.tables.identity_events import IdentityEventsTable
from shared.tables.seals import SealsTable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NEWER = "a newer drop already said otherwise"
SEALED = "the arrest is sealed or expunged"


class Drop(Value):
    """One version of one object of the feeds bucket. `key` is `<agency>/in/<file>`."""

    key: str
    size: int
    dropped_at: AwareDatetime
    version_id: str = ""
    sequencer: str = ""

    @property
    def agency(self) -> str:
        return self.key.split("/", 1)[0] if "/" in self.key else "unknown"

    @property
    def folder(self) -> str:
        return self.key.split("/", 2)[1] if self.key.count("/") > 1 else ""

    @property
    def file(self) -> str:
        return self.key.split("/", 2)[2] if self.folder == "in" else self.key

    @property
    def is_ours(self) -> bool:
        """Written by the intake itself, or the marker of a folder."""
        return self.folder in ("receipts", "rejects") or self.key.endswith("/")

    def id(self, pseudonyms: Pseudonyms) -> str:
        return pseudonyms.of("drop", self.key, self.version_id or self.sequencer)


class State(StrEnum):
    TAKEN = "taken"
    REJECTED = "rejected"  # there were records, and not one could be taken: see the rejects
    QUARANTINED = "quarantined"  # nobody has said how to read it
    REFUSED = "refused"  # nothing of the file can be read


NOTHING_TAKEN: Mapping[str, Any] = {
    "state": State.REJECTED,
    "code": "all-rejected",
    "reason": "There are records in the file, and not one of them could be taken.",
    "fix": "See the rejects: each says what to mend. Often it is one key of the profile, such as `dates`.",
}


class Rows(Value):
    """`accepted + updated + unchanged + rejected + skipped = read`, in records of the file. A seal or a change of
    identity that was carried out is accepted."""

    read: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0


class Arrests(Value):
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    juvenile: int = 0  # of all of these, those of who is or may be under 18: stored, never matched


class Receipt(Value):
    """What became of a drop, for the agency and for us: counts, codes and names of columns, never a person."""

    drop_id: str
    agency: str
    key: str
    size: int
    dropped_at: AwareDatetime
    finished_at: AwareDatetime
    state: State = State.TAKEN
    code: str = ""
    reason: str = ""
    fix: str = ""
    rows: Rows = Rows()
    arrests: Arrests = Arrests()
    seals: int = 0  # carried out, whether or not the arrest was known
    identity_events: int = 0
    rejected: Mapping[str, int] = {}  # by code
    skipped: Mapping[str, int] = {}  # by reason
    flags: Mapping[str, int] = {}
    unknown_codes: Mapping[str, Mapping[str, int]] = {}
    dropped_columns: tuple[str, ...] = ()
    rejects_key: str | None = None


@dataclass(frozen=True)
class Intake:
    """Where this use case reads and writes. `profile_of` gives an agency's YAML, None for an agency nobody enrolled."""

    s3: "S3Client"
    bucket: str
    profile_of: Callable[[str], str | None]
    arrests: ArrestsTable
    seals: SealsTable
    identities: IdentityEventsTable
    pseudonyms: Pseudonyms
    knowledge_of: Callable[[str], LocalKnowledge | None] = lambda _agency: None

    @property
    def sealing(self) -> Sealing:
        return Sealing(self.seals, self.pseudonyms)


def take_in(drop: Drop, at: Intake, clock: Callable[[], datetime]) -> Receipt:
    """May run any number of times for the same drop: the table, the rejects and the receipt's counts stay the same."""
    by = Provenance(drop_id=drop.id(at.pseudonyms), dropped_at=drop.dropped_at, sequencer=drop.sequencer)
    try:
        profile = _profile(drop, at)
        reading = read(_opened(drop, at), profile, drop, at.pseudonyms)
    except Rejected as fault:
        receipt = not_taken(drop, by.drop_id, fault, clock())
    else:
        reading = completed(reading, at.knowledge_of(drop.agency))
        outcomes = _stored(reading, drop.agency, at, by, clock())
        receipt = receipt_of(drop, by.drop_id, reading, outcomes, clock())
        if receipt.rejects_key:
            at.s3.put_object(Bucket=at.bucket, Key=receipt.rejects_key, Body=rejects_file(reading.rejects),
                             ContentType="text/csv; charset=utf-8")  # fmt: skip
    at.s3.put_object(Bucket=at.bucket, Key=f"{drop.agency}/receipts/{drop.file}.{by.drop_id}.json",
                     Body=receipt.model_dump_json(indent=2).encode(), ContentType="application/json")  # fmt: skip
    return receipt


def _stored(reading: Reading, agency: str, at: Intake, by: Provenance, now: datetime) -> dict[str, Outcome]:
    """What became of each arrest. The file's own seals come first; what is sealed is not stored again."""
    if seals := reading.seals():
        seal(seals, agency, at.sealing, by, now)
    known = at.seals.of_agency(agency)
    for event in reading.identity_events():
        at.identities.tell(event, by, now)
    arrests = [one.arrest for one in reading.found]
    sealed = {one.arrest_id for one in arrests if keys_of_arrest(one, at.pseudonyms) & known} if known else set()
    unsealed = [one for one in arrests if one.arrest_id not in sealed]
    outcomes = at.arrests.store(unsealed, by, now) | dict.fromkeys(sealed, Outcome.SEALED)
    seal_late(unsealed, known, agency, at.sealing, by, now)
    return outcomes


def read(stream: Readable, profile: Profile, drop: Drop, pseudonyms: Pseudonyms) -> Reading:
    return read_drop(stream, profile, pseudonyms, drop.dropped_at.astimezone(profile.zone).date())


def completed(reading: Reading, knowledge: LocalKnowledge | None) -> Reading:
    """With what the agency's own tables know where the feed says nothing."""
    if knowledge is None:
        return reading
    return replace(reading, found=[one._replace(arrest=knowledge.complete(one.arrest)) for one in reading.found])


def receipt_of(
    drop: Drop, drop_id: str, reading: Reading, outcomes: Mapping[str, Outcome], finished_at: datetime
) -> Receipt:
    rows, arrests, flags = Counter[Outcome](), Counter[Outcome](), Counter[str]()
    for one in reading.found:
        outcome = outcomes[one.arrest.arrest_id]
        rows[outcome] += one.rows
        arrests[outcome] += 1
        flags.update(flag.value for flag in one.arrest.flags)
    skipped = reading.skipped + Counter({NEWER: rows[Outcome.SKIPPED], SEALED: rows[Outcome.SEALED]})
    return Receipt(
        drop_id=drop_id, agency=drop.agency, key=drop.key, size=drop.size,
        dropped_at=drop.dropped_at, finished_at=finished_at,
        **(NOTHING_TAKEN if reading.rejects and not (reading.found or reading.orders) else {}),
        rows=Rows(
            read=reading.rows, accepted=rows[Outcome.ACCEPTED] + len(reading.orders), updated=rows[Outcome.UPDATED],
            unchanged=rows[Outcome.UNCHANGED], rejected=len(reading.rejects), skipped=skipped.total(),
        ),
        arrests=Arrests(
            accepted=arrests[Outcome.ACCEPTED], updated=arrests[Outcome.UPDATED],
            unchanged=arrests[Outcome.UNCHANGED], skipped=arrests[Outcome.SKIPPED] + arrests[Outcome.SEALED],
            juvenile=sum(one.arrest.juvenile for one in reading.found),
        ),
        seals=len(reading.seals()), identity_events=len(reading.identity_events()),
        rejected=Counter(reject.code for reject in reading.rejects),
        skipped=skipped, flags=flags, unknown_codes=repeatable(reading.unknown), dropped_columns=reading.dropped,
        rejects_key=f"{drop.agency}/rejects/{drop.file}.{drop_id}.csv" if reading.rejects else None,
    )  # fmt: skip


def rejects_file(rejects: Iterable[Reject]) -> bytes:
    """Comma separated, a line a reject, in the order of the file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(Reject._fields)
    writer.writerows(rejects)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _profile(drop: Drop, at: Intake) -> Profile:
    if drop.folder != "in":
        raise Rejected("prefix", "The file is in no agency's `in/` folder.", "Drop it as <agency>/in/<file>.")
    text = at.profile_of(drop.agency)
    if text is None:
        raise Rejected("profile", f"No profile is known for `{drop.agency}`.", "Enrol the agency with its profile.")
    profile = profile_from(text)
    if profile.agency != drop.agency:
        raise Rejected("profile", f"The profile of `{drop.agency}` names the agency `{profile.agency}`.",
                       "Let `agency` be the name of the folder.")  # fmt: skip
    return profile


def _opened(drop: Drop, at: Intake) -> Readable:
    version: Any = {"VersionId": drop.version_id} if drop.version_id else {}
    return at.s3.get_object(Bucket=at.bucket, Key=drop.key, **version)["Body"]


def not_taken(drop: Drop, drop_id: str, fault: Rejected, finished_at: datetime) -> Receipt:
    state = State.QUARANTINED if fault.code in ("prefix", "profile") else State.REFUSED
    return Receipt(
        drop_id=drop_id, agency=drop.agency, key=drop.key, size=drop.size,
        dropped_at=drop.dropped_at, finished_at=finished_at,
        state=state, code=fault.code, reason=fault.reason, fix=fault.fix,
    )  # fmt: skip
