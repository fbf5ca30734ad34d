"""What every channel must say and do.

A new channel is a module in `shared/channels/`, its line in `CHANNELS`, and its line in `EXAMPLES` here. A failing test
names what is missing, what to write, and where.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from shared import channels
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.follow_up.record_event import record_event
from shared.channels import CHANNELS
from shared.channels.channel import (
    Channel,
    Content,
    Message,
    PermanentFailureError,
    ProviderEvents,
    TemporaryFailureError,
    may_be_repeated,
)
from shared.channels.dependencies import ONE_ATTEMPT, ChannelDeps
from shared.channels.provider_errors import translated_errors
from shared.offices.recipient import Recipient
from tests.builders import NOW, an_office
from tests.channels.receiving import Receiver
from tests.conftest import Tables
from tests.infra.grants import GRANTED

Document = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """`good`: a recipient whom the office of `tests/builders.py` may write to on this channel. `malformed`: no address
    at all. `stranger`: a recipient whose address is well formed and not of this office. `event`: what the provider
    reports when it has delivered, of a delivery id and the provider's own id; None if it reports nothing."""

    good: dict[str, str]
    malformed: str
    stranger: dict[str, str]
    event: Callable[[str, str], Document] | None = None


def mail_event(delivery_id: str, provider_id: str) -> Document:
    return {"eventType": "Delivery", "mail": {"messageId": provider_id, "tags": {"delivery": [delivery_id]}}}


def text_event(delivery_id: str, provider_id: str) -> Document:
    return {
        "notification": {"messageId": provider_id, "timestamp": NOW.isoformat()},
        "delivery": {"destination": "+12125550100", "providerResponse": ""},
        "status": "SUCCESS",
    }


EXAMPLES = {
    "email": Example(
        good={"email": "ada@da.example.gov"},
        malformed="ada at da.example.gov",
        stranger={"email": "ada@press.example.com"},
        event=mail_event,
    ),
    "sms": Example(
        good={"email": "ada@da.example.gov", "sms": "+12125550100"},
        malformed="555-0100",
        stranger={"sms": "+12125550100"},  # whose it is, only the e-mail address beside it says
        event=text_event,
    ),
    "topic": Example(good={"topic": "cases"}, malformed="Cases!", stranger={"topic": "someone-elses"}),
    "webhook": Example(
        good={"webhook": "https://cases.da.example.gov/alerts"},
        malformed="http://169.254.169.254/latest",
        stranger={"webhook": "https://evil.example.com/"},
    ),
}
WHAT_TO_WRITE = {
    "CONTENT": "which wording travels, and so whether it may carry details: a member of `Content`",
    "EVENTS": "whether the provider reports later, and by which id: a member of `ProviderEvents`",
    "RECEIVER_DEDUPLICATES": "whether the receiver ignores a second message with the same delivery id: True or False",
    "CAN_STAND_BY": "whether it may wait until the mail beside it fails: True or False",
    "NOUN": "what a page calls a message on this channel",
    "ADDRESS_FORM": "the form of an address: a compiled pattern",
    "IAM_ACTION": "what sending needs in IAM, such as ses:SendEmail; empty for nothing",
    "normalise": "how an address is stored, ValueError for one that reaches nobody: def normalise(address)",
    "refusal": "the office's allow-list for it: def refusal(address, recipient, office)",
    "messages_a_second": "its rate limit, None for no limit: def messages_a_second(deps)",
    "sender": "how it sends: def sender(deps)",
    "unsuppress_at_provider": "how an address leaves the provider's suppression list: def unsuppress_at_provider(a)",
}
LINK = "https://console.example.gov/a/0"
MESSAGE = Message(
    subject="Arrest alert 00000-00000", short=f"Arrest alert 00000-00000: sign in to read it. {LINK}", text="the text",
    html="<p>the text</p>", ids={"alert": "0" * 32, "number": "00000-00000", "office": "kings"},
)  # fmt: skip
KINDS = {
    "alert": MESSAGE,
    "withdrawn alert": replace(MESSAGE, ids=MESSAGE.ids | {"withdrawn": "yes"}),
    "digest": replace(MESSAGE, ids={"digest": "0" * 32, "office": "kings"}),
    "notice": replace(MESSAGE, ids={"notice": "0" * 32, "office": "kings"}),
}
WORDED = replace(
    MESSAGE, subject="in the subject", short="in the short text", text="in the text", html="<p>in HTML</p>"
)
WORDINGS = {"subject": WORDED.subject, "short": WORDED.short, "text": WORDED.text, "html": WORDED.html}
CARRIED: dict[Content, set[str]] = {
    Content.PAGE: {"subject", "text", "html"},
    Content.SHORT: {"short"},
    Content.IDS: set(),
}
every_channel = pytest.mark.parametrize("name", sorted(CHANNELS))


