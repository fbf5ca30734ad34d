import json
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.channels import webhook
from shared.channels.channel import PermanentFailureError, TemporaryFailureError
from shared.channels.dependencies import ChannelDeps
from shared.channels.network import Network, is_public, resolve
from shared.offices.recipient import Recipient
from tests.builders import an_office
from tests.channels.receiving import KEY, Receiver
from tests.channels.test_contract import MESSAGE

DELIVERY = f"{'0' * 32}-1-webhook"


def send(receiver: Receiver, url: str | None = None, network: Network | None = None) -> str:
    route = ChannelDeps("a@example.gov", "mail", "topic", lambda: KEY, 14, 20, network or receiver.network)
    return webhook.sender(route)(url or receiver.url, MESSAGE, DELIVERY)


def test_the_receiver_can_tell_that_it_is_ours_and_fresh(receiver: Receiver):
    send(receiver)
    [(headers, body)] = receiver.got
    secret, said = webhook.signing_secret(KEY, "kings", receiver.url), headers["x-arrest-alert-signature"]
    now = datetime.now(UTC)
    assert webhook.is_signed(secret, said, body, now)
    assert json.loads(body) == MESSAGE.ids | {"delivery": DELIVERY}
    assert headers["x-arrest-alert-delivery"] == DELIVERY
    assert not webhook.is_signed(secret, said, body + b" ", now)
    assert not webhook.is_signed(secret, said, body, now + timedelta(minutes=6))  # somebody sends it again later
    assert not webhook.is_signed(webhook.signing_secret(KEY, "queens", receiver.url), said, body, now)
    for forged in ("", "t=,v1=", "t=1", "v1=x", said.replace("t=", "t=9"), "t=²,v1=0"):
        assert not webhook.is_signed(secret, forged, body, now), forged


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
def test_no_address_inside_is_reached_whatever_the_name_says(receiver: Receiver, address: str):
    assert not is_public(address)
    for addresses in ([address], ["93.184.215.14", address]):  # also when only one of several lies inside
        inside = Network(receiver.tls, resolve=lambda *_, found=addresses: found)
        with pytest.raises(PermanentFailureError, match="not public"):
            send(receiver, network=inside)
    assert receiver.got == []


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
