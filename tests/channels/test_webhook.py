import ssl
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from shared.aws.signing_keys import SETTLES, KeyPurpose, SigningKeys
from shared.channels import webhook
from shared.channels.channel import PermanentFailureError, TemporaryFailureError
from shared.channels.dependencies import ChannelDeps
from shared.channels.network import ForbiddenAddressError, Network, destination_of, resolve
from shared.channels.special_addresses import is_public
from shared.offices.recipient import Recipient
from tests.builders import an_office
from tests.channels.receiving import KEYS, Receiver
from tests.channels.test_contract import MESSAGE

DELIVERY = f"{'0' * 32}-1-webhook"


def send(receiver: Receiver, url: str | None = None, network: Network | None = None, keys: SigningKeys = KEYS) -> str:
    route = ChannelDeps("a@example.gov", "mail", "topic", lambda: keys, 14, 20, network or receiver.network)
    return webhook.sender(route)(url or receiver.url, MESSAGE, DELIVERY)


def secret_of(address: str, office_id: str = "kings", keys: SigningKeys = KEYS) -> str:
    """What `arrest-alert webhook-secret` prints."""
    return webhook.secret_text(webhook.keys_of(keys, office_id, address).newest)


def test_the_receiver_can_tell_that_it_is_ours_and_fresh(receiver: Receiver) -> None:
    send(receiver)
    [(headers, body)] = receiver.got
    library = Webhook(secret_of(receiver.url))
    assert library.verify(body, headers) == MESSAGE.ids | {"delivery": DELIVERY}
    assert headers["webhook-id"] == DELIVERY
    older = str(int(headers["webhook-timestamp"]) - 301)
    for forged in (
        {"webhook-id": DELIVERY[:-1]},  # another message's signature
        {"webhook-timestamp": older},  # somebody sends it again later
        {"webhook-signature": "v1,"},
    ):
        with pytest.raises(WebhookVerificationError):
            library.verify(body, headers | forged)
    with pytest.raises(WebhookVerificationError):
        library.verify(body + b" ", headers)
    for other in (secret_of(receiver.url, "queens"), secret_of(f"{receiver.url}/2")):
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(body, headers)


def test_a_receiver_takes_a_new_secret_over_whenever_it_likes(receiver: Receiver) -> None:
    now = datetime.now(UTC)
    rotated = SigningKeys(KeyPurpose.WEBHOOKS, b"the new key", now, KEYS.newest)
    send(receiver, keys=rotated)
    over = replace(rotated, since=now - SETTLES - KeyPurpose.WEBHOOKS.overlap)
    send(receiver, keys=over)
    before, after = secret_of(receiver.url), secret_of(receiver.url, keys=rotated)
    [(headers, body), (later_headers, later_body)] = receiver.got
    for secret in (before, after):
        Webhook(secret).verify(body, headers)
    Webhook(after).verify(later_body, later_headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(before).verify(later_body, later_headers)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_receiver_that_cannot_now_is_asked_again(receiver: Receiver, status: int):
    receiver.status = status
    with pytest.raises(TemporaryFailureError):
        send(receiver)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410])
def test_a_receiver_that_will_not_or_leads_elsewhere_is_not_asked_again(receiver: Receiver, status: int):
    receiver.status = status
    with pytest.raises(PermanentFailureError):
        send(receiver)
    assert len(receiver.got) == 1


def test_a_receiver_that_is_down_is_asked_again(receiver: Receiver):
    with pytest.raises(TemporaryFailureError):
        send(receiver, "https://cases.da.example.gov:1/alerts")


def test_a_receiver_with_somebody_elses_certificate_gets_nothing(receiver: Receiver):
    with pytest.raises(TemporaryFailureError):
        send(receiver, network=replace(receiver.network, tls=ssl.create_default_context()))
    assert receiver.got == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "2002:a00:1::", "::", "fe80::1%eth0"],
)  # fmt: skip
def test_te4_no_address_inside_is_reached_whatever_the_name_says(receiver: Receiver, address: str):
    assert not is_public(address)
    for addresses in ([address], ["93.184.215.14", address]):  # also when only one of several lies inside
        inside = Network(receiver.tls, resolve=lambda *_, found=addresses: found)
        with pytest.raises(PermanentFailureError, match="not public"):
            send(receiver, network=inside)
    assert receiver.got == []


