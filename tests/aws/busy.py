"""A service of AWS that refuses requests, for tests: what botocore raises of it is what it raises of AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError


def an_error(code: str, *reasons: str, status: int = 400) -> ClientError:
    return ClientError(an_answer(code, *reasons, status=status), "AnyOperation")


def an_answer(code: str, *reasons: str, status: int = 400) -> Any:
    answer = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return answer | ({"CancellationReasons": [{"Code": reason} for reason in reasons]} if reasons else {})


@contextmanager
def refusing(client: Any, event: str, *answers: Any) -> Iterator[list[Any]]:
    """Answers the first requests of `event`, such as `dynamodb.PutItem`, with these errors; None lets one pass. The
    following ones are carried out. Yields those that are left."""
    with answering(client, event, *answers, status=400) as left:
        yield left


@contextmanager
def answering(client: Any, event: str, *answers: Any, status: int = 200) -> Iterator[list[Any]]:
    """As `refusing`, with answers that are no errors."""
    left = list(answers)

    def refuse(**_: Any) -> Any:
        answer = left.pop(0) if left else None
        return answer and (SimpleNamespace(status_code=status), answer)

    client.meta.events.register_first(f"before-call.{event}", refuse)
    try:
        yield left
    finally:
        client.meta.events.unregister(f"before-call.{event}", refuse)
