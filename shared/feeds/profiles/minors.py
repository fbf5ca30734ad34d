"""A profile that names persons and cannot tell how old they are needs a second person who confirms it.

Without a birth date or an age every named person counts as an adult, so minors would be notified of. Pure.
"""

import hashlib
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from shared.errors import Rejected
from shared.feeds.record import NameText
from shared.value import FrozenModel

if TYPE_CHECKING:  # the model of a profile loads everything that reads files
    from shared.feeds.profiles.model import Profile

_NAMES = frozenset({*NameText._fields, "alias"})


class ProfileConfirmation(FrozenModel):
    """Somebody with another right than to change profiles says that the feed of this very text names no minors.

    `confirmed_by` is a user's address, or the ARN of whoever ran the command.
    """

    agency: str
    text_hash: str
    confirmed_by: str
    confirmed_at: AwareDatetime


class UnconfirmedProfileError(Rejected):
    """The profile waits for a second person."""

    def __init__(self) -> None:
        super().__init__(
            "unconfirmed",
            "The profile reads the names of persons and neither a date of birth nor an age, so minors would be "
            "notified of like adults.",
            "Add `born` or `age` to `columns` (or `age_group`, with `codes.juvenile`). If the feed holds no minors, "
            "let a second person confirm this very text, then send it again: a user of your office with the right "
            "`juvenile`, on the agency's page of the console, or another operator "
            "(`arrest-alert confirm-profile`).",
        )


def text_hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def cannot_tell_minors(profile: "Profile") -> bool:
    """Whether it cannot for some of its files. Formats without columns name their own parts, and read birth dates and
    ages by themselves."""
    return any(map(_cannot_tell_minors, profile.readings_of_arrests))


def _cannot_tell_minors(profile: "Profile") -> bool:
    reads_group = "age_group" in profile.columns and bool(profile.codes.juvenile)
    reads_age = "born" in profile.columns or "age" in profile.columns or reads_group
    return not _NAMES.isdisjoint(profile.columns) and not reads_age


def check_confirmed(profile: "Profile", confirmation: ProfileConfirmation | None, author: str) -> None:
    """Raises UnconfirmedProfileError unless the profile needs no confirmation, or somebody other than its author gave
    one."""
    by_another = confirmation is not None and confirmation.confirmed_by.casefold() != author.casefold()
    if cannot_tell_minors(profile) and not by_another:
        raise UnconfirmedProfileError
