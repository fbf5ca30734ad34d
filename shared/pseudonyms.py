"""Pseudonyms: keyed hashes (BLAKE2b, RFC 7693) that stand for names, identifiers and arrest numbers."""

from collections.abc import Iterable
from hashlib import blake2b

_SEPARATOR = "\x1f"  # so that ("ab", "c") and ("a", "bc") give different hashes


class Pseudonyms:
    """Makes the pseudonyms of one deployment.

    They are used wherever the value itself must not be visible: in table keys, logs and links. Equal fields always give
    an equal pseudonym. Without the key nobody can hash every possible state ID and compare.
    """

    def __init__(self, key: bytes) -> None:
        self._keyed_hash = blake2b(digest_size=16, key=blake2b(key).digest())

    def of(self, *fields: str) -> str:
        """Returns 32 hexadecimal digits for these fields in this order."""
        digest = self._keyed_hash.copy()
        digest.update(_SEPARATOR.join(fields).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def of_each(self, fields: tuple[str, ...], last_fields: Iterable[str]) -> list[str]:
        """Returns `of(*fields, last_field)` for each last field. Faster, because the common fields are hashed once."""
        common = self._keyed_hash.copy()
        common.update(_SEPARATOR.join((*fields, "")).encode("utf-8", "surrogatepass"))
        pseudonyms: list[str] = []
        for last_field in last_fields:
            digest = common.copy()
            digest.update(last_field.encode("utf-8", "surrogatepass"))
            pseudonyms.append(digest.hexdigest())
        return pseudonyms
