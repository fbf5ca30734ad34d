"""Handshakes of providers are known by what the providers publish, and nothing that carries work is taken for one."""

import json

import pytest

from shared.aws.handshakes import HANDSHAKES, handshake_in

WORK = (
    json.dumps({"Records": [{"eventName": "ObjectCreated:Put"}]}),
    json.dumps({"eventType": "Delivery", "mail": {}}),
    json.dumps({"notification": {"messageId": "m"}, "delivery": {"providerResponse": "Message has been accepted"}}),
    json.dumps({"messageType": "DATA_MESSAGE", "logEvents": []}),
    json.dumps({"Type": "Notification", "Message": HANDSHAKES["ses-event-destination"].published}),
    json.dumps({"office_id": "kings", "alert_id": "a", "channel": "email"}),
    json.dumps([HANDSHAKES["s3-notification"].published]),
)


@pytest.mark.parametrize("name", sorted(HANDSHAKES))
def test_the_published_text_of_each_handshake_is_known_by_its_name(name: str) -> None:
    assert handshake_in(HANDSHAKES[name].published) == name
    assert handshake_in(HANDSHAKES[name].published + "\n") == name


@pytest.mark.parametrize("text", [*WORK, "", "{", "[" * 100_000, "null", "Successfully validated"])
def test_nothing_else_is_taken_for_a_handshake(text: str) -> None:
    assert handshake_in(text) is None
