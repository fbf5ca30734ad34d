"""Addresses that are not, or may not be, of the public Internet.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, as of 2025), and RFC 1112, 3056, 3068, 4291,
5214, 6052 for multicast and for IPv6 addresses that hold an IPv4 address. Also what the registries call globally
reachable is listed where it is a relay, a translator or an anycast service: no webhook lives there, and it may lead
inside. Python's `is_global` changes with its release and knows neither relays nor translators.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # "this network" (RFC 791)
            "10.0.0.0/8",  # private (RFC 1918)
            "100.64.0.0/10",  # shared by carriers (RFC 6598)
            "127.0.0.0/8",  # loopback (RFC 1122)
            "169.254.0.0/16",  # link-local (RFC 3927): a cloud's metadata
            "172.16.0.0/12",  # private (RFC 1918)
            "192.0.0.0/24",  # IETF protocols: DS-Lite, PCP, TURN, NAT64 discovery (RFC 6890)
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.31.196.0/24",  # AS112 (RFC 7535)
            "192.52.193.0/24",  # AMT relays (RFC 7450)
            "192.88.99.0/24",  # 6to4 relays (RFC 3068, 7526)
            "192.168.0.0/16",  # private (RFC 1918)
            "192.175.48.0/24",  # AS112 (RFC 7534)
            "198.18.0.0/15",  # benchmarks (RFC 2544)
            "198.51.100.0/24",  # documentation (RFC 5737)
            "203.0.113.0/24",  # documentation (RFC 5737)
            "224.0.0.0/4",  # multicast (RFC 1112)
            "240.0.0.0/4",  # reserved (RFC 1112), broadcast (RFC 919)
        ),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has assigned for global unicast (RFC 4291). Outside lie loopback, IPv4-mapped, -compatible and
-translated addresses (`::/8`, RFC 4291, 2765), NAT64 (`64:ff9b::/96` and `64:ff9b:1::/48`, RFC 6052, 8215), discard
(`100::/64`), SRv6 (`5f00::/16`), private (`fc00::/7`), link-local, site-local and multicast addresses."""
_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # IETF protocols: Teredo, which holds an IPv4 address (RFC 4380), ORCHID, AMT, AS112
            "2001:db8::/32",  # documentation (RFC 3849)
            "2002::/16",  # 6to4, which holds an IPv4 address (RFC 3056)
            "2620:4f:8000::/48",  # AS112 (RFC 7534)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # the third quarter of an address that ends in an IPv4 address (RFC 5214)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public Internet for sure. Raises ValueError for what is no IP address.

    An IPv6 address that holds an IPv4 address is not public, whatever it holds: a router may unwrap it inside.
    """
    ip = ip_address(address.partition("%")[0])
    return _is_public_ipv4(ip) if isinstance(ip, IPv4Address) else _is_public_ipv6(ip)


def _is_public_ipv4(ip: IPv4Address) -> bool:
    return not any(ip in network for network in _IPV4)


def _is_public_ipv6(ip: IPv6Address) -> bool:
    if ip not in _GLOBAL_UNICAST or any(ip in network for network in _IPV6):
        return False
    return int(ip) >> 32 & 0xFFFF_FFFF not in _ISATAP
