"""An HTTPS request that reaches public addresses only: whoever chooses the URL must not reach what lies inside.

This is our guard against server-side request forgery (SSRF). The name is resolved once, each of its addresses must be
public, and the connection goes to one of exactly these addresses. A name that resolves to something else a moment
later (DNS rebinding) changes nothing.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.channels.special_addresses import is_public

_TIMEOUT = 10  # seconds
_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?")
_ENDS_IN_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?\Z")  # then it is an IPv4 address (WHATWG URL)
_INSIDE = {"alt", "arpa", "home", "internal", "lan", "local", "localdomain", "localhost", "onion"}  # RFC 6761 and alike


class ForbiddenAddressError(Exception):
    """We do not talk to this address."""


class Destination(NamedTuple):
    """Where a URL leads. `port` is None where it names none; `path` holds the query too."""

    host: str
    port: int | None
    path: str


def destination_of(url: str) -> Destination:
    """Returns where the URL leads. Raises ForbiddenAddressError, which says what to write, when it is no plain https
    address of a public host. A host name is looked up only when something is sent."""
    try:
        target = urlsplit(url)
        port = target.port
    except ValueError as error:  # a port over 65535, or brackets around what is no IPv6 address
        raise ForbiddenAddressError("it is no web address; write it like https://cases.example.gov/alerts") from error
    host = target.hostname or ""
    if target.scheme != "https" or not host or target.username is not None or port == 0:
        raise ForbiddenAddressError("it is not a plain https address; write it like https://cases.example.gov/alerts")
    if not (url.isascii() and url.isprintable() and " " not in url):
        raise ForbiddenAddressError("it holds letters that a web address cannot; write it in ASCII, without spaces")
    _check_host(host)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    return Destination(host, port, path)


def _check_host(host: str) -> None:
    """Raises ForbiddenAddressError for an IP address inside, however it is written, and for a name without a domain."""
    if ":" in host or _ENDS_IN_NUMBER.search(host):
        try:
            public = is_public(host)
        except ValueError:  # `127.1`, `2130706433` and `0x7f.1` are IP addresses too, to some resolvers
            public = False
        if not public:
            raise ForbiddenAddressError("it names an address that is not public; write the public name of the host")
    elif not _HOST.fullmatch(host) or host.rpartition(".")[2] in _INSIDE:
        raise ForbiddenAddressError("its host has no public name; write one like cases.example.gov")


def resolve(host: str, port: int) -> list[str]:
    """Every IP address of a host, sorted."""
    return sorted({str(address[4][0]) for address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


@dataclass(frozen=True)
class Network:
    tls: ssl.SSLContext
    resolve: Callable[[str, int], list[str]] = resolve
    permits: Callable[[str], bool] = is_public
    port: int = 443  # for a URL that names none


class _PinnedConnection(http.client.HTTPSConnection):
    """Connects to one IP address and checks the certificate of the host name."""

    def __init__(self, host: str, port: int, address: str, tls: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=_TIMEOUT, context=tls)
        self._address, self._tls = address, tls

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), _TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def post(url: str, body: bytes, headers: dict[str, str], network: Network) -> int:
    """Returns the HTTP status. Redirects are not followed.

    Raises ForbiddenAddressError when the URL is not plain https or its host has an address that is not public, and
    OSError when there is no answer.
    """
    target = destination_of(url)
    port = target.port or network.port
    try:
        addresses = network.resolve(target.host, port)
    except UnicodeError as error:  # a label of the name is too long
        raise ForbiddenAddressError("its host has no public name") from error
    if not addresses or not all(map(network.permits, addresses)):
        raise ForbiddenAddressError("its name leads to an address that is not public")
    connection = _PinnedConnection(target.host, port, addresses[0], network.tls)
    try:
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