@pytest.fixture
def deps(aws: None, receiver: Receiver) -> ChannelDeps:
    boto3.client("sesv2").create_email_identity(EmailIdentity="alerts@example.gov")
    topic = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
    return ChannelDeps(sender="alerts@example.gov", configuration_set="mail", alerts_topic=topic, **receiver.route)


@dataclass
class Wire:
    """What a channel handed out: the calls of AWS by IAM action, and the bodies that a webhook's receiver got."""

    receiver: Receiver
    calls: list[tuple[str, Document]]

    @property
    def text(self) -> str:
        bodies = [[headers, body.decode()] for headers, body in self.receiver.got]
        return json.dumps([self.calls, bodies], ensure_ascii=False, default=str)


@pytest.fixture
def wire(deps: ChannelDeps, receiver: Receiver) -> Iterator[Wire]:
    calls: list[tuple[str, Document]] = []

    def note(params: Document, model: Any, **_: object) -> None:
        calls.append((f"{model.service_model.signing_name}:{model.name}", params))

    boto3.setup_default_session()
    events: Any = boto3.DEFAULT_SESSION.events
    events.register("provide-client-params.*.*", note)
    yield Wire(receiver, calls)
    events.unregister("provide-client-params.*.*", note)


def say_what_to_write(name: str) -> str:
    return f"write in shared/channels/{name}.py"


def test_every_channel_has_an_example():
    missing = set(CHANNELS) - set(EXAMPLES)
    assert not missing, f"write a line for {missing} in EXAMPLES of tests/channels/test_contract.py"
    assert set(EXAMPLES) <= set(CHANNELS), "write its line in CHANNELS of shared/channels/__init__.py"


def test_every_module_that_sends_is_a_channel():
    folder = Path(channels.__file__).parent
    sending = {path.stem for path in folder.glob("*.py") if "\ndef sender(" in path.read_text(encoding="utf-8")}
    assert sending == set(CHANNELS), "write the line of the module in CHANNELS of shared/channels/__init__.py"


def test_the_contract_is_described_as_a_whole():
    members = {name for name in vars(Channel) if not name.startswith("_")}
    assert set(WHAT_TO_WRITE) == members


@every_channel
def test_a_channel_says_everything_that_the_contract_asks_for(name: str):
    missing = {word: text for word, text in WHAT_TO_WRITE.items() if not hasattr(CHANNELS[name], word)}
    assert missing == {}, say_what_to_write(name)
    channel = CHANNELS[name]
    assert isinstance(channel.CONTENT, Content), f"{say_what_to_write(name)} CONTENT: {WHAT_TO_WRITE['CONTENT']}"
    assert isinstance(channel.EVENTS, ProviderEvents), f"{say_what_to_write(name)} EVENTS: {WHAT_TO_WRITE['EVENTS']}"


@every_channel
def test_the_page_about_channels_names_it(name: str):
    page = Path("shared/channels/README.md").read_text()
    assert f"| `{name}` |" in page, "write its line in the table of shared/channels/README.md"


