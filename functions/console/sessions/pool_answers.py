"""What the user pool answers a sign-in with. Apart from `tokens.py`, which loads a library of cryptography."""

from typing import NamedTuple


class SignInRefusedError(Exception):
    """The pool does not sign this person in, or not any more."""


class SignInUnavailableError(Exception):
    """The pool gave no answer."""


class PoolTokens(NamedTuple):
    """`refresh_token` is empty after a renewal: the first one stays."""

    id_token: str
    refresh_token: str
