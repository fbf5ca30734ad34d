"""The contract of a channel: what its module must say and do.

A channel is a module in this folder with the names of `Channel`, registered in `shared.channels.CHANNELS`. Nothing
outside this folder knows a channel by its name: the rest of the product asks these attributes.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shared.offices.model import Office
from shared.offices.recipient import Recipient

if TYPE_CHECKING:
    from shared.channels.dependencies import ChannelDeps


@dataclass(frozen=True)
class Message:
    """One alert, digest or notice in every wording. A channel takes the one that its `CONTENT` names.

    `text` and `html` may say who was arrested, and only if the office asked for full detail. `subject` and `short` hold
    nothing personal; `short` ends in the link under which the alert is read. `ids` is for programs: always the
    `office`, and the `alert` with its `number` (and `withdrawn` if it is taken back), the `digest` or the `notice`.
    """

    subject: str
    short: str  # one SMS part: at most 160 characters of GSM 03.38
    text: str
    html: str
    ids: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)  # of a mail, such as List-Unsubscribe


class Content(StrEnum):
    """Which wording of a message travels on a channel, and so whether it may say who was arrested."""

    PAGE = "subject, text and html: details to an agreed address, else a ping; signed links to answer without sign-in"
    SHORT = "the short text: a ping with a link"
    IDS = "ids for a program: a ping"

    @property
    def may_hold_details(self) -> bool:
        """Whether this wording may say who was arrested, and hold links that work without signing in."""
        return self is Content.PAGE


class ProviderEvents(StrEnum):
    """What the provider reports after it has taken a message, and by which id its reports name the message."""

    BY_DELIVERY_ID = "every message is reported, by our delivery id; the delivery stays open until its event comes"
    BY_PROVIDER_ID = "a message may be reported, by the provider's own id; the sender stores that id"
    NONE = "nothing is reported"


class PermanentFailureError(Exception):
    """The provider will never take this message. The text may be logged."""


class TemporaryFailureError(Exception):
    """The provider certainly did not take the message, and may take it later."""


class Send(Protocol):
    def __call__(self, address: str, message: Message, delivery_id: str) -> str:
        """Hands one message to the provider, at most once. Returns the provider's id of it.

        Raises PermanentFailureError or TemporaryFailureError when the provider certainly did not take the message. Any
        other exception leaves open whether it did.
        """


class Channel(Protocol):
    """A module of this folder."""

    @property
    def NOUN(self) -> str:  # noqa: N802 - a constant of the module
        """What a page calls a message on this channel, such as `Text message`."""

    @property
    def CONTENT(self) -> Content: ...  # noqa: N802 - a constant of the module

    @property
    def EVENTS(self) -> ProviderEvents: ...  # noqa: N802 - a constant of the module

    @property
    def RECEIVER_DEDUPLICATES(self) -> bool:  # noqa: N802 - a constant of the module
        """Whether the message carries the delivery id and its receiver ignores a second one with the same id."""

    @property
    def CAN_STAND_BY(self) -> bool:  # noqa: N802 - a constant of the module
        """Whether a person may want this channel only after the mail beside it has failed (preference `texts`)."""

    @property
    def ADDRESS_FORM(self) -> re.Pattern[str]:  # noqa: N802 - a constant of the module
        """Matches, as a whole, every address that can be written to at all."""

    @property
    def IAM_ACTION(self) -> str:  # noqa: N802 - a constant of the module
        """What the sender's role must be allowed in `infra/capabilities/alert_delivery.py`; empty if AWS has no part
        in it."""

    def normalise(self, address: str) -> str:
        """Returns the address as it is stored. Raises ValueError, which says what to write, if it can reach nobody.

        It is called when a subscription is saved, and never for what is stored: an address that was taken before the
        rules became stricter is still read, and `refusal` and the sender decide about it.
        """

    def refusal(self, address: str, recipient: Recipient, office: Office) -> str | None:
        """Why this office may not write to this address of this recipient, and what to do. None when it may.

        This is where the channel asks the office's allow-list: its domains, topics, webhooks. It is called when a
        subscription is saved and again before every sending.
        """

    def messages_a_second(self, deps: "ChannelDeps") -> int | None:
        """How many messages all senders together may hand to the provider in a second. None for no limit."""

    def sender(self, deps: "ChannelDeps") -> Send:
        """Returns the function that sends. It connects to nothing before its first message, because most senders use
        one channel."""

    def unsuppress_at_provider(self, address: str) -> None:
        """Removes the address from the suppression list that the provider keeps for our account, if it keeps one."""


def may_be_repeated(channel: Channel) -> bool:
    """Whether a message may be sent again after a sender ended without saying if the provider took it.

    Either the provider's events tell us that the first one went out, or the receiver ignores the second one.
    """
    return channel.EVENTS is ProviderEvents.BY_DELIVERY_ID or channel.RECEIVER_DEDUPLICATES