@every_channel
def test_an_address_of_the_office_is_taken_and_any_other_refused_with_a_reason(name: str):
    channel, example, office = CHANNELS[name], EXAMPLES[name], an_office()
    good, stranger = Recipient(example.good), Recipient(example.stranger)
    assert channel.ADDRESS_FORM.fullmatch(good.root[name])
    assert channel.refusal(good.root[name], good, office) is None
    assert channel.ADDRESS_FORM.fullmatch(stranger.root[name]), "`stranger` is well formed: the allow-list refuses it"
    assert channel.refusal(stranger.root[name], stranger, office), (
        f"{say_what_to_write(name)} which addresses an office may write to: `refusal` asks the office's allow-list"
    )
    for malformed in (example.malformed, "", "non sense", "a@da.example.gov\nBcc: x@example.com"):
        assert not channel.ADDRESS_FORM.fullmatch(malformed), malformed
        assert channel.refusal(malformed, Recipient(example.good | {name: malformed}), office), malformed


@every_channel
def test_sending_whatever_kind_of_message_answers_with_the_providers_id(name: str, deps: ChannelDeps):
    send, address = CHANNELS[name].sender(deps), EXAMPLES[name].good[name]
    ids = [send(address, message, f"{'0' * 32}-{number}-{name}") for number, message in enumerate(KINDS.values())]
    assert len({*ids}) == len(KINDS)


@every_channel
def test_a_channel_carries_the_wording_that_it_says_and_no_other(name: str, deps: ChannelDeps, wire: Wire):
    CHANNELS[name].sender(deps)(EXAMPLES[name].good[name], WORDED, "delivery-1")
    carried = {wording for wording, text in WORDINGS.items() if text in wire.text}
    assert carried == CARRIED[CHANNELS[name].CONTENT], f"{say_what_to_write(name)} CONTENT as it is"


@every_channel
def test_a_message_that_may_be_repeated_carries_its_delivery_id(name: str, deps: ChannelDeps, wire: Wire):
    CHANNELS[name].sender(deps)(EXAMPLES[name].good[name], MESSAGE, "delivery-1")
    assert ("delivery-1" in wire.text) == may_be_repeated(CHANNELS[name]), (
        f"{say_what_to_write(name)} EVENTS and RECEIVER_DEDUPLICATES so that a repeated message can be recognised"
    )


@every_channel
def test_a_channel_calls_of_aws_what_it_says_and_its_sender_may(name: str, deps: ChannelDeps, wire: Wire):
    action = CHANNELS[name].IAM_ACTION
    CHANNELS[name].sender(deps)(EXAMPLES[name].good[name], MESSAGE, "delivery-1")
    assert {call for call, _ in wire.calls} == ({action} if action else set()), (
        f"{say_what_to_write(name)} IAM_ACTION as it is"
    )
    granted = {word for actions in GRANTED["send_alerts"].values() for word in actions.split()}
    assert not action or action.partition(":")[2] in granted, (
        f"grant {action} in `_sender_grants` of infra/capabilities/alert_delivery.py,"
        " and name it in GRANTED of tests/infra/grants.py"
    )


@every_channel
def test_a_rate_limit_is_a_number_of_messages_or_none(name: str, deps: ChannelDeps):
    assert CHANNELS[name].messages_a_second(deps) in (None, deps.mails_a_second, deps.texts_a_second), (
        f"{say_what_to_write(name)} messages_a_second: a setting of ChannelDeps, or None"
    )


@every_channel
def test_what_the_provider_reports_moves_the_delivery_that_it_names(name: str, tables: Tables):
    """A delivery of a channel without reports is settled when it is sent; one whose reports always come stays open."""
    channel, example, deliveries = CHANNELS[name], EXAMPLES[name], tables.alerts.deliveries
    delivery = Delivery(
        alert_id="0" * 32, office_id="kings", revision=1, channel=name, address=example.good[name], queued_at=NOW
    )
    deliveries.open(delivery)
    deliveries.mark_sent(delivery, "p-1", NOW)
    stays_open = [*deliveries.due(NOW + timedelta(hours=73))] != []
    assert stays_open == (channel.EVENTS is ProviderEvents.BY_DELIVERY_ID)
    assert (example.event is None) == (channel.EVENTS is ProviderEvents.NONE), (
        "give an `event` in EXAMPLES exactly if the provider reports"
    )
    if example.event:
        event = example.event(delivery.delivery_id, "p-1")
        state = record_event(event, ProviderEventDeps(tables.alerts, tables.offices), NOW)
        assert state is DeliveryState.DELIVERED, "teach shared/alerts/follow_up/record_event.py this kind of event"


