"""An HTTPS request that reaches public addresses only: whoever chooses the URL must not reach what lies inside.

This is our guard against server-side request forgery (SSRF). The name is resolved once, each of its addresses must be
public, and the connection goes to one of exactly these addresses. A name that resolves to something else a moment
later (DNS rebinding) changes nothing.
"""

import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_TIMEOUT = 10  # seconds
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


class ForbiddenAddressError(Exception):
    """We do not talk to this address."""


def is_public(address: str) -> bool:
    """Whether an IP address is globally reachable. An IPv4 address inside an IPv6 address is not taken."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if embedded or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast


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
    target = urlsplit(url)
    if target.scheme != "https" or not target.hostname or target.username:
        raise ForbiddenAddressError("it is not a plain https address")
    port = target.port or network.port
    addresses = network.resolve(target.hostname, port)
    if not addresses or not all(map(network.permits, addresses)):
        raise ForbiddenAddressError("its name leads to an address that is not public")
    connection = _PinnedConnection(target.hostname, port, addresses[0], network.tls)
    try:
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
