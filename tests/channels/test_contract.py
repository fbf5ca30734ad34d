"""What every channel must do. A new channel adds its line to EXAMPLES and is held to all of it."""

import json
from dataclasses import dataclass, replace

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from shared.channels import CHANNELS
from shared.channels.channel import Message, PermanentFailureError, TemporaryFailureError
from shared.channels.dependencies import ONE_ATTEMPT, ChannelDeps
from shared.channels.provider_errors import translated_errors
from shared.offices.recipient import Recipient
from tests.builders import an_office
from tests.conftest import REGION


@dataclass(frozen=True)
class Example:
    good: dict[str, str]  # a recipient that the office of the builders may write to on this channel
    bad: str  # an address that it may not


EXAMPLES = {
    "email": Example(good={"email": "ada@da.example.gov"}, bad="ada@press.example.com"),
    "sms": Example(good={"email": "ada@da.example.gov", "sms": "+12125550100"}, bad="555-0100"),
    "topic": Example(good={"topic": "cases"}, bad="someone-elses"),
    "webhook": Example(good={"webhook": "https://cases.da.example.gov/alerts"}, bad="http://169.254.169.254/latest"),
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
every_channel = pytest.mark.parametrize("name", sorted(CHANNELS))


@pytest.fixture
def route(aws, receiver):
    boto3.client("sesv2").create_email_identity(EmailIdentity="alerts@example.gov")
    topic = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
    return ChannelDeps(sender="alerts@example.gov", configuration_set="mail", alerts_topic=topic, **receiver.route)


def test_every_channel_has_an_example():
    assert set(EXAMPLES) == set(CHANNELS)


@every_channel
def test_an_address_of_the_office_is_taken_and_any_other_refused_with_a_reason(name):
    good = Recipient(EXAMPLES[name].good)
    assert CHANNELS[name].refusal(good.root[name], good, an_office()) is None
    for wrong in (EXAMPLES[name].bad, "", "nonsense", "a@da.example.gov\nBcc: x@example.com"):
        bad = Recipient(EXAMPLES[name].good | {name: wrong})
        assert CHANNELS[name].refusal(wrong, bad, an_office()), wrong


@every_channel
def test_sending_whatever_kind_of_message_answers_with_the_providers_id(name, route):
    send = CHANNELS[name].sender(route)
    said = [send(EXAMPLES[name].good[name], one, f"{'0' * 32}-{n}-{name}") for n, one in enumerate(KINDS.values())]
    assert len({*said}) == len(KINDS)


def test_a_mail_carries_its_delivery_as_a_tag_and_both_wordings(route):
    sent = []
    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)
    )
    email = CHANNELS["email"].sender(route)
    email("ada@da.example.gov", MESSAGE, "delivery-1")
    [params] = sent
    assert params["EmailTags"] == [{"Name": "delivery", "Value": "delivery-1"}]
    assert params["ConfigurationSetName"] == "mail"
    assert set(params["Content"]["Simple"]["Body"]) == {"Text", "Html"}
    assert ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_message_count == 1


def test_a_mail_carries_the_headers_that_a_digest_asks_for(route):
    sent = []
    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)
    )
    digest = replace(MESSAGE, headers={"List-Unsubscribe": "<https://console.example/x>"})
    CHANNELS["email"].sender(route)("ada@da.example.gov", digest, "delivery-1")
    headers = sent[0]["Content"]["Simple"]["Headers"]
    assert headers == [{"Name": "List-Unsubscribe", "Value": "<https://console.example/x>"}]


@every_channel
def test_nothing_is_made_before_the_first_message_goes_out(name, route):
    CHANNELS[name].sender(route)
    assert not {"ses", "sns", "network"} & set(vars(route))


def test_a_text_is_the_short_wording_and_nothing_else(route):
    CHANNELS["sms"].sender(route)("+12125550100", MESSAGE, "delivery-1")
    [(number, text, *_)] = sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages.values()
    assert (number, text) == ("+12125550100", MESSAGE.short)


def test_the_topic_gets_ids_only(route):
    CHANNELS["topic"].sender(route)("cases", MESSAGE, "delivery-1")
    topic = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[route.alerts_topic]
    [(_, body, *_)] = topic.sent_notifications
    assert set(json.loads(body)) == {"alert", "number", "office", "delivery"}


def test_no_channel_lets_the_sdk_repeat_a_sending():
    assert vars(ONE_ATTEMPT)["retries"]["total_max_attempts"] == 1


@pytest.mark.parametrize(
    ("code", "means"),
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
def test_what_a_providers_answer_means_is_a_table(code, means):
    with pytest.raises(means), translated_errors():
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "Send")


@pytest.mark.parametrize(
    "lost",
    [
        ClientError({"Error": {"Code": "InternalFailure", "Message": ""}}, "Send"),
        ReadTimeoutError(endpoint_url="https://example.gov"),
    ],
)
def test_an_answer_that_leaves_the_question_open_is_neither_sent_nor_refused(lost):
    with pytest.raises(type(lost)), translated_errors():
        raise lost
