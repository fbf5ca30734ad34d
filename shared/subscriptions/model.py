from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from shared.arrests.model import Arrest
from shared.matching.criteria import Criterion
from shared.offices.model import DateRule, Slug
from shared.offices.preferences import Urgency
from shared.offices.recipient import BasisKind, Email, Recipient, Text, each_once
from shared.subscriptions.folders.model import FolderId
from shared.value import FrozenModel

REPORTED_LATE = timedelta(days=30)
"""How long after its last day an arrest from before is still told, where the office goes by the day of the arrest."""


class Basis(FrozenModel):
    """Why the watch is lawful: without one there is no subscription."""

    kind: BasisKind
    case_number: Text = Field(description="the case, warrant or memorandum that documents it")


class Note(FrozenModel):
    """What is written beside a watch: one text for its owners, one for everybody else who is told."""

    private: str = Field(default="", max_length=1_000, description="read by owners only")
    public: str = Field(default="", max_length=1_000, description="read by everybody else whom it tells")

    def for_reader(self, *, owner: bool) -> str:
        return (self.private or self.public) if owner else self.public


class SubscriptionRequest(FrozenModel):
    """What an owner asks for: the body of a create or a change. `starts` is today when unsaid, `ends` never."""

    criterion: Criterion
    basis: Basis
    starts: date | None = None
    ends: date | None = Field(default=None, description="the last day on which it alerts")
    folders: tuple[FolderId, ...] = Field(
        default=(),
        max_length=20,
        description="where it lies; none is your My. Who has a role there is told",
    )
    recipients: Annotated[tuple[Recipient, ...], AfterValidator(each_once)] = Field(
        default=(),
        max_length=50,
        description="who else is told of this one; you, if nobody and no folder is named",
    )
    urgency: Urgency = Field(
        default=Urgency.NORMAL,
        description="urgent: at once, also in quiet hours, and it must be acknowledged; "
        "normal: outside your quiet hours; digest: once a day",
    )
    reference: str = Field(default="", max_length=100, description="your own reference, repeated in every alert")
    contact: str = Field(default="", max_length=200, description="whom a reader of the alert turns to; you, if unsaid")
    note: Note = Note()
    silent: bool = Field(default=False, description="others who watch the same are not shown that you do")
    without: tuple[Email, ...] = Field(
        default=(), max_length=50, description="who is not told of this one, whatever else would have them told"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("ends lies before starts; write a later last day or leave ends out")
        return self


class Status(StrEnum):
    """What was done with it. Whether it alerts today, its dates say as well."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # it was over for a month and nobody validated or renewed it


class Subscription(SubscriptionRequest):
    """What an owner watches, why that is lawful, until when, and who is told. Belongs to one office for ever."""

    subscription_id: str
    office_id: Slug
    owner: str
    starts: date
    status: Status = Status.ACTIVE
    validated_on: date | None = Field(default=None, description="when somebody last said that it is still needed")
    validated_by: str = ""
    validation_due: date | None = Field(default=None, description="overdue, it alerts no more until it is validated")
    caselist: str = Field(
        default="", alias="listed", description="the list of the office that made it: cases or warrants"
    )
    ended_by: str = Field(default="", description="who cancelled it: a person, or the list that had made it")
    revision: int = 1
    created_at: AwareDatetime
    changed_at: AwareDatetime

    def as_read_by(self, email: str) -> "Subscription":
        """Without the owners' text, for everybody else."""
        if email.casefold() == self.owner.casefold():
            return self
        return self.model_copy(update={"note": Note(public=self.note.public)})

    @property
    def named_recipients(self) -> tuple[Recipient, ...]:
        """Its recipients but those who are taken out of this one."""
        out = {email.casefold() for email in self.without}
        return tuple(
            recipient for recipient in self.recipients if recipient.root.get("email", "").casefold() not in out
        )

    def in_force(self, today: date, goes_by: DateRule = DateRule.TODAY) -> bool:
        """Whether it may alert today, the day in the office's time zone: still on its last day, and on the day it is
        due. Overdue it may not, whatever the office goes by; an office that goes by the day of the arrest hears for a
        while after the last day of arrests that were reported late."""
        late = REPORTED_LATE if goes_by is DateRule.ARREST else timedelta(0)
        overdue = self.validation_due and self.validation_due < today and self.validation_due != self.ends
        ended = self.ends and self.ends + late < today
        return self.status is Status.ACTIVE and self.starts <= today and not (overdue or ended)

    def covers(self, arrest: Arrest, today: date, goes_by: DateRule = DateRule.TODAY) -> bool:
        """Whether it may alert, and the arrest did not happen before it started. An unsaid date is not before."""
        day = arrest.happened_on if goes_by is DateRule.ARREST and arrest.happened_on else today
        within = self.starts <= day and (self.ends is None or day <= self.ends)
        return (
            self.in_force(today, goes_by)
            and within
            and (arrest.happened_on is None or self.starts <= arrest.happened_on)
        )
