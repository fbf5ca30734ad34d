"""AWS in this process: moto, without what it does anew for every test and every value."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import boto3
import moto.core.models
from moto import mock_aws
from moto.core.serialize import BaseJSONSerializer

# boto3 alone is asked here: the seven hundred patterns with which moto listens to `requests` would never be met.
moto.core.models.RESPONSES_METHODS.clear()


def in_process() -> AbstractContextManager[object]:
    return mock_aws(config={"core": {"mock_credentials": False, "reset_boto3_session": False}})


@cache
def session() -> boto3.Session:
    """With one client of each kind for all tests of this process: they keep nothing but where to ask, and as whom."""
    one = boto3.Session()
    one.client = cache(one.client)  # type: ignore[method-assign]
    return one


_any_structure = BaseJSONSerializer._serialize_type_structure


def _structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """A value of DynamoDB has one of ten types. moto looks for each of them under every name that an attribute of a
    Python object could have, which is half of what a test costs; what is a dict already is the answer."""
    if shape.name == "AttributeValue" and isinstance(value, dict) and key and "B" not in value:
        self._default_serialize(serialized, value, shape, key)
    else:
        _any_structure(self, serialized, value, shape, key)


BaseJSONSerializer._serialize_type_structure = _structure  # type: ignore[method-assign]
