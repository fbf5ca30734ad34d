"""A disclosure: facts of arrests that left, or are to leave, the office; and the grounds on which that is allowed."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from shared.arrests.disputed import ArrestFact
from shared.offices.model import Slug
from shared.value import FrozenModel

GroundName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z ]{0,39}$")]
DisclosureText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _is_empty(facts: tuple[ArrestFact, ...]) -> bool:
    return not facts


ArrestId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
DISCLOSURE_ID = r"^\d{14}[0-9a-f]{18}$"  # begins with when it was asked for in UTC, so that ids are in order of time
MOST_ARRESTS = 50


class Approver(StrEnum):
    NOBODY = "nobody"
    PRIVACY = "privacy"  # another person, with the right of this name


class Ground(FrozenModel):
    """`beats_agreement`: it is followed although the agreement with the agency forbids passing on."""

    name: GroundName
    title: DisclosureText
    approver: Approver = Approver.NOBODY
    reference: bool = False
    beats_agreement: bool = False
    source: DisclosureText


class RecipientKind(StrEnum):
    """What the quarterly summary says of a recipient."""

    LAW_ENFORCEMENT = "law enforcement"
    COURT = "court"
    DEFENSE = "defense"
    CITY_AGENCY = "city agency"
    OTHER_AGENCY = "state or federal agency"
    THE_PERSON = "the person"
    PRESS = "press"
    OTHER = "other"


class Permission(StrEnum):
    """Whether a recipient may have something. `by order`: where a law or an order for this recipient is named, and
    another person agrees."""

    YES = "yes"
    BY_ORDER = "by law or order"
    NEVER = "never"


class RecipientRule(FrozenModel):
    """What a kind of recipient may have of what is not for everybody. `marked` is about records that a statute seals
    and leaves to some; under the statutes `marked_under` the recipient is one of these. `nonconviction` is about data
    by 28 CFR 20.3."""

    kind: RecipientKind
    marked: Permission
    marked_under: tuple[DisclosureText, ...] = Field(default=(), max_length=20)
    nonconviction: Permission
    source: DisclosureText


class DisclosureRules(FrozenModel):
    """For a kind of recipient without a rule of its own, the shipped one holds (`default_rules.py`)."""

    grounds: tuple[Ground, ...] = Field(min_length=1, max_length=30)
    recipients: tuple[RecipientRule, ...] = Field(default=(), max_length=30)

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        if len({ground.name for ground in self.grounds}) < len(self.grounds):
            raise ValueError("two grounds have the same name; give each its own")
        if len({rule.kind for rule in self.recipients}) < len(self.recipients):
            raise ValueError("two rules are for the same kind of recipient; write one for each kind")
        return self

    def find(self, name: str) -> Ground | None:
        return next((ground for ground in self.grounds if ground.name == name), None)

    def rule_for(self, kind: RecipientKind) -> RecipientRule:
        """A kind that no rule names may have nothing that is not for everybody."""
        return next((rule for rule in self.recipients if rule.kind is kind), _nothing_for(kind))


def _nothing_for(kind: RecipientKind) -> RecipientRule:
    never = Permission.NEVER
    return RecipientRule(kind=kind, marked=never, nonconviction=never, source="no rule names this kind of recipient")


class DisclosureMeans(StrEnum):
    EXPORT = "export"
    PRINT = "print"
    MAIL = "mail"
    TELEPHONE = "telephone"
    IN_PERSON = "in person"


class DisclosureRequest(FrozenModel):
    """What somebody asks for, or has done where nobody has to agree. `facts` says which facts, and names nobody.

    `agency_consent` is the document in which the agency that sent the arrests agreed, where its agreement says that it
    is asked first. Whoever names an `authority` waits until another person has agreed.
    """

    ground: GroundName
    arrest_ids: Annotated[tuple[ArrestId, ...], AfterValidator(_each_once)] = Field(
        min_length=1, max_length=MOST_ARRESTS
    )
    facts: DisclosureText = Field(description="Which facts, such as `charges and arrest date`; name nobody.")
    recipient: DisclosureText = Field(description="Who gets them: name, title and organisation.")
    recipient_kind: RecipientKind
    means: DisclosureMeans
    reference: DisclosureText | None = Field(default=None, description="The document that the ground rests on.")
    agency_consent: DisclosureText | None = Field(
        default=None, description="The document in which the agency agreed that you pass it on."
    )
    authority: DisclosureText | None = Field(
        default=None,
        description="The law or order by which this recipient may have a sealed record or nonconviction data.",
    )


class DisclosureState(StrEnum):
    WAITING = "waiting"  # nothing may be passed on yet
    APPROVED = "approved"
    REFUSED = "refused"
    RECORDED = "recorded"  # on a ground that needs no approval

    @property
    def is_allowed(self) -> bool:
        return self in (DisclosureState.APPROVED, DisclosureState.RECORDED)


class Disclosure(FrozenModel):
    """A record of the log. `title` is the ground's as it was then. `agencies` sent the arrests. `disputed` are facts of
    them that were disputed when it was asked for. `decided_by` is another person than `requested_by`; both are
    addresses of users of the office."""

    disclosure_id: str = Field(pattern=DISCLOSURE_ID)
    office_id: Slug
    request: DisclosureRequest
    title: str
    agencies: tuple[str, ...]
    disputed: tuple[ArrestFact, ...] = Field(default=(), exclude_if=_is_empty)
    state: DisclosureState
    requested_by: str
    requested_at: AwareDatetime
    decided_by: str = ""
    decided_at: AwareDatetime | None = None
    decision_reason: str = ""
    revision: int = 1