INSIDE = [
    "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "64:ff9b:1:ffff::",
    "192.88.99.1", "192.0.0.9", "192.0.0.171", "192.52.193.1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fec0::1", "ff02::1", "::", "240.0.0.1", "0.0.0.0",  # noqa: S104
    "2600:1f18::5efe:10.0.0.1", "2600:1f18::200:5efe:a00:1", "2620:4f:8000::1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_td7_an_address_that_may_lead_inside_is_refused_at_save_and_when_connecting(
    receiver: Receiver, address: str
) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(ValueError, match="not public"):
        webhook.normalise(f"https://{host}/alerts")
    for network in (
        Network(receiver.tls, resolve=resolve),
        Network(receiver.tls, resolve=lambda *_: [address]),
    ):
        with pytest.raises(PermanentFailureError, match="not public"):
            send(receiver, f"https://{host}/alerts", network)
        with pytest.raises(PermanentFailureError, match="not public"):
            send(receiver, network=replace(network, resolve=lambda *_: ["93.184.215.14", address]))
    assert receiver.got == []


@given(st.ip_addresses())
def test_td7_what_python_calls_not_global_is_never_public(address: IPv4Address | IPv6Address) -> None:
    assert address.is_global or not is_public(str(address))


@given(st.ip_addresses(v=4))
def test_td7_no_ipv6_address_that_holds_an_ipv4_address_is_public(address: IPv4Address) -> None:
    number = int(address)
    for prefix, shift in ((0, 0), (0xFFFF << 32, 0), (0xFFFF << 48, 0), (0x64_FF9B << 96, 0), (0x2002 << 112, 80)):
        assert not is_public(str(IPv6Address(prefix | number << shift)))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2600:1f18::1", "2a00:1450:4001::1", "192.0.1.1"])
def test_an_address_of_the_public_internet_is_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["https://cases.example.gov:99999/x", "https://cases.example.gov:0/x", "https://cases.example.gov:port/x",
     "https://[::1/x", "https://a..b.example.gov/", f"https://{'a' * 64}.example.gov/", "https://cases/x",
     "https://localhost:8443/", "https://db.internal/", "https://printer.local/", "https://127.1/", "https://0x7f.1/",
     "https://2130706433/", "https://@cases.example.gov/", "https:///x", "https://cases.example.gov/\r\nHost: x",
     "https://cäses.example.gov/", "https://cases.example.gov/é", "http://cases.example.gov/", "cases.example.gov"],
)  # fmt: skip
def test_td7_an_address_that_is_none_is_refused_with_words_and_kills_no_worker(receiver: Receiver, url: str) -> None:
    with pytest.raises(ValueError, match="webhook that can be reached: it"):
        webhook.normalise(url)
    with pytest.raises(ForbiddenAddressError):
        destination_of(url)
    with pytest.raises(PermanentFailureError):
        send(receiver, url, Network(receiver.tls, resolve=lambda *_: ["93.184.215.14"]))


@pytest.mark.parametrize("url", ["https://cases.da.example.gov/alerts", "https://x.example.gov:8443/a?b=c%20d"])
def test_a_plain_public_address_is_taken(url: str) -> None:
    assert webhook.normalise(url) == url


def test_a_name_is_resolved_once_so_it_cannot_lead_elsewhere_a_moment_later(receiver: Receiver):
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    network = replace(receiver.network, resolve=resolve)
    send(receiver, network=network)
    assert asked == ["cases.da.example.gov"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://a:b@example.com/x",
        "http://example.com/",
    ],
)
def test_an_address_that_is_written_inside_is_refused(receiver: Receiver, url: str):
    with pytest.raises(PermanentFailureError):
        send(receiver, url, Network(receiver.tls, resolve=resolve))


def test_only_the_offices_own_webhooks_are_taken_at_save():
    office = an_office()
    recipient = Recipient({"webhook": office.webhooks[0]})
    assert "its webhooks" in str(webhook.refusal("https://evil.example.com/", recipient, office))
    assert webhook.refusal(office.webhooks[0], recipient, office) is None
