"""An HTTPS request that can reach public addresses only: whoever chooses the URL must not reach what lies inside.

The name is resolved once, every address that it has must be public, and the connection goes to just that address, so
that a name which resolves to something else a moment later changes nothing.
"""

import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_TIMEOUT = 10  # seconds
_NAT64 = IPv6Network("64:ff9b::/96")


class Forbidden(Exception):  # noqa: N818
    """This address is none that we talk to."""


def is_public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if embedded or ip in _NAT64:
            return False  # an IPv4 address in disguise
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> list[str]:
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


@dataclass(frozen=True)
class Network:
    tls: ssl.SSLContext
    resolve: Callable[[str, int], list[str]] = resolve
    permits: Callable[[str], bool] = is_public
    port: int = 443  # where the address names none


class _Pinned(http.client.HTTPSConnection):
    """Speaks to one address, and checks the certificate of the name."""

    def __init__(self, host: str, port: int, address: str, tls: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=_TIMEOUT, context=tls)
        self._address, self._tls = address, tls

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), _TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def post(url: str, body: bytes, headers: dict[str, str], network: Network) -> int:
    """The status of the answer; redirects are not followed. Raises Forbidden, OSError."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise Forbidden("it is not a plain https address")
    port = parts.port or network.port
    addresses = network.resolve(parts.hostname, port)
    if not addresses or not all(map(network.permits, addresses)):
        raise Forbidden("its name leads to an address that is not public")
    connection = _Pinned(parts.hostname, port, addresses[0], network.tls)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except http.client.HTTPException as fault:
        raise ConnectionError(str(fault)) from fault
    finally:
        connection.close()
