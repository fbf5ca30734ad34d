"""Keys that sign what we hand out and read back: a secret for each purpose, of which a newer version takes over.

The newest version signs. The one before it is accepted for as long as something signed with it may still come, so that
a rotation breaks nothing that is under way. Pseudonyms are not signed with these: they name what is stored.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

SETTLES: timedelta = timedelta(minutes=10)
"""How long a worker may take to know a new version. Until then the one before it goes on signing, if it is valid."""

_HASH = "sha256"
_HASH_BYTES = 32


class KeyPurpose(Enum):
    """What the keys of a secret sign: its name, and how long something signed with them is worth reading."""

    LINKS = "links", timedelta(days=60)  # the longest life of a link in a mail
    CURSORS = "cursors", timedelta(minutes=15)  # somebody who pages through a list
    WEBHOOKS = "webhooks", timedelta(days=7)  # the receiver's time to take the new secret over
    ENTRIES = "entries", timedelta(days=14)  # an entry that the intake has not read: the life of a dead letter

    @property
    def noun(self) -> str:
        return self.value[0]

    @property
    def overlap(self) -> timedelta:
        return self.value[1]


@dataclass(frozen=True)
class SigningKeys:
    """The newest version of a secret, since when it exists, and the version before it unless that one is revoked."""

    purpose: KeyPurpose
    newest: bytes
    since: datetime
    previous: bytes | None = None

    @property
    def previous_ends(self) -> datetime:
        """Until when the version before the newest is accepted."""
        return self.since + SETTLES + self.purpose.overlap

    def of(self, *context: str) -> "SigningKeys":
        """Returns the keys of 32 bytes for this context, such as one office's webhook (HKDF, RFC 5869)."""
        info = "\x1f".join((self.purpose.noun, *context)).encode()
        previous = hkdf(self.previous, info) if self.previous is not None else None
        return replace(self, newest=hkdf(self.newest, info), previous=previous)

    def signing(self, now: datetime) -> bytes:
        """The key to sign with. A version that some worker may not know yet does not sign, if there is another."""
        if self.previous is not None and now < self.since + SETTLES:
            return self.previous
        return self.newest

    def valid(self, now: datetime) -> tuple[bytes, ...]:
        """The keys whose signature is accepted, the newest first."""
        if self.previous is not None and now < self.previous_ends:
            return self.newest, self.previous
        return (self.newest,)


def hkdf(secret: bytes, info: bytes, length: int = _HASH_BYTES, *, salt: bytes = b"") -> bytes:
    """Derives a key of `length` bytes (at most 8,160) for `info`: HKDF with SHA-256, RFC 5869 section 2."""
    pseudorandom_key = hmac.digest(salt or bytes(_HASH_BYTES), secret, _HASH)
    key, block = b"", b""
    for number in range(1, -(-length // _HASH_BYTES) + 1):
        block = hmac.digest(pseudorandom_key, block + info + bytes([number]), _HASH)
        key += block
    return key[:length]


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104), 32 bytes."""
    return hmac.digest(key, message, _HASH)
