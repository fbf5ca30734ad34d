"""An agency's live profile, every version of it, and what the agency permits its feed.

Keys: pk `agency`, sk `part` = `profile`, `profile#<version>`, `enrolment`, `governance`, `sharing` and
`confirmation#<hash of the text>`.

The drops are in the same table (`shared/feeds/drops/table.py`).
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime

from shared.arrests.synthetic import CANARY
from shared.aws.dynamodb import Item
from shared.aws.optimistic_lock import ConflictError
from shared.aws.transactions import transact
from shared.errors import Rejected
from shared.feeds.profiles.enrolment import AgencyEnrolment, FeedGovernance, SealPermission
from shared.feeds.profiles.minors import ProfileConfirmation, text_hash_of
from shared.offices.governance.model import Requirement
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 5
_PERMISSIONS_RECORDED = "permissions_recorded"  # not on what a release stored that knew no `enrolment`
OPERATOR = "set-up"  # stored as who changed a profile, where it was the operator by command


class ProfileVersion(FrozenModel):
    """`text` is the profile's YAML as its author wrote it. `confirmed_by` is the second person, where one was needed
    (`minors.py`). `contacts` are those of the text, so that whoever writes to them need not parse it."""

    agency: str
    version: int
    text: str
    changed_by: str
    changed_at: AwareDatetime
    confirmed_by: str = ""
    confirmed_at: AwareDatetime | None = None
    contacts: tuple[str, ...] = ()

    @property
    def revision(self) -> int:
        return self.version


class AgenciesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def profile(self, agency: str, version: int | None = None) -> ProfileVersion | None:
        """Returns the live version, or an older one by its number.

        Reads consistently: a profile that was replaced before a drop arrived is never used for that drop.
        """
        part = "profile" if version is None else _part(version)
        item = self._item(agency, part)
        return ProfileVersion.model_validate_json(item["doc"]["S"]) if item else None

    def text(self, agency: str) -> str | None:
        """The YAML of the live profile; None when no such agency is enrolled."""
        live = self.profile(agency)
        return live.text if live else None

    def is_enrolled(self, agency: str) -> bool:
        """Whether it has a profile, and so can send arrests."""
        return self.profile(agency) is not None

    def replace(
        self,
        agency: str,
        text: str,
        expected_version: int,
        changed_by: str,
        now: datetime,
        confirmation: ProfileConfirmation | None = None,
    ) -> ProfileVersion:
        """Makes a new version live in place of `expected_version`, 0 for the first one (an optimistic lock).

        Raises ConflictError when another version is live.
        """
        version = ProfileVersion(
            agency=agency,
            version=expected_version + 1,
            text=text,
            changed_by=changed_by,
            changed_at=now,
            confirmed_by=confirmation.confirmed_by if confirmation else "",
            confirmed_at=confirmation.confirmed_at if confirmation else None,
            contacts=_contacts_in(text),
        )
        document: Item = {
            "doc": {"S": version.model_dump_json()},
            "version": {"N": str(version.version)},
            _PERMISSIONS_RECORDED: {"BOOL": True},
        }
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(part)"}
        if expected_version:
            condition = {
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(expected_version)}},
            }
        live: Any = {"TableName": self._name, "Item": _key(agency, "profile") | document} | condition
        archived: Any = {"TableName": self._name, "Item": _key(agency, _part(version.version)) | document}
        if transact(self._client, [{"Put": live}, {"Put": archived}]):
            raise ConflictError
        return version

    def enrol(
        self, agency: str, text: str, changed_by: str = OPERATOR, confirmation: ProfileConfirmation | None = None
    ) -> ProfileVersion:
        """Makes the text live, whatever was live before. The same text again makes no new version.

        Raises ConflictError when others keep changing the profile at the same time.
        """
        for _ in range(_ATTEMPTS):
            live = self.profile(agency)
            if live and live.text == text:
                return live
            try:
                before = live.version if live else 0
                return self.replace(agency, text, before, changed_by, datetime.now(UTC), confirmation)
            except ConflictError:
                continue
        raise ConflictError

    def record_enrolment(self, enrolment: AgencyEnrolment) -> None:
        document = {"doc": {"S": enrolment.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_key(enrolment.agency, "enrolment") | document)

    def seal_permission(self, agency: str) -> SealPermission:
        if recorded := self._item(agency, "enrolment"):
            granted = AgencyEnrolment.model_validate_json(recorded["doc"]["S"]).seals_by_feed
            return SealPermission.GRANTED if granted else SealPermission.NOT_GRANTED
        live = self._item(agency, "profile")
        if live is None or _PERMISSIONS_RECORDED in live:
            return SealPermission.NOT_GRANTED
        by_operator = ProfileVersion.model_validate_json(live["doc"]["S"]).changed_by == OPERATOR
        return SealPermission.AS_BEFORE if by_operator else SealPermission.NOT_GRANTED

    def record_governance(self, feed: FeedGovernance) -> None:
        document = {"doc": {"S": feed.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_key(feed.agency, "governance") | document)

    def governance(self, agency: str) -> FeedGovernance | None:
        """None for an agency that was enrolled before governance was asked for."""
        item = self._item(agency, "governance")
        return FeedGovernance.model_validate_json(item["doc"]["S"]) if item else None

    def missing_of_governance(self, agency: str) -> tuple[Requirement, ...]:
        """What is not on record of an agency, whether its feed waits for it or not."""
        return (self.governance(agency) or FeedGovernance(agency=agency)).governance.missing

    def missing_before_live(self, agency: str) -> tuple[Requirement, ...]:
        """What must be on record before anybody is notified of the agency's arrests. Empty for a feed that is live."""
        feed = self.governance(agency)
        return feed.governance.missing if feed and feed.waits else ()

    def await_governance(self, agency: str) -> None:
        """Called before the first profile of an agency is stored: until its governance is on record, its files are
        held. Does nothing for one that is enrolled, and for the canary's, whose arrests are nobody's."""
        if agency != CANARY and not self.is_enrolled(agency) and self.governance(agency) is None:
            self.record_governance(FeedGovernance(agency=agency))

    def set_sharing_ended_on(self, agency: str, last_day: date | None) -> None:
        """`last_day` is that of the last agreement with any office; None while one is in force."""
        document = {"last_day": {"S": last_day.isoformat() if last_day else ""}}
        self._client.put_item(TableName=self._name, Item=_key(agency, "sharing") | document)

    def sharing_ended_on(self, agency: str) -> date | None:
        """None while an office may be notified of its arrests, and before anybody looked."""
        item = self._item(agency, "sharing")
        return date.fromisoformat(item["last_day"]["S"]) if item and item["last_day"]["S"] else None

    def record_confirmation(self, confirmation: ProfileConfirmation) -> None:
        document = {"doc": {"S": confirmation.model_dump_json()}}
        part = f"confirmation#{confirmation.text_hash}"
        self._client.put_item(TableName=self._name, Item=_key(confirmation.agency, part) | document)

    def confirmation(self, agency: str, text: str) -> ProfileConfirmation | None:
        """The newest confirmation of exactly this text."""
        item = self._item(agency, f"confirmation#{text_hash_of(text)}")
        return ProfileConfirmation.model_validate_json(item["doc"]["S"]) if item else None

    def _item(self, agency: str, part: str) -> Item | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(agency, part), ConsistentRead=True)
        return answer.get("Item")


def _contacts_in(text: str) -> tuple[str, ...]:
    """A text that is no profile names nobody. Its reader says what is wrong with it."""
    from shared.feeds.profiles.parse import parse_profile  # noqa: PLC0415 - what reads files is loaded to write one

    try:
        return parse_profile(text).contacts
    except Rejected:
        return ()


def _key(agency: str, part: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": part}}


def _part(version: int) -> str:
    return f"profile#{version:08d}"