def test_a_mail_carries_its_delivery_as_a_tag_both_wordings_and_its_headers(deps: ChannelDeps, wire: Wire):
    digest = replace(MESSAGE, headers={"List-Unsubscribe": "<https://console.example/x>"})
    CHANNELS["email"].sender(deps)("ada@da.example.gov", digest, "delivery-1")
    [(_, params)] = wire.calls
    assert params["EmailTags"] == [{"Name": "delivery", "Value": "delivery-1"}]
    assert params["ConfigurationSetName"] == "mail"
    content = params["Content"]["Simple"]
    assert set(content["Body"]) == {"Text", "Html"}
    assert content["Headers"] == [{"Name": "List-Unsubscribe", "Value": "<https://console.example/x>"}]


@every_channel
def test_nothing_is_made_before_the_first_message_goes_out(name: str, deps: ChannelDeps):
    CHANNELS[name].sender(deps)
    made = {"ses", "sns", "network"} & set(vars(deps))
    assert not made, (
        f"{name}: ask for {sorted(made)} inside the function that `sender` returns, when a message goes out"
    )


def test_a_text_is_the_short_wording_and_nothing_else(deps: ChannelDeps, wire: Wire):
    CHANNELS["sms"].sender(deps)("+12125550100", MESSAGE, "delivery-1")
    [(_, params)] = wire.calls
    assert (params["PhoneNumber"], params["Message"]) == ("+12125550100", MESSAGE.short)


def test_the_topic_gets_ids_only(deps: ChannelDeps, wire: Wire):
    CHANNELS["topic"].sender(deps)("cases", MESSAGE, "delivery-1")
    [(_, params)] = wire.calls
    assert json.loads(params["Message"]) == MESSAGE.ids | {"delivery": "delivery-1"}


def test_no_channel_lets_the_sdk_repeat_a_sending():
    assert vars(ONE_ATTEMPT)["retries"]["total_max_attempts"] == 1


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("TooManyRequestsException", TemporaryFailureError),
        ("AccessDenied", TemporaryFailureError),
        ("Throttling", TemporaryFailureError),
        ("MessageRejected", PermanentFailureError),
        ("OptedOut", PermanentFailureError),
        ("ThrottledException", TemporaryFailureError),  # SNS: more texts a second than the account may send
        ("LimitExceededException", TemporaryFailureError),  # the day's or month's quota is used up
        ("SendingPausedException", TemporaryFailureError),
        ("AccountSuspendedException", TemporaryFailureError),
        ("MailFromDomainNotVerifiedException", TemporaryFailureError),
        ("KMSThrottlingException", TemporaryFailureError),
        ("AuthorizationErrorException", TemporaryFailureError),
        ("ServiceUnavailable", TemporaryFailureError),
        ("BadRequestException", PermanentFailureError),
        ("NotFoundException", PermanentFailureError),
        ("InvalidParameterException", PermanentFailureError),
        ("EndpointDisabled", PermanentFailureError),
        ("ValidationError", PermanentFailureError),
    ],
)
def test_what_a_providers_answer_means_is_a_table(code: str, failure: type[Exception]):
    with pytest.raises(failure), translated_errors():
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "Send")


@pytest.mark.parametrize(
    "lost",
    [
        ClientError({"Error": {"Code": "InternalFailure", "Message": ""}}, "Send"),
        ReadTimeoutError(endpoint_url="https://example.gov"),
    ],
)
def test_an_answer_that_leaves_the_question_open_is_neither_sent_nor_refused(lost: Exception):
    with pytest.raises(type(lost)), translated_errors():
        raise lost
