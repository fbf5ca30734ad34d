"""Mail and SMS: what became of a mail is published, and every message can be read back.

MiniStack records a configuration set's event destinations and never uses them. A mail here is sent and delivered at
once; the addresses of SES's mailbox simulator bounce and complain (`bounce@simulator.amazonses.com`, also
`bounce+anything@`). The inbox shows what a request said besides its text: configuration set, tags and headers.
Mails and SMS to the subscribers of a topic are only logged by MiniStack; here they reach the same inboxes.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from ministack import app
from ministack.core.responses import get_account_id, get_region
from ministack.services import ses, ses_v2, sns

SEND_EMAIL = "/outbound-emails"
INBOX = "/_ministack/ses/messages"

Record = dict[str, Any]


def install() -> None:
    publish_events_of_every_mail()
    app._handle_ses_messages_request = inbox
    deliver_to_subscribers()


def publish_events_of_every_mail() -> None:
    handle = ses_v2.handle_request

    async def handled(method: str, path: str, headers: Any, body: bytes, query_params: Any) -> Any:
        response = await handle(method, path, headers, body, query_params)
        if method == "POST" and path.endswith(SEND_EMAIL) and response[0] == 200:
            publish_events(json.loads(body), json.loads(response[2])["MessageId"])
        return response

    ses_v2.handle_request = handled


async def inbox(method: str, path: str, headers: Any, query_params: Any) -> tuple[int, dict[str, str], bytes] | None:
    if method != "GET" or path != INBOX:
        return None
    sent = [record for records in ses._sent_emails.to_dict().values() for record in records]
    return 200, {"Content-Type": "application/json"}, json.dumps(sent).encode()


def publish_events(request: Record, message_id: str) -> None:
    record = next(sent for sent in reversed(ses._sent_emails_list()) if sent["MessageId"] == message_id)
    record["ConfigurationSetName"] = request.get("ConfigurationSetName", "")
    record["EmailTags"] = {tag["Name"]: tag["Value"] for tag in request.get("EmailTags", [])}
    record["Headers"] = {h["Name"]: h["Value"] for h in request["Content"].get("Simple", {}).get("Headers", [])}
    configuration = ses_v2._config_sets.get(record["ConfigurationSetName"], {})
    for event in events_of(record):
        for destination in configuration.get("EventDestinations", {}).values():
            if event["eventType"].upper() in destination["MatchingEventTypes"] and destination["Enabled"]:
                ses._publish_notification(destination["SnsDestination"]["TopicArn"], event)


def events_of(record: Record) -> Iterator[Record]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    recipients = [parseaddr(to)[1] for to in record["To"] + record["CC"] + record["BCC"]]
    mail = {
        "timestamp": now,
        "source": record["Source"],
        "sendingAccountId": get_account_id(),
        "sourceArn": f"arn:aws:ses:{get_region()}:{get_account_id()}:identity/{parseaddr(record['Source'])[1]}",
        "messageId": record["MessageId"],
        "destination": recipients,
        "commonHeaders": {"from": [record["Source"]], "to": recipients, "subject": record["Subject"]},
        "tags": {name: [value] for name, value in record["EmailTags"].items()}
        | {"ses:configuration-set": [record["ConfigurationSetName"]]},
    }
    yield {"eventType": "Send", "mail": mail, "send": {}}
    for recipient in recipients:
        for kind, subtype in outcomes_for(recipient):
            yield {"eventType": kind, "mail": mail, **ses._notification_detail(kind, recipient, now, subtype)}


def outcomes_for(recipient: str) -> Any:
    local, _, domain = recipient.lower().partition("@")
    outcomes = ses._SIMULATOR_OUTCOMES if domain == ses._SIMULATOR_DOMAIN else {}
    return outcomes.get(local.split("+")[0], (("Delivery", None),))


def deliver_to_subscribers() -> None:
    fan_out = sns._fanout

    def fanned_out(topic: str, message_id: str, message: str, subject: str, *rest: Any, **options: Any) -> None:
        fan_out(topic, message_id, message, subject, *rest, **options)
        for subscription in sns._topic_by_arn_any_scope(topic)["subscriptions"]:
            receive(subscription, {"TopicArn": topic, "MessageId": message_id, "Subject": subject}, message)

    sns._fanout = fanned_out


def receive(subscription: Record, envelope: Record, message: str) -> None:
    """Nobody is here to confirm a subscription by mail, so an unconfirmed address receives as well."""
    endpoint = subscription["endpoint"]
    if subscription["protocol"] == "sms":
        text = {"PhoneNumber": endpoint, "Message": message, "MessageAttributes": {}}
        sns._sms_log_for(endpoint).append(envelope | text)
    if subscription["protocol"] == "email":
        mail = {"Source": "no-reply@sns.amazonaws.com", "To": [endpoint], "CC": [], "BCC": [], "BodyText": message}
        ses._sent_emails_list().append(envelope | mail | {"BodyHtml": "", "Timestamp": time.time(), "Type": "sns"})
