"""How an agency hands in files by itself: from an AWS account of its own, by SFTP, or both. It is a setting of an
environment. An agency that uploads in the console or by the API needs none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# The same as in a profile; nothing in it is a wildcard of a policy or the end of a folder.
AGENCY = r"[a-z0-9][a-z0-9-]{1,39}"
# The first two words of an OpenSSH public key: algorithm and base64 (AWS::Transfer::User, SshPublicKeys). Without
# Ed25519, which not every validated module of a client or server has.
_SSH_KEY = re.compile(r"(ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}")
_CANARY = "canary"  # the agency of `shared/arrests/synthetic.py`
_ROLE = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class AgencyConnection:
    """agency: the name in its profile, which is the first part of every key of its files.

    account: the number of its own AWS account, in the same partition. role: a role of that account, which alone is let
    in and must exist before the deployment; empty where the account itself says who is.
    ssh_keys: the public keys of those who come by SFTP, a person each. The first agency with one makes the environment
    pay for a server (AWS Transfer Family, 0.30 dollars an hour, about 216 a month).

    Raises AgencyConnectionError for a value that cannot be what it should be.
    """

    agency: str
    account: str = ""
    role: str = ""
    ssh_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise AgencyConnectionError(f"agency {self.agency!r}: {problem}")

    def principal(self, partition: str) -> str:
        """The ARN of whom the agency's account lets in."""
        return f"arn:{partition}:iam::{self.account}:{f'role/{self.role}' if self.role else 'root'}"


class AgencyConnectionError(ValueError):
    """Says what to write instead. It is raised before anything is synthesised."""


def check_apart(connections: Sequence[AgencyConnection], *, own_account: str | None) -> None:
    """Raises AgencyConnectionError where one agency would reach another one's files, or our own account is taken for
    an agency's."""
    for agency, shared in _shared((entry.agency, entry.agency) for entry in connections):
        raise AgencyConnectionError(f"agency {agency!r} is set {len(shared)} times: put its account and keys into one")
    for _, agencies in _shared((key, entry.agency) for entry in connections for key in entry.ssh_keys):
        raise AgencyConnectionError(f"{' and '.join(agencies)} have one SSH key: each person makes one of their own")
    with_account = [entry for entry in connections if entry.account]
    roles: dict[str | None, set[str]] = defaultdict(set)
    for entry in with_account:
        roles[entry.account].add(entry.role)
    for account, agencies in _shared((entry.account, entry.agency) for entry in with_account):
        if "" in roles[account] or len(roles[account]) < len(agencies):
            raise AgencyConnectionError(
                f"{' and '.join(agencies)} are let in from one account, {account}, so each would reach the other's "
                "files: give each a `role` of its own in it"
            )
    if own_account in roles:
        raise AgencyConnectionError(f"{own_account} is the account of the environment, not of an agency")


def _shared(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Yields what more than one agency has, and these agencies."""
    holders: Mapping[str, list[str]] = defaultdict(list)
    for value, agency in pairs:
        holders[value].append(agency)
    yield from ((value, agencies) for value, agencies in holders.items() if len(agencies) > 1)


def _problems(connection: AgencyConnection) -> Iterator[str]:
    account, role = connection.account, connection.role
    if not re.fullmatch(AGENCY, connection.agency):
        yield "is no name of an agency: write the `agency` of its profile, as in nypd"
    if connection.agency == _CANARY:
        yield "is the product's own: what comes as that is hidden from every office and gone in a day"
    if account and not re.fullmatch(r"[0-9]{12}", account):
        yield f"account {account!r} is no number of an AWS account: write its twelve digits, as a text"
    if role and not (account and _ROLE.fullmatch(role)):
        yield f"role {role!r} is no role of an account: write what follows `role/` in its ARN, and `account` too"
    if not account and not connection.ssh_keys:
        yield "has neither `account` nor `ssh_keys`: one that uploads in the console needs no setting"
    for key in connection.ssh_keys:
        if not _SSH_KEY.fullmatch(key):
            yield (
                f"{key[:40]!r} is no SSH key that can be used: make one with `ssh-keygen -t ecdsa -b 384`, and write "
                "the first two words of its .pub file"
            )
