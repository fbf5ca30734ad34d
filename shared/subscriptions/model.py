"""A subscription: what an owner watches, why that is lawful, from when until when, and who is notified. All pure.

Its place in the inverted index follows from its criterion (`index/`); when it must be validated, from its basis
(`validity.py`); whom it notifies, from its folders and recipients (`eligible_recipients.py`).
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from shared.arrests.model import Arrest
from shared.matching.criteria import Criterion, Term
from shared.offices.model import DateRule, Slug
from shared.offices.preferences import Urgency
from shared.offices.recipient import BasisKind, Email, Recipient, Text, each_once
from shared.subscriptions.events import EventGroups
from shared.subscriptions.folders.model import FolderId
from shared.value import FrozenModel

MAX_RECIPIENTS, MAX_FOLDERS_OF_ONE = 50, 20
LISTS_APART = frozenset({"orders-of-protection", "supervision"})
LATE_REPORT_PERIOD = timedelta(days=30)
"""How long after its last day it still alerts for arrests that happened in time, if the office goes by their day."""


class SubscriptionKey(NamedTuple):
    office_id: str
    subscription_id: str


class Basis(FrozenModel):
    """Why the watch is lawful. Without a basis there is no subscription."""

    kind: BasisKind
    case_number: Text = Field(description="the case, warrant or memorandum that documents it")


class Note(FrozenModel):
    """What the owner writes beside a watch: one text for the owners, one for everybody else who is notified."""

    private: str = Field(default="", max_length=1_000, description="read by owners only")
    public: str = Field(default="", max_length=1_000, description="read by everybody else who is notified")

    def for_reader(self, *, owner: bool) -> str:
        return (self.private or self.public) if owner else self.public


class SubscriptionRequest(FrozenModel):
    """What an owner asks for: the body of a create or a change. Without `starts` it starts seven days before today, for
    arrests that are reported late; without `ends` it has no last day of its own."""

    criterion: Criterion
    basis: Basis
    starts: date | None = None
    ends: date | None = Field(default=None, description="the last day on which it alerts")
    folders: tuple[FolderId, ...] = Field(
        default=(),
        max_length=MAX_FOLDERS_OF_ONE,
        description="the folders in which it lies; none means your My tab. Everyone with a role there is notified",
    )
    recipients: Annotated[tuple[Recipient, ...], AfterValidator(each_once)] = Field(
        default=(),
        max_length=MAX_RECIPIENTS,
        description="who else is notified of this one; without recipients and folders, you are",
    )
    urgency: Urgency = Field(
        default=Urgency.NORMAL,
        description="urgent: at once, also in quiet hours, and it must be acknowledged; "
        "normal: outside your quiet hours; digest: once a day",
    )
    events: EventGroups = Field(
        default=(),
        description="of which events it tells; none means as its folders say, or else of arrests, of custody that "
        "begins and, for a person, of releases to come. An event watch in the criterion adds its own",
    )
    reference: str = Field(default="", max_length=100, description="your own reference, repeated in every alert")
    contact: str = Field(default="", max_length=200, description="whom a reader of the alert turns to; by default you")
    note: Note = Note()
    silent: bool = Field(default=False, description="others who watch the same person are not shown that you do")
    without: tuple[Email, ...] = Field(
        default=(), max_length=50, description="who is not notified of this one, whatever else would notify them"
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("ends lies before starts; write a later last day or leave ends out")
        return self


class Status(StrEnum):
    """What was done with it. Whether it alerts today depends on its dates as well (`validity.py`)."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # it was over for 30 days and nobody validated or renewed it


class Subscription(SubscriptionRequest):
    """A stored subscription. It belongs to one office for ever."""

    subscription_id: str
    office_id: Slug
    owner: str
    starts: date
    status: Status = Status.ACTIVE
    validated_on: date | None = Field(default=None, description="when somebody last said that it is still needed")
    validated_by: str = ""
    validation_due: date | None = Field(default=None, description="overdue, it does not alert until it is validated")
    caselist: str = Field(
        default="", alias="listed", description="the list of the office that made it: cases or warrants"
    )
    ended_by: str = Field(default="", description="who cancelled it: a person, or the list that had made it")
    revision: int = 1
    created_at: AwareDatetime
    changed_at: AwareDatetime

    @property
    def key(self) -> SubscriptionKey:
        return SubscriptionKey(self.office_id, self.subscription_id)

    @property
    def identity(self) -> Term:
        """What one owner has only once: a criterion for a case. An order of protection or a supervision may bear the
        number of the case that led to it, and goes on when the case is closed: what these lists make is apart."""
        apart = (self.caselist,) if self.caselist in LISTS_APART else ()
        return *self.criterion.identity, self.basis.case_number.casefold(), *apart

    @property
    def named_recipients(self) -> tuple[Recipient, ...]:
        """`recipients` except those whom `without` excludes."""
        excluded = {email.casefold() for email in self.without}
        return tuple(recipient for recipient in self.recipients if recipient.email.casefold() not in excluded)

    def is_owned_by(self, email: str) -> bool:
        return email.casefold() == self.owner.casefold()

    def as_read_by(self, email: str) -> "Subscription":
        """The subscription as this user may read it: only its owner reads the private note."""
        if self.is_owned_by(email):
            return self
        return self.model_copy(update={"note": Note(public=self.note.public)})

    def in_force(self, today: date, goes_by: DateRule = DateRule.TODAY) -> bool:
        """Whether it may alert on this day of the office's time zone. Its last day and its due day are included.

        If the office goes by the day of the arrest, it stays in force for the late report period after its last day.
        Overdue for validation it is never in force.
        """
        late = LATE_REPORT_PERIOD if goes_by is DateRule.ARREST else timedelta(0)
        overdue = self.validation_due and self.validation_due < today and self.validation_due != self.ends
        ended = self.ends and self.ends < today - late
        return self.status is Status.ACTIVE and self.starts <= today and not (overdue or ended)

    def covers(self, arrest: Arrest, today: date, goes_by: DateRule = DateRule.TODAY) -> bool:
        """Whether it is in force and the arrest lies in its time. An arrest without a date counts as not too early."""
        happened_on = arrest.happened_on
        relevant_day = happened_on if goes_by is DateRule.ARREST and happened_on else today
        in_time = self.starts <= relevant_day and (self.ends is None or relevant_day <= self.ends)
        not_too_early = happened_on is None or self.starts <= happened_on
        return self.in_force(today, goes_by) and in_time and not_too_early
