"""Texts: what became of each is written to its log group, once the account's settings ask for that.

MiniStack knows no settings of texts. Here every text is delivered at once, except to AWS's number for testing failures.
"""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import cloudwatch_logs, sns

FAILS = "+14254147167"  # AWS End User Messaging, "Simulator phone numbers"

_attributes: Any = AccountRegionScopedDict()


def install() -> None:
    keep_attributes()
    report_every_text()


def keep_attributes() -> None:
    handle = sns.handle_request

    async def handled(method: str, path: str, headers: Any, body: bytes, query_params: Any) -> Any:
        request = sns.parse_qs(body.decode("utf-8", errors="replace"))
        if request.get("Action") != ["SetSMSAttributes"]:
            return await handle(method, path, headers, body, query_params)
        for number in range(1, len(request)):
            if name := request.get(f"attributes.entry.{number}.key"):
                _attributes[name[0]] = request.get(f"attributes.entry.{number}.value", [""])[0]
        return sns._xml(200, "SetSMSAttributesResponse", "<SetSMSAttributesResult/>")

    sns.handle_request = handled


def report_every_text() -> None:
    publish = sns._publish

    def published(params: Any) -> Any:
        answer, number = publish(params), sns._p(params, "PhoneNumber")
        if number and _attributes.get("DeliveryStatusIAMRole"):
            report(number, sns._sms_log_for(number)[-1]["MessageId"])
        return answer

    sns._publish = published


def report(number: str, message_id: str) -> None:
    failed = number == FAILS
    line = {
        "notification": {"messageId": message_id, "timestamp": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3]},
        "delivery": {
            "numberOfMessageParts": 1, "destination": number, "priceInUSD": 0.00645, "smsType": "Transactional",
            "providerResponse": "Phone is currently unreachable/unavailable" if failed else
            "Message has been accepted by phone carrier", "dwellTimeMs": 1,
        },
        "status": "FAILURE" if failed else "SUCCESS",
    }  # fmt: skip
    group = f"sns/{get_region()}/{get_account_id()}/DirectPublishToPhoneNumber{'/Failure' if failed else ''}"
    log_stream = {"logGroupName": group, "logStreamName": uuid.uuid4().hex}
    cloudwatch_logs._create_log_stream(log_stream)
    log_event = {"timestamp": int(time.time() * 1000), "message": json.dumps(line)}
    cloudwatch_logs._put_log_events(log_stream | {"logEvents": [log_event]})
