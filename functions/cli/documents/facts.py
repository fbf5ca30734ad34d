"""What the documents say of a deployment, gathered from its tables, its rules and its code."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from shared.arrests.minimisation import WithheldField
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.model import RetentionSchedule
from shared.audit.items import RETENTION as AUDIT_RETENTION
from shared.disclosures.model import Ground, RecipientRule
from shared.disclosures.table import DisclosuresTable
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.agreements import AgreementState, RecordedAgreement
from shared.offices.agreements_table import AgreementsTable
from shared.offices.governance.personnel import trained_until
from shared.offices.model import Office
from shared.offices.purposes import PURPOSE_TITLES
from shared.offices.table import OfficesTable
from shared.offices.users import User
from shared.offices.users_table import UsersTable
from shared.subscriptions.validity import VALIDITY_YEARS
from shared.words import words
from shared.words.agencies import agency_title

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AgencyFacts(NamedTuple):
    """`fields` are what its files are read for, in words; `dropped` are columns that its profile says are not read."""

    title: str
    agreement: RecordedAgreement
    state: AgreementState
    fields: Sequence[str]
    dropped: Sequence[str]
    contacts: Sequence[str]


class DocumentFacts(NamedTuple):
    """`people` maps each right, in words, to how many people have it; `active` counts all who have access, `trained`
    those whose training counts today, `vendors` those who work for one."""

    office: Office
    today: date
    agencies: Sequence[AgencyFacts]
    people: Mapping[str, int]
    active: int
    trained: int
    vendors: int
    machines: Sequence[str]
    grounds: Sequence[Ground]
    recipients: Sequence[RecipientRule]
    schedule: RetentionSchedule
    audit_days: int
    purposes: Sequence[str]
    validity_years: Mapping[str, int]


class DocumentTables(NamedTuple):
    offices: OfficesTable
    agencies: AgenciesTable
    users: UsersTable
    agreements: AgreementsTable
    disclosures: DisclosuresTable

    @classmethod
    def of(cls, client: "DynamoDBClient", outputs: Mapping[str, str]) -> "DocumentTables":
        """`outputs` are those of the stack."""
        subscriptions = outputs["SubscriptionsTable"]
        return cls(
            OfficesTable(client, outputs["OfficesTable"]),
            AgenciesTable(client, outputs["AgenciesTable"]),
            UsersTable(client, subscriptions),
            AgreementsTable(client, subscriptions),
            DisclosuresTable(client, subscriptions),
        )


FIELDS_IN_WORDS: Mapping[str, tuple[WithheldField | None, str]] = {
    "number": (None, "number of the arrest"),
    "arrested": (None, "day and time of the arrest"),
    "surname": (WithheldField.NAMES, "name and other names"),
    "name": (WithheldField.NAMES, "name and other names"),
    "born": (WithheldField.BIRTH, "date of birth"),
    "age": (WithheldField.BIRTH, "age, to tell minors"),
    "age_group": (WithheldField.BIRTH, "age, to tell minors"),
    "sex": (WithheldField.SEX, "sex"),
    "sid": (WithheldField.IDENTIFIERS, "state ID"),
    "fbi": (WithheldField.IDENTIFIERS, "FBI number"),
    "person_number": (WithheldField.IDENTIFIERS, "the agency's number of the person"),
    "booking_number": (WithheldField.IDENTIFIERS, "booking number"),
    "cjtn": (WithheldField.IDENTIFIERS, "criminal justice tracking number"),
    "statute": (WithheldField.CHARGES, "charges"),
    "charge": (WithheldField.CHARGES, "charges"),
    "outcome": (WithheldField.CHARGES, "outcome of the case"),
    "sentence": (WithheldField.CHARGES, "sentence"),
    "bail": (WithheldField.CHARGES, "bail"),
    "court_date": (WithheldField.CHARGES, "court dates"),
    "docket": (WithheldField.CHARGES, "docket number"),
    "warrant": (WithheldField.CHARGES, "warrant number"),
    "address": (WithheldField.PLACE, "place of the arrest"),
    "precinct": (WithheldField.PLACE, "precinct"),
    "beat": (WithheldField.PLACE, "beat"),
    "latitude": (WithheldField.PLACE, "position of the arrest"),
    "incident": (None, "number of the incident"),
    "proposed_address": (WithheldField.PLACE, "proposed address after a release"),
    "prosecution_county": (WithheldField.CHARGES, "county of prosecution"),
    "remaining_term": (WithheldField.CHARGES, "time left on the full term"),
    "supervising_office": (WithheldField.CHARGES, "supervising office"),
}
"""A field of a profile -> the part of an arrest that an agreement shares or withholds, and its name for a reader."""


def gather_facts(office: Office, tables: DocumentTables, today: date) -> DocumentFacts:
    users = [user for user in tables.users.all_of(office.office_id) if user.active]
    people = [user for user in users if not user.machine]
    rights = Counter(words(f"right.{right.value}") for user in people for right in user.rights)
    recorded = tables.agreements.of(office.office_id).agreements
    rules = tables.disclosures.rules_in_force(office.office_id)
    return DocumentFacts(
        office=office,
        today=today,
        agencies=[_agency_facts(agreement, tables.agencies, today) for agreement in recorded],
        people=dict(sorted(rights.items())),
        active=len(people),
        trained=sum(_is_trained(user, office, today) for user in people),
        vendors=sum(user.personnel.vendor for user in people),
        machines=sorted(user.email for user in users if user.machine),
        grounds=rules.grounds,
        recipients=rules.recipients,
        schedule=office.retention.applied_to(default_schedule()),
        audit_days=AUDIT_RETENTION.days - 1,
        purposes=list(PURPOSE_TITLES.values()),
        validity_years={kind.value: years for kind, years in VALIDITY_YEARS.items()},
    )


def _is_trained(user: User, office: Office, today: date) -> bool:
    rule = office.governance.training
    until = trained_until(user.personnel.trainings, rule) if rule else None
    return until is not None and today <= until


def _agency_facts(agreement: RecordedAgreement, agencies: AgenciesTable, today: date) -> AgencyFacts:
    text = agencies.text(agreement.agency)
    profile = parse_profile(text) if text else None
    readings = profile.readings if profile else ()
    return AgencyFacts(
        title=agency_title(agreement.agency),
        agreement=agreement,
        state=agreement.state(today),
        fields=_fields_in_words(readings, agreement.fields),
        dropped=sorted({name for reading in readings for name in reading.drop}),
        contacts=profile.contacts if profile else (),
    )


def _fields_in_words(readings: Sequence[Profile], shared: frozenset[WithheldField]) -> list[str]:
    """What is read and shared, each once, in the order of FIELDS_IN_WORDS. An empty `shared` shares everything."""
    read = {field for reading in readings for field in reading.columns}
    return list(
        dict.fromkeys(
            text
            for field, (part, text) in FIELDS_IN_WORDS.items()
            if field in read and (part is None or not shared or part in shared)
        )
    )
