"""Where the intake reads and writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.domain.local_knowledge import LocalKnowledge
from shared.domain.pseudonyms import Pseudonyms
from shared.sealing import Sealing
from shared.tables.arrests import ArrestsTable
from shared.tables.identity_events import IdentityEventsTable
from shared.tables.seals import SealsTable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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
