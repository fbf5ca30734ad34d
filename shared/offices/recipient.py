"""A recipient by its addresses, one per channel; and the kinds of basis for which an office may have one notified."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, RootModel, StringConstraints

EMAIL: Final = "email"
"""The name of the e-mail channel. It is the only channel whose address identifies a person."""

Email = Annotated[str, StringConstraints(to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
NewEmail = Annotated[
    str,
    StringConstraints(
        to_lower=True,
        max_length=128,  # of a user name in Cognito (API reference, AdminCreateUser)
        pattern=r"^[A-Za-z0-9.!$&'*+=_~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$",
    ),
]
"""The address of somebody who is added: one that mail can be sent to, in ASCII, so that no two look alike, and of
characters that need no encoding in a path (RFC 3986, section 3.3): whoever cannot be named there cannot be removed."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class BasisKind(StrEnum):
    OPEN_CASE = "open case"
    SUPERVISION = "supervision"
    INVESTIGATION = "investigation"
    WARRANT = "warrant"
    ORDER = "order of protection"
    SUSPICION = "documented suspicion"


class Recipient(RootModel[dict[str, str]]):
    """One person or system: channel name -> address, `{"email": "ada@da.example.gov", "sms": "+12125550100"}`.

    The channel decides what an address looks like; the office's domains decide who may be written to.
    """

    root: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")], str] = Field(min_length=1, max_length=8)

    @classmethod
    def from_email(cls, email: str) -> "Recipient":
        """A recipient with this e-mail address and no other channel."""
        return cls({EMAIL: email})

    @property
    def email(self) -> str:
        """The e-mail address as it was written; an empty string if the recipient has none."""
        return self.root.get(EMAIL, "")

    @property
    def main_channel(self) -> str:
        """E-mail if the recipient has it, otherwise the first of its channels by name. Digests go there."""
        return EMAIL if EMAIL in self.root else min(self.root)

    @property
    def key(self) -> str:
        """Identifies the recipient: its main channel and address, as `email:<address in lower case>`."""
        return f"{self.main_channel}:{self.root[self.main_channel].casefold()}"

    def has_email(self, email: str) -> bool:
        """Whether this is the recipient's e-mail address, regardless of case. False if it has none."""
        return bool(self.email) and self.email.casefold() == email.casefold()

    def has_address(self, channel: str, address: str) -> bool:
        """Whether this is the recipient's address on this channel. Only an e-mail address is compared without case."""
        return self.has_email(address) if channel == EMAIL else self.root.get(channel) == address

    def joined_with(self, other: "Recipient") -> "Recipient":
        """The same recipient with the channels of both. On a channel that both have, this one's address stays."""
        return Recipient({**other.root, **self.root})


def short_key(address_or_key: str) -> str:
    """Returns the e-mail address in lower case for an address or an `email:` key; any other key as it is."""
    return address_or_key.casefold().removeprefix(f"{EMAIL}:")


def identifies_person(channel: str) -> bool:
    """Whether an address on this channel says who somebody is. Any other one belongs to a system or a telephone."""
    return channel == EMAIL


def each_once(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Merges recipients with the same key, in the order in which the keys first appear."""
    by_key: dict[str, Recipient] = {}
    for recipient in recipients:
        earlier = by_key.get(recipient.key)
        by_key[recipient.key] = earlier.joined_with(recipient) if earlier else recipient
    return tuple(by_key.values())
