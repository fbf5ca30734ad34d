"""Asks the function that alone opens juveniles' records (`answer.py`)."""

import json
from collections.abc import Callable
from typing import Any

from shared.arrests.juveniles.answer import JuvenileAnswer, JuvenileQuestion
from shared.errors import TryLater

Ask = Callable[[JuvenileQuestion], JuvenileAnswer]


def asker(client: Any, function_arn: str) -> Ask:
    """`client` is boto3's for Lambda. Returns a function that raises TryLater when there is no answer."""

    def ask(question: JuvenileQuestion) -> JuvenileAnswer:
        answered = client.invoke(FunctionName=function_arn, Payload=question.model_dump_json().encode())
        payload = answered["Payload"].read()
        if "FunctionError" in answered:
            raise TryLater("the function that opens records of juveniles has failed")
        return JuvenileAnswer.model_validate(json.loads(payload))

    return ask
