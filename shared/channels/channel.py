from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shared.offices.model import Office
from shared.offices.recipient import Recipient

if TYPE_CHECKING:
    from shared.channels.dependencies import ChannelDeps


@dataclass(frozen=True)
class Message:
    """One alert in every wording; a channel takes those it can carry. Only `text` and `html` may ever say who it is,
    and only when full detail was asked for: `subject` and `short` hold nothing personal, and `short` ends in the link
    to where it is read. `ids` is for programs: always the `office`, and the `alert` with its `number` (and `withdrawn`,
    when it is taken back), the `digest` or the `notice`."""

    subject: str
    short: str  # one SMS part: at most 160 characters of GSM 03.38
    text: str
    html: str
    ids: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)  # of a mail, such as List-Unsubscribe


class Proof(StrEnum):
    """How it is known, after a sender ended without a word, whether its message was taken."""

    EVENTS = "the provider's events name the delivery"
    RECEIVER = "the message names the delivery, and the receiver leaves a second one aside"
    NONE = "it cannot be known: such a message is not repeated"


class PermanentFailure(Exception):  # noqa: N818
    """The provider will never take this message; the reason is fit for a log."""


class TemporaryFailure(Exception):  # noqa: N818
    """The provider certainly did not take it, and may later."""


class Send(Protocol):
    def __call__(self, address: str, message: Message, delivery_id: str) -> str:
        """Hand one message to the provider, at most once, and return the provider's id for it.

        Raises PermanentFailure or TemporaryFailure when it certainly was not taken. Anything else leaves the question
        open."""


class Channel(Protocol):
    """A module in this folder with these four names; the registry is `shared.channels.CHANNELS`."""

    @property
    def CARRIES_DETAIL(self) -> bool:  # noqa: N802 - a constant of the module
        """Whether full detail may travel on it, to an address that the office has marked as agreed."""

    @property
    def PROOF(self) -> Proof: ...  # noqa: N802 - a constant of the module

    def refusal(self, address: str, recipient: Recipient, office: Office) -> str | None:
        """Why this office may not write to this address of this recipient, and what to do; None when it may.

        Asked when a subscription is saved and again before every sending.
        """

    def sending(self, route: "ChannelDeps") -> Send:
        """Nothing is made or asked before the first message goes out: most processes use one channel."""
