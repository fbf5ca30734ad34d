"""Cognito's log delivery: the emulator's user pools keep no log of sign-ins, so there is nothing to deliver.

The type is made known, so that the stack deploys; its `LogConfigurations` stay on the list of what is ignored.
"""

from typing import Any

from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
RESOURCE_TYPE = "AWS::Cognito::LogDeliveryConfiguration"


def install() -> None:
    provisioners._RESOURCE_HANDLERS[RESOURCE_TYPE] = {"create": created, "update": updated, "delete": deleted}


def created(_logical_id: str, properties: Properties, *_rest: Any) -> tuple[str, Properties]:
    pool = properties["UserPoolId"]
    return pool, {"Id": pool}


def updated(physical_id: str, _old: Properties, _new: Properties, *_rest: Any) -> tuple[str, Properties]:
    return physical_id, {"Id": physical_id}


def deleted(_physical_id: str, _properties: Properties) -> None:
    """Nothing was made."""
