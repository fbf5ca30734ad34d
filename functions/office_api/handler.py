"""Lambda function of the HTTP API."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.office_api.application import answer_request


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return answer_request(event, context)
