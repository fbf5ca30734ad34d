"""Whom an office has notified, by its addresses, and on what basis."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, RootModel, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class BasisKind(StrEnum):
    OPEN_CASE = "open case"
    SUPERVISION = "supervision"
    INVESTIGATION = "investigation"
    WARRANT = "warrant"
    SUSPICION = "documented suspicion"


class Recipient(RootModel[dict[str, str]]):
    """One person or system, by its address on each channel: `{"email": "ada@da.example.gov", "sms": "+12125550100"}`.
    What counts as an address, and who may be written to, is for the channels and the office to say."""

    root: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")], str] = Field(min_length=1, max_length=8)

    @property
    def key(self) -> str:
        """Who it is: the e-mail address, regardless of case, or else the first address there is."""
        channel = "email" if "email" in self.root else min(self.root)
        return f"{channel}:{self.root[channel].casefold()}"

    def joined_with(self, other: "Recipient") -> "Recipient":
        """The same recipient with the channels of both; on the same channel ours stays."""
        return Recipient({**other.root, **self.root})


def each_once(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    united: dict[str, Recipient] = {}
    for recipient in recipients:
        united[recipient.key] = united[recipient.key].joined_with(recipient) if recipient.key in united else recipient
    return tuple(united.values())
